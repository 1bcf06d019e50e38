//! Sessions of programs that speak revision 2025-11-25 or an older one; the newest has none. They are this instance's:
//! elsewhere, and after a restart, nobody knows them, and a program that is told so begins anew.
//!
//! A session says nothing about who calls: each request brings its own token. That a session's id must come with the
//! token that opened it keeps somebody who saw the id from reading along.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{Stream, StreamExt as _};
use http::request::Parts;
use rmcp::{
    model::{ClientJsonRpcMessage, GetExtensions as _, ServerJsonRpcMessage},
    transport::{
        WorkerTransport,
        streamable_http_server::session::{
            ServerSseMessage, SessionId, SessionManager,
            local::{LocalSessionManager, LocalSessionManagerError, LocalSessionWorker},
        },
    },
};
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use super::asking::Asking;
use crate::{
    error::{Code, Refusal, Result},
    models::Owner,
    types::ApiTokenId,
};

/// How many sessions a person has at most, with all their tokens.
const MOST: usize = 32;

/// How long one is kept in which nothing is open.
pub const IDLE: Duration = Duration::from_secs(30 * 60);

/// How long one may take to be somebody's.
const CLAIMED_WITHIN: Duration = Duration::from_secs(60);

/// How long a program may be away from a call of its own: connections break, and it comes back to read on.
const BACK: Duration = Duration::from_secs(15);

/// A session, and whose it is.
pub struct Session {
    id: SessionId,
    owner: Owner,
    token: ApiTokenId,
    /// Cancelled when it is over.
    pub gone: CancellationToken,
    /// How many of its streams were resumed and are open: they stand for those that broke.
    resumed: watch::Sender<usize>,
    use_: Mutex<Use>,
}

struct Use {
    open: usize,
    last: Instant,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Session {
    /// Whether it was opened with this token.
    pub fn is_of(&self, owner: Owner, token: ApiTokenId) -> bool {
        self.owner == owner && self.token == token
    }

    /// Counts an answer of it as open for as long as what is given back lives.
    pub fn enter(self: &Arc<Self>) -> InUse {
        let mut used = locked(&self.use_);
        used.open += 1;
        used.last = Instant::now();
        InUse(self.clone())
    }

    /// Waits until nothing was open in it for [`IDLE`].
    pub async fn idle(&self) {
        loop {
            let until = {
                let used = locked(&self.use_);
                let since = if used.open == 0 { used.last } else { Instant::now() };
                since + IDLE
            };
            if until <= Instant::now() {
                return;
            }
            tokio::time::sleep_until(until).await;
        }
    }

    fn idle_since(&self) -> Option<Instant> {
        let used = locked(&self.use_);
        (used.open == 0).then_some(used.last)
    }
}

/// An open answer of a session.
pub struct InUse(Arc<Session>);

impl Drop for InUse {
    fn drop(&mut self) {
        let mut used = locked(&self.0.use_);
        used.open = used.open.saturating_sub(1);
        used.last = Instant::now();
    }
}

/// Whether the stream on which a call was asked for is still read.
pub struct Stay(watch::Sender<bool>);

impl Stay {
    /// Of a call that is just being asked for.
    pub fn new() -> Self {
        Self(watch::Sender::new(true))
    }

    /// Waits until nobody has read on for a while: neither that stream nor one that was resumed in its place.
    pub async fn is_over(&self, session: &Session) {
        let (mut own, mut resumed) = (self.0.subscribe(), session.resumed.subscribe());
        loop {
            // Neither sender can go away: both are borrowed here.
            if own.wait_for(|is_open| !is_open).await.is_err() || resumed.wait_for(|count| *count == 0).await.is_err() {
                return;
            }
            tokio::select! {
                () = sleep(BACK) => return,
                back = resumed.wait_for(|count| *count > 0) => if back.is_err() { return },
            }
        }
    }
}

struct Reading(Arc<Stay>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.0.send_replace(false);
    }
}

struct Resumed(Arc<Session>);

impl Resumed {
    fn new(session: Arc<Session>) -> Self {
        session.resumed.send_modify(|count| *count += 1);
        Self(session)
    }
}

impl Drop for Resumed {
    fn drop(&mut self) {
        self.0.resumed.send_modify(|count| *count = count.saturating_sub(1));
    }
}

/// The sessions of this instance; a clone has the same ones.
#[derive(Clone, Default)]
pub struct Sessions(Arc<Inner>);

#[derive(Default)]
struct Inner {
    local: LocalSessionManager,
    claimed: Mutex<HashMap<SessionId, Arc<Session>>>,
}

