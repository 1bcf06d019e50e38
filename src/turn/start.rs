//! Beginning a turn: a person's message, stored together with the reservation of the first model call. The model does not
//! wait until the disk has it: a checkpoint of the turn takes it there within a second, and nothing is run before it is there.

use bytes::Bytes;

use crate::{
    db::{Transaction, aside, at_once},
    error::{Code, Error, Refusal, Result},
    event::ChatEvent,
    models::{
        Owner, blob,
        conversation::{self, Conversation},
        message::{self, NewMessage, Place},
        tool_call,
        turn::{self, Runner, Turn},
        turn_event,
    },
    state::AppState,
    tools::Freshness,
    types::{
        Block, ConversationId, ConversationKind, Message, MessageRole, ModelChoice, Purpose, ToolCallId, ToolCallState,
        TurnId, TurnState,
    },
};

use super::{
    Caller,
    again::Request,
    announce::announce,
    approval::{Denial, audit, deny_unstarted},
    checkpoint, choice,
    direct::{DirectTool, Looked, must_be_chat},
    images,
    metered::{self, Reserved, Wanted},
    prompt::{self, Prepared},
    run,
    shares::{fair_share, share_of_files},
    title::first_words,
    whole::must_be_open,
};

/// The longest message a person may send, in characters. Even of characters that a form writes as twelve, so many fit
/// into the default `JSON_LIMIT`.
pub const MESSAGE_MAX_CHARACTERS: usize = 80_000;

/// A person's message.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// What they say.
    pub message: String,
    /// The calls that their page showed as waiting: sending denies these, and if others wait, nothing is sent.
    /// `None` from callers that show no page; then nothing may wait.
    pub pending: Option<Vec<ToolCallId>>,
    /// Against doubles: the same key gives the same turn.
    pub idempotency_key: Option<String>,
    /// Which model shall answer from now on; as before, without.
    pub choice: Option<ModelChoice>,
    /// Images to look at.
    pub images: Vec<Upload>,
    /// A tool that the person names, which runs first.
    pub tool: Option<DirectTool>,
}

/// A file as a person attached it; nothing about it is believed yet.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The name it had.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl Input {
    /// What is asked for, by which it is known again.
    fn request(&self, conversation: Option<ConversationId>, text: &str) -> Request {
        let tool = Request::tool(self.tool.as_ref());
        Request { key: self.idempotency_key.clone(), conversation, text: text.to_owned(), tool }
    }

    /// The text as it is stored.
    ///
    /// # Errors
    /// When it is too long, or there is neither text nor an image.
    fn text(&self) -> Result<String> {
        let about = |key| Refusal::new(Code::InvalidPayload).saying(key).about("message");
        // Neither database nor any model takes NUL in text.
        let text = self.message.replace("\r\n", "\n").replace('\0', "\u{FFFD}");
        if text.trim().is_empty() && self.images.is_empty() {
            return Err(about("error-message-empty").into());
        }
        if text.chars().count() > MESSAGE_MAX_CHARACTERS {
            return Err(about("error-message-too-long").with("limit", MESSAGE_MAX_CHARACTERS).into());
        }
        Ok(text.trim_end().to_owned())
    }
}

/// A message that may be stored.
struct Said {
    text: String,
    images: Vec<images::Checked>,
    tool: Option<Looked>,
}

impl Said {
    /// Looks at what the input says and shows.
    async fn check(state: &AppState, caller: &Caller, text: String, input: &mut Input) -> Result<Self> {
        let uploads = std::mem::take(&mut input.images);
        let images = images::check(uploads, state.settings.upload_limit).await?;
        let tool = match input.tool.take() {
            Some(tool) => Some(Looked::at(state, caller, tool).await?),
            None => None,
        };
        Ok(Self { text, images, tool })
    }

    /// The first title of a conversation that begins with it.
    fn title(&self) -> String {
        match self.images.first() {
            Some(image) if self.text.is_empty() => first_words(&image.blob.name),
            _ => first_words(&self.text),
        }
    }

    /// In which it is stored. One that denies what waits, or names a tool, is on the disk before anything follows from it.
    async fn transaction(&self, state: &AppState, caller: &Caller, input: &Input) -> Result<Transaction> {
        let decides = self.tool.is_some() || input.pending.as_ref().is_some_and(|pending| !pending.is_empty());
        let (db, tenant) = (&state.db, caller.tenant.id);
        if decides { db.write(tenant).await } else { db.write_unsynced(tenant).await }
    }

