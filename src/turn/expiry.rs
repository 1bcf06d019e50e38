//! Requests that nobody decided in the time that their tenant gives: they count as denied.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    db::{Scope, now},
    error::Result,
    models::{
        tenant::{self, Tenant},
        tool_call::{self, StoredCall},
    },
    state::AppState,
};

use super::{caller_now, decide};

/// Whether a call has waited longer than its tenant lets calls wait.
pub(super) fn is_over(tenant: &Tenant, call: &StoredCall) -> bool {
    ends_before(tenant.approvals_expire_after).is_some_and(|before| call.created_at.0 <= before)
}

/// What was asked for until then is over; nothing is where nothing expires.
fn ends_before(seconds: Option<i64>) -> Option<DateTime<Utc>> {
    now().checked_sub_signed(TimeDelta::try_seconds(seconds?)?)
}

/// Denies what waited too long, in every tenant that says how long.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn expire(state: &AppState) -> Result<()> {
    let tenants = tenant::with_expiry(&mut *state.db.read(Scope::System("expiry")).await?).await?;
    for (tenant, seconds) in tenants {
        let Some(before) = ends_before(Some(seconds)) else { continue };
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
