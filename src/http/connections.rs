//! The sockets and streams that are open on this instance: who counts them asks here, and one is taken off by being
//! dropped, however it ends. One person has so many at most: each is told everything anew, whoever reads it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    error::{Code, Refusal, Result},
    telemetry::metrics,
    types::{Role, UserId},
};

/// What a socket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketKind {
    /// A page that shows a conversation.
    Page,
    /// `/api/socket`.
    Api,
    /// `/api/gateway`.
    Gateway,
    /// An answer of `/api/chat` that is told as it happens.
    Stream,
    /// What a program is told by `/mcp`.
    Mcp,
}

impl SocketKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Page, Self::Api, Self::Gateway, Self::Stream, Self::Mcp];

    /// As metrics name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::Gateway => "gateway",
            Self::Stream => "stream",
            Self::Mcp => "mcp",
        }
    }
}

/// A socket that is open, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// What it is for.
    pub kind: SocketKind,
    /// Who has it open.
    pub user: UserId,
    /// What they were in their tenant when they came.
    pub role: Role,
}

#[derive(Default)]
struct Open {
    next: u64,
    all: HashMap<u64, Connection>,
}

/// The open sockets and streams; a clone counts the same ones.
#[derive(Clone)]
pub struct Connections {
    open: Arc<Mutex<Open>>,
    most: usize,
}

impl Connections {
    /// With so many at most for each person.
    pub fn new(most: usize) -> Self {
        Self { open: Arc::default(), most }
    }

    /// Counts one as open for as long as what is given back lives.
    ///
    /// # Errors
    /// `rate_limited` when the person has as many as they may.
    pub fn open(&self, kind: SocketKind, user: UserId, role: Role) -> Result<Connected> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all.values().filter(|connection| connection.user == user).count() >= self.most {
            return Err(Refusal::new(Code::RateLimited).saying("error-too-many-streams").into());
        }
        let number = open.next;
        open.next += 1;
        open.all.insert(number, Connection { kind, user, role });
        Ok(Connected { connections: self.clone(), number })
    }

    /// All that are open now.
    pub fn all(&self) -> Vec<Connection> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).all.values().copied().collect()
    }

    /// Tells `/metrics` how many there are.
    pub fn measure(&self) {
        let all = self.all();
        for kind in SocketKind::ALL {
            metrics::sockets_open(kind.as_str(), all.iter().filter(|connection| connection.kind == kind).count());
        }
    }
}

/// An open socket. Dropped, it is open no more.
pub struct Connected {
    connections: Connections,
    number: u64,
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.connections.open.lock().unwrap_or_else(PoisonError::into_inner).all.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_counts_until_it_is_dropped() {
        let (connections, user) = (Connections::new(2), UserId::new());
        let page = connections.open(SocketKind::Page, user, Role::Owner).unwrap();
        let gateway = connections.clone().open(SocketKind::Gateway, user, Role::Member).unwrap();
        let refused = connections.open(SocketKind::Stream, user, Role::Member);
        assert_eq!(refused.err().and_then(|error| error.code()), Some(Code::RateLimited));
        assert!(connections.open(SocketKind::Stream, UserId::new(), Role::Member).is_ok());
        drop(page);
        assert_eq!(connections.all(), [Connection { kind: SocketKind::Gateway, user, role: Role::Member }]);
        let panics = std::thread::spawn(move || {
            let _open = gateway;
            panic!("a socket's task fails");
        });
        assert!(panics.join().is_err());
        assert_eq!(connections.all(), []);
    }
}
