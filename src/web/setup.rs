//! The first account, by the single-use link that the server prints.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    Answer,
    page::{html, redirect, visitor_context},
    sessions::agent,
};
use crate::{
    db::Scope,
    error::{Code, Error, Refusal, Result},
    http::{
        Edge,
        address::Client,
        form::Form,
        viewer::{Viewer, Visitor},
    },
    models::{
        Owner,
        audit::{Act, Actor, Chain},
        membership, password, setup_link,
        tenant::{self, Tenant},
        user::{self, NewUser, User},
    },
    render::html::{FieldErrors, pages::SetupPage},
    state::AppState,
    types::Role,
};

const SCOPE: Scope = Scope::System("set-up");

/// The longest name of a person or a tenant, in characters.
const NAME: usize = 200;

#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
pub struct Fields {
    token: String,
    name: String,
    email: String,
    password: SecretString,
    workspace: String,
}

/// GET `/setup?token=`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    visitor: Visitor,
    link: web::Query<Link>,
) -> Answer {
    if !setup_link::is_good(&mut *state.db.read(SCOPE).await?, &link.token).await? {
        return Err(Refusal::new(Code::NotFound).saying("error-setup-link").into());
    }
    let ctx = visitor_context(&edge, &visitor);
    let page = SetupPage {
        ctx: &ctx,
        token: &link.token,
        name: "",
        email: "",
        workspace: "",
        errors: &FieldErrors::default(),
    };
    html(StatusCode::OK, &page)
}

/// POST `/setup`
pub async fn create(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    visitor: Visitor,
    client: Client,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&visitor.csrf)?;
    match make(&state, &fields, &client).await {
        Ok((user, tenant)) => {
            Viewer::sign_in(&visitor.session, &user, &tenant, &client, &agent(&request))?;
            Ok(redirect(&edge, "/conversations"))
        }
        Err(Error::Refused(refusal)) if refusal.code == Code::InvalidPayload => {
            again(&edge, &visitor, &fields, &refusal)
        }
        Err(error) => Err(error.into()),
    }
}

/// The form once more, with what was typed and what was wrong.
fn again(
    edge: &Edge,
    visitor: &Visitor,
    fields: &Fields,
    refusal: &Refusal,
) -> Result<HttpResponse, crate::http::error::HttpError> {
    let ctx = visitor_context(edge, visitor);
    let page = SetupPage {
        ctx: &ctx,
        token: &fields.token,
        name: &fields.name,
        email: &fields.email,
        workspace: &fields.workspace,
        errors: &FieldErrors::from_refusal(refusal, visitor.locale),
    };
    html(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Makes tenant, account and membership, and uses the link up: all or nothing.
async fn make(state: &AppState, fields: &Fields, client: &Client) -> Result<(User, Tenant)> {
    check(fields)?;
    let hash = state.passwords.hash(fields.password.clone()).await?;
    let mut tx = state.db.write(SCOPE).await?;
    if !setup_link::consume(&mut tx, &fields.token).await? || user::any(&mut tx).await? {
        return Err(Refusal::new(Code::NotFound).saying("error-setup-link").into());
    }
    let workspace = fields.workspace.trim();
    let tenant = tenant::create(&mut tx, &tenant::slug_of(workspace), workspace).await?;
    let new = NewUser { email: &fields.email, name: &fields.name, password_hash: Some(hash), is_operator: true };
    let user = user::create(&mut tx, new).await?;
    membership::create(&mut tx, Owner { tenant: tenant.id, user: user.id }, Role::Owner).await?;
    let address = client.address.to_string();
    let act = |action, object| Act {
        actor: Actor::User(user.id),
        address: &address,
        action,
        object,
        target: None,
        digest: None,
        details: "set-up",
    };
    state.auditor.append(&mut tx, Chain::System, act("user_created", format!("user:{}", user.id))).await?;
    state.auditor.append(&mut tx, tenant.id, act("tenant_created", format!("tenant:{}", tenant.id))).await?;
    state.auditor.append(&mut tx, tenant.id, act("sign_in", format!("user:{}", user.id))).await?;
    tx.commit().await?;
    Ok((user, tenant))
}

fn check(fields: &Fields) -> Result<()> {
    let refuse = |field, key| Err(Refusal::new(Code::InvalidPayload).saying(key).about(field).into());
    let is_name = |text: &str| !text.trim().is_empty() && text.chars().count() <= NAME && !text.contains('\0');
    if !is_name(&fields.name) {
        return refuse("name", "error-name");
    }
    if !user::is_email(fields.email.trim()) {
        return refuse("email", "error-email");
    }
    if !is_name(&fields.workspace) {
        return refuse("workspace", "error-name");
    }
    password::check(&fields.password)
}
