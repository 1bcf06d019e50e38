//! A tool call as an article of the log: what it would do, the form that decides on it, what came of it.

use askama::Template;

use super::{PageContext, visible::visible};
use crate::types::{DifferenceLine, MessageId, ToolCall, ToolCallState};

/// Arguments longer than this many characters are folded when a difference says the same better.
const LONG: usize = 600;
/// Equal blank lines in a row of a difference that are shown one by one.
const BLANK_LINES: usize = 4;

/// One line of a difference, its text made visible.
pub(super) enum LineView {
    Same(String),
    Added(String),
    Removed(String),
    Gap(usize),
}

/// `tool_calls/tool_call.html`
#[derive(Template)]
#[template(path = "tool_calls/tool_call.html")]
pub(super) struct ToolCallView<'a> {
    pub(super) ctx: &'a PageContext,
    pub(super) call: &'a ToolCall,
    /// The stored message that holds its result.
    pub(super) message_id: Option<MessageId>,
    /// How many calls its reply asks for.
    pub(super) total: usize,
    /// What it showed of its work so far.
    pub(super) output: &'a str,
    /// Whether a socket tells the page what comes of a decision; else the form is a plain one.
    pub(super) is_live: bool,
}

impl ToolCallView<'_> {
    fn state(&self) -> ToolCallState {
        self.call.state
    }

    fn is_pending(&self) -> bool {
        self.call.state == ToolCallState::Pending
    }

    fn is_unknown(&self) -> bool {
        self.call.state == ToolCallState::OutcomeUnknown
    }

    /// Whether its details are shown at first: while someone should look at them.
    fn is_open(&self) -> bool {
        !self.call.state.is_finished()
    }

    fn state_words(&self) -> String {
        self.ctx.t(state_key(self.call.state)).into_owned()
    }

    fn target(&self) -> Option<String> {
        self.call.preview.target.as_deref().map(visible)
    }

    fn number(&self) -> i32 {
        self.call.ordinal.saturating_add(1)
    }

    fn arguments(&self) -> String {
        visible(&self.call.arguments)
    }

    fn asked_arguments(&self) -> Option<String> {
        self.call.asked_arguments.as_deref().map(visible)
    }

    /// Whether the arguments are folded: they are long, and the difference shows what matters of them.
    fn is_folded(&self) -> bool {
        self.call.preview.difference.is_some() && self.call.arguments.chars().count() > LONG
    }

    fn lines(&self) -> Vec<LineView> {
        self.call.preview.difference.as_ref().map_or_else(Vec::new, |difference| line_views(&difference.lines))
    }

    fn result(&self) -> Option<String> {
        let outcome = self.call.outcome.as_ref().filter(|_| self.call.state != ToolCallState::Denied)?;
        (!outcome.text.is_empty()).then(|| visible(&outcome.text))
    }

    /// What a page says that did not decide itself, while it keeps its form.
    fn said_elsewhere(&self) -> String {
        self.ctx.t("call-decided-elsewhere").into_owned()
    }
}

/// The lines of a difference as they are shown; many blank ones that are alike become one that says how many.
pub(super) fn line_views(lines: &[DifferenceLine]) -> Vec<LineView> {
    let mut views = Vec::new();
    for group in lines.chunk_by(|one, next| one == next && is_blank(one)) {
        let Some(line) = group.first() else { continue };
        let text = |text: &str| match group.len() {
            1 => visible(text),
            count => format!("<span class=\"blank\">↵×{count}</span>"),
        };
        let view = |line: &DifferenceLine| match line {
            DifferenceLine::Same { text: line } => LineView::Same(text(line)),
            DifferenceLine::Added { text: line } => LineView::Added(text(line)),
            DifferenceLine::Removed { text: line } => LineView::Removed(text(line)),
            DifferenceLine::Gap { count } => LineView::Gap(*count),
        };
        if (2..=BLANK_LINES).contains(&group.len()) {
            views.extend(group.iter().map(|line| match line {
                DifferenceLine::Same { text } => LineView::Same(visible(text)),
                DifferenceLine::Added { text } => LineView::Added(visible(text)),
                DifferenceLine::Removed { text } => LineView::Removed(visible(text)),
                DifferenceLine::Gap { count } => LineView::Gap(*count),
            }));
        } else {
            views.push(view(line));
        }
    }
    views
}

fn is_blank(line: &DifferenceLine) -> bool {
    match line {
        DifferenceLine::Same { text } | DifferenceLine::Added { text } | DifferenceLine::Removed { text } => {
            text.trim().is_empty()
        }
        DifferenceLine::Gap { .. } => false,
    }
}

/// The key of the words for a state.
fn state_key(state: ToolCallState) -> &'static str {
    match state {
        ToolCallState::Pending => "call-state-pending",
        ToolCallState::Approved => "call-state-approved",
        ToolCallState::Denied => "call-state-denied",
        ToolCallState::Running => "call-state-running",
        ToolCallState::AwaitingInput => "call-state-awaiting-input",
        ToolCallState::Succeeded => "call-state-succeeded",
        ToolCallState::Failed => "call-state-failed",
        ToolCallState::OutcomeUnknown => "call-state-outcome-unknown",
    }
}
