//! `/api/chat`: a message, and what comes of it in three forms; following a conversation, and stopping its turn.

mod accept;
mod answer;
mod stream;

use actix_web::{
    HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    middleware::{Next, from_fn},
    web::{self, ServiceConfig},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{query::wrong, tools::named, verbs};
use crate::{
    error::{Code, Result},
    http::{
        Edge,
        api_caller::ApiCaller,
        connections::Connected,
        error::{CONVERSATION, HttpError},
        guests::GuestOrCaller,
        json::Json,
        limits::Limits,
    },
    render::{
        course::Place,
        json::{self, TurnJson, TurnStateJson},
        sse::Since,
    },
    state::AppState,
    turn::{self, Input, Started},
    types::{AllowedModels, ConversationId, ModelChoice, TokenScope},
};
use accept::Form;
pub(super) use answer::wait;

/// By which a caller says that it is the same message again.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(begin, say, events, stop))]
pub struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(verbs("/api/chat").route(web::post().to(begin)))
        .service(verbs("/api/chat/{id}").route(web::post().to(say)).wrap(from_fn(naming)))
        .service(verbs("/api/chat/{id}/events").route(web::get().to(events)))
        .service(verbs("/api/chat/{id}/stop").route(web::post().to(stop)));
}

/// Every answer to somebody's own conversation names it, a refusal too. What is not there, or not theirs, has no name.
async fn naming<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let id = request.match_info().get("id").and_then(|id| parse_id(id).ok());
    let mut response = next.call(request).await?;
    let is_theirs =
        !matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    if let (true, Some(id)) = (is_theirs, id)
        && let Ok(id) = HeaderValue::from_str(&id.to_string())
    {
        response.headers_mut().insert(CONVERSATION, id);
    }
    Ok(response)
}

/// A message.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = ChatRequest)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Fields {
    message: String,
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    provider: Option<String>,
    #[serde(default)]
    user_id: Option<String>,
    #[serde(default)]
    tool_name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<serde_json::Value>)]
    tool_args: Option<Box<RawValue>>,
}

impl Fields {
    /// As the turn takes it.
    ///
    /// # Errors
    /// `forbidden` in somebody else's name; `invalid_payload`.
    fn input(self, state: &AppState, who: &ApiCaller, request: &HttpRequest) -> Result<Input> {
        if self.user_id.is_some_and(|user| user != who.caller.user.id.to_string()) {
            return Err(Code::Forbidden.into());
        }
        let tool = match (self.tool_name, self.tool_args) {
            (None, Some(_)) => return Err(wrong("toolName", "what toolArgs are for").into()),
            (name, args) => name.map(|name| named(who, name, args)),
        };
        Ok(Input {
            message: self.message,
            pending: None,
            idempotency_key: idempotency_key(request)?,
            choice: choice(state, &who.caller.tenant.models.0, self.provider, self.model),
            images: Vec::new(),
            tool,
        })
    }
}

pub(super) fn idempotency_key(request: &HttpRequest) -> Result<Option<String>> {
    let Some(key) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = key.to_str().unwrap_or_default();
    let is_good = (1..=100).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if is_good {
        Ok(Some(key.to_owned()))
    } else {
        Err(wrong(IDEMPOTENCY_KEY, "1 to 100 visible ASCII characters").into())
    }
}

/// Which model shall answer. A model alone may be written with its provider before it, or is looked for with all.
pub(super) fn choice(
    state: &AppState,
    allowed: &AllowedModels,
    provider: Option<String>,
    model: Option<String>,
) -> Option<ModelChoice> {
    let (provider, model) = match (provider, model) {
        (None, None) => return None,
        (Some(provider), None) if provider == "auto" => return Some(ModelChoice::Auto),
        (Some(provider), model) if provider != "auto" => (Some(provider), model),
        (_, model) => (None, model),
    };
    let Some(model) = model else { return provider.map(|provider| ModelChoice::Provider { provider, model: None }) };
    let providers = &state.providers;
    let (provider, model) = match (provider, model.split_once('/')) {
        (Some(provider), _) => (provider, model),
        (None, Some((first, rest))) if providers.find(first).is_some() => (first.to_owned(), rest.to_owned()),
        (None, _) => {
            let has_it = providers.iter().find(|provider| {
                allowed.allows(provider.name(), &model) && providers.has_model(provider.name(), &model)
            });
            // Where none has it, the first one is asked, and says so.
            let provider = has_it.or_else(|| providers.iter().next())?;
            (provider.name().to_owned(), model)
        }
    };
    Some(ModelChoice::Provider { provider, model: Some(model) })
}

