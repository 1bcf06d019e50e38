//! Where a request may go, and what may come back.

use std::{io::Write as _, process::Command};

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

use super::{
    testing::{PRIVATE, PUBLIC, Reply, Server, Told, guard, missing, page, redirect, reply},
    *,
};

/// As for strangers, but the servers of tests have odd ports.
fn strangers() -> Policy {
    Policy { any_port: true, ..Policy::default() }
}

fn budget() -> Budget {
    Budget::new(Duration::from_secs(20), Duration::from_secs(20), 1 << 20)
}

async fn get(names: &Arc<Told>, url: &str, policy: Policy, budget: Budget) -> Result<String, ToolError> {
    let answer = guard(names).get(parse(url)?, policy, budget).arrive().await?;
    Ok(String::from_utf8(answer.bytes().await?).unwrap())
}

async fn failure(names: &Arc<Told>, url: &str) -> ToolError {
    get(names, url, strangers(), budget()).await.expect_err(url)
}

/// Ways to write the address of a server on loopback, and names that lead to it.
fn ways_to(port: u16) -> Vec<String> {
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "017700000001",
        "0177.0.0.01",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "①②⑦.⓪.⓪.①",
        "%31%32%37.0.0.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "[fe80::1%25lo]",
        "[::1%25lo]",
        "[fe80::1]",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "100.64.0.1",
        "[64:ff9b::a9fe:a9fe]",
        "[::ffff:169.254.169.254]",
        "localhost",
        "private.test",
        "mixed.test",
        "mapped.test",
        "metadata.test",
        "metadata.google.internal",
        "nat64.test",
        "unspecified.test",
        "shared.test",
        "user@127.0.0.1",
        "public.test@127.0.0.1",
        "public.test:x@127.0.0.1",
        "user:password@public.test",
        "unknown.test",
    ]
    .iter()
    .map(|host| format!("http://{host}:{port}/"))
    .collect()
}

fn names() -> Arc<Told> {
    Told::new(&[
        ("public.test", &[&[PUBLIC]]),
        ("private.test", &[&[PRIVATE]]),
        ("localhost", &[&["::1", PRIVATE]]),
        ("mixed.test", &[&[PUBLIC, PRIVATE]]),
        ("mapped.test", &[&["::ffff:127.0.0.1"]]),
        ("metadata.test", &[&["169.254.169.254"]]),
        ("metadata.google.internal", &[&["169.254.169.254", "fd00:ec2::254"]]),
        ("nat64.test", &[&["64:ff9b::7f00:1"]]),
        ("unspecified.test", &[&["0.0.0.0", "::"]]),
        ("shared.test", &[&["100.64.0.1"]]),
    ])
}

#[tokio::test]
async fn no_spelling_of_a_private_address_is_connected_to() {
    let private = Server::always(PRIVATE, || page("text/plain", "secret")).await;
    for url in ways_to(private.address.port()) {
        assert_eq!(failure(&names(), &url).await.code, "tool_error", "{url}");
    }
    assert_eq!(private.connections(), 0);
    // The listener is one that can be reached.
    let allowed = get(&names(), &private.url("/"), Policy::for_strangers(true), budget()).await;
    assert_eq!((allowed.unwrap().as_str(), private.connections()), ("secret", 1));
}

#[tokio::test]
async fn no_redirect_leads_to_a_private_address() {
    let private = Server::always(PRIVATE, || page("text/plain", "secret")).await;
    let names = names();
    for url in ways_to(private.address.port()) {
        let target = url.clone();
        let public = Server::always(PUBLIC, move || redirect(&target)).await;
        let error = failure(&names, &public.named("public.test", "/")).await;
        assert_eq!((error.code, public.connections()), ("tool_error", 1), "{url}: {error}");
    }
    for url in
        ["file:///etc/passwd", "ftp://public.test/", "gopher://127.0.0.1:70/", "javascript:1", "http://", "\u{7f}"]
    {
        let public = Server::always(PUBLIC, move || redirect(url)).await;
        assert_eq!(failure(&names, &public.named("public.test", "/")).await.code, "tool_error", "{url}");
    }
    assert_eq!(private.connections(), 0);
}

