//! Browser sessions, kept under the SHA-256 of their key: who reads the table cannot become anyone.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Owner;
use crate::{
    db::{Conn, Prepare, now, on, schema::sessions, types::Time},
    error::Result,
    types::{Digest, SessionId, TenantId, UserId},
};

/// A session. `state` is what actix-session keeps in it, as JSON.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// Its public id.
    pub id: SessionId,
    /// SHA-256 of its key.
    pub key_hash: Digest,
    /// The entries, as a JSON object.
    pub state: String,
    /// Who is signed in.
    pub user_id: Option<UserId>,
    /// In which tenant.
    pub tenant_id: Option<TenantId>,
    /// The person's epoch at sign-in.
    pub user_epoch: i64,
    /// The browser's own words.
    pub user_agent: String,
    /// From where it was last used.
    pub address: String,
    /// When it began.
    pub created_at: Time,
    /// When it was last used, to about a minute.
    pub last_used_at: Time,
    /// When it ends by itself.
    pub expires_at: Time,
}

/// What a session holds that its person left for one in another tenant.
const LEFT: &str = "";

/// How long it is remembered that a session was left: as long as what was open in it takes to notice.
const LEFT_FOR: Duration = Duration::minutes(5);

/// The session of that key, if it is still good.
///
/// # Errors
/// When the database does not answer.
pub async fn find_by_key(conn: &mut Conn, key_hash: Digest) -> Result<Option<Session>> {
    Ok(on!(conn, c => {
        sessions::table
            .filter(sessions::key_hash.eq(key_hash))
            .filter(sessions::expires_at.gt(Time(now())))
            .select(Session::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// Keeps a new session, in the place of one that was kept ahead of its answer.
///
/// # Errors
/// When the database refuses.
pub async fn insert(conn: &mut Conn, session: &Session) -> Result<()> {
    on!(conn, c => {
        diesel::delete(sessions::table.find(session.id)).execute(c).await?;
        diesel::insert_into(sessions::table).values(session).execute(c).await
    })?;
    Ok(())
}

/// Replaces what a session holds; `false` if it is gone.
///
/// # Errors
/// When the database does not answer.
pub async fn update(conn: &mut Conn, session: &Session) -> Result<bool> {
    let changed = on!(conn, c => {
        diesel::update(sessions::table.filter(sessions::key_hash.eq(session.key_hash)))
            .set((
                sessions::state.eq(&session.state),
                sessions::user_id.eq(session.user_id),
                sessions::tenant_id.eq(session.tenant_id),
                sessions::user_epoch.eq(session.user_epoch),
                sessions::user_agent.eq(&session.user_agent),
                sessions::address.eq(&session.address),
                sessions::last_used_at.eq(session.last_used_at),
                sessions::expires_at.eq(session.expires_at),
            ))
            .prepared()
            .execute(c)
            .await
    })?;
    Ok(changed == 1)
}

/// Puts a session's end further away and says that it was used.
///
/// # Errors
/// When the database does not answer.
pub async fn touch(conn: &mut Conn, key_hash: Digest, expires_at: DateTime<Utc>) -> Result<()> {
    on!(conn, c => {
        diesel::update(sessions::table.filter(sessions::key_hash.eq(key_hash)))
            .set((sessions::last_used_at.eq(Time(now())), sessions::expires_at.eq(Time(expires_at))))
            .prepared()
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Ends the session of that key.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_by_key(conn: &mut Conn, key_hash: Digest) -> Result<()> {
    on!(conn, c => {
        diesel::delete(sessions::table.filter(sessions::key_hash.eq(key_hash))).execute(c).await
    })?;
    Ok(())
}

/// A person's open sessions, last used first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<Session>> {
    Ok(on!(conn, c => {
        sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::expires_at.gt(Time(now())))
            .filter(sessions::state.ne(LEFT))
            .order((sessions::last_used_at.desc(), sessions::id.desc()))
            .limit(100)
            .select(Session::as_select())
            .load(c)
            .await
    })?)
}

/// Ends one of a person's sessions; `false` if it is not theirs or gone.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke(conn: &mut Conn, user: UserId, id: SessionId) -> Result<bool> {
    let ended = on!(conn, c => {
        diesel::delete(sessions::table.find(id).filter(sessions::user_id.eq(user))).execute(c).await
    })?;
    Ok(ended == 1)
}

/// Ends a session whose person goes on in another tenant, under another key. That is remembered for a while, so that
/// what was open in it can say so and does not take its person for signed out. `false` if it is not theirs or gone.
///
/// # Errors
/// When the database does not answer.
pub async fn leave(conn: &mut Conn, user: UserId, id: SessionId, to: TenantId) -> Result<bool> {
    // Nobody has this key.
    let key = Digest::of(&rand::random::<[u8; 32]>());
    let left = on!(conn, c => {
        diesel::update(sessions::table.find(id).filter(sessions::user_id.eq(user)))
            .set((
                sessions::key_hash.eq(key),
                sessions::state.eq(LEFT),
                sessions::tenant_id.eq(Some(to)),
                sessions::expires_at.eq(Time(now() + LEFT_FOR)),
            ))
            .prepared()
            .execute(c)
            .await
    })?;
    Ok(left == 1)
}

/// Whether a person left this session for one in another tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn was_left(conn: &mut Conn, user: UserId, id: SessionId) -> Result<bool> {
    Ok(on!(conn, c => {
        diesel::select(diesel::dsl::exists(
            sessions::table.find(id).filter(sessions::user_id.eq(user)).filter(sessions::state.eq(LEFT)),
        ))
        .get_result(c)
        .await
    })?)
}

/// Ends all of a person's sessions; how many there were.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_all(conn: &mut Conn, user: UserId) -> Result<usize> {
    Ok(on!(conn, c => {
        diesel::delete(sessions::table.filter(sessions::user_id.eq(user))).execute(c).await
    })?)
}

/// Ends a person's sessions in one tenant; how many there were.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_in(conn: &mut Conn, owner: Owner) -> Result<usize> {
    Ok(on!(conn, c => {
        diesel::delete(
            sessions::table
                .filter(sessions::user_id.eq(owner.user))
                .filter(sessions::tenant_id.eq(owner.tenant)),
        )
        .execute(c)
        .await
    })?)
}

/// Whether the session is still there for this person in this tenant; a socket asks when something changes.
///
/// # Errors
/// When the database does not answer.
pub async fn is_open(conn: &mut Conn, owner: Owner, id: SessionId) -> Result<bool> {
    Ok(on!(conn, c => {
        diesel::select(diesel::dsl::exists(
            sessions::table
                .find(id)
                .filter(sessions::user_id.eq(owner.user))
                .filter(sessions::tenant_id.eq(owner.tenant))
                .filter(sessions::expires_at.gt(Time(now()))),
        ))
        .get_result(c)
        .await
    })?)
}

/// Removes what ended by itself.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(conn: &mut Conn) -> Result<usize> {
    Ok(on!(conn, c => {
        diesel::delete(sessions::table.filter(sessions::expires_at.le(Time(now())))).execute(c).await
    })?)
}
