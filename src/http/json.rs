//! The bodies that scripts send. What is no JSON is `invalid_json`, JSON of another shape is `invalid_payload`, and both
//! say in `detail` what is wrong with it.

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::header,
    web::{self, Bytes, BytesMut},
};
use futures_util::{StreamExt, future::LocalBoxFuture};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::{
    Edge,
    error::{DETAIL, HttpError},
};
use crate::error::{Code, Error, Refusal, Result};

/// A body of that shape.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = request.content_type().eq_ignore_ascii_case("application/json");
        let body = Body::from_request(request, payload);
        Box::pin(async move {
            // No form of another site's page can send this type unasked.
            if !is_json {
                let refusal = Refusal::new(Code::InvalidPayload).saying("error-invalid-field");
                return Err(refusal.with("field", "Content-Type").into());
            }
            Ok(Self(parse(&body.await?.0)?))
        })
    }
}

/// A body as it came, within the same limit.
#[derive(Debug)]
pub struct Body(pub Bytes);

impl FromRequest for Body {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limit = request.app_data::<web::Data<Edge>>().map(|edge| edge.json_limit);
        let length =
            request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let mut payload = payload.take();
        Box::pin(async move {
            let limit = limit.ok_or_else(|| Error::internal("no Edge in the App's data"))?;
            if length.is_some_and(|length: usize| length > limit) {
                return Err(Code::PayloadTooLarge.into());
            }
            let mut body = BytesMut::new();
            while let Some(chunk) = payload.next().await {
                // The connection broke, or its encoding is wrong; nobody is left to be told more.
                let chunk = chunk.map_err(|_| Error::from(Code::InvalidJson))?;
                if body.len() + chunk.len() > limit {
                    return Err(Code::PayloadTooLarge.into());
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Self(body.freeze()))
        })
    }
}

/// A value of that shape.
///
/// # Errors
/// `invalid_json`, `invalid_payload`.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let refused = |error: serde_json::Error| {
        let code = match error.classify() {
            Category::Data => Code::InvalidPayload,
            Category::Syntax | Category::Eof | Category::Io => Code::InvalidJson,
        };
        Refusal::new(code).with(DETAIL, error)
    };
    // serde would take a list of the fields' values for the object.
    if body.trim_ascii_start().starts_with(b"[") {
        serde_json::from_slice::<IgnoredAny>(body).map_err(refused)?;
        return Err(Refusal::new(Code::InvalidPayload).with(DETAIL, "an object, not a list").into());
    }
    Ok(serde_json::from_slice(body).map_err(refused)?)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        name: String,
    }

    #[test]
    fn a_body_is_its_shape_or_refused() {
        assert_eq!(parse::<Sample>(br#" {"name": "Ada"} "#).unwrap(), Sample { name: "Ada".into() });
        for (body, code) in [
            (&b""[..], Code::InvalidJson),
            (b"{", Code::InvalidJson),
            (b"{'name': 'Ada'}", Code::InvalidJson),
            (br#"{"name": "Ada"} {}"#, Code::InvalidJson),
            (b"{\"name\": \"\xff\"}", Code::InvalidJson),
            (b"null", Code::InvalidPayload),
            (b"[]", Code::InvalidPayload),
            (b" [\"Ada\"]", Code::InvalidPayload),
            (b"[\"Ada\"", Code::InvalidJson),
            (b"{}", Code::InvalidPayload),
            (br#"{"name": 1}"#, Code::InvalidPayload),
            (br#"{"name": "Ada", "name": "Eve"}"#, Code::InvalidPayload),
            (br#"{"name": "Ada", "role": "owner"}"#, Code::InvalidPayload),
        ] {
            let Error::Refused(refusal) = parse::<Sample>(body).unwrap_err() else { panic!("a fault: {body:?}") };
            assert_eq!(refusal.code, code, "{}", String::from_utf8_lossy(body));
            assert!(refusal.arguments.iter().any(|(name, words)| *name == DETAIL && !words.is_empty()));
        }
    }
}
