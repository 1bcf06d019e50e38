//! Grants: say-so that a person gave beforehand, for a number of calls of one tool, until a time, within a bound.
//!
//! A grant is spent by one conditional update, in the transaction that approves the call: over any number of requests
//! and instances it covers no more calls than it was given for.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Owner;
use crate::{
    db::{
        Conn, now, on,
        schema::grants,
        types::{Json, Time},
    },
    error::Result,
    types::{Bound, ConversationId, Digest, GrantId, TenantId, ToolCallId, UserId},
};

/// The most grants that are looked at for one call, and listed.
const MOST: i64 = 200;

/// A grant as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = grants)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The person who gave it.
    pub user_id: UserId,
    /// Where it holds; in all conversations of theirs without.
    pub conversation_id: Option<ConversationId>,
    /// The tool's server.
    pub server: String,
    /// The tool.
    pub name: String,
    /// The tool's fingerprint: another tool of the same name is not meant.
    pub fingerprint: Digest,
    /// What it covers.
    pub bound: Json<Bound>,
    /// The arguments of the call it was given with.
    pub arguments: String,
    /// For how many calls it was given.
    pub count: i32,
    /// How many of them have run.
    pub used: i32,
    /// The call it was given with.
    pub call_id: ToolCallId,
    /// When it was given.
    pub created_at: Time,
    /// When it ends.
    pub expires_at: Time,
    /// When its person, or an admin who forbade it, took it back.
    pub revoked_at: Option<Time>,
}

impl Grant {
    /// How many calls are left.
    pub fn left(&self) -> i32 {
        self.count.saturating_sub(self.used)
    }
}

/// The tool that a grant is for.
#[derive(Clone, Copy, Debug)]
pub struct GrantedTool<'a> {
    /// Its server.
    pub server: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its fingerprint as it is now.
    pub fingerprint: Digest,
}

/// Those of `$of` that are the person's and hold: neither taken back nor over.
macro_rules! holding {
    ($of:expr, $owner:expr) => {
        $of.filter(grants::tenant_id.eq($owner.tenant))
            .filter(grants::user_id.eq($owner.user))
            .filter(grants::revoked_at.is_null())
            .filter(grants::expires_at.gt(Time(now())))
    };
}

/// Stores a grant.
///
/// # Errors
/// When the database refuses.
pub async fn insert(conn: &mut Conn, grant: &Grant) -> Result<()> {
    on!(conn, c => diesel::insert_into(grants::table).values(grant).execute(c).await)?;
    Ok(())
}

/// The person's grants that may cover a call of this tool in this conversation, those that end first first.
///
/// # Errors
/// When the database does not answer.
pub async fn usable(
    conn: &mut Conn,
    owner: Owner,
    conversation: ConversationId,
    tool: GrantedTool<'_>,
) -> Result<Vec<Grant>> {
    Ok(on!(conn, c => {
        holding!(grants::table, owner)
            .filter(grants::conversation_id.is_null().or(grants::conversation_id.eq(conversation)))
            .filter(grants::server.eq(tool.server))
            .filter(grants::name.eq(tool.name))
            .filter(grants::fingerprint.eq(tool.fingerprint))
            .filter(grants::used.lt(grants::count))
            .order((grants::expires_at, grants::id))
            .limit(MOST)
            .select(Grant::as_select())
            .load(c)
            .await
    })?)
}

/// Spends one call of a grant, if one is left; the grant as it is afterwards.
///
/// # Errors
/// When the database does not answer.
pub async fn spend(conn: &mut Conn, owner: Owner, id: GrantId) -> Result<Option<Grant>> {
    Ok(on!(conn, c => {
        diesel::update(holding!(grants::table.find(id), owner).filter(grants::used.lt(grants::count)))
        .set(grants::used.eq(grants::used + 1))
        .returning(Grant::as_returning())
        .get_result(c)
        .await
        .optional()
    })?)
}

/// A grant under which a call was approved, if it still holds: neither taken back nor over.
///
/// # Errors
/// When the database does not answer.
pub async fn holding(conn: &mut Conn, owner: Owner, id: GrantId) -> Result<Option<Grant>> {
    Ok(on!(conn, c => {
        holding!(grants::table.find(id), owner)
            .select(Grant::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// What a person has granted and is not used up, over or taken back; the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_person(conn: &mut Conn, owner: Owner) -> Result<Vec<Grant>> {
    Ok(on!(conn, c => {
        holding!(grants::table, owner)
            .filter(grants::used.lt(grants::count))
            .order((grants::created_at.desc(), grants::id.desc()))
            .limit(MOST)
            .select(Grant::as_select())
            .load(c)
            .await
    })?)
}

/// Takes a grant back; `None` if it is not the person's or was taken back before.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke(conn: &mut Conn, owner: Owner, id: GrantId) -> Result<Option<Grant>> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            grants::table
                .find(id)
                .filter(grants::tenant_id.eq(owner.tenant))
                .filter(grants::user_id.eq(owner.user))
                .filter(grants::revoked_at.is_null()),
        )
        .set(grants::revoked_at.eq(Some(time)))
        .returning(Grant::as_returning())
        .get_result(c)
        .await
        .optional()
    })?)
}

/// Takes back all grants of a tenant for one tool: its admins forbid them. How many there were.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_of_tool(conn: &mut Conn, tenant: TenantId, server: &str, name: &str) -> Result<usize> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            grants::table
                .filter(grants::tenant_id.eq(tenant))
                .filter(grants::server.eq(server))
                .filter(grants::name.eq(name))
                .filter(grants::revoked_at.is_null())
                .filter(grants::expires_at.gt(time)),
        )
        .set(grants::revoked_at.eq(Some(time)))
        .execute(c)
        .await
    })?)
}

/// Takes back all that a person said beforehand in a tenant. How many there were.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_of_member(conn: &mut Conn, owner: Owner) -> Result<usize> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            grants::table
                .filter(grants::tenant_id.eq(owner.tenant))
                .filter(grants::user_id.eq(owner.user))
                .filter(grants::revoked_at.is_null()),
        )
        .set(grants::revoked_at.eq(Some(time)))
        .execute(c)
        .await
    })?)
}

/// Deletes all that a person said beforehand, in every tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_of_person(conn: &mut Conn, user: UserId) -> Result<()> {
    on!(conn, c => diesel::delete(grants::table.filter(grants::user_id.eq(user))).execute(c).await)?;
    Ok(())
}

/// Forgets grants that ended more than `kept` ago.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(conn: &mut Conn, kept: TimeDelta) -> Result<()> {
    let before = Time(now() - kept);
    on!(conn, c => diesel::delete(grants::table.filter(grants::expires_at.lt(before))).execute(c).await)?;
    Ok(())
}
