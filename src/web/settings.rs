//! A person's own settings: name, language, what they said beforehand, tokens, open sessions.

use actix_web::{http::StatusCode, web};
use serde::Deserialize;

use super::{
    Answer,
    account::acting,
    authorise, connections, grants,
    page::{context, html, redirect},
    sessions::Nothing,
    tokens,
};
use crate::{
    db::Scope,
    error::{Code, Error, Refusal, Result},
    http::{Edge, form::Form, viewer::Viewer},
    i18n::Locale,
    models::{
        membership,
        refresh_token::{self, OpenSignIn},
        session,
    },
    render::html::{
        FieldErrors,
        pages::{SessionSummary, SettingsPage, SignInSummary},
    },
    state::AppState,
    tenancy::{Desk, account, checked_name},
    tools::mcp::ServerName,
    types::{FamilyId, SessionId, TenantId},
};

/// Where a person is signed in is over all their tenants.
const SCOPE: Scope = Scope::System("where a person is signed in");

#[derive(Deserialize)]
pub struct Saved {
    #[serde(default)]
    saved: Option<String>,
    #[serde(default)]
    connection: Option<String>,
    #[serde(default)]
    done: Option<String>,
}

impl Saved {
    /// What was done about a connection, if it is something that can be done. Of an address, which anybody may have
    /// written: a name at most.
    fn connected(&self) -> Option<(&'static str, String)> {
        let server: ServerName = self.connection.as_deref()?.parse().ok()?;
        let key = match self.done.as_deref()? {
            "authorised" => "authorise-done",
            "unauthorised" => "authorise-removed",
            _ => return None,
        };
        Some((key, server.to_string()))
    }
}

#[derive(Deserialize)]
pub struct Fields {
    name: String,
    language: Option<String>,
}

/// GET `/settings`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    query: web::Query<Saved>,
) -> Answer {
    let notice = query.saved.as_deref().map(|saved| match saved {
        "password" => "password-changed",
        _ => "settings-saved",
    });
    draw(&state, &edge, &viewer, Shown { notice, connected: query.connected(), ..Shown::of(&viewer) }).await
}

/// POST `/settings`
pub async fn update(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer, form: Form<Fields>) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    if let Err(refusal) = check(&fields) {
        let errors = FieldErrors::from_refusal(&refusal, viewer.locale);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&state, &edge, &viewer, Shown { typed: fields, errors, status, ..Shown::of(&viewer) }).await;
    }
    let desk = Desk::from(&**state);
    let (name, language) = (&fields.name, fields.language.as_deref());
    account::set_profile(&desk, &acting(&viewer), &viewer.caller.user, name, language).await?;
    Ok(redirect(&edge, "/settings?saved=1"))
}

fn check(fields: &Fields) -> Result<(), Refusal> {
    if let Err(Error::Refused(refusal)) = checked_name(&fields.name, "name") {
        return Err(refusal);
    }
    match fields.language.as_deref() {
        Some(tag) if Locale::parse(tag).is_none() => Err(Refusal::new(Code::InvalidPayload)
            .saying("error-invalid-field")
            .with("field", "language")
            .about("language")),
        _ => Ok(()),
    }
}

/// What was typed into the forms of the page, and what came of it.
pub(super) struct Shown {
    pub(super) typed: Fields,
    /// What was just done, as a key of words.
    pub(super) notice: Option<&'static str>,
    pub(super) connected: Option<(&'static str, String)>,
    pub(super) errors: FieldErrors,
    pub(super) token: tokens::Fields,
    pub(super) token_errors: FieldErrors,
    pub(super) status: StatusCode,
}

impl Shown {
    /// Nothing typed yet: things as they are.
    pub(super) fn of(viewer: &Viewer) -> Self {
        let user = &viewer.caller.user;
        Self {
            typed: Fields { name: user.name.clone(), language: user.language.clone() },
            notice: None,
            connected: None,
            errors: FieldErrors::default(),
            token: tokens::Fields::default(),
            token_errors: FieldErrors::default(),
            status: StatusCode::OK,
        }
    }
}

/// The page.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn draw(state: &AppState, edge: &Edge, viewer: &Viewer, shown: Shown) -> Answer {
    let Shown { typed, notice, connected, errors, token, token_errors, status } = shown;
    let (sessions, sign_ins) = signed_in(state, viewer).await?;
    let mut conn = state.db.read(viewer.caller.tenant.id).await?;
    let grants = grants::listed(&mut conn, viewer.owner()).await?;
    let section = tokens::Section::new(&mut conn, viewer, &token).await?;
    drop(conn);
    let connections = connections::listed(state, viewer).await?;
    let fault = authorise::take_fault(viewer).map(|(_, words)| words);
    let ctx = context(state, edge, viewer).await?;
    let connected = connected.map(|(key, server)| ctx.t1(key, "server", server).into_owned());
    let page = SettingsPage {
        connections: &connections,
        connected: connected.as_deref(),
        connection_fault: fault.as_deref(),
        ctx: &ctx,
        name: &typed.name,
        language: typed.language.as_deref().and_then(Locale::parse),
        sessions: &sessions,
        sign_ins: &sign_ins,
        grants: &grants,
        tokens: section.as_ref().map(|section| section.view(&ctx, &token, &token_errors)),
        notice,
        has_password: viewer.caller.user.password_hash.is_some(),
        errors: &errors,
    };
    html(status, &page)
}

