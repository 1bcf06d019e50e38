//! What pages and API both need of HTTP: who calls and from where, what is refused before anything is looked at, and
//! how a code becomes a status. No HTML, no queries.
//!
//! [`Edge`] is made once the real port is known (bind a `TcpListener` first, then hand it to actix) and put into each
//! `App` as `web::Data<Edge>`; the middlewares find it there. Their order, from outside: [`request_id::trace`],
//! [`headers::secure`], [`cors::share`], whoever renders errors, [`origin::guard`]. None of them returns `Err`: a refusal is an
//! answer that carries its [`error::HttpError`], which the renderer finds by [`error::of_response`].
//!
//! Never use actix's `connection_info()`: it believes every forwarding header.

pub mod access_token;
pub mod address;
pub mod api_caller;
pub mod bearer;
pub mod connections;
pub mod cors;
pub mod csrf;
pub mod data;
pub mod error;
pub mod export;
pub mod form;
mod form_values;
pub mod frames;
pub mod guests;
pub mod headers;
pub mod heartbeat;
mod hs256;
pub mod json;
pub mod limits;
pub mod multipart;
pub mod origin;
pub mod outbox;
pub mod request_id;
pub mod session_store;
pub mod sign_in;
pub mod token_pair;
pub mod urls;
pub mod viewer;

use crate::config::{AllowedOrigins, Network, Origin, Settings};

/// What the edge knows of the world outside.
#[derive(Clone)]
pub struct Edge {
    /// Makes addresses.
    pub urls: urls::Urls,
    /// Under which names Sayso is at home.
    pub home: origin::Home,
    /// Whose forwarding headers are believed.
    pub proxies: Vec<Network>,
    /// Whose pages may open sockets with a token.
    pub socket_origins: AllowedOrigins,
    /// The foreign origin whose scripts may call `/api`.
    pub client_origin: Option<Origin>,
    /// Bytes of a body that is no upload, and of a socket's frame.
    pub json_limit: usize,
    /// Bytes of the files of one form.
    pub upload_limit: usize,
    /// The sockets and streams that are open.
    pub connections: connections::Connections,
}

impl Edge {
    /// `port` is the one that is really listened on.
    pub fn new(settings: &Settings, port: u16) -> Self {
        let home = origin::Home::new(settings.public_url.as_ref(), port);
        let most = usize::try_from(settings.streams_per_person.get()).unwrap_or(usize::MAX);
        let prefix = settings.public_url.as_ref().map_or("", |public| public.prefix.as_str());
        Self {
            urls: urls::Urls::new(prefix, home.origin()),
            home,
            proxies: settings.trusted_proxies.clone(),
            socket_origins: settings.ws_allowed_origins.clone(),
            client_origin: settings.client_origin.clone(),
            json_limit: usize::try_from(settings.json_limit).unwrap_or(usize::MAX),
            upload_limit: usize::try_from(settings.upload_limit).unwrap_or(usize::MAX),
            connections: connections::Connections::new(most),
        }
    }
}

#[cfg(test)]
mod tests;
