//! Errors without HTTP.
//!
//! A **refusal** is an answer: something a person or script asked for cannot be. It has a code of the contract and
//! words in their language, and is no fault of ours; nobody logs it above `info`. Everything else is a **fault**:
//! logged once, with its cause, where it is turned into an answer, and shown as `internal` with the request id.
//! A database that does not answer is a fault, never "absent": finders give `Option` for absence.

use std::fmt;

/// The result of everything that can be refused or fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal or a fault.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was asked cannot be; the caller is told why.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The database refused or broke a query.
    #[error("database: {0}")]
    Database(#[from] diesel::result::Error),
    /// No connection to the database could be had.
    #[error("database connection: {0}")]
    Connection(String),
    /// Anything else that should not happen.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// A fault that is none of the database's.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// The code of a refusal; `None` for a fault.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused(refusal) => Some(refusal.code),
            _ => None,
        }
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::Refused(Refusal::new(code))
    }
}

/// Why something that was asked cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code of the contract.
    pub code: Code,
    /// The Fluent key of the words; `error-{code}` unless something more exact is known.
    pub message: &'static str,
    /// Values for the words.
    pub arguments: Vec<(&'static str, String)>,
    /// The form field it is about.
    pub field: Option<&'static str>,
}

impl Refusal {
    /// With the words that belong to the code.
    pub fn new(code: Code) -> Self {
        Self { code, message: code.message_key(), arguments: Vec::new(), field: None }
    }

    /// With more exact words.
    pub fn saying(mut self, message: &'static str) -> Self {
        self.message = message;
        self
    }

    /// With a value for the words.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }

    /// About one form field.
    pub fn about(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Refusal {}

macro_rules! codes {
    ($($variant:ident = $code:literal, $key:literal;)+) => {
        /// The codes of the contract, by which scripts know what happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each is explained by its words in i18n/en.ftl")]
        pub enum Code { $($variant),+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As the contract spells it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The Fluent key of its words.
            pub fn message_key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// The code of that spelling.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl utoipa::PartialSchema for Code {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .enum_values(Some([$($code),+]))
                    .into()
            }
        }

        impl utoipa::ToSchema for Code {}
    };
}

codes! {
    InvalidJson = "invalid_json", "error-invalid-json";
    InvalidPayload = "invalid_payload", "error-invalid-payload";
    Csrf = "csrf", "error-csrf";
    WrongHost = "wrong_host", "error-wrong-host";
    InvalidCredentials = "invalid_credentials", "error-invalid-credentials";
    Unauthorized = "unauthorized", "error-unauthorized";
    Forbidden = "forbidden", "error-forbidden";
    NotFound = "not_found", "error-not-found";
    MethodNotAllowed = "method_not_allowed", "error-method-not-allowed";
    NotAcceptable = "not_acceptable", "error-not-acceptable";
    Conflict = "conflict", "error-conflict";
    PayloadTooLarge = "payload_too_large", "error-payload-too-large";
    RateLimited = "rate_limited", "error-rate-limited";
    TenantInactive = "tenant_inactive", "error-tenant-inactive";
    LimitInputTokens = "limit_input_tokens", "error-limit-input-tokens";
    LimitOutputTokens = "limit_output_tokens", "error-limit-output-tokens";
    LimitRequests = "limit_requests", "error-limit-requests";
    InsufficientCredits = "INSUFFICIENT_CREDITS", "error-insufficient-credits";
    ProviderUnauthorized = "provider_unauthorized", "error-provider-unauthorized";
    ProviderBalance = "provider_balance", "error-provider-balance";
    ProviderRateLimited = "provider_rate_limited", "error-provider-rate-limited";
    ProviderUnavailable = "provider_unavailable", "error-provider-unavailable";
    ProviderOverloaded = "provider_overloaded", "error-provider-overloaded";
    ProviderContextTooLong = "provider_context_too_long", "error-provider-context-too-long";
    ProviderInvalidResponse = "provider_invalid_response", "error-provider-invalid-response";
    ProviderInterrupted = "provider_interrupted", "error-provider-interrupted";
    TurnTooLong = "turn_too_long", "error-turn-too-long";
    TopicRefused = "topic_refused", "error-topic-refused";
    InvalidPath = "invalid_path", "error-invalid-path";
    WriteFailed = "write_failed", "error-write-failed";
    ToolError = "tool_error", "error-tool-error";
    ToolNotAllowed = "tool_not_allowed", "error-tool-not-allowed";
    ToolChanged = "tool_changed", "error-tool-changed";
    ToolTimeout = "tool_timeout", "error-tool-timeout";
    OutcomeUnknown = "outcome_unknown", "error-outcome-unknown";
    Denied = "denied", "error-denied";
    Superseded = "superseded", "error-superseded";
    Internal = "internal", "error-internal";
}
