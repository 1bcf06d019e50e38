//! A request of the Messages API.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
};

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::NAME;
use crate::{
    providers::{PromptMessage, Request, ToolSpec, reply::is_json_object},
    types::{Block, MessageRole, RawBlock, ToolCallId},
};

/// The body of a request. It borrows the conversation, and serialises the maker's own blocks and the arguments of
/// tool calls byte for byte as they came.
///
/// The order is that of the prompt cache: tools, system, messages.
#[derive(Debug, Serialize)]
pub struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    stream: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<ToolChoice>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system: Vec<Part<'a>>,
    messages: Vec<Message<'a>>,
}

#[derive(Debug, Serialize)]
struct Tool<'a> {
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    input_schema: Cow<'a, serde_json::Value>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ToolChoice {
    None,
}

#[derive(Debug, Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Vec<Part<'a>>,
}

/// One block of content.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Part<'a> {
    Ours(Ours<'a>),
    Theirs(Theirs<'a>),
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Ours<'a> {
    Text {
        text: &'a str,
    },
    ToolUse {
        id: String,
        name: Cow<'a, str>,
        input: &'a RawValue,
    },
    ToolResult {
        tool_use_id: String,
        #[serde(skip_serializing_if = "str::is_empty")]
        content: &'a str,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_error: bool,
    },
}

/// A block as its maker sent it.
#[derive(Debug)]
struct Theirs<'a> {
    json: &'a RawValue,
    head: Head,
}

impl Serialize for Theirs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

/// What must be known of a block to send it back.
#[derive(Debug, Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    tool_use_id: Option<String>,
    signature: Option<String>,
}

/// The body for a request; `default_model` where it names none.
///
/// What the API would refuse is left out or mended: blank text, unsigned thinking, blocks of other makers, messages
/// without a block, arguments that are no JSON object (`{}` instead), a blank end of a reply that is to be continued.
/// Messages of one role become one, and results of tools stand at the start of theirs.
pub fn encode<'a>(request: &'a Request, default_model: &'a str) -> Body<'a> {
    let messages = messages(&request.messages);
    let mut tools: Vec<_> = request.tools.iter().map(tool).collect();
    let mut tool_choice = None;
    if tools.is_empty() {
        // A conversation with calls is refused without tools, even when none is offered any more.
        tools = used_tools(&messages);
        tool_choice = (!tools.is_empty()).then_some(ToolChoice::None);
    }
    let system = request.system.iter().filter_map(|system| text(system)).collect();
    let model = request.model.as_deref().unwrap_or(default_model);
    Body { model, max_tokens: request.max_output_tokens.max(1), stream: true, tools, tool_choice, system, messages }
}

fn tool(tool: &ToolSpec) -> Tool<'_> {
    let schema = Cow::Borrowed(&tool.input_schema);
    Tool { name: Cow::Borrowed(&tool.name), description: &tool.description, input_schema: schema }
}

fn used_tools<'a>(messages: &[Message<'a>]) -> Vec<Tool<'a>> {
    let used: BTreeSet<_> = messages
        .iter()
        .flat_map(|message| &message.content)
        .filter_map(|part| match part {
            Part::Ours(Ours::ToolUse { name, .. }) => Some(name.clone()),
            _ => None,
        })
        .collect();
    let schema = serde_json::json!({"type": "object"});
    used.into_iter().map(|name| Tool { name, description: "", input_schema: Cow::Owned(schema.clone()) }).collect()
}

fn messages(messages: &[PromptMessage]) -> Vec<Message<'_>> {
    let mut out: Vec<Message> = Vec::new();
    for message in messages {
        let role = if message.role == MessageRole::Assistant { "assistant" } else { "user" };
        let parts = message.content.iter().filter_map(|block| part(role, block));
        match out.last_mut() {
            Some(last) if last.role == role => last.content.extend(parts),
            _ => out.push(Message { role, content: parts.collect() }),
        }
    }
    let last = out.len().saturating_sub(1);
    for (index, message) in out.iter_mut().enumerate() {
        if message.role == "assistant" && index < last {
            drop_unanswered(&mut message.content);
        } else if message.role == "assistant" {
            make_continuable(&mut message.content);
        }
    }
    out.retain(|message| !message.content.is_empty());
    // Leaving one out may have brought two of a role together.
    out.dedup_by(|next, previous| {
        let same = next.role == previous.role;
        if same {
            previous.content.append(&mut next.content);
        }
        same
    });
    for message in out.iter_mut().filter(|message| message.role == "user") {
        // Stable: results keep their order, and so does the rest.
        message.content.sort_by_key(|part| !matches!(part, Part::Ours(Ours::ToolResult { .. })));
    }
    out
}

