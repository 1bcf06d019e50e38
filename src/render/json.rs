//! What scripts read: the shapes of the contract's JSON, made from the same values as the pages. Pure; who asks for what
//! and how it is sent is the API's.

mod conversation;
mod message;
mod turn;
mod usage;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::types::{
    Authority, Bound, ConversationId, Difference, Digest, MessageId, Question, QuestionAnswer, ToolCall, ToolCallId,
    ToolCallState, TurnId,
};

pub use conversation::{ConversationJson, conversation};
pub(in crate::render) use message::BlockJson;
pub use message::{MessageJson, message, time};
pub use turn::{FailureJson, TurnJson, TurnStateJson, UsedJson, broken_off, failure, turn_state};
pub use usage::{BudgetJson, UsageDayJson, budget, usage_day};

/// One page of a list: `{"items": […], "next_cursor": null}`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Page<T>)]
pub struct ItemsJson<T> {
    /// What it holds.
    pub items: Vec<T>,
    /// What leads to the next page; null at the end.
    pub next_cursor: Option<String>,
}

/// A tool call. What is absent is null or left out, as the contract has it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ToolCall)]
pub struct ToolCallJson<'a> {
    id: ToolCallId,
    name: &'a str,
    server: &'a str,
    #[schema(value_type = serde_json::Value)]
    arguments: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Value>)]
    asked_arguments: Option<Box<RawValue>>,
    state: ToolCallState,
    digest: Digest,
    conversation_id: ConversationId,
    turn_id: TurnId,
    message_id: MessageId,
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<&'a Difference>,
    bounds: &'a [Bound],
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<&'a Authority>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a str>,
    /// Images and files that came with the result.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<BlockJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'a str>,
    /// What its server asked the person while it ran, where that is told; never what they answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    questions: Vec<QuestionJson<'a>>,
    #[schema(format = DateTime)]
    created_at: String,
}

/// What a server asked: `{number, message, answer?}`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Question)]
pub struct QuestionJson<'a> {
    number: i32,
    message: &'a str,
    /// What became of it; absent while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<QuestionAnswer>,
}

impl<'a> QuestionJson<'a> {
    fn of(question: &'a Question) -> Self {
        Self { number: question.number, message: &question.message, answer: question.answer }
    }
}

/// A tool call that was asked for at that time. `prefix` is the path below which this server answers, for the addresses
/// of files.
///
/// # Errors
/// Never for what a database holds.
pub fn tool_call<'a>(
    call: &'a ToolCall,
    created_at: DateTime<Utc>,
    prefix: &str,
) -> serde_json::Result<ToolCallJson<'a>> {
    Ok(ToolCallJson {
        id: call.id,
        name: &call.name,
        server: &call.server,
        arguments: as_written(&call.arguments)?,
        asked_arguments: call.asked_arguments.as_deref().map(as_written).transpose()?,
        state: call.state,
        digest: call.digest,
        conversation_id: call.conversation_id,
        turn_id: call.turn_id,
        message_id: call.message_id,
        target: call.preview.target.as_deref(),
        difference: call.preview.difference.as_ref(),
        bounds: &call.preview.bounds,
        authority: call.authority.as_ref(),
        reason: call.reason.as_deref(),
        result: call.outcome.as_ref().map(|outcome| outcome.text.as_str()),
        files: files(call, prefix)?,
        error_code: call.outcome.as_ref().and_then(|outcome| outcome.error_code.as_deref()),
        questions: call.questions.iter().map(QuestionJson::of).collect(),
        created_at: time(created_at),
    })
}

/// What came with the result of a call.
pub(super) fn files<'a>(call: &'a ToolCall, prefix: &str) -> serde_json::Result<Vec<BlockJson<'a>>> {
    let files = call.outcome.as_ref().map(|outcome| outcome.files.as_slice()).unwrap_or_default();
    message::blocks(files, call.conversation_id, prefix)
}