#[tokio::test]
async fn a_name_that_changes_between_two_hops_is_looked_at_each_time() {
    let public = Server::start(PUBLIC, |request| match request {
        request if request.starts_with("GET /2") => page("text/plain", "second"),
        _ => redirect("/2"),
    })
    .await;
    let private = TcpHere::at(PRIVATE, public.address.port()).await;
    let stable = Told::new(&[("rebind.test", &[&[PUBLIC]])]);
    let read = get(&stable, &public.named("rebind.test", "/1"), strangers(), budget()).await.unwrap();
    assert_eq!((read.as_str(), stable.asked()), ("second", 2), "once for each hop");

    let rebind = Told::new(&[("rebind.test", &[&[PUBLIC], &[PRIVATE]])]);
    let error = failure(&rebind, &public.named("rebind.test", "/1")).await;
    assert!(error.message.contains("not a public address"), "{error}");
    assert_eq!((rebind.asked(), public.connections(), private.connections()), (2, 3, 0));

    // A second look at the name would find the private address; there is none.
    let quick = Told::new(&[("rebind.test", &[&[PUBLIC], &[PRIVATE]])]);
    let read = get(&quick, &public.named("rebind.test", "/2"), strangers(), budget()).await.unwrap();
    assert_eq!((read.as_str(), quick.asked(), private.connections()), ("second", 1, 0));
}

/// A listener at a port that was chosen elsewhere.
struct TcpHere(std::net::TcpListener);

