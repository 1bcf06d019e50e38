//! `/v1`: the form of OpenAI's Chat Completions, so that clients and editors that speak it work through Sayso's limits.
//! Only tokens open it. Errors have OpenAI's form too, drawn where all errors are.

mod answer;
pub(super) mod following;
pub(super) mod messages;
mod models;
pub(super) mod request;
mod stream;

use actix_web::{
    HttpResponse,
    web::{self, ServiceConfig},
};

use super::{read, verbs};
use crate::{
    http::{api_caller::TokenCaller, error::HttpError, json::Json, limits::Limits},
    state::AppState,
    turn,
    types::TokenScope,
};
use following::Following;
use request::Body;

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(complete, models::index, models::show), components(schemas(stream::Chunk)))]
pub struct Documented;

/// Every address of this folder.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(verbs("/v1/chat/completions").route(web::post().to(complete)))
        .service(verbs("/v1/models").route(read().to(models::index)))
        .service(verbs("/v1/models/{id:.+}").route(read().to(models::show)));
}

/// POST `/v1/chat/completions`
#[utoipa::path(
    post,
    path = "/v1/chat/completions",
    tag = "OpenAI's form",
    security(("bearer" = [])),
    request_body = Body,
    responses(
        (
            status = 200,
            description = "A completion; with `stream`, events whose data is an `OpenAiChunk`, and last `[DONE]`",
            content((answer::CompletionJson = "application/json"), (String = "text/event-stream")),
        ),
        (status = 409, description = "Not now"),
        (status = 429, description = "Too much"),
        (status = 502, description = "No model can be asked"),
    ),
)]
async fn complete(
    state: web::Data<AppState>,
    limits: web::Data<Limits>,
    body: Result<Json<Body>, HttpError>,
    who: TokenCaller,
) -> Result<HttpResponse, HttpError> {
    let TokenCaller(who) = who;
    who.must(TokenScope::Chat)?;
    let body = body?.0;
    let form = body.form();
    let asked = body.asked(&state, &who.caller.tenant.models.0)?;
    limits.message(who.caller.user.id)?;
    let completion = turn::complete(&state, &who.caller, asked).await?;
    let following = Following::new(&state, who, completion).await?;
    match form {
        Some(streamed) => Ok(stream::respond(following, streamed).await?),
        None => Ok(answer::whole(following).await?),
    }
}
