//! Who calls `/api`, `/v1` and the JSON sockets: a person with the cookie of their browser, a sign-in of a program, or a
//! script with a token that a person made.
//!
//! A call with a token is the token's alone, whatever cookie comes with it: such calls are let in from other origins and
//! under other names, where a cookie must not speak for anybody.

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::Method, web};
use futures_util::future::LocalBoxFuture;

use super::{csrf, error::HttpError, origin::carries_token, viewer::Viewer};
use crate::{
    db::{Conn, at_once},
    error::{Code, Error, Result},
    i18n::Locale,
    models::{
        Owner, api_token,
        membership::{self, Membership},
        refresh_token, session,
    },
    state::AppState,
    turn::Caller,
    types::{ApiTokenId, FamilyId, Role, Scopes, SessionId, TokenScope},
};

/// By what right somebody calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A browser's session.
    Session(SessionId),
    /// An access token of a sign-in.
    SignIn(FamilyId),
    /// A token that the person made.
    Token(ApiTokenId, Scopes),
}

/// Who calls.
#[derive(Clone)]
pub struct ApiCaller {
    /// The person and the tenant, as the turn's verbs want them.
    pub caller: Caller,
    /// Their place in the tenant.
    pub membership: Membership,
    /// Their language.
    pub locale: Locale,
    /// By what right.
    pub credential: Credential,
}

impl ApiCaller {
    /// Whose data they may touch.
    pub fn owner(&self) -> Owner {
        self.caller.owner()
    }

    /// Refuses with `forbidden` a token that was not made for this. A person who signed in may do all that they may.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn must(&self, scope: TokenScope) -> Result<()> {
        if self.may(scope) { Ok(()) } else { Err(Code::Forbidden.into()) }
    }

    /// Whether this may be used for that.
    pub fn may(&self, scope: TokenScope) -> bool {
        match &self.credential {
            Credential::Session(_) | Credential::SignIn(_) => true,
            Credential::Token(_, scopes) => scopes.has(scope),
        }
    }

    /// The same caller as they are now, for what they do long after they came; `None` if what they came with is not good
    /// any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&self, state: &AppState) -> Result<Option<Self>> {
        let owner = self.owner();
        let mut conn = state.db.read(owner.tenant).await?;
        if !holds(&mut conn, owner, &self.credential, self.caller.user.epoch).await? {
            return Ok(None);
        }
        let Some((user, membership, tenant)) = membership::find(&mut conn, owner).await? else { return Ok(None) };
        let caller = Caller { user, tenant, role: membership.role, address: self.caller.address.clone() };
        Ok(Some(Self { caller, membership, locale: self.locale, credential: self.credential.clone() }))
    }

    /// Whether the person signed in themselves, so that what they call directly is their own decision.
    pub fn is_signed_in(&self) -> bool {
        !matches!(self.credential, Credential::Token(..))
    }

    /// Whether they come with a browser's session: a sign-in by the API is a token too, which a program may hold.
    pub fn is_in_browser(&self) -> bool {
        matches!(self.credential, Credential::Session(_))
    }
}

impl FromRequest for ApiCaller {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    /// Leaves the body to whoever reads it.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            if carries_token(request.headers(), request.query_string()) {
                return Ok(super::bearer::of_request(&request).await?);
            }
            let viewer = Viewer::from_request(&request, &mut Payload::None).await?;
            of_viewer(&request, viewer)
        })
    }
}

/// Who calls with a token, where nothing else counts: a browser's cookie opens nothing here.
pub struct TokenCaller(pub ApiCaller);

impl FromRequest for TokenCaller {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    /// Leaves the body to whoever reads it.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(super::bearer::of_request(&request).await?)) })
    }
}

/// A browser's call: what changes something carries the token of the session's forms.
fn of_viewer(request: &HttpRequest, viewer: Viewer) -> Result<ApiCaller, HttpError> {
    if !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        let given = request.headers().get(csrf::HEADER).and_then(|value| value.to_str().ok());
        // A guest's script has no page to learn the token from; see `guests`.
        if viewer.membership.role != Role::Guest || given.is_some() {
            csrf::check(&viewer.csrf, given)?;
        }
    }
    let Viewer { caller, membership, session_id, locale, .. } = viewer;
    Ok(ApiCaller { caller, membership, locale, credential: Credential::Session(session_id) })
}

/// The state of the app that a request came to.
pub(super) fn state(request: &HttpRequest) -> Result<&web::Data<AppState>> {
    request.app_data::<web::Data<AppState>>().ok_or_else(|| Error::internal("no AppState"))
}

/// Whether what a caller came with is still good, with the person and the tenant behind it; for sockets, which outlive
/// their request. `epoch` is the person's when they came. A sign-in's token may end meanwhile: it is the sign-in that
/// counts.
///
/// # Errors
/// When the database does not answer.
pub async fn is_still_valid(state: &AppState, owner: Owner, credential: &Credential, epoch: i64) -> Result<bool> {
    at_once(holds(&mut *state.db.read(owner.tenant).await?, owner, credential, epoch)).await
}

/// As [`is_still_valid`], by what the database says.
///
/// # Errors
/// When the database does not answer.
pub async fn holds(conn: &mut Conn, owner: Owner, credential: &Credential, epoch: i64) -> Result<bool> {
    let found = membership::find(conn, owner).await?;
    let found = found.filter(|(user, place, tenant)| user.is_active && place.is_active && tenant.is_active);
    let Some((user, place, _)) = found else { return Ok(false) };
    match credential {
        Credential::Session(id) => Ok(user.epoch == epoch && session::is_open(conn, owner, *id).await?),
        Credential::SignIn(family) => Ok(user.epoch == epoch && refresh_token::is_open(conn, owner, *family).await?),
        Credential::Token(id, _) => Ok(place.role != Role::Guest && api_token::is_good(conn, owner, *id).await?),
    }
}
