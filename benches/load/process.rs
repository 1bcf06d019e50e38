//! Servers under load, each a process of its own: what it took of the processor and the memory is read from `/proc`.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use crate::stamp;

/// The kernel's unit of processor time: USER_HZ, 100 on every Linux.
const TICK_MILLISECONDS: f64 = 10.0;

/// What all processors of this machine spent so far: in all, and of that on others by the host's doing. proc(5): the first
/// line of `/proc/stat` ends in stolen time and two that are part of others.
pub fn machine() -> (f64, f64) {
    let stat = std::fs::read_to_string("/proc/stat").unwrap();
    let fields = stat.lines().next().unwrap().split_whitespace().skip(1).take(8);
    let ticks: Vec<f64> = fields.map(|field| field.parse().unwrap()).collect();
    (ticks.iter().sum(), ticks[7])
}

/// A server; killed when this is dropped.
pub struct Process {
    child: Child,
    /// Where it listens: `127.0.0.1:40000`.
    pub address: String,
    /// What it printed after that, if anything.
    pub link: Option<String>,
}

impl Process {
    /// Starts it and waits for the line that says where it listens; of a first start, also for the link.
    pub fn start(command: &mut Command, has_link: bool) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = || lines.next().expect("the server says where it listens").unwrap();
        let address = line().rsplit([' ', '/']).next().unwrap().to_owned();
        let link = has_link.then(|| line().rsplit(' ').next().unwrap().to_owned());
        Self { child, address, link }
    }

    /// Another role of this very program.
    pub fn role(arguments: &[&str]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        Self::start(command.args(arguments).env(stamp::BEGAN_VARIABLE, stamp::began().to_string()), false)
    }

    /// Processor time so far, of user and kernel, in milliseconds.
    pub fn processor(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // proc(5): after the name in brackets the state, and the 12th and 13th after it are the times.
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks = |place: usize| fields.split_whitespace().nth(place).unwrap().parse::<f64>().unwrap();
        (ticks(11) + ticks(12)) * TICK_MILLISECONDS
    }

    /// Resident memory, in KiB.
    pub fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
