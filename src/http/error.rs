//! Codes as statuses, and an error on its way out.
//!
//! Handlers return `Result<_, HttpError>`; whoever renders (pages as HTML, `/api` as JSON) is a middleware that finds
//! the error in the answer by [`of_response`] and replaces the bare body made here.

use std::fmt;

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header, header::HeaderName},
};
use serde::Serialize;

use super::limits::RETRY_AFTER;
use crate::{
    error::{Code, Error, Refusal},
    telemetry::RequestId,
};

/// The status of a code, by CONTRACT §4. Those of turns and tools, which it leaves open, are seen only where no turn
/// carries them: a direct call, or a decision.
pub fn status(code: Code) -> StatusCode {
    match code {
        Code::InvalidJson => StatusCode::BAD_REQUEST,
        // A tool that refuses what it is asked for, before anything ran, is asked for what cannot be.
        Code::InvalidPayload | Code::InvalidPath | Code::TurnTooLong | Code::TopicRefused | Code::ToolError => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Code::InvalidCredentials | Code::Unauthorized => StatusCode::UNAUTHORIZED,
        Code::Csrf | Code::Forbidden | Code::TenantInactive | Code::ToolNotAllowed | Code::Denied => {
            StatusCode::FORBIDDEN
        }
        Code::WrongHost => StatusCode::MISDIRECTED_REQUEST,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        Code::Conflict | Code::ToolChanged | Code::OutcomeUnknown | Code::Superseded => StatusCode::CONFLICT,
        Code::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::RateLimited
        | Code::LimitInputTokens
        | Code::LimitOutputTokens
        | Code::LimitRequests
        | Code::InsufficientCredits => StatusCode::TOO_MANY_REQUESTS,
        Code::ProviderUnauthorized
        | Code::ProviderBalance
        | Code::ProviderRateLimited
        | Code::ProviderUnavailable
        | Code::ProviderOverloaded
        | Code::ProviderContextTooLong
        | Code::ProviderInvalidResponse
        | Code::ProviderInterrupted => StatusCode::BAD_GATEWAY,
        Code::ToolTimeout => StatusCode::GATEWAY_TIMEOUT,
        Code::WriteFailed | Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The address of the conversation that an answer belongs to, also where it refuses (CONTRACT §4).
pub const CONVERSATION: HeaderName = HeaderName::from_static("x-chat-session-id");

/// The code that callers are told: that of a refusal, `internal` for every fault.
pub fn code(error: &Error) -> Code {
    error.code().unwrap_or(Code::Internal)
}

/// In how many seconds to come back, where that is known: the value of `Retry-After`.
pub fn retry_after(refusal: &Refusal) -> Option<u64> {
    let (_, seconds) = refusal.arguments.iter().find(|(name, _)| *name == RETRY_AFTER)?;
    seconds.parse().ok()
}

/// The argument of a refusal that names the methods an address takes: the value of `Allow`.
pub const ALLOW: &str = "allow";

/// The methods that an address takes, where another was tried.
pub fn allowed(refusal: &Refusal) -> Option<&str> {
    let (_, methods) = refusal.arguments.iter().find(|(name, _)| *name == ALLOW)?;
    Some(methods).filter(|methods| !methods.is_empty()).map(String::as_str)
}

/// The argument of a refusal that is for the author of a script: what exactly is wrong, in English, in no words of ours
/// for people.
pub const DETAIL: &str = "detail";

/// What the author of a script is told beside the words.
pub fn detail(refusal: &Refusal) -> Option<String> {
    refusal.arguments.iter().find(|(name, _)| *name == DETAIL).map(|(_, detail)| detail.clone())
}

/// An error on its way out of a handler, an extractor or a middleware.
#[derive(Debug)]
pub struct HttpError(pub Error);

impl<E: Into<Error>> From<E> for HttpError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for HttpError {
    fn status_code(&self) -> StatusCode {
        status(code(&self.0))
    }

    /// The bare answer. Faults are logged here, once, with their cause, within the request's span; what goes out is
    /// the code alone.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match &self.0 {
            Error::Refused(refusal) => {
                if let Some(seconds) = retry_after(refusal) {
                    response.insert_header((header::RETRY_AFTER, seconds));
                }
                if let Some(methods) = allowed(refusal) {
                    response.insert_header((header::ALLOW, methods));
                }
                tracing::debug!(code = refusal.code.as_str(), "refused");
            }
            fault => tracing::error!(cause = %fault, "fault"),
        }
        response.content_type("text/plain; charset=utf-8").body(code(&self.0).as_str())
    }
}

/// The error that an answer carries, if it is one of ours; for whoever renders it.
pub fn of_response<B>(response: &HttpResponse<B>) -> Option<&HttpError> {
    response.error()?.as_error()
}

