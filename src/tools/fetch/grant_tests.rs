//! What a grant for a host gives `fetch_url`, and what it does not.

use super::{
    tests::{arguments, context, run, tool},
    *,
};
use crate::tools::{
    ToolEvent, ToolResult,
    net::testing::{PRIVATE, PUBLIC, Server, Told, missing, page, redirect},
};

const PRIVATE_TOO: (&str, &str) = ("FETCH_ALLOW_PRIVATE", "true");

fn within(origin: &str) -> ToolContext {
    ToolContext { within: Some(Bound::Host(origin.to_owned())), ..context() }
}

/// Names that all lead to where the servers are; how often anyone asked for one is known.
fn names() -> Arc<Told> {
    const HERE: &[&[&str]] = &[&[PUBLIC]];
    let names = ["granted.test", "granted.test.", "sub.granted.test", "other.test", "granted.test.other.test"];
    let names = names.into_iter().chain(["xn--grnted-3we.test", "xn--bcher-kva.test", "xn--bcher-kva.test."]);
    Told::new(&names.map(|name| (name, HERE)).collect::<Vec<_>>())
}

/// Ways to write something that is not what was granted, `http://granted.test:{port}`; `other` is another port.
fn ways_out(port: u16, other: u16) -> Vec<String> {
    vec![
        format!("http://granted.test:{port}/page?data=1"),
        format!("http://granted.test:{port}/page?"),
        format!("http://granted.test:{port}?data=1"),
        format!("http://user@granted.test:{port}/"),
        format!("http://user:password@granted.test:{port}/"),
        format!("http://:password@granted.test:{port}/"),
        format!("http://granted.test:{other}/"),
        "http://granted.test/".to_owned(),
        format!("https://granted.test:{port}/"),
        format!("ftp://granted.test:{port}/"),
        format!("http://sub.granted.test:{port}/"),
        format!("http://granted.test.:{port}/"),
        format!("http://GRANTED.TEST.:{port}/"),
        format!("http://granted.test.other.test:{port}/"),
        format!("http://granted.test%2eother.test:{port}/"),
        format!("http://other.test:{other}/"),
        format!("http://granted.test@other.test:{other}/"),
        format!("http://granted.test:{port}@other.test:{other}/"),
        format!("http:////granted.test:{port}@other.test:{other}/"),
        format!("http:\\\\granted.test:{port}@other.test:{other}\\"),
        format!("http://other.test:{other}\\@granted.test:{port}/"),
        format!("http://other.test:{other}#@granted.test:{port}/"),
        format!("http:\\\\other.test:{other}/granted.test:{port}"),
        // A Cyrillic letter, as it looks and as it is spelt.
        format!("http://gr\u{430}nted.test:{port}/"),
        format!("http://xn--grnted-3we.test:{port}/"),
        format!("http://{PUBLIC}:{other}/"),
        format!("http://{PRIVATE}:{port}/"),
        format!("http://[::ffff:{PUBLIC}]:{other}/"),
    ]
}

/// Servers: the one that was granted, whose `/leads` redirects to what it is told, and another one.
async fn servers(to: &str) -> (Server, Server) {
    let other = Server::always(PUBLIC, || page("text/plain", "elsewhere")).await;
    let to = to.to_owned();
    let granted = Server::start(PUBLIC, move |request| match request.split(' ').nth(1).unwrap() {
        "/robots.txt" => missing(),
        "/leads" => redirect(&to),
        _ => page("text/plain", "granted"),
    })
    .await;
    (granted, other)
}

#[tokio::test]
async fn nothing_but_the_granted_origin_is_asked() {
    let (granted, other) = servers("").await;
    let (port, names) = (granted.address.port(), names());
    let tool = tool(&names, &[PRIVATE_TOO]);
    let grant = within(&format!("http://granted.test:{port}"));
    for url in ways_out(port, other.address.port()) {
        let preview = tool.preview(&grant, &arguments(&url)).await.unwrap_err();
        assert_eq!(preview.code, "tool_not_allowed", "{url}: {preview}");
        let events = run(&tool, &grant, &arguments(&url)).await;
        let [ToolEvent::Finished(Err(error))] = &events[..] else { panic!("{url}: {events:?}") };
        assert_eq!(error.code, "tool_not_allowed", "{url}: {error}");
    }
    assert_eq!((granted.connections(), other.connections(), names.asked()), (0, 0, 0));
}

