//! Errors of the Messages API, as the body of an answer or as an event in the middle of a reply.

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
    let mut error = ProviderError::new(kind_of(&told, Some(status)), NAME, &told.message);
    error.retry_after = match error.kind {
        ProviderErrorKind::RateLimited => fault::wait(headers, &told.message),
        _ => fault::retry_after(headers),
    };
    error
}

/// The error of an `error` event under HTTP 200.
pub(super) fn in_reply(event: &Value) -> ProviderError {
    let told = Told::of_json(event);
    ProviderError::new(kind_of(&told, told.code), NAME, &told.message)
}

fn kind_of(told: &Told, status: Option<u16>) -> ProviderErrorKind {
    let message = told.message.to_ascii_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| message.contains(phrase));
    let speaking = status.filter(|status| matches!(status, 401..=403 | 429 | 500..));
    match told.kind.as_deref().unwrap_or_default() {
        "authentication_error" | "permission_error" => ProviderErrorKind::Unauthorized,
        "billing_error" => ProviderErrorKind::Balance,
        "rate_limit_error" => ProviderErrorKind::RateLimited,
        "overloaded_error" => ProviderErrorKind::Overloaded,
        "request_too_large" => ProviderErrorKind::ContextTooLong,
        _ if says(&["credit balance"]) => ProviderErrorKind::Balance,
        _ if says(&["prompt is too long", "exceed context limit", "context window", "maximum context length"]) => {
            ProviderErrorKind::ContextTooLong
        }
        // Gateways put these over anything; then the status says more.
        "api_error" | "timeout_error" => speaking.map_or(ProviderErrorKind::Unavailable, ProviderErrorKind::of_status),
        "invalid_request_error" | "not_found_error" => {
            speaking.map_or(ProviderErrorKind::InvalidResponse, ProviderErrorKind::of_status)
        }
        _ => status.map_or(ProviderErrorKind::Unavailable, ProviderErrorKind::of_status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProviderErrorKind::*;

    #[test]
    fn each_refusal_has_its_kind() {
        let typed = |kind: &str, message: &str| {
            serde_json::json!({"type": "error", "error": {"type": kind, "message": message}}).to_string()
        };
        let table = [
            (401, typed("authentication_error", "invalid x-api-key"), Unauthorized),
            (401, typed("invalid_request_error", "no"), Unauthorized),
            (402, typed("api_error", "no"), Balance),
            (429, typed("api_error", "slower"), RateLimited),
            (529, typed("invalid_request_error", "busy"), Overloaded),
            (503, typed("invalid_request_error", "down"), Unavailable),
            (400, typed("invalid_request_error", "credit balance too low"), Balance),
            (403, typed("permission_error", "no"), Unauthorized),
            (402, typed("billing_error", "no"), Balance),
            (400, typed("invalid_request_error", "Your credit balance is too low to access the API"), Balance),
            (400, typed("invalid_request_error", "prompt is too long: 213462 tokens > 200000 maximum"), ContextTooLong),
            (400, typed("invalid_request_error", "input length and `max_tokens` exceed context limit"), ContextTooLong),
            (413, typed("request_too_large", "Request exceeds the maximum size"), ContextTooLong),
            (400, typed("invalid_request_error", "messages: Field required"), InvalidResponse),
            (404, typed("not_found_error", "model: x"), InvalidResponse),
            (429, typed("rate_limit_error", "slow down"), RateLimited),
            (529, typed("overloaded_error", "Overloaded"), Overloaded),
            (500, typed("overloaded_error", "Overloaded"), Overloaded),
            (500, typed("api_error", "Internal server error"), Unavailable),
            (504, typed("timeout_error", "too slow"), Unavailable),
            (502, "<html><h1>502 Bad Gateway</h1></html>".into(), Unavailable),
            (503, "upstream connect error".into(), Unavailable),
            (429, "{\"detail\":\"Too many\"}".into(), RateLimited),
            (529, String::new(), Overloaded),
            (302, String::new(), InvalidResponse),
            (418, "teapot".into(), InvalidResponse),
        ];
        for (status, body, kind) in table {
            assert_eq!(decode_error(status, &HeaderMap::new(), body.as_bytes()).kind, kind, "{status} {body}");
        }
    }

    #[test]
    fn an_error_in_a_reply_is_known_by_its_type_or_code() {
        let kind = |text: &str| in_reply(&serde_json::from_str(text).unwrap()).kind;
        assert_eq!(kind(r#"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#), Overloaded);
        assert_eq!(kind(r#"{"type":"error","error":{"type":"rate_limit_error","message":"x"}}"#), RateLimited);
        assert_eq!(kind(r#"{"error":{"code":402,"message":"x"}}"#), Balance);
        assert_eq!(kind(r#"{"error":"something broke"}"#), Unavailable);
    }
}
