//! `/api/socket`: one conversation, both ways.

mod said;
mod talk;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};
use serde::Deserialize;

use super::{handshake, query::wrong, verbs};
use crate::{
    error::{Code, Error},
    http::{
        Edge,
        address::Client,
        api_caller::ApiCaller,
        connections::SocketKind,
        error::HttpError,
        heartbeat::{GONE, SIGNED_OUT, close},
        limits::Limits,
    },
    render::course::Place,
    state::AppState,
    telemetry,
    types::ConversationId,
};
use talk::Talk;

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(open), components(schemas(said::Said, crate::render::socket::Placed)))]
pub struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config.service(verbs("/api/socket").route(web::get().to(open)));
}

/// What the address says; the token stands there for [`handshake`].
#[derive(Deserialize)]
struct Query {
    /// The conversation; a new one begins with the first message without.
    conversation: Option<String>,
    /// The id of an event of that conversation: what came after it is told.
    after: Option<String>,
}

/// Where a socket begins.
struct Begin {
    conversation: Option<ConversationId>,
    after: Option<Place>,
}

impl Query {
    /// # Errors
    /// `not_found` for what is no conversation's id; `invalid_payload` for what is no place in one.
    fn read(&self) -> Result<Begin, Error> {
        let given =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let (conversation, after) = (given(&self.conversation), given(&self.after));
        let is_whole = after.is_none() || conversation.is_some();
        let after = after.map(|after| after.parse::<Place>()).transpose();
        let after =
            after.ok().filter(|_| is_whole).ok_or_else(|| wrong("after", "the id of an event of `conversation`"))?;
        let conversation = conversation.map(|id| id.parse().map_err(|_| Error::from(Code::NotFound))).transpose()?;
        Ok(Begin { conversation, after })
    }
}

/// GET `/api/socket?conversation=&after=`. Someone who is not signed in, or whose conversation is not there, is accepted
/// and closed with 4401 or 4404, which a script in a browser can read: of a refused handshake it is told nothing. A
/// foreign page and a token without the scope are refused.
#[utoipa::path(
    get,
    path = "/api/socket",
    tag = "sockets",
    security((), ("bearer" = []), ("session" = [])),
    params(
        (
            "conversation" = Option<String>,
            Query,
            description = "The conversation; without, the first message begins one",
        ),
        ("after" = Option<String>, Query, description = "The id of an event: what came after it is told"),
        ("token" = Option<String>, Query, description = "An access token, where no header can be set"),
    ),
    responses(
        (status = 101, description = "A WebSocket: it takes `SocketRequest` and gives `SocketAnswer`"),
        (status = 429, description = "Too many sockets and streams"),
        (status = 404, description = "No id of a conversation"),
        (status = 403, description = "A foreign page, or a token without the scope `chat`"),
        (status = 422, description = "Not the handshake of a WebSocket, or no event's id"),
    ),
)]
#[allow(clippy::too_many_arguments, reason = "what actix hands a handler")]
async fn open(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    client: Client,
    who: Result<ApiCaller, HttpError>,
    query: web::Query<Query>,
) -> Result<HttpResponse, HttpError> {
    let begun = match handshake::caller(&request, &edge, &client, who)? {
        Some(who) => match query.read() {
            Ok(begin) => Ok((who, begin)),
            Err(error) if error.code() == Some(Code::NotFound) => Err(GONE),
            Err(error) => return Err(error.into()),
        },
        None => Err(SIGNED_OUT),
    };
    let connected = match &begun {
        Ok((who, _)) => Some(edge.connections.open(SocketKind::Api, who.caller.user.id, who.caller.role)?),
        Err(_) => None,
    };
    let (response, session, stream) = handshake::take(&request, payload)?;
    match begun {
        Ok((who, begin)) => {
            let talk = Talk::new(&state, limits, who, begin, session, (stream, edge.json_limit)).await?;
            drop(actix_web::rt::spawn(telemetry::following(async move {
                talk.go_on().await;
                drop(connected);
            })));
        }
        Err(code) => drop(actix_web::rt::spawn(close(session, code))),
    }
    Ok(response)
}
