//! The tools of servers, for whoever may use them: which servers there are for a tenant, what they offered last, and why
//! one is not there.
//!
//! The attacks meant: a tenant's server that takes the name of an operators' one or of the built-in tools, and a server
//! that is slow on purpose, so that nobody's message gets on. Names of operators come first, and all lists together have
//! a limit of time, whatever servers do; one that takes longer goes on by itself and is there the next time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture, future::join_all};
use tokio::{runtime::Handle, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    ConnectionKey, Fault, Freshness as Listed, Listing, ServerName, ServerSpec, Servers, Status,
    known::{Known, Roster},
    tool::McpTool,
};
use crate::{
    error::Result,
    models::Owner,
    tools::{Freshness, Tool, limited::Limited, rate::Rates, toolboxes::Source},
    types::TenantId,
};

/// How long all lists together are waited for.
const TOGETHER: Duration = Duration::from_secs(5);
/// How long an admin who connects a server anew waits to see what came of it.
const SEEN: Duration = Duration::from_secs(15);
/// Connections of which so many are known are let go when nobody used them for this long.
const MANY: usize = 500;
const UNUSED: Duration = Duration::from_secs(3600);
/// How long what was begun may take to end when all is closed.
const ENDING: Duration = Duration::from_secs(1);

/// The tools of servers. Cheap to clone; what it starts ends with [`McpSource::close`].
#[derive(Clone)]
pub struct McpSource {
    inner: Arc<Inner>,
}

struct Inner {
    roster: Roster,
    servers: Servers,
    rates: Rates,
    most: usize,
    handle: Handle,
    tasks: TaskTracker,
    kept: Mutex<HashMap<ConnectionKey, Kept>>,
}

/// What is known of one connection.
struct Kept {
    spec: Arc<ServerSpec>,
    /// The list of which the tools are made.
    listing: Option<Arc<Listing>>,
    tools: Vec<Arc<dyn Tool>>,
    fault: Option<Fault>,
    asking: Option<Asking>,
    used: Instant,
}

impl Kept {
    fn new(spec: Arc<ServerSpec>) -> Self {
        Self { spec, listing: None, tools: Vec::new(), fault: None, asking: None, used: Instant::now() }
    }
}

/// A list that is being asked for.
#[derive(Clone)]
struct Asking {
    began: Instant,
    how: How,
    ended: CancellationToken,
}

/// How a list is asked for; later ones give all that earlier ones give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    /// If the last one does not hold any more.
    Kept,
    /// Now.
    Now,
    /// Over a new connection.
    Anew,
}

/// How it stands with a server, for one person.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its connection.
    pub status: Status,
    /// Its last list, however old.
    pub listing: Option<Arc<Listing>>,
    /// Why there is no list, if there is none.
    pub fault: Option<Fault>,
}

impl McpSource {
    /// Over these connections. Each tool is counted by these rates, and of a result at most so many bytes are kept. To
    /// be called on the runtime that shall own what is started.
    pub fn new(roster: Roster, servers: Servers, rates: Rates, most: usize) -> Self {
        let (handle, tasks) = (Handle::current(), TaskTracker::new());
        Self { inner: Arc::new(Inner { roster, servers, rates, most, handle, tasks, kept: Mutex::default() }) }
    }

    /// Which servers there are.
    pub fn roster(&self) -> &Roster {
        &self.inner.roster
    }

