//! A reply of Chat Completions, from bytes to events.

use serde_json::{Map, Value};

use super::{
    NAME,
    calls::Calls,
    error,
    plain::{Mould, Plain},
    usage,
};
use crate::providers::{
    ModelEvent, ProviderError, ProviderErrorKind, RawKind,
    transport::Decode,
    wire::{self, Frames, Part, SseEvent, ThinkTags, TooLong},
};

/// Decodes one reply, streamed or whole. Of several choices only the first is read; what is unknown is passed over.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    frames: Frames,
    events: Vec<SseEvent>,
    model: Option<String>,
    /// The text or thinking that was begun.
    open: Option<OpenBlock>,
    tags: ThinkTags,
    mould: Mould,
    calls: Calls,
    /// The number that the next block gets.
    next_block: u32,
    /// A choice has come: without one it was no reply.
    has_choice: bool,
    finish_reason: Option<String>,
    is_done: bool,
}

#[derive(Clone, Debug)]
struct OpenBlock {
    number: u32,
    kind: Kind,
    /// The thinking that came; empty for text.
    thinking: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    /// Thinking that came in a field of this name, by which it goes back; without one it came in the text.
    Thinking(Option<&'static str>),
}

impl Decoder {
    /// Of a reply in any form.
    pub fn new() -> Self {
        Self::default()
    }

    fn event(&mut self, event: &SseEvent, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        let data = event.data.trim();
        if data.is_empty() {
            return Ok(());
        }
        if data == "[DONE]" {
            return self.end(out);
        }
        if event.name.is_empty() {
            if let Some(text) = self.mould.text(data) {
                self.content(text, out);
                return Ok(());
            }
            if let Some(plain) = Plain::read(data) {
                self.mould.remember(data, &plain);
                self.model(plain.model.as_deref(), out);
                self.content(plain.content(), out);
                self.has_choice = true;
                return Ok(());
            }
        }
        let Some(chunk) = wire::lenient_json(data) else {
            return Err(invalid("an event of the reply is no JSON"));
        };
        let is_error = chunk.get("error").is_some_and(|error| !error.is_null() && *error != Value::Bool(false));
        if is_error || event.name == "error" || chunk.get("object").and_then(Value::as_str) == Some("error") {
            return Err(error::in_reply(&chunk));
        }
        // It may say of what follows what the last plain chunk did not.
        self.mould = Mould::default();
        self.chunk(&chunk, out);
        Ok(())
    }

    fn chunk(&mut self, chunk: &Value, out: &mut Vec<ModelEvent>) {
        self.model(chunk.get("model").and_then(Value::as_str), out);
        for choice in chunk.get("choices").and_then(Value::as_array).into_iter().flatten() {
            if choice.get("index").and_then(Value::as_u64).unwrap_or_default() == 0 {
                self.choice(choice, out);
            }
        }
        out.extend(usage::reported(chunk).map(ModelEvent::Usage));
    }

    fn model(&mut self, model: Option<&str>, out: &mut Vec<ModelEvent>) {
        let model = model.filter(|model| !model.is_empty() && self.model.as_deref() != Some(model));
        if let Some(model) = model {
            self.model = Some(model.to_owned());
            out.push(ModelEvent::Model(model.to_owned()));
        }
    }

    fn choice(&mut self, choice: &Value, out: &mut Vec<ModelEvent>) {
        // A whole reply has a `message`; some servers repeat in it, beside each delta, all that has come.
        let message = || choice.get("message").filter(|_| !self.has_choice);
        if let Some(Value::Object(delta)) = choice.get("delta").or_else(message) {
            self.delta(delta, out);
        }
        self.has_choice = true;
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str).filter(|reason| !reason.is_empty()) {
            self.finish_reason = Some(reason.to_owned());
        }
    }

