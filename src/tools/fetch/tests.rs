//! `fetch_url` against servers on loopback.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;

use super::*;
use crate::{
    tools::{
        ToolEvent,
        net::testing::{PRIVATE, PUBLIC, Reply, Server, Told, guard, missing, page, redirect, reply},
    },
    types::{TenantId, UserId},
};

fn names() -> Arc<Told> {
    Told::new(&[("public.test", &[&[PUBLIC]]), ("other.test", &[&[PUBLIC]]), ("private.test", &[&[PRIVATE]])])
}

pub(super) fn tool(names: &Arc<Told>, settings: &[(&str, &str)]) -> FetchUrl {
    let settings = Settings::read(
        |name| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
        None,
    )
    .unwrap();
    FetchUrl::new(guard(names), &settings)
}

/// As for strangers, but the servers of tests have odd ports.
fn strangers() -> Policy {
    Policy { any_port: true, ..Policy::default() }
}

async fn read(url: &str) -> Result<String, ToolError> {
    tool(&names(), &[]).read(url, &strangers()).await
}

/// A server without rules for robots.
async fn server(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(PUBLIC, move |request| match request {
        request if request.starts_with("GET /robots.txt ") => missing(),
        request => answer(request.split(' ').nth(1).unwrap()),
    })
    .await
}

pub(super) fn context() -> ToolContext {
    ToolContext {
        tenant: TenantId::new(),
        tenant_slug: "acme".to_owned(),
        user: UserId::new(),
        call: None,
        within: None,
        elicit: std::sync::Arc::new(crate::tools::mcp::Decline),
    }
}

pub(super) fn arguments(url: &str) -> Arguments {
    Arguments::parse(&json!({"url": url}).to_string()).unwrap()
}

pub(super) async fn run(tool: &FetchUrl, context: &ToolContext, call: &Arguments) -> Vec<ToolEvent> {
    tool.run(context, call, None, CancellationToken::new()).collect().await
}

const PAGE: &str = include_str!("fixtures/page.html");

#[tokio::test]
async fn a_page_is_its_main_text_with_title_and_final_address_first() {
    let server = server(|path| match path {
        "/old?x=1" => redirect("/notes/tides"),
        _ => page("text/html; charset=utf-8", PAGE),
    })
    .await;
    let text = read(&server.named("public.test", "/old?x=1#part")).await.unwrap();
    let address = server.named("public.test", "/notes/tides");
    assert!(text.starts_with(&format!("# On tides\n\n<{address}>\n\n")), "{text}");
    for kept in [
        "**twice a day**",
        &format!("[the moon]({})", server.named("public.test", "/moon")),
        "## Springs and neaps",
        "- spring tide",
        "```rust\nfn tide() {}\n```",
    ] {
        assert!(text.contains(kept), "{kept} is not in {text}");
    }
    assert_eq!(text.matches("| day | height |").count(), 1, "{text}");
    for dropped in ["alert(1)", "color: red", "Subscribe", "All rights reserved"] {
        assert!(!text.contains(dropped), "{dropped} is in {text}");
    }
}

#[tokio::test]
async fn text_and_json_come_as_they_are() {
    for (content_type, body) in [
        ("text/plain", "a  <b>\n\n* c"),
        ("application/json", "{\"a\": [1,  2]}"),
        ("text/markdown", "# A\n\ntext"),
        ("application/atom+xml", "<feed/>"),
        ("application/octet-stream", "just text"),
    ] {
        let server = server(move |_| page(content_type, body)).await;
        let url = server.named("public.test", "/a");
        assert_eq!(read(&url).await.unwrap(), format!("<{url}>\n\n{body}"));
    }
}

#[tokio::test]
async fn what_is_no_text_is_said_to_be_unsupported() {
    for (content_type, body, what) in [
        ("application/pdf", &b"%PDF-1.7"[..], "a PDF"),
        ("text/html", b"%PDF-1.7", "a PDF"),
        ("application/octet-stream", b"%PDF-1.7", "a PDF"),
        ("image/png", b"", "an image"),
        ("text/plain", b"\x89PNG\r\n\x1a\n", "an image"),
        ("application/zip", b"PK\x03\x04", "application/zip"),
    ] {
        let server = server(move |_| page(content_type, body)).await;
        let error = read(&server.named("public.test", "/a")).await.unwrap_err();
        assert_eq!(error.code, "tool_error");
        assert!(error.message.contains(what) && error.message.contains("not supported"), "{error}");
    }
}

