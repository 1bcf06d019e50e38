//! The tool `run_js`: JavaScript in a sandbox without files, network and processes.

mod engine;
mod process;
pub mod sandbox;

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use serde::Deserialize;
use serde_json::json;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use self::{
    engine::Fault,
    process::{Sandboxed, Told},
    sandbox::{Frame, Request},
};
use super::{Arguments, Tool, ToolContext, ToolDefinition, ToolError, ToolEvent, ToolRun};
use crate::types::Preview;

pub use engine::Limits;
pub use process::Launch;

/// How many scripts run at once; the others wait.
const AT_ONCE: usize = 4;

/// How long a script waits for its turn.
const WAIT: Duration = Duration::from_secs(30);

/// What a sandbox may take longer than its script, to start and to end: then it is killed.
const GRACE: Duration = Duration::from_secs(2);

/// The most bytes that a chunk may have.
const MAX_CHUNK: usize = 64 * 1024;

const DESCRIPTION: &str = "Runs JavaScript (ES2023) and gives the value of the last expression, or of a `return`, as \
    text or JSON, with what the script wrote by `console.log`. `await` may stand at the top level. Use it to compute, \
    count, sort, convert or check something exactly. Everything the script needs must stand in `code`: it has no \
    files, no network, no timers, no modules, no `require`, and nothing is kept for the next script. The person is \
    shown the code and decides before it runs; do not ask for permission in words first. It ends with an error when \
    it takes too long or too much memory.";

/// `run_js {code}`: a script in a process of its own.
pub struct RunJs {
    launch: Launch,
    limits: Limits,
    places: Arc<Semaphore>,
    definition: ToolDefinition,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    code: String,
}

impl RunJs {
    /// The tool, with sandboxes started like this, under these limits.
    pub fn new(launch: Launch, limits: Limits) -> Self {
        let definition = ToolDefinition {
            server: "sayso".to_owned(),
            launch: "builtin".to_owned(),
            beside: Vec::new(),
            name: "run_js".to_owned(),
            description: DESCRIPTION.to_owned(),
            input_schema: json!({
                "type": "object",
                "properties": {"code": {"type": "string", "description": "The script, whole."}},
                "required": ["code"],
                "additionalProperties": false,
            }),
        };
        Self { launch, limits, places: Arc::new(Semaphore::new(AT_ONCE)), definition }
    }
}

impl Tool for RunJs {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// There is nothing to see but the code: it acts on nothing.
    fn preview<'a>(
        &'a self,
        _: &'a ToolContext,
        arguments: &'a Arguments,
    ) -> BoxFuture<'a, Result<Preview, ToolError>> {
        async move { arguments.read::<Wanted>().map(|_| Preview::default()) }.boxed()
    }

    /// Chunks are what the script writes to the console. Cancelled or dropped, the sandbox is killed.
    fn run(&self, _: &ToolContext, arguments: &Arguments, _: Option<&str>, cancel: CancellationToken) -> ToolRun {
        let code = match arguments.read::<Wanted>() {
            Ok(wanted) => wanted.code,
            Err(error) => return stream::iter([ToolEvent::Finished(Err(error))]).boxed(),
        };
        let waiting = Waiting {
            launch: self.launch.clone(),
            request: Request { code, limits: self.limits },
            places: self.places.clone(),
            cancel,
        };
        stream::unfold(Run::Waits(Box::new(waiting)), Run::next).boxed()
    }

    /// A script changes nothing anywhere.
    fn took_effect<'a>(
        &'a self,
        _: &'a ToolContext,
        _: &'a Arguments,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Option<bool>> {
        async { Some(false) }.boxed()
    }
}

/// A script on its way.
enum Run {
    Waits(Box<Waiting>),
    Runs(Box<Running>),
    Ended,
}

struct Waiting {
    launch: Launch,
    request: Request,
    places: Arc<Semaphore>,
    cancel: CancellationToken,
}

struct Running {
    sandbox: Sandboxed,
    limits: Limits,
    until: Instant,
    cancel: CancellationToken,
    /// What the console said, for the model.
    output: String,
}

impl Run {
    async fn next(self) -> Option<(ToolEvent, Self)> {
        let running = match self {
            Self::Waits(waiting) => waiting.begin().await,
            Self::Runs(running) => Ok(running),
            Self::Ended => return None,
        };
        Some(match running {
            Ok(running) => running.next().await,
            Err(error) => (ToolEvent::Finished(Err(error)), Self::Ended),
        })
    }
}

impl Waiting {
    async fn begin(self: Box<Self>) -> Result<Box<Running>, ToolError> {
        let place = self.place().await?;
        let limits = self.request.limits;
        let until = Instant::now() + limits.time + GRACE;
        let sandbox = Sandboxed::start(self.launch, self.request, place);
        Ok(Box::new(Running { sandbox, limits, until, cancel: self.cancel, output: String::new() }))
    }

    async fn place(&self) -> Result<OwnedSemaphorePermit, ToolError> {
        let place = timeout(WAIT, self.places.clone().acquire_owned());
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(stopped()),
            place = place => match place {
                Ok(Ok(place)) => Ok(place),
                _ => {
                    let words = format!("{AT_ONCE} other scripts are running. It did not run; try again later.");
                    Err(ToolError::new("tool_timeout", words))
                }
            },
        }
    }
}

impl Running {
    async fn next(mut self: Box<Self>) -> (ToolEvent, Run) {
        let ended = tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(stopped()),
            () = sleep_until(self.until) => Err(self.too_long()),
            told = self.sandbox.next() => match told {
                Some(Told::Frame(Frame::Output(chunk))) if chunk.len() > MAX_CHUNK => Err(self.broke("it said too much")),
                Some(Told::Frame(Frame::Output(chunk))) => {
                    self.output.push_str(&chunk);
                    return (ToolEvent::Chunk(chunk), Run::Runs(self));
                }
                Some(Told::Frame(Frame::Value(value))) => Ok(self.with_output(value)),
                Some(Told::Frame(Frame::Fault(Fault::Time))) => Err(self.too_long()),
                Some(Told::Frame(Frame::Fault(Fault::Threw(words)))) => {
                    Err(ToolError::new("tool_error", self.with_output(words)))
                }
                Some(Told::Broke(how)) => Err(self.broke(&how)),
                None => Err(self.broke("nothing more came of it")),
            },
        };
        (ToolEvent::said(ended), Run::Ended)
    }

    fn with_output(&self, last: String) -> String {
        match self.output.trim_end() {
            "" => last,
            output => format!("{last}\n\nThe console said:\n{output}"),
        }
    }

    fn too_long(&self) -> ToolError {
        let words = format!("The script took longer than {} seconds and was ended.", self.limits.time.as_secs());
        ToolError::new("tool_timeout", self.with_output(words))
    }

    fn broke(&self, how: &str) -> ToolError {
        tracing::warn!(how, "a sandbox broke");
        let words = format!(
            "The script brought its sandbox down ({how}). It may have taken more than {} MiB of memory.",
            self.limits.memory >> 20
        );
        ToolError::new("tool_error", self.with_output(words))
    }
}

fn stopped() -> ToolError {
    ToolError::new("tool_error", "The script was stopped.")
}
