//! A person's yes at an authorisation server: asked for, and taken when they come back.
//!
//! The attacks meant: an answer that was not asked for, comes twice, late, or to somebody else than who asked (state,
//! session and person are sealed in what waits, and it is taken out as it is used); the answer of another authorisation
//! server (its issuer is compared, and each server has an address of its own to come back to); and a server that changed
//! meanwhile. Error words are a stranger's.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::{
    Authorisations, Authorised, Authorising, ConnectionKey, KnownClient, OAuthFault, Registration, Waiting,
    authorisations::holder, words,
};
use crate::{
    error::{Code, Error, Refusal, Result},
    models::{
        mcp_authorisation::{self, McpAuthorisation},
        mcp_client::{self, McpClient},
        mcp_token::{self, McpToken},
    },
    types::{SessionId, UserId},
};

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Asks {
    /// The person.
    pub user: UserId,
    /// Their session, in which they have to come back.
    pub session: SessionId,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Who asks.
    pub by: Asks,
    /// For which connection: the tenant's, or the person's own.
    pub key: &'a ConnectionKey,
    /// The server's address.
    pub url: &'a Url,
}

/// An authorisation that was begun; to be kept before the person is sent.
pub struct Begun {
    /// Where the person has to go.
    pub address: Url,
    /// Who is to give it; empty where the server is its own authorisation server.
    pub issuer: String,
    /// What waits for their coming back.
    pub waiting: McpAuthorisation,
    /// As what we were registered on the way.
    pub client: Option<McpClient>,
}

/// An authorisation that was given; to be kept in one transaction with what says so.
pub struct Granted {
    /// The token.
    pub token: McpToken,
    /// To whom a client that an admin gave is bound from now on.
    pub bound: String,
}

#[derive(Serialize, Deserialize)]
struct Pending {
    session: String,
    per_person: bool,
    waiting: Waiting,
}

/// A server without an issuer is one itself.
const ITSELF: &str = "self";

fn bound(issuer: &str) -> &str {
    if issuer.is_empty() { ITSELF } else { issuer }
}

fn failed(fault: &OAuthFault) -> Error {
    Refusal::new(Code::InvalidPayload).saying("authorise-failed").with("why", fault).into()
}

fn unknown() -> Error {
    Refusal::new(Code::InvalidPayload).saying("authorise-unknown").into()
}

impl Authorisations {
    /// Begins one, by what the server asked for last. `redirect` is where the person comes back to, `document` the
    /// address of what says who we are.
    ///
    /// # Errors
    /// `invalid_payload` in words when the server or its authorisation server will not.
    pub async fn begin(
        &self,
        asking: Asking<'_>,
        challenge: &str,
        redirect: &Url,
        document: Option<Url>,
    ) -> Result<Begun> {
        let (inner, key) = (&self.inner, asking.key);
        let (server, url) = (key.server.as_str(), asking.url.as_str());
        let mut conn = inner.db.read(key.tenant).await?;
        let clients = mcp_client::of_server(&mut conn, key.tenant, server).await?;
        let before = mcp_token::find(&mut conn, holder(key)).await?;
        drop(conn);
        let before = before.and_then(|row| self.open(&row, asking.url));
        let given = clients.iter().find(|client| client.is_given);
        let own = clients.iter().filter(|client| !client.is_given && client.redirect == redirect.as_str());
        let registration = Registration {
            redirect: redirect.clone(),
            document,
            client: given.and_then(|client| client.open(&inner.sealer, url)),
            client_issuer: given
                .filter(|client| !client.issuer.is_empty())
                .map(|client| if client.issuer == ITSELF { String::new() } else { client.issuer.clone() }),
            clients: own
                .filter_map(|client| {
                    let known = client.open(&inner.sealer, url)?;
                    Some(KnownClient { issuer: client.issuer.clone(), client: known })
                })
                .collect(),
        };
        let (guard, allow) = (&inner.guard, inner.allow_private);
        let begun = Authorising::begin(guard, allow, asking.url, challenge, &registration, before.as_ref()).await;
        let begun = begun.map_err(|fault| failed(&fault))?;
        let address = Url::parse(begun.address()).map_err(Error::internal)?;
        let waiting = begun.waiting().clone();
        let issuer = waiting.issuer().to_owned();
        let client = match waiting.registered() {
            Some(client) => {
                let place = Some((issuer.as_str(), redirect.as_str()));
                Some(McpClient::new(&inner.sealer, key.tenant, server, url, place, &client)?)
            }
            None => None,
        };
        let state = waiting.state().to_owned();
        let pending = Pending { session: asking.by.session.to_string(), per_person: key.user.is_some(), waiting };
        let text = SecretString::from(serde_json::to_string(&pending).map_err(Error::internal)?);
        let waiting = McpAuthorisation::new(&inner.sealer, key.tenant, asking.by.user, server, &state, &text)?;
        Ok(Begun { address, issuer, waiting, client })
    }

    /// Takes the address to which the person came back. What waited for it is used up, whatever comes of it.
    ///
    /// # Errors
    /// `invalid_payload` in words.
    pub async fn finish(&self, asking: Asking<'_>, returned: &Url) -> Result<Granted> {
        let (inner, key) = (&self.inner, asking.key);
        let said =
            |name: &str| returned.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let state = said("state").ok_or_else(unknown)?;
        let mut tx = inner.db.write(key.tenant).await?;
        let row = mcp_authorisation::find(&mut tx, key.tenant, asking.by.user, &state).await?.ok_or_else(unknown)?;
        let text = row.open(&inner.sealer).map_err(|_| unknown())?;
        let pending: Pending = serde_json::from_str(text.expose_secret()).map_err(Error::internal)?;
        let session = asking.by.session.to_string();
        let same = pending.session.as_bytes().ct_eq(session.as_bytes())
            & pending.waiting.state().as_bytes().ct_eq(state.as_bytes());
        if !bool::from(same) || row.server != key.server.as_str() {
            return Err(unknown());
        }
        if !mcp_authorisation::consume(&mut tx, &row).await? {
            return Err(unknown());
        }
        tx.commit().await?;
        let Pending { per_person, waiting, .. } = pending;
        if per_person != key.user.is_some() || !waiting.is_of(asking.url) {
            return Err(Refusal::new(Code::InvalidPayload).saying("authorise-moved").into());
        }
        let issuer = waiting.issuer().to_owned();
        if said("iss").is_some_and(|from| from != issuer) {
            return Err(Refusal::new(Code::InvalidPayload).saying("authorise-issuer").into());
        }
        if let Some(error) = said("error") {
            return Err(refused(&error, said("error_description").as_deref().unwrap_or_default()));
        }
        let authorised = waiting.finish(&inner.guard, inner.allow_private, returned).await;
        let authorised: Authorised = authorised.map_err(|fault| failed(&fault))?;
        let url = asking.url.as_str();
        let token = McpToken::new(&inner.sealer, holder(key), &issuer, url, &authorised.to_text())?;
        Ok(Granted { token, bound: bound(&issuer).to_owned() })
    }
}

/// The words of an authorisation server that said no.
fn refused(error: &str, description: &str) -> Error {
    if error == "access_denied" {
        return Refusal::new(Code::InvalidPayload).saying("authorise-denied").into();
    }
    let said = words::bounded(&words::line(&format!("{error} {description}")), 300);
    Refusal::new(Code::InvalidPayload).saying("authorise-refused").with("why", said.trim()).into()
}
