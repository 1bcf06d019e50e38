//! Callers that bring a token of their own: one of a sign-in, or one that a person made.

use actix_web::{
    HttpMessage as _, HttpRequest,
    http::header::{self, HeaderValue},
    web,
};

use super::{
    access_token::AccessTokens,
    address::Client,
    api_caller::{ApiCaller, Credential, state},
    request_id::note_person,
};
use crate::{
    db::{Conn, Scope, at_once},
    error::{Code, Error, Result},
    i18n::Locale,
    models::{
        Owner,
        api_token::{self, PREFIX},
        membership, refresh_token,
    },
    turn::Caller,
    types::{Digest, Role},
};

/// Work before it is known for whom: a token tells nobody's tenant.
const SCOPE: Scope = Scope::System("tokens");

/// The name of the protocol that stands for a token.
const PROTOCOL: &str = "bearer";

/// A token as a request brings it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenToken {
    /// The token itself.
    pub token: String,
    /// The protocol that the answer to a socket's handshake must name: a client that offered some hangs up on an answer
    /// that names none.
    pub protocol: Option<HeaderValue>,
    /// Whether it stood in the address, where only what ends within the hour may stand.
    is_in_query: bool,
}

/// The token of a request, in one of the ways of the contract: `Authorization`, and for sockets `Sec-WebSocket-Protocol:
/// bearer, TOKEN` (or `Bearer TOKEN`), or `?token=`. The first that is there counts.
pub fn token_of(request: &HttpRequest) -> Option<GivenToken> {
    let text = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(token) = text(header::AUTHORIZATION).and_then(after_bearer) {
        return Some(GivenToken { token: token.to_owned(), protocol: None, is_in_query: false });
    }
    let upgrade = request.headers().get(header::UPGRADE)?;
    if !upgrade.as_bytes().eq_ignore_ascii_case(b"websocket") {
        return None;
    }
    if let Some(offered) = text(header::SEC_WEBSOCKET_PROTOCOL)
        && let Some((token, protocol)) = of_protocols(offered)
    {
        return Some(GivenToken { token, protocol: Some(protocol), is_in_query: false });
    }
    let mut pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
    let (_, token) = pairs.find(|(name, token)| name == "token" && !token.is_empty())?;
    Some(GivenToken { token: token.into_owned(), protocol: None, is_in_query: true })
}

/// What follows the word, whatever its case.
fn after_bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case(PROTOCOL) && !token.is_empty()).then_some(token)
}

/// The token among the protocols that a socket offers, and which of them is chosen. A server may choose only what was
/// offered: of `bearer, TOKEN` the first, of `Bearer TOKEN`, which is one name with a blank, all of it.
fn of_protocols(offered: &str) -> Option<(String, HeaderValue)> {
    let mut names = offered.split(',').map(str::trim);
    let first = names.next()?;
    let (token, chosen) = match after_bearer(first) {
        Some(token) => (token, first),
        None if first.eq_ignore_ascii_case(PROTOCOL) => (names.next().filter(|token| !token.is_empty())?, first),
        None => return None,
    };
    Some((token.to_owned(), HeaderValue::from_str(chosen).ok()?))
}

/// The caller of a request with a token.
///
/// # Errors
/// `unauthorized`; `tenant_inactive`; a fault of the database.
pub(super) async fn of_request(request: &HttpRequest) -> Result<ApiCaller> {
    let given = token_of(request).ok_or(Code::Unauthorized)?;
    match given.token.starts_with(PREFIX) {
        // It may be good for ever: it has no business in an address, which is written down in many places.
        true if given.is_in_query => Err(Code::Unauthorized.into()),
        true => at_once(of_made_token(request, &given.token)).await,
        false => at_once(of_sign_in(request, &given.token)).await,
    }
}

async fn of_sign_in(request: &HttpRequest, token: &str) -> Result<ApiCaller> {
    let tokens = request.app_data::<web::Data<AccessTokens>>().ok_or_else(|| Error::internal("no AccessTokens"))?;
    let claims = tokens.read(token).ok_or(Code::Unauthorized)?;
    let (owner, state) = (claims.owner(), state(request)?);
    let mut conn = state.db.read(owner.tenant).await?;
    if !refresh_token::is_open(&mut conn, owner, claims.fam).await? {
        return Err(Code::Unauthorized.into());
    }
    let caller = caller(request, &mut conn, owner, Credential::SignIn(claims.fam)).await?;
    if caller.caller.user.epoch == claims.epoch { Ok(caller) } else { Err(Code::Unauthorized.into()) }
}

