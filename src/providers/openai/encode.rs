//! A request of Chat Completions.

use std::{borrow::Cow, collections::BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{
    NAME,
    dialect::{Dialect, Limit},
};
use crate::{
    providers::{
        PromptMessage, Request, ToolChoice,
        answers::{Answer, answers, tool_of, whose},
        reply::is_json_object,
        wire::{image_data, image_name, tool_name},
    },
    types::{Block, MessageRole, ToolCallId},
};

/// The most characters of a tool's name.
const LONGEST_NAME: usize = 64;

/// The body of a request.
#[derive(Debug, Serialize)]
pub struct Body<'a> {
    model: &'a str,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<Choice<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop: &'a [String],
    messages: Vec<Message<'a>>,
}

/// A word, or the tool that the model must ask for.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Choice<'a> {
    Word(&'static str),
    Tool {
        #[serde(rename = "type")]
        kind: &'static str,
        function: Named<'a>,
    },
}

#[derive(Debug, Serialize)]
struct Named<'a> {
    name: Cow<'a, str>,
}

impl Body<'_> {
    /// Whether the model is told of tools.
    pub(super) fn has_tools(&self) -> bool {
        !self.tools.is_empty()
    }
}

#[derive(Debug, Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", content = "function", rename_all = "snake_case")]
enum Tool<'a> {
    Function {
        name: Cow<'a, str>,
        #[serde(skip_serializing_if = "str::is_empty")]
        description: &'a str,
        parameters: Cow<'a, Value>,
    },
}

#[derive(Debug, Serialize)]
#[serde(tag = "role", rename_all = "snake_case")]
enum Message<'a> {
    System {
        content: &'a str,
    },
    User {
        content: Content<'a>,
    },
    Assistant {
        /// `null` beside calls without text.
        content: Option<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<Call<'a>>,
        /// What the model thought, under the name it came by.
        #[serde(flatten)]
        thinking: Map<String, Value>,
    },
    Tool {
        tool_call_id: String,
        content: Cow<'a, str>,
    },
}

/// Text alone goes as a string: many servers know nothing else.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(String),
    Parts(Vec<Part<'a>>),
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Text { text: Cow<'a, str> },
    ImageUrl { image_url: ImageUrl },
}

#[derive(Debug, Serialize)]
struct ImageUrl {
    url: String,
}

#[derive(Debug, Serialize)]
struct Call<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    function: Function<'a>,
}

#[derive(Debug, Serialize)]
struct Function<'a> {
    name: Cow<'a, str>,
    arguments: &'a str,
}

/// The body for a request; `default_model` where it names none.
///
/// Messages of one role become one, since the templates of many models want roles to alternate. Blank texts, messages
/// without content and blocks of other makers are left out; arguments that are no JSON object go as `{}`, since some
/// servers read them again. What the model thought goes back only within the turn that runs.
pub fn encode<'a>(request: &'a Request, default_model: &'a str, dialect: Dialect) -> Body<'a> {
    let mut messages: Vec<_> = request
        .system
        .iter()
        .filter(|system| !system.trim().is_empty())
        .map(|system| Message::System { content: system })
        .collect();
    let this_turn = request.messages.iter().rposition(|message| message.role == MessageRole::User).unwrap_or(0);
    let mut shown = Vec::new();
    for (index, message) in request.messages.iter().enumerate() {
        if message.role != MessageRole::Tool {
            ask(&mut messages, std::mem::take(&mut shown));
        }
        match message.role {
            MessageRole::Assistant => {
                let is_returned = dialect.returns_thinking && index > this_turn;
                reply(&mut messages, message, if is_returned { thinking(message) } else { Map::new() });
            }
            MessageRole::Tool => shown.extend(results(&mut messages, message, request)),
            MessageRole::User => ask(&mut messages, question(message, request)),
        }
    }
    ask(&mut messages, shown);
    let mut tools: Vec<_> = request
        .tools
        .iter()
        .filter(|_| !dialect.without_tools)
        .map(|tool| Tool::Function {
            name: tool_name(&tool.name, LONGEST_NAME),
            description: &tool.description,
            parameters: Cow::Borrowed(&tool.input_schema),
        })
        .collect();
    let mut tool_choice = choice(request).filter(|_| !tools.is_empty());
    if tools.is_empty() && !dialect.without_tools {
        // Gateways to other APIs refuse a conversation with calls without tools, even when none is offered any more.
        tools = used_tools(&request.messages);
        tool_choice = (!tools.is_empty()).then_some(Choice::Word("none"));
    }
    let most = Some(request.max_output_tokens.max(1));
    Body {
        model: request.model.as_deref().filter(|model| !model.is_empty()).unwrap_or(default_model),
        stream: true,
        stream_options: dialect.asks_for_usage.then_some(StreamOptions { include_usage: true }),
        max_tokens: most.filter(|_| dialect.limit == Limit::MaxTokens),
        max_completion_tokens: most.filter(|_| dialect.limit == Limit::MaxCompletionTokens),
        reasoning_effort: (dialect.without_effort && !tools.is_empty()).then_some("none"),
        tools,
        tool_choice,
        temperature: request.temperature,
        stop: &request.stop,
        messages,
    }
}

/// Servers choose by themselves where nothing is said.
fn choice(request: &Request) -> Option<Choice<'_>> {
    match &request.tool_choice {
        ToolChoice::Auto => None,
        ToolChoice::None => Some(Choice::Word("none")),
        ToolChoice::Required => Some(Choice::Word("required")),
        ToolChoice::Tool(name) => {
            Some(Choice::Tool { kind: "function", function: Named { name: tool_name(name, LONGEST_NAME) } })
        }
    }
}

