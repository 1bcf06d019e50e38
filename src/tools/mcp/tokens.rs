//! Where an authorisation plugs in.

use futures_util::future::BoxFuture;

use super::{ConnectionKey, Secret};

/// Who holds the tokens of connections. What it gives is sent to the server's own origin and nowhere else.
pub trait Tokens: Send + Sync + 'static {
    /// The token to be sent with each request of a connection, refreshed if that is due; asked before each
    /// connection is made.
    fn get<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Option<Secret>>;

    /// The server did not take what was sent (or nothing was): its challenge says what it wants.
    fn refused<'a>(&'a self, key: &'a ConnectionKey, challenge: &'a str) -> BoxFuture<'a, ()>;
}

/// Nobody is authorised anywhere.
#[derive(Clone, Copy, Debug)]
pub struct NoTokens;

impl Tokens for NoTokens {
    fn get<'a>(&'a self, _key: &'a ConnectionKey) -> BoxFuture<'a, Option<Secret>> {
        Box::pin(std::future::ready(None))
    }

    fn refused<'a>(&'a self, _key: &'a ConnectionKey, _challenge: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}
