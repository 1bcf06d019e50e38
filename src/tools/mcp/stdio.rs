//! The protocol over a process's pipes: one message a line.
//!
//! The attacks meant: a line without an end, lines that are no messages, and an answer nested so deep that nobody can
//! read it, for which a call would wait to its limit of time.

use std::{io, sync::Arc};

use rmcp::{
    model::{ClientRequest, ErrorData, GetExtensions as _, JsonRpcMessage, RequestId},
    service::{RoleClient, RxJsonRpcMessage, TxJsonRpcMessage},
    transport::Transport,
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{ChildStdin, ChildStdout},
    sync::Mutex,
};

use super::tap::{Tag, Wire};

/// Lines that are no messages after which it is no server that one can talk with.
const MAX_NOISE: usize = 1000;

/// The pipes of a process.
pub(super) struct Stdio {
    input: Arc<Mutex<Option<ChildStdin>>>,
    output: BufReader<ChildStdout>,
    line: Vec<u8>,
    most: usize,
    noise: usize,
    wire: Arc<Wire>,
}

impl Stdio {
    pub fn new(input: ChildStdin, output: ChildStdout, most: usize, wire: Arc<Wire>) -> Self {
        let output = BufReader::with_capacity(64 * 1024, output);
        Self { input: Arc::new(Mutex::new(Some(input))), output, line: Vec::new(), most, noise: 0, wire }
    }
}

impl Transport<RoleClient> for Stdio {
    type Error = io::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleClient>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let input = Arc::clone(&self.input);
        let line = written(&item);
        async move {
            let line = line?;
            let mut input = input.lock().await;
            let Some(pipe) = input.as_mut() else { return Err(io::ErrorKind::BrokenPipe.into()) };
            pipe.write_all(&line).await?;
            pipe.flush().await
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleClient>> {
        // This future is dropped at any time: what was read stands in `self.line` before anything waits again.
        loop {
            let read = self.output.fill_buf().await.unwrap_or_default();
            if read.is_empty() {
                return None;
            }
            let end = memchr::memchr(b'\n', read);
            let count = end.map_or(read.len(), |end| end + 1);
            self.line.extend_from_slice(read.get(..count).unwrap_or_default());
            self.output.consume(count);
            if self.line.len() > self.most {
                self.wire.because(format!("The server sent a message of more than {} MB.", self.most >> 20));
                return None;
            }
            if end.is_none() {
                continue;
            }
            let line = std::mem::take(&mut self.line);
            match message(&line, &self.wire) {
                Some(message) => return Some(message),
                None if line.trim_ascii().is_empty() => {}
                None => self.noise += 1,
            }
            if self.noise > MAX_NOISE {
                self.wire.because("What the server writes to its standard output is not the protocol.");
                return None;
            }
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.input.lock().await.take();
        Ok(())
    }
}

/// A message as a line. The arguments of a call are written as the text that was approved, not as a number reader would
/// write them again.
fn written(item: &TxJsonRpcMessage<RoleClient>) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(item)?;
    if let JsonRpcMessage::Request(request) = item
        && let ClientRequest::CallToolRequest(call) = &request.request
        && let Some(Tag(running)) = call.extensions().get::<Tag>()
    {
        line = with_arguments(item, &running.text)?;
    }
    line.push(b'\n');
    Ok(line)
}

fn with_arguments(item: &TxJsonRpcMessage<RoleClient>, text: &str) -> io::Result<Vec<u8>> {
    let mut message = serde_json::to_value(item)?;
    // Nobody can have written it into anything beforehand.
    let mark = uuid::Uuid::now_v7().to_string();
    let place = message.pointer_mut("/params/arguments").ok_or_else(|| io::Error::other("a call without arguments"))?;
    *place = Value::String(mark.clone());
    // Outside of strings JSON knows ends of lines as blanks only; inside they are escaped.
    let text = text.replace(['\n', '\r'], " ");
    Ok(message.to_string().replacen(&format!("\"{mark}\""), &text, 1).into_bytes())
}

/// What a line says. An answer that cannot be read becomes an error of the same request, so that nobody waits for it.
fn message(line: &[u8], wire: &Wire) -> Option<RxJsonRpcMessage<RoleClient>> {
    /// Reads past everything else without keeping or nesting.
    #[derive(Deserialize)]
    struct Head {
        id: Option<RequestId>,
        method: Option<IgnoredAny>,
    }
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    if let Ok(message) = serde_json::from_slice(line) {
        return Some(message);
    }
    let Head { id: Some(id), method: None } = serde_json::from_slice(line).ok()? else { return None };
    wire.unreadable(&id);
    Some(JsonRpcMessage::error(ErrorData::parse_error("The server's answer cannot be read.", None), Some(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_nobody_can_read_is_an_error_of_its_request() {
        let wire = Wire::new(Arc::default());
        let deep = format!(r#"{{"jsonrpc":"2.0","id":7,"result":{}{}}}"#, "[".repeat(5000), "]".repeat(5000));
        let Some(JsonRpcMessage::Error(error)) = message(deep.as_bytes(), &wire) else { panic!() };
        assert_eq!(error.id, Some(RequestId::Number(7)));
        for noise in ["", "Listening…", "{", "[]", r#"{"jsonrpc":"2.0","result":[}"#] {
            assert!(message(noise.as_bytes(), &wire).is_none(), "{noise}");
        }
    }
}
