//! Authorisation at servers: OAuth 2.1 as the protocol asks for it, with discovery, PKCE, resource indicators and refresh.
//!
//! The attacks meant: metadata that leads into the private network, an answer to a question that was not asked
//! (state, issuer), and a token that is sent to another server than it was given for. Each request goes through the
//! guarded client and follows no redirect; what is got belongs to one server and is kept by whoever asked, sealed.
//!
//! Nothing here knows of pages: whoever offers authorisation sends the person to [`Authorising::address`] and comes back
//! with the address to which the person was sent in return.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use rmcp::transport::auth::{
    AuthError, AuthorizationManager, AuthorizationMetadata, AuthorizationRequest, AuthorizationSession,
    CredentialStore, InMemoryCredentialStore, InMemoryStateStore, OAuthClientConfig, OAuthHttpClient,
    OAuthHttpClientError, OAuthHttpClientFuture, OAuthHttpRequest, StateStore, StoredAuthorizationState,
    StoredCredentials,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::{Secret, words};
use crate::tools::net::{Guard, Policy};

/// The largest answer of an authorisation server.
const MAX_ANSWER: usize = 1 << 20;
/// How long one answer may take, and finding out where to authorise or getting a token as a whole.
const ONE: Duration = Duration::from_secs(15);
const WHOLE: Duration = Duration::from_secs(60);

/// Why there is no authorisation, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OAuthFault {
    /// The person has to say yes (again).
    #[error("The server has to be authorised again.")]
    Again,
    /// Something else went wrong; clean and bounded.
    #[error("{0}")]
    Failed(String),
}

fn failed(error: &AuthError) -> OAuthFault {
    match error {
        AuthError::AuthorizationRequired | AuthError::TokenRefreshRejected(_) => OAuthFault::Again,
        other => OAuthFault::Failed(words::bounded(&words::line(&other.to_string()), 500)),
    }
}

/// As what we come to an authorisation server.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Where the person is sent in return.
    pub redirect: Url,
    /// The address of a document that says who we are, for servers that read it; `https`.
    pub document: Option<Url>,
    /// What an operator registered by hand: the client's id, and its secret where it has one.
    pub client: Option<(String, Option<Secret>)>,
    /// The only authorisation server that may be told it, where that is known: another one may not have its secret.
    pub client_issuer: Option<String>,
    /// As what we are known already, each to one authorisation server.
    pub clients: Vec<KnownClient>,
}

/// A client that one authorisation server knows.
#[derive(Clone, Debug)]
pub struct KnownClient {
    /// The issuer; empty where the server is its own authorisation server.
    pub issuer: String,
    /// Its id and secret.
    pub client: (String, Option<Secret>),
}

/// An authorisation that waits for its person.
pub struct Authorising {
    session: AuthorizationSession,
    waiting: Waiting,
}

/// What an authorisation needs to go on once its person came back, wherever that is: to be kept sealed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Waiting {
    server: Url,
    challenge: String,
    redirect: Url,
    client: String,
    secret: Option<String>,
    registered: bool,
    metadata: AuthorizationMetadata,
    state: StoredAuthorizationState,
}

/// What a person's yes gave: for one server, to be kept sealed.
#[derive(Serialize, Deserialize)]
pub struct Authorised {
    server: Url,
    redirect: Url,
    secret: Option<String>,
    credentials: StoredCredentials,
    /// Where it can be taken back.
    #[serde(default)]
    revocation: Option<Url>,
}

impl Authorising {
    /// Finds out where to authorise, by the server's challenge or its metadata, and registers there if need be. What the
    /// person allowed `before` is asked for as well, so that a server that wants more does not take it away.
    ///
    /// # Errors
    /// In words.
    pub async fn begin(
        guard: &Guard,
        allow_private: bool,
        server: &Url,
        challenge: &str,
        registration: &Registration,
        before: Option<&Authorised>,
    ) -> Result<Self, OAuthFault> {
        let whole = begin(guard, allow_private, server, challenge, registration, before);
        within(whole).await
    }

    /// Where the person has to go.
    pub fn address(&self) -> &str {
        self.session.get_authorization_url()
    }

    /// What it needs to go on elsewhere.
    pub fn waiting(&self) -> &Waiting {
        &self.waiting
    }

    /// Takes the address to which the person was sent in return; state and issuer in it are looked at.
    ///
    /// # Errors
    /// In words.
    pub async fn finish(self, returned: &Url) -> Result<Authorised, OAuthFault> {
        within(exchange(self.session.auth_manager, self.waiting, returned)).await
    }
}

impl Waiting {
    /// By what its answer is known.
    pub fn state(&self) -> &str {
        &self.state.csrf_token
    }

