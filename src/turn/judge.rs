//! What a model asks for becomes a call that a person may decide, or fails before anyone need be asked.

use crate::{
    db::types::Json,
    models::{tool_call::StoredCall, turn::Turn},
    state::AppState,
    tools::{Arguments, ToolContext, ToolError},
    types::{Digest, MessageId, Preview, ToolCallId, ToolCallState, Verdict},
};

use super::{
    Caller,
    approval::{digest_of, tool_context},
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

impl Context<'_> {
    fn tool_context(&self) -> ToolContext {
        tool_context(self.caller)
    }
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

/// Judges what a reply asks for: each call becomes pending, approved by policy, denied, or failed. Reads the world
/// (previews), changes nothing.
pub(super) async fn judge(
    state: &AppState,
    context: &Context<'_>,
    earlier: &[StoredCall],
    asked: Vec<Asked>,
) -> Vec<StoredCall> {
    let mut calls = Vec::with_capacity(asked.len());
    for (ordinal, asked) in asked.into_iter().enumerate() {
        let judged = if ordinal >= MAX_CALLS_IN_REPLY {
            Err(ToolError::new("tool_not_allowed", format!("At most {MAX_CALLS_IN_REPLY} calls are taken at once.")))
        } else {
            preview(state, context, earlier, &asked).await
        };
        calls.push(stored(state, context, ordinal, asked, judged));
    }
    calls
}

/// What the judge found: the verdict with the preview, or why nobody need be asked.
type Judged = Result<(Verdict, Arguments, Preview), ToolError>;

/// What a call would do, and what policy says of it; an error where nobody need be asked.
pub(super) async fn preview(state: &AppState, context: &Context<'_>, earlier: &[StoredCall], asked: &Asked) -> Judged {
    let tool = state
        .toolbox
        .find(&asked.name)
        .ok_or_else(|| ToolError::new("tool_not_allowed", format!("There is no tool “{}” here.", asked.name)))?;
    let arguments = Arguments::parse(&asked.input)?;
    state.toolbox.check(&asked.name, &arguments)?;
    let denied_before = earlier.iter().any(|call| {
        call.state == ToolCallState::Denied && call.name == asked.name && call.arguments == arguments.as_str()
    });
    if denied_before {
        return Err(ToolError::new("denied", "The person has refused exactly this before. Do not ask for it again."));
    }
    match Verdict::Ask {
        Verdict::Deny => Err(ToolError::new("tool_not_allowed", "This tool is not allowed here.")),
        verdict => {
            let preview = tool.preview(&context.tool_context(), &arguments).await?;
            Ok((verdict, arguments, preview))
        }
    }
}

/// The call as it is stored, with its digest.
pub(super) fn stored(
    state: &AppState,
    context: &Context<'_>,
    ordinal: usize,
    asked: Asked,
    judged: Judged,
) -> StoredCall {
    let definition = state.toolbox.find(&asked.name).map(|tool| tool.definition());
    let (arguments, preview, call_state, outcome) = match judged {
        Ok((Verdict::Allow, arguments, preview)) => {
            (arguments.as_str().to_owned(), preview, ToolCallState::Approved, None)
        }
        Ok((_, arguments, preview)) => (arguments.as_str().to_owned(), preview, ToolCallState::Pending, None),
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
        authority: None,
        undo: None,
    };
    call.digest = digest_of(&call);
    call
}
