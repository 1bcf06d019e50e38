//! People.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::mcp_token;
use crate::{
    db::{Conn, now, on, schema::users, types::Time},
    error::Result,
    types::UserId,
};

/// A person, over all tenants they belong to.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Their address, in lower case; how they sign in.
    pub email: String,
    /// How they are called.
    pub name: String,
    /// bcrypt; `None` for people who cannot sign in (guests).
    pub password_hash: Option<String>,
    /// Whether they run this server.
    pub is_operator: bool,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Raised to end everything they have open.
    pub epoch: i64,
    /// The language they chose (`en`, `pt-BR`).
    pub language: Option<String>,
    /// When the account was made.
    pub created_at: Time,
}

/// What a new account needs.
pub struct NewUser<'a> {
    /// The address as typed; kept in lower case.
    pub email: &'a str,
    /// The name.
    pub name: &'a str,
    /// bcrypt.
    pub password_hash: Option<String>,
    /// Whether they run this server.
    pub is_operator: bool,
}

/// An address as it is kept and compared.
pub fn normalised_email(email: &str) -> String {
    // No database takes NUL in text, and no address has one.
    email.trim().replace('\0', "").to_lowercase()
}

/// Whether this looks like an address: one `@` with something on both sides, no spaces, at most 254 bytes. Whether
/// it exists, nobody can know.
pub fn is_email(email: &str) -> bool {
    email.len() <= 254
        && !email.chars().any(|character| character.is_whitespace() || character.is_control())
        && email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// Makes an account. A taken address is a unique violation.
///
/// # Errors
/// When the database refuses.
pub async fn create(conn: &mut Conn, new: NewUser<'_>) -> Result<User> {
    let user = User {
        id: UserId::new(),
        email: normalised_email(new.email),
        name: new.name.trim().to_owned(),
        password_hash: new.password_hash,
        is_operator: new.is_operator,
        is_active: true,
        epoch: 0,
        language: None,
        created_at: now().into(),
    };
    on!(conn, c => diesel::insert_into(users::table).values(&user).execute(c).await)?;
    Ok(user)
}

/// The person of that id.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, id: UserId) -> Result<Option<User>> {
    Ok(on!(conn, c => users::table.find(id).select(User::as_select()).first(c).await.optional())?)
}

/// The person of that address, however it is typed.
///
/// # Errors
/// When the database does not answer.
pub async fn find_by_email(conn: &mut Conn, email: &str) -> Result<Option<User>> {
    let email = normalised_email(email);
    Ok(on!(conn, c => {
        users::table.filter(users::email.eq(&email)).select(User::as_select()).first(c).await.optional()
    })?)
}

/// Epoch and activity of each of these people; who is gone is absent.
///
/// # Errors
/// When the database does not answer.
pub async fn standing(conn: &mut Conn, people: &[UserId]) -> Result<HashMap<UserId, (i64, bool)>> {
    let rows: Vec<(UserId, i64, bool)> = on!(conn, c => {
        users::table
            .filter(users::id.eq_any(people))
            .select((users::id, users::epoch, users::is_active))
            .load(c)
            .await
    })?;
    Ok(rows.into_iter().map(|(id, epoch, is_active)| (id, (epoch, is_active))).collect())
}

/// Whether any account exists.
///
/// # Errors
/// When the database does not answer.
pub async fn any(conn: &mut Conn) -> Result<bool> {
    Ok(on!(conn, c => diesel::select(diesel::dsl::exists(users::table.select(users::id))).get_result(c).await)?)
}

