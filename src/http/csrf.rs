//! The token that proves that a form came from a page of ours. It lies in the session and in every form.
//!
//! It is the second of two walls against cross-site requests; [`super::origin`] is the first, and needs no session.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

use crate::error::{Code, Result};

/// The hidden field of every form.
pub const FIELD: &str = "csrf";

/// The header for scripts that call with the session's cookie.
pub const HEADER: &str = "X-CSRF-Token";

/// A token for a new session: 256 random bits, 43 characters.
pub fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Whether `given` is the session's token, in a time that does not tell how much of it is right. An empty token
/// matches nothing, not even itself.
pub fn matches(expected: &str, given: &str) -> bool {
    !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(given.as_bytes()))
}

/// Refuses with `csrf` unless `given` is the session's token.
pub fn check(expected: &str, given: Option<&str>) -> Result<()> {
    if matches(expected, given.unwrap_or_default()) { Ok(()) } else { Err(Code::Csrf.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_matches_only_itself() {
        let (token, other) = (new_token(), new_token());
        assert_eq!(token.len(), 43);
        assert!(matches(&token, &token));
        for wrong in [other.as_str(), "", &token[1..], &format!("{token}x")] {
            assert!(!matches(&token, wrong), "{wrong}");
        }
        assert!(!matches("", ""));
        assert!(check(&token, Some(&token)).is_ok());
        assert_eq!(check(&token, None).unwrap_err().code(), Some(Code::Csrf));
    }
}