/// An id of a conversation as an address has it.
fn parse_id(id: &str) -> Result<ConversationId> {
    id.parse().map_err(|_| Code::NotFound.into())
}

/// POST `/api/chat`
#[utoipa::path(
    post,
    path = "/api/chat",
    tag = "chat",
    params(
        (
            "Idempotency-Key" = Option<String>,
            Header,
            description = "The same key gives the same turn",
            min_length = 1,
            max_length = 100,
            pattern = "^[!-~]+$",
        ),
    ),
    request_body = Fields,
    responses(
        (
            status = 200,
            description = "What comes of it, in the form of `Accept`: JSON when the turn has come to rest, its events as they happen (their data are `MessageEvent`, `TextEvent` for `delta` and `thinking`, `ToolRequestEvent`, `ToolDecisionEvent`, `ToolChunkEvent`, `ToolResultEvent`, `StatusEvent`, `ErrorEvent` and last `DoneEvent`), or the text of the replies",
            content((TurnJson = "application/json"), (String = "text/event-stream"), (String = "text/plain")),
            headers(("X-Chat-Session-Id" = ConversationId, description = "The conversation")),
        ),
        (status = 406, description = "None of the three"),
        (status = 409, description = "A turn runs or waits, or the key was another message's"),
        (status = 429, description = "Too much"),
        (status = 502, description = "No model can be asked"),
    ),
)]
#[allow(clippy::too_many_arguments, reason = "what actix hands a handler")]
async fn begin(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    body: Result<Json<Fields>, HttpError>,
    GuestOrCaller(who): GuestOrCaller,
) -> Result<HttpResponse, HttpError> {
    who.must(TokenScope::Chat)?;
    let form = Form::wanted(request.headers())?;
    let (input, wanted) = taken(&request, &state, (&edge, &limits), body, &who, form)?;
    let started = turn::begin_conversation(&state, &who.caller, input).await?;
    respond(&state, &edge, who, wanted, started).await
}

/// POST `/api/chat/{id}`
#[utoipa::path(
    post,
    path = "/api/chat/{id}",
    tag = "chat",
    params(
        ("id" = ConversationId, Path, description = "A conversation of one's own"),
        (
            "Idempotency-Key" = Option<String>,
            Header,
            description = "The same key gives the same turn",
            min_length = 1,
            max_length = 100,
            pattern = "^[!-~]+$",
        ),
    ),
    request_body = Fields,
    responses(
        (
            status = 200,
            description = "What comes of it, in the form of `Accept`: JSON when the turn has come to rest, its events as they happen (their data are `MessageEvent`, `TextEvent` for `delta` and `thinking`, `ToolRequestEvent`, `ToolDecisionEvent`, `ToolChunkEvent`, `ToolResultEvent`, `StatusEvent`, `ErrorEvent` and last `DoneEvent`), or the text of the replies",
            content((TurnJson = "application/json"), (String = "text/event-stream"), (String = "text/plain")),
            headers(("X-Chat-Session-Id" = ConversationId, description = "The conversation")),
        ),
        (status = 406, description = "None of the three"),
        (status = 409, description = "A turn runs or waits, or the key was another message's"),
        (status = 429, description = "Too much"),
        (status = 502, description = "No model can be asked"),
    ),
)]
#[allow(clippy::too_many_arguments, reason = "what actix hands a handler")]
async fn say(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    id: web::Path<String>,
    body: Result<Json<Fields>, HttpError>,
    who: ApiCaller,
) -> Result<HttpResponse, HttpError> {
    who.must(TokenScope::Chat)?;
    let form = Form::wanted(request.headers())?;
    let id = parse_id(&id)?;
    let (input, wanted) = taken(&request, &state, (&edge, &limits), body, &who, form)?;
    let started = turn::start(&state, &who.caller, id, input).await?;
    respond(&state, &edge, who, wanted, started).await
}

