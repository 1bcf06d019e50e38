//! What waits for the caller's decision.

use actix_web::{HttpResponse, http::header, web};

use crate::{
    error::Error,
    http::{Edge, api_caller::ApiCaller, error::HttpError},
    models::tool_call,
    render::json::{self, ItemsJson, ToolCallJson},
    state::AppState,
    types::{TokenScope, ToolCall},
};

/// What is told of this address.
#[derive(utoipa::OpenApi)]
#[openapi(paths(index))]
pub struct Documented;

/// GET `/api/approvals`: over all conversations, what has waited longest first; the first 200.
#[utoipa::path(
    get,
    path = "/api/approvals",
    tag = "tool calls",
    responses(
        (
            status = 200,
            description = "What waits for the caller's decision, over all conversations",
            body = ItemsJson<ToolCallJson>,
        ),
    ),
)]
pub async fn index(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    who: ApiCaller,
) -> Result<HttpResponse, HttpError> {
    who.must(TokenScope::Chat)?;
    let owner = who.owner();
    let stored = tool_call::waiting(&mut *state.db.read(owner.tenant).await?, owner).await?;
    let calls: Vec<_> = stored.into_iter().map(|call| (call.created_at.0, ToolCall::from(call))).collect();
    let items = calls
        .iter()
        .map(|(created_at, call)| json::tool_call(call, *created_at, edge.urls.prefix()))
        .collect::<Result<_, _>>();
    let page = ItemsJson { items: items.map_err(Error::internal)?, next_cursor: None };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(page))
}
