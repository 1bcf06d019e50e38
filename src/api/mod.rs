//! What scripts, proxies and operators ask. Every address in one table.

mod health;

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

/// An address that is only read; HEAD is answered like GET, without the body.
fn at(path: &str) -> Resource {
    web::resource(path).guard(guard::Any(guard::Get()).or(guard::Head()))
}
