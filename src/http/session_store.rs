//! Sessions in our own table, behind actix-session. The browser holds a random key; the table holds its SHA-256.

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use anyhow::anyhow;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Utc;

use crate::{
    db::{Database, Scope, at_once, now},
    error::Result,
    models::session::{self, Session},
    types::{Digest, SessionId},
};

/// The names of what a session holds.
pub mod entry {
    /// The public id of a signed-in session.
    pub const ID: &str = "id";
    /// The token of its forms.
    pub const CSRF: &str = "csrf";
    /// Who is signed in.
    pub const USER: &str = "user";
    /// In which tenant.
    pub const TENANT: &str = "tenant";
    /// The person's epoch at sign-in.
    pub const EPOCH: &str = "epoch";
    /// The browser's own words.
    pub const USER_AGENT: &str = "user_agent";
    /// From where it was last used.
    pub const ADDRESS: &str = "address";
    /// When it was last seen, in seconds since 1970.
    pub const SEEN: &str = "seen";
    /// A message typed when the session had ended.
    pub const DRAFT: &str = "draft";
    /// Why an authorisation at a server of tools came to nothing, to be shown once.
    pub const AUTHORISING: &str = "authorising";
}

/// Work before it is known for whom: a key tells nobody's tenant.
const SCOPE: Scope = Scope::System("browser sessions");

/// The longest time between the first row of a session that is kept ahead and the one by its answer.
const AHEAD: Duration = Duration::hours(1);

/// The store.
#[derive(Clone)]
pub struct DatabaseSessions {
    db: Database,
}

impl DatabaseSessions {
    /// Over this database.
    pub fn new(db: Database) -> Self {
        Self { db }
    }

    async fn insert(&self, key: &str, state: &HashMap<String, String>, ttl: &Duration) -> Result<()> {
        let mut tx = self.db.write(SCOPE).await?;
        session::insert(&mut tx, &row(key, state, ttl)?).await?;
        tx.commit().await
    }

    /// Keeps a session that is new in this request before its answer does, under a key that nobody has: what goes on
    /// meanwhile looks whether it still is.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_ahead(&self, state: &HashMap<String, String>) -> Result<()> {
        self.insert(&new_key(), state, &AHEAD).await
    }

    async fn replace(&self, key: &str, state: &HashMap<String, String>, ttl: &Duration) -> Result<bool> {
        let mut tx = self.db.write(SCOPE).await?;
        let is_there = session::update(&mut tx, &row(key, state, ttl)?).await?;
        tx.commit().await?;
        Ok(is_there)
    }
}

fn hash(key: &str) -> Digest {
    Digest::of(key.as_bytes())
}

/// What actix-session holds, as a row. It keeps each entry as JSON.
fn row(key: &str, state: &HashMap<String, String>, ttl: &Duration) -> Result<Session> {
    fn read<T: serde::de::DeserializeOwned>(state: &HashMap<String, String>, name: &str) -> Option<T> {
        serde_json::from_str(state.get(name)?).ok()
    }
    let time = now();
    Ok(Session {
        id: read(state, entry::ID).unwrap_or_else(SessionId::new),
        key_hash: hash(key),
        state: serde_json::to_string(state).map_err(crate::error::Error::internal)?,
        user_id: read(state, entry::USER),
        tenant_id: read(state, entry::TENANT),
        user_epoch: read(state, entry::EPOCH).unwrap_or(0),
        user_agent: read(state, entry::USER_AGENT).unwrap_or_default(),
        address: read(state, entry::ADDRESS).unwrap_or_default(),
        created_at: time.into(),
        last_used_at: time.into(),
        expires_at: (time + chrono::Duration::seconds(ttl.whole_seconds())).into(),
    })
}

fn new_key() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

impl SessionStore for DatabaseSessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        let found = async {
            let mut conn = self.db.read(SCOPE).await?;
            session::find_by_key(&mut conn, hash(key.as_ref())).await
        };
        let found = at_once(found).await.map_err(|error| LoadError::Other(anyhow!(error)))?;
        found
            .map(|session| serde_json::from_str(&session.state))
            .transpose()
            .map_err(|error| LoadError::Deserialization(error.into()))
    }

    async fn save(&self, state: HashMap<String, String>, ttl: &Duration) -> Result<SessionKey, SaveError> {
        let key = new_key();
        self.insert(&key, &state, ttl).await.map_err(|error| SaveError::Other(anyhow!(error)))?;
        key.try_into().map_err(|error| SaveError::Other(anyhow!("{error}")))
    }

    async fn update(
        &self,
        key: SessionKey,
        state: HashMap<String, String>,
        ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        let fault = |error| UpdateError::Other(anyhow!("{error}"));
        // A session that was ended while this request ran stays ended: it is not brought back by its state.
        self.replace(key.as_ref(), &state, ttl).await.map_err(|error| fault(error.to_string()))?;
        Ok(key)
    }

    async fn update_ttl(&self, key: &SessionKey, ttl: &Duration) -> Result<(), anyhow::Error> {
        let mut tx = self.db.write(SCOPE).await?;
        let until = Utc::now() + chrono::Duration::seconds(ttl.whole_seconds());
        session::touch(&mut tx, hash(key.as_ref()), until).await?;
        Ok(tx.commit().await?)
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let mut tx = self.db.write(SCOPE).await?;
        session::delete_by_key(&mut tx, hash(key.as_ref())).await?;
        Ok(tx.commit().await?)
    }
}
