//! Tenants, people's places in them and people's accounts: the verbs that change them.
//!
//! Each is one transaction: what changes, its row in the audit log, and the end of what must not outlive it (sessions,
//! sign-ins, tokens). What is open is told after the commit: here at once, on other instances by a wake-up or by the
//! look once a second, and closes. Pages, API and command line come in here and nowhere else; by what power somebody
//! acts is read in the transaction, so that nobody acts with what they lost a moment ago.

pub mod budget;

use crate::{
    db::{Conn, Database},
    error::Result,
    feed::{Feed, Wake},
    models::audit::{Act, Actor, Auditor, Chain},
    state::AppState,
    types::{InstanceId, TenantId, UserId},
};

/// Who acts, and from where.
#[derive(Clone, Debug)]
pub struct Acting {
    /// The person; nobody, where it is whoever has a shell on the server.
    pub actor: Actor,
    /// From where, as the audit log says it.
    pub address: String,
    /// Whether they run this server: then they need no place in the tenant.
    pub is_operator: bool,
}

impl Acting {
    /// Whoever has a shell on the server.
    pub fn at_the_server(address: &str) -> Self {
        Self { actor: Actor::Nobody, address: address.to_owned(), is_operator: true }
    }
}

/// What the verbs work with: of a serving Sayso, or of one command beside it.
#[derive(Clone)]
pub struct Desk {
    /// The database.
    pub db: Database,
    /// Writes the audit log.
    pub auditor: Auditor,
    /// Tells what is open here; a command has nothing open.
    feed: Option<Feed>,
    /// Whose wake-ups these are.
    instance: InstanceId,
}

impl From<&AppState> for Desk {
    fn from(state: &AppState) -> Self {
        Self {
            db: state.db.clone(),
            auditor: state.auditor.clone(),
            feed: Some(state.feed.clone()),
            instance: state.instance,
        }
    }
}

impl Desk {
    /// Of one command.
    pub fn of_command(db: &Database, auditor: &Auditor) -> Self {
        Self { db: db.clone(), auditor: auditor.clone(), feed: None, instance: InstanceId::new() }
    }

    /// Writes a row into a chain; the last thing of a transaction but its wake-ups.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn audit(
        &self,
        conn: &mut Conn,
        chain: impl Into<Chain>,
        acting: &Acting,
        action: &str,
        object: String,
        details: &str,
    ) -> Result<()> {
        let Acting { actor, address, .. } = acting;
        let act = Act { actor: *actor, address, action, object, target: None, digest: None, details };
        self.auditor.append(conn, chain, act).await
    }

    /// Wakes the other instances when the transaction commits: something about this person changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn wake_person(&self, conn: &mut Conn, user: UserId) -> Result<()> {
        conn.notify(&Wake::Person { from: self.instance, user }.payload()).await
    }

    /// As [`Desk::wake_person`], of everybody in a tenant.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn wake_tenant(&self, conn: &mut Conn, tenant: TenantId) -> Result<()> {
        conn.notify(&Wake::Tenant { from: self.instance, tenant }.payload()).await
    }

    /// After the commit: what the person has open here looks whether it may go on.
    pub fn touch_person(&self, user: UserId) {
        if let Some(feed) = &self.feed {
            feed.touch_person(user);
        }
    }

    /// After the commit: what anybody has open here looks whether it may go on.
    pub fn touch_everybody(&self) {
        if let Some(feed) = &self.feed {
            feed.touch_everybody();
        }
    }
}