#[tokio::test]
async fn a_page_is_read_in_its_own_charset() {
    let old = b"<meta charset=windows-1251><title>\xcf\xf0\xe8\xe2\xe5\xf2</title><p>\xcc\xe8\xf0";
    let server = server(move |_| page("text/html", old)).await;
    let text = read(&server.named("public.test", "/a")).await.unwrap();
    assert!(text.starts_with("# Привет\n") && text.ends_with("\n\nМир"), "{text}");
}

#[tokio::test]
async fn a_long_page_is_cut_and_says_so() {
    let server = server(|_| page("text/plain", "é".repeat(1001))).await;
    let url = server.named("public.test", "/a");
    let text = tool(&names(), &[("FETCH_CHARACTERS", "1000")]).read(&url, &strangers()).await.unwrap();
    let expected = format!("<{url}>\n\n{}\n\n[Cut: these are the first 1000 of 1001 characters.]", "é".repeat(1000));
    assert_eq!(text, expected);
    let whole = tool(&names(), &[("FETCH_CHARACTERS", "1001")]).read(&url, &strangers()).await.unwrap();
    assert!(!whole.contains("[Cut"));
}

#[tokio::test]
async fn limits_of_size_and_time_are_settings() {
    let big = server(|_| page("text/plain", "x".repeat(2000))).await;
    let error =
        tool(&names(), &[("FETCH_LIMIT", "1kb")]).read(&big.named("public.test", "/"), &strangers()).await.unwrap_err();
    assert_eq!(error.message, "The answer is larger than 1 kB.");
    let slow = server(|_| Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), b'x')).await;
    let error = tool(&names(), &[("FETCH_TIMEOUT", "1")])
        .read(&slow.named("public.test", "/"), &strangers())
        .await
        .unwrap_err();
    assert_eq!(error.code, "tool_timeout");
}

#[tokio::test]
async fn a_status_that_is_no_success_is_told() {
    let server = server(|_| reply("410 Gone", "Content-Type: text/html\r\n", "<p>gone")).await;
    let error = read(&server.named("public.test", "/a")).await.unwrap_err();
    assert!(error.message.contains("410 Gone"), "{error}");
}

#[tokio::test]
async fn robots_are_kept_out_where_a_site_says_so() {
    let rules = "User-agent: Sayso\nDisallow: /private\nAllow: /private/open\n\nUser-agent: *\nDisallow: /\n";
    let server = Server::start(PUBLIC, move |request| match request {
        request if request.starts_with("GET /robots.txt ") => page("text/plain", rules),
        request if request.starts_with("GET /leads ") => redirect("/private/b"),
        _ => page("text/plain", "read"),
    })
    .await;
    let tool = tool(&names(), &[]);
    let get = async |path: &str| tool.read(&server.named("public.test", path), &strangers()).await;
    for path in ["/private", "/private/a?b=c", "/%70rivate/x", "/leads"] {
        let error = get(path).await.unwrap_err();
        assert!(error.message.contains("robots.txt"), "{path}: {error}");
    }
    for path in ["/", "/public", "/private/open"] {
        assert!(get(path).await.is_ok(), "{path}");
    }
    // The rules were asked for once, and nothing was asked for against them.
    assert_eq!(
        server.lines(),
        [
            "GET /robots.txt HTTP/1.1",
            "GET /leads HTTP/1.1",
            "GET / HTTP/1.1",
            "GET /public HTTP/1.1",
            "GET /private/open HTTP/1.1",
        ]
    );
    let agents = server.requests().iter().filter(|request| request.contains("\r\nuser-agent: Sayso/test\r\n")).count();
    assert_eq!(agents, 5);
}

