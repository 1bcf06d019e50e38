//! How much work it is to hold a value against a stranger's schema, found out beforehand.
//!
//! The attack meant is the small schema that means endless work: references that double at each step, or that meet
//! themselves twice at each level of the value. Nothing can interrupt such a check once it runs, so it is not begun.
//! What is counted is an upper bound: every subschema that may be asked is, none is passed over because another failed.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// The most steps of one check: some tens of milliseconds.
const MOST_STEPS: u64 = 1_000_000;

/// The most pairs of a subschema and a part of the value that are looked at to know it.
const MOST_PAIRS: usize = 200_000;

/// The deepest way through references and subschemas: a schema of 32 levels over a value of 64 is far below.
const DEEPEST: usize = 4_000;

/// Keywords with one subschema, with a list and with a map of them, which are asked of the same value.
const HERE: [&str; 4] = ["not", "if", "then", "else"];
const HERE_LISTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];
const HERE_MAPS: [&str; 2] = ["dependentSchemas", "dependencies"];
/// The same for what is asked of every part of the value.
const PARTS: [&str; 8] = [
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "items",
    "additionalItems",
    "unevaluatedItems",
    "contains",
    "contentSchema",
];
const PARTS_LISTS: [&str; 2] = ["items", "prefixItems"];

/// Whether such a check would be too much work, or might never end: to make the schema ready, with every reference
/// followed, or to hold the value against it.
pub(super) fn is_too_much(schema: &Value, value: &Value) -> bool {
    let mut counting =
        Counting { root: schema, anchors: HashMap::new(), unfolded: HashMap::new(), known: HashMap::new() };
    counting.note_anchors(schema, 0);
    counting.size(schema, 0).is_none() || counting.steps(schema, value, 0).is_none()
}

struct Counting<'a> {
    root: &'a Value,
    /// Subschemas by the name that they give themselves; of several of one name all are meant.
    anchors: HashMap<&'a str, Vec<&'a Value>>,
    /// Subschemas of a subschema with its references followed; `None` while that is being found out.
    unfolded: HashMap<*const Value, Option<u64>>,
    /// Steps of a subschema over a part of the value, by where both stand in memory; `None` while it is being found out.
    known: HashMap<(*const Value, *const Value), Option<u64>>,
}

impl<'a> Counting<'a> {
    fn note_anchors(&mut self, schema: &'a Value, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match schema {
            Value::Object(entries) => {
                for key in ["$anchor", "$dynamicAnchor", "$id", "id"] {
                    if let Some(name) = entries.get(key).and_then(Value::as_str) {
                        self.anchors.entry(name.trim_start_matches('#')).or_default().push(schema);
                    }
                }
                entries.values().for_each(|value| self.note_anchors(value, depth + 1));
            }
            Value::Array(items) => items.iter().for_each(|value| self.note_anchors(value, depth + 1)),
            _ => {}
        }
    }

    /// How many subschemas there are when references are followed; one that leads back counts once. `None` where it is
    /// too many.
    fn size(&mut self, schema: &'a Value, depth: usize) -> Option<u64> {
        let Value::Object(entries) = schema else { return Some(1) };
        match self.unfolded.get(&std::ptr::from_ref(schema)) {
            Some(size) => return Some(size.unwrap_or(1)),
            None if depth > DEEPEST => return None,
            None => {}
        }
        self.unfolded.insert(schema, None);
        let mut size = 1_u64;
        let one = HERE.iter().chain(&PARTS).filter_map(|key| entries.get(*key));
        let lists = HERE_LISTS.iter().chain(&PARTS_LISTS).filter_map(|key| entries.get(*key)?.as_array()).flatten();
        let maps = HERE_MAPS.iter().chain(&["properties", "patternProperties"]);
        let maps = maps.filter_map(|key| entries.get(*key)?.as_object()).flat_map(Map::values);
        for inner in self.referred(entries)?.into_iter().chain(one).chain(lists).chain(maps) {
            size = size.saturating_add(self.size(inner, depth + 1)?);
        }
        if size > MOST_STEPS {
            return None;
        }
        self.unfolded.insert(schema, Some(size));
        Some(size)
    }

    /// `None` where there is no end to it, or it is too much.
    fn steps(&mut self, schema: &'a Value, value: &Value, depth: usize) -> Option<u64> {
        let Value::Object(entries) = schema else { return Some(1) };
        let pair = (std::ptr::from_ref(schema), std::ptr::from_ref(value));
        match self.known.get(&pair) {
            Some(Some(steps)) => return Some(*steps),
            // It asks itself of the same value: the library ends that, at once.
            Some(None) => return Some(1),
            None => {}
        }
        if depth > DEEPEST || self.known.len() >= MOST_PAIRS {
            return None;
        }
        self.known.insert(pair, None);
        let mut steps = 1_u64.saturating_add(u64::try_from(entries.len()).ok()?);
        let mut add = |more: u64| steps = steps.saturating_add(more);
        for target in self.referred(entries)? {
            add(self.steps(target, value, depth + 1)?);
        }
        for key in HERE {
            if let Some(inner) = entries.get(key) {
                add(self.steps(inner, value, depth + 1)?);
            }
        }
        for key in HERE_LISTS {
            for inner in entries.get(key).and_then(Value::as_array).into_iter().flatten() {
                add(self.steps(inner, value, depth + 1)?);
            }
        }
        for key in HERE_MAPS {
            for inner in entries.get(key).and_then(Value::as_object).into_iter().flat_map(Map::values) {
                add(self.steps(inner, value, depth + 1)?);
            }
        }
        for (name, part) in parts(value) {
            for (key, inner) in entries.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if name == Some(key.as_str()) {
                    add(self.steps(inner, part, depth + 1)?);
                }
            }
            for inner in entries.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::values) {
                add(self.steps(inner, part, depth + 1)?);
            }
            for key in PARTS {
                if let Some(inner) = entries.get(key) {
                    add(self.steps(inner, part, depth + 1)?);
                }
            }
            for key in PARTS_LISTS {
                for inner in entries.get(key).and_then(Value::as_array).into_iter().flatten() {
                    add(self.steps(inner, part, depth + 1)?);
                }
            }
        }
        // Beyond that it does not matter by how much.
        if steps > MOST_STEPS {
            return None;
        }
        self.known.insert(pair, Some(steps));
        Some(steps)
    }

    /// What a schema refers to. A reference that is not found here is found nowhere: the schema is wrong, which is told
    /// when it is made ready.
    fn referred(&self, entries: &'a Map<String, Value>) -> Option<Vec<&'a Value>> {
        let mut found = Vec::new();
        for key in ["$ref", "$dynamicRef", "$recursiveRef"] {
            let Some(reference) = entries.get(key).and_then(Value::as_str) else { continue };
            let (before, after) = reference.split_once('#').unwrap_or((reference, ""));
            if !before.is_empty() {
                // By an id given within; which of its parts is meant is not looked at, so it may be all of it.
                found.extend(self.anchors.get(before).into_iter().flatten().copied());
            }
            if after.is_empty() {
                found.push(self.root);
                continue;
            }
            let decoded = percent_encoding::percent_decode_str(after).decode_utf8().ok()?;
            match self.root.pointer(&decoded) {
                Some(target) => found.push(target),
                None => found.extend(self.anchors.get(&*decoded).into_iter().flatten().copied()),
            }
        }
        Some(found)
    }
}

