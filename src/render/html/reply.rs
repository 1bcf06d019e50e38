//! A reply on its way: its blocks, and how much of each the viewer has.

use super::{
    PageContext,
    conversation::draw,
    escape,
    frames::partial,
    messages::{BlockPartial, BlockView, reachable},
};
use crate::{
    render::markdown::LiveMarkdown,
    types::{InsteadOf, MessageId},
};

/// Who writes a reply.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) provider: String,
    pub(super) model: String,
    /// Who should have written it and could not.
    pub(super) instead_of: Option<InsteadOf>,
}

/// What of a text may be kept back for a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// An end that does not say yet what it means, and what is not worth its bytes yet.
    Cheap,
    /// An end that does not say yet what it means.
    Unclear,
    /// Nothing.
    Nothing,
}

/// A reply on its way.
pub(super) struct Reply {
    pub(super) writer: Writer,
    blocks: Vec<LiveBlock>,
}

struct LiveBlock {
    index: u32,
    is_sent: bool,
    text: LiveText,
}

enum LiveText {
    Prose { markdown: Box<LiveMarkdown>, handle: String },
    Thinking { text: String, sent: usize },
}

impl LiveBlock {
    fn view(&self) -> BlockView<'_> {
        let index = self.index as usize;
        match &self.text {
            LiveText::Prose { markdown, handle } => {
                BlockView::Prose { index, html: reachable(&markdown.html()), handle: Some(handle) }
            }
            LiveText::Thinking { text, .. } => BlockView::Thinking { index, text },
        }
    }

    /// Takes note that everything there is was sent.
    fn mark_sent(&mut self) {
        self.is_sent = true;
        match &mut self.text {
            LiveText::Prose { markdown, .. } => drop(markdown.finish()),
            LiveText::Thinking { text, sent } => *sent = text.len(),
        }
    }
}

/// A name for a growing block that is short, as it stands in every patch: the random end of the reply's id says
/// which reply it is among those that one page sees grow.
fn handle(id: MessageId, index: u32) -> String {
    let id = id.to_string();
    let end = id.get(id.len().saturating_sub(6)..).unwrap_or(&id);
    format!("x{end}-{index}")
}

impl Reply {
    /// Nothing of it has come yet.
    pub(super) fn new(writer: Writer) -> Self {
        Self { writer, blocks: Vec::new() }
    }

    pub(super) fn views(&self) -> impl Iterator<Item = BlockView<'_>> {
        self.blocks.iter().map(LiveBlock::view)
    }

    /// Takes note that everything there is was sent.
    pub(super) fn mark_sent(&mut self) {
        self.blocks.iter_mut().for_each(LiveBlock::mark_sent);
    }

    /// Whether the viewer knows nothing yet of one of its blocks.
    pub(super) fn has_begun(&self) -> bool {
        self.blocks.iter().any(|block| !block.is_sent)
    }

    /// More text of one block.
    pub(super) fn push(&mut self, id: MessageId, index: u32, text: &str, is_thinking: bool) {
        let place = self.blocks.iter().position(|block| block.index == index).unwrap_or_else(|| {
            let text = match is_thinking {
                true => LiveText::Thinking { text: String::new(), sent: 0 },
                false => {
                    let handle = handle(id, index);
                    let markdown = Box::new(LiveMarkdown::new(format!("[data-live={handle}]")));
                    LiveText::Prose { markdown, handle }
                }
            };
            self.blocks.push(LiveBlock { index, is_sent: false, text });
            self.blocks.len() - 1
        });
        match self.blocks.get_mut(place).map(|block| &mut block.text) {
            Some(LiveText::Prose { markdown, .. }) => markdown.push(text),
            Some(LiveText::Thinking { text: so_far, .. }) => so_far.push_str(text),
            None => {}
        }
    }

    /// What is new, for a viewer who knows the reply. Of its newest block something may be kept back.
    pub(super) fn patch(&mut self, frame: &mut String, ctx: &PageContext, id: MessageId, kept: Kept) {
        let newest = self.blocks.len().saturating_sub(1);
        for (place, block) in self.blocks.iter_mut().enumerate() {
            if !block.is_sent {
                block.mark_sent();
                let html = draw(&BlockPartial { ctx, id, block: &block.view() });
                partial(frame, &format!("#message-{id}"), "beforeend", &html);
                continue;
            }
            match &mut block.text {
                LiveText::Prose { markdown, .. } => {
                    let patches = match kept {
                        Kept::Cheap if place == newest => markdown.flush(),
                        Kept::Unclear if place == newest => markdown.flush_late(),
                        _ => markdown.finish(),
                    };
                    for patch in patches {
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
