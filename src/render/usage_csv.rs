//! What was used, for spreadsheets. A text that a spreadsheet would take for a formula stands behind an apostrophe, and
//! every text in quotes.

use csv::{QuoteStyle, WriterBuilder};

use crate::models::usage::UsageDay;

/// A row each, under a head.
///
/// # Errors
/// Never: it is written to memory.
pub fn draw(rows: &[UsageDay]) -> csv::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().quote_style(QuoteStyle::NonNumeric).from_writer(Vec::new());
    writer.write_record([
        "day",
        "email",
        "name",
        "provider",
        "model",
        "input_tokens",
        "output_tokens",
        "cached_tokens",
        "requests",
        "estimated_requests",
        "credits",
    ])?;
    for row in rows {
        writer.write_record([
            text(&row.day),
            text(row.email.as_deref().unwrap_or_default()),
            text(row.name.as_deref().unwrap_or_default()),
            text(&row.provider),
            text(&row.model),
            row.input_tokens.to_string(),
            row.output_tokens.to_string(),
            row.cached_tokens.to_string(),
            row.requests.to_string(),
            row.estimated_requests.to_string(),
            row.credits.to_string(),
        ])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A text that is none of a spreadsheet's formulas.
pub(super) fn text(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Credits, UserId};

    #[test]
    fn no_cell_is_a_formula() {
        for name in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a\"b,c"] {
            let row = UsageDay {
                day: "2026-01-01".into(),
                user_id: UserId::new(),
                email: None,
                name: Some(name.into()),
                provider: "openai".into(),
                model: "m".into(),
                input_tokens: 1,
                output_tokens: 2,
                cached_tokens: 3,
                requests: 4,
                estimated_requests: 5,
                credits: Credits(1_500_000),
            };
            let drawn = String::from_utf8(draw(&[row]).unwrap()).unwrap();
            let mut reader = csv::Reader::from_reader(drawn.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            let expected = if name.starts_with('a') { name.to_owned() } else { format!("'{name}") };
            assert_eq!((&record[2], &record[10]), (expected.as_str(), "1.5"), "{drawn}");
            assert!(drawn.contains(",1,2,3,4,5,1.5"), "{drawn}");
        }
    }
}
