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
    all: Vec<Figure>,
}

struct Figure {
    name: String,
    unit: &'static str,
    /// What it may be.
    most: Option<f64>,
    /// Whether one run decides, and not the median.
    is_each: bool,
    values: Vec<f64>,
}

impl Figure {
    fn value(&self) -> f64 {
        if self.is_each { self.values.iter().copied().fold(0.0, f64::max) } else { median(self.values.clone()) }
    }

    fn is_missed(&self) -> bool {
        // Nor is what is no number within anything.
        self.most.is_some_and(|most| self.value() > most || self.value().is_nan())
    }
}

impl Figures {
    /// Notes a figure of one run, and says it; `most` is what its median may be.
    pub fn tell(&mut self, name: &str, unit: &'static str, most: Option<f64>, value: f64) {
        self.note(name, unit, most, false, value);
    }

    /// Notes how many of something that must not happen happened in one run.
    pub fn never(&mut self, name: &str, count: usize) {
        self.note(name, "", Some(0.0), true, count as f64);
    }

    fn note(&mut self, name: &str, unit: &'static str, most: Option<f64>, is_each: bool, value: f64) {
        eprintln!("  {name}: {value:.3} {unit}");
        match self.all.iter_mut().find(|figure| figure.name == name) {
            Some(figure) => figure.values.push(value),
            None => self.all.push(Figure { name: name.to_owned(), unit, most, is_each, values: vec![value] }),
        }
    }

    /// The names of what is more than promised.
    pub fn missed(&self) -> Vec<&str> {
        self.all.iter().filter(|figure| figure.is_missed()).map(|figure| figure.name.as_str()).collect()
    }

    /// The table of the manual, in Markdown: medians, and the worst of what must not happen.
    pub fn table(&self) -> String {
        let mut table = String::from("| | median | promised | runs |\n|---|---|---|---|\n");
        for figure in &self.all {
            let Figure { name, unit, most, values, .. } = figure;
            let runs: Vec<String> = values.iter().map(|value| short(*value)).collect();
            let most = most.map(|most| format!("≤ {most} {unit}")).unwrap_or_default();
            let value = short(figure.value());
            table += &format!("| {name} | {value} {unit} | {} | {} |\n", most.trim_end(), runs.join(" · "));
        }
        table
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let told = |figure: &Figure| {
            let Figure { name, unit, most, values, .. } = figure;
            let told = json!({"median": figure.value(), "unit": unit, "most": most, "runs": values});
            (name.clone(), told)
        };
        Value::Object(self.all.iter().map(told).collect::<Map<_, _>>())
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