impl TcpHere {
    async fn at(address: &str, port: u16) -> Self {
        let listener = std::net::TcpListener::bind((address, port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    /// How many wait to be accepted.
    fn connections(&self) -> usize {
        std::iter::from_fn(|| self.0.accept().ok()).count()
    }
}

#[tokio::test]
async fn a_grant_for_a_host_is_for_it_alone() {
    let elsewhere = Server::always(PUBLIC, || page("text/plain", "elsewhere")).await;
    let port = elsewhere.address.port();
    let names = Told::new(&[("agreed.test", &[&[PUBLIC]]), ("other.test", &[&[PUBLIC]])]);
    let only = |host: &str| Policy { same_host: Some(Host::parse(host).unwrap()), ..strangers() };
    for target in [format!("http://other.test:{port}/"), format!("http://agreed.test:{port}/"), elsewhere.url("/")] {
        let to = target.clone();
        let server = Server::always(PUBLIC, move || redirect(&to)).await;
        let url = server.named("agreed.test", "/");
        let error = get(&names, &url, only("agreed.test"), budget()).await.unwrap_err();
        assert!(error.message.contains("not agreed to"), "{target}: {error}");
        assert_eq!(elsewhere.connections(), 0, "{target}");
        let error = get(&names, &url, only("other.test"), budget()).await.unwrap_err();
        assert_eq!((error.code, server.connections()), ("tool_error", 1));
    }
    let server = Server::start(PUBLIC, |request| match request {
        request if request.starts_with("GET /2") => page("text/plain", "same"),
        _ => redirect("/2"),
    })
    .await;
    let read = get(&names, &server.named("AGREED.test", "/"), only("agreed.test"), budget()).await;
    assert_eq!(read.unwrap(), "same");
}

#[test]
fn redirects_within_a_grant_keep_port_and_protection() {
    let policy = Policy { same_host: Some(Host::parse("a.test").unwrap()), ..Policy::default() };
    for (from, to, good) in [
        ("http://a.test/", "https://a.test/", true),
        ("https://a.test/x", "https://a.test/y", true),
        ("https://a.test/", "http://a.test/", false),
        ("https://a.test/", "https://a.test:8443/", false),
        ("http://a.test:8080/", "https://a.test/", false),
        ("http://a.test/", "https://a.test:8443/", false),
    ] {
        let check = policy.check_redirect(&parse(from).unwrap(), &parse(to).unwrap());
        assert_eq!(check.is_ok(), good, "{from} {to}");
        assert!(Policy::default().check_redirect(&parse(from).unwrap(), &parse(to).unwrap()).is_ok());
    }
}

#[test]
fn only_ports_of_the_web_are_asked_by_strangers() {
    let guard = guard(&Told::new(&[]));
    for (url, good) in [
        ("http://a.test/", true),
        ("https://a.test/", true),
        ("http://a.test:8080/", true),
        ("https://a.test:8443/", true),
        ("http://a.test:443/", true),
        ("http://a.test:22/", false),
        ("http://a.test:25/", false),
        ("http://a.test:6379/", false),
        ("https://a.test:0/", false),
    ] {
        assert_eq!(guard.check(&parse(url).unwrap(), &Policy::for_strangers(false)).is_ok(), good, "{url}");
        assert!(guard.check(&parse(url).unwrap(), &Policy::for_strangers(true)).is_ok(), "{url}");
    }
    let long = format!("http://a.test/{}", "x".repeat(5000));
    assert!(parse(&long).is_err());
}

#[test]
fn allowing_private_addresses_allows_no_metadata() {
    let guard = guard(&Told::new(&[]));
    for (url, good) in [
        ("http://127.0.0.1:3000/", true),
        ("http://192.168.1.1/", true),
        ("http://[::1]/", true),
        ("http://169.254.169.254/latest/meta-data/", false),
        ("http://[fd00:ec2::254]/", false),
        ("http://0.0.0.0/", false),
        ("http://224.0.0.1/", false),
    ] {
        assert_eq!(guard.check(&parse(url).unwrap(), &Policy::for_strangers(true)).is_ok(), good, "{url}");
    }
}

#[tokio::test]
async fn what_another_asks_for_us_is_resolved_and_looked_at() {
    let guard = guard(&names());
    let check = async |url: &str| guard.check_resolved(&parse(url).unwrap(), &strangers(), budget()).await;
    assert!(check("http://public.test/").await.is_ok());
    for url in ["http://private.test/", "http://mixed.test/", "http://unknown.test/", "http://127.0.0.1/"] {
        assert_eq!(check(url).await.unwrap_err().code, "tool_error", "{url}");
    }
}

#[tokio::test]
async fn redirects_have_an_end() {
    let server = Server::always(PUBLIC, || redirect("/again")).await;
    let error = failure(&names(), &server.named("public.test", "/")).await;
    assert!(error.message.contains("more than 5 times"), "{error}");
    assert_eq!(server.connections(), 6);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[tokio::test]
async fn what_is_packed_is_unpacked() {
    let server = Server::always(PUBLIC, || reply("200 OK", "Content-Encoding: gzip\r\n", gzip(b"packed"))).await;
    let url = server.named("public.test", "/");
    assert_eq!(get(&names(), &url, strangers(), budget()).await.unwrap(), "packed");
    assert!(server.requests()[0].to_lowercase().contains("accept-encoding: gzip\r\n"), "{:?}", server.requests());

    for (coding, body) in
        [("br", b"packed".to_vec()), ("gzip", b"not gzip".to_vec()), ("gzip", gzip(b"packed")[..12].to_vec())]
    {
        let server =
            Server::always(PUBLIC, move || reply("200 OK", &format!("Content-Encoding: {coding}\r\n"), &body)).await;
        let error = failure(&names(), &server.named("public.test", "/")).await;
        assert!(error.message.contains("packed"), "{error}");
    }
}

#[tokio::test]
async fn bombs_end_at_the_limit() {
    let head = |more: &str| format!("HTTP/1.1 200 OK\r\n{more}\r\n").into_bytes();
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    type Make = Box<dyn Fn() -> Reply + Send + Sync>;
    let replies: Vec<(&str, Make)> = vec![
        ("a bomb", Box::new(move || reply("200 OK", "Content-Encoding: gzip\r\n", &bomb))),
        ("without end", Box::new(move || Reply::Endless(head(""), vec![b'x'; 4096]))),
        ("empty parts without end", Box::new(move || Reply::Endless(head("Content-Encoding: gzip\r\n"), gzip(b"")))),
    ];
    for (what, make) in replies {
        let server = Server::always(PUBLIC, make).await;
        let error = failure(&names(), &server.named("public.test", "/")).await;
        assert_eq!(error.message, "The answer is larger than 1 MB.", "{what}");
    }
}

#[tokio::test]
async fn who_is_slow_is_left() {
    let quick = || Budget::new(Duration::from_millis(400), Duration::from_millis(200), 1 << 20);
    let began = Instant::now();
    let drip = Server::always(PUBLIC, || Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), b'x')).await;
    let silent = Server::always(PUBLIC, || Reply::Silence).await;
    let heads = Server::always(PUBLIC, || Reply::Drip(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), b'x')).await;
    let detour = Server::start(PUBLIC, {
        let to = drip.named("public.test", "/");
        move |_| redirect(&to)
    })
    .await;
    for server in [&drip, &silent, &heads, &detour] {
        let error = get(&names(), &server.named("public.test", "/"), strangers(), quick()).await.unwrap_err();
        assert_eq!(error.code, "tool_timeout", "{error}");
        assert_eq!(server.lines(), ["GET / HTTP/1.1"]);
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_key_goes_nowhere_but_where_it_belongs() {
    let elsewhere = Server::always(PUBLIC, missing).await;
    let to = elsewhere.url("/");
    let server =
        Server::always(PRIVATE, move || reply("307 Temporary Redirect", &format!("Location: {to}\r\n"), "")).await;
    let address = parse(&server.url("/search")).unwrap();
    let policy = Policy::for_operator(&address);
    let answer = guard(&names()).post(&address, &policy, budget(), "key", &serde_json::json!({"a": 1})).await.unwrap();
    assert_eq!(answer.status.as_u16(), 307);
    assert!(answer.successful().is_err());
    assert!(server.requests()[0].to_lowercase().contains("authorization: bearer key\r\n"));
    assert_eq!(elsewhere.connections(), 0);
    let other = parse("http://public.test/").unwrap();
    assert!(guard(&names()).post(&other, &policy, budget(), "key", &serde_json::json!({})).await.is_err());
}

/// Where the child of the next test finds what it is to fetch.
const CHILD: &str = "SAYSO_TEST_FETCHES";

#[tokio::test]
async fn proxies_of_the_environment_are_not_asked() {
    if let Ok(url) = std::env::var(CHILD) {
        let read = get(&names(), &url, strangers(), budget()).await.unwrap();
        assert_eq!(read, "straight");
        return;
    }
    let proxy = Server::always(PRIVATE, || page("text/plain", "by the proxy")).await;
    let server = Server::always(PUBLIC, || page("text/plain", "straight")).await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "tools::net::tests::proxies_of_the_environment_are_not_asked"]);
    child.env(CHILD, server.named("public.test", "/"));
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(name, proxy.url("")).env_remove("NO_PROXY").env_remove("no_proxy").env_remove("REQUEST_METHOD");
    }
    let output = tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!((server.connections(), proxy.connections()), (1, 0));
}

