//! A person's own settings: name, language, what they said beforehand, tokens, open sessions.

use actix_web::{http::StatusCode, web};
use serde::Deserialize;

use super::{
    Answer, authorise, connections, grants,
    page::{context, html, redirect},
    sessions::Nothing,
    tokens,
};
use crate::{
    db::Scope,
    error::{Code, Refusal, Result},
    feed::Wake,
    http::{
        Edge,
        form::Form,
        sign_in::{SignedInBy, sign_out},
        viewer::Viewer,
    },
    i18n::Locale,
    models::{
        refresh_token::{self, OpenSignIn},
        session, user,
    },
    render::html::{
        FieldErrors,
        pages::{SessionSummary, SettingsPage, SignInSummary},
    },
    state::AppState,
    tools::mcp::ServerName,
    types::{FamilyId, SessionId},
};

/// A person's sessions are theirs in whatever tenant they are signed in to: the walls between tenants are not between them.
const OWN: Scope = Scope::System("a person's own sessions");

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
    let (is_saved, connected) = (query.saved.is_some(), query.connected());
    draw(&state, &edge, &viewer, Shown { is_saved, connected, ..Shown::of(&viewer) }).await
}

/// POST `/settings`
pub async fn update(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer, form: Form<Fields>) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    if let Err(refusal) = check(&fields) {
        let errors = FieldErrors::from_refusal(&refusal, viewer.locale);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&state, &edge, &viewer, Shown { typed: fields, errors, status, ..Shown::of(&viewer) }).await;
    }
    let mut tx = state.db.write(viewer.caller.tenant.id).await?;
    user::set_profile(&mut tx, viewer.caller.user.id, fields.name.trim(), fields.language.as_deref()).await?;
    tx.commit().await?;
    Ok(redirect(&edge, "/settings?saved=1"))
}

fn check(fields: &Fields) -> Result<(), Refusal> {
    let name = fields.name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.contains('\0') {
        return Err(Refusal::new(Code::InvalidPayload).saying("error-name").about("name"));
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
    pub(super) is_saved: bool,
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
            is_saved: false,
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
    let Shown { typed, is_saved, connected, errors, token, token_errors, status } = shown;
    let open = session::of_user(&mut *state.db.read(OWN).await?, viewer.caller.user.id).await?;
    let mut conn = state.db.read(viewer.caller.tenant.id).await?;
    let programs = refresh_token::open_sign_ins(&mut conn, viewer.owner()).await?;
    let grants = grants::listed(&mut conn, viewer.owner()).await?;
    let section = tokens::Section::new(&mut conn, viewer, &token).await?;
    drop(conn);
    let summary = |session: session::Session| SessionSummary {
        id: session.id,
        device: device(&session.user_agent, &session.address),
        last_used: session.last_used_at.into(),
        is_current: session.id == viewer.session_id,
    };
    let sessions: Vec<SessionSummary> = open.into_iter().map(summary).collect();
    let program = |open: OpenSignIn| SignInSummary { id: open.family, last_used: open.last_used_at.into() };
    let sign_ins: Vec<SignInSummary> = programs.into_iter().map(program).collect();
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
        is_saved,
        errors: &errors,
    };
    html(status, &page)
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
    let mut tx = state.db.write(OWN).await?;
    if !session::revoke(&mut tx, viewer.caller.user.id, id).await? {
        return Err(Code::NotFound.into());
    }
    tx.notify(&Wake::Person { from: state.instance, user: viewer.caller.user.id }.payload()).await?;
    tx.commit().await?;
    state.feed.touch_person(viewer.caller.user.id);
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
    if !refresh_token::is_open(&mut *state.db.read(viewer.caller.tenant.id).await?, viewer.owner(), id).await? {
        return Err(Code::NotFound.into());
    }
    sign_out(&state, viewer.owner(), SignedInBy::Family(id), &viewer.caller.address).await?;
    Ok(redirect(&edge, "/settings"))
}
