//! The proof that nothing ran without a say-so: of each row that tells of a run, the row of the decision before it, on
//! the same digest and by the same person, and the stored call, which must still be the one that was decided on.
//!
//! A decision is a person's own, a grant of theirs that still had a call left, or the rule of an admin. The attacks meant
//! are a call that is set to `approved` with SQL, arguments that are changed after the approval or after the run, a grant
//! whose count is set back, and a run whose row is not there.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Broken, Chain, Proof, Row};
use crate::{
    db::{
        Conn, on,
        schema::{audit_rows, tool_calls},
    },
    error::Result,
    types::{ConversationId, TenantId, ToolCallId, ToolCallState, UserId, approval::ApprovalSubject},
};

/// Calls that are looked at together. Their arguments are read, which may be long.
const CALLS: usize = 50;

/// By how much the clocks of two instances may differ where a grant ends.
const CLOCKS: TimeDelta = TimeDelta::minutes(2);

/// A stored call, as far as its digest goes. Digests are text here: one that is none must not end the proof.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = tool_calls)]
struct Call {
    id: ToolCallId,
    tenant_id: TenantId,
    user_id: UserId,
    conversation_id: ConversationId,
    server: String,
    launch: String,
    name: String,
    fingerprint: String,
    arguments: String,
    precondition: Option<String>,
    digest: String,
}

impl Call {
    /// Whether it is still what its digest was made of.
    fn is_intact(&self) -> bool {
        self.fingerprint.parse().is_ok_and(|fingerprint| {
            let subject = ApprovalSubject {
                tenant: self.tenant_id,
                user: self.user_id,
                conversation: self.conversation_id,
                call: self.id,
                server: &self.server,
                launch: &self.launch,
                tool: &self.name,
                fingerprint,
                arguments: &self.arguments,
                precondition: self.precondition.as_deref(),
            };
            subject.digest().to_string() == self.digest
        })
    }
}

/// Proves the runs among these rows, which hold, and all rows before them do, from the one after `unproved` on.
pub(super) async fn prove(conn: &mut Conn, chain: &str, unproved: i64, rows: &[Row], proof: &mut Proof) -> Result<()> {
    let runs: Vec<&Row> = rows.iter().filter(|row| row.action == "tool_run").collect();
    proof.runs += i64::try_from(runs.len()).unwrap_or(i64::MAX);
    for runs in runs.chunks(CALLS) {
        let objects: Vec<&str> = runs.iter().map(|run| run.object.as_str()).collect();
        let until = runs.last().map_or(0, |run| run.number);
        let told = told_of(conn, chain, &objects, unproved, until).await?;
        let ids: Vec<ToolCallId> = runs.iter().filter_map(|run| call_of(run)).collect();
        let calls = calls(conn, &ids).await?;
        for run in runs {
            let call = call_of(run);
            let stored = call.and_then(|id| calls.get(&id));
            let before: Vec<&Row> =
                told.iter().filter(|row| row.object == run.object && row.number < run.number).collect();
            if let Some(fault) = fault_of(conn, run, &before, stored).await? {
                proof.add(Broken { chain: chain.to_owned(), number: run.number, call, fault });
            }
        }
    }
    Ok(())
}

/// The call that a row is about.
fn call_of(row: &Row) -> Option<ToolCallId> {
    row.object.strip_prefix("tool_call:")?.parse().ok()
}

