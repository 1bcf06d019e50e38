//! A request of the Messages API.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
};

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::NAME;
use crate::{
    providers::{
        Request, ToolChoice, ToolSpec,
        answers::{Answer, answers, tool_of, whose},
        reply::is_json_object,
        wire::{image_data, image_name, tool_name},
    },
    types::{Block, MessageRole, RawBlock, ToolCallId},
};

/// The most characters of a tool's name.
const LONGEST_NAME: usize = 128;

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
    tool_choice: Option<Choice<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stop_sequences: Vec<&'a str>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_control: Option<CacheControl>,
}

/// Marks the end of what is to be cached: everything up to and with the block that carries it.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum CacheControl {
    Ephemeral,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Choice<'a> {
    None,
    Any,
    Tool { name: Cow<'a, str> },
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
    Ours(Marked<'a>),
    Theirs(Theirs<'a>),
}

#[derive(Debug, Serialize)]
struct Marked<'a> {
    #[serde(flatten)]
    block: Ours<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_control: Option<CacheControl>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Ours<'a> {
    Text {
        text: Cow<'a, str>,
    },
    Image {
        source: Source<'a>,
    },
    ToolUse {
        id: String,
        name: Cow<'a, str>,
        input: &'a RawValue,
    },
    ToolResult {
        tool_use_id: String,
        #[serde(skip_serializing_if = "Content::is_empty")]
        content: Content<'a>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_error: bool,
    },
}

/// What a tool answered: text, or text with images.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(Cow<'a, str>),
    Parts(Vec<Ours<'a>>),
}

impl Content<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Parts(parts) => parts.is_empty(),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Source<'a> {
    Base64 { media_type: &'a str, data: String },
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
    let mut messages = messages(request);
    let mut tools: Vec<_> = request.tools.iter().map(tool).collect();
    let mut tool_choice = choice(request).filter(|_| !tools.is_empty());
    if tools.is_empty() {
        // A conversation with calls is refused without tools, even when none is offered any more.
        tools = used_tools(&messages);
        tool_choice = (!tools.is_empty()).then_some(Choice::None);
    }
    let mut system: Vec<_> = request.system.iter().filter_map(|system| text(system)).collect();
    let model = request.model.as_deref().filter(|model| !model.is_empty()).unwrap_or(default_model);
    mark_for_cache(&mut tools, &mut system, &mut messages);
    Body {
        model,
        max_tokens: request.max_output_tokens.max(1),
        stream: true,
        tools,
        tool_choice,
        // This API knows nothing above 1.
        temperature: request.temperature.map(|temperature| temperature.min(1.0)),
        // Blank ones are refused.
        stop_sequences: request.stop.iter().map(String::as_str).filter(|stop| !stop.trim().is_empty()).collect(),
        system,
        messages,
    }
}

/// The model chooses by itself where nothing is said.
fn choice(request: &Request) -> Option<Choice<'_>> {
    match &request.tool_choice {
        ToolChoice::Auto => None,
        ToolChoice::None => Some(Choice::None),
        ToolChoice::Required => Some(Choice::Any),
        ToolChoice::Tool(name) => Some(Choice::Tool { name: tool_name(name, LONGEST_NAME) }),
    }
}

/// Marks what the next request will begin with as well: the tools with the standing instructions, and everything up to
/// and with the last message. The last message of the request before this one is marked again, so that what was
/// written then is found even if much has come since: the API looks back over twenty blocks only.
///
/// Three marks at most; four are allowed. Blank text and thinking, which may carry none, never do.
/// <https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching>
fn mark_for_cache(tools: &mut [Tool], system: &mut [Part], messages: &mut [Message]) {
    let mark = Some(CacheControl::Ephemeral);
    if let Some(Part::Ours(part)) = system.last_mut() {
        part.cache_control = mark;
    } else if let Some(tool) = tools.last_mut() {
        tool.cache_control = mark;
    }
    // Each request ends with what a person or a tool said; between two of them stands the reply.
    for message in messages.iter_mut().rev().filter(|message| message.role == "user").take(2) {
        if let Some(Part::Ours(part)) = message.content.last_mut() {
            part.cache_control = mark;
        }
    }
}

