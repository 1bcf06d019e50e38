//! Running a tenant by keys: what is said of a tool, a change that is accepted, records that come and go.

use serde_json::json;

use crate::{
    looks::looked_at,
    opened, opened_with,
    support::{
        App, Browser, Key, Look, eventually,
        servers::{Configured, Running, calls, tool},
    },
};

/// Presses Tab until what a selector finds has the focus.
async fn tab_to(browser: &Browser, css: &str) {
    let body = format!("return document.activeElement.matches('{css}')");
    for _ in 0..90 {
        if browser.script(&body, vec![]).await == true {
            return;
        }
        browser.press(Key::Tab).await;
    }
    panic!("Tab never reaches {css}");
}

/// Goes along a link by keys.
async fn follow(browser: &Browser, name: &str, end: &str) {
    browser.tab_to("link", name).await;
    browser.press(Key::Enter).await;
    comes_to(browser, end).await;
}

/// Waits until the address ends so, with its query, and the page is there whole.
async fn comes_to(browser: &Browser, end: &str) {
    eventually(end, async || browser.address().await.as_str().ends_with(end).then_some(())).await;
    let body = "return document.readyState === 'complete'";
    eventually("the page is whole", async || (browser.script(body, vec![]).await == true).then_some(())).await;
}

/// What stands in the one element that a selector finds, once it is there.
async fn text_of(browser: &Browser, css: &str) -> String {
    eventually(css, async || {
        let element = browser.all(css).await.into_iter().next()?;
        Some(browser.text(&element).await)
    })
    .await
}

