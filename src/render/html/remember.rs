//! What a person may say beforehand of further calls, as the choices of an approval and as words on what ran by it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{PageContext, visible::visible};
use crate::types::{Authority, Bound};

/// What stands in a value as it is; all else could part words or be taken for something of the form's.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b':');

/// The counts and times that are offered; the first of each is chosen at first, for times the second.
const COUNTS: [u32; 4] = [5, 10, 20, 50];
const TIMES: [(&str, &str); 4] = [
    ("for=15m", "remember-for-15m"),
    ("for=1h", "remember-for-1h"),
    ("for=8h", "remember-for-8h"),
    ("for=24h", "remember-for-24h"),
];
const SCOPES: [(&str, &str); 2] =
    [("scope=conversation", "remember-in-conversation"), ("scope=person", "remember-in-all")];

/// One of the choices of a list.
pub(super) struct Choice {
    pub(super) value: String,
    /// Safe HTML.
    pub(super) words: String,
    pub(super) is_chosen: bool,
}

/// One list of an approval's **Ask again**.
pub(super) struct Choices {
    pub(super) id: &'static str,
    pub(super) label: String,
    pub(super) choices: Vec<Choice>,
}

/// The lists, with what was chosen before in a form that comes back.
pub(super) fn choices(ctx: &PageContext, bounds: &[Bound], chosen: &str) -> Vec<Choices> {
    let chosen: Vec<&str> = chosen.split_whitespace().collect();
    let list = |id, label, choices: Vec<(String, String)>, first: usize| {
        let known = choices.iter().position(|(value, _)| chosen.contains(&value.as_str())).unwrap_or(first);
        let choice = |(index, (value, words))| Choice { value, words, is_chosen: index == known };
        let choices = choices.into_iter().enumerate().map(choice).collect();
        Choices { id, label: ctx.t(label).into_owned(), choices }
    };
    let fixed = |(value, key): &(&str, &str)| ((*value).to_owned(), ctx.t(key).into_owned());
    let mut counts = vec![(String::new(), ctx.t("remember-not").into_owned())];
    counts
        .extend(COUNTS.map(|count| (format!("count={count}"), ctx.t1("remember-count", "count", count).into_owned())));
    vec![
        list("count", "remember-how-often", counts, 0),
        list("which", "remember-which", bounds.iter().map(|bound| (value(bound), words(ctx, bound))).collect(), 0),
        list("time", "remember-how-long", TIMES.iter().map(fixed).collect(), 1),
        list("scope", "remember-where", SCOPES.iter().map(fixed).collect(), 0),
    ]
}

/// A bound as [`crate::types::Remember`] reads it.
fn value(bound: &Bound) -> String {
    match bound {
        Bound::Same => String::new(),
        Bound::Below(folder) => format!("below={}", utf8_percent_encode(folder, PLAIN)),
        Bound::Host(origin) => format!("host={}", utf8_percent_encode(origin, PLAIN)),
    }
}

/// A bound in words, as safe HTML.
pub(super) fn words(ctx: &PageContext, bound: &Bound) -> String {
    match bound {
        Bound::Same => ctx.t("bound-same").into_owned(),
        Bound::Below(folder) if folder.is_empty() => ctx.t("bound-anywhere").into_owned(),
        Bound::Below(folder) => ctx.t1("bound-below", "folder", visible(folder)).into_owned(),
        Bound::Host(origin) => ctx.t1("bound-host", "origin", visible(origin)).into_owned(),
    }
}

/// By what a call runs that nobody was asked about, as safe HTML.
pub(super) fn authority(ctx: &PageContext, authority: &Authority) -> String {
    match authority {
        Authority::Rule => ctx.t("call-by-rule").into_owned(),
        Authority::Grant { bound, used, count, .. } => {
            let values = [("bound", words(ctx, bound)), ("used", used.to_string()), ("count", count.to_string())];
            ctx.locale.text_with("call-by-grant", &values).into_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{i18n::Locale, types::Remember};

    fn ctx() -> PageContext {
        PageContext {
            locale: Locale::English,
            viewer: None,
            csrf: String::new(),
            prefix: String::new(),
            version: String::new(),
            waiting: 0,
        }
    }

    #[test]
    fn every_choice_can_be_read_back() {
        let bounds = [
            Bound::Same,
            Bound::Below("my notes/a=b scope=person/ç%20".into()),
            Bound::Below(String::new()),
            Bound::Host("https://example.org:8443".into()),
        ];
        let lists = choices(&ctx(), &bounds, "");
        let [counts, which, times, scopes] = &lists[..] else { panic!("four lists") };
        assert_eq!(which.choices.len(), bounds.len());
        for count in &counts.choices[1..] {
            for (choice, bound) in which.choices.iter().zip(&bounds) {
                for (time, scope) in times.choices.iter().flat_map(|time| scopes.choices.iter().map(move |s| (time, s)))
                {
                    let said = [&count.value, &choice.value, &time.value, &scope.value].map(String::as_str).join(" ");
                    let read: Remember = said.parse().unwrap_or_else(|_| panic!("{said}"));
                    assert_eq!(read.bound, *bound, "{said}");
                }
            }
        }
        let chosen = |lists: &[Choices]| {
            let one = |list: &Choices| list.choices.iter().find(|choice| choice.is_chosen).unwrap().value.clone();
            lists.iter().map(one).collect::<Vec<_>>()
        };
        assert_eq!(chosen(&lists), ["", "", "for=1h", "scope=conversation"]);
        let again = choices(&ctx(), &bounds, "count=20 scope=person for=8h host=https://example.org:8443");
        assert_eq!(chosen(&again), ["count=20", "host=https://example.org:8443", "for=8h", "scope=person"]);
    }

    #[test]
    fn what_ran_by_something_says_by_what() {
        let bound = Bound::Below("notes\u{202E}<b>".into());
        let grant = Authority::Grant { id: crate::types::GrantId::new(), bound, used: 2, count: 5 };
        let said = authority(&ctx(), &grant);
        assert!(said.starts_with("By your grant: below notes") && said.ends_with(", 2 of 5"), "{said}");
        assert!(said.contains("\\u202E") && !said.contains("<b>"), "{said}");
        assert_eq!(authority(&ctx(), &Authority::Rule), "Allowed without asking by your admins");
    }
}
