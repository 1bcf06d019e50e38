//! Sizes of files for people.

/// A size as people read it: `12 B`, `100 KB`, `3.75 MB`.
pub fn size_in_words(bytes: u64) -> String {
    if bytes < 1 << 10 {
        return format!("{bytes} B");
    }
    if bytes < 1 << 20 {
        return format!("{} KB", bytes >> 10);
    }
    let hundredths = bytes.saturating_mul(100) >> 20;
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    format!("{} MB", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_size_has_its_unit() {
        for (bytes, words) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1 << 10, "1 KB"),
            ((1 << 20) - 1, "1023 KB"),
            (15 << 18, "3.75 MB"),
            (10 << 20, "10 MB"),
            (1 << 30, "1024 MB"),
        ] {
            assert_eq!(size_in_words(bytes), words);
        }
        assert!(size_in_words(u64::MAX).ends_with(" MB"));
    }
}
