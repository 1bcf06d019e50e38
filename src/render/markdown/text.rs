//! Words, addresses and labels as they may stand in HTML.

use url::Url;

/// Labels match regardless of case and blank space.
pub(super) fn normalise(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The language of a code block, if it is a plain word.
pub(super) fn language(info: &str) -> Option<&str> {
    let word = info.split([' ', ',', '\t']).next()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+#._-".contains(&byte);
    ((1..=30).contains(&word.len()) && word.bytes().all(plain)).then_some(word)
}

/// Appends `text` with everything escaped as a browser would write it down again.
pub(super) fn escape(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '\u{a0}' => html.push_str("&nbsp;"),
            '\0' => html.push('\u{fffd}'),
            '\r' => {}
            other => html.push(other),
        }
    }
}

/// The attribute text of a link that may be followed, and the host it leads to.
pub(super) fn reference(destination: &str, mail: bool) -> Option<(String, Option<String>)> {
    let mut address = String::with_capacity(destination.len() + 8);
    if mail {
        address.push_str("mailto:");
    }
    for byte in destination.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$%&'()*+,-./:;=?@_~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    let url = Url::parse(&address).ok()?;
    if !matches!(url.scheme(), "http" | "https" | "mailto") {
        return None;
    }
    Some((address.replace('&', "&amp;"), url.host_str().map(str::to_owned)))
}
