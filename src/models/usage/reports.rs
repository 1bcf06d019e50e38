//! What was used, added up: each answer reads rows that were rolled up as they were written, so it costs the same however
//! much was said.

use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;

use super::Limits;
use crate::{
    db::{
        Conn, now, on,
        schema::{usage_days, usage_limits, usage_model_days, usage_months, usage_tool_days, users},
        types::SubjectId,
    },
    error::Result,
    models::{Owner, tool_call::StoredCall},
    types::{Credits, TenantId, ToolCallState, UserId},
};

/// What a person used of a model on a day.
#[derive(Clone, Debug, Queryable)]
pub struct UsageDay {
    /// `YYYY-MM-DD`, UTC.
    pub day: String,
    /// The person.
    pub user_id: UserId,
    /// Their address, while there is an account.
    pub email: Option<String>,
    /// Their name, while there is an account.
    pub name: Option<String>,
    /// The provider.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Input tokens.
    pub input_tokens: i64,
    /// Output tokens.
    pub output_tokens: i64,
    /// Of the input tokens, those read from a cache.
    pub cached_tokens: i64,
    /// Model calls.
    pub requests: i64,
    /// Of these, those of which only an estimate is known.
    pub estimated_requests: i64,
    /// Credits.
    pub credits: Credits,
}

/// Sums of what model calls used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Queryable)]
pub struct Sums {
    /// Input tokens.
    pub input_tokens: i64,
    /// Output tokens.
    pub output_tokens: i64,
    /// Of the input tokens, those read from a cache.
    pub cached_tokens: i64,
    /// Model calls.
    pub requests: i64,
    /// Credits.
    pub credits: Credits,
}

impl std::ops::AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens = self.input_tokens.saturating_add(other.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
        self.cached_tokens = self.cached_tokens.saturating_add(other.cached_tokens);
        self.requests = self.requests.saturating_add(other.requests);
        self.credits = self.credits + other.credits;
    }
}

/// What was used of a model on a day.
#[derive(Clone, Debug, Queryable)]
pub struct ModelDay {
    /// `YYYY-MM-DD`, UTC.
    pub day: String,
    /// The provider.
    pub provider: String,
    /// The model.
    pub model: String,
    /// What was used.
    pub used: Sums,
}

/// What a person used in a month.
#[derive(Clone, Debug, Queryable)]
pub struct PersonMonth {
    /// The person, as usage is kept under them.
    pub subject: SubjectId,
    /// Their address, while there is an account.
    pub email: Option<String>,
    /// Their name, while there is an account.
    pub name: Option<String>,
    /// What they used.
    pub used: Sums,
}

/// How often a tool ran on a day.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct ToolDay {
    /// `YYYY-MM-DD`, UTC.
    pub day: String,
    /// The server.
    pub server: String,
    /// The tool.
    pub tool: String,
    /// How often it ran.
    pub runs: i64,
    /// How often of these it did not say that it worked.
    pub failures: i64,
}

/// Between these stand the days of a month (`YYYY-MM`), in every collation.
fn bounds(month: &str) -> (String, String) {
    (format!("{month}-01"), format!("{month}-31"))
}

/// What was used in a tenant in a month (`YYYY-MM`), by day, person and model.
///
/// # Errors
/// When the database does not answer.
pub async fn days(conn: &mut Conn, tenant: TenantId, month: &str) -> Result<Vec<UsageDay>> {
    use usage_days as d;
    let (first, last) = bounds(month);
    Ok(on!(conn, c => {
        d::table
            .left_join(users::table.on(users::id.eq(d::user_id)))
            .filter(d::tenant_id.eq(tenant))
            .filter(d::day.between(&first, &last))
            .order((d::day, d::user_id, d::provider, d::model))
            .select((
                d::day,
                d::user_id,
                users::email.nullable(),
                users::name.nullable(),
                d::provider,
                d::model,
                d::input_tokens,
                d::output_tokens,
                d::cached_tokens,
                d::requests,
                d::estimated_requests,
                d::credits,
            ))
            .load(c)
            .await
    })?)
}

