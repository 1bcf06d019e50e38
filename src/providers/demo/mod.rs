//! A stand-in for a newcomer without a key. It says that it is no real model, and shows what Sayso does with one:
//! streaming, Markdown, tool calls that wait for a person.
//!
//! It understands three things, in English and in Portuguese:
//! - *Create a file `notes/hello.txt` with content: Hello world* asks for the tool `write_file`, once for each such
//!   sentence on a line of its own;
//! - *Write 500 words* writes that many (at most 20,000), for tests of load and of live text;
//! - anything else gets a short tour.
//!
//! Like a real model it stops at the request's `max_output_tokens`. Its token counts are estimates
//! ([`super::estimate`]) and marked as such.

mod answer;
mod asked;
mod words;

use std::time::Duration;

use futures_util::{StreamExt, future::BoxFuture, stream};

use super::{ModelEvent, ModelInfo, Provider, ProviderError, ReplyStream, Request, estimate};
use crate::types::Usage;

/// The provider's name in settings, rows and answers, and that of its one model.
pub const NAME: &str = "demo";

/// The pause between two pieces of a reply.
const PAUSE: Duration = Duration::from_millis(15);

/// The provider.
#[derive(Clone, Debug)]
pub struct Demo {
    pause: Duration,
}

impl Default for Demo {
    fn default() -> Self {
        Self::new()
    }
}

impl Demo {
    /// At a speed at which streaming can be seen: a piece of a few words every 15 ms.
    pub fn new() -> Self {
        Self::with_pause(PAUSE)
    }

    /// With another pause between pieces; zero sends them as fast as they are read.
    pub fn with_pause(pause: Duration) -> Self {
        Self { pause }
    }
}

impl Provider for Demo {
    fn name(&self) -> &'static str {
        NAME
    }

    fn model(&self) -> &str {
        NAME
    }

    fn stream<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<ReplyStream, ProviderError>> {
        let pause = self.pause;
        let events = events(request);
        Box::pin(async move {
            let paced = stream::iter(events).then(move |event| async move {
                let is_piece = matches!(event, ModelEvent::Text { .. } | ModelEvent::ToolInput { .. });
                if is_piece && !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
                Ok(event)
            });
            Ok(paced.boxed())
        })
    }

    fn models<'a>(&'a self) -> BoxFuture<'a, Result<Vec<ModelInfo>, ProviderError>> {
        Box::pin(async { Ok(vec![ModelInfo { name: NAME.to_owned(), ..ModelInfo::default() }]) })
    }

    fn check<'a>(&'a self) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async { Ok(()) })
    }
}

/// The whole reply: the same for the same request.
fn events(request: &Request) -> Vec<ModelEvent> {
    let input_tokens = estimate::input(request);
    let usage =
        |output_tokens| ModelEvent::Usage(Usage { input_tokens, output_tokens, cached_tokens: 0, estimated: true });
    let answer = answer::to(request);
    let mut events = vec![ModelEvent::Model(NAME.to_owned()), usage(0)];
    let mut spent = Spent::up_to(request.max_output_tokens);
    let mut block = 0;
    let mut stop = if answer.calls.is_empty() { "end_turn" } else { "tool_use" };
    let mut fits = true;
    for text in pieces(&answer.text, spent.room()) {
        fits = fits && spent.take(text);
        if fits {
            events.push(ModelEvent::Text { block, text: text.to_owned() });
        }
    }
    if fits && !answer.text.is_empty() {
        events.push(ModelEvent::BlockEnd { block });
        block += 1;
    }
    for call in &answer.calls {
        fits = fits && spent.take(answer::WRITE_FILE);
        if fits {
            events.push(ModelEvent::ToolCall { block, provider_id: None, name: answer::WRITE_FILE.to_owned() });
        }
        for fragment in pieces(call, spent.room()) {
            fits = fits && spent.take(fragment);
            if fits {
                events.push(ModelEvent::ToolInput { block, fragment: fragment.to_owned() });
            }
        }
        if fits {
            events.push(ModelEvent::BlockEnd { block });
            block += 1;
        }
    }
    if !fits {
        stop = "max_tokens";
    }
    events.extend([usage(spent.count.tokens()), ModelEvent::Stop(stop.to_owned())]);
    events
}

/// The output tokens that were given out.
struct Spent {
    count: estimate::Count,
    most: i64,
}

impl Spent {
    fn up_to(max_output_tokens: u32) -> Self {
        Self { count: estimate::Count::default(), most: i64::from(max_output_tokens) }
    }

    /// About how many bytes may still be given out, at four to a token.
    fn room(&self) -> usize {
        let tokens = self.most.saturating_sub(self.count.tokens());
        usize::try_from(tokens).unwrap_or_default().saturating_mul(4)
    }

    /// Whether there was room for it.
    fn take(&mut self, text: &str) -> bool {
        let mut after = self.count;
        after.add(text);
        let fits = after.tokens() <= self.most;
        if fits {
            self.count = after;
        }
        fits
    }
}

/// A text in pieces that end at spaces where there are any; larger ones for a long text, which would take minutes. How
/// long it is, its room says too: what is cut short is over no sooner for it.
fn pieces(text: &str, room: usize) -> Vec<&str> {
    let size = match text.len().min(room) {
        0..4_000 => 12,
        4_000..20_000 => 32,
        _ => 96,
    };
    let (mut pieces, mut start, mut count) = (Vec::new(), 0, 0);
    for (at, character) in text.char_indices() {
        count += 1;
        let end = at + character.len_utf8();
        if (count >= size && character.is_whitespace()) || count >= 3 * size {
            pieces.extend(text.get(start..end));
            (start, count) = (end, 0);
        }
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

#[cfg(test)]
#[path = "demo_tests.rs"]
mod tests;
