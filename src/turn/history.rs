//! How much of a conversation is kept.

use crate::{
    db::Conn,
    error::Result,
    models::message::{self, Place},
    state::AppState,
};

/// When a turn ended: lets go of what is older than `HISTORY_MAX_MESSAGES` allows, whole turns at a time.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn prune(state: &AppState, conn: &mut Conn, place: Place) -> Result<()> {
    if let Some(most) = state.settings.history_max_messages {
        let turns = message::forget_oldest(conn, place, i64::from(most.get())).await?;
        tracing::debug!(turns, conversation = %place.conversation, "old turns were deleted");
    }
    Ok(())
}
