//! A request of Ollama's own chat.

use std::{borrow::Cow, collections::HashMap};

use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::NAME;
use crate::{
    providers::{
        PromptMessage, Request, ToolChoice,
        answers::{Answer, answers, tool_of, whose},
        estimate,
        reply::is_json_object,
        wire::{image_data, image_name, tool_name},
    },
    types::{Block, MessageRole, ToolCallId},
};

/// The most characters of a tool's name; Ollama sets no limit.
const LONGEST_NAME: usize = 128;

/// The smallest context that is asked for. Ollama's own default, 4,096 on many machines, is soon full.
const SMALLEST_CONTEXT: u32 = 8192;

/// The body of a request.
#[derive(Debug, Serialize)]
pub struct Body<'a> {
    model: &'a str,
    stream: bool,
    /// An error instead of a conversation that is cut silently; servers that do not know it pass it over.
    truncate: bool,
    options: Options<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    messages: Vec<Message<'a>>,
}

#[derive(Debug, Serialize)]
struct Options<'a> {
    num_predict: u32,
    num_ctx: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop: &'a [String],
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", content = "function", rename_all = "snake_case")]
enum Tool<'a> {
    Function { name: Cow<'a, str>, description: &'a str, parameters: &'a Value },
}

#[derive(Debug, Default, Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Cow<'a, str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    thinking: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<Call<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<String>,
}

#[derive(Debug, Serialize)]
struct Call<'a> {
    id: String,
    function: Function<'a>,
}

#[derive(Debug, Serialize)]
struct Function<'a> {
    name: Cow<'a, str>,
    arguments: &'a RawValue,
}

/// What is known of a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its longest context, where the server says so.
    pub longest_context: Option<u32>,
    /// Whether it takes no tools: a request that offers any is refused.
    pub without_tools: bool,
}

/// The body for a request to `model`.
///
/// Messages of one role become one. Blank texts, messages without content and blocks of other makers are left out;
/// arguments that are no JSON object go as `{}`. What the model thought goes back only within the turn that runs.
pub fn encode<'a>(request: &'a Request, model: &'a str, known: Known) -> Body<'a> {
    let mut messages: Vec<Message> = Vec::new();
    let system = request.system.as_deref().filter(|system| !system.trim().is_empty());
    messages.extend(system.map(|system| Message { role: "system", content: system.into(), ..Message::default() }));
    let this_turn = request.messages.iter().rposition(|message| message.role == MessageRole::User).unwrap_or(0);
    let mut names = HashMap::new();
    let mut shown = Vec::new();
    for (index, message) in request.messages.iter().enumerate() {
        if message.role != MessageRole::Tool {
            shown.drain(..).for_each(|images| add(&mut messages, images));
        }
        match message.role {
            MessageRole::Assistant => add(&mut messages, reply(message, index > this_turn, &mut names)),
            MessageRole::Tool => shown.push(results(&mut messages, message, request, &names)),
            MessageRole::User => add(&mut messages, question(message, request)),
        }
    }
    shown.drain(..).for_each(|images| add(&mut messages, images));
    // It knows no other word on tools than whether there are any.
    let is_told = !known.without_tools && request.tool_choice != ToolChoice::None;
    let tools = request.tools.iter().filter(|_| is_told).map(|tool| Tool::Function {
        name: tool_name(&tool.name, LONGEST_NAME),
        description: &tool.description,
        parameters: &tool.input_schema,
    });
    let options = Options {
        num_predict: request.max_output_tokens.max(1),
        num_ctx: context(request, known.longest_context),
        temperature: request.temperature,
        stop: &request.stop,
    };
    Body { model, stream: true, truncate: false, options, tools: tools.collect(), messages }
}

