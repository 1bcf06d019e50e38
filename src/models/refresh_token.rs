//! Refresh tokens of sign-ins through the API. The table holds their SHA-256. Each is used once and followed by another
//! of its family; one that is used a second time was stolen, or its successor was, and the whole family ends.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Owner;
use crate::{
    db::{Conn, now, on, schema::refresh_tokens, types::Time},
    error::Result,
    types::{Digest, FamilyId, TenantId, UserId},
};

/// How long a token is good that nobody uses.
pub const LIFETIME: TimeDelta = TimeDelta::days(30);

/// How long a token is kept after its end: as long as a younger one of its family may be, which a revocation that came
/// at the same moment did not see.
const KEPT: TimeDelta = TimeDelta::days(1);

/// A refresh token.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens)]
pub struct RefreshToken {
    /// SHA-256 of the token.
    pub hash: Digest,
    /// The sign-in it belongs to.
    pub family: FamilyId,
    /// The tenant that was signed in to.
    pub tenant_id: TenantId,
    /// Who signed in.
    pub user_id: UserId,
    /// The person's epoch then.
    pub user_epoch: i64,
    /// When it was given out.
    pub created_at: Time,
    /// When it ends by itself.
    pub expires_at: Time,
    /// When it was used.
    pub used_at: Option<Time>,
    /// When its family was ended.
    pub revoked_at: Option<Time>,
    /// The program's own words.
    pub user_agent: String,
    /// From where it asked.
    pub address: String,
}

/// What asked for a token, and from where.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asking<'a> {
    /// The program's own words.
    pub agent: &'a str,
    /// From where.
    pub address: &'a str,
}

/// So much is kept of a program's own words.
const AGENT: usize = 300;

impl RefreshToken {
    /// A token that is good from now on.
    pub fn new(token: &str, family: FamilyId, owner: Owner, epoch: i64, asking: Asking<'_>) -> Self {
        let time = now();
        Self {
            hash: Digest::of(token.as_bytes()),
            family,
            tenant_id: owner.tenant,
            user_id: owner.user,
            user_epoch: epoch,
            created_at: time.into(),
            expires_at: (time + LIFETIME).into(),
            used_at: None,
            revoked_at: None,
            user_agent: asking.agent.chars().take(AGENT).collect(),
            address: asking.address.to_owned(),
        }
    }

    /// Whose it is.
    pub fn owner(&self) -> Owner {
        Owner { tenant: self.tenant_id, user: self.user_id }
    }
}

/// Keeps a token.
///
/// # Errors
/// When the database refuses.
pub async fn insert(conn: &mut Conn, token: &RefreshToken) -> Result<()> {
    on!(conn, c => diesel::insert_into(refresh_tokens::table).values(token).execute(c).await)?;
    Ok(())
}

/// The token of that hash, good or not.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, hash: Digest) -> Result<Option<RefreshToken>> {
    Ok(on!(conn, c => {
        refresh_tokens::table.find(hash).select(RefreshToken::as_select()).first(c).await.optional()
    })?)
}

/// Uses a token up: of any number of uses at once one succeeds.
///
/// # Errors
/// When the database does not answer.
pub async fn use_up(conn: &mut Conn, hash: Digest) -> Result<bool> {
    let time = Time(now());
    let used = on!(conn, c => {
        diesel::update(
            refresh_tokens::table
                .find(hash)
                .filter(refresh_tokens::used_at.is_null())
                .filter(refresh_tokens::revoked_at.is_null())
                .filter(refresh_tokens::expires_at.gt(time)),
        )
        .set(refresh_tokens::used_at.eq(Some(time)))
        .execute(c)
        .await
    })?;
    Ok(used == 1)
}

/// Ends a sign-in: its tokens are void. How many there were; none if it had ended before.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_family(conn: &mut Conn, owner: Owner, family: FamilyId) -> Result<usize> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            refresh_tokens::table
                .filter(refresh_tokens::family.eq(family))
                .filter(refresh_tokens::tenant_id.eq(owner.tenant))
                .filter(refresh_tokens::user_id.eq(owner.user))
                .filter(refresh_tokens::revoked_at.is_null()),
        )
        .set(refresh_tokens::revoked_at.eq(Some(time)))
        .execute(c)
        .await
    })?)
}