fn rule(app: &App) -> String {
    app.query("SELECT name, verdict, guests_allowed FROM tool_rules")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_by_keys() {
    let (app, _, browser) = opened(Look::LIGHT).await;
    browser.goto("/settings").await;
    let tenant = app.query("SELECT id FROM tenants");
    follow(&browser, "Administration", &format!("/admin/tenants/{tenant}")).await;
    follow(&browser, "Tools", "/tools").await;
    looked_at(&browser, "tools").await;
    // The first of them: from asking, the key goes round to never.
    browser.tab_to("radio", "Ask the person").await;
    browser.press(Key::Up).await;
    assert_eq!(browser.focused().await, ("radio".into(), "Never".into()));
    browser.tab_to("checkbox", "Guests may use it").await;
    browser.press(Key::Space).await;
    browser.tab_to("button", "Save fetch_url").await;
    browser.picture("tools-form").await;
    browser.press(Key::Enter).await;
    comes_to(&browser, "saved=fetch_url#tool-fetch_url").await;
    assert_eq!(text_of(&browser, "#tool-fetch_url [role=status]").await, "Saved.");
    assert_eq!(rule(&app), "fetch_url|deny|1");

    let other = "{\"server\":\"sayso\",\"launch\":\"builtin\",\"name\":\"fetch_url\",\"description\":\"Reads\u{202e} a page.\",\"input_schema\":{\"type\":\"object\"}}";
    app.query(&format!("UPDATE tool_rules SET fingerprint = '{}', definition = '{other}'", "0".repeat(64)));
    browser.goto(&format!("/admin/tenants/{tenant}/tools")).await;
    assert!(text_of(&browser, ".changed del").await.len() > 3);
    looked_at(&browser, "tools-changed").await;
    browser.tab_to("button", "Accept the change of fetch_url").await;
    browser.press(Key::Enter).await;
    comes_to(&browser, "saved=fetch_url#tool-fetch_url").await;
    assert!(browser.all(".changed").await.is_empty());
    assert_eq!(rule(&app), "fetch_url|deny|1");
    assert_eq!(app.query("SELECT count(*) FROM tool_rules WHERE fingerprint LIKE '0000%'"), "0");
    browser.assert_quiet().await;
}

/// The file is given by the driver: the dialogue is the system's, not the page's.
async fn import(browser: &Browser, path: &std::path::Path) {
    browser.tab_to("textbox", "Collection").await;
    browser.types("birds").await;
    let input = browser.all("#file").await.remove(0);
    browser.enter(&input, path.to_str().unwrap()).await;
    tab_to(browser, "form[enctype] button").await;
    browser.press(Key::Enter).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_by_keys() {
    let (app, _, mut browser) = opened(Look::LIGHT).await;
    browser.allow("the server responded with a status of 422");
    let disk = tempfile::TempDir::new().unwrap();
    let (good, bad) = (disk.path().join("birds.jsonl"), disk.path().join("bad.csv"));
    let long = "a long line about the flight of pelicans over the northern sea ".repeat(20);
    let lines: String = (1..=60).map(|n| format!("{{\"_id\":\"b{n}\",\"text\":\"{long}\"}}\n")).collect();
    std::fs::write(&good, lines).unwrap();
    std::fs::write(&bad, "name,wings\npelican,2\ngull\n").unwrap();
    let tenant = app.query("SELECT id FROM tenants");
    browser.goto(&format!("/admin/tenants/{tenant}")).await;
    follow(&browser, "Records", "/records").await;
    looked_at(&browser, "records-none").await;
    import(&browser, &bad).await;
    assert!(text_of(&browser, "#faults").await.contains("Line 3"));
    looked_at(&browser, "records-faulty").await;
    browser.goto(&format!("/admin/tenants/{tenant}/records")).await;
    import(&browser, &good).await;
    assert_eq!(text_of(&browser, "#import-end").await, "60 documents were imported.");
    looked_at(&browser, "records-imported").await;
    follow(&browser, "Look at birds", "collection=birds").await;
    tab_to(&browser, ".document summary").await;
    browser.press(Key::Enter).await;
    assert!(text_of(&browser, ".document[open] pre").await.contains("\"_id\": \"b1\""));
    looked_at(&browser, "records-documents").await;
    follow(&browser, "Next documents", "after=b50").await;
    assert_eq!(browser.all(".document").await.len(), 10);
    follow(&browser, "All collections", "/records").await;
    looked_at(&browser, "records").await;
    follow(&browser, "birds", "collection=birds").await;
    tab_to(&browser, ".card > details:not(.document) > summary").await;
    browser.press(Key::Enter).await;
    tab_to(&browser, "#confirmation").await;
    looked_at(&browser, "records-delete").await;
    browser.types("birds").await;
    tab_to(&browser, "button.danger").await;
    browser.press(Key::Enter).await;
    comes_to(&browser, "deleted=birds").await;
    assert_eq!(app.query("SELECT count(*) FROM records"), "0");
    browser.assert_quiet().await;
}

/// What is there once is watched by one that runs no script: the page comes in parts.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_without_javascript() {
    let (app, person, _) = opened(Look::LIGHT).await;
    let browser = Browser::of(&person, Look::PLAIN).await;
    let disk = tempfile::TempDir::new().unwrap();
    let path = disk.path().join("birds.csv");
    let rows: String = (1..=1200).map(|n| format!("bird {n},{n}\n")).collect();
    std::fs::write(&path, format!("name,n\n{rows}")).unwrap();
    browser.goto(&format!("/admin/tenants/{}/records", app.query("SELECT id FROM tenants"))).await;
    import(&browser, &path).await;
    assert_eq!(text_of(&browser, "#import-end").await, "1200 documents were imported.");
    // Of all that was told, the last is what is seen.
    let mut shown = 0;
    for line in browser.all("#progress > p").await {
        shown += usize::from(browser.is_shown(&line).await && browser.text(&line).await.contains("documents are in"));
    }
    assert_eq!((shown, app.query("SELECT count(*) FROM records").as_str()), (0, "1200"));
    browser.picture("records-plain").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_by_keys() {
    let mut echo = tool("echo", "Says it back.");
    echo["inputSchema"] = json!({"type": "object", "required": ["text"], "properties": {
        "text": {"type": "string", "description": "What to say"}, "loud": {"type": "boolean"}, "list": {"type": "array"}}});
    let servers = Configured::new().process("ops", "dies", &[]);
    let file = servers.file();
    let far = Running::start("file");
    far.offers(&[echo.clone(), tool("other", "Does more.")]);
    let settings = [("MCP_CONFIG", file.as_str()), ("FETCH_ALLOW_PRIVATE", "true")];
    let (app, _, browser) = opened_with(&settings, Look::LIGHT).await;
    let tenant = app.query("SELECT id FROM tenants");
    browser.goto(&format!("/admin/tenants/{tenant}")).await;
    follow(&browser, "Servers", "/servers").await;
    browser.tab_to("button", "Reconnect ops").await;
    browser.press(Key::Enter).await;
    comes_to(&browser, "done=reconnected&server=ops#main").await;
    assert!(text_of(&browser, "[data-server-state]").await.starts_with("Failed"));
    browser.goto(&format!("/admin/tenants/{tenant}/servers")).await;
    browser.tab_to("textbox", "Name").await;
    browser.types("far").await;
    browser.tab_to("textbox", "Address").await;
    browser.types(&far.url()).await;
    browser.tab_to("button", "Add server").await;
    browser.press(Key::Enter).await;
    comes_to(&browser, "done=added&server=far#main").await;
    assert!(text_of(&browser, "#server-far [data-server-state]").await.starts_with("Ready"));
    looked_at(&browser, "servers").await;
    follow(&browser, "far", "/servers/far").await;
    looked_at(&browser, "server").await;
    follow(&browser, "Try far__echo", "/tools/far__echo").await;
    looked_at(&browser, "tryout").await;
    browser.tab_to("textbox", "text (needed)").await;
    browser.types("hello").await;
    browser.tab_to("button", "Run").await;
    browser.press(Key::Enter).await;
    eventually("the call arrives", async || (calls(far.received()).len() == 1).then_some(())).await;
    assert!(text_of(&browser, "[data-tool-state=succeeded]").await.contains("far__echo"));
    assert!(
        calls(far.received())[0].contains(r#""text": "hello""#)
            || calls(far.received())[0].contains(r#""text":"hello""#)
    );

    // A tool that changed opens by itself and shows what is different.
    app.query(&format!(
        "INSERT INTO tool_rules \
        (tenant_id, server, name, verdict, fingerprint, definition, grants_allowed, guests_allowed, changed_at) \
        SELECT id, 'far', 'far__echo', 'allow', '{}', '{{}}', TRUE, FALSE, created_at FROM tenants",
        "0".repeat(64)
    ));
    browser.goto(&format!("/admin/tenants/{tenant}/tools")).await;
    assert!(!browser.all("#tool-far__echo[open] .changed").await.is_empty());
    assert!(browser.all("#tool-far__other[open]").await.is_empty());
    looked_at(&browser, "tools-of-servers").await;
    browser.assert_quiet().await;
}
