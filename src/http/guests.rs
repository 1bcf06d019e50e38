//! Coming in without an account, where `GUEST_TENANT` lets people: by the page, or by a first call of `/api/chat`.
//!
//! A guest is known by the cookie of a session like everybody else's, and is a person of their own. The attack meant is
//! making them by the thousand: an address may do so as often as it may sign in. A guest's calls of `/api` need no token
//! of a form, which a script without a page has no way to learn: the cookie does not go along from foreign pages
//! (`SameSite`), foreign pages are refused by [`super::origin`], and bodies must be JSON.

use actix_session::{Session, SessionExt as _};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::header, web};
use futures_util::future::LocalBoxFuture;

use super::{
    address::Client,
    api_caller::{ApiCaller, Credential, state},
    error::HttpError,
    limits::Limits,
    origin::carries_token,
    session_store::{DatabaseSessions, entry},
    viewer::Viewer,
};
use crate::{
    error::{Code, Error, Result},
    i18n::Locale,
    models::{Owner, membership},
    state::AppState,
    tenancy::{Desk, guests},
    turn::Caller,
    types::{SessionId, UserId},
};

/// What a guest is called who could not say.
const NAMELESS: &str = "Guest";

/// Lets a guest in: they have a session from here on.
///
/// # Errors
/// `not_found` where guests may not come in; `rate_limited`; `invalid_payload` about `name`; `tenant_inactive`.
pub async fn admit(
    state: &AppState,
    limits: &Limits,
    session: &Session,
    client: &Client,
    agent: &str,
    name: &str,
) -> Result<Owner> {
    let slug = state.settings.guest_tenant.as_deref().ok_or(Code::NotFound)?;
    limits.guest(client.address)?;
    let (user, tenant) = guests::admit(&Desk::from(state), slug, name, &client.address.to_string()).await?;
    Viewer::sign_in(session, &user, &tenant, client, agent)?;
    Ok(Owner { tenant: tenant.id, user: user.id })
}

/// Who calls where a guest may begin: somebody who is known, or else a guest from here on.
pub struct GuestOrCaller(pub ApiCaller);

impl FromRequest for GuestOrCaller {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    /// Leaves the body to whoever reads it.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let session = request.get_session();
            // Whoever brings anything is told that it is good no more, and not made somebody else in silence.
            let is_known = carries_token(request.headers(), request.query_string())
                || session.get::<UserId>(entry::USER).ok().flatten().is_some();
            if is_known || state(&request)?.settings.guest_tenant.is_none() {
                return Ok(Self(ApiCaller::from_request(&request, &mut Payload::None).await?));
            }
            Ok(Self(begin(&request, &session).await?))
        })
    }
}

async fn begin(request: &HttpRequest, session: &Session) -> Result<ApiCaller> {
    let state = state(request)?;
    let limits = request.app_data::<web::Data<Limits>>().ok_or_else(|| Error::internal("no Limits"))?;
    let client = request.extensions().get::<Client>().cloned().ok_or_else(|| Error::internal("no Client"))?;
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let agent = text(header::USER_AGENT).unwrap_or_default();
    let owner = admit(state, limits, session, &client, agent, NAMELESS).await?;
    let entries = session.entries().clone();
    DatabaseSessions::new(state.db.clone()).keep_ahead(&entries).await?;
    let found = membership::find(&mut *state.db.read(owner.tenant).await?, owner).await?;
    let (user, membership, tenant) = found.ok_or(Code::Unauthorized)?;
    let id: SessionId = session.get(entry::ID).ok().flatten().ok_or_else(|| Error::internal("no session"))?;
    let locale = Locale::negotiate(None, text(header::ACCEPT_LANGUAGE));
    let caller = Caller { user, tenant, role: membership.role, address: client.address.to_string() };
    Ok(ApiCaller { caller, membership, locale, credential: Credential::Session(id) })
}
