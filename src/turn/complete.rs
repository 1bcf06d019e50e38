//! Completions for programs, outside of any conversation: what a program asks goes to a model, and what comes back goes to
//! the program. Nothing is stored but the call itself. Its tools are its own: they are named to the model and never run
//! here, and Sayso's tools are never named.
//!
//! The tenant's system prompt, limits and topics hold as in a chat. A program that goes away ends its call.

mod teller;

use std::{pin::pin, time::Duration};

use tokio::{sync::mpsc, time::timeout};
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::Instrument as _;

use futures_util::StreamExt as _;

use crate::{
    db::{Transaction, at_once, now},
    error::{Code, Error, Refusal, Result},
    models::{Owner, usage},
    providers::{Ending, PromptMessage, Reply, ReplyBuilder, Request, ToolChoice, ToolSpec, demo},
    state::AppState,
    telemetry::{self, metrics},
    types::{
        Block, MessageRole, ModelCallId, ModelChoice, Purpose, ToolCallId, TurnFailure, Usage, content::joined_text,
    },
};

use super::{
    Caller, Upload, caller_now, choice, images,
    metered::{self, Answer, Reserved, Unanswered, Wanted},
    prompt, topics,
    topics::Verdict,
};
use teller::Teller;

/// How many completions may run at once for each turn that may: programs ask for several at a time, and shortly.
const COMPLETIONS_PER_TURN: usize = 2;

/// How long a call counts as running at the most, so that what a crash left does not shut its person out.
const COUNTS_FOR: chrono::Duration = chrono::Duration::minutes(10);

/// How much is kept for a program that does not read on.
const WAITING: usize = 64;

/// How long a program may take to read on; then it is gone.
const READ: Duration = Duration::from_secs(30);

/// What a program asks.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Who shall answer.
    pub choice: ModelChoice,
    /// Its own standing instructions; they follow the tenant's.
    pub instructions: Option<String>,
    /// The conversation, oldest first; each tool use is followed by its result. An image is named by its place among
    /// `images`; what else is said of it there is found out here.
    pub messages: Vec<PromptMessage>,
    /// The images that the messages show.
    pub images: Vec<Upload>,
    /// Its own tools.
    pub tools: Vec<ToolSpec>,
    /// Whether the model may, must or must not ask for one.
    pub tool_choice: ToolChoice,
    /// The most tokens of the answer; never more than `MAX_OUTPUT_TOKENS`.
    pub max_output_tokens: Option<u32>,
    /// How freely words are chosen, from 0 to 2.
    pub temperature: Option<f64>,
    /// Texts before which the answer ends.
    pub stop: Vec<String>,
}

/// What a program is told, in order: `Begun`, what comes, and `Ended`; or, at any place, `Failed` and nothing more.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Who answers.
    Begun {
        /// The provider's name.
        provider: String,
        /// The model's name there.
        model: String,
    },
    /// More text.
    Text(String),
    /// More of what the model thinks.
    Thinking(String),
    /// The model asks for a tool.
    Call {
        /// Which call of the answer, from 0.
        index: u32,
        /// Its id, ours.
        id: ToolCallId,
        /// The tool's name as the model wrote it.
        name: String,
    },
    /// More of a call's arguments.
    Input {
        /// Which call.
        index: u32,
        /// What came.
        fragment: String,
    },
    /// The answer is whole, and settled.
    Ended {
        /// Why it ended.
        ending: Ending,
        /// What it used.
        usage: Usage,
    },
    /// It is not, and will not be.
    Failed(TurnFailure),
}

/// A completion under way. Dropping it ends the call.
pub struct Completion {
    /// Its id.
    pub id: ModelCallId,
    told: mpsc::Receiver<Told>,
    _leaving: DropGuard,
}

impl Completion {
    /// What is told next; `None` after the end.
    pub async fn next(&mut self) -> Option<Told> {
        self.told.recv().await
    }
}

/// Reserves a completion and sets it going.
///
/// # Errors
/// A refusal, before anything is asked of anybody: `forbidden` for someone who may not work here any more;
/// `invalid_payload` for a model that there is not, and for images that are none or not seen; `rate_limited` when too
/// many run; the code of a limit.
pub async fn complete(state: &AppState, caller: &Caller, mut asked: Asked) -> Result<Completion> {
    let shown = images::check(std::mem::take(&mut asked.images), state.settings.upload_limit).await?;
    let Allowed { caller, question, reserved } = at_once(reserve(state, caller.owner(), asked, shown)).await?;

    let (sender, told) = mpsc::channel(WAITING);
    // What is left when the server goes down is settled and told so.
    let stop = state.runs.closing.child_token();
    let completion = Completion { id: reserved.call.id, told, _leaving: stop.clone().drop_guard() };
    let owner = caller.owner();
    let span = tracing::info_span!("completion", call = %reserved.call.id, tenant = %owner.tenant);
    let topics = topics::kept_by(caller.tenant);
    let running = Running { state: state.clone(), owner, topics, question, stop, sender };
    state.runs.tasks.spawn_on(telemetry::following(running.run(reserved).instrument(span)), &state.runs.handle);
    Ok(completion)
}

