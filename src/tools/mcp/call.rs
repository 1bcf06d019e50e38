//! One call of a tool: sent once, followed, and ended with what is known of it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::stream::BoxStream;
use rmcp::{
    model::{
        CallToolRequest, CallToolRequestParams, ClientRequest, ErrorCode, InputRequest, InputRequiredResult,
        InputResponses, ServerResult,
    },
    service::{PeerRequestOptions, ServiceError},
};
use tokio::{sync::mpsc, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    CallResult, Elicit, Fault, Limits, ServerName, connection,
    connection::Lease,
    http, results,
    tap::{Progress, Running, Tag},
};
use crate::tools::Arguments;

/// Messages of progress that may wait for the call, and for its reader.
const PROGRESS: usize = 256;
/// How often a server may ask for more before it answers.
const MAX_ROUNDS: usize = 10;
/// How long telling a server that nobody waits any more may take.
const CANCELLING: Duration = Duration::from_secs(2);

/// What is to be run. Nothing here asks whether it may be.
pub struct Call {
    /// The server's own name for the tool.
    pub tool: String,
    /// Exactly what was approved.
    pub arguments: Arguments,
    /// Who asks the person, if the server wants something; [`super::Decline`] asks nobody.
    pub elicit: Arc<dyn Elicit>,
    /// Ends the call: the server is told, and within five seconds so is the reader.
    pub cancel: CancellationToken,
}

/// What a call tells.
#[derive(Clone, Debug, PartialEq)]
pub enum CallEvent {
    /// It goes on; in order, and none after the end. A reader that is slow misses some.
    Progress {
        /// In the server's words; clean and bounded.
        message: Option<String>,
        /// Between 0 and 1, where the server says of how much.
        fraction: Option<f64>,
    },
    /// It ended; nothing follows.
    Ended(Result<CallResult, Fault>),
}

/// Why a call is not sent over HTTP: there the library writes numbers anew, and what runs is what was approved.
pub(super) const NOT_ALIKE: &str = "The arguments have a number that would be sent in another way than it is written \
    (1.50 as 1.5, 1e5 as 100000.0). Write it as short as it can be, or as a text.";

/// A call as it goes. Dropping it cancels it.
pub type CallRun = BoxStream<'static, CallEvent>;

/// The channel of a call's events.
pub(super) fn channel() -> (mpsc::Sender<CallEvent>, mpsc::Receiver<CallEvent>) {
    mpsc::channel(PROGRESS + 1)
}

/// How a call ended, and what that says of its connection.
pub(super) struct Ended {
    pub result: Result<CallResult, Fault>,
    /// The connection should be looked at.
    pub is_suspect: bool,
    /// The server's list of tools should be read again.
    pub is_stale: bool,
}

impl Ended {
    fn with(fault: Fault) -> Self {
        Self { result: Err(fault), is_suspect: false, is_stale: false }
    }

    fn suspect(fault: Fault) -> Self {
        Self { is_suspect: true, ..Self::with(fault) }
    }
}

/// Runs it over this connection.
pub(super) async fn run(
    server: &ServerName,
    lease: &Lease,
    limits: &Limits,
    call: &Call,
    events: &mpsc::Sender<CallEvent>,
) -> Ended {
    let live = &lease.0;
    if live.is_http && !is_written_alike(&call.arguments) {
        return Ended::with(Fault::NotSent(NOT_ALIKE.to_owned()));
    }
    let (sender, progress) = mpsc::channel(PROGRESS);
    let running = Arc::new(Running {
        text: call.arguments.as_str().to_owned(),
        progress: sender,
        elicit: Arc::clone(&call.elicit),
        over: CancellationToken::new(),
        asking: AtomicUsize::new(0),
        asked: AtomicUsize::new(0),
        left: AtomicBool::new(false),
        unreadable: AtomicBool::new(false),
    });
    let _over = running.over.clone().drop_guard();
    let mut following =
        Following { lease, limits, call, events, running, progress, total: Instant::now() + limits.call_total };
    let (mut responses, mut state) = (None, None);
    for _ in 0..MAX_ROUNDS {
        let result = match following.once(responses.take(), state.take()).await {
            Ok(result) => result,
            Err(ended) => return ended,
        };
        match result {
            ServerResult::CallToolResult(result) => {
                let result = results::read(result);
                let is_stale = result.is_error && says_unknown(&result.text());
                return Ended { result: Ok(result), is_suspect: false, is_stale };
            }
            ServerResult::InputRequiredResult(required) => match following.answer(server, required).await {
                Ok((answers, token)) => (responses, state) = (answers, token),
                Err(ended) => return ended,
            },
            _ => return Ended::with(Fault::Unknown("The server's answer is none to a call.".to_owned())),
        }
    }
    Ended::with(Fault::Unknown(format!("The server asked for more {MAX_ROUNDS} times and gave no result.")))
}

/// Whether our writer writes the arguments with the same numbers; over HTTP the library writes them.
pub(super) fn is_written_alike(arguments: &Arguments) -> bool {
    Arguments::parse(&arguments.value().to_string()).is_ok_and(|again| again.means_the_same(arguments))
}

/// Servers tell of a tool they do not have in words.
fn says_unknown(text: &str) -> bool {
    let text: String = text.chars().take(300).collect::<String>().to_lowercase();
    text.contains("unknown tool") || (text.contains("tool") && text.contains("not found"))
}

