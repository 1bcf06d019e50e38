//! The sandbox: a process of its own for each script, so that nothing a script does to its engine, and no fault of
//! the engine's, reaches the server. It has no setting in its environment, limits of the operating system behind those of the
//! engine, and a low priority; the script in it has no files, no network and no processes, since nothing offers any.

use std::{
    io::{self, Read as _, Write as _},
    process::ExitCode,
};

use rustix::process::{Resource, Rlimit, nice, setrlimit};
use serde::{Deserialize, Serialize};

use super::engine::{self, Fault, Limits};

/// The command by which the program is the sandbox.
pub const COMMAND: &str = "script-sandbox";

/// All of its environment. The allocator may keep addresses free for later; were they memory at once, as in a server, they
/// would count as used by the script.
pub const ENVIRONMENT: [(&str, &str); 1] = [("MIMALLOC_ARENA_EAGER_COMMIT", "0")];

/// What the process needs beside the script: its own data and the stack of the thread.
const OWN_MEMORY: u64 = 64 << 20;

/// How much lower than the server's its priority is.
const PRIORITY: i32 = 10;

/// What the sandbox is told, as JSON on its standard input.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    /// The script.
    pub code: String,
    /// What it may use.
    pub limits: Limits,
}

/// What the sandbox tells, each as one line of JSON on its standard output.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Frame {
    /// What the script wrote to the console.
    Output(String),
    /// Its last value; nothing follows.
    Value(String),
    /// Why there is none; nothing follows.
    Fault(Fault),
}

/// The sandbox, from its first to its last breath. For the program's `main`, before it reads any setting.
pub fn main() -> ExitCode {
    match answer() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody reads this but who starts the command by hand.
            eprintln!("sayso {COMMAND}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn answer() -> io::Result<()> {
    let mut request = Vec::new();
    io::stdin().lock().read_to_end(&mut request)?;
    let Request { code, limits } = serde_json::from_slice(&request)?;
    confine(limits)?;
    let script = std::thread::Builder::new().stack_size(engine::THREAD_STACK).spawn(move || {
        let print = |text| {
            // With the server gone there is nothing left to do.
            if tell(&Frame::Output(text)).is_err() {
                std::process::exit(1);
            }
        };
        let last = match engine::evaluate(&code, limits, print) {
            Ok(value) => Frame::Value(value),
            Err(fault) => Frame::Fault(fault),
        };
        tell(&last)
    })?;
    script.join().map_err(|_| io::Error::other("the engine panicked"))?
}

fn tell(frame: &Frame) -> io::Result<()> {
    let mut line = serde_json::to_vec(frame)?;
    line.push(b'\n');
    let mut out = io::stdout().lock();
    out.write_all(&line)?;
    out.flush()
}

/// What the operating system enforces, should the engine not: seconds of a processor (also when the server died and
/// cannot end this process any more), memory, no file that grows, no new file, no image of a crash.
fn confine(limits: Limits) -> io::Result<()> {
    let seconds = limits.time.as_secs().saturating_add(2);
    let memory = u64::try_from(limits.memory).unwrap_or(u64::MAX).saturating_add(OWN_MEMORY);
    for (resource, most) in [
        (Resource::Cpu, seconds),
        (Resource::Data, memory),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        // Standard input, output and error are open already.
        (Resource::Nofile, 3),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    nice(PRIORITY)?;
    Ok(())
}
