//! What a tenant used of a month, for those who run it. Every table is asked once, and of each only rows that were added
//! up as they were written.

use actix_web::web;

use super::{
    super::{
        Answer,
        page::{context, html},
        usage::Asked,
    },
    administered,
};
use crate::{
    error::Error,
    http::{Edge, viewer::Viewer},
    models::{
        credit_entry,
        usage::{self, month_of},
    },
    render::html::usage::{AdminUsagePage, by_day, by_model, by_person, by_tool, measures, statement},
    state::AppState,
};

/// GET `/admin/tenants/{id}/usage`
pub async fn show(
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    viewer: Viewer,
    id: web::Path<String>,
    asked: web::Query<Asked>,
) -> Answer {
    let tenant = administered(&state, &viewer, &id).await?;
    let ctx = context(&state, &edge, &viewer).await?;
    let mut conn = state.db.read(tenant.id).await?;
    let (month, status) = asked.into_inner().month(&ctx, &month_of(conn.now().await?));
    let subject = tenant.id.into();
    let used = usage::month(&mut conn, tenant.id, subject, &month.month).await?;
    let limits = usage::limits(&mut conn, tenant.id, subject).await?;
    let people = usage::people(&mut conn, tenant.id, &month.month).await?;
    let days = usage::model_days(&mut conn, tenant.id, None, &month.month).await?;
    let tools = usage::tool_days(&mut conn, tenant.id, subject, &month.month).await?;
    let added = credit_entry::of_month(&mut conn, tenant.id, &month.month).await?;
    drop(conn);
    let drawn = || -> askama::Result<_> {
        let (days, models) = (by_day(&ctx, &month.month, &days)?, by_model(&ctx, &days)?);
        Ok([days, by_person(&ctx, &people)?, models, by_tool(&ctx, &tools)?])
    };
    let page = AdminUsagePage {
        ctx: &ctx,
        tenant: tenant.id,
        tenant_name: &tenant.name,
        month: &month,
        shared: &measures(&ctx, &used, &limits),
        sections: &drawn().map_err(Error::internal)?,
        statement: &statement(&ctx, &added, &days),
    };
    html(status, &page)
}
