//! `web_search` against servers on loopback that answer as Tavily and DuckDuckGo do.

use futures_util::StreamExt as _;

use super::*;
use crate::{
    tools::{
        ToolEvent, ToolResult,
        net::testing::{PRIVATE, Reply, Server, Told, guard, page, reply},
    },
    types::{TenantId, UserId},
};

const KEY: &str = "tvly-secret";

const TAVILY: &str = include_str!("fixtures/tavily.json");

const DUCKDUCKGO: &str = include_str!("fixtures/duckduckgo.html");

fn tool(tavily: Option<&Server>, duckduckgo: &Server) -> WebSearch {
    let (tavily, duckduckgo) = (tavily.map(|server| server.url("")), duckduckgo.url("/html/"));
    let settings = Settings::read(
        |name| match name {
            "TAVILY_API_KEY" => tavily.as_ref().map(|_| KEY.to_owned()),
            "TAVILY_URL" => tavily.clone(),
            "DUCKDUCKGO_URL" => Some(duckduckgo.clone()),
            "FETCH_TIMEOUT" => Some("4".to_owned()),
            _ => None,
        },
        None,
    )
    .unwrap();
    WebSearch::new(guard(&Told::new(&[])), &settings)
}

async fn duckduckgo() -> Server {
    Server::always(PRIVATE, || page("text/html; charset=UTF-8", DUCKDUCKGO)).await
}

async fn tavily(answer: impl Fn() -> Reply + Send + Sync + 'static) -> Server {
    Server::always(PRIVATE, answer).await
}

#[tokio::test]
async fn tavily_gives_a_summary_and_links() {
    let (tavily, duckduckgo) = (tavily(|| page("application/json", TAVILY)).await, duckduckgo().await);
    let text = tool(Some(&tavily), &duckduckgo).search(" when is\nthe tide? ", Some(2)).await.unwrap();
    assert_eq!(
        text,
        "Results of Tavily for “when is the tide?”:\n\nHigh water is at noon.\n\n\
         1. [Tide tables  Harbour](<https://harbour.example/tides?port=1&day=2>)\n   When the water comes and goes.\n\n\
         2. [Ebb and flow](<https://sea.example/ebb>)\n   Of the moon's doing.\n"
    );
    assert_eq!(duckduckgo.connections(), 0);
    let request = &tavily.requests()[0];
    assert!(request.starts_with("POST /search HTTP/1.1\r\n"), "{request}");
    assert!(request.to_lowercase().contains(&format!("\r\nauthorization: bearer {KEY}\r\n")), "{request}");
    let body: serde_json::Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    let asked =
        json!({"query": "when is\nthe tide?", "max_results": 2, "search_depth": "basic", "include_answer": true});
    assert_eq!(body, asked);
}

#[tokio::test]
async fn duckduckgo_is_asked_where_there_is_no_key() {
    let duckduckgo = duckduckgo().await;
    let text = tool(None, &duckduckgo).search("tide & time", None).await.unwrap();
    assert!(text.starts_with("Results of DuckDuckGo for “tide & time”:\n\nA tide is the rise and fall"), "{text}");
    assert!(text.contains("1. [Tide tables - Harbour Office](<https://harbour.example/tides?port=1&day=2>)"), "{text}");
    assert!(text.contains("3. [Without words](<https://plain.example/>)\n") && !text.contains("4. "), "{text}");
    assert_eq!(duckduckgo.lines(), ["GET /html/?q=tide+%26+time HTTP/1.1"]);
}

