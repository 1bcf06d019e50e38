//! The web's edge: what a browser on another site, or something that is no browser, may not do.

use reqwest::Method;

use crate::{
    both,
    support::{App, Backend, LiveSocket, Person, page::Page},
};

const FOREIGN: &str = "https://evil.example";

/// Pages of all kinds: path and whether one must be signed in.
async fn every_page(app: &App, person: &Person) -> Vec<Page> {
    let chat = person.new_conversation("Create a file `notes/hello.txt` with content: Hello world").await;
    chat.approvals(1).await;
    let visitor = app.visitor();
    let mut pages = vec![visitor.get("/login").await, visitor.get("/no/such/page").await];
    pages.push(visitor.sign_in(Person::FIRST.0, "wrong").await);
    pages.push(visitor.get("/setup?token=wrong").await);
    for path in ["/conversations", "/settings", "/approvals", "/no/such/page", "/conversations/nonsense"] {
        pages.push(person.get(path).await);
    }
    pages.push(person.new_page().await);
    pages.push(chat.page().await);
    pages
}

both! {
    async fn a_form_without_its_token_is_refused(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        let page = chat.settled().await;
        let other = app.visitor().get("/login").await.csrf();
        let forms = [
            page.composer().fill("message", "forged"),
            page.form_to("/rename").fill("title", "forged"),
            page.form_to("/delete"),
            page.form_to("/logout"),
            app.visitor().get("/login").await.form_with("button", "Sign in"),
        ];
        for form in forms {
            for (what, forged) in [
                ("no token", form.clone().without("csrf")),
                ("an empty token", form.clone().without("csrf").forge("csrf", "")),
                ("a made-up token", form.clone().without("csrf").forge("csrf", "0123456789abcdef0123456789abcdef")),
                ("the token of another session", form.clone().without("csrf").forge("csrf", &other)),
            ] {
                let answer = person.submit(&forged).await;
                assert_eq!(answer.status, 403, "{} with {what}:\n{}", form.action, answer.text());
                assert!(answer.shows_code("csrf") || !answer.complaint().is_empty(), "nothing is said");
            }
        }
        let page = chat.page().await;
        assert_eq!(page.said_by("user").len(), 1, "a forged message was sent");
        assert!(!page.html.contains("forged"));
        assert!(person.is_signed_in().await);
    }

    async fn a_form_from_another_site_is_refused(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        let form = chat.settled().await.composer().fill("message", "from elsewhere");
        for headers in [
            vec![("origin", FOREIGN), ("sec-fetch-site", "")],
            vec![("origin", "null"), ("sec-fetch-site", "")],
            vec![("origin", FOREIGN), ("sec-fetch-site", "cross-site")],
            vec![("origin", ""), ("sec-fetch-site", "cross-site")],
            vec![("origin", "http://127.0.0.1:1"), ("sec-fetch-site", "")],
            vec![("origin", "http://127.0.0.1:1"), ("sec-fetch-site", "same-site")],
        ] {
            let answer = person.submit_with(&form, &headers).await;
            assert_eq!(answer.status, 403, "{headers:?}");
        }
        assert_eq!(chat.page().await.said_by("user").len(), 1);
        // The same form from home goes through: it was the origin that was refused.
        person.submit(&form).await.expect(200);
        assert_eq!(chat.settled().await.said_by("user").len(), 2);
    }

    async fn a_socket_from_another_site_is_refused(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        chat.settled().await;
        for origin in [FOREIGN, "null", "http://127.0.0.1:1"] {
            assert_eq!(LiveSocket::open(&person, &chat.id, origin).await.err(), Some(403), "{origin}");
        }
        assert!(LiveSocket::open(&person, &chat.id, &person.base).await.is_ok());
    }

    async fn another_host_is_told_the_right_address(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let port = app.base.rsplit(':').next().unwrap().to_owned();
        for path in ["/login", "/conversations", "/"] {
            let page = person.request(Method::GET, path, None, &[("host", "evil.example")]).await;
            page.expect(421);
            let homes = [format!("localhost:{port}"), format!("127.0.0.1:{port}")];
            assert!(homes.iter().any(|home| page.html.contains(home)), "{path} names no right address:\n{}", page.html);
            assert!(page.headers.get_all("set-cookie").iter().next().is_none(), "a cookie for a foreign host");
        }
        for (host, path) in [("evil.example", "/health"), ("evil.example", "/healthz"), ("evil.example", "/readyz")] {
            assert_eq!(person.request(Method::GET, path, None, &[("host", host)]).await.status, 200, "{path}");
        }
        for host in ["localhost", "127.0.0.1", "[::1]"] {
            let host = format!("{host}:{port}");
            app.visitor().request(Method::GET, "/login", None, &[("host", &host)]).await.expect(200);
        }
    }

    async fn every_page_carries_its_headers(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        for page in every_page(&app, &person).await {
            let at = format!("{} ({})", page.url, page.status);
            let policy = page.header("content-security-policy").unwrap_or_else(|| panic!("{at}: no policy")).to_owned();
            for part in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
                "connect-src 'self'", "form-action 'self'", "manifest-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"]
            {
                assert!(policy.split(';').any(|own| own.trim() == part), "{at}: {policy} lacks {part}");
            }
            assert!(!policy.contains("unsafe"), "{at}: {policy}");
            assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{at}");
            assert_eq!(page.header("referrer-policy"), Some("same-origin"), "{at}");
            assert!(page.header("content-type").is_some_and(|kind| kind.eq_ignore_ascii_case("text/html; charset=utf-8")), "{at}");
            assert!(page.header("cache-control").is_some_and(|cache| cache.contains("no-store")), "{at}: pages of a person are kept");
            assert!(page.header("server").is_none(), "{at}: tells what serves it");
            assert!(page.header("strict-transport-security").is_none(), "{at}: HSTS over http");
        }
    }

    async fn no_page_holds_a_script_or_a_style(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        for page in every_page(&app, &person).await {
            let at = format!("{} ({})", page.url, page.status);
            for script in page.nodes("script") {
                assert!(!script.attribute("src").is_empty() && script.text.is_empty(), "{at}: a script in the page");
            }
            assert!(page.nodes("style").is_empty(), "{at}: a style sheet in the page");
            for node in page.nodes("*") {
                for name in node.attributes.keys() {
                    assert!(name != "style" && !name.starts_with("on") && !name.starts_with("hx-on"), "{at}: <{} {name}>", node.tag);
                }
                for name in ["href", "src", "action"] {
                    assert!(!node.attribute(name).to_lowercase().starts_with("javascript:"), "{at}: {name}");
                }
            }
            let footer = page.all("contentinfo").into_iter().map(|node| node.text).collect::<String>();
            assert!(footer.contains(&format!("Sayso {}", env!("CARGO_PKG_VERSION"))), "{at}: footer “{footer}”");
            assert!(!page.nodes("html[lang]").is_empty() && !page.nodes("title").is_empty(), "{at}");
        }
    }

    async fn an_unknown_or_doubled_field_is_refused(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        let good = chat.settled().await.composer().fill("message", "typed");
        for bad in [good.clone().forge("surprise", "1"), good.clone().forge("message", "twice")] {
            let page = person.submit(&bad).await;
            page.expect(422);
            assert!(!page.complaint().is_empty(), "nothing is said");
            assert!(page.html.contains(">\ntyped</textarea>"), "what was typed is lost:\n{}", page.html);
        }
        let page = person.submit(&good.clone().without("message")).await;
        page.expect(422);
        let title = chat.page().await.form_to("/rename").fill("title", "A name");
        person.submit(&title.clone().forge("title", "Another")).await.expect(422);
        person.submit(&title.clone().forge("colour", "red")).await.expect(422);
        assert_eq!(chat.page().await.said_by("user").len(), 1);
    }

    async fn a_body_of_a_wrong_kind_is_refused(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        let form = chat.settled().await.composer().fill("message", "typed");
        let json = serde_json::json!({"message": "typed", "csrf": form.value("csrf")}).to_string();
        let answer = person.request(Method::POST, &form.action, Some(json), &[("content-type", "application/json")]).await;
        assert!((400..500).contains(&answer.status), "{}", answer.status);
        let huge = format!("csrf={}&message={}", form.value("csrf").unwrap(), "x".repeat(3 << 20));
        person.request(Method::POST, &form.action, Some(huge), &[]).await.expect(413);
        let put = person.request(Method::PUT, &form.action, Some(String::new()), &[]).await;
        assert!(matches!(put.status, 404 | 405), "PUT answers {}", put.status);
        assert_eq!(chat.page().await.said_by("user").len(), 1);
    }
}

/// `X-Forwarded-*` counts only from a proxy that is named.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_proxy_is_not_believed() {
    let (app, _) = App::ready(Backend::Sqlite, &[("RATE_LOGIN", "2/min")]).await;
    let mut statuses = Vec::new();
    for n in 0..4 {
        let visitor = app.visitor();
        let form = visitor.get("/login").await.form_with("button", "Sign in");
        let form = form.fill("email", Person::FIRST.0).fill("password", "a wrong one");
        let address = format!("192.0.2.{n}");
        statuses.push(visitor.submit_with(&form, &[("x-forwarded-for", &address)]).await.status);
    }
    assert_eq!(statuses, [401, 401, 429, 429]);
}
