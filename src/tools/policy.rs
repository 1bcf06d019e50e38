//! What the policy of a tenant says of a tool. Where the rules are kept and who they are for is not known here.

use crate::types::Verdict;

/// The verdict where a tenant has a rule for the tool, and where it has none: a tool that nobody spoke about is
/// asked about. No tool, built in or not, comes with a rule of its own, so nothing runs unasked that a person of
/// the tenant did not allow.
pub fn verdict(rule: Option<Verdict>) -> Verdict {
    rule.unwrap_or(Verdict::Ask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rule_means_ask_and_a_rule_means_itself() {
        assert_eq!(verdict(None), Verdict::Ask);
        for rule in Verdict::ALL {
            assert_eq!(verdict(Some(*rule)), *rule);
        }
    }
}
