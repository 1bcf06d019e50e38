//! All connections, each by whom it is for.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, future::join_all, stream};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Call, CallEvent, CallRun, Fault, Listing, ServerName, ServerSpec, Status, Tokens, call,
    call::Ended,
    connection::Lease,
    http::Net,
    listing,
    owner::{Owner, Shared, WISHES, Wish},
};
use crate::{
    tools::net::Guard,
    types::{TenantId, UserId},
};

/// The most connections that are known at once.
const MAX_CONNECTIONS: usize = 1000;
/// The least time between two lists that nobody forced: a server may say as often as it likes that its list changed.
const CALM: Duration = Duration::from_secs(1);
/// How long closing everything may take.
const CLOSING: Duration = Duration::from_millis(6500);

/// Whose connection to what. Two keys never share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConnectionKey {
    /// The tenant.
    pub tenant: TenantId,
    /// The server.
    pub server: ServerName,
    /// The person, where the server authorises people or asks them things.
    pub user: Option<UserId>,
}

/// How new a list must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Asked after this call began.
    Fresh,
    /// The last one, as long as it holds.
    Cached,
}

/// Owns every connection. Cheap to clone; what it starts runs on the runtime it was given, and ends with
/// [`Servers::close_all`].
#[derive(Clone)]
pub struct Servers {
    inner: Arc<Inner>,
}

