//! Markdown events to HTML, with the little bookkeeping that lets the live view settle what cannot change.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::LINK_REL;
use super::text::{escape, language, normalise, reference};

/// Elements nested deeper than this are not opened; their text stays.
const DEEPEST: usize = 24;

/// Link reference definitions seen so far: normalised label to destination.
pub(super) type Definitions = HashMap<String, String>;

/// The level of the heading under which a text stands in the page.
pub(super) const ABOVE: u8 = 2;
/// Names of headings, from the highest a text may have on.
const HEADINGS: [(u8, &str); 4] = [(3, "h3"), (4, "h4"), (5, "h5"), (6, "h6")];

/// From where the live view wants the HTML: the text before `from` is context that was settled before.
pub(super) struct Resume<'a> {
    /// Length of the context in bytes of source.
    pub from: usize,
    /// Names of the elements that the settled HTML leaves open.
    pub chain: &'a [&'static str],
    /// Level of the last heading of what was settled.
    pub level: u8,
}

impl Default for Resume<'_> {
    /// A text from its beginning.
    fn default() -> Self {
        Self { from: 0, chain: &[], level: ABOVE }
    }
}

/// What a piece of the document is, as far as settling cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Quote,
    List,
    Item,
    Paragraph,
    Heading,
    Fenced,
    Indented,
    Html,
    Table,
    Row,
    Rule,
}

/// A block of the parsed text.
#[derive(Debug)]
pub(super) struct Node {
    pub kind: Kind,
    pub parent: Option<usize>,
    pub start: usize,
    /// Of a list: its items hold paragraphs.
    pub loose: bool,
}

/// A place inside a paragraph where it may be cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Break {
    pub at: usize,
    /// At the start of a line, or else before a space.
    pub line: bool,
    /// Nothing before it can still change its meaning.
    pub sure: bool,
}

