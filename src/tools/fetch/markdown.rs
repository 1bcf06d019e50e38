//! The main text of a page as Markdown.
//!
//! The attack meant is the page that is made to keep a parser busy or to exhaust it: elements that multiply, lists of
//! attributes without end, a nesting that overflows a stack. It is parsed piece by piece under a count of nodes
//! and a clock, and what is nested deeper than any page for people is not read.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use dom_query::Document;
use dom_smoothie::{Config, Readability, TextMode};
use html5ever::{
    ParseOpts, parse_document,
    tendril::{StrTendril, TendrilSink as _},
    tree_builder::TreeBuilderOpts,
};
use url::Url;

use crate::tools::ToolError;

/// The most nodes of a page, text among them.
const MAX_NODES: usize = 100_000;

/// The deepest nesting; browsers stop at twice that.
const MAX_DEPTH: usize = 256;

/// How long parsing may take.
const PARSE_TIME: Duration = Duration::from_secs(5);

/// What is parsed between two looks at count and clock.
const PIECE: usize = 4096;

/// The longest title.
const MAX_TITLE: usize = 300;

/// What is no text for people, where the main text cannot be told from the rest.
const NO_TEXT: [&str; 9] = ["script", "style", "meta", "head", "nav", "footer", "noscript", "template", "svg"];

/// A page for reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its title on one line; empty if it has none.
    pub title: String,
    /// Its main text.
    pub markdown: String,
}

/// Reads a page. Blocks for as long as it takes.
///
/// # Errors
/// `tool_error` for a page that no reader could read either.
pub fn article(html: &str, address: &Url) -> Result<Article, ToolError> {
    let document = parse(html)?;
    if depth_of(&document) > MAX_DEPTH {
        return Err(too_tangled());
    }
    let everything = document.clone();
    let config = Config {
        text_mode: TextMode::Markdown,
        // They tell the language of code.
        keep_classes: true,
        max_elements_to_parse: MAX_NODES,
        ..Config::default()
    };
    let found = Readability::with_document(document, Some(address.as_str()), Some(config))
        .and_then(|mut readability| readability.parse());
    let (title, main) = match found {
        Ok(article) => (article.title, article.text_content.to_string()),
        Err(_) => (everything.select_single("title").text().to_string(), String::new()),
    };
    // A page without paragraphs (a list, a form) has no main text by these rules, but there is something on it.
    let markdown = match main.trim() {
        "" => everything.body().map(|body| body.md(Some(&NO_TEXT)).to_string()).unwrap_or_default(),
        _ => main,
    };
    Ok(Article { title: one_line(&title, MAX_TITLE), markdown: markdown.trim().to_owned() })
}

/// Parses piece by piece: what a piece can make of itself is bounded, what a page can is not.
pub fn parse(html: &str) -> Result<Document, ToolError> {
    let began = Instant::now();
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let mut parser = parse_document(Document::default(), ParseOpts { tree_builder, ..ParseOpts::default() });
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE.min(rest.len())));
        parser.process(StrTendril::from_slice(piece));
        if parser.tokenizer.sink.sink.tree.len() > MAX_NODES || began.elapsed() > PARSE_TIME {
            return Err(too_tangled());
        }
        rest = after;
    }
    Ok(parser.finish())
}

/// How deep the deepest node stands. It goes from node to node, not down by itself, since the depth is what is asked.
fn depth_of(document: &Document) -> usize {
    let mut depths = HashMap::from([(document.root().id, 0_usize)]);
    let mut deepest = 0;
    for node in document.root().descendants_it() {
        let above = node.parent().and_then(|parent| depths.get(&parent.id).copied()).unwrap_or_default();
        depths.insert(node.id, above + 1);
        deepest = deepest.max(above + 1);
    }
    deepest
}

fn too_tangled() -> ToolError {
    ToolError::new("tool_error", "The page is too large or too deeply nested to be read.")
}

/// Text with all blanks as single spaces, cut after so many characters.
pub fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    for (count, letter) in text.split_whitespace().collect::<Vec<_>>().join(" ").chars().enumerate() {
        if count == most {
            line.push('…');
            break;
        }
        if !letter.is_control() {
            line.push(letter);
        }
    }
    line
}
