//! What may stand in a field.

use chrono::{DateTime, NaiveDate};
use serde::de::IgnoredAny;
use serde_json::{Number, Value};
use url::Url;

use super::{Choice, Field, FieldKind};

/// The longest address of a person: what mail allows.
const MAX_EMAIL: usize = 254;

/// What a text must be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextRule {
    /// What it is.
    pub format: Option<TextFormat>,
    /// Characters at least.
    pub least: usize,
    /// Characters at most.
    pub most: Option<usize>,
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    /// An address of mail.
    Email,
    /// An address of the web.
    Uri,
    /// A day: `2026-01-31`.
    Date,
    /// A moment: `2026-01-31T12:00:00Z`.
    DateTime,
}

impl TextFormat {
    /// By its name in schemas; a name that is none of these asks for nothing.
    pub(super) fn parse(name: Option<&str>) -> Option<Self> {
        Some(match name? {
            "email" => Self::Email,
            "uri" => Self::Uri,
            "date" => Self::Date,
            "date-time" => Self::DateTime,
            _ => return None,
        })
    }

    fn holds(self, text: &str) -> bool {
        match self {
            Self::Email => match text.split_once('@') {
                Some((name, host)) => {
                    let is_plain = |part: &str| {
                        !part.is_empty()
                            && !part.contains(|each: char| each.is_whitespace() || each.is_control() || each == '@')
                    };
                    text.len() <= MAX_EMAIL && is_plain(name) && is_plain(host)
                }
                None => false,
            },
            Self::Uri => Url::parse(text).is_ok(),
            Self::Date => text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
            Self::DateTime => DateTime::parse_from_rfc3339(text).is_ok(),
        }
    }
}

/// What is wrong with what was typed.
#[derive(Clone, Debug, PartialEq)]
pub enum Wrong {
    /// It must be there.
    Missing,
    /// It is no number.
    NoNumber,
    /// It is no whole number.
    NotWhole,
    /// It is no JSON, or not one of the choices.
    NoJson,
    /// It has fewer characters than this.
    TooShort(usize),
    /// It has more characters than this.
    TooLong(usize),
    /// It is less than this.
    TooSmall(f64),
    /// It is more than this.
    TooLarge(f64),
    /// Fewer than this are chosen.
    TooFew(usize),
    /// More than this are chosen.
    TooMany(usize),
    /// It is not what it must be.
    Not(TextFormat),
    /// It does not fit the schema, in these words; of a schema that is a stranger's.
    Misfit(String),
    /// Whether it fits nobody can find out: the schema is none, or too much work.
    Uncheckable,
}

impl Wrong {
    /// The key of its words, and the number in them.
    pub fn words(&self) -> (&'static str, Option<String>) {
        let counted = |key, count: &usize| (key, Some(count.to_string()));
        match self {
            Self::Missing => ("field-missing", None),
            Self::NoNumber => ("field-no-number", None),
            Self::NotWhole => ("field-not-whole", None),
            Self::NoJson => ("field-no-json", None),
            Self::TooShort(count) => counted("field-too-short", count),
            Self::TooLong(count) => counted("field-too-long", count),
            Self::TooSmall(bound) => ("field-too-small", Some(bound.to_string())),
            Self::TooLarge(bound) => ("field-too-large", Some(bound.to_string())),
            Self::TooFew(count) => counted("field-too-few", count),
            Self::TooMany(count) => counted("field-too-many", count),
            Self::Uncheckable => ("field-uncheckable", None),
            Self::Misfit(words) => ("field-misfit", Some(words.clone())),
            Self::Not(TextFormat::Email) => ("field-no-email", None),
            Self::Not(TextFormat::Uri) => ("field-no-uri", None),
            Self::Not(TextFormat::Date) => ("field-no-date", None),
            Self::Not(TextFormat::DateTime) => ("field-no-date-time", None),
        }
    }
}

/// What was typed in a field, as JSON; nothing where nothing was and nothing must be.
pub(super) fn value(field: &Field, typed: &[String]) -> Result<Option<String>, Wrong> {
    if let FieldKind::Several { least, most, .. } = &field.kind {
        return several(typed, *least, *most, field.is_required);
    }
    let typed = typed.first().map(String::as_str).unwrap_or_default();
    if let FieldKind::Text(rule) = &field.kind {
        return text(&typed.replace("\r\n", "\n"), rule, field.is_required);
    }
    let typed = typed.trim();
    if typed.is_empty() {
        return if field.is_required { Err(Wrong::Missing) } else { Ok(None) };
    }
    match &field.kind {
        FieldKind::Number { is_whole, least, most } => number(typed, *is_whole, *least, *most)?,
        FieldKind::Choice(choices) if !is_among(choices, typed) => return Err(Wrong::NoJson),
        FieldKind::Boolean if typed != "true" && typed != "false" => return Err(Wrong::NoJson),
        FieldKind::Json if serde_json::from_str::<IgnoredAny>(typed).is_err() => return Err(Wrong::NoJson),
        _ => {}
    }
    Ok(Some(typed.to_owned()))
}

fn is_among(choices: &[Choice], typed: &str) -> bool {
    choices.iter().any(|choice| choice.value == typed)
}

fn text(typed: &str, rule: &TextRule, is_required: bool) -> Result<Option<String>, Wrong> {
    let typed = if rule.format.is_some() { typed.trim() } else { typed };
    let count = typed.chars().count();
    if count == 0 {
        // An empty text is one too, where one must be and may be empty.
        return match (is_required, rule.format.is_some() || rule.least > 0) {
            (false, _) => Ok(None),
            (true, false) => Ok(Some("\"\"".to_owned())),
            (true, true) => Err(Wrong::Missing),
        };
    }
    if let Some(format) = rule.format.filter(|format| !format.holds(typed)) {
        return Err(Wrong::Not(format));
    }
    match rule.most {
        Some(most) if count > most => Err(Wrong::TooLong(most)),
        _ if count < rule.least => Err(Wrong::TooShort(rule.least)),
        _ => Ok(Some(Value::String(typed.to_owned()).to_string())),
    }
}

fn number(typed: &str, is_whole: bool, least: Option<f64>, most: Option<f64>) -> Result<(), Wrong> {
    let number = serde_json::from_str::<Number>(typed).map_err(|_| Wrong::NoNumber)?;
    if is_whole && number.is_f64() {
        return Err(Wrong::NotWhole);
    }
    let value = number.as_f64().ok_or(Wrong::NoNumber)?;
    match (least, most) {
        (Some(least), _) if value < least => Err(Wrong::TooSmall(least)),
        (_, Some(most)) if value > most => Err(Wrong::TooLarge(most)),
        _ => Ok(()),
    }
}

fn several(chosen: &[String], least: usize, most: usize, is_required: bool) -> Result<Option<String>, Wrong> {
    match chosen.len() {
        0 if !is_required => Ok(None),
        0 if least > 0 => Err(Wrong::Missing),
        count if count < least => Err(Wrong::TooFew(least)),
        count if count > most => Err(Wrong::TooMany(most)),
        _ => Ok(Some(format!("[{}]", chosen.join(",")))),
    }
}
