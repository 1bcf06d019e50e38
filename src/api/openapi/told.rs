//! The document put together from the handlers and shapes themselves. It is a third of a megabyte of program that gives the same
//! bytes every time, so it runs in the tests alone: `tests/web/openapi.rs` holds `src/api/openapi.json` to it.
//!
//! Each file of addresses tells of its own (`Documented`); what is alike for all is said here once: who may call, and how
//! refusals look.

use utoipa::{
    OpenApi as _,
    openapi::{
        Components, Info, License, OpenApi, Paths, SecurityRequirement,
        path::{Operation, PathItem},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::refusals;
use crate::{
    api::{
        aliases, approvals, auth, chat, conversations, decisions, gateway, health, mcp_server, meta, metrics, openai,
        session, socket, stats, tools, usage,
    },
    http::csrf,
    render::sse,
};

/// What is told of all addresses; neither of the version nor of where the server is, which the one that answers adds.
pub fn document() -> OpenApi {
    let mut document = OpenApi::new(Info::new("Sayso", ""), Paths::new());
    document.info.description = Some(DESCRIPTION.to_owned());
    document.info.license = Some(License::new("MIT OR Apache-2.0"));
    let parts = [
        health::Documented::openapi(),
        metrics::Documented::openapi(),
        stats::Documented::openapi(),
        meta::Documented::openapi(),
        super::Documented::openapi(),
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
}

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
