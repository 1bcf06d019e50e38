//! The audit log: who did what, when, from where, on which object.
//!
//! Each tenant's rows are a chain: every row carries an HMAC over its own text and the hash of the row before it, and
//! the head carries one over count and last hash. The key lies outside the database, so who can only write SQL can
//! change nothing unseen. A row is written in the transaction of the act it tells of.

mod anchor;
mod era;
mod list;
mod proof;
mod runs;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::{
    config::{Purpose, Secrets},
    db::{
        Conn, now, on,
        schema::{audit_heads, audit_rows},
        types::Time,
    },
    error::{Error, Result},
    types::{AuditId, Digest, TenantId, UserId},
};

pub use anchor::{Anchor, Anchors};
pub use list::{DecisionFilter, Filter, Shown, has_acted, names, page, written_at};
pub use proof::{Broken, ChainProof, Proof};

/// Whose chain a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// A tenant's.
    Tenant(TenantId),
    /// What belongs to no tenant: unknown sign-ins, the set-up.
    System,
}

impl Chain {
    /// Its name, as rows carry it.
    pub fn name(self) -> String {
        match self {
            Self::Tenant(tenant) => tenant.to_string(),
            Self::System => "system".to_owned(),
        }
    }
}

impl From<TenantId> for Chain {
    fn from(tenant: TenantId) -> Self {
        Self::Tenant(tenant)
    }
}

/// What happened. Never messages or arguments: their digests, and the target in clear.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// Who: a person, or `system`.
    pub actor: Actor,
    /// From where; empty where there is no client (recovery).
    pub address: &'a str,
    /// What: `sign_in`, `sign_in_failed`, `tool_approved`, `tool_run`, …
    pub action: &'a str,
    /// On which object: `tool_call:{id}`, `conversation:{id}`, …
    pub object: String,
    /// The path or host it was about.
    pub target: Option<&'a str>,
    /// The digest of what was decided or run.
    pub digest: Option<Digest>,
    /// Anything else, short: a state, a reason's code.
    pub details: &'a str,
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person.
    User(UserId),
    /// Nobody who is known: an unknown address at sign-in, or the server itself.
    Nobody,
}

/// A row of the log.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_rows)]
pub struct Row {
    /// The chain.
    pub chain: String,
    /// Its place in the chain, from 1.
    pub number: i64,
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Time,
    /// Who.
    pub actor: String,
    /// From where.
    pub address: String,
    /// What.
    pub action: String,
    /// On which object.
    pub object: String,
    /// The path or host.
    pub target: Option<String>,
    /// The digest of what was decided or run.
    pub digest: Option<Digest>,
    /// Anything else.
    pub details: String,
    /// The HMAC over all of it and the row before.
    pub hash: String,
    /// Of what is about a call: its tool.
    pub tool: Option<String>,
}

/// The head of a chain.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_heads)]
pub struct Head {
    /// Whose.
    pub chain: String,
    /// How many rows there are.
    pub count: i64,
    /// The hash of the last one.
    pub last_hash: String,
    /// The HMAC over both.
    hash: String,
}

/// Writes and checks chains; holds the keys.
#[derive(Clone)]
pub struct Auditor {
    rows: Hmac<Sha256>,
    heads: Hmac<Sha256>,
}

/// A chain's hash before its first row.
const GENESIS: &str = "genesis";

impl Auditor {
    /// With the keys for rows and for heads.
    ///
    /// # Errors
    /// When a key has a length HMAC does not take; ours never do.
    pub fn new(row_key: &[u8], head_key: &[u8]) -> Result<Self> {
        let keyed = |key: &[u8]| Hmac::new_from_slice(key).map_err(Error::internal);
        Ok(Self { rows: keyed(row_key)?, heads: keyed(head_key)? })
    }

    /// With the keys that belong to these secrets.
    ///
    /// # Errors
    /// Never with ours.
    pub fn from_secrets(secrets: &Secrets) -> Result<Self> {
        Self::new(secrets.key(Purpose::AuditChain).bytes(), secrets.key(Purpose::AuditHead).bytes())
    }

