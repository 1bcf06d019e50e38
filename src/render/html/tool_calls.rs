//! A tool call as an article of the log: what it would do, the form that decides on it, what came of it.

use std::borrow::Cow;

use askama::Template;

use super::{
    PageContext,
    arguments::{arguments, indented},
    difference::{LineView, lines},
    question::{TypedAnswer, question_form},
    remember::{self, Choices},
    result_files::ResultFiles,
    visible::{escaped_json, visible},
};
use crate::types::{Authority, Decision, MessageId, Question, QuestionAnswer, ToolCall, ToolCallState, Undo};

/// How much of a digest is read at a glance; all of it stands beside the exact text.
const SHORT_DIGEST: usize = 12;

/// Where a call is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// In its conversation, where a socket tells what comes of a decision.
    #[default]
    Conversation,
    /// In the list of what waits, over all conversations.
    List,
    /// On the page of all that waits in a conversation: nothing is folded.
    Together,
    /// On the page on which its arguments are changed, reached from the conversation or from the list.
    Editor {
        /// From the list.
        is_from_list: bool,
    },
}

/// What a person had typed into a form that comes back to them, and why.
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed<'a> {
    /// The changed arguments; those that stand, without.
    pub arguments: Option<&'a str>,
    /// The reason.
    pub reason: &'a str,
    /// What was to be remembered, joined by blanks.
    pub remember: &'a str,
    /// What was wrong.
    pub error: Option<&'a str>,
    /// Into the form of a question.
    pub answer: Option<TypedAnswer<'a>>,
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
    /// Where it is shown.
    pub(super) place: Place,
    /// What had been typed.
    pub(super) typed: Typed<'a>,
}

