//! Links that take somebody into a tenant: for one address, with one role, once, within a week. The table holds their
//! SHA-256.

use chrono::Duration;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Owner;
use crate::{
    db::{Conn, now, on, schema::invitations, types::Time},
    error::Result,
    types::{Digest, InvitationId, Role, TenantId, UserId},
};

/// How long a link is good.
pub const LIFETIME: Duration = Duration::days(7);

/// How many links of a tenant are open at most.
pub const MOST: i64 = 500;

/// How long one that is over is kept, so that who comes late is told why it does not work.
const KEPT: Duration = Duration::days(90);

/// An invitation.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = invitations)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Into which tenant.
    pub tenant_id: TenantId,
    /// SHA-256 of the link's token.
    pub token_hash: Digest,
    /// For whom: an address in lower case.
    pub email: String,
    /// As what.
    pub role: Role,
    /// By whom; nobody, where it was whoever has a shell on the server.
    pub invited_by: Option<UserId>,
    /// When it was made or renewed.
    pub created_at: Time,
    /// When it ends by itself.
    pub expires_at: Time,
    /// When it was accepted.
    pub accepted_at: Option<Time>,
    /// When it was taken back.
    pub revoked_at: Option<Time>,
}

impl Invitation {
    /// One that is good from now on.
    pub fn new(tenant: TenantId, token: &str, email: String, role: Role, invited_by: Option<UserId>) -> Self {
        let time = now();
        Self {
            id: InvitationId::new(),
            tenant_id: tenant,
            token_hash: Digest::of(token.as_bytes()),
            email,
            role,
            invited_by,
            created_at: time.into(),
            expires_at: (time + LIFETIME).into(),
            accepted_at: None,
            revoked_at: None,
        }
    }
}

/// Keeps an invitation.
///
/// # Errors
/// When the database refuses.
pub async fn insert(conn: &mut Conn, invitation: &Invitation) -> Result<()> {
    on!(conn, c => diesel::insert_into(invitations::table).values(invitation).execute(c).await)?;
    Ok(())
}

/// The invitation of a link, good or not.
///
/// # Errors
/// When the database does not answer.
pub async fn of_token(conn: &mut Conn, token: &str) -> Result<Option<Invitation>> {
    let hash = Digest::of(token.as_bytes());
    Ok(on!(conn, c => {
        invitations::table
            .filter(invitations::token_hash.eq(hash))
            .select(Invitation::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// The invitation of that id that was neither accepted nor taken back; it may be over.
///
/// # Errors
/// When the database does not answer.
pub async fn find_open(conn: &mut Conn, tenant: TenantId, id: InvitationId) -> Result<Option<Invitation>> {
    Ok(on!(conn, c => {
        invitations::table
            .find(id)
            .filter(invitations::tenant_id.eq(tenant))
            .filter(invitations::accepted_at.is_null())
            .filter(invitations::revoked_at.is_null())
            .select(Invitation::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// A tenant's invitations that were neither accepted nor taken back, the newest first; those that are over too.
///
/// # Errors
/// When the database does not answer.
pub async fn open_in(conn: &mut Conn, tenant: TenantId) -> Result<Vec<Invitation>> {
    Ok(on!(conn, c => {
        invitations::table
            .filter(invitations::tenant_id.eq(tenant))
            .filter(invitations::accepted_at.is_null())
            .filter(invitations::revoked_at.is_null())
            .order((invitations::created_at.desc(), invitations::id.desc()))
            .limit(MOST)
            .select(Invitation::as_select())
            .load(c)
            .await
    })?)
}

/// Uses an invitation up: of any number of uses at once one succeeds, and none of one that is over or was renewed
/// under another token.
///
/// # Errors
/// When the database does not answer.
pub async fn use_up(conn: &mut Conn, token: &str) -> Result<bool> {
    let (hash, time) = (Digest::of(token.as_bytes()), Time(now()));
    let used = on!(conn, c => {
        diesel::update(
            invitations::table
                .filter(invitations::token_hash.eq(hash))
                .filter(invitations::accepted_at.is_null())
                .filter(invitations::revoked_at.is_null())
                .filter(invitations::expires_at.gt(time)),
        )
        .set(invitations::accepted_at.eq(Some(time)))
        .execute(c)
        .await
    })?;
    Ok(used == 1)
}

/// Gives an open invitation a new link and another week, in the name of who does it; the old link is void. `false` if
/// it is not open any more.
///
/// # Errors
/// When the database does not answer.
pub async fn renew(
    conn: &mut Conn,
    tenant: TenantId,
    id: InvitationId,
    token: &str,
    by: Option<UserId>,
) -> Result<bool> {
    let (hash, time) = (Digest::of(token.as_bytes()), now());
    let changed = on!(conn, c => {
        diesel::update(
            invitations::table
                .find(id)
                .filter(invitations::tenant_id.eq(tenant))
                .filter(invitations::accepted_at.is_null())
                .filter(invitations::revoked_at.is_null()),
        )
        .set((
            invitations::token_hash.eq(hash),
            invitations::invited_by.eq(by),
            invitations::created_at.eq(Time(time)),
            invitations::expires_at.eq(Time(time + LIFETIME)),
        ))
        .execute(c)
        .await
    })?;
    Ok(changed == 1)
}

/// Takes an open invitation back; `false` if it is not open any more.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke(conn: &mut Conn, tenant: TenantId, id: InvitationId) -> Result<bool> {
    let time = Time(now());
    let changed = on!(conn, c => {
        diesel::update(
            invitations::table
                .find(id)
                .filter(invitations::tenant_id.eq(tenant))
                .filter(invitations::accepted_at.is_null())
                .filter(invitations::revoked_at.is_null()),
        )
        .set(invitations::revoked_at.eq(Some(time)))
        .execute(c)
        .await
    })?;
    Ok(changed == 1)
}

/// Takes back all that a person sent and nobody accepted, in every tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_of_person(conn: &mut Conn, user: UserId) -> Result<()> {
    let time = Time(now());
    on!(conn, c => {
        diesel::update(
            invitations::table
                .filter(invitations::invited_by.eq(user))
                .filter(invitations::accepted_at.is_null())
                .filter(invitations::revoked_at.is_null()),
        )
        .set(invitations::revoked_at.eq(Some(time)))
        .execute(c)
        .await
    })?;
    Ok(())
}

/// Takes back what a person sent in one tenant and nobody accepted.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_of_member(conn: &mut Conn, owner: Owner) -> Result<()> {
    let time = Time(now());
    on!(conn, c => {
        diesel::update(
            invitations::table
                .filter(invitations::tenant_id.eq(owner.tenant))
                .filter(invitations::invited_by.eq(owner.user))
                .filter(invitations::accepted_at.is_null())
                .filter(invitations::revoked_at.is_null()),
        )
        .set(invitations::revoked_at.eq(Some(time)))
        .execute(c)
        .await
    })?;
    Ok(())
}

/// Forgets every invitation of an address, whatever became of it.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_for(conn: &mut Conn, email: &str) -> Result<()> {
    on!(conn, c => diesel::delete(invitations::table.filter(invitations::email.eq(email))).execute(c).await)?;
    Ok(())
}

/// Forgets what has been over for long.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(conn: &mut Conn) -> Result<usize> {
    let before = Time(now() - KEPT);
    Ok(on!(conn, c => {
        diesel::delete(invitations::table.filter(invitations::expires_at.lt(before))).execute(c).await
    })?)
}
