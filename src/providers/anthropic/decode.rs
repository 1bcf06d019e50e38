//! A reply of the Messages API, from bytes to events.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{NAME, error, usage::ReportedUsage};
use crate::providers::{
    ModelEvent, ProviderError, ProviderErrorKind, RawKind,
    transport::Decode,
    wire::{self, MAX_EVENT_BYTES, Sse, SseEvent, TooLong},
};

/// Decodes one reply. Unknown events are passed over, unknown blocks are kept for their maker.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    form: Form,
    events: Vec<SseEvent>,
    /// The blocks that have begun and not ended, by the provider's index.
    open: BTreeMap<u64, OpenBlock>,
    /// The number that the next block gets.
    next_block: u32,
    usage: ReportedUsage,
    has_calls: bool,
    stop_reason: Option<String>,
    is_done: bool,
}

/// In which form the reply comes.
#[derive(Clone, Debug)]
enum Form {
    Stream(Sse),
    /// One JSON text, of a gateway that does not stream.
    Whole(Vec<u8>),
}

impl Default for Form {
    fn default() -> Self {
        Self::Stream(Sse::default())
    }
}

#[derive(Clone, Debug)]
struct OpenBlock {
    kind: BlockKind,
    /// Our number; none until it tells something, so that numbers have no gaps.
    number: Option<u32>,
    /// The block as it began, with everything that came added, except `text` and `input`.
    json: Map<String, Value>,
    /// The text or thinking that came.
    text: String,
    /// The JSON of its `input` that came.
    input: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BlockKind {
    Text,
    Thinking,
    Call,
    Opaque,
}

impl Decoder {
    /// Of a stream of server-sent events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of a message that comes whole as JSON.
    pub fn whole() -> Self {
        Self { form: Form::Whole(Vec::new()), ..Self::default() }
    }

    fn event(&mut self, event: &SseEvent, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        let data = event.data.trim();
        if data.is_empty() || data == "[DONE]" {
            return Ok(());
        }
        let Some(value) = wire::lenient_json(data) else {
            return Err(invalid("an event of the reply is no JSON"));
        };
        self.value(&event.name, &value, out)
    }

    fn value(&mut self, name: &str, value: &Value, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        let index = value.get("index").and_then(Value::as_u64).unwrap_or_default();
        match value.get("type").and_then(Value::as_str).unwrap_or(name) {
            "message_start" => {
                if let Some(message) = value.get("message") {
                    self.message_start(message, out);
                }
            }
            "content_block_start" => {
                if let Some(Value::Object(block)) = value.get("content_block") {
                    self.block_start(index, block, out);
                }
            }
            "content_block_delta" => {
                if let Some(Value::Object(delta)) = value.get("delta") {
                    self.block_delta(index, delta, out);
                }
            }
            "content_block_stop" => self.block_stop(index, out),
            "message_delta" => {
                let reason = value.pointer("/delta/stop_reason").and_then(Value::as_str);
                self.message_delta(reason, value.get("usage"), out);
            }
            "message_stop" => self.message_stop(out),
            "error" => return Err(error::in_reply(value)),
            _ if value.get("error").is_some_and(|error| !error.is_null()) => return Err(error::in_reply(value)),
            _ => {}
        }
        Ok(())
    }

    /// A message that came whole, told as if it were streamed.
    fn whole_message(&mut self, message: &Value, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        let Some(Value::Array(content)) = message.get("content") else {
            let is_error = message.get("error").is_some_and(|error| !error.is_null());
            return Err(if is_error { error::in_reply(message) } else { invalid("an answer that is no message") });
        };
        self.message_start(message, out);
        for (index, block) in (0..).zip(content) {
            if let Value::Object(block) = block {
                self.block_start(index, block, out);
                self.block_stop(index, out);
            }
        }
        self.message_delta(message.get("stop_reason").and_then(Value::as_str), None, out);
        self.message_stop(out);
        Ok(())
    }

    fn message_start(&mut self, message: &Value, out: &mut Vec<ModelEvent>) {
        if let Some(model) = message.get("model").and_then(Value::as_str).filter(|model| !model.is_empty()) {
            out.push(ModelEvent::Model(model.to_owned()));
        }
        self.usage.report(message.get("usage"), out);
    }

