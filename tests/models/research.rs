//! `research`: records and the web in one answer, on both databases, against a search engine on loopback.

use futures_util::StreamExt as _;
use sayso::{
    config::Settings,
    tools::{
        Arguments, Tool as _, ToolContext, ToolError, ToolEvent,
        net::Guard,
        records::{RecordsInsert, Store},
        research::Research,
        search::WebSearch,
    },
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

use crate::{
    site::{Answer, Site},
    *,
};

fn tavily() -> Site {
    Site::start(|_, body| {
        let asked: Value = serde_json::from_str(body).unwrap();
        let hit =
            |n: i32| json!({"title": format!("Page {n}"), "url": format!("https://p.example/{n}"), "content": "w"});
        let found = json!({"answer": format!("About {}.", asked["query"]), "results": [hit(1), hit(2), hit(3)]});
        Some((200, "application/json", found.to_string()))
    })
}

fn broken() -> Answer {
    Some((500, "text/html", String::new()))
}

fn tool(db: &Database, web: &Site, time: Duration) -> Research {
    let settings = Settings::read(
        |name| match name {
            "TAVILY_API_KEY" => Some("key".to_owned()),
            "TAVILY_URL" | "DUCKDUCKGO_URL" => Some(web.url("")),
            _ => None,
        },
        None,
    )
    .unwrap();
    let search = WebSearch::new(Guard::new("Sayso/test").unwrap(), &settings);
    Research::new(Store::new(db.clone(), 1 << 20), search, time)
}

const TIME: Duration = Duration::from_secs(20);

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

async fn ended(tool: &dyn sayso::tools::Tool, owner: Owner, wanted: Value) -> Result<String, ToolError> {
    let arguments = Arguments::parse(&wanted.to_string()).unwrap();
    let events: Vec<_> = tool.run(&context(owner), &arguments, None, CancellationToken::new()).collect().await;
    let Some(ToolEvent::Finished(ended)) = events.into_iter().last() else { panic!("no end") };
    ended.map(|result| result.text)
}

/// Some records of Ann's tenant, and one of Eve's.
async fn filled(world: &World) {
    let insert = RecordsInsert::new(Store::new(world.db.clone(), 1 << 20));
    for (owner, collection, documents) in [
        (
            world.ann,
            "prices",
            json!([{"_id": "green", "name": "Green tea", "price": 3.5},
            {"_id": "black", "name": "Black tea", "price": 2}, {"_id": "mug", "name": "Mug", "price": 9}]),
        ),
        (world.ann, "notes", json!([{"_id": "n1", "text": "The price of green tea goes up."}])),
        (world.eve, "prices", json!([{"_id": "secret", "name": "Green tea of theirs"}])),
    ] {
        ended(&insert, owner, json!({"collection": collection, "documents": documents})).await.unwrap();
    }
}

both! {
    async fn records_and_the_web_are_one_answer(backend) {
        let world = World::new(backend).await;
        filled(&world).await;
        let web = tavily();
        let tool = tool(&world.db, &web, TIME);
        let text = ended(&tool, world.ann, json!({"question": " price of green tea ", "links": 2})).await.unwrap();
        // What has more of the words comes first; what shares one by chance is left out.
        let expected = "# price of green tea\n\n## Records\n\n\
            [1] notes/n1\n   {\"_id\":\"n1\",\"text\":\"The price of green tea goes up.\"}\n\n\
            [2] prices/green\n   {\"_id\":\"green\",\"name\":\"Green tea\",\"price\":3.5}\n\n\
            [3] prices/black\n   {\"_id\":\"black\",\"name\":\"Black tea\",\"price\":2}\n\n\
            ## The web\n\nFound by Tavily.\n\nAbout \"price of green tea\".\n\n\
            [4] [Page 1](<https://p.example/1>)\n   w\n\n[5] [Page 2](<https://p.example/2>)\n   w\n";
        assert_eq!(text, expected);
        assert_eq!(web.requests(), ["POST /search"]);

        let filter = json!({"question": "tea", "collection": "prices", "filter": {"price": {"$gt": 3}}, "documents": 1});
        let text = ended(&tool, world.ann, filter).await.unwrap();
        assert!(text.contains("[1] prices/green\n") && text.contains("\n[2] [Page 1]") && !text.contains("prices/mug"), "{text}");
        // The other tenant has its own.
        let text = ended(&tool, world.eve, json!({"question": "green tea"})).await.unwrap();
        assert!(text.contains("[1] prices/secret\n") && !text.contains("black") && !text.contains("notes"), "{text}");
        let text = ended(&tool, world.ann, json!({"question": "coffee"})).await.unwrap();
        assert!(text.contains("## Records\n\nNothing was found.\n") && text.contains("\n[1] [Page 1]"), "{text}");
    }

    async fn what_one_does_not_answer_is_said_and_the_other_given(backend) {
        let world = World::new(backend).await;
        filled(&world).await;
        let web = Site::start(|_, _| broken());
        let failing = tool(&world.db, &web, TIME);
        let text = ended(&failing, world.ann, json!({"question": "green tea"})).await.unwrap();
        assert!(text.contains("\n[2] prices/green\n") && text.contains("The web could not be asked: Tavily"), "{text}");
        let web = tavily();
        let working = tool(&world.db, &web, TIME);
        let text = ended(&working, world.ann, json!({"question": "tea", "collection": "gone"})).await.unwrap();
        assert!(text.contains("The records could not be asked: There is no collection “gone”."), "{text}");
        assert!(text.contains("\n[1] [Page 1](<https://p.example/1>)"), "{text}");
        // Nobody waits longer for the one than is said, and the other is not lost.
        let web = Site::start(|_, _| None);
        let slow = tool(&world.db, &web, Duration::from_secs(2));
        let text = ended(&slow, world.ann, json!({"question": "green tea"})).await.unwrap();
        assert!(text.contains("\n[2] prices/green\n") && text.contains("It took longer than 2 seconds."), "{text}");
        let error = ended(&failing, world.ann, json!({"question": "tea", "collection": "gone"})).await.unwrap_err();
        assert_eq!(error.code, "tool_error");
        assert!(error.message.contains("“gone”") && error.message.contains("500"), "{error}");
    }

    async fn what_is_shown_is_what_is_asked(backend) {
        let world = World::new(backend).await;
        filled(&world).await;
        let web = tavily();
        let tool = tool(&world.db, &web, TIME);
        let preview = async |wanted: Value| {
            let arguments = Arguments::parse(&wanted.to_string()).unwrap();
            tool.preview(&context(world.ann), &arguments).await
        };
        let host = web.url("").split_once("://").unwrap().1.to_owned();
        let target = preview(json!({"question": "tea"})).await.unwrap().target;
        assert_eq!(target.as_deref(), Some(host.as_str()));
        let target = preview(json!({"question": "tea", "collection": "prices"})).await.unwrap().target;
        assert_eq!(target, Some(format!("prices, {host}")));
        for (wanted, code) in [
            (json!({"question": " "}), "invalid_payload"),
            (json!({"question": "x".repeat(401)}), "invalid_payload"),
            (json!({"question": "tea", "filter": {"$where": "1"}}), "invalid_payload"),
            (json!({"question": "tea", "collection": "no name"}), "invalid_payload"),
            (json!({"question": "tea", "tenant": "there"}), "invalid_payload"),
            (json!({"query": "tea"}), "invalid_payload"),
            (json!({"question": "tea", "collection": "gone"}), "tool_error"),
        ] {
            assert_eq!(preview(wanted.clone()).await.unwrap_err().code, code, "{wanted}");
        }
        assert_eq!(web.requests().len(), 0, "a preview asked the web");
        let definition = tool.definition();
        assert!(definition.description.contains(&format!("Tavily ({host}) is asked")), "{}", definition.description);
    }
}
