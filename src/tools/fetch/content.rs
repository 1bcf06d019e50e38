//! What kind of thing came, and its text.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::tools::ToolError;

/// Where a page says its charset, if it does.
const HEAD: usize = 4096;

/// What can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page.
    Html,
    /// Text as it is: plain, JSON, XML, source.
    Text,
}

/// By what the server calls it. `None` where that says nothing.
///
/// # Errors
/// `tool_error` for what is called something that is not text.
pub fn declared(content_type: &str) -> Result<Option<Kind>, ToolError> {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (main, sub) = essence.split_once('/').unwrap_or((essence.as_str(), ""));
    match (main, sub) {
        ("", _) | ("application", "octet-stream") => Ok(None),
        ("text", "html") | ("application", "xhtml+xml") => Ok(Some(Kind::Html)),
        ("text", _) => Ok(Some(Kind::Text)),
        (
            "application",
            "json" | "ld+json" | "xml" | "javascript" | "yaml" | "x-yaml" | "toml" | "sql" | "x-ndjson",
        ) => Ok(Some(Kind::Text)),
        ("application", sub) if sub.ends_with("+json") || (sub.ends_with("+xml") && sub != "svg+xml") => {
            Ok(Some(Kind::Text))
        }
        ("application", "pdf") => Err(unsupported("a PDF")),
        ("image", _) => Err(unsupported("an image")),
        ("audio", _) => Err(unsupported("a sound")),
        ("video", _) => Err(unsupported("a video")),
        _ => Err(unsupported(&format!("of the type {}", super::markdown::one_line(&essence, 80)))),
    }
}

/// By what it is: whatever it is called, a PDF is none to be read.
///
/// # Errors
/// `tool_error` for what is not text.
pub fn found(declared: Option<Kind>, bytes: &[u8], content_type: &str) -> Result<Kind, ToolError> {
    let signs: [(&[u8], &str); 9] = [
        (b"%PDF-", "a PDF"),
        (b"\x89PNG\r\n", "an image"),
        (b"\xff\xd8\xff", "an image"),
        (b"GIF87a", "an image"),
        (b"GIF89a", "an image"),
        (b"PK\x03\x04", "an archive or a document of an office"),
        (b"\x1f\x8b", "an archive"),
        (b"\x7fELF", "a program"),
        (b"OggS", "a sound"),
    ];
    let image = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    if let Some((_, what)) = signs.iter().find(|(sign, _)| bytes.starts_with(sign)) {
        return Err(unsupported(what));
    }
    if image {
        return Err(unsupported("an image"));
    }
    let wide = [UTF_16LE, UTF_16BE].contains(&encoding(bytes, content_type));
    if !wide && bytes.iter().take(HEAD).any(|byte| *byte == 0) {
        return Err(unsupported("no text"));
    }
    let begins = bytes.trim_ascii_start();
    let page = |sign: &[u8]| begins.get(..sign.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(sign));
    Ok(declared.unwrap_or(if page(b"<!doctype html") || page(b"<html") { Kind::Html } else { Kind::Text }))
}

fn unsupported(what: &str) -> ToolError {
    ToolError::new("tool_error", format!("What is there is {what}, which is not supported: only pages and text are."))
}

/// The bytes as text, by the byte order mark, the server's word, the page's own, or else by trying.
pub fn text(bytes: &[u8], content_type: &str) -> String {
    // It looks at the byte order mark first.
    encoding(bytes, content_type).decode(bytes).0.into_owned()
}

fn encoding(bytes: &[u8], content_type: &str) -> &'static Encoding {
    if let Some((marked, _)) = Encoding::for_bom(bytes) {
        return marked;
    }
    let said = after_charset(content_type.as_bytes()).and_then(Encoding::for_label);
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    said.or_else(|| of_page(head)).unwrap_or_else(|| {
        // UTF-8 is not met by chance; what is not UTF-8 and says nothing is old and western more often than not.
        if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 }
    })
}

/// `<meta charset=…>` or `<meta http-equiv=… content="…; charset=…">`.
fn of_page(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.to_ascii_lowercase();
    let mut rest = head.as_slice();
    while let Some(at) = rest.windows(5).position(|window| window == b"<meta") {
        rest = rest.get(at + 5..)?;
        let tag = rest.split(|byte| *byte == b'>').next().unwrap_or_default();
        if let Some(found) = after_charset(tag).and_then(Encoding::for_label) {
            // A page that can be read up to here is not of two bytes a letter.
            return Some(if [UTF_16LE, UTF_16BE].contains(&found) { UTF_8 } else { found });
        }
    }
    None
}

