//! Tables of prices as TOML. Amounts are read from the digits as they stand: no floating point touches money.

use std::{collections::BTreeMap, fmt};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::Entry;
use crate::types::Credits;

/// The table for every model that no other one names.
const DEFAULT: &str = "default";

/// More than any model costs; sums of it stay far from the end of what can be counted.
const MOST: Credits = Credits(1_000_000 * Credits::ONE);

const AN_AMOUNT: &str = "credits per 1,000 tokens, from 0 to 1000000 with at most six decimals, such as 3 or 0.075";
const A_WINDOW: &str = "a whole number of tokens, from 1 to 4294967295";
const A_SWITCH: &str = "true or false";
const A_KEY: &str = "input, cached, output, context_window and images; a model's name with a dot needs quotes";
const A_TABLE: &str = "a table for each model, such as [\"gpt-5.4\"], and one named default";

/// Prices by model, and those of every other one.
pub(super) struct Table {
    pub(super) models: BTreeMap<String, Entry>,
    pub(super) default: Option<Entry>,
}

/// What is wrong with a table, without the name of its file.
#[derive(Debug)]
pub(super) struct Fault {
    line: usize,
    words: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.words)
    }
}

/// Reads a table.
pub(super) fn table(text: &str) -> Result<Table, Fault> {
    let parsed = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        fault(text, start, format!("it is not TOML: {}", one_line(error.message())))
    })?;
    let mut table = Table { models: BTreeMap::new(), default: None };
    for (name, value) in parsed.get_ref() {
        let DeValue::Table(fields) = value.get_ref() else {
            return Err(fault(
                text,
                name.span().start,
                format!("{:?} is no table; accepted: {A_TABLE}", name.get_ref()),
            ));
        };
        let entry = entry(text, name, fields)?;
        if name.get_ref() == DEFAULT {
            table.default = Some(entry);
        } else {
            table.models.insert(name.get_ref().to_string(), entry);
        }
    }
    Ok(table)
}

fn entry(text: &str, name: &Spanned<std::borrow::Cow<'_, str>>, fields: &DeTable<'_>) -> Result<Entry, Fault> {
    let (mut input, mut cached, mut output, mut context_window, mut sees_images) = (None, None, None, None, None);
    for (key, value) in fields {
        let at = value.span();
        let refuse = |accepted: &str| {
            let given = text.get(at.clone()).unwrap_or_default();
            let shown: String = given.chars().take(100).collect();
            fault(
                text,
                at.start,
                format!("{} of {:?} is {}; accepted: {accepted}", key.get_ref(), name.get_ref(), one_line(&shown)),
            )
        };
        let value = value.get_ref();
        match key.get_ref().as_ref() {
            "input" => input = Some(amount(value).ok_or_else(|| refuse(AN_AMOUNT))?),
            "cached" => cached = Some(amount(value).ok_or_else(|| refuse(AN_AMOUNT))?),
            "output" => output = Some(amount(value).ok_or_else(|| refuse(AN_AMOUNT))?),
            "context_window" => context_window = Some(window(value).ok_or_else(|| refuse(A_WINDOW))?),
            "images" => sees_images = Some(value.as_bool().ok_or_else(|| refuse(A_SWITCH))?),
            other => {
                let words = format!("{other:?} of {:?} is unknown; accepted: {A_KEY}", name.get_ref());
                return Err(fault(text, key.span().start, words));
            }
        }
    }
    let missing = |key: &str| {
        let words = format!("{key} of {:?} is missing; accepted: {AN_AMOUNT}", name.get_ref());
        fault(text, name.span().start, words)
    };
    let input = input.ok_or_else(|| missing("input"))?;
    let output = output.ok_or_else(|| missing("output"))?;
    Ok(Entry { input, cached: cached.unwrap_or(input), output, context_window, sees_images })
}

fn amount(value: &DeValue<'_>) -> Option<Credits> {
    match value {
        DeValue::Integer(number) if number.radix() == 10 => decimal(number.as_str()),
        DeValue::Float(number) => decimal(number.as_str()),
        DeValue::String(text) => decimal(text.trim()),
        _ => None,
    }
}

fn decimal(text: &str) -> Option<Credits> {
    text.parse().ok().filter(|amount| *amount <= MOST)
}

fn window(value: &DeValue<'_>) -> Option<u32> {
    let number = value.as_integer().filter(|number| number.radix() == 10)?;
    number.as_str().parse().ok().filter(|window| *window > 0)
}

fn fault(text: &str, at: usize, words: String) -> Fault {
    let before = text.get(..at).unwrap_or_default();
    Fault { line: before.matches('\n').count() + 1, words }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (text, credits) in
            [("3", 3_000_000), ("0.075", 75_000), ("1.000001", 1_000_001), ("0", 0), ("1000000", MOST.0)]
        {
            assert_eq!(decimal(text), Some(Credits(credits)), "{text}");
        }
        assert_eq!(decimal("1000001"), None);
        let table = table("[a]\ninput = 0.1\noutput = \"0.2\"\n").unwrap();
        assert_eq!((table.models["a"].input, table.models["a"].output), (Credits(100_000), Credits(200_000)));
        assert_eq!(table.models["a"].cached, Credits(100_000), "cached tokens without a price of their own");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, said) in [
            ("[a]\ninput = -1\noutput = 1", "line 2: input of \"a\" is -1; accepted: credits"),
            ("[a]\ninput = 1\noutput = 1e3", "line 3: output of \"a\" is 1e3; accepted: credits"),
            ("[a]\ninput = 1", "line 1: output of \"a\" is missing"),
            ("\n[gpt-5.4]\ninput = 1\noutput = 1", "line 2: \"4\" of \"gpt-5\" is unknown; accepted: input"),
            ("[a]\ninput = 1\noutput = 1\nprice = 2", "line 4: \"price\" of \"a\" is unknown"),
            (
                "[a]\ninput = 1\noutput = 1\ncontext_window = 0",
                "line 4: context_window of \"a\" is 0; accepted: a whole",
            ),
            ("[a]\ninput = 1\noutput = 1\nimages = \"yes\"", "line 4: images of \"a\" is \"yes\"; accepted: true"),
            ("a = 3", "line 1: \"a\" is no table"),
            ("[a]\n[a]", "line 2: it is not TOML: "),
            ("[a", "line 1: it is not TOML: "),
        ] {
            let fault = table(text).map(|_| ()).unwrap_err().to_string();
            assert!(fault.starts_with(said), "{text}: {fault}");
            assert!(!fault.contains('\n'), "{fault}");
        }
    }
}
