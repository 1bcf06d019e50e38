//! Whether the server is there, and whether it can work.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use tokio::time::Instant;

use crate::{
    db::{Scope, now},
    models::user,
    providers::LeftOut,
    state::AppState,
};

/// What is told of these addresses.
#[derive(utoipa::OpenApi)]
#[openapi(paths(health, alive, ready))]
pub struct Documented;

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Health)]
struct HealthJson {
    status: &'static str,
    version: &'static str,
    #[schema(format = DateTime)]
    timestamp: String,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Alive)]
struct AliveJson {
    status: &'static str,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Readiness)]
struct ReadyJson<'a> {
    /// `OK`, `unavailable`, or `stopping` once the server was told to stop.
    status: &'static str,
    /// `OK` or `unavailable`.
    database: &'static str,
    /// Who would be asked first.
    provider: Option<&'a str>,
    /// Each with `OK`, or why and for how long it is left out.
    providers: BTreeMap<&'a str, String>,
}

/// GET `/health`
#[utoipa::path(
    get,
    path = "/health",
    tag = "server",
    security(()),
    responses((status = 200, description = "It is there", body = HealthJson)),
)]
pub async fn health() -> HttpResponse {
    let timestamp = now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    HttpResponse::Ok().json(HealthJson { status: "OK", version: crate::config::VERSION, timestamp })
}

/// GET `/healthz`: alive.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "server",
    security(()),
    responses((status = 200, description = "It is alive", body = AliveJson)),
)]
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(AliveJson { status: "OK" })
}

/// GET `/readyz`: the database answers, at least one provider is not left out, and the server was not told to stop. 503
/// if not.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "server",
    security(()),
    responses(
        (status = 200, description = "It can work", body = ReadyJson),
        (status = 503, description = "It cannot", body = ReadyJson),
    ),
)]
pub async fn ready(state: web::Data<AppState>) -> HttpResponse {
    let database = async {
        let mut conn = state.db.read(Scope::System("readiness")).await?;
        user::any(&mut conn).await
    };
    let database = match database.await {
        Ok(_) => true,
        Err(error) => {
            tracing::error!(%error, "not ready: the database does not answer");
            false
        }
    };
    let (health, now) = (state.providers.health(), Instant::now());
    let standings: Vec<(&str, Option<LeftOut>)> =
        state.providers.iter().map(|found| (found.name(), health.left_out(found.name(), now))).collect();
    let first = standings.iter().find(|(_, left_out)| left_out.is_none()).map(|(name, _)| *name);
    let providers = standings.iter().map(|(name, left_out)| (*name, in_words(*left_out))).collect();
    // New connections are refused already; whoever asks on an old one is to send nobody here any more.
    let is_stopping = state.runs.tasks.is_closed();
    let is_ready = database && first.is_some() && !is_stopping;
    let word = |is_good| if is_good { "OK" } else { "unavailable" };
    let status = if is_stopping { "stopping" } else { word(is_ready) };
    let body = ReadyJson { status, database: word(database), provider: first, providers };
    if is_ready { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}

fn in_words(left_out: Option<LeftOut>) -> String {
    match left_out {
        None => "OK".to_owned(),
        Some(LeftOut { why, remaining }) => {
            format!("left out for {} s: {}", remaining.as_secs_f64().ceil(), why.code())
        }
    }
}
