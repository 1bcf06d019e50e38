//! Errors of Ollama: `{"error": "words"}`, as the body of an answer or as a line of a reply.

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::NAME;
use crate::providers::{
    ProviderError, ProviderErrorKind,
    fault::{self, Told},
};

/// The error that an answer other than success stands for. It never fails: any body will do.
pub fn decode_error(status: u16, headers: &HeaderMap, body: &[u8]) -> ProviderError {
    let told = Told::read(status, body);
    let mut error = ProviderError::new(kind_of(&told.message, Some(status)), NAME, &told.message);
    error.retry_after = match error.kind {
        ProviderErrorKind::RateLimited => fault::wait(headers, &told.message),
        _ => fault::retry_after(headers),
    };
    error
}

/// The error of a line under HTTP 200.
pub(super) fn in_reply(line: &Value) -> ProviderError {
    let told = Told::of_json(line);
    ProviderError::new(kind_of(&told.message, told.code), NAME, &told.message)
}

fn kind_of(message: &str, status: Option<u16>) -> ProviderErrorKind {
    let message = message.to_ascii_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| message.contains(phrase));
    if says(&["context length", "context window", "context size", "prompt too long", "prompt is too long"]) {
        return ProviderErrorKind::ContextTooLong;
    }
    if says(&["server busy", "overloaded", "maximum pending requests"]) {
        return ProviderErrorKind::Overloaded;
    }
    if says(&["not found", "does not support", "try pulling it"]) {
        return ProviderErrorKind::InvalidResponse;
    }
    status.map_or(ProviderErrorKind::Unavailable, ProviderErrorKind::of_status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProviderErrorKind::*;

    #[test]
    fn each_refusal_has_its_kind() {
        let table = [
            (404, r#"{"error":"model 'nope' not found"}"#, InvalidResponse),
            (400, r#"{"error":"registry.ollama.ai/library/x does not support tools"}"#, InvalidResponse),
            (400, r#"{"error":"the input length exceeds the context length"}"#, ContextTooLong),
            (503, r#"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#, Overloaded),
            (500, r#"{"error":"model requires more system memory (8 GiB) than is available"}"#, Unavailable),
            (500, r#"{"error":"llama runner process has terminated"}"#, Unavailable),
            (401, r#"{"error":"unauthorized"}"#, Unauthorized),
            (429, r#"{"error":"too many requests"}"#, RateLimited),
            (502, "<html>Bad Gateway</html>", Unavailable),
            (400, r#"{"error":"invalid role"}"#, InvalidResponse),
        ];
        for (status, body, kind) in table {
            assert_eq!(decode_error(status, &HeaderMap::new(), body.as_bytes()).kind, kind, "{status} {body}");
        }
        let kind = |text: &str| in_reply(&serde_json::from_str(text).unwrap()).kind;
        assert_eq!(kind(r#"{"error":"an error was encountered while running the model"}"#), Unavailable);
        assert_eq!(kind(r#"{"error":"prompt too long; exceeded max context length"}"#), ContextTooLong);
    }
}
