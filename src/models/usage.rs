//! Budget: reserved before a model call, settled after it. Parallel requests cannot pass a limit, because a
//! reservation is one conditional update of the month's row.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;

use super::Owner;
use crate::{
    db::{
        Conn, now, on,
        schema::{model_calls, usage_days, usage_limits, usage_months, users},
        types::{SubjectId, Time},
    },
    error::{Code, Refusal, Result},
    types::{Credits, InstanceId, ModelCallId, Purpose, TenantId, TurnId, Usage, UserId},
};

/// What a tenant, or a person in it, may use in a month. `None` = as much as they like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = usage_limits)]
pub struct Limits {
    /// Input tokens.
    pub monthly_input_tokens: Option<i64>,
    /// Output tokens.
    pub monthly_output_tokens: Option<i64>,
    /// Model calls.
    pub monthly_requests: Option<i64>,
    /// Credits.
    pub monthly_credits: Option<Credits>,
    /// Whether the limits hold at all.
    pub is_active: bool,
}

impl Limits {
    /// What a new tenant starts with.
    pub const FOR_NEW_TENANTS: Self = Self {
        monthly_input_tokens: Some(1_000_000),
        monthly_output_tokens: Some(500_000),
        monthly_requests: Some(10_000),
        monthly_credits: None,
        is_active: true,
    };
}

/// What was used and is reserved in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = usage_months)]
pub struct Month {
    /// Input tokens used.
    pub input_tokens: i64,
    /// Output tokens used.
    pub output_tokens: i64,
    /// Of the input tokens, those read from a cache.
    pub cached_tokens: i64,
    /// Model calls that gave at least a byte.
    pub requests: i64,
    /// Credits used.
    pub credits: Credits,
    /// Input tokens held by calls under way.
    pub reserved_input_tokens: i64,
    /// Output tokens held by calls under way.
    pub reserved_output_tokens: i64,
    /// Calls under way.
    pub reserved_requests: i64,
    /// Credits held by calls under way.
    pub reserved_credits: Credits,
}

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

/// What a model call is about to use, at most.
#[derive(Clone, Debug)]
pub struct Reservation<'a> {
    /// Why the model is called.
    pub purpose: Purpose,
    /// The turn it belongs to.
    pub turn: Option<TurnId>,
    /// The provider.
    pub provider: &'a str,
    /// The model.
    pub model: &'a str,
    /// An upper bound on its input.
    pub input_tokens: i64,
    /// The most it may answer.
    pub output_tokens: i64,
    /// What that costs at most.
    pub credits: Credits,
    /// The instance that makes the call.
    pub instance: InstanceId,
}

/// A model call as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = model_calls)]
pub struct ModelCall {
    /// Its id.
    pub id: ModelCallId,
    /// The tenant that pays.
    pub tenant_id: TenantId,
    /// The person it is for.
    pub user_id: UserId,
    /// The turn.
    pub turn_id: Option<TurnId>,
    /// Why.
    pub purpose: Purpose,
    /// The provider.
    pub provider: String,
    /// The model.
    pub model: String,
    /// The month that pays, `YYYY-MM`, UTC at reservation.
    pub month: String,
    /// Input tokens held.
    pub reserved_input_tokens: i64,
    /// Output tokens held.
    pub reserved_output_tokens: i64,
    /// Credits held.
    pub reserved_credits: Credits,
    /// Input tokens used.
    pub input_tokens: Option<i64>,
    /// Output tokens used.
    pub output_tokens: Option<i64>,
    /// Cached tokens used.
    pub cached_tokens: Option<i64>,
    /// Credits used.
    pub credits: Option<Credits>,
    /// Whether what was used is an estimate.
    pub estimated: bool,
    /// How it failed.
    pub error_code: Option<String>,
    /// The instance that makes the call.
    pub owner: InstanceId,
    /// When it was reserved.
    pub created_at: Time,
    /// When it was settled.
    pub settled_at: Option<Time>,
}

