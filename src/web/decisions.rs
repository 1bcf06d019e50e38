//! All that waits in a conversation, decided at once.

use actix_web::{HttpRequest, http::StatusCode, web};
use serde::Deserialize;

use super::{
    Answer,
    approvals::with_conversations,
    conversations::parse_id,
    messages::done,
    page::{context, html, is_htmx},
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::conversation,
    render::html::pages::TogetherPage,
    state::AppState,
    turn,
    types::{ConversationId, Decision, Digest, ToolCallId},
};

/// GET `/conversations/{id}/decisions`: everything unfolded, and one form for all of it.
pub async fn show(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer, id: web::Path<String>) -> Answer {
    draw(&state, &edge, &viewer, parse_id(&id)?, StatusCode::OK, None).await
}

async fn draw(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    id: ConversationId,
    status: StatusCode,
    refusal: Option<&Refusal>,
) -> Answer {
    let found = conversation::find(&mut *state.db.read(viewer.caller.tenant.id).await?, viewer.owner(), id).await?;
    found.ok_or(Code::NotFound)?;
    let mut calls = turn::waiting(state, viewer.owner()).await?;
    // What a server asks is answered by itself.
    calls.retain(|call| call.conversation_id == id && call.question().is_none());
    let calls = with_conversations(state, viewer.owner(), calls).await?;
    let ctx = context(state, edge, viewer).await?;
    let error = refusal.map(|refusal| ctx.refusal(refusal));
    html(status, &TogetherPage { ctx: &ctx, conversation: id, calls: &calls, error: error.as_deref() })
}

#[derive(Deserialize)]
pub struct Fields {
    decision: Decision,
    /// Each an id and the digest of what was shown, parted by a colon.
    #[serde(default)]
    call: Vec<String>,
}

/// POST `/conversations/{id}/decisions`
pub async fn create(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let id = parse_id(&id)?;
    let calls = fields.call.iter().map(|pair| parse(pair)).collect::<Result<Vec<_>>>()?;
    match turn::decide_all(&state, &viewer.caller, id, fields.decision, calls).await {
        Ok(()) => Ok(done(&request, &edge, id)),
        Err(Error::Refused(refusal)) if !is_htmx(&request) && refusal.code == Code::Conflict => {
            draw(&state, &edge, &viewer, id, StatusCode::CONFLICT, Some(&refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// An id and a digest. A digest that is none is not that of what was shown; the turn says so.
fn parse(pair: &str) -> Result<(ToolCallId, Option<Digest>)> {
    let wrong = || Refusal::new(Code::InvalidPayload).saying("error-invalid-field").with("field", "call").about("call");
    let (id, digest) = pair.split_once(':').ok_or_else(wrong)?;
    Ok((id.parse().map_err(|_| wrong())?, digest.parse().ok()))
}
