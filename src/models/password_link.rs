//! Single-use links that let a person choose a new password, made by an operator. The table holds their SHA-256.

use chrono::Duration;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, now, on, schema::password_links, types::Time},
    error::Result,
    types::{Digest, UserId},
};

/// How long a link is good.
pub const LIFETIME: Duration = Duration::hours(24);

/// Makes the one link of a person that is good from now on; an earlier one is void.
///
/// # Errors
/// When the database refuses.
pub async fn replace(conn: &mut Conn, user: UserId, token: &str) -> Result<()> {
    let hash = Digest::of(token.as_bytes());
    let (created, expires) = (Time(now()), Time(now() + LIFETIME));
    delete(conn, user).await?;
    on!(conn, c => {
        diesel::insert_into(password_links::table)
            .values((
                password_links::token_hash.eq(hash),
                password_links::user_id.eq(user),
                password_links::created_at.eq(created),
                password_links::expires_at.eq(expires),
            ))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Whose password a link changes; nobody's if it is not good.
///
/// # Errors
/// When the database does not answer.
pub async fn person(conn: &mut Conn, token: &str) -> Result<Option<UserId>> {
    let hash = Digest::of(token.as_bytes());
    Ok(on!(conn, c => {
        password_links::table
            .find(hash)
            .filter(password_links::expires_at.gt(Time(now())))
            .select(password_links::user_id)
            .first(c)
            .await
            .optional()
    })?)
}

/// Uses a link up; whose password it changes, once.
///
/// # Errors
/// When the database does not answer.
pub async fn consume(conn: &mut Conn, token: &str) -> Result<Option<UserId>> {
    let hash = Digest::of(token.as_bytes());
    Ok(on!(conn, c => {
        diesel::delete(password_links::table.find(hash).filter(password_links::expires_at.gt(Time(now()))))
            .returning(password_links::user_id)
            .get_result(c)
            .await
            .optional()
    })?)
}

/// Makes a person's link void, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(conn: &mut Conn, user: UserId) -> Result<()> {
    on!(conn, c => {
        diesel::delete(password_links::table.filter(password_links::user_id.eq(user))).execute(c).await
    })?;
    Ok(())
}

/// Forgets what ended by itself.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(conn: &mut Conn) -> Result<usize> {
    Ok(on!(conn, c => {
        diesel::delete(password_links::table.filter(password_links::expires_at.le(Time(now())))).execute(c).await
    })?)
}
