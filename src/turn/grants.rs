//! Say-so that a person gave beforehand: given with an approval, spent by a call that it covers, and looked at once
//! more when that call begins.

use chrono::TimeDelta;

use crate::{
    db::{Conn, Database, Transaction, now, types::Json},
    error::{Code, Refusal, Result},
    models::{
        audit::{Act, Actor},
        grant::{self, Grant, GrantedTool},
        tool_call::StoredCall,
    },
    state::AppState,
    tools::{Arguments, Tool, ToolContext},
    types::{Authority, Bound, GrantId, GrantScope, Preview, Remember, ToolCallState},
};

use super::{Caller, permission};

/// What a person may grant with a call: the same arguments, and what its tool declares.
pub(super) fn offered(tool: &dyn Tool, arguments: &Arguments) -> Vec<Bound> {
    std::iter::once(Bound::Same).chain(tool.bounds(arguments)).collect()
}

/// The person's grants that cover a call, those that end first first. Whether one covers it is for the tool to say,
/// with no more power than the grant gives: nothing here compares paths or hosts.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn covering(
    db: &Database,
    context: &ToolContext,
    call: &StoredCall,
    tool: &dyn Tool,
    arguments: &Arguments,
) -> Result<Vec<(GrantId, Preview)>> {
    let granted = GrantedTool { server: &call.server, name: &call.name, fingerprint: call.fingerprint };
    // Given back before the tool looks: it may want a connection too, and twenty that keep one would wait for each other.
    let found =
        grant::usable(&mut *db.read(call.tenant_id).await?, call.owner(), call.conversation_id, granted).await?;
    let mut covering = Vec::new();
    for grant in found {
        let context = ToolContext { within: Some(grant.bound.0.clone()), ..context.clone() };
        if is_covered(&grant, tool, arguments)
            && let Ok(preview) = tool.preview(&context, arguments).await
        {
            covering.push((grant.id, preview));
        }
    }
    Ok(covering)
}

/// Whether a grant can be meant: the arguments are those it was given with, or the tool knows bounds of its kind.
fn is_covered(grant: &Grant, tool: &dyn Tool, arguments: &Arguments) -> bool {
    match &grant.bound.0 {
        Bound::Same => Arguments::parse(&grant.arguments).is_ok_and(|granted| granted.means_the_same(arguments)),
        Bound::Below(_) => tool.bounds(arguments).iter().any(|bound| matches!(bound, Bound::Below(_))),
        Bound::Host(_) => tool.bounds(arguments).iter().any(|bound| matches!(bound, Bound::Host(_))),
    }
}

/// Spends the first of these grants that has a call left, in the transaction that stores the call as approved by it;
/// whether there was one.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn spend(
    tx: &mut Transaction,
    call: &mut StoredCall,
    grants: Vec<(GrantId, Preview)>,
) -> Result<bool> {
    for (id, preview) in grants {
        if let Some(spent) = grant::spend(tx, call.owner(), id).await? {
            let Preview { target, precondition, difference, .. } = preview;
            (call.target, call.precondition, call.difference) = (target, precondition, difference.map(Json));
            call.digest = super::approval::digest_of(call);
            call.state = ToolCallState::Approved;
            let bound = spent.bound.0;
            call.authority = Some(Json(Authority::Grant { id, bound, used: spent.used, count: spent.count }));
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the grant by which a call was approved still holds.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn holds(conn: &mut Conn, call: &StoredCall, id: GrantId) -> Result<bool> {
    let grant = grant::holding(conn, call.owner(), id).await?;
    Ok(grant.is_some_and(|grant| {
        let is_here = grant.conversation_id.is_none_or(|conversation| conversation == call.conversation_id);
        is_here && grant.server == call.server && grant.name == call.name && grant.fingerprint == call.fingerprint
    }))
}

/// Keeps what a person says beforehand with the approval of this call, in its transaction.
///
/// # Errors
/// `invalid_payload` for a bound that this call does not offer, or where nothing may be granted.
pub(super) async fn give(
    state: &AppState,
    tx: &mut Transaction,
    caller: &Caller,
    call: &StoredCall,
    remember: &Remember,
) -> Result<()> {
    // What was offered when it was asked for may be forbidden by now.
    let may_grant = match state.tools.of(call.owner()).find(&call.name) {
        Some(tool) => permission::ruling(state, tx, caller, tool.as_ref()).await?.may_grant,
        None => false,
    };
    let offered = call.bounds.as_ref().filter(|_| may_grant).map(|bounds| bounds.0.as_slice()).unwrap_or_default();
    let bound = offered.iter().find(|bound| bound.is_meant_by(&remember.bound));
    let bound =
        bound.ok_or_else(|| Refusal::new(Code::InvalidPayload).saying("error-not-to-grant").about("remember"))?;
    let time = now();
    let lasting = TimeDelta::from_std(remember.time).unwrap_or(TimeDelta::zero());
    let grant = Grant {
        id: GrantId::new(),
        tenant_id: call.tenant_id,
        user_id: call.user_id,
        conversation_id: (remember.scope == GrantScope::Conversation).then_some(call.conversation_id),
        server: call.server.clone(),
        name: call.name.clone(),
        fingerprint: call.fingerprint,
        bound: Json(bound.clone()),
        arguments: call.arguments.clone(),
        count: i32::try_from(remember.count).unwrap_or(1),
        used: 0,
        call_id: call.id,
        created_at: time.into(),
        expires_at: (time + lasting).into(),
        revoked_at: None,
    };
    grant::insert(tx, &grant).await?;
    let target = match bound {
        Bound::Same => call.target.as_deref(),
        Bound::Below(bound) | Bound::Host(bound) => Some(bound.as_str()),
    };
    let act = Act {
        actor: Actor::User(call.user_id),
        address: &caller.address,
        action: "grant_given",
        object: format!("grant:{}", grant.id),
        target,
        digest: Some(call.digest),
        details: &format!("{} {} × until {}", call.name, grant.count, grant.expires_at.0.to_rfc3339()),
    };
    state.auditor.append_of_tool(tx, call.tenant_id, act, Some(&call.name)).await
}
