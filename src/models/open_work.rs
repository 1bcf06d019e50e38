//! What is not done yet, in numbers: over all tenants and all instances, for whoever runs the installation. Each is
//! counted by an index, over as many rows as are open.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{
        Conn, on,
        schema::{model_calls, tool_calls, turns},
    },
    error::Result,
    types::{ToolCallState, TurnState},
};

/// What is not done yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenWork {
    /// Turns that run.
    pub running: i64,
    /// Turns that wait for their person.
    pub awaiting_approval: i64,
    /// Tool calls that wait for a decision.
    pub waiting_calls: i64,
    /// Model calls that hold a reservation.
    pub reservations: i64,
    /// Those of them that belong to no turn: the gateway's and those of `/v1`.
    pub reservations_without_turn: i64,
}

impl OpenWork {
    /// What people and programs have asked for and not been given yet.
    pub fn pending_requests(&self) -> i64 {
        self.running + self.waiting_calls + self.reservations_without_turn
    }
}

/// Counts.
///
/// # Errors
/// When the database does not answer.
pub async fn count(conn: &mut Conn) -> Result<OpenWork> {
    let open_turns = [TurnState::Running, TurnState::AwaitingApproval];
    let turns: Vec<(TurnState, i64)> = on!(conn, c => {
        turns::table
            .filter(turns::state.eq_any(open_turns))
            .group_by(turns::state)
            .select((turns::state, diesel::dsl::count_star()))
            .load(c)
            .await
    })?;
    let in_state = |state| turns.iter().find(|(found, _)| *found == state).map_or(0, |(_, count)| *count);
    let waiting_calls = on!(conn, c => {
        tool_calls::table.filter(tool_calls::state.eq(ToolCallState::Pending)).count().get_result(c).await
    })?;
    let unsettled = model_calls::table.filter(model_calls::settled_at.is_null());
    let reservations = on!(conn, c => unsettled.count().get_result(c).await)?;
    let reservations_without_turn =
        on!(conn, c => unsettled.filter(model_calls::turn_id.is_null()).count().get_result(c).await)?;
    Ok(OpenWork {
        running: in_state(TurnState::Running),
        awaiting_approval: in_state(TurnState::AwaitingApproval),
        waiting_calls,
        reservations,
        reservations_without_turn,
    })
}
