//! The two tokens of a sign-in through the API: one of an hour that opens, one of thirty days that fetches the next pair.
//!
//! A refresh token is used once. Using it a second time is what happens when it was copied, and nobody can tell the copy
//! from the original; so the whole sign-in ends, whoever came first. That is strict on purpose: of two uses at once one
//! gets a pair, and both then have to sign in again. There is no time within which a second use would be forgiven.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use super::access_token::{AccessTokens, Claims, LIFETIME};
use crate::{
    db::{Conn, Scope, Transaction},
    error::{Code, Result},
    feed::Wake,
    models::{
        Owner,
        audit::{Act, Actor},
        membership,
        refresh_token::{self, Asking, RefreshToken},
    },
    state::AppState,
    types::{Digest, FamilyId},
};

/// Work before it is known for whom: a token tells nobody's tenant.
const SCOPE: Scope = Scope::System("refresh tokens");

/// As scripts read it. It is never written anywhere but into that answer.
#[derive(Serialize, utoipa::ToSchema)]
pub struct TokenPair {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    refresh_token: String,
}

/// The first pair of a sign-in.
///
/// # Errors
/// When the database refuses.
pub async fn begin(
    state: &AppState,
    tokens: &AccessTokens,
    owner: Owner,
    epoch: i64,
    asking: Asking<'_>,
) -> Result<TokenPair> {
    let mut tx = state.db.write(owner.tenant).await?;
    let pair = give_out(&mut tx, tokens, owner, (FamilyId::new(), epoch), asking).await?;
    tx.commit().await?;
    Ok(pair)
}

/// The next pair of a sign-in; the token is used up by it. A second use ends the sign-in.
///
/// # Errors
/// `unauthorized` for whatever is not good, `tenant_inactive`, or a fault.
pub async fn rotate(state: &AppState, tokens: &AccessTokens, token: &str, asking: Asking<'_>) -> Result<TokenPair> {
    let hash = Digest::of(token.as_bytes());
    // Whoever guesses does not hold up those who write.
    let known = refresh_token::find(&mut *state.db.read(SCOPE).await?, hash).await?.ok_or(Code::Unauthorized)?;
    let owner = known.owner();
    let mut tx = state.db.write(owner.tenant).await?;
    if !refresh_token::use_up(&mut tx, hash).await? {
        return refuse(state, tx, hash, asking.address).await;
    }
    let place = membership::find(&mut tx, owner).await?;
    let place = place.filter(|(user, place, _)| user.is_active && place.is_active && user.epoch == known.user_epoch);
    let (user, _, tenant) = place.ok_or(Code::Unauthorized)?;
    if !refresh_token::is_open(&mut tx, owner, known.family).await? {
        return Err(Code::Unauthorized.into());
    }
    if !tenant.is_active {
        return Err(Code::TenantInactive.into());
    }
    let pair = give_out(&mut tx, tokens, owner, (known.family, user.epoch), asking).await?;
    tx.commit().await?;
    Ok(pair)
}

/// A token that could not be used: one that was used before ends its family.
async fn refuse(state: &AppState, mut tx: Transaction, hash: Digest, address: &str) -> Result<TokenPair> {
    let found = refresh_token::find(&mut tx, hash).await?.filter(|token| token.used_at.is_some());
    let Some(token) = found else { return Err(Code::Unauthorized.into()) };
    let owner = token.owner();
    if refresh_token::revoke_family(&mut tx, owner, token.family).await? > 0 {
        tracing::warn!(user = %owner.user, family = %token.family, "a refresh token was used twice; its sign-in has ended");
        let act = Act {
            actor: Actor::User(owner.user),
            address,
            action: "refresh_token_reused",
            object: format!("sign_in:{}", token.family),
            target: None,
            digest: None,
            details: "",
        };
        state.auditor.append(&mut tx, owner.tenant, act).await?;
        tx.notify(Wake::Person { from: state.instance, user: owner.user }.payload()).await?;
        tx.commit().await?;
        state.feed.touch_person(owner.user);
    }
    Err(Code::Unauthorized.into())
}

async fn give_out(
    conn: &mut Conn,
    tokens: &AccessTokens,
    owner: Owner,
    (family, epoch): (FamilyId, i64),
    asking: Asking<'_>,
) -> Result<TokenPair> {
    let refresh_token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    refresh_token::insert(conn, &RefreshToken::new(&refresh_token, family, owner, epoch, asking)).await?;
    Ok(TokenPair {
        access_token: tokens.issue(&Claims::new(owner, family, epoch))?,
        token_type: "Bearer",
        expires_in: LIFETIME,
        refresh_token,
    })
}
