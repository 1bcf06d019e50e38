//! A program's wait for its person: told that it goes on, so that it is not taken for dead, and noticed when it leaves.

use std::{future::pending, pin::Pin, sync::Arc, time::Duration};

use rmcp::{
    RoleServer,
    model::{ElicitationAction, InputRequiredResult, ProgressNotificationParam, ProgressToken, ProtocolVersion},
    service::RequestContext,
};
use tokio::time::{Instant, Interval, interval_at};

use super::{agent::Agent, answer, asking::Asking};
use crate::{
    error::{Error, Result},
    event::ChatEvent,
    feed::{Lagged, Subscription},
    models::{Owner, tool_call::StoredCall},
    state::AppState,
    telemetry,
    tools::mcp::words,
    turn::{self, Answer, Standing, Started},
    types::ToolCallState,
};

/// How often a program is told that it still waits, and the database that it is still there.
const TELL: Duration = Duration::from_secs(10);

/// How often it is told of a tool's own progress at most.
const CHUNKS: Duration = Duration::from_millis(250);

/// The longest piece of that, in characters.
const CHUNK: usize = 300;

/// A call that a program waits for. Dropped without an answer, what waits is denied and what runs is stopped.
pub struct Asked {
    state: AppState,
    owner: Owner,
    started: Started,
    is_open: bool,
}

impl Asked {
    /// Just asked, or asked again.
    pub fn new(state: &AppState, owner: Owner, started: Started) -> Self {
        Self { state: state.clone(), owner, started, is_open: true }
    }

    /// The answer is known.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn answered(&mut self) -> Result<()> {
        turn::answered(&self.state, self.owner, self.started.turn).await?;
        self.is_open = false;
        Ok(())
    }

    /// The program was sent to its person, and comes back.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn comes_back(&mut self) -> Result<()> {
        turn::comes_back(&self.state, self.owner, self.started.turn).await?;
        self.is_open = false;
        Ok(())
    }

    /// Its person said there that they do not want it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn decline(&mut self) -> Result<()> {
        turn::leave(&self.state, self.owner, self.started.turn).await
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        let (state, owner, turn) = (self.state.clone(), self.owner, self.started.turn);
        let runs = self.state.runs.clone();
        let left = async move {
            // What cannot be written now is given up when its lease is over.
            if let Err(error) = turn::leave(&state, owner, turn).await {
                tracing::error!(%error, %turn, "a call could not be given up");
            }
        };
        drop(runs.tasks.spawn_on(telemetry::following(left), &runs.handle));
    }
}

/// How a wait ended.
pub enum Waited {
    /// The call is over.
    Answer(Box<Answer>),
    /// The program is asked to send its person to the approval first.
    InputRequired(InputRequiredResult),
    /// The program left, or the server goes down.
    Left,
}

type Sending = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tells a program what happens, if it wants to know. One message at a time: one that reads slowly is told less.
struct Progress {
    context: RequestContext<RoleServer>,
    token: Option<ProgressToken>,
    told: f64,
    next: Option<String>,
    sending: Option<Sending>,
}

impl Progress {
    fn new(context: &RequestContext<RoleServer>) -> Self {
        let token = context.meta.get_progress_token();
        Self { context: context.clone(), token, told: 0.0, next: None, sending: None }
    }

    fn tell(&mut self, words: String) {
        if self.token.is_some() {
            self.next = Some(words);
        }
    }

    /// Sends what is to be told; for ever. Cancel-safe.
    async fn send(&mut self) {
        loop {
            if let Some(sending) = &mut self.sending {
                sending.await;
                self.sending = None;
            }
            let (Some(token), Some(words)) = (&self.token, self.next.take()) else { return pending().await };
            self.told += 1.0;
            let told = ProgressNotificationParam::new(token.clone(), self.told).with_message(words);
            let peer = self.context.peer.clone();
            self.sending = Some(Box::pin(async move {
                // It left, which is noticed elsewhere.
                if peer.notify_progress(told).await.is_err() {}
            }));
        }
    }
}

/// Asks a program of an older revision to show its person where the call is approved; `None` where it cannot.
type Question = Pin<Box<dyn Future<Output = Option<ElicitationAction>> + Send>>;

struct Waiting<'a> {
    agent: &'a Agent,
    asked: &'a mut Asked,
    asking: &'a Asking,
    context: &'a RequestContext<RoleServer>,
    progress: Progress,
    question: Option<Question>,
    ticks: Interval,
    subscription: Subscription,
    /// What the tool said of its progress, and when to tell it.
    chunk: Option<(Instant, String)>,
}

/// Waits until a call is over, or its program left. A first time, one that can show an address is sent to the approval.
///
/// # Errors
/// `not_found` when its person deleted it; a fault of the database.
pub async fn wait(
    agent: &Agent,
    asked: &mut Asked,
    asking: &Asking,
    context: &RequestContext<RoleServer>,
    is_first: bool,
) -> Result<Waited> {
    let (state, owner) = (&agent.state, asked.owner);
    // The gap between two rounds is over.
    turn::still_awaited(state, owner, asked.started.turn).await?;
    let subscription = turn::subscribe(state, owner, asked.started.conversation).await?;
    let waiting = Waiting {
        agent,
        asked,
        asking,
        context,
        progress: Progress::new(context),
        question: None,
        ticks: interval_at(Instant::now() + TELL, TELL),
        subscription,
        chunk: None,
    };
    waiting.run(is_first).await
}