/// How large a context to ask for: Ollama takes its small default otherwise, and forgets the beginning of what does
/// not fit without a word. Half as much again as the request probably has, and the reply; as a power of two, since
/// each other size loads the model anew; never more than the model can, and never less than [`SMALLEST_CONTEXT`].
fn context(request: &Request, longest: Option<u32>) -> u32 {
    let input = u32::try_from(estimate::input(request)).unwrap_or(u32::MAX);
    let needed = input.saturating_add(input / 2).saturating_add(request.max_output_tokens);
    let asked = needed.max(SMALLEST_CONTEXT).checked_next_power_of_two().unwrap_or(u32::MAX);
    asked.min(longest.unwrap_or(u32::MAX))
}

/// Adds a message, or adds it to one of the same role.
fn add<'a>(messages: &mut Vec<Message<'a>>, mut message: Message<'a>) {
    if message.content.trim().is_empty() && message.images.is_empty() && message.tool_calls.is_empty() {
        return;
    }
    match messages.last_mut() {
        Some(last) if last.role == message.role && last.tool_calls.is_empty() => {
            last.content = match (last.content.is_empty(), message.content.is_empty()) {
                (true, _) => message.content,
                (_, true) => std::mem::take(&mut last.content),
                _ => Cow::Owned(format!("{}\n\n{}", last.content, message.content)),
            };
            last.thinking.push_str(&message.thinking);
            last.images.append(&mut message.images);
            last.tool_calls.append(&mut message.tool_calls);
        }
        _ => messages.push(message),
    }
}

fn reply<'a>(
    message: &'a PromptMessage,
    is_this_turn: bool,
    names: &mut HashMap<ToolCallId, Cow<'a, str>>,
) -> Message<'a> {
    let mut said = Message { role: "assistant", ..Message::default() };
    for block in &message.content {
        match block {
            Block::Text { text, .. } => said.content.to_mut().push_str(text),
            Block::Thinking { text, raw: Some(raw) } if is_this_turn && raw.provider == NAME => {
                said.thinking.push_str(text);
            }
            Block::ToolUse { id, name, input } => {
                let input = if is_json_object(input) { input } else { "{}" };
                let Ok(arguments) = serde_json::from_str(input) else { continue };
                let name = tool_name(name, LONGEST_NAME);
                names.insert(*id, name.clone());
                said.tool_calls.push(Call { id: wire_id(*id), function: Function { name, arguments } });
            }
            _ => {}
        }
    }
    if said.content.trim().is_empty() {
        said.content = Cow::default();
    }
    said
}

/// What tools answered. Many models' templates show images in a person's message alone: they follow when all calls are
/// answered, in the one that is given back and says whose they are.
fn results<'a>(
    messages: &mut Vec<Message<'a>>,
    message: &'a PromptMessage,
    request: &'a Request,
    names: &HashMap<ToolCallId, Cow<'a, str>>,
) -> Message<'a> {
    let mut shown = Message { role: "user", ..Message::default() };
    let mut words = Vec::new();
    for answer in answers(message, request) {
        let id = wire_id(answer.id);
        words.extend(whose(&answer, &tool_name(tool_of(request, answer.id), LONGEST_NAME), &id));
        let Answer { id: call, text: content, images, .. } = answer;
        shown.images.extend(images.into_iter().map(|image| image.data));
        let tool_name = names.get(&call).cloned();
        messages.push(Message { role: "tool", content, tool_name, tool_call_id: Some(id), ..Message::default() });
    }
    shown.content = words.join("\n\n").into();
    shown
}

fn question<'a>(message: &'a PromptMessage, request: &Request) -> Message<'a> {
    let mut asked = Message { role: "user", ..Message::default() };
    let mut texts: Vec<Cow<str>> = Vec::new();
    for block in &message.content {
        match block {
            Block::Text { text, .. } if !text.trim().is_empty() => texts.push(text.into()),
            Block::Image { number, name, width, height, .. } => match image_data(request, *number) {
                Some(data) => asked.images.push(data),
                None => texts.push(image_name(name, *width, *height).into()),
            },
            _ => {}
        }
    }
    asked.content = Cow::Owned(texts.join("\n\n"));
    asked
}

fn wire_id(id: ToolCallId) -> String {
    format!("call_{}", id.0.simple())
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
