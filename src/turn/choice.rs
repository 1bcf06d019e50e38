//! Which model shall answer: what a person chose, held against what there is.

use crate::{
    error::{Code, Refusal, Result},
    models::conversation::Conversation,
    providers::Providers,
    state::AppState,
    types::ModelChoice,
};

/// The most names that a refusal lists.
const NAMED: usize = 20;

/// Refuses a choice that cannot be, in words that name those there are.
///
/// # Errors
/// `invalid_payload` about `model`.
pub(super) fn check(state: &AppState, choice: Option<&ModelChoice>) -> Result<()> {
    match choice {
        Some(ModelChoice::Provider { provider, model }) => Ok(known(&state.providers, provider, model.as_deref())?),
        Some(ModelChoice::Auto) | None => Ok(()),
    }
}

fn known(providers: &Providers, provider: &str, model: Option<&str>) -> Result<(), Refusal> {
    let refused = |words| Refusal::new(Code::InvalidPayload).saying(words).about("model").with("provider", provider);
    if providers.find(provider).is_none() {
        let names = providers.iter().map(|provider| provider.name().to_owned()).collect();
        return Err(listing(refused("error-unknown-provider"), names));
    }
    match model.filter(|model| !providers.has_model(provider, model)) {
        None => Ok(()),
        Some(model) => {
            let names = providers.models(provider).into_iter().map(|info| info.name).collect();
            Err(listing(refused("error-unknown-model").with("model", model), names))
        }
    }
}

fn listing(refusal: Refusal, names: Vec<String>) -> Refusal {
    let named: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    refusal.with("known", named.join(", ")).with("more", names.len().saturating_sub(NAMED))
}

/// Who shall answer in a conversation. What was chosen of a provider that is not configured any more counts as no
/// choice.
pub(super) fn of(state: &AppState, conversation: &Conversation) -> ModelChoice {
    let choice = conversation.choice();
    if let ModelChoice::Provider { provider, .. } = &choice
        && state.providers.find(provider).is_none()
    {
        tracing::warn!(conversation = %conversation.id, provider, "the chosen provider is not configured any more");
        return ModelChoice::Auto;
    }
    choice
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let names = |count: usize| (1..=count).map(|n| format!("m{n}")).collect::<Vec<_>>();
        let words = |locale: Locale, count| {
            let refusal = Refusal::new(Code::InvalidPayload).with("provider", "openai").with("model", "7");
            let refusal = listing(refusal.saying("error-unknown-model"), names(count));
            locale.text_with(refusal.message, &refusal.arguments).into_owned()
        };
        assert!(words(Locale::English, 2).ends_with("There are: m1, m2."), "{}", words(Locale::English, 2));
        assert!(words(Locale::English, 20).ends_with("m20."));
        assert!(words(Locale::English, 21).ends_with("m20 and 1 more."));
        assert!(words(Locale::BrazilianPortuguese, 25).ends_with("m20 e mais 5."));
    }

    #[test]
    fn nobody_is_chosen_who_is_not_there() {
        let refusal = known(&Providers::default(), "openai", None).unwrap_err();
        assert_eq!((refusal.code, refusal.field), (Code::InvalidPayload, Some("model")));
    }
}
