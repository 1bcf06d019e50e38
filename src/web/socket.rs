//! The page's socket: what happens in a conversation, as fragments that htmx swaps in. It only tells; messages and
//! decisions come by form, which has an answer, a status and a token.
//!
//! Subscribe, snapshot, follow. A page that falls behind is sent a new snapshot; one that does not read at all is
//! closed. The person behind it is checked when it opens and whenever something about them changes.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, http::header, web};
use actix_ws::{CloseCode, Message, Session};
use serde::Deserialize;
use tokio::time::{Instant, sleep_until};

use super::{Answer, conversations::parse_id, page::context, usage};
use crate::{
    db::at_once,
    error::{Code, Error, Result},
    event::ChatEvent,
    feed::Subscription,
    http::{
        Edge,
        address::Client,
        api_caller::Credential,
        connections::{Connected, SocketKind},
        error::HttpError,
        heartbeat::{End, GONE, Heartbeat, SIGNED_OUT, Watch, close, send},
        origin::check_cookie_socket,
        viewer::Viewer,
    },
    render::{Renderer as _, html::HtmlRenderer},
    state::AppState,
    turn,
    types::ConversationId,
};

/// How long after a frame the next one is sent, if it tells only more of what was told.
const GATHER: Duration = Duration::from_millis(50);

/// How long a text may wait at most for more of it that would make a frame worth its bytes.
const LATEST: Duration = Duration::from_millis(80);

/// After how long without anything new the end of a reply is shown, which else waits for what comes next.
const PAUSE: Duration = Duration::from_millis(400);

#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    after: i64,
}

