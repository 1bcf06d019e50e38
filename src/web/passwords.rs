//! A new password by a single-use link of an operator's, for who forgot theirs.

use actix_web::{http::StatusCode, web};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    Answer,
    page::{html, redirect, refused, visitor_context},
};
use crate::{
    error::{Code, Error, Refusal},
    http::{Edge, address::Client, form::Form, limits::Limits, viewer::Visitor},
    models::{password, user::User},
    render::html::{FieldErrors, people::PasswordPage},
    state::AppState,
    tenancy::{Desk, operating},
};

#[derive(Deserialize)]
pub struct Fields {
    password: SecretString,
}

/// GET `/password/{token}`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    visitor: Visitor,
    token: web::Path<String>,
) -> Answer {
    let user = operating::of_password_link(&Desk::from(&**state), &token).await?;
    draw(&edge, &visitor, &token, &user, None)
}

/// POST `/password/{token}`. It signs nobody in: whoever has the link still has to know the address.
pub async fn create(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    visitor: Visitor,
    client: Client,
    token: web::Path<String>,
    form: Form<Fields>,
) -> Answer {
    let fields = form.checked(&visitor.csrf)?;
    let desk = Desk::from(&**state);
    let user = operating::of_password_link(&desk, &token).await?;
    let changed = async {
        limits.sign_in(client.address, &user.email)?;
        password::check(&fields.password)?;
        let hash = state.passwords.hash(fields.password.clone()).await?;
        operating::use_password_link(&desk, &token, &hash, &client.address.to_string()).await
    };
    match changed.await {
        Ok(_) => Ok(redirect(&edge, "/login")),
        Err(Error::Refused(refusal)) if refusal.code != Code::NotFound => {
            draw(&edge, &visitor, &token, &user, Some(&refusal))
        }
        Err(error) => Err(error.into()),
    }
}

fn draw(edge: &Edge, visitor: &Visitor, token: &str, user: &User, refusal: Option<&Refusal>) -> Answer {
    let ctx = visitor_context(edge, visitor);
    let page = PasswordPage {
        ctx: &ctx,
        token,
        email: &user.email,
        errors: &refusal.map(|refusal| FieldErrors::from_refusal(refusal, visitor.locale)).unwrap_or_default(),
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| crate::http::error::status(refusal.code));
    refused(html(status, &page), refusal)
}
