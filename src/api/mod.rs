//! What scripts, proxies and operators ask. Every address in one table.

mod health;

use actix_web::web::{ServiceConfig, get};

/// Every address. Mounted below the prefix of `PUBLIC_URL`.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .route("/health", get().to(health::health))
        .route("/healthz", get().to(health::alive))
        .route("/readyz", get().to(health::ready));
}