/// What is wrong with a run; `before` are the decisions and runs of the same call that were told before.
async fn fault_of(conn: &mut Conn, run: &Row, before: &[&Row], stored: Option<&Call>) -> Result<Option<&'static str>> {
    if before.iter().any(|row| row.action == "tool_run") {
        return Ok(Some("it ran twice"));
    }
    let Some(decision) = before.last().filter(|row| row.action == "tool_approved") else {
        return Ok(Some("it ran without a decision"));
    };
    if run.digest.is_none() || decision.digest != run.digest {
        return Ok(Some("what ran is not what was decided on"));
    }
    let is_person = run.actor.parse::<UserId>().is_ok();
    if !is_person || decision.actor != run.actor {
        return Ok(Some("it ran for another person than the one who decided"));
    }
    // A conversation that was deleted took its calls with it.
    if let Some(stored) = stored {
        if run.chain != Chain::Tenant(stored.tenant_id).name() || run.actor != stored.user_id.to_string() {
            return Ok(Some("the stored call is another person's"));
        }
        if run.digest.is_none_or(|digest| digest.to_string() != stored.digest) || !stored.is_intact() {
            return Ok(Some("the stored call is not the one that was decided on"));
        }
    }
    if let Some(tool) = decision.details.strip_prefix("rule ") {
        return allowed_by_rule(conn, run, decision, tool).await;
    }
    match decision.details.strip_prefix("grant:") {
        Some(spent) => allowed_by_grant(conn, decision, spent).await,
        None => Ok(None),
    }
}

/// An admin must have allowed the tool before the decision. A rule may change at the very moment at which a call begins,
/// so it is enough that it held at the one or at the other.
async fn allowed_by_rule(conn: &mut Conn, run: &Row, decision: &Row, tool: &str) -> Result<Option<&'static str>> {
    let object = format!("tool:{tool}");
    for before in [decision.number, run.number] {
        let rule = newest(conn, &run.chain, &object, "tool_rule_changed", before).await?;
        let is_allowed =
            |rule: &Row| rule.details.split(' ').next() == Some("allow") && rule.actor.parse::<UserId>().is_ok();
        if rule.as_ref().is_some_and(is_allowed) {
            return Ok(None);
        }
    }
    Ok(Some("no admin had allowed the tool without asking"))
}

/// The grant must be the same person's, for the same tool, given before and not revoked, with this call left in it.
async fn allowed_by_grant(conn: &mut Conn, decision: &Row, spent: &str) -> Result<Option<&'static str>> {
    let unclear = Some("the grant that it ran by cannot be made out");
    let Some((grant, spending)) = spent.split_once(' ') else { return Ok(unclear) };
    let object = format!("grant:{grant}");
    let Some(given) = newest(conn, &decision.chain, &object, "grant_given", decision.number).await? else {
        return Ok(Some("the grant that it ran by was never given"));
    };
    // Rows from before there was a tool have none.
    let is_for_another = given.tool.is_some() && given.tool != decision.tool;
    if given.actor != decision.actor || is_for_another {
        return Ok(Some("the grant that it ran by is for another person or tool"));
    }
    if newest(conn, &decision.chain, &object, "grant_revoked", decision.number).await?.is_some() {
        return Ok(Some("the grant that it ran by was revoked"));
    }
    let used = spending.split_once('/').and_then(|(used, _)| used.parse::<i64>().ok());
    let (Some(used), Some((count, until))) = (used, terms(&given.details)) else { return Ok(unclear) };
    if used < 1 || used > count || is_spent_before(conn, decision, &given).await? {
        return Ok(Some("the grant that it ran by was used up"));
    }
    if decision.at.0 > until + CLOCKS {
        return Ok(Some("the grant that it ran by had ended"));
    }
    Ok(None)
}

/// How often and until when, of what a row says of a grant: `write_file 5 × until 2026-01-01T00:00:00+00:00`.
fn terms(details: &str) -> Option<(i64, DateTime<Utc>)> {
    let (what, until) = details.rsplit_once(" × until ")?;
    let (_, count) = what.rsplit_once(' ')?;
    Some((count.parse().ok()?, DateTime::parse_from_rfc3339(until).ok()?.to_utc()))
}

/// Whether the same spending of a grant approved another call before.
async fn is_spent_before(conn: &mut Conn, decision: &Row, given: &Row) -> Result<bool> {
    let found: Option<i64> = on!(conn, c => {
        audit_rows::table
            .filter(audit_rows::chain.eq(&decision.chain))
            .filter(audit_rows::tool.eq(&decision.tool))
            .filter(audit_rows::at.between(given.at, decision.at))
            .filter(audit_rows::number.lt(decision.number))
            .filter(audit_rows::action.eq("tool_approved"))
            .filter(audit_rows::details.eq(&decision.details))
            .select(audit_rows::number)
            .first(c)
            .await
            .optional()
    })?;
    Ok(found.is_some())
}

