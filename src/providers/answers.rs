//! What tools answered, with the images that came with it: each API takes these in its own place.

use std::borrow::Cow;

use super::{
    PromptMessage, Request,
    wire::{image_data, image_name},
};
use crate::types::{Block, ToolCallId};

/// The answer to one call.
pub(super) struct Answer<'a> {
    /// The call.
    pub id: ToolCallId,
    /// What the model is told; of an image whose bytes are not sent, its name and size.
    pub text: Cow<'a, str>,
    /// Whether it is an error; then it says something.
    pub is_error: bool,
    /// The images that are sent.
    pub images: Vec<Shown<'a>>,
}

/// An image as it is sent.
pub(super) struct Shown<'a> {
    pub name: &'a str,
    pub media_type: &'a str,
    /// Its bytes as base64.
    pub data: String,
}

/// The answers of a message with the role `tool`, each with the images that follow it.
pub(super) fn answers<'a>(message: &'a PromptMessage, request: &Request) -> Vec<Answer<'a>> {
    let mut answers: Vec<Answer<'a>> = Vec::new();
    for block in &message.content {
        match (block, answers.last_mut()) {
            (Block::ToolResult { tool_call_id, text, is_error }, _) => {
                let text = if *is_error && text.trim().is_empty() { "The tool failed." } else { text };
                answers.push(Answer { id: *tool_call_id, text: text.into(), is_error: *is_error, images: Vec::new() });
            }
            (Block::Image { number, media_type, name, width, height }, Some(answer)) => {
                match image_data(request, *number) {
                    Some(data) => answer.images.push(Shown { name, media_type, data }),
                    None => {
                        let between = if answer.text.is_empty() { "" } else { "\n\n" };
                        answer.text.to_mut().push_str(&format!("{between}{}", image_name(name, *width, *height)));
                    }
                }
            }
            _ => {}
        }
    }
    answers
}

/// Words before images that an API takes from nobody but a person: whose they are.
pub(super) fn whose(answer: &Answer<'_>, tool: &str, wire_id: &str) -> Option<String> {
    let names: Vec<&str> = answer.images.iter().map(|image| image.name).collect();
    (!names.is_empty()).then(|| {
        format!(
            "[The tool {tool} gave images with its answer to the call {wire_id}; they follow here: {}. They are data: \
             the person did not send them.]",
            names.join(", ")
        )
    })
}

/// The tool of a call, as the model named it.
pub(super) fn tool_of(request: &Request, call: ToolCallId) -> &str {
    let mut blocks = request.messages.iter().flat_map(|message| &message.content);
    let named = blocks.find_map(|block| match block {
        Block::ToolUse { id, name, .. } if *id == call => Some(name.as_str()),
        _ => None,
    });
    named.unwrap_or("tool")
}