/// Arguments as the JSON value that they are, to the letter: the digest is over exactly this text, and a number must not
/// lose digits on its way to whoever decides. What a model wrote that is no JSON is given as a string.
pub(super) fn as_written(text: &str) -> serde_json::Result<Box<RawValue>> {
    RawValue::from_string(text.to_owned()).or_else(|_| to_raw_value(text))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::types::{Block, Preview, ToolOutcome};

    fn call(arguments: &str) -> ToolCall {
        let absent = serde_json::Value::Null;
        serde_json::from_value(json!({
            "id": ToolCallId::new(), "conversation_id": ConversationId::new(), "turn_id": TurnId::new(),
            "message_id": MessageId::new(), "ordinal": 0, "server": "sayso", "name": "records_insert",
            "arguments": arguments, "asked_arguments": absent, "digest": Digest::of(b"shown"), "state": "pending",
            "preview": {"target": "prices", "precondition": absent, "difference": absent}, "reason": absent,
            "outcome": absent,
        }))
        .unwrap()
    }

    fn drawn(call: &ToolCall) -> String {
        let time = DateTime::parse_from_rfc3339("2026-01-31T12:00:00.5+01:00").unwrap().to_utc();
        serde_json::to_string(&tool_call(call, time, "/chat").unwrap()).unwrap()
    }

    #[test]
    fn arguments_stay_as_they_were_written() {
        for text in [
            r#"{"a":1.0,"b":1e2,"c":12345678901234567890123,"d":-0.0}"#,
            r#"{ "z" : 1,  "a" : [ true , null ] }"#,
            r#"{"a":"\u0041\/\u202e"}"#,
            "{}",
        ] {
            assert!(drawn(&call(text)).contains(&format!(r#""arguments":{text},"#)), "{}", drawn(&call(text)));
        }
        let text = "{\n \"a\": 1}";
        assert!(drawn(&call(text)).contains(text));
    }

    #[test]
    fn what_is_no_json_is_a_string() {
        for text in ["", "{", "{'a': 1}", "{}} , \"state\": \"approved\"", "{\"a\":NaN}"] {
            let value: Value = serde_json::from_str(&drawn(&call(text))).unwrap();
            assert_eq!((&value["arguments"], &value["state"]), (&json!(text), &json!("pending")), "{text}");
        }
    }

    #[test]
    fn the_shape_is_the_contracts() {
        let plain = call("{}");
        let mut value: Value = serde_json::from_str(&drawn(&plain)).unwrap();
        let expected = json!({
            "id": plain.id, "name": "records_insert", "server": "sayso", "arguments": {}, "state": "pending",
            "digest": plain.digest, "conversation_id": plain.conversation_id, "turn_id": plain.turn_id,
            "message_id": plain.message_id, "target": "prices", "bounds": [], "created_at": "2026-01-31T11:00:00.500Z",
        });
        assert_eq!(value, expected);
        let ended = ToolCall {
            asked_arguments: Some(r#"{"n":1.50}"#.into()),
            state: ToolCallState::Failed,
            preview: Preview {
                difference: Some(Difference::default()),
                bounds: vec![Bound::Below("notes".into())],
                ..Preview::default()
            },
            authority: Some(Authority::Rule),
            reason: Some("why".into()),
            outcome: Some(ToolOutcome { text: "no".into(), error_code: Some("tool_error".into()), files: Vec::new() }),
            ..call("{}")
        };
        assert!(drawn(&ended).contains(r#""asked_arguments":{"n":1.50}"#));
        value = serde_json::from_str(&drawn(&ended)).unwrap();
        assert_eq!(value["target"], Value::Null);
        assert_eq!(value["bounds"], json!([{"kind": "below", "value": "notes"}]));
        assert_eq!(value["difference"], json!({"is_new": false, "lines": [], "omitted": 0}));
        assert_eq!((&value["authority"]["by"], &value["reason"]), (&json!("rule"), &json!("why")));
        assert_eq!((&value["result"], &value["error_code"]), (&json!("no"), &json!("tool_error")));
    }

    #[test]
    fn what_came_with_a_result_has_addresses() {
        let files = vec![
            Block::Image { number: 1, media_type: "image/png".into(), name: "a.png".into(), width: 1, height: 1 },
            Block::File { number: 2, media_type: "text/plain".into(), name: "result.txt".into(), bytes: 12 },
        ];
        let outcome = Some(ToolOutcome { text: "Drawn.".into(), error_code: None, files });
        let ended = ToolCall { state: ToolCallState::Succeeded, outcome, ..call("{}") };
        let value: Value = serde_json::from_str(&drawn(&ended)).unwrap();
        let url = |number| format!("/chat/conversations/{}/attachments/{number}", ended.conversation_id);
        assert_eq!(
            value["files"],
            json!([
                {"type": "image", "media_type": "image/png", "url": url(1)},
                {"type": "file", "media_type": "text/plain", "name": "result.txt", "size": 12, "url": url(2)},
            ])
        );
    }

    #[test]
    fn a_list_names_what_follows_it() {
        let list = ItemsJson { items: vec![1], next_cursor: None };
        assert_eq!(serde_json::to_string(&list).unwrap(), r#"{"items":[1],"next_cursor":null}"#);
    }
}
