//! What turns have told: append-only, so that any viewer on any instance can catch up.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{
        Conn, Prepare, on,
        schema::{turn_events, turns},
        types::{Json, Time},
    },
    error::Result,
    event::ChatEvent,
    types::{MessageId, TenantId, TurnId},
};

/// How many rows one statement takes: PostgreSQL takes 65,535 bound values.
const AT_ONCE: usize = 5000;

/// One event as it is stored.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = turn_events)]
pub(super) struct EventRow {
    turn_id: TurnId,
    seq: i64,
    tenant_id: TenantId,
    about: Option<MessageId>,
    payload: Json<ChatEvent>,
}

/// Appends events to what the turn has told. The number of the last one.
///
/// # Errors
/// When the database does not answer, or the turn is gone.
pub async fn tell(conn: &mut Conn, tenant: TenantId, turn: TurnId, events: &[ChatEvent]) -> Result<i64> {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let next: i64 = on!(conn, c => {
        diesel::update(turns::table.find(turn).filter(turns::tenant_id.eq(tenant)))
            .set(turns::next_seq.eq(turns::next_seq + count))
            .returning(turns::next_seq)
            .prepared()
            .get_result(c)
            .await
    })?;
    append(conn, rows(tenant, turn, next, events).collect()).await?;
    Ok(next - 1)
}

/// The rows of a turn's newest events, after which `next` is the number of the one to come.
pub(super) fn rows(tenant: TenantId, turn: TurnId, next: i64, events: &[ChatEvent]) -> impl Iterator<Item = EventRow> {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    (next - count..next).zip(events).map(move |(seq, event)| EventRow {
        turn_id: turn,
        seq,
        tenant_id: tenant,
        about: event.reply(),
        payload: Json(event.clone()),
    })
}

/// Appends rows of any turns.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn append(conn: &mut Conn, rows: Vec<EventRow>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    match conn {
        // SQLite takes no insert of several rows through diesel; but all of them in one visit to its thread.
        Conn::Sqlite(c) => {
            let insert = move |c: &mut SqliteConnection| {
                rows.iter().try_for_each(|row| {
                    let insert = diesel::insert_into(turn_events::table).values(row);
                    diesel::RunQueryDsl::execute(insert, c).map(drop)
                })
            };
            c.spawn_blocking(insert).await?;
        }
        Conn::Postgres(c) => {
            for rows in rows.chunks(AT_ONCE) {
                diesel::insert_into(turn_events::table).values(rows).execute(c).await?;
            }
        }
    }
    Ok(())
}

/// What a turn told after number `after`, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn told(conn: &mut Conn, tenant: TenantId, turn: TurnId, after: i64) -> Result<Vec<(i64, ChatEvent)>> {
    let rows: Vec<EventRow> = on!(conn, c => {
        turn_events::table
            .filter(turn_events::turn_id.eq(turn))
            .filter(turn_events::tenant_id.eq(tenant))
            .filter(turn_events::seq.gt(after))
            .order(turn_events::seq)
            .select(EventRow::as_select())
            .load(c)
            .await
    })?;
    Ok(rows.into_iter().map(|row| (row.seq, row.payload.0)).collect())
}

/// Forgets what a turn told of a reply while it was written: the stored message takes its place.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_reply(conn: &mut Conn, turn: TurnId, reply: MessageId) -> Result<()> {
    on!(conn, c => {
        diesel::delete(
            turn_events::table.filter(turn_events::turn_id.eq(turn)).filter(turn_events::about.eq(Some(reply))),
        )
        .execute(c)
        .await
    })?;
    Ok(())
}

/// Forgets what turns told that ended before `before`: every follower has had time to read it.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize> {
    Ok(on!(conn, c => {
        // Over the events that are there, which are few, and not over every turn that ever was.
        diesel::delete(turn_events::table.filter(diesel::dsl::exists(
            turns::table
                .filter(turns::id.eq(turn_events::turn_id))
                .filter(turns::finished_at.lt(Some(Time(before)))),
        )))
        .execute(c)
        .await
    })?)
}
