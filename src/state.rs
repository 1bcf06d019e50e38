//! What every room above shares: made once in `app`.

use std::{
    collections::HashMap,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{runtime::Handle, sync::OwnedMutexGuard};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    config::Settings,
    db::Database,
    event::ChatEvent,
    feed::Feed,
    models::{Owner, audit::Auditor, password::Passwords, price::Prices, turn::Runner},
    providers::Providers,
    tools::{
        Toolboxes,
        listed::Lists,
        mcp::{Authorisations, McpSource},
        workspace::Workspace,
    },
    types::{ConversationId, InstanceId, TurnId, UserId},
};

/// The shared state. A clone is a pointer: thousands of open pages hold one.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl From<Parts> for AppState {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

/// What the shared state is made of.
pub struct Parts {
    /// The database.
    pub db: Database,
    /// The live fan-out.
    pub feed: Feed,
    /// The model APIs.
    pub providers: Providers,
    /// What models cost and how much they take in.
    pub prices: Prices,
    /// The tools of everyone.
    pub tools: Toolboxes,
    /// The servers of some of them.
    pub servers: McpSource,
    /// By what those know tenants and people.
    pub authorisations: Authorisations,
    /// Lists of them, kept for a while.
    pub tool_lists: Lists,
    /// The folders in which tools write.
    pub workspace: Workspace,
    /// The settings.
    pub settings: Arc<Settings>,
    /// The writer of the audit log.
    pub auditor: Auditor,
    /// Hashes passwords, a few at a time.
    pub passwords: Passwords,
    /// This server process.
    pub instance: InstanceId,
    /// The turns that run here.
    pub runs: Runs,
}

/// The turns that run on this instance.
#[derive(Clone)]
pub struct Runs {
    /// The multi-thread runtime: a turn never runs on an actix worker's.
    pub handle: Handle,
    /// Every task that belongs to a turn; closed at shutdown.
    pub tasks: TaskTracker,
    /// Cancelled when the server goes down and the grace is over: sockets close, turns are left for recovery.
    pub closing: CancellationToken,
    running: Arc<Mutex<HashMap<TurnId, Arc<Run>>>>,
}

impl Runs {
    /// With no turn yet. To be called on the runtime that shall run them.
    pub fn new() -> Self {
        Self {
            handle: Handle::current(),
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            running: Arc::default(),
        }
    }

    /// Adds a turn until the guard is dropped.
    pub fn enter(&self, runner: Runner, conversation: ConversationId, user: UserId) -> RunGuard {
        let run = Arc::new(Run {
            runner,
            conversation,
            user,
            stop: CancellationToken::new(),
            lost: CancellationToken::new(),
            untold: Mutex::default(),
            telling: Arc::default(),
        });
        self.running.lock().unwrap_or_else(PoisonError::into_inner).insert(runner.turn, run.clone());
        RunGuard { runs: self.clone(), run }
    }

    /// The run of that turn, if it is here.
    pub fn find(&self, turn: TurnId) -> Option<Arc<Run>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).get(&turn).cloned()
    }

    /// Every run.
    pub fn all(&self) -> Vec<Arc<Run>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

impl Default for Runs {
    fn default() -> Self {
        Self::new()
    }
}

/// A turn that runs here.
pub struct Run {
    /// By what right it writes.
    pub runner: Runner,
    /// Where.
    pub conversation: ConversationId,
    /// For whom.
    pub user: UserId,
    /// The person asked to stop.
    pub stop: CancellationToken,
    /// Somebody else has taken the turn over: nothing more may be written.
    pub lost: CancellationToken,
    /// What viewers here were told and the database was not.
    untold: Mutex<Vec<ChatEvent>>,
    /// Held by who writes events to the database, so that they stay in order.
    telling: Arc<tokio::sync::Mutex<()>>,
}

impl Run {
    /// Whose run it is.
    pub fn owner(&self) -> Owner {
        Owner { tenant: self.runner.tenant, user: self.user }
    }

    /// Notes what viewers here were told, for the next write. Texts of one block are joined.
    pub fn note(&self, event: ChatEvent) {
        let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
        match (untold.last_mut(), event) {
            (
                Some(ChatEvent::Text { message_id, block, text }),
                ChatEvent::Text { message_id: id, block: of, text: more },
            ) if *message_id == id && *block == of => text.push_str(&more),
            (
                Some(ChatEvent::Thinking { message_id, block, text }),
                ChatEvent::Thinking { message_id: id, block: of, text: more },
            ) if *message_id == id && *block == of => text.push_str(&more),
            (_, event) => untold.push(event),
        }
    }

    /// Takes what was not written yet.
    pub fn take_untold(&self) -> Vec<ChatEvent> {
        std::mem::take(&mut *self.untold.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts back what could not be written, before what came since.
    pub fn put_back(&self, mut events: Vec<ChatEvent>) {
        let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
        events.append(&mut untold);
        *untold = events;
    }

    /// The right to write events; waits for who has it.
    pub async fn telling(&self) -> OwnedMutexGuard<()> {
        self.telling.clone().lock_owned().await
    }

    /// The right to write events, if nobody has it.
    pub fn try_telling(&self) -> Option<OwnedMutexGuard<()>> {
        self.telling.clone().try_lock_owned().ok()
    }
}

/// Keeps a turn among those that run here; dropping it takes it out.
pub struct RunGuard {
    runs: Runs,
    run: Arc<Run>,
}

impl std::ops::Deref for RunGuard {
    type Target = Arc<Run>;

    fn deref(&self) -> &Arc<Run> {
        &self.run
    }
}

impl Drop for RunGuard {
    fn drop(&mut self) {
        let mut running = self.runs.running.lock().unwrap_or_else(PoisonError::into_inner);
        // The turn may run here again already, under a later epoch.
        if running.get(&self.run.runner.turn).is_some_and(|run| Arc::ptr_eq(run, &self.run)) {
            running.remove(&self.run.runner.turn);
        }
    }
}
