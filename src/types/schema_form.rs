//! A schema as the fields of a form, and what was typed in them as JSON.
//!
//! The schema is a stranger's: whatever is not plain in it becomes a box for JSON, and what was typed is put together as
//! text, so that a number goes as it was written.

mod read;
mod rules;

use serde_json::{Value, value::RawValue};

pub use rules::{TextFormat, TextRule, Wrong};

/// A field of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name, as it came.
    pub name: String,
    /// What it is called, in the server's words; may be empty.
    pub title: String,
    /// What it is for, in the server's words; may be empty.
    pub description: String,
    /// How it is typed.
    pub kind: FieldKind,
    /// Whether it must be there.
    pub is_required: bool,
    /// What stands in it before anything is typed.
    pub preset: Vec<String>,
}

/// How a field is typed.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// Text.
    Text(TextRule),
    /// A number, as it is written.
    Number {
        /// Whether it must be a whole one.
        is_whole: bool,
        /// The least.
        least: Option<f64>,
        /// The most.
        most: Option<f64>,
    },
    /// Yes, no, or nothing.
    Boolean,
    /// One of these.
    Choice(Vec<Choice>),
    /// Several of these.
    Several {
        /// What there is to choose.
        choices: Vec<Choice>,
        /// How many at least.
        least: usize,
        /// How many at most.
        most: usize,
    },
    /// JSON.
    Json,
}

/// Something that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent, as JSON.
    pub value: String,
    /// How it is shown, in the server's words.
    pub shown: String,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    fields: Vec<(String, String)>,
    chosen: Vec<(usize, usize)>,
    whole: Option<String>,
}

impl Typed {
    /// Names and values in one order; of lists of several the place of the field and that of the choice, parted by a
    /// colon; or everything as JSON. What cannot be read was not typed in a form of ours, and is left out.
    pub fn new(names: Vec<String>, values: Vec<String>, chosen: &[String], whole: Option<String>) -> Self {
        let places = |text: &String| {
            let (field, choice) = text.split_once(':')?;
            Some((field.parse().ok()?, choice.parse().ok()?))
        };
        let chosen = chosen.iter().filter_map(places).collect();
        Self { fields: names.into_iter().zip(values).collect(), chosen, whole }
    }

    /// Everything as JSON.
    pub fn whole(&self) -> Option<&str> {
        self.whole.as_deref()
    }

    /// What was typed in the field of this place.
    pub fn of(&self, place: usize, field: &Field) -> Vec<String> {
        if let FieldKind::Several { choices, .. } = &field.kind {
            let chosen = |(number, _): &(usize, &Choice)| self.chosen.contains(&(place, *number));
            return choices.iter().enumerate().filter(chosen).map(|(_, choice)| choice.value.clone()).collect();
        }
        let text = self.fields.iter().find(|(known, _)| *known == field.name).map(|(_, text)| text.clone());
        text.into_iter().collect()
    }
}

/// The fields of a tool's arguments; none where they are better typed as one JSON text.
pub fn of_tool(schema: &Value) -> Option<Vec<Field>> {
    read::fields(schema, read::plain)
}

/// The fields of what a server asks a person; none where they are better typed as one JSON text.
pub fn of_question(schema: &Value) -> Option<Vec<Field>> {
    read::fields(schema, read::ruled)
}

/// What was typed, as the text of a JSON object; `None` for `fields` where there are none.
///
/// # Errors
/// What is wrong with each field, by its place; with none where it is all of it.
pub fn composed(fields: Option<&[Field]>, typed: &Typed) -> Result<String, Vec<(Option<usize>, Wrong)>> {
    let Some(fields) = fields else {
        let text = typed.whole().unwrap_or("{}");
        let is_object = text.trim_start().starts_with('{') && serde_json::from_str::<&RawValue>(text).is_ok();
        return if is_object { Ok(text.to_owned()) } else { Err(vec![(None, Wrong::NoJson)]) };
    };
    let (mut members, mut wrong) = (Vec::new(), Vec::new());
    for (place, field) in fields.iter().enumerate() {
        match rules::value(field, &typed.of(place, field)) {
            Ok(Some(value)) => members.push(format!("{}:{value}", Value::String(field.name.clone()))),
            Ok(None) => {}
            Err(fault) => wrong.push((Some(place), fault)),
        }
    }
    if wrong.is_empty() { Ok(format!("{{{}}}", members.join(","))) } else { Err(wrong) }
}

#[cfg(test)]
mod tests;
