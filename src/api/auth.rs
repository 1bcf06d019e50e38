//! Who calls.

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;

use crate::{
    error::Code,
    http::{error::HttpError, origin::carries_token, viewer::Viewer},
};

/// A person who calls with the cookie of their browser's session.
///
/// A call with a token is the token's alone, whatever cookie comes with it: such calls are let in from other origins and
/// under other names, where a cookie must not speak for anybody.
pub struct Signed(pub Viewer);

impl FromRequest for Signed {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if carries_token(request.headers(), request.query_string()) {
            return Box::pin(std::future::ready(Err(Code::Unauthorized.into())));
        }
        let viewer = Viewer::from_request(request, payload);
        Box::pin(async move { viewer.await.map(Self) })
    }
}
