//! What models cost, how much they take in, and whether they see: from the operator's file, and from a table that is
//! built in.

mod read;

use std::{fmt, path::Path, sync::Arc};

use read::Table;

use crate::types::{Credits, Usage};

const BUILT_IN: &str = include_str!("built_in.toml");

/// A window that most models have, where nothing else is said.
const WINDOW: u32 = 32_768;

/// The providers whose models run on one's own machine, or are none: they cost nothing unless the file names them.
const FREE: [&str; 2] = ["demo", "ollama"];

/// What follows a model's name in longer ones: a date, a variant, a tag. A point does not: 5 and 5.4 are two models.
const BOUNDARIES: [char; 3] = ['-', ':', '@'];

/// A model's prices in credits per 1,000 tokens, and what it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Input tokens.
    pub input: Credits,
    /// Input tokens read from a prompt cache.
    pub cached: Credits,
    /// Output tokens.
    pub output: Credits,
    /// How many tokens it takes in.
    pub context_window: u32,
    /// Whether it sees images, where that is known.
    pub sees_images: Option<bool>,
}

impl Price {
    /// What a call cost: rounded up once.
    pub fn cost(&self, usage: &Usage) -> Credits {
        let cached = usage.cached_tokens.clamp(0, usage.input_tokens.max(0));
        sum([
            (usage.input_tokens.saturating_sub(cached), self.input),
            (cached, self.cached),
            (usage.output_tokens, self.output),
        ])
    }

    /// What a call costs at most that reads and writes so many tokens.
    pub fn at_most(&self, input_tokens: i64, output_tokens: i64) -> Credits {
        sum([(input_tokens, self.input.max(self.cached)), (output_tokens, self.output)])
    }
}

/// The sum of tokens at prices per 1,000, rounded up to the next millionth.
fn sum<const N: usize>(parts: [(i64, Credits); N]) -> Credits {
    let part = |(tokens, price): (i64, Credits)| i128::from(tokens.max(0)).saturating_mul(i128::from(price.0.max(0)));
    let exact = parts.into_iter().map(part).fold(0_i128, i128::saturating_add);
    Credits(i64::try_from(exact.div_euclid(1000) + i128::from(exact % 1000 != 0)).unwrap_or(i64::MAX))
}

/// What one table says of a model.
#[derive(Clone, Copy, Debug)]
struct Entry {
    input: Credits,
    cached: Credits,
    output: Credits,
    context_window: Option<u32>,
    sees_images: Option<bool>,
}

/// Every price; cheap to clone.
#[derive(Clone)]
pub struct Prices {
    tables: Arc<Tables>,
}

struct Tables {
    /// `MODEL_PRICES`.
    file: Option<Table>,
    built_in: Table,
    /// Of the built-in table: every other model.
    unknown: Entry,
}

/// A file of prices that cannot be used, in one line as wrong settings are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceError(String);

impl fmt::Display for PriceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PriceError {}