    /// Who is to give it; empty where the server is its own authorisation server.
    pub fn issuer(&self) -> &str {
        self.metadata.issuer.as_deref().unwrap_or_default()
    }

    /// Whether it is for the server at that address.
    pub fn is_of(&self, server: &Url) -> bool {
        self.server == *server
    }

    /// As what we were registered on the way, to be known there the next time.
    pub fn registered(&self) -> Option<(String, Option<Secret>)> {
        self.registered.then(|| (self.client.clone(), self.secret.clone().map(SecretString::from)))
    }

    /// Takes the address to which the person was sent in return. The server must still name the authorisation server to
    /// which the person was sent: a code is no other's.
    ///
    /// # Errors
    /// In words.
    pub async fn finish(self, guard: &Guard, allow_private: bool, returned: &Url) -> Result<Authorised, OAuthFault> {
        within(async {
            let failed = |error: AuthError| failed(&error);
            let mut manager = manager(guard, allow_private, &self.server).await?;
            let challenge = Some(self.challenge.as_str()).filter(|challenge| !challenge.is_empty());
            let found = manager.resolve_metadata_from_challenge(challenge).await.map_err(failed)?.metadata;
            if found.issuer != self.metadata.issuer {
                return Err(OAuthFault::Failed("The server names another authorisation server now.".to_owned()));
            }
            manager.set_metadata(self.metadata.clone());
            manager.configure_client(config(&self.client, &self.redirect, self.secret.as_deref())).map_err(failed)?;
            let states = InMemoryStateStore::new();
            states.save(&self.state.csrf_token, self.state.clone()).await.map_err(failed)?;
            manager.set_state_store(states);
            exchange(manager, self, returned).await
        })
        .await
    }
}

fn config(client: &str, redirect: &Url, secret: Option<&str>) -> OAuthClientConfig {
    let config = OAuthClientConfig::new(client, redirect.as_str());
    match secret {
        Some(secret) => config.with_client_secret(secret),
        None => config,
    }
}

/// Gets the token for the code that a person came back with.
async fn exchange(
    mut manager: AuthorizationManager,
    waiting: Waiting,
    returned: &Url,
) -> Result<Authorised, OAuthFault> {
    let failed = |error: AuthError| failed(&error);
    let said = |name: &str| returned.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let (Some(code), Some(state)) = (said("code"), said("state")) else {
        return Err(OAuthFault::Failed("The authorisation server sent no code.".to_owned()));
    };
    let store = InMemoryCredentialStore::new();
    manager.set_credential_store(store.clone());
    let got = manager.exchange_code_for_token_with_issuer(&code, &state, said("iss").as_deref()).await;
    got.map_err(failed)?;
    let credentials = store.load().await.map_err(failed)?.ok_or(OAuthFault::Again)?;
    let revocation = waiting.metadata.additional_fields.get("revocation_endpoint");
    let revocation = revocation.and_then(|address| Url::parse(address.as_str()?).ok());
    let Waiting { server, redirect, secret, .. } = waiting;
    Ok(Authorised { server, redirect, secret, credentials, revocation })
}

/// Whether a person may be sent there, and a secret: by https, or where nobody stands between.
fn is_safe(address: &str, allow_private: bool) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(number)) => number.is_loopback(),
        Some(Host::Ipv6(number)) => number.is_loopback(),
        None => false,
    };
    let is_plain = url.username().is_empty() && url.password().is_none();
    is_plain && url.has_host() && (url.scheme() == "https" || url.scheme() == "http" && (allow_private || is_loopback))
}