    fn message_delta(&mut self, reason: Option<&str>, usage: Option<&Value>, out: &mut Vec<ModelEvent>) {
        if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
            self.stop_reason = Some(reason.to_owned());
        }
        self.usage.report(usage, out);
    }

    fn message_stop(&mut self, out: &mut Vec<ModelEvent>) {
        while let Some((index, _)) = self.open.first_key_value() {
            self.block_stop(*index, out);
        }
        // A gateway that gives no reason leaves it to be seen.
        let seen = if self.has_calls { "tool_use" } else { "end_turn" };
        out.push(ModelEvent::Stop(self.stop_reason.take().unwrap_or_else(|| seen.to_owned())));
        self.is_done = true;
    }

    fn block_start(&mut self, index: u64, block: &Map<String, Value>, out: &mut Vec<ModelEvent>) {
        self.block_stop(index, out);
        let kind = match block.get("type").and_then(Value::as_str) {
            Some("text") => BlockKind::Text,
            Some("thinking") => BlockKind::Thinking,
            Some("tool_use") => BlockKind::Call,
            _ => BlockKind::Opaque,
        };
        let mut open = OpenBlock { kind, number: None, json: block.clone(), text: String::new(), input: String::new() };
        let string = |name: &str| block.get(name).and_then(Value::as_str).unwrap_or_default();
        match kind {
            BlockKind::Text => open.text(string("text"), &mut self.next_block, out),
            BlockKind::Thinking => open.text(string("thinking"), &mut self.next_block, out),
            BlockKind::Call => {
                self.has_calls = true;
                let provider_id = Some(string("id")).filter(|id| !id.is_empty()).map(str::to_owned);
                let block = open.number(&mut self.next_block);
                out.push(ModelEvent::ToolCall { block, provider_id, name: string("name").to_owned() });
            }
            BlockKind::Opaque => {}
        }
        self.open.insert(index, open);
    }

    fn block_delta(&mut self, index: u64, delta: &Map<String, Value>, out: &mut Vec<ModelEvent>) {
        let string = |name: &str| delta.get(name).and_then(Value::as_str).unwrap_or_default();
        let kind = string("type");
        if !self.open.contains_key(&index) {
            // A gateway that does not say that a block begins.
            let begun = match kind {
                "text_delta" => "text",
                "thinking_delta" | "signature_delta" => "thinking",
                _ => return,
            };
            let block = Map::from_iter([("type".to_owned(), Value::from(begun))]);
            self.block_start(index, &block, out);
        }
        let Some(open) = self.open.get_mut(&index) else { return };
        match (kind, open.kind) {
            ("text_delta", BlockKind::Text) => open.text(string("text"), &mut self.next_block, out),
            ("thinking_delta", BlockKind::Thinking) => open.text(string("thinking"), &mut self.next_block, out),
            ("signature_delta", BlockKind::Thinking) => {
                open.json.insert("signature".to_owned(), Value::from(string("signature")));
            }
            ("input_json_delta", _) => open.input(string("partial_json"), out),
            ("citations_delta", _) => open.citation(delta.get("citation")),
            (_, BlockKind::Opaque) => open.merge(delta),
            _ => {}
        }
    }

    fn block_stop(&mut self, index: u64, out: &mut Vec<ModelEvent>) {
        if let Some(open) = self.open.remove(&index) {
            open.stop(&mut self.next_block, out);
        }
    }

    fn take(&mut self, events: &mut Vec<SseEvent>, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        let taken = events.iter().try_for_each(|event| if self.is_done { Ok(()) } else { self.event(event, out) });
        events.clear();
        taken
    }
}

impl OpenBlock {
    fn number(&mut self, next: &mut u32) -> u32 {
        *self.number.get_or_insert_with(|| {
            let number = *next;
            *next += 1;
            number
        })
    }

    fn text(&mut self, more: &str, next: &mut u32, out: &mut Vec<ModelEvent>) {
        if more.is_empty() {
            return;
        }
        self.text.push_str(more);
        let (block, text) = (self.number(next), more.to_owned());
        out.push(match self.kind {
            BlockKind::Thinking => ModelEvent::Thinking { block, text },
            _ => ModelEvent::Text { block, text },
        });
    }

