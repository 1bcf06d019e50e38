//! Turns as scripts read them: where one stands, and what it came to.

use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::Error as _};
use serde_json::value::RawValue;

use super::{MessageJson, ToolCallJson};
use crate::{
    error::Code,
    i18n::Locale,
    types::{ConversationId, Credits, TurnFailure, TurnId, TurnState, TurnView},
};

/// Where a turn stands: `{id, state, error?: {code, message}}`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TurnStanding)]
pub struct TurnStateJson {
    id: TurnId,
    state: TurnState,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FailureJson>,
}

/// Why a turn failed, with words for people in their language.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Failure)]
pub struct FailureJson {
    #[schema(value_type = Code)]
    code: &'static str,
    #[schema(value_type = String)]
    message: Cow<'static, str>,
}

/// What was used of a budget: `{input_tokens, output_tokens, requests, credits}`.
#[derive(Clone, Copy, Debug, Default, Serialize, utoipa::ToSchema)]
#[schema(as = Used)]
pub struct UsedJson {
    /// Input tokens.
    pub input_tokens: i64,
    /// Output tokens.
    pub output_tokens: i64,
    /// Model calls.
    pub requests: i64,
    /// Credits, as an exact decimal.
    #[serde(serialize_with = "decimal")]
    #[schema(value_type = f64)]
    pub credits: Credits,
}

/// A turn with what came of it, as `/api/chat` answers it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Turn)]
pub struct TurnJson<'a> {
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Where it stands.
    pub turn: TurnStateJson,
    /// The last message of the assistant; null before there is one.
    pub message: Option<MessageJson<'a>>,
    /// What the assistant asked for, in order.
    pub tool_calls: Vec<ToolCallJson<'a>>,
    /// What it used.
    pub usage: UsedJson,
}

/// Where a turn stands.
pub fn turn_state(turn: &TurnView, locale: Locale) -> TurnStateJson {
    // Only a failed turn has one, whatever its row still holds of an earlier try.
    let failed = (turn.state == TurnState::Failed).then(|| failure(turn.failure.as_ref(), locale));
    TurnStateJson { id: turn.id, state: turn.state, error: failed }
}

/// Why a turn failed. A code of an earlier release that is none any more reads as `internal`.
pub fn failure(failure: Option<&TurnFailure>, locale: Locale) -> FailureJson {
    let code = failure.and_then(|failure| Code::parse(&failure.code)).unwrap_or(Code::Internal);
    FailureJson { code: code.as_str(), message: locale.text(code.message_key()) }
}

/// Why a turn is over that nobody runs any more.
pub fn broken_off(locale: Locale) -> FailureJson {
    let code = Code::ProviderInterrupted;
    FailureJson { code: code.as_str(), message: locale.text(code.message_key()) }
}

/// Credits as a number with exactly their digits: no floating point touches money.
pub(super) fn decimal<S: Serializer>(credits: &Credits, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(credits.to_string()).map_err(S::Error::custom)?.serialize(serializer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_turn_says_where_it_stands_and_why() {
        let mut turn = TurnView { id: TurnId::new(), state: TurnState::Completed, failure: None, epoch: 1 };
        let drawn = |turn: &TurnView, locale| serde_json::to_value(turn_state(turn, locale)).unwrap();
        assert_eq!(drawn(&turn, Locale::English), json!({"id": turn.id, "state": "completed"}));
        turn.failure = Some(TurnFailure { code: "provider_overloaded".into(), retry_after: Some(3) });
        turn.state = TurnState::Running;
        assert_eq!(drawn(&turn, Locale::English), json!({"id": turn.id, "state": "running"}));
        turn.state = TurnState::Failed;
        let failed = drawn(&turn, Locale::English);
        assert_eq!(failed["error"]["code"], "provider_overloaded");
        assert!(failed["error"]["message"].as_str().unwrap().starts_with("The model's provider is overloaded"));
        assert_ne!(drawn(&turn, Locale::BrazilianPortuguese)["error"]["message"], failed["error"]["message"]);
    }

    #[test]
    fn credits_keep_their_digits() {
        let used = |credits| serde_json::to_string(&UsedJson { credits: Credits(credits), ..UsedJson::default() });
        assert!(used(1).unwrap().ends_with(r#""requests":0,"credits":0.000001}"#));
        assert!(used(i64::MAX).unwrap().ends_with(r#""credits":9223372036854.775807}"#));
        assert!(used(2_500_000).unwrap().ends_with(r#""credits":2.5}"#));
    }
}