struct Inner {
    handle: Handle,
    net: Net,
    tokens: Arc<dyn Tokens>,
    entries: Mutex<HashMap<ConnectionKey, Entry>>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

#[derive(Clone)]
struct Entry {
    shared: Arc<Shared>,
    wishes: mpsc::Sender<Wish>,
    stop: CancellationToken,
    /// Open until the owner ended.
    ended: CancellationToken,
}

impl Servers {
    /// Without any connection yet. `allow_private` is `FETCH_ALLOW_PRIVATE`.
    ///
    /// # Errors
    /// When no certificate authorities can be found.
    pub fn new(handle: Handle, guard: Guard, allow_private: bool, tokens: Arc<dyn Tokens>) -> reqwest::Result<Self> {
        let net = Net::new(guard, allow_private)?;
        let inner = Inner {
            handle,
            net,
            tokens,
            entries: Mutex::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What the server offers, within its limits of time. One list at a time is read of a connection; who waits for it
    /// meanwhile gets the same.
    ///
    /// # Errors
    /// `NotSent`, `Refused` or `NeedsAuthorisation`; never `Unknown`.
    pub async fn list(
        &self,
        key: &ConnectionKey,
        spec: &Arc<ServerSpec>,
        freshness: Freshness,
    ) -> Result<Arc<Listing>, Fault> {
        let began = Instant::now();
        let entry = self.entry(key)?;
        let shared = &entry.shared;
        let whole = spec.limits.connect + spec.limits.list + CALM;
        let waited = tokio::time::timeout(whole, shared.listing.lock()).await;
        let _one = waited.map_err(|_| Fault::NotSent("The list of tools takes too long.".to_owned()))?;
        // The connection first: another configuration means another list, and makes the old one stale.
        let lease = self.lease(&entry, spec).await?;
        if let Some(last) = shared.last() {
            let is_stale = shared.stale.load(Ordering::Acquire) && last.asked.elapsed() >= CALM;
            let good = match freshness {
                Freshness::Fresh => last.asked >= began,
                Freshness::Cached => last.holds() && !is_stale && last.connection == lease.0.number,
            };
            if good {
                return Ok(last);
            }
        }
        // What changes from here on is not in it.
        shared.stale.store(false, Ordering::Release);
        let listed = if lease.0.has_tools {
            let asked = tokio::time::timeout(spec.limits.list, listing::ask(&key.server, &lease.0.peer));
            asked.await.unwrap_or_else(|_| {
                Err(Fault::Refused("The server did not give its list of tools in time.".to_owned()))
            })
        } else {
            Ok(listing::empty())
        };
        match listed {
            Ok(mut listing) => {
                listing.connection = lease.0.number;
                let listing = Arc::new(listing);
                shared.keep(Arc::clone(&listing));
                self.tell(&entry, Wish::Worked(lease.0.number));
                Ok(listing)
            }
            Err(fault) => {
                shared.stale.store(true, Ordering::Release);
                self.tell(&entry, Wish::Suspect(lease.0.number, fault.clone()));
                Err(fault)
            }
        }
    }

    /// Whether an address may be reached, its name looked up.
    ///
    /// # Errors
    /// Why not, in words.
    pub async fn may_reach(&self, url: &url::Url) -> Result<(), String> {
        self.inner.net.may_reach(url).await
    }

    /// The last list there was, however old: for display only.
    pub fn last(&self, key: &ConnectionKey) -> Option<Arc<Listing>> {
        self.entries().get(key)?.shared.last()
    }

    /// Runs a tool. The call is sent at most once, whatever happens; how it ended says whether it may have had an
    /// effect. It goes on in a task of its own until it ends, is cancelled or nobody reads it any more.
    pub fn call(&self, key: &ConnectionKey, spec: &Arc<ServerSpec>, call: Call) -> CallRun {
        let (events, mut told) = call::channel();
        let dropped = CancellationToken::new();
        let guard = dropped.clone().drop_guard();
        let (servers, key, spec) = (self.clone(), key.clone(), Arc::clone(spec));
        self.inner.tasks.spawn_on(
            async move {
                let result = servers.follow(&key, &spec, call, &dropped, &events).await;
                // Nobody there any more: nobody to tell.
                let _ = events.send(CallEvent::Ended(result)).await;
            },
            &self.inner.handle,
        );
        stream::poll_fn(move |context| {
            let _ = &guard;
            told.poll_recv(context)
        })
        .boxed()
    }

    async fn follow(
        &self,
        key: &ConnectionKey,
        spec: &Arc<ServerSpec>,
        mut call: Call,
        dropped: &CancellationToken,
        events: &mpsc::Sender<CallEvent>,
    ) -> Result<super::CallResult, Fault> {
        let cancel = call.cancel.child_token();
        call.cancel = cancel.clone();
        let entry = self.entry(key)?;
        let work = async {
            let lease = tokio::select! {
                lease = self.lease(&entry, spec) => lease?,
                () = cancel.cancelled() => return Err(Fault::NotSent("It was stopped.".to_owned())),
            };
            let number = lease.0.number;
            let Ended { result, is_suspect, is_stale } =
                call::run(&key.server, &lease, &spec.limits, &call, events).await;
            if is_stale {
                entry.shared.stale.store(true, Ordering::Release);
            }
            match &result {
                Ok(_) => self.tell(&entry, Wish::Worked(number)),
                Err(fault) if is_suspect || matches!(fault, Fault::NeedsAuthorisation { .. }) => {
                    self.tell(&entry, Wish::Suspect(number, fault.clone()));
                }
                Err(_) => {}
            }
            result
        };
        // Whoever stops all, forgets the connection or reads no more, stops the call.
        let watch = async {
            tokio::select! {
                () = dropped.cancelled() => {}
                () = entry.stop.cancelled() => {}
            }
            cancel.cancel();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            result = work => result,
            () = watch => Err(Fault::Unknown("It was stopped.".to_owned())),
        }
    }

    /// How it stands with a connection.
    pub fn status(&self, key: &ConnectionKey) -> Status {
        let shared = self.entries().get(key).map(|entry| Arc::clone(&entry.shared));
        let Some(shared) = shared else { return Status::default() };
        let status = shared.status().clone();
        Status { stderr: shared.tail.text(), ..status }
    }

    /// Closes the connection and makes it anew, whatever it did before.
    pub async fn reconnect(&self, key: &ConnectionKey, spec: &Arc<ServerSpec>) {
        let Ok(entry) = self.entry(key) else { return };
        let (reply, done) = oneshot::channel();
        if entry.wishes.send(Wish::Reconnect(Arc::clone(spec), reply)).await.is_ok() {
            // The owner's own limits of time hold.
            let _ = done.await;
        }
    }

    /// Closes the connection and forgets all about it.
    pub async fn forget(&self, key: &ConnectionKey) {
        let entry = self.entries().remove(key);
        if let Some(entry) = entry {
            entry.stop.cancel();
            let _ = tokio::time::timeout(CLOSING, entry.ended.cancelled()).await;
        }
    }

    /// Closes everything, within seven seconds; no process is left, and nothing is opened any more.
    pub async fn close_all(&self) {
        self.inner.stop.cancel();
        let entries: Vec<Entry> = self.entries().drain().map(|(_, entry)| entry).collect();
        let ended = join_all(entries.iter().map(|entry| entry.ended.cancelled()));
        self.inner.tasks.close();
        let all = async {
            ended.await;
            self.inner.tasks.wait().await;
        };
        if tokio::time::timeout(CLOSING, all).await.is_err() {
            tracing::warn!("not all connections to servers of tools could be closed in time");
        }
    }

    /// Tasks that run: owners of connections and calls.
    pub fn tasks(&self) -> usize {
        self.inner.tasks.len()
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<ConnectionKey, Entry>> {
        self.inner.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn entry(&self, key: &ConnectionKey) -> Result<Entry, Fault> {
        let mut entries = self.entries();
        if let Some(entry) = entries.get(key) {
            return Ok(entry.clone());
        }
        if self.inner.stop.is_cancelled() {
            return Err(Fault::NotSent("Sayso is being stopped.".to_owned()));
        }
        if entries.len() >= MAX_CONNECTIONS {
            return Err(Fault::NotSent("There are too many connections to servers of tools.".to_owned()));
        }
        let (wishes, wished) = mpsc::channel(WISHES);
        let (stop, ended) = (self.inner.stop.child_token(), CancellationToken::new());
        let entry = Entry { shared: Arc::default(), wishes, stop, ended };
        let owner = Owner {
            key: key.clone(),
            shared: Arc::clone(&entry.shared),
            net: self.inner.net.clone(),
            tokens: Arc::clone(&self.inner.tokens),
            stop: entry.stop.clone(),
            held: None,
            made_of: None,
            number: 0,
            retry_at: None,
        };
        let ended = entry.ended.clone().drop_guard();
        self.inner.tasks.spawn_on(
            async move {
                let _ended = ended;
                owner.run(wished).await;
            },
            &self.inner.handle,
        );
        entries.insert(key.clone(), entry.clone());
        Ok(entry)
    }

    /// A connection, made if need be, within the limit of time.
    async fn lease(&self, entry: &Entry, spec: &Arc<ServerSpec>) -> Result<Lease, Fault> {
        let (reply, opened) = oneshot::channel();
        let gone = || Fault::NotSent("The connection was closed.".to_owned());
        let opening = async {
            entry.wishes.send(Wish::Open(Arc::clone(spec), reply)).await.map_err(|_| gone())?;
            opened.await.map_err(|_| gone())?
        };
        // Connecting, and what the owner may be at meanwhile: closing the last one, a probe.
        let limit = spec.limits.connect + CLOSING + CLOSING;
        let opened = tokio::time::timeout(limit, opening).await;
        opened.unwrap_or_else(|_| Err(Fault::NotSent("The server cannot be reached in time.".to_owned())))
    }

    /// Tells the owner, unless it has too much to do; then it learns of it another time.
    fn tell(&self, entry: &Entry, wish: Wish) {
        let _ = entry.wishes.try_send(wish);
    }
}
