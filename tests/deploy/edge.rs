//! Who calls, and what nobody outside may see.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    behind,
    support::{Backend, Front, Nginx, Page, Person, Script, Site, eventually, tls},
};

const SPOOFED: [(&str, &str); 4] = [
    ("x-forwarded-for", "203.0.113.7"),
    ("x-real-ip", "203.0.113.7"),
    ("forwarded", "for=203.0.113.7;proto=http;host=evil.example"),
    ("x-forwarded-host", "evil.example"),
];

/// Tries to sign in as somebody who is not there.
async fn guesses(person: &Person, email: &str, headers: &[(&str, &str)]) -> Page {
    let form = person.get("/login").await.form_with("button", "Sign in");
    person.submit_with(&form.fill("email", email).fill("password", "wrong, but long enough"), headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_is_the_clients() {
    let (app, _front, _nginx, ada) = behind("", &[("RATE_LOGIN", "5/min"), ("LOG_FORMAT", "json")]).await;
    let (near, far) = (ada.second_device().calling_from("127.0.0.2"), ada.second_device().calling_from("127.0.0.3"));
    // Many addresses are tried from one place, each only once: the place has a rate, whatever it calls itself.
    let mut refused = 0;
    for n in 0..8 {
        let address = format!("203.0.113.{n}");
        let headers = [("x-forwarded-for", address.as_str()), SPOOFED[1], SPOOFED[2], SPOOFED[3]];
        let page = guesses(&near, &format!("nobody{n}@example.org"), &headers).await;
        refused += usize::from(page.status == 429);
    }
    assert!(refused >= 2, "the rate of one address was counted as that of many");
    // Another place has its own.
    let page = far.sign_in(Person::FIRST.0, Person::FIRST.1).await;
    page.expect(200);
    let settings = far.get("/settings").await;
    assert!(settings.text().contains("127.0.0.3"), "{}", settings.text());
    let logs = app.logs().join("\n");
    assert!(logs.contains("\"client\":\"127.0.0.2\"") && logs.contains("\"client\":\"127.0.0.3\""), "{logs}");
    assert!(!logs.contains("203.0.113."), "a client named its own address");
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_are_those_of_an_https_site() {
    let (_app, front, nginx, ada) = behind("", &[]).await;
    let page = ada.get("/conversations").await;
    assert_eq!(page.header("strict-transport-security"), Some("max-age=31536000"));
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("server"), Some("nginx"), "it tells its version");
    // One id in both logs and the answer, which a client does not choose.
    let page = ada.request(Method::GET, "/login", None, &[("x-request-id", "chosen-by-a-client")]).await;
    let id = page.header("x-request-id").unwrap().to_owned();
    eventually("nginx logs it under that id", async || {
        nginx.requests().iter().any(|request| request["request_id"] == id.as_str()).then_some(())
    })
    .await;
    let cookie = ada.second_device().get("/login").await.header("set-cookie").unwrap().to_owned();
    assert!(cookie.starts_with("__Host-sayso=") && cookie.contains("; Secure") && cookie.contains("; HttpOnly"));
    // Plain http leads to https at the one name there is, whatever the client calls us.
    let visitor = Person::new(&front.plain());
    for headers in [&[][..], &[("host", "evil.example")]] {
        let page = visitor.request(Method::GET, "/login?next=/files", None, headers).await;
        assert_eq!(
            (page.status, page.header("location")),
            (301, Some(&*format!("{}/login?next=/files", front.base())))
        );
    }
    // By another name it is refused, with the right one.
    let client = tls::trusting(reqwest::Client::builder().no_proxy().http1_only(), &front.base()).build().unwrap();
    let login = client.get(format!("{}/login", front.base())).header("host", "evil.example");
    let answer = login.send().await.unwrap();
    assert_eq!(answer.status(), 421);
    assert!(answer.text().await.unwrap().contains(&front.base()));
}

fn visitor_at(front: &Front) -> Person {
    Person::new(&front.base())
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_closed_to_the_outside() {
    for path in ["", "/chat"] {
        let (app, front, _nginx, _ada) = behind(path, &[]).await;
        let visitor = visitor_at(&front);
        for closed in ["/metrics", "/stats", "//metrics", "/x/../metrics", "/%6detrics"] {
            let address = format!("{}{closed}", front.base());
            let page = visitor.request(Method::GET, &address, None, &[]).await;
            assert_eq!(page.status, 404, "{address}: {}", page.text());
            assert!(!page.html.contains("sayso_build_info") && !page.html.contains("totalConnections"));
        }
        for open in ["/health", "/healthz", "/readyz"] {
            visitor.get(open).await.expect(200);
        }
        // Who asks the instance itself is answered.
        let address = format!("{}{path}/metrics", app.base);
        let figures = reqwest::Client::builder().no_proxy().build().unwrap().get(address).send().await.unwrap();
        assert!(figures.text().await.unwrap().contains("sayso_build_info"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_not_logged() {
    let front = Front::new("/chat");
    let mut app = front.app(Backend::Sqlite, &[]);
    app.launch();
    let nginx = Nginx::start(&front, &[&app]).await;
    let link = app.setup_link();
    let token = link.split_once("token=").unwrap().1.to_owned();
    app.setup().await;
    let visitor = app.visitor();
    visitor.get("/invitations/a-secret-of-an-invitation").await;
    // Without TLS, by mistake.
    let plain = |path: &str| {
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        client.get(format!("{}{path}", front.plain())).send()
    };
    for path in ["/invitations/a-secret-of-an-invitation", "/setup?token=a-secret-of-the-setup"] {
        assert_eq!(plain(path).await.unwrap().status(), 301);
    }
    visitor.get("/password/a-secret-of-a-password").await;
    eventually("all is logged", async || {
        let requests = nginx.requests();
        let is_logged = |status: u16, path: &str| {
            requests.iter().any(|request| request["status"] == status && request["path"] == path)
        };
        (is_logged(301, "/chat/invitations/-") && is_logged(301, "/chat/setup")).then_some(())?;
        requests.iter().any(|request| request["path"] == "/chat/password/-").then_some(())
    })
    .await;
    let log = format!("{:?}", nginx.requests());
    assert!(log.contains("/chat/setup") && !log.contains(&token) && !log.contains("a-secret"), "{log}");
}

/// A flood from one address is turned away; a page with all its assets is not, nor anybody else.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_turned_away() {
    let (_app, front, _nginx, ada) = behind("", &[]).await;
    // All on one connection: making hundreds of them would take this machine longer than the rate allows for.
    let connection = || tls::trusting(reqwest::Client::builder().no_proxy(), &front.base()).build().unwrap();
    let client = connection();
    let ask = |path: &str| client.get(format!("{}{path}", front.base())).send();
    let answers = join_all((0..600).map(|_| ask("/healthz"))).await;
    let statuses: Vec<_> = answers.iter().map(|answer| answer.as_ref().unwrap().status().as_u16()).collect();
    let count = |status| statuses.iter().filter(|other| **other == status).count();
    // 200 at once, and 50 for each second that it took.
    assert!(count(200) >= 200 && count(429) > 0 && count(200) + count(429) == 600, "{statuses:?}");
    let refused = join_all((0..20).map(|_| ask("/api/meta"))).await.into_iter().map(Result::unwrap);
    for answer in refused.filter(|answer| answer.status() == 429) {
        assert_eq!(answer.headers()["retry-after"], "1");
        let body: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(body["error"]["code"], "rate_limited");
    }
    // Elsewhere nobody notices: many pages at once, each with its assets.
    let there = ada.copy().calling_from("127.0.0.9");
    let page = there.get("/conversations").await;
    page.expect(200);
    let assets: Vec<String> =
        page.nodes("link[rel=stylesheet]").iter().map(|node| node.attribute("href").to_owned()).collect();
    let client = connection();
    let ask = |path: &str| client.get(format!("{}{path}", front.base())).send();
    for answer in join_all(assets.iter().cycle().take(600).map(|asset| ask(asset))).await {
        assert_eq!(answer.unwrap().status(), 200, "an asset was turned away");
    }
    there.get("/conversations").await.expect(200);
}

/// Counts what comes to it and hangs up before it answers, as an instance that is killed in that moment.
fn hanging_up() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (place, count) = (listener.local_addr().unwrap().to_string(), Arc::<AtomicUsize>::default());
    let counted = count.clone();
    // It ends with the test binary.
    std::thread::spawn(move || {
        for caller in listener.incoming() {
            let mut head = String::new();
            // What was sent must have been read, or the kernel itself would refuse it.
            if BufReader::new(caller.unwrap()).read_line(&mut head).is_ok_and(|read| read > 0) {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    (place, count)
}

/// Of two instances one hangs up on whatever it is sent: nobody knows what it did, so that nothing is sent a second time
/// that may do something. One that refuses the connection has done nothing: all of it goes to the other.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_is_never_sent_again() {
    let answering = Site::start(|_, _| Some((200, "text/plain", "done".to_owned())));
    let good = answering.url("").replace("http://", "");
    let front = Front::new("");
    let (broken, reached) = hanging_up();
    {
        let _nginx = Nginx::before(&front, &[broken, good.clone()]).await;
        let script = Script::with_token(&front.base(), "");
        let mut statuses = Vec::new();
        // One that hung up is left out for a second; then its turn comes again.
        eventually("the broken one was asked three times", async || {
            for path in ["/api/chat", "/conversations", "/v1/chat/completions", "/mcp"] {
                statuses.push(script.call(Method::POST, path, Some("{}"), &[]).await.status);
            }
            (reached.load(Ordering::SeqCst) >= 3).then_some(())
        })
        .await;
        let (asked, lost) = (statuses.len(), statuses.iter().filter(|status| **status == 502).count());
        assert_eq!(lost, reached.load(Ordering::SeqCst), "{statuses:?}");
        assert_eq!(answering.requests().len() + lost, asked, "something was sent twice");
        // What only asks is asked again elsewhere.
        let before = reached.load(Ordering::SeqCst);
        eventually("the broken one is asked once more", async || {
            assert_eq!(script.get("/conversations").await.status, 200);
            (reached.load(Ordering::SeqCst) > before).then_some(())
        })
        .await;
    }
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let front = Front::new("");
    let _nginx = Nginx::before(&front, &[nobody, good]).await;
    let script = Script::with_token(&front.base(), "");
    for n in 0..30 {
        assert_eq!(script.call(Method::POST, "/api/chat", Some("{}"), &[]).await.status, 200, "the {n}th");
    }
}

/// With nobody behind it, nginx says so in the form that the caller reads.
#[tokio::test(flavor = "multi_thread")]
async fn without_an_instance_it_says_so() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let front = Front::new("");
    let _nginx = Nginx::before(&front, &[nobody]).await;
    let page = visitor_at(&front).get("/conversations").await;
    assert_eq!((page.status, page.header("retry-after")), (502, Some("1")));
    assert!(page.html.contains("being restarted"), "{}", page.html);
    let script = Script::with_token(&front.base(), "");
    assert_eq!(script.get("/api/conversations").await.code(), (502, "internal".to_owned()));
    let error = script.get("/v1/models").await.expect(502).json()["error"].take();
    assert_eq!((&error["type"], error.get("param")), (&json!("server_error"), Some(&Value::Null)), "{error}");
}

/// The path as people type it, without its last slash, leads to the front page.
#[tokio::test(flavor = "multi_thread")]
async fn the_path_alone_leads_there() {
    let (_app, front, _nginx, _ada) = behind("/chat", &[]).await;
    let visitor = visitor_at(&front);
    let page = visitor.request(Method::GET, &front.base(), None, &[]).await;
    assert_eq!((page.status, page.header("location")), (307, Some("/chat/")));
    visitor.get(&front.base()).await.expect(200);
    // Elsewhere it is what it was: an address that nobody has.
    let other = visitor.request(Method::GET, &format!("{}s", front.base()), None, &[]).await;
    assert_eq!(other.status, 404);
}