/// Ends all of a person's sign-ins in one tenant; how many tokens that were.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_in(conn: &mut Conn, owner: Owner) -> Result<usize> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            refresh_tokens::table
                .filter(refresh_tokens::tenant_id.eq(owner.tenant))
                .filter(refresh_tokens::user_id.eq(owner.user))
                .filter(refresh_tokens::revoked_at.is_null()),
        )
        .set(refresh_tokens::revoked_at.eq(Some(time)))
        .execute(c)
        .await
    })?)
}

/// Ends all of a person's sign-ins, in every tenant; how many tokens that were.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_all(conn: &mut Conn, user: UserId) -> Result<usize> {
    let time = Time(now());
    Ok(on!(conn, c => {
        diesel::update(
            refresh_tokens::table
                .filter(refresh_tokens::user_id.eq(user))
                .filter(refresh_tokens::revoked_at.is_null()),
        )
        .set(refresh_tokens::revoked_at.eq(Some(time)))
        .execute(c)
        .await
    })?)
}

/// Deletes all of a person's sign-ins of programs, in every tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_of_person(conn: &mut Conn, user: UserId) -> Result<()> {
    on!(conn, c => diesel::delete(refresh_tokens::table.filter(refresh_tokens::user_id.eq(user))).execute(c).await)?;
    Ok(())
}

/// In which tenant a sign-in of that person's is; nowhere if there is none.
///
/// # Errors
/// When the database does not answer.
pub async fn tenant_of(conn: &mut Conn, user: UserId, family: FamilyId) -> Result<Option<TenantId>> {
    Ok(on!(conn, c => {
        refresh_tokens::table
            .filter(refresh_tokens::family.eq(family))
            .filter(refresh_tokens::user_id.eq(user))
            .select(refresh_tokens::tenant_id)
            .first(c)
            .await
            .optional()
    })?)
}

/// Whether a sign-in goes on. One revoked token ends its family: another that was being given out at that moment, unseen
/// by the revocation, is no way back in.
///
/// # Errors
/// When the database does not answer.
pub async fn is_open(conn: &mut Conn, owner: Owner, family: FamilyId) -> Result<bool> {
    let time = Time(now());
    let (good, revoked): (bool, bool) = on!(conn, c => {
        let of_family = || {
            refresh_tokens::table
                .filter(refresh_tokens::family.eq(family))
                .filter(refresh_tokens::tenant_id.eq(owner.tenant))
                .filter(refresh_tokens::user_id.eq(owner.user))
        };
        diesel::select((
            diesel::dsl::exists(of_family().filter(refresh_tokens::expires_at.gt(time))),
            diesel::dsl::exists(of_family().filter(refresh_tokens::revoked_at.is_not_null())),
        ))
        .get_result(c)
        .await
    })?;
    Ok(good && !revoked)
}

/// A sign-in of a program that goes on.
#[derive(Clone, Debug, Queryable)]
pub struct OpenSignIn {
    /// Its family.
    pub family: FamilyId,
    /// When its last tokens were given out: that is when it was last used, to about an hour.
    pub last_used_at: Time,
    /// In which tenant.
    pub tenant: TenantId,
    /// The program's own words.
    pub user_agent: String,
    /// From where it last asked for tokens.
    pub address: String,
}

/// The sign-ins of a person's programs that go on, in every tenant, last used first: each has one token that nobody used
/// yet.
///
/// # Errors
/// When the database does not answer.
pub async fn open_sign_ins(conn: &mut Conn, user: UserId) -> Result<Vec<OpenSignIn>> {
    let time = Time(now());
    Ok(on!(conn, c => {
        let others = diesel::alias!(refresh_tokens as others);
        let revoked = others
            .filter(others.field(refresh_tokens::family).eq(refresh_tokens::family))
            .filter(others.field(refresh_tokens::revoked_at).is_not_null());
        refresh_tokens::table
            .filter(refresh_tokens::user_id.eq(user))
            .filter(refresh_tokens::used_at.is_null())
            .filter(refresh_tokens::expires_at.gt(time))
            .filter(diesel::dsl::not(diesel::dsl::exists(revoked)))
            .order((refresh_tokens::created_at.desc(), refresh_tokens::family))
            .limit(100)
            .select((
                refresh_tokens::family,
                refresh_tokens::created_at,
                refresh_tokens::tenant_id,
                refresh_tokens::user_agent,
                refresh_tokens::address,
            ))
            .load(c)
            .await
    })?)
}

/// Forgets what ended by itself.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(conn: &mut Conn) -> Result<usize> {
    let before = Time(now() - KEPT);
    Ok(on!(conn, c => {
        diesel::delete(refresh_tokens::table.filter(refresh_tokens::expires_at.lt(before))).execute(c).await
    })?)
}
