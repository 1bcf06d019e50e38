//! Servers at an address: streamable HTTP over the guarded client.
//!
//! The attacks meant: an address within the private network, a name that becomes one between looking and connecting,
//! and a redirect that carries headers and tokens to another origin. The address is looked at before each
//! connection, its name at each request, and redirects are followed within the origin only.

use std::{collections::HashMap, str::FromStr as _, sync::Arc, time::Duration};

use http::{HeaderName, HeaderValue, header::AUTHORIZATION};
use rmcp::transport::{
    DynamicTransportError, StreamableHttpClientTransport,
    streamable_http_client::{StreamableHttpClientTransportConfig, StreamableHttpError},
};
use secrecy::ExposeSecret as _;
use url::Url;

use super::{
    ConnectionKey, Fault, Secret, Tokens,
    bearer::{Bearer, Unsent},
    fault::said,
};
use crate::tools::net::{self, Budget, Guard, Policy};

/// How long looking up a name may take.
const LOOKING: Duration = Duration::from_secs(5);

/// What reaches servers. Cheap to clone.
#[derive(Clone)]
pub(super) struct Net {
    guard: Guard,
    client: reqwest::Client,
    policy: Policy,
}

impl Net {
    pub fn new(guard: Guard, allow_private: bool) -> reqwest::Result<Self> {
        let client = guard.within_origin(allow_private)?;
        // Servers stand at any port; somebody with the right to do so wrote the address.
        let policy = Policy { allow_private, any_port: true, ..Policy::default() };
        Ok(Self { guard, client, policy })
    }

    /// Whether this address may be reached, its name looked up.
    pub async fn may_reach(&self, url: &Url) -> Result<(), String> {
        let budget = Budget::new(LOOKING, LOOKING, 0);
        self.guard.check_resolved(url, &self.policy, budget).await.map_err(|error| error.message)
    }

    /// A transport to this address, which was looked at.
    pub fn transport(
        &self,
        url: &Url,
        headers: &std::collections::BTreeMap<String, Secret>,
        tokens: &Arc<dyn Tokens>,
        key: &ConnectionKey,
        most: usize,
    ) -> Result<StreamableHttpClientTransport<Bearer>, Fault> {
        self.guard.check(url, &self.policy).map_err(|error| Fault::NotSent(error.message))?;
        let mut fields = HashMap::new();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value.expose_secret()).ok().zip(HeaderName::from_str(name).ok());
            let Some((mut value, name)) = value else {
                return Err(Fault::NotSent(format!("The server's header {name} cannot be sent.")));
            };
            value.set_sensitive(true);
            fields.insert(name, value);
        }
        let client = self.client.clone();
        // What was written for the server by hand is meant; no token goes beside it.
        let client = if fields.contains_key(&AUTHORIZATION) {
            Bearer::without(client)
        } else {
            Bearer::new(client, Arc::clone(tokens), key.clone(), url.clone())
        };
        let config = StreamableHttpClientTransportConfig::with_uri(url.as_str())
            .custom_headers(fields)
            .max_sse_event_size(most)
            // A new session would send what the old one did not answer once more: a call is never sent twice.
            .reinit_on_expired_session(false);
        Ok(StreamableHttpClientTransport::with_client(client, config))
    }
}

/// What a fault of a transport means for a request that was handed to it.
pub(super) fn of_transport(error: &DynamicTransportError) -> Fault {
    let Some(http) = error.error.downcast_ref::<StreamableHttpError<reqwest::Error>>() else {
        return Fault::Unknown("The connection to the server broke.".to_owned());
    };
    if let Some(challenge) = http.auth_challenge() {
        return Fault::of_challenge(challenge);
    }
    match http {
        // No connection, so no byte of the request.
        StreamableHttpError::Client(error) if error.is_connect() => Fault::NotSent(net::words(error)),
        StreamableHttpError::Client(error) => Fault::Unknown(net::words(error)),
        StreamableHttpError::Io(error) if error.get_ref().is_some_and(|error| error.is::<Unsent>()) => {
            Fault::NotSent(error.to_string())
        }
        StreamableHttpError::SessionExpired => Fault::Refused("The server has forgotten the session.".to_owned()),
        StreamableHttpError::HttpStatus(status) if status.status == 429 => {
            Fault::Refused("The server is asked too often (429).".to_owned())
        }
        StreamableHttpError::HttpStatus(status) => {
            Fault::Unknown(format!("The server answered with the status {}.", status.status))
        }
        StreamableHttpError::UnexpectedServerResponse(words) => of_status(words),
        StreamableHttpError::ResponseBodyTooLarge { .. } => {
            Fault::Unknown("The server's answer is too large.".to_owned())
        }
        StreamableHttpError::Sse(_) => Fault::Unknown("The server's stream cannot be read.".to_owned()),
        StreamableHttpError::UnexpectedContentType(_) => {
            Fault::Unknown("The server answered with something else than the protocol.".to_owned())
        }
        _ => Fault::Unknown("The connection to the server broke.".to_owned()),
    }
}

/// The library tells other statuses in words: `HTTP 404 Not Found: …`.
fn of_status(words: &str) -> Fault {
    let status =
        words.strip_prefix("HTTP ").and_then(|rest| rest.get(..3)).and_then(|status| status.parse::<u16>().ok());
    match status {
        Some(401) => Fault::of_challenge(""),
        Some(status @ 300..400) => {
            Fault::Refused(format!("The server leads elsewhere ({status}), which is not followed."))
        }
        Some(status @ 400..500) => Fault::Refused(format!("The server refused the request ({status}).")),
        Some(status) => Fault::Unknown(format!("The server answered with the status {status}.")),
        None => Fault::Unknown(said("The server's answer cannot be read.", words)),
    }
}
