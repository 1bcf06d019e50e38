//! Who may come in, and the way from actix to rmcp's service and back.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{
    HttpMessage as _, HttpResponse,
    http::{StatusCode, header},
    web::Bytes,
};
use futures_util::TryStreamExt as _;
use http_body_util::{BodyDataStream, Full};
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde::de::IgnoredAny;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::{
    Came,
    agent::Agent,
    asking::{Asking, Message},
    body::{Answered, Stream},
    sessions::{Session, Sessions, Stay},
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{
        Edge,
        api_caller::{ApiCaller, Credential},
        connections::SocketKind,
        error::{DETAIL, ErrorBody, HttpError},
        heartbeat::Watch,
        origin,
    },
    state::AppState,
    telemetry::{self, RequestId},
    types::{ApiTokenId, TokenScope},
};

/// How often a comment is sent, so that nobody between takes the stream for dead, and so that one that nobody reads is
/// noticed.
pub const HEARTBEAT: Duration = Duration::from_secs(3);

/// How long the answer to a call may take until a stream is begun for it without knowing what it will be.
const HEAD: Duration = Duration::from_secs(1);

/// How long anything else may take.
const TIME: Duration = Duration::from_secs(60);

/// The headers that mean something to the protocol.
const PASSED: [&str; 8] = [
    "accept",
    "content-type",
    "last-event-id",
    "mcp-method",
    "mcp-name",
    "mcp-protocol-version",
    "mcp-session-id",
    "origin",
];

/// Parameters of tools may stand in headers of their own.
const PARAMETERS: &str = "mcp-param-";

/// The door of `/mcp`; one for all workers.
pub struct Door {
    state: AppState,
    service: StreamableHttpService<Agent, Sessions>,
    sessions: Sessions,
    /// Names by which this machine itself may call, whatever `PUBLIC_URL` says.
    local: Vec<String>,
}

impl Door {
    /// Of a server that listens at this address.
    pub fn new(state: &AppState, edge: &Edge, address: SocketAddr) -> Self {
        let port = address.port();
        let local: Vec<String> = ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .map(|name| format!("{name}:{port}"))
            .chain([address.to_string()])
            .collect();
        let sessions = Sessions::new();
        let default = if edge.home.is_secure() { ":443" } else { ":80" };
        let with_port = |name: &String| match name.rsplit_once(':') {
            Some((_, port)) if port.parse::<u16>().is_ok() => name.clone(),
            _ => format!("{name}{default}"),
        };
        let scheme = if edge.home.is_secure() { "https" } else { "http" };
        let origins = edge.home.authorities().iter().map(|name| format!("{scheme}://{}", with_port(name)));
        let client = edge.client_origin.as_ref().map(|origin| {
            let origin = origin.as_str();
            let is_whole = origin.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
            let default = if origin.starts_with("https:") { ":443" } else { ":80" };
            if is_whole { origin.to_owned() } else { format!("{origin}{default}") }
        });
        // Names and origins are checked before: what is refused is told in the form of all refusals. These stand behind.
        let mut config = StreamableHttpServerConfig::default()
            .with_allowed_hosts(edge.home.authorities().iter().chain(&local).cloned())
            .with_allowed_origins(origins.chain(client))
            .enforce_origin_validation()
            .with_sse_keep_alive(Some(HEARTBEAT))
            .with_cancellation_token(state.runs.closing.child_token());
        config.max_request_body_bytes = edge.json_limit;
        let agent = Agent::new(state.clone(), edge.urls.clone());
        let service = StreamableHttpService::new(move || Ok(agent.clone()), Arc::new(sessions.clone()), config);
        Self { state: state.clone(), service, sessions, local }
    }

    /// Lets one request in, or does not.
    ///
    /// # Errors
    /// `forbidden` for whoever holds no token for tools, and for foreign pages; `wrong_host`; `not_found` for another's
    /// session; `rate_limited`; what was wrong with the body.
    pub(super) async fn pass(&self, came: Came<'_>, body: Result<Bytes, HttpError>) -> Result<HttpResponse> {
        let Came { request, client, edge, limits, who } = came;
        let who = who.0;
        let token = token_of(&who)?;
        if !edge.home.is_at(&client.host) && !self.local.contains(&client.host) {
            return Err(edge.home.refusal());
        }
        origin::check_token_call(edge, request.headers())?;
        let body = body.map_err(|HttpError(error)| error)?;
        if !body.is_empty() && is_json(request) {
            serde_json::from_slice::<IgnoredAny>(&body)
                .map_err(|fault| Refusal::new(Code::InvalidJson).with(DETAIL, fault))?;
        }
        let message = Message::read(&body);
        let session = self.session(request, &who, token)?;
        let is_reading = *request.method() == actix_web::http::Method::GET || message.is_request;
        // One that only tells something, as that it does not want to wait any more, needs no place.
        let connected = match is_reading {
            true => Some(edge.connections.open(SocketKind::Mcp, who.caller.user.id, who.caller.role)?),
            false => None,
        };
        if message.is_call() && !message.is_again {
            limits.message(who.caller.user.id)?;
        }
        let opens = message.method == "initialize";
        if opens {
            self.sessions.make_room(who.owner()).await?;
        }
        let request_id = request.extensions().get::<RequestId>().cloned().unwrap_or_else(RequestId::new);
        let in_use = session.as_ref().map(Session::enter);
        let watch = Watch::new(&self.state, who.owner(), who.credential.clone(), who.caller.user.epoch).await?;
        let is_call = message.is_call();
        let asking = Asking {
            who: who.clone(),
            token,
            named: message.named.map(Arc::new),
            request_id: request_id.clone(),
            session,
            stay: Arc::new(Stay::new()),
        };
        let passed = passed(request, &client.host, body, asking)?;
        let service = self.service.clone();
        let work = telemetry::following(async move { service.handle(passed).await });
        let mut task = AbortOnDropHandle::new(self.state.runs.handle.spawn(work));
        let held = (connected, in_use);
        let response = match timeout(if is_call { HEAD } else { TIME }, &mut task).await {
            Ok(response) => response.map_err(Error::internal)?,
            Err(_) if is_call => return Ok(Stream::late(&self.state, task, watch, held).respond(None)),
            Err(_) => return Err(Error::internal("the protocol took too long")),
        };
        let opened = response.headers().get("mcp-session-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        if let Some(id) = opened.as_deref().filter(|_| opens) {
            self.open(id, &who, token).await?;
        }
        match Answered::of(response) {
            Answered::Stream(body) => Ok(Stream::of(&self.state, body, watch, held).respond(opened.as_deref())),
            Answered::Whole(parts, body) => whole(&who, &request_id, &parts, body).await,
        }
    }

