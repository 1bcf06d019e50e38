//! A message as an article of the log: the same partial in the page and in its event.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{PageContext, reply::Reply};
use crate::{
    render::markdown,
    types::{Block, Message, MessageId, MessageRole, MessageState},
};

/// One block of a message, ready to be shown.
pub(super) enum BlockView<'a> {
    /// A person's words: plain.
    Plain { index: usize, text: &'a str },
    /// A model's words: Markdown made safe.
    Prose { index: usize, html: String },
    /// What a model thought: plain, folded.
    Thinking { index: usize, text: &'a str },
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
    created_at: Option<&'a DateTime<Utc>>,
    blocks: Vec<BlockView<'a>>,
}

impl<'a> MessageView<'a> {
    /// A stored message.
    pub(super) fn new(ctx: &'a PageContext, message: &'a Message) -> Self {
        let block = |(index, block): (usize, &'a Block)| match block {
            Block::Text { text, .. } if message.role == MessageRole::User => Some(BlockView::Plain { index, text }),
            Block::Text { text, .. } => Some(BlockView::Prose { index, html: finished(&markdown::to_html(text)) }),
            Block::Thinking { text, .. } if !text.is_empty() => Some(BlockView::Thinking { index, text }),
            _ => None,
        };
        Self {
            ctx,
            id: message.id,
            role: message.role,
            state: Some(message.state),
            model: message.model.as_deref(),
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
            model: Some(&reply.model),
            created_at: None,
            blocks: reply.views().collect(),
        }
    }

    /// Whether there is nothing to read in it (a reply that only asks for tools).
    fn is_bare(&self) -> bool {
        self.state.is_some() && self.blocks.is_empty()
    }
}

/// `messages/block.html`: one block by itself, for a reply that grows by it.
#[derive(Template)]
#[template(path = "messages/block.html")]
pub(super) struct BlockPartial<'a> {
    pub(super) ctx: &'a PageContext,
    pub(super) id: MessageId,
    pub(super) block: &'a BlockView<'a>,
}

/// HTML with what may scroll sideways reachable by keys.
pub(super) fn reachable(html: &str) -> String {
    map_tags(html, |tag| scrolling(tag).map(str::to_owned))
}

/// The same for a whole message, whose headings also go down by one level at a time below that of the article.
fn finished(html: &str) -> String {
    let mut level = 2;
    map_tags(html, |tag| {
        let asked = tag.trim_start_matches(['<', '/']).strip_prefix('h').and_then(|level| level.parse::<u8>().ok());
        match asked {
            // The one that was opened last: headings do not nest.
            Some(_) if tag.starts_with("</") => Some(format!("</h{level}")),
            Some(asked) => {
                level = asked.clamp(3, (level + 1).min(6));
                Some(format!("<h{level}"))
            }
            None => scrolling(tag).map(str::to_owned),
        }
    })
}

fn scrolling(tag: &str) -> Option<&'static str> {
    match tag {
        "<pre" => Some("<pre tabindex=\"0\""),
        "<table" => Some("<table tabindex=\"0\""),
        _ => None,
    }
}

/// Safe HTML with the beginnings of some tags (`<pre`, `</h2`) changed. Knows what is a tag and what stands in an
/// attribute, so that nothing a model wrote is taken for a tag.
fn map_tags(html: &str, mut change: impl FnMut(&str) -> Option<String>) -> String {
    let mut changed = String::with_capacity(html.len() + 32);
    let mut rest = html;
    while let Some((before, tag)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
        changed.push_str(before);
        let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '<' | '/');
        let (name, inside) = tag.split_at_checked(tag.find(|c| !is_name(c)).unwrap_or(tag.len())).unwrap_or((tag, ""));
        changed.push_str(change(name).as_deref().unwrap_or(name));
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

/// The words of some safe HTML without its tags, still escaped: what is read aloud of a reply.
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
        for (html, changed) in [
            ("<h4 dir=\"auto\">a</h4><h6>b</h6>", "<h3 dir=\"auto\">a</h3><h4>b</h4>"),
            ("<h1>a</h1><h3>b</h3><h5>c</h5><h3>d</h3>", "<h3>a</h3><h3>b</h3><h4>c</h4><h3>d</h3>"),
            ("<hr><h2>a<code>x</code></h2>", "<hr><h3>a<code>x</code></h3>"),
        ] {
            assert_eq!(finished(html), changed);
        }
    }

    #[test]
    fn what_is_read_aloud_has_no_tags() {
        assert_eq!(spoken("<p>a <em>b</em>c</p>\n<ul><li>d</li><li>e &lt;f</li></ul>"), "a bc d e &lt;f");
        assert!(!spoken("<a title=\"x>y<img onerror=1>\">z</a><b").contains('<'));
    }
}
