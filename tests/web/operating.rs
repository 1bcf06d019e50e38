//! What operators, proxies and browsers' caches see.

use reqwest::Method;
use serde_json::Value;

use crate::{
    both,
    support::{App, Backend, Person, Replay, eventually},
};

fn json(html: &str) -> Value {
    serde_json::from_str(html).unwrap_or_else(|fault| panic!("{fault}: {html}"))
}

both! {
    async fn it_says_how_it_is(backend) {
        let app = App::start(backend).await;
        let visitor = app.visitor();
        let page = visitor.get("/health").await;
        page.expect(200);
        let health = json(&page.html);
        assert_eq!((&health["status"], &health["version"]), (&"OK".into(), &env!("CARGO_PKG_VERSION").into()));
        chrono::DateTime::parse_from_rfc3339(health["timestamp"].as_str().unwrap()).unwrap();
        for path in ["/healthz", "/readyz"] {
            visitor.get(path).await.expect(200);
            assert_eq!(visitor.request(Method::HEAD, path, None, &[]).await.status, 200);
        }
        assert!(visitor.cookies().is_empty(), "a health check gets a session");
    }

    async fn what_it_logs_names_the_request_and_no_secret(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("a very private message").await;
        chat.settled().await;
        let page = person.get("/no/such/page\u{7f}").await;
        let id = page.header("x-request-id").expect("X-Request-Id").to_owned();
        eventually("the request is logged", async || app.logs().iter().any(|line| line.contains(&id)).then_some(())).await;
        let logs = app.logs();
        assert!(logs.iter().any(|line| line.contains(&chat.id)), "nothing is logged of the conversation");
        for line in &logs {
            assert!(json(line).is_object(), "not JSON: {line}");
            for secret in ["a very private message", Person::FIRST.1, "setup?token="] {
                assert!(!line.contains(secret), "“{secret}” is logged: {line}");
            }
            for cookie in person.cookies().values() {
                assert!(!line.contains(cookie.as_str()), "a cookie is logged: {line}");
            }
        }
    }

    async fn check_says_what_is_in_order(backend) {
        let (mut app, _) = App::ready(backend, &[]).await;
        app.stop();
        let output = app.run(&["check"], None);
        assert!(output.status.success(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).lines().count() >= 3, "{output:?}");
        for (key, value) in [
            ("PORT", "ninety"),
            ("DATABASE_URL", "postgres://nobody:hidden@127.0.0.1:1/none"),
            ("MODEL_PROVIDER", "oracle"),
        ] {
            let before = app.setting(key);
            app.set(key, value);
            let output = app.run(&["check"], None);
            assert_eq!(output.status.code(), Some(1), "{key}={value}: {output:?}");
            let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(!said.contains("hidden"), "a password is shown: {said}");
            match before {
                Some(before) => app.set(key, &before),
                None => app.unset(key),
            }
        }
        assert!(app.run(&["check"], None).status.success());
    }

    async fn it_stops_when_it_is_told_to(backend) {
        let (mut app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        chat.settled().await;
        let socket = chat.socket().await;
        assert_eq!(app.stop(), Some(0));
        let code = socket.closed().await;
        assert!(matches!(code, 1001 | 1012), "the page's socket is closed with {code}");
        app.launch();
        assert!(person.is_signed_in().await, "the session did not outlive a restart");
        assert_eq!(chat.page().await.articles().len(), 2);
    }
}

/// A wrong value stops the start with one line that names it.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_setting_stops_the_start() {
    for (key, value, shown) in [
        ("PORT", "ninety", "ninety"),
        ("MODEL_PROVIDER", "oracle", "oracle"),
        ("MAX_OUTPUT_TOKENS", "-1", "-1"),
        ("RATE_LOGIN", "often", "often"),
        ("JSON_LIMIT", "much", "much"),
        ("PUBLIC_URL", "nowhere", "nowhere"),
        ("DATABASE_URL", "mysql://root:hidden@db/x", "mysql"),
        ("SESSION_SECRET", "tooshort", ""),
    ] {
        let mut app = App::new(Backend::Sqlite);
        app.set(key, value);
        let output = app.run(&[], None);
        assert!(!output.status.success(), "{key}={value} starts");
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        assert_eq!(said.lines().count(), 1, "{key}={value}: {said}");
        assert!(said.contains(key) && said.contains(shown), "{key}={value}: {said}");
        let shows_one = said.contains("root:hidden") || said.contains("tooshort");
        assert!(!shows_one, "{key}: a secret is shown: {said}");
    }
}

