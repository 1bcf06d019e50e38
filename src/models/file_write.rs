//! What tools wrote into the workspace: noted before the file is replaced, so that a crash cannot lose by which call
//! and on whose say-so it was, nor what was there before.
//!
//! The file that stands is the one of the newest write that is done and not undone, as far as only tools write.

use chrono::{DateTime, Utc};
use diesel::{prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;

use super::Owner;
use crate::{
    db::{
        Conn, now, on,
        schema::{file_writes, tool_calls, users},
        types::Time,
    },
    error::Result,
    types::{ConversationId, Digest, TenantId, ToolCallId, Undo, UserId},
};

mod alias {
    use crate::db::schema::file_writes;

    diesel::alias!(file_writes as newer: Newer);
}
use alias::newer;

/// A write as it is stored, without the content.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = file_writes)]
pub struct FileWrite {
    /// The call.
    pub call_id: ToolCallId,
    /// The person whose say-so it was.
    pub user_id: UserId,
    /// The tool.
    pub tool: String,
    /// Where, in the tenant's folder.
    pub path: String,
    /// What was there; `None` for nothing.
    pub hash_before: Option<Digest>,
    /// What the tool wrote.
    pub hash_after: Digest,
    /// How long that is.
    pub bytes_after: i64,
    /// When it is known to have happened.
    pub done_at: Option<Time>,
    /// When its person put back what was there.
    pub undone_at: Option<Time>,
}

/// A write that is about to happen.
#[derive(Clone, Debug)]
pub struct NewWrite<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// The person whose say-so it is.
    pub user: UserId,
    /// The call.
    pub call: ToolCallId,
    /// The tool.
    pub tool: &'a str,
    /// Where.
    pub path: &'a str,
    /// What is there; `None` for nothing.
    pub hash_before: Option<Digest>,
    /// What will be.
    pub hash_after: Digest,
    /// How long that is.
    pub bytes_after: i64,
    /// The content that is there, if it is to be kept.
    pub content_before: Option<&'a [u8]>,
}

#[derive(Insertable)]
#[diesel(table_name = file_writes)]
struct Row<'a> {
    call_id: ToolCallId,
    tenant_id: TenantId,
    user_id: UserId,
    tool: &'a str,
    path: &'a str,
    hash_before: Option<Digest>,
    hash_after: Digest,
    content_before: Option<&'a [u8]>,
    bytes_before: i64,
    bytes_after: i64,
    begun_at: Time,
}

/// Notes a write before it happens; `false` if one was noted for this call before: it has no second. What it replaces
/// can be put back if it changes something and what is there is nothing or kept.
///
/// # Errors
/// When the database refuses.
pub async fn begin(conn: &mut Conn, new: &NewWrite<'_>) -> Result<bool> {
    let row = Row {
        call_id: new.call,
        tenant_id: new.tenant,
        user_id: new.user,
        tool: new.tool,
        path: new.path,
        hash_before: new.hash_before,
        hash_after: new.hash_after,
        content_before: new.content_before,
        bytes_before: new.content_before.map_or(0, |content| i64::try_from(content.len()).unwrap_or(i64::MAX)),
        bytes_after: new.bytes_after,
        begun_at: now().into(),
    };
    let noted = on!(conn, c => {
        diesel::insert_into(file_writes::table).values(&row).on_conflict_do_nothing().execute(c).await
    })?;
    if noted == 0 {
        return Ok(false);
    }
    let changes = new.hash_before != Some(new.hash_after);
    let is_kept = new.hash_before.is_none() || new.content_before.is_some();
    if changes && is_kept {
        set_undo(conn, new.tenant, new.call, Some(Undo::Possible)).await?;
    }
    Ok(true)
}

