//! `/api/gateway`: completions for programs over one socket, several at once, each told apart by the id that its program
//! gave it. Nothing is stored; a socket that closes ends its calls.

mod frame;

use std::collections::HashMap;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};
use actix_ws::{CloseCode, MessageStream, Session};
use futures_util::stream::{self, BoxStream, SelectAll, StreamExt as _};

use super::{handshake, openai::following::refusal, verbs};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{
        Edge,
        address::Client,
        api_caller::{ApiCaller, Credential},
        connections::SocketKind,
        error::HttpError,
        frames::{Frame, Frames},
        heartbeat::{End, Heartbeat, SIGNED_OUT, Watch, close},
        limits::Limits,
        outbox::Outbox,
    },
    state::AppState,
    telemetry,
    turn::{self, Asked, Caller, Completion, Told},
};
use frame::{Answer, Id};

/// How many requests of one socket may run at once.
const AT_ONCE: usize = 8;

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(open), components(schemas(frame::Request, frame::Answer)))]
pub struct Documented;

/// Every address of this folder.
pub fn addresses(config: &mut ServiceConfig) {
    config.service(verbs("/api/gateway").route(web::get().to(open)));
}

/// GET `/api/gateway`. Someone who is not signed in (any more) is accepted and closed with 4401: a refused handshake would
/// be retried for ever. A foreign page and a token without the scope are refused.
#[utoipa::path(
    get,
    path = "/api/gateway",
    tag = "sockets",
    security((), ("bearer" = []), ("session" = [])),
    params(("token" = Option<String>, Query, description = "An access token, where no header can be set")),
    responses(
        (status = 101, description = "A WebSocket: it takes `GatewayRequest` and gives `GatewayAnswer`"),
        (status = 429, description = "Too many sockets and streams"),
        (status = 403, description = "A foreign page, or a token without the scope `chat`"),
        (status = 422, description = "Not the handshake of a WebSocket"),
    ),
)]
async fn open(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    client: Client,
    who: Result<ApiCaller, HttpError>,
) -> Result<HttpResponse, HttpError> {
    let socket = match handshake::caller(&request, &edge, &client, who)? {
        Some(who) => {
            let connected = edge.connections.open(SocketKind::Gateway, who.caller.user.id, who.caller.role)?;
            Some((Gateway::new(&state, limits, who).await?, connected))
        }
        None => None,
    };
    let (response, session, stream) = handshake::take(&request, payload)?;
    match socket {
        Some((socket, connected)) => {
            let limit = edge.json_limit;
            drop(actix_web::rt::spawn(telemetry::following(async move {
                socket.follow(session, stream, limit).await;
                drop(connected);
            })));
        }
        None => drop(actix_web::rt::spawn(close(session, SIGNED_OUT))),
    }
    Ok(response)
}

/// What happens to one of the requests.
enum Event {
    Told(Told),
    /// It was refused before anything was asked of anybody.
    Refused(Error),
}

/// A request under way.
struct Running {
    is_streamed: bool,
    /// What came of an answer that is sent in one piece.
    text: String,
}

/// One open socket.
struct Gateway {
    state: AppState,
    limits: web::Data<Limits>,
    who: ApiCaller,
    watch: Watch,
    running: HashMap<Id, Running>,
    events: SelectAll<BoxStream<'static, (Id, Event)>>,
}

impl Gateway {
    async fn new(state: &AppState, limits: web::Data<Limits>, who: ApiCaller) -> Result<Self> {
        let credential: Credential = who.credential.clone();
        let watch = Watch::new(state, who.owner(), credential, who.caller.user.epoch).await?;
        Ok(Self { state: state.clone(), limits, who, watch, running: HashMap::new(), events: SelectAll::new() })
    }

    async fn follow(mut self, mut session: Session, stream: MessageStream, limit: usize) {
        let end = self.run(&mut session, Frames::new(stream, limit)).await;
        // Before the last word is said: what runs is nobody's any more.
        drop(self);
        if let Err(End::Close(code)) = end {
            close(session, code).await;
        }
    }

    async fn run(&mut self, session: &mut Session, mut frames: Frames) -> Result<(), End> {
        let closing = self.state.runs.closing.clone();
        let mut heartbeat = Heartbeat::new();
        let mut outbox = Outbox::<()>::new();
        loop {
            tokio::select! {
                frame = frames.next(), if outbox.has_room() => match frame? {
                    Frame::Text(text) => if let Some(answer) = self.take(&text) {
                        outbox.text(answer, None);
                    },
                    Frame::Binary => {
                        let refused = Refusal::new(Code::InvalidJson).into();
                        outbox.text(self.refused(None, &refused), None);
                    }
                    Frame::Ping(bytes) => outbox.pong(bytes),
                    Frame::Pong => heartbeat.answered(),
                },
                // What comes waits where it comes from while the other side is slow to read.
                Some((id, event)) = self.events.next(), if outbox.is_empty() && !self.events.is_empty() => {
                    if let Some(answer) = self.answer(id, event) {
                        outbox.text(answer, None);
                    }
                }
                sent = outbox.send_next(session), if !outbox.is_empty() => {
                    sent?;
                }
                due = heartbeat.due() => {
                    due?;
                    outbox.ping();
                }
                () = self.watch.due() => self.watch.look().await?,
                () = closing.cancelled() => return Err(End::Close(CloseCode::Away)),
            }
        }
    }

