//! Under which names Sayso is at home, and which pages may make a browser write to it.
//!
//! Two attacks are meant. **DNS rebinding:** a foreign name that suddenly points to this machine would make a foreign
//! page "same-origin" with Sayso; so every name but ours is answered with 421. **Cross-site requests:** a foreign page
//! makes a browser post with the person's cookies; so unsafe methods must come from our own origin. Calls with a
//! Bearer token are excepted from both: no browser adds that by itself. Whoever authenticates must therefore never
//! fall back to the cookie when a token was sent.

use actix_web::{
    Error as ActixError, HttpMessage,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap},
    },
    middleware::Next,
    web,
};

use super::{Edge, address::Client, error::HttpError};
use crate::{
    config::{AllowedOrigins, Origin, PublicUrl},
    error::{Code, Error, Refusal, Result},
};

/// The names that a browser on this machine may use when `PUBLIC_URL` says nothing else.
const LOCAL_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Asked by machines that know us by any name.
const HEALTH: [&str; 3] = ["/health", "/healthz", "/readyz"];

/// Asked on this machine itself, by a loopback name, whatever `PUBLIC_URL` is; they check who asks.
const FIGURES: [&str; 2] = ["/metrics", "/stats"];

/// Where a program signs in, with a body and without a cookie.
const SIGN_IN: [&str; 2] = ["/api/auth/login", "/api/auth/refresh"];

/// Where Sayso is at home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The host and port of `PUBLIC_URL`; else the local names at the port.
    authorities: Vec<String>,
    origin: String,
    prefix: String,
    secure: bool,
}

impl Home {
    /// At `PUBLIC_URL`, or on this machine at the port that is really listened on.
    pub fn new(public: Option<&PublicUrl>, port: u16) -> Self {
        match public {
            Some(public) => Self {
                authorities: vec![public.authority.clone()],
                origin: public.origin.to_string(),
                prefix: public.prefix.clone(),
                secure: public.secure,
            },
            None => {
                let port = if port == 80 { String::new() } else { format!(":{port}") };
                Self {
                    authorities: LOCAL_NAMES.iter().map(|name| format!("{name}{port}")).collect(),
                    origin: format!("http://localhost{port}"),
                    prefix: String::new(),
                    secure: false,
                }
            }
        }
    }

    /// The origin to name: `http://localhost:8080`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The origin under which a browser that sends this `Host` has its session: of the local names the one it uses, else
    /// the only one there is.
    pub fn origin_at(&self, host: &str) -> String {
        let bare = host.strip_suffix(":80").unwrap_or(host);
        match self.authorities.iter().find(|own| own.eq_ignore_ascii_case(bare)) {
            Some(own) if !self.secure && self.authorities.len() > 1 => format!("http://{own}"),
            _ => self.origin.clone(),
        }
    }

    /// The address to name to people: the origin with its prefix and a slash.
    pub fn address(&self) -> String {
        format!("{}{}/", self.origin, self.prefix)
    }

    /// The names at which we are, with their ports where those are not the customary ones.
    pub fn authorities(&self) -> &[String] {
        &self.authorities
    }

    /// Whether browsers reach us by https: cookies are `Secure`, and HSTS is sent.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether `host`, as a `Host` header spells it, is us.
    pub fn is_at(&self, host: &str) -> bool {
        let default = if self.secure { ":443" } else { ":80" };
        let host = host.strip_suffix(default).unwrap_or(host);
        self.authorities.iter().any(|own| own.eq_ignore_ascii_case(host))
    }

    /// Whether `origin` is the one under which this very request came: `localhost` is foreign to `127.0.0.1`.
    pub fn is_origin(&self, origin: &str, host: &str) -> bool {
        let scheme = if self.secure { "https" } else { "http" };
        let own = origin.strip_prefix(scheme).and_then(|rest| rest.strip_prefix("://"));
        self.is_at(host) && own.is_some_and(|own| self.is_at(own) && self.same_authority(own, host))
    }

