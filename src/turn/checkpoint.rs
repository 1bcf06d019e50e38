//! What running turns told their viewers goes to the database at most 250 ms later, all turns in one transaction.
//! The same write renews their leases and sees whether someone asked to stop.

use std::{sync::Arc, time::Duration};

use tokio::sync::OwnedMutexGuard;

use crate::{
    db::{Database, Scope, Transaction},
    error::{Code, Result},
    event::ChatEvent,
    feed::Wake,
    models::{
        Owner,
        checkpoint::{self, Told},
        membership,
        turn::{self, Turn},
        turn_event, user,
    },
    state::{AppState, Run},
    types::{TenantId, UserId},
};

use super::announce::announce;

/// How far the database may be behind what viewers saw.
const BEHIND: Duration = Duration::from_millis(250);

/// How many looks go by before a silent turn's lease is renewed, and what turns told is on the disk.
const LOOKS_PER_LEASE: u32 = 4;

/// How long leaving a turn to others may take when the server goes down.
const HANDING_OVER: Duration = Duration::from_secs(2);

/// Writes checkpoints until the server goes down. Owned by `app`.
pub async fn keep_checkpoints(state: AppState) {
    let mut look = tokio::time::interval(BEHIND);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for round in 0_u32.. {
        tokio::select! {
            _ = look.tick() => {}
            () = state.runs.closing.cancelled() => return,
        }
        keep(&state, round.is_multiple_of(LOOKS_PER_LEASE)).await;
    }
}

struct Part {
    run: Arc<Run>,
    _telling: OwnedMutexGuard<()>,
    events: Vec<ChatEvent>,
}

async fn keep(state: &AppState, renew: bool) {
    let parts: Vec<Part> = state
        .runs
        .all()
        .into_iter()
        .filter_map(|run| {
            let telling = run.try_telling()?;
            let events = run.take_untold();
            (renew || !events.is_empty()).then_some(Part { run, _telling: telling, events })
        })
        .collect();
    if parts.is_empty() {
        // What was begun and waits, or has come to its end.
        if renew && let Err(error) = state.db.sync().await {
            tracing::error!(%error, "what was written last may not be on the disk");
        }
        return;
    }
    if let Err(error) = write(state, &parts, renew).await {
        tracing::error!(%error, turns = parts.len(), "checkpoints could not be written");
        for part in parts {
            part.run.put_back(part.events);
        }
    }
}

async fn write(state: &AppState, parts: &[Part], renew: bool) -> Result<()> {
    // One in four takes what was said since to the disk. More often, that would keep those waiting who begin something.
    let scope = Scope::System("checkpoints");
    let mut tx = if renew { state.db.write(scope).await? } else { state.db.write_unsynced(scope).await? };
    let (mut stopped, mut lost) = (Vec::new(), Vec::new());
    if renew {
        // Whoever was suspended meanwhile, with their account, their place or their tenant, has nothing running.
        let people: Vec<UserId> = parts.iter().map(|part| part.run.user).collect();
        let accounts = user::standing(&mut tx, &people).await?;
        let places = membership::standing(&mut tx, &people).await?;
        let may = |owner: Owner| {
            let may_here = |(tenant, _, is_active): &(TenantId, i64, bool)| *tenant == owner.tenant && *is_active;
            accounts.get(&owner.user).is_some_and(|(_, is_active)| *is_active)
                && places.get(&owner.user).is_some_and(|places| places.iter().any(may_here))
        };
        stopped.extend(parts.iter().map(|part| &part.run).filter(|run| !may(run.owner())));
    }
    let told: Vec<Told<'_>> =
        parts.iter().map(|Part { run, events, .. }| Told { runner: run.runner, events }).collect();
    let held = checkpoint::write(&mut tx, &told).await?;
    let mut wakes = Vec::new();
    for Part { run, events, .. } in parts {
        match held.get(&run.runner.turn) {
            None => lost.push(run),
            Some(turn) => {
                if turn.stop_requested {
                    stopped.push(run);
                }
                wakes.extend(wakes_of(state, turn, events));
            }
        }
    }
    tx.notify_all(wakes).await?;
    tx.commit().await?;
    stopped.into_iter().for_each(|run| run.stop.cancel());
    lost.into_iter().for_each(|run| run.lost.cancel());
    Ok(())
}

