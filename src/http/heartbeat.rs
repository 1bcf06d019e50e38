//! What every socket does, whatever it speaks of: it shows that it lives, watches that the person behind it may still
//! be there, and says by a code why it ends.

use std::time::Duration;

use actix_ws::{CloseCode, CloseReason, Session};
use chrono::Utc;
use tokio::{
    sync::watch,
    time::{Instant, Interval, interval_at, sleep_until, timeout},
};

use super::api_caller::{Credential, is_still_valid};
use crate::{
    db::Scope,
    error::{Code, Error, Result},
    models::{Owner, api_token, session},
    state::AppState,
};

/// A session that was left is in the tenant that its person went to.
const LEFT: Scope = Scope::System("sessions that were left");

/// How often a ping is sent; two that nobody answers close the socket.
const PING: Duration = Duration::from_secs(20);

/// How often the person behind a socket is looked up, whatever is told of them.
const LOOK: Duration = Duration::from_secs(30);

/// How long one frame may take to be read.
pub const READ: Duration = Duration::from_secs(30);

/// How long to wait for room for the last frame: who does not read gets none.
pub const LAST: Duration = Duration::from_secs(1);

/// Not signed in (any more).
pub const SIGNED_OUT: CloseCode = CloseCode::Other(4401);

/// The conversation is not there (any more).
pub const GONE: CloseCode = CloseCode::Other(4404);

/// Why a socket ends.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// The other side went away, or does not read.
    Left,
    /// We close it, with this code.
    Close(CloseCode),
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        match error.code() {
            Some(Code::NotFound) => Self::Close(GONE),
            _ => {
                tracing::error!(%error, "a socket failed");
                // The other side comes back by itself and takes a new snapshot.
                Self::Close(CloseCode::Error)
            }
        }
    }
}

/// Ends a socket with a code.
pub async fn close(session: Session, code: CloseCode) {
    // An error says that it is closed already, a timeout that nobody reads.
    if timeout(LAST, session.close(Some(CloseReason { code, description: None }))).await.is_err() {}
}

/// Sends a frame. The queue to the other side is short: who does not read holds up only their own socket, and is let go.
///
/// # Errors
/// [`End::Left`] when they are gone, or do not read.
pub async fn send(session: &mut Session, frame: String) -> Result<(), End> {
    match timeout(READ, session.text(frame)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Left),
    }
}

/// Finds out whether the other side is still there.
pub struct Heartbeat {
    ticks: Interval,
    unanswered: u8,
}

impl Heartbeat {
    /// Of a socket that was just opened.
    pub fn new() -> Self {
        Self { ticks: interval_at(Instant::now() + PING, PING), unanswered: 0 }
    }

    /// Waits until a ping is to be sent. Cancel-safe.
    ///
    /// # Errors
    /// [`End::Left`] when two were not answered.
    pub async fn due(&mut self) -> Result<(), End> {
        self.ticks.tick().await;
        self.count()
    }

    fn count(&mut self) -> Result<(), End> {
        if self.unanswered == 2 {
            return Err(End::Left);
        }
        self.unanswered += 1;
        Ok(())
    }

    /// A pong came.
    pub fn answered(&mut self) {
        self.unanswered = 0;
    }
}

impl Default for Heartbeat {
    fn default() -> Self {
        Self::new()
    }
}

/// Watches that what somebody came with stays good.
pub struct Watch {
    state: AppState,
    owner: Owner,
    credential: Credential,
    epoch: i64,
    person: watch::Receiver<u64>,
    look: Interval,
    /// When a token ends by itself.
    ends: Option<Instant>,
}

impl Watch {
    /// Of somebody who was let in with this; `epoch` is the person's when they came. To be made before anything is sent:
    /// what happens to them from here on is noticed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn new(state: &AppState, owner: Owner, credential: Credential, epoch: i64) -> Result<Self> {
        let person = state.feed.follow_person(owner.user);
        let ends = match &credential {
            Credential::Token(id, _) => {
                api_token::ends_at(&mut *state.db.read(owner.tenant).await?, owner, *id).await?
            }
            Credential::Session(_) | Credential::SignIn(_) => None,
        };
        let ends = ends.map(|end| Instant::now() + (end - Utc::now()).to_std().unwrap_or_default());
        let look = interval_at(Instant::now() + LOOK, LOOK);
        Ok(Self { state: state.clone(), owner, credential, epoch, person, look, ends })
    }

    /// Who is watched.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// Waits until it is time to [`Watch::look`]. Cancel-safe.
    pub async fn due(&mut self) {
        let over = async {
            match self.ends {
                Some(end) => sleep_until(end).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = self.person.changed() => if changed.is_err() {
                self.person = self.state.feed.follow_person(self.owner.user);
            },
            _ = self.look.tick() => {}
            () = over => self.ends = None,
        }
    }

    /// Whether they may still be there.
    ///
    /// # Errors
    /// An [`End`] with [`SIGNED_OUT`] if not, with [`GONE`] if they are in another tenant now.
    pub async fn look(&self) -> Result<(), End> {
        if is_still_valid(&self.state, self.owner, &self.credential, self.epoch).await? {
            return Ok(());
        }
        // Who switched to another tenant is not signed out: what was open is only not there any more.
        if let Credential::Session(id) = &self.credential
            && session::was_left(&mut *self.state.db.read(LEFT).await?, self.owner.user, *id).await?
        {
            return Err(End::Close(GONE));
        }
        Err(End::Close(SIGNED_OUT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_unanswered_pings_are_the_end() {
        let mut heartbeat = Heartbeat::new();
        assert_eq!((heartbeat.count(), heartbeat.count()), (Ok(()), Ok(())));
        heartbeat.answered();
        assert_eq!((heartbeat.count(), heartbeat.count()), (Ok(()), Ok(())));
        assert_eq!(heartbeat.count(), Err(End::Left));
    }

    #[test]
    fn what_is_not_there_says_so_and_a_fault_is_one() {
        assert_eq!(End::from(Error::from(Code::NotFound)), End::Close(CloseCode::Other(4404)));
        assert_eq!(End::from(Error::internal("no")), End::Close(CloseCode::Error));
    }
}
