//! Requests to a server, each with the token that is good when it is sent.
//!
//! The attacks meant: a session that was begun as one and is gone on with as another, whose results would come to
//! the wrong people; and a token that is sent beside what an operator wrote as a header. A token is got anew without
//! breaking the connection; a request that was refused is not sent again here.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::stream::BoxStream;
use http::{HeaderName, HeaderValue};
use rmcp::{
    model::ClientJsonRpcMessage,
    transport::streamable_http_client::{StreamableHttpClient, StreamableHttpError, StreamableHttpPostResponse},
};
use secrecy::ExposeSecret as _;
use sse_stream::{Error as SseError, Sse};
use url::Url;
use uuid::Uuid;

use super::{ConnectionKey, Token, Tokens};

/// Why a request was not sent.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unsent(pub String);

type Fault = StreamableHttpError<reqwest::Error>;

/// The client of one connection. Cheap to clone.
#[derive(Clone)]
pub(super) struct Bearer {
    client: reqwest::Client,
    holder: Option<Arc<Holder>>,
}

struct Holder {
    tokens: Arc<dyn Tokens>,
    key: ConnectionKey,
    url: Url,
    /// As whom the connection was begun.
    begun: Mutex<Option<Option<Uuid>>>,
}

impl Bearer {
    /// Whose requests carry what is held for this connection.
    pub fn new(client: reqwest::Client, tokens: Arc<dyn Tokens>, key: ConnectionKey, url: Url) -> Self {
        let holder = Holder { tokens, key, url, begun: Mutex::default() };
        Self { client, holder: Some(Arc::new(holder)) }
    }

    /// Whose requests carry the headers that were written for them, and nothing else.
    pub fn without(client: reqwest::Client) -> Self {
        Self { client, holder: None }
    }

    async fn token(&self) -> Result<Option<Token>, Fault> {
        let Some(holder) = &self.holder else { return Ok(None) };
        let unsent = |words: String| Fault::Io(io::Error::other(Unsent(words)));
        let token = holder.tokens.get(&holder.key, &holder.url).await.map_err(unsent)?;
        let now = token.as_ref().map(|token| token.authorisation);
        let mut begun = holder.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if *begun.get_or_insert(now) == now {
            Ok(token)
        } else {
            Err(unsent("The authorisation is another one now; the connection is made anew.".to_owned()))
        }
    }

    async fn taken<T>(&self, sent: Option<&Token>, answer: Result<T, Fault>) -> Result<T, Fault> {
        if let (Some(holder), Err(fault)) = (&self.holder, &answer)
            && let Some(challenge) = fault.auth_challenge()
        {
            holder.tokens.refused(&holder.key, &holder.url, sent, challenge).await;
        }
        answer
    }
}

/// As it stands in the header.
fn plain(token: Option<&Token>) -> Option<String> {
    token.map(|token| token.secret.expose_secret().to_owned())
}

impl StreamableHttpClient for Bearer {
    type Error = reqwest::Error;

    async fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        _auth_header: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, Fault> {
        let token = self.token().await?;
        let sent = self.client.post_message(uri, message, session_id, plain(token.as_ref()), headers).await;
        self.taken(token.as_ref(), sent).await
    }

    async fn post_message_with_max_sse_event_size(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        _auth_header: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
        most: usize,
    ) -> Result<StreamableHttpPostResponse, Fault> {
        let token = self.token().await?;
        let plain = plain(token.as_ref());
        let sent =
            self.client.post_message_with_max_sse_event_size(uri, message, session_id, plain, headers, most).await;
        self.taken(token.as_ref(), sent).await
    }

    async fn delete_session(
        &self,
        uri: Arc<str>,
        session_id: Arc<str>,
        _auth_header: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<(), Fault> {
        let token = self.token().await?;
        self.client.delete_session(uri, session_id, plain(token.as_ref()), headers).await
    }

    async fn get_stream(
        &self,
        uri: Arc<str>,
        session_id: Option<Arc<str>>,
        last_event_id: Option<String>,
        _auth_header: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<BoxStream<'static, Result<Sse, SseError>>, Fault> {
        let token = self.token().await?;
        let plain = plain(token.as_ref());
        self.client.get_stream(uri, session_id, last_event_id, plain, headers).await
    }

    async fn get_stream_with_max_sse_event_size(
        &self,
        uri: Arc<str>,
        session_id: Option<Arc<str>>,
        last_event_id: Option<String>,
        _auth_header: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
        most: usize,
    ) -> Result<BoxStream<'static, Result<Sse, SseError>>, Fault> {
        let token = self.token().await?;
        let plain = plain(token.as_ref());
        self.client.get_stream_with_max_sse_event_size(uri, session_id, last_event_id, plain, headers, most).await
    }
}
