//! The one HTTP client for what tools ask of the network: pages, searches, and whatever else has an address that a
//! person, a model or an admin wrote.
//!
//! The attack meant is the request that goes elsewhere than was agreed to: into the private network, to the cloud's
//! metadata, to another host by a redirect, or to another address than was looked at because the name changed in
//! between. So each hop is looked at anew, and the addresses that were looked at are the ones connected to. Proxies
//! of the environment are not used: they would connect on our behalf, with addresses of their own. And what comes back
//! is bounded in time and, unpacked, in size.

pub mod address;
pub mod names;
pub mod policy;

mod body;
mod visit;

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;

use std::{
    error::Error as _,
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::{Client, ClientBuilder};
use url::{Host, Url};

use self::{
    address::{Judge, judge},
    names::{CheckedNames, NameFault, Names, SystemNames},
};
use super::ToolError;

pub use policy::{Granted, Policy, host_of, origin_of, parse};
pub use visit::{Answer, Step, Visit};

/// How long a connection may take, the resolving of the name and the handshake included.
const CONNECT: Duration = Duration::from_secs(10);

/// The most redirects within an origin.
const MAX_WITHIN: usize = 3;

/// What a request may cost.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// When everything must be over, redirects and the body included.
    pub deadline: Instant,
    /// How long each server may take to begin its answer.
    pub first_byte: Duration,
    /// The most bytes of a body, unpacked.
    pub bytes: usize,
}

impl Budget {
    /// From now on.
    pub fn new(whole: Duration, first_byte: Duration, bytes: usize) -> Self {
        Self { deadline: Instant::now() + whole, first_byte, bytes }
    }

    /// The same, but over after this time at the latest.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        Self { deadline: self.deadline.min(Instant::now() + time), ..self }
    }

    /// The same with another size.
    #[must_use]
    pub fn of_bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }
}

/// The guarded client. Cheap to clone.
#[derive(Clone)]
pub struct Guard {
    inner: Arc<Inner>,
}

struct Inner {
    public: Client,
    private: Client,
    names: Arc<dyn Names>,
    judge: Judge,
    user_agent: String,
}

/// What all clients have in common.
fn builder(user_agent: &str, names: Arc<dyn Names>, judge: Judge, policy: Policy) -> ClientBuilder {
    Client::builder()
        .dns_resolver(CheckedNames { names, judge, policy })
        .no_proxy()
        .referer(false)
        // Each request connects, so that each is looked at.
        .pool_max_idle_per_host(0)
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT)
        .user_agent(user_agent)
}

impl Guard {
    /// Over the system's resolver. `user_agent` is what servers are told.
    ///
    /// # Errors
    /// When no certificate authorities can be found.
    pub fn new(user_agent: &str) -> reqwest::Result<Self> {
        Self::over(user_agent, Arc::new(SystemNames), judge)
    }

    /// Over other names and another judge.
    pub(crate) fn over(user_agent: &str, names: Arc<dyn Names>, judge: Judge) -> reqwest::Result<Self> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Another thread may be first; one is as good as the other.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let client = |allow_private| {
            let policy = Policy { allow_private, ..Policy::default() };
            builder(user_agent, Arc::clone(&names), judge, policy).redirect(reqwest::redirect::Policy::none()).build()
        };
        let (public, private) = (client(false)?, client(true)?);
        let user_agent = user_agent.to_owned();
        Ok(Self { inner: Arc::new(Inner { public, private, names, judge, user_agent }) })
    }

    /// Looks at an address without asking anybody anything, the resolver included: a name alone can carry a secret
    /// out. For previews.
    ///
    /// # Errors
    /// `tool_error` with words for the model.
    pub fn check(&self, address: &Url, policy: &Policy) -> Result<(), ToolError> {
        policy.check(address, self.inner.judge)
    }

    /// Looks at an address that somebody else is to ask for us: at its name's addresses as well.
    ///
    /// # Errors
    /// As `check`; `tool_timeout`.
    pub async fn check_resolved(&self, address: &Url, policy: &Policy, budget: Budget) -> Result<(), ToolError> {
        self.check(address, policy)?;
        let Some(Host::Domain(name)) = address.host() else { return Ok(()) };
        let (names, judge, policy) = (Arc::clone(&self.inner.names), self.inner.judge, policy.clone());
        let checked = CheckedNames { names, judge, policy };
        let resolved = tokio::time::timeout_at(budget.deadline.into(), checked.resolve(name)).await;
        resolved.map_err(|_| too_slow())?.map(|_| ()).map_err(|fault| of_name(&fault))
    }

    /// The client itself, for libraries that speak a protocol of their own over it. It follows no redirect, and each
    /// name is looked at as it is resolved. Numbers are not: `check` the address first.
    pub fn client(&self, allow_private: bool) -> &Client {
        if allow_private { &self.inner.private } else { &self.inner.public }
    }

    /// A client of its own for a protocol whose servers may move within their origin: a redirect there is followed if
    /// it keeps method and body, and no other is. As with `client`, `check` the address first.
    ///
    /// # Errors
    /// When no certificate authorities can be found.
    pub fn within_origin(&self, allow_private: bool) -> reqwest::Result<Client> {
        let policy = Policy { allow_private, ..Policy::default() };
        let redirects = reqwest::redirect::Policy::custom(|attempt| {
            let keeps = matches!(attempt.status().as_u16(), 307 | 308);
            let stays = attempt.previous().iter().all(|before| before.origin() == attempt.url().origin());
            if keeps && stays && attempt.previous().len() <= MAX_WITHIN { attempt.follow() } else { attempt.stop() }
        });
        builder(&self.inner.user_agent, Arc::clone(&self.inner.names), self.inner.judge, policy)
            .redirect(redirects)
            .build()
    }

    /// A visit that begins at this address.
    pub fn get(&self, address: Url, policy: Policy, budget: Budget) -> Visit {
        Visit::new(self.clone(), address, policy, budget)
    }
}

/// A refusal by what is asked.
fn refused(why: impl Into<String>) -> ToolError {
    ToolError::new("tool_error", why)
}

fn too_slow() -> ToolError {
    ToolError::new("tool_timeout", "The server took too long.")
}

fn of_name(fault: &NameFault) -> ToolError {
    match fault {
        NameFault::Unknown(name) => refused(format!("The name {name} is not known.")),
        NameFault::OutOfReach(name) => policy::out_of_reach(name),
    }
}

/// What a fault of the connection is called, for those who ask through a client of ours. Addresses stay out of it.
pub(super) fn words(error: &reqwest::Error) -> String {
    of_connection(error).message
}

/// What a fault of the connection is called. Addresses stay out of it.
fn of_connection(error: &reqwest::Error) -> ToolError {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(fault) = cause.downcast_ref::<NameFault>() {
            return of_name(fault);
        }
        source = cause.source();
    }
    match error {
        error if error.is_timeout() => too_slow(),
        error if error.is_connect() => refused("The server cannot be reached."),
        error if error.is_body() || error.is_decode() => refused("The connection broke in the middle of the answer."),
        _ => refused("The server did not answer as HTTP asks for."),
    }
}
