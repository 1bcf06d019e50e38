//! What happens to the chains when `MASTER_KEY` becomes another one: each goes on under the new key, from a row that says
//! so. The rows before it cannot be proved with the new key, and the proof says how many there are.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Act, Actor, Auditor, GENESIS, Head, Row, heads, rows};
use crate::{
    db::{
        Conn, on,
        schema::{audit_heads, audit_rows},
    },
    error::Result,
};

/// The action of the row with which a chain goes on under another key. Its details are the hash of the row before.
pub const KEY_CHANGED: &str = "audit_key_changed";

/// Chains that are looked through at once.
const PAGE: i64 = 500;

impl Auditor {
    /// Lets chains that were written with another key go on with ours: whoever has a shell on the server says so. One
    /// whose last row is ours and whose head is not was forged, and stays broken. How many there were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_over(&self, conn: &mut Conn, address: &str) -> Result<usize> {
        let (mut taken, mut after) = (0, String::new());
        loop {
            let found = heads(conn, &after, PAGE).await?;
            let Some(last) = found.last() else { return Ok(taken) };
            after.clone_from(&last.chain);
            for head in found.into_iter().filter(|head| !self.is_ours(head)) {
                if !self.has_written(conn, &head).await? {
                    self.go_on(conn, &head, address).await?;
                    taken += 1;
                }
            }
        }
    }

    /// Whether the last row of a chain was written with our key.
    async fn has_written(&self, conn: &mut Conn, head: &Head) -> Result<bool> {
        Ok(match &rows(conn, &head.chain, head.count.saturating_sub(2).max(0), 2).await?[..] {
            [only] => self.row_hash(only, GENESIS) == only.hash,
            [before, last] => self.row_hash(last, &before.hash) == last.hash,
            _ => false,
        })
    }

    async fn go_on(&self, conn: &mut Conn, head: &Head, address: &str) -> Result<()> {
        let hash = self.head_hash(&head.chain, head.count, &head.last_hash);
        on!(conn, c => {
            diesel::update(audit_heads::table.find(&head.chain)).set(audit_heads::hash.eq(hash)).execute(c).await
        })?;
        let act = Act {
            actor: Actor::Nobody,
            address,
            action: KEY_CHANGED,
            object: format!("audit:{}", head.chain),
            target: None,
            digest: None,
            details: &head.last_hash,
        };
        self.append_named(conn, head.chain.clone(), act, None).await
    }

    /// The number and the hash of the last row that was written with another key; 0 and the beginning where there is
    /// none. Whoever can only write SQL cannot make the row that says so.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn begins_after(&self, conn: &mut Conn, chain: &str) -> Result<(i64, String)> {
        let found: Option<Row> = on!(conn, c => {
            audit_rows::table
                .filter(audit_rows::chain.eq(chain))
                .filter(audit_rows::action.eq(KEY_CHANGED))
                .order(audit_rows::number.desc())
                .select(Row::as_select())
                .first(c)
                .await
                .optional()
        })?;
        Ok(match found {
            Some(row) if self.row_hash(&row, &row.details) == row.hash => (row.number - 1, row.details),
            _ => (0, GENESIS.to_owned()),
        })
    }
}