impl Waiting<'_> {
    async fn run(mut self, is_first: bool) -> Result<Waited> {
        let (state, owner, turn) = (&self.agent.state, self.asked.owner, self.asked.started.turn);
        let closing = state.runs.closing.clone();
        // Made once: how long a program is away counts over everything that happens meanwhile.
        let left = over(self.asking);
        tokio::pin!(left);
        let mut now = None;
        let mut may_ask = is_first;
        loop {
            match turn::standing(state, owner, turn).await? {
                Standing::Over(answer) => return Ok(Waited::Answer(answer)),
                Standing::Open(stands) => {
                    if now != Some(stands) {
                        now = Some(stands);
                        self.progress.tell(self.words(stands));
                    }
                    if stands == ToolCallState::Pending && std::mem::take(&mut may_ask) {
                        if let Some(required) = self.send_to_person().await? {
                            return Ok(Waited::InputRequired(required));
                        }
                    } else if stands != ToolCallState::Pending {
                        // It is decided: there is nothing left to show.
                        self.question = None;
                    }
                }
            }
            // Until something of the call changed.
            loop {
                tokio::select! {
                    events = self.subscription.next() => if self.changed(events) { break },
                    () = self.progress.send() => {}
                    () = due(self.chunk.as_ref().map(|(at, _)| *at)) => {
                        if let Some((_, chunk)) = self.chunk.take() {
                            self.progress.tell(chunk);
                        }
                    }
                    _ = self.ticks.tick() => {
                        self.progress.tell(self.words(now.unwrap_or(ToolCallState::Pending)));
                        turn::still_awaited(state, owner, turn).await?;
                        // Whatever was not told.
                        break;
                    }
                    said = answered(&mut self.question) => {
                        self.question = None;
                        if said == Some(ElicitationAction::Decline) {
                            self.asked.decline().await?;
                            break;
                        }
                    }
                    () = self.context.ct.cancelled() => return Ok(Waited::Left),
                    () = &mut left => return Ok(Waited::Left),
                    () = closing.cancelled() => return Ok(Waited::Left),
                }
            }
        }
    }

    /// Whether the call may stand elsewhere now.
    fn changed(&mut self, events: Result<Vec<Arc<ChatEvent>>, Lagged>) -> bool {
        let Ok(events) = events else {
            self.subscription = self.agent.state.feed.subscribe(self.asked.started.conversation);
            return true;
        };
        let mut has_changed = false;
        for event in events {
            match &*event {
                ChatEvent::ToolChunk { chunk, .. } => {
                    let line = words::bounded(&words::line(chunk), CHUNK);
                    if !line.is_empty() {
                        // The newest; the time is that of the first.
                        let at = self.chunk.take().map_or_else(|| Instant::now() + CHUNKS, |(at, _)| at);
                        self.chunk = Some((at, line));
                    }
                }
                _ => has_changed = true,
            }
        }
        has_changed
    }

    fn words(&self, stands: ToolCallState) -> String {
        match stands {
            ToolCallState::Pending => format!("waiting for approval: {}", self.agent.urls.absolute("/approvals")),
            ToolCallState::AwaitingInput => {
                let conversation = self.asked.started.conversation;
                format!("waiting for input: {}", self.agent.urls.absolute(&format!("/conversations/{conversation}")))
            }
            ToolCallState::Approved
            | ToolCallState::Running
            | ToolCallState::Denied
            | ToolCallState::Succeeded
            | ToolCallState::Failed
            | ToolCallState::OutcomeUnknown => "running".to_owned(),
        }
    }

    /// Asks a program that can show an address to show that of the approval: in the newest revision by an answer with
    /// which it comes back, in older ones by a question beside the wait.
    async fn send_to_person(&mut self) -> Result<Option<InputRequiredResult>> {
        let capabilities = self.context.client_capabilities();
        let can_show = capabilities.and_then(|can| can.elicitation).is_some_and(|can| can.url.is_some());
        if !can_show {
            return Ok(None);
        }
        let (state, turn) = (&self.agent.state, self.asked.started.turn);
        let Some(call) = turn::asked_of_person(state, self.asked.owner, turn).await? else { return Ok(None) };
        let (words, address) = self.invitation(&call);
        if self.context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28) {
            return Ok(Some(answer::sent_to(turn, words, address)));
        }
        let address = url::Url::parse(&address).map_err(Error::internal)?;
        let peer = self.context.peer.clone();
        self.question = Some(Box::pin(async move { peer.elicit_url(words, address, turn.to_string()).await.ok() }));
        Ok(None)
    }

    fn invitation(&self, call: &StoredCall) -> (String, String) {
        let words = format!("Sayso asks for your approval of “{}”. Nothing runs before you decide there.", call.name);
        (words, self.agent.urls.absolute(&format!("/approvals#call-{}", call.id)))
    }
}

/// Waits for the answer to a question, if one was asked.
async fn answered(question: &mut Option<Question>) -> Option<ElicitationAction> {
    match question {
        Some(question) => question.await,
        None => pending().await,
    }
}

async fn due(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => pending().await,
    }
}

/// Waits until a program is gone with its session, or does not read its answer any more.
async fn over(asking: &Asking) {
    match &asking.session {
        Some(session) => tokio::select! {
            () = session.gone.cancelled() => {}
            () = asking.stay.is_over(session) => {}
        },
        None => pending().await,
    }
}
