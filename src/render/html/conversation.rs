//! How a conversation stands: the status line, Stop, what waits, why a turn failed. The page and its fragments
//! take the same words and partials from here.

use askama::Template;

use super::PageContext;
use crate::{
    error::Code,
    render::status,
    types::{ConversationId, ToolCall, ToolCallId, ToolCallState, TurnState, TurnView},
};

/// What is shown around the log.
pub struct Standing<'a> {
    /// The page's context.
    pub ctx: &'a PageContext,
    /// The conversation.
    pub conversation: ConversationId,
    /// Its title.
    pub title: Option<&'a str>,
    /// Whether it was ended.
    pub is_ended: bool,
    /// Whether nothing is said in it but tools are called directly.
    pub is_direct: bool,
    /// Its newest turn.
    pub turn: Option<&'a TurnView>,
    /// The calls of that turn.
    pub calls: Vec<&'a ToolCall>,
}

/// `conversations/controls.html`: Stop, the way to what waits.
#[derive(Template)]
#[template(path = "conversations/controls.html")]
struct Controls<'a> {
    ctx: &'a PageContext,
    conversation: ConversationId,
    state: &'static str,
    is_running: bool,
    first: Option<ToolCallId>,
    count: usize,
}

/// `conversations/composer_state.html`: what of the message box depends on the turn.
#[derive(Template)]
#[template(path = "conversations/composer_state.html")]
struct ComposerState<'a> {
    ctx: &'a PageContext,
    pending: String,
    denies: usize,
}

/// `tool_calls/together.html`: one form that approves all that waits.
#[derive(Template)]
#[template(path = "tool_calls/together.html")]
struct Together<'a> {
    ctx: &'a PageContext,
    conversation: ConversationId,
    calls: &'a [&'a ToolCall],
    /// Whether scripts open it once everything was looked at; else everything stands unfolded before it.
    is_live: bool,
}

/// One form that approves all of these calls; nothing for fewer than two.
pub(super) fn together(ctx: &PageContext, conversation: ConversationId, calls: &[&ToolCall], is_live: bool) -> String {
    match calls {
        [] | [_] => String::new(),
        calls => draw(&Together { ctx, conversation, calls, is_live }),
    }
}

/// `conversations/ended.html`: that nothing (more) is said here.
#[derive(Template)]
#[template(path = "conversations/ended.html")]
struct Ended<'a> {
    ctx: &'a PageContext,
    is_ended: bool,
}

/// `conversations/note.html`: how a turn ended that did not end well.
#[derive(Template)]
#[template(path = "conversations/note.html")]
struct Note<'a> {
    ctx: &'a PageContext,
    conversation: ConversationId,
    words: String,
    /// The code of a failure, for scripts that read the page.
    code: Option<&'static str>,
    wait: Option<u64>,
    /// What the button says, where going on can help.
    button: Option<String>,
}

impl Standing<'_> {
    /// The calls that wait for the person, in their order.
    pub fn pending(&self) -> impl Iterator<Item = &ToolCall> {
        self.calls.iter().copied().filter(|call| call.state == ToolCallState::Pending)
    }

    /// Whether a task works on the turn.
    pub fn is_running(&self) -> bool {
        self.turn.is_some_and(|turn| turn.state == TurnState::Running)
    }

    /// Whether a server waits for an answer of the person.
    pub fn is_asked(&self) -> bool {
        self.calls.iter().any(|call| call.question().is_some())
    }

    fn is_waiting(&self) -> bool {
        self.turn.is_some_and(|turn| turn.state == TurnState::AwaitingApproval)
    }

    /// The text of the status line.
    pub fn status(&self) -> String {
        let in_state = |state| self.calls.iter().copied().find(|call| call.state == state);
        let running = in_state(ToolCallState::AwaitingInput).or_else(|| in_state(ToolCallState::Running));
        status::words(self.ctx.locale, self.turn.map(|turn| turn.state), running).into_owned()
    }

    /// The conversation's title.
    pub fn name(&self) -> String {
        self.title.map_or_else(|| self.ctx.t("conversation-untitled").into_owned(), str::to_owned)
    }

    /// The title of the document: what waits, the conversation, Sayso.
    pub fn document_title(&self) -> String {
        let title = self.name();
        match self.pending().count().max(self.ctx.waiting) {
            0 => format!("{title} · Sayso"),
            count => format!("({count}) {title} · Sayso"),
        }
    }

    /// One form that approves all that waits, where there are several.
    pub fn together(&self) -> String {
        let calls: Vec<&ToolCall> = if self.is_waiting() { self.pending().collect() } else { Vec::new() };
        together(self.ctx, self.conversation, &calls, true)
    }

    /// Stop and the way to what waits.
    pub fn controls(&self) -> String {
        let state = if self.is_running() {
            "running"
        } else if self.is_waiting() {
            "waiting"
        } else {
            "idle"
        };
        let open = |call: &&&ToolCall| call.waits();
        let controls = Controls {
            ctx: self.ctx,
            conversation: self.conversation,
            state,
            is_running: self.is_running(),
            first: self.calls.iter().find(open).map(|call| call.id),
            count: self.calls.iter().filter(open).count(),
        };
        draw(&controls)
    }

    /// What of the message box depends on the turn: the ids of the calls that wait, and what sending would do.
    pub fn composer_state(&self) -> String {
        if self.is_silent() {
            return String::new();
        }
        let pending: Vec<_> = self.pending().map(|call| call.id.to_string()).collect();
        let denies = match self.is_waiting() {
            true => self.calls.iter().filter(|call| call.state.is_unstarted()).count(),
            false => 0,
        };
        draw(&ComposerState { ctx: self.ctx, pending: pending.join(" "), denies })
    }

    /// Whether nothing can be said in it.
    fn is_silent(&self) -> bool {
        self.is_ended || self.is_direct
    }

    /// What stands in place of the message box where nothing can be said; empty otherwise.
    pub fn ended(&self) -> String {
        if !self.is_silent() {
            return String::new();
        }
        draw(&Ended { ctx: self.ctx, is_ended: self.is_ended })
    }

    /// How a turn ended that did not end well; empty otherwise.
    pub fn note(&self) -> String {
        let Some(turn) = self.turn else { return String::new() };
        let mut failed = None;
        let (words, button) = match turn.state {
            TurnState::Failed => {
                let code =
                    turn.failure.as_ref().and_then(|failure| Code::parse(&failure.code)).unwrap_or(Code::Internal);
                failed = Some(code.as_str());
                (code.message_key(), (code != Code::TurnTooLong).then_some("turn-try-again"))
            }
            TurnState::Stopped => ("turn-stopped", Some("turn-continue")),
            TurnState::Interrupted => ("turn-interrupted", Some("turn-continue")),
            TurnState::Running | TurnState::AwaitingApproval | TurnState::Completed => return String::new(),
        };
        draw(&Note {
            ctx: self.ctx,
            conversation: self.conversation,
            words: self.ctx.t(words).into_owned(),
            code: failed,
            wait: turn.failure.as_ref().and_then(|failure| failure.retry_after),
            button: button.filter(|_| !self.is_silent()).map(|button| self.ctx.t(button).into_owned()),
        })
    }
}

/// A partial as text. Writing to a string does not fail.
pub(super) fn draw(partial: &impl Template) -> String {
    partial.render().unwrap_or_default()
}
