//! Tokens that a person makes for scripts: made, shown once, listed and taken back in their settings.

use actix_web::{
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    web,
};
use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use super::{
    Answer,
    page::{context, html, redirect},
    sessions::Nothing,
    settings::{self, Shown},
};
use crate::{
    db::{Conn, now},
    error::{Code, Error, Refusal, Result},
    feed::Wake,
    http::{Edge, form::Form, viewer::Viewer},
    models::{
        Owner,
        api_token::{self, ApiToken},
        audit::{Act, Actor},
    },
    render::html::{
        FieldErrors, PageContext,
        tokens::{LifetimeOption, TokenPage, TokenSummary, TokensSection},
    },
    state::AppState,
    types::{ApiTokenId, Digest, Role, Scopes, TokenScope},
};

/// Characters of a name at most.
const LONGEST_NAME: usize = 100;

/// How long a token is good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Lifetime {
    #[serde(rename = "30")]
    Month,
    #[default]
    #[serde(rename = "90")]
    Quarter,
    #[serde(rename = "365")]
    Year,
    #[serde(rename = "none")]
    ForEver,
}

impl Lifetime {
    const ALL: [Self; 4] = [Self::Month, Self::Quarter, Self::Year, Self::ForEver];

    fn days(self) -> Option<i64> {
        match self {
            Self::Month => Some(30),
            Self::Quarter => Some(90),
            Self::Year => Some(365),
            Self::ForEver => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Month => "30",
            Self::Quarter => "90",
            Self::Year => "365",
            Self::ForEver => "none",
        }
    }
}

/// What a person types who wants a token.
#[derive(Default, Deserialize)]
pub struct Fields {
    name: String,
    #[serde(default)]
    scopes: Vec<TokenScope>,
    lifetime: Lifetime,
}

/// The section of the settings page; guests have none.
pub(super) struct Section {
    tokens: Vec<TokenSummary>,
    lifetimes: Vec<LifetimeOption>,
}

impl Section {
    /// As it stands, with what was typed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn new(conn: &mut Conn, viewer: &Viewer, typed: &Fields) -> Result<Option<Self>> {
        if !may_have(viewer) {
            return Ok(None);
        }
        let option = |lifetime: Lifetime| LifetimeOption {
            value: lifetime.as_str(),
            days: lifetime.days(),
            is_chosen: lifetime == typed.lifetime,
        };
        let tokens = api_token::of_person(conn, viewer.owner()).await?.into_iter().map(summary).collect();
        Ok(Some(Self { tokens, lifetimes: Lifetime::ALL.map(option).to_vec() }))
    }

    pub(super) fn view<'a>(
        &'a self,
        ctx: &'a PageContext,
        typed: &'a Fields,
        errors: &'a FieldErrors,
    ) -> TokensSection<'a> {
        let Self { tokens, lifetimes } = self;
        TokensSection { ctx, tokens, name: &typed.name, scopes: &typed.scopes, lifetimes, errors }
    }
}

fn summary(token: ApiToken) -> TokenSummary {
    TokenSummary {
        id: token.id,
        is_over: token.is_over(),
        name: token.name,
        scopes: token.scopes.iter().collect(),
        made: token.created_at.into(),
        ends: token.expires_at.map(Into::into),
        last_used: token.last_used_at.map(Into::into),
    }
}

/// A guest has no account to which a token could lead.
fn may_have(viewer: &Viewer) -> bool {
    viewer.membership.role != Role::Guest
}

/// GET `/settings/tokens`: where the form leads whose answer is not kept.
pub async fn index(edge: web::Data<Edge>) -> Answer {
    Ok(redirect(&edge, "/settings#tokens"))
}

/// POST `/settings/tokens`. The answer is the one page that shows the token: the table holds its digest alone.
pub async fn create(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer, form: Form<Fields>) -> Answer {
    let fields = form.checked(&viewer.csrf)?;
    if !may_have(&viewer) {
        return Err(Code::Forbidden.into());
    }
    match make(&state, &viewer, &fields).await {
        Ok((name, token)) => {
            let ctx = context(&state, &edge, &viewer).await?;
            let page = TokenPage { ctx: &ctx, name: &name, token: token.expose_secret() };
            let mut answer = html(StatusCode::OK, &page)?;
            answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(answer)
        }
        Err(Error::Refused(refusal)) => {
            let token_errors = FieldErrors::from_refusal(&refusal, viewer.locale);
            let status = crate::http::error::status(refusal.code);
            settings::draw(&state, &edge, &viewer, Shown { token: fields, token_errors, status, ..Shown::of(&viewer) })
                .await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// What is wanted, if it may be.
fn check(fields: &Fields) -> Result<(String, Scopes), Refusal> {
    let refusal = |message| Refusal::new(Code::InvalidPayload).saying(message);
    let name = fields.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(refusal("error-token-name").with("most", LONGEST_NAME).about("token-name"));
    }
    let scopes = Scopes::new(fields.scopes.iter().copied()).map_err(|_| {
        let words = if fields.scopes.is_empty() { "error-token-no-scope" } else { "error-token-tools-and-decide" };
        refusal(words).about("scopes")
    })?;
    Ok((name.to_owned(), scopes))
}

async fn make(state: &AppState, viewer: &Viewer, fields: &Fields) -> Result<(String, secrecy::SecretString)> {
    let (name, scopes) = check(fields)?;
    let (owner, time, secret) = (viewer.owner(), now(), api_token::generate());
    let token = ApiToken {
        id: ApiTokenId::new(),
        tenant_id: owner.tenant,
        user_id: owner.user,
        hash: Digest::of(secret.expose_secret().as_bytes()),
        name: name.clone(),
        scopes,
        created_at: time.into(),
        expires_at: fields.lifetime.days().map(|days| (time + TimeDelta::days(days)).into()),
        last_used_at: None,
        revoked_at: None,
    };
    let mut tx = state.db.write(owner.tenant).await?;
    if api_token::of_person(&mut tx, owner).await?.len() >= api_token::MOST {
        return Err(Refusal::new(Code::Conflict).saying("error-token-many").with("most", api_token::MOST).into());
    }
    api_token::insert(&mut tx, &token).await?;
    audit(state, &mut tx, viewer, "api_token_made", &token).await?;
    tx.commit().await?;
    Ok((name, secret))
}

/// POST `/settings/tokens/{id}/revoke`
pub async fn revoke(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    form: Form<Nothing>,
) -> Answer {
    form.checked(&viewer.csrf)?;
    let id: ApiTokenId = id.parse().map_err(|_| Code::NotFound)?;
    let owner: Owner = viewer.owner();
    let mut tx = state.db.write(owner.tenant).await?;
    let revoked = api_token::revoke(&mut tx, owner, id).await?.ok_or(Code::NotFound)?;
    audit(&state, &mut tx, &viewer, "api_token_revoked", &revoked).await?;
    tx.notify(Wake::Person { from: state.instance, user: owner.user }.payload()).await?;
    tx.commit().await?;
    // Sockets that were opened with it close.
    state.feed.touch_person(owner.user);
    Ok(redirect(&edge, "/settings#tokens"))
}

async fn audit(state: &AppState, conn: &mut Conn, viewer: &Viewer, action: &str, token: &ApiToken) -> Result<()> {
    let scopes = token.scopes.to_string();
    let act = Act {
        actor: Actor::User(viewer.caller.user.id),
        address: &viewer.caller.address,
        action,
        object: format!("api_token:{}", token.id),
        target: None,
        digest: None,
        details: &scopes,
    };
    state.auditor.append(conn, token.tenant_id, act).await
}