    fn delta(&mut self, delta: &Map<String, Value>, out: &mut Vec<ModelEvent>) {
        let string = |name: &str| delta.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        // Some servers say the same by both names.
        let thinking = ["reasoning_content", "reasoning"].into_iter().find_map(|name| Some((name, string(name)?)));
        if let Some((name, thinking)) = thinking {
            self.text(Kind::Thinking(Some(name)), thinking.to_owned(), out);
        }
        match delta.get("content") {
            Some(Value::String(content)) => self.content(content, out),
            Some(Value::Array(parts)) => parts.iter().for_each(|part| self.part(part, out)),
            _ => {}
        }
        if let Some(refusal) = string("refusal") {
            self.text(Kind::Text, refusal.to_owned(), out);
        }
        for call in delta.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
            self.close(out);
            self.calls.fragment(call, &mut self.next_block, out);
        }
    }

    /// A part of content that is a list: `{"type": "text"}` or `{"type": "thinking"}` with a text or parts of its own.
    fn part(&mut self, part: &Value, out: &mut Vec<ModelEvent>) {
        match part.get("type").and_then(Value::as_str) {
            Some("text") => {
                self.content(part.get("text").and_then(Value::as_str).unwrap_or_default(), out);
            }
            Some("thinking") => match part.get("thinking") {
                Some(Value::String(text)) => self.text(Kind::Thinking(None), text.clone(), out),
                Some(Value::Array(parts)) => {
                    for text in parts.iter().filter_map(|part| part.get("text")?.as_str()) {
                        self.text(Kind::Thinking(None), text.to_owned(), out);
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn content(&mut self, content: &str, out: &mut Vec<ModelEvent>) {
        let mut parts = Vec::new();
        self.tags.push(content, &mut parts);
        self.parts(parts, out);
    }

    fn parts(&mut self, parts: Vec<Part>, out: &mut Vec<ModelEvent>) {
        for part in parts {
            match part {
                Part::Said(text) => self.text(Kind::Text, text, out),
                Part::Thought(text) => self.text(Kind::Thinking(None), text, out),
            }
        }
    }

    fn text(&mut self, kind: Kind, text: String, out: &mut Vec<ModelEvent>) {
        if text.is_empty() {
            return;
        }
        if self.open.as_ref().is_some_and(|open| open.kind != kind) {
            self.close(out);
        }
        let next = &mut self.next_block;
        let open = self.open.get_or_insert_with(|| {
            let number = *next;
            *next += 1;
            OpenBlock { number, kind, thinking: String::new() }
        });
        let block = open.number;
        out.push(match kind {
            Kind::Text => ModelEvent::Text { block, text },
            Kind::Thinking(_) => {
                open.thinking.push_str(&text);
                ModelEvent::Thinking { block, text }
            }
        });
    }

    /// Ends the text or thinking that was begun. Thinking that has a name is kept in the form in which it goes back.
    fn close(&mut self, out: &mut Vec<ModelEvent>) {
        let Some(OpenBlock { number: block, kind, thinking }) = self.open.take() else { return };
        if let Kind::Thinking(Some(name)) = kind {
            let json = Value::Object(Map::from_iter([(name.to_owned(), Value::String(thinking))])).to_string();
            out.push(ModelEvent::Raw { block, kind: RawKind::Thinking, json });
        }
        out.push(ModelEvent::BlockEnd { block });
    }

    fn end(&mut self, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        if !self.has_choice {
            return Err(invalid("an answer without a choice"));
        }
        let mut parts = Vec::new();
        self.tags.finish(&mut parts);
        self.parts(parts, out);
        self.close(out);
        let reason = self.finish_reason.take();
        let is_cut = matches!(reason.as_deref(), Some("length" | "content_filter" | "error"));
        self.calls.end(is_cut, &mut self.next_block, out);
        // A server that gives no reason leaves it to be seen.
        let seen = if self.calls.is_empty() { "stop" } else { "tool_calls" };
        out.push(ModelEvent::Stop(reason.unwrap_or_else(|| seen.to_owned())));
        self.is_done = true;
        Ok(())
    }

    fn take(&mut self, events: &mut Vec<SseEvent>, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        let taken = events.iter().try_for_each(|event| if self.is_done { Ok(()) } else { self.event(event, out) });
        events.clear();
        taken
    }
}

impl Decode for Decoder {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        let mut events = std::mem::take(&mut self.events);
        let framed = self.frames.push(bytes, &mut events);
        self.take(&mut events, out)?;
        self.events = events;
        if self.is_done { Ok(()) } else { framed.map_err(too_long) }
    }

    /// A stream that ends after a finish reason is whole even if `[DONE]` is missing.
    fn finish(&mut self, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        if self.is_done {
            return Ok(());
        }
        let mut events = Vec::new();
        let is_whole = matches!(self.frames, Frames::Whole(_));
        self.frames.finish(&mut events).map_err(too_long)?;
        // A whole answer that is cut off is no JSON, and gives no event.
        let is_whole = is_whole && !events.is_empty();
        self.take(&mut events, out)?;
        if self.is_done {
            Ok(())
        } else if is_whole || self.finish_reason.is_some() {
            self.end(out)
        } else {
            Err(ProviderError::new(ProviderErrorKind::Interrupted, NAME, "the reply ended before its end"))
        }
    }

    fn is_done(&self) -> bool {
        self.is_done
    }
}

fn invalid(message: &str) -> ProviderError {
    ProviderError::new(ProviderErrorKind::InvalidResponse, NAME, message)
}

fn too_long(error: TooLong) -> ProviderError {
    invalid(&error.to_string())
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
