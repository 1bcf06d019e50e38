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
    AuthError, AuthorizationManager, AuthorizationRequest, AuthorizationSession, CredentialStore,
    InMemoryCredentialStore, OAuthClientConfig, OAuthHttpClient, OAuthHttpClientError, OAuthHttpClientFuture,
    OAuthHttpRequest, StoredCredentials,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

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
}

/// An authorisation that waits for its person.
pub struct Authorising {
    session: AuthorizationSession,
    server: Url,
    secret: Option<String>,
    redirect: Url,
}

/// What a person's yes gave: for one server, to be kept sealed.
#[derive(Serialize, Deserialize)]
pub struct Authorised {
    server: Url,
    redirect: Url,
    secret: Option<String>,
    credentials: StoredCredentials,
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

    /// Takes the address to which the person was sent in return; state and issuer in it are looked at.
    ///
    /// # Errors
    /// In words.
    pub async fn finish(self, returned: &Url) -> Result<Authorised, OAuthFault> {
        within(async {
            let mut session = self.session;
            let store = InMemoryCredentialStore::new();
            session.auth_manager.set_credential_store(store.clone());
            session.handle_callback_url(returned.as_str()).await.map_err(|error| failed(&error))?;
            let credentials = store.load().await.map_err(|error| failed(&error))?.ok_or(OAuthFault::Again)?;
            Ok(Authorised { server: self.server, redirect: self.redirect, secret: self.secret, credentials })
        })
        .await
    }
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
    let mut secret = None;
    match (&registration.client, &registration.document) {
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
        }
    }
    if let Some(secret) = &secret {
        request = request.with_client_secret(secret);
    }
    let session = AuthorizationSession::new(manager, request).await.map_err(|(_, error)| failed(error))?;
    Ok(Authorising { session, server: server.clone(), secret, redirect: registration.redirect.clone() })
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
        within(async {
            let failed = |error: AuthError| failed(&error);
            let mut manager = manager(guard, allow_private, &self.server).await?;
            let store = InMemoryCredentialStore::new();
            store.save(self.credentials.clone()).await.map_err(failed)?;
            manager.set_credential_store(store.clone());
            // Nobody need be asked while the token is good.
            if !self.is_due() {
                let token = manager.get_access_token().await.map_err(failed)?;
                return Ok(SecretString::from(token));
            }
            if !manager.initialize_from_store().await.map_err(failed)? {
                return Err(OAuthFault::Again);
            }
            let mut client = OAuthClientConfig::new(self.credentials.client_id.clone(), self.redirect.as_str());
            if let Some(secret) = &self.secret {
                client = client.with_client_secret(secret);
            }
            manager.configure_client(client).map_err(failed)?;
            let token = manager.get_access_token().await.map_err(failed)?;
            if let Some(credentials) = store.load().await.map_err(failed)? {
                self.credentials = credentials;
            }
            Ok(SecretString::from(token))
        })
        .await
    }

    /// Whether the token is over, or about to be.
    fn is_due(&self) -> bool {
        /// As the library counts, and a little more.
        const MARGIN: u64 = 45;
        let lasts = self
            .credentials
            .token_response
            .as_ref()
            .and_then(|response| serde_json::to_value(response).ok()?.get("expires_in")?.as_u64());
        let (Some(lasts), Some(since)) = (lasts, self.credentials.token_received_at) else { return false };
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
        now.saturating_add(MARGIN) >= since.saturating_add(lasts)
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

impl OAuthHttpClient for Guarded {
    fn execute(&self, request: OAuthHttpRequest) -> OAuthHttpClientFuture<'_> {
        let one: BoxFuture<'_, Result<http::Response<Vec<u8>>, OAuthHttpClientError>> = Box::pin(async move {
            let request = reqwest::Request::try_from(request.request)?;
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
        });
        Box::pin(async move {
            tokio::time::timeout(ONE, one).await.unwrap_or_else(|_| Err("The server took too long.".into()))
        })
    }
}
