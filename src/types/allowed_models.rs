//! Which models a tenant may use.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Which models a tenant may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllowedModels {
    /// All that this server has, those that come later too.
    #[default]
    All,
    /// These alone, each written `provider/model`.
    Only(BTreeSet<String>),
}

impl AllowedModels {
    /// Whether this one is among them: by its exact name, so that another spelling is no way round.
    pub fn allows(&self, provider: &str, model: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(_) => self.named_of(provider).any(|name| name == model),
        }
    }

    /// Those that are named, with their providers; nothing where all are allowed.
    pub fn named(&self) -> impl Iterator<Item = (&str, &str)> {
        let only = match self {
            Self::All => None,
            Self::Only(models) => Some(models),
        };
        only.into_iter().flatten().filter_map(|model| model.split_once('/'))
    }

    /// Those of one provider that are named.
    pub fn named_of(&self, provider: &str) -> impl Iterator<Item = &str> {
        self.named().filter(move |(of, _)| *of == provider).map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(models: &[&str]) -> AllowedModels {
        AllowedModels::Only(models.iter().map(|model| (*model).to_owned()).collect())
    }

    #[test]
    fn only_the_exact_name_is_allowed() {
        let some = only(&["openai/a", "openai/b/c"]);
        assert!(some.allows("openai", "a") && some.allows("openai", "b/c"));
        for (provider, model) in
            [("openai", "A"), ("openai", "a "), ("openai", "b"), ("openai", ""), ("ollama", "a"), ("openai/b", "c")]
        {
            assert!(!some.allows(provider, model), "{provider}/{model}");
        }
        assert!(AllowedModels::All.allows("openai", "anything") && !only(&[]).allows("openai", "a"));
    }

    #[test]
    fn what_is_stored_is_read_again_and_nothing_else_counts_as_all() {
        for (allowed, text) in [(AllowedModels::All, "\"all\""), (only(&["openai/a"]), r#"{"only":["openai/a"]}"#)] {
            assert_eq!(serde_json::to_string(&allowed).unwrap(), text);
            assert_eq!(serde_json::from_str::<AllowedModels>(text).unwrap(), allowed);
        }
        for wrong in ["", "null", "{}", "\"only\"", "[]"] {
            assert!(serde_json::from_str::<AllowedModels>(wrong).is_err(), "{wrong}");
        }
    }
}
