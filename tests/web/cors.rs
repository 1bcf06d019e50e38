//! Which pages of other origins may call the API.

use reqwest::Method;
use serde_json::json;

use crate::{
    api::{error, parsed},
    both,
    support::{App, Backend, Page, Person},
};

const CLIENT: &str = "https://app.example";
const NAMES: [&str; 6] = [
    "access-control-allow-origin",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-expose-headers",
    "access-control-max-age",
    "access-control-allow-credentials",
];

/// What a page of that origin gets whose script calls as `fetch` does.
async fn fetch(
    app: &App,
    method: Method,
    path: &str,
    origin: &str,
    more: &[(&str, &str)],
    sent: Option<String>,
) -> Page {
    let mut headers = vec![("origin", origin), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")];
    headers.push(("content-type", if sent.is_some() { "application/json" } else { "" }));
    headers.extend(more);
    app.visitor().request(method, path, sent, &headers).await
}

async fn asked(app: &App, path: &str, origin: &str) -> Page {
    let more =
        [("access-control-request-method", "POST"), ("access-control-request-headers", "authorization,content-type")];
    fetch(app, Method::OPTIONS, path, origin, &more, None).await
}

/// The headers of sharing that an answer has.
fn shared(page: &Page) -> Vec<&'static str> {
    NAMES.into_iter().filter(|name| page.header(name).is_some()).collect()
}

fn lists(page: &Page, name: &str, wanted: &str) -> bool {
    page.header(name).unwrap_or_default().split(',').any(|one| one.trim().eq_ignore_ascii_case(wanted))
}

both! {
    async fn scripts_of_the_client_origin_call_with_tokens(backend) {
        let (app, _) = App::ready(backend, &[("CLIENT_ORIGIN", CLIENT)]).await;
        for path in ["/api/auth/login", "/api/approvals", "/api/no/such/address", "/v1/models"] {
            let page = asked(&app, path, CLIENT).await;
            page.expect(204);
            assert_eq!(page.header("access-control-allow-origin"), Some(CLIENT), "{path}");
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                assert!(lists(&page, "access-control-allow-methods", method), "{method}");
            }
            for name in ["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"] {
                assert!(lists(&page, "access-control-allow-headers", name), "{name}");
            }
            assert!(lists(&page, "vary", "Origin"));
        }
        // It signs in without a token, and calls with one; it reads errors too.
        let sent = json!({"email": Person::FIRST.0, "password": Person::FIRST.1}).to_string();
        let page = fetch(&app, Method::POST, "/api/auth/login", CLIENT, &[], Some(sent)).await;
        let answer = parsed(page.expect(200));
        let token = format!("Bearer {}", answer["access_token"].as_str().unwrap());
        let called = fetch(&app, Method::GET, "/api/auth/me", CLIENT, &[("authorization", &token)], None).await;
        called.expect(200);
        let refused = fetch(&app, Method::GET, "/api/auth/me", CLIENT, &[("authorization", "Bearer x")], None).await;
        assert_eq!(error(&refused).1, "unauthorized");
        let missing = fetch(&app, Method::GET, "/api/no/such/address", CLIENT, &[], None).await;
        missing.expect(404);
        for page in [&page, &called, &refused, &missing] {
            assert_eq!(page.header("access-control-allow-origin"), Some(CLIENT), "{}", page.url);
            for name in ["X-Chat-Session-Id", "Retry-After", "X-Request-Id"] {
                assert!(lists(page, "access-control-expose-headers", name), "{} hides {name}", page.url);
            }
            assert!(lists(page, "vary", "Origin"));
            assert!(page.header("access-control-allow-credentials").is_none());
        }
        let refresh = json!({"refresh_token": answer["refresh_token"]}).to_string();
        fetch(&app, Method::POST, "/api/auth/refresh", CLIENT, &[], Some(refresh)).await.expect(200);
        let out = fetch(&app, Method::POST, "/api/auth/logout", CLIENT, &[("authorization", &token)], None).await;
        out.expect(204);
    }

    async fn the_cookie_is_never_the_clients(backend) {
        let (_app, person) = App::ready(backend, &[("CLIENT_ORIGIN", CLIENT)]).await;
        let csrf = person.get("/conversations").await.csrf();
        let foreign = [("origin", CLIENT), ("sec-fetch-site", "same-site"), ("x-csrf-token", csrf.as_str())];
        let page = person.request(Method::POST, "/api/auth/logout", Some(String::new()), &foreign).await;
        assert_eq!(error(&page).1, "csrf");
        let read = person.request(Method::GET, "/api/auth/me", None, &foreign).await;
        // A browser withholds what was asked for with a cookie unless this is there.
        assert!(read.header("access-control-allow-credentials").is_none());
        assert!(person.is_signed_in().await);
    }

    async fn others_and_other_addresses_are_told_nothing(backend) {
        let (app, _) = App::ready(backend, &[("CLIENT_ORIGIN", CLIENT)]).await;
        for origin in ["https://evil.example", "https://app.example.evil", "http://app.example", "https://app.example:444", "null", "", "*"] {
            for page in [asked(&app, "/api/auth/login", origin).await, fetch(&app, Method::GET, "/api/auth/me", origin, &[], None).await] {
                assert_eq!(shared(&page), Vec::<&str>::new(), "{origin}");
                assert!(lists(&page, "vary", "Origin"), "a cache would give {origin} what is another's");
            }
        }
        let sent = json!({"email": Person::FIRST.0, "password": Person::FIRST.1}).to_string();
        let page = fetch(&app, Method::POST, "/api/auth/login", "https://evil.example", &[], Some(sent)).await;
        assert_eq!(error(&page).1, "csrf");
        for path in ["/login", "/conversations", "/health", "/apiary", "/"] {
            assert_eq!(shared(&asked(&app, path, CLIENT).await), Vec::<&str>::new(), "{path}");
            let page = app.visitor().request(Method::GET, path, None, &[("origin", CLIENT)]).await;
            assert_eq!(shared(&page), Vec::<&str>::new(), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_client_origin_nothing_is_shared() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    for origin in [CLIENT, "null", app.base.as_str()] {
        let question = asked(&app, "/api/auth/login", origin).await;
        question.expect(405);
        for page in [question, fetch(&app, Method::GET, "/api/auth/me", origin, &[], None).await] {
            assert_eq!(shared(&page), Vec::<&str>::new(), "{origin}");
            assert!(page.header("vary").is_none(), "{:?}", page.header("vary"));
        }
    }
}

/// Below a prefix, the API is there.
#[tokio::test(flavor = "multi_thread")]
async fn below_a_prefix_it_is_the_same() {
    let mut app = App::new(Backend::Sqlite);
    for (name, value) in [("CLIENT_ORIGIN", CLIENT), ("PUBLIC_URL", "http://localhost:1/chat")] {
        app.set(name, value);
    }
    app.launch();
    let home = [("host", "localhost:1"), ("access-control-request-method", "GET")];
    let page = fetch(&app, Method::OPTIONS, "/chat/api/auth/me", CLIENT, &home, None).await;
    assert_eq!((page.status, page.header("access-control-allow-origin")), (204, Some(CLIENT)));
    let page = fetch(&app, Method::OPTIONS, "/api/auth/me", CLIENT, &home, None).await;
    assert_eq!(shared(&page), Vec::<&str>::new());
}
