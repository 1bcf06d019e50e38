//! Errors of Chat Completions, from the many servers that speak it.

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

/// The error of an event under HTTP 200.
pub(super) fn in_reply(event: &Value) -> ProviderError {
    let told = Told::of_json(event);
    let mut error = ProviderError::new(kind_of(&told, told.code), NAME, &told.message);
    if error.kind == ProviderErrorKind::RateLimited {
        error.retry_after = fault::wait(&HeaderMap::new(), &told.message);
    }
    error
}

const TOO_LONG: &[&str] = &[
    "maximum context length",
    "context length",
    "context window",
    "context size",
    "prompt too long",
    "prompt is too long",
    "input is too long",
    "reduce the length",
    "too many tokens",
    "exceeds the maximum number of tokens",
];
const BALANCE: &[&str] = &[
    "insufficient balance",
    "insufficient credit",
    "insufficient_quota",
    "credit balance",
    "exceeded your current quota",
    "requires more credits",
];

fn kind_of(told: &Told, status: Option<u16>) -> ProviderErrorKind {
    let message = told.message.to_ascii_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| message.contains(phrase));
    let by_status = status.map(ProviderErrorKind::of_status);
    if told.is(&["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance"])
        || told.is(&["exceeded_current_quota_error"])
        || (matches!(status, None | Some(400 | 403 | 429)) && says(BALANCE))
    {
        return ProviderErrorKind::Balance;
    }
    if told.is(&["context_length_exceeded", "exceed_context_size_error", "request_too_large"])
        || (matches!(status, None | Some(400 | 413 | 422 | 500)) && says(TOO_LONG))
    {
        return ProviderErrorKind::ContextTooLong;
    }
    if told.is(&["invalid_api_key", "authentication_error", "permission_error", "account_deactivated"]) {
        return ProviderErrorKind::Unauthorized;
    }
    let is_overloaded = told.is(&["overloaded_error", "engine_overloaded_error", "capacity_exceeded"])
        || status == Some(498)
        || (matches!(status, None | Some(500..)) && says(&["overloaded", "over capacity", "at capacity"]));
    if is_overloaded {
        return ProviderErrorKind::Overloaded;
    }
    if told.is(&["rate_limit_exceeded", "rate_limit_error"]) {
        return ProviderErrorKind::RateLimited;
    }
    if let Some(kind) = by_status {
        return kind;
    }
    if told.is(&["invalid_request_error", "invalid_model", "BadRequestError", "NotFoundError", "model_not_found"]) {
        return ProviderErrorKind::InvalidResponse;
    }
    ProviderErrorKind::Unavailable
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use ProviderErrorKind::*;

    #[test]
    fn each_refusal_has_its_kind() {
        let typed = |kind: &str, code: &str, message: &str| {
            serde_json::json!({"error": {"message": message, "type": kind, "param": null, "code": code}}).to_string()
        };
        let table = [
            (
                401,
                typed("invalid_request_error", "invalid_api_key", "Incorrect API key provided: sk-***"),
                Unauthorized,
            ),
            (403, typed("x", "", "Country not supported"), Unauthorized),
            (401, "{\"detail\":\"Unauthorized\"}".into(), Unauthorized),
            (429, typed("insufficient_quota", "insufficient_quota", "You exceeded your current quota"), Balance),
            (400, typed("invalid_request_error", "billing_hard_limit_reached", "Billing hard limit"), Balance),
            (402, typed("unknown_error", "invalid_request_error", "Insufficient Balance"), Balance),
            (402, "{\"error\":{\"code\":402,\"message\":\"Insufficient credits\"}}".into(), Balance),
            (429, typed("exceeded_current_quota_error", "", "Your account is suspended"), Balance),
            (429, typed("tokens", "rate_limit_exceeded", "Rate limit reached for gpt in organization"), RateLimited),
            (429, typed("requests", "rate_limit_exceeded", "Limit 3, Used 3"), RateLimited),
            (429, "{\"message\":\"Requests rate limit exceeded\"}".into(), RateLimited),
            (429, typed("engine_overloaded_error", "", "The engine is overloaded"), Overloaded),
            (503, typed("server_error", "", "The server is currently overloaded"), Overloaded),
            (498, "{\"error\":{\"message\":\"x\"}}".into(), Overloaded),
            (529, String::new(), Overloaded),
            (500, typed("server_error", "", "The server had an error"), Unavailable),
            (503, "Service Unavailable".into(), Unavailable),
            (502, "<html>Bad Gateway</html>".into(), Unavailable),
            (400, typed("invalid_request_error", "context_length_exceeded", "too many"), ContextTooLong),
            (400, typed("BadRequestError", "", "This model's maximum context length is 4096 tokens"), ContextTooLong),
            (500, typed("", "", "the request exceeds the available context size"), ContextTooLong),
            (413, String::new(), ContextTooLong),
            (404, typed("invalid_request_error", "model_not_found", "no such model"), InvalidResponse),
            (400, typed("invalid_request_error", "", "billed elsewhere"), InvalidResponse),
            (400, typed("invalid_request_error", "", "tools: wrong"), InvalidResponse),
            (422, "{\"detail\":[{\"msg\":\"field required\"}]}".into(), InvalidResponse),
        ];
        for (status, body, kind) in table {
            assert_eq!(decode_error(status, &HeaderMap::new(), body.as_bytes()).kind, kind, "{status} {body}");
        }
    }

    #[test]
    fn an_error_in_a_reply_is_known_by_its_type_code_or_words() {
        let error = |text: &str| in_reply(&serde_json::from_str(text).unwrap());
        let kind = |text: &str| error(text).kind;
        assert_eq!(kind(r#"{"error":{"message":"x","type":"invalid_request_error"}}"#), InvalidResponse);
        assert_eq!(kind(r#"{"error":{"message":"x","code":502}}"#), Unavailable);
        assert_eq!(kind(r#"{"error":{"message":"x","code":"server_error"}}"#), Unavailable);
        assert_eq!(kind(r#"{"error":{"message":"Provider overloaded"}}"#), Overloaded);
        assert_eq!(kind(r#"{"object":"error","message":"maximum context length","code":400}"#), ContextTooLong);
        let limited = error(r#"{"error":{"code":429,"message":"Please try again in 20s."}}"#);
        assert_eq!((limited.kind, limited.retry_after), (RateLimited, Some(Duration::from_secs(20))));
    }

    #[test]
    fn a_wait_is_read_from_wherever_it_stands() {
        let body =
            br#"{"error":{"message":"Rate limit reached. Please try again in 6s.","code":"rate_limit_exceeded"}}"#;
        assert_eq!(decode_error(429, &HeaderMap::new(), body).retry_after, Some(Duration::from_secs(6)));
        let headers = HeaderMap::from_iter([
            ("x-ratelimit-remaining-requests".parse().unwrap(), "0".parse().unwrap()),
            ("x-ratelimit-reset-requests".parse().unwrap(), "8.64s".parse().unwrap()),
        ]);
        assert_eq!(decode_error(429, &headers, b"{}").retry_after, Some(Duration::from_secs_f64(8.64)));
        assert_eq!(decode_error(503, &headers, b"{}").retry_after, None);
    }
}
