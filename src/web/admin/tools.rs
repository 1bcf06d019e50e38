//! What a tenant says of its tools: never, when a person says so, or without asking; and of which definition of them.

use actix_web::{http::StatusCode, web};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{
    super::{
        Answer,
        page::{context, html, redirect},
    },
    administered,
};
use crate::{
    db::{Conn, now},
    error::{Code, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::{
        Owner,
        audit::{Act, Actor},
        grant,
        tenant::{self, Tenant},
        tool_rule::{self, ToolRule},
    },
    render::html::admin::{ToolView, ToolsPage},
    state::AppState,
    tools::{ToolDefinition, accepted},
    turn,
    types::{Digest, Verdict},
};

/// After how many seconds requests may expire, beside never: an hour, eight, a day, a week.
const EXPIRIES: [i64; 4] = [3600, 8 * 3600, 24 * 3600, 7 * 24 * 3600];

/// What stands for something else in a part of an address, whatever a server calls itself and its tools.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

#[derive(Deserialize)]
pub struct Saved {
    /// The tool whose form was just saved.
    #[serde(default)]
    saved: Option<String>,
    #[serde(default)]
    expiry: Option<String>,
}

/// What is said of a tool.
#[derive(Deserialize)]
pub struct Fields {
    fingerprint: String,
    verdict: Verdict,
    #[serde(default)]
    grants_allowed: bool,
    #[serde(default)]
    guests_allowed: bool,
}

#[derive(Deserialize)]
pub struct Accepted {
    fingerprint: String,
}

#[derive(Deserialize)]
pub struct Expiry {
    expire_after: Option<i64>,
}

/// Tenant, server and name of an address.
type Address = web::Path<(String, String, String)>;

/// GET `/admin/tenants/{id}/tools`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    query: web::Query<Saved>,
) -> Answer {
    let tenant = administered(&state, &viewer, &id).await?;
    let shown = Shown { saved: query.saved.as_deref(), is_expiry_saved: query.expiry.is_some(), ..Shown::default() };
    draw(&state, &edge, &viewer, &tenant, shown).await
}

/// POST `/admin/tenants/{id}/tools/{server}/{name}`
pub async fn update(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    address: Address,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let (id, server, name) = address.into_inner();
    let tenant = administered(&state, &viewer, &id).await?;
    let tool = definition(&state, &viewer, &tenant, &server, &name)?;
    if !is_shown(&tool, &fields.fingerprint) {
        return changed_meanwhile(&state, &edge, &viewer, &tenant, Some((&tool.name, &fields))).await;
    }
    let mut tx = state.db.write(tenant.id).await?;
    let stored = tool_rule::find(&mut tx, tenant.id, &tool.server, &tool.name).await?;
    // What changed since it was accepted is accepted by its own button, not along with something else.
    let pinned = match stored {
        Some(rule) if turn::ruling_by(&viewer.caller, &tool, Some(&rule)).has_changed => {
            (rule.fingerprint, rule.definition)
        }
        _ => (Some(tool.fingerprint()), Some(accepted::to_json(&tool))),
    };
    let rule = ToolRule {
        tenant_id: tenant.id,
        server: tool.server.clone(),
        name: tool.name.clone(),
        verdict: fields.verdict,
        fingerprint: pinned.0,
        definition: pinned.1,
        grants_allowed: fields.grants_allowed,
        guests_allowed: fields.guests_allowed,
        changed_by: Some(viewer.caller.user.id),
        changed_at: now().into(),
    };
    set(&state, &viewer, &mut tx, &rule, "").await?;
    tx.commit().await?;
    Ok(redirect(&edge, &saved(&tenant, &tool)))
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
    let tool = definition(&state, &viewer, &tenant, &server, &name)?;
    if !is_shown(&tool, &fields.fingerprint) {
        return changed_meanwhile(&state, &edge, &viewer, &tenant, None).await;
    }
    let mut tx = state.db.write(tenant.id).await?;
    let Some(rule) = tool_rule::find(&mut tx, tenant.id, &tool.server, &tool.name).await? else {
        return Err(Code::Conflict.into());
    };
    if turn::ruling_by(&viewer.caller, &tool, Some(&rule)).has_changed {
        let rule = ToolRule {
            fingerprint: Some(tool.fingerprint()),
            definition: Some(accepted::to_json(&tool)),
            changed_by: Some(viewer.caller.user.id),
            changed_at: now().into(),
            ..rule
        };
        set(&state, &viewer, &mut tx, &rule, " accepted").await?;
        tx.commit().await?;
    }
    Ok(redirect(&edge, &saved(&tenant, &tool)))
}

