//! What a schema becomes, and what is typed.

use serde_json::json;

use super::*;

fn typed(pairs: &[(&str, &str)], chosen: &[&str]) -> Typed {
    let (names, values) = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).unzip();
    let chosen: Vec<String> = chosen.iter().map(|text| text.to_string()).collect();
    Typed::new(names, values, &chosen, None)
}

fn whole(text: &str) -> Typed {
    Typed::new(Vec::new(), Vec::new(), &[], Some(text.to_owned()))
}

#[test]
fn a_tools_schema_becomes_fields_and_what_is_typed_arguments() {
    let schema = json!({
        "type": "object",
        "required": ["text", "n"],
        "properties": {
            "text": {"type": "string", "description": "What?", "maxLength": 1, "default": "left to the tool"},
            "n": {"type": "number"},
            "yes": {"type": "boolean"},
            "one": {"enum": ["a", 2, null]},
            "list": {"type": "array", "items": {"type": "string"}},
            "either": {"type": ["string", "number"]},
        },
    });
    let fields = of_tool(&schema).unwrap();
    assert_eq!(fields[0].description, "What?");
    let kinds: Vec<_> = fields.iter().map(|field| &field.kind).collect();
    let FieldKind::Choice(choices) = kinds[3] else { panic!("{kinds:?}") };
    assert_eq!(choices.iter().map(|choice| choice.value.as_str()).collect::<Vec<_>>(), ["\"a\"", "2", "null"]);
    assert_eq!(choices[0].shown, "a");
    assert!(matches!(kinds[..3], [FieldKind::Text(_), FieldKind::Number { .. }, FieldKind::Boolean]), "{kinds:?}");
    assert!(matches!(kinds[4..], [FieldKind::Json, FieldKind::Json]), "{kinds:?}");
    for (pairs, expected) in [
        (&[("text", "a\r\n\"b"), ("n", " 1.50 ")][..], Ok(r#"{"text":"a\n\"b","n":1.50}"#)),
        (&[("text", ""), ("n", "12345678901234567890123")], Ok(r#"{"text":"","n":12345678901234567890123}"#)),
        (
            &[("text", "x"), ("n", "1"), ("yes", "false"), ("one", "\"a\""), ("list", "[\"a\"]"), ("either", "2")],
            Ok(r#"{"text":"x","n":1,"yes":false,"one":"a","list":["a"],"either":2}"#),
        ),
        (&[("text", "x"), ("n", "")], Err((1, Wrong::Missing))),
        (&[("text", "x"), ("n", "1,5")], Err((1, Wrong::NoNumber))),
        (&[("text", "x"), ("n", "1}")], Err((1, Wrong::NoNumber))),
        (&[("text", "x"), ("n", "1"), ("list", "[")], Err((4, Wrong::NoJson))),
        (&[("text", "x"), ("n", "1"), ("list", "1,\"b\":2")], Err((4, Wrong::NoJson))),
        (&[("text", "x"), ("n", "1"), ("one", "3")], Err((3, Wrong::NoJson))),
        (&[("text", "x"), ("n", "1"), ("yes", "1")], Err((2, Wrong::NoJson))),
    ] {
        let expected = expected.map(str::to_owned).map_err(|(place, wrong)| vec![(Some(place), wrong)]);
        assert_eq!(composed(Some(&fields), &typed(pairs, &[])), expected, "{pairs:?}");
    }
}

fn question() -> Value {
    json!({
        "type": "object",
        "required": ["mail", "age", "some"],
        "properties": {
            "mail": {"type": "string", "format": "email", "title": "Mail"},
            "page": {"type": "string", "format": "uri"},
            "day": {"type": "string", "format": "date"},
            "time": {"type": "string", "format": "date-time"},
            "name": {"type": "string", "minLength": 2, "maxLength": 3, "default": "Ada"},
            "age": {"type": "integer", "minimum": 18, "maximum": 99},
            "size": {"type": "number", "minimum": 0.5, "default": 1.5},
            "yes": {"type": "boolean", "default": true},
            "one": {"type": "string", "oneOf": [{"const": "r", "title": "Red"}, {"const": "g"}], "default": "g"},
            "old": {"type": "string", "enum": ["a", "b"], "enumNames": ["A", "B"], "default": "none of these"},
            "some": {"type": "array", "minItems": 1, "maxItems": 2, "default": ["y"],
                "items": {"anyOf": [{"const": "x", "title": "X"}, {"const": "y", "title": "Y"}, {"const": "z", "title": "Z"}]}},
        },
    })
}

#[test]
fn what_a_server_asks_is_looked_at_field_by_field() {
    let fields = of_question(&question()).unwrap();
    let good = [("mail", " a@b.example "), ("age", "36")];
    let with = |pair: (&'static str, &'static str)| {
        let mut pairs: Vec<_> = good.iter().copied().filter(|(name, _)| *name != pair.0).collect();
        pairs.push(pair);
        composed(Some(&fields), &typed(&pairs, &["10:0", "10:2"]))
    };
    assert_eq!(with(("page", "")).unwrap(), r#"{"mail":"a@b.example","age":36,"some":["x","z"]}"#);
    for (name, text, wrong) in [
        ("mail", "", Wrong::Missing),
        ("mail", "a", Wrong::Not(TextFormat::Email)),
        ("mail", "a@", Wrong::Not(TextFormat::Email)),
        ("mail", "a b@c", Wrong::Not(TextFormat::Email)),
        ("mail", "a@b@c", Wrong::Not(TextFormat::Email)),
        ("page", "example", Wrong::Not(TextFormat::Uri)),
        ("day", "31.1.2026", Wrong::Not(TextFormat::Date)),
        ("day", "2026-02-30", Wrong::Not(TextFormat::Date)),
        ("time", "2026-01-31", Wrong::Not(TextFormat::DateTime)),
        ("name", "a", Wrong::TooShort(2)),
        ("name", "éééé", Wrong::TooLong(3)),
        ("age", "", Wrong::Missing),
        ("age", "x", Wrong::NoNumber),
        ("age", "36.5", Wrong::NotWhole),
        ("age", "17", Wrong::TooSmall(18.0)),
        ("age", "100", Wrong::TooLarge(99.0)),
        ("size", "0.4", Wrong::TooSmall(0.5)),
        ("yes", "perhaps", Wrong::NoJson),
        ("one", "\"b\"", Wrong::NoJson),
    ] {
        let place = fields.iter().position(|field| field.name == name);
        assert_eq!(with((name, text)), Err(vec![(place, wrong)]), "{name} {text}");
    }
    for (name, text) in [
        ("page", "https://x.example/a"),
        ("day", "2026-02-28"),
        ("time", "2026-01-31T12:00:00+01:00"),
        ("name", "ééé"),
        ("size", "0.50"),
    ] {
        assert!(with((name, text)).is_ok(), "{name} {text}");
    }
    for (chosen, wrong) in [
        (&[][..], Wrong::Missing),
        (&["10:0", "10:1", "10:2"], Wrong::TooMany(2)),
        (&["10:9", "x", "9:0"], Wrong::Missing),
    ] {
        assert_eq!(composed(Some(&fields), &typed(&good, chosen)), Err(vec![(Some(10), wrong)]), "{chosen:?}");
    }
    // Everything that is wrong is said at once.
    assert_eq!(composed(Some(&fields), &typed(&[], &[])).unwrap_err().len(), 3);
}

#[test]
fn what_stands_in_a_question_before_it_is_answered() {
    let fields = of_question(&question()).unwrap();
    let preset = |name: &str| fields.iter().find(|field| field.name == name).unwrap().preset.join(" ");
    for (name, expected) in [
        ("mail", ""),
        ("name", "Ada"),
        ("size", "1.5"),
        ("yes", "true"),
        ("one", "\"g\""),
        ("old", ""),
        ("some", "\"y\""),
    ] {
        assert_eq!(preset(name), expected, "{name}");
    }
    let FieldKind::Choice(choices) = &fields[8].kind else { panic!("{:?}", fields[8]) };
    assert_eq!(choices.iter().map(|choice| choice.shown.as_str()).collect::<Vec<_>>(), ["Red", "g"]);
}

#[test]
fn what_has_no_plain_fields_is_typed_as_json() {
    for schema in [json!({"type": "object"}), json!({"properties": {}}), json!({"properties": 3}), json!(true)] {
        assert!(of_tool(&schema).is_none() && of_question(&schema).is_none(), "{schema}");
    }
    assert_eq!(composed(None, &whole("{\"a\": 1.0}")).unwrap(), "{\"a\": 1.0}");
    assert_eq!(composed(None, &Typed::default()).unwrap(), "{}");
    for text in ["", "[]", "1", "{", "{} {}"] {
        assert_eq!(composed(None, &whole(text)), Err(vec![(None, Wrong::NoJson)]), "{text}");
    }
    let none = of_tool(&json!({"properties": {}, "additionalProperties": false}));
    assert_eq!(none.as_ref().map(Vec::len), Some(0));
    assert_eq!(composed(none.as_deref(), &whole("{\"a\": 1}")).unwrap(), "{}");
}
