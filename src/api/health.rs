//! Whether the server is there, and whether it can work.

use actix_web::{HttpResponse, web};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::{
    db::{Scope, now},
    models::user,
    providers::LeftOut,
    state::AppState,
};

/// GET `/health`
pub async fn health() -> HttpResponse {
    let timestamp = now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    HttpResponse::Ok().json(json!({"status": "OK", "version": crate::config::VERSION, "timestamp": timestamp}))
}

/// GET `/healthz`: alive.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "OK"}))
}

/// GET `/readyz`: the database answers, and at least one provider is not left out. 503 if not.
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
    let providers: Map<String, Value> =
        standings.iter().map(|(name, left_out)| ((*name).to_owned(), in_words(*left_out).into())).collect();
    let is_ready = database && first.is_some();
    let body = json!({
        "status": if is_ready { "OK" } else { "unavailable" },
        "database": if database { "OK" } else { "unavailable" },
        "provider": first,
        "providers": providers,
    });
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
