//! What a person approves, as one digest.

use super::{ConversationId, Digest, TenantId, ToolCallId, UserId};

/// Everything that an approval is for. The digest over it is shown with the request, comes back with the decision
/// and is computed again before the run: a decision on anything else is no decision on this.
///
/// The attacks meant are approvals that are carried over: to another tenant, person, conversation or call, to a
/// server that is launched otherwise than was shown, to a tool that changed its description after it was trusted,
/// to other arguments, or to a file that is no longer the one in the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApprovalSubject<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// The person who decides.
    pub user: UserId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The call.
    pub call: ToolCallId,
    /// The server that offers the tool.
    pub server: &'a str,
    /// How that server is launched or reached.
    pub launch: &'a str,
    /// The tool's name as the model knows it.
    pub tool: &'a str,
    /// The fingerprint of the tool's definition.
    pub fingerprint: Digest,
    /// The arguments, exactly as they run.
    pub arguments: &'a str,
    /// The state of the world that the preview rests on, if the tool has one.
    pub precondition: Option<&'a str>,
}

impl ApprovalSubject<'_> {
    /// The digest over all fields, each preceded by its length, and a version tag. An absent precondition is not
    /// an empty one.
    pub fn digest(&self) -> Digest {
        let (presence, precondition): (&[u8], &str) = match self.precondition {
            Some(precondition) => (b"some", precondition),
            None => (b"none", ""),
        };
        Digest::of_fields(
            "sayso-approval-1",
            &[
                self.tenant.0.as_bytes(),
                self.user.0.as_bytes(),
                self.conversation.0.as_bytes(),
                self.call.0.as_bytes(),
                self.server.as_bytes(),
                self.launch.as_bytes(),
                self.tool.as_bytes(),
                self.fingerprint.as_bytes(),
                self.arguments.as_bytes(),
                presence,
                precondition.as_bytes(),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn subject() -> ApprovalSubject<'static> {
        ApprovalSubject {
            tenant: TenantId::new(),
            user: UserId::new(),
            conversation: ConversationId::new(),
            call: ToolCallId::new(),
            server: "sayso",
            launch: "builtin",
            tool: "write_file",
            fingerprint: Digest::of(b"definition"),
            arguments: r#"{"path":"a.txt"}"#,
            precondition: Some("absent"),
        }
    }

    #[test]
    fn a_change_of_any_field_changes_the_digest() {
        let shown = subject();
        assert_eq!(shown.digest(), shown.clone().digest());
        let others = [
            ("tenant", ApprovalSubject { tenant: TenantId::new(), ..shown }),
            ("user", ApprovalSubject { user: UserId::new(), ..shown }),
            ("conversation", ApprovalSubject { conversation: ConversationId::new(), ..shown }),
            ("call", ApprovalSubject { call: ToolCallId::new(), ..shown }),
            ("server", ApprovalSubject { server: "other", ..shown }),
            ("launch", ApprovalSubject { launch: "https://elsewhere.example", ..shown }),
            ("tool", ApprovalSubject { tool: "delete_file", ..shown }),
            ("fingerprint", ApprovalSubject { fingerprint: Digest::of(b"Definition"), ..shown }),
            ("arguments", ApprovalSubject { arguments: r#"{"path": "a.txt"}"#, ..shown }),
            ("precondition", ApprovalSubject { precondition: Some("0"), ..shown }),
            ("empty precondition", ApprovalSubject { precondition: Some(""), ..shown }),
            ("no precondition", ApprovalSubject { precondition: None, ..shown }),
        ];
        let mut digests = vec![("as shown", shown.digest())];
        for (what, other) in others {
            let digest = other.digest();
            for (known, seen) in &digests {
                assert_ne!(*seen, digest, "{what} has the digest of {known}");
            }
            digests.push((what, digest));
        }
    }

    #[test]
    fn ids_of_the_same_value_keep_their_places() {
        let shown = subject();
        let swapped = ApprovalSubject { tenant: TenantId(shown.user.0), user: UserId(shown.tenant.0), ..shown };
        assert_ne!(shown.digest(), swapped.digest());
    }

    proptest! {
        /// One text, cut in five places: wherever the cuts lie, each way to cut has a digest of its own.
        #[test]
        fn no_two_subjects_collide_by_concatenation(
            text in "[ab\u{0}]{0,12}",
            mut one in proptest::collection::vec(0usize..13, 4),
            mut other in proptest::collection::vec(0usize..13, 4),
        ) {
            fn cut<'a>(base: ApprovalSubject<'a>, text: &'a str, cuts: &[usize]) -> ApprovalSubject<'a> {
                let at = |index: usize| cuts[index].min(text.len());
                ApprovalSubject {
                    server: &text[..at(0)],
                    launch: &text[at(0)..at(1)],
                    tool: &text[at(1)..at(2)],
                    arguments: &text[at(2)..at(3)],
                    precondition: Some(&text[at(3)..]),
                    ..base
                }
            }
            one.sort_unstable();
            other.sort_unstable();
            let base = subject();
            let (one, other) = (cut(base, &text, &one), cut(base, &text, &other));
            prop_assert_eq!(one == other, one.digest() == other.digest());
            let (one, other) = (
                ApprovalSubject { precondition: None, ..one },
                ApprovalSubject { precondition: Some(""), ..one },
            );
            prop_assert_ne!(one.digest(), other.digest());
        }
    }
}
