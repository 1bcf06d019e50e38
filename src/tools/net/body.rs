//! Bodies, read and unpacked within a limit.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use reqwest::{
    Response,
    header::{CONTENT_ENCODING, HeaderMap},
};

use super::{Budget, of_connection, refused, too_slow};
use crate::tools::ToolError;

/// Takes so many bytes and no more.
struct Limited {
    bytes: Vec<u8>,
    most: usize,
}

impl Write for Limited {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if more.len() > self.most - self.bytes.len() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Unpacking {
    Plain(Limited),
    Gzip(Box<MultiGzDecoder<Limited>>),
}

impl Unpacking {
    fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(plain) => plain.write_all(bytes),
            Self::Gzip(gzip) => gzip.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain(plain) => Ok(plain.bytes),
            Self::Gzip(gzip) => Ok(gzip.finish()?.bytes),
        }
    }
}

/// The body to its end. What is packed counts against the limit as it comes and once more as it is unpacked, so that
/// neither a bomb nor an endless stream of empty parts gets past it.
pub(super) async fn read(mut response: Response, headers: &HeaderMap, budget: Budget) -> Result<Vec<u8>, ToolError> {
    let most = budget.bytes;
    let too_large = || refused(format!("The answer is larger than {}.", size(most)));
    let empty = Limited { bytes: Vec::new(), most };
    let mut body = match headers.get(CONTENT_ENCODING).map(|value| value.as_bytes().to_ascii_lowercase()) {
        None => Unpacking::Plain(empty),
        Some(coding) if coding.is_empty() || coding == b"identity" => Unpacking::Plain(empty),
        Some(coding) if coding == b"gzip" || coding == b"x-gzip" => {
            Unpacking::Gzip(Box::new(MultiGzDecoder::new(empty)))
        }
        Some(_) => return Err(refused("The answer is packed in a way that was not asked for.")),
    };
    let mut received = 0_usize;
    loop {
        let chunk = tokio::time::timeout_at(budget.deadline.into(), response.chunk()).await;
        let Some(chunk) = chunk.map_err(|_| too_slow())?.map_err(|error| of_connection(&error))? else { break };
        received = received.saturating_add(chunk.len());
        if received > most {
            return Err(too_large());
        }
        body.push(&chunk).map_err(|error| unpacking(&error, too_large))?;
    }
    body.finish().map_err(|error| unpacking(&error, too_large))
}

fn unpacking(error: &io::Error, too_large: impl Fn() -> ToolError) -> ToolError {
    match error.kind() {
        io::ErrorKind::FileTooLarge => too_large(),
        _ => refused("The answer cannot be unpacked."),
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        bytes if bytes >= 1 << 20 => format!("{} MB", bytes >> 20),
        bytes if bytes >= 1 << 10 => format!("{} kB", bytes >> 10),
        bytes => format!("{bytes} bytes"),
    }
}