/// What a call came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settlement {
    /// What it used.
    pub usage: Usage,
    /// What that cost.
    pub credits: Credits,
    /// Whether it counts as a request: it gave at least one byte.
    pub counts: bool,
    /// How it failed, if it did.
    pub error_code: Option<&'static str>,
}

/// The month of a time, `YYYY-MM` in UTC.
pub fn month_of(time: DateTime<Utc>) -> String {
    time.format("%Y-%m").to_string()
}

fn subjects(owner: Owner) -> [(SubjectId, bool); 2] {
    [(owner.tenant.into(), true), (owner.user.into(), false)]
}

/// Sets the limits of a tenant or of a person in it.
///
/// # Errors
/// When the database refuses.
pub async fn set_limits(conn: &mut Conn, tenant: TenantId, subject: SubjectId, limits: Limits) -> Result<()> {
    let values = (
        usage_limits::monthly_input_tokens.eq(limits.monthly_input_tokens),
        usage_limits::monthly_output_tokens.eq(limits.monthly_output_tokens),
        usage_limits::monthly_requests.eq(limits.monthly_requests),
        usage_limits::monthly_credits.eq(limits.monthly_credits),
        usage_limits::is_active.eq(limits.is_active),
    );
    on!(conn, c => {
        diesel::insert_into(usage_limits::table)
            .values((usage_limits::tenant_id.eq(tenant), usage_limits::subject_id.eq(subject), values))
            .on_conflict((usage_limits::tenant_id, usage_limits::subject_id))
            .do_update()
            .set(values)
            .execute(c)
            .await
    })?;
    Ok(())
}

/// The limits of a tenant or of a person in it; none if none were set.
///
/// # Errors
/// When the database does not answer.
pub async fn limits(conn: &mut Conn, tenant: TenantId, subject: SubjectId) -> Result<Limits> {
    let found: Option<Limits> = on!(conn, c => {
        usage_limits::table.find((tenant, subject)).select(Limits::as_select()).first(c).await.optional()
    })?;
    // Active, so that a limit that is added to what is found holds.
    Ok(found.unwrap_or(Limits { is_active: true, ..Limits::default() }))
}

/// A month of a tenant or of a person in it; zeros if nothing was used.
///
/// # Errors
/// When the database does not answer.
pub async fn month(conn: &mut Conn, tenant: TenantId, subject: SubjectId, month: &str) -> Result<Month> {
    let found: Option<Month> = on!(conn, c => {
        usage_months::table.find((tenant, subject, month)).select(Month::as_select()).first(c).await.optional()
    })?;
    Ok(found.unwrap_or_default())
}

