//! The body of an answer, as actix sends what rmcp gives: until it ends, until what the caller came with is not good any
//! more, or until the server goes down. Dropped, it ends what works for it.

use std::convert::Infallible;

use actix_web::{HttpResponse, http::header, web::Bytes};
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use http::response::Parts;
use http_body_util::{BodyDataStream, combinators::BoxBody};
use tokio::time::{Instant, Interval, interval_at};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::{door::HEARTBEAT, sessions::InUse};
use crate::{
    http::{connections::Connected, heartbeat::Watch},
    state::AppState,
};

/// A body as rmcp makes them.
pub type Boxed = BoxBody<Bytes, Infallible>;

/// What is open for as long as an answer is.
pub type Held = (Option<Connected>, Option<InUse>);

/// A comment, which says only that this lives.
const COMMENT: Bytes = Bytes::from_static(b":\n\n");

/// An answer of rmcp's.
pub enum Answered {
    /// Events.
    Stream(BodyDataStream<Boxed>),
    /// One piece.
    Whole(Box<Parts>, BodyDataStream<Boxed>),
}

impl Answered {
    /// As its head says.
    pub fn of(response: http::Response<Boxed>) -> Self {
        let (parts, body) = response.into_parts();
        let kind = parts.headers.get("content-type").and_then(|kind| kind.to_str().ok());
        let body = BodyDataStream::new(body);
        match kind {
            Some(kind) if kind.starts_with("text/event-stream") => Self::Stream(body),
            _ => Self::Whole(Box::new(parts), body),
        }
    }
}

enum Phase {
    /// Nothing was said yet.
    Head(AbortOnDropHandle<http::Response<Boxed>>),
    Body(BoxStream<'static, Bytes>),
    Over,
}

/// A stream of events.
pub struct Stream {
    phase: Phase,
    watch: Watch,
    closing: CancellationToken,
    beat: Interval,
    _held: Held,
}

impl Stream {
    /// Of an answer that has begun.
    pub fn of(state: &AppState, body: BodyDataStream<Boxed>, watch: Watch, held: Held) -> Self {
        Self::new(state, Phase::Body(pieces(body)), watch, held)
    }

    /// Of one that takes its time to begin: whoever asked must be seen leaving.
    pub fn late(state: &AppState, task: AbortOnDropHandle<http::Response<Boxed>>, watch: Watch, held: Held) -> Self {
        Self::new(state, Phase::Head(task), watch, held)
    }

    fn new(state: &AppState, phase: Phase, watch: Watch, held: Held) -> Self {
        let beat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        Self { phase, watch, closing: state.runs.closing.clone(), beat, _held: held }
    }

    /// The answer.
    pub fn respond(self, session: Option<&str>) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        answer
            .content_type("text/event-stream")
            // Proxies: neither gather nor compress.
            .insert_header(("x-accel-buffering", "no"))
            .insert_header((header::CACHE_CONTROL, "no-store, no-transform"));
        if let Some(session) = session {
            answer.insert_header(("mcp-session-id", session));
        }
        let body = stream::unfold((self, true), |(mut stream, is_first)| async move {
            // The head goes out with it.
            let piece =
                if is_first && matches!(stream.phase, Phase::Head(_)) { Some(COMMENT) } else { stream.next().await };
            piece.map(|piece| (Ok::<_, Infallible>(piece), (stream, false)))
        });
        answer.streaming(Box::pin(body))
    }

    async fn next(&mut self) -> Option<Bytes> {
        let closing = self.closing.clone();
        loop {
            let piece = tokio::select! {
                () = closing.cancelled() => None,
                () = self.watch.due() => match self.watch.look().await {
                    Ok(()) => continue,
                    Err(_) => None,
                },
                _ = self.beat.tick(), if matches!(self.phase, Phase::Head(_)) => Some(COMMENT),
                piece = self.phase.next() => match piece {
                    Some(piece) if piece.is_empty() => continue,
                    piece => piece,
                },
            };
            if piece.is_none() {
                self.phase = Phase::Over;
            }
            return piece;
        }
    }
}

impl Phase {
    /// What comes next; empty where only the phase changed. Cancel-safe.
    async fn next(&mut self) -> Option<Bytes> {
        match self {
            Self::Head(task) => match task.await.map(Answered::of) {
                Ok(answered) => {
                    *self = Self::Body(match answered {
                        Answered::Stream(body) => pieces(body),
                        // A refusal of the protocol, which has its place among the events too.
                        Answered::Whole(_, body) => {
                            let end = stream::iter([Bytes::from_static(b"\n\n")]);
                            stream::iter([Bytes::from_static(b"data: ")]).chain(pieces(body)).chain(end).boxed()
                        }
                    });
                    Some(Bytes::new())
                }
                Err(_) => None,
            },
            Self::Body(body) => body.next().await,
            Self::Over => None,
        }
    }
}

/// The pieces of a body, which never fails.
fn pieces(body: BodyDataStream<Boxed>) -> BoxStream<'static, Bytes> {
    body.filter_map(|piece| std::future::ready(piece.ok())).boxed()
}
