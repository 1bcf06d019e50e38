//! The log as it is read by people: newest first, filtered, page by page. Each filter has an index that begins with the
//! chain, so a page costs the same however long the chain is.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Auditor, Broken, Chain, GENESIS, Row, heads};
use crate::{
    db::{
        Conn, on,
        schema::{audit_heads, audit_rows, users},
        types::Time,
    },
    error::{Error, Result},
    types::UserId,
};

/// Which decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionFilter {
    /// Every say-so.
    Approved,
    /// A person's own.
    ByPerson,
    /// By a grant of theirs.
    ByGrant,
    /// By the rule of an admin.
    ByRule,
    /// Every no, also of one who went on without a word or let the time pass.
    Denied,
}

/// What is looked for; all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Who.
    pub actor: Option<UserId>,
    /// About a call of this tool.
    pub tool: Option<String>,
    /// The path or host.
    pub target: Option<String>,
    /// On this object.
    pub object: Option<String>,
    /// What.
    pub action: Option<String>,
    /// What was decided.
    pub decision: Option<DecisionFilter>,
    /// From then on.
    pub from: Option<DateTime<Utc>>,
    /// Before then.
    pub to: Option<DateTime<Utc>>,
}

/// Some rows, with what is known of them.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Newest first.
    pub rows: Vec<Row>,
    /// How many rows the chain has, if its head and these rows hold; else what does not.
    pub state: Result<i64, Broken>,
}

/// So many of a chain's rows that fit, newest first: the newest, or those after this one in that order.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    conn: &mut Conn,
    chain: Chain,
    filter: &Filter,
    after: Option<(DateTime<Utc>, i64)>,
    limit: i64,
) -> Result<Vec<Row>> {
    let by = |found: DecisionFilter| filter.decision == Some(found);
    Ok(on!(conn, c => {
        let mut query = audit_rows::table
            .filter(audit_rows::chain.eq(chain.name()))
            .order((audit_rows::at.desc(), audit_rows::number.desc()))
            .limit(limit)
            .select(Row::as_select())
            .into_boxed();
        if let Some(actor) = filter.actor {
            query = query.filter(audit_rows::actor.eq(actor.to_string()));
        }
        if let Some(tool) = &filter.tool {
            query = query.filter(audit_rows::tool.eq(tool));
        }
        if let Some(target) = &filter.target {
            query = query.filter(audit_rows::target.eq(target));
        }
        if let Some(object) = &filter.object {
            query = query.filter(audit_rows::object.eq(object));
        }
        if let Some(action) = &filter.action {
            query = query.filter(audit_rows::action.eq(action));
        }
        if let Some(decision) = filter.decision {
            let action = if decision == DecisionFilter::Denied { "tool_denied" } else { "tool_approved" };
            query = query.filter(audit_rows::action.eq(action));
        }
        if by(DecisionFilter::ByGrant) {
            query = query.filter(audit_rows::details.like("grant:%"));
        }
        if by(DecisionFilter::ByRule) {
            query = query.filter(audit_rows::details.like("rule%"));
        }
        if by(DecisionFilter::ByPerson) {
            query = query
                .filter(audit_rows::details.not_like("grant:%"))
                .filter(audit_rows::details.not_like("rule%"));
        }
        if let Some(from) = filter.from {
            query = query.filter(audit_rows::at.ge(Time(from)));
        }
        if let Some(to) = filter.to {
            query = query.filter(audit_rows::at.lt(Time(to)));
        }
        if let Some((at, number)) = after {
            let at = Time(at);
            // The first bound is implied by the second; it is the one that an index can begin at.
            query = query
                .filter(audit_rows::at.le(at))
                .filter(audit_rows::at.lt(at).or(audit_rows::at.eq(at).and(audit_rows::number.lt(number))));
        }
        query.load(c).await
    })?)
}

/// When a row was written, if there is one of that number.
///
/// # Errors
/// When the database does not answer.
pub async fn written_at(conn: &mut Conn, chain: Chain, number: i64) -> Result<Option<DateTime<Utc>>> {
    let found: Option<Time> = on!(conn, c => {
        audit_rows::table.find((chain.name(), number)).select(audit_rows::at).first(c).await.optional()
    })?;
    Ok(found.map(|at| at.0))
}

