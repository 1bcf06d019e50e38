//! Arguments that a person changed before approving.
//!
//! What the model asked for stays as it was; what was changed is checked like anything else a tool is given. An edit
//! that reaches elsewhere than what was shown is shown first.

use crate::{
    db::types::Json,
    error::{Code, Refusal, Result},
    models::tool_call::{self, StoredCall},
    state::AppState,
    tools::{Arguments, ToolError},
    types::{Decision, Preview, ToolCallState},
};

use super::{
    Caller,
    approval::{digest_of, tool_context, unchanged_tool},
    decide::DecisionInput,
    grants,
};

/// The longest value that the model is told of a change, in characters.
const TOLD: usize = 4000;

/// What an edit makes of a call.
pub(super) struct Edited {
    /// The call with the new arguments, under its new digest.
    pub call: StoredCall,
    /// Whether its person has to look at it first: it reaches elsewhere, or rests on something they did not see.
    pub is_to_be_shown: bool,
}

/// Reads the edit that comes with a decision; `None` if there is none. Looks at the world, changes nothing: it comes
/// before the transaction of the decision, which takes it only if the call is still the one that was edited.
///
/// # Errors
/// `invalid_payload` about `arguments` where they cannot be what runs.
pub(super) async fn read(state: &AppState, caller: &Caller, input: &DecisionInput) -> Result<Option<Edited>> {
    let (Decision::Approve, Some(text)) = (input.decision, &input.arguments) else { return Ok(None) };
    let found = tool_call::find(&mut *state.db.read(caller.tenant.id).await?, caller.owner(), input.call).await?;
    let Some(call) = found.filter(|call| call.state == ToolCallState::Pending && Some(call.digest) == input.digest)
    else {
        return Ok(None);
    };
    let arguments = Arguments::parse(text).map_err(refused)?;
    if changes_nothing(&call, text) {
        return Ok(None);
    }
    // A tool that changed since fails the decision itself.
    let Ok(tool) = unchanged_tool(state, &call) else { return Ok(None) };
    state.tools.of(call.owner()).check(&call.name, &arguments).await.map_err(refused)?;
    let preview = tool.preview(&tool_context(caller), &arguments).await.map_err(refused)?;
    let is_to_be_shown = preview.target != call.target || preview.precondition != call.precondition;
    let may_grant = call.bounds.as_ref().is_some_and(|bounds| !bounds.0.is_empty());
    let bounds = if may_grant { grants::offered(tool.as_ref(), &arguments) } else { Vec::new() };
    let Preview { target, precondition, difference, .. } = preview;
    let mut edited = StoredCall {
        asked_arguments: Some(call.asked_arguments.unwrap_or(call.arguments)),
        arguments: arguments.as_str().to_owned(),
        target,
        precondition,
        difference: difference.map(Json),
        bounds: Some(Json(bounds)),
        ..call
    };
    edited.digest = digest_of(&edited);
    Ok(Some(Edited { call: edited, is_to_be_shown }))
}

/// Whether arguments mean the same as those that stand.
pub(super) fn changes_nothing(call: &StoredCall, text: &str) -> bool {
    match (Arguments::parse(&call.arguments), Arguments::parse(text)) {
        (Ok(stored), Ok(arguments)) => stored.means_the_same(&arguments),
        _ => false,
    }
}

/// The words of a tool are in English: they are for models, and for people who write JSON.
fn refused(error: ToolError) -> Refusal {
    Refusal::new(Code::InvalidPayload).saying("error-arguments-refused").with("why", error.message).about("arguments")
}

/// What the model is told before the result of a call whose arguments its person changed; nothing where they are those
/// that it asked for.
pub(super) fn told(call: &StoredCall) -> String {
    let Some(asked) = &call.asked_arguments else { return String::new() };
    // What was changed and changed back is as it was.
    if changes_nothing(call, asked) {
        return String::new();
    }
    let changed = match (Arguments::parse(asked), Arguments::parse(&call.arguments)) {
        (Ok(asked), Ok(run)) => asked.changed_keys(&run).join(", "),
        _ => "the arguments".to_owned(),
    };
    let mut run: String = call.arguments.chars().take(TOLD).collect();
    if run.len() < call.arguments.len() {
        run.push('…');
    }
    format!("The person changed {changed} before approving this. It ran with: {run}\n\n")
}
