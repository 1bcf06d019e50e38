//! Plain text: what the assistant says, as it says it, and nothing else.

use super::{
    Renderer, Snapshot,
    course::{Course, Rest, Step},
};
use crate::{
    event::ChatEvent,
    types::{MessageRole, TurnState},
};

/// Between two replies of a turn.
const BETWEEN: &str = "\n\n";

/// Writes the text of one turn's replies.
#[derive(Default)]
pub struct TextRenderer {
    course: Course,
    text: String,
    /// Whether anything was said, and whether another reply began since.
    has_spoken: bool,
    begins_anew: bool,
    end: Option<TurnState>,
    /// Where what happened before leaves the turn; `None` for what happens now.
    past: Option<Rest>,
}

impl TextRenderer {
    /// From the turn's beginning.
    pub fn new() -> Self {
        Self::default()
    }

    /// In which state the turn came to rest, when it has.
    pub fn end(&self) -> Option<TurnState> {
        self.end
    }

    fn take(&mut self, event: &ChatEvent) {
        let Self { course, text, has_spoken, begins_anew, end, past } = self;
        course.take(event, &mut |_, step| match step {
            _ if end.is_some() => {}
            Step::Message(_, MessageRole::Assistant) => *begins_anew = *has_spoken,
            Step::Text(more) => {
                if std::mem::take(begins_anew) {
                    text.push_str(BETWEEN);
                }
                *has_spoken = true;
                text.push_str(more);
            }
            // It went on since.
            Step::AtRest(turn) if past.is_some_and(|rest| !rest.is(turn)) => {}
            Step::AtRest(turn) => *end = Some(turn.state),
            Step::Message(..)
            | Step::Thinking(_)
            | Step::ToolRequest(_)
            | Step::ToolDecision(_)
            | Step::ToolRuns(_)
            | Step::ToolChunk(..)
            | Step::ToolResult(_)
            | Step::Turn(_)
            | Step::Failed(_) => {}
        });
    }
}

impl Renderer for TextRenderer {
    fn snapshot(&mut self, snapshot: &Snapshot) -> String {
        self.past = Some(Rest::after(snapshot.told.iter().chain(&snapshot.live)));
        for events in [&snapshot.told, &snapshot.live] {
            self.course.read_again();
            events.iter().for_each(|event| self.take(event));
        }
        self.past = None;
        std::mem::take(&mut self.text)
    }

    fn event(&mut self, event: &ChatEvent) {
        self.take(event);
    }

    fn flush(&mut self) -> Option<String> {
        Some(std::mem::take(&mut self.text)).filter(|text| !text.is_empty())
    }
}
