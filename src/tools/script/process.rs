//! The server's side of the sandbox: starts the process, reads what it tells, and ends it.

use std::{
    ffi::OsString,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::sandbox::{self, Frame, Request};

/// The most bytes a sandbox may tell: twice what an honest one does, since its words are no more to be trusted than
/// what runs in it.
const MAX_TOLD: u64 = 1 << 20;

/// Frames that may wait to be read.
const FRAMES_AHEAD: usize = 16;

/// How a sandbox is started.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

impl Launch {
    /// This program once more. On Linux it is the running one, even if its file was replaced by an upgrade.
    ///
    /// # Errors
    /// When the system does not say which program this is.
    pub fn this_program() -> io::Result<Self> {
        let running = PathBuf::from("/proc/self/exe");
        let program = if running.exists() { running } else { std::env::current_exe()? };
        Ok(Self { program, arguments: vec![sandbox::COMMAND.into()] })
    }

    fn start(&self) -> io::Result<Child> {
        Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .envs(sandbox::ENVIRONMENT)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
    }
}

/// What comes of a sandbox.
#[derive(Debug)]
pub(super) enum Told {
    /// It said so.
    Frame(Frame),
    /// It ended without a last frame, or could not be started; in words.
    Broke(String),
}

/// A sandbox that runs, or is about to. Dropped, it is killed.
pub(super) struct Sandboxed {
    process: Arc<Process>,
    told: mpsc::Receiver<Told>,
}

impl Sandboxed {
    /// Starts it on a thread that may block; `place` is free again when the process is gone.
    pub fn start(launch: Launch, request: Request, place: OwnedSemaphorePermit) -> Self {
        let process = Arc::new(Process::default());
        let (sender, told) = mpsc::channel(FRAMES_AHEAD);
        let child = process.clone();
        tokio::task::spawn_blocking(move || {
            let _place = place;
            let ended = follow(&child, &launch, &request, &sender);
            let status = child.end();
            let broke = match (ended, status) {
                (Ok(true), _) => return,
                (Ok(false), Some(status)) => format!("it ended with {status}"),
                (Ok(false), None) => "it was ended".to_owned(),
                (Err(error), _) => error.to_string(),
            };
            // Nobody there any more: nobody to tell.
            let _ = sender.blocking_send(Told::Broke(broke));
        });
        Self { process, told }
    }

    /// What it tells next; `None` when nothing more will come.
    pub async fn next(&mut self) -> Option<Told> {
        self.told.recv().await
    }
}

impl Drop for Sandboxed {
    fn drop(&mut self) {
        self.process.kill();
    }
}

/// Reads to the end of what it tells; whether that ended with a last frame.
fn follow(process: &Process, launch: &Launch, request: &Request, sender: &mpsc::Sender<Told>) -> io::Result<bool> {
    let Some((mut input, output)) = process.begin(launch)? else { return Ok(false) };
    // It reads everything before it tells anything, so neither waits for the other. If it does not read to the end,
    // how it ended says more.
    let _ = input.write_all(&serde_json::to_vec(request)?);
    drop(input);
    let mut lines = BufReader::new(output.take(MAX_TOLD));
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let frame: Frame = serde_json::from_slice(&line)?;
        let last = !matches!(frame, Frame::Output(_));
        if sender.blocking_send(Told::Frame(frame)).is_err() || last {
            return Ok(last);
        }
        line.clear();
    }
    Ok(false)
}

/// The process; killed at most once, and always waited for.
#[derive(Default)]
struct Process {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    child: Option<Child>,
    killed: bool,
}

impl Process {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts it, unless it was killed before it began.
    fn begin(&self, launch: &Launch) -> io::Result<Option<(std::process::ChildStdin, std::process::ChildStdout)>> {
        let mut state = self.state();
        if state.killed {
            return Ok(None);
        }
        let child = state.child.insert(launch.start()?);
        Ok(child.stdin.take().zip(child.stdout.take()))
    }

    fn is_killed(&self) -> bool {
        self.state().killed
    }

    fn kill(&self) {
        let mut state = self.state();
        state.killed = true;
        if let Some(child) = &mut state.child
            && let Err(error) = child.kill()
        {
            tracing::warn!(%error, "a sandbox could not be ended");
        }
    }

    /// Makes sure that it has ended, and frees what the system keeps of it; how it ended, if it was not killed by us
    /// before.
    fn end(&self) -> Option<ExitStatus> {
        let was_killed = self.is_killed();
        self.kill();
        let child = self.state().child.take();
        let status = child.and_then(|mut child| child.wait().ok());
        status.filter(|_| !was_killed)
    }
}
