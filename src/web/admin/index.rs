//! What there is to run of a tenant.

use actix_web::{http::StatusCode, web};

use super::{
    super::{
        Answer,
        page::{context, html},
    },
    administered,
};
use crate::{
    http::{Edge, viewer::Viewer},
    render::html::admin::IndexPage,
    state::AppState,
};

/// GET `/admin/tenants/{id}`
pub async fn show(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer, id: web::Path<String>) -> Answer {
    let tenant = administered(&state, &viewer, &id).await?;
    let ctx = context(&state, &edge, &viewer).await?;
    html(StatusCode::OK, &IndexPage { ctx: &ctx, tenant: tenant.id, tenant_name: &tenant.name })
}