/// POST `/admin/tenants/{id}/tools`
pub async fn set_expiry(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Expiry>,
) -> Answer {
    let Expiry { expire_after } = form.checked(&viewer.csrf)?;
    let tenant = administered(&state, &viewer, &id).await?;
    if expire_after.is_some_and(|seconds| !EXPIRIES.contains(&seconds)) {
        let refusal = Refusal::new(Code::InvalidPayload).saying("error-invalid-field").with("field", "expire_after");
        return Err(refusal.into());
    }
    let details = expire_after.map_or_else(|| "never".to_owned(), |seconds| format!("{seconds}s"));
    let act = Act {
        actor: Actor::User(viewer.caller.user.id),
        address: &viewer.caller.address,
        action: "approval_expiry_changed",
        object: format!("tenant:{}", tenant.id),
        target: None,
        digest: None,
        details: &details,
    };
    let mut tx = state.db.write(tenant.id).await?;
    if !tenant::set_approval_expiry(&mut tx, tenant.id, expire_after).await? {
        return Err(Code::NotFound.into());
    }
    state.auditor.append(&mut tx, tenant.id, act).await?;
    tx.commit().await?;
    Ok(redirect(&edge, &format!("/admin/tenants/{}/tools?expiry=saved#undecided", tenant.id)))
}

/// Stores a rule with its row in the audit log. Where people may not remember approvals, what they remembered is over.
async fn set(state: &AppState, viewer: &Viewer, conn: &mut Conn, rule: &ToolRule, note: &str) -> Result<()> {
    tool_rule::set(conn, rule).await?;
    if !rule.grants_allowed || rule.verdict == Verdict::Deny {
        grant::revoke_of_tool(conn, rule.tenant_id, &rule.server, &rule.name).await?;
    }
    let said = |may: bool| if may { "on" } else { "off" };
    let (grants, guests) = (said(rule.grants_allowed), said(rule.guests_allowed));
    let details = format!("{} grants={grants} guests={guests}{note}", rule.verdict);
    let act = Act {
        actor: Actor::User(viewer.caller.user.id),
        address: &viewer.caller.address,
        action: "tool_rule_changed",
        object: format!("tool:{}/{}", rule.server, rule.name),
        target: None,
        digest: rule.fingerprint,
        details: &details,
    };
    state.auditor.append(conn, rule.tenant_id, act).await
}

/// A tool as it is now.
fn definition(state: &AppState, viewer: &Viewer, tenant: &Tenant, server: &str, name: &str) -> Result<ToolDefinition> {
    let toolbox = state.tools.of(looking(viewer, tenant));
    let tool = toolbox.find(name).map(|tool| tool.definition()).filter(|tool| tool.server == server);
    tool.cloned().ok_or_else(|| Code::NotFound.into())
}

/// Who looks at the tools of a tenant: an operator, too, who may be in another one.
fn looking(viewer: &Viewer, tenant: &Tenant) -> Owner {
    Owner { tenant: tenant.id, user: viewer.caller.user.id }
}

/// Whether a form showed the tool as it is now.
fn is_shown(tool: &ToolDefinition, fingerprint: &str) -> bool {
    fingerprint.parse::<Digest>().is_ok_and(|shown| shown == tool.fingerprint())
}

/// Server and name as the end of an address.
fn path(tool: &ToolDefinition) -> String {
    format!("{}/{}", utf8_percent_encode(&tool.server, PART), utf8_percent_encode(&tool.name, PART))
}

/// The page again, at the tool that was saved.
fn saved(tenant: &Tenant, tool: &ToolDefinition) -> String {
    let name = utf8_percent_encode(&tool.name, PART);
    format!("/admin/tenants/{}/tools?saved={name}#tool-{name}", tenant.id)
}

/// What the page shows beside what is stored.
#[derive(Default)]
struct Shown<'a> {
    /// The tool whose form was just saved.
    saved: Option<&'a str>,
    is_expiry_saved: bool,
    /// The tool whose form was refused, and what was chosen in it.
    chosen: Option<(&'a str, &'a Fields)>,
    refusal: Option<&'a Refusal>,
}

/// Another definition than the form showed: the page as it is now.
async fn changed_meanwhile(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    tenant: &Tenant,
    chosen: Option<(&str, &Fields)>,
) -> Answer {
    let refusal = Refusal::new(Code::Conflict).saying("tools-changed-meanwhile");
    draw(state, edge, viewer, tenant, Shown { chosen, refusal: Some(&refusal), ..Shown::default() }).await
}