#[tokio::test]
async fn no_redirect_leads_out_of_a_grant() {
    let (listener, _) = servers("").await;
    for way in ways_out(0, listener.address.port()).into_iter().chain(["//other.test/".into(), "\\\\other.test".into()])
    {
        let (other, names) = (Server::always(PUBLIC, missing).await, names());
        let to = Arc::new(std::sync::OnceLock::<String>::new());
        let target = Arc::clone(&to);
        let granted = Server::start(PUBLIC, move |request| match request.split(' ').nth(1).unwrap() {
            "/robots.txt" => missing(),
            _ => redirect(target.get().unwrap()),
        })
        .await;
        // The port of a server is known when it listens.
        let way = way.replace(&listener.address.port().to_string(), &other.address.port().to_string());
        let way = way.replace(":0", &format!(":{}", granted.address.port()));
        to.set(way.clone()).unwrap();
        let tool = tool(&names, &[PRIVATE_TOO]);
        let grant = within(&format!("http://granted.test:{}", granted.address.port()));
        let events = run(&tool, &grant, &arguments(&granted.named("granted.test", "/leads"))).await;
        let Some(ToolEvent::Finished(Err(error))) = events.last() else { panic!("{way}: {events:?}") };
        assert_eq!(error.code, "tool_not_allowed", "{way}: {error}");
        assert_eq!(granted.lines(), ["GET /robots.txt HTTP/1.1", "GET /leads HTTP/1.1"], "{way}");
        assert_eq!(other.connections(), 0, "{way}");
    }
}