/// A completion that may begin.
struct Allowed {
    /// Who asks, as they are now.
    caller: Caller,
    /// What the person said last.
    question: String,
    reserved: Reserved,
}

async fn reserve(state: &AppState, owner: Owner, mut asked: Asked, shown: Vec<images::Checked>) -> Result<Allowed> {
    // What is reserved is on the disk when it is settled, at the latest.
    let mut tx = state.db.write_unsynced(owner.tenant).await?;
    let caller = caller_now(&mut tx, owner).await?.ok_or(Code::Forbidden)?;
    // Of a socket that is open for long, by what the tenant may use now.
    let allowed = &caller.tenant.models.0;
    choice::check(state, allowed, Some(&asked.choice))?;
    if !shown.is_empty() {
        images::must_be_seen(state, allowed, &asked.choice)?;
    }
    let request = request(state, &caller, &mut asked, shown);
    let last_said = request.messages.iter().rfind(|message| message.role == MessageRole::User);
    let question = last_said.map(|message| joined_text(&message.content)).unwrap_or_default();
    let wanted = Wanted { turn: None, purpose: Purpose::Gateway, choice: &asked.choice, request };
    let reserved = metered::reserve(state, &mut tx, owner, wanted).await?;
    // The reservation has locked the tenant's month: who counts now counts everyone who came before.
    fair_share(state, &mut tx, owner).await?;
    tx.commit().await?;
    Ok(Allowed { caller, question, reserved })
}

/// What goes to the model.
fn request(state: &AppState, caller: &Caller, asked: &mut Asked, shown: Vec<images::Checked>) -> Request {
    let own = prompt::own_system_prompt(&caller.tenant, &caller.user);
    let system: Vec<String> = own.into_iter().chain(asked.instructions.take()).collect();
    let mut messages = std::mem::take(&mut asked.messages);
    for block in messages.iter_mut().flat_map(|message| &mut message.content) {
        if let Block::Image { number, .. } = block
            && let Some(image) = usize::try_from(*number).ok().and_then(|place| shown.get(place))
        {
            *block = image.block(*number);
        }
    }
    let most = state.settings.max_output_tokens.get();
    let mut tools = std::mem::take(&mut asked.tools);
    tools.sort_by(|one, other| one.name.cmp(&other.name));
    Request {
        model: None,
        system: (!system.is_empty()).then(|| system.join("\n\n")),
        messages,
        tools,
        tool_choice: std::mem::take(&mut asked.tool_choice),
        max_output_tokens: asked.max_output_tokens.map_or(most, |wanted| wanted.min(most)),
        temperature: asked.temperature,
        stop: std::mem::take(&mut asked.stop),
        images: (0..).zip(shown).map(|(number, image)| (number, image.blob.bytes)).collect(),
    }
}

/// Refuses when more completions run, the caller's new one among them, than may.
async fn fair_share(state: &AppState, tx: &mut Transaction, owner: Owner) -> Result<()> {
    let (person, tenant) = usage::under_way(tx, owner, Purpose::Gateway, now() - COUNTS_FOR).await?;
    let most = |turns: u32| usize::try_from(turns).unwrap_or(usize::MAX).saturating_mul(COMPLETIONS_PER_TURN);
    let settings = &state.settings;
    if person > most(settings.turns_per_person.get()) || tenant > most(settings.turns_per_tenant.get()) {
        return Err(Refusal::new(Code::RateLimited).saying("error-too-many-turns").into());
    }
    Ok(())
}

/// A call on its way.
struct Running {
    state: AppState,
    owner: Owner,
    /// The topics that the answer must keep to.
    topics: Option<String>,
    /// What the person said last.
    question: String,
    stop: CancellationToken,
    sender: mpsc::Sender<Told>,
}

