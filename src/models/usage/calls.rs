//! Single model calls: those of a turn, and those under way.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::ModelCall;
use crate::{
    db::{Conn, on, schema::model_calls, types::Time},
    error::Result,
    models::Owner,
    types::{Credits, Purpose, TenantId, TurnId, Usage, UserId},
};

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