/// Keeps the name and the language a person chose.
///
/// # Errors
/// When the database does not answer.
pub async fn set_profile(conn: &mut Conn, id: UserId, name: &str, language: Option<&str>) -> Result<()> {
    on!(conn, c => {
        diesel::update(users::table.find(id))
            .set((users::name.eq(name), users::language.eq(language)))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Suspends or readmits a person; suspending ends everything they have open, and forgets what servers of tools know them by.
///
/// # Errors
/// When the database does not answer.
pub async fn set_active(conn: &mut Conn, id: UserId, is_active: bool) -> Result<()> {
    if !is_active {
        mcp_token::delete_of_person(conn, id).await?;
    }
    on!(conn, c => {
        diesel::update(users::table.find(id))
            .set((users::is_active.eq(is_active), users::epoch.eq(users::epoch + 1)))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Ends everything that a person has open.
///
/// # Errors
/// When the database does not answer.
pub async fn raise_epoch(conn: &mut Conn, id: UserId) -> Result<()> {
    on!(conn, c => {
        diesel::update(users::table.find(id)).set(users::epoch.eq(users::epoch + 1)).execute(c).await
    })?;
    Ok(())
}

/// All people, by address.
///
/// # Errors
/// When the database does not answer.
pub async fn all(conn: &mut Conn) -> Result<Vec<User>> {
    Ok(on!(conn, c => users::table.order(users::email).select(User::as_select()).load(c).await)?)
}

/// Holds a person's row until the transaction ends, so that nobody gives them a place meanwhile; `None` if there is no such
/// person.
///
/// # Errors
/// When the database does not answer.
pub async fn lock(conn: &mut Conn, id: UserId) -> Result<Option<User>> {
    Ok(on!(conn, c => {
        // The address has a unique index: PostgreSQL holds such a row against whoever refers to it.
        diesel::update(users::table.find(id))
            .set(users::email.eq(users::email))
            .returning(User::as_returning())
            .get_result(c)
            .await
            .optional()
    })?)
}

/// Takes everything out of an account that tells of its person, and ends it; its id stays, for what was used and what was
/// done. What the person wrote is still to be deleted: see [`leaving`].
///
/// # Errors
/// When the database does not answer.
pub async fn erase(conn: &mut Conn, id: UserId) -> Result<()> {
    // No address, so that nobody can be invited as them, and no password, so that nobody can sign in as them.
    let email = format!("deleted:{id}");
    on!(conn, c => {
        diesel::update(users::table.find(id))
            .set((
                users::email.eq(&email),
                users::name.eq(""),
                users::password_hash.eq(None::<String>),
                users::language.eq(None::<String>),
                users::is_operator.eq(false),
                users::is_active.eq(false),
                users::epoch.eq(users::epoch + 1),
                users::leaving_since.eq(Some(Time(now()))),
            ))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Who has left, but perhaps not yet with everything they wrote, and since when; those who left first, at most so many.
///
/// # Errors
/// When the database does not answer.
pub async fn leaving(conn: &mut Conn, limit: i64) -> Result<Vec<(UserId, DateTime<Utc>)>> {
    let rows: Vec<(UserId, Option<Time>)> = on!(conn, c => {
        users::table
            .filter(users::leaving_since.is_not_null())
            .order(users::leaving_since)
            .limit(limit)
            .select((users::id, users::leaving_since))
            .load(c)
            .await
    })?;
    Ok(rows.into_iter().filter_map(|(id, since)| Some((id, since?.0))).collect())
}

/// Nothing that they wrote is left.
///
/// # Errors
/// When the database does not answer.
pub async fn has_left(conn: &mut Conn, id: UserId) -> Result<()> {
    on!(conn, c => {
        diesel::update(users::table.find(id)).set(users::leaving_since.eq(None::<Time>)).execute(c).await
    })?;
    Ok(())
}

/// Sets a new password and ends everything that is open.
///
/// # Errors
/// When the database does not answer.
pub async fn set_password(conn: &mut Conn, id: UserId, hash: &str) -> Result<()> {
    on!(conn, c => {
        diesel::update(users::table.find(id))
            .set((users::password_hash.eq(hash), users::epoch.eq(users::epoch + 1)))
            .execute(c)
            .await
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_text() {
        for right in ["a@b", "ana@exemplo.com.br", "o'neil+x@sub.host.org"] {
            assert!(is_email(right), "{right}");
        }
        for wrong in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n", &format!("{}@b", "a".repeat(254))] {
            assert!(!is_email(wrong), "{wrong}");
        }
        assert_eq!(normalised_email(" Ana@Exemplo.COM "), "ana@exemplo.com");
    }
}
