//! Which secrets this database is used with. Only their fingerprint is kept.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, on, schema::secrets_in_use},
    error::Result,
};

/// Whether these are the secrets this database is used with; the first ones to come are.
///
/// # Errors
/// When the database does not answer.
pub async fn are(conn: &mut Conn, fingerprint: &str) -> Result<bool> {
    conn.alone("secrets_in_use").await?;
    let known: Option<String> = on!(conn, c => {
        secrets_in_use::table.select(secrets_in_use::fingerprint).first(c).await.optional()
    })?;
    if known.is_none() {
        insert(conn, fingerprint).await?;
    }
    Ok(known.is_none_or(|known| known == fingerprint))
}

/// From now on these are the ones.
///
/// # Errors
/// When the database does not answer.
pub async fn replace(conn: &mut Conn, fingerprint: &str) -> Result<()> {
    on!(conn, c => diesel::delete(secrets_in_use::table).execute(c).await)?;
    insert(conn, fingerprint).await
}

async fn insert(conn: &mut Conn, fingerprint: &str) -> Result<()> {
    on!(conn, c => {
        diesel::insert_into(secrets_in_use::table)
            .values(secrets_in_use::fingerprint.eq(fingerprint))
            .execute(c)
            .await
    })?;
    Ok(())
}