/// The newest row of that action on an object, before a row.
async fn newest(conn: &mut Conn, chain: &str, object: &str, action: &str, before: i64) -> Result<Option<Row>> {
    Ok(on!(conn, c => {
        audit_rows::table
            .filter(audit_rows::chain.eq(chain))
            .filter(audit_rows::object.eq(object))
            .filter(audit_rows::action.eq(action))
            .filter(audit_rows::number.ge(1))
            .filter(audit_rows::number.lt(before))
            .order(audit_rows::number.desc())
            .select(Row::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// Decisions and runs of these calls, in their order.
async fn told_of(conn: &mut Conn, chain: &str, objects: &[&str], unproved: i64, until: i64) -> Result<Vec<Row>> {
    Ok(on!(conn, c => {
        audit_rows::table
            .filter(audit_rows::chain.eq(chain))
            .filter(audit_rows::object.eq_any(objects.to_vec()))
            .filter(audit_rows::action.eq_any(["tool_approved", "tool_denied", "tool_run"]))
            // What comes later is not proved yet, what came with another key no more, and before the first nothing is.
            .filter(audit_rows::number.gt(unproved))
            .filter(audit_rows::number.le(until))
            .order(audit_rows::number)
            .select(Row::as_select())
            .load(c)
            .await
    })?)
}

async fn calls(conn: &mut Conn, ids: &[ToolCallId]) -> Result<HashMap<ToolCallId, Call>> {
    let found: Vec<Call> = on!(conn, c => {
        tool_calls::table.filter(tool_calls::id.eq_any(ids.to_vec())).select(Call::as_select()).load(c).await
    })?;
    Ok(found.into_iter().map(|call| (call.id, call)).collect())
}

/// Calls that began to run, by what is stored of them, without a row that tells of it.
pub(super) async fn unaudited(conn: &mut Conn, proof: &mut Proof) -> Result<()> {
    const RAN: [ToolCallState; 4] =
        [ToolCallState::Running, ToolCallState::AwaitingInput, ToolCallState::Succeeded, ToolCallState::OutcomeUnknown];
    let mut after = ToolCallId(uuid::Uuid::nil());
    loop {
        let page: Vec<(ToolCallId, TenantId)> = on!(conn, c => {
            tool_calls::table
                .filter(tool_calls::id.gt(after))
                .filter(tool_calls::started_at.is_not_null().or(tool_calls::state.eq_any(RAN)))
                .order(tool_calls::id)
                .limit(500)
                .select((tool_calls::id, tool_calls::tenant_id))
                .load(c)
                .await
        })?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = *last;
        let objects: Vec<String> = page.iter().map(|(id, _)| format!("tool_call:{id}")).collect();
        let chains: Vec<String> = page.iter().map(|(_, tenant)| Chain::Tenant(*tenant).name()).collect();
        let told: Vec<(String, String)> = on!(conn, c => {
            audit_rows::table
                .filter(audit_rows::chain.eq_any(chains.clone()))
                .filter(audit_rows::object.eq_any(objects.clone()))
                .filter(audit_rows::action.eq("tool_run"))
                .filter(audit_rows::number.ge(1))
                .select((audit_rows::chain, audit_rows::object))
                .load(c)
                .await
        })?;
        let told: std::collections::HashSet<(String, String)> = told.into_iter().collect();
        for ((id, _), row) in page.iter().zip(chains.into_iter().zip(objects)) {
            if !told.contains(&row) {
                proof.add(Broken { chain: row.0, number: 0, call: Some(*id), fault: "it ran and no row tells of it" });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_row_says_of_a_grant_is_read_back() {
        let until = DateTime::parse_from_rfc3339("2026-01-02T03:04:05.000006+00:00").unwrap().to_utc();
        assert_eq!(terms(&format!("write_file 5 × until {}", until.to_rfc3339())), Some((5, until)));
        for wrong in ["", "write_file", "write_file 5 × until", "write_file x × until 2026-01-02T03:04:05Z"] {
            assert_eq!(terms(wrong), None, "{wrong}");
        }
    }
}
