//! What a person used of the month, and their tenant.

use actix_web::{http::StatusCode, web};
use serde::Deserialize;

use super::{
    Answer,
    page::{context, html},
};
use crate::{
    error::{Error, Result},
    http::{Edge, viewer::Viewer},
    models::{
        Owner,
        usage::{self, Limits, Month, is_month, month_of},
    },
    render::html::{
        PageContext,
        usage::{Glance, MonthView, UsagePage, by_day, by_model, by_tool, glance as at_a_glance, measures},
    },
    state::AppState,
};

#[derive(Deserialize)]
pub struct Asked {
    month: Option<String>,
}

impl Asked {
    /// The month that is shown: this one unless another was asked for. What is no month is told beside its field.
    pub(super) fn month(self, ctx: &PageContext, now: &str) -> (MonthView, StatusCode) {
        match self.month {
            Some(month) if is_month(&month) => (MonthView::new(ctx, &month, now), StatusCode::OK),
            Some(typed) if !typed.trim().is_empty() => {
                // An address that anybody may have written: no more of it than a month could have.
                let typed = typed.chars().take(20).collect();
                let view = MonthView { typed, error: Some(ctx.t("error-month")), ..MonthView::new(ctx, now, now) };
                (view, StatusCode::UNPROCESSABLE_ENTITY)
            }
            _ => (MonthView::new(ctx, now, now), StatusCode::OK),
        }
    }
}

/// GET `/usage`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    asked: web::Query<Asked>,
) -> Answer {
    let ctx = context(&state, &edge, &viewer).await?;
    let owner = viewer.owner();
    let mut conn = state.db.read(owner.tenant).await?;
    let (month, status) = asked.into_inner().month(&ctx, &month_of(conn.now().await?));
    let [(shared, shared_limits), (own, own_limits)] = standing(&mut conn, viewer.owner(), &month.month).await?;
    let days = usage::model_days(&mut conn, owner.tenant, Some(owner.user), &month.month).await?;
    let tools = usage::tool_days(&mut conn, owner.tenant, owner.user.into(), &month.month).await?;
    drop(conn);
    let drawn = || -> askama::Result<_> {
        Ok([by_day(&ctx, &month.month, &days)?, by_model(&ctx, &days)?, by_tool(&ctx, &tools)?])
    };
    let page = UsagePage {
        ctx: &ctx,
        month: &month,
        own: &measures(&ctx, &own, &own_limits),
        shared: &measures(&ctx, &shared, &shared_limits),
        tenant_name: &viewer.caller.tenant.name,
        sections: &drawn().map_err(Error::internal)?,
    };
    html(status, &page)
}

/// The month of the tenant and of the viewer, each with its limits.
async fn standing(conn: &mut crate::db::Conn, owner: Owner, month: &str) -> Result<[(Month, Limits); 2]> {
    let (tenant, person) = (owner.tenant.into(), owner.user.into());
    Ok([
        (usage::month(conn, owner.tenant, tenant, month).await?, usage::limits(conn, owner.tenant, tenant).await?),
        (usage::month(conn, owner.tenant, person, month).await?, usage::limits(conn, owner.tenant, person).await?),
    ])
}

/// The month at a glance, for the page on which it is used up.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn glance(state: &AppState, owner: Owner, ctx: &PageContext) -> Result<Glance> {
    let mut conn = state.db.read(owner.tenant).await?;
    let now = conn.now().await?;
    let [shared, own] = standing(&mut conn, owner, &month_of(now)).await?;
    Ok(at_a_glance(ctx, &now.format("%Y-%m-%d").to_string(), (&shared.0, &shared.1), (&own.0, &own.1)))
}
