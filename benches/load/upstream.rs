//! A stand-in for a model API: it speaks Chat Completions, as fast as it is asked to, and stamps each token. How many
//! tokens and how many of them a second stands in the newest message: `tokens=1000 rate=50`. Its text is Markdown with
//! headings, paragraphs, lists, code and bold words.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{Instant, sleep_until},
};

use crate::stamp;

/// Serves until it is killed; prints its port.
pub async fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("listening on {}", listener.local_addr().unwrap());
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        tokio::spawn(connection(stream));
    }
}

/// Answers one request after the other, until the other side leaves.
async fn connection(mut stream: TcpStream) -> Option<()> {
    let mut bytes = Vec::new();
    loop {
        let request = request(&mut stream, &mut bytes).await?;
        if request.starts_with("GET") {
            let models = r#"{"object":"list","data":[{"id":"bench","object":"model"}]}"#;
            answer(&mut stream, models).await?;
        } else if request.contains("Write a title") {
            // After the first exchange of a conversation; it is asked for in one piece or as a stream.
            reply(&mut stream, 1, 1000.0).await?;
        } else {
            reply(&mut stream, number(&request, "tokens=")? as u64, number(&request, "rate=")?).await?;
        }
    }
}

/// The number after the last place at which a name stands.
fn number(text: &str, name: &str) -> Option<f64> {
    let (_, after) = text.rsplit_once(name)?;
    let end = after.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(after.len());
    after[..end].parse().ok()
}

async fn request(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<String> {
    loop {
        if let Some(head) = memchr::memmem::find(bytes, b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
            let length = number(&text, "content-length: ").unwrap_or_default() as usize;
            if bytes.len() >= head + 4 + length {
                let rest = bytes.split_off(head + 4 + length);
                return String::from_utf8(std::mem::replace(bytes, rest)).ok();
            }
        }
        if stream.read_buf(bytes).await.ok()? == 0 {
            return None;
        }
    }
}

async fn answer(stream: &mut TcpStream, json: &str) -> Option<()> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", json.len());
    stream.write_all((head + json).as_bytes()).await.ok()
}

async fn reply(stream: &mut TcpStream, tokens: u64, rate: f64) -> Option<()> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    let role = r#"{"role":"assistant","content":""}"#;
    stream.write_all((head.to_owned() + &chunk(role, "null")).as_bytes()).await.ok()?;
    let (began, mut last) = (Instant::now(), 0);
    for number in 0..tokens {
        // The first one waits for nothing, not even for the millisecond that any timer takes.
        if number > 0 {
            sleep_until(began + Duration::from_secs_f64(number as f64 / rate)).await;
        }
        // No two tokens of a reply have the same stamp.
        last = stamp::now().max(last + 1);
        let delta = format!(r#"{{"content":"{}"}}"#, markdown(number, &stamp::write(last)));
        stream.write_all(chunk(&delta, "null").as_bytes()).await.ok()?;
    }
    let usage = format!(r#"{{"prompt_tokens":50,"completion_tokens":{tokens},"total_tokens":{}}}"#, tokens + 50);
    let end = chunk("{}", r#""stop""#)
        + &framed(&format!(r#"{{"id":"bench","object":"chat.completion.chunk","choices":[],"usage":{usage}}}"#))
        + &framed("[DONE]")
        + "0\r\n\r\n";
    stream.write_all(end.as_bytes()).await.ok()
}

fn chunk(delta: &str, finish: &str) -> String {
    framed(&format!(
        r#"{{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"bench","choices":[{{"index":0,"delta":{delta},"logprobs":null,"finish_reason":{finish}}}]}}"#
    ))
}

fn framed(data: &str) -> String {
    format!("{:x}\r\ndata: {data}\n\n\r\n", data.len() + 8)
}

/// A token of a reply, as it stands in a JSON text.
fn markdown(number: u64, stamp: &str) -> String {
    match number % 160 {
        0 => format!(r"\n\n## {stamp} "),
        40 | 80 => format!(r"\n\n{stamp} "),
        place @ 81..120 if place % 8 == 0 => format!(r"\n- {stamp} "),
        120 => format!(r"\n\n```text\n{stamp} "),
        place @ 121..150 if place % 6 == 0 => format!(r"\n{stamp} "),
        150 => format!(r"\n```\n\n{stamp} "),
        place if place % 10 == 5 && !(120..150).contains(&place) => format!("**{stamp}** "),
        _ => format!("{stamp} "),
    }
}
