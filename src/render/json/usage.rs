//! What was used, as scripts read it.

use serde::{Serialize, Serializer};

use super::{UsedJson, turn::decimal};
use crate::{
    models::usage::{Limits, Month, UsageDay},
    types::{Credits, UserId},
};

/// What a tenant used of its month and what is left: `{used, limits, remaining}`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Budget)]
pub struct BudgetJson {
    used: UsedJson,
    limits: LimitedJson,
    remaining: LimitedJson,
}

/// An amount of each; null where nothing limits it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Amounts)]
struct LimitedJson {
    input_tokens: Option<i64>,
    output_tokens: Option<i64>,
    requests: Option<i64>,
    #[serde(serialize_with = "perhaps_decimal")]
    #[schema(value_type = Option<f64>)]
    credits: Option<Credits>,
}

fn perhaps_decimal<S: Serializer>(credits: &Option<Credits>, serializer: S) -> Result<S::Ok, S::Error> {
    match credits {
        Some(credits) => decimal(credits, serializer),
        None => serializer.serialize_none(),
    }
}

/// A month against its limits. What calls under way hold is not left.
pub fn budget(month: &Month, limits: &Limits) -> BudgetJson {
    let in_force = |limit: Option<i64>| limit.filter(|_| limits.is_active);
    let left = |limit: Option<i64>, used: i64, held: i64| {
        in_force(limit).map(|limit| limit.saturating_sub(used).saturating_sub(held).max(0))
    };
    // What was added this month is part of what it has.
    let credits = month.allowance(limits).map(|credits| credits.0);
    BudgetJson {
        used: UsedJson {
            input_tokens: month.input_tokens,
            output_tokens: month.output_tokens,
            requests: month.requests,
            credits: month.credits,
        },
        limits: LimitedJson {
            input_tokens: in_force(limits.monthly_input_tokens),
            output_tokens: in_force(limits.monthly_output_tokens),
            requests: in_force(limits.monthly_requests),
            credits: in_force(credits).map(Credits),
        },
        remaining: LimitedJson {
            input_tokens: left(limits.monthly_input_tokens, month.input_tokens, month.reserved_input_tokens),
            output_tokens: left(limits.monthly_output_tokens, month.output_tokens, month.reserved_output_tokens),
            requests: left(limits.monthly_requests, month.requests, month.reserved_requests),
            credits: left(credits, month.credits.0, month.reserved_credits.0).map(Credits),
        },
    }
}

/// What a person used of a model on a day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = UsageDay)]
pub struct UsageDayJson<'a> {
    day: &'a str,
    user: UserJson<'a>,
    provider: &'a str,
    model: &'a str,
    input_tokens: i64,
    output_tokens: i64,
    cached_tokens: i64,
    requests: i64,
    estimated_requests: i64,
    #[serde(serialize_with = "decimal")]
    #[schema(value_type = f64)]
    credits: Credits,
}

/// Whose it was; without a name where the account is gone.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = UsageUser)]
struct UserJson<'a> {
    id: UserId,
    email: Option<&'a str>,
    name: Option<&'a str>,
}

/// A row of what was used.
pub fn usage_day(row: &UsageDay) -> UsageDayJson<'_> {
    UsageDayJson {
        day: &row.day,
        user: UserJson { id: row.user_id, email: row.email.as_deref(), name: row.name.as_deref() },
        provider: &row.provider,
        model: &row.model,
        input_tokens: row.input_tokens,
        output_tokens: row.output_tokens,
        cached_tokens: row.cached_tokens,
        requests: row.requests,
        estimated_requests: row.estimated_requests,
        credits: row.credits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_exact_and_never_below_nothing() {
        let limits = Limits {
            monthly_input_tokens: Some(100),
            monthly_requests: Some(1),
            monthly_credits: Some(Credits(2_000_001)),
            is_active: true,
            ..Limits::default()
        };
        let month = Month {
            input_tokens: 30,
            reserved_input_tokens: 20,
            output_tokens: 7,
            requests: 3,
            credits: Credits(1),
            ..Month::default()
        };
        let drawn = |limits: &Limits| serde_json::to_string(&budget(&month, limits)).unwrap();
        assert_eq!(
            drawn(&limits),
            r#"{"used":{"input_tokens":30,"output_tokens":7,"requests":3,"credits":0.000001},"limits":{"input_tokens":100,"output_tokens":null,"requests":1,"credits":2.000001},"remaining":{"input_tokens":50,"output_tokens":null,"requests":0,"credits":2}}"#
        );
        let off = drawn(&Limits { is_active: false, ..limits });
        assert_eq!(off.matches("\"input_tokens\":null").count(), 2, "{off}");
    }
}
