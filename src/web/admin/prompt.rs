//! What a tenant's assistant is told before every conversation, and what it may talk about.

use actix_web::{http::StatusCode, web};
use serde::Deserialize;

use super::{
    super::{
        Answer,
        page::{context, html, redirect},
    },
    administered,
};
use crate::{
    error::{Code, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::{
        audit::{Act, Actor},
        tenant::{self, Tenant},
    },
    render::html::{FieldErrors, pages::PromptPage},
    state::AppState,
    turn,
    types::Digest,
};

/// The longest system prompt, in characters.
const SYSTEM_PROMPT: usize = 20_000;

/// The longest list of topics, in characters.
const TOPICS: usize = 2000;

#[derive(Deserialize)]
pub struct Saved {
    #[serde(default)]
    saved: Option<String>,
}

#[derive(Deserialize)]
pub struct Fields {
    system_prompt: String,
    topics: String,
}

impl Fields {
    fn of(tenant: &Tenant) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self { system_prompt: text(&tenant.system_prompt), topics: text(&tenant.topics) }
    }
}

/// GET `/admin/tenants/{id}/prompt`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    query: web::Query<Saved>,
) -> Answer {
    let tenant = administered(&state, &viewer, &id).await?;
    let shown = Shown { typed: &Fields::of(&tenant), is_saved: query.saved.is_some(), refusal: None };
    draw(&state, &edge, &viewer, &tenant, shown).await
}

/// POST `/admin/tenants/{id}/prompt`
pub async fn update(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let tenant = administered(&state, &viewer, &id).await?;
    let checked = || -> Result<_, Refusal> {
        let system_prompt = text(&fields.system_prompt, SYSTEM_PROMPT, "system_prompt", "error-prompt-too-long")?;
        Ok((system_prompt, text(&fields.topics, TOPICS, "topics", "error-topics-too-long")?))
    };
    let (system_prompt, topics) = match checked() {
        Ok(checked) => checked,
        Err(refusal) => {
            let shown = Shown { typed: &fields, is_saved: false, refusal: Some(&refusal) };
            return draw(&state, &edge, &viewer, &tenant, shown).await;
        }
    };
    let written = [system_prompt.as_deref(), topics.as_deref()].map(|text| text.unwrap_or_default().as_bytes());
    let act = Act {
        actor: Actor::User(viewer.caller.user.id),
        address: &viewer.caller.address,
        action: "prompt_changed",
        object: format!("tenant:{}", tenant.id),
        target: None,
        digest: Some(Digest::of_fields("sayso prompt v1", &written)),
        details: if topics.is_some() { "topics" } else { "" },
    };
    let mut tx = state.db.write(tenant.id).await?;
    if !tenant::set_prompt(&mut tx, tenant.id, system_prompt.as_deref(), topics.as_deref()).await? {
        return Err(Code::NotFound.into());
    }
    state.auditor.append(&mut tx, tenant.id, act).await?;
    tx.commit().await?;
    Ok(redirect(&edge, &format!("/admin/tenants/{}/prompt?saved=1", tenant.id)))
}

/// A text as it is stored: nothing where nothing is left.
fn text(typed: &str, limit: usize, field: &'static str, key: &'static str) -> Result<Option<String>, Refusal> {
    // Neither database nor any model takes NUL in text.
    let text = typed.replace("\r\n", "\n").replace('\0', "\u{FFFD}");
    let text = text.trim();
    if text.chars().count() > limit {
        return Err(Refusal::new(Code::InvalidPayload).saying(key).with("limit", limit).about(field));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// What the page shows of the form.
struct Shown<'a> {
    /// What is or was typed.
    typed: &'a Fields,
    /// Whether it was just saved.
    is_saved: bool,
    /// Why it was refused.
    refusal: Option<&'a Refusal>,
}

async fn draw(state: &AppState, edge: &Edge, viewer: &Viewer, tenant: &Tenant, shown: Shown<'_>) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let status = if shown.refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let errors = shown.refusal.map(|refusal| FieldErrors::from_refusal(refusal, viewer.locale)).unwrap_or_default();
    let page = PromptPage {
        ctx: &ctx,
        tenant: tenant.id,
        tenant_name: &tenant.name,
        system_prompt: &shown.typed.system_prompt,
        topics: &shown.typed.topics,
        preview: &turn::system_prompt(tenant, &viewer.caller.user),
        is_own: tenant.system_prompt.is_some(),
        is_saved: shown.is_saved,
        errors: &errors,
    };
    html(status, &page)
}
