//! What servers ask people while calls run. A question is put once and answered once, over any number of requests and
//! instances: each step is a conditional update.
//!
//! What a person answers is on its way between the instance they answer on and the one that runs the call: until that one
//! takes it, it stands here, sealed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use secrecy::{ExposeSecret as _, SecretString};

use super::{
    sealed::{Place, Sealer},
    tool_call::StoredCall,
};
use crate::{
    db::{
        Conn, now, on,
        schema::{questions, tool_calls},
        types::{Json, Time},
    },
    error::{Error, Result},
    types::{Question, QuestionAnswer, QuestionWanted, TenantId, ToolCall, ToolCallId, ToolCallState},
};

/// As it is stored.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = questions)]
struct Row {
    call_id: ToolCallId,
    number: i32,
    tenant_id: TenantId,
    message: String,
    wanted: Option<Json<QuestionWanted>>,
    ends_at: Time,
    answer: Option<QuestionAnswer>,
}

impl From<Row> for Question {
    fn from(row: Row) -> Self {
        Self {
            number: row.number,
            message: row.message,
            wanted: row.wanted.map(|wanted| wanted.0),
            ends_at: row.ends_at.0,
            answer: row.answer,
        }
    }
}

/// What was asked in these calls, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn of_calls(conn: &mut Conn, tenant: TenantId, calls: &[ToolCallId]) -> Result<Vec<(ToolCallId, Question)>> {
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = on!(conn, c => {
        questions::table
            .filter(questions::tenant_id.eq(tenant))
            .filter(questions::call_id.eq_any(calls))
            .order((questions::call_id, questions::number))
            .select(Row::as_select())
            .load(c)
            .await
    })?;
    Ok(rows.into_iter().map(|row| (row.call_id, row.into())).collect())
}

/// Calls as viewers see them, with what was asked in them.
///
/// # Errors
/// When the database does not answer.
pub async fn with(conn: &mut Conn, tenant: TenantId, calls: Vec<StoredCall>) -> Result<Vec<ToolCall>> {
    let ids: Vec<ToolCallId> = calls.iter().map(|call| call.id).collect();
    let mut asked = of_calls(conn, tenant, &ids).await?;
    let filled = |call: StoredCall| {
        let of = asked.extract_if(.., |(id, _)| *id == call.id).map(|(_, question)| question).collect();
        ToolCall { questions: of, ..call.into() }
    };
    Ok(calls.into_iter().map(filled).collect())
}

/// From one state to another; `None` if the call is not in the first (any more).
async fn set_state(
    conn: &mut Conn,
    call: &StoredCall,
    from: ToolCallState,
    to: ToolCallState,
) -> Result<Option<StoredCall>> {
    Ok(on!(conn, c => {
        diesel::update(
            tool_calls::table
                .find(call.id)
                .filter(tool_calls::tenant_id.eq(call.tenant_id))
                .filter(tool_calls::state.eq(from)),
        )
        .set(tool_calls::state.eq(to))
        .returning(StoredCall::as_returning())
        .get_result(c)
        .await
        .optional()
    })?)
}

/// Running → waiting for an answer to this question; `None` if the call does not run (any more).
///
/// # Errors
/// When the database does not answer.
pub async fn ask(conn: &mut Conn, call: &StoredCall, question: &Question) -> Result<Option<StoredCall>> {
    let Some(waits) = set_state(conn, call, ToolCallState::Running, ToolCallState::AwaitingInput).await? else {
        return Ok(None);
    };
    let row = Row {
        call_id: call.id,
        number: question.number,
        tenant_id: call.tenant_id,
        message: question.message.clone(),
        wanted: question.wanted.clone().map(Json),
        ends_at: question.ends_at.into(),
        answer: question.answer,
    };
    on!(conn, c => diesel::insert_into(questions::table).values(&row).execute(c).await)?;
    Ok(Some(waits))
}