    fn same_authority(&self, one: &str, other: &str) -> bool {
        let default = if self.secure { ":443" } else { ":80" };
        let bare = |text: &str| text.strip_suffix(default).unwrap_or(text).to_ascii_lowercase();
        bare(one) == bare(other)
    }

    /// Whether `origin` is one of ours, whichever.
    pub fn owns(&self, origin: &str) -> bool {
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        self.is_origin(origin, host)
    }

    /// What a caller by another name is told: the right one.
    pub fn refusal(&self) -> Error {
        Refusal::new(Code::WrongHost).with("address", self.address()).into()
    }
}

/// Whether the call brings a token of its own, in one of the ways of the contract: `Authorization`, the socket's
/// protocol, or a socket's query.
pub fn carries_token(headers: &HeaderMap, query: &str) -> bool {
    let begins = |name: header::HeaderName, word: &str, end: &[char]| {
        let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(end).next().is_some_and(|first| first.trim().eq_ignore_ascii_case(word)) && value.contains(end)
    };
    let socket = headers.get(header::UPGRADE).is_some_and(|kind| kind.as_bytes().eq_ignore_ascii_case(b"websocket"));
    begins(header::AUTHORIZATION, "bearer", &[' '])
        || socket
            && (begins(header::SEC_WEBSOCKET_PROTOCOL, "bearer", &[',', ' '])
                || query.split('&').any(|pair| pair.starts_with("token=") && pair.len() > "token=".len()))
}

/// Refuses requests by which a foreign page would act in a person's name.
///
/// Browsers say where a request comes from: all current ones in `Sec-Fetch-Site`, over plain http to another machine
/// only in `Origin`. Without either it is no browser, or one from before 2020; the form's token still stands.
pub fn check_site(home: &Home, host: &str, method: &Method, headers: &HeaderMap) -> Result<()> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    // `none`: the person did it, as by reloading a page that was posted. What both say must be right.
    let site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin = text("origin").is_none_or(|origin| home.is_origin(origin, host));
    if site && origin { Ok(()) } else { Err(Code::Csrf.into()) }
}

/// For sockets that are opened with the session's cookie: their page must be of the origin that they call. Browsers
/// apply no same-origin policy to sockets, but always send `Origin`.
pub fn check_cookie_socket(home: &Home, host: &str, origin: Option<&str>) -> Result<()> {
    match origin {
        Some(origin) if home.is_origin(origin, host) => Ok(()),
        _ => Err(Code::Forbidden.into()),
    }
}

/// For sockets that are opened with a token: no browser at all, a page of ours, or one that the operator named.
pub fn check_token_socket(edge: &Edge, origin: Option<&str>) -> Result<()> {
    let Some(origin) = origin else { return Ok(()) };
    let same = |allowed: &Origin| allowed.as_str() == origin;
    let named = match &edge.socket_origins {
        AllowedOrigins::Any => true,
        AllowedOrigins::These(origins) => origins.iter().any(same),
        AllowedOrigins::Home => false,
    };
    if named || edge.home.owns(origin) || edge.client_origin.as_ref().is_some_and(same) {
        Ok(())
    } else {
        Err(Code::Forbidden.into())
    }
}

/// For programs that call with a token where sockets' lists mean nothing: no browser at all, a page of ours, or one of
/// `CLIENT_ORIGIN`. Two origins are none.
pub fn check_token_call(edge: &Edge, headers: &HeaderMap) -> Result<()> {
    let mut origins = headers.get_all(header::ORIGIN);
    let Some(origin) = origins.next() else { return Ok(()) };
    let origin = origin.to_str().map_err(|_| Error::from(Code::Forbidden))?;
    let is_named = edge.client_origin.as_ref().is_some_and(|allowed| allowed.as_str() == origin);
    if origins.next().is_none() && (is_named || edge.home.owns(origin)) { Ok(()) } else { Err(Code::Forbidden.into()) }
}

