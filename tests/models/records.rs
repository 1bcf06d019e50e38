//! Records: the table of the evaluator on both databases, effects that happen once, and limits.

use futures_util::StreamExt as _;
use sayso::{
    models::{
        record::{self, NewRecord, Refused},
        tool_call,
    },
    tools::{
        Arguments, Tool, ToolContext, ToolError, ToolEvent,
        records::{RecordsFind, RecordsInsert, RecordsUpdate, Store},
    },
    types::{DifferenceLine, Preview, ToolCallId, ToolCallState},
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{
    calls::{call_of, turn_of},
    *,
};

const MOST: u64 = 1 << 20;

struct Tools {
    find: RecordsFind,
    insert: RecordsInsert,
    update: RecordsUpdate,
}

fn tools(db: &Database, most: u64) -> Tools {
    let store = Store::new(db.clone(), most);
    Tools {
        find: RecordsFind::new(store.clone()),
        insert: RecordsInsert::new(store.clone()),
        update: RecordsUpdate::new(store),
    }
}

fn context(owner: Owner) -> ToolContext {
    ToolContext {
        tenant: owner.tenant,
        tenant_slug: "here".into(),
        user: owner.user,
        call: None,
        within: None,
        elicit: std::sync::Arc::new(sayso::tools::mcp::Decline),
    }
}

/// A context of a call that is stored, as when a turn runs it.
async fn call(world: &World) -> ToolContext {
    let mut tx = world.db.write(world.ann.tenant).await.unwrap();
    let turn = turn_of(&mut tx, world.ann).await;
    let call = call_of(&turn, ToolCallState::Running);
    tool_call::insert(&mut tx, &call).await.unwrap();
    tx.commit().await.unwrap();
    ToolContext { call: Some(call.id), ..context(world.ann) }
}

fn arguments(value: &Value) -> Arguments {
    Arguments::parse(&value.to_string()).unwrap()
}

async fn run(
    tool: &dyn Tool,
    context: &ToolContext,
    value: &Value,
    precondition: Option<&str>,
) -> Result<Value, ToolError> {
    let mut events = tool.run(context, &arguments(value), precondition, CancellationToken::new());
    let Some(ToolEvent::Finished(ended)) = events.next().await else { panic!("no end") };
    ended.map(|result| serde_json::from_str(&result.text).unwrap())
}

/// Looks and runs, as a turn does after an approval.
async fn approved(tool: &dyn Tool, context: &ToolContext, value: &Value) -> Result<Value, ToolError> {
    let preview = tool.preview(context, &arguments(value)).await?;
    run(tool, context, value, preview.precondition.as_deref()).await
}

fn lines(preview: &Preview) -> Vec<String> {
    let one = |line: &DifferenceLine| match line {
        DifferenceLine::Same { text } => format!(" {text}"),
        DifferenceLine::Added { text } => format!("+{text}"),
        DifferenceLine::Removed { text } => format!("-{text}"),
        DifferenceLine::Gap { count } => format!("@{count}"),
    };
    preview.difference.as_ref().unwrap().lines.iter().map(one).collect()
}

async fn all(tools: &Tools, owner: Owner, collection: &str) -> Value {
    approved(&tools.find, &context(owner), &json!({"collection": collection})).await.unwrap()["documents"].clone()
}

both! {
    async fn the_table_holds(backend) {
        let world = World::new(backend).await;
        let tools = tools(&world.db, MOST);
        let table: Value = serde_json::from_str(include_str!("records.json")).unwrap();
        let insert = json!({"collection": "people", "documents": table["documents"]});
        approved(&tools.insert, &context(world.ann), &insert).await.unwrap();
        for case in table["find"].as_array().unwrap() {
            let mut wanted = json!({"collection": "people", "limit": 200});
            for part in ["filter", "sort", "projection", "limit"] {
                if let Some(value) = case.get(part) {
                    wanted[part] = value.clone();
                }
            }
            match (case["refused"].as_str(), approved(&tools.find, &context(world.ann), &wanted).await) {
                (Some(says), Err(error)) => assert!(error.message.contains(says), "{case}: {error}"),
                (None, Ok(found)) => match case.get("gives") {
                    Some(gives) => assert_eq!(found["documents"].to_string(), json!([gives]).to_string(), "{case}"),
                    None => {
                        let ids: Vec<_> =
                            found["documents"].as_array().unwrap().iter().map(|one| one["_id"].clone()).collect();
                        assert_eq!(json!(ids), case["ids"], "{case}");
                        let matched = case.get("matched").cloned().unwrap_or(json!(ids.len()));
                        assert_eq!(found["matched"], matched, "{case}");
                    }
                },
                (_, found) => panic!("{case}: {found:?}"),
            }
        }
        for (n, case) in table["update"].as_array().unwrap().iter().enumerate() {
            let collection = format!("update-{n}");
            let insert = json!({"collection": collection, "documents": [case["document"]]});
            approved(&tools.insert, &context(world.ann), &insert).await.unwrap();
            let update = json!({"collection": collection, "filter": {}, "update": case["update"]});
            let updated = approved(&tools.update, &context(world.ann), &update).await;
            let now = all(&tools, world.ann, &collection).await;
            match (case["refused"].as_str(), updated) {
                (Some(says), Err(error)) => {
                    assert!(error.message.contains(says), "{case}: {error}");
                    assert_eq!(now, json!([case["document"]]), "{case}");
                }
                (None, Ok(_)) => assert_eq!(now.to_string(), json!([case["becomes"]]).to_string(), "{case}"),
                (_, updated) => panic!("{case}: {updated:?}"),
            }
        }
    }

    async fn documents_are_kept_as_written_and_in_their_order(backend) {
        let world = World::new(backend).await;
        let tools = tools(&world.db, MOST);
        let text = r#"{"collection":"c","documents":[{"_id":"z","n":1.0,"e":1e2},{"n": 12345678901234567890},{"_id":"a"}]}"#;
        let arguments = Arguments::parse(text).unwrap();
        let mut events = tools.insert.run(&context(world.ann), &arguments, None, CancellationToken::new());
        let Some(ToolEvent::Finished(Ok(answer))) = events.next().await else { panic!("no end") };
        let answer: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(answer["inserted"], 3);
        let given = answer["ids"][1].as_str().unwrap();
        let find = Arguments::parse(r#"{"collection":"c"}"#).unwrap();
        let mut events = tools.find.run(&context(world.ann), &find, None, CancellationToken::new());
        let Some(ToolEvent::Finished(Ok(found))) = events.next().await else { panic!("no end") };
        let documents = [
            r#"{"_id":"z","n":1.0,"e":1e2}"#.to_owned(),
            format!(r#"{{"_id":"{given}","n": 12345678901234567890}}"#),
            r#"{"_id":"a"}"#.to_owned(),
        ];
        assert_eq!(found.text, format!("{{\"matched\":3,\"given\":3,\"documents\":[\n{}\n]}}", documents.join(",\n")));
        // More than one page, in the order in which they came.
        for batch in 0..3 {
            let documents: Vec<_> = (0..600).map(|n| json!({"n": batch * 600 + n})).collect();
            approved(&tools.insert, &context(world.ann), &json!({"collection": "many", "documents": documents})).await.unwrap();
        }
        let last = json!({"collection": "many", "filter": {"n": {"$gte": 1700}}, "projection": {"_id": 0, "n": 1}, "limit": 200});
        let found = approved(&tools.find, &context(world.ann), &last).await.unwrap();
        let numbers: Vec<_> = found["documents"].as_array().unwrap().iter().map(|one| one["n"].as_i64().unwrap()).collect();
        assert_eq!(numbers, (1700..1800).collect::<Vec<_>>());
        let mut tx = world.db.read(ALL).await.unwrap();
        let there: Vec<_> = record::collections(&mut tx, world.ann.tenant).await.unwrap();
        let counted: Vec<_> = there.iter().map(|one| (one.name.as_str(), one.documents)).collect();
        assert_eq!(counted, [("c", 3), ("many", 1800)]);
        for collection in &there {
            let bytes = count_bytes(&mut tx, &collection.name).await;
            assert_eq!(collection.bytes, bytes, "{}", collection.name);
        }
    }

    async fn a_tenant_sees_its_own_alone(backend) {
        let world = World::new(backend).await;
        let tools = tools(&world.db, MOST);
        let insert = json!({"collection": "secret", "documents": [{"_id": "x", "n": 1}]});
        approved(&tools.insert, &context(world.ann), &insert).await.unwrap();
        assert_eq!(all(&tools, world.bob, "secret").await, json!([{"_id": "x", "n": 1}]));
        let update = json!({"collection": "secret", "filter": {}, "update": {"$set": {"n": 2}}});
        for (tool, wanted) in [(&tools.find as &dyn Tool, json!({"collection": "secret"})), (&tools.update, update.clone())] {
            let error = approved(tool, &context(world.eve), &wanted).await.unwrap_err();
            assert!(error.message.contains("no collection “secret”. There are none yet"), "{error}");
        }
        let upsert = json!({"collection": "secret", "filter": {"_id": "x"}, "update": {"$set": {"n": 2}}, "upsert": true});
        approved(&tools.update, &context(world.eve), &upsert).await.unwrap();
        assert_eq!(all(&tools, world.eve, "secret").await, json!([{"_id": "x", "n": 2}]));
        assert_eq!(all(&tools, world.ann, "secret").await, json!([{"_id": "x", "n": 1}]));
        for smuggled in [json!({"collection": "secret", "tenant": world.ann.tenant}), json!({"collection": "../secret"})] {
            let error = approved(&tools.find, &context(world.eve), &smuggled).await.unwrap_err();
            assert_eq!(error.code, "invalid_payload");
        }
        let mut tx = world.db.read(world.eve.tenant).await.unwrap();
        assert!(record::find(&mut tx, world.eve.tenant, "secret", "x").await.unwrap().unwrap().document.contains('2'));
    }

    async fn an_update_is_shown_and_holds_only_for_what_was_shown(backend) {
        let world = World::new(backend).await;
        let tools = tools(&world.db, MOST);
        let ann = context(world.ann);
        let documents = json!([{"_id": "a", "n": 1, "k": "x"}, {"_id": "b", "n": 2, "k": "x"}, {"_id": "c", "n": 3}]);
        let insert = json!({"collection": "c", "documents": documents});
        let preview = tools.insert.preview(&ann, &arguments(&insert)).await.unwrap();
        assert_eq!((preview.target.as_deref(), preview.difference.as_ref().unwrap().is_new), (Some("c"), true));
        assert_eq!(lines(&preview)[..4], [" 3 documents of c", " _id: \"a\"", "+{", "+  \"_id\": \"a\","]);
        approved(&tools.insert, &ann, &insert).await.unwrap();

        let update = json!({"collection": "c", "filter": {"k": "x"}, "update": {"$inc": {"n": 10}}, "many": true});
        let preview = tools.update.preview(&ann, &arguments(&update)).await.unwrap();
        assert_eq!(preview.target.as_deref(), Some("c"));
        assert_eq!(lines(&preview), [
            " 2 documents of c", " _id: \"a\"", "-  \"n\": 1", "+  \"n\": 11", " _id: \"b\"", "-  \"n\": 2", "+  \"n\": 12",
        ]);
        let shown = preview.precondition.as_deref();
        // A document that is not meant may change meanwhile.
        let other = json!({"collection": "c", "filter": {"_id": "c"}, "update": {"$inc": {"n": 1}}});
        approved(&tools.update, &ann, &other).await.unwrap();
        assert_eq!(run(&tools.update, &ann, &update, shown).await.unwrap(), json!({"matched": 2, "changed": 2}));
        // The second time, what is there is no longer what was shown; and unseen, nothing runs.
        for precondition in [shown, None, Some("")] {
            assert_eq!(run(&tools.update, &ann, &update, precondition).await.unwrap_err().code, "tool_changed");
        }
        // A document that has come to be meant was not shown.
        let preview = tools.update.preview(&ann, &arguments(&update)).await.unwrap();
        approved(&tools.insert, &ann, &json!({"collection": "c", "documents": [{"_id": "d", "k": "x", "n": 0}]})).await.unwrap();
        let error = run(&tools.update, &ann, &update, preview.precondition.as_deref()).await.unwrap_err();
        assert_eq!(error.code, "tool_changed");
        let now = all(&tools, world.ann, "c").await;
        let numbers: Vec<_> = now.as_array().unwrap().iter().map(|one| one["n"].clone()).collect();
        assert_eq!(json!(numbers), json!([11, 12, 4, 0]));

        let first = json!({"collection": "c", "filter": {"k": "x"}, "update": {"$set": {"k": "y"}}});
        assert_eq!(approved(&tools.update, &ann, &first).await.unwrap(), json!({"matched": 1, "changed": 1}));
        for (filter, update, says) in [
            (json!({"_id": "nobody"}), json!({"$set": {"a": 1}}), "nothing to change"),
            (json!({"_id": "a"}), json!({"$set": {"k": "y"}}), "so already"),
        ] {
            let wanted = json!({"collection": "c", "filter": filter, "update": update});
            assert!(approved(&tools.update, &ann, &wanted).await.unwrap_err().message.contains(says));
        }
    }

    async fn an_update_that_cannot_be_shown_whole_is_refused(backend) {
        let world = World::new(backend).await;
        let tools = tools(&world.db, MOST);
        let ann = context(world.ann);
        for batch in 0..2 {
            let documents: Vec<_> = (0..600).map(|n| json!({"_id": format!("{batch}-{n}"), "batch": batch})).collect();
            approved(&tools.insert, &ann, &json!({"collection": "c", "documents": documents})).await.unwrap();
        }
        let wanted = |filter: Value, upsert: bool| {
            json!({"collection": "c", "filter": filter, "update": {"$inc": {"batch": 1}}, "many": true, "upsert": upsert})
        };
        let error = tools.update.preview(&ann, &arguments(&wanted(json!({}), false))).await.unwrap_err();
        assert_eq!(error.code, "invalid_payload");
        assert!(error.message.starts_with("1200 documents would change, and at most 999 of them can be shown"), "{error}");
        let preview = tools.update.preview(&ann, &arguments(&wanted(json!({"batch": 0}), false))).await.unwrap();
        let shown = lines(&preview);
        assert_eq!((shown.len(), shown[0].as_str(), preview.difference.unwrap().omitted), (1801, " 600 documents of c", 0));
        for n in 0..600 {
            assert!(shown.contains(&format!(" _id: \"0-{n}\"")), "{n}");
        }
        let long = json!({"collection": "c", "filter": {"t": "x".repeat(300_000)}, "update": {"$set": {"a": 1}}, "upsert": true});
        let error = tools.update.preview(&ann, &arguments(&long)).await.unwrap_err();
        assert!(error.message.contains("too much to be shown"), "{error}");
    }

    async fn numbers_do_not_lose_digits(backend) {
        let world = World::new(backend).await;
        let tools = tools(&world.db, MOST);
        let ann = context(world.ann);
        let parsed = |text: &str| Arguments::parse(text).unwrap();
        for (tool, text) in [
            (&tools.insert as &dyn Tool, r#"{"collection":"c","documents":[{"n":12345678901234567890123}]}"#),
            (&tools.update, r#"{"collection":"c","filter":{},"update":{"$set":{"p":19.990000000000000000001}},"upsert":true}"#),
            (&tools.update, r#"{"collection":"c","filter":{},"update":{"$inc":{"p":19.990000000000000000001}},"upsert":true}"#),
            (&tools.update, r#"{"collection":"c","filter":{"n":12345678901234567890123},"update":{"$set":{"p":1}},"upsert":true}"#),
        ] {
            let refused = tool.preview(&ann, &parsed(text)).await.unwrap_err();
            assert_eq!(refused.code, "invalid_payload");
            assert!(refused.message.contains("would lose digits. Give it as a string"), "{text}: {refused}");
            let mut events = tool.run(&ann, &parsed(text), Some(""), CancellationToken::new());
            let Some(ToolEvent::Finished(ended)) = events.next().await else { panic!("no end") };
            assert_eq!(ended.unwrap_err(), refused);
        }
        // One that came in before such numbers were refused.
        let document = r#"{"_id":"old","n":12345678901234567890123,"m":1}"#;
        let mut tx = world.db.write(world.ann.tenant).await.unwrap();
        let opened = record::open(&mut tx, world.ann.tenant, "c").await.unwrap();
        let old = NewRecord { id: "old".into(), document: document.into() };
        record::insert(&mut tx, &opened, &[old], MOST).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let update = json!({"collection": "c", "filter": {}, "update": {"$set": {"m": 2}}});
        let refused = tools.update.preview(&ann, &arguments(&update)).await.unwrap_err();
        assert!(refused.message.contains("The document old cannot be changed so. The number 12345678901234567890123"), "{refused}");
        let mut tx = world.db.read(world.ann.tenant).await.unwrap();
        assert_eq!(record::find(&mut tx, world.ann.tenant, "c", "old").await.unwrap().unwrap().document, document);
    }

    async fn an_upsert_adds_what_the_filter_asks_for(backend) {
        let world = World::new(backend).await;
        let tools = tools(&world.db, MOST);
        let ann = context(world.ann);
        let wanted = json!({
            "collection": "c", "upsert": true,
            "filter": {"_id": "k", "a.b": 1, "n": {"$gt": 5}, "$and": [{"s": {"$eq": "t"}}]},
            "update": {"$set": {"x": true}, "$inc": {"count": 2}, "$unset": {"y": ""}},
        });
        let preview = tools.update.preview(&ann, &arguments(&wanted)).await.unwrap();
        assert!(preview.difference.as_ref().unwrap().is_new && lines(&preview).contains(&"+  \"_id\": \"k\",".to_owned()));
        assert_eq!(lines(&preview)[..2], [" 1 document of c", " _id: \"k\""]);
        let done = run(&tools.update, &ann, &wanted, preview.precondition.as_deref()).await.unwrap();
        assert_eq!(done, json!({"matched": 0, "changed": 0, "inserted": "k"}));
        let now = all(&tools, world.ann, "c").await;
        assert_eq!(now, json!([{"_id": "k", "a": {"b": 1}, "s": "t", "x": true, "count": 2}]));
        // What was to be added may have come from elsewhere meanwhile.
        let other = json!({"collection": "c", "filter": {"x": false}, "update": {"$set": {"v": 1}}, "upsert": true});
        let preview = tools.update.preview(&ann, &arguments(&other)).await.unwrap();
        assert!(!lines(&preview).concat().contains("_id"), "an id was shown that will not be");
        approved(&tools.insert, &ann, &json!({"collection": "c", "documents": [{"x": false}]})).await.unwrap();
        let error = run(&tools.update, &ann, &other, preview.precondition.as_deref()).await.unwrap_err();
        assert_eq!(error.code, "tool_changed");
        for (filter, update) in [(json!({"a": 1, "a.b": 2}), json!({"$set": {"x": 1}})), (json!({"a": 5}), json!({"$inc": {"a.b": 1}}))] {
            let wanted = json!({"collection": "new", "filter": filter, "update": update, "upsert": true});
            assert_eq!(approved(&tools.update, &ann, &wanted).await.unwrap_err().code, "invalid_payload");
        }
    }

    async fn an_effect_happens_once_and_can_be_told(backend) {
        let world = World::new(backend).await;
        let tools = tools(&world.db, MOST);
        let insert = json!({"collection": "c", "documents": [{"n": 1}]});
        let calls = [call(&world).await, call(&world).await, call(&world).await];
        let effect = async |tool: &dyn Tool, context: &ToolContext, wanted: &Value| {
            tool.took_effect(context, &arguments(wanted), None).await
        };
        assert_eq!(effect(&tools.insert, &calls[0], &insert).await, Some(false));
        assert!(record::collections(&mut world.db.read(ALL).await.unwrap(), world.ann.tenant).await.unwrap().is_empty());
        // The same call, many times at once.
        let ran = at_once(8, |_| {
            let (db, context, insert) = (world.db.clone(), calls[0].clone(), insert.clone());
            Box::pin(async move { run(&tools_of(&db).insert, &context, &insert, None).await.is_ok() })
        }).await;
        assert_eq!(ran.iter().filter(|ran| **ran).count(), 1);
        assert_eq!(all(&tools, world.ann, "c").await.as_array().unwrap().len(), 1);
        assert_eq!(effect(&tools.insert, &calls[0], &insert).await, Some(true));
        assert_eq!(effect(&tools.insert, &calls[1], &insert).await, Some(false));

        let update = json!({"collection": "c", "filter": {}, "update": {"$inc": {"n": 1}}});
        let preview = tools.update.preview(&calls[1], &arguments(&update)).await.unwrap();
        run(&tools.update, &calls[1], &update, preview.precondition.as_deref()).await.unwrap();
        assert_eq!(effect(&tools.update, &calls[1], &update).await, Some(true));
        // Refused, stopped and dropped runs leave nothing, the note neither.
        assert!(run(&tools.update, &calls[2], &update, preview.precondition.as_deref()).await.is_err());
        let cancel = CancellationToken::new();
        cancel.cancel();
        let mut events = tools.insert.run(&calls[2], &arguments(&insert), None, cancel);
        assert!(matches!(events.next().await, Some(ToolEvent::Finished(Err(error))) if error.message.contains("Stopped")));
        assert_eq!(effect(&tools.insert, &calls[2], &insert).await, Some(false));
        assert_eq!(all(&tools, world.ann, "c").await.as_array().unwrap().len(), 1);
        // Dropped wherever it stands, what is told is what is there: the whole effect or none of it.
        let mut there = 1;
        for polls in 1..12 {
            let context = call(&world).await;
            let mut dropped = tools.insert.run(&context, &arguments(&insert), None, CancellationToken::new());
            for _ in 0..polls {
                if futures_util::poll!(dropped.next()).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(dropped);
            let told = effect(&tools.insert, &context, &insert).await;
            let now = all(&tools, world.ann, "c").await.as_array().unwrap().len();
            assert_eq!(told, Some(now == there + 1), "after {polls} polls: {there}, then {now} documents");
            there = now;
        }
        // Where there is no stored call, nobody can tell of writes; looking up has no effect ever.
        assert_eq!(effect(&tools.insert, &context(world.ann), &insert).await, None);
        assert_eq!(effect(&tools.find, &calls[0], &json!({"collection": "c"})).await, Some(false));
        let stranger = ToolContext { tenant: world.eve.tenant, call: Some(ToolCallId::new()), ..calls[0].clone() };
        assert_eq!(effect(&tools.insert, &stranger, &insert).await, Some(false));
    }

    async fn counters_that_are_raised_at_once_lose_nothing(backend) {
        let world = World::new(backend).await;
        let tools = tools(&world.db, MOST);
        let ann = context(world.ann);
        approved(&tools.insert, &ann, &json!({"collection": "c", "documents": [{"_id": "n", "n": 0}]})).await.unwrap();
        let ran = at_once(12, |_| {
            let (db, ann) = (world.db.clone(), ann.clone());
            Box::pin(async move {
                let update = json!({"collection": "c", "filter": {"_id": "n"}, "update": {"$inc": {"n": 1}}});
                match approved(&tools_of(&db).update, &ann, &update).await {
                    Ok(_) => 1,
                    Err(error) => { assert_eq!(error.code, "tool_changed"); 0 }
                }
            })
        }).await;
        let raised: i32 = ran.iter().sum();
        assert!(raised >= 1);
        assert_eq!(all(&tools, world.ann, "c").await, json!([{"_id": "n", "n": raised}]));
    }

    async fn limits_are_told_in_words(backend) {
        let world = World::new(backend).await;
        let tools = tools(&world.db, 1000);
        let ann = context(world.ann);
        let large = json!({"collection": "c", "documents": [{"_id": "a", "t": "x".repeat(600)}]});
        approved(&tools.insert, &ann, &large).await.unwrap();
        let more = json!({"collection": "c", "documents": [{"_id": "b", "t": "x".repeat(600)}]});
        let preview = tools.insert.preview(&ann, &arguments(&more)).await.unwrap_err();
        let ran = run(&tools.insert, &ann, &more, None).await.unwrap_err();
        assert_eq!(preview, ran);
        assert!(ran.message.contains("the most is 1000. Nothing was changed."), "{ran}");
        let grow = json!({"collection": "c", "filter": {}, "update": {"$set": {"u": "x".repeat(600)}}});
        assert!(approved(&tools.update, &ann, &grow).await.unwrap_err().message.contains("the most is 1000"));
        let twice = json!({"collection": "c", "documents": [{"_id": "a"}]});
        assert!(approved(&tools.insert, &ann, &twice).await.unwrap_err().message.contains("there already, or come twice: a"));
        assert_eq!(run(&tools.insert, &ann, &twice, None).await.unwrap_err().code, "tool_changed");
        let same = json!({"collection": "d", "documents": [{"_id": "a"}, {"_id": "a"}]});
        assert!(approved(&tools.insert, &ann, &same).await.is_err());
        let error = approved(&tools.find, &ann, &json!({"collection": "d"})).await.unwrap_err();
        assert!(error.message.ends_with("There are: c."), "{error}");

        let mut tx = world.db.write(ALL).await.unwrap();
        let opened = record::open(&mut tx, world.ann.tenant, "big").await.unwrap();
        let new = |count: i64| (0..count).map(|n| NewRecord { id: n.to_string(), document: "{}".into() }).collect::<Vec<_>>();
        let full = record::Collection { documents: record::MAX_DOCUMENTS, ..opened.clone() };
        assert_eq!(record::insert(&mut tx, &full, &new(1), MOST).await.unwrap(), Err(Refused::TooManyDocuments));
        for n in 1..record::MAX_COLLECTIONS {
            record::open(&mut tx, world.ann.tenant, &format!("c{n}")).await.unwrap();
        }
        let extra = record::open(&mut tx, world.ann.tenant, "extra").await.unwrap();
        assert_eq!(record::insert(&mut tx, &extra, &new(1), MOST).await.unwrap(), Err(Refused::TooManyCollections));
    }

    async fn an_import_comes_in_batches_and_goes_as_a_whole(backend) {
        let world = World::new(backend).await;
        let text: String = (0..1200).map(|n| format!("{{\"n\":{n}}}\n")).collect();
        let documents: Vec<_> =
            sayso::tools::records::import::json_lines(&text).map(|line| line.unwrap().1.record()).collect();
        for batch in documents.chunks(500) {
            let mut tx = world.db.write(world.ann.tenant).await.unwrap();
            let opened = record::open(&mut tx, world.ann.tenant, "imported").await.unwrap();
            record::insert(&mut tx, &opened, batch, MOST).await.unwrap().unwrap();
            tx.commit().await.unwrap();
        }
        let mut tx = world.db.write(world.ann.tenant).await.unwrap();
        let first = record::page(&mut tx, world.ann.tenant, "imported", None, 700).await.unwrap();
        let rest = record::page(&mut tx, world.ann.tenant, "imported", first.last(), 700).await.unwrap();
        let ids: Vec<_> = first.iter().chain(&rest).map(|record| record.id.as_str()).collect();
        assert_eq!(ids, documents.iter().map(|new| new.id.as_str()).collect::<Vec<_>>());
        assert_eq!(record::collection(&mut tx, world.ann.tenant, "imported").await.unwrap().unwrap().documents, 1200);
        assert!(!record::remove_collection(&mut tx, world.eve.tenant, "imported").await.unwrap());
        assert!(record::remove_collection(&mut tx, world.ann.tenant, "imported").await.unwrap());
        assert!(record::page(&mut tx, world.ann.tenant, "imported", None, 1).await.unwrap().is_empty());
    }
}

fn tools_of(db: &Database) -> Tools {
    tools(db, MOST)
}

async fn count_bytes(conn: &mut Conn, collection: &str) -> i64 {
    let query = format!(
        "SELECT CAST(coalesce(sum(octet_length(document)), 0) AS bigint) AS n FROM records WHERE collection = '{collection}'"
    );
    let counted: Count = match conn {
        Conn::Sqlite(c) => diesel::sql_query(query).get_result(c).await.unwrap(),
        Conn::Postgres(c) => diesel::sql_query(query).get_result(c).await.unwrap(),
    };
    counted.n
}
