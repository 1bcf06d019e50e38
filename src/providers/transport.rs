//! The one way to model APIs: a client, a request, a stream of decoded events.

use std::{time::Duration, vec};

use futures_util::{StreamExt, stream};
use reqwest::{
    Client, RequestBuilder, Response,
    header::{CONTENT_TYPE, HeaderMap},
    redirect::Policy,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};
use tokio_util::task::AbortOnDropHandle;

use crate::telemetry;

use super::{
    ModelEvent, ProviderError, ProviderErrorKind, ReplyStream,
    pace::Pace,
    wire::{MAX_EVENT_BYTES, lenient_json},
};

/// The most bytes of a whole reply, framing included. The output limit ends real replies far below it.
const MAX_REPLY_BYTES: usize = 128 * 1024 * 1024;

/// The most bytes that are read of the body of an error.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// How long a finished reply's connection may take to end in order, so that it can be used again.
const DRAIN: Duration = Duration::from_millis(200);

/// How long to wait for a model API.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For the first byte of an answer, and from each to the next. A local model may load for minutes, and a
    /// model may think for long without a word.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), idle: Duration::from_secs(300) }
    }
}

/// How long the connection's task may take to hand over the next chunk of what has come: it gives one at a time, on another
/// thread perhaps.
const MOMENT: Duration = Duration::from_millis(1);

/// How much may be taken together before it is passed on, and for how long.
const GATHERED_BYTES: usize = 64 * 1024;
const GATHERED_TIME: Duration = Duration::from_millis(20);

/// So many chunks within that time, or more, have come before: no model writes 1,500 a second.
const FLOOD: usize = 30;

