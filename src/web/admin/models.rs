//! Which models a tenant may use: all that this server has, or those that are ticked.

use std::collections::BTreeSet;

use actix_web::{http::StatusCode, web};
use serde::Deserialize;

use super::{
    super::{
        Answer,
        page::{context, html, redirect},
    },
    acting, administered,
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::tenant::Tenant,
    providers::Providers,
    render::html::{
        FieldErrors,
        models::{ModelGroup, ModelView, ModelsPage},
        provider_name,
    },
    state::AppState,
    tenancy::{Desk, models},
    types::AllowedModels,
};

#[derive(Deserialize)]
pub struct Saved {
    #[serde(default)]
    saved: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Allow {
    All,
    Ticked,
}

#[derive(Deserialize)]
pub struct Fields {
    allow: Allow,
    #[serde(default)]
    model: Vec<String>,
}

impl Fields {
    /// What is chosen, of what the page offers: what this server has, and what was allowed before.
    fn allowed(&self, providers: &Providers, before: &AllowedModels) -> Result<AllowedModels, Refusal> {
        if self.allow == Allow::All {
            return Ok(AllowedModels::All);
        }
        let is_offered = |value: &String| {
            value.split_once('/').is_some_and(|(provider, model)| {
                let was_named = before.named_of(provider).any(|name| name == model);
                was_named || providers.find(provider).is_some() && providers.has_model(provider, model)
            })
        };
        if !self.model.iter().all(is_offered) {
            return Err(Refusal::new(Code::InvalidPayload).saying("error-model-name").about("model"));
        }
        Ok(AllowedModels::Only(self.model.iter().cloned().collect()))
    }
}

/// GET `/admin/tenants/{id}/models`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    query: web::Query<Saved>,
) -> Answer {
    let tenant = administered(&state, &viewer, &id).await?;
    let shown = Shown { is_saved: query.saved.is_some(), typed: None, refusal: None };
    draw(&state, &edge, &viewer, &tenant, shown).await
}

/// POST `/admin/tenants/{id}/models`
pub async fn update(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let tenant = administered(&state, &viewer, &id).await?;
    let saved = async {
        let allowed = fields.allowed(&state.providers, &tenant.models.0)?;
        models::allow(&Desk::from(&**state), &acting(&viewer), tenant.id, &allowed).await
    };
    match saved.await {
        Ok(()) => Ok(redirect(&edge, &format!("/admin/tenants/{}/models?saved=1", tenant.id))),
        Err(Error::Refused(refusal)) if refusal.field.is_some() => {
            let shown = Shown { is_saved: false, typed: Some(&fields), refusal: Some(&refusal) };
            draw(&state, &edge, &viewer, &tenant, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the page shows beside what is stored.
struct Shown<'a> {
    /// Whether it was just saved.
    is_saved: bool,
    /// What was chosen and refused.
    typed: Option<&'a Fields>,
    refusal: Option<&'a Refusal>,
}

async fn draw(state: &AppState, edge: &Edge, viewer: &Viewer, tenant: &Tenant, shown: Shown<'_>) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let stored = &tenant.models.0;
    let errors = shown.refusal.map(|refusal| FieldErrors::from_refusal(refusal, viewer.locale)).unwrap_or_default();
    let typed: Option<BTreeSet<&str>> = shown.typed.map(|fields| fields.model.iter().map(String::as_str).collect());
    let is_ticked = |provider: &str, model: &str, value: &str| match &typed {
        Some(typed) => typed.contains(value),
        None => stored.allows(provider, model),
    };
    let page = ModelsPage {
        ctx: &ctx,
        tenant: tenant.id,
        tenant_name: &tenant.name,
        groups: &groups(&state.providers, stored, is_ticked),
        allows_all: shown.typed.map_or(*stored == AllowedModels::All, |fields| fields.allow == Allow::All),
        is_saved: shown.is_saved,
        errors: &errors,
    };
    html(if shown.refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}

/// The models by provider: those that this server has, and those that were allowed and it has no more.
fn groups(
    providers: &Providers,
    stored: &AllowedModels,
    is_ticked: impl Fn(&str, &str, &str) -> bool,
) -> Vec<ModelGroup> {
    let view = |provider: &str, name: &str, label: Option<String>, is_here: bool| {
        let value = format!("{provider}/{name}");
        ModelView {
            is_ticked: is_ticked(provider, name, &value),
            value,
            label: label.filter(|label| label != name),
            name: name.to_owned(),
            is_here,
        }
    };
    let mut groups: Vec<ModelGroup> = Vec::new();
    for provider in providers.iter().map(|provider| provider.name()) {
        let listed = providers.models(provider);
        let unlisted: Vec<&str> =
            stored.named_of(provider).filter(|name| !listed.iter().any(|info| info.name == *name)).collect();
        let mut models: Vec<ModelView> =
            listed.into_iter().map(|info| view(provider, &info.name, info.label, true)).collect();
        models.extend(unlisted.into_iter().map(|name| view(provider, name, None, providers.has_model(provider, name))));
        groups.push(ModelGroup { label: provider_name(provider).to_owned(), models });
    }
    let gone: BTreeSet<&str> =
        stored.named().map(|(provider, _)| provider).filter(|provider| providers.find(provider).is_none()).collect();
    groups.extend(gone.into_iter().map(|provider| ModelGroup {
        label: provider_name(provider).to_owned(),
        models: stored.named_of(provider).map(|name| view(provider, name, None, false)).collect(),
    }));
    groups
}