/// What was used in a month by day and model: of the tenant as a whole, or of one person in it.
///
/// # Errors
/// When the database does not answer.
pub async fn model_days(
    conn: &mut Conn,
    tenant: TenantId,
    person: Option<UserId>,
    month: &str,
) -> Result<Vec<ModelDay>> {
    use usage_days as p;
    use usage_model_days as d;
    let (first, last) = bounds(month);
    let Some(person) = person else {
        return Ok(on!(conn, c => {
            d::table
                .filter(d::tenant_id.eq(tenant))
                .filter(d::day.between(&first, &last))
                .order((d::day, d::provider, d::model))
                .select((
                    d::day,
                    d::provider,
                    d::model,
                    (d::input_tokens, d::output_tokens, d::cached_tokens, d::requests, d::credits),
                ))
                .load(c)
                .await
        })?);
    };
    Ok(on!(conn, c => {
        p::table
            .filter(p::tenant_id.eq(tenant))
            .filter(p::user_id.eq(person))
            .filter(p::day.between(&first, &last))
            .order((p::day, p::provider, p::model))
            .select((
                p::day,
                p::provider,
                p::model,
                (p::input_tokens, p::output_tokens, p::cached_tokens, p::requests, p::credits),
            ))
            .load(c)
            .await
    })?)
}

/// What each person used in a tenant in a month, who used most first.
///
/// # Errors
/// When the database does not answer.
pub async fn people(conn: &mut Conn, tenant: TenantId, month: &str) -> Result<Vec<PersonMonth>> {
    use usage_months as m;
    let used = |row: &PersonMonth| row.used != Sums::default();
    let rows: Vec<PersonMonth> = on!(conn, c => {
        m::table
            .left_join(users::table.on(users::id.eq(m::subject_id)))
            .filter(m::tenant_id.eq(tenant))
            .filter(m::month.eq(month))
            .filter(m::subject_id.ne(SubjectId::from(tenant)))
            .order(((m::input_tokens + m::output_tokens).desc(), m::subject_id))
            .select((
                m::subject_id,
                users::email.nullable(),
                users::name.nullable(),
                (m::input_tokens, m::output_tokens, m::cached_tokens, m::requests, m::credits),
            ))
            .load(c)
            .await
    })?;
    // Who only holds something, or was given back all of it, used nothing.
    Ok(rows.into_iter().filter(used).collect())
}

/// How often tools ran in a month: of the tenant as a whole, or of one person in it.
///
/// # Errors
/// When the database does not answer.
pub async fn tool_days(conn: &mut Conn, tenant: TenantId, subject: SubjectId, month: &str) -> Result<Vec<ToolDay>> {
    use usage_tool_days as t;
    let (first, last) = bounds(month);
    Ok(on!(conn, c => {
        t::table
            .filter(t::tenant_id.eq(tenant))
            .filter(t::subject_id.eq(subject))
            .filter(t::day.between(&first, &last))
            .order((t::day, t::server, t::tool))
            .select((t::day, t::server, t::tool, t::runs, t::failures))
            .load(c)
            .await
    })?)
}

/// Counts a run that has ended, in the transaction that ends it.
///
/// # Errors
/// When the database refuses.
pub async fn count_run(conn: &mut Conn, call: &StoredCall) -> Result<()> {
    use usage_tool_days as t;
    let day = now().format("%Y-%m-%d").to_string();
    let failures = i64::from(call.state != ToolCallState::Succeeded);
    let Owner { tenant, user } = call.owner();
    for subject in [SubjectId::from(tenant), SubjectId::from(user)] {
        on!(conn, c => {
            diesel::insert_into(t::table)
                .values((
                    t::tenant_id.eq(tenant),
                    t::subject_id.eq(subject),
                    t::day.eq(&day),
                    t::server.eq(&call.server),
                    t::tool.eq(&call.name),
                    t::runs.eq(1_i64),
                    t::failures.eq(failures),
                ))
                .on_conflict((t::tenant_id, t::subject_id, t::day, t::server, t::tool))
                .do_update()
                .set((t::runs.eq(t::runs + excluded(t::runs)), t::failures.eq(t::failures + excluded(t::failures))))
                .execute(c)
                .await
        })?;
    }
    Ok(())
}

/// The people of a tenant who have limits of their own, with these.
///
/// # Errors
/// When the database does not answer.
pub async fn limited_people(conn: &mut Conn, tenant: TenantId) -> Result<Vec<(UserId, String, String, Limits)>> {
    use usage_limits as l;
    Ok(on!(conn, c => {
        l::table
            .inner_join(users::table.on(users::id.eq(l::subject_id)))
            .filter(l::tenant_id.eq(tenant))
            .order((users::name, users::id))
            .select((users::id, users::name, users::email, Limits::as_select()))
            .load(c)
            .await
    })?)
}
