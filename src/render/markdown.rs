//! Placeholder until the real one is merged: everything is sent again.

/// How a patch takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// After the last child of its target.
    BeforeEnd,
    /// Instead of all children of its target.
    InnerHtml,
}

impl Swap {
    /// As htmx spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BeforeEnd => "beforeend",
            Self::InnerHtml => "innerHTML",
        }
    }
}

/// A change of what a viewer was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// A CSS selector.
    pub target: String,
    /// How.
    pub swap: Swap,
    /// What.
    pub html: String,
}

/// Markdown as safe HTML.
pub fn to_html(source: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(source, pulldown_cmark::Options::all()));
    ammonia::clean(&html)
}

/// Markdown as it comes.
pub struct LiveMarkdown {
    root: String,
    source: String,
    sent: usize,
}

impl LiveMarkdown {
    /// For the container that this selector finds.
    pub fn new(root: impl Into<String>) -> Self {
        Self { root: root.into(), source: String::new(), sent: 0 }
    }

    /// More text.
    pub fn push(&mut self, text: &str) {
        self.source.push_str(text);
    }

    /// What changed.
    pub fn flush(&mut self) -> Vec<Patch> {
        if std::mem::replace(&mut self.sent, self.source.len()) == self.source.len() {
            return Vec::new();
        }
        vec![Patch { target: self.root.clone(), swap: Swap::InnerHtml, html: self.html() }]
    }

    /// What changed, nothing kept back.
    pub fn finish(&mut self) -> Vec<Patch> {
        self.flush()
    }

    /// What the container holds.
    pub fn html(&self) -> String {
        to_html(&self.source)
    }

    /// The text so far.
    pub fn source(&self) -> &str {
        &self.source
    }
}
