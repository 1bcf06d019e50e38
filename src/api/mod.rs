//! What scripts, proxies and operators ask. Every address in one table.

mod health;
mod metrics;

use actix_web::{
    Resource, guard,
    web::{self, ServiceConfig},
};

/// Every address. Mounted below the prefix of `PUBLIC_URL`.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(at("/health").to(health::health))
        .service(at("/healthz").to(health::alive))
        .service(at("/readyz").to(health::ready));
}

/// The addresses that a browser's session opens too. Mounted below the prefix of `PUBLIC_URL`, with a session around
/// them.
pub fn with_sessions(config: &mut ServiceConfig) {
    config.service(at("/metrics").to(metrics::show));
}

/// An address that is only read; HEAD is answered like GET, without the body.
fn at(path: &str) -> Resource {
    web::resource(path).guard(guard::Any(guard::Get()).or(guard::Head()))
}
