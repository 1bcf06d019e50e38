//! A model's reply, collected from what it tells as it comes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{ModelEvent, RawKind};
use crate::types::{Block, RawBlock, ToolCallId, Usage};

/// What came of a reply: all of it, or the part before it was cut off.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Its blocks, in their order.
    pub content: Vec<ReplyBlock>,
    /// Why the model ended, in its provider's word; `None` for a reply that was cut off.
    pub stop_reason: Option<String>,
    /// What the provider reported; of a reply that was cut off, what it had reported until then, which is less
    /// than was used ([`super::estimate::of_cut_off`] says what to settle).
    pub usage: Option<Usage>,
    /// The model that really answered, where the provider names it.
    pub model: Option<String>,
}

/// One block of a reply. `raw` is the maker's own form as JSON text, which alone may be sent back to it.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplyBlock {
    /// Text.
    Text {
        /// The text.
        text: String,
        /// The maker's own form where it says more than the text.
        raw: Option<String>,
    },
    /// What the model thought.
    Thinking {
        /// Readable thinking; may be empty.
        text: String,
        /// The maker's own form; absent while it is unsigned.
        raw: Option<String>,
    },
    /// The model asks for a tool.
    ToolCall {
        /// The provider's own id, private to it.
        provider_id: Option<String>,
        /// The tool's name as the model wrote it.
        name: String,
        /// The arguments as the model wrote them; `{}` where it wrote nothing or `null`. Not always JSON: a model
        /// may write nonsense, and a reply that ran into its token limit ends in the middle of them.
        input: String,
        /// Whether the provider said that the call is complete.
        whole: bool,
    },
    /// Something only its maker understands.
    Opaque {
        /// The block.
        raw: String,
    },
}

