//! Which program asked for a call that came in by `/mcp`, and whether it still waits for the answer.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Owner;
use crate::{
    db::{Conn, on, schema::agent_calls, types::Time},
    error::Result,
    types::{ApiTokenId, ConversationId, TenantId, TurnId, UserId},
};

/// Who asked for the call of a turn.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = agent_calls)]
pub struct AgentCall {
    /// The turn.
    pub turn_id: TurnId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The person in whose name it was asked.
    pub user_id: UserId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// What the program calls itself; nobody looked whether it is true.
    pub client: String,
    /// The token with which it came.
    pub token_id: ApiTokenId,
    /// What the person calls that token.
    pub token_name: String,
    /// Until when it is believed to wait; `None` once it has its answer.
    pub awaited_until: Option<Time>,
}

impl AgentCall {
    /// Whose say-so it needs.
    pub fn owner(&self) -> Owner {
        Owner { tenant: self.tenant_id, user: self.user_id }
    }
}

/// Keeps who asked.
///
/// # Errors
/// When the database refuses.
pub async fn insert(conn: &mut Conn, call: &AgentCall) -> Result<()> {
    on!(conn, c => diesel::insert_into(agent_calls::table).values(call).execute(c).await)?;
    Ok(())
}

/// Who asked for the call of this turn, if it is this person's.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, owner: Owner, turn: TurnId) -> Result<Option<AgentCall>> {
    Ok(on!(conn, c => {
        agent_calls::table
            .find(turn)
            .filter(agent_calls::tenant_id.eq(owner.tenant))
            .filter(agent_calls::user_id.eq(owner.user))
            .select(AgentCall::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// Who asked in these conversations.
///
/// # Errors
/// When the database does not answer.
pub async fn of_conversations(conn: &mut Conn, owner: Owner, ids: &[ConversationId]) -> Result<Vec<AgentCall>> {
    Ok(on!(conn, c => {
        agent_calls::table
            .filter(agent_calls::conversation_id.eq_any(ids))
            .filter(agent_calls::tenant_id.eq(owner.tenant))
            .filter(agent_calls::user_id.eq(owner.user))
            .select(AgentCall::as_select())
            .load(c)
            .await
    })?)
}

/// Keeps until when its program is believed to wait. One that has its answer, or has left, does not begin to wait again;
/// `false` then.
///
/// # Errors
/// When the database does not answer.
pub async fn await_until(conn: &mut Conn, owner: Owner, turn: TurnId, until: Option<DateTime<Utc>>) -> Result<bool> {
    let changed = on!(conn, c => {
        diesel::update(
            agent_calls::table
                .find(turn)
                .filter(agent_calls::tenant_id.eq(owner.tenant))
                .filter(agent_calls::user_id.eq(owner.user))
                .filter(agent_calls::awaited_until.is_not_null()),
        )
        .set(agent_calls::awaited_until.eq(until.map(Time)))
        .execute(c)
        .await
    })?;
    Ok(changed == 1)
}

/// Calls without an answer whose program has been silent for longer than it said; `all`: every one without an answer.
///
/// # Errors
/// When the database does not answer.
pub async fn abandoned(conn: &mut Conn, all: bool) -> Result<Vec<AgentCall>> {
    let time = Time(conn.now().await?);
    Ok(on!(conn, c => {
        let mut query = agent_calls::table
            .filter(agent_calls::awaited_until.is_not_null())
            .order(agent_calls::turn_id)
            .limit(1000)
            .select(AgentCall::as_select())
            .into_boxed();
        if !all {
            query = query.filter(agent_calls::awaited_until.lt(Some(time)));
        }
        query.load(c).await
    })?)
}
