//! The pages: people with browsers. Every address in one table. A handler parses, checks who asks, calls one verb
//! below and renders; every action is a plain form that works without JavaScript, and htmx makes it live.

mod approvals;
pub mod assets;
mod conversations;
pub mod error;
mod messages;
mod page;
mod sessions;
mod settings;
mod setup;
mod socket;

use actix_web::web::{ServiceConfig, get, post, resource, scope};

use crate::http::error::HttpError;

/// What a handler gives.
type Answer = Result<actix_web::HttpResponse, HttpError>;

/// Every page and form. Mounted below the prefix of `PUBLIC_URL`, with a session around it.
pub fn addresses(config: &mut ServiceConfig) {
    config
        .route("/", get().to(conversations::home))
        .service(resource("/setup").get(setup::show).post(setup::create))
        .service(resource("/login").get(sessions::new).post(sessions::create))
        .route("/logout", post().to(sessions::delete))
        .service(resource("/conversations").get(conversations::index).post(conversations::create))
        .service(
            scope("/conversations/{id}")
                .route("", get().to(conversations::show))
                .route("/messages", post().to(messages::create))
                .route("/stop", post().to(messages::stop))
                .route("/retry", post().to(messages::retry))
                .route("/rename", post().to(conversations::rename))
                .route("/delete", post().to(conversations::delete))
                .route("/socket", get().to(socket::open)),
        )
        .route("/tool-calls/{id}/decision", post().to(approvals::decide))
        .route("/approvals", get().to(approvals::index))
        .service(resource("/settings").get(settings::show).post(settings::update))
        .route("/settings/sessions/{id}/revoke", post().to(settings::revoke_session));
}
