//! After a call: what it held is given back, what it used is written into every sum, once.

use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;

use super::{ModelCall, subjects};
use crate::{
    db::{
        Conn, Prepare, now, on,
        schema::{model_calls, usage_days, usage_model_days, usage_months},
        types::Time,
    },
    error::Result,
    models::Owner,
    types::{Credits, ModelCallId, Usage},
};

/// What a call came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settlement {
    /// What it used.
    pub usage: Usage,
    /// What that cost.
    pub credits: Credits,
    /// Whether it counts as a request: it gave at least one byte, or was stopped before it could.
    pub counts: bool,
    /// How it failed, if it did.
    pub error_code: Option<&'static str>,
}

/// Gives back what a call held and writes down what it used, under the names of the provider and the model that answered;
/// `false` if it was settled before.
///
/// # Errors
/// When the database does not answer.
pub async fn settle(
    conn: &mut Conn,
    id: ModelCallId,
    (provider, model): (&str, &str),
    settlement: Settlement,
) -> Result<bool> {
    use usage_months as m;
    let Settlement { usage, credits, counts, error_code } = settlement;
    let call: Option<ModelCall> = on!(conn, c => {
        diesel::update(model_calls::table.find(id).filter(model_calls::settled_at.is_null()))
            .set((
                model_calls::provider.eq(provider),
                model_calls::model.eq(model),
                model_calls::input_tokens.eq(Some(usage.input_tokens)),
                model_calls::output_tokens.eq(Some(usage.output_tokens)),
                model_calls::cached_tokens.eq(Some(usage.cached_tokens)),
                model_calls::credits.eq(Some(credits)),
                model_calls::estimated.eq(usage.estimated),
                model_calls::error_code.eq(error_code),
                model_calls::settled_at.eq(Some(Time(now()))),
            ))
            .returning(ModelCall::as_returning())
            .prepared()
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
                .prepared()
                .execute(c)
                .await
        })?;
    }
    if counts || usage != (Usage { estimated: usage.estimated, ..Usage::default() }) || credits.0 != 0 {
        add_to_day(conn, &call, usage, credits, requests).await?;
        add_to_model_day(conn, &call, usage, credits, requests).await?;
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
            .prepared()
            .execute(c)
            .await
    })?;
    Ok(())
}

/// Into the day of the whole tenant. Its month's row is locked by now, so no two settlements cross here.
async fn add_to_model_day(
    conn: &mut Conn,
    call: &ModelCall,
    usage: Usage,
    credits: Credits,
    requests: i64,
) -> Result<()> {
    use usage_model_days as d;
    let day = call.created_at.0.format("%Y-%m-%d").to_string();
    on!(conn, c => {
        diesel::insert_into(d::table)
            .values((
                d::tenant_id.eq(call.tenant_id),
                d::day.eq(day),
                d::provider.eq(&call.provider),
                d::model.eq(&call.model),
                d::input_tokens.eq(usage.input_tokens),
                d::output_tokens.eq(usage.output_tokens),
                d::cached_tokens.eq(usage.cached_tokens),
                d::requests.eq(requests),
                d::credits.eq(credits),
            ))
            .on_conflict((d::tenant_id, d::day, d::provider, d::model))
            .do_update()
            .set((
                d::input_tokens.eq(d::input_tokens + excluded(d::input_tokens)),
                d::output_tokens.eq(d::output_tokens + excluded(d::output_tokens)),
                d::cached_tokens.eq(d::cached_tokens + excluded(d::cached_tokens)),
                d::requests.eq(d::requests + excluded(d::requests)),
                d::credits.eq(d::credits + excluded(d::credits)),
            ))
            .prepared()
            .execute(c)
            .await
    })?;
    Ok(())
}
