//! Lets the scripts of one foreign origin call the API: that of `CLIENT_ORIGIN`. Without it nothing here says a word.
//!
//! They call with tokens. The cookie is never theirs: no answer allows credentials, so that a browser gives a page of
//! another origin nothing that was asked for with one.
//!
//! Our own and not a library's: errors are drawn anew further inside, which would drop the headers of a middleware in
//! there, and out here it must know by the path whom it is for.

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web,
};

use super::Edge;
use crate::config::Origin;

/// Where scripts call.
const ROOTS: [&str; 3] = ["/api", "/v1", "/mcp"];

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");

/// What our addresses read.
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static(
    "Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Mcp-Method, Mcp-Name, \
     Mcp-Protocol-Version, Mcp-Session-Id, X-Request-Id",
);

/// What a script of another origin may read beside the customary ones.
const EXPOSED: HeaderValue = HeaderValue::from_static("X-Chat-Session-Id, Mcp-Session-Id, Retry-After, X-Request-Id");

/// How long browsers may keep the answer to their question: ten minutes.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// Whether a path, without the prefix, is one of the API's.
pub fn is_api(path: &str) -> bool {
    ROOTS.iter().any(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Whether a path, without the prefix, is one of those that speak OpenAI's form, errors included.
pub fn is_openai(path: &str) -> bool {
    path.strip_prefix("/v1").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers the questions that browsers ask before a call, and marks the answers to calls. Stands outside of whoever
/// draws errors: a script must be able to read those too.
///
/// # Errors
/// Passes on what is none of ours.
pub async fn share<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let Some(allowed) = client_origin(&request) else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let allowed = comes_from(&request, &allowed);
    let is_question =
        *request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match allowed {
        Some(_) if is_question => request.into_response(question_answered()).map_into_right_body(),
        _ => next.call(request).await?.map_into_left_body(),
    };
    mark(response.headers_mut(), allowed);
    Ok(response)
}

/// The origin that may call here; `None` where that is not ours to say.
fn client_origin(request: &ServiceRequest) -> Option<Origin> {
    let edge = request.app_data::<web::Data<Edge>>()?;
    let path = request.path().strip_prefix(edge.urls.prefix())?;
    is_api(path).then(|| edge.client_origin.clone())?
}

/// What the request says of its origin, if it is the one. Two of them are none.
fn comes_from(request: &ServiceRequest, allowed: &Origin) -> Option<HeaderValue> {
    let mut origins = request.headers().get_all(header::ORIGIN);
    let origin = origins.next().filter(|origin| origin.as_bytes() == allowed.as_str().as_bytes())?;
    origins.next().is_none().then(|| origin.clone())
}

fn question_answered() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, MAX_AGE))
        .finish()
}

/// That the answer depends on the origin, a cache must know whoever asked.
fn mark(headers: &mut HeaderMap, allowed: Option<HeaderValue>) {
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}
