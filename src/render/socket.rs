//! The messages of `/api/socket`: the course of a conversation's turns, step by step, each message with the place after
//! it as its `event_id`.
//!
//! A step makes one message at most, so whoever comes back after any message misses nothing and gets nothing twice.

use std::{borrow::Cow, collections::HashSet};

use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    Snapshot,
    course::{Course, Place, Step},
    json,
    sse::Since,
};
use crate::{
    error::Code,
    event::ChatEvent,
    i18n::Locale,
    types::{ConversationId, Digest, MessageRole, ToolCall, ToolCallId, ToolCallState, TurnId, TurnState, TurnView},
};

/// A message to a socket, as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketMessage {
    /// The JSON.
    pub json: String,
    /// The call that it shows, under which digest.
    pub shows: Option<(ToolCallId, Digest)>,
}

/// What a message says.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SocketMessage)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Said<'a> {
    SessionCreated {
        session_id: ConversationId,
    },
    StatusUpdate(Status<'a>),
    AiChunk {
        text: &'a str,
    },
    AssistantMessageCompleted {
        reason: &'a str,
    },
    ToolRequest {
        id: ToolCallId,
        name: &'a str,
        #[schema(value_type = Option<serde_json::Value>)]
        input: Option<Box<RawValue>>,
        digest: Digest,
    },
    ToolChunk {
        id: ToolCallId,
        chunk: &'a str,
    },
    Error {
        #[schema(value_type = String)]
        message: Cow<'a, str>,
        detail: &'a str,
    },
}

/// How things stand, all of it: what is not named is not so.
#[derive(Default, Serialize, utoipa::ToSchema)]
#[schema(as = SocketStatus)]
struct Status<'a> {
    /// The model writes, or thinks about what to write.
    #[serde(skip_serializing_if = "Option::is_none")]
    ai_typing: Option<bool>,
    /// The tool that runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_running: Option<&'a str>,
    /// The file that it works on.
    #[serde(skip_serializing_if = "Option::is_none")]
    file_path: Option<&'a str>,
    /// A message would be refused: a turn runs, or waits for a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    busy: Option<bool>,
    /// The socket closes, and another one may be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnecting: Option<bool>,
    /// The code of what went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// A message with its place.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SocketAnswer)]
pub struct Placed<'a> {
    #[serde(flatten)]
    said: Said<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<String>,
}

/// The JSON of a message; none of them fails to be written.
fn written(said: Said<'_>, place: Option<Place>) -> String {
    let placed = Placed { said, event_id: place.map(|place| place.to_string()) };
    serde_json::to_string(&placed).unwrap_or_default()
}

/// That the conversation was made.
pub fn session_created(session_id: ConversationId) -> String {
    written(Said::SessionCreated { session_id }, None)
}

/// That the server goes down, and another socket may be opened in a moment.
pub fn reconnecting() -> String {
    written(Said::StatusUpdate(Status { reconnecting: Some(true), ..Status::default() }), None)
}

/// That something cannot be: words in the person's language, and for a script the code with what it is about.
pub fn refused(message: Cow<'_, str>, code: Code, about: Option<&str>) -> String {
    let detail = match about {
        Some(about) => format!("{code}: {about}", code = code.as_str()),
        None => code.as_str().to_owned(),
    };
    written(Said::Error { message, detail: &detail }, None)
}

/// What was told and not taken yet.
enum Told {
    Text { text: String, place: Place },
    Request { call: ToolCallId, message: SocketMessage },
    Other(String),
}

/// Tells one socket of the turns of its conversation, one after the other.
pub struct SocketRenderer {
    locale: Locale,
    course: Course,
    since: Since,
    /// Whether what is taken in happened before the viewer came, or while it could not follow.
    is_past: bool,
    /// The turn that is told, and those before it: what is still said of these is not told.
    turn: Option<TurnId>,
    earlier: HashSet<TurnId>,
    reply: Reply,
    told: Vec<Told>,
}

/// What is known of the reply that comes.
#[derive(Default)]
struct Reply {
    /// Whether one was begun whose end was not told.
    is_open: bool,
    /// Why the model ended the last one that is stored.
    stop_reason: Option<String>,
}

impl SocketRenderer {
    /// For a viewer that begins there.
    pub fn new(locale: Locale, since: Since) -> Self {
        Self {
            locale,
            course: Course::default(),
            since,
            is_past: true,
            turn: None,
            earlier: HashSet::new(),
            reply: Reply::default(),
            told: Vec::new(),
        }
    }

