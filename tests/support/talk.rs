//! A JSON socket, opened by a script or by a page.

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt, stream::SplitSink};
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use super::{
    Script, eventually,
    tls::{self, Wire},
};

#[derive(Default)]
struct Heard {
    messages: Vec<Value>,
    pongs: usize,
    closed: Option<u16>,
}

/// An open JSON socket that gathers what it is told.
pub struct Talk {
    heard: Arc<Mutex<Heard>>,
    mouth: SplitSink<WebSocketStream<Box<dyn Wire>>, Message>,
    ears: JoinHandle<()>,
    /// The protocol that the server chose.
    pub protocol: Option<String>,
}

/// A socket that nobody reads yet; the status of a refused handshake otherwise.
pub async fn connect(
    base: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Result<(WebSocketStream<Box<dyn Wire>>, Option<String>), u16> {
    let address = format!("{}{path}", base.replacen("http", "ws", 1));
    let mut request = address.as_str().into_client_request().unwrap();
    for (name, value) in headers {
        let name: reqwest::header::HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, value.parse().unwrap());
    }
    match client_async(request, tls::dial(&address).await).await {
        Ok((socket, answer)) => {
            let protocol = answer.headers().get("sec-websocket-protocol");
            Ok((socket, protocol.map(|name| name.to_str().unwrap().to_owned())))
        }
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(fault) => panic!("no socket: {fault}"),
    }
}

impl Talk {
    /// Opens one with these headers.
    pub async fn with(base: &str, path: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let (socket, protocol) = connect(base, path, headers).await?;
        let (mouth, mut socket) = socket.split();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let notes = heard.clone();
        let ears = tokio::spawn(async move {
            let mut code = 1006;
            while let Some(Ok(message)) = socket.next().await {
                match message {
                    Message::Text(text) => notes.lock().unwrap().messages.push(serde_json::from_str(&text).unwrap()),
                    Message::Pong(_) => notes.lock().unwrap().pongs += 1,
                    Message::Close(frame) => code = frame.map_or(1005, |frame| frame.code.into()),
                    _ => {}
                }
            }
            notes.lock().unwrap().closed = Some(code);
        });
        Ok(Self { heard, mouth, ears, protocol })
    }

    /// Opens one with a script's token.
    pub async fn of(script: &Script, query: &str) -> Self {
        let bearer = format!("Bearer {}", script.token);
        let path = format!("/api/socket{query}");
        Self::with(&script.base, &path, &[("authorization", &bearer)]).await.expect("the socket is accepted")
    }

    pub async fn send(&mut self, message: &Value) {
        self.send_frame(Message::Text(message.to_string().into())).await;
    }

    pub async fn send_frame(&mut self, frame: Message) {
        self.mouth.send(frame).await.unwrap();
    }

    /// Says something to a server that may close the socket at any time.
    pub async fn says_if_open(&mut self, message: &Value) {
        // What is refused here was closed meanwhile.
        let _ = self.mouth.send(Message::Text(message.to_string().into())).await;
    }

    /// Waits until the server has read everything that was sent so far, or has closed the socket.
    pub async fn was_read_or_closed(&mut self) {
        let before = self.heard.lock().unwrap().pongs;
        if self.mouth.send(Message::Ping(b"read?".as_slice().into())).await.is_err() {
            return;
        }
        eventually("the server answers a ping or closes", async || {
            let heard = self.heard.lock().unwrap();
            (heard.pongs > before || heard.closed.is_some()).then_some(())
        })
        .await;
    }

    /// Waits until the server has read everything that was sent so far.
    pub async fn was_read(&mut self) {
        let before = self.heard.lock().unwrap().pongs;
        self.send_frame(Message::Ping(b"read?".as_slice().into())).await;
        eventually("the server answers a ping", async || (self.heard.lock().unwrap().pongs > before).then_some(()))
            .await;
    }

    /// Every message so far.
    pub fn messages(&self) -> Vec<Value> {
        self.heard.lock().unwrap().messages.clone()
    }

    /// Forgets what was heard.
    pub fn forget(&self) {
        self.heard.lock().unwrap().messages.clear();
    }

    /// Waits for a message that is so; everything up to it.
    pub async fn until(&self, what: &str, is_it: impl Fn(&Value) -> bool) -> Vec<Value> {
        let found = eventually(what, async || {
            let messages = self.messages();
            let at = messages.iter().position(&is_it);
            let closed = self.heard.lock().unwrap().closed;
            assert!(at.is_some() || closed.is_none(), "closed with {closed:?} before {what}: {messages:?}");
            at.map(|at| messages[..=at].to_vec())
        });
        found.await
    }

    /// Waits for a message of a kind; the first one.
    pub async fn hears(&self, kind: &str) -> Value {
        self.until(kind, |message| message["type"] == kind).await.pop().unwrap()
    }

    /// Waits until nothing goes on any more.
    pub async fn at_rest(&self) -> Vec<Value> {
        self.until("the turn is over", |message| message["busy"] == false).await
    }

    /// Waits until it is closed; with which code.
    pub async fn closed(&self) -> u16 {
        eventually("the socket is closed", async || self.heard.lock().unwrap().closed).await
    }

    pub fn is_open(&self) -> bool {
        self.heard.lock().unwrap().closed.is_none()
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        self.ears.abort();
    }
}
