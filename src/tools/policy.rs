//! What the policy of a tenant says of a tool. Where the rules are kept is not known here.
//!
//! Nothing that a tool says of itself is asked: a server that calls its tool harmless changes nothing.

use crate::types::{Digest, Role, Verdict};

/// A tenant's rule for a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What was said.
    pub verdict: Verdict,
    /// Of which definition; of any without.
    pub fingerprint: Option<Digest>,
    /// Whether people may grant calls of it beforehand.
    pub grants_allowed: bool,
    /// Whether guests may use it.
    pub guests_allowed: bool,
}

/// A tool as policy sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruled<F: FnOnce() -> Digest> {
    /// Makes the fingerprint of its definition now; asked for only where a rule was given to one.
    pub fingerprint: F,
    /// Whether it comes with Sayso. What it is then changes with an upgrade, by the operator's own hand.
    pub is_built_in: bool,
}

/// What holds for one person and one tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Never, only when the person says so, or without asking.
    pub verdict: Verdict,
    /// Whether the person may say so beforehand.
    pub may_grant: bool,
    /// Whether it is another tool than the one that was accepted.
    pub has_changed: bool,
}

impl Ruling {
    /// The same for a tool that does the work of another one as well: never, where that one is never to be used.
    #[must_use]
    pub fn over(self, part: Self) -> Self {
        match part.verdict {
            Verdict::Deny => Self { verdict: Verdict::Deny, may_grant: false, ..self },
            Verdict::Ask | Verdict::Allow => self,
        }
    }
}

/// The ruling. A tool that nobody spoke about is asked about; no tool comes with a rule of its own, so nothing runs
/// unasked that a person of the tenant did not allow. Allowed without asking is only the very definition that an admin
/// saw; another one of a server is disabled until it was accepted, another one of ours is asked about.
pub fn rule(tool: Ruled<impl FnOnce() -> Digest>, rule: Option<&Rule>, role: Role) -> Ruling {
    let is_guest = role == Role::Guest;
    let Some(rule) = rule else {
        let verdict = if is_guest { Verdict::Deny } else { Verdict::Ask };
        return Ruling { verdict, may_grant: !is_guest, has_changed: false };
    };
    let has_changed = rule.fingerprint.is_some_and(|accepted| accepted != (tool.fingerprint)());
    let is_pinned = rule.fingerprint.is_some() && !has_changed;
    let verdict = match rule.verdict {
        _ if is_guest && !rule.guests_allowed => Verdict::Deny,
        Verdict::Deny => Verdict::Deny,
        _ if has_changed && !tool.is_built_in => Verdict::Deny,
        Verdict::Allow if is_pinned => Verdict::Allow,
        Verdict::Allow | Verdict::Ask => Verdict::Ask,
    };
    Ruling { verdict, may_grant: rule.grants_allowed && !is_guest, has_changed }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBERS: [Role; 3] = [Role::Owner, Role::Admin, Role::Member];

    fn ruled(is_built_in: bool) -> Ruled<impl FnOnce() -> Digest> {
        Ruled { fingerprint: || Digest::of(b"seen"), is_built_in }
    }

    fn of(verdict: Verdict, fingerprint: Option<&[u8]>) -> Rule {
        Rule { verdict, fingerprint: fingerprint.map(Digest::of), grants_allowed: true, guests_allowed: true }
    }

    #[test]
    fn no_rule_means_ask_and_no_guests() {
        for is_built_in in [true, false] {
            for role in MEMBERS {
                let ruling = rule(ruled(is_built_in), None, role);
                assert_eq!(ruling, Ruling { verdict: Verdict::Ask, may_grant: true, has_changed: false });
            }
            let ruling = rule(ruled(is_built_in), None, Role::Guest);
            assert_eq!(ruling, Ruling { verdict: Verdict::Deny, may_grant: false, has_changed: false });
        }
    }

    #[test]
    fn a_rule_holds_for_the_definition_that_was_seen() {
        let seen: Option<&[u8]> = Some(b"seen");
        let other: Option<&[u8]> = Some(b"other");
        for (is_built_in, said, fingerprint, verdict, has_changed) in [
            (true, Verdict::Deny, seen, Verdict::Deny, false),
            (true, Verdict::Deny, other, Verdict::Deny, true),
            (true, Verdict::Ask, None, Verdict::Ask, false),
            (true, Verdict::Ask, other, Verdict::Ask, true),
            (true, Verdict::Allow, seen, Verdict::Allow, false),
            // Always means always this.
            (true, Verdict::Allow, None, Verdict::Ask, false),
            (true, Verdict::Allow, other, Verdict::Ask, true),
            (false, Verdict::Ask, seen, Verdict::Ask, false),
            (false, Verdict::Ask, other, Verdict::Deny, true),
            (false, Verdict::Allow, seen, Verdict::Allow, false),
            (false, Verdict::Allow, other, Verdict::Deny, true),
            (false, Verdict::Allow, None, Verdict::Ask, false),
        ] {
            for role in Role::ALL {
                let ruling = rule(ruled(is_built_in), Some(&of(said, fingerprint)), *role);
                assert_eq!((ruling.verdict, ruling.has_changed), (verdict, has_changed), "{is_built_in} {said} {role}");
                assert_eq!(ruling.may_grant, *role != Role::Guest);
            }
        }
    }

    #[test]
    fn a_tool_is_no_way_round_to_another() {
        let whole = rule(ruled(true), Some(&of(Verdict::Allow, Some(b"seen"))), Role::Member);
        for (said, verdict) in
            [(Verdict::Deny, Verdict::Deny), (Verdict::Ask, Verdict::Allow), (Verdict::Allow, Verdict::Allow)]
        {
            let part = rule(ruled(true), Some(&of(said, Some(b"seen"))), Role::Member);
            assert_eq!(whole.over(part).verdict, verdict);
            assert_eq!(whole.over(part).may_grant, said != Verdict::Deny);
        }
    }

    #[test]
    fn guests_use_what_is_allowed_for_guests_and_admins_forbid_grants() {
        for said in Verdict::ALL {
            let rules = Rule { guests_allowed: false, grants_allowed: false, ..of(*said, Some(b"seen")) };
            assert_eq!(rule(ruled(true), Some(&rules), Role::Guest).verdict, Verdict::Deny);
            assert!(!rule(ruled(true), Some(&rules), Role::Member).may_grant);
            assert_eq!(rule(ruled(true), Some(&rules), Role::Member).verdict, *said);
        }
    }
}
