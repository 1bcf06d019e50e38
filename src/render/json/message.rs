//! Messages as scripts read them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

use super::as_written;
use crate::types::{Block, ConversationId, Message, MessageId, MessageRole, ToolCallId, Usage};

/// A message: `{id, role, text, content, provider?, model?, stop_reason?, usage?, created_at}`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Message)]
pub struct MessageJson<'a> {
    id: MessageId,
    role: MessageRole,
    /// The text blocks joined.
    text: String,
    content: Vec<BlockJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<MessageUsageJson>,
    #[schema(format = DateTime)]
    created_at: String,
}

/// One block of a message. What only its maker understands is not shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Block)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(in crate::render) enum BlockJson<'a> {
    Text {
        text: &'a str,
    },
    Thinking {
        text: &'a str,
    },
    ToolUse {
        id: ToolCallId,
        name: &'a str,
        #[schema(value_type = serde_json::Value)]
        input: Box<RawValue>,
    },
    ToolResult {
        tool_call_id: ToolCallId,
        text: &'a str,
        is_error: bool,
    },
    Image {
        media_type: &'a str,
        url: String,
    },
    /// What came with a tool's result and is no image.
    File {
        media_type: &'a str,
        name: &'a str,
        size: u64,
        url: String,
    },
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = MessageUsage)]
struct MessageUsageJson {
    input_tokens: i64,
    output_tokens: i64,
    cached_tokens: i64,
    estimated: bool,
}

/// A message of a conversation. `prefix` is the path below which this server answers, for the addresses of images.
///
/// # Errors
/// Never for what a database holds.
pub fn message<'a>(
    message: &'a Message,
    conversation: ConversationId,
    prefix: &str,
) -> serde_json::Result<MessageJson<'a>> {
    Ok(MessageJson {
        id: message.id,
        role: message.role,
        text: message.text(),
        content: blocks(&message.content, conversation, prefix)?,
        provider: message.provider.as_deref(),
        model: message.model.as_deref(),
        stop_reason: message.stop_reason.as_deref(),
        usage: message.usage.map(usage),
        created_at: time(message.created_at),
    })
}

/// These blocks, of which only what is shown.
pub(super) fn blocks<'a>(
    blocks: &'a [Block],
    conversation: ConversationId,
    prefix: &str,
) -> serde_json::Result<Vec<BlockJson<'a>>> {
    blocks.iter().filter_map(|shown| block(shown, conversation, prefix).transpose()).collect()
}

fn block<'a>(
    block: &'a Block,
    conversation: ConversationId,
    prefix: &str,
) -> serde_json::Result<Option<BlockJson<'a>>> {
    let url = |number: i64| format!("{prefix}/conversations/{conversation}/attachments/{number}");
    Ok(Some(match block {
        Block::Text { text, .. } => BlockJson::Text { text },
        Block::Thinking { text, .. } => BlockJson::Thinking { text },
        Block::ToolUse { id, name, input } => BlockJson::ToolUse { id: *id, name, input: as_written(input)? },
        Block::ToolResult { tool_call_id, text, is_error } => {
            BlockJson::ToolResult { tool_call_id: *tool_call_id, text, is_error: *is_error }
        }
        Block::Image { number, media_type, .. } => BlockJson::Image { media_type, url: url(*number) },
        Block::File { number, media_type, name, bytes } => {
            BlockJson::File { media_type, name, size: *bytes, url: url(*number) }
        }
        Block::Opaque { .. } => return Ok(None),
    }))
}

fn usage(usage: Usage) -> MessageUsageJson {
    let Usage { input_tokens, output_tokens, cached_tokens, estimated } = usage;
    MessageUsageJson { input_tokens, output_tokens, cached_tokens, estimated }
}

/// A time as every JSON answer gives it.
pub fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::types::{MessageState, RawBlock, TurnId};

    fn said(role: MessageRole, content: Vec<Block>) -> Message {
        Message {
            id: MessageId::new(),
            turn_id: TurnId::new(),
            position: 1,
            role,
            state: MessageState::Complete,
            content,
            provider: None,
            model: None,
            instead_of: None,
            stop_reason: None,
            usage: None,
            tool_call_id: None,
            created_at: DateTime::parse_from_rfc3339("2026-01-31T12:00:00.5+01:00").unwrap().to_utc(),
        }
    }

    fn drawn(said: &Message, conversation: ConversationId) -> Value {
        serde_json::from_str(&serde_json::to_string(&message(said, conversation, "/chat").unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn a_message_has_the_contracts_shape() {
        let (conversation, call) = (ConversationId::new(), ToolCallId::new());
        let raw = || RawBlock { provider: "anthropic".into(), json: "{}".into() };
        let image =
            Block::Image { number: 7, media_type: "image/png".into(), name: "a.png".into(), width: 1, height: 1 };
        let asked = said(MessageRole::User, vec![image, Block::text("Look.")]);
        let expected = json!({
            "id": asked.id, "role": "user", "text": "Look.", "created_at": "2026-01-31T11:00:00.500Z",
            "content": [
                {"type": "image", "media_type": "image/png",
                 "url": format!("/chat/conversations/{conversation}/attachments/7")},
                {"type": "text", "text": "Look."},
            ],
        });
        assert_eq!(drawn(&asked, conversation), expected);
        let answered = Message {
            provider: Some("anthropic".into()),
            model: Some("m".into()),
            stop_reason: Some("tool_use".into()),
            usage: Some(Usage { input_tokens: 3, output_tokens: 2, cached_tokens: 1, estimated: false }),
            ..said(
                MessageRole::Assistant,
                vec![
                    Block::Thinking { text: "hm".into(), raw: Some(raw()) },
                    Block::text("a"),
                    Block::Opaque { raw: raw() },
                    Block::text("b"),
                    Block::ToolUse { id: call, name: "t".into(), input: r#"{"n":1.50}"#.into() },
                ],
            )
        };
        let expected = json!({
            "id": answered.id, "role": "assistant", "text": "ab", "created_at": "2026-01-31T11:00:00.500Z",
            "content": [
                {"type": "thinking", "text": "hm"}, {"type": "text", "text": "a"}, {"type": "text", "text": "b"},
                {"type": "tool_use", "id": call, "name": "t", "input": {"n": 1.5}},
            ],
            "provider": "anthropic", "model": "m", "stop_reason": "tool_use",
            "usage": {"input_tokens": 3, "output_tokens": 2, "cached_tokens": 1, "estimated": false},
        });
        assert_eq!(drawn(&answered, conversation), expected);
        let text = serde_json::to_string(&message(&answered, conversation, "").unwrap()).unwrap();
        assert!(text.contains(r#""input":{"n":1.50}"#), "{text}");
        let result = Block::ToolResult { tool_call_id: call, text: "no".into(), is_error: true };
        let told = drawn(&said(MessageRole::Tool, vec![result]), conversation);
        assert_eq!(
            told["content"],
            json!([{"type": "tool_result", "tool_call_id": call, "text": "no", "is_error": true}])
        );
        assert_eq!((&told["role"], &told["text"]), (&json!("tool"), &json!("")));
        let file = Block::File { number: 8, media_type: "text/html".into(), name: "<b>.html".into(), bytes: 12 };
        let told = drawn(&said(MessageRole::Tool, vec![file]), conversation);
        assert_eq!(
            told["content"],
            json!([{"type": "file", "media_type": "text/html", "name": "<b>.html", "size": 12,
                "url": format!("/chat/conversations/{conversation}/attachments/8")}])
        );
    }
}