/// Where a person is signed in, in all of their tenants: those are named where there are several.
async fn signed_in(state: &AppState, viewer: &Viewer) -> Result<(Vec<SessionSummary>, Vec<SignInSummary>)> {
    let user = viewer.caller.user.id;
    let mut conn = state.db.read(SCOPE).await?;
    let places = membership::all_of_user(&mut conn, user).await?;
    let sessions = session::of_user(&mut conn, user).await?;
    let programs = refresh_token::open_sign_ins(&mut conn, user).await?;
    drop(conn);
    let tenant = |id: Option<TenantId>| {
        let found = places.iter().find(|(_, tenant)| places.len() > 1 && Some(tenant.id) == id);
        found.map(|(_, tenant)| tenant.name.clone())
    };
    let summary = |session: session::Session| SessionSummary {
        id: session.id,
        device: device(&session.user_agent, &session.address),
        tenant: tenant(session.tenant_id),
        last_used: session.last_used_at.into(),
        is_current: session.id == viewer.session_id,
    };
    let program = |open: OpenSignIn| SignInSummary {
        id: open.family,
        device: program(&open),
        tenant: tenant(Some(open.tenant)),
        last_used: open.last_used_at.into(),
    };
    Ok((sessions.into_iter().map(summary).collect(), programs.into_iter().map(program).collect()))
}

/// So much of a program's own words is shown.
const WORDS: usize = 80;

/// A program in its own words, which may be any: `nightly-report/2.1 · 192.0.2.1`. None, where it said nothing.
fn program(open: &OpenSignIn) -> Option<String> {
    let words: String = open.user_agent.chars().filter(|character| !character.is_control()).take(WORDS).collect();
    let said = [words.trim(), &open.address].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    (!said.is_empty()).then(|| said.join(" · "))
}

/// A browser in a few words: `Firefox, Linux · 192.0.2.1`.
fn device(agent: &str, address: &str) -> String {
    let first = |names: &[&'static str]| names.iter().find(|name| agent.contains(**name)).copied();
    // The order matters: every one of these names those after it too.
    let browser = first(&["Edg", "OPR", "Firefox", "Chromium", "Chrome", "Safari", "curl"]).unwrap_or("Browser");
    let browser = match browser {
        "Edg" => "Edge",
        "OPR" => "Opera",
        other => other,
    };
    let system = first(&["Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux"]);
    match system {
        Some(system) => format!("{browser}, {system} · {address}"),
        None => format!("{browser} · {address}"),
    }
}

/// POST `/settings/sessions/{id}/revoke`
pub async fn revoke_session(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let id: SessionId = id.parse().map_err(|_| Code::NotFound)?;
    account::end_session(&Desk::from(&**state), &acting(&viewer), viewer.caller.user.id, id).await?;
    Ok(redirect(&edge, "/settings"))
}

/// POST `/settings/sign-ins/{id}/revoke`: ends what a program was signed in with, and all that it has open.
pub async fn revoke_sign_in(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let id: FamilyId = id.parse().map_err(|_| Code::NotFound)?;
    account::end_sign_in(&Desk::from(&**state), &acting(&viewer), viewer.caller.user.id, id).await?;
    Ok(redirect(&edge, "/settings"))
}
