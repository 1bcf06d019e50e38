//! Following an invitation: whom it is for, and coming in.
//!
//! The attacks meant: a link that was forwarded or guessed (it is bound to one address; guesses are slowed down like
//! passwords), an invitation that would give somebody's account a new password (an account is only ever signed in to),
//! and a preview or scanner of mails that uses the link up (only a POST does).

use actix_web::{HttpRequest, http::StatusCode, web};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    Answer,
    page::{html, redirect, refused, visitor_context},
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{
        Edge,
        address::Client,
        error::HttpError,
        form::Form,
        limits::Limits,
        sign_in::agent,
        viewer::{Viewer, Visitor},
    },
    models::{
        password,
        tenant::Tenant,
        user::{self, User},
    },
    render::html::{
        FieldErrors,
        people::{Asked, InvitationPage},
    },
    state::AppState,
    tenancy::{
        Desk, checked_name,
        invitations::{self, Joining, Opened},
    },
};

#[derive(Default, Deserialize)]
pub struct Fields {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: SecretString,
}

/// GET `/invitations/{token}`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    visitor: Visitor,
    viewer: Result<Viewer, HttpError>,
    token: web::Path<String>,
) -> Answer {
    let opened = invitations::open(&Desk::from(&**state), &token).await?;
    let asked = asked(&opened, viewer.ok().as_ref());
    draw(&edge, &visitor, &token, &opened, asked, "", None)
}

/// POST `/invitations/{token}`
#[allow(clippy::too_many_arguments, reason = "what actix hands a handler")]
pub async fn accept(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    visitor: Visitor,
    viewer: Result<Viewer, HttpError>,
    client: Client,
    token: web::Path<String>,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&visitor.csrf)?;
    let opened = invitations::open(&Desk::from(&**state), &token).await?;
    let asked = asked(&opened, viewer.as_ref().ok());
    match join(&state, &limits, &client, &token, &opened, asked, &fields).await {
        Ok((user, tenant)) => {
            Viewer::sign_in(&visitor.session, &user, &tenant, &client, &agent(&request))?;
            Ok(redirect(&edge, "/conversations"))
        }
        // What the link itself came to has a page of its own.
        Err(Error::Refused(refusal)) if !matches!(refusal.code, Code::NotFound | Code::Csrf) => {
            // Somebody may have made the account meanwhile: then its password is asked for.
            let opened = invitations::open(&Desk::from(&**state), &token).await?;
            let asked = self::asked(&opened, viewer.as_ref().ok());
            draw(&edge, &visitor, &token, &opened, asked, &fields.name, Some(&refusal))
        }
        Err(error) => Err(error.into()),
    }
}

/// What is to be proved or made first.
fn asked(opened: &Opened, viewer: Option<&Viewer>) -> Asked {
    match &opened.account {
        None => Asked::Account,
        Some(account) if viewer.is_some_and(|viewer| viewer.caller.user.id == account.id) => Asked::Nothing,
        Some(_) => Asked::Password,
    }
}

async fn join(
    state: &AppState,
    limits: &Limits,
    client: &Client,
    token: &str,
    opened: &Opened,
    asked: Asked,
    fields: &Fields,
) -> Result<(User, Tenant)> {
    let joining = match (asked, &opened.account) {
        (Asked::Nothing, Some(account)) => Joining::Account(account.id),
        (_, Some(account)) => {
            limits.sign_in(client.address, &account.email)?;
            let is_right = state.passwords.verify(account.password_hash.as_deref(), fields.password.clone()).await?;
            if !is_right || !account.is_active {
                return Err(Refusal::new(Code::InvalidCredentials)
                    .saying("error-password-wrong")
                    .about("password")
                    .into());
            }
            Joining::Account(account.id)
        }
        (_, None) => {
            limits.sign_in(client.address, &user::normalised_email(&opened.invitation.email))?;
            let name = checked_name(&fields.name, "name")?;
            password::check(&fields.password)?;
            Joining::New(name, state.passwords.hash(fields.password.clone()).await?)
        }
    };
    let address = client.address.to_string();
    let (user, _, tenant) = invitations::accept(&Desk::from(state), token, joining, &address).await?;
    Ok((user, tenant))
}

fn draw(
    edge: &Edge,
    visitor: &Visitor,
    token: &str,
    opened: &Opened,
    asked: Asked,
    name: &str,
    refusal: Option<&Refusal>,
) -> Answer {
    let ctx = visitor_context(edge, visitor);
    let page = InvitationPage {
        ctx: &ctx,
        token,
        tenant_name: &opened.tenant.name,
        inviter: opened.inviter.as_ref().map(|inviter| inviter.name.as_str()),
        email: &opened.invitation.email,
        role: opened.invitation.role,
        asked,
        name,
        errors: &refusal.map(|refusal| FieldErrors::from_refusal(refusal, visitor.locale)).unwrap_or_default(),
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| crate::http::error::status(refusal.code));
    refused(html(status, &page), refusal)
}
