//! The database: the only place that knows SQLite from PostgreSQL.
//!
//! A query is written once, in `models`, inside [`on!`], which type-checks it on both backends. Who asks says for
//! whom with a [`Scope`]; reads and writes are transactions that undo themselves unless committed.

mod at_once;
mod notify;
mod postgres;
mod prepared;
#[allow(missing_docs, reason = "generated; the migrations say what each column means")]
pub mod schema;
pub mod search;
mod sqlite;
mod transaction;
pub mod types;
mod walls;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, SubsecRound as _, Utc};
use diesel::{
    backend::Backend,
    migration::{self, Migration, MigrationSource},
};
use diesel_async::{
    AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _,
    pooled_connection::deadpool::{Object, Pool},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio::runtime::Handle;

use crate::{
    config::{DatabaseUrl, release},
    error::{Error, Result},
    types::TenantId,
};

use transaction::Kind;

pub use at_once::{aside, at_once};
pub use notify::Notifications;
pub use prepared::Prepare;
pub use sqlite::{Sqlite, backup};
pub use transaction::Transaction;

/// What SQLite runs at every start.
const SQLITE_MIGRATIONS: Together =
    Together(embed_migrations!("migrations/portable"), embed_migrations!("migrations/sqlite"));

/// What PostgreSQL runs at every start.
const POSTGRES_MIGRATIONS: Together =
    Together(embed_migrations!("migrations/portable"), embed_migrations!("migrations/postgres"));

/// What both backends have and what only one has, in one order: that of their versions.
struct Together(EmbeddedMigrations, EmbeddedMigrations);

impl<DB: Backend> MigrationSource<DB> for Together {
    fn migrations(&self) -> migration::Result<Vec<Box<dyn Migration<DB>>>> {
        let mut all = MigrationSource::<DB>::migrations(&self.0)?;
        all.extend(MigrationSource::<DB>::migrations(&self.1)?);
        Ok(all)
    }
}

/// Refuses a database in which something was migrated that this program does not know of: its tables are a newer
/// version's, and to write into them what this one believes them to be could lose what they hold.
///
/// # Errors
/// With a sentence that says so, or when the database does not answer.
fn refuse_newer<DB: Backend>(
    database: &mut impl MigrationHarness<DB>,
    source: &impl MigrationSource<DB>,
) -> migration::Result<()> {
    let known: Vec<_> = source.migrations()?.iter().map(|known| known.name().version().as_owned()).collect();
    match database.applied_migrations()?.into_iter().filter(|applied| !known.contains(applied)).max() {
        None => Ok(()),
        Some(newest) => Err(format!(
            "a newer Sayso than this one ({}) has used this database (its tables are at step {newest}); \
             run that version, or restore a backup from before the upgrade",
            release()
        )
        .into()),
    }
}

/// How long anyone waits for a connection before the answer is an error.
const POOL_WAIT: Duration = Duration::from_secs(15);

/// Evaluates the query with `$connection` bound to the backend's own connection: written once, checked on each.
macro_rules! on {
    ($conn:expr, $connection:ident => $query:expr) => {
        match &mut *$conn {
            $crate::db::Conn::Sqlite($connection) => $query,
            $crate::db::Conn::Postgres($connection) => $query,
        }
    };
}
pub(crate) use on;

/// A connection of the pool, within the time anyone should wait for one.
macro_rules! taken {
    ($pool:expr) => {
        match tokio::time::timeout(POOL_WAIT, $pool.get()).await {
            Ok(taken) => taken.map_err(|error| Error::Connection(error.to_string())),
            Err(_) => Err(Error::Connection(format!("no connection was free within {POOL_WAIT:?}"))),
        }
    };
}

/// How a pool stands, whatever its connections are.
macro_rules! status {
    ($name:literal, $pool:expr) => {{
        let status = $pool.status();
        let (size, most, waiting) = (status.size, status.max_size, status.waiting);
        PoolStatus { name: $name, size, most, idle: status.available.min(size), waiting }
    }};
}

/// For whom the database is asked. On PostgreSQL row-level security holds the transaction to it, whatever its queries say.
#[derive(Clone, Copy, Debug)]
pub enum Scope {
    /// One tenant's data.
    Tenant(TenantId),
    /// Work over all tenants, which names itself: signing in, sweeping, recovery, what a person has in several of them.
    System(&'static str),
}

impl From<TenantId> for Scope {
    fn from(tenant: TenantId) -> Self {
        Self::Tenant(tenant)
    }
}

/// What the database is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To serve: keeps a second server away from an SQLite file, which is made if it is not there.
    Serve,
    /// To bring the tables up to date: beside a running server; an SQLite file is made if it is not there.
    Migrate,
    /// For one command, beside a running server. An SQLite file must be there: a mistyped path is no new database.
    Tool,
}

/// The database; cheap to clone.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    pools: Pools,
    /// The runtime that owns every connection: never an actix worker's (a connection driven by a worker stalls and
    /// dies with it).
    handle: Handle,
    /// Whether something was written that the disk may not have yet.
    is_unsynced: AtomicBool,
}

