//! A form made from a stranger's schema: of a tool that is tried out, of a server that asks.

use askama::Template;

use super::{PageContext, visible::visible};
use crate::types::schema_form::{Field, FieldKind, TextFormat, TextRule, Typed, Wrong};

/// A field with what stands in it.
#[derive(Clone, Debug)]
pub struct FieldView {
    /// The field.
    pub field: Field,
    /// What was typed or chosen; at first what the schema says.
    pub values: Vec<String>,
    /// What was wrong with it.
    pub error: Option<String>,
}

/// `forms/fields.html`
#[derive(Template)]
#[template(path = "forms/fields.html")]
struct Fields<'a> {
    ctx: &'a PageContext,
    /// What the ids of the fields begin with.
    id: &'a str,
    fields: &'a [FieldView],
}

/// The fields with what was typed in them and what was wrong with it; `None` where all of it is one JSON text. Without
/// anything typed they are as the schema says.
pub fn views(
    ctx: &PageContext,
    fields: Option<Vec<Field>>,
    typed: Option<&Typed>,
    wrong: &[(Option<usize>, Wrong)],
) -> Option<Vec<FieldView>> {
    let view = |(place, field): (usize, Field)| FieldView {
        values: typed.map_or_else(|| field.preset.clone(), |typed| typed.of(place, &field)),
        error: wrong.iter().find(|(of, _)| *of == Some(place)).map(|(_, wrong)| words(ctx, wrong)),
        field,
    };
    Some(fields?.into_iter().enumerate().map(view).collect())
}

/// What is wrong, in words.
pub fn words(ctx: &PageContext, wrong: &Wrong) -> String {
    match wrong.words() {
        (key, Some(bound)) => ctx.t1(key, "bound", bound).into_owned(),
        (key, None) => ctx.t(key).into_owned(),
    }
}

/// The fields as HTML.
pub fn drawn(ctx: &PageContext, id: &str, fields: &[FieldView]) -> String {
    super::conversation::draw(&Fields { ctx, id, fields })
}

impl FieldView {
    fn value(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or_default()
    }

    fn has(&self, value: &str) -> bool {
        self.values.iter().any(|known| known == value)
    }

    /// What it is called, with nothing hidden in it.
    fn label(&self) -> String {
        visible(if self.field.title.trim().is_empty() { &self.field.name } else { &self.field.title })
    }

    fn seen(&self, text: &str) -> String {
        visible(text)
    }

    /// The kind of box for a text of a format.
    fn input_type(&self, rule: &TextRule) -> Option<&'static str> {
        Some(match rule.format? {
            TextFormat::Email => "email",
            TextFormat::Uri => "url",
            TextFormat::Date => "date",
            // That of browsers knows no time zones.
            TextFormat::DateTime => "text",
        })
    }

    /// How it is to be typed.
    fn hint(&self, ctx: &PageContext) -> Option<String> {
        let key = match &self.field.kind {
            FieldKind::Json => "field-as-json",
            FieldKind::Text(TextRule { format: Some(TextFormat::DateTime), .. }) => "field-as-date-time",
            _ => return None,
        };
        Some(ctx.t(key).into_owned())
    }
}
