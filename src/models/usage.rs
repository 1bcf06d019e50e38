//! Budget: reserved before a model call, settled after it. Parallel requests cannot pass a limit, because a
//! reservation is one conditional update of the month's row.

mod calls;
mod reports;
mod settling;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

pub use calls::{of_turn, under_way, unsettled_before, unsettled_of_turn};
pub use reports::{
    ModelDay, PersonMonth, Sums, ToolDay, UsageDay, count_run, days, limited_people, model_days, people, tool_days,
};
pub use settling::{Settlement, settle};

use super::Owner;
use crate::{
    db::{
        Conn, Prepare, now, on,
        schema::{model_calls, usage_limits, usage_months},
        types::{SubjectId, Time},
    },
    error::{Code, Refusal, Result},
    types::{Credits, InstanceId, ModelCallId, Purpose, TenantId, TurnId, UserId},
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

/// What holds where nothing was set. Active, so that a limit that is added to it holds.
const NO_LIMITS: Limits = Limits {
    monthly_input_tokens: None,
    monthly_output_tokens: None,
    monthly_requests: None,
    monthly_credits: None,
    is_active: true,
};

/// Limits to be set. What is absent stays; `Some(None)` takes a limit away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimitsChange {
    /// Input tokens.
    pub input_tokens: Option<Option<i64>>,
    /// Output tokens.
    pub output_tokens: Option<Option<i64>>,
    /// Model calls.
    pub requests: Option<Option<i64>>,
    /// Credits.
    pub credits: Option<Option<Credits>>,
    /// Whether they hold at all.
    pub is_active: Option<bool>,
}

impl LimitsChange {
    /// These limits with what is new.
    pub fn over(self, old: Limits) -> Limits {
        Limits {
            monthly_input_tokens: self.input_tokens.unwrap_or(old.monthly_input_tokens),
            monthly_output_tokens: self.output_tokens.unwrap_or(old.monthly_output_tokens),
            monthly_requests: self.requests.unwrap_or(old.monthly_requests),
            monthly_credits: self.credits.unwrap_or(old.monthly_credits),
            is_active: self.is_active.unwrap_or(old.is_active),
        }
    }
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
    /// Credits that were added to what the month has; of a tenant's month only.
    pub added_credits: Credits,
}