/// GET `/conversations/{id}/socket?after=`. Someone who may not is accepted and closed with 4401 or 4404: a refused
/// handshake would be retried for ever.
#[allow(clippy::too_many_arguments, reason = "what actix hands a handler")]
pub async fn open(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    client: Client,
    viewer: Result<Viewer, HttpError>,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Answer {
    let origin = request.headers().get(header::ORIGIN).and_then(|value| value.to_str().ok());
    check_cookie_socket(&edge.home, &client.host, origin)?;
    let page = match viewer {
        Ok(viewer) => match parse_id(&id) {
            Ok(id) => Ok(Page::new(&state, &edge, &viewer, id, query.after).await?),
            Err(_) => Err(GONE),
        },
        Err(error) if matches!(error.0.code(), Some(Code::Unauthorized | Code::TenantInactive)) => Err(SIGNED_OUT),
        Err(error) => return Err(error),
    };
    let (response, session, stream) = actix_ws::handle(&request, payload).map_err(Error::internal)?;
    match page {
        Ok(page) => drop(actix_web::rt::spawn(Box::new(page).follow(session, stream))),
        Err(code) => drop(actix_web::rt::spawn(close(session, code))),
    }
    Ok(response)
}

/// What is to be sent.
#[derive(Clone, Copy)]
enum Due {
    /// What was gathered.
    Gathered,
    /// What was kept back of a text that pauses.
    Pause,
}

/// One open page.
struct Page {
    state: AppState,
    watch: Watch,
    id: ConversationId,
    after: i64,
    renderer: HtmlRenderer,
    /// Whether a turn went on or ended since the month was looked at.
    is_month_due: bool,
    _connected: Connected,
}

impl Page {
    async fn new(state: &AppState, edge: &Edge, viewer: &Viewer, id: ConversationId, after: i64) -> Result<Self> {
        let credential = Credential::Session(viewer.session_id);
        Ok(Self {
            state: state.clone(),
            watch: Watch::new(state, viewer.owner(), credential, viewer.caller.user.epoch).await?,
            id,
            after,
            renderer: HtmlRenderer::new(context(state, edge, viewer).await?, id),
            is_month_due: false,
            _connected: edge.connections.open(SocketKind::Page, viewer.caller.user.id, viewer.caller.role)?,
        })
    }

    async fn follow(mut self: Box<Self>, mut session: Session, mut stream: actix_ws::MessageStream) {
        let end = self.run(&mut session, &mut stream).await;
        if let Err(End::Close(code)) = end {
            close(session, code).await;
        }
    }

    async fn run(&mut self, session: &mut Session, stream: &mut actix_ws::MessageStream) -> Result<(), End> {
        let closing = self.state.runs.closing.clone();
        let mut subscription = Box::pin(self.snapshot(session)).await?;
        let mut heartbeat = Heartbeat::new();
        // When to send what, if anything is to be sent.
        let mut next: Option<(Instant, Due)> = None;
        let mut last_sent = Instant::now();
        // Whether more of a text is gathered: then the page is woken for each frame, and not for each token.
        let mut is_text = false;
        loop {
            let due = async {
                match next {
                    // A timer counts whole milliseconds; what is due is due.
                    Some((at, due)) if at <= Instant::now() => due,
                    Some((at, due)) => {
                        sleep_until(at).await;
                        due
                    }
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                events = subscription.next(), if !is_text => match events {
                    Ok(events) => {
                        self.take_in(&events)?;
                        is_text = events.iter().all(|event| event.is_text()) && !self.renderer.has_begun();
                        // The first word of a reply does not wait for those that follow.
                        let at = if self.renderer.has_begun() { Instant::now() } else { last_sent + GATHER };
                        next = Some((at, Due::Gathered));
                    }
                    Err(_lagged) => {
                        next = None;
                        subscription = Box::pin(self.snapshot(session)).await?;
                    }
                },
                due = due => {
                    if std::mem::take(&mut is_text) {
                        match subscription.so_far() {
                            Ok(events) => self.take_in(&events)?,
                            Err(_lagged) => {
                                next = None;
                                subscription = Box::pin(self.snapshot(session)).await?;
                                continue;
                            }
                        }
                    }
                    self.month().await?;
                    let is_late = last_sent.elapsed() >= LATEST;
                    let frame = match due {
                        Due::Gathered => self.renderer.flush_paced(is_late),
                        Due::Pause => self.renderer.pause(),
                    };
                    next = match (&frame, due) {
                        // What is kept back may not be worth a frame of its own yet.
                        (None, Due::Gathered) if !is_late => {
                            is_text = true;
                            Some((last_sent + LATEST, Due::Gathered))
                        }
                        (_, Due::Gathered) => Some((Instant::now() + PAUSE, Due::Pause)),
                        (_, Due::Pause) => None,
                    };
                    if let Some(frame) = frame {
                        last_sent = Instant::now();
                        send(session, frame).await?;
                    }
                }
                message = stream.recv() => match message {
                    Some(Ok(Message::Ping(bytes))) => session.pong(&bytes).await.map_err(|_| End::Left)?,
                    Some(Ok(Message::Pong(_))) => heartbeat.answered(),
                    Some(Ok(Message::Close(_))) | Some(Err(_)) | None => return Err(End::Left),
                    // The page says nothing here; what it says all the same is nobody's business.
                    Some(Ok(_)) => {}
                },
                due = heartbeat.due() => {
                    due?;
                    session.ping(b"").await.map_err(|_| End::Left)?;
                }
                () = self.watch.due() => Box::pin(self.look(session)).await?,
                () = closing.cancelled() => return Err(End::Close(CloseCode::Away)),
            }
        }
    }

    /// Subscribes, and sends how things stand. What it takes is on the heap, as is all that is rare: a page mostly waits.
    async fn snapshot(&mut self, session: &mut Session) -> Result<Subscription, End> {
        let subscription = at_once(turn::subscribe(&self.state, self.watch.owner(), self.id)).await?;
        let snapshot =
            at_once(turn::snapshot(&self.state, self.watch.owner(), self.id, self.after, &subscription)).await?;
        self.renderer.waiting(&turn::waiting(&self.state, self.watch.owner()).await?);
        self.is_month_due = true;
        self.month().await?;
        send(session, self.renderer.snapshot(&snapshot)).await?;
        Ok(subscription)
    }

    /// What the month has left, where a turn may have used some of it.
    async fn month(&mut self) -> Result<(), End> {
        if std::mem::take(&mut self.is_month_due) {
            let month =
                Box::pin(at_once(usage::glance(&self.state, self.watch.owner(), self.renderer.context()))).await?;
            self.renderer.month(&month);
        }
        Ok(())
    }

    fn take_in(&mut self, events: &[Arc<ChatEvent>]) -> Result<(), End> {
        for event in events {
            if matches!(**event, ChatEvent::Deleted) {
                return Err(End::Close(GONE));
            }
            self.is_month_due |= matches!(**event, ChatEvent::Turn { .. });
            self.renderer.event(event);
        }
        Ok(())
    }

    /// Whether the person may still look, and what waits for them over all conversations.
    async fn look(&mut self, session: &mut Session) -> Result<(), End> {
        self.watch.look().await?;
        self.renderer.waiting(&turn::waiting(&self.state, self.watch.owner()).await?);
        match self.renderer.flush() {
            Some(frame) => send(session, frame).await,
            None => Ok(()),
        }
    }
}
