//! Which servers there are for a tenant: those of the operators, and its own.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use url::Url;

use super::{ConnectionKey, Launch, Limits, ServerName, ServerSpec};
use crate::{
    db::Database,
    error::Result,
    models::{
        Owner,
        mcp_server::{self, McpServer},
        sealed::Sealer,
    },
    types::TenantId,
};

/// A server that a tenant has.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its name.
    pub name: ServerName,
    /// Who brought it.
    pub origin: Origin,
    /// How it is reached, or why it is not.
    pub spec: Result<Arc<ServerSpec>, Unusable>,
}

/// Who brought a server.
#[derive(Clone, Debug)]
pub enum Origin {
    /// The operators, in `MCP_CONFIG`: every tenant has it.
    Operators,
    /// An admin of the tenant.
    Tenant(Box<McpServer>),
}

/// Why a tenant's server is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It is switched off.
    Inactive,
    /// The operators have brought one of that name since.
    NameTaken,
    /// Its headers cannot be opened: the master key is another, or somebody changed the row.
    Unopened,
    /// Its address is none.
    WrongAddress,
}

impl Known {
    /// The connection of this person to it.
    pub fn key(&self, owner: Owner) -> ConnectionKey {
        let user = self.is_per_person().then_some(owner.user);
        ConnectionKey { tenant: owner.tenant, server: self.name.clone(), user }
    }

    /// Its address, if it is one at which somebody could be authorised: a header that was written by hand is meant.
    pub fn authorises_at(&self) -> Option<&Url> {
        match &self.spec.as_ref().ok()?.launch {
            Launch::Http { url, headers } => {
                let is_known = headers.keys().any(|name| name.eq_ignore_ascii_case("authorization"));
                (!is_known).then_some(url)
            }
            Launch::Process { .. } => None,
        }
    }

    /// Whether this connection, of somebody of the tenant, is one to it.
    pub(super) fn is_of(&self, key: &ConnectionKey) -> bool {
        self.spec.is_ok() && self.name == key.server && self.is_per_person() == key.user.is_some()
    }

    /// Whether each person has a connection of their own.
    pub fn is_per_person(&self) -> bool {
        match &self.origin {
            Origin::Operators => self.spec.as_ref().is_ok_and(|spec| spec.per_person),
            Origin::Tenant(row) => row.per_person,
        }
    }
}

/// The servers of all tenants. Cheap to clone.
#[derive(Clone)]
pub struct Roster {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    sealer: Sealer,
    operators: Arc<[Known]>,
    tenants: Mutex<HashMap<TenantId, Arc<[Known]>>>,
}

impl Roster {
    /// With the servers of the operators.
    pub fn new(db: Database, sealer: Sealer, operators: Vec<ServerSpec>) -> Self {
        let known =
            |spec: ServerSpec| Known { name: spec.name.clone(), origin: Origin::Operators, spec: Ok(Arc::new(spec)) };
        let operators = operators.into_iter().map(known).collect();
        Self { inner: Arc::new(Inner { db, sealer, operators, tenants: Mutex::default() }) }
    }

    /// What seals the headers of servers.
    pub fn sealer(&self) -> &Sealer {
        &self.inner.sealer
    }

    /// Whether the operators have a server of that name.
    pub fn is_operators(&self, name: &ServerName) -> bool {
        self.inner.operators.iter().any(|known| known.name == *name)
    }

    /// As it was read last; before that, the servers of the operators.
    pub fn last(&self, tenant: TenantId) -> Arc<[Known]> {
        self.tenants().get(&tenant).unwrap_or(&self.inner.operators).clone()
    }

    /// Reads it anew: the operators' first, then the tenant's own by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&self, tenant: TenantId) -> Result<Arc<[Known]>> {
        let rows = mcp_server::of_tenant(&mut *self.inner.db.read(tenant).await?, tenant).await?;
        let last = self.last(tenant);
        let known = self.inner.operators.iter().cloned();
        let known: Arc<[Known]> = known.chain(rows.into_iter().filter_map(|row| self.of_row(&last, row))).collect();
        self.tenants().insert(tenant, Arc::clone(&known));
        Ok(known)
    }

    fn tenants(&self) -> MutexGuard<'_, HashMap<TenantId, Arc<[Known]>>> {
        self.inner.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A row that nobody changed is the very server that it was: its list holds.
    fn of_row(&self, last: &[Known], row: McpServer) -> Option<Known> {
        let same = |known: &&Known| matches!(&known.origin, Origin::Tenant(earlier) if **earlier == row);
        if let Some(known) = last.iter().find(same) {
            return Some(known.clone());
        }
        // What is no name is in no table of ours.
        let name: ServerName = row.name.parse().ok()?;
        let spec = self.spec(&name, &row);
        Some(Known { name, origin: Origin::Tenant(Box::new(row)), spec })
    }

    fn spec(&self, name: &ServerName, row: &McpServer) -> Result<Arc<ServerSpec>, Unusable> {
        if self.is_operators(name) {
            return Err(Unusable::NameTaken);
        }
        if !row.is_active {
            return Err(Unusable::Inactive);
        }
        let headers = row.headers(&self.inner.sealer).map_err(|_| Unusable::Unopened)?;
        let launch = Launch::http(&row.url, headers).map_err(|_| Unusable::WrongAddress)?;
        Ok(Arc::new(ServerSpec { name: name.clone(), launch, limits: Limits::default(), per_person: row.per_person }))
    }
}