/// Two servers on one SQLite file would break each other.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_stays_out_of_the_file() {
    let mut app = App::start(Backend::Sqlite).await;
    app.set("PORT", "0");
    let output = app.run(&[], None);
    assert!(!output.status.success(), "a second server runs on the same file");
    app.visitor().get("/readyz").await.expect(200);
}

/// Secrets are made at the first start, for the owner alone, and last.
#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_the_owners() {
    use std::os::unix::fs::PermissionsExt;
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let data = app.workspace().with_file_name("data");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700, "others can look into the data directory");
    let mut secrets = 0;
    for entry in std::fs::read_dir(data.join("secrets")).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        secrets += 1;
    }
    assert!(secrets > 0, "no secret was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn assets_last_for_ever() {
    let app = App::start(Backend::Sqlite).await;
    let visitor = app.visitor();
    let page = visitor.get("/login").await;
    let mut assets: Vec<_> = page.nodes("script[src]").iter().map(|node| node.attribute("src").to_owned()).collect();
    assets.extend(
        page.nodes("link[rel=stylesheet], link[rel=icon]").iter().map(|node| node.attribute("href").to_owned()),
    );
    assert!(assets.len() >= 3, "{assets:?}");
    for asset in assets {
        let plain = visitor.request(Method::GET, &asset, None, &[]).await;
        assert_eq!(plain.status, 200, "{asset}");
        let cache = plain.header("cache-control").unwrap_or_default();
        assert!(
            cache.contains("immutable") && cache.contains("max-age=31536000") && cache.contains("public"),
            "{asset}: {cache}"
        );
        assert!(plain.headers.get("set-cookie").is_none(), "{asset} sets a cookie");
        assert_eq!(plain.header("x-content-type-options"), Some("nosniff"), "{asset}");
        let etag = plain.header("etag").unwrap_or_else(|| panic!("{asset} has no ETag")).to_owned();
        let again = visitor.request(Method::GET, &asset, None, &[("if-none-match", &etag)]).await;
        assert_eq!((again.status, again.html.len()), (304, 0), "{asset}");
        if asset.contains(".css") || asset.contains(".js") {
            assert!(
                plain.header("vary").is_some_and(|vary| vary.to_lowercase().contains("accept-encoding")),
                "{asset}"
            );
            for encoding in ["br", "gzip"] {
                let packed = visitor.request(Method::GET, &asset, None, &[("accept-encoding", encoding)]).await;
                assert_eq!(packed.header("content-encoding"), Some(encoding), "{asset}");
                assert!(packed.html.len() < plain.html.len(), "{asset} grows by {encoding}");
                assert_ne!(packed.header("etag"), Some(etag.as_str()), "{asset}: one ETag for two bodies");
            }
        }
        let other = asset.replacen(['1', '2', '3', 'a', 'b', 'c'], "0", 1);
        if other != asset {
            let old = visitor.request(Method::GET, &other, None, &[]).await;
            assert!(
                !old.header("cache-control").is_some_and(|c| c.contains("immutable")),
                "a wrong hash lasts for ever"
            );
        }
    }
    for outside in ["/assets/../Cargo.toml", "/assets/%2e%2e/Cargo.toml", "/assets/..%2fCargo.toml"] {
        let page = visitor.request(Method::GET, outside, None, &[]).await;
        assert!(!page.html.contains("[package]"), "{outside}");
    }
}

/// No key, no provider: ready by the demo. A provider by settings is checked without costing anything.
#[tokio::test(flavor = "multi_thread")]
async fn check_names_the_provider() {
    let Some(replay) = Replay::start() else { return };
    let mut app = App::with(Backend::Sqlite, &replay.settings("anthropic/text-haiku45")).await;
    app.stop();
    let output = app.run(&["check"], None);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.to_lowercase().contains("anthropic"), "{said}");
    assert!(!said.contains("test-key"), "the key is shown: {said}");
}
