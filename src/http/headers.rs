//! The headers that every answer carries.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web,
};

use super::Edge;

/// Only what comes from here runs, shows or is called, and nobody may frame it. `connect-src 'self'` covers sockets
/// to the same host and port: by CSP 3 ("Does url match expression in origin") `'self'` matches wss, and ws from http.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    font-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 7] = [
    // For browsers that do not know `frame-ancestors`.
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        header::PERMISSIONS_POLICY,
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
         microphone=(), midi=(), payment=(), usb=()",
    ),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
];

/// Puts them on, without replacing what a handler has set. Pages and JSON are not to be stored unless it said so: a
/// shared computer's back button shows nothing after signing out.
pub async fn secure<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let https = request.app_data::<web::Data<Edge>>().is_some_and(|edge| edge.home.is_secure());
    match next.call(request).await {
        Ok(mut response) => {
            put(response.headers_mut(), https);
            Ok(response)
        }
        // What could not even begin is a page all the same.
        Err(error) => {
            let mut answer = error.error_response();
            put(answer.headers_mut(), https);
            Err(InternalError::from_response(error, answer).into())
        }
    }
}

fn put(headers: &mut HeaderMap, https: bool) {
    let mut default = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    for (name, value) in ALWAYS {
        default(name, value);
    }
    if https {
        // A year. Not for subdomains: they are not ours to decide about.
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if (kind.starts_with("text/html") || kind.starts_with("application/json"))
        && !headers.contains_key(header::CACHE_CONTROL)
    {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
