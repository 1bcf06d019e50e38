//! The sockets that are open on this instance: who counts them asks here, and a socket is taken off by being dropped,
//! however it ends.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
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
}

impl SocketKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Page, Self::Api, Self::Gateway];

    /// As metrics name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::Gateway => "gateway",
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

/// The open sockets; a clone counts the same ones.
#[derive(Clone, Default)]
pub struct Connections(Arc<Mutex<Open>>);

impl Connections {
    /// Counts a socket as open for as long as what is given back lives.
    #[must_use = "the socket counts as long as this lives"]
    pub fn open(&self, kind: SocketKind, user: UserId, role: Role) -> Connected {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = open.next;
        open.next += 1;
        open.all.insert(number, Connection { kind, user, role });
        Connected { connections: self.clone(), number }
    }

    /// All that are open now.
    pub fn all(&self) -> Vec<Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).all.values().copied().collect()
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
        self.connections.0.lock().unwrap_or_else(PoisonError::into_inner).all.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_counts_until_it_is_dropped() {
        let (connections, user) = (Connections::default(), UserId::new());
        let page = connections.open(SocketKind::Page, user, Role::Owner);
        let gateway = connections.clone().open(SocketKind::Gateway, user, Role::Member);
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
