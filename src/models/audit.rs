//! The audit log: who did what, when, from where, on which object.
//!
//! Each tenant's rows are a chain: every row carries an HMAC over its own text and the hash of the row before it, and
//! the head carries one over count and last hash. The key lies outside the database, so who can only write SQL can
//! change nothing unseen. A row is written in the transaction of the act it tells of.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::{
    config::{Purpose, Secrets},
    db::{
        Conn, now, on,
        schema::{audit_heads, audit_rows, tenants, users},
        types::Time,
    },
    error::{Error, Result},
    types::{AuditId, Digest, TenantId, UserId},
};

/// Whose chain a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// A tenant's.
    Tenant(TenantId),
    /// What belongs to no tenant: unknown sign-ins, the set-up.
    System,
}

impl Chain {
    fn name(self) -> String {
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
}

/// The head of a chain.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_heads)]
struct Head {
    count: i64,
    last_hash: String,
    hash: String,
}

/// Writes and checks chains; holds the keys.
#[derive(Clone)]
pub struct Auditor {
    rows: Hmac<Sha256>,
    heads: Hmac<Sha256>,
}

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("chain {chain}, row {number}: {fault}")]
pub struct Broken {
    /// The chain.
    pub chain: String,
    /// The row.
    pub number: i64,
    /// What is wrong.
    pub fault: &'static str,
}

/// Rows that are proved at once.
const PAGE: i64 = 500;

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
        let chain = chain.into().name();
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
        if self.head_hash(&chain, head.count, &head.last_hash) != head.hash {
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

    /// Proves that no row of any chain was changed, removed, reordered or cut off. Gives how many rows there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verify(&self, conn: &mut Conn) -> Result<Result<i64, Broken>> {
        let heads: Vec<(String, Head)> = on!(conn, c => {
            audit_heads::table
                .order(audit_heads::chain)
                .select((audit_heads::chain, Head::as_select()))
                .load(c)
                .await
        })?;
        let mut total = 0;
        for (chain, head) in heads {
            let broken = |number, fault| Broken { chain: chain.clone(), number, fault };
            if self.head_hash(&chain, head.count, &head.last_hash) != head.hash {
                return Ok(Err(broken(head.count, "the head was changed")));
            }
            let (mut number, mut previous) = (0, GENESIS.to_owned());
            loop {
                let rows = match rows(conn, &chain, number, PAGE).await {
                    Err(Error::Database(diesel::result::Error::DeserializationError(_))) => {
                        // A row that cannot even be read: those before it are proved one by one.
                        match rows(conn, &chain, number, 1).await {
                            Err(Error::Database(diesel::result::Error::DeserializationError(_))) => {
                                return Ok(Err(broken(number + 1, "the row was changed or moved")));
                            }
                            row => row?,
                        }
                    }
                    rows => rows?,
                };
                if rows.is_empty() {
                    break;
                }
                for row in rows {
                    if row.number != number + 1 {
                        return Ok(Err(broken(number + 1, "the row is missing")));
                    }
                    if self.row_hash(&row, &previous) != row.hash {
                        return Ok(Err(broken(row.number, "the row was changed or moved")));
                    }
                    (number, previous) = (row.number, row.hash);
                }
            }
            if number < head.count {
                return Ok(Err(broken(number + 1, "the row is missing")));
            }
            if number > head.count || previous != head.last_hash {
                return Ok(Err(broken(number, "the row is not the one the head knows")));
            }
            total += number;
        }
        let strays: Option<(String, i64)> = on!(conn, c => {
            audit_rows::table
                .filter(diesel::dsl::not(
                    audit_rows::chain.eq_any(audit_heads::table.select(audit_heads::chain)),
                ))
                .order((audit_rows::chain, audit_rows::number))
                .select((audit_rows::chain, audit_rows::number))
                .first(c)
                .await
                .optional()
        })?;
        if let Some((chain, number)) = strays {
            return Ok(Err(Broken { chain, number, fault: "the chain has no head" }));
        }
        if let Some(chain) = missing_chain(conn).await? {
            return Ok(Err(Broken { chain, number: 1, fault: "the chain is missing" }));
        }
        Ok(Ok(total))
    }

    fn row_hash(&self, row: &Row, previous: &str) -> String {
        let at = row.at.0.timestamp_micros().to_string();
        let digest = row.digest.map(|digest| digest.to_string());
        let (number, id) = (row.number.to_string(), row.id.to_string());
        hex(
            &self.rows,
            &[
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
            ],
        )
    }

    fn head_hash(&self, chain: &str, count: i64, last: &str) -> String {
        hex(&self.heads, &[Some(chain), Some(&count.to_string()), Some(last)])
    }
}

/// A chain that must be there and is not: a tenant's begins when it is made, the system's with the first account.
async fn missing_chain(conn: &mut Conn) -> Result<Option<String>> {
    let (tenants, accounts, chains): (Vec<TenantId>, i64, Vec<String>) = on!(conn, c => {
        (
            tenants::table.select(tenants::id).order(tenants::id).load(c).await?,
            users::table.count().get_result(c).await?,
            audit_heads::table.select(audit_heads::chain).load(c).await?,
        )
    });
    let mut expected = tenants.into_iter().map(|tenant| Chain::Tenant(tenant).name()).collect::<Vec<_>>();
    if accounts > 0 {
        expected.push(Chain::System.name());
    }
    Ok(expected.into_iter().find(|chain| !chains.contains(chain)))
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
