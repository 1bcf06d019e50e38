//! One connection: started or reached, its protocol agreed on, and closed with all it stood for.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rmcp::{
    ClientHandler,
    model::{
        ClientCapabilities, ClientConfig, CustomRequest, CustomResult, ElicitRequestParams, ElicitResult,
        ElicitationAction, ElicitationCapability, ErrorCode, ErrorData, FormElicitationCapability, Implementation,
        ListRootsRequestMethod, ProtocolVersion, SubscriptionFilter, UrlElicitationCapability,
    },
    service::{
        ClientInitializeError, ClientLifecycleMode, ClientServiceExt as _, InboundStreamOrigin, Peer, RequestContext,
        RoleClient, RunningService,
    },
    transport::Transport,
};
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{
    Answer, ConnectionKey, Era, Fault, Launch, Question, ServerName, ServerSpec, Tokens, Wanted,
    fault::said,
    http::{self, Net},
    process::{Process, Tail},
    stdio::Stdio,
    tap::{Running, Tap, Wire},
    words,
};
use crate::config::VERSION;

/// The most questions of one call.
const MAX_QUESTIONS: usize = 10;
/// The most characters of a question and of an address.
const MAX_QUESTION: usize = 4000;
const MAX_ADDRESS: usize = 4096;
/// How long the library's part may take to close.
const CLOSING: Duration = Duration::from_secs(2);

/// A connection that answers, as its users see it.
pub(super) struct Live {
    /// Of the connections of its key the how-manieth.
    pub number: u64,
    pub peer: Peer<RoleClient>,
    pub wire: Arc<Wire>,
    pub era: Era,
    pub protocol: String,
    pub server: Option<(String, String)>,
    pub has_tools: bool,
    pub is_http: bool,
    users: AtomicUsize,
    used: Mutex<Instant>,
}

impl Live {
    /// When it is to be closed because nobody uses it; `None` while somebody does.
    pub fn idle_at(&self, idle: Duration) -> Option<Instant> {
        let used = *self.used.lock().unwrap_or_else(PoisonError::into_inner);
        (self.users.load(Ordering::Acquire) == 0).then(|| used + idle)
    }
}

/// The use of a connection: while one is held it is not closed for idleness.
pub(super) struct Lease(pub Arc<Live>);

