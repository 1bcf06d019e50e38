//! The arguments of a call: parsed once, then shown, hashed, stored and sent as that same text.
//!
//! The attack meant is the text that two readers read differently: a key that appears twice (one reader takes the
//! first, another the last), a number that changes when it is written again, a nesting that overflows a parser's
//! stack. What is refused here is never shown to anyone, so nobody approves one thing and runs another.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, value::RawValue};

use super::ToolError;

/// The most bytes that arguments may have: 1 MiB.
pub const MAX_BYTES: usize = 1024 * 1024;

/// The deepest nesting of objects and lists, the outermost object included.
pub const MAX_DEPTH: usize = 64;

/// Keys by which `serde_json` marks values of its own; a text that has one may be read as something else than it says.
const PRIVATE_KEYS: &str = "$serde_json::private::";

/// The arguments of one call: a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments {
    text: String,
    value: Value,
}

impl Arguments {
    /// Reads what a model (or a person, editing) wrote. Blanks around it are dropped, nothing at all is `{}`;
    /// otherwise the text is kept as it came. `Err` has the code `invalid_payload` and words for the model.
    pub fn parse(text: &str) -> Result<Self, ToolError> {
        if text.len() > MAX_BYTES {
            return Err(refused(format!("They have {} bytes; the most is {MAX_BYTES}.", text.len())));
        }
        let text = match text.trim_matches([' ', '\t', '\n', '\r']) {
            "" => "{}",
            text => text,
        };
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let value = Strict { depth: 0 }
            .deserialize(&mut deserializer)
            .and_then(|value| deserializer.end().map(|()| value))
            .map_err(|error| refused(format!("They are not JSON that can be accepted: {error}.")))?;
        let kind = match &value {
            Value::Object(_) => return Ok(Self { text: text.to_owned(), value }),
            Value::Array(_) => "a list",
            Value::String(_) => "a string",
            Value::Number(_) => "a number",
            Value::Bool(_) => "a boolean",
            Value::Null => "null",
        };
        Err(refused(format!("They must be a JSON object, but are {kind}.")))
    }

    /// The text as it came: exactly this is shown, hashed, stored and sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same as a value, for looking at and for checking against a schema; never written out again in place of
    /// the text, since numbers may lose digits here.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Whether both say the same: blanks, the order of keys and the ways to write a character aside. Numbers are the
    /// same only as they are written: a reader may see digits that another one loses.
    pub fn means_the_same(&self, other: &Self) -> bool {
        self.text == other.text || canonical(&self.text).is_some_and(|one| canonical(&other.text) == Some(one))
    }

    /// The keys whose values differ, or which only one has, sorted.
    pub fn changed_keys(&self, other: &Self) -> Vec<String> {
        let (Some(Canonical::Object(one)), Some(Canonical::Object(two))) =
            (canonical(&self.text), canonical(&other.text))
        else {
            return Vec::new();
        };
        let keys: BTreeSet<&String> = one.keys().chain(two.keys()).collect();
        keys.into_iter().filter(|key| one.get(*key) != two.get(*key)).cloned().collect()
    }

    /// Reads the text into a type. `Err` has the code `invalid_payload`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ToolError> {
        serde_json::from_str(&self.text).map_err(|error| refused(format!("They do not fit the tool: {error}.")))
    }
}

fn refused(why: String) -> ToolError {
    ToolError::new("invalid_payload", format!("The arguments cannot be used. {why}"))
}

/// What a text means, for comparing.
#[derive(PartialEq)]
enum Canonical {
    Object(BTreeMap<String, Canonical>),
    List(Vec<Canonical>),
    Text(String),
    /// A number, a boolean or null, as it is written.
    Bare(String),
}

/// `None` if the text is no JSON, which arguments never are. Its depth is bounded: the text was read before.
fn canonical(text: &str) -> Option<Canonical> {
    let text = text.trim_matches([' ', '\t', '\n', '\r']);
    Some(match text.as_bytes().first()? {
        b'{' => {
            let entries: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
            let entries = entries.into_iter().map(|(key, value)| Some((key, canonical(value.get())?)));
            Canonical::Object(entries.collect::<Option<_>>()?)
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            Canonical::List(items.into_iter().map(|item| canonical(item.get())).collect::<Option<_>>()?)
        }
        b'"' => Canonical::Text(serde_json::from_str(text).ok()?),
        _ => Canonical::Bare(text.to_owned()),
    })
}

/// Reads any JSON value, but no key twice and nothing too deep.
#[derive(Clone, Copy)]
struct Strict {
    /// How many objects and lists are around this value.
    depth: usize,
}

