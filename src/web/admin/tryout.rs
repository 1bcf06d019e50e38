//! Trying a tool of a server out: its schema as a form. Sending it is the person's decision on exactly what they typed, by
//! the way of every other call: judged, stored under its digest, run once, written down.

use actix_web::{http::StatusCode, web};
use serde::Deserialize;

use super::{
    super::{
        Answer,
        page::{self, context, html, redirect},
    },
    administered, servers,
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{Edge, form::Form, limits::Limits, viewer::Viewer},
    models::tenant::Tenant,
    render::html::{schema_form::views, servers::TryoutPage},
    state::AppState,
    tools::{Freshness, ToolDefinition},
    turn::{self, DirectTool},
    types::{
        Digest,
        schema_form::{Typed, Wrong, composed, of_tool},
    },
};

/// Tenant, server and tool of an address.
type Address = web::Path<(String, String, String)>;

/// What is typed: the names of the arguments and their values, in one order; or all of them as JSON.
#[derive(Deserialize)]
pub struct Fields {
    fingerprint: String,
    idempotency_key: String,
    #[serde(default)]
    name: Vec<String>,
    #[serde(default)]
    value: Vec<String>,
    #[serde(default)]
    chosen: Vec<String>,
    #[serde(default)]
    arguments: Option<String>,
}

/// GET `/admin/tenants/{id}/servers/{name}/tools/{tool}`
pub async fn show(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer, address: Address) -> Answer {
    let (tenant, tool) = find(&state, &viewer, address).await?;
    draw(&state, &edge, &viewer, &tenant, &tool, &Shown::default()).await
}

/// POST `/admin/tenants/{id}/servers/{name}/tools/{tool}`
pub async fn run(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    viewer: Viewer,
    address: Address,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let (tenant, tool) = find(&state, &viewer, address).await?;
    let typed = Typed::new(fields.name, fields.value, &fields.chosen, fields.arguments);
    let refused = |refusal| Shown { typed: Some(&typed), wrong: Vec::new(), refusal: Some(refusal) };
    let shown: Option<Digest> = fields.fingerprint.parse().ok();
    if shown != Some(tool.fingerprint()) {
        let refusal = Refusal::new(Code::Conflict).saying("tools-changed-meanwhile");
        return draw(&state, &edge, &viewer, &tenant, &tool, &refused(&refusal)).await;
    }
    let arguments = match composed(of_tool(&tool.input_schema).as_deref(), &typed) {
        Ok(arguments) => arguments,
        Err(wrong) => {
            let refusal = Refusal::new(Code::InvalidPayload);
            let shown = Shown { wrong, ..refused(&refusal) };
            return draw(&state, &edge, &viewer, &tenant, &tool, &shown).await;
        }
    };
    let direct = DirectTool { name: tool.name.clone(), arguments, is_decision: true, shown };
    let called = async {
        limits.message(viewer.caller.user.id)?;
        turn::call(&state, &viewer.caller, direct, Some(fields.idempotency_key)).await
    };
    match called.await {
        // There it is seen as it runs, stopped, and read when it ended.
        Ok(started) => Ok(redirect(&edge, &format!("/conversations/{}", started.conversation))),
        Err(Error::Refused(refusal)) => draw(&state, &edge, &viewer, &tenant, &tool, &refused(&refusal)).await,
        Err(error) => Err(error.into()),
    }
}

/// The tool, for those who run the tenant and are in it: a call is somebody's there.
async fn find(state: &AppState, viewer: &Viewer, address: Address) -> Result<(Tenant, ToolDefinition)> {
    let (id, server, name) = address.into_inner();
    let tenant = administered(state, viewer, &id).await?;
    if viewer.caller.tenant.id != tenant.id {
        return Err(Code::NotFound.into());
    }
    let known = servers::server(state, &tenant, &server).await?;
    state.tools.refresh(viewer.owner(), Freshness::Kept).await;
    let toolbox = state.tools.of(viewer.owner());
    let found = toolbox.find(&name).map(|tool| tool.definition()).filter(|tool| tool.server == known.name.as_str());
    Ok((tenant, found.cloned().ok_or(Code::NotFound)?))
}

/// What the page shows beside the tool.
#[derive(Default)]
struct Shown<'a> {
    typed: Option<&'a Typed>,
    wrong: Vec<(Option<usize>, Wrong)>,
    refusal: Option<&'a Refusal>,
}

async fn draw(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    tenant: &Tenant,
    tool: &ToolDefinition,
    shown: &Shown<'_>,
) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let fields = views(&ctx, of_tool(&tool.input_schema), shown.typed, &shown.wrong);
    let detail = shown.refusal.and_then(|refusal| {
        refusal.arguments.iter().find(|(name, _)| *name == "detail").map(|(_, detail)| detail.as_str())
    });
    let error = shown.refusal.map(|refusal| ctx.refusal(refusal));
    let key = page::idempotency_key();
    let page = TryoutPage {
        ctx: &ctx,
        tenant: tenant.id,
        server: &tool.server,
        tool: &tool.name,
        description: &tool.description,
        fingerprint: tool.fingerprint(),
        fields: fields.as_deref(),
        arguments: shown.typed.and_then(Typed::whole).unwrap_or("{}"),
        idempotency_key: &key,
        error: error.as_deref(),
        detail,
    };
    let status = match shown.refusal.map(|refusal| refusal.code) {
        None => StatusCode::OK,
        Some(Code::Conflict | Code::ToolChanged) => StatusCode::CONFLICT,
        Some(Code::RateLimited) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page::refused(html(status, &page), shown.refusal)
}
