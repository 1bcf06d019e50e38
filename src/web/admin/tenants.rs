//! The tenants of this server, for operators: made, renamed, suspended and readmitted.

use actix_web::{http::StatusCode, web};
use serde::Deserialize;

use super::{
    super::{
        Answer,
        page::{context, html, redirect, refused},
        sessions::Nothing,
    },
    acting, parsed,
};
use crate::{
    db::Scope,
    error::{Code, Error, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    models::tenant::{self, Tenant},
    render::html::{
        FieldErrors,
        people::{TenantView, TenantsPage},
    },
    state::AppState,
    tenancy::{Desk, tenants},
    types::TenantId,
};

const SCOPE: Scope = Scope::System("the page of tenants");

/// What was just done.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Done {
    Created,
    Renamed,
    Suspended,
    Resumed,
}

#[derive(Default, Deserialize)]
pub struct Query {
    #[serde(default)]
    done: Option<Done>,
}

#[derive(Default, Deserialize)]
pub struct Fields {
    slug: String,
    name: String,
}

#[derive(Deserialize)]
pub struct Name {
    name: String,
}

/// GET `/admin`: the tenants, for operators; others are led to the one they are in.
pub async fn index(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    query: web::Query<Query>,
) -> Answer {
    if !viewer.caller.user.is_operator {
        let tenant = super::administered(&state, &viewer, &viewer.caller.tenant.id.to_string()).await?;
        return Ok(redirect(&edge, &format!("/admin/tenants/{}", tenant.id)));
    }
    draw(&state, &edge, &viewer, &Fields::default(), query.done, None).await
}

/// POST `/admin/tenants`
pub async fn create(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer, form: Form<Fields>) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    let desk = Desk::from(&**state);
    match tenants::create(&desk, &acting(&viewer), fields.slug.trim(), &fields.name).await {
        Ok(_) => Ok(redirect(&edge, "/admin?done=created")),
        Err(error) => again(&state, &edge, &viewer, &fields, error).await,
    }
}

/// POST `/admin/tenants/{id}/rename`
pub async fn rename(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Name>,
) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    match tenants::rename(&Desk::from(&**state), &acting(&viewer), parsed(&id)?, &fields.name).await {
        Ok(_) => Ok(redirect(&edge, "/admin?done=renamed")),
        Err(error) => again(&state, &edge, &viewer, &Fields::default(), above(error)).await,
    }
}

/// POST `/admin/tenants/{id}/suspend`
pub async fn suspend(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let id: TenantId = parsed(&id)?;
    // They would shut themselves out of this very page.
    if id == viewer.caller.tenant.id && viewer.caller.user.is_operator {
        let error = Refusal::new(Code::Conflict).saying("error-tenant-here").into();
        return again(&state, &edge, &viewer, &Fields::default(), error).await;
    }
    tenants::set_active(&Desk::from(&**state), &acting(&viewer), id, false).await?;
    Ok(redirect(&edge, "/admin?done=suspended"))
}

/// POST `/admin/tenants/{id}/resume`
pub async fn resume(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    tenants::set_active(&Desk::from(&**state), &acting(&viewer), parsed(&id)?, true).await?;
    Ok(redirect(&edge, "/admin?done=resumed"))
}

/// What was wrong with a form beside which no words can stand: the page says it above.
fn above(error: Error) -> Error {
    match error {
        Error::Refused(refusal) => Refusal { field: None, ..refusal }.into(),
        error => error,
    }
}

/// The page once more with what was wrong, where that is the form; everything else is an error of its own.
async fn again(state: &AppState, edge: &Edge, viewer: &Viewer, typed: &Fields, error: Error) -> Answer {
    match error {
        Error::Refused(refusal) if matches!(refusal.code, Code::InvalidPayload | Code::Conflict) => {
            draw(state, edge, viewer, typed, None, Some(&refusal)).await
        }
        error => Err(error.into()),
    }
}

async fn draw(
    state: &AppState,
    edge: &Edge,
    viewer: &Viewer,
    typed: &Fields,
    done: Option<Done>,
    refusal: Option<&Refusal>,
) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let all: Result<Vec<Tenant>> = tenant::all(&mut *state.db.read(SCOPE).await?).await;
    let view = |tenant: Tenant| TenantView {
        is_here: tenant.id == viewer.caller.tenant.id,
        id: tenant.id,
        slug: tenant.slug,
        name: tenant.name,
        is_active: tenant.is_active,
    };
    let done = done.map(|done| {
        ctx.t(match done {
            Done::Created => "tenant-done-created",
            Done::Renamed => "tenant-done-renamed",
            Done::Suspended => "tenant-done-suspended",
            Done::Resumed => "tenant-done-resumed",
        })
    });
    let page = TenantsPage {
        ctx: &ctx,
        tenants: &all?.into_iter().map(view).collect::<Vec<_>>(),
        slug: &typed.slug,
        name: &typed.name,
        done: done.as_deref(),
        errors: &refusal.map(|refusal| FieldErrors::from_refusal(refusal, viewer.locale)).unwrap_or_default(),
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| crate::http::error::status(refusal.code));
    refused(html(status, &page), refusal)
}