fn used_tools(messages: &[PromptMessage]) -> Vec<Tool<'_>> {
    let blocks = messages.iter().flat_map(|message| &message.content);
    let used: BTreeSet<_> = blocks
        .filter_map(|block| match block {
            Block::ToolUse { name, .. } => Some(tool_name(name, LONGEST_NAME)),
            _ => None,
        })
        .collect();
    let schema = serde_json::json!({"type": "object", "properties": {}});
    let tool = |name| Tool::Function { name, description: "", parameters: Cow::Owned(schema.clone()) };
    used.into_iter().map(tool).collect()
}

/// What the model thought in this message, as it came.
fn thinking(message: &PromptMessage) -> Map<String, Value> {
    let mut fields = Map::new();
    for block in &message.content {
        let Block::Thinking { raw: Some(raw), .. } = block else { continue };
        if raw.provider != NAME {
            continue;
        }
        let Ok(raw) = serde_json::from_str::<Map<String, Value>>(&raw.json) else { continue };
        for (name, value) in raw {
            let Value::String(more) = value else { continue };
            match fields.get_mut(&name) {
                Some(Value::String(text)) => text.push_str(&more),
                _ => drop(fields.insert(name, Value::String(more))),
            }
        }
    }
    fields
}

fn reply<'a>(messages: &mut Vec<Message<'a>>, message: &'a PromptMessage, thought: Map<String, Value>) {
    let text: String = message
        .content
        .iter()
        .filter_map(|block| match block {
            Block::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let text = Some(text).filter(|text| !text.trim().is_empty());
    let calls: Vec<_> = message
        .content
        .iter()
        .filter_map(|block| match block {
            Block::ToolUse { id, name, input } => {
                let arguments = if is_json_object(input) { input } else { "{}" };
                let function = Function { name: tool_name(name, LONGEST_NAME), arguments };
                Some(Call { id: wire_id(*id), kind: "function", function })
            }
            _ => None,
        })
        .collect();
    if text.is_none() && calls.is_empty() {
        return;
    }
    match messages.last_mut() {
        Some(Message::Assistant { content: Some(before), tool_calls, thinking }) if tool_calls.is_empty() => {
            if let Some(text) = text {
                before.push_str("\n\n");
                before.push_str(&text);
            }
            *tool_calls = calls;
            thinking.extend(thought);
        }
        _ => messages.push(Message::Assistant { content: text, tool_calls: calls, thinking: thought }),
    }
}

/// What tools answered. A tool's message is text alone: the images, which are given back, follow when all calls are
/// answered, in a message that says whose they are.
fn results<'a>(messages: &mut Vec<Message<'a>>, message: &'a PromptMessage, request: &'a Request) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    for answer in answers(message, request) {
        let tool_call_id = wire_id(answer.id);
        let tool = tool_name(tool_of(request, answer.id), LONGEST_NAME);
        parts.extend(whose(&answer, &tool, &tool_call_id).map(|text| Part::Text { text: text.into() }));
        let Answer { text: content, images, .. } = answer;
        parts.extend(images.into_iter().map(|image| image_part(image.media_type, &image.data)));
        messages.push(Message::Tool { tool_call_id, content });
    }
    parts
}

fn image_part<'a>(media_type: &str, data: &str) -> Part<'a> {
    Part::ImageUrl { image_url: ImageUrl { url: format!("data:{media_type};base64,{data}") } }
}

fn question<'a>(message: &'a PromptMessage, request: &Request) -> Vec<Part<'a>> {
    let part = |block: &'a Block| match block {
        Block::Text { text, .. } => {
            (!text.trim().is_empty()).then_some(Part::Text { text: Cow::Borrowed(text.as_str()) })
        }
        Block::Image { number, media_type, name, width, height } => Some(match image_data(request, *number) {
            Some(data) => image_part(media_type, &data),
            None => Part::Text { text: Cow::Owned(image_name(name, *width, *height)) },
        }),
        _ => None,
    };
    message.content.iter().filter_map(part).collect()
}

/// Adds what stands in the person's place, or adds it to what stands there already.
fn ask<'a>(messages: &mut Vec<Message<'a>>, mut parts: Vec<Part<'a>>) {
    if parts.is_empty() {
        return;
    }
    let has_image = |parts: &[Part]| parts.iter().any(|part| matches!(part, Part::ImageUrl { .. }));
    if let Some(Message::User { content }) = messages.last_mut() {
        let before = std::mem::replace(content, Content::Parts(Vec::new()));
        let mut all = match before {
            Content::Text(text) => vec![Part::Text { text: Cow::Owned(text) }],
            Content::Parts(parts) => parts,
        };
        all.append(&mut parts);
        *content = if has_image(&all) { Content::Parts(all) } else { Content::Text(joined(&all)) };
        return;
    }
    let content = if has_image(&parts) { Content::Parts(parts) } else { Content::Text(joined(&parts)) };
    messages.push(Message::User { content });
}

fn joined(parts: &[Part]) -> String {
    let texts = parts.iter().filter_map(|part| match part {
        Part::Text { text } => Some(text.as_ref()),
        Part::ImageUrl { .. } => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

/// Our id in a form that the whole family takes: Mistral wants nine letters and digits, OpenAI at most forty. The
/// same id gives the same nine; that two of a conversation give the same has a chance of one in 10^15 for each pair.
fn wire_id(id: ToolCallId) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let hash = Sha256::digest(id.0.as_bytes());
    let mut number = hash.iter().take(8).fold(0u64, |number, byte| (number << 8) | u64::from(*byte));
    let letter = |_| {
        let letter = LETTERS.get(usize::try_from(number % 62).ok()?).copied();
        number /= 62;
        letter.map(char::from)
    };
    (0..9).filter_map(letter).collect()
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
