//! The addresses by which earlier systems know conversations: another name for each, for one's own id.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};
use serde::Deserialize;

use super::{conversations, query::query, read, verbs};
use crate::{
    error::{Code, Result},
    http::{Edge, api_caller::ApiCaller, error::HttpError},
    render::json::{ConversationJson, ItemsJson, MessageJson},
    state::AppState,
    types::{ConversationId, TokenScope, UserId},
};

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(index, latest, messages, messages_by_id, end, delete))]
pub struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(verbs("/api/chat/sessions/{user}").route(read().to(index)))
        .service(verbs("/api/chat/session/{id}").route(read().to(latest)).route(web::delete().to(delete)))
        .service(verbs("/api/chat/session/{user}/messages").route(read().to(messages)))
        .service(verbs("/api/chat/session/{id}/messages/by-id").route(read().to(messages_by_id)))
        .service(verbs("/api/chat/session/{id}/end").route(web::post().to(end)));
}

/// Refuses whoever asks for somebody else; a stranger's id is not told from one that is nobody's.
fn must_be_own(who: &ApiCaller, user: &str) -> Result<()> {
    who.must(TokenScope::Chat)?;
    let user: Option<UserId> = user.parse().ok();
    if user == Some(who.caller.user.id) { Ok(()) } else { Err(Code::NotFound.into()) }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<String>,
    /// The `next_cursor` of a page.
    cursor: Option<String>,
}

/// GET `/api/chat/sessions/{userId}`
#[utoipa::path(
    get,
    path = "/api/chat/sessions/{user}",
    tag = "other names",
    params(("user" = UserId, Path, description = "One's own id"), Page),
    responses((status = 200, description = "As `/api/conversations`", body = ItemsJson<ConversationJson>)),
)]
async fn index(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: ApiCaller,
    user: web::Path<String>,
) -> Result<HttpResponse, HttpError> {
    must_be_own(&who, &user)?;
    let asked: Page = query(&request)?;
    conversations::list(&state, &who, None, asked.limit.as_deref(), asked.cursor.as_deref()).await
}

/// GET `/api/chat/session/{userId}`
#[utoipa::path(
    get,
    path = "/api/chat/session/{id}",
    tag = "other names",
    params(("id" = UserId, Path, description = "One's own id")),
    responses((status = 200, description = "As `/api/session`", body = conversations::LatestJson)),
)]
async fn latest(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    who: ApiCaller,
    user: web::Path<String>,
) -> Result<HttpResponse, HttpError> {
    must_be_own(&who, &user)?;
    conversations::draw_latest(&state, &edge, &who).await
}

/// GET `/api/chat/session/{userId}/messages`: of the latest conversation.
#[utoipa::path(
    get,
    path = "/api/chat/session/{user}/messages",
    tag = "other names",
    params(("user" = UserId, Path, description = "One's own id"), conversations::Before),
    responses((status = 200, description = "Of the latest conversation", body = ItemsJson<MessageJson>)),
)]
async fn messages(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    who: ApiCaller,
    user: web::Path<String>,
) -> Result<HttpResponse, HttpError> {
    must_be_own(&who, &user)?;
    match conversations::latest(&state, &who).await? {
        Some(id) => conversations::history(&request, &state, &edge, &who, id).await,
        None => conversations::drawn(&ItemsJson::<MessageJson<'_>> { items: Vec::new(), next_cursor: None }),
    }
}

/// GET `/api/chat/session/{id}/messages/by-id`: of one conversation.
#[utoipa::path(
    get,
    path = "/api/chat/session/{id}/messages/by-id",
    tag = "other names",
    params(("id" = ConversationId, Path, description = "A conversation of one's own"), conversations::Before),
    responses((status = 200, description = "As `/api/conversations/{id}/messages`", body = ItemsJson<MessageJson>)),
)]
async fn messages_by_id(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    who: ApiCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, HttpError> {
    conversations::messages(request, state, edge, who, id).await
}

/// POST `/api/chat/session/{id}/end`
#[utoipa::path(
    post,
    path = "/api/chat/session/{id}/end",
    tag = "other names",
    params(("id" = ConversationId, Path, description = "A conversation of one's own")),
    responses(
        (status = 200, description = "As `/api/conversations/{id}/end`", body = ConversationJson),
        (status = 409, description = "Not now"),
    ),
)]
async fn end(state: web::Data<AppState>, who: ApiCaller, id: web::Path<String>) -> Result<HttpResponse, HttpError> {
    conversations::end(state, who, id).await
}

/// DELETE `/api/chat/session/{id}`
#[utoipa::path(
    delete,
    path = "/api/chat/session/{id}",
    tag = "other names",
    params(("id" = ConversationId, Path, description = "A conversation of one's own")),
    responses((status = 204, description = "It is gone"), (status = 409, description = "Not now")),
)]
async fn delete(state: web::Data<AppState>, who: ApiCaller, id: web::Path<String>) -> Result<HttpResponse, HttpError> {
    conversations::delete(state, who, id).await
}