impl Lease {
    pub fn new(live: Arc<Live>) -> Self {
        live.users.fetch_add(1, Ordering::AcqRel);
        Self(live)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        *self.0.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.0.users.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A connection with what it is made of; its owner alone holds it.
pub(super) struct Held {
    pub live: Arc<Live>,
    service: RunningService<RoleClient, Handler>,
    process: Option<Process>,
    listener: Option<JoinHandle<()>>,
}

impl Held {
    /// Closes it: at the end no process is left. Why it had closed already, if it had.
    pub async fn close(mut self) -> Option<String> {
        if let Some(listener) = self.listener.take() {
            listener.abort();
        }
        let had_closed = self.live.wire.closed.is_cancelled();
        let _ = self.service.close_with_timeout(CLOSING).await;
        let status = match self.process.take() {
            Some(process) => process.end().await,
            None => None,
        };
        let why = self.live.wire.why();
        match (had_closed, status) {
            (false, _) => None,
            (true, Some(status)) if why.is_none() => Some(format!("The server's process ended ({status}).")),
            (true, _) => Some(why.unwrap_or_else(|| "The connection to the server broke.".to_owned())),
        }
    }
}

/// What a connection is made with.
pub(super) struct Making<'a> {
    pub key: &'a ConnectionKey,
    pub spec: &'a ServerSpec,
    pub era: Option<Era>,
    pub number: u64,
    pub net: &'a Net,
    pub tokens: &'a Arc<dyn Tokens>,
    pub stale: &'a Arc<AtomicBool>,
    pub tail: &'a Arc<Tail>,
}

/// A way that did not work.
struct Failure {
    fault: Fault,
    /// Whether the older way may work where this one did not.
    try_older: bool,
    /// Whether it broke, and nobody knows why.
    broke: bool,
}

impl Failure {
    fn last(fault: Fault) -> Self {
        Self { fault, try_older: false, broke: false }
    }
}

/// Starts or reaches the server. Without knowledge of its era it is asked what it can, and greeted the older way if it
/// does not understand: some answer nonsense, some break at it.
pub(super) async fn open(making: Making<'_>) -> Result<Held, Fault> {
    let deadline = Instant::now() + making.spec.limits.connect;
    let newer = || ClientLifecycleMode::Auto {
        preferred_versions: vec![ProtocolVersion::V_2026_07_28],
        legacy_version: Some(ProtocolVersion::V_2025_11_25),
    };
    let older = ClientLifecycleMode::Initialize;
    let result = if making.era == Some(Era::Initialised) {
        attempt(&making, older, deadline).await
    } else {
        match attempt(&making, newer(), deadline).await {
            Err(failure) if failure.try_older => attempt(&making, older, deadline).await,
            result => result,
        }
    };
    result.map_err(|failure| failure.fault.unsent())
}

async fn attempt(making: &Making<'_>, mode: ClientLifecycleMode, deadline: Instant) -> Result<Held, Failure> {
    let wire = Arc::new(Wire::new(Arc::clone(making.stale)));
    let most = making.spec.limits.message;
    match &making.spec.launch {
        Launch::Process { command, args, env, folder } => {
            let started = Process::start(command, args, env, folder.as_deref(), Arc::clone(making.tail));
            let (process, input, output) = started.map_err(|error| {
                let words = words::bounded(&words::line(command), 200);
                Failure::last(Fault::NotSent(format!("The server's program {words} cannot be started: {error}.")))
            })?;
            let stdio = Stdio::new(input, output, most, Arc::clone(&wire));
            match greet(making, Tap::new(stdio, Arc::clone(&wire)), &wire, mode, deadline).await {
                Ok((live, service)) => Ok(held(live, service, Some(process))),
                Err(mut failure) => {
                    // It is gone before it is told, so that a second way does not meet the first.
                    let status = process.end().await;
                    if let (true, Some(status)) = (failure.broke, status) {
                        let words = format!("The server's process ended ({status}) before it answered.");
                        failure.fault = Fault::NotSent(words);
                    }
                    Err(failure)
                }
            }
        }
        Launch::Http { url, headers } => {
            let transport =
                making.net.transport(url, headers, making.tokens, making.key, most).map_err(Failure::last)?;
            let (live, service) = greet(making, Tap::new(transport, Arc::clone(&wire)), &wire, mode, deadline).await?;
            Ok(held(live, service, None))
        }
    }
}

fn held(live: Live, service: RunningService<RoleClient, Handler>, process: Option<Process>) -> Held {
    let live = Arc::new(live);
    let announces = service
        .peer()
        .peer_info()
        .is_some_and(|info| info.capabilities.tools.as_ref().is_some_and(|tools| tools.list_changed == Some(true)));
    let listener = (live.era == Era::Discovered && announces).then(|| tokio::spawn(listen(live.peer.clone())));
    Held { live, service, process, listener }
}

/// Keeps the stream open on which newer servers tell that their list changed. What comes on it the tap takes; if it ends,
/// the list's own time limit must do.
async fn listen(peer: Peer<RoleClient>) {
    let filter = SubscriptionFilter::builder().tools_list_changed().build();
    let Ok(Ok(mut changes)) = tokio::time::timeout(Duration::from_secs(10), peer.listen(filter)).await else { return };
    while let Ok(Some(_)) = changes.next().await {}
}

async fn greet<T>(
    making: &Making<'_>,
    transport: Tap<T>,
    wire: &Arc<Wire>,
    mode: ClientLifecycleMode,
    deadline: Instant,
) -> Result<(Live, RunningService<RoleClient, Handler>), Failure>
where
    T: Transport<RoleClient> + Send + 'static,
    T::Error: std::error::Error + Send + Sync + 'static,
{
    let asked_newer = mode != ClientLifecycleMode::Initialize;
    let handler = Handler { server: making.spec.name.clone(), wire: Arc::clone(wire) };
    let greeting = tokio::time::timeout_at(deadline.into(), handler.serve_with_lifecycle(transport, mode)).await;
    let service = match greeting {
        Ok(Ok(service)) => service,
        Ok(Err(error)) => {
            let fault = of_greeting(&error, wire);
            // Whoever cannot be reached, or wants to know who is there, says the same the other way.
            let try_older = asked_newer && matches!(fault, Fault::Unknown(_) | Fault::Refused(_));
            let broken = matches!(
                error,
                ClientInitializeError::ConnectionClosed(_) | ClientInitializeError::TransportError { .. }
            );
            return Err(Failure { fault: fault.unsent(), try_older, broke: broken && wire.why().is_none() });
        }
        Err(_) => {
            let seconds = making.spec.limits.connect.as_secs();
            return Err(Failure::last(Fault::NotSent(format!("The server did not answer within {seconds} seconds."))));
        }
    };
    let peer = service.peer().clone();
    let info = peer.peer_info();
    let version = info.as_ref().map(|info| info.protocol_version.clone());
    let era =
        if version.as_ref().is_none_or(ProtocolVersion::has_initialize) { Era::Initialised } else { Era::Discovered };
    let label = |text: &str| words::bounded(&words::line(text), 100);
    let server = info.as_ref().and_then(|info| info.server_info.as_ref());
    let live = Live {
        number: making.number,
        wire: Arc::clone(wire),
        era,
        protocol: version.map(|version| label(version.as_str())).unwrap_or_default(),
        server: server.map(|server| (label(server.title.as_ref().unwrap_or(&server.name)), label(&server.version))),
        has_tools: info.as_ref().is_none_or(|info| info.capabilities.tools.is_some()),
        is_http: matches!(making.spec.launch, Launch::Http { .. }),
        users: AtomicUsize::new(0),
        used: Mutex::new(Instant::now()),
        peer,
    };
    Ok((live, service))
}

fn of_greeting(error: &ClientInitializeError, wire: &Wire) -> Fault {
    if let Some(challenge) = error.auth_challenge() {
        return Fault::of_challenge(challenge);
    }
    match error {
        ClientInitializeError::TransportError { error, .. } => http::of_transport(error),
        ClientInitializeError::LegacyFallbackFailed { fallback, .. } => of_greeting(fallback, wire),
        ClientInitializeError::JsonRpcError(error) => {
            Fault::refused("The server refused the greeting.", &error.message)
        }
        ClientInitializeError::ConnectionClosed(_) => {
            Fault::Unknown(wire.why().unwrap_or_else(|| "The connection closed before the server answered.".to_owned()))
        }
        ClientInitializeError::NoCompatibleProtocolVersion { server_supported, .. } => {
            let versions: Vec<&str> = server_supported.iter().take(10).map(ProtocolVersion::as_str).collect();
            Fault::Refused(said("The server speaks no revision that Sayso knows.", &versions.join(", ")))
        }
        _ => Fault::Unknown("The server's greeting cannot be read.".to_owned()),
    }
}

/// What we are to a server. Sampling and roots are not offered, and refused where they are asked for nevertheless.
pub(super) struct Handler {
    server: ServerName,
    wire: Arc<Wire>,
}

impl ClientHandler for Handler {
    fn get_info(&self) -> ClientConfig {
        let mut capabilities = ClientCapabilities::default();
        let elicitation = ElicitationCapability::new().with_form(FormElicitationCapability::new());
        capabilities.elicitation = Some(elicitation.with_url(UrlElicitationCapability::new()));
        ClientConfig::new(capabilities, Implementation::new("sayso", VERSION))
            .with_protocol_version(ProtocolVersion::V_2025_11_25)
    }

