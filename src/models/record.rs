//! Records: JSON documents in named collections of a tenant.
//!
//! Whoever writes opens the collection first; that keeps other writers of it out until the transaction ends, so that
//! what was looked at is still so, and counts and sizes are those of the documents.

use std::collections::BTreeSet;

use chrono::Duration;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{
        Conn, now, on,
        schema::{record_calls, record_collections, records},
        types::Time,
    },
    error::Result,
    types::{TenantId, ToolCallId},
};

/// The most collections a tenant may have.
pub const MAX_COLLECTIONS: i64 = 200;

/// The most documents a collection may have, however small.
pub const MAX_DOCUMENTS: i64 = 100_000;

/// How many ids are looked up in one statement.
const LOOK_UP: usize = 500;

/// A collection.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = record_collections)]
pub struct Collection {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its name.
    pub name: String,
    /// How many documents it has.
    pub documents: i64,
    /// How many bytes of JSON they are.
    pub bytes: i64,
    /// When it got its first document.
    pub created_at: Time,
    /// When it last changed; later with each change, so that it also says which state was seen.
    pub updated_at: Time,
}

/// A document as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = records)]
pub struct Record {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The collection's name.
    pub collection: String,
    /// The document's `_id`.
    pub id: String,
    /// The document, `_id` included: a JSON object.
    pub document: String,
    /// When it came; the order of a collection.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// A document that comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord {
    /// Its `_id`.
    pub id: String,
    /// The document, `_id` included.
    pub document: String,
}

/// Why documents cannot come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The tenant has as many collections as it may.
    TooManyCollections,
    /// The collection would have more documents than it may.
    TooManyDocuments,
    /// The collection would have more bytes than the limit.
    TooLarge {
        /// How many it would have.
        bytes: i64,
    },
    /// These ids are there already, or come twice.
    Taken(Vec<String>),
}

/// All collections of a tenant, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn collections(conn: &mut Conn, tenant: TenantId) -> Result<Vec<Collection>> {
    Ok(on!(conn, c => {
        record_collections::table
            .filter(record_collections::tenant_id.eq(tenant))
            .order(record_collections::name)
            .select(Collection::as_select())
            .load(c)
            .await
    })?)
}

/// The collection of that name, if it has ever had a document.
///
/// # Errors
/// When the database does not answer.
pub async fn collection(conn: &mut Conn, tenant: TenantId, name: &str) -> Result<Option<Collection>> {
    Ok(on!(conn, c => {
        record_collections::table.find((tenant, name)).select(Collection::as_select()).first(c).await.optional()
    })?)
}

/// Opens a collection for writing, and makes it if it is not there. Other writers of it wait from here on until this
/// transaction ends.
///
/// # Errors
/// When the database does not answer.
pub async fn open(conn: &mut Conn, tenant: TenantId, name: &str) -> Result<Collection> {
    let time = Time(now());
    let new = Collection {
        tenant_id: tenant,
        name: name.to_owned(),
        documents: 0,
        bytes: 0,
        created_at: time,
        updated_at: time,
    };
    Ok(on!(conn, c => {
        diesel::insert_into(record_collections::table).values(&new).on_conflict_do_nothing().execute(c).await?;
        // A change of nothing, for its lock.
        diesel::update(record_collections::table.find((tenant, name)))
            .set(record_collections::documents.eq(record_collections::documents))
            .returning(Collection::as_returning())
            .get_result(c)
            .await
    })?)
}

/// Documents in the order in which they came, after `after` or from the first.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    conn: &mut Conn,
    tenant: TenantId,
    collection: &str,
    after: Option<&Record>,
    limit: i64,
) -> Result<Vec<Record>> {
    Ok(on!(conn, c => {
        let mut query = records::table
            .filter(records::tenant_id.eq(tenant))
            .filter(records::collection.eq(collection))
            .order((records::created_at, records::id))
            .limit(limit)
            .select(Record::as_select())
            .into_boxed();
        if let Some(last) = after {
            query = query.filter(
                records::created_at
                    .gt(last.created_at)
                    .or(records::created_at.eq(last.created_at).and(records::id.gt(&last.id))),
            );
        }
        query.load(c).await
    })?)
}

/// The document of that id.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, tenant: TenantId, collection: &str, id: &str) -> Result<Option<Record>> {
    Ok(on!(conn, c => {
        records::table.find((tenant, collection, id)).select(Record::as_select()).first(c).await.optional()
    })?)
}

/// Which of these ids cannot come in: they are there already, or are named twice.
///
/// # Errors
/// When the database does not answer.
pub async fn taken(conn: &mut Conn, tenant: TenantId, collection: &str, ids: &[&str]) -> Result<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut found: BTreeSet<String> = ids.iter().filter(|id| !seen.insert(**id)).map(|id| (*id).to_owned()).collect();
    for some in ids.chunks(LOOK_UP) {
        let there: Vec<String> = on!(conn, c => {
            records::table
                .filter(records::tenant_id.eq(tenant))
                .filter(records::collection.eq(collection))
                .filter(records::id.eq_any(some))
                .select(records::id)
                .load(c)
                .await
        })?;
        found.extend(there);
    }
    Ok(found.into_iter().collect())
}