    /// Whether a model of this choice takes it in.
    fn must_fit(&self, state: &AppState, caller: &Caller, choice: &ModelChoice) -> Result<()> {
        if self.images.is_empty() { Ok(()) } else { images::must_be_seen(state, &caller.tenant.models.0, choice) }
    }
}

/// A turn that was begun, or had been begun with the same key.
pub struct Started {
    /// The turn.
    pub turn: TurnId,
    /// Its conversation.
    pub conversation: ConversationId,
}

/// Begins a conversation with its first message; nothing is stored if the message is refused.
///
/// # Errors
/// As [`start`].
pub async fn begin_conversation(state: &AppState, caller: &Caller, mut input: Input) -> Result<Started> {
    let text = input.text()?;
    let request = input.request(None, &text);
    if let Some(started) = request.before(state, caller).await? {
        return Ok(started);
    }
    choice::check(state, &caller.tenant.models.0, input.choice.as_ref())?;
    let said = Said::check(state, caller, text, &mut input).await?;
    said.must_fit(state, caller, input.choice.as_ref().unwrap_or(&ModelChoice::Auto))?;
    state.tools.refresh(caller.owner(), Freshness::Kept).await;
    let begin = async {
        let mut tx = said.transaction(state, caller, &input).await?;
        let conversation = conversation::create(&mut tx, caller.owner(), ConversationKind::Chat, &said.title()).await?;
        Starting { state, caller, tx, conversation, events: Vec::new() }.go(None, said, input).await
    };
    request.or_before(state, caller, at_once(begin).await).await
}

/// Sends a message in a conversation.
///
/// # Errors
/// A refusal: `not_found`; `conflict` while a turn runs, when others wait than the page showed, when the
/// conversation was ended, or for a key that was used for something else; `invalid_payload` for an empty or too long message, for a model that there is not, for what
/// is no image, and for images that the model does not see; `payload_too_large` for images that are too large;
/// `rate_limited` when too many turns run; the code of a limit. Nothing is stored then.
pub async fn start(state: &AppState, caller: &Caller, id: ConversationId, mut input: Input) -> Result<Started> {
    let text = input.text()?;
    let request = input.request(Some(id), &text);
    if let Some(started) = request.before(state, caller).await? {
        return Ok(started);
    }
    choice::check(state, &caller.tenant.models.0, input.choice.as_ref())?;
    let said = Said::check(state, caller, text, &mut input).await?;
    request.or_before(state, caller, at_once(start_anew(state, caller, id, said, input)).await).await
}

async fn start_anew(
    state: &AppState,
    caller: &Caller,
    id: ConversationId,
    said: Said,
    input: Input,
) -> Result<Started> {
    let owner = caller.owner();
    state.tools.refresh(owner, Freshness::Kept).await;
    let mut tx = said.transaction(state, caller, &input).await?;
    let conversation = conversation::find(&mut tx, owner, id).await?.ok_or(Code::NotFound)?;
    must_be_open(&conversation)?;
    must_be_chat(&conversation)?;
    said.must_fit(state, caller, input.choice.as_ref().unwrap_or(&conversation.choice()))?;
    let current = match conversation.current_turn_id {
        Some(turn) => turn::find(&mut tx, owner, turn).await?,
        None => None,
    };
    let mut starting = Starting { state, caller, tx, conversation, events: Vec::new() };
    let instead_of = match current {
        Some(turn) => Some(starting.supersede(turn, &input).await?),
        None => None,
    };
    starting.report_unknown(owner).await?;
    starting.go(instead_of, said, input).await
}

/// Begins the one turn of a conversation that has no message but a tool that its person names.
///
/// # Errors
/// `rate_limited` when too many turns run.
pub(super) async fn with_tool_alone(
    state: &AppState,
    caller: &Caller,
    tx: Transaction,
    conversation: Conversation,
    tool: Looked,
    idempotency_key: Option<String>,
) -> Result<Started> {
    let said = Said { text: String::new(), images: Vec::new(), tool: Some(tool) };
    let input = Input { idempotency_key, ..Input::default() };
    Starting { state, caller, tx, conversation, events: Vec::new() }.go(None, said, input).await
}

