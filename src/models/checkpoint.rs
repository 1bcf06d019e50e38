//! What many running turns told, written at once: a few statements for all of them, however many run.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::turn::{LEASE, Runner, Turn};
use crate::{
    db::{Conn, on, schema::turns, types::Time},
    error::Result,
    event::ChatEvent,
    models::turn_event::{self, EventRow},
    types::{TenantId, TurnId, TurnState},
};

/// How many turns one statement takes: a database takes so many bound values and no more.
const AT_ONCE: usize = 500;

/// What a runner told since the last time; nothing, if only its lease is to be renewed.
pub struct Told<'a> {
    /// The runner.
    pub runner: Runner,
    /// What it told, in order.
    pub events: &'a [ChatEvent],
}

/// Does for each of them what [`turn::hold`](super::turn::hold) and [`turn_event::tell`] do for one: renews its lease, locks
/// its turn's row until the transaction ends, and appends what it told. Gives the turns as they are; one that is missing is
/// no longer its runner's, and nothing was written for it.
///
/// # Errors
/// When the database does not answer.
pub async fn write(conn: &mut Conn, told: &[Told<'_>]) -> Result<HashMap<TurnId, Turn>> {
    let until = Some(Time(conn.now().await? + LEASE));
    // Those that are alike in what is set and asked go into one statement; nearly all have told one joined text.
    let mut alike: BTreeMap<(TenantId, i64, i64), Vec<TurnId>> = BTreeMap::new();
    for Told { runner, events } in told {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        alike.entry((runner.tenant, runner.epoch, count)).or_default().push(runner.turn);
    }
    let mut held = HashMap::with_capacity(told.len());
    for ((tenant, epoch, count), ids) in alike {
        for ids in ids.chunks(AT_ONCE) {
            let rows: Vec<Turn> = on!(conn, c => {
                diesel::update(
                    turns::table
                        .filter(turns::id.eq_any(ids))
                        .filter(turns::tenant_id.eq(tenant))
                        .filter(turns::epoch.eq(epoch))
                        .filter(turns::state.eq(TurnState::Running)),
                )
                .set((turns::lease_until.eq(until), turns::next_seq.eq(turns::next_seq + count)))
                .returning(Turn::as_returning())
                .get_results(c)
                .await
            })?;
            held.extend(rows.into_iter().map(|turn| (turn.id, turn)));
        }
    }
    let rows: Vec<EventRow> = told
        .iter()
        .filter_map(|Told { runner, events }| {
            let is_its = |turn: &&Turn| (turn.tenant_id, turn.epoch) == (runner.tenant, runner.epoch);
            Some((held.get(&runner.turn).filter(is_its)?, events))
        })
        .flat_map(|(turn, events)| turn_event::rows(turn.tenant_id, turn.id, turn.next_seq, events))
        .collect();
    turn_event::append(conn, rows).await?;
    Ok(held)
}