/// What was used in a tenant in a month (`YYYY-MM`), by day, person and model.
///
/// # Errors
/// When the database does not answer.
pub async fn days(conn: &mut Conn, tenant: TenantId, month: &str) -> Result<Vec<UsageDay>> {
    use usage_days as d;
    // In every collation the days of a month stand between these.
    let (first, last) = (format!("{month}-01"), format!("{month}-31"));
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

/// Holds what a call will use at most, for the tenant and the person, and writes the call down.
///
/// # Errors
/// A refusal with the limit's code when it would go over; then the transaction must be dropped.
pub async fn reserve(conn: &mut Conn, owner: Owner, reservation: &Reservation<'_>) -> Result<ModelCall> {
    let time = now();
    let month = month_of(time);
    for (subject, is_tenant) in subjects(owner) {
        let limits = limits(conn, owner.tenant, subject).await?;
        let mut attempts = 0;
        while !hold(conn, owner.tenant, subject, &month, limits, reservation).await? {
            if let Some(refusal) = over(conn, owner.tenant, subject, &month, limits, reservation, is_tenant).await? {
                return Err(refusal.into());
            }
            // What was in the way was given back meanwhile.
            attempts += 1;
            if attempts == ATTEMPTS {
                return Err(Code::RateLimited.into());
            }
        }
    }
    let call = ModelCall {
        id: ModelCallId::new(),
        tenant_id: owner.tenant,
        user_id: owner.user,
        turn_id: reservation.turn,
        purpose: reservation.purpose,
        provider: reservation.provider.to_owned(),
        model: reservation.model.to_owned(),
        month,
        reserved_input_tokens: reservation.input_tokens,
        reserved_output_tokens: reservation.output_tokens,
        reserved_credits: reservation.credits,
        input_tokens: None,
        output_tokens: None,
        cached_tokens: None,
        credits: None,
        estimated: false,
        error_code: None,
        owner: reservation.instance,
        created_at: time.into(),
        settled_at: None,
    };
    on!(conn, c => diesel::insert_into(model_calls::table).values(&call).execute(c).await)?;
    Ok(call)
}

/// Locks the tenant's month until the transaction ends, as a reservation does.
///
/// # Errors
/// When the database does not answer.
pub async fn lock_month(conn: &mut Conn, tenant: TenantId) -> Result<()> {
    use usage_months as m;
    let (subject, month) = (SubjectId::from(tenant), month_of(now()));
    on!(conn, c => {
        diesel::insert_into(m::table)
            .values((m::tenant_id.eq(tenant), m::subject_id.eq(subject), m::month.eq(&month)))
            .on_conflict_do_nothing()
            .execute(c)
            .await?;
        diesel::update(m::table.find((tenant, subject, &month))).set(m::requests.eq(m::requests)).execute(c).await
    })?;
    Ok(())
}

/// One conditional update: adds to what is held unless a limit is in the way.
async fn hold(
    conn: &mut Conn,
    tenant: TenantId,
    subject: SubjectId,
    month: &str,
    limits: Limits,
    reservation: &Reservation<'_>,
) -> Result<bool> {
    use usage_months as m;
    let limit = |limit: Option<i64>| limit.filter(|_| limits.is_active).unwrap_or(i64::MAX);
    let (input, output, credits) = (reservation.input_tokens, reservation.output_tokens, reservation.credits.0);
    let held = on!(conn, c => {
        diesel::insert_into(m::table)
            .values((m::tenant_id.eq(tenant), m::subject_id.eq(subject), m::month.eq(month)))
            .on_conflict_do_nothing()
            .execute(c)
            .await?;
        diesel::update(m::table.find((tenant, subject, month)))
            .filter((m::input_tokens + m::reserved_input_tokens + input).le(limit(limits.monthly_input_tokens)))
            .filter((m::output_tokens + m::reserved_output_tokens + output).le(limit(limits.monthly_output_tokens)))
            .filter((m::requests + m::reserved_requests + 1).le(limit(limits.monthly_requests)))
            .filter((m::credits + m::reserved_credits + credits).le(limit(limits.monthly_credits.map(|limit| limit.0))))
            .set((
                m::reserved_input_tokens.eq(m::reserved_input_tokens + input),
                m::reserved_output_tokens.eq(m::reserved_output_tokens + output),
                m::reserved_requests.eq(m::reserved_requests + 1),
                m::reserved_credits.eq(m::reserved_credits + credits),
            ))
            .execute(c)
            .await
    })?;
    Ok(held == 1)
}

/// How often a reservation is tried while others give back what was in its way.
const ATTEMPTS: u32 = 5;

/// Which limit is in the way, in words that say until when; `None` if none is any more.
async fn over(
    conn: &mut Conn,
    tenant: TenantId,
    subject: SubjectId,
    month: &str,
    limits: Limits,
    reservation: &Reservation<'_>,
    is_tenant: bool,
) -> Result<Option<Refusal>> {
    let used = self::month(conn, tenant, subject, month).await?;
    let passes = |limit: Option<i64>, sum: i64| limit.is_some_and(|limit| sum > limit);
    let code = if passes(limits.monthly_requests, used.requests + used.reserved_requests + 1) {
        Code::LimitRequests
    } else if passes(
        limits.monthly_input_tokens,
        used.input_tokens + used.reserved_input_tokens + reservation.input_tokens,
    ) {
        Code::LimitInputTokens
    } else if passes(
        limits.monthly_output_tokens,
        used.output_tokens + used.reserved_output_tokens + reservation.output_tokens,
    ) {
        Code::LimitOutputTokens
    } else if passes(
        limits.monthly_credits.map(|limit| limit.0),
        used.credits.0 + used.reserved_credits.0 + reservation.credits.0,
    ) {
        Code::InsufficientCredits
    } else {
        return Ok(None);
    };
    tracing::info!(%tenant, is_tenant, code = code.as_str(), "a limit was reached");
    Ok(Some(Refusal::new(code).with("month", month)))
}

/// Names who answers a call, where it is another than was reserved for.
///
/// # Errors
/// When the database does not answer.
pub async fn answered_by(conn: &mut Conn, id: ModelCallId, provider: &str, model: &str) -> Result<()> {
    on!(conn, c => {
        diesel::update(
            model_calls::table
                .find(id)
                .filter(model_calls::settled_at.is_null())
                .filter(model_calls::provider.ne(provider).or(model_calls::model.ne(model))),
        )
        .set((model_calls::provider.eq(provider), model_calls::model.eq(model)))
        .execute(c)
        .await
    })?;
    Ok(())
}

/// Gives back what a call held and writes down what it used; `false` if it was settled before.
///
/// # Errors
/// When the database does not answer.
pub async fn settle(conn: &mut Conn, id: ModelCallId, settlement: Settlement) -> Result<bool> {
    use usage_months as m;
    let Settlement { usage, credits, counts, error_code } = settlement;
    let call: Option<ModelCall> = on!(conn, c => {
        diesel::update(model_calls::table.find(id).filter(model_calls::settled_at.is_null()))
            .set((
                model_calls::input_tokens.eq(Some(usage.input_tokens)),
                model_calls::output_tokens.eq(Some(usage.output_tokens)),
                model_calls::cached_tokens.eq(Some(usage.cached_tokens)),
                model_calls::credits.eq(Some(credits)),
                model_calls::estimated.eq(usage.estimated),
                model_calls::error_code.eq(error_code),
                model_calls::settled_at.eq(Some(Time(now()))),
            ))
            .returning(ModelCall::as_returning())
            .get_result(c)
            .await
            .optional()
    })?;
    let Some(call) = call else { return Ok(false) };
    let requests = i64::from(counts);
    for (subject, _) in subjects(Owner { tenant: call.tenant_id, user: call.user_id }) {
        on!(conn, c => {
            diesel::update(m::table.find((call.tenant_id, subject, &call.month)))
                .set((
                    m::reserved_input_tokens.eq(m::reserved_input_tokens - call.reserved_input_tokens),
                    m::reserved_output_tokens.eq(m::reserved_output_tokens - call.reserved_output_tokens),
                    m::reserved_requests.eq(m::reserved_requests - 1),
                    m::reserved_credits.eq(m::reserved_credits - call.reserved_credits.0),
                    m::input_tokens.eq(m::input_tokens + usage.input_tokens),
                    m::output_tokens.eq(m::output_tokens + usage.output_tokens),
                    m::cached_tokens.eq(m::cached_tokens + usage.cached_tokens),
                    m::requests.eq(m::requests + requests),
                    m::credits.eq(m::credits + credits.0),
                ))
                .execute(c)
                .await
        })?;
    }
    if counts || usage != (Usage { estimated: usage.estimated, ..Usage::default() }) || credits.0 != 0 {
        add_to_day(conn, &call, usage, credits, requests).await?;
    }
    Ok(true)
}

async fn add_to_day(conn: &mut Conn, call: &ModelCall, usage: Usage, credits: Credits, requests: i64) -> Result<()> {
    use usage_days as d;
    let day = call.created_at.0.format("%Y-%m-%d").to_string();
    let estimated = if usage.estimated { requests } else { 0 };
    on!(conn, c => {
        diesel::insert_into(d::table)
            .values((
                d::tenant_id.eq(call.tenant_id),
                d::user_id.eq(call.user_id),
                d::day.eq(day),
                d::provider.eq(&call.provider),
                d::model.eq(&call.model),
                d::input_tokens.eq(usage.input_tokens),
                d::output_tokens.eq(usage.output_tokens),
                d::cached_tokens.eq(usage.cached_tokens),
                d::requests.eq(requests),
                d::estimated_requests.eq(estimated),
                d::credits.eq(credits),
            ))
            .on_conflict((d::tenant_id, d::day, d::user_id, d::provider, d::model))
            .do_update()
            .set((
                d::input_tokens.eq(d::input_tokens + excluded(d::input_tokens)),
                d::output_tokens.eq(d::output_tokens + excluded(d::output_tokens)),
                d::cached_tokens.eq(d::cached_tokens + excluded(d::cached_tokens)),
                d::requests.eq(d::requests + excluded(d::requests)),
                d::estimated_requests.eq(d::estimated_requests + excluded(d::estimated_requests)),
                d::credits.eq(d::credits + excluded(d::credits)),
            ))
            .execute(c)
            .await
    })?;
    Ok(())
}

/// What the replies of a turn used, and how many requests they took. A title that was asked for meanwhile is no part of
/// it.
///
/// # Errors
/// When the database does not answer.
pub async fn of_turn(conn: &mut Conn, tenant: TenantId, turn: TurnId) -> Result<(Usage, i64, Credits)> {
    let calls: Vec<ModelCall> = on!(conn, c => {
        model_calls::table
            .filter(model_calls::tenant_id.eq(tenant))
            .filter(model_calls::turn_id.eq(turn))
            .filter(model_calls::purpose.ne(Purpose::Title))
            .filter(model_calls::settled_at.is_not_null())
            .select(ModelCall::as_select())
            .load(c)
            .await
    })?;
    let (mut usage, mut requests, mut credits) = (Usage::default(), 0, Credits::default());
    for call in calls {
        let count = |tokens: Option<i64>| tokens.unwrap_or(0);
        usage += Usage {
            input_tokens: count(call.input_tokens),
            output_tokens: count(call.output_tokens),
            cached_tokens: count(call.cached_tokens),
            estimated: call.estimated,
        };
        // One that gave no byte used nothing, and is no request.
        requests += i64::from(call.error_code.is_none() || count(call.input_tokens) > 0);
        credits = credits + call.credits.unwrap_or_default();
    }
    Ok((usage, requests, credits))
}

/// How many calls for that purpose are under way that began after `since`: of the person, and of their tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn under_way(
    conn: &mut Conn,
    owner: Owner,
    purpose: Purpose,
    since: DateTime<Utc>,
) -> Result<(usize, usize)> {
    let people: Vec<UserId> = on!(conn, c => {
        model_calls::table
            .filter(model_calls::settled_at.is_null())
            .filter(model_calls::tenant_id.eq(owner.tenant))
            .filter(model_calls::purpose.eq(purpose))
            .filter(model_calls::created_at.gt(Time(since)))
            .select(model_calls::user_id)
            .load(c)
            .await
    })?;
    Ok((people.iter().filter(|person| **person == owner.user).count(), people.len()))
}

/// Calls that a turn left unsettled when its runner died.
///
/// # Errors
/// When the database does not answer.
pub async fn unsettled_of_turn(conn: &mut Conn, turn: TurnId) -> Result<Vec<ModelCall>> {
    Ok(on!(conn, c => {
        model_calls::table
            .filter(model_calls::turn_id.eq(turn))
            .filter(model_calls::settled_at.is_null())
            .select(ModelCall::as_select())
            .load(c)
            .await
    })?)
}

/// Unsettled calls reserved before `before`, of whatever turn or none: no call lives that long.
///
/// # Errors
/// When the database does not answer.
pub async fn unsettled_before(conn: &mut Conn, before: DateTime<Utc>) -> Result<Vec<ModelCall>> {
    Ok(on!(conn, c => {
        model_calls::table
            .filter(model_calls::settled_at.is_null())
            .filter(model_calls::created_at.lt(Time(before)))
            .limit(1000)
            .select(ModelCall::as_select())
            .load(c)
            .await
    })?)
}
