//! A reply as it grows.

use std::ops::Range;

use super::html::{self, ABOVE, Definitions, Kind, Rendered, Resume};
use super::patch::{self, Element, Patch};
use super::{hold, settle};

/// With so much text open, settling is tried.
const WINDOW: usize = 1024;
/// With so much text open that would not settle, it is parsed again only when it has grown by an eighth.
const PATIENCE: usize = 8 * 1024;
/// With so much text open, an unpaired marker far back is taken for text.
const FORCE: usize = 4 * 1024;
/// Bytes that wrap a patch on the wire: `<hx-partial hx-target="" hx-swap="beforeend"></hx-partial>`.
const WRAPPER: usize = 61;
/// What may be spent on wrappers and on sending again before text has earned it.
const ADVANCE: i64 = 1536;

/// A Markdown text that grows, and what a page needs to show it.
///
/// The page's element holds the *settled* HTML, whose last elements may be open, and the *rest*. Only the text of the
/// rest is parsed again, in a context that stands for what is settled (see [`settle`]); what differs goes out as
/// patches (see [`patch`]). The rest stays about a kilobyte whatever is written, so the cost of a token is flat.
///
/// Two things are left to the finished message, which [`super::to_html`] renders whole: a link reference that is
/// defined after its block was settled, and, until its block ends, a span longer than a kilobyte in a paragraph longer
/// than four, whose opening marker stays text.
pub struct LiveMarkdown {
    root: String,
    source: String,
    /// How much of the source the page shows.
    shown: usize,
    settled: String,
    chain: Vec<Element>,
    rest: String,
    /// Where the source of the rest begins.
    window: usize,
    context: String,
    /// Whether each list of the context is loose.
    loose: Vec<bool>,
    /// Level of the last settled heading.
    level: u8,
    /// Where the open block at the top level begins, in the source and in the settled HTML, and the level of the last
    /// heading before it.
    block: (usize, usize, u8),
    /// A marker was taken for text while its other half might have come.
    pub(super) bold: bool,
    /// How often this block had to be taken up again from its beginning.
    rebuilt: u32,
    definitions: Definitions,
    /// The kind of block the text ends in.
    kind: Option<Kind>,
    settle_at: usize,
    parse_at: usize,
    wrapper: usize,
    /// What may be spent beyond the text itself.
    credit: i64,
    /// Bytes parsed so far, for those who count work instead of time.
    #[cfg(test)]
    pub(super) parsed: usize,
}

impl LiveMarkdown {
    /// `root` is the CSS selector of the (initially empty) container element, which must hold nothing else. The shorter
    /// the better: it is in every patch.
    pub fn new(root: impl Into<String>) -> Self {
        Self {
            root: root.into(),
            source: String::new(),
            shown: 0,
            settled: String::new(),
            chain: Vec::new(),
            rest: String::new(),
            window: 0,
            context: String::new(),
            loose: Vec::new(),
            level: ABOVE,
            block: (0, 0, ABOVE),
            bold: false,
            rebuilt: 0,
            definitions: Definitions::new(),
            kind: None,
            settle_at: WINDOW,
            parse_at: 0,
            wrapper: WRAPPER,
            credit: ADVANCE,
            #[cfg(test)]
            parsed: 0,
        }
    }

    /// How many bytes each patch costs on the wire beside its target and its HTML. [`Self::flush`] waits for a little
    /// more text rather than let these outgrow the text; by default they are those of an `<hx-partial>`.
    pub fn with_wrapper(mut self, bytes: usize) -> Self {
        self.wrapper = bytes;
        self
    }

    /// Never waits for more text to make a patch worth its bytes.
    pub fn unpaced(mut self) -> Self {
        self.credit = i64::MAX / 2;
        self
    }

    /// Takes more text. Only stores it.
    pub fn push(&mut self, text: &str) {
        self.source.push_str(text);
        // What is sent in all, the finished message included, has to stay below three times that message.
        let earned = i64::try_from(text.len()).unwrap_or(0).saturating_mul(7) / 10;
        self.credit = self.credit.saturating_add(earned.max(i64::from(!text.is_empty())));
    }

    /// What brings the container up to date, in order; see [`Patch`] for how to put several into one frame.
    ///
    /// A short tail may be kept back until the next characters say what it means, or until it is worth its bytes.
    pub fn flush(&mut self) -> Vec<Patch> {
        let cost = self.root.len() + self.chain.len() * 12 + self.wrapper;
        if self.credit < i64::try_from(cost).unwrap_or(i64::MAX) { Vec::new() } else { self.flush_late() }
    }

    /// As [`Self::flush`], whatever it is worth: for text that has waited.
    pub fn flush_late(&mut self) -> Vec<Patch> {
        if self.source.len() < self.parse_at {
            return Vec::new();
        }
        let long = matches!(self.chain.last(), Some(Element { name: "p" | "li", .. }));
        let open = self.source.get(self.window..).unwrap_or_default();
        let end = self.window + hold::visible(open, self.kind, long);
        if end <= self.shown {
            return Vec::new();
        }
        self.step(end)
    }

    /// Shows everything, also what [`Self::flush`] would keep back: at the end, or when the text pauses. More may
    /// follow.
    pub fn finish(&mut self) -> Vec<Patch> {
        if self.shown == self.source.len() {
            return Vec::new();
        }
        self.step(self.source.len())
    }

    /// What the container holds now, whole. Later patches continue from exactly this.
    pub fn html(&self) -> String {
        format!("{}{}", self.settled, self.rest)
    }