impl Month {
    /// How many credits the month has with those that were added; `None` = as many as they like.
    pub fn allowance(&self, limits: &Limits) -> Option<Credits> {
        limits.monthly_credits.map(|monthly| monthly + self.added_credits)
    }
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

/// The month of a time, `YYYY-MM` in UTC.
pub fn month_of(time: DateTime<Utc>) -> String {
    time.format("%Y-%m").to_string()
}

/// Whether this is a month as in `2026-01`.
pub fn is_month(text: &str) -> bool {
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('-').is_some_and(|(year, month)| {
        digits(year, 4) && digits(month, 2) && month.parse().is_ok_and(|month: u32| (1..=12).contains(&month))
    })
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
            .prepared()
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
    Ok(found.unwrap_or(NO_LIMITS))
}

/// The limits of a tenant and those of a person in it, in one look.
///
/// # Errors
/// When the database does not answer.
pub async fn limits_of_both(conn: &mut Conn, owner: Owner) -> Result<[Limits; 2]> {
    use usage_limits as l;
    let both = subjects(owner).map(|(subject, _)| subject);
    let [tenant, person] = both;
    let found: Vec<(SubjectId, Limits)> = on!(conn, c => {
        l::table
            .filter(l::tenant_id.eq(owner.tenant))
            .filter(l::subject_id.eq(tenant).or(l::subject_id.eq(person)))
            .select((l::subject_id, Limits::as_select()))
            .load(c)
            .await
    })?;
    Ok(both.map(|subject| {
        let limits = found.iter().find(|(of, _)| *of == subject).map(|(_, limits)| *limits);
        limits.unwrap_or(NO_LIMITS)
    }))
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

/// Holds what a call will use at most, for the tenant and the person, and writes the call down.
///
/// # Errors
/// A refusal with the limit's code when it would go over; then the transaction must be dropped.
pub async fn reserve(conn: &mut Conn, owner: Owner, reservation: &Reservation<'_>) -> Result<ModelCall> {
    let time = now();
    let month = month_of(time);
    let limits = limits_of_both(conn, owner).await?;
    for ((subject, is_tenant), limits) in subjects(owner).into_iter().zip(limits) {
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
    begin_month(conn, tenant, subject, &month).await?;
    on!(conn, c => {
        diesel::update(m::table.find((tenant, subject, &month))).set(m::requests.eq(m::requests)).prepared().execute(c).await
    })?;
    Ok(())
}

/// Makes the row of a month; `false` if it was there.
async fn begin_month(conn: &mut Conn, tenant: TenantId, subject: SubjectId, month: &str) -> Result<bool> {
    use usage_months as m;
    let made = on!(conn, c => {
        diesel::insert_into(m::table)
            .values((m::tenant_id.eq(tenant), m::subject_id.eq(subject), m::month.eq(month)))
            .on_conflict_do_nothing()
            .execute(c)
            .await
    })?;
    Ok(made == 1)
}

/// Adds to what is held unless a limit is in the way. The month's first call makes its row.
async fn hold(
    conn: &mut Conn,
    tenant: TenantId,
    subject: SubjectId,
    month: &str,
    limits: Limits,
    reservation: &Reservation<'_>,
) -> Result<bool> {
    Ok(add_to_held(conn, tenant, subject, month, limits, reservation).await?
        || (begin_month(conn, tenant, subject, month).await?
            && add_to_held(conn, tenant, subject, month, limits, reservation).await?))
}

/// One conditional update.
async fn add_to_held(
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
        diesel::update(m::table.find((tenant, subject, month)))
            .filter((m::input_tokens + m::reserved_input_tokens + input).le(limit(limits.monthly_input_tokens)))
            .filter((m::output_tokens + m::reserved_output_tokens + output).le(limit(limits.monthly_output_tokens)))
            .filter((m::requests + m::reserved_requests + 1).le(limit(limits.monthly_requests)))
            // What was added is taken from the left: with it the limit might pass the range of a whole number.
            .filter(
                (m::credits + m::reserved_credits + credits - m::added_credits)
                    .le(limit(limits.monthly_credits.map(|limit| limit.0))),
            )
            .set((
                m::reserved_input_tokens.eq(m::reserved_input_tokens + input),
                m::reserved_output_tokens.eq(m::reserved_output_tokens + output),
                m::reserved_requests.eq(m::reserved_requests + 1),
                m::reserved_credits.eq(m::reserved_credits + credits),
            ))
            .prepared()
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
        used.credits.0 + used.reserved_credits.0 + reservation.credits.0 - used.added_credits.0,
    ) {
        Code::InsufficientCredits
    } else {
        return Ok(None);
    };
    tracing::info!(%tenant, is_tenant, code = code.as_str(), "a limit was reached");
    let refusal = Refusal::new(code).with("month", month);
    // Whose limit it is decides whom to ask.
    Ok(Some(match code {
        _ if is_tenant => refusal,
        Code::LimitRequests => refusal.saying("error-own-limit-requests"),
        Code::LimitInputTokens => refusal.saying("error-own-limit-input-tokens"),
        Code::LimitOutputTokens => refusal.saying("error-own-limit-output-tokens"),
        _ => refusal.saying("error-own-credits"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_one_spelling() {
        assert!(is_month("2026-01") && is_month("1999-12"));
        for wrong in ["2026-13", "2026-00", "2026-1", "26-01", "2026-01-01", "", "%%%%-%%", "\u{661}\u{661}-01"] {
            assert!(!is_month(wrong), "{wrong}");
        }
    }
}