/// How a reply came to its end.
enum Came {
    Whole(Reply),
    /// What came of it, and why there is no more; no failure where the program went away, or we do.
    Part(Option<Reply>, Option<TurnFailure>, Option<&'static str>),
}

impl Running {
    async fn run(self, mut reserved: Reserved) {
        let mut teller = Teller::new();
        let mut held = Vec::new();
        let came = self.ask(&mut reserved, &mut teller, &mut held).await;
        let interrupted = || failure(Code::ProviderInterrupted);
        let (settlement, mut last) = match &came {
            Came::Whole(reply) => {
                let settlement = metered::settlement_of(&self.state, &reserved, reply);
                let ending = Ending::of(reply.stop_reason.as_deref(), teller.has_calls());
                (settlement, Told::Ended { ending, usage: settlement.usage })
            }
            Came::Part(reply, failed, code) => {
                reserved.was_stopped = failed.is_none();
                let settlement = metered::settlement_of_cut_off(&self.state, &reserved, reply.as_ref(), *code);
                (settlement, Told::Failed(failed.clone().unwrap_or_else(interrupted)))
            }
        };
        let settled = async {
            let mut tx = self.state.db.write(self.owner.tenant).await?;
            metered::settle(&self.state, &mut tx, &reserved, settlement).await?;
            tx.commit().await
        };
        if let Err(error) = at_once(settled).await {
            // What it cost is written down by the sweep. No answer goes out of which that is not known.
            tracing::error!(%error, "a completion could not be settled");
            last = Told::Failed(failure(Code::Internal));
        } else if let (Came::Whole(reply), Some(topics), false) = (&came, &self.topics, held.is_empty()) {
            if let Some(failed) = self.held_back(topics, &reserved, reply).await {
                (held, last) = (Vec::new(), Told::Failed(failed));
            }
        } else if matches!(came, Came::Part(..)) {
            held.clear();
        }
        for told in held.into_iter().chain([last]) {
            if !self.tell(told).await {
                return;
            }
        }
    }

    /// Asks the model, and tells what comes as it comes, or keeps it in `held` where it is to be judged first.
    async fn ask(&self, reserved: &mut Reserved, teller: &mut Teller, held: &mut Vec<Told>) -> Came {
        let Answer { mut events, .. } = match metered::ask(&self.state, reserved, &self.stop).await {
            Ok(answer) => answer,
            Err(Unanswered::Stopped(reply)) => return Came::Part(reply, None, None),
            Err(Unanswered::Failed(error, reply)) => {
                return Came::Part(reply, Some(metered::failure_of(&error)), Some(error.kind.code()));
            }
        };
        let is_held = self.topics.is_some() && reserved.call.provider != demo::NAME;
        teller.answered_by(&reserved.call.provider, &reserved.call.model);
        let mut builder = ReplyBuilder::new();
        let mut stopped = pin!(self.stop.cancelled());
        loop {
            let event = tokio::select! {
                event = events.next() => event,
                () = &mut stopped => return Came::Part(Some(builder.cut_off()), None, None),
            };
            let told = match &event {
                Some(Ok(event)) => {
                    builder.push(event);
                    teller.event(event)
                }
                Some(Err(error)) => {
                    let code = error.kind.code();
                    tracing::warn!(provider = error.provider, code, message = error.message, "a reply was cut off");
                    return Came::Part(Some(builder.cut_off()), Some(metered::failure_of(error)), Some(code));
                }
                None => teller.end(),
            };
            if is_held {
                held.extend(told);
            } else {
                for told in told {
                    if !self.tell(told).await {
                        return Came::Part(Some(builder.cut_off()), None, None);
                    }
                }
            }
            if event.is_none() {
                return Came::Whole(builder.finish());
            }
        }
    }

    /// Why an answer that was held may not be shown.
    async fn held_back(&self, topics: &str, reserved: &Reserved, reply: &Reply) -> Option<TurnFailure> {
        let written = (reserved, reply);
        match topics::verdict_on(&self.state, self.owner, topics, &self.question, written, &self.stop).await {
            Ok(Verdict::On) => None,
            Ok(Verdict::Off) => {
                metrics::topic_refused();
                Some(failure(Code::TopicRefused))
            }
            Ok(Verdict::Stopped) => Some(failure(Code::ProviderInterrupted)),
            Ok(Verdict::Failed(failed)) => Some(failed),
            Err(error) => Some(failure(refused(&error))),
        }
    }

    /// Whether the program is still there to be told.
    async fn tell(&self, told: Told) -> bool {
        match timeout(READ, self.sender.send(told)).await {
            Ok(sent) => sent.is_ok(),
            Err(_) => false,
        }
    }
}

fn failure(code: Code) -> TurnFailure {
    TurnFailure { code: code.as_str().to_owned(), retry_after: None }
}

/// The code of a refusal; a fault is logged and told as such.
fn refused(error: &Error) -> Code {
    error.code().unwrap_or_else(|| {
        tracing::error!(%error, "a completion failed");
        Code::Internal
    })
}