impl Strict {
    fn inside<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format_args!("it is nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is too large"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let shown = || key.chars().take(64).collect::<String>();
            if object.contains_key(&key) {
                return Err(de::Error::custom(format_args!("the key {:?} appears twice", shown())));
            }
            if key.starts_with(PRIVATE_KEYS) {
                return Err(de::Error::custom(format_args!("the key {:?} is reserved", shown())));
            }
            let value = entries.next_value_seed(inside)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_text_is_kept_as_it_came() {
        for text in [
            "{}",
            r#"{"a":1.0,"b":1e2,"c":12345678901234567890,"d":-0.0,"e":123456789012345678901234567890}"#,
            r#"{ "z" : 1,  "a" : [ true , null ] }"#,
            r#"{"a":"\u0041\/\u202e","é":"é"}"#,
        ] {
            assert_eq!(Arguments::parse(text).unwrap().as_str(), text);
            assert_eq!(Arguments::parse(&format!("\n\t {text}\r\n")).unwrap().as_str(), text);
        }
        for nothing in ["", "  \n"] {
            assert_eq!(Arguments::parse(nothing).unwrap().as_str(), "{}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        let deep = |levels: usize| format!("{}{}{}", r#"{"a":"#.repeat(levels), 1, "}".repeat(levels));
        assert!(Arguments::parse(&deep(MAX_DEPTH)).is_ok());
        let lists = |levels: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
        assert!(Arguments::parse(&lists(MAX_DEPTH - 1)).is_ok());
        let sized = |bytes: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - 8));
        assert!(Arguments::parse(&sized(MAX_BYTES)).is_ok());
        for (text, says) in [
            (r#"{"a":1,"a":2}"#, "twice"),
            (r#"{"a":1,"\u0061":1}"#, "twice"),
            (r#"{"x":{"y":[{"b":1,"b":1}]}}"#, "twice"),
            (&deep(MAX_DEPTH + 1), "nested deeper than 64"),
            (&lists(MAX_DEPTH), "nested deeper than 64"),
            (&"[".repeat(500_000), "nested deeper than 64"),
            (&sized(MAX_BYTES + 1), "1048577 bytes"),
            (r#"{"$serde_json::private::RawValue":"{\"a\":1,\"a\":2}"}"#, "reserved"),
            (r#"{"x":{"$serde_json::private::Number":"1"}}"#, "reserved"),
            ("[]", "a list"),
            ("\"{}\"", "a string"),
            ("1", "a number"),
            ("true", "a boolean"),
            ("null", "null"),
            ("{", "EOF"),
            ("{} {}", "trailing"),
            (r#"{"a":1e999}"#, "out of range"),
            (r#"{"a":NaN}"#, "expected"),
            (r#"{"a":01}"#, "number"),
            (r#"{"a":1,}"#, "trailing comma"),
            (r#"{'a':1}"#, "key must be a string"),
            (r#"{"a":"\ud800"}"#, "escape"),
            ("{\"a\":\"\u{0}\"}", "control character"),
            ("\u{feff}{}", "expected"),
            ("\u{a0}{}", "expected"),
        ] {
            let error = Arguments::parse(text).unwrap_err();
            assert_eq!(error.code, "invalid_payload");
            assert!(error.message.contains(says), "{} does not say {says}", error.message);
            assert!(error.message.len() < 400, "{} bytes of words", error.message.len());
        }
    }

    #[test]
    fn are_read_into_a_type() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Wanted {
            count: u64,
        }
        let read = |text| Arguments::parse(text).unwrap().read::<Wanted>();
        assert_eq!(read(r#"{"count":18446744073709551615}"#), Ok(Wanted { count: u64::MAX }));
        for text in ["{}", r#"{"count":"1"}"#, r#"{"count":-1}"#] {
            assert_eq!(read(text).unwrap_err().code, "invalid_payload");
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        scalar.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::hash_map(any::<String>(), inner, 0..5)
                    .prop_map(|object| Value::Object(object.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn mean_what_any_reader_of_json_says_they_mean(value in any_value()) {
            let text = serde_json::json!({ "value": value }).to_string();
            let arguments = Arguments::parse(&text).unwrap();
            prop_assert_eq!(arguments.as_str(), &text);
            prop_assert_eq!(arguments.value(), &serde_json::from_str::<Value>(&text).unwrap());
        }

        #[test]
        fn never_panic(text in any::<String>()) {
            let _ = Arguments::parse(&text);
        }
    }

    #[test]
    fn what_means_the_same() {
        let read = |text| Arguments::parse(text).unwrap();
        let asked = r#"{"path":"a/b","n":[1,2.0],"o":{"x":"é","y":null}}"#;
        for same in [asked, "{ \"n\" : [ 1 , 2.0 ], \"path\": \"a\\/b\",\n\"o\":{\"y\":null,\"x\":\"\\u00e9\"} }"] {
            assert!(read(asked).means_the_same(&read(same)), "{same}");
            assert!(read(asked).changed_keys(&read(same)).is_empty());
        }
        for (other, changed) in [
            (r#"{"path":"a/c","n":[1,2.0],"o":{"x":"é","y":null}}"#, "path"),
            (r#"{"path":"a/b","n":[2.0,1],"o":{"x":"é","y":null}}"#, "n"),
            (r#"{"path":"a/b","n":[1,2],"o":{"x":"é","y":null}}"#, "n"),
            (r#"{"path":"a/b","n":[1,2.0],"o":{"x":"é"}}"#, "o"),
            (r#"{"path":"a/b","n":[1,2.0],"o":{"x":"é","y":false}}"#, "o"),
            (r#"{"path":"a/b","n":["1",2.0],"o":{"x":"é","y":null},"more":1}"#, "more, n"),
            ("{}", "n, o, path"),
        ] {
            assert!(!read(asked).means_the_same(&read(other)), "{other}");
            assert_eq!(read(asked).changed_keys(&read(other)).join(", "), changed);
        }
        // To a reader of floating-point numbers these are one.
        let (one, other) = (read(r#"{"n":12345678901234567890123}"#), read(r#"{"n":12345678901234567890124}"#));
        assert!(!one.means_the_same(&other));
    }
}
