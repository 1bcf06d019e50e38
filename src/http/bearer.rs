//! Callers that bring a token of their own.

use actix_web::{HttpMessage as _, HttpRequest, http::header};

use super::{
    address::Client,
    api_caller::{ApiCaller, Credential, authorization, state},
};
use crate::{
    db::Scope,
    error::{Code, Error, Result},
    i18n::Locale,
    models::{Owner, api_token, membership},
    turn::Caller,
    types::Digest,
};

/// How the tokens begin that people make, so that scanners for leaked secrets know them.
pub const API_TOKEN_PREFIX: &str = "sayso_";

/// The caller of a request with a token.
///
/// # Errors
/// `unauthorized`; `tenant_inactive`; a fault of the database.
pub async fn of_request(request: &HttpRequest) -> Result<ApiCaller> {
    let token = authorization(request).ok_or(Code::Unauthorized)?;
    if !token.starts_with(API_TOKEN_PREFIX) {
        return Err(Code::Unauthorized.into());
    }
    let state = state(request)?;
    let mut conn = state.db.read(Scope::System("tokens")).await?;
    let found = api_token::find_by_hash(&mut conn, Digest::of(token.as_bytes())).await?.ok_or(Code::Unauthorized)?;
    drop(conn);
    caller(request, found.owner(), Credential::Token(found.id, found.scopes)).await
}

/// The person as they are now: someone who may not work here is nobody.
async fn caller(request: &HttpRequest, owner: Owner, credential: Credential) -> Result<ApiCaller> {
    let state = state(request)?;
    let client = request.extensions().get::<Client>().cloned().ok_or_else(|| Error::internal("no Client"))?;
    let found = membership::find(&mut *state.db.read(owner.tenant).await?, owner).await?;
    let found = found.filter(|(user, place, _)| user.is_active && place.is_active);
    let (user, membership, tenant) = found.ok_or(Code::Unauthorized)?;
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let locale = Locale::negotiate(user.language.as_deref(), accepted);
    request.extensions_mut().insert(locale);
    if !tenant.is_active {
        return Err(Code::TenantInactive.into());
    }
    let caller = Caller { user, tenant, role: membership.role, address: client.address.to_string() };
    Ok(ApiCaller { caller, membership, locale, credential })
}
