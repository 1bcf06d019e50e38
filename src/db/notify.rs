//! Wake-ups from other instances, by PostgreSQL's LISTEN. They carry no data: what happened is read from the
//! tables, and a wake-up that was lost is made up for by a look once a second.

use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures_util::{StreamExt as _, stream::BoxStream};
use secrecy::ExposeSecret as _;

use super::{Database, Pools, postgres};
use crate::error::{Error, Result};

/// The payloads of other instances' notifications (and our own).
pub struct Notifications {
    connection: AsyncPgConnection,
}

impl Database {
    /// Listens; `None` on SQLite, where no other instance is.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn listen(&self) -> Result<Option<Notifications>> {
        let Pools::Postgres { url, .. } = &self.inner.pools else { return Ok(None) };
        let mut connection = postgres::connect(url.expose_secret(), self.handle())
            .await
            .map_err(|error| Error::Connection(error.to_string()))?;
        diesel::sql_query("LISTEN sayso").execute(&mut connection).await?;
        Ok(Some(Notifications { connection }))
    }
}

impl Notifications {
    /// Payloads as they come; ends with an error when the connection is lost.
    pub fn stream(&mut self) -> BoxStream<'_, Result<String>> {
        self.connection
            .notifications_stream()
            .map(|notification| Ok(notification.map(|notification| notification.payload)?))
            .boxed()
    }
}
