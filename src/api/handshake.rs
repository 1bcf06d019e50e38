//! How a JSON socket is opened: by whose page, by whom, and with which of the protocols that were offered.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use actix_ws::{MessageStream, Session};

use super::query::wrong;
use crate::{
    error::Code,
    http::{
        Edge,
        address::Client,
        api_caller::ApiCaller,
        bearer::token_of,
        error::HttpError,
        origin::{carries_token, check_cookie_socket, check_token_socket},
    },
    types::TokenScope,
};

/// Who opens it; `None` for someone who is not signed in, who is to be accepted and closed with 4401: a script in a
/// browser can read that, and would try a refused handshake again for ever.
///
/// # Errors
/// `forbidden` for another site's page, which the browser lends its cookie, and for a token without the scope.
pub fn caller(
    request: &HttpRequest,
    edge: &Edge,
    client: &Client,
    who: Result<ApiCaller, HttpError>,
) -> Result<Option<ApiCaller>, HttpError> {
    let origin = request.headers().get(header::ORIGIN).map(|value| value.to_str().unwrap_or("?"));
    if carries_token(request.headers(), request.query_string()) {
        check_token_socket(edge, origin)?;
    } else {
        check_cookie_socket(&edge.home, &client.host, origin)?;
    }
    match who {
        Ok(who) => {
            who.must(TokenScope::Chat)?;
            Ok(Some(who))
        }
        Err(error) if matches!(error.0.code(), Some(Code::Unauthorized | Code::TenantInactive)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Takes the handshake.
///
/// # Errors
/// `invalid_payload` for what is none.
pub fn take(request: &HttpRequest, payload: web::Payload) -> Result<(HttpResponse, Session, MessageStream), HttpError> {
    let taken = actix_ws::handle(request, payload);
    let (mut response, session, stream) = taken.map_err(|fault| wrong("Upgrade", &fault.to_string()))?;
    if let Some(protocol) = token_of(request).and_then(|given| given.protocol) {
        response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    Ok((response, session, stream))
}