struct Following<'a> {
    lease: &'a Lease,
    limits: &'a Limits,
    call: &'a Call,
    events: &'a mpsc::Sender<CallEvent>,
    running: Arc<Running>,
    progress: mpsc::Receiver<Progress>,
    total: Instant,
}

impl Following<'_> {
    /// Sends the call, once, and waits for what comes.
    async fn once(&mut self, responses: Option<InputResponses>, state: Option<String>) -> Result<ServerResult, Ended> {
        let live = &self.lease.0;
        let mut params = CallToolRequestParams::new(self.call.tool.clone());
        params.arguments = self.call.arguments.value().as_object().cloned();
        params.input_responses = responses;
        params.request_state = state;
        let mut request = CallToolRequest::new(params);
        request.extensions.insert(Tag(Arc::clone(&self.running)));
        let sending = live
            .peer
            .send_cancellable_request(ClientRequest::CallToolRequest(request), PeerRequestOptions::no_options());
        let sent = tokio::select! {
            sent = sending => sent,
            () = self.call.cancel.cancelled() => return Err(Ended::with(self.without_answer("It was stopped."))),
            () = tokio::time::sleep(self.limits.call_idle) => {
                return Err(Ended::suspect(self.without_answer("The server takes nothing more.")));
            }
        };
        let mut handle = sent.map_err(|error| self.of_error(error))?;
        let id = handle.id.clone();
        let mut idle = Instant::now() + self.limits.call_idle;
        let words = loop {
            tokio::select! {
                biased;
                answer = &mut handle.rx => {
                    live.wire.forget(&id);
                    while let Ok(progress) = self.progress.try_recv() {
                        self.tell(progress);
                    }
                    return answer.unwrap_or(Err(ServiceError::TransportClosed)).map_err(|error| self.of_error(error));
                }
                () = self.call.cancel.cancelled() => break "It was stopped.",
                Some(progress) = self.progress.recv() => {
                    self.tell(progress);
                    idle = Instant::now() + self.limits.call_idle;
                }
                () = tokio::time::sleep_until(idle.min(self.total)) => {
                    if self.running.asking.load(Ordering::Acquire) > 0 {
                        // The person's time is not the server's.
                        idle = Instant::now() + self.limits.call_idle;
                        self.total = self.total.max(idle);
                    } else {
                        break "The server did not answer in time.";
                    }
                }
            }
        };
        live.wire.forget(&id);
        // Its answer, should it still come, is nobody's.
        let _ = tokio::time::timeout(CANCELLING, handle.cancel(Some(words.to_owned()))).await;
        let fault = self.without_answer(words);
        Err(if self.call.cancel.is_cancelled() { Ended::with(fault) } else { Ended::suspect(fault) })
    }

    /// Puts to the person what the server wants before it goes on.
    async fn answer(
        &mut self,
        server: &ServerName,
        required: InputRequiredResult,
    ) -> Result<(Option<InputResponses>, Option<String>), Ended> {
        let Some(requests) = required.input_requests else { return Ok((None, required.request_state)) };
        let mut responses = InputResponses::new();
        for (name, request) in requests {
            let InputRequest::Elicitation(request) = request else {
                let words = "The server asks for something that is not offered to servers.";
                return Err(Ended::with(Fault::Unknown(words.to_owned())));
            };
            let began = Instant::now();
            let answer =
                connection::ask(&self.running, connection::question(server, request.params), &self.call.cancel).await;
            self.total += began.elapsed();
            if self.call.cancel.is_cancelled() {
                return Err(Ended::with(self.without_answer("It was stopped.")));
            }
            let answer =
                serde_json::to_value(answer).map_err(|_| Ended::with(self.without_answer("It cannot be answered.")))?;
            responses.insert(name, answer);
        }
        Ok((Some(responses), required.request_state))
    }

    fn tell(&self, Progress { message, fraction }: Progress) {
        // One place is kept for the end; a reader that is slow misses what lies between.
        if self.events.capacity() > 1 {
            let _ = self.events.try_send(CallEvent::Progress { message, fraction });
        }
    }

    /// What is known of a call that got no answer.
    fn without_answer(&self, words: &str) -> Fault {
        if self.running.left.load(Ordering::Acquire) {
            Fault::Unknown(format!("{words} Nobody knows what the server did."))
        } else {
            Fault::NotSent(words.to_owned())
        }
    }

    fn of_error(&self, error: ServiceError) -> Ended {
        match error {
            ServiceError::McpError(_) if self.running.unreadable.load(Ordering::Acquire) => {
                Ended::with(Fault::Unknown("The server's answer cannot be read.".to_owned()))
            }
            ServiceError::McpError(error) => {
                let is_stale = error.code == ErrorCode::METHOD_NOT_FOUND
                    || error.code == ErrorCode::INVALID_PARAMS
                    || says_unknown(&error.message);
                let fault = Fault::refused("The server refused the call.", &error.message);
                Ended { is_stale, ..Ended::with(fault) }
            }
            ServiceError::TransportSend(error) => Ended::suspect(match http::of_transport(&error) {
                Fault::Unknown(words) => self.without_answer(&words),
                fault => fault,
            }),
            ServiceError::TransportClosed => {
                let why = self.lease.0.wire.why();
                Ended::suspect(self.without_answer(why.as_deref().unwrap_or("The connection to the server broke.")))
            }
            ServiceError::Cancelled { .. } => Ended::with(self.without_answer("The server cancelled it.")),
            _ => Ended::with(self.without_answer("The server's answer cannot be read.")),
        }
    }
}