    /// All the text there is.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// How many bytes of the source [`Self::html`] shows.
    pub fn shown(&self) -> usize {
        self.shown
    }

    fn step(&mut self, end: usize) -> Vec<Patch> {
        let before = self.settled.len() + self.rest.len();
        let mut text = self.text(&self.context, self.window..end);
        let mut rendered = self.render(&text, self.context.len(), &self.chain.clone(), self.level);
        let agrees = rendered.resume.is_some() && self.loose == looseness(&rendered, self.context.len());
        let finished = self.bold && rendered.nodes.iter().filter(|node| node.parent.is_none()).nth(1).is_some();
        if self.window > self.block.0 && (!agrees || finished) {
            // The meaning of something settled changed: the whole block once more.
            self.reopen();
            text = self.text("", self.window..end);
            rendered = self.render(&text, 0, &[], self.level);
        }
        let new = rendered.html.get(rendered.resume.unwrap_or(0)..).unwrap_or_default();
        let patches = patch::diff(&self.root, &self.settled, &self.chain, &self.rest, new);
        self.rest = new.to_owned();
        self.shown = end;
        self.kind = rendered.nodes.last().map(|node| node.kind);
        self.spend(&patches, before);
        if text.len() > self.settle_at {
            self.settle(&text, &rendered);
        }
        let open = end - self.window;
        self.parse_at = if open > PATIENCE { end + open / 8 } else { 0 };
        patches
    }

    fn text(&self, context: &str, range: Range<usize>) -> String {
        format!("{context}{}", self.source.get(range).unwrap_or_default())
    }

    fn render(&mut self, text: &str, from: usize, chain: &[Element], level: u8) -> Rendered {
        #[cfg(test)]
        {
            self.parsed += text.len();
        }
        let chain: Vec<&'static str> = chain.iter().map(|element| element.name).collect();
        html::render(text, &self.definitions, &Resume { from, chain: &chain, level })
    }

    /// Goes back to the beginning of the open block.
    fn reopen(&mut self) {
        let settled = self.settled.split_off(self.block.1);
        self.rest = settled + &self.rest;
        self.window = self.block.0;
        self.level = self.block.2;
        self.context.clear();
        self.chain.clear();
        self.loose.clear();
        self.bold = false;
        self.rebuilt += 1;
        self.settle_at = self.patience();
    }

    /// Wrappers and what was sent a second time are paid from what text has earned. The debt is bounded, so that a
    /// block that had to be sent again does not silence the stream.
    fn spend(&mut self, patches: &[Patch], before: usize) {
        let sent: usize = patches.iter().map(|patch| patch.html.len() + patch.target.len() + self.wrapper).sum();
        let grown = (self.settled.len() + self.rest.len()).saturating_sub(before);
        let cost = i64::try_from(sent.saturating_sub(grown)).unwrap_or(i64::MAX);
        self.credit = self.credit.saturating_sub(cost).max(-64);
    }

    /// Takes what can no longer change out of the rest.
    fn settle(&mut self, text: &str, rendered: &Rendered) {
        let from = self.context.len();
        for cut in settle::cuts(text, from, rendered, text.len() > FORCE) {
            let tail = text.get(cut.at..).unwrap_or_default();
            if (cut.context.len() + tail.len()) * 4 > text.len() * 3 {
                continue;
            }
            if self.cut(text, &cut, rendered) {
                self.settle_at = self.patience().max(2 * (self.context.len() + tail.len()));
                return;
            }
        }
        self.settle_at = 2 * text.len();
    }

    /// Takes a cut if what comes after it renders alone as it does now.
    fn cut(&mut self, text: &str, cut: &settle::Cut, rendered: &Rendered) -> bool {
        let whole = format!("{}{}", cut.context, text.get(cut.at..).unwrap_or_default());
        let level = rendered.level_before(cut.at).unwrap_or(self.level);
        let alone = self.render(&whole, cut.context.len(), &[], level);
        let (at, names) = alone.first.as_ref().map_or((0, &[][..]), |(at, names)| (*at, names.as_slice()));
        let Some(tail) = alone.html.get(at..).filter(|tail| self.rest.ends_with(tail)) else { return false };
        let keep = self.rest.len() - tail.len();
        let before = self.rest.get(..keep).unwrap_or_default();
        let Some(chain) = patch::chain_after(&self.chain, self.settled.len(), before, names) else { return false };
        let from = self.context.len();
        for (label, destination, range) in &rendered.definitions {
            if range.start >= from && range.start < cut.at {
                self.definitions.entry(label.clone()).or_insert_with(|| destination.clone());
            }
        }
        self.settled.push_str(before);
        self.rest.drain(..keep);
        self.chain = chain;
        self.window += cut.at - from;
        self.level = level;
        self.loose = looseness(&alone, cut.context.len());
        self.context.clone_from(&cut.context);
        self.bold |= cut.bold;
        if cut.top {
            self.block = (self.window, self.settled.len(), self.level);
            self.bold = false;
            self.rebuilt = 0;
        }
        true
    }

    /// How much text may be open before settling is tried: more in a block that keeps changing its meaning.
    fn patience(&self) -> usize {
        WINDOW << self.rebuilt.saturating_sub(2).min(2)
    }
}

/// Whether each list of the context is loose.
fn looseness(rendered: &Rendered, context: usize) -> Vec<bool> {
    let lists = rendered.nodes.iter().filter(|node| node.start < context && node.kind == Kind::List);
    lists.map(|node| node.loose).collect()
}
