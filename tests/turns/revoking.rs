//! Suspended, demoted, removed, signed out: the open socket closes and the next call fails within a second, also on
//! another instance, and from the command line beside a server.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::support::{App, Backend, Person, Script, Talk};

/// From the answer of who did it to the end of what was open.
const WITHIN: Duration = Duration::from_millis(1500);

/// Bob with a page's socket and a script's socket at one instance; Ada does it at the other.
async fn ends(doing: &App, open: &App, ada: &Person, verb: &str, fields: &str) {
    let email = format!("{verb}@example.org");
    let tenant = doing.tenant();
    let role = if verb == "role" { "admin" } else { "member" };
    doing.admin(
        &["create-user", "--email", &email, "--name", verb, "--tenant", &tenant, "--role", role],
        Some(Person::FIRST.1),
    );
    let bob = open.visitor();
    bob.sign_in(&email, Person::FIRST.1).await.expect(200);
    let chat = bob.new_conversation("Hello").await;
    chat.settled().await;
    let page = chat.socket().await;
    let script = Script::sign_in(&open.base, (&email, Person::FIRST.1)).await;
    let mut talk = Talk::of(&script, "").await;
    // It is answered, so it is watched.
    talk.send(&json!({"type": "nonsense"})).await;
    talk.hears("error").await;

    let ids = "SELECT (SELECT id FROM tenants ORDER BY created_at LIMIT 1), id FROM users";
    let ids = doing.query(&format!("{ids} WHERE email = '{email}'"));
    let (tenant, user) = ids.split_once('|').unwrap();
    let path = match verb {
        "tenant" => format!("/admin/tenants/{tenant}/suspend"),
        _ => format!("/admin/tenants/{tenant}/members/{user}/{verb}"),
    };
    let csrf = ada.get("/settings").await.csrf();
    let answer = ada.request(Method::POST, &path, Some(format!("csrf={csrf}{fields}")), &[]).await;
    answer.expect(303);
    let done = Instant::now();
    assert_eq!((page.closed().await, talk.closed().await), (4401, 4401), "{verb}");
    assert!(done.elapsed() < WITHIN, "{verb}: the sockets closed after {:?}", done.elapsed());
    script.get("/api/auth/me").await.expect(401);
    assert!(!bob.is_signed_in().await, "{verb}");
}

const VERBS: [(&str, &str); 4] = [("suspend", ""), ("role", "&role=member"), ("sign-out", ""), ("remove", "")];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_ends_here() {
    let (app, ada) = App::ready(Backend::Sqlite, &[]).await;
    for (verb, fields) in VERBS {
        ends(&app, &app, &ada, verb, fields).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_ends_at_the_other_instance() {
    let (one, ada) = App::ready(Backend::Postgres, &[]).await;
    let other = one.beside();
    for (verb, fields) in VERBS {
        ends(&one, &other, &ada, verb, fields).await;
    }
}

/// On SQLite a command has no way to wake the server, which looks once a second.
#[tokio::test(flavor = "multi_thread")]
async fn a_command_beside_the_server_ends_it_too() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let (app, _) = App::ready(backend, &[]).await;
        let tenant = app.tenant();
        app.person("bob@example.org", &tenant, "admin").await;
        let of = ["--email", "bob@example.org", "--tenant", &tenant];
        let demote = [&["set-role"][..], &of, &["--role", "member"]].concat();
        let resume = [&["resume-user"][..], &of].concat();
        for command in [demote, [&["sign-out"][..], &of].concat(), [&["suspend-user"][..], &of].concat()] {
            let bob = app.visitor();
            bob.sign_in("bob@example.org", Person::FIRST.1).await.expect(200);
            let chat = bob.new_conversation("Hello").await;
            chat.settled().await;
            let socket = chat.socket().await;
            app.admin(&command, None);
            let done = Instant::now();
            assert_eq!(socket.closed().await, 4401, "{command:?}");
            assert!(done.elapsed() < WITHIN, "{command:?}: closed after {:?}", done.elapsed());
            assert!(!bob.is_signed_in().await, "{command:?}");
        }
        app.admin(&resume, None);
        let bob = app.visitor();
        bob.sign_in("bob@example.org", Person::FIRST.1).await.expect(200);
        let chat = bob.new_conversation("Hello").await;
        chat.settled().await;
        let socket = chat.socket().await;
        app.admin(&["suspend-tenant", "--slug", &tenant], None);
        let done = Instant::now();
        assert_eq!(socket.closed().await, 4401);
        assert!(done.elapsed() < WITHIN, "the tenant: closed after {:?}", done.elapsed());
    }
}