#[tokio::test]
async fn each_site_on_the_way_has_its_own_rules() {
    let closed = Server::start(PUBLIC, |_| page("text/plain", "User-agent: *\nDisallow: /")).await;
    let to = closed.named("other.test", "/page");
    let open = server(move |_| redirect(&to)).await;
    let error = read(&open.named("public.test", "/")).await.unwrap_err();
    assert!(error.message.contains("robots.txt"), "{error}");
    assert_eq!(closed.lines(), ["GET /robots.txt HTTP/1.1"]);
}

#[tokio::test]
async fn rules_that_cannot_be_had_forbid_and_absent_ones_do_not() {
    for (status, allowed) in [
        ("503 Service Unavailable", false),
        ("429 Too Many Requests", false),
        ("404 Not Found", true),
        ("403 Forbidden", true),
    ] {
        let server = Server::start(PUBLIC, move |request| match request {
            request if request.starts_with("GET /robots.txt ") => reply(status, "", ""),
            _ => page("text/plain", "read"),
        })
        .await;
        let read = read(&server.named("public.test", "/a")).await;
        assert_eq!(read.is_ok(), allowed, "{status}: {read:?}");
        assert_eq!(server.connections(), if allowed { 2 } else { 1 });
    }
}

#[tokio::test]
async fn the_rules_of_sites_do_not_pile_up() {
    let rules = RobotRules::default();
    let server = Server::always(PUBLIC, missing).await;
    let port = server.address.port();
    let hosts: Vec<String> = (0..250).map(|number| format!("site{number}.test")).collect();
    const ONCE: &[&[&str]] = &[&[PUBLIC]];
    let answers: Vec<_> = hosts.iter().map(|host| (host.as_str(), ONCE)).collect();
    let guard = guard(&Told::new(&answers));
    let budget = Budget::new(Duration::from_secs(60), FIRST_BYTE, 1 << 20);
    for host in &hosts {
        let url = parse(&format!("http://{host}:{port}/")).unwrap();
        rules.check(&guard, &url, &strangers(), budget).await.unwrap();
    }
    assert_eq!(rules.len(), 200);
}

#[tokio::test]
async fn a_name_that_turns_private_after_robots_txt_is_not_followed() {
    let public = server(|_| page("text/plain", "public")).await;
    let private = std::net::TcpListener::bind((PRIVATE, public.address.port())).unwrap();
    private.set_nonblocking(true).unwrap();
    let names = Told::new(&[("rebind.test", &[&[PUBLIC], &[PRIVATE]])]);
    let error = tool(&names, &[]).read(&public.named("rebind.test", "/a"), &strangers()).await.unwrap_err();
    assert!(error.message.contains("not a public address"), "{error}");
    assert_eq!((public.connections(), names.asked()), (1, 2));
    assert!(private.accept().is_err(), "the private side was connected to");
}

#[tokio::test]
async fn a_reader_gets_the_address_and_private_ones_never_reach_it() {
    let target = server(|_| page("text/html", "unread")).await;
    let reader = Server::start(PRIVATE, |_| page("text/plain", "Markdown by the reader")).await;
    let tool = tool(&names(), &[("READER_URL", &reader.url("/r"))]);
    let url = target.named("public.test", "/a?b=c");
    let text = tool.read(&url, &strangers()).await.unwrap();
    assert_eq!(text, format!("<{url}>\n\nMarkdown by the reader"));
    assert_eq!(reader.lines(), [format!("GET /r/{url} HTTP/1.1")]);
    assert_eq!(target.lines(), ["GET /robots.txt HTTP/1.1"]);
    for url in ["http://private.test:1/", "http://127.0.0.1:1/", "http://user@public.test:1/", "http://unknown.test/"] {
        assert_eq!(tool.read(url, &strangers()).await.unwrap_err().code, "tool_error", "{url}");
    }
    assert_eq!(reader.connections(), 1);
    let description = &tool.definition().description;
    assert!(description.contains(&format!("the reader at {}", reader.address)), "{description}");
}

