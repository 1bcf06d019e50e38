//! What waits to be read by the other side of a socket. It is sent one by one while everything else goes on; whoever
//! fills it looks first whether it is empty, so that nothing queues up for who reads slowly.

use std::collections::VecDeque;

use actix_web::web::Bytes;
use actix_ws::{Message, Session};
use tokio::time::{Instant, timeout_at};

use super::heartbeat::{End, READ};

/// So many frames may wait before nothing more is heard from the other side.
const ROOM: usize = 64;

/// Frames that wait, each with a note for when it was sent.
pub struct Outbox<T> {
    queue: VecDeque<(Message, Option<T>)>,
    /// Until when the first one must find room.
    until: Option<Instant>,
}

impl<T> Outbox<T> {
    /// An empty one.
    pub fn new() -> Self {
        Self { queue: VecDeque::new(), until: None }
    }

    /// Whether everything was sent.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether answers to what the other side says have room.
    pub fn has_room(&self) -> bool {
        self.queue.len() < ROOM
    }

    /// Adds a text.
    pub fn text(&mut self, text: String, note: Option<T>) {
        self.queue.push_back((Message::Text(text.into()), note));
    }

    /// Adds a ping.
    pub fn ping(&mut self) {
        self.queue.push_back((Message::Ping(Bytes::new()), None));
    }

    /// Adds the answer to a ping.
    pub fn pong(&mut self, bytes: Bytes) {
        self.queue.push_back((Message::Pong(bytes), None));
    }

    /// Sends the first frame as soon as there is room for it; its note. Cancel-safe.
    ///
    /// # Errors
    /// [`End::Left`] when the other side is gone, or does not read.
    pub async fn send_next(&mut self, session: &mut Session) -> Result<Option<T>, End> {
        let Some((message, _)) = self.queue.front() else { return Ok(None) };
        let until = *self.until.get_or_insert_with(|| Instant::now() + READ);
        let sending = async {
            match message {
                Message::Text(text) => session.text(text.clone()).await,
                Message::Pong(bytes) => session.pong(bytes).await,
                _ => session.ping(b"").await,
            }
        };
        match timeout_at(until, sending).await {
            Ok(Ok(())) => {
                self.until = None;
                Ok(self.queue.pop_front().and_then(|(_, note)| note))
            }
            Ok(Err(_)) | Err(_) => Err(End::Left),
        }
    }
}

impl<T> Default for Outbox<T> {
    fn default() -> Self {
        Self::new()
    }
}
