//! What goes wrong with model calls, read from whatever servers say about it.

mod wait;

use std::time::Duration;

use serde_json::Value;

pub use wait::{retry_after, wait};

/// The most characters of a provider's words that are kept.
const MAX_MESSAGE_CHARS: usize = 500;

/// What went wrong with a model call. Each kind is one code of the contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} from {provider}: {message}", kind.code())]
pub struct ProviderError {
    /// What kind of fault.
    pub kind: ProviderErrorKind,
    /// The provider's name.
    pub provider: &'static str,
    /// The provider's own words, bounded, for the log.
    pub message: String,
    /// How long the provider asks to wait.
    pub retry_after: Option<Duration>,
}

/// The kinds of fault of a model call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderErrorKind {
    /// The key was refused.
    Unauthorized,
    /// The account's balance is used up.
    Balance,
    /// Too many requests or tokens a minute.
    RateLimited,
    /// Cannot be reached, or answers 5xx.
    Unavailable,
    /// Says that it is overloaded.
    Overloaded,
    /// The conversation is longer than the model's window.
    ContextTooLong,
    /// An answer that makes no sense, or a request it refused as invalid.
    InvalidResponse,
    /// The reply was cut off in the middle.
    Interrupted,
}

impl ProviderErrorKind {
    /// The code of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unauthorized => "provider_unauthorized",
            Self::Balance => "provider_balance",
            Self::RateLimited => "provider_rate_limited",
            Self::Unavailable => "provider_unavailable",
            Self::Overloaded => "provider_overloaded",
            Self::ContextTooLong => "provider_context_too_long",
            Self::InvalidResponse => "provider_invalid_response",
            Self::Interrupted => "provider_interrupted",
        }
    }
}

impl ProviderError {
    /// A fault with the provider's words, bounded and with control characters escaped.
    pub fn new(kind: ProviderErrorKind, provider: &'static str, message: &str) -> Self {
        Self { kind, provider, message: bounded(message), retry_after: None }
    }

    /// Without a secret that a server may have repeated.
    pub fn without(mut self, secret: &str) -> Self {
        if !secret.is_empty() && self.message.contains(secret) {
            self.message = self.message.replace(secret, "***");
        }
        self
    }

    /// A fault of the connection. `received` says whether anything of the reply's body came: after that a retry
    /// is no longer free.
    pub fn of_connection(provider: &'static str, error: reqwest::Error, received: bool) -> Self {
        let kind = if received { ProviderErrorKind::Interrupted } else { ProviderErrorKind::Unavailable };
        // Without its address, which may carry credentials.
        let error = error.without_url();
        let (mut message, mut cause) = (error.to_string(), std::error::Error::source(&error));
        while let Some(error) = cause {
            message.push_str(": ");
            message.push_str(&error.to_string());
            cause = error.source();
        }
        Self::new(kind, provider, &message)
    }
}

impl ProviderErrorKind {
    /// What an HTTP status means where nothing more exact is known.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 | 403 => Self::Unauthorized,
            402 => Self::Balance,
            413 => Self::ContextTooLong,
            429 => Self::RateLimited,
            529 => Self::Overloaded,
            408 | 500..=599 => Self::Unavailable,
            _ => Self::InvalidResponse,
        }
    }
}

/// What the body of an error says, whatever its form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Words for the log; not bounded yet.
    pub message: String,
    /// The error's type or code, if it is a word.
    pub kind: Option<String>,
    /// The error's code, if it is a number.
    pub code: Option<u16>,
    /// The error's code, if it is a word and there is a type beside it.
    pub detail: Option<String>,
}

impl Told {
    /// Reads the body of an error: `{"error": {"message", "type", "code"}}`, `{"error": "…"}`, `{"detail": …}`,
    /// `{"message": …}`, a JSON string, HTML, or plain text. A body that says nothing gives the status.
    pub fn read(status: u16, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        // Some servers send their error as an event.
        let json = text.strip_prefix("data:").unwrap_or(text);
        let mut told = match serde_json::from_str::<Value>(json) {
            Ok(value) => Self::of_json(&value),
            Err(_) if text.starts_with('<') => Self { message: without_tags(text), ..Self::default() },
            Err(_) => Self { message: text.to_owned(), ..Self::default() },
        };
        if told.message.trim().is_empty() {
            told.message = format!("HTTP status {status}");
        }
        told
    }