#[tokio::test]
async fn a_preview_names_the_host_and_asks_nobody() {
    let names = names();
    let tool = tool(&names, &[]);
    for (url, target) in [
        ("https://public.test/a?b=c", "public.test"),
        ("HTTPS://Public.TEST:443/", "public.test"),
        ("http://public.test:8080/", "public.test:8080"),
        ("http://unknown.test/", "unknown.test"),
        ("http://1.1.1.1/", "1.1.1.1"),
    ] {
        let preview = tool.preview(&context(), &arguments(url)).await.unwrap();
        assert_eq!(preview, Preview { target: Some(target.to_owned()), ..Preview::default() });
    }
    for url in
        ["public.test", "ftp://public.test/", "http://u:p@public.test/", "http://0x7f.1/", "http://public.test:25/", ""]
    {
        assert_eq!(tool.preview(&context(), &arguments(url)).await.unwrap_err().code, "tool_error", "{url}");
    }
    let other = Arguments::parse(r#"{"url": "http://public.test/", "headers": {}}"#).unwrap();
    assert_eq!(tool.preview(&context(), &other).await.unwrap_err().code, "invalid_payload");
    assert_eq!(names.asked(), 0);
}

#[tokio::test]
async fn a_run_tells_what_it_fetches_and_then_the_text() {
    let server = Server::start(PRIVATE, |request| match request {
        request if request.starts_with("GET /robots.txt ") => missing(),
        _ => page("text/plain", "x".repeat(70_000)),
    })
    .await;
    let tool = tool(&names(), &[("FETCH_ALLOW_PRIVATE", "true"), ("FETCH_CHARACTERS", "100000")]);
    let (person, call) = (context(), arguments(&server.url("/a")));
    let events = run(&tool, &person, &call).await;
    let expected = format!("<{}>\n\n{}", server.url("/a"), "x".repeat(70_000));
    let begins = format!("Fetching {}\n", server.url("/a"));
    assert_eq!(events, [ToolEvent::Chunk(begins), ToolEvent::Finished(Ok(expected.into()))]);
    assert_eq!(server.connections(), 2);
    assert_eq!(tool.took_effect(&person, &call, None).await, Some(false));
}

/// Through the whole tool, not only its client: whatever a private address or one of a cloud's metadata is called, nobody
/// is asked.
#[tokio::test]
async fn no_way_to_write_a_private_address_gets_past_the_tool() {
    let private = Server::always(PRIVATE, || page("text/plain", "secret")).await;
    let names = Told::new(&[
        ("private.test", &[&[PRIVATE]]),
        ("metadata.google.internal", &[&["169.254.169.254"]]),
        ("instance-data.ec2.internal", &[&["fd00:ec2::254"]]),
        ("unspecified.test", &[&["0.0.0.0"]]),
        ("unspecified6.test", &[&["::"]]),
        ("nat64.test", &[&["64:ff9b::7f00:1"]]),
        ("nat64-metadata.test", &[&["64:ff9b::a9fe:a9fe"]]),
        ("shared.test", &[&["100.64.0.1"]]),
        ("mapped.test", &[&["::ffff:127.0.0.1"]]),
        ("half.test", &[&[PUBLIC, PRIVATE]]),
    ]);
    let tool = tool(&names, &[]);
    // On ports that are allowed, and on the one where somebody listens.
    for port in [80, 8080, private.address.port()] {
        for host in [
            "127.0.0.1",
            "2130706433",
            "017700000001",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "0",
            "0.0.0.0",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[fe80::1%25eth0]",
            "[fe80::1]",
            "[64:ff9b::127.0.0.1]",
            "[64:ff9b::a9fe:a9fe]",
            "[64:ff9b:1::7f00:1]",
            "169.254.169.254",
            "0xa9fea9fe",
            "2852039166",
            "[fd00:ec2::254]",
            "[::ffff:169.254.169.254]",
            "100.64.0.1",
            "100.127.255.254",
            "100.100.100.200",
            "user@127.0.0.1",
            "user:password@127.0.0.1",
            "public.test@127.0.0.1",
            "private.test",
            "metadata.google.internal",
            "instance-data.ec2.internal",
            "unspecified.test",
            "unspecified6.test",
            "nat64.test",
            "nat64-metadata.test",
            "shared.test",
            "mapped.test",
            "half.test",
        ] {
            let url = format!("http://{host}:{port}/latest/meta-data/");
            let events = run(&tool, &context(), &arguments(&url)).await;
            let Some(ToolEvent::Finished(Err(error))) = events.last() else { panic!("{url}: {events:?}") };
            assert_eq!(error.code, "tool_error", "{url}: {error}");
        }
    }
    assert_eq!(private.connections(), 0);
    // The listener is one that can be reached.
    let allowed = self::tool(&names, &[("FETCH_ALLOW_PRIVATE", "true")]);
    let events = run(&allowed, &context(), &arguments(&private.named("private.test", "/"))).await;
    assert!(private.connections() > 0, "{events:?}");
}

#[tokio::test]
async fn a_cancelled_run_hangs_up() {
    let server = Server::always(PRIVATE, || Reply::Silence).await;
    let tool = tool(&names(), &[("FETCH_ALLOW_PRIVATE", "true")]);
    let cancel = CancellationToken::new();
    let mut run = tool.run(&context(), &arguments(&server.url("/a")), None, cancel.clone());
    assert!(matches!(run.next().await, Some(ToolEvent::Chunk(_))));
    let (event, ()) = tokio::join!(run.next(), async {
        while server.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    });
    assert!(matches!(event, Some(ToolEvent::Finished(Err(error))) if error.message == "It was stopped."));
}

fn article_of(html: &str) -> Result<markdown::Article, ToolError> {
    article(html, &Url::parse("https://a.test/").unwrap())
}

#[test]
fn a_page_without_paragraphs_still_has_its_words() {
    for html in ["<title>T</title><ul><li>one<li>two</ul>", "<title>T</title><h1>one</h1>two<nav>menu</nav>"] {
        let article = article_of(html).unwrap();
        assert_eq!(article.title, "T");
        assert!(article.markdown.contains("one") && article.markdown.contains("two"), "{article:?}");
    }
    assert_eq!(article_of("").unwrap().markdown, "");
    let title = article_of(&format!("<title>{}\n b</title><p>x", "a ".repeat(1000))).unwrap().title;
    assert!(title.chars().count() <= 301 && !title.contains('\n'), "{title}");
}

/// Pages that are made to keep a parser busy or to break it end soon, in whatever way. A stack that overflowed would
/// end the process and with it all tests.
#[test]
fn hostile_pages_end_soon() {
    let attributes: String = (0..60_000).map(|number| format!("a{number}=1 ")).collect();
    let formatting: String = (0..200).map(|number| format!("<b a{number}>")).collect();
    for (what, html) in [
        ("nested", "<div>".repeat(2000) + "text"),
        ("nested quotes", "<blockquote>".repeat(1500) + "text"),
        ("nested lists", "<ul><li>".repeat(1500) + "text"),
        ("nested tables", "<table><tr><td>".repeat(1500) + "text"),
        ("nested vectors", "<svg><g>".repeat(1500) + "text"),
        ("nested inside the limit", "<blockquote>".repeat(240) + "text"),
        ("attributes", format!("<div {attributes}>text</div>")),
        ("formatting that multiplies", formatting + &"<p>x".repeat(100_000)),
        ("misnested", "<a><b><i><p></a></b></i>".repeat(5000)),
        ("open signs", "<".repeat(300_000)),
        ("structured data", format!("<script type=application/ld+json>{}</script><p>x", "[".repeat(500_000))),
    ] {
        let began = Instant::now();
        let result = article_of(&html);
        assert!(began.elapsed() < Duration::from_secs(30), "{what}: {:?}", began.elapsed());
        assert!(result.as_ref().is_err_and(|error| error.code == "tool_error") || result.is_ok(), "{what}");
        if what == "nested" || what == "formatting that multiplies" {
            assert!(result.is_err(), "{what}");
        }
        if what == "nested inside the limit" {
            assert!(result.unwrap().markdown.contains("text"));
        }
    }
}
