//! What scripts, proxies and operators ask. Every address in one table.

mod aliases;
mod approvals;
mod auth;
mod chat;
mod conversations;
mod decisions;
mod gateway;
mod handshake;
mod health;
pub mod mcp_server;
mod meta;
mod metrics;
mod openai;
pub mod openapi;
mod query;
mod session;
mod socket;
mod stats;
mod tools;
mod usage;

use actix_web::{
    HttpRequest, HttpResponse, Resource, Route, guard,
    web::{self, ServiceConfig},
};

use crate::{
    error::{Code, Refusal},
    http::{
        Edge,
        error::{ALLOW, HttpError},
    },
};

/// Every address. Mounted below the prefix of `PUBLIC_URL`.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .service(verbs("/health").route(read().to(health::health)))
        .service(verbs("/healthz").route(read().to(health::alive)))
        .service(verbs("/readyz").route(read().to(health::ready)))
        .configure(auth::addresses)
        .configure(openai::addresses)
        .configure(mcp_server::addresses)
        .configure(meta::addresses)
        .configure(openapi::addresses);
}

/// The addresses that a browser's session opens too. Mounted below the prefix of `PUBLIC_URL`, with a session around
/// them.
pub fn with_sessions(config: &mut ServiceConfig) {
    config
        .configure(metrics::addresses)
        .configure(stats::addresses)
        .service(verbs("/api/approvals").route(read().to(approvals::index)))
        .configure(auth::with_sessions)
        .configure(chat::addresses)
        .configure(decisions::addresses)
        .configure(gateway::addresses)
        .configure(session::addresses)
        .configure(socket::addresses)
        .configure(conversations::addresses)
        .configure(tools::addresses)
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

/// 405 with what the address takes, as RFC 9110 § 15.5.6 has it.
async fn method_not_allowed(request: HttpRequest, edge: web::Data<Edge>) -> Result<HttpResponse, HttpError> {
    let pattern = request.match_pattern().unwrap_or_default();
    let taken = openapi::methods(edge.urls.without_prefix(&pattern))?;
    Err(Refusal::new(Code::MethodNotAllowed).with(ALLOW, taken.join(", ")).into())
}