    /// Reads an error that is JSON already.
    pub fn of_json(value: &Value) -> Self {
        if let Value::String(text) = value {
            return Self { message: text.clone(), ..Self::default() };
        }
        let error = value.get("error").filter(|error| !error.is_null());
        let inner = error.filter(|error| error.is_object()).unwrap_or(value);
        let word = |name: &str| inner.get(name).and_then(Value::as_str).filter(|word| *word != "error");
        let message = inner
            .get("message")
            .or_else(|| error.filter(|error| error.is_string()))
            .or_else(|| inner.get("detail"))
            .map(words_of)
            .filter(|message| !message.is_empty());
        // What a router's upstream said is more use than “Provider returned error”.
        let upstream = inner.pointer("/metadata/raw").map(words_of).filter(|raw| !raw.is_empty());
        let message = match (message, upstream) {
            (Some(message), Some(raw)) => format!("{message}: {raw}"),
            (message, upstream) => message.or(upstream).unwrap_or_else(|| value.to_string()),
        };
        let code = inner.get("code").and_then(|code| match code {
            Value::String(text) => text.parse().ok(),
            code => code.as_u64().and_then(|code| u16::try_from(code).ok()),
        });
        let kind = word("type").or_else(|| word("code")).map(str::to_owned);
        let detail = word("code").map(str::to_owned).filter(|detail| kind.as_ref() != Some(detail));
        Self { message, kind, code, detail }
    }

    /// Whether its type or its code is one of these words.
    pub fn is(&self, words: &[&str]) -> bool {
        [&self.kind, &self.detail].into_iter().flatten().any(|word| words.contains(&word.as_str()))
    }
}

/// Text as it is; a list of `{"msg": …}` (as FastAPI says what does not fit) joined; anything else as JSON.
fn words_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items
            .iter()
            .map(|item| item.get("msg").and_then(Value::as_str).map_or_else(|| item.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join("; "),
        other => other.to_string(),
    }
}

/// The text between the tags of an HTML page. Only for a log line; not a sanitiser.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        let shown = part.split_once('>').map_or(part, |(_, shown)| shown);
        text.push_str(shown);
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most [`MAX_MESSAGE_CHARS`] characters on one line; control and direction-changing characters escaped.
fn bounded(message: &str) -> String {
    let (mut text, mut count) = (String::new(), 0);
    for character in message.trim().chars() {
        let start = text.len();
        match character {
            '\n' | '\r' | '\t' => text.push(' '),
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                text.extend(character.escape_unicode());
            }
            character if character.is_control() => text.extend(character.escape_default()),
            character => text.push(character),
        }
        count += text.get(start..).map_or(0, |added| added.chars().count());
        if count >= MAX_MESSAGE_CHARS {
            text.push('…');
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_error_body_is_read() {
        let table: &[(&str, &str, Option<&str>, Option<u16>)] = &[
            (r#"{"type":"error","error":{"type":"a_error","message":"words"}}"#, "words", Some("a_error"), None),
            (r#"{"error":{"message":"words","type":null,"code":"too_long"}}"#, "words", Some("too_long"), None),
            (r#"{"error":{"message":"words","code":402}}"#, "words", None, Some(402)),
            (r#"{"error":{"message":"words","code":"429"}}"#, "words", Some("429"), Some(429)),
            (r#"{"error":"words"}"#, "words", None, None),
            (r#"{"detail":"words"}"#, "words", None, None),
            (r#"{"detail":[{"msg":"one","loc":[]},{"msg":"two"}]}"#, "one; two", None, None),
            (r#"{"object":"error","message":"words","type":"t"}"#, "words", Some("t"), None),
            (r#"{"error":{"message":"m","metadata":{"raw":"upstream"}}}"#, "m: upstream", None, None),
            (r#""words""#, "words", None, None),
            ("words", "words", None, None),
            ("data: {\"error\":\"words\"}\n\n", "words", None, None),
            ("<html><head><title>502 Bad</title></head><body><h1>Bad</h1></body>", "502 Bad Bad", None, None),
            ("", "HTTP status 500", None, None),
            (r#"{"odd":1}"#, r#"{"odd":1}"#, None, None),
        ];
        for (body, message, kind, code) in table {
            let told = Told::read(500, body.as_bytes());
            assert_eq!((told.message.as_str(), told.kind.as_deref(), told.code), (*message, *kind, *code), "{body}");
        }
    }

    #[test]
    fn messages_are_bounded_and_harmless() {
        let error = ProviderError::new(ProviderErrorKind::Unavailable, "x", "a\u{1b}[31m\nb\u{202e}\0");
        assert_eq!(error.message, "a\\u{1b}[31m b\\u{202e}\\u{0}");
        let long = ProviderError::new(ProviderErrorKind::Unavailable, "x", &"é\u{1}".repeat(4000));
        assert!(long.message.chars().count() < 520, "{}", long.message.chars().count());
        let told =
            ProviderError::new(ProviderErrorKind::Unauthorized, "x", "wrong key sk-secret!").without("sk-secret");
        assert_eq!(told.to_string(), "provider_unauthorized from x: wrong key ***!");
    }
}
