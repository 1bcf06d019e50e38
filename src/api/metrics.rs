//! GET `/metrics`: what was counted, for whoever runs the installation.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::time::Instant;

use crate::{
    http::{address::Client, error::HttpError, viewer::Viewer},
    state::AppState,
    telemetry::metrics,
};

/// What is told of this address.
#[derive(utoipa::OpenApi)]
#[openapi(paths(show))]
pub struct Documented;

/// GET `/metrics`: with `METRICS_TOKEN` set, to whoever brings it; else to callers on this machine and to operators.
///
/// # Errors
/// When the database does not say who asks.
#[utoipa::path(get, path = "/metrics", tag = "server", responses((status = 200, description = "What was counted, as Prometheus reads it", body = String, content_type = "text/plain"), (status = 401, description = "`METRICS_TOKEN` is asked for", body = String, content_type = "text/plain"), (status = 403, description = "Only for callers on this machine and operators", body = String, content_type = "text/plain")))]
pub async fn show(
    request: HttpRequest,
    state: web::Data<AppState>,
    client: Client,
    viewer: Result<Viewer, HttpError>,
) -> Result<HttpResponse, HttpError> {
    let is_operator = viewer.is_ok_and(|viewer| viewer.caller.user.is_operator);
    let may = match &state.settings.metrics_token {
        Some(token) => brings(&request, token.expose_secret()),
        None => client.is_loopback_direct || is_operator,
    };
    if !may {
        return Ok(match state.settings.metrics_token {
            Some(_) => HttpResponse::Unauthorized()
                .insert_header((header::WWW_AUTHENTICATE, "Bearer"))
                .body("METRICS_TOKEN is asked for as a Bearer token"),
            None => HttpResponse::Forbidden().body("only for callers on this machine and for operators"),
        });
    }
    let now = Instant::now();
    for provider in state.providers.iter() {
        let is_left_out = state.providers.health().left_out(provider.name(), now).is_some();
        metrics::provider_available(provider.name(), !is_left_out);
    }
    metrics::turns_running(state.runs.all().len());
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render()))
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
