//! Servers of tools that a tenant's admins added: addresses, never commands. The values of their headers are sealed.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use secrecy::{ExposeSecret as _, SecretString};

use super::{
    mcp_authorisation, mcp_client, mcp_token,
    sealed::{Place, Sealer, Unopened},
};
use crate::{
    db::{Conn, on, schema::mcp_servers, types::Time},
    error::{Error, Result},
    types::{McpServerId, TenantId, UserId},
};

/// How many servers a tenant has at most.
pub const MOST: usize = 50;

/// A tenant's server.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = mcp_servers, treat_none_as_null = true)]
pub struct McpServer {
    /// Its id.
    pub id: McpServerId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its name, no other's of the tenant.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What is sent with each request: names and values, sealed for this row and address.
    pub headers: Option<String>,
    /// Whether each person has a connection of their own.
    pub per_person: bool,
    /// Whether it is used.
    pub is_active: bool,
    /// When it was added.
    pub created_at: Time,
    /// Who changed it last.
    pub changed_by: Option<UserId>,
    /// When.
    pub changed_at: Time,
}

/// Headers by their names.
pub type Headers = BTreeMap<String, SecretString>;

impl McpServer {
    /// The address belongs to the place: moved to another one the headers cannot be opened, so they are not sent there.
    fn place(&self) -> Place {
        Place::new(&["mcp_servers", "headers", &self.tenant_id.to_string(), &self.id.to_string(), &self.url])
    }

    /// Its headers.
    ///
    /// # Errors
    /// When they were sealed with another key, or somebody changed the row.
    pub fn headers(&self, sealer: &Sealer) -> Result<Headers, Unopened> {
        let Some(sealed) = &self.headers else { return Ok(Headers::new()) };
        let opened = sealer.open(&self.place(), sealed)?;
        let plain: BTreeMap<String, String> = serde_json::from_str(opened.expose_secret()).map_err(|_| Unopened)?;
        Ok(plain.into_iter().map(|(name, value)| (name, SecretString::from(value))).collect())
    }

    /// Gives it these headers, sealed for its id and the address that it has now.
    ///
    /// # Errors
    /// Never with ours.
    pub fn set_headers(&mut self, sealer: &Sealer, headers: &Headers) -> Result<()> {
        self.headers = if headers.is_empty() {
            None
        } else {
            let plain: BTreeMap<&str, &str> =
                headers.iter().map(|(name, value)| (name.as_str(), value.expose_secret())).collect();
            let plain = SecretString::from(serde_json::to_string(&plain).map_err(Error::internal)?);
            Some(sealer.seal(&self.place(), &plain)?)
        };
        Ok(())
    }
}

/// A tenant's servers, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn of_tenant(conn: &mut Conn, tenant: TenantId) -> Result<Vec<McpServer>> {
    Ok(on!(conn, c => {
        mcp_servers::table
            .filter(mcp_servers::tenant_id.eq(tenant))
            .order(mcp_servers::name)
            .limit(i64::try_from(MOST).unwrap_or(i64::MAX))
            .select(McpServer::as_select())
            .load(c)
            .await
    })?)
}

/// The tenant's server of that name.
///
/// # Errors
/// When the database does not answer.
pub async fn find(conn: &mut Conn, tenant: TenantId, name: &str) -> Result<Option<McpServer>> {
    Ok(on!(conn, c => {
        mcp_servers::table
            .filter(mcp_servers::tenant_id.eq(tenant))
            .filter(mcp_servers::name.eq(name))
            .select(McpServer::as_select())
            .first(c)
            .await
            .optional()
    })?)
}

/// Adds a server; whether its name was free.
///
/// # Errors
/// When the database refuses.
pub async fn insert(conn: &mut Conn, server: &McpServer) -> Result<bool> {
    let added = on!(conn, c => {
        diesel::insert_into(mcp_servers::table).values(server).on_conflict_do_nothing().execute(c).await
    })?;
    Ok(added == 1)
}

/// Changes a server; whether it still is there.
///
/// # Errors
/// When the database refuses.
pub async fn update(conn: &mut Conn, server: &McpServer) -> Result<bool> {
    let changed = on!(conn, c => {
        diesel::update(mcp_servers::table)
            .filter(mcp_servers::tenant_id.eq(server.tenant_id))
            .filter(mcp_servers::id.eq(server.id))
            .set(server)
            .execute(c)
            .await
    })?;
    Ok(changed == 1)
}

/// Removes a server, with what it gave the tenant and its people to be known by; whether it was there.
///
/// # Errors
/// When the database refuses.
pub async fn delete(conn: &mut Conn, tenant: TenantId, name: &str) -> Result<bool> {
    forget_authorisations(conn, tenant, name).await?;
    let removed = on!(conn, c => {
        diesel::delete(mcp_servers::table)
            .filter(mcp_servers::tenant_id.eq(tenant))
            .filter(mcp_servers::name.eq(name))
            .execute(c)
            .await
    })?;
    Ok(removed == 1)
}

/// Forgets all that a server gave the tenant and its people to be known by, and what waits to be given: it is removed, or
/// stands elsewhere from now on.
///
/// # Errors
/// When the database refuses.
pub async fn forget_authorisations(conn: &mut Conn, tenant: TenantId, name: &str) -> Result<()> {
    mcp_token::delete_of_server(conn, tenant, name).await?;
    mcp_client::delete_of_server(conn, tenant, name).await?;
    mcp_authorisation::delete_of_server(conn, tenant, name).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Secrets, Settings};

    fn sealer() -> (Sealer, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap().to_owned();
        let settings = Settings::read(|key| (key == "DATA_DIR").then(|| data.clone()), None).unwrap();
        (Sealer::from_secrets(&Secrets::load_or_create(&settings).unwrap()).unwrap(), folder)
    }

    #[test]
    fn headers_belong_to_their_row_and_address() {
        let ((sealer, _one), (stranger, _two)) = (sealer(), sealer());
        let time = Time(crate::db::now());
        let mut server = McpServer {
            id: McpServerId::new(),
            tenant_id: TenantId::new(),
            name: "far".to_owned(),
            url: "https://mcp.example/".to_owned(),
            headers: None,
            per_person: false,
            is_active: true,
            created_at: time,
            changed_by: None,
            changed_at: time,
        };
        assert!(server.headers(&sealer).unwrap().is_empty());
        let headers = Headers::from([("X-Key".to_owned(), SecretString::from("s3cret"))]);
        server.set_headers(&sealer, &headers).unwrap();
        assert!(!format!("{server:?}").contains("s3cret"));
        assert_eq!(server.headers(&sealer).unwrap()["X-Key"].expose_secret(), "s3cret");
        assert!(server.headers(&stranger).is_err(), "opened with another key");
        for (what, moved) in [
            ("row", McpServer { id: McpServerId::new(), ..server.clone() }),
            ("tenant", McpServer { tenant_id: TenantId::new(), ..server.clone() }),
            ("address", McpServer { url: "https://evil.example/".to_owned(), ..server.clone() }),
        ] {
            assert!(moved.headers(&sealer).is_err(), "opened for another {what}");
        }
        server.set_headers(&sealer, &Headers::new()).unwrap();
        assert_eq!(server.headers, None);
    }
}
