//! Ids: UUIDv7, opaque to everyone outside. Each thing has a type of its own, so that one cannot be passed for another.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id; ids made later sort later.
            #[allow(clippy::new_without_default, reason = "an id is an event, not a default value")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            /// Only the hyphenated form: an id has one spelling.
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                if text.len() != uuid::fmt::Hyphenated::LENGTH {
                    return Err(Uuid::from_str("").err().unwrap_or_else(|| unreachable!("an empty id never parses")));
                }
                Uuid::from_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// An organisation; the wall between data.
    TenantId,
    /// A person, over all tenants they belong to.
    UserId,
    /// A signed-in browser (the public name of a session, never its key).
    SessionId,
    /// A conversation of one person in one tenant.
    ConversationId,
    /// One message in a conversation.
    MessageId,
    /// One turn: a person's message and everything the assistant does with it.
    TurnId,
    /// One tool call that a model asked for. This id, not the provider's, goes to every provider.
    ToolCallId,
    /// Say-so that a person gave beforehand.
    GrantId,
    /// One request to a model API.
    ModelCallId,
    /// Credits that were added to a tenant's month.
    CreditEntryId,
    /// A token that a person made for a script.
    ApiTokenId,
    /// A sign-in through the API: the family of its refresh tokens.
    FamilyId,
    /// A server of tools that a tenant's admins added.
    McpServerId,
    /// An authorisation that somebody gave Sayso at a server of tools: another one is another id.
    McpTokenId,
    /// As what Sayso is known to an authorisation server.
    McpClientId,
    /// A link that takes somebody into a tenant.
    InvitationId,
    /// One row of the audit log.
    AuditId,
    /// A running server process; owns the turns it runs.
    InstanceId,
}

impl ToolCallId {
    /// How long ago it was made: a UUIDv7 holds the millisecond.
    pub fn age(&self) -> Option<Duration> {
        let (seconds, nanoseconds) = self.0.get_timestamp()?.to_unix();
        SystemTime::now().duration_since(UNIX_EPOCH + Duration::new(seconds, nanoseconds)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = ConversationId::new();
        assert_eq!(id.to_string().parse::<ConversationId>().ok(), Some(id));
        for wrong in ["", "x", "{}", &id.0.simple().to_string(), &format!("{{{id}}}"), &format!("urn:uuid:{id}")] {
            assert!(wrong.parse::<ConversationId>().is_err(), "{wrong} parsed");
        }
    }

    #[test]
    fn an_id_knows_its_age() {
        assert!(ToolCallId::new().age().is_some_and(|age| age < Duration::from_secs(60)));
        let old = ToolCallId(Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 1_700_000_000, 0)));
        assert!(old.age().is_some_and(|age| age > Duration::from_secs(60 * 60 * 24)));
    }

    #[test]
    fn later_ids_sort_later() {
        let (first, second) = (MessageId::new(), MessageId::new());
        assert!(first.to_string() <= second.to_string());
    }
}
