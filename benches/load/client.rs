//! One reader of one reply, over a plain connection: it sends what it is told, finds the stamps in what comes, and answers
//! pings. It parses nothing else, so that the readers of a thousand streams leave the processor to the server.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout_at},
};

use crate::stamp::{self, Scanner};

/// How long a reader waits for anything to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// Tokens that all readers have seen.
static TOKENS: AtomicUsize = AtomicUsize::new(0);

/// How many tokens all readers have seen since the bench began.
pub fn tokens_so_far() -> usize {
    TOKENS.load(Ordering::Relaxed)
}

/// A token that came.
#[derive(Clone, Copy)]
pub struct Token {
    /// When it was made, as stamps count.
    pub made: u64,
    /// From there to its coming, in microseconds.
    pub took: u32,
}

/// What one reader saw.
#[derive(Default)]
pub struct Seen {
    /// From sending the message to the first token, in microseconds.
    pub first: Option<u64>,
    /// The tokens, in the order of their making.
    pub tokens: Vec<Token>,
    /// Bytes that came.
    pub bytes: u64,
    /// Whether the words came that end a reply.
    pub has_ended: bool,
    /// Why it saw no more.
    pub fault: Option<String>,
}

/// A connection that is read.
pub struct Reader {
    stream: TcpStream,
    /// Whether what comes are frames of a socket.
    is_socket: bool,
    buffer: Vec<u8>,
    scanner: Scanner,
}

impl Reader {
    /// Connects and sends a request.
    pub async fn open(address: &str, request: &str, is_socket: bool) -> std::io::Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        stream.write_all(request.as_bytes()).await?;
        Ok(Self { stream, is_socket, buffer: Vec::with_capacity(4096), scanner: Scanner::default() })
    }

    /// Waits for a socket's handshake; what is behind it stays.
    pub async fn handshake(&mut self) -> Result<(), String> {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(head) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") {
                let rest = self.buffer.split_off(head + 4);
                let head = String::from_utf8_lossy(&std::mem::replace(&mut self.buffer, rest)).into_owned();
                return if head.starts_with("HTTP/1.1 101") { Ok(()) } else { Err(head) };
            }
            self.more(end).await?;
        }
    }

    async fn more(&mut self, end: Instant) -> Result<(), String> {
        match timeout_at(end, self.stream.read_buf(&mut self.buffer)).await {
            Ok(Ok(0)) => Err("the server closed the connection".to_owned()),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("nothing came for half a minute".to_owned()),
        }
    }

    /// Reads how a page stands when it is opened; the stamps in it are not news.
    pub async fn snapshot(&mut self) -> Result<(), String> {
        let (mut seen, end) = (Seen::default(), Instant::now() + PATIENCE);
        while self.take(&mut seen, 0).await.map_err(|error| error.to_string())? == 0 {
            self.more(end).await?;
        }
        Ok(())
    }

    /// Reads until so many tokens have come, and after them the words that end the reply.
    pub async fn tokens(&mut self, count: usize, sent: u64, last_words: &[u8]) -> Seen {
        let mut seen = Seen::default();
        let (mut known, mut last) = (self.buffer.len(), Vec::new());
        // Pings are no news.
        let (mut news, mut end) = (0, Instant::now() + PATIENCE);
        while seen.tokens.len() < count || !seen.has_ended {
            if seen.tokens.len() > news {
                (news, end) = (seen.tokens.len(), Instant::now() + PATIENCE);
            }
            if let Err(fault) = self.more(end).await {
                seen.fault = Some(fault);
                break;
            }
            let new = self.buffer.get(known..).unwrap_or_default();
            seen.bytes += new.len() as u64;
            last.extend_from_slice(new);
            seen.has_ended |= memchr::memmem::find(&last, last_words).is_some();
            // They may come in two parts.
            last.drain(..last.len().saturating_sub(last_words.len()));
            if let Err(error) = self.take(&mut seen, sent).await {
                seen.fault = Some(error.to_string());
                break;
            }
            known = self.buffer.len();
        }
        seen
    }

    /// Reads and answers pings for as long as the connection lives.
    pub async fn idle(mut self) {
        let mut seen = Seen::default();
        loop {
            // A server pings far more often than every ten minutes.
            if self.more(Instant::now() + PATIENCE * 10).await.is_err() || self.take(&mut seen, 0).await.is_err() {
                return;
            }
        }
    }

    /// Takes what is whole of what came; how many texts there were.
    async fn take(&mut self, seen: &mut Seen, sent: u64) -> std::io::Result<usize> {
        let Self { stream, is_socket, buffer, scanner } = self;
        let now = stamp::now();
        let mut found = |stamp: u64| {
            seen.first.get_or_insert(now.saturating_sub(sent));
            TOKENS.fetch_add(1, Ordering::Relaxed);
            let took = u32::try_from(now.saturating_sub(stamp)).unwrap_or(u32::MAX);
            seen.tokens.push(Token { made: stamp, took });
        };
        if !*is_socket {
            scanner.scan(buffer, &mut found);
            buffer.clear();
            return Ok(1);
        }
        let (mut done, mut texts) = (0, 0);
        while let Some((head, length)) = frame(&buffer[done..]) {
            let Some(payload) = buffer.get(done + head..done + head + length) else { break };
            match buffer[done] & 0xf {
                9 => pong(stream, payload).await?,
                8 => return Err(std::io::Error::other("the server closed the socket")),
                _ => {
                    scanner.scan(payload, &mut found);
                    texts += 1;
                }
            }
            done += head + length;
        }
        buffer.drain(..done);
        Ok(texts)
    }
}

/// RFC 6455 § 5.2: how long a frame's head is, and its payload.
fn frame(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes.get(1)? & 0x7f {
        126 => Some((4, u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?).into())),
        127 => Some((10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?)),
        short => Some((2, short.into())),
    }
}

/// Masked, as from every client, with a mask of zeros.
async fn pong(stream: &mut TcpStream, payload: &[u8]) -> std::io::Result<()> {
    let mut frame = vec![0x8a, 0x80 | payload.len() as u8, 0, 0, 0, 0];
    frame.extend_from_slice(payload);
    stream.write_all(&frame).await
}
