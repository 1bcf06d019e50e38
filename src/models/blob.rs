//! Blobs: what lies with a conversation beside its messages, by its number. Gone with the conversation.

use std::collections::BTreeMap;

use bytes::Bytes;
use diesel::{prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;

use super::Owner;
use crate::{
    db::{Conn, now, on, schema::blobs, types::Time},
    error::Result,
    types::{ConversationId, TenantId, UserId},
};

/// What is to be stored.
#[derive(Clone, Debug)]
pub struct NewBlob {
    /// What it is, as HTTP names it.
    pub media_type: String,
    /// Its name for people.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// What is known of a blob without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = blobs)]
pub struct Blob {
    /// What it is, as HTTP names it.
    pub media_type: String,
    /// Its name for people.
    pub name: String,
    /// How many bytes it has.
    pub size: i64,
}

#[derive(Insertable)]
#[diesel(table_name = blobs)]
struct Row<'a> {
    conversation_id: ConversationId,
    number: i64,
    tenant_id: TenantId,
    user_id: UserId,
    media_type: &'a str,
    name: &'a str,
    size: i64,
    bytes: &'a [u8],
    created_at: Time,
}

/// Stores a blob under the next number of its conversation, and gives that number. Who calls holds the conversation
/// (`conversation::claim`), so that no two take the same number.
///
/// # Errors
/// When the database refuses.
pub async fn insert(conn: &mut Conn, owner: Owner, conversation: ConversationId, new: &NewBlob) -> Result<i64> {
    let last: Option<i64> = on!(conn, c => {
        blobs::table
            .filter(blobs::conversation_id.eq(conversation))
            .select(diesel::dsl::max(blobs::number))
            .first(c)
            .await
    })?;
    let row = Row {
        conversation_id: conversation,
        number: last.unwrap_or(0) + 1,
        tenant_id: owner.tenant,
        user_id: owner.user,
        media_type: &new.media_type,
        name: &new.name,
        size: i64::try_from(new.bytes.len()).unwrap_or(i64::MAX),
        bytes: &new.bytes,
        created_at: now().into(),
    };
    on!(conn, c => diesel::insert_into(blobs::table).values(&row).execute(c).await)?;
    Ok(row.number)
}

/// The blob of that number, if its conversation is this person's.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, owner: Owner, conversation: ConversationId, number: i64) -> Result<Option<Blob>> {
    Ok(on!(conn, c => {
        blobs::table
            .find((conversation, number))
            .filter(blobs::tenant_id.eq(owner.tenant))
            .filter(blobs::user_id.eq(owner.user))
            .select(Blob::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// The first of a conversation's blobs after that number, if the conversation is this person's: its number, and what is in
/// it.
///
/// # Errors
/// When the database does not answer.
pub async fn next(
    conn: &mut Conn,
    owner: Owner,
    conversation: ConversationId,
    after: i64,
) -> Result<Option<(i64, Blob, Bytes)>> {
    let row: Option<(i64, Blob, Vec<u8>)> = on!(conn, c => {
        blobs::table
            .filter(blobs::conversation_id.eq(conversation))
            .filter(blobs::tenant_id.eq(owner.tenant))
            .filter(blobs::user_id.eq(owner.user))
            .filter(blobs::number.gt(after))
            .order(blobs::number)
            .select((blobs::number, Blob::as_select(), blobs::bytes))
            .first(c)
            .await
            .optional()
    })?;
    Ok(row.map(|(number, blob, bytes)| (number, blob, bytes.into())))
}

/// The bytes of those of a conversation's blobs that are there, by number.
///
/// # Errors
/// When the database does not answer.
pub async fn bytes_of(
    conn: &mut Conn,
    tenant: TenantId,
    conversation: ConversationId,
    numbers: &[i64],
) -> Result<BTreeMap<i64, Bytes>> {
    if numbers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(i64, Vec<u8>)> = on!(conn, c => {
        blobs::table
            .filter(blobs::conversation_id.eq(conversation))
            .filter(blobs::tenant_id.eq(tenant))
            .filter(blobs::number.eq_any(numbers.to_vec()))
            .select((blobs::number, blobs::bytes))
            .load(c)
            .await
    })?;
    Ok(rows.into_iter().map(|(number, bytes)| (number, bytes.into())).collect())
}

/// How many bytes all blobs of a tenant have together.
///
/// # Errors
/// When the database does not answer.
pub async fn stored(conn: &mut Conn, tenant: TenantId) -> Result<i64> {
    // PostgreSQL's sum of whole numbers is a `numeric`.
    let sum = diesel::dsl::sql::<BigInt>("CAST(coalesce(sum(size), 0) AS bigint)");
    Ok(on!(conn, c => blobs::table.filter(blobs::tenant_id.eq(tenant)).select(sum).first(c).await)?)
}
