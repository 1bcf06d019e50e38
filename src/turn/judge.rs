//! What a model asks for becomes a call that a person may decide, or fails before anyone need be asked.

use crate::{
    db::types::Json,
    error::Result,
    models::{tool_call::StoredCall, turn::Turn},
    state::AppState,
    tools::{Arguments, Tool, ToolError, Toolbox, policy::Ruling},
    types::{Authority, Digest, GrantId, MessageId, Preview, ToolCallId, ToolCallState, Verdict},
};

use super::{
    Caller,
    approval::{digest_of, tool_context},
    grants, permission,
};

/// The most calls one reply may ask for.
const MAX_CALLS_IN_REPLY: usize = 8;

/// So many replies of a turn may ask for what cannot be: the model is told each time what is wrong.
const MAX_NONSENSE: usize = 3;

/// A call that a reply asks for, as the model wrote it.
pub(super) struct Asked {
    /// Our id of it.
    pub id: ToolCallId,
    /// The tool's name.
    pub name: String,
    /// Its arguments.
    pub input: String,
}

/// Where a call belongs.
pub(super) struct Context<'a> {
    /// For whom.
    pub caller: &'a Caller,
    /// The turn.
    pub turn: &'a Turn,
    /// The reply that asks.
    pub message: MessageId,
}

/// Whether a call failed before anyone was asked because it makes no sense: arguments that are no JSON or do not fit, an
/// unknown tool or one that is not allowed.
fn is_nonsense(call: &StoredCall) -> bool {
    call.state == ToolCallState::Failed
        && call.decided_at.is_none()
        && call.started_at.is_none()
        && matches!(call.error_code.as_deref(), Some("invalid_payload" | "tool_not_allowed"))
}

/// Whether a model that was told [`MAX_NONSENSE`] times in the turn what is wrong with its calls makes nonsense again.
pub(super) fn is_hopeless(earlier: &[StoredCall], calls: &[StoredCall]) -> bool {
    let mut told: Vec<MessageId> =
        earlier.iter().filter(|call| is_nonsense(call)).map(|call| call.message_id).collect();
    told.sort_unstable();
    told.dedup();
    told.len() >= MAX_NONSENSE && calls.iter().any(is_nonsense)
}

/// A call as it was judged.
pub(super) struct Judged {
    /// The call: pending, approved by a rule, or failed.
    pub call: StoredCall,
    /// Grants of the person that cover it while it is pending; the first that has a call left approves it when it is
    /// stored.
    pub grants: Vec<(GrantId, Preview)>,
}

/// Judges what a reply asks for. Reads the world (rules, grants, previews), changes nothing.
///
/// # Errors
/// When the database does not answer: then nothing is approved.
pub(super) async fn judge(
    state: &AppState,
    context: &Context<'_>,
    earlier: &[StoredCall],
    asked: Vec<Asked>,
) -> Result<Vec<Judged>> {
    let toolbox = state.tools.of(context.caller.owner());
    let mut judged = Vec::with_capacity(asked.len());
    for (ordinal, asked) in asked.into_iter().enumerate() {
        let found = if ordinal >= MAX_CALLS_IN_REPLY {
            Err(ToolError::new("tool_not_allowed", format!("At most {MAX_CALLS_IN_REPLY} calls are taken at once.")))
        } else {
            look(state, context.caller, earlier, &asked).await?
        };
        let may_grant = found.as_ref().is_ok_and(|found| found.ruling.may_grant);
        let call = stored(state, context, ordinal, asked, found);
        let grants = match toolbox.find(&call.name) {
            Some(tool) if may_grant && call.state == ToolCallState::Pending => {
                match Arguments::parse(&call.arguments) {
                    Ok(arguments) => {
                        let context = tool_context(context.caller);
                        grants::covering(&state.db, &context, &call, tool.as_ref(), &arguments).await?
                    }
                    Err(_) => Vec::new(),
                }
            }
            _ => Vec::new(),
        };
        judged.push(Judged { call, grants });
    }
    Ok(judged)
}

/// What was found of a call that may be.
pub(super) struct Found {
    ruling: Ruling,
    arguments: Arguments,
    preview: Preview,
    fingerprint: Digest,
}

