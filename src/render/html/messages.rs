//! A message as an article of the log: the same partial in the page and in its event.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{PageContext, reply::Reply};
use crate::{
    render::markdown,
    types::{Block, ConversationId, Message, MessageId, MessageRole, MessageState},
};

/// One block of a message, ready to be shown.
pub(super) enum BlockView<'a> {
    /// A person's words: plain.
    Plain { index: usize, text: &'a str },
    /// A model's words: Markdown made safe; while they grow, with the handle by which patches find them.
    Prose { index: usize, html: String, handle: Option<&'a str> },
    /// What a model thought: plain, folded.
    Thinking { index: usize, text: &'a str },
    /// What a person attached.
    Image { index: usize, address: String, name: &'a str, width: u32, height: u32 },
}

/// `messages/message.html`
#[derive(Template)]
#[template(path = "messages/message.html")]
pub(super) struct MessageView<'a> {
    ctx: &'a PageContext,
    id: MessageId,
    role: MessageRole,
    /// Absent while it streams.
    state: Option<MessageState>,
    model: Option<&'a str>,
    /// Whom another provider stood in for, in words.
    instead: Option<String>,
    created_at: Option<&'a DateTime<Utc>>,
    blocks: Vec<BlockView<'a>>,
}

impl<'a> MessageView<'a> {
    /// A stored message.
    pub(super) fn new(ctx: &'a PageContext, conversation: ConversationId, message: &'a Message) -> Self {
        let block = |(index, block): (usize, &'a Block)| match block {
            Block::Text { text, .. } if message.role == MessageRole::User => Some(BlockView::Plain { index, text }),
            Block::Text { text, .. } => {
                Some(BlockView::Prose { index, html: reachable(&markdown::to_html(text)), handle: None })
            }
            Block::Thinking { text, .. } if !text.is_empty() => Some(BlockView::Thinking { index, text }),
            Block::Image { number, name, width, height, .. } => {
                let address = ctx.url(&format!("/conversations/{conversation}/attachments/{number}"));
                Some(BlockView::Image { index, address, name, width: *width, height: *height })
            }
            _ => None,
        };
        Self {
            ctx,
            id: message.id,
            role: message.role,
            state: Some(message.state),
            model: message.model.as_deref(),
            instead: message
                .instead_of
                .as_ref()
                .and_then(|missing| ctx.instead_of(missing, message.provider.as_deref().unwrap_or_default())),
            created_at: Some(&message.created_at),
            blocks: message.content.iter().enumerate().filter_map(block).collect(),
        }
    }

    /// A reply that is still being written.
    pub(super) fn streaming(ctx: &'a PageContext, id: MessageId, reply: &'a Reply) -> Self {
        Self {
            ctx,
            id,
            role: MessageRole::Assistant,
            state: None,
            model: Some(&reply.writer.model),
            instead: reply
                .writer
                .instead_of
                .as_ref()
                .and_then(|missing| ctx.instead_of(missing, &reply.writer.provider)),
            created_at: None,
            blocks: reply.views().collect(),
        }
    }

    /// Whether there is nothing to read in it (a reply that only asks for tools).
    fn is_bare(&self) -> bool {
        self.state.is_some() && self.blocks.is_empty()
    }
}

/// `messages/window.html`: a line before the message with which the window of models begins.
#[derive(Template)]
#[template(path = "messages/window.html")]
pub(super) struct WindowLine<'a> {
    pub(super) ctx: &'a PageContext,
}

/// `messages/block.html`: one block by itself, for a reply that grows by it.
#[derive(Template)]
#[template(path = "messages/block.html")]
pub(super) struct BlockPartial<'a> {
    pub(super) ctx: &'a PageContext,
    pub(super) id: MessageId,
    pub(super) block: &'a BlockView<'a>,
}

/// Safe HTML with what may scroll sideways reachable by keys. Knows what is a tag and what stands in an attribute, so
/// that nothing a model wrote is taken for a tag.
pub(super) fn reachable(html: &str) -> String {
    let mut changed = String::with_capacity(html.len() + 32);
    let mut rest = html;
    while let Some((before, tag)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
        changed.push_str(before);
        let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '<' | '/');
        let (name, inside) = tag.split_at_checked(tag.find(|c| !is_name(c)).unwrap_or(tag.len())).unwrap_or((tag, ""));
        changed.push_str(name);
        if matches!(name, "<pre" | "<table") {
            changed.push_str(" tabindex=\"0\"");
        }
        let mut quote = None;
        let end = inside.find(|character| {
            match (quote, character) {
                (None, '"' | '\'') => quote = Some(character),
                (Some(open), close) if open == close => quote = None,
                _ => {}
            }
            quote.is_none() && character == '>'
        });
        let (inside, after) = inside.split_at_checked(end.unwrap_or(inside.len())).unwrap_or((inside, ""));
        changed.push_str(inside);
        rest = after;
    }
    changed.push_str(rest);
    changed
}

/// The words of some safe HTML without its tags, still escaped: what is read aloud of it.
pub(super) fn spoken(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        let Some((tag, after)) = tag.split_once('>') else { return words };
        if !matches!(
            tag.trim_start_matches('/').split([' ', '/']).next(),
            Some("a" | "em" | "strong" | "code" | "del" | "span")
        ) {
            words.push(' ');
        }
        rest = after;
    }
    words.push_str(rest);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_changed_and_attributes_are_not() {
        for (html, changed) in [
            ("<pre><code>a</code></pre>", "<pre tabindex=\"0\"><code>a</code></pre>"),
            ("<pre translate=\"no\">", "<pre tabindex=\"0\" translate=\"no\">"),
            ("<a title=\"<pre x='>\">b</a>", "<a title=\"<pre x='>\">b</a>"),
            ("a &lt;pre> <prefix>", "a &lt;pre> <prefix>"),
            ("<table", "<table tabindex=\"0\""),
        ] {
            assert_eq!(reachable(html), changed);
        }
    }

    #[test]
    fn what_is_read_aloud_has_no_tags() {
        assert_eq!(spoken("<p>a <em>b</em>c</p>\n<ul><li>d</li><li>e &lt;f</li></ul>"), "a bc d e &lt;f");
        assert!(!spoken("<a title=\"x>y<img onerror=1>\">z</a><b").contains('<'));
    }
}