proptest! {
    /// Whatever is written in place of a host: if it is a number to the URL standard, it is judged as that number.
    #[test]
    fn numbers_in_any_base_are_judged_as_what_they_are(bits in any::<u32>(), form in 0_usize..6) {
        let [a, b, c, d] = bits.to_be_bytes();
        let host = match form {
            0 => format!("{a}.{b}.{c}.{d}"),
            1 => format!("{bits}"),
            2 => format!("{bits:#x}"),
            3 => format!("0{bits:o}"),
            4 => format!("{a:#x}.0{b:o}.{}", u32::from(c) * 256 + u32::from(d)),
            _ => format!("[::ffff:{a}.{b}.{c}.{d}]"),
        };
        let guard = GUARD.with(Guard::clone);
        let good = guard.check(&parse(&format!("http://{host}/")).unwrap(), &Policy::default()).is_ok();
        prop_assert_eq!(good, judge(std::net::Ipv4Addr::from_bits(bits).into()) == address::Reach::Public, "{}", host);
    }

    #[test]
    fn any_text_is_refused_or_an_address_of_the_web(text in ".{0,60}", scheme in "(http|https|HTTP|ftp|file|)(://|:|)") {
        let guard = GUARD.with(Guard::clone);
        if let Ok(url) = parse(&format!("{scheme}{text}")) && guard.check(&url, &Policy::default()).is_ok() {
            prop_assert!(matches!(url.scheme(), "http" | "https"));
            prop_assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
            let number = match url.host() {
                Some(Host::Ipv4(number)) => Some(number.into()),
                Some(Host::Ipv6(number)) => Some(number.into()),
                _ => None,
            };
            prop_assert!(number.is_none_or(|number| judge(number) == address::Reach::Public), "{}", url);
        }
    }
}

thread_local! {
    static GUARD: Guard = Guard::new("Sayso/test").unwrap();
}
