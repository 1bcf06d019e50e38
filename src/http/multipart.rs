//! Forms with files: read as strictly as those without, within bounds of memory, and not given out before their CSRF
//! token was checked.

use std::collections::BTreeMap;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_session::SessionExt as _;
use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    error::PayloadError,
    web::{self, Bytes, BytesMut},
};
use futures_util::{Stream, StreamExt, future::LocalBoxFuture, stream};
use serde::de::DeserializeOwned;

use super::{
    Edge,
    error::HttpError,
    form::{FIELDS, Form, Typed, about, from_fields, given_token},
    session_store::entry,
};
use crate::{
    error::{Code, Error, Result},
    types::UserId,
};

/// A type whose forms may carry files.
pub trait TakesFiles: DeserializeOwned + 'static {
    /// The one field in which they come, as often as there are files.
    const FIELD: &'static str;
}

/// A file of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// As its sender named it.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// The files were more than this many bytes together; the rest of the form was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge(pub usize);

/// The files of a form. Too many bytes are no error of the form: what was typed before them is there, and can be given
/// back beside the refusal.
pub type Files = Result<Vec<File>, TooLarge>;

/// A [`Form`] that may come with files, as `multipart/form-data`, or without, in the form's ordinary encoding. The text
/// of all fields is bounded by `JSON_LIMIT`, the files together by `UPLOAD_LIMIT`; no more is read than both.
#[derive(Debug)]
pub struct FormWithFiles<T> {
    form: Form<T>,
    files: Files,
}

impl<T> FormWithFiles<T> {
    /// Fields and files, if the form's token is the session's.
    pub fn checked(self, expected: &str) -> Result<(T, Files)> {
        Ok((self.form.checked(expected)?, self.files))
    }

    /// As [`Form::without_session`]; the files are dropped.
    pub fn without_session(self) -> T {
        self.form.without_session()
    }
}

impl<T: TakesFiles> FromRequest for FormWithFiles<T> {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !request.content_type().eq_ignore_ascii_case("multipart/form-data") {
            let form = Form::from_request(request, payload);
            return Box::pin(async { Ok(Self { form: form.await?, files: Ok(Vec::new()) }) });
        }
        let edge = request.app_data::<web::Data<Edge>>().cloned();
        let (payload, request) = (payload.take(), request.clone());
        Box::pin(async move {
            let edge = edge.ok_or_else(|| Error::internal("no Edge in the App's data"))?;
            // Files of someone who is not signed in are of no use to anyone: they are not read.
            let is_known = request.get_session().get::<UserId>(entry::USER).ok().flatten().is_some();
            let limits = Limits { text: edge.json_limit, files: if is_known { edge.upload_limit } else { 0 } };
            let bounded = bounded(payload, limits.text.saturating_add(limits.files));
            let read = read(Multipart::new(request.headers(), bounded), T::FIELD, limits).await;
            if let Some(typed) = read.fields.get("message").and_then(|typed| typed.first())
                && !typed.trim().is_empty()
            {
                request.extensions_mut().insert(Typed(typed.clone()));
            }
            let files = match read.end {
                End::Whole => Ok(read.files),
                End::TooLarge => Err(TooLarge(limits.files)),
                End::Refused(error) => return Err(error.into()),
            };
            let mut form: Form<T> = from_fields(read.fields)?;
            form.token = form.token.or_else(|| given_token(&request));
            Ok(Self { form, files })
        })
    }
}

#[derive(Clone, Copy)]
struct Limits {
    text: usize,
    files: usize,
}

/// A body up to so many bytes; what would come after them is an overflow.
fn bounded(payload: Payload, most: usize) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    stream::unfold((payload, Some(most)), |(mut payload, left)| async move {
        let Some(left) = left else { return Some((Err(PayloadError::Overflow), (payload, None))) };
        Some(match payload.next().await? {
            // Up to there it is read all the same: what was typed comes first.
            Ok(chunk) => match left.checked_sub(chunk.len()) {
                Some(less) => (Ok(chunk), (payload, Some(less))),
                None => (Ok(chunk.slice(..left)), (payload, None)),
            },
            Err(error) => (Err(error), (payload, Some(left))),
        })
    })
    // The reader asks on after the end.
    .fuse()
}