/// The parts of a value, those of an object with their names.
fn parts(value: &Value) -> impl Iterator<Item = (Option<&str>, &Value)> {
    let entries = value.as_object().into_iter().flatten().map(|(name, part)| (Some(name.as_str()), part));
    let items = value.as_array().into_iter().flatten().map(|part| (None, part));
    entries.chain(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn chain(steps: usize, each: impl Fn(Value) -> Value) -> Value {
        let mut defs = Map::new();
        for step in 0..steps {
            defs.insert(format!("l{step}"), each(json!({"$ref": format!("#/$defs/l{}", step + 1)})));
        }
        defs.insert(format!("l{steps}"), json!({"type": "string"}));
        json!({"type": "object", "$defs": defs, "properties": {"a": {"$ref": "#/$defs/l0"}}})
    }

    #[test]
    fn what_doubles_is_too_much_and_what_people_write_is_not() {
        let doubling = chain(26, |next| json!({"allOf": [next, next]}));
        assert!(is_too_much(&doubling, &json!({"a": "x"})));
        assert!(is_too_much(&doubling, &json!({})), "it would have to be made ready");
        let tenfold = chain(20, |next| json!({"anyOf": vec![next; 10]}));
        assert!(is_too_much(&tenfold, &json!({"a": "x"})));
        assert!(!is_too_much(&chain(30, |next| json!({"allOf": [next]})), &json!({"a": "x"})));

        // It meets itself twice at each level of the value.
        let twice = json!({"properties": {"a": {"allOf": [{"$ref": "#"}, {"$ref": "#"}]}}});
        let deep = (0..40).fold(json!({}), |inner, _| json!({"a": inner}));
        assert!(is_too_much(&twice, &deep));
        let named = json!({"$dynamicAnchor": "n", "items": {"anyOf": [{"$dynamicRef": "#n"}, {"$dynamicRef": "#n"}]}});
        assert!(is_too_much(&named, &(0..40).fold(json!([]), |inner, _| json!([inner]))));

        let tree = json!({"$defs": {"node": {"type": "object", "properties": {
            "left": {"$ref": "#/$defs/node"}, "right": {"$ref": "#/$defs/node"}, "not": {"$ref": "#/$defs/node"}}}},
            "$ref": "#/$defs/node"});
        let balanced = (0..10).fold(json!({}), |inner, _| json!({"left": inner, "right": inner}));
        assert!(!is_too_much(&tree, &balanced));
        let rows = json!({"items": {"properties": {"n": {"type": "number"}}, "required": ["n"]}});
        assert!(!is_too_much(&rows, &Value::Array(vec![json!({"n": 1}); 5_000])));
        for circle in [json!({"$ref": "#"}), json!({"anyOf": [{"$ref": "#"}]}), json!(true)] {
            assert!(!is_too_much(&circle, &json!({"a": 1})), "{circle}");
        }
    }
}
