//! The bare relay: the least that anybody can do who brings tokens from a model API to a socket. It reads the upstream's
//! server-sent events, finds the data lines, writes each as a socket frame, and does nothing else. Every figure of Sayso's
//! stands beside that of this relay in the same run.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Small, as a peer's is that wants each token as soon as it is there.
const BUFFER: usize = 2048;

/// Serves until it is killed; prints its port. `GET /?tokens=…&rate=…` is asked of the upstream as it stands.
pub async fn serve(upstream: String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("listening on {}", listener.local_addr().unwrap());
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        tokio::spawn(relay(stream, upstream.clone()));
    }
}

async fn relay(mut client: TcpStream, upstream: String) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if client.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let head = String::from_utf8(head).ok()?;
    let asked = head.split_ascii_whitespace().nth(1)?;
    let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))?;
    let accept = derive_accept_key(key.as_bytes());
    let hello = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    client.write_all(hello.as_bytes()).await.ok()?;

    let mut server = TcpStream::connect(&upstream).await.ok()?;
    server.set_nodelay(true).ok()?;
    let body = format!(r#"{{"stream":true,"messages":[{{"role":"user","content":"{asked}"}}]}}"#);
    let request = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: {upstream}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    server.write_all(request.as_bytes()).await.ok()?;

    let (mut bytes, mut frame) = (Vec::with_capacity(BUFFER), Vec::with_capacity(BUFFER));
    loop {
        if server.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let mut done = 0;
        while let Some(length) = memchr::memchr(b'\n', &bytes[done..]) {
            let line = &bytes[done..done + length];
            if let Some(data) = line.strip_prefix(b"data: ") {
                text_frame(&mut frame, data);
                client.write_all(&frame).await.ok()?;
                if data == b"[DONE]" {
                    return client.write_all(&[0x88, 0]).await.ok();
                }
            }
            done += length + 1;
        }
        bytes.drain(..done);
    }
}

/// RFC 6455 § 5.2, from a server: unmasked and whole.
fn text_frame(frame: &mut Vec<u8>, data: &[u8]) {
    frame.clear();
    frame.push(0x81);
    match data.len() {
        short @ ..126 => frame.push(short as u8),
        long => {
            frame.push(126);
            frame.extend_from_slice(&(long as u16).to_be_bytes());
        }
    }
    frame.extend_from_slice(data);
}
