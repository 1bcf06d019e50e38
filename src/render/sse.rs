//! Server-sent events: the course of a turn, step by step, each with the place after it as its id.

use std::fmt::Write as _;

use memchr::memchr2_iter;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    Renderer, Snapshot,
    course::{Course, Place, Step},
    json::{self, BlockJson, FailureJson, MessageJson, TurnStateJson},
    status,
};
use crate::{
    error::Code,
    event::ChatEvent,
    i18n::Locale,
    types::{Digest, MessageId, MessageRole, ToolCall, ToolCallId, ToolCallState, TurnState, TurnView},
};

/// Where a viewer begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// With the turn's first step.
    Beginning,
    /// After this place.
    After(Place),
    /// With what happens from now on.
    Now,
}

/// Tells one viewer of a turn until it is at rest; [`SseRenderer::done`] says the last word.
pub struct SseRenderer {
    locale: Locale,
    prefix: String,
    course: Course,
    since: Since,
    /// Whether what is taken in happened before the viewer came, or while it could not follow.
    is_past: bool,
    frames: String,
    end: Option<(Place, TurnView)>,
}

impl SseRenderer {
    /// For a viewer that begins there; `prefix` is the path below which this server answers.
    pub fn new(locale: Locale, prefix: &str, since: Since) -> Self {
        Self {
            locale,
            prefix: prefix.to_owned(),
            course: Course::default(),
            since,
            is_past: true,
            frames: String::new(),
            end: None,
        }
    }

    /// The turn that came to rest, when the viewer has been told so far: the stream ends with [`SseRenderer::done`].
    pub fn end(&self) -> Option<&TurnView> {
        self.end.as_ref().map(|(_, turn)| turn)
    }

    /// After which message of the conversation the viewer's stream ends: what was said later belongs to the next one.
    pub fn newest(&self) -> Option<i64> {
        self.course.newest()
    }

    /// The last event: the turn as it came to rest, and the newest messages of its conversation until then.
    ///
    /// # Errors
    /// Never for what a database holds.
    pub fn done(&self, history: &[MessageJson<'_>]) -> serde_json::Result<String> {
        let Some((place, turn)) = &self.end else { return Ok(String::new()) };
        let mut frame = String::new();
        write(&mut frame, *place, "done", &Done { turn: json::turn_state(turn, self.locale), history });
        Ok(frame)
    }

    fn take(&mut self, event: &ChatEvent) {
        // What follows the end belongs to the next stream.
        if self.end.is_some() {
            return;
        }
        let Self { locale, prefix, course, since, is_past, frames, end } = self;
        course.take(event, &mut |place, step| {
            if end.is_some() {
                return;
            }
            let step = match since {
                Since::Now if *is_past => None,
                Since::Now | Since::Beginning => Some(step),
                // Whoever was ahead of what a crash left is told how it ended all the same.
                Since::After(_) if !*is_past && matches!(step, Step::Failed(_) | Step::AtRest(_)) => Some(step),
                Since::After(seen) => step.unseen(place, *seen),
            };
            match step {
                Some(Step::AtRest(turn)) => *end = Some((place, turn.clone())),
                Some(step) => draw(frames, (*locale, prefix), place, step),
                None => {}
            }
        });
    }

    /// A viewer that was told more than there is, of a turn that is at rest: what it was told of was lost in a crash.
    fn end_if_ahead(&mut self) {
        let (Since::After(seen), Some(turn), Some(last)) = (self.since, self.course.turn(), self.course.last()) else {
            return;
        };
        let is_ahead = seen.turn == last.turn && (seen.block, seen.offset) > (last.block, last.offset);
        if self.end.is_none() && is_ahead && turn.state != TurnState::Running {
            draw(&mut self.frames, (self.locale, &self.prefix), last, Step::Failed(turn));
            self.end = Some((last, turn.clone()));
        }
    }

    /// Whether the viewer has been told everything of the turn, and that it is at rest, before it came.
    pub fn is_up_to_date(&self) -> bool {
        matches!((self.since, self.course.last()), (Since::After(seen), Some(last)) if seen == last)
            && self.course.turn().is_some_and(|turn| turn.state != TurnState::Running)
    }
}

impl Renderer for SseRenderer {
    /// What the turn told, after what the viewer was told before.
    fn snapshot(&mut self, snapshot: &Snapshot) -> String {
        self.is_past = true;
        for events in [&snapshot.told, &snapshot.live] {
            self.course.read_again();
            events.iter().for_each(|event| self.take(event));
        }
        self.end_if_ahead();
        // From here on the viewer follows. Who was sent nothing of the past is sent what it misses from now on.
        if self.since == Since::Now {
            self.since = Since::Beginning;
        }
        self.is_past = false;
        std::mem::take(&mut self.frames)
    }

    fn event(&mut self, event: &ChatEvent) {
        self.take(event);
    }

