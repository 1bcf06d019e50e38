//! Settling: what can no longer change leaves the part that is parsed again with every flush.
//!
//! The parser knows nothing of continuing, so the text that is left gets a *context* in front: a few lines of
//! Markdown that open the same containers (quotes, lists, items, a fence, the head of a table, a paragraph) that the
//! settled part left open. A cut is taken only if context and rest together render, after the context, as exactly
//! the bytes that the whole rendered there.

use super::html::{Break, Kind, Node, Rendered};

/// A place to cut: where the new rest begins, and what has to stand before it.
pub(super) struct Cut {
    pub context: String,
    /// In bytes of the text that was parsed.
    pub at: usize,
    /// Everything at the top level before this is complete.
    pub top: bool,
    /// A marker before the cut is taken for plain text though its other half might still come.
    pub bold: bool,
}

/// So near the end nothing inside a line is settled.
const NEAR: usize = 64;
/// A span longer than this is given up: its marker is taken for text until the block is finished.
const LONGEST_SPAN: usize = 1024;
/// A first line of which so much is there establishes its block.
const ESTABLISHED: usize = 256;

/// The places where `text` might be cut, the best first.
pub(super) fn cuts(text: &str, from: usize, rendered: &Rendered, force: bool) -> Vec<Cut> {
    let mut path = Vec::new();
    let mut next = rendered.nodes.len().checked_sub(1);
    while let Some(node) = next.and_then(|index| rendered.nodes.get(index)) {
        path.push(node);
        next = node.parent;
    }
    path.reverse();
    let mut cuts = Vec::new();
    if let Some(leaf) = path.last() {
        let inner = match leaf.kind {
            Kind::Paragraph => paragraph(text, &path, leaf, &rendered.breaks, from, force),
            Kind::Fenced | Kind::Html | Kind::Indented => code(text, &path, leaf),
            _ => None,
        };
        cuts.extend(inner);
    }
    for (depth, node) in path.iter().enumerate().rev() {
        let above = path.get(..depth).unwrap_or_default();
        cuts.extend(before(text, above, node).or_else(|| {
            // The last block may still become part of the one before it, which then has to stay.
            let older = |other: &&Node| other.parent == node.parent && other.start < node.start;
            before(text, above, rendered.nodes.iter().rev().find(older)?)
        }));
    }
    cuts.retain(|cut| cut.at > from);
    cuts
}

/// Where the line of `at` begins.
fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// The line that begins at `at`, without its end.
fn line(text: &str, at: usize) -> &str {
    text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default()
}

/// The bullet or number of an item with the blanks around it, as wide as its content is indented.
fn marker(text: &str, item: &Node) -> Option<String> {
    let line = line(text, item.start);
    let bare = line.trim_start_matches(' ');
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let sign = bare.get(digits..)?;
    if !sign.starts_with(if digits > 0 { ['.', ')', '.'] } else { ['-', '*', '+'] }) {
        return None;
    }
    let after = sign.get(1..)?;
    let blanks = after.len() - after.trim_start_matches(' ').len();
    if after.trim_start_matches(' ').starts_with('\t') {
        return None;
    }
    let blanks = if blanks == after.len() || blanks > 4 { 1 } else { blanks.max(1) };
    let width = line.len() - bare.len() + digits + 1;
    Some(format!("{}{}", line.get(..width)?, " ".repeat(blanks)))
}

/// Lines that open the containers of `path`, and what each further line in them begins with. `next` is the block the
/// cut comes before, if it comes before one.
fn containers(text: &str, path: &[&Node], next: Option<&Node>) -> Option<(String, String)> {
    let (mut lines, mut indent) = (String::new(), String::new());
    let mut anchored = true;
    for (depth, node) in path.iter().enumerate() {
        match node.kind {
            Kind::Quote => {
                indent.push_str("> ");
                anchored = false;
            }
            Kind::List => {
                let item = path.get(depth + 1).copied().or(next)?;
                let marker = marker(text, item)?;
                lines.push_str(&format!("{indent}{marker}x\n"));
                let inner = format!("{indent}{}", " ".repeat(marker.len()));
                if node.loose {
                    lines.push_str(indent.trim_end());
                    lines.push('\n');
                }
                // An empty heading: nothing continues it, so what follows is a block of its own.
                lines.push_str(&format!("{inner}#\n"));
                if path.len() > depth + 1 {
                    indent = inner;
                }
                anchored = true;
            }
            _ => {}
        }
    }
    if !anchored {
        lines.push_str(&format!("{indent}#\n"));
    }
    Some((lines, indent))
}

/// A cut before a block, an item or a row, at the start of its line.
fn before(text: &str, above: &[&Node], node: &Node) -> Option<Cut> {
    let at = line_start(text, node.start);
    let lead = text.get(at..node.start)?;
    let rest = text.get(node.start..)?;
    if !lead.bytes().all(|byte| b" >".contains(&byte)) || !(rest.contains('\n') || rest.len() > ESTABLISHED) {
        return None;
    }
    let (mut context, indent) = containers(text, above, Some(node))?;
    if let (Kind::Row, Some(table)) = (node.kind, above.last()) {
        let dashes = text.get(table.start..)?.find('\n')? + table.start + 1;
        let dashes = line(text, dashes).trim_start_matches([' ', '>', '\t']);
        context.push_str(&format!("{indent}{}\n{indent}{dashes}\n", line(text, table.start)));
    }
    Some(Cut { context, at, top: above.is_empty(), bold: false })
}

/// A cut before the last line of a code block.
fn code(text: &str, path: &[&Node], node: &Node) -> Option<Cut> {
    let body = text.trim_end_matches(['\n', '\r', ' ', '\t', '>']);
    let at = line_start(text, body.len());
    if at <= node.start {
        return None;
    }
    let (mut context, indent) = containers(text, path.get(..path.len() - 1)?, Some(node))?;
    if node.kind == Kind::Indented {
        context.push_str(&format!("{indent}    x\n"));
    } else {
        let column = node.start - line_start(text, node.start);
        let spaces = " ".repeat(column.saturating_sub(indent.len()).min(3));
        context.push_str(&format!("{indent}{spaces}{}\n", line(text, node.start)));
    }
    Some(Cut { context, at, top: false, bold: false })
}

/// A cut inside a paragraph, between lines or words.
fn paragraph(text: &str, path: &[&Node], node: &Node, breaks: &[Break], from: usize, force: bool) -> Option<Cut> {
    let end = text.len();
    let sure = breaks.iter().rev().find(|place| place.sure && place.at + NEAR <= end && place.at > from);
    let place = match sure {
        Some(place) => place,
        None if force => breaks.iter().rev().find(|place| place.at + LONGEST_SPAN <= end && place.at > from)?,
        None => return None,
    };
    let (mut context, indent) = containers(text, path.get(..path.len() - 1)?, Some(node))?;
    let mut at = place.at;
    if place.line {
        at = line_start(text, at);
        context.push_str(&format!("{indent}x\n"));
    } else {
        if text.get(node.start..at)?.contains('\n') {
            context.push_str(&format!("{indent}x\n"));
        }
        // A code span, so that what follows cannot start a block and is an event of its own.
        context.push_str(&format!("{indent}`x`"));
    }
    Some(Cut { context, at, top: false, bold: !place.sure })
}
