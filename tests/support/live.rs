//! The socket of a conversation's page, opened as a browser opens it; it listens, and speaks only where someone tries to.

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt, stream::SplitSink};
use tokio::task::JoinHandle;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use super::{
    Person, eventually,
    tls::{self, Wire},
};

#[derive(Default)]
struct Heard {
    frames: Vec<String>,
    pongs: usize,
    closed: Option<u16>,
}

/// An open socket that gathers what it is told.
pub struct LiveSocket {
    heard: Arc<Mutex<Heard>>,
    mouth: SplitSink<WebSocketStream<Box<dyn Wire>>, Message>,
    ears: JoinHandle<()>,
}

impl LiveSocket {
    /// Opens it with a person's cookies and an `Origin`; the status of a refused handshake otherwise.
    pub async fn open(person: &Person, conversation: &str, origin: &str) -> Result<Self, u16> {
        let address = format!("{}/conversations/{conversation}/socket", person.base.replacen("http", "ws", 1));
        let mut request = address.as_str().into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        let cookies = person.cookie_header();
        if !cookies.is_empty() {
            request.headers_mut().insert("cookie", cookies.parse().unwrap());
        }
        let socket = match client_async(request, tls::dial(&address).await).await {
            Ok((socket, _)) => socket,
            Err(Error::Http(answer)) => return Err(answer.status().as_u16()),
            Err(fault) => panic!("no socket: {fault}"),
        };
        let (mouth, mut socket) = socket.split();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let notes = heard.clone();
        let ears = tokio::spawn(async move {
            let mut code = 1006;
            while let Some(Ok(message)) = socket.next().await {
                match message {
                    Message::Text(text) => notes.lock().unwrap().frames.push(text.to_string()),
                    Message::Pong(_) => notes.lock().unwrap().pongs += 1,
                    Message::Close(frame) => code = frame.map_or(1005, |frame| frame.code.into()),
                    _ => {}
                }
            }
            notes.lock().unwrap().closed = Some(code);
        });
        Ok(Self { heard, mouth, ears })
    }

    /// Sends a frame, as no page of the product does, and waits until the server has read it.
    pub async fn says(&mut self, frame: Message) {
        let before = self.heard.lock().unwrap().pongs;
        self.mouth.send(frame).await.unwrap();
        self.mouth.send(Message::Ping(b"read?".as_slice().into())).await.unwrap();
        eventually("the server answers a ping", async || (self.heard.lock().unwrap().pongs > before).then_some(()))
            .await;
    }

    /// Every text frame so far.
    pub fn frames(&self) -> Vec<String> {
        self.heard.lock().unwrap().frames.clone()
    }

    /// Waits until what was heard, joined, holds a text.
    pub async fn hears(&self, text: &str) {
        let what = format!("the socket tells of “{text}”");
        eventually(&what, async || self.frames().concat().contains(text).then_some(())).await;
    }

    /// With which code it was closed, if it was.
    pub fn close_code(&self) -> Option<u16> {
        self.heard.lock().unwrap().closed
    }

    /// Waits until it is closed; with which code.
    pub async fn closed(&self) -> u16 {
        eventually("the socket is closed", async || self.heard.lock().unwrap().closed).await
    }
}

impl Drop for LiveSocket {
    fn drop(&mut self) {
        self.ears.abort();
    }
}
