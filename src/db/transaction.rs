//! A transaction: begun by the database, committed by who wrote, undone by being dropped.

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, atomic::Ordering},
};

use diesel_async::{SimpleAsyncConnection as _, pooled_connection::deadpool::Object};
use tokio::runtime::Handle;

use super::{Conn, Inner, Scope, aside, at_once::now_or_never, on};
use crate::error::Result;

/// What a transaction is for.
pub(super) enum Kind {
    Read,
    /// Its commit waits until the disk has it.
    Write,
    /// Its does not; this is where that is remembered.
    WriteUnsynced(Arc<Inner>),
}

/// A transaction. Derefs to its connection. Dropped uncommitted it is rolled back, in the background and on the
/// runtime that owns the connection, or at once where that takes no time; the pool has the connection back after that.
pub struct Transaction {
    /// `None` only after commit or in `drop`.
    conn: Option<Conn>,
    kind: Kind,
    handle: Handle,
}

impl Transaction {
    pub(super) async fn begin(conn: Conn, begin: &str, scope: Scope, kind: Kind, handle: &Handle) -> Result<Self> {
        // The guard exists before the transaction does: a future dropped in between is cleaned up all the same.
        let mut transaction = Self { conn: Some(conn), kind, handle: handle.clone() };
        on!(&mut *transaction, connection => connection.batch_execute(begin).await?);
        if let Scope::System(reason) = scope {
            tracing::trace!(reason, "database work over all tenants");
        }
        Ok(transaction)
    }

    /// Makes what was written last.
    ///
    /// # Errors
    /// When the database refuses; then nothing was written.
    pub async fn commit(mut self) -> Result<()> {
        match &mut *self {
            // It may wait for the disk.
            Conn::Sqlite(connection) => aside(connection.batch_execute("COMMIT")).await?,
            // Where a statement has failed, PostgreSQL takes COMMIT for ROLLBACK and reports success; an empty SELECT
            // before it fails there.
            Conn::Postgres(connection) => connection.batch_execute("SELECT; COMMIT").await?,
        }
        // Before the connection is free: whoever syncs next has it.
        if let Kind::WriteUnsynced(inner) = &self.kind {
            inner.is_unsynced.store(true, Ordering::Relaxed);
        }
        drop(self.conn.take());
        Ok(())
    }
}

impl Deref for Transaction {
    type Target = Conn;

    #[allow(clippy::expect_used, reason = "the connection leaves only in commit and drop, which consume the guard")]
    fn deref(&self) -> &Conn {
        self.conn.as_ref().expect("a transaction in use has its connection")
    }
}

impl DerefMut for Transaction {
    #[allow(clippy::expect_used, reason = "the connection leaves only in commit and drop, which consume the guard")]
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("a transaction in use has its connection")
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        // A reader of SQLite has nothing to undo, unless a query of its still runs.
        let is_quick = matches!((&self.kind, &conn), (Kind::Read, Conn::Sqlite(_)));
        let mut undoing = Box::pin(roll_back(conn));
        if !is_quick || now_or_never(&mut undoing).is_none() {
            self.handle.spawn(undoing);
        }
    }
}

async fn roll_back(mut conn: Conn) {
    if on!(&mut conn, connection => connection.batch_execute("ROLLBACK").await).is_err() {
        // Nobody may get a connection in an unknown state: it leaves the pool and is closed.
        match conn {
            Conn::Sqlite(object) => drop(Object::take(object)),
            Conn::Postgres(object) => drop(Object::take(object)),
        }
    }
}
