//! What stands around the message box: which model shall answer, what may be attached, and how much of the month is used.

use super::usage::Glance;

/// The composer's tools.
#[derive(Clone, Debug, Default)]
pub struct ComposerTools {
    /// The models that may be chosen.
    pub picker: Picker,
    /// What may be attached.
    pub limits: ImageLimits,
    /// Servers whose tools are not there until the person authorises them.
    pub unauthorised: Vec<String>,
    /// How much of the month is used.
    pub month: Option<Glance>,
}

/// How much a person may attach; the server has the last word.
#[derive(Clone, Debug, Default)]
pub struct ImageLimits {
    /// Images of one message.
    pub count: usize,
    /// Bytes of each.
    pub each: u64,
    /// As people read it.
    pub each_words: String,
    /// Bytes of all together.
    pub together: u64,
    /// As people read it.
    pub together_words: String,
}

/// The models that may be chosen, by provider.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    /// What answers where nobody chose.
    pub default: Option<PickerOption>,
    /// Whether that is whichever provider is there, and not one that was named.
    pub is_automatic: bool,
    /// The providers in their order.
    pub groups: Vec<PickerGroup>,
}

/// The models of one provider.
#[derive(Clone, Debug)]
pub struct PickerGroup {
    /// The provider's name for people.
    pub label: &'static str,
    /// Its models.
    pub options: Vec<PickerOption>,
    /// How many more it has.
    pub more: usize,
}

/// One model.
#[derive(Clone, Debug)]
pub struct PickerOption {
    /// As the form sends it.
    pub value: String,
    /// Its name.
    pub model: String,
    /// Its name for people.
    pub label: String,
    /// Whether it sees images, where that is known.
    pub sees_images: Option<bool>,
    /// Whether it is chosen.
    pub is_chosen: bool,
    /// Whether the tenant may use it; one that it might once may still be chosen.
    pub is_allowed: bool,
}

impl PickerOption {
    pub(super) fn is_blind(&self) -> bool {
        self.sees_images == Some(false)
    }
}

impl Picker {
    /// The model, where there is but one: then there is nothing to choose.
    pub(super) fn only(&self) -> Option<&PickerOption> {
        let mut options = self.groups.iter().flat_map(|group| &group.options);
        let only = options.next().filter(|_| self.groups.iter().all(|group| group.more == 0))?;
        options.next().is_none().then_some(only)
    }
}