/// A client for model APIs: rustls with ring, the system's certificates, the proxy of the environment
/// (`HTTPS_PROXY`, `NO_PROXY`). It follows no redirect: that would take the key to another host.
///
/// Fails if no certificate authorities can be found.
pub fn http_client(timeouts: Timeouts) -> reqwest::Result<Client> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Another thread may be first; one is as good as the other.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    Client::builder()
        .connect_timeout(timeouts.connect)
        .read_timeout(timeouts.idle)
        .redirect(Policy::none())
        .user_agent(concat!("sayso/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Turns the bytes of a reply into events. It does no I/O.
pub trait Decode: Send + 'static {
    /// Takes more bytes and appends what they tell to `events`; so does an error to what came before it.
    fn push(&mut self, bytes: &[u8], events: &mut Vec<ModelEvent>) -> Result<(), ProviderError>;

    /// The bytes are over: appends what is left, or says that the reply was cut off.
    fn finish(&mut self, events: &mut Vec<ModelEvent>) -> Result<(), ProviderError>;

    /// Whether the reply is whole; nothing after it is read.
    fn is_done(&self) -> bool;
}

/// Sends a request. Any HTTP status is an answer. What somebody asked for is logged with the id that the provider gave
/// its answer: by it the provider finds it.
pub(super) async fn send(provider: &'static str, request: RequestBuilder) -> Result<Response, ProviderError> {
    let answer = request.send().await.map_err(|error| ProviderError::of_connection(provider, error, false))?;
    if telemetry::request_id().is_some() {
        let provider_request_id = id_of(answer.headers());
        tracing::info!(provider, status = answer.status().as_u16(), provider_request_id, "a provider answered");
    }
    Ok(answer)
}

/// The headers in which providers, and who stands before them, name a request; the first that is there counts.
const ID_HEADERS: [&str; 5] = ["x-request-id", "request-id", "x-litellm-call-id", "x-amzn-requestid", "cf-ray"];

/// The longest id that is logged.
const MAX_ID_BYTES: usize = 200;

fn id_of(headers: &HeaderMap) -> Option<&str> {
    let mut ids = ID_HEADERS.iter().filter_map(|name| headers.get(*name)?.to_str().ok());
    ids.find(|id| (1..=MAX_ID_BYTES).contains(&id.len()))
}

/// The first bytes of the body of an error; what could be read of it.
pub(super) async fn error_body(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < MAX_ERROR_BYTES
        && let Ok(Some(bytes)) = response.chunk().await
    {
        body.extend_from_slice(&bytes);
    }
    body.truncate(MAX_ERROR_BYTES);
    body
}

/// An answer that is one JSON text.
pub(super) async fn json(provider: &'static str, mut response: Response) -> Result<Value, ProviderError> {
    let mut body = Vec::new();
    let failed = |error| ProviderError::of_connection(provider, error, false);
    while let Some(bytes) = response.chunk().await.map_err(failed)? {
        body.extend_from_slice(&bytes);
        if body.len() > MAX_EVENT_BYTES {
            return Err(ProviderError::new(ProviderErrorKind::InvalidResponse, provider, "an answer without end"));
        }
    }
    lenient_json(&String::from_utf8_lossy(&body))
        .ok_or_else(|| ProviderError::new(ProviderErrorKind::InvalidResponse, provider, "an answer that is no JSON"))
}

/// Whether an answer is a page for people: a proxy's or a hotel's, and no model's.
pub(super) fn is_page(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.unwrap_or_default().to_ascii_lowercase().contains("html")
}

/// What was read of a reply at once, joined.
type Batch = Vec<Result<ModelEvent, ProviderError>>;

/// The reply as it comes, read by a task of its own: what a token costs until it is taken together with others must not be
/// paid by all that a turn is made of. `secret` is taken out of errors.
pub(super) fn reply(
    provider: &'static str,
    response: Response,
    decoder: impl Decode,
    secret: SecretString,
) -> ReplyStream {
    let reading = Reading { provider, response, decoder, secret, is_over: false, received: 0, pace: Pace::new() };
    let (batches, read) = mpsc::channel(1);
    let task = AbortOnDropHandle::new(tokio::spawn(reading.run(batches)));
    let reply = Reply { batch: Vec::new().into_iter(), read, task };
    stream::unfold(Some(reply), |reply| async move {
        let mut reply = reply?;
        loop {
            if let Some(event) = reply.batch.next() {
                return Some((event, Some(reply)));
            }
            match reply.read.recv().await {
                Some(batch) => reply.batch = batch.into_iter(),
                None => {
                    // It only drains its connection now, for a moment.
                    drop(reply.task.detach());
                    return None;
                }
            }
        }
    })
    .boxed()
}

/// A reply on its way to who reads it. Dropping it ends the task, and with it the connection.
struct Reply {
    batch: vec::IntoIter<Result<ModelEvent, ProviderError>>,
    read: mpsc::Receiver<Batch>,
    task: AbortOnDropHandle<()>,
}

struct Reading<D> {
    provider: &'static str,
    response: Response,
    decoder: D,
    secret: SecretString,
    /// Nothing more is read.
    is_over: bool,
    /// Bytes of the body so far.
    received: usize,
    pace: Pace,
}

impl<D: Decode> Reading<D> {
    async fn run(mut self, batches: mpsc::Sender<Batch>) {
        while !self.is_over {
            let batch = self.read().await;
            if batches.send(batch).await.is_err() {
                return;
            }
        }
        drop(batches);
        if self.decoder.is_done() {
            let rest = async { while matches!(self.response.chunk().await, Ok(Some(_))) {} };
            let _ = timeout(DRAIN, rest).await;
        }
    }

    /// Reads what has come since the last words, or waits for something to come.
    async fn read(&mut self) -> Batch {
        self.pace.wait().await;
        let (mut events, mut has_more) = (Vec::new(), false);
        let chunk = self.response.chunk().await;
        let mut read = self.take(chunk, &mut events);
        // The first words wait for nothing.
        if read.is_ok() && !self.is_over && self.pace.has_begun() {
            self.pace.hold().await;
            read = self.gather(&mut events).await.map(|more| has_more = more);
        }
        let words = events.iter().filter(|event| !matches!(event, ModelEvent::Model(_) | ModelEvent::Usage(_)));
        self.pace.took(words.count(), has_more);
        let mut batch = joined(events);
        if let Err(error) = read {
            self.is_over = true;
            batch.push(Err(error.without(self.secret.expose_secret())));
        }
        batch
    }

    /// Takes what else has come; whether it stopped before all of it was there.
    async fn gather(&mut self, events: &mut Vec<ModelEvent>) -> Result<bool, ProviderError> {
        let (enough, end) = (self.received + GATHERED_BYTES, Instant::now() + GATHERED_TIME);
        let mut chunks = 0;
        while !self.is_over {
            if self.received >= enough {
                return Ok(true);
            }
            if Instant::now() >= end {
                return Ok(chunks >= FLOOD);
            }
            match timeout(MOMENT, self.response.chunk()).await {
                Ok(chunk) => self.take(chunk, events)?,
                Err(_nothing_came) => break,
            }
            chunks += 1;
        }
        Ok(false)
    }

    fn take(
        &mut self,
        chunk: reqwest::Result<Option<bytes::Bytes>>,
        events: &mut Vec<ModelEvent>,
    ) -> Result<(), ProviderError> {
        match chunk {
            Ok(Some(bytes)) => {
                self.received += bytes.len();
                if self.received > MAX_REPLY_BYTES {
                    let message = "the reply is longer than any reply may be";
                    Err(ProviderError::new(ProviderErrorKind::InvalidResponse, self.provider, message))
                } else {
                    self.decoder.push(&bytes, events).inspect(|()| self.is_over = self.decoder.is_done())
                }
            }
            Ok(None) if self.received == 0 => {
                let message = "an answer without a body";
                Err(ProviderError::new(ProviderErrorKind::Unavailable, self.provider, message))
            }
            Ok(None) => self.decoder.finish(events).inspect(|()| self.is_over = true),
            // A server that breaks off after it said why the model ended has given all of it.
            Err(_) if self.received > 0 && self.decoder.finish(events).is_ok() => {
                self.is_over = true;
                Ok(())
            }
            Err(error) => Err(ProviderError::of_connection(self.provider, error, self.received > 0)),
        }
    }
}

/// Words that came together go on together: what follows costs by how often a reply is read.
fn joined(events: Vec<ModelEvent>) -> Batch {
    let mut batch: Batch = Vec::new();
    for event in events {
        match (batch.last_mut(), event) {
            (Some(Ok(ModelEvent::Text { block, text })), ModelEvent::Text { block: of, text: more })
            | (Some(Ok(ModelEvent::Thinking { block, text })), ModelEvent::Thinking { block: of, text: more })
                if *block == of =>
            {
                text.push_str(&more);
            }
            (_, event) => batch.push(Ok(event)),
        }
    }
    batch
}

#[cfg(test)]
#[path = "transport_tests.rs"]
mod tests;
