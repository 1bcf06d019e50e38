//! States and roles, each an enum with one spelling, which is stored, sent and shown to scripts.

use std::{fmt, str::FromStr};

/// The text is none of the words of this enum.
#[derive(Debug, thiserror::Error)]
#[error("unknown {kind} “{text}”")]
pub struct UnknownWord {
    /// The enum's name.
    pub kind: &'static str,
    /// What was read.
    pub text: String,
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The one spelling of this value.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { kind: stringify!($name), text: text.to_owned() }),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .enum_values(Some([$($word),+]))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

words! {
    /// What a person may do in a tenant.
    Role {
        /// May do everything in the tenant; there is always one.
        Owner = "owner",
        /// Steers people, limits and tools of the tenant.
        Admin = "admin",
        /// Talks with models.
        Member = "member",
        /// Came in without an account.
        Guest = "guest",
    }

    /// Where a conversation came from.
    ConversationKind {
        /// A person's chat, on the page or through the API.
        Chat = "chat",
        /// Calls of another agent through `/mcp`.
        Agent = "agent",
        /// A person's direct calls of tools.
        Direct = "direct",
    }

    /// Where a conversation's title came from; a better source never gives way to a lesser one.
    TitleSource {
        /// The first words of the first message.
        FirstWords = "first_words",
        /// The model.
        Model = "model",
        /// The person.
        Person = "person",
    }

    /// Who speaks in a message.
    MessageRole {
        /// The person.
        User = "user",
        /// The model.
        Assistant = "assistant",
        /// A tool: the result of one call.
        Tool = "tool",
    }

    /// Whether a stored message is whole.
    MessageState {
        /// As it was meant.
        Complete = "complete",
        /// The reply ended before its end: stopped, interrupted or failed. What had come is kept.
        CutOff = "cut_off",
    }

    /// Where a turn stands.
    TurnState {
        /// A task of some instance works on it.
        Running = "running",
        /// At least one tool call waits for the person; no task runs.
        AwaitingApproval = "awaiting_approval",
        /// Came to its end.
        Completed = "completed",
        /// Ended by a fault, which is named.
        Failed = "failed",
        /// Ended by the person.
        Stopped = "stopped",
        /// The server that ran it went away.
        Interrupted = "interrupted",
    }

    /// Where a tool call stands.
    ToolCallState {
        /// Waits for the person.
        Pending = "pending",
        /// May run; has not begun.
        Approved = "approved",
        /// Will not run.
        Denied = "denied",
        /// Runs, or ran when the server went away.
        Running = "running",
        /// Runs and waits for an answer of the person.
        AwaitingInput = "awaiting_input",
        /// Ran, and the tool says it worked.
        Succeeded = "succeeded",
        /// Did not run, or ran and the tool says it failed.
        Failed = "failed",
        /// Began to run; nobody knows whether it took effect.
        OutcomeUnknown = "outcome_unknown",
    }

    /// What a person says of a tool call.
    Decision {
        /// Run exactly this.
        Approve = "approve",
        /// Do not run it.
        Deny = "deny",
        /// Of a call with unknown outcome: run it once more, as a new call.
        RunAgain = "run_again",
        /// Of a call with unknown outcome: tell the model that it is unknown.
        Report = "report",
    }

    /// What became of a server's question to a person.
    QuestionAnswer {
        /// Yes: with the values of the form, or the address was opened.
        Accept = "accept",
        /// No.
        Decline = "decline",
        /// Neither: they went away, it took too long, or it was taken back.
        Cancel = "cancel",
    }

    /// Whether what a call wrote can be put back.
    Undo {
        /// What was there before is kept; whether the file is still as the tool wrote it is seen when it is asked for.
        Possible = "possible",
        /// Its person has put it back.
        Done = "done",
    }

    /// What a tenant's policy says of a tool.
    Verdict {
        /// Never.
        Deny = "deny",
        /// Only on a person's say-so; also what no verdict means.
        Ask = "ask",
        /// Without asking.
        Allow = "allow",
    }

    /// What an API token may be used for.
    TokenScope {
        /// Conversations: reading, writing, stopping.
        Chat = "chat",
        /// The list of tools, and `/mcp`.
        Tools = "tools",
        /// Deciding on calls, and calling tools directly.
        Decide = "decide",
        /// Reading what admins read.
        AdminRead = "admin-read",
    }

    /// Why a model was called.
    Purpose {
        /// A round of a turn.
        Chat = "chat",
        /// A title for a conversation.
        Title = "title",
        /// A verdict on whether a reply keeps to the tenant's topics.
        TopicCheck = "topic_check",
        /// A completion for a program, outside of any conversation.
        Gateway = "gateway",
    }
}

impl TurnState {
    /// Whether nothing more will happen by itself or by a decision.
    pub fn is_finished(self) -> bool {
        !matches!(self, Self::Running | Self::AwaitingApproval)
    }
}

impl ToolCallState {
    /// Whether the call has its result and keeps it.
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Denied | Self::Succeeded | Self::Failed)
    }

    /// Whether the call has not begun and may still be denied.
    pub fn is_unstarted(self) -> bool {
        matches!(self, Self::Pending | Self::Approved)
    }
}

impl Role {
    /// How much this role may do: the higher, the more. Nobody gives more than they have, nor takes from who has more.
    pub fn power(self) -> u8 {
        match self {
            Self::Owner => 3,
            Self::Admin => 2,
            Self::Member => 1,
            Self::Guest => 0,
        }
    }

    /// Whether this role steers the tenant.
    pub fn steers(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for state in ToolCallState::ALL {
            assert_eq!(state.as_str().parse::<ToolCallState>().ok(), Some(*state));
        }
        assert!("Pending".parse::<ToolCallState>().is_err());
    }
}