impl Prices {
    /// Reads `MODEL_PRICES`, if it is set.
    ///
    /// # Errors
    /// In one line, what is wrong with the file.
    pub fn read(file: Option<&Path>) -> Result<Self, PriceError> {
        let Some(path) = file else { return Self::of_texts(None).map_err(PriceError) };
        let wrong = |why: &dyn fmt::Display| PriceError(format!("MODEL_PRICES is {path:?}; {why}"));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(&format!("it cannot be read: {error}")))?;
        Self::of_texts(Some(&text)).map_err(|fault| wrong(&fault))
    }

    fn of_texts(file: Option<&str>) -> Result<Self, String> {
        let file = file.map(read::table).transpose().map_err(|fault| fault.to_string())?;
        let built_in = read::table(BUILT_IN).map_err(|fault| format!("the built-in prices: {fault}"))?;
        let unknown = built_in.default.ok_or("the built-in prices have no default")?;
        Ok(Self { tables: Arc::new(Tables { file, built_in, unknown }) })
    }

    /// What is known of a model. The file comes first, entry and `default`; then the built-in table. A name counts if
    /// it is the very name, or the longest one with which this one begins (`claude-sonnet-5-5-20260101`), after the
    /// names of vendors before it (`openai/gpt-5.4`).
    pub fn of(&self, model: &str) -> Price {
        let (named, listed) = (self.in_file(model), entry(&self.tables.built_in, model));
        let file_default = self.tables.file.as_ref().and_then(|table| table.default.as_ref());
        let last = &self.tables.unknown;
        let price = named.or(file_default).or(listed).unwrap_or(last);
        let said = [named, listed, file_default, Some(last)];
        let window = said.iter().flatten().find_map(|entry| entry.context_window);
        Price {
            input: price.input,
            cached: price.cached,
            output: price.output,
            context_window: window.unwrap_or(WINDOW),
            sees_images: said.iter().flatten().find_map(|entry| entry.sees_images),
        }
    }

    /// What a call to a provider costs: at the price of the model that answered, or where nobody knows that name, of
    /// the one that was asked. Demo and Ollama cost nothing unless the file names the model.
    pub fn of_call(&self, provider: &str, asked: &str, answered: Option<&str>) -> Price {
        let names = || answered.into_iter().chain([asked]);
        let named = names().find(|name| self.in_file(name).is_some());
        if named.is_none() && FREE.contains(&provider) {
            let nothing = Credits::default();
            return Price { input: nothing, cached: nothing, output: nothing, ..self.of(asked) };
        }
        let known = || names().find(|name| entry(&self.tables.built_in, name).is_some());
        self.of(named.or_else(known).unwrap_or(asked))
    }

    /// How many tokens a model takes in: what the file says of it, else what its provider lists, else what is known.
    pub fn window(&self, model: &str, listed: Option<u32>) -> u32 {
        let named = self.in_file(model).and_then(|entry| entry.context_window);
        named.or(listed.filter(|window| *window > 0)).unwrap_or_else(|| self.of(model).context_window)
    }

    fn in_file(&self, model: &str) -> Option<&Entry> {
        self.tables.file.as_ref().and_then(|table| entry(table, model))
    }
}

/// The entry for a name: as it is, then without the vendor before its first slash, and so on.
fn entry<'a>(table: &'a Table, model: &str) -> Option<&'a Entry> {
    let mut rest = Some(model);
    while let Some(name) = rest {
        if let Some(found) = longest(table, name) {
            return Some(found);
        }
        rest = name.split_once('/').map(|(_, rest)| rest);
    }
    None
}