impl Found {
    /// The fingerprint of the tool that was looked at.
    pub fn fingerprint(&self) -> Digest {
        self.fingerprint
    }
}

/// What the judge found: what the call would do and what policy says of it, or why nobody need be asked.
pub(super) type Finding = Result<Found, ToolError>;

/// Looks at a call that is asked for.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn look(state: &AppState, caller: &Caller, earlier: &[StoredCall], asked: &Asked) -> Result<Finding> {
    let toolbox = state.tools.of(caller.owner());
    let Some(tool) = toolbox.find(&asked.name) else {
        return Ok(Err(ToolError::new("tool_not_allowed", format!("There is no tool “{}” here.", asked.name))));
    };
    let tenant = caller.tenant.id;
    let ruling = permission::ruling(state, &mut *state.db.read(tenant).await?, caller, tool.as_ref()).await?;
    Ok(consider(&toolbox, caller, earlier, asked, tool.as_ref(), ruling).await)
}

async fn consider(
    toolbox: &Toolbox,
    caller: &Caller,
    earlier: &[StoredCall],
    asked: &Asked,
    tool: &dyn Tool,
    ruling: Ruling,
) -> Finding {
    permission::must_not_be_denied(ruling)?;
    let arguments = Arguments::parse(&asked.input)?;
    toolbox.check(&asked.name, &arguments).await?;
    let denied_before = earlier.iter().any(|call| {
        call.state == ToolCallState::Denied
            && call.name == asked.name
            && Arguments::parse(call.asked()).is_ok_and(|denied| denied.means_the_same(&arguments))
    });
    if denied_before {
        return Err(ToolError::new("denied", "The person has refused exactly this before. Do not ask for it again."));
    }
    let mut preview = tool.preview(&tool_context(caller), &arguments).await?;
    if ruling.may_grant && ruling.verdict == Verdict::Ask {
        preview.bounds = grants::offered(tool, &arguments);
    }
    Ok(Found { ruling, arguments, preview, fingerprint: tool.definition().fingerprint() })
}

/// The call as it is stored, with its digest.
pub(super) fn stored(
    state: &AppState,
    context: &Context<'_>,
    ordinal: usize,
    asked: Asked,
    found: Finding,
) -> StoredCall {
    let tool = state.tools.of(context.caller.owner()).find(&asked.name).cloned();
    let definition = tool.as_ref().map(|tool| tool.definition());
    let mut authority = None;
    let (arguments, preview, call_state, outcome) = match found {
        Ok(Found { ruling, arguments, preview, .. }) => {
            let state = if ruling.verdict == Verdict::Allow {
                authority = Some(Json(Authority::Rule));
                ToolCallState::Approved
            } else {
                ToolCallState::Pending
            };
            (arguments.as_str().to_owned(), preview, state, None)
        }
        Err(error) => (asked.input, Preview::default(), ToolCallState::Failed, Some(error)),
    };
    let time = crate::db::now().into();
    let mut call = StoredCall {
        id: asked.id,
        tenant_id: context.caller.tenant.id,
        user_id: context.caller.user.id,
        conversation_id: context.turn.conversation_id,
        turn_id: context.turn.id,
        message_id: context.message,
        ordinal: i32::try_from(ordinal).unwrap_or(i32::MAX),
        server: definition.map_or_else(String::new, |definition| definition.server.clone()),
        launch: definition.map_or_else(String::new, |definition| definition.launch.clone()),
        name: asked.name,
        fingerprint: definition.map_or_else(|| Digest::of(b""), |definition| definition.fingerprint()),
        arguments,
        asked_arguments: None,
        target: preview.target,
        precondition: preview.precondition,
        difference: preview.difference.map(Json),
        digest: Digest::of(b""),
        state: call_state,
        decision: None,
        decided_by: None,
        decided_at: None,
        reason: None,
        result: outcome.as_ref().map(|error| error.message.clone()),
        error_code: outcome.map(|error| error.code.to_owned()),
        repeats: None,
        created_at: time,
        started_at: None,
        finished_at: call_state.is_finished().then_some(time),
        bounds: Some(Json(preview.bounds)),
        authority,
        undo: None,
        files: None,
    };
    call.digest = digest_of(&call);
    call
}