enum Pools {
    Sqlite {
        /// One: SQLite has one writer, and waiting for it in our queue is fairer than in its busy handler.
        writer: Pool<Sqlite>,
        readers: Pool<Sqlite>,
        /// Held while we serve, so that a second server does not open the same file.
        _lock: Option<sqlite::Lock>,
    },
    Postgres {
        pool: Pool<AsyncPgConnection>,
        url: secrecy::SecretString,
        walls: walls::Walls,
    },
}

/// A connection of either backend; queries reach it through [`on!`].
#[allow(clippy::large_enum_variant, reason = "there are as many as connections, and none is kept in a list")]
pub enum Conn {
    /// SQLite.
    Sqlite(Object<Sqlite>),
    /// PostgreSQL.
    Postgres(Object<AsyncPgConnection>),
}

/// How a pool of connections stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolStatus {
    /// Which one: `writer` and `readers` of an SQLite file, or `all`.
    pub name: &'static str,
    /// Connections that there are.
    pub size: usize,
    /// Connections that there may be.
    pub most: usize,
    /// Those that nobody uses.
    pub idle: usize,
    /// Who waits for one.
    pub waiting: usize,
}

impl Database {
    /// Opens the database and brings its tables up to date. Must be called on the multi-thread runtime that will
    /// own the connections.
    ///
    /// # Errors
    /// When it cannot be opened, another server holds it (SQLite), or a migration fails.
    pub async fn open(url: &DatabaseUrl, access: Access) -> Result<Self> {
        Self::open_with(url, access, postgres::CONNECTIONS).await
    }

