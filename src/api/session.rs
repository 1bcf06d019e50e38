//! Where a person left off.

use actix_web::{
    HttpResponse,
    web::{self, ServiceConfig},
};

use super::{conversations, read, verbs};
use crate::{
    http::{Edge, api_caller::ApiCaller, error::HttpError},
    state::AppState,
    types::TokenScope,
};

/// What is told of this address.
#[derive(utoipa::OpenApi)]
#[openapi(paths(latest))]
pub struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config.service(verbs("/api/session").route(read().to(latest)));
}

/// GET `/api/session`
#[utoipa::path(
    get,
    path = "/api/session",
    tag = "conversations",
    responses(
        (
            status = 200,
            description = "The latest conversation and its newest messages",
            body = conversations::LatestJson,
        ),
    ),
)]
async fn latest(state: web::Data<AppState>, edge: web::Data<Edge>, who: ApiCaller) -> Result<HttpResponse, HttpError> {
    who.must(TokenScope::Chat)?;
    conversations::draw_latest(&state, &edge, &who).await
}