    fn input(&mut self, fragment: &str, out: &mut Vec<ModelEvent>) {
        self.input.push_str(fragment);
        if let (BlockKind::Call, Some(block), false) = (self.kind, self.number, fragment.is_empty()) {
            out.push(ModelEvent::ToolInput { block, fragment: fragment.to_owned() });
        }
    }

    fn citation(&mut self, citation: Option<&Value>) {
        let Some(mut citation) = citation.cloned() else { return };
        // The API says `"file_id": null` and refuses to be told so.
        if let Value::Object(fields) = &mut citation
            && fields.get("file_id").is_some_and(Value::is_null)
        {
            fields.shift_remove("file_id");
        }
        match self.json.get_mut("citations") {
            Some(Value::Array(citations)) => citations.push(citation),
            _ => drop(self.json.insert("citations".to_owned(), Value::Array(vec![citation]))),
        }
    }

    /// A delta of a kind that nobody knows, for a block that nobody knows: text is appended, anything else replaced.
    fn merge(&mut self, delta: &Map<String, Value>) {
        for (name, value) in delta.iter().filter(|(name, _)| *name != "type") {
            match (self.json.get_mut(name), value) {
                (Some(Value::String(text)), Value::String(more)) => text.push_str(more),
                _ => drop(self.json.insert(name.clone(), value.clone())),
            }
        }
    }

    fn stop(mut self, next: &mut u32, out: &mut Vec<ModelEvent>) {
        let kind = match self.kind {
            BlockKind::Text => {
                self.json.insert("text".to_owned(), Value::from(std::mem::take(&mut self.text)));
                let is_cited = matches!(self.json.get("citations"), Some(Value::Array(list)) if !list.is_empty());
                (is_cited && self.number.is_some()).then_some(RawKind::Text)
            }
            BlockKind::Thinking => {
                self.json.insert("thinking".to_owned(), Value::from(std::mem::take(&mut self.text)));
                let signature = self.json.get("signature").and_then(Value::as_str).unwrap_or_default();
                (!signature.is_empty()).then_some(RawKind::Thinking)
            }
            BlockKind::Call => {
                // A gateway may give the whole input where the block begins.
                if self.input.is_empty()
                    && let Some(Value::Object(input)) = self.json.get("input")
                    && !input.is_empty()
                {
                    let input = Value::Object(input.clone()).to_string();
                    self.input(&input, out);
                }
                None
            }
            BlockKind::Opaque => {
                if let Some(input) = wire::lenient_json(&self.input) {
                    self.json.insert("input".to_owned(), input);
                }
                Some(RawKind::Opaque)
            }
        };
        if let Some(kind) = kind {
            let json = Value::Object(std::mem::take(&mut self.json)).to_string();
            out.push(ModelEvent::Raw { block: self.number(next), kind, json });
        }
        if let Some(block) = self.number {
            out.push(ModelEvent::BlockEnd { block });
        }
    }
}

impl Decode for Decoder {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        match &mut self.form {
            Form::Whole(body) => {
                body.extend_from_slice(bytes);
                if body.len() > MAX_EVENT_BYTES { Err(too_long(TooLong)) } else { Ok(()) }
            }
            Form::Stream(sse) => {
                let mut events = std::mem::take(&mut self.events);
                let framed = sse.push(bytes, &mut events);
                self.take(&mut events, out)?;
                self.events = events;
                if self.is_done { Ok(()) } else { framed.map_err(too_long) }
            }
        }
    }

    /// A stream that ends after a stop reason is whole even if its last event is missing.
    fn finish(&mut self, out: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        match std::mem::take(&mut self.form) {
            Form::Whole(body) => match wire::lenient_json(&String::from_utf8_lossy(&body)) {
                Some(message) => self.whole_message(&message, out),
                None => Err(invalid("an answer that is no JSON")),
            },
            Form::Stream(mut sse) => {
                let mut events = Vec::new();
                sse.finish(&mut events).map_err(too_long)?;
                // The last event may be half.
                events.retain(|event| wire::lenient_json(event.data.trim()).is_some());
                self.take(&mut events, out)?;
                if !self.is_done && self.stop_reason.is_some() && self.open.is_empty() {
                    self.message_stop(out);
                }
                if self.is_done {
                    return Ok(());
                }
                let message = "the reply ended before its end";
                Err(ProviderError::new(ProviderErrorKind::Interrupted, NAME, message))
            }
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