impl Sessions {
    /// None yet.
    pub fn new() -> Self {
        let mut local = LocalSessionManager::default();
        // How long one may be idle is counted here: while a call waits for its person, nothing is said in it.
        local.session_config.keep_alive = None;
        Self(Arc::new(Inner { local, claimed: Mutex::default() }))
    }

    /// The session of that id.
    pub fn find(&self, id: &str) -> Option<Arc<Session>> {
        locked(&self.0.claimed).get(id).cloned()
    }

    /// Makes room for one more of a person's: the one that was not used for the longest time goes.
    ///
    /// # Errors
    /// `rate_limited` where all of them are in use.
    pub async fn make_room(&self, owner: Owner) -> Result<()> {
        let oldest = {
            let claimed = locked(&self.0.claimed);
            let theirs: Vec<_> = claimed.values().filter(|session| session.owner == owner).cloned().collect();
            if theirs.len() < MOST {
                return Ok(());
            }
            let idle = theirs.into_iter().filter_map(|session| Some((session.idle_since()?, session)));
            idle.min_by_key(|(since, _)| *since).map(|(_, session)| session)
        };
        match oldest {
            Some(session) => {
                self.close(&session).await;
                Ok(())
            }
            None => Err(Refusal::new(Code::RateLimited).saying("error-too-many-streams").into()),
        }
    }

    /// Gives a session that was just opened to whoever opened it.
    pub fn claim(&self, id: &str, owner: Owner, token: ApiTokenId) -> Arc<Session> {
        let session = Arc::new(Session {
            id: id.into(),
            owner,
            token,
            gone: CancellationToken::new(),
            resumed: watch::Sender::new(0),
            use_: Mutex::new(Use { open: 0, last: Instant::now() }),
        });
        locked(&self.0.claimed).insert(session.id.clone(), session.clone());
        session
    }

    /// Ends a session: what waits in it is given up.
    pub async fn close(&self, session: &Session) {
        if let Err(error) = self.close_session(&session.id).await {
            tracing::debug!(%error, "a session ended by itself");
        }
    }
}

impl SessionManager for Sessions {
    type Error = LocalSessionManagerError;
    type Transport = WorkerTransport<LocalSessionWorker>;

    async fn create_session(&self) -> Result<(SessionId, Self::Transport), Self::Error> {
        let (id, transport) = self.0.local.create_session().await?;
        let (sessions, unclaimed) = (self.clone(), id.clone());
        // A program that went away before it had the id.
        drop(tokio::spawn(async move {
            sleep(CLAIMED_WITHIN).await;
            if sessions.find(&unclaimed).is_none()
                && let Err(error) = sessions.0.local.close_session(&unclaimed).await
            {
                tracing::debug!(%error, "a session that nobody claimed ended by itself");
            }
        }));
        Ok((id, transport))
    }

    async fn initialize_session(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, Self::Error> {
        self.0.local.initialize_session(id, message).await
    }

    async fn has_session(&self, id: &SessionId) -> Result<bool, Self::Error> {
        self.0.local.has_session(id).await
    }

    async fn close_session(&self, id: &SessionId) -> Result<(), Self::Error> {
        let claimed = locked(&self.0.claimed).remove(id);
        if let Some(session) = claimed {
            session.gone.cancel();
        }
        self.0.local.close_session(id).await
    }

    async fn create_stream(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        let asking = match &message {
            ClientJsonRpcMessage::Request(request) => request.request.extensions().get::<Parts>(),
            _ => None,
        };
        let asking = asking.and_then(|parts| parts.extensions.get::<Asking>());
        let reading = asking.map(|asking| Reading(asking.stay.clone()));
        Ok(holding(self.0.local.create_stream(id, message).await?, reading))
    }

    async fn accept_message(&self, id: &SessionId, message: ClientJsonRpcMessage) -> Result<(), Self::Error> {
        self.0.local.accept_message(id, message).await
    }

    async fn create_standalone_stream(
        &self,
        id: &SessionId,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.0.local.create_standalone_stream(id).await
    }

    async fn resume(
        &self,
        id: &SessionId,
        last_event_id: String,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        let resumed = self.find(id).map(Resumed::new);
        Ok(holding(self.0.local.resume(id, last_event_id).await?, resumed))
    }
}

/// A stream that lets go of something when it is dropped.
fn holding<S: Stream<Item = ServerSseMessage>, G>(stream: S, guard: G) -> impl Stream<Item = ServerSseMessage> {
    stream.map(move |message| {
        let _held = &guard;
        message
    })
}
