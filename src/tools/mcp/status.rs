//! How it stands with a connection, for people.

use std::time::SystemTime;

use super::Fault;

/// Which of the protocol's two ways a server goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    /// 2026-07-28 and later: it is asked what it can, and each request stands for itself.
    Discovered,
    /// 2025-11-25 and before: a handshake comes first.
    Initialised,
}

/// The state of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nobody needed it yet, or not for a while.
    #[default]
    Idle,
    /// It is being started or reached.
    Connecting,
    /// It answers.
    Ready,
    /// It asks who is there.
    NeedsAuthorisation,
    /// It is connected, but did not answer the last time.
    Degraded,
    /// It cannot be started or reached, or broke; it is tried again when it is needed, later each time.
    Failed,
}

/// How it stands, as of now.
#[derive(Clone, Debug)]
pub struct Status {
    /// The state.
    pub state: State,
    /// Since when.
    pub since: SystemTime,
    /// The last fault, kept until something works.
    pub fault: Option<Fault>,
    /// Faults in a row.
    pub faults: u32,
    /// Which way it goes, once known; kept between connections.
    pub era: Option<Era>,
    /// The revision of the protocol that was agreed on.
    pub protocol: Option<String>,
    /// What the server calls itself, and its version; clean and bounded.
    pub server: Option<(String, String)>,
    /// The last of what its process wrote to standard error, at most 64 KiB, clean; for operators.
    pub stderr: String,
    /// How many tools the last list had.
    pub tools: Option<usize>,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            state: State::Idle,
            since: SystemTime::now(),
            fault: None,
            faults: 0,
            era: None,
            protocol: None,
            server: None,
            stderr: String::new(),
            tools: None,
        }
    }
}

impl Status {
    /// Into a state, with the time if it is another.
    pub(super) fn enter(&mut self, state: State) {
        if self.state != state {
            self.state = state;
            self.since = SystemTime::now();
        }
    }
}