    /// Reads anew which servers a tenant has; connections to others are closed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn known(&self, tenant: TenantId) -> Result<Arc<[Known]>> {
        let known = self.inner.roster.read(tenant).await?;
        self.let_go(tenant, &known);
        Ok(known)
    }

    /// How it stands with a server.
    pub fn standing(&self, owner: Owner, known: &Known) -> Standing {
        let key = known.key(owner);
        let fault = self.kept().get(&key).and_then(|kept| kept.fault.clone());
        Standing { status: self.inner.servers.status(&key), listing: self.inner.servers.last(&key), fault }
    }

    /// What a server asked of whoever is not known to it, when it was asked last.
    pub fn challenge(&self, owner: Owner, known: &Known) -> Option<String> {
        let standing = self.standing(owner, known);
        match standing.status.fault.or(standing.fault) {
            Some(Fault::NeedsAuthorisation { challenge, .. }) => Some(challenge),
            _ => None,
        }
    }

    /// The servers that this person has to authorise for themselves before their tools are there, as far as is known.
    pub fn unauthorised(&self, owner: Owner) -> Vec<ServerName> {
        let known = self.inner.roster.last(owner.tenant);
        let own = known.iter().filter(|known| known.is_per_person() && known.authorises_at().is_some());
        own.filter(|known| self.challenge(owner, known).is_some()).map(|known| known.name.clone()).collect()
    }

    /// Whether such an address may be reached at all: not where its name leads into private networks, unless that is
    /// allowed. It is looked at again at each connection.
    ///
    /// # Errors
    /// Why not, in English.
    pub async fn may_reach(&self, url: &url::Url) -> Result<(), String> {
        self.inner.servers.may_reach(url).await
    }

    /// Connects to a server anew and lists its tools; waited for, but not for long.
    pub async fn reconnect(&self, owner: Owner, known: &Known) {
        self.ask_and_see(owner, known, How::Anew).await;
    }

    /// Lists a server's tools now; waited for, but not for long.
    pub async fn relist(&self, owner: Owner, known: &Known) {
        self.ask_and_see(owner, known, How::Now).await;
    }

    async fn ask_and_see(&self, owner: Owner, known: &Known, how: How) {
        if let Ok(spec) = &known.spec {
            let asking = self.ask(&known.key(owner), spec, how);
            let _ = tokio::time::timeout(SEEN, asking.ended.cancelled()).await;
        }
    }

    /// Closes every connection; nothing is opened any more.
    pub async fn close(&self) {
        self.inner.servers.close_all().await;
        self.inner.tasks.close();
        let _ = tokio::time::timeout(ENDING, self.inner.tasks.wait()).await;
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<ConnectionKey, Kept>> {
        self.inner.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a list, unless that is being done; the asking goes on by itself.
    fn ask(&self, key: &ConnectionKey, spec: &Arc<ServerSpec>, how: How) -> Asking {
        let now = Instant::now();
        let mut kept = self.kept();
        let entry = kept.entry(key.clone()).or_insert_with(|| Kept::new(Arc::clone(spec)));
        if !Arc::ptr_eq(&entry.spec, spec) {
            // Another configuration: what the old one offered is nobody's any more.
            *entry = Kept::new(Arc::clone(spec));
        }
        entry.used = now;
        if let Some(asking) = &entry.asking
            && !asking.ended.is_cancelled()
            && asking.how >= how
        {
            return asking.clone();
        }
        let asking = Asking { began: now, how, ended: CancellationToken::new() };
        entry.asking = Some(asking.clone());
        drop(kept);
        let ended = asking.ended.clone().drop_guard();
        let (source, key, spec) = (self.clone(), key.clone(), Arc::clone(spec));
        self.inner.tasks.spawn_on(
            async move {
                let _ended = ended;
                if how == How::Anew {
                    source.inner.servers.reconnect(&key, &spec).await;
                }
                let freshness = if how == How::Kept { Listed::Cached } else { Listed::Fresh };
                let listed = source.inner.servers.list(&key, &spec, freshness).await;
                source.keep(&key, &spec, listed);
            },
            &self.inner.handle,
        );
        asking
    }

    fn keep(&self, key: &ConnectionKey, spec: &Arc<ServerSpec>, listed: Result<Arc<Listing>, Fault>) {
        let mut kept = self.kept();
        let Some(entry) = kept.get_mut(key).filter(|entry| Arc::ptr_eq(&entry.spec, spec)) else { return };
        match listed {
            Ok(listing) => {
                entry.fault = None;
                if !entry.listing.as_ref().is_some_and(|last| Arc::ptr_eq(last, &listing)) {
                    entry.tools = self.tools(key, spec, &listing);
                    entry.listing = Some(listing);
                }
            }
            Err(fault) => {
                tracing::info!(server = %key.server, %fault, "the tools of a server cannot be listed");
                (entry.listing, entry.fault) = (None, Some(fault));
                entry.tools.clear();
            }
        }
    }

    fn tools(&self, key: &ConnectionKey, spec: &Arc<ServerSpec>, listing: &Listing) -> Vec<Arc<dyn Tool>> {
        let Inner { servers, rates, most, .. } = &*self.inner;
        let tool = |listed: &super::ListedTool| {
            let tool = McpTool::new(listed.clone(), servers.clone(), key.clone(), Arc::clone(spec));
            Arc::new(Limited::new(Arc::new(tool), rates.clone(), *most)) as Arc<dyn Tool>
        };
        listing.tools.iter().map(tool).collect()
    }

    /// Closes connections to servers that the tenant has no more, and long unused ones where there are many.
    fn let_go(&self, tenant: TenantId, known: &[Known]) {
        let mut gone = Vec::new();
        {
            let mut kept = self.kept();
            let is_many = kept.len() > MANY;
            kept.retain(|key, entry| {
                let is_known = key.tenant != tenant || known.iter().any(|known| known.is_of(key));
                let stays = is_known && !(is_many && entry.used.elapsed() > UNUSED);
                if !stays {
                    gone.push(key.clone());
                }
                stays
            });
        }
        for key in gone {
            let servers = self.inner.servers.clone();
            self.inner.tasks.spawn_on(async move { servers.forget(&key).await }, &self.inner.handle);
        }
    }

    async fn refreshed(&self, owner: Owner, freshness: Freshness) {
        let known = match self.known(owner.tenant).await {
            Ok(known) => known,
            Err(error) => {
                tracing::error!(%error, "a tenant's servers cannot be read");
                self.inner.roster.last(owner.tenant)
            }
        };
        let how = match freshness {
            Freshness::Kept => How::Kept,
            Freshness::Now => How::Now,
        };
        let asked = known.iter().filter_map(|known| Some(self.ask(&known.key(owner), known.spec.as_ref().ok()?, how)));
        let asked: Vec<Asking> = asked.collect();
        // One that was being asked for before has that much less time.
        let in_time =
            asked.iter().map(|asking| tokio::time::timeout_at(asking.began + TOGETHER, asking.ended.cancelled()));
        join_all(in_time).await;
    }
}

impl Source for McpSource {
    fn last(&self, owner: Owner) -> Vec<Arc<dyn Tool>> {
        let known = self.inner.roster.last(owner.tenant);
        let kept = self.kept();
        let of = |known: &Known| {
            let spec = known.spec.as_ref().ok()?;
            let entry = kept.get(&known.key(owner)).filter(|entry| Arc::ptr_eq(&entry.spec, spec))?;
            Some(entry.tools.clone())
        };
        known.iter().filter_map(of).flatten().collect()
    }

    fn refresh<'a>(&'a self, owner: Owner, freshness: Freshness) -> BoxFuture<'a, ()> {
        self.refreshed(owner, freshness).boxed()
    }

    fn missing(&self, owner: Owner, server: &str) -> Option<String> {
        let known = self.inner.roster.last(owner.tenant);
        let known = known.iter().find(|known| known.name.as_str() == server)?;
        let kept = self.kept();
        let entry = kept.get(&known.key(owner))?;
        let is_asked = entry.asking.as_ref().is_some_and(|asking| !asking.ended.is_cancelled());
        match &entry.fault {
            Some(Fault::NeedsAuthorisation { .. }) if known.authorises_at().is_some() => {
                let who = if known.is_per_person() {
                    "The person gives it in their settings, under Connections"
                } else {
                    "An admin of the tenant gives it on the page of servers"
                };
                Some(format!("The server “{server}” is not there: it needs an authorisation. {who}."))
            }
            Some(fault) => Some(format!("The server “{server}” is not there. {fault}")),
            None if is_asked && entry.listing.is_none() => Some(format!("The server “{server}” takes too long.")),
            None => None,
        }
    }
}