/// An error as every JSON answer gives it: `{"error": {"code", "message", "detail"?}, "request_id"}`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Error)]
pub struct ErrorBody {
    error: ErrorWords,
    /// As the header `X-Request-Id` and the log call the request.
    request_id: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ErrorWords {
    #[schema(value_type = Code)]
    code: &'static str,
    /// In the caller's language.
    message: String,
    /// What helps the author of a script, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl ErrorBody {
    /// `message` is in the caller's language; `detail` is what helps a script's author, never a fault's cause.
    pub fn new(code: Code, message: String, detail: Option<String>, request_id: &RequestId) -> Self {
        Self { error: ErrorWords { code: code.as_str(), message, detail }, request_id: request_id.to_string() }
    }
}

/// An error in OpenAI's form: `{"error": {"message", "type", "code", "param"}}`, with the code of the contract.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OpenAiError {
    error: OpenAiWords,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OpenAiWords {
    message: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[schema(value_type = Code)]
    code: &'static str,
    param: Option<&'static str>,
}

impl OpenAiError {
    /// `message` is in the caller's language; the form has no place for a detail, so it stands behind it.
    pub fn new(code: Code, message: String, detail: Option<String>, param: Option<&'static str>) -> Self {
        let message = match detail {
            Some(detail) => format!("{message} ({detail})"),
            None => message,
        };
        Self { error: OpenAiWords { message, kind: openai_type(code), code: code.as_str(), param } }
    }
}

/// The customary kind of an error of this code.
fn openai_type(code: Code) -> &'static str {
    match code {
        Code::Unauthorized | Code::InvalidCredentials => "authentication_error",
        Code::RateLimited => "rate_limit_error",
        Code::LimitInputTokens | Code::LimitOutputTokens | Code::LimitRequests | Code::InsufficientCredits => {
            "insufficient_quota"
        }
        code => match status(code).as_u16() {
            403 => "permission_error",
            400..=499 => "invalid_request_error",
            _ => "server_error",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openais_form_has_its_four_parts() {
        let drawn = |code, detail| OpenAiError::new(code, "No.".into(), detail, Some("model"));
        let text = serde_json::to_string(&drawn(Code::InvalidPayload, Some("x".into()))).unwrap();
        let expected = r#"{"error":{"message":"No. (x)","type":"invalid_request_error","code":"invalid_payload","param":"model"}}"#;
        assert_eq!(text, expected);
        for (code, kind) in [
            (Code::Unauthorized, "authentication_error"),
            (Code::Forbidden, "permission_error"),
            (Code::LimitRequests, "insufficient_quota"),
            (Code::RateLimited, "rate_limit_error"),
            (Code::ProviderOverloaded, "server_error"),
            (Code::PayloadTooLarge, "invalid_request_error"),
        ] {
            assert_eq!(drawn(code, None).error.kind, kind);
        }
    }

    #[test]
    fn statuses_are_those_of_the_contract() {
        for (codes, expected) in [
            ("invalid_json", 400),
            ("invalid_payload", 422),
            ("csrf forbidden tenant_inactive", 403),
            ("wrong_host", 421),
            ("invalid_credentials unauthorized", 401),
            ("not_found", 404),
            ("method_not_allowed", 405),
            ("not_acceptable", 406),
            ("conflict", 409),
            ("payload_too_large", 413),
            ("rate_limited limit_input_tokens limit_output_tokens limit_requests INSUFFICIENT_CREDITS", 429),
            (
                "provider_unauthorized provider_balance provider_rate_limited provider_unavailable \
                 provider_overloaded provider_context_too_long provider_invalid_response provider_interrupted",
                502,
            ),
            ("internal", 500),
        ] {
            for text in codes.split_whitespace() {
                assert_eq!(status(Code::parse(text).unwrap()).as_u16(), expected, "{text}");
            }
        }
        assert!(Code::ALL.iter().all(|code| status(*code).is_client_error() || status(*code).is_server_error()));
    }

    #[test]
    fn a_fault_tells_nothing_and_a_limit_when_to_come_back() {
        let response = HttpError(Error::internal("the password is hunter2")).error_response();
        assert_eq!(response.status(), 500);
        let refusal = Refusal::new(Code::RateLimited).with(RETRY_AFTER, 20);
        let response = HttpError::from(refusal).error_response();
        assert_eq!((response.status().as_u16(), response.headers().get("retry-after").unwrap()), (429, &20.into()));
    }

    #[test]
    fn the_body_has_the_contracts_shape() {
        let id = RequestId::given("r1").unwrap();
        let body = |detail| serde_json::to_string(&ErrorBody::new(Code::Conflict, "No.".into(), detail, &id)).unwrap();
        assert_eq!(body(None), r#"{"error":{"code":"conflict","message":"No."},"request_id":"r1"}"#);
        assert!(body(Some("x".into())).contains(r#""detail":"x""#));
    }
}