    /// Adds a row to the end of a chain. The head's row stays locked until the transaction ends, so this comes last
    /// in it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn append(&self, conn: &mut Conn, chain: impl Into<Chain>, act: Act<'_>) -> Result<()> {
        self.append_of_tool(conn, chain, act, None).await
    }

    /// As [`append`](Self::append), of an act about a call of this tool.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn append_of_tool(
        &self,
        conn: &mut Conn,
        chain: impl Into<Chain>,
        act: Act<'_>,
        tool: Option<&str>,
    ) -> Result<()> {
        self.append_named(conn, chain.into().name(), act, tool).await
    }

    async fn append_named(&self, conn: &mut Conn, chain: String, act: Act<'_>, tool: Option<&str>) -> Result<()> {
        let empty = (
            audit_heads::chain.eq(&chain),
            audit_heads::count.eq(0_i64),
            audit_heads::last_hash.eq(GENESIS),
            audit_heads::hash.eq(self.head_hash(&chain, 0, GENESIS)),
        );
        let head: Head = on!(conn, c => {
            diesel::insert_into(audit_heads::table).values(empty).on_conflict_do_nothing().execute(c).await?;
            // An update that changes nothing locks the row on PostgreSQL until the end of the transaction.
            diesel::update(audit_heads::table.find(&chain))
                .set(audit_heads::count.eq(audit_heads::count))
                .returning(Head::as_returning())
                .get_result(c)
                .await
        })?;
        // A forged head must not become a good one by being written on; nor may a process with another key go on.
        if !self.is_ours(&head) {
            return Err(Error::Internal(format!(
                "the head of the audit chain {chain} is not ours: it was changed, or MASTER_KEY is another; \
                 `sayso audit verify` says more"
            )));
        }
        let mut row = Row {
            number: head.count + 1,
            id: AuditId::new(),
            at: now().into(),
            actor: match act.actor {
                Actor::User(user) => user.to_string(),
                Actor::Nobody => "nobody".to_owned(),
            },
            address: act.address.to_owned(),
            action: act.action.to_owned(),
            object: act.object,
            target: act.target.map(str::to_owned),
            digest: act.digest,
            details: act.details.to_owned(),
            hash: String::new(),
            tool: tool.map(str::to_owned),
            chain,
        };
        row.hash = self.row_hash(&row, &head.last_hash);
        let head_hash = self.head_hash(&row.chain, row.number, &row.hash);
        on!(conn, c => {
            diesel::insert_into(audit_rows::table).values(&row).execute(c).await?;
            diesel::update(audit_heads::table.find(&row.chain))
                .set((
                    audit_heads::count.eq(row.number),
                    audit_heads::last_hash.eq(&row.hash),
                    audit_heads::hash.eq(head_hash),
                ))
                .execute(c)
                .await
        })?;
        Ok(())
    }

    fn row_hash(&self, row: &Row, previous: &str) -> String {
        let at = row.at.0.timestamp_micros().to_string();
        let digest = row.digest.map(|digest| digest.to_string());
        let (number, id) = (row.number.to_string(), row.id.to_string());
        let mut fields = vec![
            Some(previous),
            Some(&row.chain),
            Some(&number),
            Some(&id),
            Some(&at),
            Some(&row.actor),
            Some(&row.address),
            Some(&row.action),
            Some(&row.object),
            row.target.as_deref(),
            digest.as_deref(),
            Some(&row.details),
        ];
        // Rows from before there was a tool keep their hash. Each field carries its length, so one more is no other row.
        if row.tool.is_some() {
            fields.push(row.tool.as_deref());
        }
        hex(&self.rows, &fields)
    }

    /// Whether a head was written with our key.
    fn is_ours(&self, head: &Head) -> bool {
        self.head_hash(&head.chain, head.count, &head.last_hash) == head.hash
    }

    fn head_hash(&self, chain: &str, count: i64, last: &str) -> String {
        hex(&self.heads, &[Some(chain), Some(&count.to_string()), Some(last)])
    }
}

/// HMAC over fields, each with its length; an absent one differs from an empty one.
fn hex(key: &Hmac<Sha256>, fields: &[Option<&str>]) -> String {
    let mut mac = key.clone();
    for field in fields {
        match field {
            Some(text) => {
                mac.update(&[1]);
                mac.update(&(text.len() as u64).to_be_bytes());
                mac.update(text.as_bytes());
            }
            None => mac.update(&[0]),
        }
    }
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Heads of chains in the order of their names, after one; at most `limit`.
///
/// # Errors
/// When the database does not answer.
pub async fn heads(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<Head>> {
    Ok(on!(conn, c => {
        audit_heads::table
            .filter(audit_heads::chain.gt(after))
            .order(audit_heads::chain)
            .limit(limit)
            .select(Head::as_select())
            .load(c)
            .await
    })?)
}

/// The `limit` rows of a chain after row `after`, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn rows(conn: &mut Conn, chain: &str, after: i64, limit: i64) -> Result<Vec<Row>> {
    Ok(on!(conn, c => {
        audit_rows::table
            .filter(audit_rows::chain.eq(chain))
            .filter(audit_rows::number.gt(after))
            .order(audit_rows::number)
            .limit(limit)
            .select(Row::as_select())
            .load(c)
            .await
    })?)
}
