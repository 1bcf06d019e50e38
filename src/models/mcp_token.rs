//! What servers of tools gave a tenant, or one person of it, to be known by.
//!
//! The attacks meant: a token that is read out of the database (it is sealed), that is moved to another row, server or
//! address (the seal is bound to them), and a refresh token that two instances use at once, which makes careful
//! authorisation servers void them both (one claims it, the others read what came of it).

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use secrecy::SecretString;

use super::{
    Owner,
    sealed::{Place, Sealer, Unopened},
};
use crate::{
    db::{Conn, now, on, schema::mcp_tokens, types::Time},
    error::Result,
    types::{McpTokenId, TenantId, UserId},
};

/// Who is known to which server by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// The server's name.
    pub server: &'a str,
    /// The person, where each has their own.
    pub user: Option<UserId>,
}

impl Holder<'_> {
    fn person(&self) -> String {
        self.user.map(|user| user.to_string()).unwrap_or_default()
    }
}

/// A token, sealed.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = mcp_tokens)]
pub struct McpToken {
    /// The authorisation's id; refreshing it leaves it as it is.
    pub id: McpTokenId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The server's name.
    pub server: String,
    /// The person's id as text, or nothing.
    pub holder: String,
    /// The person.
    pub user_id: Option<UserId>,
    /// Who gave it; empty where the server is its own authorisation server.
    pub issuer: String,
    /// What was given.
    pub sealed: String,
    /// What the server asked for when it was not enough.
    pub challenge: Option<String>,
    /// Whether the server did not take it.
    pub is_refused: bool,
    /// Until when somebody refreshes it.
    pub refreshing_until: Option<Time>,
    /// When it was got.
    pub changed_at: Time,
}

impl McpToken {
    /// A new one, sealed for its holder, issuer and address.
    ///
    /// # Errors
    /// Never with ours.
    pub fn new(sealer: &Sealer, holder: Holder<'_>, issuer: &str, url: &str, text: &SecretString) -> Result<Self> {
        let mut token = Self {
            id: McpTokenId::new(),
            tenant_id: holder.tenant,
            server: holder.server.to_owned(),
            holder: holder.person(),
            user_id: holder.user,
            issuer: issuer.to_owned(),
            sealed: String::new(),
            challenge: None,
            is_refused: false,
            refreshing_until: None,
            changed_at: now().into(),
        };
        token.sealed = token.seal(sealer, url, text)?;
        Ok(token)
    }

    fn place(&self, url: &str) -> Place {
        let (id, tenant) = (self.id.to_string(), self.tenant_id.to_string());
        Place::new(&["mcp_tokens", "sealed", &id, &tenant, &self.server, &self.holder, &self.issuer, url])
    }

    /// What was given, for this address.
    ///
    /// # Errors
    /// When it was sealed with another key or for another address, or somebody changed the row.
    pub fn open(&self, sealer: &Sealer, url: &str) -> Result<SecretString, Unopened> {
        sealer.open(&self.place(url), &self.sealed)
    }

    /// How long ago it was got.
    pub fn age(&self) -> TimeDelta {
        let since: DateTime<Utc> = self.changed_at.into();
        now() - since
    }

    /// Another text, sealed for the same row and address.
    ///
    /// # Errors
    /// Never with ours.
    pub fn seal(&self, sealer: &Sealer, url: &str, text: &SecretString) -> Result<String> {
        sealer.seal(&self.place(url), text)
    }
}

