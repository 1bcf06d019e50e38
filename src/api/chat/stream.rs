//! A turn as it happens: server-sent events, or the text alone.
//!
//! The answer is drawn when the connection takes more of it, and not before: for a reader that is slow or asleep nothing
//! is kept but its place, and when it reads on it is sent what it missed in one piece.

use std::{fmt, sync::Arc, time::Duration};

use actix_web::{HttpResponse, http::header, web::Bytes};
use futures_util::stream;
use tokio::time::{Instant, Interval, interval_at};

use super::answered;
use crate::{
    db::at_once,
    error::{Code, Error, Result},
    event::ChatEvent,
    feed::Subscription,
    http::{
        Edge,
        api_caller::{ApiCaller, is_still_valid},
        connections::{Connected, SocketKind},
        error::code,
    },
    render::{
        Renderer as _, Snapshot, json,
        sse::{self, Since, SseRenderer},
        text::TextRenderer,
    },
    state::AppState,
    turn,
    types::{ConversationId, TurnId, TurnState},
};

/// How often a comment is sent, so that nobody between takes the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How often the caller is looked up, whatever is told of them.
const LOOK: Duration = Duration::from_secs(30);

/// What begins a stream: after how many milliseconds to come back when it breaks.
const RETRY: &str = "retry: 1000\n\n";

/// The stream is cut: whoever reads must see that this was not its end.
#[derive(Debug)]
pub struct Cut(&'static str);

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Cut {}

/// What a stream is drawn with.
enum Drawn {
    Events(Box<SseRenderer>),
    Text(Box<TextRenderer>),
}

/// One reader of a conversation's course.
struct Reader {
    state: AppState,
    prefix: String,
    who: ApiCaller,
    conversation: ConversationId,
    /// The turn that is told; the newest one without.
    turn: Option<TurnId>,
    drawn: Drawn,
    subscription: Option<Subscription>,
    person: tokio::sync::watch::Receiver<u64>,
    heartbeat: Interval,
    look: Interval,
    has_looked_on: bool,
    is_over: bool,
    _connected: Connected,
}

/// Why a stream ends early.
enum End {
    /// Nothing more is to be sent.
    Over,
    /// The answer could not be drawn to its end.
    Fault(Code),
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        match error.code() {
            // The conversation was deleted meanwhile.
            Some(code @ Code::NotFound) => Self::Fault(code),
            _ => {
                tracing::error!(%error, "a stream failed");
                Self::Fault(code(&error))
            }
        }
    }
}

/// A place among the streams that the caller may have open; to be taken before anything is begun for them.
///
/// # Errors
/// `rate_limited` when they have as many as they may.
pub fn place(edge: &Edge, who: &ApiCaller) -> Result<Connected> {
    edge.connections.open(SocketKind::Stream, who.caller.user.id, who.caller.role)
}

/// Server-sent events of a turn until it is at rest; without a turn, of what happens next in the conversation.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn events(
    state: &AppState,
    edge: &Edge,
    who: ApiCaller,
    conversation: ConversationId,
    turn: Option<TurnId>,
    since: Since,
    connected: Connected,
) -> Result<HttpResponse> {
    let drawn = Drawn::Events(Box::new(SseRenderer::new(who.locale, edge.urls.prefix(), since)));
    let mut reader = Reader::new(state, edge, who, conversation, turn, drawn, connected);
    // What is not theirs is refused before anything is sent.
    let (subscription, first) = reader.subscribe().await?;
    let mut frames = RETRY.to_owned();
    frames.push_str(&reader.begin(subscription, &first));
    Ok(respond(reader, frames, "text/event-stream; charset=utf-8"))
}

/// The text of a turn's replies, as it comes. It is cut where the turn fails.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn text(
    state: &AppState,
    edge: &Edge,
    who: ApiCaller,
    conversation: ConversationId,
    turn: TurnId,
    connected: Connected,
) -> Result<HttpResponse> {
    let drawn = Drawn::Text(Box::new(TextRenderer::new()));
    let mut reader = Reader::new(state, edge, who, conversation, Some(turn), drawn, connected);
    let (subscription, first) = reader.subscribe().await?;
    let said = reader.begin(subscription, &first);
    Ok(respond(reader, said, "text/plain; charset=utf-8"))
}

fn respond(reader: Reader, first: String, content_type: &'static str) -> HttpResponse {
    let conversation = reader.conversation;
    let body = stream::unfold((reader, Some(first)), |(mut reader, first)| async move {
        if let Some(first) = first.filter(|first| !first.is_empty()) {
            return Some((Ok(Bytes::from(first)), (reader, None)));
        }
        let piece = reader.next().await?;
        Some((piece.map(Bytes::from), (reader, None)))
    });
    answered(conversation)
        .content_type(content_type)
        // Proxies: neither gather nor compress.
        .insert_header(("x-accel-buffering", "no"))
        .insert_header((header::CACHE_CONTROL, "no-store, no-transform"))
        .streaming(Box::pin(body))
}

impl Reader {
    fn new(
        state: &AppState,
        edge: &Edge,
        who: ApiCaller,
        conversation: ConversationId,
        turn: Option<TurnId>,
        drawn: Drawn,
        connected: Connected,
    ) -> Self {
        let every = |period| interval_at(Instant::now() + period, period);
        Self {
            state: state.clone(),
            prefix: edge.urls.prefix().to_owned(),
            person: state.feed.follow_person(who.caller.user.id),
            who,
            conversation,
            turn,
            drawn,
            subscription: None,
            heartbeat: every(HEARTBEAT),
            look: every(LOOK),
            has_looked_on: false,
            is_over: false,
            _connected: connected,
        }
    }

