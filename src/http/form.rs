//! The forms that pages post: read strictly, and not given out before their CSRF token was checked.

use std::collections::BTreeMap;

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header,
    web::{self, BytesMut},
};
use futures_util::{StreamExt, future::LocalBoxFuture};
use serde::de::DeserializeOwned;

use super::{
    Edge, csrf,
    error::HttpError,
    form_values::{self, Problem},
};
use crate::error::{Code, Error, Refusal, Result};

/// Fields of a form at most; our largest has a few dozen.
pub(super) const FIELDS: usize = 1000;

/// A form whose token is still to be checked, by [`Form::checked`].
///
/// `T` is a struct; its fields are texts, numbers, booleans (a checkbox: `on` or absent, with `#[serde(default)]`), enums of
/// plain names, `Option`s of these (empty is `None`) or a `Vec` of them (a field that may come several times, with
/// `#[serde(default)]`). A field that `T` does not name is refused, and so is one that comes twice where no `Vec`
/// waits for it: what a proxy or a library in front might read otherwise is not guessed at. Refusals have the code
/// `invalid_payload` and name the field, as `field` where it is one of `T`'s and as the argument `field` always.
#[derive(Debug)]
pub struct Form<T> {
    pub(super) token: Option<String>,
    value: T,
}

impl<T> Form<T> {
    /// The fields, if the form's field `csrf`, or else the header `X-CSRF-Token`, holds the session's token.
    pub fn checked(self, expected: &str) -> Result<T> {
        csrf::check(expected, self.token.as_deref())?;
        Ok(self.value)
    }
}

impl<T> Form<T> {
    /// The fields of a form whose session has ended, and its token with it. Only to give what was typed back to
    /// whoever typed it: nothing may be done with it.
    pub fn without_session(self) -> T {
        self.value
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limit = request.app_data::<web::Data<Edge>>().map(|edge| edge.json_limit);
        let is_form = request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let length =
            request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let given = given_token(request);
        let mut payload = payload.take();
        let request = request.clone();
        Box::pin(async move {
            let limit = limit.ok_or_else(|| Error::internal("no Edge in the App's data"))?;
            if !is_form {
                return Err(Refusal::new(Code::InvalidPayload)
                    .saying("error-invalid-field")
                    .with("field", "Content-Type")
                    .into());
            }
            if length.is_some_and(|length: usize| length > limit) {
                return Err(Code::PayloadTooLarge.into());
            }
            let mut body = BytesMut::new();
            while let Some(chunk) = payload.next().await {
                // The connection broke, or its encoding is wrong; nobody is left to be told more.
                let chunk = chunk.map_err(|_| Error::from(Code::InvalidPayload))?;
                if body.len() + chunk.len() > limit {
                    return Err(Code::PayloadTooLarge.into());
                }
                body.extend_from_slice(&chunk);
            }
            if let Some(typed) = typed(&body) {
                request.extensions_mut().insert(typed);
            }
            let mut form: Self = parse(&body)?;
            form.token = form.token.or(given);
            Ok(form)
        })
    }
}

/// The token of a script that sends no field.
pub(super) fn given_token(request: &HttpRequest) -> Option<String> {
    request.headers().get(csrf::HEADER).and_then(|token| token.to_str().ok()).map(str::to_owned)
}

/// What a person had typed into a form, kept with the request for whoever draws an error: nothing typed is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed(pub String);

/// The first text of a form that someone may have thought about for long.
fn typed(body: &[u8]) -> Option<Typed> {
    let mut pairs = body.split(|byte| *byte == b'&');
    let value = pairs.find_map(|pair| {
        [&b"message="[..], b"title=", b"system_prompt=", b"arguments="]
            .into_iter()
            .find_map(|name| pair.strip_prefix(name))
    })?;
    decode(value).filter(|text| !text.trim().is_empty()).map(Typed)
}

/// Reads the body of a form.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<Form<T>> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        count += 1;
        if count > FIELDS {
            return Err(Code::InvalidPayload.into());
        }
        let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (name, value) = pair.split_at_checked(end).unwrap_or((pair, &[]));
        let name = decode(name).ok_or_else(|| Error::from(Code::InvalidPayload))?;
        let value = decode(value.strip_prefix(b"=").unwrap_or_default()).ok_or_else(|| about(None, &name))?;
        fields.entry(name).or_default().push(value);
    }
    from_fields(fields)
}

/// A form from its fields, each with all that came under its name.
pub(super) fn from_fields<T: DeserializeOwned>(mut fields: BTreeMap<String, Vec<String>>) -> Result<Form<T>> {
    let token = match fields.remove(csrf::FIELD) {
        None => None,
        Some(mut tokens) if tokens.len() == 1 => tokens.pop(),
        Some(_) => return Err(about(Some(csrf::FIELD), csrf::FIELD)),
    };
    let value = form_values::read(fields).map_err(|Problem { field, name }| about(field, &name))?;
    Ok(Form { token, value })
}

