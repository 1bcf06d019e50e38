//! What happens on other instances. They share PostgreSQL: a notification is a wake-up that carries ids, and what
//! happened is read from `turn_events`. A wake-up that was lost is made up for by a look once a second.

use std::{str::FromStr, time::Duration};

use futures_util::StreamExt as _;

use super::{Feed, locked};
use crate::{
    db::{Database, Scope},
    error::Result,
    event::ChatEvent,
    models,
    types::{ConversationId, InstanceId, TenantId, TurnId, UserId},
};

/// How long between looks when no wake-up comes, and between tries when the connection is lost.
const LOOK: Duration = Duration::from_secs(1);

/// What a notification says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// A turn has told something.
    Turn {
        /// Who published it; that instance has told its viewers already.
        from: InstanceId,
        /// Whose turn.
        tenant: TenantId,
        /// Where.
        conversation: ConversationId,
        /// Which turn.
        turn: TurnId,
    },
    /// A conversation was ended.
    Ended {
        /// Who ended it.
        from: InstanceId,
        /// Which.
        conversation: ConversationId,
    },
    /// A conversation is gone.
    Deleted {
        /// Who deleted it.
        from: InstanceId,
        /// Which.
        conversation: ConversationId,
    },
    /// Something about a person changed.
    Person {
        /// Who told it.
        from: InstanceId,
        /// Which person.
        user: UserId,
    },
    /// A tenant was suspended or readmitted.
    Tenant {
        /// Who told it.
        from: InstanceId,
        /// Which tenant.
        tenant: TenantId,
    },
}

impl Wake {
    /// As it is sent.
    pub fn payload(&self) -> String {
        match self {
            Self::Turn { from, tenant, conversation, turn } => format!("turn {from} {tenant} {conversation} {turn}"),
            Self::Ended { from, conversation } => format!("ended {from} {conversation}"),
            Self::Deleted { from, conversation } => format!("deleted {from} {conversation}"),
            Self::Person { from, user } => format!("person {from} {user}"),
            Self::Tenant { from, tenant } => format!("tenant {from} {tenant}"),
        }
    }

    /// As it was sent; `None` for anything else.
    pub fn parse(payload: &str) -> Option<Self> {
        let mut words = payload.split(' ');
        let kind = words.next()?;
        fn id<T: FromStr>(word: Option<&str>) -> Option<T> {
            word?.parse().ok()
        }
        let from = id(words.next())?;
        match kind {
            "turn" => Some(Self::Turn {
                from,
                tenant: id(words.next())?,
                conversation: id(words.next())?,
                turn: id(words.next())?,
            }),
            "ended" => Some(Self::Ended { from, conversation: id(words.next())? }),
            "deleted" => Some(Self::Deleted { from, conversation: id(words.next())? }),
            "person" => Some(Self::Person { from, user: id(words.next())? }),
            "tenant" => Some(Self::Tenant { from, tenant: id(words.next())? }),
            _ => None,
        }
    }
}

impl Feed {
    /// Reads what a turn of another instance told since the last look, and publishes it here.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn catch_up(
        &self,
        db: &Database,
        tenant: TenantId,
        conversation: ConversationId,
        turn: TurnId,
    ) -> Result<()> {
        let after = match locked(&self.inner.conversations).entry(conversation).or_default().remote {
            Some((known, seq)) if known == turn => seq,
            _ => 0,
        };
        let told = models::turn_event::told(&mut *db.read(tenant).await?, tenant, turn, after).await?;
        let mut conversations = locked(&self.inner.conversations);
        let channel = conversations.entry(conversation).or_default();
        // Another look may have been faster: what it published is not published again.
        let after = match channel.remote {
            Some((known, seq)) if known == turn => seq,
            _ => 0,
        };
        for (seq, event) in told {
            if seq > after {
                channel.push(event);
                channel.remote = Some((turn, seq));
            }
        }
        Ok(())
    }
}

/// Follows the other instances until dropped; on SQLite there are none, and it ends at once.
pub async fn follow_other_instances(db: Database, feed: Feed, instance: InstanceId) {
    loop {
        match db.listen().await {
            Ok(None) => return,
            Ok(Some(mut notifications)) => {
                let mut stream = notifications.stream();
                let mut look = tokio::time::interval(LOOK);
                loop {
                    let followed = tokio::select! {
                        payload = stream.next() => match payload {
                            Some(Ok(payload)) => heed(&db, &feed, instance, &payload).await,
                            Some(Err(error)) => { tracing::warn!(%error, "lost the other instances' notifications"); break }
                            None => break,
                        },
                        _ = look.tick() => look_again(&db, &feed, instance).await,
                    };
                    if let Err(error) = followed {
                        tracing::warn!(%error, "could not follow another instance");
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "cannot listen for other instances"),
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn heed(db: &Database, feed: &Feed, instance: InstanceId, payload: &str) -> Result<()> {
    match Wake::parse(payload) {
        Some(Wake::Turn { from, tenant, conversation, turn }) if from != instance && feed.is_watched(conversation) => {
            feed.catch_up(db, tenant, conversation, turn).await
        }
        Some(Wake::Ended { from, conversation }) if from != instance && feed.is_watched(conversation) => {
            feed.publish(conversation, [ChatEvent::Ended]);
            Ok(())
        }
        Some(Wake::Deleted { from, conversation }) if from != instance && feed.is_watched(conversation) => {
            feed.publish(conversation, [ChatEvent::Deleted]);
            Ok(())
        }
        Some(Wake::Person { from, user }) if from != instance => {
            feed.touch_person(user);
            Ok(())
        }
        // Whoever has something open here looks for themselves: who is of that tenant, only the database knows.
        Some(Wake::Tenant { from, .. }) if from != instance => {
            feed.touch_everybody();
            Ok(())
        }
        _ => Ok(()),
    }
}

/// For wake-ups that were lost: the turns of watched conversations that other instances run.
async fn look_again(db: &Database, feed: &Feed, instance: InstanceId) -> Result<()> {
    let watched = feed.watched();
    if watched.is_empty() {
        return Ok(());
    }
    let running = models::turn::running_elsewhere(
        &mut *db.read(Scope::System("following other instances")).await?,
        &watched,
        instance,
    )
    .await?;
    for turn in running {
        feed.catch_up(db, turn.tenant_id, turn.conversation_id, turn.id).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wakes_read_back() {
        let wakes = [
            Wake::Turn {
                from: InstanceId::new(),
                tenant: TenantId::new(),
                conversation: ConversationId::new(),
                turn: TurnId::new(),
            },
            Wake::Ended { from: InstanceId::new(), conversation: ConversationId::new() },
            Wake::Deleted { from: InstanceId::new(), conversation: ConversationId::new() },
            Wake::Person { from: InstanceId::new(), user: UserId::new() },
            Wake::Tenant { from: InstanceId::new(), tenant: TenantId::new() },
        ];
        for wake in wakes {
            assert_eq!(Wake::parse(&wake.payload()), Some(wake));
        }
        assert_eq!(Wake::parse("turn x"), None);
        assert_eq!(Wake::parse(""), None);
    }
}
