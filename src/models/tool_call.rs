//! Tool calls: what a model asked for, what a person decided, what came of it.
//!
//! Every change of state is one conditional update; whose update changes no row came second. That is what makes a
//! decision count once and an approved call run at most once, over any number of requests, instances and crashes.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Owner, usage};
use crate::{
    db::{
        Conn, Prepare, now, on,
        schema::tool_calls,
        types::{Json, Time},
    },
    error::Result,
    types::{
        Authority, Block, Bound, ConversationId, Decision, Difference, Digest, MessageId, Preview, TenantId, ToolCall,
        ToolCallId, ToolCallState, ToolOutcome, TurnId, Undo, UserId,
    },
};

/// A tool call as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = tool_calls)]
pub struct StoredCall {
    /// Its id, ours.
    pub id: ToolCallId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The person whose say-so it needs.
    pub user_id: UserId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The turn.
    pub turn_id: TurnId,
    /// The reply that asks for it.
    pub message_id: MessageId,
    /// Its place among that reply's calls.
    pub ordinal: i32,
    /// The server.
    pub server: String,
    /// How that server is launched or reached.
    pub launch: String,
    /// The tool.
    pub name: String,
    /// The tool's fingerprint when it was asked for.
    pub fingerprint: Digest,
    /// Exactly what is shown, hashed and run.
    pub arguments: String,
    /// What the model asked for, where the person changed it.
    pub asked_arguments: Option<String>,
    /// What it acts on.
    pub target: Option<String>,
    /// The state of the world it rests on.
    pub precondition: Option<String>,
    /// What it would change.
    pub difference: Option<Json<Difference>>,
    /// Digest over all of it.
    pub digest: Digest,
    /// Where it stands.
    pub state: ToolCallState,
    /// What was decided.
    pub decision: Option<Decision>,
    /// By whom.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Time>,
    /// Why, of a denial.
    pub reason: Option<String>,
    /// What the model is told.
    pub result: Option<String>,
    /// The code of its error.
    pub error_code: Option<String>,
    /// The call of unknown outcome that this one repeats.
    pub repeats: Option<ToolCallId>,
    /// When it was asked for.
    pub created_at: Time,
    /// When it began to run.
    pub started_at: Option<Time>,
    /// When it ended.
    pub finished_at: Option<Time>,
    /// What may be granted with its approval.
    pub bounds: Option<Json<Vec<Bound>>>,
    /// By what it runs, where nobody was asked.
    pub authority: Option<Json<Authority>>,
    /// Whether what it wrote can be put back.
    pub undo: Option<Undo>,
    /// The images and files that came with its result.
    pub files: Option<Json<Vec<Block>>>,
}

impl StoredCall {
    /// Whose it is.
    pub fn owner(&self) -> Owner {
        Owner { tenant: self.tenant_id, user: self.user_id }
    }

    /// What the model asked for, whatever its person made of it.
    pub fn asked(&self) -> &str {
        self.asked_arguments.as_deref().unwrap_or(&self.arguments)
    }

    /// Of a call of unknown outcome: whether its person has yet to say what becomes of it.
    pub fn decision_is_open(&self) -> bool {
        !matches!(self.decision, Some(Decision::RunAgain | Decision::Report))
    }
}

impl From<StoredCall> for ToolCall {
    fn from(call: StoredCall) -> Self {
        Self {
            id: call.id,
            conversation_id: call.conversation_id,
            turn_id: call.turn_id,
            message_id: call.message_id,
            ordinal: call.ordinal,
            server: call.server,
            name: call.name,
            arguments: call.arguments,
            asked_arguments: call.asked_arguments,
            preview: Preview {
                target: call.target,
                precondition: call.precondition,
                difference: call.difference.map(|difference| difference.0),
                bounds: call.bounds.map(|bounds| bounds.0).unwrap_or_default(),
            },
            digest: call.digest,
            state: call.state,
            decision: call.decision,
            reason: call.reason,
            authority: call.authority.map(|authority| authority.0),
            outcome: call.result.map(|text| ToolOutcome {
                text,
                error_code: call.error_code,
                files: call.files.map(|files| files.0).unwrap_or_default(),
            }),
            undo: call.undo,
            questions: Vec::new(),
        }
    }
}

/// Stores a call that a model asked for.
///
/// # Errors
/// When the database refuses.
pub async fn insert(conn: &mut Conn, call: &StoredCall) -> Result<()> {
    on!(conn, c => diesel::insert_into(tool_calls::table).values(call).execute(c).await)?;
    Ok(())
}