async fn begin(
    guard: &Guard,
    allow_private: bool,
    server: &Url,
    challenge: &str,
    registration: &Registration,
    before: Option<&Authorised>,
) -> Result<Authorising, OAuthFault> {
    let failed = |error: AuthError| failed(&error);
    let mut manager = manager(guard, allow_private, server).await?;
    let challenge = Some(challenge).filter(|challenge| !challenge.is_empty());
    let found = manager.resolve_metadata_from_challenge(challenge).await.map_err(failed)?.metadata;
    let extra = found.additional_fields.get("revocation_endpoint").and_then(|address| address.as_str());
    let addresses = [&found.authorization_endpoint, &found.token_endpoint].map(String::as_str);
    let addresses = addresses.into_iter().chain(found.registration_endpoint.as_deref()).chain(extra);
    if let Some(wrong) = addresses.into_iter().find(|address| !is_safe(address, allow_private)) {
        let wrong = words::bounded(&words::line(wrong), 200);
        return Err(OAuthFault::Failed(format!("The authorisation server's address {wrong} is not safe to be used.")));
    }
    let metadata = found.clone();
    let states = InMemoryStateStore::new();
    manager.set_state_store(states.clone());
    let reads_documents = found.additional_fields.get("client_id_metadata_document_supported") == Some(&true.into());
    manager.set_metadata(found);
    let mut request = AuthorizationRequest::new(registration.redirect.as_str());
    if let Some(challenge) = challenge {
        request = request.with_challenge(challenge);
    }
    let mut scopes = manager.select_scopes(None, &[]);
    let known =
        before.filter(|before| before.server == *server).map(|before| before.credentials.granted_scopes.as_slice());
    if let Some(known @ [_, ..]) = known {
        let more: Vec<String> = known.iter().filter(|scope| !scopes.contains(scope)).cloned().collect();
        scopes.extend(more);
        request = request.with_scopes(scopes.clone());
    }
    let (mut secret, mut registered) = (None, false);
    let issuer = metadata.issuer.as_deref().unwrap_or_default();
    if registration.client.is_some() && registration.client_issuer.as_deref().is_some_and(|only| only != issuer) {
        let words = "The server names another authorisation server than the one for which its client was given.";
        return Err(OAuthFault::Failed(words.to_owned()));
    }
    let known = registration.clients.iter().find(|known| known.issuer == issuer);
    let client = match (&registration.client, known) {
        (Some(client), _) => Some(client),
        (None, Some(known)) => Some(&known.client),
        (None, None) => None,
    };
    match (client, &registration.document) {
        (Some((client, known)), _) => {
            secret = known.as_ref().map(|secret| secret.expose_secret().to_owned());
            request = request.with_preregistered_client(client);
        }
        (None, Some(document)) if reads_documents => request = request.with_client_metadata_url(document.as_str()),
        (None, _) => {
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            let client =
                manager.register_client("Sayso", registration.redirect.as_str(), &scopes).await.map_err(failed)?;
            request = request.with_preregistered_client(client.client_id);
            secret = client.client_secret;
            registered = true;
        }
    }
    if let Some(secret) = &secret {
        request = request.with_client_secret(secret);
    }
    let session = AuthorizationSession::new(manager, request).await.map_err(|(_, error)| failed(error))?;
    let asked = Url::parse(session.get_authorization_url()).ok();
    let said = |name: &str| {
        let found = asked.as_ref()?.query_pairs().find(|(key, _)| key == name)?;
        Some(found.1.into_owned())
    };
    let (Some(state), Some(client)) = (said("state"), said("client_id")) else { return Err(OAuthFault::Again) };
    let state = states.load(&state).await.map_err(failed)?.ok_or(OAuthFault::Again)?;
    let waiting = Waiting {
        server: server.clone(),
        challenge: challenge.unwrap_or_default().to_owned(),
        redirect: registration.redirect.clone(),
        client,
        secret,
        registered,
        metadata,
        state,
    };
    Ok(Authorising { session, waiting })
}

impl Authorised {
    /// Reads what [`Authorised::to_text`] wrote, if it is for this server: what is of another is not sent to it.
    pub fn from_text(text: &Secret, server: &Url) -> Option<Self> {
        let read: Self = serde_json::from_str(text.expose_secret()).ok()?;
        (read.server == *server).then_some(read)
    }

    /// All of it, to be sealed.
    pub fn to_text(&self) -> Secret {
        SecretString::from(serde_json::to_string(self).unwrap_or_default())
    }

    /// The token to be sent; refreshed if that is due, and then [`Authorised::to_text`] is another. One at a time for
    /// each authorisation: a refresh token may be good only once.
    ///
    /// # Errors
    /// `Again` when the person has to be asked again.
    pub async fn token(&mut self, guard: &Guard, allow_private: bool) -> Result<Secret, OAuthFault> {
        // Nobody need be asked while the token is good.
        if self.is_due() {
            self.refresh(guard, allow_private).await?;
        }
        self.current().ok_or(OAuthFault::Again)
    }

    /// The token as it is.
    pub fn current(&self) -> Option<Secret> {
        self.said("access_token")
    }

    /// Whether it can be got anew without its person.
    pub fn can_refresh(&self) -> bool {
        self.said("refresh_token").is_some()
    }

    /// Who gave it; empty where the server is its own authorisation server.
    pub fn issuer(&self) -> &str {
        self.credentials.issuer.as_deref().unwrap_or_default()
    }

    fn said(&self, name: &str) -> Option<Secret> {
        let response = serde_json::to_value(self.credentials.token_response.as_ref()?).ok()?;
        Some(SecretString::from(response.get(name)?.as_str()?.to_owned()))
    }