    /// The session that a request names, if it was opened with the token that comes with it. One that is not known is
    /// rmcp's to refuse: in the newest revision the header means nothing.
    fn session(
        &self,
        request: &actix_web::HttpRequest,
        who: &ApiCaller,
        token: ApiTokenId,
    ) -> Result<Option<Arc<Session>>> {
        let id = request.headers().get("mcp-session-id").and_then(|id| id.to_str().ok());
        match id.and_then(|id| self.sessions.find(id)) {
            Some(session) if !session.is_of(who.owner(), token) => Err(Code::NotFound.into()),
            found => Ok(found),
        }
    }

    /// Looks after a session that was just opened: it ends when its token does, when nobody uses it, and with the server.
    async fn open(&self, id: &str, who: &ApiCaller, token: ApiTokenId) -> Result<()> {
        let session = self.sessions.claim(id, who.owner(), token);
        let mut watch = Watch::new(&self.state, who.owner(), who.credential.clone(), who.caller.user.epoch).await?;
        let (sessions, closing) = (self.sessions.clone(), self.state.runs.closing.clone());
        let keep = async move {
            loop {
                tokio::select! {
                    () = watch.due() => if watch.look().await.is_err() { break },
                    () = session.idle() => break,
                    () = closing.cancelled() => break,
                    () = session.gone.cancelled() => return,
                }
            }
            sessions.close(&session).await;
        };
        drop(self.state.runs.handle.spawn(telemetry::following(keep)));
        Ok(())
    }
}

fn is_json(request: &actix_web::HttpRequest) -> bool {
    request.content_type().eq_ignore_ascii_case("application/json")
}

/// The token that somebody came with, if it is one for tools. A sign-in is none: who holds one could say yes to itself.
fn token_of(who: &ApiCaller) -> Result<ApiTokenId> {
    match &who.credential {
        Credential::Token(id, scopes) if scopes.has(TokenScope::Tools) => Ok(*id),
        Credential::Token(..) | Credential::SignIn(_) | Credential::Session(_) => Err(Code::Forbidden.into()),
    }
}

/// The request as rmcp reads it: without the token, with the name by which it was asked for.
fn passed(
    request: &actix_web::HttpRequest,
    host: &str,
    body: Bytes,
    asking: Asking,
) -> Result<http::Request<Full<Bytes>>> {
    let mut passed = http::Request::builder().method(request.method().as_str()).uri("/mcp").header("host", host);
    for (name, value) in request.headers() {
        if PASSED.contains(&name.as_str()) || name.as_str().starts_with(PARAMETERS) {
            passed = passed.header(name.as_str(), value.as_bytes());
        }
    }
    passed.extension(asking).body(Full::new(body)).map_err(|_| Refusal::new(Code::InvalidPayload).into())
}

/// An answer in one piece; a refusal of rmcp's in the form of all refusals.
async fn whole(
    who: &ApiCaller,
    request_id: &RequestId,
    parts: &http::response::Parts,
    body: BodyDataStream<super::body::Boxed>,
) -> Result<HttpResponse> {
    let body: Vec<Bytes> = body.try_collect().await.map_err(Error::internal)?;
    let body = body.concat();
    let status = StatusCode::from_u16(parts.status.as_u16()).map_err(Error::internal)?;
    let kind = parts.headers.get("content-type").and_then(|kind| kind.to_str().ok());
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(allow) = parts.headers.get("allow").and_then(|allow| allow.to_str().ok()) {
        answer.insert_header((header::ALLOW, allow));
    }
    if let Some(kind) = kind.filter(|kind| kind.starts_with("application/json")) {
        return Ok(answer.content_type(kind).body(body));
    }
    if status.is_success() {
        return Ok(answer.finish());
    }
    let code = match status {
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::NOT_ACCEPTABLE => Code::NotAcceptable,
        StatusCode::PAYLOAD_TOO_LARGE => Code::PayloadTooLarge,
        StatusCode::FORBIDDEN => Code::Forbidden,
        _ if status.is_client_error() => Code::InvalidPayload,
        _ => {
            tracing::error!(status = status.as_u16(), cause = %String::from_utf8_lossy(&body), "the protocol failed");
            return Err(Error::internal("the protocol failed"));
        }
    };
    let words = who.locale.text(code.message_key()).into_owned();
    let detail = String::from_utf8(body).ok().filter(|text| !text.is_empty());
    Ok(answer.json(ErrorBody::new(code, words, detail, request_id)))
}
