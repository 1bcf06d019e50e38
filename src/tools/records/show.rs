//! What would change of documents, line by line, as it is shown to the person who decides.

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::types::{Difference, DifferenceLine};

/// The most lines shown.
const MAX_LINES: usize = 1000;

/// The most bytes of text shown.
const MAX_BYTES: usize = 128 * 1024;

/// Unchanged lines shown on each side of a change.
const CONTEXT: usize = 3;

/// What documents would become: each with what it is now, if it is.
pub(super) fn difference(is_new: bool, changes: &[(Option<&Value>, &Value)]) -> Difference {
    let mut shown = Difference { is_new, lines: Vec::new(), omitted: 0 };
    let mut bytes = 0;
    let mut push = |line: DifferenceLine| {
        bytes += match &line {
            DifferenceLine::Same { text } | DifferenceLine::Added { text } | DifferenceLine::Removed { text } => {
                text.len()
            }
            DifferenceLine::Gap { .. } => 0,
        };
        // What is left out is left out to the end.
        if shown.omitted > 0 || shown.lines.len() >= MAX_LINES || bytes > MAX_BYTES {
            shown.omitted += 1;
        } else {
            shown.lines.push(line);
        }
    };
    for (before, after) in changes {
        let (old, new) = (before.map(lines).unwrap_or_default(), lines(after));
        let compared = TextDiff::from_lines(&old, &new);
        let mut end = 0;
        for group in compared.grouped_ops(CONTEXT) {
            let begin = group.first().map_or(end, |operation| operation.old_range().start);
            if begin > end {
                push(DifferenceLine::Gap { count: begin - end });
            }
            for change in group.iter().flat_map(|operation| compared.iter_changes(operation)) {
                let text = change.value().trim_end_matches('\n').to_owned();
                push(match change.tag() {
                    ChangeTag::Equal => DifferenceLine::Same { text },
                    ChangeTag::Insert => DifferenceLine::Added { text },
                    ChangeTag::Delete => DifferenceLine::Removed { text },
                });
            }
            end = group.last().map_or(end, |operation| operation.old_range().end);
        }
        match old.lines().count() {
            count if count > end => push(DifferenceLine::Gap { count: count - end }),
            _ => {}
        }
    }
    shown
}

/// A document over several lines; small inner values stay on one.
fn lines(document: &Value) -> String {
    format!("{document:#}\n")
}