/// Refuses wrong names (421) and cross-site requests (403) before anything else is looked at. Stands inside
/// [`super::request_id::trace`].
pub async fn guard<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<EitherBody<B>>, ActixError> {
    match check(&request) {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(error) => Ok(request.error_response(HttpError(error)).map_into_right_body()),
    }
}

fn check(request: &ServiceRequest) -> Result<()> {
    let edge = request.app_data::<web::Data<Edge>>().ok_or_else(|| Error::internal("no Edge in the App's data"))?;
    let client = request.extensions().get::<Client>().cloned();
    let host = client.ok_or_else(|| Error::internal("no request_id::trace around the guard"))?.host;
    if carries_token(request.headers(), request.query_string()) {
        return Ok(());
    }
    let path = edge.urls.without_prefix(request.path());
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let local = LOCAL_NAMES.contains(&host.as_str()) || LOCAL_NAMES.contains(&name);
    if !(edge.home.is_at(&host) || HEALTH.contains(&path) || FIGURES.contains(&path) && local) {
        return Err(edge.home.refusal());
    }
    if is_sign_in_of_client(edge, path, request.headers()) {
        return Ok(());
    }
    check_site(&edge.home, &host, request.method(), request.headers())
}

/// Whether a page of `CLIENT_ORIGIN` signs in, or fetches its next tokens: it has none yet to show. These addresses
/// never look at a cookie.
fn is_sign_in_of_client(edge: &Edge, path: &str, headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    SIGN_IN.contains(&path) && edge.client_origin.as_ref().is_some_and(|allowed| Some(allowed.as_str()) == origin)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;
    use crate::config::Settings;

    fn edge(pairs: &[(&str, &str)], port: u16) -> Edge {
        let find = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Edge::new(&Settings::read(find, None).unwrap(), port)
    }

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap());
        }
        map
    }

    #[test]
    fn home_has_three_names_or_the_public_one() {
        let local = edge(&[], 8080).home;
        for (host, home) in [
            ("localhost:8080", true),
            ("LOCALHOST:8080", true),
            ("127.0.0.1:8080", true),
            ("[::1]:8080", true),
            ("localhost", false),
            ("localhost:80", false),
            ("localhost.:8080", false),
            ("127.0.0.2:8080", false),
            ("evil.example:8080", false),
            ("localhost:8080.evil.example", false),
            ("", false),
        ] {
            assert_eq!(local.is_at(host), home, "{host}");
        }
        assert_eq!(local.address(), "http://localhost:8080/");
        let eighty = edge(&[], 80).home;
        assert!(eighty.is_at("localhost") && eighty.is_at("localhost:80") && !eighty.is_at("localhost:8080"));
        let public = edge(&[("PUBLIC_URL", "https://chat.example/talk")], 8080).home;
        for (host, home) in
            [("chat.example", true), ("chat.example:443", true), ("chat.example:80", false), ("localhost:8080", false)]
        {
            assert_eq!(public.is_at(host), home, "{host}");
        }
        assert_eq!(public.address(), "https://chat.example/talk/");
        assert!(public.is_secure() && !local.is_secure());
    }

    #[test]
    fn only_our_own_pages_write() {
        let home = edge(&[], 8080).home;
        const SITE: &str = "Sec-Fetch-Site";
        const ORIGIN: &str = "Origin";
        for (said, fine) in [
            (&[][..], true),
            (&[(SITE, "same-origin")], true),
            (&[(SITE, "none")], true),
            (&[(SITE, "same-site")], false),
            (&[(SITE, "cross-site")], false),
            (&[(SITE, "cross-site"), (ORIGIN, "http://localhost:8080")], false),
            (&[(SITE, "")], false),
            (&[(ORIGIN, "http://localhost:8080")], true),
            (&[(ORIGIN, "http://127.0.0.1:8080")], false),
            (&[(ORIGIN, "https://localhost:8080")], false),
            (&[(ORIGIN, "http://localhost:8081")], false),
            (&[(ORIGIN, "http://localhost")], false),
            (&[(ORIGIN, "http://evil.example")], false),
            (&[(ORIGIN, "null")], false),
        ] {
            let result = check_site(&home, "localhost:8080", &Method::POST, &headers(said));
            assert_eq!(result.is_ok(), fine, "{said:?}");
            assert!(check_site(&home, "localhost:8080", &Method::GET, &headers(said)).is_ok());
            assert_eq!(check_site(&home, "localhost:8080", &Method::DELETE, &headers(said)).is_ok(), fine);
        }
        let public = edge(&[("PUBLIC_URL", "https://chat.example")], 8080).home;
        let check = |origin| check_site(&public, "chat.example", &Method::POST, &headers(&[(ORIGIN, origin)])).is_ok();
        assert!(check("https://chat.example") && !check("http://chat.example"));
    }

    #[test]
    fn cookie_sockets_demand_their_own_origin() {
        let home = edge(&[("WS_ALLOWED_ORIGINS", "*")], 8080).home;
        let check = |origin| check_cookie_socket(&home, "127.0.0.1:8080", origin).is_ok();
        assert!(check(Some("http://127.0.0.1:8080")));
        for foreign in [None, Some("null"), Some("http://localhost:8080"), Some("http://evil.example"), Some("")] {
            assert!(!check(foreign), "{foreign:?}");
        }
    }

    #[test]
    fn named_origins_open_token_sockets_only() {
        let check = |pairs: &[(&str, &str)], origin| check_token_socket(&edge(pairs, 8080), origin).is_ok();
        assert!(check(&[], None) && check(&[], Some("http://[::1]:8080")));
        assert!(!check(&[], Some("https://app.example")) && !check(&[], Some("null")));
        let named = [("WS_ALLOWED_ORIGINS", "https://app.example:443")];
        assert!(check(&named, Some("https://app.example")) && !check(&named, Some("https://app.example.evil")));
        assert!(check(&[("CLIENT_ORIGIN", "http://localhost:3000")], Some("http://localhost:3000")));
        assert!(check(&[("WS_ALLOWED_ORIGINS", "*")], Some("null")));
    }

    #[test]
    fn programs_come_from_no_foreign_page() {
        let edge = edge(&[("WS_ALLOWED_ORIGINS", "*"), ("CLIENT_ORIGIN", "https://app.example")], 8080);
        let check = |said: &[(&str, &str)]| check_token_call(&edge, &headers(said)).is_ok();
        assert!(check(&[]));
        for own in ["http://localhost:8080", "http://127.0.0.1:8080", "https://app.example"] {
            assert!(check(&[("Origin", own)]), "{own}");
            assert!(!check(&[("Origin", own), ("Origin", own)]), "{own} twice");
        }
        for foreign in ["null", "", "http://localhost:8081", "http://evil.example", "https://app.example.evil"] {
            assert!(!check(&[("Origin", foreign)]), "{foreign}");
        }
    }

    #[test]
    fn a_token_is_seen_in_each_of_its_places() {
        for (said, query, token) in [
            (&[][..], "", false),
            (&[("Authorization", "Bearer x")], "", true),
            (&[("Authorization", "bearer x")], "", true),
            (&[("Authorization", "Basic x")], "", false),
            (&[("Authorization", "Bearer")], "", false),
            (&[("Upgrade", "websocket"), ("Sec-WebSocket-Protocol", "bearer, x")], "", true),
            (&[("Upgrade", "WebSocket"), ("Sec-WebSocket-Protocol", "Bearer x")], "", true),
            (&[("Sec-WebSocket-Protocol", "bearer, x")], "", false),
            (&[("Upgrade", "websocket")], "a=b&token=x", true),
            (&[("Upgrade", "websocket")], "token=", false),
            (&[], "token=x", false),
        ] {
            assert_eq!(carries_token(&headers(said), query), token, "{said:?} {query}");
        }
    }
}