impl ToolCallView<'_> {
    /// Where those who run the tenant see what the audit log says of it, once it is over.
    fn history(&self) -> Option<String> {
        let address = || self.ctx.audit_address("object", &format!("tool_call:{}", self.call.id));
        if self.is_over() { address() } else { None }
    }

    fn state(&self) -> ToolCallState {
        self.call.state
    }

    fn is_pending(&self) -> bool {
        self.call.state == ToolCallState::Pending
    }

    fn is_unknown(&self) -> bool {
        self.call.state == ToolCallState::OutcomeUnknown && !self.call.is_settled()
    }

    /// Whether its server waits for an answer of the person.
    fn is_asked(&self) -> bool {
        self.call.question().is_some()
    }

    /// The form for that.
    fn question(&self) -> String {
        question_form(self.ctx, self.call, self.typed.answer, (self.is_live(), self.is_of_list()))
    }

    /// What its server asked and has its answer to.
    fn asked(&self) -> Vec<&Question> {
        self.call.questions.iter().filter(|question| question.answer.is_some()).collect()
    }

    fn answer_words(&self, question: &Question) -> String {
        let key = match question.answer {
            Some(QuestionAnswer::Accept) => "question-accepted",
            Some(QuestionAnswer::Decline) => "question-declined",
            Some(QuestionAnswer::Cancel) | None => "question-cancelled",
        };
        self.ctx.t1(key, "server", &self.call.server).into_owned()
    }

    fn seen(&self, text: &str) -> String {
        visible(text)
    }

    /// Whether nothing of it changes any more.
    fn is_over(&self) -> bool {
        self.call.state.is_finished() || self.call.is_settled()
    }

    /// What the person said of a call of unknown outcome.
    fn settled_words(&self) -> Option<Cow<'static, str>> {
        let key = match self.call.decision.filter(|_| self.call.is_settled())? {
            Decision::RunAgain => "call-settled-run-again",
            _ => "call-settled-report",
        };
        Some(self.ctx.t(key))
    }

    /// What tells a form from the one that may take its place.
    fn standing(&self) -> String {
        match self.call.question() {
            // Each question has a form of its own.
            Some(question) => format!("{}-{}", self.call.state, question.number),
            None if self.call.is_settled() => "settled".to_owned(),
            None => self.call.state.to_string(),
        }
    }

    fn is_live(&self) -> bool {
        self.place == Place::Conversation
    }

    fn is_editor(&self) -> bool {
        matches!(self.place, Place::Editor { .. })
    }

    fn is_unfolded(&self) -> bool {
        self.place == Place::Together
    }

    /// Whether the person comes back to the list of what waits.
    fn is_of_list(&self) -> bool {
        matches!(self.place, Place::List | Place::Editor { is_from_list: true })
    }

    /// Whether its details are shown at first: while someone should look at them.
    fn is_open(&self) -> bool {
        !self.is_over()
    }

    /// Whether it waits with other arguments than were asked for: the person changed where it goes.
    fn is_again(&self) -> bool {
        self.is_pending() && self.call.asked_arguments.is_some()
    }

    /// Whether what it wrote can be put back.
    fn can_undo(&self) -> bool {
        self.call.undo == Some(Undo::Possible) && (self.call.state.is_finished() || self.is_unknown())
    }

    /// Whether its person put back what it wrote.
    fn is_undone(&self) -> bool {
        self.call.undo == Some(Undo::Done)
    }

    fn state_words(&self) -> String {
        self.ctx.t(state_key(self.call.state)).into_owned()
    }

    /// The server by its name; what comes with Sayso says so.
    fn server(&self) -> String {
        match self.call.server.as_str() {
            "sayso" => self.ctx.t("call-built-in").into_owned(),
            other => visible(other),
        }
    }

    fn target(&self) -> Option<String> {
        self.call.preview.target.as_deref().map(visible)
    }

    fn number(&self) -> i32 {
        self.call.ordinal.saturating_add(1)
    }

    fn arguments(&self) -> String {
        arguments(self.ctx, self.call.id, "argument", &self.call.arguments, self.is_unfolded())
    }

    fn exact_arguments(&self) -> String {
        visible(&self.call.arguments)
    }

    fn asked_arguments(&self) -> Option<String> {
        let asked = self.call.asked_arguments.as_deref()?;
        Some(arguments(self.ctx, self.call.id, "asked", asked, self.is_unfolded()))
    }

    fn short_digest(&self) -> String {
        self.call.digest.to_string().chars().take(SHORT_DIGEST).collect()
    }

    fn lines(&self) -> Vec<LineView> {
        lines(self.call.preview.difference.as_ref())
    }

    /// By what it runs, where nobody was asked.
    fn authority(&self) -> Option<String> {
        self.call.authority.as_ref().map(|authority| remember::authority(self.ctx, authority))
    }

    fn is_by_grant(&self) -> bool {
        matches!(self.call.authority, Some(Authority::Grant { .. }))
    }

    /// What may be said of further calls; nothing where nothing may.
    fn remember(&self) -> Vec<Choices> {
        match self.call.preview.bounds.as_slice() {
            [] => Vec::new(),
            bounds => remember::choices(self.ctx, bounds, self.typed.remember),
        }
    }

    fn is_remembering(&self) -> bool {
        self.typed.remember.contains("count=")
    }

    fn editor(&self) -> String {
        let text = self.typed.arguments.map_or_else(|| editable(self.call), Cow::Borrowed);
        super::conversation::draw(&Editor { ctx: self.ctx, call: self.call, text: &text, error: self.typed.error })
    }

    fn result(&self) -> Option<String> {
        let outcome = self.call.outcome.as_ref().filter(|_| self.call.state != ToolCallState::Denied)?;
        (!outcome.text.is_empty()).then(|| visible(&outcome.text))
    }

    /// The images and files that came with its result.
    fn files(&self) -> Option<ResultFiles<'_>> {
        ResultFiles::of(self.ctx, self.call)
    }

    /// What a page says that did not decide itself, while it keeps its form.
    fn said_elsewhere(&self) -> String {
        match self.is_pending() {
            true => self.ctx.t("call-changed-elsewhere").into_owned(),
            false if !self.call.questions.is_empty() => self.ctx.t("question-over").into_owned(),
            false => format!("{}: {}", self.ctx.t("call-decided-elsewhere"), self.state_words()),
        }
    }
}

/// `tool_calls/editor.html`: the box in which a person changes the arguments, as part of the form that decides.
#[derive(Template)]
#[template(path = "tool_calls/editor.html")]
struct Editor<'a> {
    ctx: &'a PageContext,
    call: &'a ToolCall,
    text: &'a str,
    error: Option<&'a str>,
}

/// The same as an answer of its own, for a page that puts it into the form that it shows.
pub fn editor(ctx: &PageContext, call: &ToolCall) -> String {
    super::conversation::draw(&Editor { ctx, call, text: &editable(call), error: None })
}

/// The arguments as they stand in a box: a line for each value, and nothing in them that would not be seen.
fn editable(call: &ToolCall) -> Cow<'_, str> {
    Cow::Owned(escaped_json(&indented(&call.arguments)))
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
