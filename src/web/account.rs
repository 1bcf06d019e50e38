//! A person's account: another password, their data as a file, its end.
//!
//! The attack meant: somebody at a browser that was left open. What would outlast the session (a password, the end of the
//! account) asks for the password that they do not know, and each try is counted as an attempt to sign in.

use actix_web::{HttpRequest, http::StatusCode, web};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    Answer,
    page::{context, html, redirect, refused, visitor_context},
    sessions::Nothing,
};
use crate::{
    error::{Code, Error, Refusal, Result},
    http::{
        Edge,
        address::Client,
        data,
        error::status,
        form::Form,
        limits::Limits,
        sign_in::agent,
        viewer::{Viewer, Visitor},
    },
    models::audit::Actor,
    render::html::{
        FieldErrors,
        account::{DataPage, DeletePage, DeletedPage, NewPasswordPage},
    },
    state::AppState,
    tenancy::{Acting, Desk, account},
};

/// As what a person acts on their own account.
pub(super) fn acting(viewer: &Viewer) -> Acting {
    let (user, address) = (&viewer.caller.user, viewer.caller.address.clone());
    Acting { actor: Actor::User(user.id), address, is_operator: user.is_operator }
}

#[derive(Deserialize)]
pub struct Passwords {
    #[serde(default)]
    old: SecretString,
    #[serde(default)]
    password: SecretString,
}

/// GET `/settings/password`
pub async fn password(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer) -> Answer {
    must_have_password(&viewer)?;
    draw_password(&state, &edge, &viewer, None).await
}

/// POST `/settings/password`: this browser goes on under a new key, whatever else was open is not.
pub async fn change_password(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    viewer: Viewer,
    client: Client,
    form: Form<Passwords>,
) -> Answer {
    let Passwords { old, password } = form.checked(&viewer.csrf)?;
    must_have_password(&viewer)?;
    let user = &viewer.caller.user;
    let changed = async {
        limits.sign_in(client.address, &user.email)?;
        account::change_password(&state, &acting(&viewer), user, old, password).await
    };
    match changed.await {
        Ok(user) => {
            Viewer::sign_in(&viewer.session, &user, &viewer.caller.tenant, &client, &agent(&request))?;
            Ok(redirect(&edge, "/settings?saved=password"))
        }
        Err(Error::Refused(refusal)) if refusal.code != Code::Unauthorized => {
            draw_password(&state, &edge, &viewer, Some(&refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// There is nothing to be changed where nobody signs in.
fn must_have_password(viewer: &Viewer) -> Result<()> {
    viewer.caller.user.password_hash.as_ref().map(drop).ok_or_else(|| Code::NotFound.into())
}

async fn draw_password(state: &AppState, edge: &Edge, viewer: &Viewer, refusal: Option<&Refusal>) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    let page = NewPasswordPage { ctx: &ctx, email: &viewer.caller.user.email, errors: &errors(viewer, refusal) };
    refused(html(status_of(refusal), &page), refusal)
}

/// GET `/settings/data`
pub async fn data(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer) -> Answer {
    draw_data(&state, &edge, &viewer, None).await
}

/// POST `/settings/data`: the file. It is a form, so that no foreign page can make somebody download it again and again.
pub async fn download(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    viewer: Viewer,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let user = &viewer.caller.user;
    let noted = async {
        limits.message(user.id)?;
        account::note_export(&Desk::from(&**state), &acting(&viewer), user.id).await
    };
    match noted.await {
        Ok(()) => Ok(data::data(&state, user.clone(), edge.urls.prefix(), viewer.locale)),
        Err(Error::Refused(refusal)) => draw_data(&state, &edge, &viewer, Some(&refusal)).await,
        Err(error) => Err(error.into()),
    }
}

async fn draw_data(state: &AppState, edge: &Edge, viewer: &Viewer, refusal: Option<&Refusal>) -> Answer {
    let ctx = context(state, edge, viewer).await?;
    refused(html(status_of(refusal), &DataPage { ctx: &ctx, errors: &errors(viewer, refusal) }), refusal)
}

#[derive(Default, Deserialize)]
pub struct Farewell {
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    confirmation: String,
}

/// GET `/settings/delete`
pub async fn end(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer) -> Answer {
    draw_end(&state, &edge, &viewer, "", None).await
}

/// POST `/settings/delete`
pub async fn delete(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    limits: web::Data<Limits>,
    viewer: Viewer,
    client: Client,
    form: Form<Farewell>,
) -> Answer {
    let Farewell { password, confirmation } = form.checked(&viewer.csrf)?;
    let user = &viewer.caller.user;
    let deleted = async {
        limits.sign_in(client.address, &user.email)?;
        account::delete(&state, &acting(&viewer), user, password, &confirmation).await
    };
    match deleted.await {
        Ok(()) => {
            viewer.session.purge();
            let Viewer { session, locale, .. } = viewer;
            let nobody = Visitor { session, locale, csrf: String::new() };
            html(StatusCode::OK, &DeletedPage { ctx: &visitor_context(&edge, &nobody) })
        }
        Err(Error::Refused(refusal)) if refusal.code != Code::Unauthorized => {
            draw_end(&state, &edge, &viewer, &confirmation, Some(&refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn draw_end(state: &AppState, edge: &Edge, viewer: &Viewer, typed: &str, refusal: Option<&Refusal>) -> Answer {
    let user = &viewer.caller.user;
    let alone_in = account::owned_alone(&Desk::from(state), user.id).await?;
    let alone_in: Vec<String> = alone_in.into_iter().map(|tenant| tenant.name).collect();
    let ctx = context(state, edge, viewer).await?;
    let page = DeletePage {
        ctx: &ctx,
        email: if user.password_hash.is_some() { &user.email } else { "" },
        wanted: account::confirmation(user),
        typed,
        has_password: user.password_hash.is_some(),
        alone_in: &alone_in,
        errors: &errors(viewer, refusal),
    };
    refused(html(status_of(refusal), &page), refusal)
}

fn errors(viewer: &Viewer, refusal: Option<&Refusal>) -> FieldErrors {
    refusal.map(|refusal| FieldErrors::from_refusal(refusal, viewer.locale)).unwrap_or_default()
}

fn status_of(refusal: Option<&Refusal>) -> StatusCode {
    refusal.map_or(StatusCode::OK, |refusal| status(refusal.code))
}
