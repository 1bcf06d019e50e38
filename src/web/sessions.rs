//! Signing in and out.

use actix_web::{
    HttpRequest,
    http::{StatusCode, header},
    web,
};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    Answer,
    page::{html, redirect, redirect_to, refused, visitor_context},
};
use crate::{
    db::Scope,
    error::{Code, Error, Refusal, Result},
    feed::Wake,
    http::{
        Edge,
        address::Client,
        error::HttpError,
        form::Form,
        limits::Limits,
        urls::safe_next,
        viewer::{Viewer, Visitor},
    },
    models::{
        audit::{Act, Actor, Chain},
        membership,
        tenant::Tenant,
        user::{self, User},
    },
    render::html::{
        FieldErrors,
        pages::{LoginPage, TenantChoice},
    },
    state::AppState,
    types::TenantId,
};

const SCOPE: Scope = Scope::System("signing in");

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

/// The browser's own words.
pub(super) fn agent(request: &HttpRequest) -> String {
    let value = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
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
    match sign_in(&state, &limits, &fields, &client).await {
        Ok(SignedIn::As(user, tenant)) => {
            Viewer::sign_in(&visitor.session, &user, &tenant, &client, &agent(&request))?;
            let next = safe_next(&fields.next).unwrap_or_else(|| edge.urls.path("/conversations"));
            Ok(redirect_to(&next))
        }
        Ok(SignedIn::Choose(tenants)) => {
            let errors = FieldErrors(vec![("", visitor.locale.text("login-choose-tenant").into_owned())]);
            again(&edge, &visitor, &fields, StatusCode::OK, &tenants, &errors)
        }
        Err(Error::Refused(refusal)) if refusal.code != Code::Csrf => {
            let errors = FieldErrors::from_refusal(&refusal, visitor.locale);
            let status = crate::http::error::status(refusal.code);
            refused(again(&edge, &visitor, &fields, status, &[], &errors), Some(&refusal))
        }
        Err(error) => Err(error.into()),
    }
}

/// The form once more, with what was typed (but the password) and what was wrong.
fn again(
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
        errors,
    };
    html(status, &page)
}

enum SignedIn {
    As(Box<User>, Box<Tenant>),
    Choose(Vec<Tenant>),
}

/// Checks who it is. An address that nobody has costs as much time as a wrong password, and says the same.
async fn sign_in(state: &AppState, limits: &Limits, fields: &Fields, client: &Client) -> Result<SignedIn> {
    limits.sign_in(client.address, &user::normalised_email(&fields.email))?;
    let found = user::find_by_email(&mut *state.db.read(SCOPE).await?, &fields.email).await?;
    let hash = found.as_ref().and_then(|user| user.password_hash.as_deref());
    let is_right = state.passwords.verify(hash, fields.password.clone()).await?;
    let mut tx = state.db.write(SCOPE).await?;
    let user = found.filter(|user| is_right && user.is_active);
    let places = match &user {
        Some(user) => membership::of_user(&mut tx, user.id).await?,
        None => Vec::new(),
    };
    let wanted = fields.tenant.as_deref().and_then(|id| id.parse::<TenantId>().ok());
    let mut tenants: Vec<Tenant> = places.into_iter().map(|(_, tenant)| tenant).collect();
    if let Some(wanted) = wanted {
        tenants.retain(|tenant| tenant.id == wanted);
    }
    let Some(user) = user.filter(|_| !tenants.is_empty()) else {
        audit(state, &mut tx, Chain::System, Actor::Nobody, "sign_in_failed", client).await?;
        tx.commit().await?;
        return Err(Refusal::new(Code::InvalidCredentials).into());
    };
    if tenants.len() > 1 {
        return Ok(SignedIn::Choose(tenants));
    }
    let tenant = tenants.remove(0);
    audit(state, &mut tx, tenant.id.into(), Actor::User(user.id), "sign_in", client).await?;
    tx.commit().await?;
    Ok(SignedIn::As(Box::new(user), Box::new(tenant)))
}

async fn audit(
    state: &AppState,
    conn: &mut crate::db::Conn,
    chain: Chain,
    actor: Actor,
    action: &'static str,
    client: &Client,
) -> Result<()> {
    let object = match actor {
        Actor::User(user) => format!("user:{user}"),
        Actor::Nobody => "user".to_owned(),
    };
    let address = client.address.to_string();
    let act = Act { actor, address: &address, action, object, target: None, digest: None, details: "" };
    state.auditor.append(conn, chain, act).await
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
    let owner = viewer.owner();
    let mut tx = state.db.write(owner.tenant).await?;
    crate::models::session::revoke(&mut tx, owner.user, viewer.session_id).await?;
    audit(&state, &mut tx, owner.tenant.into(), Actor::User(owner.user), "sign_out", &client).await?;
    tx.notify(&Wake::Person { from: state.instance, user: owner.user }.payload()).await?;
    tx.commit().await?;
    viewer.session.purge();
    // The pages this session has open are told, and close.
    state.feed.touch_person(owner.user);
    Ok(redirect(&edge, "/login"))
}