/// The entry of the longest name that `name` is, or begins with up to a boundary.
fn longest<'a>(table: &'a Table, name: &str) -> Option<&'a Entry> {
    let ends = name.char_indices().filter(|(_, character)| BOUNDARIES.contains(character)).map(|(end, _)| end);
    let mut ends: Vec<usize> = ends.collect();
    ends.push(name.len());
    ends.into_iter().rev().find_map(|end| table.models.get(name.get(..end)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices(file: &str) -> Prices {
        Prices::of_texts(Some(file)).unwrap()
    }

    fn price(input: i64, cached: i64, output: i64) -> Price {
        let credits = |thousandths: i64| Credits(thousandths * 1000);
        Price {
            input: credits(input),
            cached: credits(cached),
            output: credits(output),
            context_window: 1,
            sees_images: None,
        }
    }

    fn usage(input_tokens: i64, cached_tokens: i64, output_tokens: i64) -> Usage {
        Usage { input_tokens, output_tokens, cached_tokens, estimated: false }
    }

    #[test]
    fn a_call_is_rounded_up_once_and_cached_tokens_cost_their_own_price() {
        // A thousandth of a credit per 1,000 tokens is a millionth for one.
        let price = price(3000, 300, 15_000);
        assert_eq!(price.cost(&usage(1000, 0, 1000)), Credits(18_000_000));
        assert_eq!(price.cost(&usage(1000, 1000, 0)), Credits(300_000));
        assert_eq!(price.cost(&usage(1000, 400, 10)), Credits(1_800_000 + 120_000 + 150_000));
        let tiny = Price { input: Credits(1), cached: Credits(1), output: Credits(1), ..price };
        assert_eq!(tiny.cost(&usage(2, 1, 1)), Credits(1), "three roundings would make three");
        assert_eq!(tiny.cost(&usage(0, 0, 0)), Credits(0));
        assert_eq!(price.cost(&usage(10, 5000, -3)), Credits(3000), "never more cached than read");
        assert_eq!(price.cost(&usage(i64::MAX, 0, i64::MAX)), Credits(i64::MAX));
    }

    #[test]
    fn no_call_costs_more_than_it_does_at_most() {
        for price in [price(3000, 300, 15_000), price(1, 5, 2), price(0, 0, 0)] {
            for used in [usage(1000, 0, 7), usage(1000, 999, 7), usage(1000, 1000, 7), usage(0, 0, 0)] {
                assert!(price.cost(&used) <= price.at_most(1000, 7), "{price:?} {used:?}");
            }
        }
    }

    #[test]
    fn names_are_found_by_their_beginning_and_behind_their_vendor() {
        let prices = Prices::of_texts(None).unwrap();
        let input = |model: &str| prices.of(model).input.to_string();
        for (model, credits) in [
            ("claude-sonnet-5-5", "2"),
            ("claude-sonnet-5-5-20260101", "2"),
            ("claude-sonnet-4-20250514", "3"),
            ("claude-haiku-4-5@20251001", "1"),
            ("gpt-5.4", "2.5"),
            ("gpt-5.4-2026-03-05", "2.5"),
            ("openai/gpt-5.4-mini", "0.75"),
            ("openrouter/anthropic/claude-opus-5.5", "4"),
            ("openai/gpt-oss-20b:free", "0.075"),
            ("llama-3.3-70b-versatile", "0.59"),
            // Neither is a version of a model that is known.
            ("gpt-5.45", "3"),
            ("gpt-5.9", "3"),
            ("my-own", "3"),
            ("", "3"),
        ] {
            assert_eq!(input(model), credits, "{model}");
        }
        assert_eq!(prices.of("claude-opus-4-8").context_window, 1_000_000);
        assert_eq!(prices.of("my-own").context_window, WINDOW);
        assert_eq!((prices.of("gpt-oss-120b").sees_images, prices.of("my-own").sees_images), (Some(false), None));
    }

    #[test]
    fn the_file_comes_first() {
        let prices = prices(
            "[\"gpt-5.4\"]\ninput = 7\noutput = 8\ncontext_window = 5000\n\n[mine]\ninput = 1\noutput = 1\nimages = true\n",
        );
        assert_eq!(prices.of("openai/gpt-5.4-mini").input.to_string(), "7", "the file's shorter name before ours");
        assert_eq!((prices.of("gpt-5.4").context_window, prices.of("gpt-5.4").sees_images), (5000, Some(true)));
        assert_eq!(prices.of("mine").sees_images, Some(true));
        assert_eq!(prices.of("claude-sonnet-5-5").input.to_string(), "2");
        assert_eq!(prices.window("gpt-5.4", Some(9)), 5000);
        assert_eq!(prices.window("mine", Some(9)), 9);
        assert_eq!(prices.window("claude-opus-4-5", None), 200_000);
    }

    #[test]
    fn a_default_of_the_file_is_for_all_that_it_does_not_name() {
        let prices = prices("[default]\ninput = 1\noutput = 2\ncontext_window = 8000\n");
        let price = prices.of("claude-sonnet-5-5");
        assert_eq!((price.input.to_string(), price.context_window), ("1".to_owned(), 1_000_000));
        assert_eq!(prices.of("my-own").context_window, 8000);
    }

    #[test]
    fn who_answered_is_paid_and_what_runs_at_home_is_free() {
        let prices = prices("[\"qwen3:8b\"]\ninput = 1\noutput = 2\n");
        let input = |provider, asked, answered| prices.of_call(provider, asked, answered).input.to_string();
        assert_eq!(input("openai", "gpt-5.4", Some("gpt-5.4-mini-2026-03-05")), "0.75");
        assert_eq!(input("openai", "gpt-5.4", Some("internal-17")), "2.5", "a name that says nothing");
        assert_eq!(input("openai", "mine", Some("internal-17")), "3");
        assert_eq!(input("ollama", "llama-3.3-70b", None), "0");
        assert_eq!(input("ollama", "qwen3:8b", Some("qwen3:8b")), "1");
        assert_eq!(input("demo", "demo", None), "0");
    }

    #[test]
    fn a_file_that_cannot_be_used_is_told_as_a_wrong_setting() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prices.toml");
        let told = || Prices::read(Some(&path)).map(|_| ()).unwrap_err().to_string();
        assert!(told().starts_with(&format!("MODEL_PRICES is {path:?}; it cannot be read: ")), "{}", told());
        std::fs::write(&path, "[a]\ninput = x\n").unwrap();
        assert!(told().starts_with(&format!("MODEL_PRICES is {path:?}; line 2: it is not TOML")), "{}", told());
    }
}
