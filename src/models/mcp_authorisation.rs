//! Authorisations at servers of tools that wait for their person to come back.
//!
//! The attacks meant: an answer that comes twice, late, or to somebody who did not ask. Each is found by the hash of its
//! state, taken out as it is used, and void after ten minutes; who may use it stands sealed in it.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use secrecy::SecretString;

use super::sealed::{Place, Sealer, Unopened};
use crate::{
    db::{Conn, now, on, schema::mcp_authorisations, types::Time},
    error::Result,
    types::{Digest, TenantId, UserId},
};

/// How long a person may take.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// The most that wait for one person; the oldest go first.
const MOST: i64 = 10;

/// One that waits.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = mcp_authorisations)]
pub struct McpAuthorisation {
    /// SHA-256 of its state.
    pub state_hash: Digest,
    /// The tenant.
    pub tenant_id: TenantId,
    /// Who began it.
    pub user_id: UserId,
    /// The server's name.
    pub server: String,
    /// What it needs to go on.
    pub sealed: String,
    /// When it is void.
    pub expires_at: Time,
}

impl McpAuthorisation {
    /// One from now on, sealed for its state, person and server.
    ///
    /// # Errors
    /// Never with ours.
    pub fn new(
        sealer: &Sealer,
        tenant: TenantId,
        user: UserId,
        server: &str,
        state: &str,
        text: &SecretString,
    ) -> Result<Self> {
        let mut row = Self {
            state_hash: Digest::of(state.as_bytes()),
            tenant_id: tenant,
            user_id: user,
            server: server.to_owned(),
            sealed: String::new(),
            expires_at: (now() + LIFETIME).into(),
        };
        row.sealed = sealer.seal(&row.place(), text)?;
        Ok(row)
    }

    fn place(&self) -> Place {
        let (hash, tenant, user) = (self.state_hash.to_string(), self.tenant_id.to_string(), self.user_id.to_string());
        Place::new(&["mcp_authorisations", "sealed", &hash, &tenant, &user, &self.server])
    }

    /// What it needs to go on.
    ///
    /// # Errors
    /// When it was sealed with another key, or somebody changed the row.
    pub fn open(&self, sealer: &Sealer) -> Result<SecretString, Unopened> {
        sealer.open(&self.place(), &self.sealed)
    }
}

/// Keeps one; of a person's that wait, the newest few.
///
/// # Errors
/// When the database refuses.
pub async fn insert(conn: &mut Conn, row: &McpAuthorisation) -> Result<()> {
    let kept: Vec<Digest> = on!(conn, c => {
        mcp_authorisations::table
            .filter(mcp_authorisations::user_id.eq(row.user_id))
            .order(mcp_authorisations::expires_at.desc())
            .limit(MOST - 1)
            .select(mcp_authorisations::state_hash)
            .load(c)
            .await
    })?;
    on!(conn, c => {
        diesel::delete(mcp_authorisations::table)
            .filter(mcp_authorisations::user_id.eq(row.user_id))
            .filter(mcp_authorisations::state_hash.ne_all(&kept))
            .execute(c)
            .await?;
        diesel::insert_into(mcp_authorisations::table).values(row).execute(c).await
    })?;
    Ok(())
}

/// The person's that has this state, if it is not void.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, tenant: TenantId, user: UserId, state: &str) -> Result<Option<McpAuthorisation>> {
    let hash = Digest::of(state.as_bytes());
    Ok(on!(conn, c => {
        mcp_authorisations::table
            .find(hash)
            .filter(mcp_authorisations::tenant_id.eq(tenant))
            .filter(mcp_authorisations::user_id.eq(user))
            .filter(mcp_authorisations::expires_at.gt(Time(now())))
            .select(McpAuthorisation::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// Uses one up; whether it was still there.
///
/// # Errors
/// When the database refuses.
pub async fn consume(conn: &mut Conn, row: &McpAuthorisation) -> Result<bool> {
    let used = on!(conn, c => diesel::delete(mcp_authorisations::table.find(row.state_hash)).execute(c).await)?;
    Ok(used == 1)
}

/// Removes those of a server: what it is has changed.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_server(conn: &mut Conn, tenant: TenantId, server: &str) -> Result<()> {
    on!(conn, c => {
        diesel::delete(mcp_authorisations::table)
            .filter(mcp_authorisations::tenant_id.eq(tenant))
            .filter(mcp_authorisations::server.eq(server))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Removes those that a person began.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_person(conn: &mut Conn, user: UserId) -> Result<()> {
    on!(conn, c => {
        diesel::delete(mcp_authorisations::table).filter(mcp_authorisations::user_id.eq(user)).execute(c).await
    })?;
    Ok(())
}

/// Removes those that are void.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(conn: &mut Conn) -> Result<()> {
    on!(conn, c => {
        diesel::delete(mcp_authorisations::table)
            .filter(mcp_authorisations::expires_at.lt(Time(now())))
            .execute(c)
            .await
    })?;
    Ok(())
}
