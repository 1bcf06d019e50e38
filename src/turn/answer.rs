//! A person's answer to what a server asks while a call of theirs runs. It is looked at here, at the door, and stored for
//! the call's task to take, wherever that runs.

use crate::{
    db::now,
    error::{Code, Error, Refusal, Result},
    feed::Wake,
    models::{Owner, conversation, question, tool_call},
    state::AppState,
    tools::{self, Arguments},
    types::{
        Question, QuestionAnswer, QuestionWanted, ToolCall, ToolCallId, ToolCallState,
        schema_form::{self, Typed, Wrong},
    },
};

use super::{Caller, approval::audit, whole::must_be_open};

/// What a person answers.
pub struct AnswerInput {
    /// To a question of which call.
    pub call: ToolCallId,
    /// To which of its questions.
    pub question: i32,
    /// What.
    pub answer: QuestionAnswer,
    /// With yes to a form: what was typed.
    pub typed: Typed,
}

/// What came of an answer.
pub enum Answered {
    /// It is on its way to the server.
    Taken,
    /// What was typed does not fit, and nothing was answered: what is wrong with each field, by its place; with none where
    /// it is all of it.
    Wrong(Vec<(Option<usize>, Wrong)>),
}

/// A call of the caller's, with what was asked in it.
///
/// # Errors
/// `not_found` for what is not theirs.
pub async fn asked_call(state: &AppState, caller: &Caller, id: ToolCallId) -> Result<ToolCall> {
    let owner = caller.owner();
    let mut conn = state.db.read(owner.tenant).await?;
    let call = tool_call::find(&mut conn, owner, id).await?.ok_or(Code::NotFound)?;
    let mut filled = question::with(&mut conn, owner.tenant, vec![call]).await?;
    filled.pop().ok_or_else(|| Code::NotFound.into())
}

/// Takes a person's answer, once. Only the person whose call it is answers.
///
/// # Errors
/// `not_found` for what is not theirs; `conflict` for a question that does not wait (any more).
pub async fn answer(state: &AppState, caller: &Caller, input: &AnswerInput) -> Result<Answered> {
    let owner = caller.owner();
    // Before anything is locked: it may take its time.
    if let Some(wrong) = misfit(state, owner, input).await? {
        return Ok(Answered::Wrong(vec![(None, wrong)]));
    }
    let mut tx = state.db.write(owner.tenant).await?;
    let call = tool_call::find(&mut tx, owner, input.call).await?.ok_or(Code::NotFound)?;
    must_be_open(&conversation::find(&mut tx, owner, call.conversation_id).await?.ok_or(Code::NotFound)?)?;
    let over = || Error::from(Refusal::new(Code::Conflict).saying("error-question-over"));
    let asked = question::of_calls(&mut tx, owner.tenant, &[call.id]).await?.pop().map(|(_, asked)| asked);
    let asked = asked.filter(|asked| {
        call.state == ToolCallState::AwaitingInput && asked.number == input.question && asked.answer.is_none()
    });
    let asked = asked.ok_or_else(over)?;
    let values = match input.answer {
        QuestionAnswer::Accept => match values(&asked, &input.typed) {
            Ok(values) => values,
            Err(faults) => return Ok(Answered::Wrong(faults)),
        },
        // What was typed before somebody said no is nobody's.
        QuestionAnswer::Decline | QuestionAnswer::Cancel => "{}".to_owned(),
    };
    let sealed = question::seal(state.servers.roster().sealer(), &call, input.question, values)?;
    let given = (input.answer, Some(sealed.as_str()));
    if !question::answer(&mut tx, &call, input.question, Some(now()), given).await? {
        return Err(over());
    }
    audit(state, &mut tx, &call, "input_answered", input.answer.as_str(), &caller.address).await?;
    // The task that waits for it may be another instance's.
    tx.notify(Wake::Person { from: state.instance, user: owner.user }.payload()).await?;
    tx.commit().await?;
    state.feed.touch_person(owner.user);
    Ok(Answered::Taken)
}

/// Why the values of an answer do not fit the server's whole schema, of which the fields of the form show a part: its
/// patterns, what is said of fields together, and all of it where there is no form. Nothing where the fields themselves are
/// wrong, or nothing waits any more: that is told where the answer is taken.
async fn misfit(state: &AppState, owner: Owner, input: &AnswerInput) -> Result<Option<Wrong>> {
    if input.answer != QuestionAnswer::Accept {
        return Ok(None);
    }
    let mut conn = state.db.read(owner.tenant).await?;
    let Some(call) = tool_call::find(&mut conn, owner, input.call).await? else { return Ok(None) };
    let asked = question::of_calls(&mut conn, owner.tenant, &[call.id]).await?.pop().map(|(_, asked)| asked);
    drop(conn);
    let Some(asked) = asked.filter(|asked| asked.answer.is_none()) else { return Ok(None) };
    let Some(QuestionWanted::Form { schema }) = &asked.wanted else { return Ok(None) };
    let Some(values) = values(&asked, &input.typed).ok().and_then(|text| Arguments::parse(&text).ok()) else {
        return Ok(None);
    };
    Ok(match tools::faults_of(schema.clone(), values.value().clone(), "{}").await {
        Ok(faults) if faults.is_empty() => None,
        Ok(faults) => Some(Wrong::Misfit(faults.join("; "))),
        Err(_) => Some(Wrong::Uncheckable),
    })
}

/// The values of an answer as JSON: exactly what is sent.
fn values(asked: &Question, typed: &Typed) -> Result<String, Vec<(Option<usize>, Wrong)>> {
    let Some(QuestionWanted::Form { schema }) = &asked.wanted else { return Ok("{}".to_owned()) };
    let text = schema_form::composed(schema_form::of_question(schema).as_deref(), typed)?;
    // A key that comes twice is one thing here and may be another there.
    Arguments::parse(&text).map(|values| values.as_str().to_owned()).map_err(|_| vec![(None, Wrong::NoJson)])
}