/// The file is replaced.
///
/// # Errors
/// When the database refuses.
pub async fn done(conn: &mut Conn, tenant: TenantId, call: ToolCallId) -> Result<()> {
    let time = Time(now());
    on!(conn, c => {
        diesel::update(file_writes::table.find(call).filter(file_writes::tenant_id.eq(tenant)))
            .set(file_writes::done_at.eq(Some(time)))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// It surely did not happen and never will.
///
/// # Errors
/// When the database refuses.
pub async fn forget(conn: &mut Conn, tenant: TenantId, call: ToolCallId) -> Result<()> {
    on!(conn, c => {
        diesel::delete(file_writes::table.find(call).filter(file_writes::tenant_id.eq(tenant))).execute(c).await
    })?;
    set_undo(conn, tenant, call, None).await
}

async fn set_undo(conn: &mut Conn, tenant: TenantId, call: ToolCallId, undo: Option<Undo>) -> Result<()> {
    on!(conn, c => {
        diesel::update(tool_calls::table.find(call).filter(tool_calls::tenant_id.eq(tenant)))
            .set(tool_calls::undo.eq(undo))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// The write of that call, if it is this person's, with what was there before if that is kept.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, owner: Owner, call: ToolCallId) -> Result<Option<(FileWrite, Option<Vec<u8>>)>> {
    Ok(on!(conn, c => {
        file_writes::table
            .find(call)
            .filter(file_writes::tenant_id.eq(owner.tenant))
            .filter(file_writes::user_id.eq(owner.user))
            .select((FileWrite::as_select(), file_writes::content_before))
            .first(c)
            .await
            .optional()
    })?)
}

/// Says that the person puts back what was there, once: `false` if it was said before, or cannot be. What was kept for
/// it goes. Until the transaction ends, whoever else says so waits.
///
/// # Errors
/// When the database refuses.
pub async fn undo(conn: &mut Conn, owner: Owner, call: ToolCallId) -> Result<bool> {
    let time = Time(now());
    let claimed = on!(conn, c => {
        diesel::update(
            tool_calls::table
                .find(call)
                .filter(tool_calls::tenant_id.eq(owner.tenant))
                .filter(tool_calls::user_id.eq(owner.user))
                .filter(tool_calls::undo.eq(Some(Undo::Possible))),
        )
        .set(tool_calls::undo.eq(Some(Undo::Done)))
        .execute(c)
        .await
    })?;
    if claimed == 0 {
        return Ok(false);
    }
    let undone = on!(conn, c => {
        diesel::update(
            file_writes::table
                .find(call)
                .filter(file_writes::tenant_id.eq(owner.tenant))
                .filter(file_writes::user_id.eq(owner.user))
                .filter(file_writes::undone_at.is_null()),
        )
        .set((
            file_writes::undone_at.eq(Some(time)),
            file_writes::content_before.eq(None::<Vec<u8>>),
            file_writes::bytes_before.eq(0),
        ))
        .execute(c)
        .await
    })?;
    Ok(undone == 1)
}

/// The writes of a tenant's files as they stand: done, not undone, and none newer of the same path.
macro_rules! standing {
    ($of:expr, $tenant:expr) => {
        $of.filter(file_writes::tenant_id.eq($tenant))
            .filter(file_writes::done_at.is_not_null())
            .filter(file_writes::undone_at.is_null())
            .filter(diesel::dsl::not(diesel::dsl::exists(
                newer
                    .filter(newer.field(file_writes::tenant_id).eq(file_writes::tenant_id))
                    .filter(newer.field(file_writes::path).eq(file_writes::path))
                    .filter(newer.field(file_writes::done_at).is_not_null())
                    .filter(newer.field(file_writes::undone_at).is_null())
                    .filter(newer.field(file_writes::begun_at).gt(file_writes::begun_at)),
            )))
    };
}
/// How many bytes the tenant's files have that tools wrote, and what is kept of earlier ones, together.
///
/// # Errors
/// When the database does not answer.
pub async fn stored(conn: &mut Conn, tenant: TenantId) -> Result<i64> {
    // PostgreSQL's sum of whole numbers is a `numeric`.
    let after = || diesel::dsl::sql::<BigInt>("CAST(coalesce(sum(file_writes.bytes_after), 0) AS bigint)");
    let before = || diesel::dsl::sql::<BigInt>("CAST(coalesce(sum(bytes_before), 0) AS bigint)");
    let standing: i64 = on!(conn, c => standing!(file_writes::table, tenant).select(after()).first(c).await)?;
    let kept: i64 = on!(conn, c => {
        file_writes::table.filter(file_writes::tenant_id.eq(tenant)).select(before()).first(c).await
    })?;
    Ok(standing.saturating_add(kept))
}

/// A file's last write, as the tenant's members see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastWrite {
    /// The write.
    pub write: FileWrite,
    /// The name of the person whose say-so it was.
    pub person: String,
    /// The conversation, if it is the one's who looks.
    pub conversation: Option<ConversationId>,
}

/// The last writes of those of these paths that tools wrote.
///
/// # Errors
/// When the database does not answer.
pub async fn last(conn: &mut Conn, viewer: Owner, paths: &[String]) -> Result<Vec<LastWrite>> {
    let written: Vec<(FileWrite, String)> = on!(conn, c => {
        standing!(file_writes::table.inner_join(users::table.on(users::id.eq(file_writes::user_id))), viewer.tenant)
            .filter(file_writes::path.eq_any(paths.to_vec()))
            .select((FileWrite::as_select(), users::name))
            .load(c)
            .await
    })?;
    let calls: Vec<ToolCallId> = written.iter().map(|(write, _)| write.call_id).collect();
    let own: Vec<(ToolCallId, ConversationId)> = on!(conn, c => {
        tool_calls::table
            .filter(tool_calls::tenant_id.eq(viewer.tenant))
            .filter(tool_calls::user_id.eq(viewer.user))
            .filter(tool_calls::id.eq_any(calls.clone()))
            .select((tool_calls::id, tool_calls::conversation_id))
            .load(c)
            .await
    })?;
    let conversation = |call| own.iter().find(|(own, _)| *own == call).map(|(_, conversation)| *conversation);
    Ok(written
        .into_iter()
        .map(|(write, person)| LastWrite { conversation: conversation(write.call_id), write, person })
        .collect())
}

/// Which of these calls were undone, the oldest first: the path and when.
///
/// # Errors
/// When the database does not answer.
pub async fn undone(conn: &mut Conn, tenant: TenantId, calls: &[ToolCallId]) -> Result<Vec<(String, DateTime<Utc>)>> {
    let rows: Vec<(String, Option<Time>)> = on!(conn, c => {
        file_writes::table
            .filter(file_writes::tenant_id.eq(tenant))
            .filter(file_writes::call_id.eq_any(calls.to_vec()))
            .filter(file_writes::undone_at.is_not_null())
            .order((file_writes::undone_at, file_writes::call_id))
            .select((file_writes::path, file_writes::undone_at))
            .load(c)
            .await
    })?;
    Ok(rows.into_iter().filter_map(|(path, at)| Some((path, at?.0))).collect())
}

/// Lets go of what is kept for undoing writes that began before `before`, and of calls that are gone. How many.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize> {
    let before = Time(before);
    on!(conn, c => {
        diesel::update(
            tool_calls::table
                .filter(tool_calls::undo.eq(Some(Undo::Possible)))
                .filter(tool_calls::id.eq_any(
                    file_writes::table.filter(file_writes::begun_at.lt(before)).select(file_writes::call_id),
                )),
        )
        .set(tool_calls::undo.eq(None::<Undo>))
        .execute(c)
        .await
    })?;
    Ok(on!(conn, c => {
        diesel::update(
            file_writes::table.filter(file_writes::content_before.is_not_null()).filter(
                file_writes::begun_at.lt(before).or(diesel::dsl::not(diesel::dsl::exists(
                    tool_calls::table.filter(tool_calls::id.eq(file_writes::call_id)),
                ))),
            ),
        )
        .set((file_writes::content_before.eq(None::<Vec<u8>>), file_writes::bytes_before.eq(0)))
        .execute(c)
        .await
    })?)
}
