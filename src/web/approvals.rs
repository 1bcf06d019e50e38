//! What waits for a person's say-so, and their say-so.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Deserialize;

use super::{
    Answer,
    conversations::{Shown, draw},
    messages::done,
    page::{context, html, is_htmx, redirect},
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::{conversation, tool_call},
    render::html::pages::{ApprovalsPage, WaitingCall},
    state::AppState,
    turn::{self, DecisionInput},
    types::{Decision, Digest, ToolCall, ToolCallId},
};

/// GET `/approvals`
pub async fn index(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer) -> Answer {
    list(&state, &edge, &viewer, StatusCode::OK, None).await
}

async fn list(state: &AppState, edge: &Edge, viewer: &Viewer, status: StatusCode, refusal: Option<&Refusal>) -> Answer {
    let calls = turn::waiting(state, viewer.owner()).await?;
    let mut conn = state.db.read(viewer.caller.tenant.id).await?;
    let mut waiting = Vec::with_capacity(calls.len());
    for call in &calls {
        let found = conversation::find(&mut conn, viewer.owner(), call.conversation_id).await?;
        let total = calls.iter().filter(|other| other.message_id == call.message_id).count();
        waiting.push(WaitingCall { call: call.clone(), title: found.map(|found| found.title), total });
    }
    drop(conn);
    let ctx = context(state, edge, viewer).await?;
    let error = refusal.map(|refusal| ctx.refusal(refusal));
    html(status, &ApprovalsPage { ctx: &ctx, waiting: &waiting, error: error.as_deref() })
}

#[derive(Deserialize)]
pub struct Fields {
    decision: Decision,
    digest: String,
    reason: Option<String>,
    from: Option<String>,
}

/// POST `/tool-calls/{id}/decision`
pub async fn decide(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let call: ToolCallId = id.parse().map_err(|_| Code::NotFound)?;
    let digest: Option<Digest> = fields.digest.parse().ok();
    let input = DecisionInput {
        call,
        decision: fields.decision,
        digest,
        reason: fields.reason,
        arguments: None,
        remember: None,
    };
    let is_list = fields.from.as_deref() == Some("approvals");
    match turn::decide(&state, &viewer.caller, input).await {
        Ok(_) if is_list => Ok(redirect(&edge, "/approvals")),
        Ok(decided) => Ok(done(&request, &edge, decided.call.conversation_id)),
        Err(Error::Refused(refusal)) if !is_htmx(&request) && refusal.code == Code::Conflict => {
            refused(&state, &edge, &viewer, call, is_list, &refusal).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Someone was first, or what was shown is not what stands: the page as it stands, and why.
async fn refused(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    call: ToolCallId,
    is_list: bool,
    refusal: &Refusal,
) -> Result<HttpResponse, crate::http::error::HttpError> {
    if is_list {
        return list(state, edge, viewer, StatusCode::CONFLICT, Some(refusal)).await;
    }
    let found = tool_call::find(&mut *state.db.read(viewer.caller.tenant.id).await?, viewer.owner(), call).await?;
    let call: ToolCall = found.ok_or(Code::NotFound)?.into();
    let shown = Shown { is_paused: true, message: "", choice: None, refusal: Some(refusal) };
    draw(state, edge, viewer, call.conversation_id, StatusCode::CONFLICT, shown).await
}
