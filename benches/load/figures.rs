//! Figures: medians of runs, percentiles, a table and a JSON file.

use serde_json::{Map, Value, json};

/// The value below which that part of the values lies.
pub fn percentile(values: &mut [u32], part: f64) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let place = ((values.len() - 1) as f64 * part).round() as usize;
    f64::from(*values.select_nth_unstable(place).1)
}

/// The one in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What was measured, each figure in every run, in the order in which they were first told.
#[derive(Default)]
pub struct Figures {
    all: Vec<(String, &'static str, Option<f64>, Vec<f64>)>,
}

impl Figures {
    /// Notes a figure of one run, and says it; `most` is what it may be.
    pub fn tell(&mut self, name: &str, unit: &'static str, most: Option<f64>, value: f64) {
        eprintln!("  {name}: {value:.3} {unit}");
        match self.all.iter_mut().find(|(known, ..)| known == name) {
            Some((.., values)) => values.push(value),
            None => self.all.push((name.to_owned(), unit, most, vec![value])),
        }
    }

    /// The table of the manual: medians, in Markdown.
    pub fn table(&self) -> String {
        let mut table = String::from("| | median | promised | runs |\n|---|---|---|---|\n");
        for (name, unit, most, values) in &self.all {
            let runs: Vec<String> = values.iter().map(|value| short(*value)).collect();
            let most = most.map(|most| format!("≤ {most} {unit}")).unwrap_or_default();
            let median = short(median(values.clone()));
            table += &format!("| {name} | {median} {unit} | {} | {} |\n", most.trim_end(), runs.join(" · "));
        }
        table
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let figure = |(name, unit, most, values): &(String, &str, Option<f64>, Vec<f64>)| {
            let figure = json!({"median": median(values.clone()), "unit": unit, "most": most, "runs": values});
            (name.clone(), figure)
        };
        Value::Object(self.all.iter().map(figure).collect::<Map<_, _>>())
    }
}

/// Three digits are enough.
fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
