//! The evaluator, without a database: the table that both databases answer too, and its laws.

use std::cmp::Ordering;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{
    document::{Document, is_collection},
    filter::Filter,
    import,
    select::{Projection, Sort},
    update::Update,
    value::{compare, equal},
};

fn table() -> Value {
    serde_json::from_str(include_str!("../../../tests/models/records.json")).unwrap()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn find(case: &Value, documents: &[Value]) -> Result<(usize, Vec<Value>), String> {
    let filter = Filter::parse(&object(&case["filter"]))?;
    let sort = Sort::parse(&object(&case["sort"]))?;
    let projection = Projection::parse(&object(&case["projection"]))?;
    let mut found: Vec<_> = documents.iter().filter(|document| filter.matches(document)).collect();
    found.sort_by(|one, other| sort.compare(&sort.key(one), &sort.key(other)));
    let matched = found.len();
    found.truncate(case["limit"].as_u64().map_or(usize::MAX, |limit| limit.try_into().unwrap()));
    Ok((matched, found.into_iter().map(|document| projection.apply(document)).collect()))
}

#[test]
fn the_table_holds_in_memory() {
    let table = table();
    let documents = table["documents"].as_array().unwrap();
    for case in table["find"].as_array().unwrap() {
        let found = find(case, documents);
        match (case["refused"].as_str(), found) {
            (Some(says), Err(words)) => assert!(words.contains(says), "{case}: {words}"),
            (None, Ok((matched, found))) => {
                if let Some(gives) = case.get("gives") {
                    // As text: the order of fields counts.
                    assert_eq!(found.iter().map(Value::to_string).collect::<Vec<_>>(), [gives.to_string()], "{case}");
                    continue;
                }
                let ids: Vec<_> = found.iter().map(|document| &document["_id"]).collect();
                assert_eq!(json!(ids), case["ids"], "{case}");
                assert_eq!(matched, case["matched"].as_u64().map_or(ids.len(), |n| n.try_into().unwrap()), "{case}");
            }
            (_, found) => panic!("{case}: {found:?}"),
        }
    }
    for case in table["update"].as_array().unwrap() {
        let mut document = case["document"].clone();
        let updated = Update::parse(&object(&case["update"])).and_then(|update| update.apply(&mut document));
        match (case["refused"].as_str(), updated) {
            (Some(says), Err(words)) => assert!(words.contains(says), "{case}: {words}"),
            (None, Ok(())) => assert_eq!(document.to_string(), case["becomes"].to_string(), "{case}"),
            (_, updated) => panic!("{case}: {updated:?}"),
        }
    }
}

#[test]
fn values_of_all_kinds_have_one_order() {
    let sorted = [
        json!(null),
        json!(-1e300),
        json!(-5),
        json!(-0.5),
        json!(0),
        json!(0.5),
        json!(9007199254740992_u64),
        json!(9007199254740993_u64),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("A"),
        json!("a"),
        json!("é"),
        json!({}),
        json!({"a": 1}),
        json!({"a": 2}),
        json!({"a": 2, "b": 0}),
        json!({"b": 1}),
        json!({"a": "x"}),
        json!([]),
        json!([1]),
        json!([1, 0]),
        json!([2]),
        json!(false),
        json!(true),
    ];
    for (place, one) in sorted.iter().enumerate() {
        for (other_place, other) in sorted.iter().enumerate() {
            assert_eq!(compare(one, other), place.cmp(&other_place), "{one} and {other}");
        }
    }
    assert!(
        equal(&json!(1), &json!(1.0))
            && equal(&json!(0), &json!(-0.0))
            && equal(&json!([1, {"a": 2.0}]), &json!([1.0, {"a": 2}]))
    );
    assert!(!equal(&json!({"a": 1, "b": 2}), &json!({"b": 2, "a": 1})));
    assert!(!equal(&json!(u64::MAX), &json!(18446744073709551616.0)));
}

#[test]
fn filters_have_a_largest_size() {
    let many = |count: usize| object(&(0..count).map(|n| (format!("f{n}"), json!(1))).collect::<Map<_, _>>().into());
    assert!(Filter::parse(&many(100)).is_ok());
    assert!(Filter::parse(&many(101)).unwrap_err().contains("more than 100"));
    let within = json!({"$or": (0..60).map(|_| json!({"a": {"$gt": 1}})).collect::<Vec<_>>()});
    assert!(Filter::parse(&object(&within)).unwrap_err().contains("more than 100"));
    let values = |count: usize| object(&json!({"a": {"$in": vec![1; count]}}));
    assert!(Filter::parse(&values(1000)).is_ok() && Filter::parse(&values(1001)).is_err());
    let apart = json!({"a": {"$in": vec![1; 600]}, "b": {"$in": vec![1; 600]}});
    assert!(Filter::parse(&object(&apart)).unwrap_err().contains("all in a filter together"));
    let expressions = |count: usize, pattern: &str| {
        Filter::parse(&object(&json!({"$or": vec![json!({"s": {"$regex": pattern}}); count]})))
    };
    assert!(expressions(8, r"^(\w+)@example\.(com|org)$").is_ok());
    assert!(expressions(21, "a").unwrap_err().contains("more than 20 $regex"));
    assert!(expressions(1, r"[\s\S]{0,500}b").is_ok());
    assert!(expressions(20, r"[\s\S]{0,500}b").unwrap_err().contains("too large, by itself or with the others"));
    assert!(expressions(1, &"a".repeat(20_000)).unwrap_err().contains("at most 16384 bytes"));
    assert!(Filter::parse(&object(&json!({vec!["a"; 33].join("."): 1}))).is_err());
}

/// A pattern over which others spend ages is done with at once, over a long text.
#[test]
fn regular_expressions_take_no_longer_than_the_text() {
    let text = json!({"t": format!("{}!", "a".repeat(200_000))});
    let began = std::time::Instant::now();
    for pattern in ["^(a+)+$", "(x+x+)+y", "(a|a)*b", "(.*)*=(.*)*"] {
        assert!(!Filter::parse(&object(&json!({"t": {"$regex": pattern}}))).unwrap().matches(&text), "{pattern}");
    }
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn documents_are_kept_as_they_were_written() {
    let text = r#"{"_id":"x", "n": 1.0, "e":1e2,"big":12345678901234567890, "s":"\u0041"}"#;
    assert_eq!(Document::parse(text).unwrap().text, text);
    for (text, rest) in [("{}", "}"), (r#" { "n": 1.50 } "#, r#", "n": 1.50 }"#)] {
        let document = Document::parse(text).unwrap();
        assert_eq!(document.text, format!("{{\"_id\":\"{}\"{rest}", document.id));
        assert!(uuid::Uuid::parse_str(&document.id).is_ok());
        assert_eq!(serde_json::from_str::<Value>(&document.text).unwrap(), document.value);
    }
    let deep = |levels: usize| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
    assert!(Document::parse(&deep(60)).is_ok());
    for (wrong, says) in [
        ("[]", "no JSON object"),
        ("{", "cannot be read: EOF"),
        (r#"{"a":1,"a":2}"#, "twice"),
        (r#"{"_id":5}"#, "must be a string"),
        (r#"{"_id":""}"#, "1 to 200 bytes"),
        (r#"{"_id":"a\u0000"}"#, "control"),
        (&format!(r#"{{"_id":"{}"}}"#, "x".repeat(201)), "1 to 200 bytes"),
        (r#"{"$set":1}"#, "cannot be named"),
        (r#"{"a":[{"b.c":1}]}"#, "cannot be named"),
        (r#"{"":1}"#, "cannot be named"),
        (r#"{"a":[19.990000000000000000001]}"#, "number 19.990000000000000000001 would lose digits"),
        (&deep(61), "deeper than 60"),
        (&format!(r#"{{"a":"{}"}}"#, "x".repeat(512 * 1024)), "the most is 524288"),
    ] {
        let words = Document::parse(wrong).unwrap_err();
        assert!(words.contains(says), "{words}");
    }
    for (name, good) in
        [("orders", true), ("A-1_b", true), ("1a", false), ("", false), ("a.b", false), ("é", false), ("a b", false)]
    {
        assert_eq!(is_collection(name), good, "{name}");
    }
    assert!(is_collection(&"a".repeat(64)) && !is_collection(&"a".repeat(65)));
}

/// Lines and what came of them; ids that were given out are left out.
fn lines(read: impl Iterator<Item = import::Line>) -> Vec<(u64, Result<String, String>)> {
    let one = |line: import::Line| match line {
        Ok((line, mut document)) => {
            if uuid::Uuid::parse_str(&document.id).is_ok() {
                document.value.as_object_mut().unwrap().shift_remove("_id");
            }
            (line, Ok(document.value.to_string()))
        }
        Err(error) => (error.line, Err(error.why)),
    };
    read.map(one).collect()
}

#[test]
fn json_lines_are_read_with_their_numbers() {
    let read =
        lines(import::json_lines("\u{feff}{\"_id\":\"a\"}\r\n\n  \n{\"n\":1}\n[1]\n{\"n\":}\n{\"a\":1,\"a\":2}"));
    let found: Vec<_> = read.iter().map(|(line, read)| (*line, read.is_ok())).collect();
    assert_eq!(found, [(1, true), (4, true), (5, false), (6, false), (7, false)]);
    assert_eq!(read[1].1, Ok(r#"{"n":1}"#.to_owned()));
    assert_eq!(read[2].1, Err("It is no JSON object.".to_owned()));
    let long = lines(import::json_lines("{\"n\":12345678901234567890123}"));
    assert!(long[0].1.as_ref().is_err_and(|why| why.contains("12345678901234567890123 would lose digits")), "{long:?}");
    assert!(lines(import::json_lines("")).is_empty());
}

#[test]
fn csv_is_read_with_its_numbers_and_types() {
    let text = "\u{feff}_id, name ,n,ok\n7,\"Ann, \"\"A\"\"\ntwo\",1.50,true\nb,,007,no\n\nc,x\nd,1e3,12345678901234567890,false\n";
    let read = lines(import::csv(text).unwrap());
    assert_eq!(
        read,
        [
            (2, Ok(r#"{"_id":"7","name":"Ann, \"A\"\ntwo","n":1.5,"ok":true}"#.to_owned())),
            (4, Ok(r#"{"_id":"b","n":"007","ok":"no"}"#.to_owned())),
            (6, Err("It has 2 cells; the headings are 4.".to_owned())),
            (7, Ok(r#"{"_id":"d","name":1000.0,"n":12345678901234567890,"ok":false}"#.to_owned())),
        ]
    );
    let windows = lines(import::csv("a,b\r\n1,2\r\n\r\n3\r\n4,5\r\n").unwrap());
    let found: Vec<_> = windows.iter().map(|(line, read)| (*line, read.is_ok())).collect();
    assert_eq!(found, [(2, true), (4, false), (5, true)]);
    let semicolons = lines(import::csv("a;b\n1,5;x\n").unwrap());
    assert_eq!(semicolons, [(2, Ok(r#"{"a":"1,5","b":"x"}"#.to_owned()))]);
    // Digits that a number would lose stay as text.
    let long =
        lines(import::csv("n\n123456789012345678901234567890\n0.12345678901234567890123\n1e-400\n-0.30\n").unwrap());
    assert_eq!(long[0].1, Ok(r#"{"n":"123456789012345678901234567890"}"#.to_owned()));
    assert_eq!(long[1].1, Ok(r#"{"n":"0.12345678901234567890123"}"#.to_owned()));
    assert_eq!(long[2].1, Ok(r#"{"n":"1e-400"}"#.to_owned()));
    assert_eq!(long[3].1, Ok(r#"{"n":-0.3}"#.to_owned()));
    for (wrong, says) in
        [("", "no headings"), ("a,a\n1,2", "twice"), ("a,,b\n", "cannot be named"), ("a.b\n", "cannot be named")]
    {
        let error = import::csv(wrong).map(Iterator::count).unwrap_err();
        assert_eq!(error.line, 1);
        assert!(error.why.contains(says), "{wrong:?}: {error}");
    }
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..3).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-3.0..3.0_f64).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ab]{0,2}".prop_map(Value::from),
    ]
}

/// Values with few names, so that paths meet them.
fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[abc01]", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn path() -> impl Strategy<Value = String> {
    proptest::collection::vec("[abc01]", 1..4).prop_map(|steps| steps.join("."))
}

/// Anything that might be meant as a filter or an update.
fn nonsense() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        Just("$eq"),
        Just("$ne"),
        Just("$gt"),
        Just("$in"),
        Just("$regex"),
        Just("$options"),
        Just("$not"),
        Just("$exists"),
        Just("$and"),
        Just("$or"),
        Just("$set"),
        Just("$unset"),
        Just("$inc"),
        Just("a"),
        Just("a.b"),
        Just("a.0"),
        Just("_id"),
        Just(""),
        Just("$"),
    ];
    scalar().prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::vec((key.clone(), inner), 0..4)
                .prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn matches(filter: &Value, document: &Value) -> bool {
    Filter::parse(&object(filter)).unwrap().matches(document)
}

proptest! {
    #[test]
    fn the_order_is_one(a in value(), b in value(), c in value()) {
        prop_assert_eq!(compare(&a, &a), Ordering::Equal);
        prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
        let mut sorted = [&a, &b, &c];
        sorted.sort_by(|one, other| compare(one, other));
        prop_assert!(compare(sorted[0], sorted[1]).is_le() && compare(sorted[1], sorted[2]).is_le());
        prop_assert!(compare(sorted[0], sorted[2]).is_le());
    }

    #[test]
    fn operators_agree_with_one_another(document in value(), path in path(), wanted in value(), other in value()) {
        let is = |test: Value| matches(&json!({ &path: test }), &document);
        prop_assert_eq!(is(json!({"$eq": &wanted})), !is(json!({"$ne": &wanted})));
        prop_assert_eq!(is(json!({"$eq": &wanted})), is(json!({"$in": [&wanted]})));
        prop_assert_eq!(is(json!({"$in": [&wanted, &other]})), is(json!({"$eq": &wanted})) || is(json!({"$eq": &other})));
        prop_assert_eq!(is(json!({"$gte": &wanted})), is(json!({"$gt": &wanted})) || is(json!({"$eq": &wanted})));
        prop_assert_eq!(is(json!({"$lte": &wanted})), is(json!({"$lt": &wanted})) || is(json!({"$eq": &wanted})));
        prop_assert_eq!(is(json!({"$not": {"$gt": &wanted}})), !is(json!({"$gt": &wanted})));
        prop_assert_eq!(is(json!({"$exists": true})), !is(json!({"$exists": false})));
        let both = json!({"$and": [{&path: &wanted}, {&path: {"$ne": &other}}]});
        prop_assert_eq!(matches(&both, &document), is(json!({"$eq": &wanted})) && is(json!({"$ne": &other})));
    }

    #[test]
    fn what_was_set_is_found(document in value(), path in path(), wanted in value()) {
        let mut changed = json!({"_id": "x", "a": document});
        let before = changed.clone();
        let update = Update::parse(&object(&json!({"$set": {&path: &wanted}}))).unwrap();
        if update.apply(&mut changed).is_ok() {
            let found = |filter: Value| matches(&filter, &changed);
            let (exists, equals) = (found(json!({&path: {"$exists": true}})), found(json!({&path: &wanted})));
            prop_assert!(exists && equals);
            // Once more changes nothing more.
            let once = changed.clone();
            update.apply(&mut changed).unwrap();
            prop_assert_eq!(&once, &changed);
            prop_assert_eq!(&changed["_id"], &before["_id"]);
        }
    }

    #[test]
    fn a_projection_and_its_opposite_share_the_fields(document in value(), path in path()) {
        let document = json!({"_id": "x", "a": document});
        let apply = |wanted: u8| {
            let projection = Projection::parse(&object(&json!({&path: wanted}))).unwrap();
            projection.apply(&document)
        };
        let (with, without) = (apply(1), apply(0));
        prop_assert_eq!(&with["_id"], "x");
        prop_assert_eq!(&without["_id"], "x");
        let top = path.split('.').next().unwrap();
        if path == top {
            prop_assert!(without.get(top).is_none());
            prop_assert_eq!(with.get(top), document.get(top));
        }
    }

    #[test]
    fn nothing_that_is_asked_breaks_it(filter in nonsense(), document in value()) {
        let (asked, mut document) = (object(&filter), json!({"_id": "x", "a": document}));
        if let Ok(filter) = Filter::parse(&asked) {
            filter.matches(&document);
            filter.equalities();
        }
        if let Ok(projection) = Projection::parse(&asked) {
            projection.apply(&document);
        }
        if let Ok(sort) = Sort::parse(&asked) {
            sort.compare(&sort.key(&document), &sort.key(&filter));
        }
        if let Ok(update) = Update::parse(&asked) {
            let _ = update.apply(&mut document);
        }
    }

    #[test]
    fn no_file_breaks_the_import(text in "[a-c,;\"\n\r{}:0-9._$\\u{e9}]{0,80}") {
        import::json_lines(&text).count();
        if let Ok(rows) = import::csv(&text) {
            rows.count();
        }
    }
}