/// Puts documents into an opened collection. `most` is how many bytes the collection may have. What is refused is to be
/// rolled back.
///
/// # Errors
/// When the database does not answer.
pub async fn insert(
    conn: &mut Conn,
    opened: &Collection,
    new: &[NewRecord],
    most: u64,
) -> Result<Result<Collection, Refused>> {
    let (tenant, name) = (opened.tenant_id, opened.name.as_str());
    let ids: Vec<&str> = new.iter().map(|record| record.id.as_str()).collect();
    let taken = taken(conn, tenant, name, &ids).await?;
    if !taken.is_empty() {
        return Ok(Err(Refused::Taken(taken)));
    }
    let documents = opened.documents.saturating_add(count(new.len()));
    let bytes = new.iter().fold(opened.bytes, |sum, record| sum.saturating_add(count(record.document.len())));
    if let Err(refused) = fits(conn, opened, documents, bytes, most).await? {
        return Ok(Err(refused));
    }
    // Their order is that of their times, so each has one of its own.
    let begin = opened.updated_at.0.max(now());
    let rows = (1..).zip(new).map(|(place, record)| {
        let time = Time(begin + Duration::microseconds(place));
        Record {
            tenant_id: tenant,
            collection: name.to_owned(),
            id: record.id.clone(),
            document: record.document.clone(),
            created_at: time,
            updated_at: time,
        }
    });
    let mut last = opened.updated_at;
    on!(conn, c => {
        for row in rows {
            last = row.updated_at;
            diesel::insert_into(records::table).values(&row).execute(c).await?;
        }
        diesel::QueryResult::Ok(())
    })?;
    changed(conn, opened, documents, bytes, last).await.map(Ok)
}

/// Replaces documents of an opened collection, each found by its id; one that is not there is passed over. `most` is how
/// many bytes the collection may have. What is refused is to be rolled back.
///
/// # Errors
/// When the database does not answer.
pub async fn replace(
    conn: &mut Conn,
    opened: &Collection,
    new: &[NewRecord],
    most: u64,
) -> Result<Result<Collection, Refused>> {
    let mut bytes = opened.bytes;
    let time = Time(now().max(opened.updated_at.0 + Duration::microseconds(1)));
    for record in new {
        let Some(before) = find(conn, opened.tenant_id, &opened.name, &record.id).await? else { continue };
        bytes += count(record.document.len()) - count(before.document.len());
        on!(conn, c => {
            diesel::update(records::table.find((opened.tenant_id, &opened.name, &record.id)))
                .set((records::document.eq(&record.document), records::updated_at.eq(time)))
                .execute(c)
                .await
        })?;
    }
    // Who makes a collection that is too large smaller may do so in steps.
    if bytes > opened.bytes && u64::try_from(bytes).is_ok_and(|bytes| bytes > most) {
        return Ok(Err(Refused::TooLarge { bytes }));
    }
    changed(conn, opened, opened.documents, bytes, time).await.map(Ok)
}

/// Takes a whole collection away; `false` if it is not there.
///
/// # Errors
/// When the database does not answer.
pub async fn remove_collection(conn: &mut Conn, tenant: TenantId, name: &str) -> Result<bool> {
    let gone = on!(conn, c => diesel::delete(record_collections::table.find((tenant, name))).execute(c).await)?;
    Ok(gone == 1)
}

/// Notes that the effect of a tool call is in this transaction; `false` if it was noted before, and so must not happen
/// again.
///
/// # Errors
/// When the database does not answer.
pub async fn note_call(conn: &mut Conn, tenant: TenantId, call: ToolCallId) -> Result<bool> {
    let time = Time(now());
    let noted = on!(conn, c => {
        diesel::insert_into(record_calls::table)
            .values((
                record_calls::call_id.eq(call),
                record_calls::tenant_id.eq(tenant),
                record_calls::created_at.eq(time),
            ))
            .on_conflict_do_nothing()
            .execute(c)
            .await
    })?;
    Ok(noted == 1)
}

/// Whether the effect of a tool call is there.
///
/// # Errors
/// When the database does not answer.
pub async fn is_noted(conn: &mut Conn, tenant: TenantId, call: ToolCallId) -> Result<bool> {
    let noted: i64 = on!(conn, c => {
        record_calls::table
            .filter(record_calls::call_id.eq(call))
            .filter(record_calls::tenant_id.eq(tenant))
            .count()
            .get_result(c)
            .await
    })?;
    Ok(noted == 1)
}

async fn fits(
    conn: &mut Conn,
    opened: &Collection,
    documents: i64,
    bytes: i64,
    most: u64,
) -> Result<Result<(), Refused>> {
    if documents > MAX_DOCUMENTS {
        return Ok(Err(Refused::TooManyDocuments));
    }
    if u64::try_from(bytes).is_ok_and(|bytes| bytes > most) {
        return Ok(Err(Refused::TooLarge { bytes }));
    }
    if opened.documents == 0 {
        let others: i64 = on!(conn, c => {
            record_collections::table
                .filter(record_collections::tenant_id.eq(opened.tenant_id))
                .filter(record_collections::name.ne(&opened.name))
                .count()
                .get_result(c)
                .await
        })?;
        if others >= MAX_COLLECTIONS {
            return Ok(Err(Refused::TooManyCollections));
        }
    }
    Ok(Ok(()))
}

async fn changed(conn: &mut Conn, opened: &Collection, documents: i64, bytes: i64, time: Time) -> Result<Collection> {
    Ok(on!(conn, c => {
        diesel::update(record_collections::table.find((opened.tenant_id, &opened.name)))
            .set((
                record_collections::documents.eq(documents),
                record_collections::bytes.eq(bytes),
                record_collections::updated_at.eq(time),
            ))
            .returning(Collection::as_returning())
            .get_result(c)
            .await
    })?)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