    /// The turn that is told: who fell behind goes on with it.
    pub fn turn(&self) -> Option<TurnId> {
        self.turn
    }

    /// What one turn told so far, after what the viewer was told of it before; the same turn as before or a later one.
    pub fn snapshot(&mut self, snapshot: &Snapshot) {
        if let Some(turn) = &snapshot.turn {
            self.goes_on_with(turn.id);
        }
        self.is_past = true;
        for events in [&snapshot.told, &snapshot.live] {
            self.course.read_again();
            events.iter().for_each(|event| self.take(event));
        }
        self.end_if_ahead();
        // Who was sent nothing of the past is sent what it misses from now on.
        if self.since == Since::Now {
            self.since = Since::Beginning;
        }
        self.is_past = false;
    }

    /// Takes in what happened.
    pub fn event(&mut self, event: &ChatEvent) {
        self.take(event);
    }

    /// What is to be sent, in order.
    pub fn messages(&mut self) -> Vec<SocketMessage> {
        let told = std::mem::take(&mut self.told);
        told.into_iter()
            .map(|told| match told {
                Told::Text { text, place } => plain(written(Said::AiChunk { text: &text }, Some(place))),
                Told::Request { message, .. } => message,
                Told::Other(json) => plain(json),
            })
            .collect()
    }

    fn goes_on_with(&mut self, turn: TurnId) {
        if self.turn != Some(turn) {
            self.earlier.extend(self.turn);
            self.turn = Some(turn);
            self.reply = Reply::default();
        }
    }

    /// Whether an event is of the turn that is told, or begins the next one. Of earlier ones something may still be said,
    /// as that a file was put back.
    fn concerns(&mut self, event: &ChatEvent) -> bool {
        let turn = match event {
            ChatEvent::Message { message } => message.turn_id,
            ChatEvent::ToolCall { call } => call.turn_id,
            ChatEvent::Turn { turn } => turn.id,
            _ => return true,
        };
        let begins = matches!(event, ChatEvent::Message { message } if message.role == MessageRole::User);
        if begins && !self.earlier.contains(&turn) {
            self.goes_on_with(turn);
        }
        self.turn == Some(turn)
    }

    fn take(&mut self, event: &ChatEvent) {
        if !self.concerns(event) {
            return;
        }
        if let ChatEvent::Message { message } = event
            && message.role == MessageRole::Assistant
        {
            self.reply.stop_reason = message.stop_reason.as_deref().map(|reason| in_one_word(reason).to_owned());
        }
        let Self { locale, course, since, is_past, reply, told, .. } = self;
        course.take(event, &mut |place, step| {
            let is_unseen = match since {
                Since::Now => !*is_past,
                Since::Beginning => true,
                // Whoever was ahead of what a crash left is told how it ended all the same.
                Since::After(_) if !*is_past && matches!(step, Step::Failed(_) | Step::AtRest(_)) => true,
                Since::After(seen) => step.unseen(place, *seen).is_some(),
            };
            let shown = match since {
                Since::After(seen) => step.unseen(place, *seen).unwrap_or(step),
                Since::Now | Since::Beginning => step,
            };
            draw(told, *locale, reply, (place, shown), is_unseen);
        });
    }

    /// A viewer that was told more than there is, of a turn that is at rest: what it was told of was lost in a crash.
    fn end_if_ahead(&mut self) {
        let (Since::After(seen), Some(turn), Some(last)) = (self.since, self.course.turn(), self.course.last()) else {
            return;
        };
        let is_ahead = seen.turn == last.turn && (seen.block, seen.offset) > (last.block, last.offset);
        if is_ahead && turn.state != TurnState::Running {
            let turn = turn.clone();
            self.told.push(Told::Other(failed(&turn, self.locale, last)));
            self.since = Since::After(last);
        }
    }
}

fn plain(json: String) -> SocketMessage {
    SocketMessage { json, shows: None }
}

