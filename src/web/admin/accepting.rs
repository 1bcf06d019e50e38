//! Accepting what changed about a server's tools: what a page showed as different, and nothing that changed since.

use actix_web::web;
use percent_encoding::utf8_percent_encode;
use serde::Deserialize;

use super::{
    super::{Answer, page::redirect},
    administered,
    tools::{Address, PART, changed_meanwhile, definition, is_shown, looking, saved, set},
};
use crate::{
    db::{Conn, now},
    error::{Code, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::{
        tenant::Tenant,
        tool_rule::{self, ToolRule},
    },
    state::AppState,
    tools::{Freshness, ToolDefinition, accepted},
    turn,
};

#[derive(Deserialize)]
pub struct Accepted {
    fingerprint: String,
}

/// Several changes at once: names and fingerprints in one order.
#[derive(Deserialize)]
pub struct AllAccepted {
    #[serde(default)]
    name: Vec<String>,
    #[serde(default)]
    fingerprint: Vec<String>,
}

/// POST `/admin/tenants/{id}/tools/{server}/{name}/accept`
pub async fn accept(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: Address,
    form: Form<Accepted>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let (id, server, name) = address.into_inner();
    let tenant = administered(&state, &viewer, &id).await?;
    let tool = definition(&state, &viewer, &tenant, &server, &name).await?;
    if !is_shown(&tool, &fields.fingerprint) {
        return changed_meanwhile(&state, &edge, &viewer, &tenant, None).await;
    }
    let mut tx = state.db.write(tenant.id).await?;
    if accepted_now(&state, &viewer, &mut tx, &tenant, &tool).await? {
        tx.commit().await?;
    }
    Ok(redirect(&edge, &saved(&tenant, &tool)))
}

/// POST `/admin/tenants/{id}/tools/{server}`: all changes of a server that were shown, or none.
pub async fn accept_all(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: web::Path<(String, String)>,
    form: Form<AllAccepted>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let (id, server) = address.into_inner();
    let tenant = administered(&state, &viewer, &id).await?;
    state.tools.refresh(looking(&viewer, &tenant), Freshness::Kept).await;
    let toolbox = state.tools.of(looking(&viewer, &tenant));
    let mut tx = state.db.write(tenant.id).await?;
    for (name, fingerprint) in fields.name.iter().zip(&fields.fingerprint) {
        let tool = toolbox.find(name).map(|tool| tool.definition()).filter(|tool| tool.server == server);
        let Some(tool) = tool.filter(|tool| is_shown(tool, fingerprint)) else {
            drop(tx);
            return changed_meanwhile(&state, &edge, &viewer, &tenant, None).await;
        };
        accepted_now(&state, &viewer, &mut tx, &tenant, tool).await?;
    }
    tx.commit().await?;
    let server = utf8_percent_encode(&server, PART);
    Ok(redirect(&edge, &format!("/admin/tenants/{}/tools#server-{server}", tenant.id)))
}

/// Accepts a definition in place of the one that was accepted before; whether there was anything to accept.
async fn accepted_now(
    state: &AppState,
    viewer: &Viewer,
    conn: &mut Conn,
    tenant: &Tenant,
    tool: &ToolDefinition,
) -> Result<bool> {
    let Some(rule) = tool_rule::find(conn, tenant.id, &tool.server, &tool.name).await? else {
        return Err(Code::Conflict.into());
    };
    if !turn::ruling_by(&viewer.caller, tool, Some(&rule)).has_changed {
        return Ok(false);
    }
    let rule = ToolRule {
        fingerprint: Some(tool.fingerprint()),
        definition: Some(accepted::to_json(tool)),
        changed_by: Some(viewer.caller.user.id),
        changed_at: now().into(),
        ..rule
    };
    set(state, viewer, conn, &rule, " accepted").await?;
    Ok(true)
}