/// The word after `charset=`.
fn after_charset(text: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"charset";
    let at = text.windows(NAME.len()).position(|window| window.eq_ignore_ascii_case(NAME))?;
    let rest = text.get(at + NAME.len()..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|byte| b"\"'; />".contains(byte)).unwrap_or(rest.len());
    rest.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_by_their_names() {
        for (name, kind) in [
            ("text/html; charset=utf-8", Some(Kind::Html)),
            ("TEXT/HTML", Some(Kind::Html)),
            ("application/xhtml+xml", Some(Kind::Html)),
            ("text/plain", Some(Kind::Text)),
            ("text/markdown;charset=utf-8", Some(Kind::Text)),
            ("application/json", Some(Kind::Text)),
            ("application/problem+json", Some(Kind::Text)),
            ("application/rss+xml", Some(Kind::Text)),
            ("application/octet-stream", None),
            ("", None),
        ] {
            assert_eq!(declared(name).unwrap(), kind, "{name}");
        }
        for (name, word) in [
            ("application/pdf", "a PDF"),
            ("image/png", "an image"),
            ("image/svg+xml", "an image"),
            ("video/mp4", "a video"),
            ("audio/ogg", "a sound"),
            ("application/zip", "application/zip"),
            ("nonsense", "nonsense"),
        ] {
            let error = declared(name).unwrap_err();
            assert_eq!(error.code, "tool_error");
            assert!(error.message.contains(word) && error.message.contains("not supported"), "{}", error.message);
        }
    }

    #[test]
    fn bytes_tell_what_names_hide() {
        for (bytes, word) in [
            (&b"%PDF-1.7\n"[..], "a PDF"),
            (b"\x89PNG\r\n\x1a\n", "an image"),
            (b"\xff\xd8\xff\xe0", "an image"),
            (b"GIF89a", "an image"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "an image"),
            (b"PK\x03\x04", "an archive"),
            (b"a\0b", "no text"),
        ] {
            let error = found(Some(Kind::Html), bytes, "text/html").unwrap_err();
            assert!(error.message.contains(word), "{}", error.message);
        }
        assert_eq!(found(None, b"\n<!DOCTYPE html><p>x", "").unwrap(), Kind::Html);
        assert_eq!(found(None, b"<HTML>", "").unwrap(), Kind::Html);
        assert_eq!(found(None, b"plain", "").unwrap(), Kind::Text);
        assert_eq!(found(Some(Kind::Text), b"<html>", "text/plain").unwrap(), Kind::Text);
        assert_eq!(found(None, b"\xff\xfea\0b\0", "").unwrap(), Kind::Text);
    }

    #[test]
    fn charsets_are_found_where_they_are_said() {
        for (bytes, content_type, read) in [
            (&b"caf\xe9"[..], "text/plain; charset=ISO-8859-1", "café"),
            (b"caf\xe9", "text/plain", "café"),
            ("café".as_bytes(), "text/plain", "café"),
            (b"\xcf\xf0\xe8\xe2\xe5\xf2", "text/html; charset=\"windows-1251\"", "Привет"),
            (b"<meta charset=shift_jis>\x93\xfa\x96\x7b", "text/html", "<meta charset=shift_jis>日本"),
            (
                b"<META http-equiv=Content-Type content='text/html; charset=koi8-r'>\xf0",
                "text/html",
                "<META http-equiv=Content-Type content='text/html; charset=koi8-r'>П",
            ),
            (b"\xff\xfea\0b\0", "text/plain; charset=latin1", "ab"),
            (b"\xef\xbb\xbfab", "text/plain; charset=latin1", "ab"),
            (b"<meta charset=utf-16>ab", "text/html", "<meta charset=utf-16>ab"),
            (b"a\xffb", "text/plain; charset=utf-8", "a\u{fffd}b"),
            (b"ab", "text/plain; charset=", "ab"),
        ] {
            assert_eq!(text(bytes, content_type), read);
        }
    }
}