/// What is said, counted, with a place for the answer.
fn taken(
    request: &HttpRequest,
    state: &AppState,
    (edge, limits): (&Edge, &Limits),
    body: Result<Json<Fields>, HttpError>,
    who: &ApiCaller,
    form: Form,
) -> Result<(Input, Wanted), HttpError> {
    let input = body?.0.input(state, who, request)?;
    limits.message(who.caller.user.id)?;
    Ok((input, Wanted::new(form, edge, who)?))
}

/// A form in which an answer may come, with its place among the caller's streams if it is one.
enum Wanted {
    Json,
    Events(Connected),
    Text(Connected),
}

impl Wanted {
    fn new(form: Form, edge: &Edge, who: &ApiCaller) -> Result<Self> {
        Ok(match form {
            Form::Json => Self::Json,
            Form::Events => Self::Events(stream::place(edge, who)?),
            Form::Text => Self::Text(stream::place(edge, who)?),
        })
    }
}

/// What comes of a turn, in the form that its caller wants. It goes on by itself, whether they stay or not.
async fn respond(
    state: &AppState,
    edge: &Edge,
    who: ApiCaller,
    wanted: Wanted,
    started: Started,
) -> Result<HttpResponse, HttpError> {
    let Started { turn, conversation } = started;
    match wanted {
        Wanted::Json => Ok(answer::at_rest(state, edge, &who, turn, conversation).await?),
        Wanted::Events(place) => {
            Ok(stream::events(state, edge, who, conversation, Some(turn), Since::Beginning, place).await?)
        }
        Wanted::Text(place) => Ok(stream::text(state, edge, who, conversation, turn, place).await?),
    }
}

/// GET `/api/chat/{id}/events`
#[utoipa::path(
    get,
    path = "/api/chat/{id}/events",
    tag = "chat",
    params(
        ("id" = ConversationId, Path, description = "A conversation of one's own"),
        (
            "Last-Event-ID" = Option<String>,
            Header,
            description = "The id of the last event that was read: goes on after it",
        ),
    ),
    responses(
        (
            status = 200,
            description = "What happens from now on, or after an event, until the turn is at rest",
            body = String,
            content_type = "text/event-stream",
            headers(("X-Chat-Session-Id" = ConversationId, description = "The conversation")),
        ),
        (status = 406, description = "No events"),
        (status = 429, description = "Too many streams"),
    ),
)]
async fn events(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    id: web::Path<String>,
    who: ApiCaller,
) -> Result<HttpResponse, HttpError> {
    who.must(TokenScope::Chat)?;
    Form::Events.must_do(request.headers())?;
    let id = parse_id(&id)?;
    let given = request.headers().get("last-event-id").map(|given| given.to_str().unwrap_or_default().trim());
    let (turn, since) = match given.filter(|given| !given.is_empty()) {
        None => (None, Since::Now),
        Some(given) => {
            let place: Place =
                given.parse().map_err(|_| wrong("Last-Event-ID", "the id of an event of this stream"))?;
            (Some(place.turn), Since::After(place))
        }
    };
    let place = stream::place(&edge, &who)?;
    Ok(stream::events(&state, &edge, who, id, turn, since, place).await?)
}

/// What became of a wish to stop.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(as = Stopped)]
struct StoppedJson {
    conversation_id: ConversationId,
    turn: Option<TurnStateJson>,
}

/// POST `/api/chat/{id}/stop`: what runs or waits ends. One that runs may do so a moment later.
#[utoipa::path(
    post,
    path = "/api/chat/{id}/stop",
    tag = "chat",
    params(("id" = ConversationId, Path, description = "A conversation of one's own")),
    responses(
        (status = 200, description = "Where its newest turn stands", body = StoppedJson),
        (status = 409, description = "It cannot be stopped"),
    ),
)]
async fn stop(state: web::Data<AppState>, id: web::Path<String>, who: ApiCaller) -> Result<HttpResponse, HttpError> {
    who.must(TokenScope::Chat)?;
    let id = parse_id(&id)?;
    turn::stop(&state, &who.caller, id).await?;
    let turn = turn::newest_turn(&state, who.owner(), id).await?;
    let turn = turn.map(|turn| json::turn_state(&turn, who.locale));
    Ok(answered(id).json(StoppedJson { conversation_id: id, turn }))
}

/// An answer that belongs to a conversation.
fn answered(conversation: ConversationId) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((CONVERSATION, conversation.to_string())).insert_header((header::CACHE_CONTROL, "no-store"));
    response
}