/// Goes on with the newest turn after it failed, was stopped or interrupted: asks the model again, or another one from
/// now on if a `choice` is given.
///
/// # Errors
/// `not_found`; `invalid_payload` for a model that there is not; `conflict` when there is nothing to try again; the code of a limit.
pub async fn retry(state: &AppState, caller: &Caller, id: ConversationId, choice: Option<ModelChoice>) -> Result<()> {
    let allowed = &caller.tenant.models.0;
    choice::check(state, allowed, choice.as_ref())?;
    let owner = caller.owner();
    let mut tx = state.db.write(caller.tenant.id).await?;
    let conversation = conversation::find(&mut tx, owner, id).await?.ok_or(Code::NotFound)?;
    must_be_open(&conversation)?;
    must_be_chat(&conversation)?;
    // What was chosen before may have been forbidden since: better said now than by a turn that fails once more.
    choice::must_be_allowed(&state.providers, allowed, choice.as_ref().unwrap_or(&choice::of(state, &conversation)))?;
    let nothing = || Error::from(Refusal::new(Code::Conflict).saying("error-nothing-to-retry"));
    let turn = turn::newest(&mut tx, owner.tenant, id).await?.ok_or_else(nothing)?;
    let is_too_long = turn.error_code.as_deref() == Some(Code::TurnTooLong.as_str());
    if is_too_long || !matches!(turn.state, TurnState::Failed | TurnState::Stopped | TurnState::Interrupted) {
        return Err(nothing());
    }
    let calls = tool_call::of_turn(&mut tx, owner.tenant, turn.id).await?;
    if calls.iter().any(|call| call.state == ToolCallState::OutcomeUnknown && call.decision_is_open()) {
        return Err(Refusal::new(Code::Conflict).saying("error-decide-first").into());
    }
    if !conversation::claim(&mut tx, owner, id, None, turn.id).await? {
        return Err(Refusal::new(Code::Conflict).saying("error-conversation-busy").into());
    }
    if let Some(choice) = choice {
        conversation::set_choice(&mut tx, owner, id, choice).await?;
    }
    let runner = turn::take(&mut tx, &turn, turn.state, state.instance).await?.ok_or(Code::Conflict)?;
    fair_share(state, &mut tx, owner).await?;
    let now = turn::find(&mut tx, owner, turn.id).await?.ok_or(Code::NotFound)?;
    let events = vec![ChatEvent::Turn { turn: now.view() }];
    checkpoint::tell(state, &mut tx, &now, &events).await?;
    tx.commit().await?;
    announce(state, id, events);
    run::spawn(state, runner, id, caller.clone(), None);
    Ok(())
}

struct Starting<'a> {
    state: &'a AppState,
    caller: &'a Caller,
    tx: Transaction,
    conversation: Conversation,
    events: Vec<ChatEvent>,
}

