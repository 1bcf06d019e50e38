//! PostgreSQL, without libpq.

use diesel_async::{
    AsyncConnection as _, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection as _,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool::Pool},
};
use diesel_migrations::MigrationHarness as _;
use futures_util::FutureExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::runtime::Handle;

use super::{
    POSTGRES_MIGRATIONS, Pools, refuse_newer,
    walls::{self, Walls},
};
use crate::error::{Error, Result};

/// How many connections an instance has at most, beside the one that listens.
pub const CONNECTIONS: usize = 16;

/// How long the server may take to accept a connection.
const CONNECT_WAIT: std::time::Duration = std::time::Duration::from_secs(10);

/// Any number, the same in every instance: only one migrates at a time.
const MIGRATION_LOCK: i64 = 0x5361_7973_6f00_0001;

/// A process that freezes within a transaction must not keep the others from taking over what it ran: the database
/// ends its transaction, and with it its locks, before the lease of a turn runs out twice.
const SESSION: &str = "SET idle_in_transaction_session_timeout = '5s'; SET lock_timeout = '10s'";

/// Connects, migrates and puts up the walls.
pub async fn open(url: &SecretString, connections: usize, handle: &Handle) -> Result<Pools> {
    let mut connection =
        connect(url.expose_secret(), handle).await.map_err(|error| Error::Connection(error.to_string()))?;
    // However long another instance migrates.
    let open = walls::open_session("migrations");
    let lock = format!("SET lock_timeout = 0; SELECT pg_advisory_lock({MIGRATION_LOCK}); {open}");
    connection.batch_execute(&lock).await?;
    // The harness blocks in place; on a thread of its own it may do so under any runtime.
    let migrated = handle
        .spawn_blocking(move || {
            let mut harness = AsyncMigrationHarness::new(connection);
            refuse_newer(&mut harness, &POSTGRES_MIGRATIONS).map_err(|newer| Error::Internal(newer.to_string()))?;
            let migrated = harness.run_pending_migrations(POSTGRES_MIGRATIONS).map(|_| ());
            migrated.map_err(|error| Error::Internal(format!("migration: {error}"))).map(|()| harness.into_inner())
        })
        .await
        .map_err(Error::internal)?;
    let mut connection = migrated?;
    let walls = Walls::raise(&mut connection).await?;
    // With it ends the lock.
    drop(connection);

    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    let owner = handle.clone();
    config.custom_setup = Box::new(move |url| {
        let (handle, url) = (owner.clone(), url.to_owned());
        async move { connect(&url, &handle).await }.boxed()
    });
    let pool = Pool::builder(AsyncDieselConnectionManager::new_with_config(url.expose_secret(), config))
        .max_size(connections)
        .build()
        .map_err(|error| Error::Connection(error.to_string()))?;
    Ok(Pools::Postgres { pool, url: url.clone(), walls })
}

/// Opens a connection on the main runtime: opened on an actix worker, that worker would drive it.
pub async fn connect(url: &str, handle: &Handle) -> diesel::ConnectionResult<AsyncPgConnection> {
    let url = url.to_owned();
    handle
        .spawn(async move {
            let connected = async {
                let mut connection = AsyncPgConnection::establish(&url).await?;
                connection.batch_execute(SESSION).await.map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                Ok(connection)
            };
            // A host that drops packets would keep us waiting for minutes.
            match tokio::time::timeout(CONNECT_WAIT, connected).await {
                Ok(connected) => connected,
                Err(_) => {
                    Err(diesel::ConnectionError::BadConnection(format!("it did not answer within {CONNECT_WAIT:?}")))
                }
            }
        })
        .await
        .map_err(|error| diesel::ConnectionError::BadConnection(error.to_string()))?
}
