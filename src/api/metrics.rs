//! GET `/metrics`: what was counted, for whoever runs the installation.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, ServiceConfig},
};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::time::Instant;

use super::{read, verbs};
use crate::{
    db::{PoolStatus, Scope},
    error::Result,
    http::{Edge, address::Client, error::HttpError, viewer::Viewer},
    models::open_work::{self, OpenWork},
    state::AppState,
    telemetry::metrics,
    types::TurnState,
};

/// How long the database may take. Who asks wants to know of a broken one too, and asks again soon.
const DATABASE_WAIT: Duration = Duration::from_secs(3);

/// What is told of this address.
#[derive(utoipa::OpenApi)]
#[openapi(paths(show))]
pub struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config.service(verbs("/metrics").route(read().to(show)));
}

/// GET `/metrics`: with `METRICS_TOKEN` set, to whoever brings it; else to callers on this machine and to operators.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "server",
    responses(
        (
            status = 200,
            description = "What was counted, as Prometheus reads it.",
            content_type = "text/plain",
            body = String,
        ),
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
) -> HttpResponse {
    if let Some(refusal) = refusal(&request, &state, &client, viewer) {
        return refusal;
    }
    let now = Instant::now();
    for provider in state.providers.iter() {
        let is_left_out = state.providers.health().left_out(provider.name(), now).is_some();
        metrics::provider_available(provider.name(), !is_left_out);
    }
    metrics::turns_running(state.runs.all().len());
    edge.connections.measure();
    for PoolStatus { name, size, most, idle, waiting } in state.db.pools() {
        metrics::pool(name, size, most, idle, waiting);
    }
    let open = tokio::time::timeout(DATABASE_WAIT, open_work(&state)).await;
    metrics::database_available(matches!(open, Ok(Ok(_))));
    match open {
        Ok(Ok(open)) => measure(open),
        Ok(Err(error)) => tracing::warn!(%error, "what is open could not be counted"),
        Err(_) => tracing::warn!("the database did not count in time what is open"),
    }
    metrics::look_at_process();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render())
}

async fn open_work(state: &AppState) -> Result<OpenWork> {
    open_work::count(&mut *state.db.read(Scope::System("metrics")).await?).await
}

fn measure(open: OpenWork) {
    metrics::turns_open(TurnState::Running.as_str(), open.running);
    metrics::turns_open(TurnState::AwaitingApproval.as_str(), open.awaiting_approval);
    metrics::approvals_waiting(open.waiting_calls);
    metrics::reservations_open(open.reservations);
}

/// The answer to whoever may not know: with `METRICS_TOKEN` set those who do not bring it; else all but callers on this
/// machine and operators.
pub(super) fn refusal(
    request: &HttpRequest,
    state: &AppState,
    client: &Client,
    viewer: Result<Viewer, HttpError>,
) -> Option<HttpResponse> {
    let is_operator = viewer.is_ok_and(|viewer| viewer.caller.user.is_operator);
    let may = match &state.settings.metrics_token {
        Some(token) => brings(request, token.expose_secret()),
        None => client.is_loopback_direct || is_operator,
    };
    (!may).then(|| match state.settings.metrics_token {
        Some(_) => HttpResponse::Unauthorized()
            .insert_header((header::WWW_AUTHENTICATE, "Bearer"))
            .body("METRICS_TOKEN is asked for as a Bearer token"),
        None => HttpResponse::Forbidden().body("only for callers on this machine and for operators"),
    })
}

/// Whether the request brings this token. Compared by digests, so that neither length nor content is told by the time
/// it takes.
fn brings(request: &HttpRequest, token: &str) -> bool {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given =
        given.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let digest = |text: &str| Sha256::digest(text.as_bytes());
    given.is_some_and(|(_, given)| digest(given.trim()).ct_eq(&digest(token.trim())).into())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_the_token_itself_opens() {
        for (value, opens) in [
            ("Bearer hunter22", true),
            ("bearer  hunter22 ", true),
            ("Bearer hunter2", false),
            ("Bearer hunter222", false),
            ("Bearer ", false),
            ("Bearer", false),
            ("Basic hunter22", false),
            ("hunter22", false),
        ] {
            let request = TestRequest::default().insert_header((header::AUTHORIZATION, value)).to_http_request();
            assert_eq!(brings(&request, "hunter22"), opens, "{value}");
        }
        assert!(!brings(&TestRequest::default().to_http_request(), "hunter22"));
    }
}
