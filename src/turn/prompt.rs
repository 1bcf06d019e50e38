//! What a model is asked: the system prompt, the tools, and the window of the conversation that it sees.

mod messages;
mod named;
mod system;
mod undone;
mod window;

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::{
    db::{Conn, aside},
    error::{Code, Result},
    event::ChatEvent,
    models::{blob, conversation, message},
    providers::{Candidate, PromptMessage, Request, ToolSpec, estimate},
    state::AppState,
    types::{AllowedModels, Block, ConversationId, ModelChoice, TenantId, TurnId},
};

use super::{Caller, choice, images::IMAGE_MAX_BYTES, permission};

use messages::prompt_messages;
pub(super) use system::own_system_prompt;
pub use system::system_prompt;
use window::Room;

/// Tokens that are left free for what nobody can count: a provider's marks, and its instructions for using tools, for
/// which Anthropic alone names up to 700.
const MARGIN: i64 = 1000;

/// With more images than this in a request, Anthropic takes only small ones. The newest are sent.
const IMAGES: usize = 20;

/// So many are left out at once when there are more: a prompt whose beginning changes with every new image would never be
/// found in a prompt cache.
const IMAGES_AT_ONCE: usize = 10;

/// The most bytes of all images of a request, of the 32 MB that Anthropic takes: they go as base64, four bytes for three.
const IMAGES_BYTES: usize = 20 << 20;

/// A request that is ready, and what to tell viewers with it.
pub(super) struct Prepared {
    /// What is asked.
    pub request: Request,
    /// Who shall answer.
    pub choice: ModelChoice,
    /// Whether the window begins elsewhere now.
    pub events: Vec<ChatEvent>,
}

/// Makes the request of a turn's next model call, in the caller's transaction: a window that moved is kept with it.
///
/// # Errors
/// When the database does not answer, or the conversation is gone.
pub(super) async fn prepare(
    state: &AppState,
    conn: &mut Conn,
    caller: &Caller,
    conversation: ConversationId,
    turn: TurnId,
) -> Result<Prepared> {
    let tenant = caller.tenant.id;
    let found = conversation::find(conn, caller.owner(), conversation).await?.ok_or(Code::NotFound)?;
    let choice = choice::of(state, &found);
    let model = Model::answering(state, &caller.tenant.models.0, &choice);
    let mut request = Request {
        system: Some(system_prompt(&caller.tenant, &caller.user)),
        tools: tools(state, conn, caller).await?,
        max_output_tokens: state.settings.max_output_tokens.get(),
        ..Request::default()
    };
    let (begins, mut messages) = window::read(conn, &found, turn, room(state, &model, &request)).await?;
    let mut events = Vec::new();
    if begins != found.window_begins {
        conversation::set_window(conn, tenant, conversation, begins).await?;
        let message_id = message::at_window(conn, tenant, conversation, begins).await?;
        events.push(ChatEvent::Window { message_id });
    }
    undone::tell(conn, tenant, &mut messages).await?;
    request.messages = prompt_messages(messages);
    if model.sees_images != Some(false) {
        request.images = aside(images(conn, tenant, conversation, &request.messages)).await?;
    }
    Ok(Prepared { request, choice, events })
}

/// The model for which a window is made.
struct Model {
    window: u32,
    sees_images: Option<bool>,
}

impl Model {
    /// The one that the choice names; where nobody chose, the first provider's, which is the one that answers unless it
    /// cannot. A stand-in with a smaller window says so itself.
    fn answering(state: &AppState, allowed: &AllowedModels, choice: &ModelChoice) -> Self {
        let candidates = state.providers.candidates(choice, allowed);
        let first = candidates.first();
        let model = first.map(Candidate::model).unwrap_or_default();
        let listed = first.map(|first| state.providers.info(first.provider.name(), model)).unwrap_or_default();
        Self {
            window: state.prices.window(model, listed.context_window),
            sees_images: state.prices.of(model).sees_images.or(listed.sees_images),
        }
    }
}

/// What is left of a model's window for messages, beside its answer, the system prompt and the tools.
fn room(state: &AppState, model: &Model, request: &Request) -> Room {
    let taken = i64::from(request.max_output_tokens) + window::safe(estimate::input(request)) + MARGIN;
    let count = state.settings.context_message_count.and_then(|count| usize::try_from(count.get()).ok());
    Room::new(i64::from(model.window) - taken, count)
}

async fn tools(state: &AppState, conn: &mut Conn, caller: &Caller) -> Result<Vec<ToolSpec>> {
    let offered = permission::offered(state, conn, caller).await?;
    let definitions = offered.iter().map(|tool| tool.definition());
    Ok(definitions
        .map(|definition| ToolSpec {
            name: definition.name.clone(),
            description: definition.description.clone(),
            input_schema: definition.input_schema.clone(),
        })
        .collect())
}

/// The bytes of the newest images that the messages show; one that is left out is sent as its name.
async fn images(
    conn: &mut Conn,
    tenant: TenantId,
    conversation: ConversationId,
    messages: &[PromptMessage],
) -> Result<BTreeMap<i64, Bytes>> {
    let shown = messages.iter().flat_map(|message| &message.content);
    let numbers: Vec<i64> = shown
        .filter_map(|block| match block {
            Block::Image { number, .. } => Some(*number),
            _ => None,
        })
        .collect();
    let sent = numbers.get(left_out(numbers.len())..).unwrap_or_default();
    let mut images = blob::bytes_of(conn, tenant, conversation, sent).await?;
    // What a tool gave may be larger than what a model takes.
    images.retain(|_, bytes| bytes.len() <= IMAGE_MAX_BYTES);
    let mut all: usize = images.values().map(Bytes::len).sum();
    while all > IMAGES_BYTES
        && let Some((_, oldest)) = images.pop_first()
    {
        all -= oldest.len();
    }
    Ok(images)
}

/// How many of so many images are too many, the oldest first.
fn left_out(count: usize) -> usize {
    count.saturating_sub(IMAGES).next_multiple_of(IMAGES_AT_ONCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_images_are_sent_changes_seldom() {
        for (count, left) in [(0, 0), (20, 0), (21, 10), (30, 10), (31, 20), (40, 20), (41, 30)] {
            assert_eq!(left_out(count), left, "{count}");
        }
    }
}
