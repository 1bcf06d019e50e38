//! As what Sayso is known to the authorisation servers of servers of tools: what it registered by itself, and what an
//! admin gave it.
//!
//! The attack meant is the server that names another authorisation server later, to be sent a client's secret: what was
//! registered is for one issuer, and what was given is bound to the first one that took it.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::sealed::{Place, Sealer};
use crate::{
    db::{Conn, now, on, schema::mcp_clients, types::Time},
    error::{Error, Result},
    types::{McpClientId, TenantId},
};

/// A client, sealed.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = mcp_clients)]
pub struct McpClient {
    /// Its id.
    pub id: McpClientId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The server's name.
    pub server: String,
    /// Whether an admin gave it.
    pub is_given: bool,
    /// For whom it is; empty while a given one is bound to nobody.
    pub issuer: String,
    /// Where the person comes back to; empty for a given one.
    pub redirect: String,
    /// Id and secret.
    pub sealed: String,
    /// When it was kept.
    pub changed_at: Time,
}

#[derive(Serialize, Deserialize)]
struct Plain {
    id: String,
    secret: Option<String>,
}

/// A client's id, and its secret where it has one.
pub type Client = (String, Option<SecretString>);

/// For which authorisation server, and to come back where; `None` for what an admin gave.
pub type Bound<'a> = Option<(&'a str, &'a str)>;

impl McpClient {
    /// A new one, sealed for where it belongs. `url` is the server's address.
    ///
    /// # Errors
    /// Never with ours.
    pub fn new(
        sealer: &Sealer,
        tenant: TenantId,
        server: &str,
        url: &str,
        bound: Bound<'_>,
        client: &Client,
    ) -> Result<Self> {
        let (issuer, redirect) = bound.unwrap_or_default();
        let mut row = Self {
            id: McpClientId::new(),
            tenant_id: tenant,
            server: server.to_owned(),
            is_given: bound.is_none(),
            issuer: issuer.to_owned(),
            redirect: redirect.to_owned(),
            sealed: String::new(),
            changed_at: now().into(),
        };
        let secret = client.1.as_ref().map(|secret| secret.expose_secret().to_owned());
        let plain = serde_json::to_string(&Plain { id: client.0.clone(), secret }).map_err(Error::internal)?;
        row.sealed = sealer.seal(&row.place(url), &SecretString::from(plain))?;
        Ok(row)
    }

    fn place(&self, url: &str) -> Place {
        let (id, tenant) = (self.id.to_string(), self.tenant_id.to_string());
        // A given one's issuer is filled in later; that it is the right one, whoever uses it sees.
        let issuer = if self.is_given { "" } else { &self.issuer };
        Place::new(&["mcp_clients", "sealed", &id, &tenant, &self.server, issuer, &self.redirect, url])
    }

    /// Its id and secret, where they can be opened.
    pub fn open(&self, sealer: &Sealer, url: &str) -> Option<Client> {
        let text = sealer.open(&self.place(url), &self.sealed).ok()?;
        let plain: Plain = serde_json::from_str(text.expose_secret()).ok()?;
        Some((plain.id, plain.secret.map(SecretString::from)))
    }
}

/// All clients of a tenant for a server.
///
/// # Errors
/// When the database does not answer.
pub async fn of_server(conn: &mut Conn, tenant: TenantId, server: &str) -> Result<Vec<McpClient>> {
    Ok(on!(conn, c => {
        mcp_clients::table
            .filter(mcp_clients::tenant_id.eq(tenant))
            .filter(mcp_clients::server.eq(server))
            .select(McpClient::as_select())
            .load(c)
            .await
    })?)
}

/// Keeps a client in the place of an earlier one for the same; a given one takes the place of every given one.
///
/// # Errors
/// When the database refuses.
pub async fn put(conn: &mut Conn, client: &McpClient) -> Result<()> {
    if client.is_given {
        delete_given(conn, client.tenant_id, &client.server).await?;
    }
    on!(conn, c => {
        diesel::delete(mcp_clients::table)
            .filter(mcp_clients::tenant_id.eq(client.tenant_id))
            .filter(mcp_clients::server.eq(&client.server))
            .filter(mcp_clients::is_given.eq(client.is_given))
            .filter(mcp_clients::issuer.eq(&client.issuer))
            .filter(mcp_clients::redirect.eq(&client.redirect))
            .execute(c)
            .await?;
        diesel::insert_into(mcp_clients::table).values(client).execute(c).await
    })?;
    Ok(())
}

/// Binds what was given to the authorisation server that took it, unless it is bound; of two at once the first wins.
///
/// # Errors
/// When the database does not answer.
pub async fn bind(conn: &mut Conn, tenant: TenantId, server: &str, issuer: &str) -> Result<()> {
    on!(conn, c => {
        diesel::update(mcp_clients::table)
            .filter(mcp_clients::tenant_id.eq(tenant))
            .filter(mcp_clients::server.eq(server))
            .filter(mcp_clients::is_given.eq(true))
            .filter(mcp_clients::issuer.eq(""))
            .set(mcp_clients::issuer.eq(issuer))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Forgets what an admin gave.
///
/// # Errors
/// When the database refuses.
pub async fn delete_given(conn: &mut Conn, tenant: TenantId, server: &str) -> Result<()> {
    on!(conn, c => {
        diesel::delete(mcp_clients::table)
            .filter(mcp_clients::tenant_id.eq(tenant))
            .filter(mcp_clients::server.eq(server))
            .filter(mcp_clients::is_given.eq(true))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Forgets all clients of a tenant for a server.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_server(conn: &mut Conn, tenant: TenantId, server: &str) -> Result<()> {
    on!(conn, c => {
        diesel::delete(mcp_clients::table)
            .filter(mcp_clients::tenant_id.eq(tenant))
            .filter(mcp_clients::server.eq(server))
            .execute(c)
            .await
    })?;
    Ok(())
}
