//! `sayso health`: asks the server beside it, for service managers and images that have no other way to ask.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::fault;
use crate::{config::Settings, error::Result};

/// How long the answer may take; a health check of an image gives up after five seconds.
const PATIENCE: Duration = Duration::from_secs(4);

/// How much of an answer is read.
const MOST: u64 = 16 * 1024;

/// Asks the server that listens where these settings say; what it answers in one line.
///
/// # Errors
/// When it does not answer, or that it cannot work.
pub(super) async fn ask(settings: &Settings, ready: bool) -> Result<String> {
    if settings.port == 0 {
        return Err(fault("PORT is 0: only the server itself knows where it listens"));
    }
    // Whoever listens everywhere is asked on this machine.
    let host = match settings.host.as_str() {
        "0.0.0.0" => "127.0.0.1",
        "::" => "::1",
        host => host,
    };
    let prefix = settings.public_url.as_ref().map_or("", |public| public.prefix.as_str());
    let path = format!("{prefix}/{}", if ready { "readyz" } else { "healthz" });
    let place = format!("{host}:{}{path}", settings.port);
    let answer = match timeout(PATIENCE, exchange(host, settings.port, &path)).await {
        Ok(answer) => answer.map_err(|error| fault(format!("{place}: {error}")))?,
        Err(_) => return Err(fault(format!("{place}: no answer within {PATIENCE:?}"))),
    };
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).unwrap_or_default();
    if head.starts_with("HTTP/1.1 ") && status == "200" {
        Ok(body.trim().to_owned())
    } else {
        Err(fault(format!("{place}: status {status:?}: {}", body.trim())))
    }
}

/// One request on a connection of its own.
async fn exchange(host: &str, port: u16, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((host, port)).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MOST).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
