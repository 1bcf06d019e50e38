//! The socket of a conversation's page, opened as a browser opens it; it only listens.

use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use tokio::task::JoinHandle;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use super::{Person, eventually};

#[derive(Default)]
struct Heard {
    frames: Vec<String>,
    closed: Option<u16>,
}

/// An open socket that gathers what it is told.
pub struct LiveSocket {
    heard: Arc<Mutex<Heard>>,
    ears: JoinHandle<()>,
}

impl LiveSocket {
    /// Opens it with a person's cookies and an `Origin`; the status of a refused handshake otherwise.
    pub async fn open(person: &Person, conversation: &str, origin: &str) -> Result<Self, u16> {
        let address = format!("{}/conversations/{conversation}/socket", person.base.replacen("http", "ws", 1));
        let mut request = address.into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        let cookies = person.cookie_header();
        if !cookies.is_empty() {
            request.headers_mut().insert("cookie", cookies.parse().unwrap());
        }
        let mut socket = match connect_async(request).await {
            Ok((socket, _)) => socket,
            Err(Error::Http(answer)) => return Err(answer.status().as_u16()),
            Err(fault) => panic!("no socket: {fault}"),
        };
        let heard = Arc::new(Mutex::new(Heard::default()));
        let notes = heard.clone();
        let ears = tokio::spawn(async move {
            let mut code = 1006;
            while let Some(Ok(message)) = socket.next().await {
                match message {
                    Message::Text(text) => notes.lock().unwrap().frames.push(text.to_string()),
                    Message::Close(frame) => code = frame.map_or(1005, |frame| frame.code.into()),
                    _ => {}
                }
            }
            notes.lock().unwrap().closed = Some(code);
        });
        Ok(Self { heard, ears })
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
