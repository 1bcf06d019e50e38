//! The proof that a log is whole: no row of any chain was changed, removed, reordered or cut off, and every run of a tool
//! had its say-so. Rows are read page by page, so memory stays the same however long a chain is; everything is read in the
//! caller's one transaction, so a server may go on writing meanwhile.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::{Anchors, Auditor, Chain, Head, Row, heads, rows, runs};
use crate::{
    db::{
        Conn, on,
        schema::{audit_heads, audit_rows, tenants, users},
    },
    error::{Error, Result},
    types::{TenantId, ToolCallId},
};

/// Rows that are proved at once.
const PAGE: i64 = 500;

/// So many faults are named; more are counted.
const NAMED: usize = 100;

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{}", self.words())]
pub struct Broken {
    /// The chain.
    pub chain: String,
    /// The row; 0 for a call that has none.
    #[serde(rename = "row")]
    pub number: i64,
    /// The call, where it is about one.
    #[serde(rename = "tool_call", skip_serializing_if = "Option::is_none")]
    pub call: Option<ToolCallId>,
    /// What is wrong.
    pub fault: &'static str,
}

impl Broken {
    fn words(&self) -> String {
        let Self { chain, number, call, fault } = self;
        match (call, number) {
            (None, _) => format!("chain {chain}, row {number}: {fault}"),
            (Some(call), 0) => format!("chain {chain}, tool call {call}: {fault}"),
            (Some(call), _) => format!("chain {chain}, row {number}, tool call {call}: {fault}"),
        }
    }
}

/// A chain that was looked through.
#[derive(Clone, Debug, Serialize)]
pub struct ChainProof {
    /// The chain.
    pub chain: String,
    /// The rows that hold: from the first on that was written with this key.
    pub rows: i64,
    /// The rows before them, written with another key and not proved.
    pub unproved: i64,
    /// The hash of the last of them.
    pub last_hash: String,
}

/// What came of looking through all.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Proof {
    /// Rows that hold.
    pub rows: i64,
    /// Runs of tools among them.
    pub runs: i64,
    /// Every chain.
    pub chains: Vec<ChainProof>,
    /// What is wrong: of each chain where it breaks first, and each run that had no say-so.
    pub faults: Vec<Broken>,
    /// How many faults there are beside.
    pub more_faults: u64,
}

impl Proof {
    pub(super) fn add(&mut self, broken: Broken) {
        if self.faults.len() < NAMED {
            self.faults.push(broken);
        } else {
            self.more_faults += 1;
        }
    }
}

impl Auditor {
    /// Proves that no row of any chain was changed, removed, reordered or cut off, and that each run had its say-so.
    /// Gives how many rows there are, or the first fault.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verify(&self, conn: &mut Conn) -> Result<Result<i64, Broken>> {
        let proof = self.prove(conn, &Anchors::default()).await?;
        Ok(match proof.faults.into_iter().next() {
            Some(broken) => Err(broken),
            None => Ok(proof.rows),
        })
    }

    /// The same against what was kept elsewhere, with everything that is wrong.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn prove(&self, conn: &mut Conn, anchors: &Anchors) -> Result<Proof> {
        let mut proof = Proof::default();
        let mut after = String::new();
        loop {
            let found = heads(conn, &after, PAGE).await?;
            let Some(last) = found.last() else { break };
            after.clone_from(&last.chain);
            for head in found {
                self.prove_chain(conn, &head, anchors, &mut proof).await?;
            }
        }
        if let Some((chain, number)) = stray(conn).await? {
            proof.add(Broken { chain, number, call: None, fault: "the chain has no head" });
        }
        for chain in missing_chains(conn, anchors).await? {
            proof.add(Broken { chain, number: 1, call: None, fault: "the chain is missing" });
        }
        runs::unaudited(conn, &mut proof).await?;
        Ok(proof)
    }

    async fn prove_chain(&self, conn: &mut Conn, head: &Head, anchors: &Anchors, proof: &mut Proof) -> Result<()> {
        let chain = &head.chain;
        let broken = |number, fault| Broken { chain: chain.clone(), number, call: None, fault };
        let is_ours = self.is_ours(head);
        if !is_ours {
            proof.add(broken(head.count, "the head was changed"));
        }
        if let Some(number) = outside(conn, chain).await? {
            proof.add(broken(number, "the row has no place in the chain"));
        }
        let (unproved, mut previous) = self.begins_after(conn, chain).await?;
        if let Some(number) = lost_before(conn, chain, unproved, &previous).await? {
            proof.add(broken(number, "a row from before the key was changed is missing, or is not the last one"));
        }
        let mut number = unproved;
        let fault = loop {
            let Some(page) = readable(conn, chain, number).await? else {
                break Some((number + 1, "the row was changed or moved"));
            };
            if page.is_empty() {
                break None;
            }
            let (held, fault) = self.held(&page, anchors, &mut number, &mut previous);
            runs::prove(conn, chain, unproved, held, proof).await?;
            if fault.is_some() {
                break fault;
            }
        };
        proof.rows += number - unproved;
        let least = anchors.least(chain);
        let fault = match fault {
            None if number < least => Some((number + 1, "the row is missing: the anchor knows of more")),
            // What a forged head says is worth nothing.
            None if !is_ours => None,
            None if number < head.count => Some((number + 1, "the row is missing")),
            None if number > head.count || previous != head.last_hash => {
                Some((number, "the row is not the one the head knows"))
            }
            fault => fault,
        };
        if let Some((number, fault)) = fault {
            proof.add(broken(number, fault));
        }
        proof.chains.push(ChainProof { chain: chain.clone(), rows: number - unproved, unproved, last_hash: previous });
        Ok(())
    }

    /// The rows from the first on that hold, and what is wrong with the next.
    fn held<'a>(
        &self,
        page: &'a [Row],
        anchors: &Anchors,
        number: &mut i64,
        previous: &mut String,
    ) -> (&'a [Row], Option<(i64, &'static str)>) {
        for (count, row) in page.iter().enumerate() {
            let fault = if row.number != *number + 1 {
                Some((*number + 1, "the row is missing"))
            } else if self.row_hash(row, previous) != row.hash {
                Some((row.number, "the row was changed or moved"))
            } else if anchors.at(&row.chain, row.number).is_some_and(|hash| hash != row.hash) {
                Some((row.number, "the row is not the one the anchor knows"))
            } else {
                None
            };
            if fault.is_some() {
                return (page.get(..count).unwrap_or_default(), fault);
            }
            *number = row.number;
            previous.clone_from(&row.hash);
        }
        (page, None)
    }
}