    #[allow(deprecated, reason = "what is refused has to be named")]
    async fn list_roots(
        &self,
        _context: RequestContext<RoleClient>,
    ) -> Result<rmcp::model::ListRootsResult, ErrorData> {
        Err(ErrorData::method_not_found::<ListRootsRequestMethod>())
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let origin = context.extensions.get::<InboundStreamOrigin>();
        let version = context.peer.peer_info().map(|info| info.protocol_version.clone());
        let initialised = version.as_ref().is_none_or(ProtocolVersion::has_initialize);
        let Some(running) = self.wire.belongs_to(origin, initialised) else {
            return Ok(ElicitResult::new(ElicitationAction::Decline));
        };
        Ok(ask(&running, question(&self.server, request), &context.ct).await)
    }

    /// Questions that the library cannot read, because its schema of schemas is narrower than what servers write (a
    /// field that may be null, a format of their own): the person is asked all the same, and what they answer is held
    /// against the server's schema as it came.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleClient>,
    ) -> Result<CustomResult, ErrorData> {
        if request.method != "elicitation/create" {
            return Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, request.method, None));
        }
        let origin = context.extensions.get::<InboundStreamOrigin>();
        let version = context.peer.peer_info().map(|info| info.protocol_version.clone());
        let initialised = version.as_ref().is_none_or(ProtocolVersion::has_initialize);
        let answer = match self.wire.belongs_to(origin, initialised) {
            Some(running) => ask(&running, read(&self.server, request.params), &context.ct).await,
            None => ElicitResult::new(ElicitationAction::Decline),
        };
        let answer = serde_json::to_value(answer).map_err(|_| ErrorData::internal_error("no answer", None))?;
        Ok(CustomResult::new(answer))
    }
}

