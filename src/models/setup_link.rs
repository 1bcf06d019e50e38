//! The single-use link that makes the first account.

use chrono::Duration;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, now, on, schema::setup_links, types::Time},
    error::Result,
    types::Digest,
};

/// How long a link is good.
pub const LIFETIME: Duration = Duration::hours(1);

/// Makes the one link that is good from now on; earlier ones are void.
///
/// # Errors
/// When the database refuses.
pub async fn replace(conn: &mut Conn, token: &str) -> Result<()> {
    let hash = Digest::of(token.as_bytes());
    let (created, expires) = (Time(now()), Time(now() + LIFETIME));
    // Of two instances that start at once the later one waits here, and then sees what the earlier one made.
    conn.alone("setup_links").await?;
    on!(conn, c => diesel::delete(setup_links::table).execute(c).await)?;
    on!(conn, c => {
        diesel::insert_into(setup_links::table)
            .values((
                setup_links::token_hash.eq(hash),
                setup_links::created_at.eq(created),
                setup_links::expires_at.eq(expires),
            ))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Whether the link is good.
///
/// # Errors
/// When the database does not answer.
pub async fn is_good(conn: &mut Conn, token: &str) -> Result<bool> {
    let hash = Digest::of(token.as_bytes());
    Ok(on!(conn, c => {
        diesel::select(diesel::dsl::exists(
            setup_links::table.find(hash).filter(setup_links::expires_at.gt(Time(now()))),
        ))
        .get_result(c)
        .await
    })?)
}

/// Uses the link up; `false` if it was not good. All links are void afterwards.
///
/// # Errors
/// When the database does not answer.
pub async fn consume(conn: &mut Conn, token: &str) -> Result<bool> {
    let hash = Digest::of(token.as_bytes());
    let used = on!(conn, c => {
        diesel::delete(setup_links::table.find(hash).filter(setup_links::expires_at.gt(Time(now()))))
            .execute(c)
            .await
    })?;
    if used == 1 {
        on!(conn, c => diesel::delete(setup_links::table).execute(c).await)?;
    }
    Ok(used == 1)
}
