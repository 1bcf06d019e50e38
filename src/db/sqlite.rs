//! SQLite: a file, one writer, several readers, and a lock against a second server.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::mpsc,
};

use diesel::{Connection as _, SqliteConnection, connection::SimpleConnection as _};
use diesel_async::{
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool::Pool},
    sync_connection_wrapper::{SpawnBlocking, SyncConnectionWrapper},
};
use diesel_migrations::MigrationHarness as _;
use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::runtime::Handle;

use super::{MIGRATIONS, Pools};
use crate::error::{Error, Result};

/// An SQLite connection whose queries run on the blocking threads of the main runtime.
pub type Sqlite = SyncConnectionWrapper<SqliteConnection, Blocking>;

const READERS: usize = 4;
const WRITER: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
                      PRAGMA foreign_keys = ON;";
const READER: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA query_only = ON;";

/// Runs queries on the blocking threads of a fixed runtime. When the future of a query is dropped, it waits for the
/// query: diesel-async's own wrapper panics there on an actix worker, and the connection is lost.
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
        let (done, running) = mpsc::channel::<()>();
        self.running = Some(running);
        let job = self.handle.spawn_blocking(move || {
            let _held_while_running = done;
            task()
        });
        async move { job.await.map_err(Into::into) }.boxed()
    }

    fn get_runtime() -> Self {
        Self { handle: Handle::current(), running: None }
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
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(fault)?;
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

/// Opens the file, making it if it is not there, and migrates it.
pub async fn open(path: &Path, handle: &Handle) -> Result<Pools> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::Connection(format!("cannot make {}: {error}", folder.display())))?;
    }
    let lock = Lock::take(path)?;
    let url = path.to_str().ok_or_else(|| Error::Connection("the database's path is not UTF-8".into()))?;
    let writer = pool(url, WRITER, 1, handle)?;
    let mut first = writer.get().await.map_err(|error| Error::Connection(error.to_string()))?;
    first
        .spawn_blocking(|connection| {
            connection.run_pending_migrations(MIGRATIONS).map(|_| ()).map_err(diesel::result::Error::QueryBuilderError)
        })
        .await?;
    Ok(Pools::Sqlite { writer, readers: pool(url, READER, READERS, handle)?, _lock: lock })
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