fn part<'a>(role: &str, block: &'a Block) -> Option<Part<'a>> {
    let is_reply = role == "assistant";
    match block {
        Block::Text { text: plain, raw } => match raw.as_ref().filter(|_| is_reply).and_then(theirs) {
            Some(raw) if raw.head.kind == "text" && !plain.trim().is_empty() => Some(Part::Theirs(raw)),
            _ => text(plain),
        },
        Block::Thinking { raw, .. } if is_reply => {
            let raw = theirs(raw.as_ref()?)?;
            let is_signed = raw.head.signature.as_ref().is_some_and(|signature| !signature.is_empty());
            (raw.head.kind == "thinking" && is_signed).then_some(Part::Theirs(raw))
        }
        Block::Opaque { raw } if is_reply => theirs(raw).map(Part::Theirs),
        Block::ToolUse { id, name, input } if is_reply => {
            let input = Some(input.as_str()).filter(|input| is_json_object(input)).unwrap_or("{}");
            let input = serde_json::from_str(input).ok()?;
            Some(Part::Ours(Ours::ToolUse { id: wire_id(*id), name: wire_name(name), input }))
        }
        Block::ToolResult { tool_call_id, text, is_error } if !is_reply => {
            // An error must say something.
            let content = if *is_error && text.trim().is_empty() { "The tool failed." } else { text };
            let tool_use_id = wire_id(*tool_call_id);
            Some(Part::Ours(Ours::ToolResult { tool_use_id, content, is_error: *is_error }))
        }
        _ => None,
    }
}

fn text(text: &str) -> Option<Part<'_>> {
    (!text.trim().is_empty()).then_some(Part::Ours(Ours::Text { text }))
}

/// A block of this API's own making.
fn theirs(raw: &RawBlock) -> Option<Theirs<'_>> {
    if raw.provider != NAME {
        return None;
    }
    Some(Theirs { json: serde_json::from_str(&raw.json).ok()?, head: serde_json::from_str(&raw.json).ok()? })
}

/// A server-side call whose result was cut off is refused, unless the reply is to be continued from there.
fn drop_unanswered(content: &mut Vec<Part>) {
    let heads = content.iter().filter_map(|part| match part {
        Part::Theirs(theirs) => theirs.head.tool_use_id.clone(),
        Part::Ours(_) => None,
    });
    let answered: HashSet<_> = heads.collect();
    content.retain(|part| match part {
        Part::Theirs(Theirs { head: Head { kind, id: Some(id), .. }, .. }) => {
            !matches!(kind.as_str(), "server_tool_use" | "mcp_tool_use") || answered.contains(id)
        }
        _ => true,
    });
}

/// A reply that is to be continued may not end with thinking or with white space.
fn make_continuable(content: &mut Vec<Part>) {
    while let Some(Part::Theirs(Theirs { head: Head { kind, .. }, .. })) = content.last()
        && matches!(kind.as_str(), "thinking" | "redacted_thinking")
    {
        content.pop();
    }
    if let Some(Part::Ours(Ours::Text { text })) = content.last_mut() {
        *text = text.trim_end();
    }
}

/// Our id in the form of theirs.
fn wire_id(id: ToolCallId) -> String {
    format!("toolu_{}", id.0.simple())
}

/// The name of a tool as a model wrote it, perhaps another provider's, in the form that is accepted.
fn wire_name(name: &str) -> Cow<'_, str> {
    let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    if (1..=128).contains(&name.len()) && name.chars().all(fits) {
        return Cow::Borrowed(name);
    }
    let fitting: String =
        name.chars().take(128).map(|character| if fits(character) { character } else { '_' }).collect();
    Cow::Owned(if fitting.is_empty() { "unnamed".to_owned() } else { fitting })
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
