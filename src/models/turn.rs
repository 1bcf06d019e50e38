//! Turns: who runs them, and where they stand.
//!
//! A runner owns a turn by `owner`, `epoch` and a lease. Every write of a runner goes through [`hold`] first: if the
//! epoch is no longer its own, somebody else has taken over and it writes nothing more.

use chrono::Duration;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Owner, conversation};
use crate::{
    db::{Conn, Prepare, now, on, schema::turns, types::Time},
    error::{Code, Result},
    types::{ConversationId, InstanceId, TenantId, TurnFailure, TurnId, TurnState, TurnView, UserId},
};

/// How long a runner may be silent before another instance takes its turn for dead.
pub const LEASE: Duration = Duration::seconds(10);

/// A turn.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = turns)]
pub struct Turn {
    /// Its id.
    pub id: TurnId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The person.
    pub user_id: UserId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Where it stands.
    pub state: TurnState,
    /// Why it failed.
    pub error_code: Option<String>,
    /// Seconds the provider asked to wait.
    pub retry_after: Option<i64>,
    /// The instance that runs it.
    pub owner: Option<InstanceId>,
    /// Raised at each change of runner.
    pub epoch: i64,
    /// Until when the runner is believed alive.
    pub lease_until: Option<Time>,
    /// Whether the person asked to stop it.
    pub stop_requested: bool,
    /// Model calls made so far.
    pub model_calls: i32,
    /// Denials since the last call that ran.
    pub denials_in_a_row: i32,
    /// The number of its next event.
    pub next_seq: i64,
    /// The caller's key against doubles.
    pub idempotency_key: Option<String>,
    /// When it began.
    pub created_at: Time,
    /// When it ended.
    pub finished_at: Option<Time>,
}

impl Turn {
    /// Whose it is.
    pub fn owner(&self) -> Owner {
        Owner { tenant: self.tenant_id, user: self.user_id }
    }

    /// As a viewer sees it.
    pub fn view(&self) -> TurnView {
        TurnView {
            id: self.id,
            state: self.state,
            failure: self.error_code.as_ref().map(|code| TurnFailure {
                code: code.clone(),
                retry_after: self.retry_after.and_then(|seconds| u64::try_from(seconds).ok()),
            }),
            epoch: self.epoch,
        }
    }
}

/// Who runs a turn just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Runner {
    /// The turn.
    pub turn: TurnId,
    /// The tenant.
    pub tenant: TenantId,
    /// The epoch under which it writes.
    pub epoch: i64,
}

/// Begins a turn, running, owned by `instance`. `model_calls` is how many are reserved with it.
///
/// # Errors
/// When the database refuses; a used idempotency key is a unique violation.
pub async fn create(
    conn: &mut Conn,
    owner: Owner,
    conversation: ConversationId,
    id: TurnId,
    instance: InstanceId,
    idempotency_key: Option<String>,
    model_calls: i32,
) -> Result<Turn> {
    let time = conn.now().await?;
    let turn = Turn {
        id,
        tenant_id: owner.tenant,
        user_id: owner.user,
        conversation_id: conversation,
        state: TurnState::Running,
        error_code: None,
        retry_after: None,
        owner: Some(instance),
        epoch: 1,
        lease_until: Some(Time(time + LEASE)),
        stop_requested: false,
        model_calls,
        denials_in_a_row: 0,
        next_seq: 1,
        idempotency_key,
        created_at: time.into(),
        finished_at: None,
    };
    on!(conn, c => diesel::insert_into(turns::table).values(&turn).execute(c).await)?;
    Ok(turn)
}

