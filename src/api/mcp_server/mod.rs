//! `/mcp`: Sayso as a server of the Model Context Protocol, so that other programs work under the same rule. They see the
//! tools that their person may use; what they call waits for that person's say-so in Sayso, and nowhere else.
//!
//! The protocol is rmcp's; here is who may come in (`door`), what comes of a call (`agent`, `waiting`, `answer`), and what
//! keeps the sessions of the older revisions apart (`sessions`).

mod agent;
mod answer;
mod asking;
mod body;
mod door;
mod sessions;
mod waiting;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};

pub use door::Door;

use super::verbs;
use crate::http::{
    Edge,
    address::Client,
    api_caller::TokenCaller,
    error::{ErrorBody, HttpError},
    json::Body,
    limits::Limits,
};

/// What is told of this address.
#[derive(utoipa::OpenApi)]
#[openapi(paths(post, get, delete), components(schemas(ErrorBody)))]
pub struct Documented;

/// Every address of this folder.
pub fn addresses(config: &mut ServiceConfig) {
    config.service(verbs("/mcp").route(web::post().to(post)).route(web::get().to(get)).route(web::delete().to(delete)));
}

/// What every method of this address is given.
struct Came<'a> {
    request: &'a HttpRequest,
    client: Client,
    edge: &'a Edge,
    limits: &'a Limits,
    who: TokenCaller,
}

/// POST `/mcp`: one message of the protocol.
#[utoipa::path(
    post,
    path = "/mcp",
    tag = "Model Context Protocol",
    security(("bearer" = [])),
    params(
        ("Accept" = String, Header, description = "`application/json, text/event-stream`"),
        ("MCP-Protocol-Version" = Option<String>, Header, description = "`2026-07-28`, `2025-11-25` or older"),
        ("Mcp-Session-Id" = Option<String>, Header, description = "The session, up to revision 2025-11-25"),
    ),
    request_body = serde_json::Value,
    responses(
        (
            status = 200,
            description = "Messages of the protocol, the last of which is the answer",
            content((serde_json::Value = "application/json"), (String = "text/event-stream")),
            headers(("Mcp-Session-Id" = String, description = "The session that `initialize` opened")),
        ),
        (status = 202, description = "Taken; it wants no answer"),
        (status = 400, description = "Not a message of the protocol, or of no revision that is spoken here"),
        (status = 406, description = "Only these two forms are given"),
        (status = 404, description = "No such method, or no such session: begin anew"),
        (status = 413, description = "Too long", body = ErrorBody),
        (status = 415, description = "No JSON"),
        (status = 401, description = "Nobody", body = ErrorBody),
        (status = 403, description = "No token for tools, or a foreign page", body = ErrorBody),
        (status = 421, description = "Another name than this server's", body = ErrorBody),
        (status = 500, description = "A fault", body = ErrorBody),
        (status = 429, description = "Too much, or too many streams"),
    ),
)]
async fn post(
    request: HttpRequest,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    door: web::Data<Door>,
    client: Client,
    who: TokenCaller,
    body: Result<Body, HttpError>,
) -> Result<HttpResponse, HttpError> {
    let came = Came { request: &request, client, edge: &edge, limits: &limits, who };
    Ok(door.pass(came, body.map(|Body(body)| body)).await?)
}

/// GET `/mcp`: what the server says of its own accord in a session; and a stream that broke, from where it did.
#[utoipa::path(
    get,
    path = "/mcp",
    tag = "Model Context Protocol",
    security(("bearer" = [])),
    params(
        ("Accept" = String, Header, description = "`text/event-stream`"),
        ("Mcp-Session-Id" = Option<String>, Header, description = "The session"),
        ("Last-Event-ID" = Option<String>, Header, description = "The last event that was read"),
    ),
    responses(
        (status = 200, description = "Messages", body = String, content_type = "text/event-stream"),
        (status = 400, description = "Without a session"),
        (status = 404, description = "No such session: begin anew"),
        (status = 405, description = "There are no sessions in this revision"),
        (status = 406, description = "Only events are given"),
        (status = 401, description = "Nobody", body = ErrorBody),
        (status = 403, description = "No token for tools, or a foreign page", body = ErrorBody),
        (status = 421, description = "Another name than this server's", body = ErrorBody),
        (status = 500, description = "A fault", body = ErrorBody),
        (status = 429, description = "Too many streams"),
    ),
)]
async fn get(
    request: HttpRequest,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    door: web::Data<Door>,
    client: Client,
    who: TokenCaller,
) -> Result<HttpResponse, HttpError> {
    let came = Came { request: &request, client, edge: &edge, limits: &limits, who };
    Ok(door.pass(came, Ok(web::Bytes::new())).await?)
}

/// DELETE `/mcp`: ends a session; what waits in it is denied.
#[utoipa::path(
    delete,
    path = "/mcp",
    tag = "Model Context Protocol",
    security(("bearer" = [])),
    params(("Mcp-Session-Id" = Option<String>, Header, description = "The session")),
    responses(
        (status = 202, description = "It is over"),
        (status = 400, description = "Without a session"),
        (status = 404, description = "No such session"),
        (status = 401, description = "Nobody", body = ErrorBody),
        (status = 403, description = "No token for tools, or a foreign page", body = ErrorBody),
        (status = 421, description = "Another name than this server's", body = ErrorBody),
        (status = 500, description = "A fault", body = ErrorBody),
        (status = 405, description = "There are no sessions in this revision"),
    ),
)]
async fn delete(
    request: HttpRequest,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    door: web::Data<Door>,
    client: Client,
    who: TokenCaller,
) -> Result<HttpResponse, HttpError> {
    let came = Came { request: &request, client, edge: &edge, limits: &limits, who };
    Ok(door.pass(came, Ok(web::Bytes::new())).await?)
}
