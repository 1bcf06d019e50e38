//! Who looks: a visitor with a session, or a person who is signed in to a tenant.

use actix_session::{Session, SessionExt as _};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::header, web};
use chrono::Utc;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use super::{address::Client, csrf, error::HttpError, request_id::note_person, session_store::entry};
use crate::{
    db::at_once,
    error::{Code, Error, Result},
    i18n::Locale,
    models::{Owner, membership, membership::Membership, tenant::Tenant, user::User},
    state::AppState,
    turn::Caller,
    types::{SessionId, TenantId, UserId},
};

/// How old `last_used_at` may be before a request renews it.
const SEEN_SECONDS: i64 = 300;

/// Anyone with a browser: their language and the token of their forms.
pub struct Visitor {
    /// Their session.
    pub session: Session,
    /// Their language.
    pub locale: Locale,
    /// The token that their forms carry.
    pub csrf: String,
}

/// A person who is signed in to a tenant, as the database knows them at this request.
pub struct Viewer {
    /// The person and the tenant, as the turn's verbs want them.
    pub caller: Caller,
    /// Their place in the tenant.
    pub membership: Membership,
    /// The public id of their session.
    pub session_id: SessionId,
    /// Their session.
    pub session: Session,
    /// Their language.
    pub locale: Locale,
    /// The token that their forms carry.
    pub csrf: String,
}

impl Viewer {
    /// Whose data they may touch.
    pub fn owner(&self) -> Owner {
        self.caller.owner()
    }

    /// Begins a person's session in a tenant, under a new key: one that was known before the sign-in is worth
    /// nothing after it.
    ///
    /// # Errors
    /// When the session cannot hold it.
    pub fn sign_in(session: &Session, user: &User, tenant: &Tenant, client: &Client, agent: &str) -> Result<()> {
        session.renew();
        set(session, entry::ID, SessionId::new())?;
        set(session, entry::CSRF, csrf::new_token())?;
        set(session, entry::USER, user.id)?;
        set(session, entry::TENANT, tenant.id)?;
        set(session, entry::EPOCH, user.epoch)?;
        set(session, entry::USER_AGENT, agent.chars().take(300).collect::<String>())?;
        set(session, entry::ADDRESS, client.address.to_string())?;
        set(session, entry::SEEN, Utc::now().timestamp())
    }
}

/// Puts a value into a session.
///
/// # Errors
/// When it cannot be written as JSON; ours can.
pub fn set<T: serde::Serialize>(session: &Session, name: &str, value: T) -> Result<()> {
    session.insert(name, value).map_err(Error::internal)
}

/// A value of a session; one that cannot be read is absent.
fn get<T: DeserializeOwned>(session: &Session, name: &str) -> Option<T> {
    session.get(name).ok().flatten()
}

/// The language of a request: the person's choice, else the browser's.
fn locale(request: &HttpRequest, setting: Option<&str>) -> Locale {
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let locale = Locale::negotiate(setting, accepted);
    // For whoever renders an error of this request.
    request.extensions_mut().insert(locale);
    locale
}

impl FromRequest for Visitor {
    type Error = HttpError;
    type Future = std::future::Ready<Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let session = request.get_session();
        let visitor = || {
            let csrf = match get::<String>(&session, entry::CSRF) {
                Some(token) => token,
                None => {
                    let token = csrf::new_token();
                    set(&session, entry::CSRF, &token)?;
                    token
                }
            };
            Ok(Self { locale: locale(request, None), csrf, session: session.clone() })
        };
        std::future::ready(visitor().map_err(|error: Error| HttpError(error)))
    }
}

impl FromRequest for Viewer {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(of_request(&request).await?) })
    }
}

async fn of_request(request: &HttpRequest) -> Result<Viewer> {
    let state = request.app_data::<web::Data<AppState>>().ok_or_else(|| Error::internal("no AppState"))?;
    let client = request.extensions().get::<Client>().cloned().ok_or_else(|| Error::internal("no Client"))?;
    let session = request.get_session();
    let known = (
        get::<UserId>(&session, entry::USER),
        get::<TenantId>(&session, entry::TENANT),
        get::<SessionId>(&session, entry::ID),
        get::<String>(&session, entry::CSRF),
        get::<i64>(&session, entry::EPOCH),
    );
    let (Some(user), Some(tenant), Some(session_id), Some(csrf), Some(epoch)) = known else {
        locale(request, None);
        return Err(Code::Unauthorized.into());
    };
    let mut conn = state.db.read(tenant).await?;
    let found = at_once(membership::find(&mut conn, Owner { tenant, user })).await?;
    drop(conn);
    let Some((user, membership, tenant)) =
        found.filter(|(user, place, _)| user.is_active && place.is_active && user.epoch == epoch)
    else {
        session.purge();
        locale(request, None);
        return Err(Code::Unauthorized.into());
    };
    note_person(Owner { tenant: tenant.id, user: user.id });
    let locale = locale(request, user.language.as_deref());
    if !tenant.is_active {
        return Err(Code::TenantInactive.into());
    }
    let now = Utc::now().timestamp();
    if get::<i64>(&session, entry::SEEN).is_none_or(|seen| now - seen > SEEN_SECONDS) {
        set(&session, entry::SEEN, now)?;
        set(&session, entry::ADDRESS, client.address.to_string())?;
        note_use(state, Owner { tenant: tenant.id, user: user.id }).await?;
    }
    let caller = Caller { user, tenant, role: membership.role, address: client.address.to_string() };
    Ok(Viewer { caller, membership, session_id, session, locale, csrf })
}

/// Keeps that somebody was here, for those who run the tenant.
async fn note_use(state: &AppState, owner: Owner) -> Result<()> {
    let mut tx = state.db.write_unsynced(owner.tenant).await?;
    membership::note_use(&mut tx, owner).await?;
    tx.commit().await
}