/// The next rows of a chain; `None` where the very next cannot even be read.
async fn readable(conn: &mut Conn, chain: &str, after: i64) -> Result<Option<Vec<Row>>> {
    use diesel::result::Error::DeserializationError;
    for limit in [PAGE, 1] {
        match rows(conn, chain, after, limit).await {
            // Those before it are proved one by one.
            Err(Error::Database(DeserializationError(_))) => {}
            page => return page.map(Some),
        }
    }
    Ok(None)
}

/// The lowest row of a chain that lies before its first: nobody writes there, and the walk from the first on does not
/// come by.
async fn outside(conn: &mut Conn, chain: &str) -> Result<Option<i64>> {
    Ok(on!(conn, c => {
        audit_rows::table
            .filter(audit_rows::chain.eq(chain))
            .filter(audit_rows::number.lt(1))
            .order(audit_rows::number)
            .select(audit_rows::number)
            .first(c)
            .await
            .optional()
    })?)
}

/// Rows before the key was changed hold no more, but there must be as many as there were, and the last must have the hash
/// that the key's holder wrote down: else the number of the first that is wrong, or of the last.
async fn lost_before(conn: &mut Conn, chain: &str, unproved: i64, last_hash: &str) -> Result<Option<i64>> {
    if unproved == 0 {
        return Ok(None);
    }
    let (count, hash): (i64, Option<String>) = on!(conn, c => {
        let before = audit_rows::table.filter(audit_rows::chain.eq(chain)).filter(audit_rows::number.between(1, unproved));
        (
            before.count().get_result(c).await?,
            audit_rows::table.find((chain, unproved)).select(audit_rows::hash).first(c).await.optional()?,
        )
    });
    Ok((count != unproved || hash.as_deref() != Some(last_hash)).then_some(unproved))
}

/// A row of a chain that has no head.
async fn stray(conn: &mut Conn) -> Result<Option<(String, i64)>> {
    Ok(on!(conn, c => {
        audit_rows::table
            .filter(diesel::dsl::not(audit_rows::chain.eq_any(audit_heads::table.select(audit_heads::chain))))
            .order((audit_rows::chain, audit_rows::number))
            .select((audit_rows::chain, audit_rows::number))
            .first(c)
            .await
            .optional()
    })?)
}

/// Chains that must be there and are not: a tenant's begins when it is made, the system's with the first account; and
/// what an anchor knows was there.
async fn missing_chains(conn: &mut Conn, anchors: &Anchors) -> Result<Vec<String>> {
    let (tenants, made, accounts, chains): (Vec<TenantId>, Vec<String>, i64, Vec<String>) = on!(conn, c => {
        (
            tenants::table.select(tenants::id).order(tenants::id).load(c).await?,
            audit_rows::table
                .filter(audit_rows::chain.eq(Chain::System.name()))
                .filter(audit_rows::action.eq("tenant_created"))
                .select(audit_rows::object)
                .load(c)
                .await?,
            users::table.count().get_result(c).await?,
            audit_heads::table.select(audit_heads::chain).order(audit_heads::chain).load(c).await?,
        )
    });
    let chains: std::collections::BTreeSet<String> = chains.into_iter().collect();
    let mut expected: Vec<String> = tenants.into_iter().map(|tenant| Chain::Tenant(tenant).name()).collect();
    // The system's log knows tenants too: one that went with its own log is missed.
    expected.extend(made.iter().filter_map(|object| object.strip_prefix("tenant:")).map(str::to_owned));
    if accounts > 0 {
        expected.push(Chain::System.name());
    }
    expected.extend(anchors.chains().filter(|chain| anchors.least(chain) > 0).map(str::to_owned));
    let mut missing: Vec<String> = expected.into_iter().filter(|chain| !chains.contains(chain)).collect();
    missing.sort();
    missing.dedup();
    Ok(missing)
}