    async fn subscribe(&self) -> Result<(Subscription, Snapshot)> {
        let owner = self.who.owner();
        let subscription = at_once(turn::subscribe(&self.state, owner, self.conversation)).await?;
        let told = at_once(turn::told(&self.state, owner, self.conversation, self.turn, &subscription)).await?;
        Ok((subscription, told))
    }

    /// Begins to follow, or goes on after it fell behind; what is to be sent at once.
    fn begin(&mut self, subscription: Subscription, told: &Snapshot) -> String {
        self.subscription = Some(subscription);
        match &mut self.drawn {
            Drawn::Events(renderer) => renderer.snapshot(told),
            Drawn::Text(renderer) => renderer.snapshot(told),
        }
    }

    /// The next piece; `None` at the end.
    async fn next(&mut self) -> Option<Result<String, Cut>> {
        if self.is_over {
            return None;
        }
        match self.piece().await {
            Ok(piece) => Some(Ok(piece)),
            Err(end) => {
                self.is_over = true;
                match (&self.drawn, end) {
                    (Drawn::Events(_), End::Over) => None,
                    (Drawn::Events(_), End::Fault(code)) => Some(Ok(sse::fault(self.who.locale, code))),
                    (Drawn::Text(renderer), End::Over) => match renderer.end() {
                        Some(TurnState::Completed | TurnState::Stopped | TurnState::AwaitingApproval) => None,
                        // Also where the reader may not look any more, or the server goes down.
                        _ => Some(Err(Cut("the reply was not finished"))),
                    },
                    (Drawn::Text(_), End::Fault(_)) => Some(Err(Cut("the reply could not be read"))),
                }
            }
        }
    }

    async fn piece(&mut self) -> Result<String, End> {
        loop {
            if let Some(last) = self.last().await? {
                self.is_over = true;
                return Ok(last);
            }
            if let Some(piece) = self.flush() {
                return Ok(piece);
            }
            if self.is_at_end() {
                return Err(End::Over);
            }
            if let Some(next) = self.turn_after().await? {
                self.turn = Some(next);
                self.subscription = None;
            }
            let Some(subscription) = &mut self.subscription else {
                let (subscription, told) = self.subscribe().await?;
                let piece = self.begin(subscription, &told);
                if piece.is_empty() {
                    continue;
                }
                return Ok(piece);
            };
            let closing = self.state.runs.closing.clone();
            tokio::select! {
                events = subscription.next() => match events {
                    Ok(events) => self.take_in(&events)?,
                    Err(_lagged) => self.subscription = None,
                },
                _ = self.heartbeat.tick() => if let Drawn::Events(_) = self.drawn {
                    return Ok(":\n\n".to_owned());
                },
                changed = self.person.changed() => {
                    if changed.is_err() {
                        self.person = self.state.feed.follow_person(self.who.caller.user.id);
                    }
                    self.look().await?;
                }
                _ = self.look.tick() => self.look().await?,
                () = closing.cancelled() => return Err(End::Over),
            }
        }
    }

    fn flush(&mut self) -> Option<String> {
        match &mut self.drawn {
            Drawn::Events(renderer) => renderer.flush(),
            Drawn::Text(renderer) => renderer.flush(),
        }
    }

    /// Whether everything was said of a turn that is at rest.
    fn is_at_end(&self) -> bool {
        match &self.drawn {
            Drawn::Events(_) => false,
            Drawn::Text(renderer) => renderer.end().is_some(),
        }
    }

    /// The last events, once the turn is at rest. A text has no last word.
    async fn last(&mut self) -> Result<Option<String>, End> {
        let Drawn::Events(renderer) = &mut self.drawn else { return Ok(None) };
        if renderer.end().is_none() {
            return Ok(None);
        }
        let mut last = renderer.flush().unwrap_or_default();
        let history = turn::history(&self.state, self.who.owner(), self.conversation, renderer.newest()).await?;
        let history: Result<Vec<_>, _> =
            history.iter().map(|said| json::message(said, self.conversation, &self.prefix)).collect();
        let done = history.and_then(|history| renderer.done(&history)).map_err(Error::internal)?;
        last.push_str(&done);
        Ok(Some(last))
    }

    /// For a reader that was told everything of a turn before it came: the one that came after it, if there is one.
    async fn turn_after(&mut self) -> Result<Option<TurnId>, End> {
        let (Drawn::Events(renderer), Some(turn), false) = (&self.drawn, self.turn, self.has_looked_on) else {
            return Ok(None);
        };
        self.has_looked_on = true;
        if !renderer.is_up_to_date() {
            return Ok(None);
        }
        Ok(turn::next_turn(&self.state, self.who.owner(), turn).await?)
    }

    fn take_in(&mut self, events: &[Arc<ChatEvent>]) -> Result<(), End> {
        for event in events {
            if matches!(**event, ChatEvent::Deleted) {
                return Err(End::Fault(Code::NotFound));
            }
            match &mut self.drawn {
                Drawn::Events(renderer) => renderer.event(event),
                Drawn::Text(renderer) => renderer.event(event),
            }
        }
        Ok(())
    }

    /// Whether the caller may still look.
    async fn look(&self) -> Result<(), End> {
        let (caller, credential) = (&self.who.caller, &self.who.credential);
        let is_valid = is_still_valid(&self.state, self.who.owner(), credential, caller.user.epoch).await?;
        if is_valid { Ok(()) } else { Err(End::Fault(Code::Unauthorized)) }
    }
}
