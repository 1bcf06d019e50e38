//! What the composer must know: the models that may be chosen, and what may be attached.

use crate::{
    config::ProviderChoice,
    providers::ModelInfo,
    render::html::{
        composer::{ComposerTools, ImageLimits, Picker, PickerGroup, PickerOption},
        provider_name,
    },
    state::AppState,
    turn::{Caller, IMAGE_MAX_BYTES, IMAGES_MAX, chosen_model, sees_images},
    types::{AllowedModels, ModelChoice, size_in_words},
};

/// How many models of one provider the picker lists; with more, the page would be mostly models.
const LISTED: usize = 100;

/// The composer's tools for a conversation in which that was chosen.
pub fn tools(state: &AppState, caller: &Caller, chosen: &ModelChoice) -> ComposerTools {
    let (each, together) = (IMAGE_MAX_BYTES as u64, state.settings.upload_limit);
    ComposerTools {
        picker: picker(state, &caller.tenant.models.0, chosen),
        month: None,
        unauthorised: state.servers.unauthorised(caller.owner()).iter().map(ToString::to_string).collect(),
        limits: ImageLimits {
            count: IMAGES_MAX,
            each,
            each_words: size_in_words(each),
            together,
            together_words: size_in_words(together),
        },
    }
}

fn picker(state: &AppState, allowed: &AllowedModels, chosen: &ModelChoice) -> Picker {
    let sees = |provider: &str, model: &str| sees_images(state, provider, model);
    // A provider that is not configured any more cannot be chosen: then the default answers.
    let chosen_model_now = match chosen {
        ModelChoice::Auto => None,
        // One that the tenant may not use any more is shown as what is chosen, so that nobody else answers unsaid.
        ModelChoice::Provider { .. } => {
            chosen_model(state, allowed, chosen).or_else(|| chosen_model(state, &AllowedModels::All, chosen))
        }
    };
    let mut groups = Vec::new();
    for provider in state.providers.iter() {
        let name = provider.name();
        let here = chosen_model_now.as_ref().filter(|(of, _)| *of == name).map(|(_, model)| model.as_str());
        let mut listed = state.providers.allowed_models(name, allowed);
        let count = listed.len();
        listed.truncate(LISTED);
        // What is chosen stands in the list, whether its provider lists it (so far up) or not.
        if let Some(model) = here
            && !listed.iter().any(|info| info.name == model)
        {
            listed.push(state.providers.info(name, model));
        }
        let more = count.saturating_sub(listed.len());
        let option = |info: ModelInfo| PickerOption {
            value: ModelChoice::Provider { provider: name.to_owned(), model: Some(info.name.clone()) }.to_string(),
            sees_images: sees(name, &info.name),
            is_chosen: here == Some(info.name.as_str()),
            is_allowed: allowed.allows(name, &info.name),
            label: info.label.unwrap_or_else(|| info.name.clone()),
            model: info.name,
        };
        if !listed.is_empty() || *allowed == AllowedModels::All {
            let options = listed.into_iter().map(option).collect();
            groups.push(PickerGroup { label: provider_name(name), options, more });
        }
    }
    let default = chosen_model(state, allowed, &ModelChoice::Auto).map(|(provider, model)| PickerOption {
        value: ModelChoice::Auto.to_string(),
        sees_images: sees(provider, &model),
        is_chosen: chosen_model_now.is_none(),
        is_allowed: true,
        label: model.clone(),
        model,
    });
    Picker { default, is_automatic: state.settings.model_provider == ProviderChoice::Auto, groups }
}
