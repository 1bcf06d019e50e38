//! The languages of the page: English and Brazilian Portuguese, as Fluent resources compiled into the program.
//! Every word a person reads comes from here; a key that one language lacks fails a test.

use std::{borrow::Cow, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

const ENGLISH: &str = include_str!("i18n/en.ftl");
const BRAZILIAN_PORTUGUESE: &str = include_str!("i18n/pt-BR.ftl");

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English; what nobody else's wish can be fulfilled with.
    #[default]
    English,
    /// Portuguese as it is spoken in Brazil.
    BrazilianPortuguese,
}

impl Locale {
    /// Every language, in the order in which they are offered.
    pub const ALL: &'static [Self] = &[Self::English, Self::BrazilianPortuguese];

    /// The BCP 47 tag, as `lang` takes it and as the setting is stored.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::BrazilianPortuguese => "pt-BR",
        }
    }

    /// The language's name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::BrazilianPortuguese => "Português (Brasil)",
        }
    }

    /// The language of a tag or of a wider or narrower one (`pt`, `pt-PT`, `EN-gb`).
    pub fn parse(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or_default().trim();
        Self::ALL
            .iter()
            .copied()
            .find(|locale| locale.tag().split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(language)))
    }

    /// The person's setting, else the best of `Accept-Language`, else English.
    pub fn negotiate(setting: Option<&str>, accept_language: Option<&str>) -> Self {
        if let Some(locale) = setting.and_then(Self::parse) {
            return locale;
        }
        let mut best: Option<(f32, Self)> = None;
        for wish in accept_language.unwrap_or_default().split(',') {
            let (tag, weight) = wish.split_once(';').unwrap_or((wish, ""));
            let weight = match weight.trim().strip_prefix("q=") {
                Some(number) => number.trim().parse::<f32>().unwrap_or(0.0),
                None => 1.0,
            };
            if let Some(locale) = Self::parse(tag.trim())
                && weight > best.map_or(0.0, |(weight, _)| weight)
            {
                best = Some((weight, locale));
            }
        }
        best.map_or_else(Self::default, |(_, locale)| locale)
    }

    /// The words of a key. A key that does not exist comes back as itself (a test keeps that from happening).
    pub fn text(self, key: &str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// The words of a key with values in them. A whole number also chooses between singular and plural.
    pub fn text_with(self, key: &str, values: &[(&str, String)]) -> Cow<'static, str> {
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            let number = value.parse::<i64>().ok().filter(|number| number.to_string() == *value);
            let value = number.map_or_else(|| FluentValue::from(value.as_str()), FluentValue::from);
            arguments.set(*name, value);
        }
        self.format(key, Some(&arguments))
    }

    fn format(self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> =
            LazyLock::new(|| Locale::ALL.iter().map(|locale| bundle(*locale)).collect());
        let place = Self::ALL.iter().position(|locale| *locale == self).unwrap_or_default();
        let bundle = BUNDLES.get(place);
        match bundle.and_then(|bundle| Some((bundle, bundle.get_message(key)?.value()?))) {
            Some((bundle, pattern)) => {
                let mut faults = Vec::new();
                Cow::Owned(bundle.format_pattern(pattern, arguments, &mut faults).into_owned())
            }
            None => Cow::Owned(key.to_owned()),
        }
    }
}

/// A bundle of one resource. What cannot be parsed is left out; a test reads both resources whole.
fn bundle(locale: Locale) -> FluentBundle<FluentResource> {
    let source = match locale {
        Locale::English => ENGLISH,
        Locale::BrazilianPortuguese => BRAZILIAN_PORTUGUESE,
    };
    let language = locale.tag().parse::<LanguageIdentifier>().unwrap_or_default();
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use regex::Regex;

    use super::*;

    /// Each key with the names of the values in its words.
    fn keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        assert!(FluentResource::try_new(source.to_owned()).is_ok(), "a resource has an error of syntax");
        let value = Regex::new(r"\{\s*\$([a-z-]+)").unwrap();
        let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            if let Some((key, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '}', '['])) {
                current = key.to_owned();
                assert!(keys.insert(current.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
            }
            let names = value.captures_iter(line).map(|found| found[1].to_owned());
            keys.entry(current.clone()).or_default().extend(names);
        }
        keys
    }

    fn sources(folder: &str, extension: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|found| found == extension)
                    && !path.to_string_lossy().ends_with("_tests.rs")
                {
                    found.push(std::fs::read_to_string(path).unwrap());
                }
            }
        }
        found
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_values() {
        assert_eq!(keys(ENGLISH), keys(BRAZILIAN_PORTUGUESE));
    }

    #[test]
    fn every_key_that_is_used_exists_and_every_key_is_used() {
        let keys = keys(ENGLISH);
        let codes = Regex::new(r#"\w+ = "\w+", "(error-[a-z-]+)";"#).unwrap();
        let errors = include_str!("error.rs");
        assert!(codes.captures_iter(errors).count() > 30);
        for code in codes.captures_iter(errors) {
            assert!(keys.contains_key(&code[1]), "no words for {}", &code[1]);
        }
        let called =
            Regex::new(r#"(?:\bctx\.t[12]?|\blocale\.text(?:_with)?|\.saying)\(\s*"([a-z][a-z0-9-]*)""#).unwrap();
        let quoted = Regex::new(r#""([a-z][a-z0-9-]*)""#).unwrap();
        let mut mentioned = BTreeSet::new();
        for source in sources("templates", "html").into_iter().chain(sources("src", "rs")) {
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            for used in called.captures_iter(code) {
                assert!(keys.contains_key(&used[1]), "no words for {}", &used[1]);
            }
            mentioned.extend(quoted.captures_iter(code).map(|found| found[1].to_owned()));
        }
        let unused: Vec<_> = keys.keys().filter(|key| !mentioned.contains(*key)).collect();
        assert!(unused.is_empty(), "nobody says {unused:?}");
    }

    #[test]
    fn the_setting_wins_then_the_browsers_wishes() {
        use Locale::{BrazilianPortuguese, English};
        for (setting, accept, locale) in [
            (None, None, English),
            (None, Some("pt-BR,pt;q=0.9,en;q=0.8"), BrazilianPortuguese),
            (None, Some("de, pt;q=0.5, en;q=0.7"), English),
            (None, Some("de;q=1, *;q=0.1"), English),
            (None, Some("en;q=0, pt;q=0.1"), BrazilianPortuguese),
            (Some("en"), Some("pt-BR"), English),
            (Some("pt-BR"), Some("en"), BrazilianPortuguese),
            (Some("xx"), Some("pt"), BrazilianPortuguese),
            (None, Some(";;q=,,q=9"), English),
        ] {
            assert_eq!(Locale::negotiate(setting, accept), locale, "{setting:?} {accept:?}");
        }
    }

    #[test]
    fn numbers_choose_the_form_and_names_stay_as_they_are() {
        let said = |locale: Locale, count: &str| locale.text_with("send-denies", &[("count", count.to_owned())]);
        assert_eq!(said(Locale::English, "1"), "Sending denies 1 request");
        assert_eq!(said(Locale::English, "2"), "Sending denies 2 requests");
        assert_eq!(said(Locale::BrazilianPortuguese, "2"), "Enviar nega 2 pedidos");
        let path = Locale::English.text_with("status-creating", &[("path", "007".to_owned())]);
        assert_eq!(path, "Creating file 007…");
    }
}