fn tool(tool: &ToolSpec) -> Tool<'_> {
    Tool {
        name: Cow::Borrowed(&tool.name),
        description: &tool.description,
        input_schema: Cow::Borrowed(&tool.input_schema),
        cache_control: None,
    }
}

fn used_tools<'a>(messages: &[Message<'a>]) -> Vec<Tool<'a>> {
    let used: BTreeSet<_> = messages
        .iter()
        .flat_map(|message| &message.content)
        .filter_map(|part| match part {
            Part::Ours(Marked { block: Ours::ToolUse { name, .. }, .. }) => Some(name.clone()),
            _ => None,
        })
        .collect();
    let schema = serde_json::json!({"type": "object"});
    let tool = |name| Tool { name, description: "", input_schema: Cow::Owned(schema.clone()), cache_control: None };
    used.into_iter().map(tool).collect()
}

fn messages(request: &Request) -> Vec<Message<'_>> {
    let mut out: Vec<Message> = Vec::new();
    for message in &request.messages {
        let role = if message.role == MessageRole::Assistant { "assistant" } else { "user" };
        let parts: Vec<Part> = match message.role {
            MessageRole::Tool => {
                answers(message, request).into_iter().flat_map(|answer| result(answer, request)).collect()
            }
            _ => message.content.iter().filter_map(|block| part(role, block, request)).collect(),
        };
        match out.last_mut() {
            Some(last) if last.role == role => last.content.extend(parts),
            _ => out.push(Message { role, content: parts }),
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
        let is_result = |part: &Part| matches!(part, Part::Ours(Marked { block: Ours::ToolResult { .. }, .. }));
        message.content.sort_by_key(|part| !is_result(part));
    }
    out
}

fn part<'a>(role: &str, block: &'a Block, request: &Request) -> Option<Part<'a>> {
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
            Some(ours(Ours::ToolUse { id: wire_id(*id), name: tool_name(name, LONGEST_NAME), input }))
        }
        Block::Image { number, media_type, name, width, height } if !is_reply => {
            Some(ours(match image_data(request, *number) {
                Some(data) => Ours::Image { source: Source::Base64 { media_type, data } },
                None => Ours::Text { text: Cow::Owned(image_name(name, *width, *height)) },
            }))
        }
        _ => None,
    }
}

/// A result, and what cannot stand in it: the API takes nothing but text in one that says that the tool failed, so its
/// images come behind all results, with whose they are.
fn result<'a>(answer: Answer<'a>, request: &Request) -> Vec<Part<'a>> {
    let wire_id = wire_id(answer.id);
    let whose = whose(&answer, tool_of(request, answer.id), &wire_id).filter(|_| answer.is_error);
    let Answer { text, is_error, images, .. } = answer;
    let result = |content| ours(Ours::ToolResult { tool_use_id: wire_id, content, is_error });
    let images: Vec<Ours> = images
        .into_iter()
        .map(|image| Ours::Image { source: Source::Base64 { media_type: image.media_type, data: image.data } })
        .collect();
    if let Some(whose) = whose {
        let words = Ours::Text { text: Cow::Owned(whose) };
        let behind = std::iter::once(words).chain(images).map(ours);
        return std::iter::once(result(Content::Text(text))).chain(behind).collect();
    }
    if images.is_empty() {
        return vec![result(Content::Text(text))];
    }
    let words = (!text.trim().is_empty()).then_some(Ours::Text { text });
    vec![result(Content::Parts(words.into_iter().chain(images).collect()))]
}

fn ours(block: Ours<'_>) -> Part<'_> {
    Part::Ours(Marked { block, cache_control: None })
}

fn text(text: &str) -> Option<Part<'_>> {
    (!text.trim().is_empty()).then(|| ours(Ours::Text { text: Cow::Borrowed(text) }))
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
    if let Some(Part::Ours(Marked { block: Ours::Text { text }, .. })) = content.last_mut() {
        let end = text.trim_end().len();
        text.to_mut().truncate(end);
    }
}

/// Our id in the form of theirs.
fn wire_id(id: ToolCallId) -> String {
    format!("toolu_{}", id.0.simple())
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
