//! The tokens of tenants and people, kept sealed in the database, and got anew when they are about to end.
//!
//! The attacks meant: a token in the wrong hands (it is sealed, bound to its holder and the server's address, and never
//! logged) and one that goes to the wrong server or authorisation server. A refresh token may be good only once, and
//! many requests on several instances find it due at once: one claims it in the database, the others read what came of it.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use tokio::{runtime::Handle, sync::Mutex, time::Instant};
use tokio_util::task::TaskTracker;
use url::Url;

use super::{Authorised, ConnectionKey, OAuthFault, Token, Tokens, fault::parameter};
use crate::{
    db::Database,
    error::{Error, Result},
    models::{
        audit::{Act, Actor, Auditor},
        mcp_token::{self, Holder, McpToken},
        sealed::Sealer,
    },
    tools::net::Guard,
};

/// How long somebody may refresh a token before others think that they died: longer than that takes at most.
const CLAIMED: TimeDelta = TimeDelta::seconds(75);
/// How often one looks whether another instance is done, and for how long.
const LOOK: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(80);
/// A token that was just got and is refused will not be better for being got once more.
const FRESH: TimeDelta = TimeDelta::seconds(60);
/// How many connections may look after their tokens at once here.
const STRIPES: usize = 64;
/// How long what was begun may take to end when all is closed.
const ENDING: Duration = Duration::from_secs(5);
/// The most tokens that are taken back at their authorisation servers at once.
const MOST_REVOKED: usize = 100;

/// What holds the tokens. Cheap to clone; what it starts ends with [`Authorisations::close`].
#[derive(Clone)]
pub struct Authorisations {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub db: Database,
    pub sealer: Sealer,
    pub guard: Guard,
    pub allow_private: bool,
    auditor: Auditor,
    handle: Handle,
    tasks: TaskTracker,
    stripes: Vec<Mutex<()>>,
}

/// What is known of an authorisation without opening it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Who gave it; empty where the server is its own authorisation server.
    pub issuer: String,
    /// Whether the server asked for more than it allows.
    pub wants_more: bool,
    /// What the server asked for.
    pub challenge: String,
}

/// How getting a token anew ended.
enum Refreshed {
    /// The row says.
    Done,
    /// Another instance is at it.
    Elsewhere,
    /// It could not be got just now.
    Failed(String),
}

impl Authorisations {
    /// Over this database. To be called on the runtime that shall own what is started. `allow_private` is
    /// `FETCH_ALLOW_PRIVATE`.
    pub fn new(db: Database, sealer: Sealer, auditor: Auditor, guard: Guard, allow_private: bool) -> Self {
        let stripes = std::iter::repeat_with(Mutex::default).take(STRIPES).collect();
        let (handle, tasks) = (Handle::current(), TaskTracker::new());
        Self { inner: Arc::new(Inner { db, sealer, guard, allow_private, auditor, handle, tasks, stripes }) }
    }

    /// What there is for a connection, if it is good for that address.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn given(&self, key: &ConnectionKey, url: &Url) -> Result<Option<Given>> {
        let row = mcp_token::find(&mut *self.inner.db.read(key.tenant).await?, holder(key)).await?;
        Ok(row.filter(|row| self.open(row, url).is_some()).map(|row| Given {
            issuer: row.issuer,
            wants_more: row.challenge.is_some(),
            challenge: row.challenge.unwrap_or_default(),
        }))
    }

    /// Takes tokens back at their authorisation servers, in the background and as far as those offer it.
    pub fn revoke(&self, rows: Vec<McpToken>, url: &Url) {
        let opened = rows.iter().take(MOST_REVOKED).filter_map(|row| self.open(row, url));
        let opened: Vec<Authorised> = opened.collect();
        let inner = Arc::clone(&self.inner);
        self.inner.tasks.spawn_on(
            async move {
                for authorised in opened {
                    authorised.revoke(&inner.guard, inner.allow_private).await;
                }
            },
            &self.inner.handle,
        );
    }

    /// Waits for what was begun, for a while.
    pub async fn close(&self) {
        self.inner.tasks.close();
        let _ = tokio::time::timeout(ENDING, self.inner.tasks.wait()).await;
    }

    /// What was given, for this address; nothing with another key, or if the row was changed or the server moved.
    pub(super) fn open(&self, row: &McpToken, url: &Url) -> Option<Authorised> {
        Authorised::from_text(&row.open(&self.inner.sealer, url.as_str()).ok()?, url)
    }

    async fn good(&self, key: &ConnectionKey, url: &Url) -> Result<Option<Token>, String> {
        let fault = |error: Error| {
            tracing::error!(%error, server = %key.server, "an authorisation cannot be read");
            "The authorisation cannot be read.".to_owned()
        };
        let began = Instant::now();
        // One that lasts no longer than the margin is always due: what was just got is sent nevertheless.
        let (mut turn, mut is_renewed) = (None, false);
        loop {
            let mut conn = self.inner.db.read(key.tenant).await.map_err(fault)?;
            let row = mcp_token::find(&mut conn, holder(key)).await.map_err(fault)?;
            drop(conn);
            let Some(row) = row else { return Ok(None) };
            let Some(authorised) = self.open(&row, url) else { return Ok(None) };
            let token = || authorised.current().map(|secret| Token { secret, authorisation: row.id.0 });
            if !row.is_refused && (is_renewed || !authorised.is_due()) {
                return Ok(token());
            }
            if !authorised.can_refresh() || (row.is_refused && row.age() < FRESH) {
                return Ok(token().filter(|_| !row.is_refused && !authorised.is_over()));
            }
            // Whoever waited here finds what came of it.
            if turn.is_none() {
                turn = Some(self.stripe(key).lock().await);
                continue;
            }
            let is_good = !row.is_refused && !authorised.is_over();
            let still = token().filter(|_| is_good);
            match self.refreshed(&row, key, url, authorised).await {
                Refreshed::Done => is_renewed = true,
                Refreshed::Failed(_) | Refreshed::Elsewhere if still.is_some() => return Ok(still),
                Refreshed::Failed(words) => return Err(format!("The authorisation could not be renewed. {words}")),
                Refreshed::Elsewhere if began.elapsed() < PATIENCE => tokio::time::sleep(LOOK).await,
                Refreshed::Elsewhere => return Err("The authorisation takes too long to be renewed.".to_owned()),
            }
        }
    }

    fn stripe(&self, key: &ConnectionKey) -> &Mutex<()> {
        use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(key);
        let at = usize::try_from(hash % (STRIPES as u64)).unwrap_or_default();
        #[allow(clippy::indexing_slicing, reason = "there are as many as the remainder can be")]
        &self.inner.stripes[at]
    }

    /// Gets a token anew, if nobody else is at it.
    async fn refreshed(&self, row: &McpToken, key: &ConnectionKey, url: &Url, authorised: Authorised) -> Refreshed {
        self.inner.refresh(row, key, url, authorised).await.unwrap_or_else(|error| {
            tracing::error!(%error, server = %key.server, "an authorisation cannot be kept");
            Refreshed::Failed("It cannot be kept.".to_owned())
        })
    }
}