    /// The same with at most so many connections to PostgreSQL.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with(url: &DatabaseUrl, access: Access, connections: usize) -> Result<Self> {
        let handle = Handle::current();
        let pools = match url {
            DatabaseUrl::Sqlite(path) => sqlite::open(path, access, &handle).await?,
            DatabaseUrl::Postgres(url) => postgres::open(url, connections, &handle).await?,
        };
        Ok(Self { inner: Arc::new(Inner { pools, handle, is_unsynced: AtomicBool::new(false) }) })
    }

    /// A consistent view for reading. Nothing to commit.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn read(&self, scope: impl Into<Scope>) -> Result<Transaction> {
        let scope = scope.into();
        let (conn, begin) = match &self.inner.pools {
            Pools::Sqlite { readers, .. } => (Conn::Sqlite(taken!(readers)?), "BEGIN".to_owned()),
            Pools::Postgres { pool, walls, .. } => {
                let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {}", walls.enter(scope));
                (Conn::Postgres(taken!(pool)?), begin)
            }
        };
        // SQLite does nothing yet.
        at_once(Transaction::begin(conn, &begin, scope, Kind::Read, &self.inner.handle)).await
    }

    /// A transaction for writing. Dropped without [`Transaction::commit`], it leaves no trace; committed, it is on the disk.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn write(&self, scope: impl Into<Scope>) -> Result<Transaction> {
        self.write_as(scope.into(), Kind::Write).await
    }

    /// A transaction for writing what a failure of the machine's power may take back, like the last words of a reply that
    /// was being written: its commit does not wait for the disk. The next [`Self::write`] of anybody takes it there. A killed
    /// program loses nothing, and every instance sees it at once.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn write_unsynced(&self, scope: impl Into<Scope>) -> Result<Transaction> {
        self.write_as(scope.into(), Kind::WriteUnsynced(self.inner.clone())).await
    }

    async fn write_as(&self, scope: Scope, kind: Kind) -> Result<Transaction> {
        let is_synced = matches!(kind, Kind::Write);
        let (conn, begin) = match &self.inner.pools {
            // IMMEDIATE: a read lock that must become a write lock fails at once, whatever the busy timeout.
            Pools::Sqlite { writer, .. } => {
                let synchronous = if is_synced { "FULL" } else { "NORMAL" };
                (Conn::Sqlite(taken!(writer)?), format!("PRAGMA synchronous = {synchronous}; BEGIN IMMEDIATE"))
            }
            Pools::Postgres { pool, walls, .. } => {
                let unsynced = if is_synced { "" } else { "SET LOCAL synchronous_commit = off; " };
                (Conn::Postgres(taken!(pool)?), format!("BEGIN; {unsynced}{}", walls.enter(scope)))
            }
        };
        // It may wait for another process.
        aside(Transaction::begin(conn, &begin, scope, kind, &self.inner.handle)).await
    }

    /// Takes to the disk what [`Self::write_unsynced`] wrote, if it may not be there. PostgreSQL does that by itself.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sync(&self) -> Result<()> {
        let Pools::Sqlite { writer, .. } = &self.inner.pools else { return Ok(()) };
        if !AtomicBool::load(&self.inner.is_unsynced, Ordering::Relaxed) {
            return Ok(());
        }
        let mut connection = taken!(writer)?;
        self.inner.is_unsynced.store(false, Ordering::Relaxed);
        let synced = connection.batch_execute("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(PASSIVE)").await;
        Ok(synced.inspect_err(|_| self.inner.is_unsynced.store(true, Ordering::Relaxed))?)
    }

    /// Which backend this is, for logs and `sayso check`.
    pub fn backend(&self) -> &'static str {
        match &self.inner.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres { .. } => "postgres",
        }
    }

    /// How its pools stand.
    pub fn pools(&self) -> Vec<PoolStatus> {
        match &self.inner.pools {
            Pools::Sqlite { writer, readers, .. } => vec![status!("writer", writer), status!("readers", readers)],
            Pools::Postgres { pool, .. } => vec![status!("all", pool)],
        }
    }

    /// The runtime that owns the connections.
    pub fn handle(&self) -> &Handle {
        &self.inner.handle
    }
}

impl Conn {
    /// The time by the clock that all instances share: the database's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&mut self) -> Result<DateTime<Utc>> {
        match self {
            Self::Sqlite(_) => Ok(now()),
            Self::Postgres(connection) => {
                Ok(diesel::select(diesel::dsl::sql::<types::Timestamptz>("clock_timestamp()"))
                    .get_result::<types::Time>(connection)
                    .await?
                    .0)
            }
        }
    }

    /// Keeps every other writer out of a table until the transaction ends; on SQLite there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn alone(&mut self, table: &'static str) -> Result<()> {
        if let Self::Postgres(connection) = self {
            connection.batch_execute(&format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")).await?;
        }
        Ok(())
    }

    /// Wakes the followers of other instances when this transaction commits. On SQLite there are none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notify(&mut self, payload: String) -> Result<()> {
        self.notify_all(vec![payload]).await
    }

    /// As [`Conn::notify`], with several words at once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notify_all(&mut self, payloads: Vec<String>) -> Result<()> {
        if let Self::Postgres(connection) = self
            && !payloads.is_empty()
        {
            diesel::sql_query("SELECT pg_notify('sayso', payload) FROM unnest($1) AS payload")
                .bind::<diesel::sql_types::Array<diesel::sql_types::Text>, _>(payloads)
                .execute(connection)
                .await?;
        }
        Ok(())
    }
}

/// The time now, to the microsecond, as both databases keep it.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
