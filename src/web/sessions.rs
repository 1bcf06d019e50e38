//! Signing in and out.

use actix_web::{HttpRequest, http::StatusCode, web};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    Answer,
    page::{html, redirect, redirect_to, refused, visitor_context},
};
use crate::{
    db::Scope,
    error::{Code, Error},
    http::{
        Edge,
        address::Client,
        error::HttpError,
        form::Form,
        guests,
        limits::Limits,
        sign_in::{self, Attempt, SignedIn, SignedInBy, agent, sign_out},
        urls::safe_next,
        viewer::{Viewer, Visitor},
    },
    models::{tenant::Tenant, user},
    render::html::{
        FieldErrors,
        pages::{LoginPage, TenantChoice},
    },
    state::AppState,
    types::TenantId,
};

const SCOPE: Scope = Scope::System("the page of signing in");

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct Fields {
    email: String,
    password: SecretString,
    #[serde(default)]
    next: String,
    tenant: Option<String>,
}

/// GET `/login`
pub async fn new(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    visitor: Visitor,
    viewer: Result<Viewer, HttpError>,
    query: web::Query<Next>,
) -> Answer {
    if viewer.is_ok() {
        return Ok(redirect(&edge, "/conversations"));
    }
    let is_new = !user::any(&mut *state.db.read(SCOPE).await?).await?;
    let ctx = visitor_context(&edge, &visitor);
    let page = LoginPage {
        ctx: &ctx,
        email: "",
        next: &safe_next(&query.next).unwrap_or_default(),
        is_new,
        tenants: &[],
        guest: state.settings.guest_tenant.as_ref().map(|_| ""),
        errors: &FieldErrors::default(),
    };
    html(StatusCode::OK, &page)
}

/// POST `/login`
pub async fn create(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    visitor: Visitor,
    client: Client,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&visitor.csrf)?;
    let attempt = Attempt { email: &fields.email, password: fields.password.clone(), tenant: fields.tenant.as_deref() };
    match sign_in::sign_in(&state, &limits, attempt, &client).await {
        Ok(SignedIn::As(arrival)) => {
            Viewer::sign_in(&visitor.session, &arrival.user, &arrival.tenant, &client, &agent(&request))?;
            let next = safe_next(&fields.next).unwrap_or_else(|| edge.urls.path("/conversations"));
            Ok(redirect_to(&next))
        }
        Ok(SignedIn::Choose(tenants)) => {
            let errors = FieldErrors(vec![("", visitor.locale.text("login-choose-tenant").into_owned())]);
            again(&state, &edge, &visitor, &fields, StatusCode::OK, &tenants, &errors)
        }
        Err(Error::Refused(refusal)) if refusal.code != Code::Csrf => {
            let errors = FieldErrors::from_refusal(&refusal, visitor.locale);
            let status = crate::http::error::status(refusal.code);
            refused(again(&state, &edge, &visitor, &fields, status, &[], &errors), Some(&refusal))
        }
        Err(error) => Err(error.into()),
    }
}

/// The form once more, with what was typed (but the password) and what was wrong.
fn again(
    state: &AppState,
    edge: &Edge,
    visitor: &Visitor,
    fields: &Fields,
    status: StatusCode,
    tenants: &[Tenant],
    errors: &FieldErrors,
) -> Answer {
    let chosen = fields.tenant.as_deref();
    let choice = |tenant: &Tenant| TenantChoice {
        id: tenant.id,
        name: tenant.name.clone(),
        is_current: chosen == Some(&tenant.id.to_string()),
    };
    let ctx = visitor_context(edge, visitor);
    let page = LoginPage {
        ctx: &ctx,
        email: &fields.email,
        next: &safe_next(&fields.next).unwrap_or_default(),
        is_new: false,
        tenants: &tenants.iter().map(choice).collect::<Vec<_>>(),
        guest: state.settings.guest_tenant.as_ref().map(|_| ""),
        errors,
    };
    html(status, &page)
}

#[derive(Deserialize)]
pub struct Tenancy {
    tenant: String,
}

/// POST `/switch`: on in another of one's tenants, in a session of its own.
pub async fn switch(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    client: Client,
    form: Form<Tenancy>,
) -> Answer {
    let to: TenantId = form.checked(&viewer.csrf)?.tenant.parse().map_err(|_| Code::NotFound)?;
    if to == viewer.caller.tenant.id {
        return Ok(redirect(&edge, "/conversations"));
    }
    let arrival = sign_in::switch(&state, &viewer.caller, viewer.session_id, to).await?;
    Viewer::sign_in(&viewer.session, &arrival.user, &arrival.tenant, &client, &agent(&request))?;
    Ok(redirect(&edge, "/conversations"))
}

#[derive(Deserialize)]
pub struct GuestFields {
    name: String,
    #[serde(default)]
    next: String,
}

/// POST `/guest`: in without an account, where `GUEST_TENANT` lets people.
pub async fn guest(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    visitor: Visitor,
    client: Client,
    form: Form<GuestFields>,
) -> Answer {
    let fields = form.checked(&visitor.csrf)?;
    let agent = agent(&request);
    match guests::admit(&state, &limits, &visitor.session, &client, &agent, &fields.name).await {
        Ok(_) => Ok(redirect_to(&safe_next(&fields.next).unwrap_or_else(|| edge.urls.path("/conversations")))),
        Err(Error::Refused(refusal)) if refusal.code != Code::NotFound => {
            let ctx = visitor_context(&edge, &visitor);
            let errors = FieldErrors::from_refusal(&refusal, visitor.locale);
            let page = LoginPage {
                ctx: &ctx,
                email: "",
                next: &safe_next(&fields.next).unwrap_or_default(),
                is_new: false,
                tenants: &[],
                guest: Some(&fields.name),
                errors: &errors,
            };
            refused(html(crate::http::error::status(refusal.code), &page), Some(&refusal))
        }
        Err(error) => Err(error.into()),
    }
}

/// Nothing but the token.
#[derive(Deserialize)]
pub struct Nothing {}

/// POST `/logout`
pub async fn delete(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    client: Client,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let by = SignedInBy::Session(viewer.session_id);
    sign_out(&state, viewer.owner(), by, &client.address.to_string()).await?;
    viewer.session.purge();
    Ok(redirect(&edge, "/login"))
}