/// The token of that holder.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, holder: Holder<'_>) -> Result<Option<McpToken>> {
    Ok(on!(conn, c => {
        mcp_tokens::table
            .filter(mcp_tokens::tenant_id.eq(holder.tenant))
            .filter(mcp_tokens::server.eq(holder.server))
            .filter(mcp_tokens::holder.eq(holder.person()))
            .select(McpToken::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// All tokens of a tenant for a server, whoever holds them.
///
/// # Errors
/// When the database does not answer.
pub async fn of_server(conn: &mut Conn, tenant: TenantId, server: &str) -> Result<Vec<McpToken>> {
    Ok(on!(conn, c => {
        mcp_tokens::table
            .filter(mcp_tokens::tenant_id.eq(tenant))
            .filter(mcp_tokens::server.eq(server))
            .select(McpToken::as_select())
            .load(c)
            .await
    })?)
}

/// Keeps a token in the place of the one that its holder had.
///
/// # Errors
/// When the database refuses.
pub async fn put(conn: &mut Conn, token: &McpToken) -> Result<()> {
    on!(conn, c => {
        diesel::delete(mcp_tokens::table)
            .filter(mcp_tokens::tenant_id.eq(token.tenant_id))
            .filter(mcp_tokens::server.eq(&token.server))
            .filter(mcp_tokens::holder.eq(&token.holder))
            .execute(c)
            .await?;
        diesel::insert_into(mcp_tokens::table).values(token).execute(c).await
    })?;
    Ok(())
}

/// Takes the right to refresh this very token for a while; whether nobody else has it. By the clock of the database.
///
/// # Errors
/// When the database does not answer.
pub async fn claim(conn: &mut Conn, token: &McpToken, time: TimeDelta) -> Result<bool> {
    let at = conn.now().await?;
    let free = mcp_tokens::refreshing_until.is_null().or(mcp_tokens::refreshing_until.lt(Time(at)));
    let claimed = on!(conn, c => {
        diesel::update(mcp_tokens::table)
            .filter(mcp_tokens::id.eq(token.id))
            .filter(mcp_tokens::tenant_id.eq(token.tenant_id))
            .filter(mcp_tokens::sealed.eq(&token.sealed))
            .filter(free)
            .set(mcp_tokens::refreshing_until.eq(Time(at + time)))
            .execute(c)
            .await
    })?;
    Ok(claimed == 1)
}

/// Gives the right back, with another token if there is one; whether it still was the same authorisation.
///
/// # Errors
/// When the database does not answer.
pub async fn release(conn: &mut Conn, token: &McpToken, sealed: Option<&str>) -> Result<bool> {
    let nobody = None::<Time>;
    let released = match sealed {
        Some(sealed) => on!(conn, c => {
            diesel::update(mcp_tokens::table)
                .filter(mcp_tokens::id.eq(token.id))
                .filter(mcp_tokens::tenant_id.eq(token.tenant_id))
                .filter(mcp_tokens::sealed.eq(&token.sealed))
                .set((
                    mcp_tokens::sealed.eq(sealed),
                    mcp_tokens::is_refused.eq(false),
                    mcp_tokens::refreshing_until.eq(nobody),
                    mcp_tokens::changed_at.eq(Time(now())),
                ))
                .execute(c)
                .await
        })?,
        None => on!(conn, c => {
            diesel::update(mcp_tokens::table)
                .filter(mcp_tokens::id.eq(token.id))
                .filter(mcp_tokens::tenant_id.eq(token.tenant_id))
                .filter(mcp_tokens::sealed.eq(&token.sealed))
                .set(mcp_tokens::refreshing_until.eq(nobody))
                .execute(c)
                .await
        })?,
    };
    Ok(released == 1)
}

/// Notes that the server did not take this very token, or wants more than it allows.
///
/// # Errors
/// When the database does not answer.
pub async fn note(conn: &mut Conn, token: &McpToken, is_refused: bool, challenge: Option<&str>) -> Result<()> {
    on!(conn, c => {
        diesel::update(mcp_tokens::table)
            .filter(mcp_tokens::id.eq(token.id))
            .filter(mcp_tokens::tenant_id.eq(token.tenant_id))
            .filter(mcp_tokens::sealed.eq(&token.sealed))
            .set((mcp_tokens::is_refused.eq(is_refused), mcp_tokens::challenge.eq(challenge)))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Removes this very token; whether it was there.
///
/// # Errors
/// When the database refuses.
pub async fn delete(conn: &mut Conn, token: &McpToken) -> Result<bool> {
    let removed = on!(conn, c => {
        diesel::delete(mcp_tokens::table)
            .filter(mcp_tokens::id.eq(token.id))
            .filter(mcp_tokens::tenant_id.eq(token.tenant_id))
            .filter(mcp_tokens::sealed.eq(&token.sealed))
            .execute(c)
            .await
    })?;
    Ok(removed == 1)
}

/// Removes all that a tenant and its people have for a server.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_server(conn: &mut Conn, tenant: TenantId, server: &str) -> Result<()> {
    on!(conn, c => {
        diesel::delete(mcp_tokens::table)
            .filter(mcp_tokens::tenant_id.eq(tenant))
            .filter(mcp_tokens::server.eq(server))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Removes all that a person has in a tenant.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_member(conn: &mut Conn, owner: Owner) -> Result<()> {
    on!(conn, c => {
        diesel::delete(mcp_tokens::table)
            .filter(mcp_tokens::tenant_id.eq(owner.tenant))
            .filter(mcp_tokens::user_id.eq(owner.user))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Removes all that a person has anywhere.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_person(conn: &mut Conn, user: UserId) -> Result<()> {
    on!(conn, c => diesel::delete(mcp_tokens::table).filter(mcp_tokens::user_id.eq(user)).execute(c).await)?;
    Ok(())
}