/// Ends a question with this answer, once, if its time is not over at `before`; what it wanted is forgotten. `false` if it
/// does not wait (any more).
///
/// # Errors
/// When the database does not answer.
pub async fn answer(
    conn: &mut Conn,
    call: &StoredCall,
    number: i32,
    before: Option<DateTime<Utc>>,
    (answer, sealed): (QuestionAnswer, Option<&str>),
) -> Result<bool> {
    // Without a time, whatever its end is.
    let after = Time(before.unwrap_or(DateTime::UNIX_EPOCH));
    let changed = on!(conn, c => {
        diesel::update(
            questions::table
                .find((call.id, number))
                .filter(questions::tenant_id.eq(call.tenant_id))
                .filter(questions::answer.is_null())
                .filter(questions::ends_at.gt(after)),
        )
        .set((
            questions::answer.eq(Some(answer)),
            questions::sealed.eq(sealed),
            questions::wanted.eq(None::<Json<QuestionWanted>>),
        ))
        .execute(c)
        .await
    })?;
    Ok(changed == 1)
}

/// How it stands with a call's question: its answer, and whether its time is over.
///
/// # Errors
/// When the database does not answer.
pub async fn standing(conn: &mut Conn, call: &StoredCall, number: i32) -> Result<(Option<QuestionAnswer>, bool)> {
    let found: Option<(Option<QuestionAnswer>, Time)> = on!(conn, c => {
        questions::table
            .find((call.id, number))
            .filter(questions::tenant_id.eq(call.tenant_id))
            .select((questions::answer, questions::ends_at))
            .first(c)
            .await
            .optional()
    })?;
    Ok(found.map_or((None, true), |(answer, ends_at)| (answer, ends_at.0 <= now())))
}

/// Waiting for an answer → running, with what was answered: from now on it stands nowhere. `None` if the call does not
/// wait (any more).
///
/// # Errors
/// When the database does not answer.
pub async fn go_on(
    conn: &mut Conn,
    call: &StoredCall,
    number: i32,
) -> Result<Option<(StoredCall, Option<QuestionAnswer>, Option<String>)>> {
    let Some(runs) = set_state(conn, call, ToolCallState::AwaitingInput, ToolCallState::Running).await? else {
        return Ok(None);
    };
    let (answer, sealed): (Option<QuestionAnswer>, Option<String>) = on!(conn, c => {
        questions::table.find((call.id, number)).select((questions::answer, questions::sealed)).first(c).await
    })?;
    on!(conn, c => {
        diesel::update(questions::table.find((call.id, number)))
            .set(questions::sealed.eq(None::<String>))
            .execute(c)
            .await
    })?;
    Ok(Some((runs, answer, sealed)))
}

/// Ends what waits in a call that nobody runs any more, and forgets what was answered to it.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(conn: &mut Conn, call: &StoredCall) -> Result<()> {
    on!(conn, c => {
        diesel::update(questions::table.filter(questions::call_id.eq(call.id)).filter(questions::answer.is_null()))
            .set((
                questions::answer.eq(Some(QuestionAnswer::Cancel)),
                questions::wanted.eq(None::<Json<QuestionWanted>>),
            ))
            .execute(c)
            .await?;
        diesel::update(questions::table.filter(questions::call_id.eq(call.id)))
            .set(questions::sealed.eq(None::<String>))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Where an answer belongs: opened for another call or question it is nothing.
fn place(call: &StoredCall, number: i32) -> Place {
    Place::new(&["questions", "sealed", &call.tenant_id.to_string(), &call.id.to_string(), &number.to_string()])
}

/// The values of an answer, sealed for this question.
///
/// # Errors
/// Never with ours.
pub fn seal(sealer: &Sealer, call: &StoredCall, number: i32, values: String) -> Result<String> {
    sealer.seal(&place(call, number), &SecretString::from(values))
}

/// What was sealed for this question.
///
/// # Errors
/// When somebody changed or moved it.
pub fn open(sealer: &Sealer, call: &StoredCall, number: i32, sealed: &str) -> Result<String> {
    let opened = sealer.open(&place(call, number), sealed).map_err(Error::internal)?;
    Ok(opened.expose_secret().to_owned())
}