pub(super) fn about(field: Option<&'static str>, name: &str) -> Error {
    let shown: String = name.chars().take(100).collect();
    let refusal = Refusal::new(Code::InvalidPayload).saying("error-invalid-field").with("field", shown);
    match field {
        Some(field) => refusal.about(field).into(),
        None => refusal.into(),
    }
}

/// `+` and `%XX` decoded; `None` for a `%` without two hexadecimal digits, and for what is no UTF-8. The customary
/// decoders let both through, changed.
fn decode(encoded: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(*rest.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit()? << 4 | digit()?
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Sample {
        name: String,
        age: Option<u32>,
        #[serde(default)]
        subscribed: bool,
        #[serde(default)]
        tags: Vec<String>,
        #[serde(default)]
        kind: Kind,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        #[default]
        Plain,
        RunAgain,
    }

    fn read(body: &[u8]) -> Result<Sample> {
        parse(body).map(|form| form.value)
    }

    #[test]
    fn a_form_becomes_its_type() {
        let sample = |name: &str| Sample { name: name.into(), ..Sample::default() };
        for (body, expected) in [
            ("name=Ada", sample("Ada")),
            ("name=", sample("")),
            ("name", sample("")),
            ("&name=Ada&", sample("Ada")),
            ("name=a+b%2Bc%C3%A9%00=", sample("a b+c\u{e9}\0=")),
            ("name=Ada&age=36", Sample { age: Some(36), ..sample("Ada") }),
            ("name=Ada&age=", sample("Ada")),
            ("name=Ada&subscribed=on", Sample { subscribed: true, ..sample("Ada") }),
            ("name=Ada&subscribed=false", sample("Ada")),
            ("name=Ada&tags=a&tags=b", Sample { tags: vec!["a".into(), "b".into()], ..sample("Ada") }),
            ("name=Ada&tags=a", Sample { tags: vec!["a".into()], ..sample("Ada") }),
            ("name=Ada&kind=run_again", Sample { kind: Kind::RunAgain, ..sample("Ada") }),
            ("name=Ada&csrf=x", sample("Ada")),
        ] {
            assert_eq!(read(body.as_bytes()).unwrap(), expected, "{body}");
        }
    }

    #[test]
    fn what_is_not_the_form_is_refused_by_name() {
        for (body, name, known) in [
            (&b"age=1"[..], "name", true),
            (b"", "name", true),
            (b"name=a&name=b", "name", true),
            (b"name=a&NAME=b", "NAME", false),
            (b"name=a&admin=true", "admin", false),
            (b"name=a&age=1&age=2", "age", true),
            (b"name=a&age=x", "age", true),
            (b"name=a&age=-1", "age", true),
            (b"name=a&age=+1", "age", true),
            (b"name=a&age=4294967296", "age", true),
            (b"name=a&subscribed=perhaps", "subscribed", true),
            (b"name=a&kind=other", "kind", true),
            (b"name=%FF", "name", false),
            (b"name=\xff", "name", false),
            (b"name=%G0", "name", false),
            (b"name=%+1", "name", false),
            (b"name=%2", "name", false),
            (b"name=a&csrf=x&csrf=y", "csrf", true),
        ] {
            let Error::Refused(refusal) = read(body).unwrap_err() else { panic!("a fault: {body:?}") };
            assert_eq!(refusal.code, Code::InvalidPayload);
            assert_eq!(refusal.arguments, [("field", name.to_owned())], "{}", String::from_utf8_lossy(body));
            assert_eq!(refusal.field.is_some(), known, "{}", String::from_utf8_lossy(body));
        }
        assert!(read("name=a&".repeat(FIELDS + 1).as_bytes()).is_err());
    }

    #[test]
    fn what_was_typed_is_found_in_a_form_that_is_refused() {
        let found = |body: &[u8]| typed(body).map(|typed| typed.0);
        assert_eq!(found(b"csrf=x&message=a+b&message=c&x=y").as_deref(), Some("a b"));
        assert_eq!(found(b"title=New+name").as_deref(), Some("New name"));
        assert_eq!(found(b"system_prompt=Be+kind&topics=x").as_deref(), Some("Be kind"));
        assert_eq!(found(b"reason=x&arguments=%7B%7D").as_deref(), Some("{}"));
        assert_eq!(found(b"message=+&csrf=x"), None);
        assert_eq!(found(b"password=secret"), None);
    }

    #[test]
    fn a_form_is_given_out_only_for_its_token() {
        let form = |body: &str| parse::<Sample>(body.as_bytes()).unwrap();
        assert!(form("name=a&csrf=right").checked("right").is_ok());
        for body in ["name=a&csrf=wrong", "name=a&csrf=", "name=a"] {
            assert_eq!(form(body).checked("right").unwrap_err().code(), Some(Code::Csrf), "{body}");
            assert!(form(body).checked("").is_err());
        }
    }
}