/// Puts a question to the person of a call, unless there are too many.
pub(super) async fn ask(running: &Running, question: Option<Question>, withdrawn: &CancellationToken) -> ElicitResult {
    /// Counts a question for as long as it waits.
    struct Asking<'a>(&'a AtomicUsize);
    impl Drop for Asking<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::AcqRel);
        }
    }
    let Some(question) = question else { return ElicitResult::new(ElicitationAction::Decline) };
    if running.asked.fetch_add(1, Ordering::AcqRel) >= MAX_QUESTIONS {
        return ElicitResult::new(ElicitationAction::Decline);
    }
    running.asking.fetch_add(1, Ordering::AcqRel);
    let _asking = Asking(&running.asking);
    let is_form = matches!(question.wanted, Wanted::Form { .. });
    let answer = tokio::select! {
        answer = running.elicit.ask(question) => answer,
        () = running.over.cancelled() => Answer::Cancel,
        () = withdrawn.cancelled() => Answer::Cancel,
    };
    match answer {
        Answer::Accept(values) if is_form => ElicitResult::new(ElicitationAction::Accept).with_content(values.into()),
        Answer::Accept(_) => ElicitResult::new(ElicitationAction::Accept),
        Answer::Decline => ElicitResult::new(ElicitationAction::Decline),
        Answer::Cancel => ElicitResult::new(ElicitationAction::Cancel),
    }
}

/// A form as it came, of a request that the library does not know.
fn read(server: &ServerName, params: Option<Value>) -> Option<Question> {
    let params = params?;
    let schema = params.get("requestedSchema").filter(|schema| schema.is_object())?.clone();
    let message = params.get("message").and_then(Value::as_str)?;
    let message = words::bounded(&words::clean(message), MAX_QUESTION);
    Some(Question { server: server.clone(), message, wanted: Wanted::Form { schema } })
}

/// What a request asks; `None` for what nobody can be asked.
pub(super) fn question(server: &ServerName, request: ElicitRequestParams) -> Option<Question> {
    let (message, wanted) = match request {
        ElicitRequestParams::FormElicitationParams { message, requested_schema, .. } => {
            (message, Wanted::Form { schema: serde_json::to_value(requested_schema).ok()? })
        }
        ElicitRequestParams::UrlElicitationParams { message, url, .. } if url.len() <= MAX_ADDRESS => {
            (message, Wanted::Address { url: words::line(&url) })
        }
        _ => return None,
    };
    let message = words::bounded(&words::clean(&message), MAX_QUESTION);
    Some(Question { server: server.clone(), message, wanted })
}
