//! A reply of Ollama's own chat, from bytes to events: one JSON text a line.

use serde_json::{Map, Value};

use super::{NAME, error};
use crate::{
    providers::{
        ModelEvent, ProviderError, ProviderErrorKind, RawKind,
        transport::Decode,
        wire::{self, JsonLines, Part, ThinkTags, TooLong},
    },
    types::Usage,
};

/// Decodes one reply, streamed or whole: a whole one is a stream of one line.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    lines: JsonLines,
    texts: Vec<String>,
    model: Option<String>,
    /// The text or thinking that was begun, and the number of its block.
    open: Option<(Kind, u32)>,
    tags: ThinkTags,
    /// The number that the next block gets.
    next_block: u32,
    is_done: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    /// Thinking that came in a field of its own, and goes back in it.
    Thinking,
    /// Thinking that came between tags in the text.
    Tagged,
}

impl Decoder {
    /// Of a reply in any form.
    pub fn new() -> Self {
        Self::default()
    }

    fn line(&mut self, line: &str, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        let Some(value) = wire::lenient_json(line) else {
            return Err(invalid("a line of the reply is no JSON"));
        };
        if value.get("error").is_some_and(|error| !error.is_null()) {
            return Err(error::in_reply(&value));
        }
        if value.get("message").is_none() && value.get("done").is_none() {
            return Err(invalid("an answer that is no message"));
        }
        let model = value.get("model").and_then(Value::as_str).filter(|model| !model.is_empty());
        if let Some(model) = model.filter(|model| self.model.as_deref() != Some(model)) {
            self.model = Some(model.to_owned());
            out.push(ModelEvent::Model(model.to_owned()));
        }
        if let Some(Value::Object(message)) = value.get("message") {
            self.message(message, out);
        }
        if value.get("done") == Some(&Value::Bool(true)) {
            self.end(&value, out);
        }
        Ok(())
    }

    fn message(&mut self, message: &Map<String, Value>, out: &mut Vec<ModelEvent>) {
        let string = |name: &str| message.get(name).and_then(Value::as_str).unwrap_or_default();
        self.text(Kind::Thinking, string("thinking"), out);
        let mut parts = Vec::new();
        self.tags.push(string("content"), &mut parts);
        self.parts(parts, out);
        for call in message.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
            self.call(call, out);
        }
    }

    /// A call always comes whole.
    fn call(&mut self, call: &Value, out: &mut Vec<ModelEvent>) {
        self.close(out);
        let block = self.next_block;
        self.next_block += 1;
        let provider_id = call.get("id").and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned);
        let name = call.pointer("/function/name").and_then(Value::as_str).unwrap_or_default().to_owned();
        out.push(ModelEvent::ToolCall { block, provider_id, name });
        match call.pointer("/function/arguments") {
            Some(Value::String(text)) if !text.is_empty() => {
                out.push(ModelEvent::ToolInput { block, fragment: text.clone() });
            }
            Some(arguments @ Value::Object(_)) => {
                out.push(ModelEvent::ToolInput { block, fragment: arguments.to_string() });
            }
            _ => {}
        }
        out.push(ModelEvent::BlockEnd { block });
    }

    fn parts(&mut self, parts: Vec<Part>, out: &mut Vec<ModelEvent>) {
        for part in parts {
            match part {
                Part::Said(text) => self.text(Kind::Text, &text, out),
                Part::Thought(text) => self.text(Kind::Tagged, &text, out),
            }
        }
    }

    fn text(&mut self, kind: Kind, more: &str, out: &mut Vec<ModelEvent>) {
        if more.is_empty() {
            return;
        }
        if self.open.is_some_and(|(open, _)| open != kind) {
            self.close(out);
        }
        let next = &mut self.next_block;
        let (_, block) = *self.open.get_or_insert_with(|| {
            let block = *next;
            *next += 1;
            (kind, block)
        });
        let text = more.to_owned();
        out.push(match kind {
            Kind::Text => ModelEvent::Text { block, text },
            Kind::Thinking | Kind::Tagged => ModelEvent::Thinking { block, text },
        });
    }

    /// Ends the text or thinking that was begun. Thinking that may go back is marked; its text says all of it.
    fn close(&mut self, out: &mut Vec<ModelEvent>) {
        let Some((kind, block)) = self.open.take() else { return };
        if kind == Kind::Thinking {
            out.push(ModelEvent::Raw { block, kind: RawKind::Thinking, json: "{}".to_owned() });
        }
        out.push(ModelEvent::BlockEnd { block });
    }

    fn end(&mut self, last: &Value, out: &mut Vec<ModelEvent>) {
        let mut parts = Vec::new();
        self.tags.finish(&mut parts);
        self.parts(parts, out);
        self.close(out);
        out.extend(usage(last).map(ModelEvent::Usage));
        let reason = last.get("done_reason").and_then(Value::as_str).filter(|reason| !reason.is_empty());
        out.push(ModelEvent::Stop(reason.unwrap_or("stop").to_owned()));
        self.is_done = true;
    }

    fn take(&mut self, texts: &mut Vec<String>, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        let taken = texts.iter().try_for_each(|line| if self.is_done { Ok(()) } else { self.line(line, out) });
        texts.clear();
        taken
    }
}

/// The counts of the last line. Older servers leave out that of a prompt that they had kept; then nothing is known.
fn usage(last: &Value) -> Option<Usage> {
    let count = |name: &str| i64::try_from(last.get(name)?.as_u64()?).ok();
    let input_tokens = count("prompt_eval_count").filter(|count| *count > 0)?;
    let output_tokens = count("eval_count").unwrap_or_default();
    Some(Usage { input_tokens, output_tokens, cached_tokens: 0, estimated: false })
}

impl Decode for Decoder {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        let mut texts = std::mem::take(&mut self.texts);
        let framed = self.lines.push(bytes, &mut texts);
        self.take(&mut texts, out)?;
        self.texts = texts;
        if self.is_done { Ok(()) } else { framed.map_err(too_long) }
    }

    fn finish(&mut self, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        if self.is_done {
            return Ok(());
        }
        let mut texts = Vec::new();
        self.lines.finish(&mut texts).map_err(too_long)?;
        // The last line may be half.
        texts.retain(|line| !line.starts_with('{') || wire::lenient_json(line).is_some());
        self.take(&mut texts, out)?;
        if self.is_done {
            return Ok(());
        }
        Err(ProviderError::new(ProviderErrorKind::Interrupted, NAME, "the reply ended before its end"))
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
