//! Names into addresses, each of which is looked at before it is connected to.

use std::{io, net::IpAddr, net::SocketAddr, sync::Arc};

use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{address::Judge, policy::Policy};

/// Who knows the addresses of a name.
pub trait Names: Send + Sync + 'static {
    /// All addresses of the name, as of now.
    fn addresses(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug)]
pub struct SystemNames;

impl Names for SystemNames {
    fn addresses(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let name = name.to_owned();
        async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.map(|found| found.ip()).collect()) }.boxed()
    }
}

/// Why a name gives no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NameFault {
    #[error("the name {0} has no address")]
    Unknown(String),
    #[error("the name {0} has an address that is out of reach")]
    OutOfReach(String),
}

/// Resolves for the HTTP client. It is asked once for each connection, and what it answers is what is connected to:
/// between looking and connecting nobody can change the name.
#[derive(Clone)]
pub(super) struct CheckedNames {
    pub names: Arc<dyn Names>,
    pub judge: Judge,
    pub policy: Policy,
}

impl CheckedNames {
    /// The addresses of the name, if every one of them is within reach. One that is not spoils the others: a name
    /// that is public and private at once was made to get past somebody.
    pub async fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, NameFault> {
        let found = self.names.addresses(name).await.unwrap_or_default();
        if found.is_empty() {
            return Err(NameFault::Unknown(name.to_owned()));
        }
        if !found.iter().all(|address| self.policy.reaches((self.judge)(*address))) {
            return Err(NameFault::OutOfReach(name.to_owned()));
        }
        Ok(found)
    }
}

impl Resolve for CheckedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let checked = self.clone();
        async move {
            let found = CheckedNames::resolve(&checked, name.as_str()).await?;
            // The client puts the address's own port in place of 0.
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        }
        .boxed()
    }
}
