//! The heads of the audit chains, into the server's own log once an hour. Who ships the log elsewhere has anchors there
//! that nobody who writes to the database can take back: `sayso audit verify --anchor` takes them as they are.

use std::{collections::HashMap, time::Duration};

use tokio::time::{MissedTickBehavior, interval};

use crate::{db::Scope, error::Result, models::audit::Anchor, state::AppState};

const HOUR: Duration = Duration::from_secs(3600);

/// Logs what changed, at the start and every hour, until the server goes down. Owned by `app`.
pub(super) async fn log_heads(state: AppState) {
    let mut hours = interval(HOUR);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // One number for each tenant.
    let mut logged = HashMap::new();
    loop {
        tokio::select! {
            _ = hours.tick() => {}
            () = state.runs.closing.cancelled() => return,
        }
        if let Err(error) = log(&state, &mut logged).await {
            tracing::error!(%error, "the heads of the audit log could not be read; they will be in an hour");
        }
    }
}

async fn log(state: &AppState, logged: &mut HashMap<String, i64>) -> Result<()> {
    let heads = state.auditor.anchors(&mut *state.db.read(Scope::System("audit heads")).await?).await?;
    for (chain, anchor) in heads {
        let Some(Anchor { count, last_hash, .. }) = anchor else {
            tracing::error!(chain, "the head of an audit chain is not ours: `sayso audit verify` says more");
            continue;
        };
        if logged.insert(chain.clone(), count) != Some(count) {
            tracing::info!(chain, count, last_hash, "the head of an audit chain");
        }
    }
    Ok(())
}