impl Starting<'_> {
    /// A message while a decision waits: what waits is denied, as the page said beforehand, and the old turn is over.
    async fn supersede(&mut self, turn: Turn, input: &Input) -> Result<TurnId> {
        if turn.state != TurnState::AwaitingApproval {
            return Err(Refusal::new(Code::Conflict).saying("error-turn-running").into());
        }
        let calls = tool_call::of_turn(&mut self.tx, turn.tenant_id, turn.id).await?;
        let mut waiting: Vec<_> =
            calls.iter().filter(|call| call.state == ToolCallState::Pending).map(|call| call.id).collect();
        let mut shown = input.pending.clone().unwrap_or_default();
        waiting.sort();
        shown.sort();
        if waiting != shown {
            return Err(Refusal::new(Code::Conflict).saying("error-others-wait").into());
        }
        let denial = Denial {
            why: "The person sent a new message instead of deciding.",
            details: "superseded",
            address: &self.caller.address,
        };
        self.events.extend(deny_unstarted(self.state, &mut self.tx, &calls, &denial).await?);
        let leaving = Runner { turn: turn.id, tenant: turn.tenant_id, epoch: turn.epoch };
        let old = turn::set_state(&mut self.tx, leaving, TurnState::AwaitingApproval, TurnState::Completed, None)
            .await?
            .ok_or_else(|| Refusal::new(Code::Conflict).saying("error-turn-running"))?;
        self.events.push(ChatEvent::Turn { turn: old.view() });
        turn_event::tell(&mut self.tx, old.tenant_id, old.id, &self.events).await?;
        Ok(turn.id)
    }

    /// A new message says of calls with unknown outcome: tell the model so.
    async fn report_unknown(&mut self, owner: Owner) -> Result<()> {
        let reported = tool_call::report_unknown(&mut self.tx, owner, self.conversation.id).await?;
        for call in &reported {
            let address = &self.caller.address;
            audit(self.state, &mut self.tx, call, "tool_reported", "superseded", address).await?;
        }
        self.events.extend(reported.into_iter().map(|call| ChatEvent::ToolCall { call: Box::new(call.into()) }));
        Ok(())
    }

    /// Stores message, turn, and reservation or the call that comes before it, and sets the turn going; unless it waits
    /// for its person already.
    async fn go(mut self, instead_of: Option<TurnId>, mut said: Said, input: Input) -> Result<Started> {
        let (state, caller, owner) = (self.state, self.caller, self.caller.owner());
        let (turn_id, conversation) = (TurnId::new(), self.conversation.id);
        self.choose(input.choice).await?;
        // `supersede` has freed the conversation already.
        if !conversation::claim(&mut self.tx, owner, conversation, None, turn_id).await? {
            return Err(Refusal::new(Code::Conflict).saying("error-conversation-busy").into());
        }
        let (instance, key) = (state.instance, input.idempotency_key);
        // The first one is reserved here, unless a tool has to run before the model can be asked.
        let model_calls = i32::from(said.tool.is_none());
        let turn = turn::create(&mut self.tx, owner, conversation, turn_id, instance, key, model_calls).await?;
        let place = Place { tenant: owner.tenant, conversation, turn: turn_id };
        let has_images = !said.images.is_empty();
        let tool = said.tool.take();
        let named = tool.as_ref().map(Looked::block);
        let new = NewMessage::new(MessageRole::User, self.content(said, named).await?);
        let message = message::append(&mut self.tx, place, new).await?;
        let mut events = self.begun(&turn, message.clone());
        let (mut first, mut waits) = (None, false);
        match tool {
            Some(tool) => waits = tool.ask(state, caller, &mut self.tx, &turn, message.id, &mut events).await?,
            None => {
                let (reserved, moved) = self.reserve(turn_id).await?;
                events.extend(moved);
                first = Some(reserved);
            }
        }
        // That has locked the tenant's month: who counts now counts everyone who came before.
        fair_share(state, &mut self.tx, owner).await?;
        if has_images {
            aside(share_of_files(state, &mut self.tx, owner)).await?;
        }
        checkpoint::tell(state, &mut self.tx, &turn, &events).await?;
        self.tx.commit().await?;
        self.events.extend(events);
        announce(state, conversation, self.events);
        if instead_of.is_some() || waits {
            state.feed.touch_person(caller.user.id);
        }
        if !waits {
            let runner = Runner { turn: turn_id, tenant: owner.tenant, epoch: turn.epoch };
            run::spawn(state, runner, conversation, caller.clone(), first);
        }
        Ok(Started { turn: turn_id, conversation })
    }

    /// Stores the images of a message; what it names, shows and says.
    async fn content(&mut self, said: Said, named: Option<Block>) -> Result<Vec<Block>> {
        let (owner, conversation) = (self.caller.owner(), self.conversation.id);
        let mut content = Vec::with_capacity(said.images.len() + 2);
        content.extend(named);
        // Before the text: models understand a question better when they have seen what it is about.
        for image in &said.images {
            let number = aside(blob::insert(&mut self.tx, owner, conversation, &image.blob)).await?;
            content.push(image.block(number));
        }
        if !said.text.is_empty() {
            content.push(Block::text(said.text));
        }
        Ok(content)
    }

    /// Keeps which model shall answer from now on.
    async fn choose(&mut self, choice: Option<ModelChoice>) -> Result<()> {
        let Some(choice) = choice.filter(|choice| *choice != self.conversation.choice()) else { return Ok(()) };
        let (provider, model) = choice.clone().into_parts();
        conversation::set_choice(&mut self.tx, self.caller.owner(), self.conversation.id, choice).await?;
        (self.conversation.provider, self.conversation.model) = (provider, model);
        Ok(())
    }

    /// The first model call of a turn, and what to tell of its window.
    async fn reserve(&mut self, turn: TurnId) -> Result<(Reserved, Vec<ChatEvent>)> {
        let state = self.state;
        let prepared = prompt::prepare(state, &mut self.tx, self.caller, self.conversation.id, turn).await?;
        let Prepared { request, choice, events } = prepared;
        let wanted = Wanted { turn: Some(turn), purpose: Purpose::Chat, choice: &choice, request };
        let reserved = metered::reserve(state, &mut self.tx, self.caller.owner(), wanted).await?;
        Ok((reserved, events))
    }

    fn begun(&self, turn: &Turn, message: Message) -> Vec<ChatEvent> {
        vec![ChatEvent::Message { message }, ChatEvent::Turn { turn: turn.view() }]
    }
}
