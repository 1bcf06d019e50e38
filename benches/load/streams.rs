//! Many replies at once: through the bare relay, or through Sayso to a page, to a reader of events, to a program.

use std::{ops::Range, sync::Arc, time::Duration};

use tokio::{task::JoinSet, time::sleep};

use crate::{
    client::{Reader, Seen, Token, tokens_so_far},
    figures::percentile,
    process::Process,
    site::{Person, Site},
    stamp,
};

/// The ways to a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The bare relay.
    Relay,
    /// The socket of a page, which draws Markdown.
    Page,
    /// `POST /api/chat`, answered with events.
    Events,
    /// `POST /v1/chat/completions`.
    Completions,
}

impl Way {
    /// As tables name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relay => "bare relay",
            Self::Page => "page",
            Self::Events => "SSE",
            Self::Completions => "/v1",
        }
    }
}

/// How many replies, how fast, how long.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Replies at once.
    pub streams: usize,
    /// Tokens of each in a second.
    pub rate: u32,
    /// Tokens of each in all.
    pub tokens: usize,
    /// Over how long their beginnings are spread.
    pub ramp: Duration,
}

/// What came of it.
pub struct Outcome {
    /// Processor time of the server for 1,000 tokens, in milliseconds.
    pub processor: f64,
    /// From sending a message to its first token, in microseconds.
    pub first: Vec<u32>,
    /// Every token that came.
    pub tokens: Vec<Token>,
    /// From when to when all of them were on their way, as stamps count.
    full: Range<u64>,
    /// Bytes to the reader for each token.
    pub bytes: f64,
    /// Replies that did not come whole, and why the first did not.
    pub failures: Vec<String>,
    /// The most resident memory of the server while they ran, in KiB.
    pub resident: f64,
    /// How much that is more than before, for each stream.
    pub of_stream: f64,
}

impl Outcome {
    /// A percentile of the added time for each token that was made while all streams were on their way, in milliseconds.
    pub fn per_token(&self, part: f64) -> f64 {
        let full = self.tokens.iter().filter(|token| self.full.contains(&token.made));
        percentile(&mut full.map(|token| token.took).collect::<Vec<_>>(), part) / 1000.0
    }

    /// The same of the first token.
    pub fn first_token(&mut self, part: f64) -> f64 {
        percentile(&mut self.first, part) / 1000.0
    }
}

/// Runs a load through the relay.
pub async fn relayed(relay: &Process, load: Load) -> Outcome {
    let request = format!(
        "GET /?tokens={}&rate={} HTTP/1.1\r\nHost: {}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        load.tokens, load.rate, relay.address
    );
    let (address, request) = (Arc::new(relay.address.clone()), Arc::new(request));
    let one = move |_| {
        let (address, request) = (address.clone(), request.clone());
        async move {
            let sent = stamp::now();
            let mut reader = Reader::open(&address, &request, true).await.map_err(|error| error.to_string())?;
            reader.handshake().await?;
            Ok(reader.tokens(load.tokens, sent, b"[DONE]").await)
        }
    };
    all(relay, load, one, async {}).await
}

/// Runs a load through Sayso.
pub async fn through(site: &Arc<Site>, people: &[Person], way: Way, load: Load) -> Outcome {
    let (site_of, people) = (site.clone(), Arc::new(people.to_vec()));
    let message = Arc::new(format!("Tell me: tokens={} rate={}", load.tokens, load.rate));
    let one = move |number: usize| {
        let (site, people, message) = (site_of.clone(), people.clone(), message.clone());
        async move {
            let person = || people.get(number).expect("as many people as streams");
            if way == Way::Page {
                return page(&site, person(), &message, load).await;
            }
            let (request, last_words): (_, &[u8]) = match way {
                Way::Events => (site.asking_events(person(), &message), b"event: done"),
                _ => (site.asking_completion(&message), b"[DONE]"),
            };
            let sent = stamp::now();
            let opened = Reader::open(site.address(), &request, false).await;
            Ok(opened.map_err(|error| error.to_string())?.tokens(load.tokens, sent, last_words).await)
        }
    };
    // What a reply costs after its last token is part of it.
    all(site.process(), load, one, site.at_rest()).await
}

