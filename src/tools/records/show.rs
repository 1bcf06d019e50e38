//! What would change of documents, line by line, as it is shown to the person who decides. Each document has a heading
//! of its own; nothing in a document can look like one, since all that is in it is indented or a bracket.

use serde_json::Value;

use super::document::ID;
use crate::types::{Difference, DifferenceLine};

/// The most lines shown.
const MAX_LINES: usize = 3000;

/// The most bytes of text shown.
const MAX_BYTES: usize = 256 * 1024;

/// A document that would change.
pub(super) struct Changed<'a> {
    /// Its `_id`.
    pub id: &'a str,
    /// What it is.
    pub before: &'a Value,
    /// What it would be.
    pub after: &'a Value,
}

/// Documents that come, whole. What is too much to show is counted; the arguments hold it.
pub(super) fn coming<'a>(
    collection: &str,
    is_new: bool,
    documents: impl ExactSizeIterator<Item = &'a Value>,
) -> Difference {
    let mut lines = Lines::of(collection, is_new, documents.len());
    documents.for_each(|document| lines.added(document));
    lines.shown
}

/// Documents that change, each by the fields that do, and then one that comes. `Err` if that is too much to show: how
/// many documents can be.
pub(super) fn changing(
    collection: &str,
    is_new: bool,
    changed: &[Changed<'_>],
    added: Option<&Value>,
) -> Result<Difference, usize> {
    let mut lines = Lines::of(collection, is_new, changed.len() + usize::from(added.is_some()));
    for (before, document) in changed.iter().enumerate() {
        lines.changed(document);
        if lines.shown.omitted > 0 {
            return Err(before);
        }
    }
    if let Some(added) = added {
        lines.added(added);
    }
    if lines.shown.omitted > 0 { Err(changed.len()) } else { Ok(lines.shown) }
}

/// Whether two documents are the same to the order of their fields, which counts for filters.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len()
                && pairs.all(|((key, value), (other_key, other))| key == other_key && same(value, other))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => one == other,
    }
}

/// Lines within their bounds.
struct Lines {
    shown: Difference,
    bytes: usize,
}

impl Lines {
    fn of(collection: &str, is_new: bool, count: usize) -> Self {
        let mut lines = Self { shown: Difference { is_new, lines: Vec::new(), omitted: 0 }, bytes: 0 };
        let what = if count == 1 { "document" } else { "documents" };
        lines.heading(format!("{count} {what} of {collection}"));
        lines
    }

    /// What is left out is left out to the end.
    fn push(&mut self, bytes: usize, line: DifferenceLine) {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.shown.omitted > 0 || self.shown.lines.len() >= MAX_LINES || self.bytes > MAX_BYTES {
            self.shown.omitted += 1;
        } else {
            self.shown.lines.push(line);
        }
    }

    fn heading(&mut self, text: String) {
        self.push(text.len(), DifferenceLine::Same { text });
    }

    fn added(&mut self, document: &Value) {
        match document.get(ID) {
            Some(id) => self.heading(format!("{ID}: {id}")),
            None => self.heading("a new document, which gets an identifier when it comes".to_owned()),
        }
        for line in format!("{document:#}").lines() {
            self.push(line.len(), DifferenceLine::Added { text: line.to_owned() });
        }
    }

    fn changed(&mut self, document: &Changed<'_>) {
        self.heading(format!("{ID}: {}", Value::from(document.id)));
        self.fields("", document.before, document.after);
    }

    /// What differs at a path and below it.
    fn fields(&mut self, path: &str, before: &Value, after: &Value) {
        if same(before, after) {
            return;
        }
        let inner = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        match (before, after) {
            (Value::Object(old), Value::Object(new))
                if old
                    .keys()
                    .filter(|key| new.contains_key(*key))
                    .eq(new.keys().filter(|key| old.contains_key(*key))) =>
            {
                for (key, before) in old {
                    match new.get(key) {
                        Some(after) => self.fields(&inner(key), before, after),
                        None => self.goes(&inner(key), before),
                    }
                }
                for (key, after) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                    self.comes(&inner(key), after);
                }
            }
            (Value::Array(old), Value::Array(new)) => {
                for (place, (before, after)) in old.iter().zip(new).enumerate() {
                    self.fields(&inner(&place.to_string()), before, after);
                }
                for (place, before) in old.iter().enumerate().skip(new.len()) {
                    self.goes(&inner(&place.to_string()), before);
                }
                for (place, after) in new.iter().enumerate().skip(old.len()) {
                    self.comes(&inner(&place.to_string()), after);
                }
            }
            _ => {
                self.goes(path, before);
                self.comes(path, after);
            }
        }
    }

    fn goes(&mut self, path: &str, value: &Value) {
        let text = field(path, value);
        self.push(text.len(), DifferenceLine::Removed { text });
    }

    fn comes(&mut self, path: &str, value: &Value) {
        let text = field(path, value);
        self.push(text.len(), DifferenceLine::Added { text });
    }
}

