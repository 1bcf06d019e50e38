//! SQLite: a file, one writer, several readers, and a lock against a second server.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::mpsc::{self, TryRecvError},
};

use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection, connection::SimpleConnection as _};
use diesel_async::{
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool::Pool},
    sync_connection_wrapper::{SpawnBlocking, SyncConnectionWrapper},
};
use diesel_migrations::MigrationHarness as _;
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, ready},
};
use tokio::{runtime::Handle, sync::oneshot};

use super::{Access, Pools, SQLITE_MIGRATIONS, at_once::is_at_once, refuse_newer, search};
use crate::error::{Error, Result};

/// An SQLite connection whose queries run on the blocking threads of the main runtime.
pub type Sqlite = SyncConnectionWrapper<SqliteConnection, Blocking>;

const READERS: usize = 4;
const WRITER: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                      PRAGMA foreign_keys = ON;";
/// What a reader has read is old as soon as anybody writes, and then it is read from the system's cache anyway: a quarter of a
/// megabyte is enough to find rows by their keys.
const READER: &str = "PRAGMA busy_timeout = 5000; PRAGMA cache_size = -256; PRAGMA query_only = ON;";

/// Runs queries on the blocking threads of a fixed runtime, or here where they are asked for [`at_once`](super::at_once). A
/// query whose future is dropped runs to its end, and the next one on its connection comes after it; a connection that is
/// dropped waits for its query. (diesel-async's own wrapper panics on an actix worker when a query's future is dropped, and
/// the connection is lost.)
pub struct Blocking {
    handle: Handle,
    running: Option<mpsc::Receiver<()>>,
}

impl SpawnBlocking for Blocking {
    fn spawn_blocking<'a, R>(
        &mut self,
        task: impl FnOnce() -> R + Send + 'static,
    ) -> BoxFuture<'a, Result<R, Box<dyn std::error::Error + Send + Sync + 'static>>>
    where
        R: Send + 'static,
    {
        if is_at_once() && self.is_free() {
            return ready(Ok(task())).boxed();
        }
        let (answer, answered) = oneshot::channel();
        self.queue(Box::new(move |running| {
            let result = task();
            // Before the answer: who has that may go on at once.
            drop(running);
            // Whoever dropped the future wants no answer.
            drop(answer.send(result));
        }));
        // Without an answer the query panicked, or the runtime goes down.
        async move { answered.await.map_err(Into::into) }.boxed()
    }

    fn get_runtime() -> Self {
        Self { handle: Handle::current(), running: None }
    }
}

impl Blocking {
    /// Whether no query runs, or is to run, whose future was dropped.
    fn is_free(&self) -> bool {
        self.running.as_ref().is_none_or(|running| running.try_recv() == Err(TryRecvError::Disconnected))
    }

    /// Runs it after what was queued before; it drops what it is given when it has let go of the connection. Of one type for
    /// all: there are hundreds of queries, and what a task of the runtime is made of would be compiled for each.
    fn queue(&mut self, task: Box<dyn FnOnce(mpsc::Sender<()>) + Send>) {
        let (done, running) = mpsc::channel();
        let before = self.running.replace(running);
        self.handle.spawn_blocking(move || {
            // The one before may still wait for a thread, if its future was dropped: a ROLLBACK that overtook it would
            // leave it to run outside of any transaction. And it must have let go of the connection before the pool
            // looks at that.
            if let Some(before) = before
                && before.recv().is_err()
            {}
            task(done);
        });
    }
}

impl Drop for Blocking {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            // An error says that the job is over: it dropped its end.
            if running.recv().is_err() {}
        }
    }
}

/// The lock on `{database}.lock`; freed when dropped, and by the system when the process dies.
pub struct Lock {
    _file: File,
}

impl Lock {
    fn take(database: &Path) -> Result<Self> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let fault = |error: io::Error| Error::Connection(format!("{}: {error}", PathBuf::from(&path).display()));
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path).map_err(fault)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Connection(format!(
                "another Sayso already serves {}; stop it first, or use PostgreSQL for several instances",
                database.display()
            ))),
            Err(TryLockError::Error(error)) => Err(fault(error)),
        }
    }
}