/// The call of that id, if it is this person's.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, owner: Owner, id: ToolCallId) -> Result<Option<StoredCall>> {
    Ok(on!(conn, c => {
        tool_calls::table
            .find(id)
            .filter(tool_calls::tenant_id.eq(owner.tenant))
            .filter(tool_calls::user_id.eq(owner.user))
            .select(StoredCall::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// The calls of a turn, in the order in which they were asked for.
///
/// # Errors
/// When the database does not answer.
pub async fn of_turn(conn: &mut Conn, tenant: TenantId, turn: TurnId) -> Result<Vec<StoredCall>> {
    Ok(on!(conn, c => {
        tool_calls::table
            .filter(tool_calls::tenant_id.eq(tenant))
            .filter(tool_calls::turn_id.eq(turn))
            .order((tool_calls::created_at, tool_calls::ordinal, tool_calls::id))
            .select(StoredCall::as_select())
            .load(c)
            .await
    })?)
}

/// The calls that these replies asked for.
///
/// # Errors
/// When the database does not answer.
pub async fn of_messages(conn: &mut Conn, tenant: TenantId, messages: &[MessageId]) -> Result<Vec<StoredCall>> {
    Ok(on!(conn, c => {
        tool_calls::table
            .filter(tool_calls::tenant_id.eq(tenant))
            .filter(tool_calls::message_id.eq_any(messages))
            .order((tool_calls::created_at, tool_calls::ordinal, tool_calls::id))
            .select(StoredCall::as_select())
            .load(c)
            .await
    })?)
}

/// What waits for a person's decision or answer, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting(conn: &mut Conn, owner: Owner) -> Result<Vec<StoredCall>> {
    Ok(on!(conn, c => {
        tool_calls::table
            .filter(tool_calls::tenant_id.eq(owner.tenant))
            .filter(tool_calls::user_id.eq(owner.user))
            .filter(tool_calls::state.eq_any([
                ToolCallState::Pending,
                ToolCallState::OutcomeUnknown,
                ToolCallState::AwaitingInput,
            ]))
            .filter(tool_calls::decision.is_null().or(tool_calls::decision.eq(Decision::Approve)))
            .order((tool_calls::created_at, tool_calls::ordinal, tool_calls::id))
            .limit(200)
            .select(StoredCall::as_select())
            .load(c)
            .await
    })?)
}

/// How many calls of a person wait for their decision.
///
/// # Errors
/// When the database does not answer.
pub async fn count_pending(conn: &mut Conn, owner: Owner) -> Result<i64> {
    Ok(on!(conn, c => {
        tool_calls::table
            .filter(tool_calls::tenant_id.eq(owner.tenant))
            .filter(tool_calls::user_id.eq(owner.user))
            .filter(tool_calls::state.eq(ToolCallState::Pending))
            .count()
            .get_result(c)
            .await
    })?)
}

/// Pending → approved or denied, if the digest is that of the stored call; `None` if it was not pending any more.
///
/// # Errors
/// When the database does not answer.
pub async fn decide(
    conn: &mut Conn,
    owner: Owner,
    id: ToolCallId,
    digest: Digest,
    decision: Decision,
    reason: Option<&str>,
) -> Result<Option<StoredCall>> {
    let state = if decision == Decision::Approve { ToolCallState::Approved } else { ToolCallState::Denied };
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            tool_calls::table
                .find(id)
                .filter(tool_calls::tenant_id.eq(owner.tenant))
                .filter(tool_calls::user_id.eq(owner.user))
                .filter(tool_calls::state.eq(ToolCallState::Pending))
                .filter(tool_calls::digest.eq(digest)),
        )
        .set((
            tool_calls::state.eq(state),
            tool_calls::decision.eq(Some(decision)),
            tool_calls::decided_by.eq(Some(owner.user)),
            tool_calls::decided_at.eq(Some(time)),
            tool_calls::reason.eq(reason),
        ))
        .returning(StoredCall::as_returning())
        .prepared()
        .get_result(c)
        .await
        .optional()
    })?)
}

/// Puts an edit in the place of what a pending call asked for, if the call is still the one that was edited; `false`
/// if not.
///
/// # Errors
/// When the database does not answer.
pub async fn edit(conn: &mut Conn, shown: Digest, edited: &StoredCall) -> Result<bool> {
    let changed = on!(conn, c => {
        diesel::update(
            tool_calls::table
                .find(edited.id)
                .filter(tool_calls::tenant_id.eq(edited.tenant_id))
                .filter(tool_calls::user_id.eq(edited.user_id))
                .filter(tool_calls::state.eq(ToolCallState::Pending))
                .filter(tool_calls::digest.eq(shown)),
        )
        .set((
            tool_calls::arguments.eq(&edited.arguments),
            tool_calls::asked_arguments.eq(&edited.asked_arguments),
            tool_calls::target.eq(&edited.target),
            tool_calls::precondition.eq(&edited.precondition),
            tool_calls::difference.eq(&edited.difference),
            tool_calls::bounds.eq(&edited.bounds),
            tool_calls::digest.eq(edited.digest),
        ))
        .prepared()
        .execute(c)
        .await
    })?;
    Ok(changed == 1)
}