impl Reply {
    /// The text blocks joined.
    pub fn text(&self) -> String {
        let texts = self.content.iter().filter_map(|block| match block {
            ReplyBlock::Text { text, .. } => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }

    /// Without what is of no use in a reply that was cut off: half tool calls and unsigned thinking.
    pub fn without_halves(mut self) -> Self {
        self.content.retain(|block| {
            !matches!(block, ReplyBlock::ToolCall { whole: false, .. } | ReplyBlock::Thinking { raw: None, .. })
        });
        self
    }

    /// The content of the message to store. Each tool call gets an id of ours; raw forms are marked as `provider`'s.
    pub fn into_content(self, provider: &str) -> Vec<Block> {
        let mark = |json| RawBlock { provider: provider.to_owned(), json };
        let blocks = self.content.into_iter().map(|block| match block {
            ReplyBlock::Text { text, raw } => Block::Text { text, raw: raw.map(mark) },
            ReplyBlock::Thinking { text, raw } => Block::Thinking { text, raw: raw.map(mark) },
            ReplyBlock::ToolCall { name, input, .. } => Block::ToolUse { id: ToolCallId::new(), name, input },
            ReplyBlock::Opaque { raw } => Block::Opaque { raw: mark(raw) },
        });
        blocks.collect()
    }
}

/// Collects a reply. Every event costs the same however long the reply is.
#[derive(Clone, Debug, Default)]
pub struct ReplyBuilder {
    blocks: BTreeMap<u32, ReplyBlock>,
    stop_reason: Option<String>,
    usage: Option<Usage>,
    model: Option<String>,
}

impl ReplyBuilder {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next event. One that does not fit its block is passed over.
    pub fn push(&mut self, event: &ModelEvent) {
        match event {
            ModelEvent::Model(model) => self.model = Some(model.clone()),
            ModelEvent::Usage(usage) => self.usage = Some(*usage),
            ModelEvent::Stop(reason) => self.stop_reason = Some(reason.clone()),
            ModelEvent::Text { block, text: more } => {
                let empty = ReplyBlock::Text { text: String::new(), raw: None };
                if let ReplyBlock::Text { text, .. } = self.blocks.entry(*block).or_insert(empty) {
                    text.push_str(more);
                }
            }
            ModelEvent::Thinking { block, text: more } => {
                let empty = ReplyBlock::Thinking { text: String::new(), raw: None };
                if let ReplyBlock::Thinking { text, .. } = self.blocks.entry(*block).or_insert(empty) {
                    text.push_str(more);
                }
            }
            ModelEvent::ToolCall { block, provider_id, name } => {
                self.blocks.entry(*block).or_insert_with(|| ReplyBlock::ToolCall {
                    provider_id: provider_id.clone(),
                    name: name.clone(),
                    input: String::new(),
                    whole: false,
                });
            }
            ModelEvent::ToolInput { block, fragment } => {
                if let Some(ReplyBlock::ToolCall { input, .. }) = self.blocks.get_mut(block) {
                    input.push_str(fragment);
                }
            }
            ModelEvent::Raw { block, kind, json } => self.raw(*block, *kind, json),
            ModelEvent::BlockEnd { block } => {
                if let Some(ReplyBlock::ToolCall { whole, .. }) = self.blocks.get_mut(block) {
                    *whole = true;
                }
            }
        }
    }

    fn raw(&mut self, block: u32, kind: RawKind, json: &str) {
        let json = json.to_owned();
        let empty = match kind {
            RawKind::Text => ReplyBlock::Text { text: String::new(), raw: None },
            RawKind::Thinking => ReplyBlock::Thinking { text: String::new(), raw: None },
            RawKind::Opaque => ReplyBlock::Opaque { raw: String::new() },
        };
        match (kind, self.blocks.entry(block).or_insert(empty)) {
            (RawKind::Text, ReplyBlock::Text { raw, .. }) => *raw = Some(json),
            (RawKind::Thinking, ReplyBlock::Thinking { raw, .. }) => *raw = Some(json),
            (RawKind::Opaque, ReplyBlock::Opaque { raw }) => *raw = json,
            _ => {}
        }
    }

    /// What has come so far, halves included.
    pub fn so_far(&self) -> Reply {
        self.clone().finish()
    }

    /// The reply as it came.
    pub fn finish(self) -> Reply {
        let mut content: Vec<_> = self.blocks.into_values().collect();
        for block in &mut content {
            if let ReplyBlock::ToolCall { input, whole: true, .. } = block
                && matches!(input.trim(), "" | "null")
            {
                *input = "{}".to_owned();
            }
        }
        Reply { content, stop_reason: self.stop_reason, usage: self.usage, model: self.model }
    }

    /// What is worth keeping of a reply that was cut off.
    pub fn cut_off(self) -> Reply {
        self.finish().without_halves()
    }
}

/// Whether a text is a JSON object, as every provider wants a tool's arguments to be.
pub(super) fn is_json_object(text: &str) -> bool {
    serde_json::from_str::<serde_json::Map<String, Value>>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collected(events: &[ModelEvent]) -> ReplyBuilder {
        let mut builder = ReplyBuilder::new();
        events.iter().for_each(|event| builder.push(event));
        builder
    }

    fn call(block: u32, fragments: &[&str], whole: bool) -> Vec<ModelEvent> {
        let mut events = vec![ModelEvent::ToolCall { block, provider_id: Some("p".into()), name: "t".into() }];
        events.extend(fragments.iter().map(|part| ModelEvent::ToolInput { block, fragment: part.to_string() }));
        events.extend(whole.then_some(ModelEvent::BlockEnd { block }));
        events
    }

    #[test]
    fn an_empty_tool_input_is_an_empty_object() {
        for (fragments, expected) in
            [(&[""][..], "{}"), (&[], "{}"), (&["nu", "ll"], "{}"), (&["{\"a\"", ":1}"], "{\"a\":1}")]
        {
            let reply = collected(&call(0, fragments, true)).finish();
            let [ReplyBlock::ToolCall { input, .. }] = reply.content.as_slice() else { panic!("{reply:?}") };
            assert_eq!(input, expected);
        }
    }

    #[test]
    fn a_call_told_twice_is_one_call() {
        let mut events = call(0, &["{"], false);
        events.extend(call(0, &["}"], true));
        let reply = collected(&events).finish();
        assert_eq!(reply.content.len(), 1);
        assert!(matches!(&reply.content[0], ReplyBlock::ToolCall { input, whole: true, .. } if input == "{}"));
    }

    #[test]
    fn what_is_half_can_be_dropped() {
        let mut events = vec![
            ModelEvent::Thinking { block: 0, text: "signed".into() },
            ModelEvent::Raw { block: 0, kind: RawKind::Thinking, json: "{}".into() },
            ModelEvent::Text { block: 1, text: "Hel".into() },
            ModelEvent::Text { block: 1, text: "lo".into() },
            ModelEvent::Thinking { block: 3, text: "unsigned".into() },
        ];
        events.extend(call(4, &[""], true));
        events.extend(call(5, &["{\"a\": "], false));
        events.extend(call(6, &[], false));
        let builder = collected(&events);
        assert_eq!(builder.so_far().content.len(), 6);
        let kept = builder.cut_off();
        assert_eq!(kept.text(), "Hello");
        assert!(matches!(
            kept.content.as_slice(),
            [
                ReplyBlock::Thinking { raw: Some(_), .. },
                ReplyBlock::Text { .. },
                ReplyBlock::ToolCall { whole: true, .. }
            ]
        ));
    }

    #[test]
    fn content_is_marked_with_its_maker_and_gets_our_ids() {
        let mut events = call(0, &[], true);
        events.push(ModelEvent::Raw { block: 1, kind: RawKind::Opaque, json: "{\"type\":\"x\"}".into() });
        events.push(ModelEvent::Raw { block: 2, kind: RawKind::Thinking, json: "{\"type\":\"thinking\"}".into() });
        let content = collected(&events).finish().into_content("anthropic");
        assert!(matches!(&content[0], Block::ToolUse { name, input, .. } if name == "t" && input == "{}"));
        assert!(matches!(&content[1], Block::Opaque { raw } if raw.provider == "anthropic"));
        assert!(matches!(&content[2], Block::Thinking { text, raw: Some(_) } if text.is_empty()));
    }

    #[test]
    fn usage_is_cumulative() {
        let usage = |output_tokens| ModelEvent::Usage(Usage { output_tokens, ..Usage::default() });
        let reply = collected(&[usage(1), usage(7), ModelEvent::Stop("end_turn".into())]).finish();
        assert_eq!(reply.usage.map(|usage| usage.output_tokens), Some(7));
    }
}
