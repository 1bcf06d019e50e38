//! A difference between two texts as lines that hide nothing.

use super::visible::visible;
use crate::types::{Difference, DifferenceLine};

/// Equal blank lines in a row that are shown one by one.
const BLANK_LINES: usize = 4;

/// One line of a difference, its text made visible.
pub(super) enum LineView {
    Same(String),
    Added(String),
    Removed(String),
    Gap(usize),
}

/// The lines as they are shown; long runs of blank ones say how many they are.
pub(super) fn lines(difference: Option<&Difference>) -> Vec<LineView> {
    let mut views = Vec::new();
    let lines = difference.map_or(&[][..], |difference| &difference.lines);
    for group in lines.chunk_by(|one, next| one == next && is_blank(one)) {
        if (2..=BLANK_LINES).contains(&group.len()) {
            views.extend(group.iter().map(|line| view(line, visible)));
        } else if let Some(line) = group.first() {
            views.push(view(line, |text| match group.len() {
                1 => visible(text),
                count => format!("<span class=\"blank\">↵×{count}</span>"),
            }));
        }
    }
    views
}

fn view(line: &DifferenceLine, shown: impl Fn(&str) -> String) -> LineView {
    match line {
        DifferenceLine::Same { text } => LineView::Same(shown(text)),
        DifferenceLine::Added { text } => LineView::Added(shown(text)),
        DifferenceLine::Removed { text } => LineView::Removed(shown(text)),
        DifferenceLine::Gap { count } => LineView::Gap(*count),
    }
}

fn is_blank(line: &DifferenceLine) -> bool {
    match line {
        DifferenceLine::Same { text } | DifferenceLine::Added { text } | DifferenceLine::Removed { text } => {
            text.trim().is_empty()
        }
        DifferenceLine::Gap { .. } => false,
    }
}
