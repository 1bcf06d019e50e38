//! GET `/stats`: how much is going on, for whoever runs the installation.

use std::collections::{BTreeMap, HashSet};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, ServiceConfig},
};
use chrono::{SecondsFormat, Utc};
use serde::Serialize;

use super::{metrics::refusal, read, verbs};
use crate::{
    db::Scope,
    http::{Edge, address::Client, error::HttpError, viewer::Viewer},
    models::open_work,
    state::AppState,
    types::Role,
};

/// What is told of this address.
#[derive(utoipa::OpenApi)]
#[openapi(paths(show))]
pub struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config.service(verbs("/stats").route(read().to(show)));
}

/// How much is going on.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Stats)]
#[serde(rename_all = "camelCase")]
struct StatsJson {
    /// Sockets that are open on this instance: pages, `/api/socket` and `/api/gateway`.
    total_connections: usize,
    /// People who have one open here, each counted once.
    total_users: usize,
    /// What was asked for and is not done, on all instances: turns that run, tool calls that wait for a decision, and
    /// model calls outside of turns.
    total_pending_requests: i64,
    /// The sockets by what their people are in their tenant.
    connections_by_role: BTreeMap<&'static str, usize>,
    /// When this was so.
    #[schema(format = DateTime)]
    timestamp: String,
}

/// GET `/stats`: to whom `/metrics` answers.
///
/// # Errors
/// When the database does not answer.
#[utoipa::path(
    get,
    path = "/stats",
    tag = "server",
    responses(
        (status = 200, description = "How much is going on.", body = StatsJson),
        (
            status = 401,
            description = "`METRICS_TOKEN` is asked for as a Bearer token.",
            body = String,
            content_type = "text/plain",
        ),
        (
            status = 403,
            description = "Only for callers on this machine and for operators.",
            body = String,
            content_type = "text/plain",
        ),
    ),
)]
pub async fn show(
    request: HttpRequest,
    state: web::Data<AppState>,
    edge: web::Data<Edge>,
    client: Client,
    viewer: Result<Viewer, HttpError>,
) -> Result<HttpResponse, HttpError> {
    if let Some(refusal) = refusal(&request, &state, &client, viewer) {
        return Ok(refusal);
    }
    let open = open_work::count(&mut *state.db.read(Scope::System("stats")).await?).await?;
    let all = edge.connections.all();
    let mut by_role: BTreeMap<_, _> = Role::ALL.iter().map(|role| (role.as_str(), 0)).collect();
    for connection in &all {
        *by_role.entry(connection.role.as_str()).or_default() += 1;
    }
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(StatsJson {
        total_connections: all.len(),
        total_users: all.iter().map(|connection| connection.user).collect::<HashSet<_>>().len(),
        total_pending_requests: open.pending_requests(),
        connections_by_role: by_role,
        timestamp: Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
    }))
}