/// A rendered text.
pub(super) struct Rendered {
    pub html: String,
    /// Where in `html` the part after the context begins; none if the context did not parse as it was meant.
    pub resume: Option<usize>,
    /// Where what comes from after the context begins, and the elements open there.
    pub first: Option<(usize, Vec<&'static str>)>,
    /// Blocks in document order.
    pub nodes: Vec<Node>,
    /// Places to cut the last paragraph.
    pub breaks: Vec<Break>,
    /// Label, destination and source range of link reference definitions.
    pub definitions: Vec<(String, String, Range<usize>)>,
    /// Where headings after the context begin, and their levels.
    headings: Vec<(usize, u8)>,
}

impl Rendered {
    /// The level of the last heading that begins before `at`, if one does.
    pub fn level_before(&self, at: usize) -> Option<u8> {
        self.headings.iter().take_while(|(start, _)| *start < at).last().map(|(_, level)| *level)
    }
}

/// Renders `text`; `known` resolves references that the text does not define itself.
pub(super) fn render(text: &str, known: &Definitions, resume: &Resume<'_>) -> Rendered {
    let callback = |link: BrokenLink<'_>| {
        let destination = known.get(&normalise(&link.reference))?;
        Some((CowStr::from(destination.clone()), CowStr::Borrowed("")))
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let parser = Parser::new_with_broken_link_callback(text, options, Some(callback));
    let definitions = parser
        .reference_definitions()
        .iter()
        .map(|(label, definition)| (normalise(label), definition.dest.to_string(), definition.span.clone()))
        .collect();
    let mut writer = Writer {
        html: String::with_capacity(text.len() + text.len() / 4),
        nodes: Vec::new(),
        breaks: Vec::new(),
        open: Vec::new(),
        frames: Vec::new(),
        alignments: Vec::new(),
        column: 0,
        heading_row: false,
        image: None,
        resume,
        resumed: None,
        closing: None,
        inline: 0,
        unsure: false,
        brackets: 0,
        headings: Vec::new(),
    };
    for (event, range) in parser.into_offset_iter() {
        writer.event(event, &range, text);
    }
    let resumed = match &writer.resumed {
        _ if resume.from == 0 => Some(0),
        Some((at, open)) => (open == resume.chain).then_some(*at),
        None => writer.closing,
    };
    Rendered {
        html: writer.html,
        resume: resumed,
        first: writer.resumed,
        nodes: writer.nodes,
        breaks: writer.breaks,
        definitions,
        headings: writer.headings,
    }
}

/// What one event opened: a node, elements, and whether it is inline.
struct Frame {
    node: Option<usize>,
    elements: usize,
    inline: bool,
}

/// An image being read: its address, what its text said, and how many tags inside it are open.
struct Image {
    link: Option<(String, Option<String>)>,
    depth: usize,
}

struct Writer<'a> {
    html: String,
    nodes: Vec<Node>,
    breaks: Vec<Break>,
    open: Vec<&'static str>,
    frames: Vec<Frame>,
    alignments: Vec<Alignment>,
    column: usize,
    heading_row: bool,
    image: Option<Image>,
    resume: &'a Resume<'a>,
    resumed: Option<(usize, Vec<&'static str>)>,
    closing: Option<usize>,
    inline: usize,
    /// An opening marker was seen that may still find its other half.
    unsure: bool,
    brackets: usize,
    headings: Vec<(usize, u8)>,
}

impl Writer<'_> {
    fn event(&mut self, event: Event<'_>, range: &Range<usize>, source: &str) {
        match &event {
            // Perhaps nothing comes after the context: then what is left is where its chain closes for the last time.
            Event::End(_) if !self.past() => {
                let closes = self.frames.last().is_some_and(|frame| frame.elements > 0);
                if closes && self.open == self.resume.chain {
                    self.closing = Some(self.html.len());
                }
            }
            Event::End(_) => {}
            _ if range.start >= self.resume.from && !self.past() => self.mark(),
            _ => {}
        }
        if let Some(image) = &mut self.image {
            // Only the words of an image's text are kept: what it would nest cannot stand in a link.
            match event {
                Event::Start(_) => image.depth += 1,
                Event::End(_) if image.depth > 0 => image.depth -= 1,
                Event::End(_) => self.image_end(),
                Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => escape(&mut self.html, &text),
                Event::SoftBreak | Event::HardBreak => self.html.push(' '),
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => {
                self.tight(range);
                self.breaks(&text, range, source);
                escape(&mut self.html, &text);
            }
            Event::Code(text) => {
                self.tight(range);
                self.html.push_str("<code>");
                escape(&mut self.html, &text);
                self.html.push_str("</code>");
            }
            Event::Html(text) => escape(&mut self.html, &text),
            Event::InlineHtml(text) => {
                self.tight(range);
                escape(&mut self.html, &text);
            }
            Event::SoftBreak => {
                self.html.push('\n');
                self.line(range);
            }
            Event::HardBreak => {
                self.html.push_str("<br>\n");
                self.line(range);
            }
            Event::Rule => {
                self.node(Kind::Rule, range);
                self.frames.pop();
                self.html.push_str("<hr>");
            }
            Event::TaskListMarker(done) => {
                self.tight(range);
                self.html.push_str(if done { "☑ " } else { "☐ " });
            }
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {}
        }
    }

    fn past(&self) -> bool {
        self.resumed.is_some()
    }

    fn mark(&mut self) {
        self.resumed = Some((self.html.len(), self.open.clone()));
    }

    /// The block the next one is in.
    fn parent(&self) -> Option<usize> {
        self.frames.iter().rev().find_map(|frame| frame.node)
    }

    fn node(&mut self, kind: Kind, range: &Range<usize>) {
        self.untight();
        let parent = self.parent();
        self.nodes.push(Node { kind, parent, start: range.start, loose: false });
        self.frames.push(Frame { node: Some(self.nodes.len() - 1), elements: 0, inline: false });
        if kind == Kind::Paragraph {
            self.paragraph(parent);
        }
        self.breaks.clear();
        self.unsure = false;
        self.brackets = 0;
    }

    /// A paragraph's own tags inside an item say that the list is loose.
    fn paragraph(&mut self, parent: Option<usize>) {
        let Some(item) = parent.and_then(|parent| self.nodes.get(parent)) else { return };
        if item.kind == Kind::Item
            && let Some(list) = item.parent.and_then(|list| self.nodes.get_mut(list))
        {
            list.loose = true;
        }
    }

    /// Text straight in an item: a paragraph without tags, which is a block nevertheless.
    fn tight(&mut self, range: &Range<usize>) {
        let Some(parent) = self.parent() else { return };
        if self.inline == 0 && self.nodes.get(parent).is_some_and(|node| node.kind == Kind::Item) {
            self.nodes.push(Node { kind: Kind::Paragraph, parent: Some(parent), start: range.start, loose: false });
            self.frames.push(Frame { node: Some(self.nodes.len() - 1), elements: 0, inline: true });
            self.breaks.clear();
            self.unsure = false;
            self.brackets = 0;
        }
    }

    /// Ends such a paragraph when the next block starts or its item ends.
    fn untight(&mut self) {
        if self.inline == 0 && self.frames.last().is_some_and(|frame| frame.inline && frame.node.is_some()) {
            self.frames.pop();
        }
    }

    /// Opens an element for the newest frame.
    fn element(&mut self, name: &'static str, attributes: &str) {
        if self.open.len() >= DEEPEST {
            return;
        }
        self.html.push('<');
        self.html.push_str(name);
        self.html.push_str(attributes);
        self.html.push('>');
        self.open.push(name);
        if let Some(frame) = self.frames.last_mut() {
            frame.elements += 1;
        }
    }

    fn close(&mut self, elements: usize) {
        for _ in 0..elements {
            if let Some(name) = self.open.pop() {
                self.html.push_str("</");
                self.html.push_str(name);
                self.html.push('>');
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Paragraph => self.block(Kind::Paragraph, range, "p", r#" dir="auto""#),
            Tag::Heading { level, .. } => {
                let name = self.heading(level as usize, range.start);
                self.block(Kind::Heading, range, name, r#" dir="auto""#);
            }
            Tag::BlockQuote(_) => self.block(Kind::Quote, range, "blockquote", r#" dir="auto""#),
            Tag::List(None) => self.block(Kind::List, range, "ul", r#" dir="auto""#),
            Tag::List(Some(1)) => self.block(Kind::List, range, "ol", r#" dir="auto""#),
            Tag::List(Some(first)) => {
                self.block(Kind::List, range, "ol", &format!(r#" start="{first}" dir="auto""#));
            }
            Tag::Item => self.block(Kind::Item, range, "li", ""),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => self.code(Kind::Fenced, range, language(&info)),
            Tag::CodeBlock(CodeBlockKind::Indented) => self.code(Kind::Indented, range, None),
            Tag::HtmlBlock => self.code(Kind::Html, range, Some("html")),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.block(Kind::Table, range, "table", r#" dir="auto""#);
            }
            Tag::TableHead => {
                self.frames.push(Frame { node: None, elements: 0, inline: false });
                self.element("thead", "");
                self.element("tr", "");
                self.column = 0;
                self.heading_row = true;
            }
            Tag::TableRow => {
                self.block(Kind::Row, range, "tr", "");
                self.column = 0;
            }
            Tag::TableCell => {
                self.frames.push(Frame { node: None, elements: 0, inline: false });
                let attributes = match self.alignments.get(self.column) {
                    Some(Alignment::Center) => r#" align="center""#,
                    Some(Alignment::Right) => r#" align="right""#,
                    _ => "",
                };
                self.element(if self.heading_row { "th" } else { "td" }, attributes);
                self.column += 1;
            }
            Tag::Emphasis => self.span(range, Some(("em", ""))),
            Tag::Strong => self.span(range, Some(("strong", ""))),
            Tag::Strikethrough => self.span(range, Some(("del", ""))),
            Tag::Link { link_type, dest_url, .. } => {
                // An address in the words of a link is part of them: HTML knows no link in a link.
                let nested = self.open.contains(&"a");
                let link = reference(&dest_url, link_type == LinkType::Email).filter(|_| !nested);
                let attributes = link.map(|(address, _)| format!(r#" href="{address}" rel="{LINK_REL}""#));
                self.span(range, attributes.as_deref().map(|attributes| ("a", attributes)));
            }
            Tag::Image { dest_url, .. } => {
                // A fetched image would tell its server who reads; a link lets the reader decide.
                let link = reference(&dest_url, false);
                let nested = self.open.contains(&"a");
                let attributes = match &link {
                    Some((address, _)) if !nested => Some(format!(r#" href="{address}" rel="{LINK_REL}""#)),
                    _ => None,
                };
                self.span(range, attributes.as_deref().map(|attributes| ("a", attributes)));
                self.html.push_str("image: ");
                self.image = Some(Image { link, depth: 0 });
            }
            _ => self.frames.push(Frame { node: None, elements: 0, inline: false }),
        }
    }

    /// The name of a heading: the page's own come first in its outline, and no level is left out on the way down,
    /// whatever a model skips.
    fn heading(&mut self, level: usize, start: usize) -> &'static str {
        let last = self.headings.last().map_or(self.resume.level, |(_, level)| *level);
        let fits = |(named, _): &&(u8, &str)| usize::from(*named) <= level + usize::from(ABOVE) && *named <= last + 1;
        let (level, name) = HEADINGS.iter().rfind(fits).copied().unwrap_or((ABOVE + 1, "h3"));
        // Those of the context stand for nothing, and those nested too deeply are not opened.
        if start >= self.resume.from && self.open.len() < DEEPEST {
            self.headings.push((start, level));
        }
        name
    }

    fn block(&mut self, kind: Kind, range: &Range<usize>, name: &'static str, attributes: &str) {
        self.node(kind, range);
        self.element(name, attributes);
    }

    fn code(&mut self, kind: Kind, range: &Range<usize>, language: Option<&str>) {
        self.node(kind, range);
        self.element("pre", r#" translate="no""#);
        let attributes = language.map(|language| format!(r#" data-language="{language}""#));
        self.element("code", attributes.as_deref().unwrap_or_default());
    }

    fn span(&mut self, range: &Range<usize>, element: Option<(&'static str, &str)>) {
        self.tight(range);
        self.inline += 1;
        self.frames.push(Frame { node: None, elements: 0, inline: true });
        if let Some((name, attributes)) = element {
            self.element(name, attributes);
        }
    }

    fn image_end(&mut self) {
        if let Some(host) = self.image.take().and_then(|image| image.link).and_then(|(_, host)| host) {
            self.html.push_str(" (");
            escape(&mut self.html, &host);
            self.html.push(')');
        }
        self.pop();
    }

    fn end(&mut self, tag: TagEnd) {
        if matches!(tag, TagEnd::Item) {
            self.untight();
        }
        self.pop();
        if matches!(tag, TagEnd::TableHead) {
            self.heading_row = false;
            self.element("tbody", "");
        }
    }

    fn pop(&mut self) {
        if let Some(frame) = self.frames.pop() {
            if frame.inline && frame.node.is_none() {
                self.inline -= 1;
            }
            self.close(frame.elements);
        }
    }

    /// Notes that the paragraph may be cut where its next line starts.
    fn line(&mut self, range: &Range<usize>) {
        if self.inline == 0 {
            self.breaks.push(Break { at: range.end, line: true, sure: !self.unsure && self.brackets == 0 });
        }
    }

    /// Notes where a plain text may be cut, and whether something in it may still pair with what comes.
    fn breaks(&mut self, text: &str, range: &Range<usize>, source: &str) {
        if self.inline > 0 || source.get(range.clone()) != Some(text) {
            return;
        }
        let escaped = range.start.checked_sub(1).and_then(|index| source.as_bytes().get(index)) == Some(&b'\\');
        let beside = |index: Option<usize>, none: u8| {
            index.and_then(|index| source.as_bytes().get(index)).copied().unwrap_or(none)
        };
        for (index, byte) in range.clone().zip(text.bytes()) {
            let (before, after) = (beside(index.checked_sub(1), b' '), beside(Some(index + 1), b'x'));
            match byte {
                _ if escaped && index == range.start => {}
                b'[' => self.brackets += 1,
                b']' => self.brackets = self.brackets.saturating_sub(1),
                b'*' | b'~' => self.unsure |= !(after == b' ' && before == b' '),
                b'_' => {
                    let inside = before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric();
                    let alone = after == b' ' && before == b' ';
                    self.unsure |= !(inside || alone);
                }
                b'`' => self.unsure = true,
                b'<' => self.unsure |= !matches!(after, b' ' | b'=' | b'-' | b'0'..=b'9'),
                b' ' if after.is_ascii_alphanumeric() && before.is_ascii_graphic() => {
                    let sure = !self.unsure && self.brackets == 0;
                    self.breaks.push(Break { at: index, line: false, sure });
                }
                _ => {}
            }
        }
    }
}
