//! Where an authorisation plugs in.

use futures_util::future::BoxFuture;
use secrecy::ExposeSecret as _;
use url::Url;
use uuid::Uuid;

use super::{ConnectionKey, Secret};

/// What a request is sent with.
#[derive(Clone, Debug)]
pub struct Token {
    /// The token.
    pub secret: Secret,
    /// Of which authorisation: what was begun as one is not gone on with as another.
    pub authorisation: Uuid,
}

impl Token {
    /// A token of the only authorisation there is.
    pub fn new(secret: Secret) -> Self {
        Self { secret, authorisation: Uuid::nil() }
    }

    /// Whether it is this very token.
    pub fn is(&self, secret: &Secret) -> bool {
        self.secret.expose_secret() == secret.expose_secret()
    }
}

/// Who holds the tokens of connections. What it gives is sent to the server's own origin and nowhere else.
pub trait Tokens: Send + Sync + 'static {
    /// The token to be sent to that address, refreshed if that is due; asked before each request.
    ///
    /// # Errors
    /// In words, when there is one that cannot be had just now: then nothing is sent.
    fn get<'a>(&'a self, key: &'a ConnectionKey, url: &'a Url) -> BoxFuture<'a, Result<Option<Token>, String>>;

    /// The server did not take what was sent (or nothing was): its challenge says what it wants.
    fn refused<'a>(
        &'a self,
        key: &'a ConnectionKey,
        url: &'a Url,
        sent: Option<&'a Token>,
        challenge: &'a str,
    ) -> BoxFuture<'a, ()>;
}

/// Nobody is authorised anywhere.
#[derive(Clone, Copy, Debug)]
pub struct NoTokens;

impl Tokens for NoTokens {
    fn get<'a>(&'a self, _key: &'a ConnectionKey, _url: &'a Url) -> BoxFuture<'a, Result<Option<Token>, String>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    fn refused<'a>(
        &'a self,
        _key: &'a ConnectionKey,
        _url: &'a Url,
        _sent: Option<&'a Token>,
        _challenge: &'a str,
    ) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}