/// Opens the file and migrates it. Only who serves holds the lock; whoever has something to migrate takes it for as
/// long as that lasts, so that tables never change under a running server.
pub async fn open(path: &Path, access: Access, handle: &Handle) -> Result<Pools> {
    match access {
        Access::Serve | Access::Migrate => make(path)?,
        Access::Tool => must_exist(path)?,
    }
    let mut lock = (access == Access::Serve).then(|| Lock::take(path)).transpose()?;
    let url = path.to_str().ok_or_else(|| Error::Connection("the database's path is not UTF-8".into()))?;
    let fault = |error: &dyn std::fmt::Display| Error::Connection(format!("{}: {error}", path.display()));
    let writer = pool(url, WRITER, 1, handle)?;
    let mut first = writer.get().await.map_err(|error| fault(&error))?;
    let migration = |error: diesel::result::Error| match error {
        diesel::result::Error::QueryBuilderError(error) => Error::Connection(format!("migration: {error}")),
        error => fault(&error),
    };
    let pending = first
        .spawn_blocking(|connection| {
            let newer = refuse_newer(connection, &SQLITE_MIGRATIONS).map_err(|newer| newer.to_string());
            let pending = connection.has_pending_migration(SQLITE_MIGRATIONS);
            pending.map(|pending| newer.map(|()| pending)).map_err(diesel::result::Error::QueryBuilderError)
        })
        .await
        .map_err(migration)?
        .map_err(Error::Internal)?;
    if pending {
        let _while_migrating = if lock.is_none() { Some(Lock::take(path)?) } else { None };
        first
            .spawn_blocking(|connection| {
                connection
                    .run_pending_migrations(SQLITE_MIGRATIONS)
                    .map(|_| ())
                    .map_err(diesel::result::Error::QueryBuilderError)
            })
            .await
            .map_err(migration)?;
    }
    drop(first);
    Ok(Pools::Sqlite { writer, readers: pool(url, READER, READERS, handle)?, _lock: lock.take() })
}

/// Makes the file and its directory, for the owner alone, if they are not there. SQLite gives its other files the
/// mode of this one.
fn make(path: &Path) -> Result<()> {
    let fault = |error: io::Error| Error::Connection(format!("cannot make {}: {error}", path.display()));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(fault)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(fault(error)),
        _ => Ok(()),
    }
}

fn must_exist(path: &Path) -> Result<()> {
    match path.try_exists() {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::Connection(format!(
            "there is no database at {}; `sayso` or `sayso migrate` would make one",
            path.display()
        ))),
        Err(error) => Err(Error::Connection(format!("{}: {error}", path.display()))),
    }
}

/// Copies the database as it is at one moment into the new file `to`, beside a running server. The file appears when
/// it is whole, for the owner alone.
///
/// # Errors
/// When there is no database, `to` exists, or something cannot be read or written.
pub async fn backup(database: &Path, to: &Path) -> Result<()> {
    must_exist(database)?;
    let (database, to) = (database.to_owned(), to.to_owned());
    tokio::task::spawn_blocking(move || copy(&database, &to)).await.map_err(Error::internal)?
}

fn copy(database: &Path, to: &Path) -> Result<()> {
    let fault = |error: &dyn std::fmt::Display| Error::Internal(format!("{}: {error}", to.display()));
    let exists = || Error::Internal(format!("{} exists already; a backup goes into a new file", to.display()));
    if to.symlink_metadata().is_ok() {
        return Err(exists());
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = to.file_name().ok_or_else(|| fault(&"this is not a file's name"))?.to_string_lossy();
    let part = folder.join(format!(".{name}.{}.part", std::process::id()));
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part).map_err(|error| fault(&error))?;
    let copied = (|| {
        let text = |path: &Path| path.to_str().map(str::to_owned).ok_or_else(|| fault(&"a path is not UTF-8"));
        let mut connection = SqliteConnection::establish(&text(database)?).map_err(|error| fault(&error))?;
        connection.batch_execute("PRAGMA busy_timeout = 5000").map_err(|error| fault(&error))?;
        diesel::sql_query("VACUUM INTO ?")
            .bind::<diesel::sql_types::Text, _>(text(&part)?)
            .execute(&mut connection)
            .map_err(|error| fault(&error))?;
        File::open(&part).and_then(|file| file.sync_all()).map_err(|error| fault(&error))?;
        // Unlike a rename, a link does not replace what came to be there meanwhile.
        std::fs::hard_link(&part, to).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => exists(),
            _ => fault(&error),
        })
    })();
    let removed = std::fs::remove_file(&part).map_err(|error| fault(&error));
    copied.and(removed)
}

fn pool(url: &str, pragmas: &'static str, size: usize, handle: &Handle) -> Result<Pool<Sqlite>> {
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    let handle = handle.clone();
    config.custom_setup = Box::new(move |url| {
        let (handle, url) = (handle.clone(), url.to_owned());
        async move {
            let job = handle.spawn_blocking(move || {
                let mut connection = SqliteConnection::establish(&url)?;
                connection.batch_execute(pragmas).map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                search::register(&mut connection).map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                Ok::<_, diesel::ConnectionError>(connection)
            });
            let connection = job.await.map_err(|error| diesel::ConnectionError::BadConnection(error.to_string()))??;
            Ok(SyncConnectionWrapper::with_runtime(connection, Blocking { handle, running: None }))
        }
        .boxed()
    });
    Pool::builder(AsyncDieselConnectionManager::new_with_config(url, config))
        .max_size(size)
        .build()
        .map_err(|error| Error::Connection(error.to_string()))
}
