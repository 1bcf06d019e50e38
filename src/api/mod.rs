//! What scripts, proxies and operators ask. Every address in one table.

mod aliases;
mod approvals;
mod auth;
mod chat;
mod conversations;
mod decisions;
mod gateway;
mod health;
mod meta;
mod metrics;
mod openai;
mod query;
mod session;
mod socket;
mod usage;

use actix_web::{
    HttpResponse, Resource, Route, guard,
    web::{self, ServiceConfig},
};

use crate::{error::Code, http::error::HttpError};

/// Every address. Mounted below the prefix of `PUBLIC_URL`.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(at("/health").to(health::health))
        .service(at("/healthz").to(health::alive))
        .service(at("/readyz").to(health::ready))
        .configure(auth::addresses)
        .configure(openai::addresses)
        .configure(meta::addresses);
}

/// The addresses that a browser's session opens too. Mounted below the prefix of `PUBLIC_URL`, with a session around
/// them.
pub fn with_sessions(config: &mut ServiceConfig) {
    config
        .service(at("/metrics").to(metrics::show))
        .service(verbs("/api/approvals").route(read().to(approvals::index)))
        .configure(auth::with_sessions)
        .configure(chat::addresses)
        .configure(decisions::addresses)
        .configure(gateway::addresses)
        .configure(session::addresses)
        .configure(socket::addresses)
        .configure(conversations::addresses)
        .configure(usage::addresses)
        .configure(aliases::addresses);
}

/// An address that answers the methods that it does not take with 405.
fn verbs(path: &str) -> Resource {
    web::resource(path).default_service(web::to(method_not_allowed))
}

/// Reading; HEAD is answered like GET, without the body.
fn read() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

async fn method_not_allowed() -> Result<HttpResponse, HttpError> {
    Err(Code::MethodNotAllowed.into())
}

/// An address that is only read; HEAD is answered like GET, without the body.
fn at(path: &str) -> Resource {
    web::resource(path).guard(guard::Any(guard::Get()).or(guard::Head()))
}