/// Someone who looks at a conversation and says something in it.
async fn page(site: &Site, person: &Person, message: &str, load: Load) -> Result<Seen, String> {
    let opened = Reader::open(site.address(), &site.opening(person), true).await;
    let mut reader = opened.map_err(|error| error.to_string())?;
    reader.handshake().await?;
    // The page is looked at for a moment before anything is said, as every page is.
    reader.snapshot().await?;
    let sent = stamp::now();
    let last_words = b"data-turn=\"idle\"";
    let (said, seen) = tokio::join!(site.say(person, message), reader.tokens(load.tokens, sent, last_words));
    said?;
    Ok(seen)
}

async fn all<F>(server: &Process, load: Load, one: impl Fn(usize) -> F, at_rest: impl Future<Output = ()>) -> Outcome
where
    F: Future<Output = Result<Seen, String>> + Send + 'static,
{
    let before = server.processor();
    let mut tasks = JoinSet::new();
    for number in 0..load.streams {
        let seen = one(number);
        let wait = load.ramp.mul_f64(number as f64 / load.streams as f64);
        tasks.spawn(async move {
            sleep(wait).await;
            seen.await
        });
    }
    let mut outcome = Outcome {
        processor: 0.0,
        first: Vec::new(),
        tokens: Vec::new(),
        full: 0..u64::MAX,
        bytes: 0.0,
        failures: Vec::new(),
        resident: server.resident(),
        of_stream: 0.0,
    };
    let resident = outcome.resident;
    let mut look = tokio::time::interval(Duration::from_millis(500));
    loop {
        tokio::select! {
            joined = tasks.join_next() => match joined {
                Some(seen) => outcome.take(seen.unwrap(), load.tokens),
                None => break,
            },
            _ = look.tick() => outcome.resident = outcome.resident.max(server.resident()),
        }
    }
    outcome.of_stream = (outcome.resident - resident) / load.streams as f64;
    at_rest.await;
    let tokens = outcome.tokens.len().max(1) as f64;
    outcome.processor = (server.processor() - before) / tokens * 1000.0;
    outcome.bytes /= tokens;
    outcome
}

impl Outcome {
    fn take(&mut self, seen: Result<Seen, String>, wanted: usize) {
        match seen {
            Ok(seen) => {
                self.first.extend(seen.first.and_then(|first| u32::try_from(first).ok()));
                if let (Some(first), Some(last)) = (seen.tokens.first(), seen.tokens.last()) {
                    self.full = self.full.start.max(first.made)..self.full.end.min(last.made);
                }
                self.bytes += seen.bytes as f64;
                if seen.tokens.len() < wanted || !seen.has_ended {
                    let (fault, end) = (seen.fault.unwrap_or_default(), if seen.has_ended { "" } else { ", no end" });
                    self.failures.push(format!("{} of {wanted} tokens{end}: {fault}", seen.tokens.len()));
                }
                self.tokens.extend(seen.tokens);
            }
            Err(fault) => self.failures.push(fault),
        }
    }
}

/// Processor time, in milliseconds, for 10,000 tokens of each of four replies: from the 1,000th on, and from the 100,000th on,
/// as they come to who reads them.
pub async fn costs(site: &Arc<Site>, people: &[Person], way: Way) -> (f64, f64) {
    let load = Load { streams: 4, rate: 2500, tokens: 110_500, ramp: Duration::ZERO };
    let before = tokens_so_far();
    let at = async |token: usize| {
        while tokens_so_far() - before < token * load.streams {
            sleep(Duration::from_millis(2)).await;
        }
        site.process().processor()
    };
    let passing = async {
        let early = -at(1_000).await + at(11_000).await;
        (early, -at(100_000).await + at(110_000).await)
    };
    let all = async {
        let outcome = through(site, people, way, load).await;
        assert!(outcome.failures.is_empty(), "{:?}", outcome.failures);
    };
    tokio::join!(all, passing).1
}
