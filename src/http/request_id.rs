//! The outermost layer: each request gets its id, its client and its line in the log.

use std::{future::Ready, time::Instant};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use tracing::Instrument;

use super::{Edge, address::Client, error::HttpError};
use crate::{
    error::Error,
    models::Owner,
    telemetry::{self, RequestId, metrics},
};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Addresses whose next segment is a secret.
const SECRET_PATHS: [&str; 3] = ["/invitations/", "/password/", "/reset/"];

/// Gives the request a [`RequestId`] and a [`Client`], both extractors, and answers with `X-Request-Id`. The log gets
/// one line a request, with its status, how long it took until the answer's head, and who asked. What the request begins
/// goes on under its id ([`telemetry::following`]). Never the query string, which can hold
/// tokens, nor the secret part of a path.
pub async fn trace<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let started = Instant::now();
    let given = request.headers().get(&HEADER).and_then(|id| id.to_str().ok()).and_then(RequestId::given);
    let id = given.unwrap_or_else(RequestId::new);
    let edge = request.app_data::<web::Data<Edge>>().cloned();
    let client = Client::of_request(request.request(), edge.as_ref().map_or(&[], |edge| &edge.proxies));
    let span = tracing::info_span!(
        "request",
        request_id = id.as_str(),
        method = request.method().as_str(),
        path = %loggable(request.path()),
        client = %client.address,
        tenant = tracing::field::Empty,
        person = tracing::field::Empty,
    );
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(client);

    let own = id.clone();
    let work = async move {
        let mut result = next.call(request).await;
        let pattern = |request: &HttpRequest| request.match_pattern().unwrap_or_else(|| "unmatched".to_owned());
        let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &mut result {
            Ok(response) => {
                if let Ok(value) = HeaderValue::from_str(id.as_str()) {
                    response.headers_mut().insert(HEADER, value);
                }
                metrics::answered(&pattern(response.request()), response.status().as_u16());
                tracing::info!(status = response.status().as_u16(), milliseconds, "answered");
            }
            Err(error) => {
                let status = error.as_response_error().status_code().as_u16();
                metrics::answered("failed", status);
                tracing::error!(status, milliseconds, cause = %error, "failed in a middleware");
            }
        }
        result
    };
    telemetry::working_for(own, work.instrument(span)).await
}

/// Notes who asks, for the lines of this request from here on.
pub(super) fn note_person(owner: Owner) {
    let span = tracing::Span::current();
    span.record("tenant", tracing::field::display(owner.tenant));
    span.record("person", tracing::field::display(owner.user));
}

/// A path for the log: without what is secret in it, and not endless.
fn loggable(path: &str) -> String {
    for part in SECRET_PATHS {
        if let Some((before, _)) = path.split_once(part) {
            return format!("{before}{part}…");
        }
    }
    path.chars().take(300).collect()
}

impl FromRequest for RequestId {
    type Error = HttpError;
    type Future = Ready<Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.extensions().get::<Self>().cloned();
        std::future::ready(id.ok_or_else(|| HttpError(Error::internal("no request_id::trace around this address"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_parts_of_paths_are_not_logged() {
        for (path, logged) in [
            ("/login", "/login"),
            ("/invitations/hunter2", "/invitations/…"),
            ("/chat/invitations/hunter2/accept", "/chat/invitations/…"),
            ("/password/hunter2", "/password/…"),
        ] {
            assert_eq!(loggable(path), logged);
        }
    }
}
