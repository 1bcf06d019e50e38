//! Whether a tool may run for a person: the one place through which every way to a tool goes. What is offered to a
//! model, what is judged when it asks, what is decided, what begins to run, and what a person calls directly.

use std::sync::Arc;

use crate::{
    db::Conn,
    error::Result,
    models::{
        tool_call::StoredCall,
        tool_rule::{self, ToolRule},
    },
    state::AppState,
    tools::{
        Freshness, Tool, ToolDefinition, ToolError,
        listed::Listed,
        policy::{self, Rule, Ruled, Ruling},
    },
    types::{Authority, Decision, Verdict},
};

use super::{Caller, grants};

/// What holds now for this caller and this tool.
///
/// # Errors
/// When the database does not answer: then nothing runs.
pub(super) async fn ruling(state: &AppState, conn: &mut Conn, caller: &Caller, tool: &dyn Tool) -> Result<Ruling> {
    let definition = tool.definition();
    let rule = tool_rule::find(conn, caller.tenant.id, &definition.server, &definition.name).await?;
    let mut ruling = ruling_by(caller, definition, rule.as_ref());
    for part in parts(state, tool) {
        let rule = tool_rule::find(conn, caller.tenant.id, &part.server, &part.name).await?;
        ruling = ruling.over(ruling_by(caller, part, rule.as_ref()));
    }
    Ok(ruling)
}

/// The tools whose work this one does as well: where one of them is never to be used, this one is not a way to it.
fn parts<'a>(state: &'a AppState, tool: &'a dyn Tool) -> impl Iterator<Item = &'a ToolDefinition> {
    tool.includes().iter().filter_map(|name| state.tools.built_in().find(name)).map(|part| part.definition())
}

/// The tools that a model is told of for this caller, sorted by name: those that may run, now or when the person says
/// so.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn offered(state: &AppState, conn: &mut Conn, caller: &Caller) -> Result<Vec<Arc<dyn Tool>>> {
    Ok(judged(state, conn, caller).await?.into_iter().map(|(tool, _)| tool).collect())
}

/// The same with what policy says of each: ask or allow.
async fn judged(state: &AppState, conn: &mut Conn, caller: &Caller) -> Result<Vec<(Arc<dyn Tool>, Verdict)>> {
    let rules = tool_rule::of_tenant(conn, caller.tenant.id).await?;
    let ruled = |definition: &ToolDefinition| {
        let rule = rules.iter().find(|rule| rule.server == definition.server && rule.name == definition.name);
        ruling_by(caller, definition, rule)
    };
    let judge = |tool: &Arc<dyn Tool>| {
        let of_parts = parts(state, tool.as_ref()).map(ruled);
        (tool.clone(), of_parts.fold(ruled(tool.definition()), Ruling::over).verdict)
    };
    Ok(state.tools.of(caller.owner()).iter().map(judge).filter(|(_, verdict)| *verdict != Verdict::Deny).collect())
}

/// The tools that a caller may use, sorted by name, as they were at most a minute ago; as they are now, with `force`.
///
/// # Errors
/// When the database does not answer.
pub async fn listed_tools(state: &AppState, caller: &Caller, force: bool) -> Result<Arc<[Listed]>> {
    let (tenant, role) = (caller.tenant.id, caller.role);
    if let Some(kept) = state.tool_lists.find(caller.owner(), role).filter(|_| !force) {
        return Ok(kept);
    }
    let freshness = if force { Freshness::Now } else { Freshness::Kept };
    state.tools.refresh(caller.owner(), freshness).await;
    let judged = judged(state, &mut *state.db.read(tenant).await?, caller).await?;
    let listed = |(tool, verdict): (Arc<dyn Tool>, Verdict)| {
        let ToolDefinition { server, name, description, input_schema, .. } = tool.definition().clone();
        Listed { name, server, description, input_schema, verdict }
    };
    let list: Arc<[Listed]> = judged.into_iter().map(listed).collect();
    state.tool_lists.keep(caller.owner(), role, list.clone());
    Ok(list)
}

/// Refuses what policy denies, with words for the model.
pub(super) fn must_not_be_denied(ruling: Ruling) -> Result<(), ToolError> {
    match ruling.verdict {
        Verdict::Deny if ruling.has_changed => {
            let why = "The tool changed since it was accepted here; an admin has to look at it first. Nothing ran.";
            Err(ToolError::new("tool_changed", why))
        }
        Verdict::Deny => Err(ToolError::new("tool_not_allowed", "This tool is not allowed here. Nothing ran.")),
        Verdict::Ask | Verdict::Allow => Ok(()),
    }
}

/// Whether an approved call may begin: policy as it is now, and what approved it: the person's own decision, the rule
/// that allows the tool without asking, or a grant of theirs that still holds.
///
/// # Errors
/// When the database does not answer: then nothing runs.
pub(super) async fn may_begin(
    state: &AppState,
    conn: &mut Conn,
    caller: &Caller,
    tool: &dyn Tool,
    call: &StoredCall,
) -> Result<Result<(), ToolError>> {
    let ruling = ruling(state, conn, caller, tool).await?;
    if let Err(error) = must_not_be_denied(ruling) {
        return Ok(Err(error));
    }
    let is_backed = match call.authority.as_ref().map(|authority| &authority.0) {
        None => call.decision == Some(Decision::Approve) && call.decided_by == Some(call.user_id),
        Some(Authority::Rule) => ruling.verdict == Verdict::Allow,
        Some(Authority::Grant { id, .. }) => ruling.may_grant && grants::holds(conn, call, *id).await?,
    };
    let why = "What allowed it does not hold any more. Nothing ran. You may ask again.";
    Ok(if is_backed { Ok(()) } else { Err(ToolError::new("tool_not_allowed", why)) })
}

/// What a tenant's rule means for a caller and a tool as it is now.
pub fn ruling_by(caller: &Caller, definition: &ToolDefinition, rule: Option<&ToolRule>) -> Ruling {
    let ruled = Ruled { fingerprint: || definition.fingerprint(), is_built_in: definition.is_built_in() };
    let rule = rule.map(|rule| Rule {
        verdict: rule.verdict,
        fingerprint: rule.fingerprint,
        grants_allowed: rule.grants_allowed,
        guests_allowed: rule.guests_allowed,
    });
    policy::rule(ruled, rule.as_ref(), caller.role)
}