/// A field on one line; its path in quotes, so that nothing in it looks like something else.
fn field(path: &str, value: &Value) -> String {
    format!("  {}: {value}", Value::from(path))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(shown: &Difference) -> Vec<String> {
        let one = |line: &DifferenceLine| match line {
            DifferenceLine::Same { text } => format!(" {text}"),
            DifferenceLine::Added { text } => format!("+{text}"),
            DifferenceLine::Removed { text } => format!("-{text}"),
            DifferenceLine::Gap { count } => format!("@{count}"),
        };
        shown.lines.iter().map(one).collect()
    }

    #[test]
    fn a_change_is_shown_by_the_fields_that_change() {
        for (before, after, shown) in [
            (json!({"a": 1, "b": 2}), json!({"a": 1, "b": 3}), &["-  \"b\": 2", "+  \"b\": 3"] as &[_]),
            (json!({"a": {"b": 1, "c": 2}}), json!({"a": {"c": 2}}), &["-  \"a.b\": 1"]),
            (json!({"a": 1}), json!({"a": 1, "x": {"y": [1, "é"]}}), &["+  \"x\": {\"y\":[1,\"é\"]}"]),
            (
                json!({"l": [1, {"x": 1}]}),
                json!({"l": [1, {"x": 2}, null]}),
                &["-  \"l.1.x\": 1", "+  \"l.1.x\": 2", "+  \"l.2\": null"],
            ),
            (json!({"l": [1, 2]}), json!({"l": [1]}), &["-  \"l.1\": 2"]),
            (json!({"n": 1}), json!({"n": 1.0}), &["-  \"n\": 1", "+  \"n\": 1.0"]),
            (
                json!({"o": {"a": 1, "b": 2}}),
                json!({"o": {"b": 2, "a": 1}}),
                &["-  \"o\": {\"a\":1,\"b\":2}", "+  \"o\": {\"b\":2,\"a\":1}"],
            ),
            (
                json!({"s": "x"}),
                json!({"s": "x\n_id: \"other\""}),
                &["-  \"s\": \"x\"", "+  \"s\": \"x\\n_id: \\\"other\\\"\""],
            ),
        ] {
            let changed = [Changed { id: "k\"\n", before: &before, after: &after }];
            let difference = changing("cust", false, &changed, None).unwrap();
            let headings = [" 1 document of cust", " _id: \"k\\\"\\n\""];
            assert_eq!(
                written(&difference),
                headings.iter().chain(shown).map(|line| (*line).to_owned()).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn what_comes_is_shown_whole_under_its_heading() {
        let documents = [json!({"_id": "a", "n": 1}), json!({"n": 2})];
        let shown = written(&coming("cust", true, documents.iter()));
        assert_eq!(shown[..3], [" 2 documents of cust", " _id: \"a\"", "+{"]);
        assert_eq!(shown[6..], [" a new document, which gets an identifier when it comes", "+{", "+  \"n\": 2", "+}"]);
    }

    #[test]
    fn what_changes_is_shown_whole_or_not_at_all() {
        let (before, after) = (json!({"n": 1}), json!({"n": 2}));
        let many = |count| (0..count).map(|_| Changed { id: "k", before: &before, after: &after }).collect::<Vec<_>>();
        // A line for all of them, and three for each.
        assert_eq!(
            changing("c", false, &many(999), None).map(|shown| (shown.lines.len(), shown.omitted)),
            Ok((2998, 0))
        );
        assert_eq!(changing("c", false, &many(1000), None), Err(999));
        assert_eq!(changing("c", false, &many(999), Some(&after)), Err(999));
        let long = json!({"n": "x".repeat(MAX_BYTES)});
        assert_eq!(changing("c", false, &[Changed { id: "k", before: &before, after: &long }], None), Err(0));
        // What comes is in the arguments as well.
        assert!(coming("c", false, vec![&before; 1000].into_iter()).omitted > 0);
    }
}
