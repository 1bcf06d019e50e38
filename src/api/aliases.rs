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
    render::json::{ItemsJson, MessageJson},
    state::AppState,
    types::{TokenScope, UserId},
};

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(verbs("/api/chat/sessions/{user}").route(read().to(index)))
        .service(
            verbs("/api/chat/session/{id}").route(read().to(latest)).route(web::delete().to(conversations::delete)),
        )
        .service(verbs("/api/chat/session/{user}/messages").route(read().to(messages)))
        .service(verbs("/api/chat/session/{id}/messages/by-id").route(read().to(conversations::messages)))
        .service(verbs("/api/chat/session/{id}/end").route(web::post().to(conversations::end)));
}

/// Refuses whoever asks for somebody else; a stranger's id is not told from one that is nobody's.
fn must_be_own(who: &ApiCaller, user: &str) -> Result<()> {
    who.must(TokenScope::Chat)?;
    let user: Option<UserId> = user.parse().ok();
    if user == Some(who.caller.user.id) { Ok(()) } else { Err(Code::NotFound.into()) }
}

#[derive(Deserialize)]
struct Page {
    limit: Option<String>,
    cursor: Option<String>,
}

/// GET `/api/chat/sessions/{userId}`
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
