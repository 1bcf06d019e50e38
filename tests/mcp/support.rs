//! A server, a connection to it, and what is left of it afterwards.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use futures_util::StreamExt as _;
use sayso::{
    tools::{
        Arguments,
        mcp::{
            Call, CallEvent, CallResult, CallRun, ConnectionKey, Decline, Elicit, Fault, Freshness, Launch, Limits,
            Listing, NoTokens, Secret, ServerSpec, Servers, State, Tokens,
        },
        net::Guard,
    },
    types::TenantId,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub fn hostile() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mcp/hostile.py")
}

/// Python itself, not a script that finds it.
fn python() -> &'static str {
    static PYTHON: OnceLock<String> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let found = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().unwrap();
        String::from_utf8(found.stdout).unwrap().trim().to_owned()
    })
}

/// Limits that a test can wait for.
pub fn quick() -> Limits {
    Limits {
        connect: Duration::from_secs(40),
        list: Duration::from_secs(20),
        call_idle: Duration::from_secs(20),
        call_total: Duration::from_secs(60),
        first_wait: Duration::from_millis(10),
        ..Limits::default()
    }
}

pub fn servers(tokens: Arc<dyn Tokens>) -> Servers {
    Servers::new(tokio::runtime::Handle::current(), Guard::new("Sayso/test").unwrap(), true, tokens).unwrap()
}

/// A server of one tenant, and the connection to it.
pub struct Site {
    pub servers: Servers,
    pub key: ConnectionKey,
    pub spec: Arc<ServerSpec>,
    pub mark: String,
    pub folder: tempfile::TempDir,
}

impl Site {
    /// The hostile one over pipes.
    pub fn hostile(mode: &str) -> Self {
        Self::hostile_with(mode, quick())
    }

    pub fn hostile_with(mode: &str, limits: Limits) -> Self {
        Self::process(python(), &[hostile().to_str().unwrap(), mode], limits)
    }

    pub fn process(command: &str, args: &[&str], limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mark = Uuid::now_v7().to_string();
        let log = folder.path().join("log").to_str().unwrap().to_owned();
        let env = [("HOSTILE_LOG", log.as_str()), ("TEST_MARK", &mark), ("PYTHONDONTWRITEBYTECODE", "1")];
        let launch = Launch::Process {
            command: command.to_owned(),
            args: args.iter().map(|&argument| argument.to_owned()).collect(),
            env: env.map(|(name, value)| (name.to_owned(), Secret::from(value.to_owned()))).into(),
            folder: None,
        };
        Self::over(launch, limits, mark, folder)
    }

    fn over(launch: Launch, limits: Limits, mark: String, folder: tempfile::TempDir) -> Self {
        let servers = servers(Arc::new(NoTokens));
        let name = "it".parse().unwrap();
        let key = ConnectionKey { tenant: TenantId::new(), server: "it".parse().unwrap(), user: None };
        Self { servers, key, spec: Arc::new(ServerSpec { name, launch, limits, per_person: false }), mark, folder }
    }

    /// One that is somewhere.
    pub fn at(url: &str, limits: Limits) -> Self {
        let launch = Launch::Http { url: url.parse().unwrap(), headers: BTreeMap::new() };
        Self::over(launch, limits, Uuid::now_v7().to_string(), tempfile::tempdir().unwrap())
    }

    pub async fn list(&self) -> Result<Arc<Listing>, Fault> {
        self.servers.list(&self.key, &self.spec, Freshness::Fresh).await
    }

    pub fn start(&self, tool: &str, arguments: &str, elicit: Arc<dyn Elicit>, cancel: &CancellationToken) -> CallRun {
        let arguments = Arguments::parse(arguments).unwrap();
        self.servers.call(
            &self.key,
            &self.spec,
            Call { tool: tool.to_owned(), arguments, elicit, cancel: cancel.clone() },
        )
    }

    /// Calls and waits for the end: the progress, and how it ended.
    pub async fn run(
        &self,
        tool: &str,
        arguments: &str,
    ) -> (Vec<(Option<String>, Option<f64>)>, Result<CallResult, Fault>) {
        all(self.start(tool, arguments, Arc::new(Decline), &CancellationToken::new())).await
    }

    pub async fn call(&self, tool: &str, arguments: &str) -> Result<CallResult, Fault> {
        self.run(tool, arguments).await.1
    }

    /// What the server was sent, line by line.
    pub fn received(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// The calls that the server was sent.
    pub fn calls(&self) -> Vec<String> {
        self.received().into_iter().filter(|line| line.contains(r#""tools/call""#)).collect()
    }

    pub fn state(&self) -> State {
        self.servers.status(&self.key).state
    }

    /// Waits for a state.
    pub async fn until(&self, state: State) {
        until(&format!("the state {state:?}"), || self.state() == state).await;
    }

    /// Closes everything in time; nothing is left of it.
    pub async fn close(self) {
        let began = Instant::now();
        self.servers.close_all().await;
        assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
        assert_eq!(self.servers.tasks(), 0, "tasks are left");
        let left = processes(&self.mark);
        assert!(left.is_empty(), "processes are left: {left:?}");
    }
}

/// The events of a call to its end, of which there is one.
pub async fn all(mut run: CallRun) -> (Vec<(Option<String>, Option<f64>)>, Result<CallResult, Fault>) {
    let mut progress = Vec::new();
    let whole = async {
        loop {
            match run.next().await.expect("an end") {
                CallEvent::Progress { message, fraction } => progress.push((message, fraction)),
                CallEvent::Ended(result) => {
                    assert_eq!(run.next().await, None, "something came after the end");
                    return result;
                }
            }
        }
    };
    let result = tokio::time::timeout(Duration::from_secs(90), whole).await.expect("the call ends");
    (progress, result)
}

/// Looks again and again, each time after others had their turn, until it is so.
pub async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(60), "never came: {what}");
        ticks.tick().await;
    }
}

/// Running processes that have this mark in their environment.
pub fn processes(mark: &str) -> Vec<String> {
    let mut found = Vec::new();
    for process in std::fs::read_dir("/proc").unwrap().flatten() {
        let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
        let entry = format!("TEST_MARK={mark}");
        if environment.split(|byte| *byte == 0).any(|line| line == entry.as_bytes()) {
            let command = std::fs::read_to_string(process.path().join("cmdline")).unwrap_or_default();
            found.push(command.replace('\0', " "));
        }
    }
    found
}

/// A server that runs by itself and prints its port; ended with this.
pub struct Running {
    child: Child,
    pub port: u16,
    pub folder: tempfile::TempDir,
}

impl Running {
    /// The hostile one over HTTP.
    pub fn hostile(mode: &str) -> Self {
        Self::hostile_at(mode, 0)
    }

    pub fn hostile_at(mode: &str, port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(python());
        command.arg(hostile()).args(["http", mode]).env("HOSTILE_LOG", folder.path().join("log"));
        command.env("HOSTILE_PORT", port.to_string()).env("PYTHONDONTWRITEBYTECODE", "1");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, port: line.trim().parse().unwrap(), folder }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/mcp", self.port)
    }

    pub fn received(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    pub fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