/// Writes down what a turn tells, in the transaction of what happened, and wakes the other instances.
///
/// # Errors
/// When the database refuses.
pub(super) async fn tell(state: &AppState, tx: &mut Transaction, turn: &Turn, events: &[ChatEvent]) -> Result<()> {
    turn_event::tell(tx, turn.tenant_id, turn.id, events).await?;
    tx.notify_all(wakes_of(state, turn, events)).await
}

/// Words to the other instances: to those where the conversation is watched, and, when what waits for the person may have
/// changed, to those where they have anything open.
fn wakes_of(state: &AppState, turn: &Turn, events: &[ChatEvent]) -> Vec<String> {
    let (from, user) = (state.instance, turn.user_id);
    let wake = Wake::Turn { from, tenant: turn.tenant_id, conversation: turn.conversation_id, turn: turn.id };
    let about_person = |event: &ChatEvent| matches!(event, ChatEvent::Turn { .. } | ChatEvent::ToolCall { .. });
    let person = events.iter().any(about_person).then_some(Wake::Person { from, user });
    let turn = (!events.is_empty()).then_some(wake);
    turn.into_iter().chain(person).map(|wake| wake.payload()).collect()
}

/// What a turn that outlasts the grace of a server that stops leaves behind: all that viewers here were told, and no
/// lease, so that another instance ends it at once and not when the lease is over.
pub(super) async fn let_go(state: &AppState, run: &Arc<Run>) {
    let handed_over = async {
        let _telling = run.telling().await;
        let mut tx = state.db.write(run.runner.tenant).await?;
        let Some(turn) = turn::hold(&mut tx, run.runner).await? else { return Ok(()) };
        let events = run.take_untold();
        if !events.is_empty() {
            tell(state, &mut tx, &turn, &events).await?;
        }
        turn::let_go(&mut tx, run.runner).await?;
        tx.commit().await
    };
    match tokio::time::timeout(HANDING_OVER, handed_over).await {
        Ok(Ok(())) => tracing::info!("the server goes down: the turn is left to whoever finds it"),
        Ok(Err(error)) => tracing::warn!(%error, "the turn is found when its lease is over"),
        Err(_) => tracing::warn!("the turn is found when its lease is over: the database does not answer"),
    }
}

/// A runner's transaction: begun with proof that the turn is still its own, ended with what it tells.
pub(super) struct Telling {
    /// The transaction.
    pub tx: Transaction,
    /// The turn as it is, its row locked.
    pub turn: Turn,
    run: Arc<Run>,
    _telling: OwnedMutexGuard<()>,
}

impl Telling {
    /// Begins.
    ///
    /// # Errors
    /// [`Code::Conflict`] when the turn is another runner's, who has the say from then on.
    pub async fn begin(db: &Database, run: &Arc<Run>) -> Result<Self> {
        let telling = run.telling().await;
        let mut tx = db.write(run.runner.tenant).await?;
        match turn::hold(&mut tx, run.runner).await? {
            Some(turn) => {
                if turn.stop_requested {
                    run.stop.cancel();
                }
                Ok(Self { tx, turn, run: run.clone(), _telling: telling })
            }
            None => {
                run.lost.cancel();
                Err(Code::Conflict.into())
            }
        }
    }

    /// Commits with these events, then publishes them. What was noted before goes with them, in order, but for what
    /// tells of `instead_of`: a stored message takes its place.
    ///
    /// # Errors
    /// When the database refuses; then nothing was written and nobody was told.
    pub async fn commit(
        mut self,
        state: &AppState,
        events: Vec<ChatEvent>,
        instead_of: Option<crate::types::MessageId>,
    ) -> Result<()> {
        let noted = self.run.take_untold();
        let told: Vec<ChatEvent> = noted
            .iter()
            .filter(|event| instead_of.is_none() || event.reply() != instead_of)
            .chain(&events)
            .cloned()
            .collect();
        if let Err(error) = self.write(state, &told).await {
            self.run.put_back(noted);
            return Err(error);
        }
        self.tx.commit().await?;
        announce(state, self.turn.conversation_id, events);
        Ok(())
    }

    async fn write(&mut self, state: &AppState, told: &[ChatEvent]) -> Result<()> {
        if !told.is_empty() {
            tell(state, &mut self.tx, &self.turn, told).await?;
        }
        Ok(())
    }
}
