//! Servers that are processes: started in a group of their own, with a bare environment, and ended with everything
//! they started.
//!
//! The attacks meant: a server that reads Sayso's secrets from its environment; one that fills the pipe nobody
//! reads; one that ignores being asked to end, or leaves processes behind that go on.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    path::Path,
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use secrecy::ExposeSecret as _;
use tokio::{
    io::AsyncReadExt as _,
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command},
    task::JoinHandle,
};
use uuid::Uuid;

use super::{Secret, words};

/// What is kept of standard error.
const MAX_TAIL: usize = 64 * 1024;

/// What a server gets of Sayso's environment.
const ENVIRONMENT: [&str; 4] = ["PATH", "HOME", "LANG", "TMPDIR"];

/// By which the processes of one server are found that left its group.
const MARK: &str = "SAYSO_MCP_SERVER";

/// How often it is looked for processes that go on; each look takes some milliseconds.
const LOOKS: usize = 50;

/// How long a server may take to end after its input has, and after it was asked to.
const GRACE: Duration = Duration::from_millis(1500);

/// The last bytes of a stream.
#[derive(Default)]
pub(super) struct Tail(Mutex<VecDeque<u8>>);

impl Tail {
    fn push(&self, bytes: &[u8]) {
        let mut tail = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend(bytes);
        let surplus = tail.len().saturating_sub(MAX_TAIL);
        tail.drain(..surplus);
    }

    /// As text, clean.
    pub fn text(&self) -> String {
        let bytes: Vec<u8> = self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect();
        words::clean(&String::from_utf8_lossy(&bytes))
    }
}

/// A server's process and all that it started. Dropped, they are killed.
pub(super) struct Process {
    child: Child,
    group: Option<Pid>,
    mark: String,
    reader: JoinHandle<()>,
    ended: bool,
}

impl Process {
    /// Starts it. What it writes to standard error goes into `tail`.
    pub fn start(
        command: &str,
        args: &[String],
        env: &BTreeMap<String, Secret>,
        folder: Option<&Path>,
        tail: Arc<Tail>,
    ) -> io::Result<(Self, ChildStdin, ChildStdout)> {
        let mark = format!("{}.{}", ourselves(), Uuid::new_v7(uuid::Timestamp::now(uuid::NoContext)));
        let mut start = Command::new(command);
        start.args(args).env_clear();
        for name in ENVIRONMENT {
            if let Some(value) = std::env::var_os(name) {
                start.env(name, value);
            }
        }
        for (name, value) in env {
            start.env(name, value.expose_secret());
        }
        start.env(MARK, &mark);
        if let Some(folder) = folder {
            start.current_dir(folder);
        }
        start.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = start.process_group(0).kill_on_drop(true).spawn()?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let (Some(input), Some(output), Some(errors)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::Error::other("the process has no pipes"));
        };
        let reader = tokio::spawn(drain(errors, tail));
        Ok((Self { child, group, mark, reader, ended: false }, input, output))
    }

    /// Ends it, its input being closed already: waits, asks, then kills; at the end nothing it started is left.
    /// How it ended, if it did so before it was asked to.
    pub async fn end(mut self) -> Option<ExitStatus> {
        let mut status = tokio::time::timeout(GRACE, self.child.wait()).await.ok().and_then(Result::ok);
        let by_itself = status;
        if status.is_none() {
            self.signal(Signal::TERM);
            status = tokio::time::timeout(GRACE, self.child.wait()).await.ok().and_then(Result::ok);
        }
        // Whoever is left of the group, whether its first process is gone or not.
        self.signal(Signal::KILL);
        if status.is_none() {
            // A killed process ends, unless the system itself is stuck with it.
            let _ = tokio::time::timeout(GRACE, self.child.wait()).await;
        }
        self.ended = true;
        let mark = self.mark.clone();
        let _ = tokio::task::spawn_blocking(move || kill_marked(&mark)).await;
        // A last word may still be in the pipe.
        let _ = tokio::time::timeout(Duration::from_millis(200), &mut self.reader).await;
        by_itself
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            // Nobody there any more: nobody to tell.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.reader.abort();
        if !self.ended {
            self.signal(Signal::KILL);
            kill_marked(&self.mark);
        }
    }
}

async fn drain(mut errors: ChildStderr, tail: Arc<Tail>) {
    let mut bytes = vec![0; 8192];
    while let Ok(count) = errors.read(&mut bytes).await {
        match bytes.get(..count) {
            Some(read) if count > 0 => tail.push(read),
            _ => break,
        }
    }
}

/// Kills what left the group but kept the environment: a process that made a session of its own. Where the system
/// shows no environments, the group is all that can be reached. One that starts another and ends may be in between two
/// looks, so it is looked until nothing is found.
fn kill_marked(mark: &str) {
    for _ in 0..LOOKS {
        if kill_where(|marked| marked == mark) == 0 {
            return;
        }
    }
}

/// Kills what servers of a Sayso left that died without ending them. To be called at a start: whoever is alive is asked
/// by number and time of start, so another Sayso on this machine keeps its own.
pub fn kill_orphans() {
    let is_orphan = |marked: &str| {
        let owner = marked.rsplit_once('.').and_then(|(owner, _)| owner.split_once('-'));
        owner.is_some_and(|(id, start)| {
            id.parse().is_ok_and(|id: u32| started_at(id).is_none_or(|at| at.to_string() != start))
        })
    };
    for _ in 0..LOOKS {
        match kill_where(is_orphan) {
            0 => return,
            count => {
                tracing::warn!(count, "processes of servers of tools were left by a Sayso that died; they were ended")
            }
        }
    }
}

/// This process, as no other was or will be for a long time: its number and when it began.
fn ourselves() -> String {
    let id = std::process::id();
    format!("{id}-{}", started_at(id).unwrap_or_default())
}

/// When a process began, in ticks since the system did; `None` where there is none, or the system does not tell. The
/// 22nd field of `/proc/{id}/stat`, of which the second is a name in brackets that may hold anything.
fn started_at(id: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, after) = stat.rsplit_once(')')?;
    after.split_whitespace().nth(19)?.parse().ok()
}

/// Kills every process with a mark of which that is true; how many.
fn kill_where(is_meant: impl Fn(&str) -> bool) -> usize {
    let Ok(processes) = std::fs::read_dir("/proc") else { return 0 };
    let mut killed = 0;
    for process in processes.flatten() {
        let Some(id) = process.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        let Ok(environment) = std::fs::read(process.path().join("environ")) else { continue };
        let mut marks = environment.split(|byte| *byte == 0).filter_map(|entry| {
            let (name, value) = std::str::from_utf8(entry).ok()?.split_once('=')?;
            (name == MARK).then_some(value)
        });
        if marks.any(&is_meant)
            && let Some(id) = Pid::from_raw(id)
            && kill_process(id, Signal::KILL).is_ok()
        {
            killed += 1;
        }
    }
    killed
}