async fn of_made_token(request: &HttpRequest, token: &str) -> Result<ApiCaller> {
    let state = state(request)?;
    let mut conn = state.db.read(SCOPE).await?;
    let found = api_token::find_by_hash(&mut conn, Digest::of(token.as_bytes())).await?.ok_or(Code::Unauthorized)?;
    drop(conn);
    let is_news = found.is_use_news();
    let mut conn = state.db.read(found.tenant_id).await?;
    let owner = found.owner();
    let caller = caller(request, &mut conn, owner, Credential::Token(found.id, found.scopes)).await?;
    drop(conn);
    // Who became a guest has none.
    if caller.membership.role == Role::Guest {
        return Err(Code::Unauthorized.into());
    }
    if is_news {
        let mut tx = state.db.write(found.tenant_id).await?;
        api_token::note_use(&mut tx, found.id).await?;
        membership::note_use(&mut tx, owner).await?;
        tx.commit().await?;
    }
    Ok(caller)
}

/// The person as they are now: someone who may not work here is nobody.
async fn caller(request: &HttpRequest, conn: &mut Conn, owner: Owner, credential: Credential) -> Result<ApiCaller> {
    let client = request.extensions().get::<Client>().cloned().ok_or_else(|| Error::internal("no Client"))?;
    let found = membership::find(conn, owner).await?;
    let found = found.filter(|(user, place, _)| user.is_active && place.is_active);
    let (user, membership, tenant) = found.ok_or(Code::Unauthorized)?;
    note_person(owner);
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let locale = Locale::negotiate(user.language.as_deref(), accepted);
    request.extensions_mut().insert(locale);
    if !tenant.is_active {
        return Err(Code::TenantInactive.into());
    }
    let caller = Caller { user, tenant, role: membership.role, address: client.address.to_string() };
    Ok(ApiCaller { caller, membership, locale, credential })
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn found(headers: &[(&str, &str)], query: &str) -> Option<(String, Option<String>)> {
        let mut request = TestRequest::with_uri(&format!("/api/socket{query}"));
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        let given = token_of(&request.to_http_request())?;
        Some((given.token, given.protocol.map(|name| name.to_str().unwrap().to_owned())))
    }

    #[test]
    fn a_token_is_found_in_each_of_its_places() {
        const UPGRADE: (&str, &str) = ("upgrade", "websocket");
        const OFFER: &str = "sec-websocket-protocol";
        for (headers, query, token, protocol) in [
            (&[("authorization", "Bearer t")][..], "", "t", None),
            (&[("authorization", "bearer  t ")], "?token=other", "t", None),
            (&[UPGRADE, ("authorization", "Bearer t"), (OFFER, "bearer, other")], "?token=other", "t", None),
            (&[UPGRADE, (OFFER, "bearer, t")], "?token=other", "t", Some("bearer")),
            (&[UPGRADE, (OFFER, "Bearer,t,more")], "", "t", Some("Bearer")),
            (&[UPGRADE, (OFFER, "Bearer t")], "", "t", Some("Bearer t")),
            (&[UPGRADE], "?after=1&token=a%2Db", "a-b", None),
            (&[("upgrade", "WebSocket")], "?token=t", "t", None),
        ] {
            let expected = Some((token.to_owned(), protocol.map(str::to_owned)));
            assert_eq!(found(headers, query), expected, "{headers:?} {query}");
        }
        for (headers, query) in [
            (&[][..], ""),
            (&[], "?token=t"),
            (&[(OFFER, "bearer, t")], ""),
            (&[UPGRADE, (OFFER, "bearer")], ""),
            (&[UPGRADE, (OFFER, "bearer, ")], "?token="),
            (&[UPGRADE, (OFFER, "chat, bearer, t")], ""),
            (&[("authorization", "Bearer ")], ""),
            (&[("authorization", "Basic t")], ""),
        ] {
            assert_eq!(found(headers, query), None, "{headers:?} {query}");
        }
    }
}
