//! What there is to run of a tenant.

use actix_web::{http::StatusCode, web};

use super::{
    super::{
        Answer,
        page::{context, html, redirect},
    },
    administered,
};
use crate::{
    http::{Edge, viewer::Viewer},
    render::html::admin::IndexPage,
    state::AppState,
};

/// GET `/admin`: to the tenant that the viewer is in.
pub async fn home(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer) -> Answer {
    let tenant = administered(&state, &viewer, &viewer.caller.tenant.id.to_string()).await?;
    Ok(redirect(&edge, &format!("/admin/tenants/{}", tenant.id)))
}

/// GET `/admin/tenants/{id}`
pub async fn show(state: web::Data<AppState>, edge: web::Data<Edge>, viewer: Viewer, id: web::Path<String>) -> Answer {
    let tenant = administered(&state, &viewer, &id).await?;
    let ctx = context(&state, &edge, &viewer).await?;
    html(StatusCode::OK, &IndexPage { ctx: &ctx, tenant: tenant.id, tenant_name: &tenant.name })
}