/// What was read of a form.
struct Read {
    fields: BTreeMap<String, Vec<String>>,
    files: Vec<File>,
    end: End,
}

/// How reading it ended.
enum End {
    Whole,
    /// The files are too many bytes.
    TooLarge,
    Refused(Error),
}

impl From<MultipartError> for End {
    fn from(error: MultipartError) -> Self {
        match error {
            MultipartError::Payload(PayloadError::Overflow) => Self::TooLarge,
            // The connection broke, or it is no such form.
            _ => Self::Refused(Code::InvalidPayload.into()),
        }
    }
}

async fn read(mut parts: Multipart, files_field: &'static str, limits: Limits) -> Read {
    let mut read = Read { fields: BTreeMap::new(), files: Vec::new(), end: End::Whole };
    let mut left = limits;
    let mut count = 0;
    while let Some(part) = parts.next().await {
        count += 1;
        let taken = match part {
            _ if count > FIELDS => Err(End::Refused(Code::InvalidPayload.into())),
            Ok(part) => take(part, files_field, &mut left, &mut read).await,
            Err(error) => Err(error.into()),
        };
        if let Err(end) = taken {
            read.end = end;
            break;
        }
    }
    read
}

async fn take(mut part: Field, files_field: &'static str, left: &mut Limits, read: &mut Read) -> Result<(), End> {
    let name = part.name().unwrap_or_default().to_owned();
    let file = part.content_disposition().and_then(|disposition| disposition.get_filename()).map(unescaped);
    let Some(file) = file else {
        let Some(bytes) = bytes(&mut part, &mut left.text).await? else {
            return Err(End::Refused(Code::PayloadTooLarge.into()));
        };
        let text = String::from_utf8(bytes.into()).map_err(|_| End::Refused(about(None, &name)))?;
        read.fields.entry(name).or_default().push(text);
        return Ok(());
    };
    if name != files_field {
        return Err(End::Refused(about(None, &name)));
    }
    let bytes = bytes(&mut part, &mut left.files).await?.ok_or(End::TooLarge)?;
    // A browser sends an empty file without a name where none was chosen.
    if !(file.is_empty() && bytes.is_empty()) {
        read.files.push(File { name: file, bytes });
    }
    Ok(())
}

/// What is in a part; `None` if it is more than what is left, and then it is not read on.
async fn bytes(part: &mut Field, left: &mut usize) -> Result<Option<Bytes>, End> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk?;
        let Some(less) = left.checked_sub(chunk.len()) else { return Ok(None) };
        *left = less;
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes.freeze()))
}

/// Browsers write these three as the HTML standard says; everything else stands for itself.
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

#[cfg(test)]
mod tests {
    use actix_web::{http::header, test::TestRequest};
    use serde::Deserialize;

    use super::*;
    use crate::{config::Settings, http::csrf};

    #[derive(Debug, Deserialize)]
    struct Sample {
        message: String,
    }

    impl TakesFiles for Sample {
        const FIELD: &'static str = "images";
    }

    /// A part: its field, the name of its file if it is one, and what is in it.
    type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