    /// Gets the token anew. What was given by one authorisation server is not sent to another: where the server names
    /// another one, its person has to be asked again.
    ///
    /// # Errors
    /// `Again` when the person has to be asked again.
    pub async fn refresh(&mut self, guard: &Guard, allow_private: bool) -> Result<(), OAuthFault> {
        within(async {
            let failed = |error: AuthError| failed(&error);
            let mut manager = manager(guard, allow_private, &self.server).await?;
            let found = manager.resolve_metadata().await.map_err(failed)?.metadata;
            if found.issuer != self.credentials.issuer {
                return Err(OAuthFault::Again);
            }
            if !is_safe(&found.token_endpoint, allow_private) {
                return Err(OAuthFault::Failed("The address of the authorisation server is not safe.".to_owned()));
            }
            manager.set_metadata(found);
            let store = InMemoryCredentialStore::new();
            store.save(self.credentials.clone()).await.map_err(failed)?;
            manager.set_credential_store(store.clone());
            let config = config(&self.credentials.client_id, &self.redirect, self.secret.as_deref());
            manager.configure_client(config).map_err(failed)?;
            manager.refresh_token().await.map_err(failed)?;
            self.credentials = store.load().await.map_err(failed)?.ok_or(OAuthFault::Again)?;
            Ok(())
        })
        .await
    }

    /// Takes it back at the authorisation server, where that is offered (RFC 7009); best effort.
    pub async fn revoke(&self, guard: &Guard, allow_private: bool) {
        let Some(address) = self.revocation.as_ref().filter(|address| is_safe(address.as_str(), allow_private)) else {
            return;
        };
        let (kind, token) = match self.said("refresh_token") {
            Some(token) => ("refresh_token", Some(token)),
            None => ("access_token", self.current()),
        };
        let Some(token) = token else { return };
        let form = {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.append_pair("token", token.expose_secret()).append_pair("token_type_hint", kind);
            form.append_pair("client_id", &self.credentials.client_id);
            if let Some(secret) = &self.secret {
                form.append_pair("client_secret", secret);
            }
            form.finish()
        };
        let request = http::Request::post(address.as_str())
            .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.into_bytes());
        let (Ok(request), client) = (request, Guarded { guard: guard.clone(), allow_private }) else { return };
        let answered = tokio::time::timeout(ONE, client.send(request)).await;
        if !answered.is_ok_and(|answer| answer.is_ok_and(|answer| answer.status().is_success())) {
            tracing::info!(issuer = self.issuer(), "a token could not be taken back at its authorisation server");
        }
    }

    /// Whether the token is over, or about to be.
    pub fn is_due(&self) -> bool {
        /// As the library counts, and a little more.
        const MARGIN: u64 = 45;
        self.is_over_in(MARGIN)
    }

    /// Whether the token is over.
    pub fn is_over(&self) -> bool {
        self.is_over_in(0)
    }

    fn is_over_in(&self, seconds: u64) -> bool {
        let lasts = self
            .credentials
            .token_response
            .as_ref()
            .and_then(|response| serde_json::to_value(response).ok()?.get("expires_in")?.as_u64());
        let (Some(lasts), Some(since)) = (lasts, self.credentials.token_received_at) else { return false };
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
        now.saturating_add(seconds) >= since.saturating_add(lasts)
    }
}

async fn manager(guard: &Guard, allow_private: bool, server: &Url) -> Result<AuthorizationManager, OAuthFault> {
    let client = Guarded { guard: guard.clone(), allow_private };
    AuthorizationManager::new_with_oauth_http_client(server.clone(), Arc::new(client))
        .await
        .map_err(|error| failed(&error))
}

async fn within<T>(work: impl Future<Output = Result<T, OAuthFault>>) -> Result<T, OAuthFault> {
    let done = tokio::time::timeout(WHOLE, work).await;
    done.unwrap_or_else(|_| Err(OAuthFault::Failed("The authorisation takes too long.".to_owned())))
}

/// Every request of an authorisation: looked at, bounded, and no redirect followed.
struct Guarded {
    guard: Guard,
    allow_private: bool,
}

impl Guarded {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, OAuthHttpClientError>> {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request)?;
            let policy = Policy { allow_private: self.allow_private, any_port: true, ..Policy::default() };
            self.guard.check(request.url(), &policy)?;
            let mut response = self.guard.client(self.allow_private).execute(request).await?;
            let mut answer = http::Response::builder().status(response.status());
            for (name, value) in response.headers() {
                answer = answer.header(name, value);
            }
            let mut body = Vec::new();
            while let Some(chunk) = response.chunk().await? {
                if body.len() + chunk.len() > MAX_ANSWER {
                    return Err("The answer is too large.".into());
                }
                body.extend_from_slice(&chunk);
            }
            Ok(answer.body(body)?)
        })
    }
}

impl OAuthHttpClient for Guarded {
    fn execute(&self, request: OAuthHttpRequest) -> OAuthHttpClientFuture<'_> {
        let one = self.send(request.request);
        Box::pin(async move {
            tokio::time::timeout(ONE, one).await.unwrap_or_else(|_| Err("The server took too long.".into()))
        })
    }
}
