//! Whether the server is there, and whether it can work.

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::{
    db::{Scope, now},
    models::user,
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

/// GET `/readyz`: the database answers, and a provider is configured. 503 if not.
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
    let provider = state.providers.default_provider().map(|provider| provider.name());
    let is_ready = database && provider.is_some();
    let body = json!({
        "status": if is_ready { "OK" } else { "unavailable" },
        "database": if database { "OK" } else { "unavailable" },
        "provider": provider,
    });
    if is_ready { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}