    fn body(parts: &[Part<'_>]) -> Vec<u8> {
        let mut body = Vec::new();
        for (field, file, bytes) in parts {
            let file = file.map(|name| format!("; filename=\"{name}\"")).unwrap_or_default();
            body.extend(format!("--B\r\nContent-Disposition: form-data; name=\"{field}\"{file}\r\n\r\n").bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--B--\r\n");
        body
    }

    async fn posted(body: Vec<u8>) -> Result<FormWithFiles<Sample>, Error> {
        posted_by(Some(UserId::new()), body).await
    }

    async fn posted_by(user: Option<UserId>, body: Vec<u8>) -> Result<FormWithFiles<Sample>, Error> {
        let mut edge = Edge::new(&Settings::read(|_: &str| None::<String>, None).unwrap(), 8080);
        (edge.json_limit, edge.upload_limit) = (1000, 1000);
        let request = TestRequest::post()
            .insert_header((header::CONTENT_TYPE, "multipart/form-data; boundary=B"))
            .app_data(web::Data::new(edge))
            .set_payload(body);
        let (request, mut payload) = request.to_http_parts();
        if let Some(user) = user {
            request.get_session().insert(entry::USER, user).unwrap();
        }
        FormWithFiles::from_request(&request, &mut payload).await.map_err(|error| error.0)
    }

    const TOKEN: Part<'static> = (csrf::FIELD, None, b"right");
    const FILE: Part<'static> = ("images", Some("a.png"), b"x");
    const WORDS: Part<'static> = ("message", None, "caf\u{e9}".as_bytes());

    #[actix_web::test]
    async fn fields_and_files_come_out_only_for_the_token() {
        let parts = [WORDS, TOKEN, ("images", Some("a%22b \u{e9}.png"), b"\x89PNG\r\n--C"), ("images", Some(""), b"")];
        let (fields, files) = posted(body(&parts)).await.unwrap().checked("right").unwrap();
        assert_eq!(fields.message, "caf\u{e9}");
        let bytes = Bytes::from_static(b"\x89PNG\r\n--C");
        assert_eq!(files.unwrap(), [File { name: "a\"b \u{e9}.png".into(), bytes }]);
        assert_eq!(posted(body(&parts)).await.unwrap().checked("wrong").unwrap_err().code(), Some(Code::Csrf));
        let without = posted(body(&[WORDS])).await.unwrap().checked("right");
        assert_eq!(without.unwrap_err().code(), Some(Code::Csrf));
    }

    #[actix_web::test]
    async fn what_is_not_the_form_is_refused_by_name() {
        let cases: [(&[Part<'_>], &str); 6] = [
            (&[TOKEN], "message"),
            (&[WORDS, WORDS, TOKEN], "message"),
            (&[WORDS, TOKEN, ("admin", None, b"true")], "admin"),
            (&[WORDS, TOKEN, ("other", Some("a.png"), b"x")], "other"),
            (&[WORDS, TOKEN, ("images", None, b"x")], "images"),
            (&[("message", None, b"\xFF"), TOKEN], "message"),
        ];
        for (parts, name) in cases {
            let Error::Refused(refusal) = posted(body(parts)).await.unwrap_err() else { panic!("a fault: {name}") };
            assert_eq!((refusal.code, &refusal.arguments), (Code::InvalidPayload, &vec![("field", name.to_owned())]));
        }
        let mut cut = body(&[WORDS, TOKEN]);
        cut.truncate(cut.len() - 12);
        assert_eq!(posted(cut).await.unwrap_err().code(), Some(Code::InvalidPayload));
        assert_eq!(posted(b"message=a".to_vec()).await.unwrap_err().code(), Some(Code::InvalidPayload));
    }

    #[actix_web::test]
    async fn too_much_is_not_read() {
        let long = [b'a'; 1001];
        let refused = posted(body(&[("message", None, &long), TOKEN])).await.unwrap_err();
        assert_eq!(refused.code(), Some(Code::PayloadTooLarge));
        let half = [0; 501];
        let parts = [WORDS, TOKEN, ("images", Some("a"), &half[..]), ("images", Some("b"), &half), ("x", None, b"")];
        let (fields, files) = posted(body(&parts)).await.unwrap().checked("right").unwrap();
        // What was typed is there; what comes after the files that are too large was never looked at.
        assert_eq!((fields.message.as_str(), files), ("caf\u{e9}", Err(TooLarge(1000))));
        let (_, files) = posted_by(None, body(&[WORDS, TOKEN, FILE])).await.unwrap().checked("right").unwrap();
        assert_eq!(files, Err(TooLarge(0)), "files of a stranger are read");
    }
}
