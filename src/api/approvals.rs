//! What waits for the caller's decision.

use actix_web::{HttpResponse, http::header, web};

use super::auth::Signed;
use crate::{
    error::Error,
    http::error::HttpError,
    models::tool_call,
    render::json::{self, ItemsJson},
    state::AppState,
    types::ToolCall,
};

/// GET `/api/approvals`: over all conversations, what has waited longest first; the first 200.
pub async fn index(state: web::Data<AppState>, Signed(viewer): Signed) -> Result<HttpResponse, HttpError> {
    let owner = viewer.owner();
    let stored = tool_call::waiting(&mut *state.db.read(owner.tenant).await?, owner).await?;
    let calls: Vec<_> = stored.into_iter().map(|call| (call.created_at.0, ToolCall::from(call))).collect();
    let items = calls.iter().map(|(created_at, call)| json::tool_call(call, *created_at)).collect::<Result<_, _>>();
    let page = ItemsJson { items: items.map_err(Error::internal)?, next_cursor: None };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(page))
}
