//! Which model shall answer: what a person chose, held against what there is and what their tenant may use.

use crate::{
    error::{Code, Refusal, Result},
    models::conversation::Conversation,
    providers::Providers,
    state::AppState,
    types::{AllowedModels, ModelChoice},
};

/// The most names that a refusal lists.
const NAMED: usize = 20;

/// Refuses a choice that cannot be, in words that name those there are. What the tenant may not use is refused here early
/// and in good words; that nobody comes by it, the reservation sees to.
///
/// # Errors
/// `invalid_payload` about `model`.
pub(super) fn check(state: &AppState, allowed: &AllowedModels, choice: Option<&ModelChoice>) -> Result<()> {
    let Some(choice) = choice else { return Ok(()) };
    must_be_allowed(&state.providers, allowed, choice)?;
    match choice {
        ModelChoice::Provider { provider, model } => Ok(known(&state.providers, allowed, provider, model.as_deref())?),
        ModelChoice::Auto => Ok(()),
    }
}

/// Refuses what leads to nobody whom the tenant may ask. Whether there is such a model at all, it does not tell.
pub(super) fn must_be_allowed(
    providers: &Providers,
    allowed: &AllowedModels,
    choice: &ModelChoice,
) -> Result<(), Refusal> {
    match allowed {
        AllowedModels::Only(_) if providers.candidates(choice, allowed).is_empty() => {
            Err(not_allowed(providers, allowed, choice))
        }
        AllowedModels::Only(_) | AllowedModels::All => Ok(()),
    }
}

/// What is said of a choice that leads to nobody whom the tenant may ask.
pub(super) fn not_allowed(providers: &Providers, allowed: &AllowedModels, choice: &ModelChoice) -> Refusal {
    let refused = |words| Refusal::new(Code::InvalidPayload).saying(words).about("model");
    let of = |provider: &'static str| {
        providers.allowed_models(provider, allowed).into_iter().map(move |info| (provider, info))
    };
    let names: Vec<String> = providers
        .iter()
        .flat_map(|provider| of(provider.name()))
        .map(|(provider, info)| format!("{provider}/{}", info.name))
        .collect();
    if names.is_empty() {
        return refused("error-no-model-allowed");
    }
    listing(refused("error-model-not-allowed").with("model", choice), names)
}

fn known(providers: &Providers, allowed: &AllowedModels, provider: &str, model: Option<&str>) -> Result<(), Refusal> {
    let refused = |words| Refusal::new(Code::InvalidPayload).saying(words).about("model").with("provider", provider);
    if providers.find(provider).is_none() {
        let names = providers.iter().map(|provider| provider.name().to_owned()).collect();
        return Err(listing(refused("error-unknown-provider"), names));
    }
    match model.filter(|model| !providers.has_model(provider, model)) {
        None => Ok(()),
        Some(model) => {
            let names = providers.allowed_models(provider, allowed).into_iter().map(|info| info.name).collect();
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
        let refusal = known(&Providers::default(), &AllowedModels::All, "openai", None).unwrap_err();
        assert_eq!((refusal.code, refusal.field), (Code::InvalidPayload, Some("model")));
    }

    #[test]
    fn what_is_not_allowed_is_refused_as_what_is_not_there() {
        let providers = Providers::new(vec![std::sync::Arc::new(crate::providers::demo::Demo::default())]);
        let refused = |allowed: &[&str], choice: &str| {
            let allowed = AllowedModels::Only(allowed.iter().map(|model| (*model).to_owned()).collect());
            let Ok(choice) = choice.parse::<ModelChoice>();
            must_be_allowed(&providers, &allowed, &choice).err().map(|refusal| {
                assert_eq!((refusal.code, refusal.field), (Code::InvalidPayload, Some("model")));
                Locale::English.text_with(refusal.message, &refusal.arguments).into_owned()
            })
        };
        for choice in ["auto", "demo", "demo/demo"] {
            assert_eq!(refused(&["demo/demo"], choice), None);
        }
        let (there, nowhere) = (refused(&["demo/demo"], "demo/x").unwrap(), refused(&["demo/demo"], "gone/y").unwrap());
        assert!(there.contains("demo/x") && there.contains("demo/demo"), "{there}");
        assert_eq!(there.replace("demo/x", "gone/y"), nowhere, "it tells whether there is one");
        // What was allowed is not here any more.
        assert!(refused(&["gone/y"], "auto").unwrap().contains("Administration"));
    }
}
