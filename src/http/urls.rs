//! Addresses with the prefix of `PUBLIC_URL`: whatever stands in a page, a redirect or a mail is made here.

/// Makes addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urls {
    prefix: String,
    origin: String,
}

impl Urls {
    /// `prefix` is empty or `/chat`, `origin` is `https://example.org`.
    pub fn new(prefix: impl Into<String>, origin: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), origin: origin.into() }
    }

    /// The prefix: empty, or with a slash before and none behind. All routes are mounted below it.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The `Path` of cookies: those of a neighbour on the same host stay apart from ours.
    pub fn cookie_path(&self) -> &str {
        if self.prefix.is_empty() { "/" } else { &self.prefix }
    }

    /// `/login` as a browser must ask for it.
    pub fn path(&self, path: &str) -> String {
        debug_assert!(path.starts_with('/'), "{path} is not absolute");
        format!("{}{path}", self.prefix)
    }

    /// `/login` with scheme and host, for what leaves the browser: mails, the set-up link, OAuth.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{}", self.origin, self.path(path))
    }

    /// A path as it came in, without the prefix: `/chat/login` is `/login`. One outside the prefix stays.
    pub fn without_prefix<'a>(&self, path: &'a str) -> &'a str {
        match path.strip_prefix(&self.prefix) {
            Some("") => "/",
            Some(rest) if rest.starts_with('/') => rest,
            _ => path,
        }
    }
}

/// The `next` after signing in, if it is an address of ours: an absolute path on this host, perhaps with a query.
///
/// Against open redirects. Browsers read `\` as `/` and drop tabs and line breaks, so that `/\evil.example` and
/// `/<tab>/evil.example` are addresses of another host; none of these characters is needed in a path. The result goes
/// into `Location` as it is: it contains the prefix already.
pub fn safe_next(text: &str) -> Option<String> {
    let local = text.starts_with('/') && !text.starts_with("//");
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (local && plain && text.len() <= 2048).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_carry_the_prefix() {
        let urls = Urls::new("/chat", "https://example.org");
        assert_eq!(urls.path("/login"), "/chat/login");
        assert_eq!(urls.absolute("/setup?token=x"), "https://example.org/chat/setup?token=x");
        assert_eq!(urls.cookie_path(), "/chat");
        for (path, rest) in [("/chat", "/"), ("/chat/", "/"), ("/chat/a", "/a"), ("/chatter", "/chatter"), ("/a", "/a")]
        {
            assert_eq!(urls.without_prefix(path), rest);
        }
        let urls = Urls::new("", "http://localhost:8080");
        assert_eq!((urls.path("/login").as_str(), urls.cookie_path()), ("/login", "/"));
        assert_eq!(urls.without_prefix("/a"), "/a");
    }

    #[test]
    fn only_local_paths_follow_a_sign_in() {
        for good in ["/", "/conversations/1?q=a%20b#x", "/chat/files/a//b"] {
            assert_eq!(safe_next(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "conversations",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/a b",
            "/a\r\nSet-Cookie: x=y",
            "https://evil.example",
            "javascript:alert(1)",
            " /a",
            "/a\u{e9}",
            "/a\0",
            &format!("/{}", "x".repeat(2048)),
        ] {
            assert_eq!(safe_next(bad), None, "{bad:?}");
        }
    }
}