impl Inner {
    async fn refresh(
        &self,
        row: &McpToken,
        key: &ConnectionKey,
        url: &Url,
        mut authorised: Authorised,
    ) -> Result<Refreshed> {
        let mut tx = self.db.write(key.tenant).await?;
        if !mcp_token::claim(&mut tx, row, CLAIMED).await? {
            return Ok(Refreshed::Elsewhere);
        }
        tx.commit().await?;
        let refreshed = authorised.refresh(&self.guard, self.allow_private).await;
        let mut tx = self.db.write(key.tenant).await?;
        let ended = match refreshed {
            Ok(()) => {
                let sealed = row.seal(&self.sealer, url.as_str(), &authorised.to_text())?;
                mcp_token::release(&mut tx, row, Some(&sealed)).await?;
                Refreshed::Done
            }
            Err(OAuthFault::Again) => {
                tracing::info!(server = %key.server, "an authorisation was not renewed; it has to be given again");
                if mcp_token::delete(&mut tx, row).await? {
                    let act = Act {
                        actor: Actor::Nobody,
                        address: "",
                        action: "mcp_authorisation_lost",
                        object: format!("mcp_server:{}", key.server),
                        target: Some(&row.issuer),
                        digest: None,
                        details: if row.user_id.is_some() { "of a person" } else { "of the tenant" },
                    };
                    self.auditor.append(&mut tx, key.tenant, act).await?;
                }
                Refreshed::Done
            }
            Err(OAuthFault::Failed(words)) => {
                mcp_token::release(&mut tx, row, None).await?;
                Refreshed::Failed(words)
            }
        };
        tx.commit().await?;
        Ok(ended)
    }

    async fn note(
        &self,
        this: &Authorisations,
        key: &ConnectionKey,
        url: &Url,
        sent: &Token,
        challenge: &str,
    ) -> Result<()> {
        let mut tx = self.db.write(key.tenant).await?;
        let Some(row) = mcp_token::find(&mut tx, holder(key)).await? else { return Ok(()) };
        let current = this.open(&row, url).and_then(|authorised| authorised.current());
        // Another one has come since: nobody refused that.
        if row.id.0 != sent.authorisation || !current.is_some_and(|current| sent.is(&current)) {
            return Ok(());
        }
        let wants_more = parameter(challenge, "error").is_some_and(|error| error == "insufficient_scope");
        let kept = if wants_more { Some(super::words::bounded(challenge, 4096)) } else { row.challenge.clone() };
        mcp_token::note(&mut tx, &row, row.is_refused || !wants_more, kept.as_deref()).await?;
        tx.commit().await
    }
}

/// Whose token a connection has.
pub(super) fn holder(key: &ConnectionKey) -> Holder<'_> {
    Holder { tenant: key.tenant, server: key.server.as_str(), user: key.user }
}

/// Both go on in tasks of their own: whoever asked may leave, and what came is kept. And the protocol's library may let a
/// request wait half way while it does another; what holds a connection of the database, or the turn to renew a token, must
/// not wait for that.
impl Tokens for Authorisations {
    fn get<'a>(&'a self, key: &'a ConnectionKey, url: &'a Url) -> BoxFuture<'a, Result<Option<Token>, String>> {
        let (this, key, url) = (self.clone(), key.clone(), url.clone());
        let work = async move { this.good(&key, &url).await };
        let task = self.inner.tasks.spawn_on(work, &self.inner.handle);
        Box::pin(async move { task.await.unwrap_or_else(|_| Err("Sayso is being stopped.".to_owned())) })
    }

    fn refused<'a>(
        &'a self,
        key: &'a ConnectionKey,
        url: &'a Url,
        sent: Option<&'a Token>,
        challenge: &'a str,
    ) -> BoxFuture<'a, ()> {
        let Some(sent) = sent.cloned() else { return Box::pin(std::future::ready(())) };
        let (this, key, url, challenge) = (self.clone(), key.clone(), url.clone(), challenge.to_owned());
        let work = async move {
            if let Err(error) = this.inner.note(&this, &key, &url, &sent, &challenge).await {
                tracing::error!(%error, server = %key.server, "what a server refused cannot be noted");
            }
        };
        let task = self.inner.tasks.spawn_on(work, &self.inner.handle);
        Box::pin(async move {
            // Its own fault is logged; there is nothing to be told.
            let _ = task.await;
        })
    }
}