    /// Takes a request; what is to be answered at once, if it cannot be.
    fn take(&mut self, text: &[u8]) -> Option<String> {
        let request = match frame::read(text) {
            Ok(request) => request,
            Err((id, error)) => return Some(self.refused(id.as_ref(), &error)),
        };
        let id = request.id.clone();
        match self.begin(request) {
            Ok(()) => None,
            Err(error) => Some(self.refused(Some(&id), &error)),
        }
    }

    fn begin(&mut self, request: frame::Request) -> Result<()> {
        let id = request.id.clone();
        if self.running.contains_key(&id) {
            return Err(Refusal::new(Code::Conflict).saying("error-request-running").into());
        }
        if self.running.len() >= AT_ONCE {
            return Err(Refusal::new(Code::RateLimited).saying("error-too-many-turns").into());
        }
        let is_streamed = request.stream;
        let asked = request.asked(&self.state, &self.who.caller.tenant.models.0)?;
        self.limits.message(self.who.caller.user.id)?;
        self.events.push(events(self.state.clone(), self.who.caller.clone(), id.clone(), asked));
        self.running.insert(id, Running { is_streamed, text: String::new() });
        Ok(())
    }

    /// What is said of an event.
    fn answer(&mut self, id: Id, event: Event) -> Option<String> {
        let running = self.running.get_mut(&id)?;
        let drawn = match event {
            Event::Told(Told::Text(text)) if running.is_streamed => frame::drawn(&Answer::chunk(&id, &text)),
            Event::Told(Told::Text(text)) => {
                running.text.push_str(&text);
                return None;
            }
            Event::Told(Told::Ended { usage, .. }) => {
                let ended = self.running.remove(&id)?;
                let whole = (!ended.is_streamed).then_some(ended.text.as_str());
                frame::drawn(&Answer::done(&id, whole, usage))
            }
            Event::Told(Told::Failed(failed)) => {
                self.running.remove(&id);
                self.refused(Some(&id), &refusal(Some(&failed)).into())
            }
            Event::Refused(error) => {
                self.running.remove(&id);
                self.refused(Some(&id), &error)
            }
            // There are no tools here, and what a model thinks is not in this form.
            Event::Told(Told::Begun { .. } | Told::Thinking(_) | Told::Call { .. } | Told::Input { .. }) => {
                return None;
            }
        };
        Some(drawn)
    }

    fn refused(&self, id: Option<&Id>, error: &Error) -> String {
        frame::refused(id, error, self.who.locale)
    }
}

/// Where one request stands.
enum Stage {
    Asked(Box<(AppState, Caller, Asked)>),
    Under(Completion),
    Over,
}

/// Everything that happens to one request. Dropping it ends its call.
fn events(state: AppState, caller: Caller, id: Id, asked: Asked) -> BoxStream<'static, (Id, Event)> {
    let begin = Stage::Asked(Box::new((state, caller, asked)));
    stream::unfold(begin, move |stage| {
        let id = id.clone();
        async move {
            let mut completion = match stage {
                Stage::Asked(asked) => match begun(*asked).await {
                    Ok(completion) => completion,
                    Err(error) => return Some(((id, Event::Refused(error)), Stage::Over)),
                },
                Stage::Under(completion) => completion,
                Stage::Over => return None,
            };
            let Some(told) = completion.next().await else {
                return Some(((id, Event::Refused(refusal(None).into())), Stage::Over));
            };
            let is_last = matches!(told, Told::Ended { .. } | Told::Failed(_));
            let next = if is_last { Stage::Over } else { Stage::Under(completion) };
            Some(((id, Event::Told(told)), next))
        }
    })
    .boxed()
}

/// Begins a completion in a task of its own: a socket whose reader is slow is not looked after for a while, and its
/// transaction must not stay open that long.
async fn begun((state, caller, asked): (AppState, Caller, Asked)) -> Result<Completion> {
    let handle = state.runs.handle.clone();
    let begun = handle.spawn(telemetry::following(async move { turn::complete(&state, &caller, asked).await }));
    begun.await.map_err(Error::internal)?
}
