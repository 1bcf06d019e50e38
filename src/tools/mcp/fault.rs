//! What may go wrong between us and a server, told apart by what it means for the call.

use super::words;

/// The most characters of a server's words in a fault.
const MAX_WORDS: usize = 500;

/// Why a list or a call has no answer. The words are English, clean and bounded, fit for the model and for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It surely never left: no server, no connection, no permission to try now. The call had no effect.
    #[error("{0}")]
    NotSent(String),
    /// Its bytes may have left and no answer came: nobody knows what the server did. It is not sent again.
    #[error("{0}")]
    Unknown(String),
    /// The server answered that it will not or cannot: an error of the protocol, an unreadable answer.
    #[error("{0}")]
    Refused(String),
    /// The server asks who is there. The address, where it gave one, tells where to learn how to authorise.
    #[error("The server asks for an authorisation.")]
    NeedsAuthorisation {
        /// The `resource_metadata` of its challenge.
        metadata: Option<String>,
        /// The whole challenge, bounded, for whoever does the authorisation.
        challenge: String,
    },
}

impl Fault {
    /// Whether the call may have had an effect.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// For what has no effect anywhere, such as a list: nothing is unknown of it.
    pub(super) fn without_effect(self) -> Self {
        match self {
            Self::Unknown(words) => Self::NotSent(words),
            other => other,
        }
    }

    /// For a call whose connection did not come about: whatever went wrong, the call never left.
    pub(super) fn unsent(self) -> Self {
        match self {
            Self::Unknown(words) | Self::Refused(words) => Self::NotSent(words),
            other => other,
        }
    }

    /// By a challenge of HTTP.
    pub(super) fn of_challenge(challenge: &str) -> Self {
        let metadata = parameter(challenge, "resource_metadata");
        Self::NeedsAuthorisation {
            metadata: metadata.map(|address| words::bounded(&address, 2048)),
            challenge: words::bounded(challenge, 4096),
        }
    }

    /// What a server said, after our own words for it.
    pub(super) fn refused(ours: &str, theirs: &str) -> Self {
        Self::Refused(said(ours, theirs))
    }
}

/// Our words, then a server's, cleaned and bounded.
pub(super) fn said(ours: &str, theirs: &str) -> String {
    let theirs = words::bounded(&words::line(theirs), MAX_WORDS);
    if theirs.is_empty() { ours.to_owned() } else { format!("{ours} It says: {theirs}") }
}

/// A parameter of `WWW-Authenticate`: `name="value"` or `name=value`.
pub(super) fn parameter(challenge: &str, name: &str) -> Option<String> {
    let mut rest = challenge;
    loop {
        let at = rest.to_ascii_lowercase().find(name)?;
        let before = rest.get(..at)?.chars().next_back();
        let after = rest.get(at + name.len()..)?;
        let begins = before.is_none_or(|character| character == ' ' || character == ',' || character == '\t');
        if let (true, Some(value)) = (begins, after.trim_start().strip_prefix('=')) {
            let value = value.trim_start();
            return Some(match value.strip_prefix('"') {
                Some(value) => value.split('"').next()?.to_owned(),
                None => value.split([',', ' ']).next()?.to_owned(),
            });
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metadata_of_a_challenge_is_found() {
        let metadata = |challenge: &str| match Fault::of_challenge(challenge) {
            Fault::NeedsAuthorisation { metadata, .. } => metadata,
            other => panic!("{other:?}"),
        };
        let address = Some("https://a.example/x".to_owned());
        assert_eq!(metadata(r#"Bearer realm="x", resource_metadata="https://a.example/x""#), address);
        assert_eq!(metadata("Bearer Resource_Metadata=https://a.example/x, scope=y"), address);
        assert_eq!(metadata(r#"Bearer my_resource_metadata="no", resource_metadata="https://a.example/x""#), address);
        assert_eq!(metadata(r#"Bearer scope="resource_metadata""#), None);
        assert_eq!(metadata("Bearer"), None);
    }

    #[test]
    fn a_servers_words_are_clean_and_short() {
        let Fault::Refused(words) = Fault::refused("No.", &format!("a\u{202e}b\u{1b}[31mc\n{}", "x".repeat(9999)))
        else {
            panic!()
        };
        assert!(words.starts_with("No. It says: abc x") && words.chars().count() < 600, "{words}");
    }
}