/// The turn of that id, if it is this person's.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, owner: Owner, id: TurnId) -> Result<Option<Turn>> {
    Ok(on!(conn, c => {
        turns::table
            .find(id)
            .filter(turns::tenant_id.eq(owner.tenant))
            .filter(turns::user_id.eq(owner.user))
            .select(Turn::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// The turn of this runner, while it is this runner's.
///
/// # Errors
/// When the database does not answer.
pub async fn of_runner(conn: &mut Conn, runner: Runner) -> Result<Option<Turn>> {
    Ok(on!(conn, c => {
        turns::table
            .find(runner.turn)
            .filter(turns::tenant_id.eq(runner.tenant))
            .filter(turns::epoch.eq(runner.epoch))
            .select(Turn::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// The turn a person began with that key.
///
/// # Errors
/// When the database does not answer.
pub async fn find_by_key(conn: &mut Conn, owner: Owner, key: &str) -> Result<Option<Turn>> {
    Ok(on!(conn, c => {
        turns::table
            .filter(turns::tenant_id.eq(owner.tenant))
            .filter(turns::user_id.eq(owner.user))
            .filter(turns::idempotency_key.eq(key))
            .select(Turn::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// The newest turn of a conversation.
///
/// # Errors
/// When the database does not answer.
pub async fn newest(conn: &mut Conn, tenant: TenantId, conversation: ConversationId) -> Result<Option<Turn>> {
    Ok(on!(conn, c => {
        turns::table
            .filter(turns::tenant_id.eq(tenant))
            .filter(turns::conversation_id.eq(conversation))
            .order((turns::created_at.desc(), turns::id.desc()))
            .select(Turn::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// The turn of a conversation that came after this one.
///
/// # Errors
/// When the database does not answer.
pub async fn next_after(conn: &mut Conn, turn: &Turn) -> Result<Option<Turn>> {
    Ok(on!(conn, c => {
        turns::table
            .filter(turns::tenant_id.eq(turn.tenant_id))
            .filter(turns::conversation_id.eq(turn.conversation_id))
            .filter(turns::created_at.gt(turn.created_at).or(turns::created_at.eq(turn.created_at).and(turns::id.gt(turn.id))))
            .order((turns::created_at, turns::id))
            .select(Turn::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// How many turns run now: of the person, and of their tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn count_running(conn: &mut Conn, owner: Owner) -> Result<(i64, i64)> {
    let person = on!(conn, c => {
        turns::table
            .filter(turns::tenant_id.eq(owner.tenant))
            .filter(turns::user_id.eq(owner.user))
            .filter(turns::state.eq(TurnState::Running))
            .count()
            .get_result(c)
            .await
    })?;
    let tenant = on!(conn, c => {
        turns::table
            .filter(turns::tenant_id.eq(owner.tenant))
            .filter(turns::state.eq(TurnState::Running))
            .count()
            .get_result(c)
            .await
    })?;
    Ok((person, tenant))
}

/// Renews the lease of a runner and locks the turn's row until the transaction ends. Gives the turn as it is, or
/// `None` if it is no longer this runner's.
///
/// # Errors
/// When the database does not answer.
pub async fn hold(conn: &mut Conn, runner: Runner) -> Result<Option<Turn>> {
    let until = Time(conn.now().await? + LEASE);
    Ok(on!(conn, c => {
        diesel::update(
            turns::table
                .find(runner.turn)
                .filter(turns::tenant_id.eq(runner.tenant))
                .filter(turns::epoch.eq(runner.epoch))
                .filter(turns::state.eq(TurnState::Running)),
        )
        .set(turns::lease_until.eq(Some(until)))
        .returning(Turn::as_returning())
        .prepared()
        .get_result(c)
        .await
        .optional()
    })?)
}

/// Ends the lease of a runner that must go down: whoever looks next may take the turn over.
///
/// # Errors
/// When the database does not answer.
pub async fn let_go(conn: &mut Conn, runner: Runner) -> Result<()> {
    let now = Time(conn.now().await?);
    on!(conn, c => {
        diesel::update(
            turns::table
                .find(runner.turn)
                .filter(turns::tenant_id.eq(runner.tenant))
                .filter(turns::epoch.eq(runner.epoch))
                .filter(turns::state.eq(TurnState::Running)),
        )
        .set(turns::lease_until.eq(Some(now)))
        .prepared()
        .execute(c)
        .await
    })?;
    Ok(())
}

/// Takes a turn from `from` to running, under a new epoch; `None` if it is not in that state (any more).
///
/// # Errors
/// When the database does not answer.
pub async fn take(conn: &mut Conn, turn: &Turn, from: TurnState, instance: InstanceId) -> Result<Option<Runner>> {
    let until = Time(conn.now().await? + LEASE);
    let epoch: Option<i64> = on!(conn, c => {
        diesel::update(
            turns::table
                .find(turn.id)
                .filter(turns::tenant_id.eq(turn.tenant_id))
                .filter(turns::state.eq(from))
                .filter(turns::epoch.eq(turn.epoch)),
        )
        .set((
            turns::state.eq(TurnState::Running),
            turns::owner.eq(Some(instance)),
            turns::epoch.eq(turns::epoch + 1),
            turns::lease_until.eq(Some(until)),
            turns::error_code.eq(None::<String>),
            turns::retry_after.eq(None::<i64>),
            turns::finished_at.eq(None::<Time>),
        ))
        .returning(turns::epoch)
        .prepared()
        .get_result(c)
        .await
        .optional()
    })?;
    Ok(epoch.map(|epoch| Runner { turn: turn.id, tenant: turn.tenant_id, epoch }))
}

/// Running → another state, by its runner's or a recoverer's hand; `None` if the epoch is not that any more.
///
/// # Errors
/// When the database does not answer.
pub async fn leave(
    conn: &mut Conn,
    runner: Runner,
    state: TurnState,
    failure: Option<&TurnFailure>,
) -> Result<Option<Turn>> {
    set_state(conn, runner, TurnState::Running, state, failure).await
}

/// `from` → `state`; a finished turn frees its conversation.
///
/// # Errors
/// When the database does not answer.
pub async fn set_state(
    conn: &mut Conn,
    runner: Runner,
    from: TurnState,
    state: TurnState,
    failure: Option<&TurnFailure>,
) -> Result<Option<Turn>> {
    let finished = state.is_finished().then(|| Time(now()));
    let code = failure.map(|failure| failure.code.clone());
    let retry_after = failure.and_then(|failure| failure.retry_after).and_then(|seconds| i64::try_from(seconds).ok());
    let turn: Option<Turn> = on!(conn, c => {
        diesel::update(
            turns::table
                .find(runner.turn)
                .filter(turns::tenant_id.eq(runner.tenant))
                .filter(turns::epoch.eq(runner.epoch))
                .filter(turns::state.eq(from)),
        )
        .set((
            turns::state.eq(state),
            turns::error_code.eq(code),
            turns::retry_after.eq(retry_after),
            turns::owner.eq(None::<InstanceId>),
            turns::lease_until.eq(None::<Time>),
            turns::stop_requested.eq(false),
            turns::finished_at.eq(finished),
        ))
        .returning(Turn::as_returning())
        .prepared()
        .get_result(c)
        .await
        .optional()
    })?;
    if let Some(turn) = &turn
        && state.is_finished()
    {
        conversation::release(conn, turn.tenant_id, turn.conversation_id, turn.id).await?;
    }
    Ok(turn)
}

/// Counts one more model call; the new number.
///
/// # Errors
/// When the database does not answer, or the turn is another runner's ([`Code::Conflict`]).
pub async fn count_model_call(conn: &mut Conn, runner: Runner) -> Result<i32> {
    let count: Option<i32> = on!(conn, c => {
        diesel::update(turns::table.find(runner.turn).filter(turns::tenant_id.eq(runner.tenant)).filter(turns::epoch.eq(runner.epoch)))
            .set(turns::model_calls.eq(turns::model_calls + 1))
            .returning(turns::model_calls)
            .prepared()
            .get_result(c)
            .await
            .optional()
    })?;
    count.ok_or_else(|| Code::Conflict.into())
}

/// Keeps how many denials followed one another.
///
/// # Errors
/// When the database does not answer.
pub async fn set_denials_in_a_row(conn: &mut Conn, turn: TurnId, count: i32) -> Result<()> {
    on!(conn, c => {
        diesel::update(turns::table.find(turn)).set(turns::denials_in_a_row.eq(count)).prepared().execute(c).await
    })?;
    Ok(())
}

/// Asks the runner, wherever it is, to stop.
///
/// # Errors
/// When the database does not answer.
pub async fn request_stop(conn: &mut Conn, owner: Owner, id: TurnId) -> Result<()> {
    on!(conn, c => {
        diesel::update(
            turns::table
                .find(id)
                .filter(turns::tenant_id.eq(owner.tenant))
                .filter(turns::user_id.eq(owner.user))
                .filter(turns::state.eq(TurnState::Running)),
        )
        .set(turns::stop_requested.eq(true))
        .prepared()
        .execute(c)
        .await
    })?;
    Ok(())
}

/// Asks the runners of all of a person's turns, wherever they are, to stop.
///
/// # Errors
/// When the database does not answer.
pub async fn request_stop_of(conn: &mut Conn, user: UserId) -> Result<()> {
    on!(conn, c => {
        diesel::update(turns::table.filter(turns::user_id.eq(user)).filter(turns::state.eq(TurnState::Running)))
            .set(turns::stop_requested.eq(true))
            .prepared()
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Whether any turn of a person's runs, in any tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn any_runs(conn: &mut Conn, user: UserId) -> Result<bool> {
    Ok(on!(conn, c => {
        diesel::select(diesel::dsl::exists(
            turns::table.filter(turns::user_id.eq(user)).filter(turns::state.eq(TurnState::Running)),
        ))
        .get_result(c)
        .await
    })?)
}

/// Of these turns, those that their person asked to stop.
///
/// # Errors
/// When the database does not answer.
pub async fn stop_requested(conn: &mut Conn, ids: &[TurnId]) -> Result<Vec<TurnId>> {
    Ok(on!(conn, c => {
        turns::table
            .filter(turns::id.eq_any(ids))
            .filter(turns::stop_requested.eq(true))
            .select(turns::id)
            .load(c)
            .await
    })?)
}

/// Turns that say they run, but whose runner has been silent for longer than its lease; `all`: every one that
/// says it runs.
///
/// # Errors
/// When the database does not answer.
pub async fn abandoned(conn: &mut Conn, all: bool) -> Result<Vec<Turn>> {
    let time = Time(conn.now().await?);
    Ok(on!(conn, c => {
        let mut query = turns::table
            .filter(turns::state.eq(TurnState::Running))
            .order(turns::id)
            .limit(1000)
            .select(Turn::as_select())
            .into_boxed();
        if !all {
            query = query.filter(turns::lease_until.lt(Some(time)));
        }
        query.load(c).await
    })?)
}

/// The running turns of these conversations that other instances run.
///
/// # Errors
/// When the database does not answer.
pub async fn running_elsewhere(
    conn: &mut Conn,
    conversations: &[ConversationId],
    instance: InstanceId,
) -> Result<Vec<Turn>> {
    Ok(on!(conn, c => {
        turns::table
            .filter(turns::conversation_id.eq_any(conversations))
            .filter(turns::state.eq(TurnState::Running))
            .filter(turns::owner.ne(Some(instance)))
            .select(Turn::as_select())
            .load(c)
            .await
    })?)
}