    fn flush(&mut self) -> Option<String> {
        Some(std::mem::take(&mut self.frames)).filter(|frames| !frames.is_empty())
    }
}

/// An event of a stream that failed itself. It has no id: whoever comes back goes on where it was.
pub fn fault(locale: Locale, code: Code) -> String {
    let error = ErrorEvent { code: code.as_str(), message: locale.text(code.message_key()) };
    format!("event: error\ndata: {}\n\n", serde_json::to_string(&error).unwrap_or_default())
}

/// What a stream of events is made of: the shape of the data of each event. An event's name is that of its shape, in
/// lower case; `delta` and `thinking` are both of the form of a text.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(
    ErrorEvent,
    MessageEvent,
    TextEvent,
    RequestEvent,
    DecisionEvent,
    ChunkEvent,
    ResultEvent,
    StatusEvent,
    Done,
)))]
pub struct Documented;

#[derive(Serialize, utoipa::ToSchema)]
struct ErrorEvent {
    #[schema(value_type = Code)]
    code: &'static str,
    #[schema(value_type = String)]
    message: std::borrow::Cow<'static, str>,
}

#[derive(Serialize, utoipa::ToSchema)]
struct MessageEvent {
    id: MessageId,
    role: MessageRole,
}

#[derive(Serialize, utoipa::ToSchema)]
struct TextEvent<'a> {
    text: &'a str,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ToolRequestEvent)]
struct RequestEvent<'a> {
    id: ToolCallId,
    name: &'a str,
    server: &'a str,
    #[schema(value_type = Option<serde_json::Value>)]
    arguments: Option<Box<RawValue>>,
    digest: Digest,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ToolDecisionEvent)]
struct DecisionEvent {
    id: ToolCallId,
    state: ToolCallState,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ToolChunkEvent)]
struct ChunkEvent<'a> {
    id: ToolCallId,
    chunk: &'a str,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ToolResultEvent)]
struct ResultEvent<'a> {
    id: ToolCallId,
    state: ToolCallState,
    result: Option<&'a str>,
    /// Images and files that came with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<BlockJson<'a>>,
}

#[derive(Serialize, utoipa::ToSchema)]
struct StatusEvent {
    state: TurnState,
    #[schema(value_type = String)]
    text: std::borrow::Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<ToolCallId>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = DoneEvent)]
struct Done<'a, 'm> {
    turn: TurnStateJson,
    history: &'a [MessageJson<'m>],
}

fn draw(frames: &mut String, (locale, prefix): (Locale, &str), place: Place, step: Step<'_>) {
    match step {
        Step::Message(id, role) => write(frames, place, "message", &MessageEvent { id, role }),
        Step::Text(text) => write(frames, place, "delta", &TextEvent { text }),
        Step::Thinking(text) => write(frames, place, "thinking", &TextEvent { text }),
        Step::ToolRequest(call) => {
            let arguments = json::as_written(&call.arguments).ok();
            let ToolCall { id, name, server, digest, .. } = call;
            write(frames, place, "tool_request", &RequestEvent { id: *id, name, server, arguments, digest: *digest });
        }
        Step::ToolDecision(call) => {
            write(frames, place, "tool_decision", &DecisionEvent { id: call.id, state: call.state });
        }
        Step::ToolRuns(call) => {
            let text = status::words(locale, Some(TurnState::Running), Some(call));
            let status = StatusEvent { state: TurnState::Running, text, tool_call_id: Some(call.id) };
            write(frames, place, "status", &status);
        }
        Step::ToolChunk(id, chunk) => write(frames, place, "tool_chunk", &ChunkEvent { id, chunk }),
        Step::ToolResult(call) => {
            let result = call.outcome.as_ref().map(|outcome| outcome.text.as_str());
            let files = json::files(call, prefix).unwrap_or_default();
            write(frames, place, "tool_result", &ResultEvent { id: call.id, state: call.state, result, files });
        }
        Step::Turn(turn) => {
            let text = status::words(locale, Some(turn.state), None);
            write(frames, place, "status", &StatusEvent { state: turn.state, text, tool_call_id: None });
        }
        Step::Failed(turn) => write(frames, place, "error", &failure(turn, locale)),
        Step::AtRest(_) => {}
    }
}

/// Why a turn ended badly. One that nobody runs any more broke off.
fn failure(turn: &TurnView, locale: Locale) -> FailureJson {
    match turn.state {
        TurnState::Failed => json::failure(turn.failure.as_ref(), locale),
        _ => json::broken_off(locale),
    }
}

/// Arguments stand here as the model wrote them, which may be over several lines: each is a line of data, and readers
/// join them again. Writing to a string does not fail.
fn write(frames: &mut String, place: Place, event: &str, data: &impl Serialize) {
    if let Ok(data) = serde_json::to_string(data) {
        let _ = write!(frames, "id: {place}\nevent: {event}\n");
        let mut begin = 0;
        for end in memchr2_iter(b'\n', b'\r', data.as_bytes()).chain([data.len()]) {
            frames.push_str("data: ");
            frames.push_str(data.get(begin..end).unwrap_or_default());
            frames.push('\n');
            begin = end + 1;
        }
        frames.push('\n');
    }
}

#[cfg(test)]
#[path = "sse_tests.rs"]
mod tests;