/// The pending calls of a tenant that were asked for before a time, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn pending_since(conn: &mut Conn, tenant: TenantId, before: Time) -> Result<Vec<StoredCall>> {
    Ok(on!(conn, c => {
        tool_calls::table
            .filter(tool_calls::tenant_id.eq(tenant))
            .filter(tool_calls::state.eq(ToolCallState::Pending))
            .filter(tool_calls::created_at.lt(before))
            .order((tool_calls::created_at, tool_calls::id))
            .limit(200)
            .select(StoredCall::as_select())
            .load(c)
            .await
    })?)
}

/// Approved → running; `false` if it was not approved any more. Only who gets `true` may run it.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(conn: &mut Conn, tenant: TenantId, id: ToolCallId, digest: Digest) -> Result<bool> {
    let time = Time(now());
    let changed = on!(conn, c => {
        diesel::update(
            tool_calls::table
                .find(id)
                .filter(tool_calls::tenant_id.eq(tenant))
                .filter(tool_calls::state.eq(ToolCallState::Approved))
                .filter(tool_calls::digest.eq(digest)),
        )
        .set((tool_calls::state.eq(ToolCallState::Running), tool_calls::started_at.eq(Some(time))))
        .prepared()
        .execute(c)
        .await
    })?;
    Ok(changed == 1)
}

/// `from` → `to`, with what the model is told; `None` if it was not in that state any more. A run that ends so is counted.
///
/// # Errors
/// When the database does not answer.
pub async fn end(
    conn: &mut Conn,
    tenant: TenantId,
    id: ToolCallId,
    from: ToolCallState,
    to: ToolCallState,
    outcome: Option<&ToolOutcome>,
) -> Result<Option<StoredCall>> {
    let time = Time(now());
    let result = outcome.map(|outcome| outcome.text.clone());
    let code = outcome.and_then(|outcome| outcome.error_code.clone());
    let files = outcome.map(|outcome| outcome.files.clone()).filter(|files| !files.is_empty()).map(Json);
    let ended: Option<StoredCall> = on!(conn, c => {
        diesel::update(
            tool_calls::table
                .find(id)
                .filter(tool_calls::tenant_id.eq(tenant))
                .filter(tool_calls::state.eq(from)),
        )
        .set((
            tool_calls::state.eq(to),
            tool_calls::result.eq(result),
            tool_calls::error_code.eq(code),
            tool_calls::files.eq(files),
            tool_calls::finished_at.eq(Some(time)),
        ))
        .returning(StoredCall::as_returning())
        .prepared()
        .get_result(c)
        .await
        .optional()
    })?;
    let ran = matches!(from, ToolCallState::Running | ToolCallState::AwaitingInput);
    if let Some(ended) = ended.as_ref().filter(|_| ran) {
        usage::count_run(conn, ended).await?;
    }
    Ok(ended)
}

/// Writes down what a person said of a call of unknown outcome, once; `None` if they or someone had said it before.
///
/// # Errors
/// When the database does not answer.
pub async fn settle_unknown(
    conn: &mut Conn,
    owner: Owner,
    id: ToolCallId,
    digest: Digest,
    decision: Decision,
) -> Result<Option<StoredCall>> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            tool_calls::table
                .find(id)
                .filter(tool_calls::tenant_id.eq(owner.tenant))
                .filter(tool_calls::user_id.eq(owner.user))
                .filter(tool_calls::state.eq(ToolCallState::OutcomeUnknown))
                .filter(tool_calls::digest.eq(digest))
                .filter(tool_calls::decision.is_null().or(tool_calls::decision.eq(Decision::Approve))),
        )
        .set((
            tool_calls::decision.eq(Some(decision)),
            tool_calls::decided_by.eq(Some(owner.user)),
            tool_calls::decided_at.eq(Some(time)),
        ))
        .returning(StoredCall::as_returning())
        .prepared()
        .get_result(c)
        .await
        .optional()
    })?)
}

/// Settles every call of unknown outcome in a conversation as reported: its person went on talking.
///
/// # Errors
/// When the database does not answer.
pub async fn report_unknown(conn: &mut Conn, owner: Owner, conversation: ConversationId) -> Result<Vec<StoredCall>> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            tool_calls::table
                .filter(tool_calls::conversation_id.eq(conversation))
                .filter(tool_calls::tenant_id.eq(owner.tenant))
                .filter(tool_calls::user_id.eq(owner.user))
                .filter(tool_calls::state.eq(ToolCallState::OutcomeUnknown))
                .filter(tool_calls::decision.is_null().or(tool_calls::decision.eq(Decision::Approve))),
        )
        .set((
            tool_calls::decision.eq(Some(Decision::Report)),
            tool_calls::decided_by.eq(Some(owner.user)),
            tool_calls::decided_at.eq(Some(time)),
        ))
        .returning(StoredCall::as_returning())
        .prepared()
        .get_results(c)
        .await
    })?)
}