/// Adds what a step says to those that the viewer was not told; of the others, only what follows from them is noted.
fn draw(told: &mut Vec<Told>, locale: Locale, reply: &mut Reply, (place, step): (Place, Step<'_>), is_unseen: bool) {
    let mut tell = |said: Said<'_>| {
        if is_unseen {
            told.push(Told::Other(written(said, Some(place))));
        }
    };
    match step {
        Step::Message(_, role) => reply.is_open |= role == MessageRole::Assistant,
        Step::Thinking(_) => {}
        Step::Text(more) if is_unseen => match told.last_mut() {
            // What waits for a slow reader is one message, however many pieces it came in.
            Some(Told::Text { text, place: last }) if last.turn == place.turn && last.block == place.block => {
                text.push_str(more);
                *last = place;
            }
            _ => told.push(Told::Text { text: more.to_owned(), place }),
        },
        Step::Text(_) => {}
        Step::ToolRequest(call) if call.state == ToolCallState::Pending => {
            if is_unseen {
                told.push(request(call, place));
            }
        }
        // Nobody is asked about this one. The reply that wants it is whole.
        Step::ToolRequest(_) => {
            if let Some(reason) = reply.end("tool_use") {
                tell(Said::AssistantMessageCompleted { reason: &reason });
            }
        }
        // Who comes after a decision is not asked for it any more.
        Step::ToolDecision(call) => {
            told.retain(|told| !matches!(told, Told::Request { call: asked, .. } if *asked == call.id));
        }
        Step::ToolRuns(call) => {
            let file_path = call.preview.target.as_deref().filter(|_| call.name == "write_file");
            let busy = Some(true);
            tell(Said::StatusUpdate(Status { tool_running: Some(&call.name), file_path, busy, ..Status::default() }));
        }
        Step::ToolChunk(id, chunk) => tell(Said::ToolChunk { id, chunk }),
        Step::ToolResult(call) => {
            told.retain(|told| !matches!(told, Told::Request { call: asked, .. } if *asked == call.id));
            let unknown = (call.state == ToolCallState::OutcomeUnknown).then_some(Code::OutcomeUnknown.as_str());
            let error = call.outcome.as_ref().and_then(|outcome| outcome.error_code.as_deref()).or(unknown);
            if is_unseen {
                let status = Status { ai_typing: Some(false), busy: Some(true), error, ..Status::default() };
                told.push(Told::Other(written(Said::StatusUpdate(status), Some(place))));
            }
        }
        Step::Turn(turn) => {
            let is_bad = matches!(turn.state, TurnState::Failed | TurnState::Interrupted);
            let error = is_bad.then(|| code_of(turn).as_str());
            let (ai_typing, busy) = (turn.state == TurnState::Running, !turn.state.is_finished());
            tell(Said::StatusUpdate(Status {
                ai_typing: Some(ai_typing),
                busy: Some(busy),
                error,
                ..Status::default()
            }));
        }
        Step::Failed(turn) => {
            if is_unseen {
                told.push(Told::Other(failed(turn, locale, place)));
            }
        }
        Step::AtRest(turn) => {
            let otherwise = match turn.state {
                TurnState::AwaitingApproval => "tool_use",
                TurnState::Running | TurnState::Completed => "end_turn",
                TurnState::Failed | TurnState::Stopped | TurnState::Interrupted => {
                    // Whatever the model said last, this one was cut short.
                    reply.stop_reason = None;
                    turn.state.as_str()
                }
            };
            if let Some(reason) = reply.end(otherwise) {
                tell(Said::AssistantMessageCompleted { reason: &reason });
            }
        }
    }
}

impl Reply {
    /// Ends the reply that was begun: why it ended.
    fn end(&mut self, otherwise: &str) -> Option<String> {
        let was_open = std::mem::take(&mut self.is_open);
        was_open.then(|| self.stop_reason.take().unwrap_or_else(|| otherwise.to_owned()))
    }
}

/// Why a model ended, in the word for it that does not hang on who it is.
fn in_one_word(reason: &str) -> &str {
    match reason {
        "stop" => "end_turn",
        "tool_calls" => "tool_use",
        "length" => "max_tokens",
        other => other,
    }
}

fn request(call: &ToolCall, place: Place) -> Told {
    let input = json::as_written(&call.arguments).ok();
    let ToolCall { id, name, digest, .. } = call;
    let json = written(Said::ToolRequest { id: *id, name, input, digest: *digest }, Some(place));
    Told::Request { call: call.id, message: SocketMessage { json, shows: Some((*id, *digest)) } }
}

/// Why a turn ended badly, in words.
fn failed(turn: &TurnView, locale: Locale, place: Place) -> String {
    let code = code_of(turn);
    written(Said::Error { message: locale.text(code.message_key()), detail: code.as_str() }, Some(place))
}

/// Why a turn ended badly. One that nobody runs any more broke off.
fn code_of(turn: &TurnView) -> Code {
    match turn.state {
        TurnState::Failed => {
            turn.failure.as_ref().and_then(|failure| Code::parse(&failure.code)).unwrap_or(Code::Internal)
        }
        _ => Code::ProviderInterrupted,
    }
}

#[cfg(test)]
#[path = "socket_tests.rs"]
mod tests;