#[tokio::test]
async fn a_grant_is_for_every_spelling_of_its_origin() {
    let (granted, other) = servers("/page").await;
    let (port, far) = (granted.address.port(), other.address.port());
    let tool = tool(&names(), &[PRIVATE_TOO]);
    let granting = |url: &str| match &tool.bounds(&arguments(url))[..] {
        [Bound::Host(origin)] => within(origin),
        bounds => panic!("{bounds:?}"),
    };
    for (first, then) in [
        ("http://granted.test", "http://granted.test"),
        ("http://granted.test", "HTTP://GRANTED.Test"),
        ("http://granted.test", "http://\u{ff47}ranted.test"),
        ("http://b\u{fc}cher.test", "http://xn--bcher-kva.test"),
        ("http://xn--bcher-kva.test", "http://B\u{dc}CHER.test"),
    ] {
        let grant = granting(&format!("{first}:{port}/anything?data=1"));
        for path in ["", "/", "/page", "/leads", "/page#?data=1", "#@other.test", "/a/../page"] {
            let call = arguments(&format!("{then}:{port}{path}"));
            tool.preview(&grant, &call).await.unwrap();
            let events = run(&tool, &grant, &call).await;
            let Some(ToolEvent::Finished(Ok(ToolResult { text, .. }))) = events.last() else {
                panic!("{then}{path}: {events:?}")
            };
            assert!(text.ends_with("granted"), "{text}");
        }
    }
    // To browsers and to us a backslash ends the host: what follows is a path.
    let grant = granting(&format!("http://granted.test:{port}/"));
    let call = arguments(&format!("http://granted.test:{port}\\@other.test:{far}/"));
    assert!(matches!(run(&tool, &grant, &call).await.last(), Some(ToolEvent::Finished(Ok(_)))));
    assert!(granted.lines().contains(&format!("GET /@other.test:{far}/ HTTP/1.1")));
    assert!(granted.lines().iter().all(|line| !line.contains('?')));
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn rules_for_robots_are_asked_within_the_grant() {
    let other = Server::always(PUBLIC, || page("text/plain", "")).await;
    let away = other.named("other.test", "/robots.txt");
    let granted = Server::always(PUBLIC, move || redirect(&away)).await;
    let tool = tool(&names(), &[PRIVATE_TOO]);
    let grant = within(&format!("http://granted.test:{}", granted.address.port()));
    let events = run(&tool, &grant, &arguments(&granted.named("granted.test", "/"))).await;
    let Some(ToolEvent::Finished(Err(error))) = events.last() else { panic!("{events:?}") };
    assert_eq!((error.code, granted.connections(), other.connections()), ("tool_not_allowed", 1, 0));
}

#[tokio::test]
async fn with_a_reader_the_grant_is_for_the_origin_of_the_page() {
    let (granted, other) = servers("").await;
    let reader = Server::start(PRIVATE, |_| page("text/plain", "by the reader")).await;
    let tool = tool(&names(), &[PRIVATE_TOO, ("READER_URL", &reader.url("/r"))]);
    let grant = within(&format!("http://granted.test:{}", granted.address.port()));
    for url in ways_out(granted.address.port(), other.address.port()).iter().chain([&reader.url("/r")]) {
        let events = run(&tool, &grant, &arguments(url)).await;
        assert!(matches!(&events[..], [ToolEvent::Finished(Err(error))] if error.code == "tool_not_allowed"), "{url}");
    }
    assert_eq!((reader.connections(), other.connections()), (0, 0));
    let url = granted.named("granted.test", "/page");
    assert!(matches!(run(&tool, &grant, &arguments(&url)).await.last(), Some(ToolEvent::Finished(Ok(_)))));
    assert_eq!(reader.lines(), [format!("GET /r/{url} HTTP/1.1")]);
}

#[tokio::test]
async fn what_may_be_granted_is_the_origin_of_what_may_be_fetched() {
    let tool = tool(&names(), &[]);
    for (url, origin) in [
        ("https://example.org/a/b?c=d#e", Some("https://example.org")),
        ("HTTPS://EXAMPLE.org:443/", Some("https://example.org")),
        ("http://example.org:8080/", Some("http://example.org:8080")),
        ("https://b\u{fc}cher.example/", Some("https://xn--bcher-kva.example")),
        ("https://example.org./", Some("https://example.org.")),
        ("http://0x01010101/", Some("http://1.1.1.1")),
        ("http://[2606:4700:4700::1111]/", Some("http://[2606:4700:4700::1111]")),
        ("https://user@example.org/", None),
        ("https://user:password@example.org/", None),
        ("http://127.0.0.1/", None),
        ("http://example.org:25/", None),
        ("ftp://example.org/", None),
        ("example.org", None),
    ] {
        let expected: Vec<Bound> = origin.map(|origin| Bound::Host(origin.into())).into_iter().collect();
        assert_eq!(tool.bounds(&arguments(url)), expected, "{url}");
    }
    assert_eq!(tool.bounds(&Arguments::parse(r#"{"address": "https://example.org/"}"#).unwrap()), []);
}

#[tokio::test]
async fn a_grant_of_another_kind_is_none() {
    let (granted, _) = servers("").await;
    let tool = tool(&names(), &[PRIVATE_TOO]);
    let call = arguments(&granted.named("granted.test", "/page"));
    for (bound, good) in
        [(Bound::Below("notes".into()), false), (Bound::Host("granted.test".into()), false), (Bound::Same, true)]
    {
        let context = ToolContext { within: Some(bound.clone()), ..context() };
        let preview = tool.preview(&context, &call).await.map_err(|error| error.code);
        assert_eq!(preview.map(|_| ()), if good { Ok(()) } else { Err("tool_not_allowed") }, "{bound:?}");
        let ended = run(&tool, &context, &call).await.pop();
        assert_eq!(matches!(ended, Some(ToolEvent::Finished(Ok(_)))), good, "{bound:?}: {ended:?}");
    }
    assert_eq!(granted.connections(), 2, "the one that was good, and its robots.txt");
}
