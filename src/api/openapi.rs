//! `/api/openapi.json`: what the API takes and gives.
//!
//! It is a file, `openapi.json` beside this one, which a test makes of the handlers and shapes themselves (`told`) and holds to
//! them. A route that is not told of, and one that is told of and not there, fail tests/web/openapi.rs.

mod refusals;
mod told;

use std::{
    io::Read as _,
    sync::{LazyLock, OnceLock},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, ETag, EntityTag, Header as _, IfNoneMatch},
    },
    web::{self, Bytes, ServiceConfig},
};
use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{read, verbs};
use crate::{
    config::VERSION,
    error::{Error, Result},
    http::{Edge, error::HttpError},
    types::Digest,
};

pub use told::document as told;

/// What is told of this address.
#[derive(utoipa::OpenApi)]
#[openapi(paths(show))]
struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config.service(verbs("/api/openapi.json").route(read().to(show)));
}

/// What of the file is looked into; the rest is handed on as it is.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Document {
    openapi: String,
    info: Map<String, Value>,
    #[serde(default)]
    servers: Vec<Value>,
    paths: Map<String, Value>,
    components: Value,
}

/// The file, packed by `build.rs`, read when it is first asked for.
static DOCUMENT: LazyLock<std::io::Result<Document>> = LazyLock::new(|| {
    let mut text = String::new();
    GzDecoder::new(include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz")).as_slice())
        .read_to_string(&mut text)?;
    Ok(serde_json::from_str(&text)?)
});

fn document() -> Result<&'static Document> {
    DOCUMENT.as_ref().map_err(|error| Error::internal(format!("the document of the API cannot be read: {error}")))
}

/// The methods that an address takes, as a header names them: those that are documented, and HEAD beside GET.
pub fn methods(path: &str) -> Result<Vec<String>> {
    // A pattern that reaches over slashes (`{id:.+}`) is written without it there.
    let path = path.replace(":.+}", "}");
    let operations = document()?.paths.get(&path).and_then(Value::as_object);
    let taken =
        operations.into_iter().flat_map(|operations| operations.keys()).map(|method| method.to_ascii_uppercase());
    Ok(taken.flat_map(|method| if method == "GET" { vec![method, "HEAD".to_owned()] } else { vec![method] }).collect())
}

/// The document as it is sent.
struct Written {
    prefix: String,
    body: Bytes,
    tag: EntityTag,
}

impl Written {
    fn new(prefix: &str) -> Result<Self> {
        let mut document = document()?.clone();
        document.info.insert("version".to_owned(), VERSION.into());
        document.servers = vec![json!({"url": if prefix.is_empty() { "/" } else { prefix }})];
        let body = serde_json::to_vec(&document).map_err(Error::internal)?;
        let tag = EntityTag::new_strong(Digest::of(&body).to_string());
        Ok(Self { prefix: prefix.to_owned(), body: body.into(), tag })
    }
}

/// Written once; a process answers below one prefix.
static WRITTEN: OnceLock<Written> = OnceLock::new();

/// GET `/api/openapi.json`: this document.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "server",
    security(()),
    params(("If-None-Match" = Option<String>, Header, description = "The `ETag` of what is known")),
    responses(
        (status = 200, description = "What the API takes and gives", body = serde_json::Value),
        (status = 304, description = "It is as it was"),
    ),
)]
async fn show(request: HttpRequest, edge: web::Data<Edge>) -> Result<HttpResponse, HttpError> {
    let prefix = edge.urls.prefix();
    let written = match WRITTEN.get() {
        Some(written) if written.prefix == prefix => written,
        _ => {
            let new = Written::new(prefix)?;
            WRITTEN.get_or_init(|| new)
        }
    };
    let is_known = match IfNoneMatch::parse(&request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key(header::IF_NONE_MATCH),
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&written.tag)),
        Err(_) => false,
    };
    let mut answer = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    answer.insert_header(ETag(written.tag.clone())).insert_header((header::CACHE_CONTROL, "public, no-cache"));
    Ok(if is_known { answer.finish() } else { answer.content_type("application/json").body(written.body.clone()) })
}
