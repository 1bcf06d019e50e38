//! Where a person left off.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, ServiceConfig},
};
use serde::Serialize;

use super::{read, verbs};
use crate::{
    error::Error,
    http::{Edge, api_caller::ApiCaller, error::HttpError},
    models::conversation,
    render::json::{self, ConversationJson, MessageJson},
    state::AppState,
    turn,
    types::TokenScope,
};

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config.service(verbs("/api/session").route(read().to(latest)));
}

/// The latest conversation, and its newest messages; null and none for someone who has none.
#[derive(Serialize)]
struct SessionJson<'a> {
    conversation: Option<ConversationJson<'a>>,
    messages: Vec<MessageJson<'a>>,
}

/// GET `/api/session`
async fn latest(state: web::Data<AppState>, edge: web::Data<Edge>, who: ApiCaller) -> Result<HttpResponse, HttpError> {
    who.must(TokenScope::Chat)?;
    let owner = who.owner();
    let found = conversation::list(&mut *state.db.read(owner.tenant).await?, owner, None, 1).await?.pop();
    let (turn, messages) = match &found {
        Some(found) => {
            (turn::newest_turn(&state, owner, found.id).await?, turn::history(&state, owner, found.id).await?)
        }
        None => (None, Vec::new()),
    };
    let drawn = SessionJson {
        conversation: found.as_ref().map(|found| json::conversation(found, turn.as_ref(), who.locale)),
        messages: found
            .iter()
            .flat_map(|found| messages.iter().map(|said| json::message(said, found.id, edge.urls.prefix())))
            .collect::<Result<_, _>>()
            .map_err(Error::internal)?,
    };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(drawn))
}
