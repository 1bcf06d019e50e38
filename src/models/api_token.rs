//! Tokens that people make for scripts. The table holds their SHA-256: who reads it cannot use them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Owner;
use crate::{
    db::{Conn, now, on, schema::api_tokens, types::Time},
    error::Result,
    types::{ApiTokenId, Digest, Scopes, TenantId, UserId},
};

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
