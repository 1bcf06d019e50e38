//! Requests that nobody decided in the time that their tenant gives: they count as denied.

use chrono::TimeDelta;

use crate::{
    db::{Scope, now},
    error::Result,
    models::{tenant, tool_call},
    state::AppState,
};

use super::{caller_now, decide};

/// Denies what waited too long, in every tenant that says how long.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn expire(state: &AppState) -> Result<()> {
    let tenants = tenant::with_expiry(&mut *state.db.read(Scope::System("expiry")).await?).await?;
    for (tenant, seconds) in tenants {
        let Some(before) = TimeDelta::try_seconds(seconds).and_then(|time| now().checked_sub_signed(time)) else {
            continue;
        };
        let waiting = tool_call::pending_since(&mut *state.db.read(tenant).await?, tenant, before.into()).await?;
        for call in waiting {
            // Of someone who may not work here now, nothing goes on; it expires when they may again.
            let caller = caller_now(&mut *state.db.read(tenant).await?, call.owner()).await?;
            if let Some(caller) = caller {
                tracing::info!(tool_call = %call.id, "a request expired");
                decide::expire(state, &caller, &call).await?;
            }
        }
    }
    Ok(())
}
