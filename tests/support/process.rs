//! Child processes that die with the test: each leads its own group, which is killed on drop, and the kernel kills
//! it should this process go without dropping.

use std::{
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, OnceLock, mpsc},
    thread,
    time::{Duration, Instant},
};

use std::io::{BufRead, BufReader, Read};

/// A running child and what it has said.
pub struct Process {
    child: Child,
    name: String,
    out: Lines,
    err: Lines,
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn of(from: impl Read + Send + 'static) -> Self {
        let lines = Self::default();
        let store = lines.clone();
        thread::spawn(move || {
            for line in BufReader::new(from).split(b'\n') {
                let Ok(line) = line else { break };
                store.0.lock().unwrap().push(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
        });
        lines
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Process {
    /// Starts `command` in a group of its own.
    pub fn start(command: &Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = spawn(command);
        let out = Lines::of(child.stdout.take().unwrap());
        let err = Lines::of(child.stderr.take().unwrap());
        Self { child, name, out, err }
    }

    /// What it wrote to standard output.
    pub fn out(&self) -> Vec<String> {
        self.out.all()
    }

    /// What it wrote to standard error.
    pub fn err(&self) -> Vec<String> {
        self.err.all()
    }

    /// Waits for a line of standard output that `find` understands.
    pub fn line<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let end = Instant::now() + super::PATIENCE;
        loop {
            if let Some(found) = self.out().iter().find_map(|line| find(line)) {
                return found;
            }
            let ended = self.child.try_wait().unwrap();
            if ended.is_some() || Instant::now() > end {
                // What it said last may still be on its way through the pipe.
                thread::sleep(Duration::from_millis(50));
                if let Some(found) = self.out().iter().find_map(|line| find(line)) {
                    return found;
                }
                panic!(
                    "{} never said {what} (ended: {ended:?})\nstandard output:\n{}\nstandard error:\n{}",
                    self.name,
                    self.out().join("\n"),
                    self.err().join("\n")
                );
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// How much memory it holds just now, in bytes.
    pub fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<usize>().unwrap() * 1024
    }

    /// Sends a signal (`KILL`, `TERM`) to it alone.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success(), "cannot send {signal} to {}", self.name);
    }

    /// Kills the whole group at once and waits until it is gone.
    pub fn kill9(&mut self) {
        let group = format!("-{}", self.child.id());
        Command::new("kill").args(["-s", "KILL", "--", &group]).stderr(Stdio::null()).status().unwrap();
        let status = self.child.wait().unwrap();
        assert!(status.signal() == Some(9) || status.code().is_some(), "{} is still there", self.name);
    }

    /// Waits until it ends by itself; what runs has its time to come to an end before that.
    pub fn ended(&mut self) -> ExitStatus {
        let end = Instant::now() + super::PATIENCE * 2;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "{} does not end\n{}", self.name, self.err().join("\n"));
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill9();
    }
}

/// Spawns from a thread that lives as long as this process, for the kernel ties a child's death to the thread.
fn spawn(command: &Command) -> Child {
    type Job = (Command, mpsc::Sender<std::io::Result<Child>>);
    static SPAWNER: OnceLock<Mutex<mpsc::Sender<Job>>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (jobs, inbox) = mpsc::channel::<Job>();
        thread::spawn(move || {
            for (mut command, answer) in inbox {
                let _ = answer.send(command.spawn());
            }
        });
        Mutex::new(jobs)
    });

    let mut wrapped = Command::new("setpriv");
    wrapped.args(["--pdeathsig", "KILL", "--"]).arg(command.get_program()).args(command.get_args());
    wrapped.env_clear().envs(std::env::vars_os().filter(|(key, _)| key == "PATH" || key == "HOME"));
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(key, value),
            None => wrapped.env_remove(key),
        };
    }
    if let Some(directory) = command.get_current_dir() {
        wrapped.current_dir(directory);
    }
    wrapped.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());

    let (answer, child) = mpsc::channel();
    spawner.lock().unwrap().send((wrapped, answer)).unwrap();
    child.recv().unwrap().unwrap_or_else(|fault| panic!("cannot start {:?}: {fault}", command.get_program()))
}