/// Whether a log tells of something that a person did.
///
/// # Errors
/// When the database does not answer.
pub async fn has_acted(conn: &mut Conn, chain: Chain, user: UserId) -> Result<bool> {
    let rows =
        audit_rows::table.filter(audit_rows::chain.eq(chain.name())).filter(audit_rows::actor.eq(user.to_string()));
    Ok(on!(conn, c => { diesel::select(diesel::dsl::exists(rows)).get_result(c).await })?)
}

/// The names of people in rows, and their addresses.
///
/// # Errors
/// When the database does not answer.
pub async fn names(conn: &mut Conn, people: &[UserId]) -> Result<HashMap<UserId, (String, String)>> {
    let found: Vec<(UserId, String, String)> = on!(conn, c => {
        users::table
            .filter(users::id.eq_any(people.to_vec()))
            .select((users::id, users::name, users::email))
            .load(c)
            .await
    })?;
    Ok(found.into_iter().map(|(id, name, email)| (id, (name, email))).collect())
}

impl Auditor {
    /// A page of the log, with the cheap half of the proof: the head is ours and knows the last row, and each row that is
    /// shown is what was written, at its place. That nothing is missing between them only the whole proof says.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn show(
        &self,
        conn: &mut Conn,
        chain: Chain,
        filter: &Filter,
        after: Option<(DateTime<Utc>, i64)>,
        limit: i64,
    ) -> Result<Shown> {
        let rows = match page(conn, chain, filter, after, limit).await {
            Err(Error::Database(diesel::result::Error::DeserializationError(_))) => {
                let fault = "a row on this page was changed";
                let state = Err(Broken { chain: chain.name(), number: 0, call: None, fault });
                return Ok(Shown { rows: Vec::new(), state });
            }
            rows => rows?,
        };
        let state = self.state_of(conn, chain, &rows).await?;
        Ok(Shown { rows, state })
    }

    async fn state_of(&self, conn: &mut Conn, chain: Chain, rows: &[Row]) -> Result<Result<i64, Broken>> {
        let name = chain.name();
        let broken = |number, fault| Ok(Err(Broken { chain: name.clone(), number, call: None, fault }));
        let head: Option<super::Head> = on!(conn, c => {
            audit_heads::table.find(&name).select(super::Head::as_select()).first(c).await.optional()
        })?;
        let Some(head) = head else {
            // A chain that nobody has written to yet; what has rows has a head.
            return if rows.is_empty() { Ok(Ok(0)) } else { broken(1, "the chain has no head") };
        };
        if !self.is_ours(&head) {
            return broken(head.count, "the head was changed");
        }
        // The hash of each row before one that is shown, and of the last.
        let wanted: Vec<i64> = rows.iter().map(|row| row.number - 1).chain([head.count]).collect();
        let hashes: Vec<(i64, String)> = on!(conn, c => {
            audit_rows::table
                .filter(audit_rows::chain.eq(&name))
                .filter(audit_rows::number.eq_any(wanted.clone()))
                .select((audit_rows::number, audit_rows::hash))
                .load(c)
                .await
        })?;
        let hashes: HashMap<i64, String> = hashes.into_iter().collect();
        if head.count > 0 && hashes.get(&head.count) != Some(&head.last_hash) {
            return broken(head.count, "the row is not the one the head knows");
        }
        if let Some(row) = rows.iter().find(|row| row.number < 1) {
            return broken(row.number, "the row has no place in the chain");
        }
        let (unproved, _) = self.begins_after(conn, &name).await?;
        for row in rows.iter().filter(|row| row.number > unproved) {
            let before =
                if row.number == 1 { Some(GENESIS) } else { hashes.get(&(row.number - 1)).map(String::as_str) };
            let Some(before) = before else { return broken(row.number - 1, "the row is missing") };
            if row.number > head.count || self.row_hash(row, before) != row.hash {
                return broken(row.number, "the row was changed or moved");
            }
        }
        Ok(Ok(head.count))
    }

    /// The heads as they stand, each after its key was looked at; `None` in the place of one that is not ours.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn anchors(&self, conn: &mut Conn) -> Result<Vec<(String, Option<super::Anchor>)>> {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let found = heads(conn, &after, 500).await?;
            let Some(last) = found.last() else { return Ok(all) };
            after.clone_from(&last.chain);
            all.extend(found.into_iter().map(|head| {
                let is_ours = self.is_ours(&head);
                (head.chain.clone(), is_ours.then(|| head.into()))
            }));
        }
    }
}
