//! Tokens that people make for scripts. The table holds their SHA-256: who reads it cannot use them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use secrecy::SecretString;

use super::Owner;
use crate::{
    db::{Conn, Prepare, now, on, schema::api_tokens, types::Time},
    error::Result,
    types::{ApiTokenId, Digest, Scopes, TenantId, UserId},
};

/// How the tokens begin, so that scanners for leaked secrets know them.
pub const PREFIX: &str = "sayso_";

/// How many tokens a person has in a tenant at most.
pub const MOST: usize = 50;

/// How old `last_used_at` may be before a use renews it.
const USE_NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A new token: the prefix and 256 random bits in 43 characters.
pub fn generate() -> SecretString {
    SecretString::from(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())))
}

/// A token.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_tokens)]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// The tenant in which it works.
    pub tenant_id: TenantId,
    /// In whose name.
    pub user_id: UserId,
    /// SHA-256 of the token.
    pub hash: Digest,
    /// What its person calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Time,
    /// When it ends by itself.
    pub expires_at: Option<Time>,
    /// When it was last used, to about a minute.
    pub last_used_at: Option<Time>,
    /// When it was taken back.
    pub revoked_at: Option<Time>,
}

impl ApiToken {
    /// Whose it is.
    pub fn owner(&self) -> Owner {
        Owner { tenant: self.tenant_id, user: self.user_id }
    }

    /// Whether this use is to be noted: the last one was, a while ago.
    pub fn is_use_news(&self) -> bool {
        self.last_used_at.is_none_or(|last| now() - last.0 >= USE_NOTED_EVERY)
    }

    /// Whether it has ended by itself.
    pub fn is_over(&self) -> bool {
        self.expires_at.is_some_and(|end| end.0 <= now())
    }
}

/// The token of that hash, if it still is one.
///
/// # Errors
/// When the database does not answer.
pub async fn find_by_hash(conn: &mut Conn, hash: Digest) -> Result<Option<ApiToken>> {
    let time = Time(now());
    Ok(on!(conn, c => {
        api_tokens::table
            .filter(api_tokens::hash.eq(hash))
            .filter(api_tokens::revoked_at.is_null())
            .filter(api_tokens::expires_at.is_null().or(api_tokens::expires_at.gt(time)))
            .select(ApiToken::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// Keeps a token.
///
/// # Errors
/// When the database refuses.
pub async fn insert(conn: &mut Conn, token: &ApiToken) -> Result<()> {
    on!(conn, c => diesel::insert_into(api_tokens::table).values(token).execute(c).await)?;
    Ok(())
}

/// A person's tokens that were not taken back, the newest first; those that ended by themselves too, so that it can be
/// seen why a script no longer gets in.
///
/// # Errors
/// When the database does not answer.
pub async fn of_person(conn: &mut Conn, owner: Owner) -> Result<Vec<ApiToken>> {
    Ok(on!(conn, c => {
        api_tokens::table
            .filter(api_tokens::tenant_id.eq(owner.tenant))
            .filter(api_tokens::user_id.eq(owner.user))
            .filter(api_tokens::revoked_at.is_null())
            .order((api_tokens::created_at.desc(), api_tokens::id.desc()))
            .limit(i64::try_from(MOST).unwrap_or(i64::MAX))
            .select(ApiToken::as_select())
            .load(c)
            .await
    })?)
}

/// Whether the token still is one; a socket asks when something about its person changes.
///
/// # Errors
/// When the database does not answer.
pub async fn is_good(conn: &mut Conn, owner: Owner, id: ApiTokenId) -> Result<bool> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::select(diesel::dsl::exists(
            api_tokens::table
                .find(id)
                .filter(api_tokens::tenant_id.eq(owner.tenant))
                .filter(api_tokens::user_id.eq(owner.user))
                .filter(api_tokens::revoked_at.is_null())
                .filter(api_tokens::expires_at.is_null().or(api_tokens::expires_at.gt(time))),
        ))
        .get_result(c)
        .await
    })?)
}

/// When a token ends by itself, if it does.
///
/// # Errors
/// When the database does not answer.
pub async fn ends_at(conn: &mut Conn, owner: Owner, id: ApiTokenId) -> Result<Option<DateTime<Utc>>> {
    let ends: Option<Option<Time>> = on!(conn, c => {
        api_tokens::table
            .find(id)
            .filter(api_tokens::tenant_id.eq(owner.tenant))
            .filter(api_tokens::user_id.eq(owner.user))
            .select(api_tokens::expires_at)
            .first(c)
            .await
            .optional()
    })?;
    Ok(ends.flatten().map(|end| end.0))
}

/// Notes that a token was used.
///
/// # Errors
/// When the database does not answer.
pub async fn note_use(conn: &mut Conn, id: ApiTokenId) -> Result<()> {
    let time = Time(now());
    on!(conn, c => {
        diesel::update(api_tokens::table.find(id)).set(api_tokens::last_used_at.eq(Some(time))).prepared().execute(c).await
    })?;
    Ok(())
}

/// Takes a token back; `None` if it is not the person's or was taken back before.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke(conn: &mut Conn, owner: Owner, id: ApiTokenId) -> Result<Option<ApiToken>> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            api_tokens::table
                .find(id)
                .filter(api_tokens::tenant_id.eq(owner.tenant))
                .filter(api_tokens::user_id.eq(owner.user))
                .filter(api_tokens::revoked_at.is_null()),
        )
        .set(api_tokens::revoked_at.eq(Some(time)))
        .returning(ApiToken::as_returning())
        .prepared()
        .get_result(c)
        .await
        .optional()
    })?)
}

/// Takes back all tokens of a person, over all tenants; how many there were.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_all(conn: &mut Conn, user: UserId) -> Result<usize> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            api_tokens::table.filter(api_tokens::user_id.eq(user)).filter(api_tokens::revoked_at.is_null()),
        )
        .set(api_tokens::revoked_at.eq(Some(time)))
        .prepared()
        .execute(c)
        .await
    })?)
}

/// Takes back a person's tokens in one tenant; how many there were.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_in(conn: &mut Conn, owner: Owner) -> Result<usize> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            api_tokens::table
                .filter(api_tokens::tenant_id.eq(owner.tenant))
                .filter(api_tokens::user_id.eq(owner.user))
                .filter(api_tokens::revoked_at.is_null()),
        )
        .set(api_tokens::revoked_at.eq(Some(time)))
        .prepared()
        .execute(c)
        .await
    })?)
}

/// Deletes all of a person's tokens, in every tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_of_person(conn: &mut Conn, user: UserId) -> Result<()> {
    on!(conn, c => diesel::delete(api_tokens::table.filter(api_tokens::user_id.eq(user))).execute(c).await)?;
    Ok(())
}
