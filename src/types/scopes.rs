//! What an API token may be used for.

use std::{fmt, str::FromStr};

use super::TokenScope;

/// The scopes of a token: at least one, sorted, and never `tools` beside `decide`. An agent that may ask for tools must
/// not be able to say yes to itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Vec<TokenScope>);

/// These are no scopes of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoScopes;

impl fmt::Display for NoScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("at least one of chat, tools, decide and admin-read; tools and decide never together")
    }
}

impl std::error::Error for NoScopes {}

impl Scopes {
    /// These, if they may stand together.
    ///
    /// # Errors
    /// When there is none, or `tools` stands beside `decide`.
    pub fn new(scopes: impl IntoIterator<Item = TokenScope>) -> Result<Self, NoScopes> {
        let wanted: Vec<_> = scopes.into_iter().collect();
        let scopes: Vec<_> = TokenScope::ALL.iter().copied().filter(|scope| wanted.contains(scope)).collect();
        let both = scopes.contains(&TokenScope::Tools) && scopes.contains(&TokenScope::Decide);
        if scopes.is_empty() || both { Err(NoScopes) } else { Ok(Self(scopes)) }
    }

    /// Whether this one is among them.
    pub fn has(&self, scope: TokenScope) -> bool {
        self.0.contains(&scope)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = TokenScope> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

impl FromStr for Scopes {
    type Err = NoScopes;

    fn from_str(text: &str) -> Result<Self, NoScopes> {
        let scopes: Result<Vec<TokenScope>, _> = text.split_whitespace().map(str::parse).collect();
        Self::new(scopes.map_err(|_| NoScopes)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_stand_together() {
        for (text, written) in
            [("chat", "chat"), ("decide chat chat", "chat decide"), ("admin-read  tools chat", "chat tools admin-read")]
        {
            assert_eq!(text.parse::<Scopes>().unwrap().to_string(), written);
        }
        for wrong in ["", " ", "tools decide", "chat decide admin-read tools", "Chat", "chat,tools", "all"] {
            assert_eq!(wrong.parse::<Scopes>(), Err(NoScopes), "{wrong}");
        }
        assert!("chat".parse::<Scopes>().unwrap().has(TokenScope::Chat));
        assert!(!"chat".parse::<Scopes>().unwrap().has(TokenScope::Decide));
    }
}
