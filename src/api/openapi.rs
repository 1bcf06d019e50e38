//! `/api/openapi.json`: what the API takes and gives, told from the handlers and shapes themselves.
//!
//! Each file of addresses tells of its own (`Documented`); what is alike for all is said here once: who may call, and how
//! refusals look. A route that is not told of here, and one that is told of and not there, fail tests/web/openapi.rs.

mod refusals;

use std::sync::{LazyLock, OnceLock};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, ETag, EntityTag, Header as _, IfNoneMatch},
    },
    web::{self, Bytes, ServiceConfig},
};
use utoipa::{
    OpenApi as _,
    openapi::{
        Components, Info, License, OpenApi, Paths, SecurityRequirement, Server,
        path::{Operation, PathItem},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{
    aliases, approvals, auth, chat, conversations, decisions, gateway, health, mcp_server, meta, metrics, openai, read,
    session, socket, stats, tools, usage, verbs,
};
use crate::{
    config::VERSION,
    error::{Error, Result},
    http::{Edge, csrf, error::HttpError},
    render::sse,
    types::Digest,
};

/// What is told of this address.
#[derive(utoipa::OpenApi)]
#[openapi(paths(show))]
struct Documented;

/// Every address of this file.
pub fn addresses(config: &mut ServiceConfig) {
    config.service(verbs("/api/openapi.json").route(read().to(show)));
}

/// What is told of all addresses.
static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
    let mut document = OpenApi::new(Info::new("Sayso", VERSION), Paths::new());
    document.info.description = Some(DESCRIPTION.to_owned());
    document.info.license = Some(License::new("MIT OR Apache-2.0"));
    let parts = [
        health::Documented::openapi(),
        metrics::Documented::openapi(),
        stats::Documented::openapi(),
        meta::Documented::openapi(),
        Documented::openapi(),
        auth::Documented::openapi(),
        chat::Documented::openapi(),
        approvals::Documented::openapi(),
        decisions::Documented::openapi(),
        session::Documented::openapi(),
        conversations::Documented::openapi(),
        aliases::Documented::openapi(),
        tools::Documented::openapi(),
        usage::Documented::openapi(),
        socket::Documented::openapi(),
        gateway::Documented::openapi(),
        openai::Documented::openapi(),
        mcp_server::Documented::openapi(),
        // The shapes within streams.
        sse::Documented::openapi(),
    ];
    for part in parts {
        document.merge(part);
    }
    let components = document.components.get_or_insert_with(Components::new);
    schemes(components);
    refusals::add(components);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(name(method, path));
            guard(path, method, operation);
            refusals::complete(path, operation);
        }
    }
    document
});

const DESCRIPTION: &str = "A chat with language models in which no tool runs without a person's say-so. Tokens of \
    scripts are made in the settings and have scopes; programs sign in by `/api/auth/login`; a browser's session \
    counts too, with the token of its forms for everything but reading. Every refusal is an `Error` with a `Code`.";

/// The operations of a path that there may be, by method.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, post, put, patch, delete, .. } = item;
    let all = [("GET", get), ("POST", post), ("PUT", put), ("PATCH", patch), ("DELETE", delete)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// An operation's name: its method and address, so that no two are alike: `post_api_chat_id_stop`.
fn name(method: &str, path: &str) -> String {
    let words = path.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method.to_ascii_lowercase().as_str()).chain(words).collect::<Vec<_>>().join("_")
}

const BEARER: &str = "bearer";
const SESSION: &str = "session";
const CSRF: &str = "csrf";

fn schemes(components: &mut Components) {
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.description =
        Some("A token that a person made (`sayso_…`), or the access token of a sign-in (a JWT)".to_owned());
    let session = ApiKeyValue::with_description(
        "sayso",
        "A browser's session. Over https, without a path in `PUBLIC_URL`, the cookie is called `__Host-sayso`",
    );
    let csrf =
        ApiKeyValue::with_description(csrf::HEADER, "With a session: the value of the field `csrf` of its forms");
    for (name, scheme) in [
        (BEARER, SecurityScheme::Http(bearer)),
        (SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(session))),
        (CSRF, SecurityScheme::ApiKey(ApiKey::Header(csrf))),
    ] {
        components.add_security_scheme(name, scheme);
    }
}

/// Says who may call an operation that does not say so itself.
fn guard(path: &str, method: &str, operation: &mut Operation) {
    if operation.security.is_some() {
        return;
    }
    let none: [&str; 0] = [];
    let bearer = SecurityRequirement::new(BEARER, none);
    let session = SecurityRequirement::new(SESSION, none);
    operation.security = Some(match method {
        // Guests of the machine itself need nothing.
        _ if !path.starts_with("/api") && !path.starts_with("/v1") => {
            vec![SecurityRequirement::default(), bearer, session]
        }
        "GET" => vec![bearer, session],
        _ => vec![bearer, session.add(CSRF, none)],
    });
}

/// The methods that an address takes, as a header names them: those that are documented, and HEAD beside GET.
pub fn methods(path: &str) -> Vec<&'static str> {
    // A pattern that reaches over slashes (`{id:.+}`) is written without it there.
    let path = path.replace(":.+}", "}");
    let Some(mut item) = DOCUMENT.paths.paths.get(&path).cloned() else { return Vec::new() };
    let taken = operations(&mut item).map(|(method, _)| method);
    taken.flat_map(|method| if method == "GET" { vec!["GET", "HEAD"] } else { vec![method] }).collect()
}

/// The document as it is sent.
struct Written {
    prefix: String,
    body: Bytes,
    tag: EntityTag,
}

impl Written {
    fn new(prefix: &str) -> Result<Self> {
        let mut document = DOCUMENT.clone();
        document.servers = Some(vec![Server::new(if prefix.is_empty() { "/" } else { prefix })]);
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