#[tokio::test]
async fn duckduckgo_is_asked_when_tavily_fails_and_the_result_says_so() {
    let elsewhere = duckduckgo().await;
    let away = elsewhere.url("/");
    type Make = Box<dyn Fn() -> Reply + Send + Sync>;
    let failures: Vec<(&str, Make)> = vec![
        ("432", Box::new(|| reply("432 Plan Limit", "", r#"{"detail": {"error": "This request exceeds your plan"}}"#))),
        ("401 Unauthorized", Box::new(|| reply("401 Unauthorized", "", "{}"))),
        ("could not be read", Box::new(|| page("application/json", "{\"results\": 7}"))),
        ("307 Temporary Redirect", Box::new(move || reply("307 x", &format!("Location: {away}\r\n"), ""))),
        ("took too long", Box::new(|| Reply::Silence)),
        ("as HTTP asks for", Box::new(|| Reply::Bytes(b"SSH-2.0-x\r\n".to_vec()))),
    ];
    for (why, make) in failures {
        let (tavily, duckduckgo) = (tavily(make).await, duckduckgo().await);
        let text = tool(Some(&tavily), &duckduckgo).search("tides", None).await.unwrap();
        assert!(text.starts_with("Tavily could not be asked (") && text.contains(why), "{why}: {text}");
        assert!(text.contains("so DuckDuckGo was. Results of DuckDuckGo for “tides”:"), "{text}");
        assert!(text.contains("<https://sea.example/ebb>") && !text.contains(KEY), "{text}");
        assert_eq!((tavily.connections(), duckduckgo.connections()), (1, 1), "{why}");
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn when_both_fail_both_are_named() {
    let tavily = tavily(|| reply("500 Internal Server Error", "", "")).await;
    let duckduckgo =
        Server::always(PRIVATE, || reply("202 Accepted", "", "<div class='anomaly-modal__modal'></div>")).await;
    let error = tool(Some(&tavily), &duckduckgo).search("tides", None).await.unwrap_err();
    assert_eq!(error.code, "tool_error");
    assert!(error.message.contains("500") && error.message.contains("proof that a human asks"), "{error}");
}

#[tokio::test]
async fn results_are_bounded_and_only_pages() {
    let results: Vec<_> = (0..30)
        .map(|number| json!({"title": format!("{}[x](y)\n#", "t".repeat(500)), "url": format!("https://a.test/{number}"), "content": "c ".repeat(5000)}))
        .chain([json!({"title": "", "url": "https://b.test/"})])
        .collect();
    let mut odd = vec![
        json!({"title": "script", "url": "javascript:alert(1)", "content": ""}),
        json!({"title": "file", "url": "file:///etc/passwd", "content": ""}),
        json!({"title": "long", "url": format!("https://a.test/{}", "x".repeat(5000)), "content": ""}),
    ];
    odd.extend(results);
    let body = json!({"answer": "a ".repeat(10_000), "results": odd}).to_string();
    let (tavily, duckduckgo) = (tavily(move || page("application/json", &body)).await, duckduckgo().await);
    let text = tool(Some(&tavily), &duckduckgo).search("q", Some(1000)).await.unwrap();
    assert!(text.contains("\n10. [") && !text.contains("\n11. ["), "{text}");
    assert!(text.len() < 12_000, "{}", text.len());
    for dropped in ["javascript:", "file:", "long"] {
        assert!(!text.contains(dropped), "{dropped}");
    }
}

#[tokio::test]
async fn a_preview_names_who_is_asked_and_asks_nobody() {
    let (tavily, duckduckgo) = (tavily(|| page("application/json", TAVILY)).await, duckduckgo().await);
    let context = ToolContext {
        tenant: TenantId::new(),
        tenant_slug: "acme".to_owned(),
        user: UserId::new(),
        call: None,
        within: None,
        elicit: std::sync::Arc::new(crate::tools::mcp::Decline),
    };
    let call = Arguments::parse(r#"{"query": "tides", "count": 3}"#).unwrap();
    let without = tool(None, &duckduckgo);
    let target = without.preview(&context, &call).await.unwrap().target;
    assert_eq!(target, Some(duckduckgo.address.to_string()));
    let tool = tool(Some(&tavily), &duckduckgo);
    assert_eq!(tool.preview(&context, &call).await.unwrap().target, Some(tavily.address.to_string()));
    assert_ne!(tool.definition().fingerprint(), without.definition().fingerprint(), "who learns the query changed");
    assert_eq!((tavily.connections(), duckduckgo.connections()), (0, 0));

    let events = tool.run(&context, &call, None, CancellationToken::new()).collect::<Vec<_>>().await;
    let [ToolEvent::Chunk(chunk), ToolEvent::Finished(Ok(ToolResult { text, .. }))] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(*chunk, format!("Asking {}\n", tavily.address));
    assert!(text.starts_with("Results of Tavily for “tides”:"), "{text}");
    assert_eq!(tavily.connections(), 1);
    assert_eq!(tool.took_effect(&context, &call, None).await, Some(false));
    let empty = tool.search("  ", None).await.unwrap_err();
    assert_eq!(empty.code, "invalid_payload");
}