async fn draw(state: &AppState, edge: &Edge, viewer: &Viewer, tenant: &Tenant, shown: Shown<'_>) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let rules = tool_rule::of_tenant(&mut *state.db.read(tenant.id).await?, tenant.id).await?;
    let mut tools: Vec<_> = state
        .tools
        .of(looking(viewer, tenant))
        .iter()
        .map(|tool| {
            let tool = tool.definition();
            let rule = rules.iter().find(|rule| rule.server == tool.server && rule.name == tool.name);
            let has_changed = turn::ruling_by(&viewer.caller, tool, rule).has_changed;
            let mut view = view(tool, rule, has_changed);
            view.is_saved = shown.saved == Some(tool.name.as_str());
            if let Some((_, fields)) = shown.chosen.filter(|(name, _)| *name == tool.name) {
                view.verdict = fields.verdict;
                (view.grants_allowed, view.guests_allowed) = (fields.grants_allowed, fields.guests_allowed);
            }
            view
        })
        .collect();
    tools.sort_by(|one, other| (&one.server, &one.name).cmp(&(&other.server, &other.name)));
    let error = shown.refusal.map(|refusal| ctx.refusal(refusal));
    let page = ToolsPage {
        ctx: &ctx,
        tenant: tenant.id,
        tenant_name: &tenant.name,
        tools: &tools,
        expire_after: tenant.approvals_expire_after,
        is_expiry_saved: shown.is_expiry_saved,
        error: error.as_deref(),
    };
    html(if error.is_some() { StatusCode::CONFLICT } else { StatusCode::OK }, &page)
}

/// A tool as it is, with what was said of it; a person is asked where nothing was.
fn view(tool: &ToolDefinition, rule: Option<&ToolRule>, has_changed: bool) -> ToolView {
    let kept = rule.filter(|_| has_changed).map(|rule| rule.definition.as_deref().unwrap_or_default());
    ToolView {
        server: tool.server.clone(),
        launch: tool.launch.clone(),
        name: tool.name.clone(),
        path: path(tool),
        is_built_in: tool.is_built_in(),
        description: tool.description.clone(),
        schema: accepted::readable_schema(&tool.input_schema),
        fingerprint: tool.fingerprint(),
        change: kept.map(|kept| accepted::difference(kept, tool)),
        verdict: rule.map_or(Verdict::Ask, |rule| rule.verdict),
        grants_allowed: rule.is_none_or(|rule| rule.grants_allowed),
        guests_allowed: rule.is_some_and(|rule| rule.guests_allowed),
        is_saved: false,
    }
}

#[cfg(test)]
mod tests {
    use askama::Template as _;
    use serde_json::json;

    use super::*;
    use crate::{db::types::Time, i18n::Locale, render::html::PageContext, types::TenantId};

    fn foreign(description: &str) -> ToolDefinition {
        ToolDefinition {
            server: "a/b ?%".to_owned(),
            launch: "https://tools.example/\u{200b}mcp".to_owned(),
            name: "look_up-1".to_owned(),
            description: description.to_owned(),
            input_schema: json!({"type": "object", "title": "</pre><script>x</script>"}),
        }
    }

    fn page(tools: &[ToolView]) -> String {
        let ctx = PageContext {
            locale: Locale::English,
            viewer: None,
            csrf: "token".to_owned(),
            prefix: "/chat".to_owned(),
            version: "1".to_owned(),
            waiting: 0,
        };
        let page = ToolsPage {
            ctx: &ctx,
            tenant: TenantId::new(),
            tenant_name: "Acme",
            tools,
            expire_after: None,
            is_expiry_saved: false,
            error: None,
        };
        page.render().unwrap()
    }

    #[test]
    fn a_foreign_tool_that_changed_is_said_to_be_disabled_and_hides_nothing() {
        let (before, now) = (foreign("Looks up."), foreign("Looks <img src=x> up.\u{202e}"));
        let rule = ToolRule {
            tenant_id: TenantId::new(),
            server: before.server.clone(),
            name: before.name.clone(),
            verdict: Verdict::Allow,
            fingerprint: Some(before.fingerprint()),
            definition: Some(accepted::to_json(&before)),
            grants_allowed: true,
            guests_allowed: false,
            changed_by: None,
            changed_at: Time(crate::db::now()),
        };
        let unchanged = page(&[view(&before, Some(&rule), false)]);
        assert!(!unchanged.contains("disabled until") && !unchanged.contains("/accept"));
        let html = page(&[view(&now, Some(&rule), true)]);
        for shown in [
            "It is disabled until you accept the change.",
            "/tools/a%2Fb%20%3F%25/look_up-1/accept\"",
            "/tools/a%2Fb%20%3F%25/look_up-1\"",
            "Looks &lt;img src=x&gt; up.<span class=\"code-point\">\\u202E</span>",
            "<del class=\"line\">",
            "<span class=\"code-point\">\\u200B</span>mcp",
            "&lt;/pre&gt;&lt;script&gt;",
        ] {
            assert!(html.contains(shown), "{shown}: {html}");
        }
        assert!(!html.contains("<img") && !html.contains("<script>x"));
    }
}
