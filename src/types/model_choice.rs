//! Which model shall answer.

use std::{convert::Infallible, fmt, str::FromStr};

/// Which model shall answer. Written `auto`, `openai`, or `openai/gpt-5.4`: a provider's name has no slash, a model's
/// may have some.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ModelChoice {
    /// Whichever provider is configured and healthy, with its configured model.
    #[default]
    Auto,
    /// This provider and no other.
    Provider {
        /// Its name.
        provider: String,
        /// The model's name there; the provider's configured one without.
        model: Option<String>,
    },
}

impl ModelChoice {
    /// As a conversation stores it.
    pub fn from_parts(provider: Option<&str>, model: Option<&str>) -> Self {
        match provider {
            None => Self::Auto,
            Some(provider) => Self::Provider { provider: provider.to_owned(), model: model.map(str::to_owned) },
        }
    }

    /// Provider and model as a conversation stores them.
    pub fn into_parts(self) -> (Option<String>, Option<String>) {
        match self {
            Self::Auto => (None, None),
            Self::Provider { provider, model } => (Some(provider), model),
        }
    }
}

impl FromStr for ModelChoice {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let text = text.trim();
        Ok(match text.split_once('/') {
            // Half a choice stays one, so that whoever made it is told that there is no such thing.
            Some((provider, model)) => Self::Provider { provider: provider.to_owned(), model: Some(model.to_owned()) },
            None if matches!(text, "" | "auto") => Self::Auto,
            None => Self::Provider { provider: text.to_owned(), model: None },
        })
    }
}

impl fmt::Display for ModelChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Provider { provider, model: None } => f.write_str(provider),
            Self::Provider { provider, model: Some(model) } => write!(f, "{provider}/{model}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["auto", "openai", "openai/gpt-5.4", "openai/meta-llama/llama-3", "openai/", "/", "auto/x"] {
            let choice: ModelChoice = text.parse().unwrap();
            assert_eq!(choice.to_string(), text);
            let (provider, model) = choice.clone().into_parts();
            assert_eq!(ModelChoice::from_parts(provider.as_deref(), model.as_deref()), choice);
        }
        assert_eq!("".parse(), Ok(ModelChoice::Auto));
    }
}
