//! A reply on its way: its blocks, and how much of each the viewer has.

use super::{
    PageContext,
    conversation::draw,
    escape,
    frames::partial,
    messages::{BlockPartial, BlockView, reachable},
};
use crate::{render::markdown::LiveMarkdown, types::MessageId};

/// A reply on its way.
pub(super) struct Reply {
    pub(super) model: String,
    blocks: Vec<LiveBlock>,
}

struct LiveBlock {
    index: u32,
    is_sent: bool,
    text: LiveText,
}

enum LiveText {
    Prose(Box<LiveMarkdown>),
    Thinking { text: String, sent: usize },
}

impl LiveBlock {
    fn view(&self) -> BlockView<'_> {
        let index = self.index as usize;
        match &self.text {
            LiveText::Prose(markdown) => BlockView::Prose { index, html: reachable(&markdown.html()) },
            LiveText::Thinking { text, .. } => BlockView::Thinking { index, text },
        }
    }

    /// Takes note that everything there is was sent.
    fn mark_sent(&mut self) {
        self.is_sent = true;
        match &mut self.text {
            LiveText::Prose(markdown) => drop(markdown.finish()),
            LiveText::Thinking { text, sent } => *sent = text.len(),
        }
    }
}

impl Reply {
    /// Nothing of it has come yet.
    pub(super) fn new(model: &str) -> Self {
        Self { model: model.to_owned(), blocks: Vec::new() }
    }

    pub(super) fn views(&self) -> impl Iterator<Item = BlockView<'_>> {
        self.blocks.iter().map(LiveBlock::view)
    }

    /// Takes note that everything there is was sent.
    pub(super) fn mark_sent(&mut self) {
        self.blocks.iter_mut().for_each(LiveBlock::mark_sent);
    }

    /// More text of one block.
    pub(super) fn push(&mut self, id: MessageId, index: u32, text: &str, is_thinking: bool) {
        let place = self.blocks.iter().position(|block| block.index == index).unwrap_or_else(|| {
            let text = match is_thinking {
                true => LiveText::Thinking { text: String::new(), sent: 0 },
                false => LiveText::Prose(Box::new(LiveMarkdown::new(format!("#message-{id}-text-{index}")))),
            };
            self.blocks.push(LiveBlock { index, is_sent: false, text });
            self.blocks.len() - 1
        });
        match self.blocks.get_mut(place).map(|block| &mut block.text) {
            Some(LiveText::Prose(markdown)) => markdown.push(text),
            Some(LiveText::Thinking { text: so_far, .. }) => so_far.push_str(text),
            None => {}
        }
    }

    /// What is new, for a viewer who knows the reply.
    pub(super) fn patch(&mut self, frame: &mut String, ctx: &PageContext, id: MessageId) {
        for block in &mut self.blocks {
            if !block.is_sent {
                block.mark_sent();
                let html = draw(&BlockPartial { ctx, id, block: &block.view() });
                partial(frame, &format!("#message-{id}"), "beforeend", &html);
                continue;
            }
            match &mut block.text {
                LiveText::Prose(markdown) => {
                    for patch in markdown.flush() {
                        partial(frame, &patch.target, patch.swap.as_str(), &reachable(&patch.html));
                    }
                }
                LiveText::Thinking { text, sent } => {
                    let more = text.get(*sent..).unwrap_or_default();
                    if !more.is_empty() {
                        let target = format!("#message-{id}-thinking-{}-text", block.index);
                        partial(frame, &target, "beforeend", &escape(more));
                    }
                    *sent = text.len();
                }
            }
        }
    }
}
