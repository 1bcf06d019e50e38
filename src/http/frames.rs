//! What the other side of a socket says, message by message: put together from its fragments, and never longer than a
//! request's body may be.

use actix_web::web::{Bytes, BytesMut};
use actix_ws::{CloseCode, Item, Message, MessageStream, ProtocolError};

use super::heartbeat::End;

/// Something that came.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// Text, as its bytes; they are UTF-8.
    Text(Bytes),
    /// Something else than text, which no socket of ours has a use for.
    Binary,
    /// To be answered with the same bytes.
    Ping(Bytes),
    /// An answer to a ping.
    Pong,
}

/// The messages of a socket.
pub struct Frames {
    stream: MessageStream,
    limit: usize,
    part: Option<Part>,
}

/// A message of which more is to come. Its fragments are copied together: a message of a million fragments takes no more
/// room than one in one piece.
struct Part {
    is_text: bool,
    bytes: BytesMut,
}

impl Frames {
    /// Of which none has more than `limit` bytes.
    pub fn new(stream: MessageStream, limit: usize) -> Self {
        Self { stream: stream.max_frame_size(limit), limit, part: None }
    }

    /// The next message. Cancel-safe.
    ///
    /// # Errors
    /// An [`End`]: the other side left, or broke a rule: 1009 for what is too long, 1007 for text that is none, 1002 for
    /// everything else.
    pub async fn next(&mut self) -> Result<Frame, End> {
        loop {
            let message = self.stream.recv().await.ok_or(End::Left)?.map_err(|error| broken(&error))?;
            match message {
                Message::Text(text) => return Ok(Frame::Text(text.into_bytes())),
                Message::Binary(_) => return Ok(Frame::Binary),
                Message::Ping(bytes) => return Ok(Frame::Ping(bytes)),
                Message::Pong(_) => return Ok(Frame::Pong),
                Message::Close(_) => return Err(End::Left),
                Message::Continuation(item) => {
                    if let Some(frame) = put_together(&mut self.part, self.limit, item)? {
                        return Ok(frame);
                    }
                }
                Message::Nop => {}
            }
        }
    }
}

fn put_together(part: &mut Option<Part>, limit: usize, item: Item) -> Result<Option<Frame>, End> {
    let (bytes, is_last) = match item {
        Item::FirstText(bytes) => {
            *part = Some(Part { is_text: true, bytes: BytesMut::new() });
            (bytes, false)
        }
        Item::FirstBinary(bytes) => {
            *part = Some(Part { is_text: false, bytes: BytesMut::new() });
            (bytes, false)
        }
        Item::Continue(bytes) => (bytes, false),
        Item::Last(bytes) => (bytes, true),
    };
    let begun = part.as_mut().ok_or(End::Close(CloseCode::Protocol))?;
    if begun.bytes.len() + bytes.len() > limit {
        return Err(End::Close(CloseCode::Size));
    }
    begun.bytes.extend_from_slice(&bytes);
    let Some(whole) = part.take_if(|_| is_last) else { return Ok(None) };
    match (whole.is_text, std::str::from_utf8(&whole.bytes)) {
        (true, Ok(_)) => Ok(Some(Frame::Text(whole.bytes.freeze()))),
        (true, Err(_)) => Err(End::Close(CloseCode::Invalid)),
        (false, _) => Ok(Some(Frame::Binary)),
    }
}

/// What RFC 6455 § 7.4.1 calls it.
fn broken(error: &ProtocolError) -> End {
    match error {
        ProtocolError::Overflow => End::Close(CloseCode::Size),
        ProtocolError::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => End::Close(CloseCode::Invalid),
        ProtocolError::Io(_) => End::Left,
        _ => End::Close(CloseCode::Protocol),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(limit: usize, items: Vec<Item>) -> Result<Option<Frame>, End> {
        let mut part = None;
        let mut last = None;
        for item in items {
            last = put_together(&mut part, limit, item)?;
        }
        Ok(last)
    }

    #[test]
    fn fragments_are_one_message_of_bounded_length() {
        let bytes = |text: &'static str| Bytes::from_static(text.as_bytes());
        let three = || vec![Item::FirstText(bytes("ab")), Item::Continue(bytes("")), Item::Last(bytes("cd"))];
        assert_eq!(all(4, three()), Ok(Some(Frame::Text(bytes("abcd")))));
        assert_eq!(all(3, three()), Err(End::Close(CloseCode::Size)));
        let (one, other) = (Bytes::from_static(b"\xc3"), Bytes::from_static(b"\xa4"));
        let halves = vec![Item::FirstText(one.clone()), Item::Last(other.clone())];
        assert_eq!(all(4, halves), Ok(Some(Frame::Text(bytes("ä")))));
        assert_eq!(all(4, vec![Item::FirstText(one), Item::Last(bytes("x"))]), Err(End::Close(CloseCode::Invalid)));
        assert_eq!(all(4, vec![Item::FirstBinary(other), Item::Last(bytes("x"))]), Ok(Some(Frame::Binary)));
        assert_eq!(all(4, vec![Item::FirstText(bytes("a"))]), Ok(None));
        assert_eq!(all(4, vec![Item::Last(bytes("a"))]), Err(End::Close(CloseCode::Protocol)));
    }
}
