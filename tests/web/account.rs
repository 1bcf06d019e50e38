//! A person's own account: its password, where it is signed in, its deletion.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::{
    WISH, both,
    guests::{guest, open},
    people::{id_of, members},
    support::{App, Backend, ENDLESS, LiveSocket, Page, Person, Script, UNCUT, eventually, page::Form},
    token_page::made,
};

/// From the answer of who did it to the end of what was open.
const WITHIN: Duration = Duration::from_millis(1500);

const NEW: &str = "a new one altogether";

async fn changes(person: &Person, old: &str, new: &str) -> Page {
    let page = person.get("/settings/password").await;
    page.expect(200);
    person.submit(&page.form_with("button", "Change password").fill("old", old).fill("password", new)).await
}

/// Deletes an account by its form.
async fn leaves(person: &Person, password: &str, typed: &str) -> Page {
    let page = person.get("/settings/delete").await;
    page.expect(200);
    let form = page.form_with("button", "Delete my account").fill("confirmation", typed);
    person.submit(&if password.is_empty() { form } else { form.fill("password", password) }).await
}

/// The form that ends the one program that is signed in.
fn program(page: &Page) -> Form {
    let forms = page.forms("form[action*='/settings/sign-ins/']");
    assert_eq!(forms.len(), 1, "{}", page.text());
    forms.into_iter().next().unwrap()
}

fn count(app: &App, what: &str) -> String {
    app.query(&format!("SELECT count(*) FROM {what}"))
}

async fn closes(socket: &LiveSocket, since: Instant) {
    assert_eq!(socket.closed().await, 4401);
    assert!(since.elapsed() < WITHIN, "it closed after {:?}", since.elapsed());
}

both! {
    async fn a_new_password_ends_what_was_open_with_the_old_one(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let (email, old) = Person::FIRST;
        let other = app.visitor();
        other.sign_in(email, old).await.expect(200);
        let chat = other.new_conversation("Hello").await;
        chat.settled().await;
        let socket = chat.socket().await;
        let script = Script::first(&app.base).await;
        let body = json!({"email": email, "password": old});
        let pair = Script::with_token(&app.base, "").post("/api/auth/login", &body, &[]).await.expect(200).json();
        let token = made(&ada, "Nightly", &["chat"], "30").await;
        let before = ada.cookies();

        for (typed, new, words) in [
            ("not the password", NEW, "not your password"),
            (old, "short", "at least 8"),
            ("", NEW, "not your password"),
        ] {
            let page = changes(&ada, typed, new).await;
            page.expect(422);
            assert!(page.complaint().contains(words), "{words}: {}", page.complaint());
            assert!(!page.html.contains("value=\"not the"), "a password is given back");
        }
        assert!(other.is_signed_in().await, "a refusal ended something");

        let page = changes(&ada, old, NEW).await;
        let done = Instant::now();
        page.expect(200);
        assert!(page.text().contains("Your password was changed"), "{}", page.text());
        closes(&socket, done).await;
        assert!(ada.is_signed_in().await && !other.is_signed_in().await);
        assert_ne!(ada.cookies(), before, "the old key still opens the door");
        script.get("/api/auth/me").await.expect(401);
        let refresh = json!({"refresh_token": pair["refresh_token"]});
        script.post("/api/auth/refresh", &refresh, &[]).await.expect(401);
        Script::with_token(&app.base, &token).get("/api/auth/me").await.expect(200);
        assert!(ada.get("/settings").await.find("heading", "Programs").is_none(), "a program is still listed");
        other.sign_in(email, old).await.expect(401);
        other.sign_in(email, NEW).await.expect(200);
        assert_eq!(count(&app, "audit_rows WHERE action = 'password_changed'"), "1");
        assert_eq!(count(&app, "audit_rows WHERE action = 'password_refused'"), "2");
        assert!(app.run(&["audit", "verify"], None).status.success());
        assert!(!app.logs().iter().any(|line| line.contains(NEW) || line.contains(old)));
    }

    async fn guessing_the_old_password_is_limited(backend) {
        let (app, _) = App::ready(backend, &[("RATE_LOGIN", "5/min")]).await;
        let ada = app.visitor();
        ada.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
        let mut statuses = Vec::new();
        for number in 0..6 {
            let page = changes(&ada, &format!("guess number {number}"), NEW).await;
            statuses.push(page.status);
            if page.status == 429 {
                assert!(page.header("retry-after").is_some() && !page.complaint().is_empty(), "{}", page.text());
            }
        }
        assert_eq!(statuses[3..].last(), Some(&429), "{statuses:?}");
        assert!(ada.is_signed_in().await);
    }

    async fn programs_say_what_they_are(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let body = json!({"email": Person::FIRST.0, "password": Person::FIRST.1});
        let agent = [("user-agent", "nightly-report/2.1 <b>\t[31m")];
        let nobody = Script::with_token(&app.base, "");
        let pair = nobody.post("/api/auth/login", &body, &agent).await.expect(200).json();
        let page = ada.get("/settings").await;
        assert!(page.text().contains("nightly-report/2.1 <b>") && page.text().contains("127.0.0.1"), "{}", page.text());
        // The program goes on as another version; the list follows.
        let refresh = json!({"refresh_token": pair["refresh_token"]});
        nobody.post("/api/auth/refresh", &refresh, &[("user-agent", "nightly-report/2.2")]).await.expect(200);
        let page = ada.get("/settings").await;
        assert!(page.text().contains("nightly-report/2.2") && !page.text().contains("/2.1"), "{}", page.text());
        let access = pair["access_token"].as_str().unwrap();
        let script = Script::with_token(&app.base, access);
        script.get("/api/auth/me").await.expect(200);
        ada.submit(&program(&page)).await.expect(200);
        script.get("/api/auth/me").await.expect(401);
    }

    async fn what_is_open_in_another_tenant_is_listed_and_ended(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        app.admin(&["create-tenant", "--slug", "second", "--name", "Second"], None);
        let bob = app.person("bob@example.org", &app.tenant(), "member").await;
        app.admin(&["set-role", "--email", "bob@example.org", "--tenant", "second", "--role", "member"], None);
        let body = json!({"email": "bob@example.org", "password": Person::FIRST.1, "tenant": "second"});
        let pair = Script::with_token(&app.base, "").post("/api/auth/login", &body, &[("user-agent", "elsewhere/1")]).await;
        let script = Script::with_token(&app.base, pair.expect(200).json()["access_token"].as_str().unwrap());
        script.get("/api/auth/me").await.expect(200);
        let page = bob.get("/settings").await;
        assert!(page.text().contains("elsewhere/1") && page.text().contains("Second"), "{}", page.text());
        // Nobody else's.
        let eve = app.stranger().await;
        let form = program(&page);
        let csrf = eve.get("/settings").await.csrf();
        eve.submit(&form.clone().fill("csrf", &csrf)).await.expect(404);
        script.get("/api/auth/me").await.expect(200);
        bob.submit(&form).await.expect(200);
        script.get("/api/auth/me").await.expect(401);
    }

    async fn the_last_owner_cannot_leave(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let (email, password) = Person::FIRST;
        app.admin(&["create-tenant", "--slug", "second", "--name", "Second <b>"], None);
        app.admin(&["set-role", "--email", email, "--tenant", "second", "--role", "owner"], None);
        let page = ada.get("/settings/delete").await;
        page.expect(200);
        assert!(page.text().contains("Test Works") && page.text().contains("Second <b>"), "{}", page.text());
        assert!(page.find("button", "Delete my account").is_none(), "what cannot be done is offered");
        let body = format!("csrf={}&confirmation={email}&password={}", page.csrf(), password.replace(' ', "+"));
        let page = ada.request(Method::POST, "/settings/delete", Some(body), &[]).await;
        page.expect(409);
        assert!(page.complaint().contains("Test Works, Second <b>") || page.complaint().contains("Second <b>, Test Works"), "{}", page.complaint());
        assert!(ada.is_signed_in().await);
        // Two owners who leave at once: one stays.
        app.person("eve@example.org", "second", "owner").await;
        app.admin(&["set-role", "--email", email, "--tenant", "second", "--role", "member"], None);
        let bob = app.person("bob@example.org", &app.tenant(), "owner").await;
        let (one, other) = tokio::join!(leaves(&ada, password, email), leaves(&bob, password, "bob@example.org"));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        assert_eq!(count(&app, "memberships WHERE role = 'owner'"), "2", "one of each tenant");
    }

    async fn an_account_is_deleted(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let bob = app.person("bob@example.org", &app.tenant(), "admin").await;
        app.admin(&["create-tenant", "--slug", "second", "--name", "Second"], None);
        let id = id_of(&app, "bob@example.org");
        let chat = bob.new_conversation(WISH).await;
        chat.approve().await.expect(200);
        chat.settled().await;
        let waits = bob.new_conversation(WISH).await;
        waits.approvals(1).await;
        // A second tenant, in which there is something of theirs too, and one from which they were removed.
        app.admin(&["set-role", "--email", "bob@example.org", "--tenant", "second", "--role", "member"], None);
        bob.submit(&bob.get("/conversations").await.form_with("button", "Switch")).await.expect(200);
        bob.new_conversation("Hello").await.settled().await;
        app.admin(&["remove-user", "--email", "bob@example.org", "--tenant", "second"], None);
        let bob = app.visitor();
        bob.sign_in("bob@example.org", Person::FIRST.1).await.expect(200);
        let waits = waits.seen_by(&bob);
        let waiting = waits.approvals(1).await.remove(0);
        let socket = waits.socket().await;
        let token = made(&bob, "Nightly", &["chat"], "30").await;
        let script = Script::sign_in(&app.base, ("bob@example.org", Person::FIRST.1)).await;
        let page = bob.get(&members(&app)).await;
        let page = bob.submit(&page.form_with("button", "Invite").fill("email", "new@example.org").fill("role", "member")).await;
        let link = page.nodes("#link").first().expect("the link is shown").attribute("value").to_owned();
        let invitation = format!("/invitations/{}", link.rsplit('/').next().unwrap());
        ada.get(&invitation).await.expect(200);
        let (calls, days) = (count(&app, "model_calls"), count(&app, "usage_days"));

        let page = bob.get("/settings/delete").await;
        for words in ["All your conversations", "Files and records", "audit log"] {
            assert!(page.text().contains(words), "{words} is not told: {}", page.text());
        }
        for (password, typed, field, words, status) in [
            ("not the password", "bob@example.org", "password", "not your password", 422),
            (Person::FIRST.1, "ada@example.org", "confirmation", "as it stands above", 422),
        ] {
            let page = leaves(&bob, password, typed).await;
            page.expect(status);
            assert!(page.complaint().contains(words), "{}", page.complaint());
            let wrong = page.nodes("[aria-invalid=true]");
            assert_eq!(wrong.iter().map(|node| node.attribute("name")).collect::<Vec<_>>(), [field]);
            let kept = page.form_with("button", "Delete my account");
            assert_eq!(kept.value("confirmation"), Some(typed), "what was typed is lost");
        }
        assert!(bob.is_signed_in().await);

        let page = leaves(&bob, Person::FIRST.1, " Bob@Example.org ").await;
        let done = Instant::now();
        page.expect(200);
        assert!(page.text().contains("Your account is deleted"), "{}", page.text());
        assert!(socket.closed().await == 4401 && done.elapsed() < WITHIN, "after {:?}", done.elapsed());
        assert!(!bob.is_signed_in().await);
        script.get("/api/auth/me").await.expect(401);
        Script::with_token(&app.base, &token).get("/api/auth/me").await.expect(401);
        bob.sign_in("bob@example.org", Person::FIRST.1).await.expect(401);
        let late = waits.person.submit(&waiting.form.clone().press("Approve")).await;
        assert!([401, 403].contains(&late.status) || late.url.path().ends_with("/login"), "{}", late.status);
        eventually("what was written to be gone", async || (count(&app, "conversations") == "0").then_some(())).await;
        for table in ["messages", "tool_calls", "turns", "sessions", "api_tokens", "refresh_tokens", "memberships"] {
            let of = match table {
                "messages" | "tool_calls" | "turns" => String::new(),
                "api_tokens" => format!(" WHERE user_id = '{id}' AND revoked_at IS NULL"),
                "refresh_tokens" => format!(" WHERE user_id = '{id}' AND revoked_at IS NULL"),
                _ => format!(" WHERE user_id = '{id}'"),
            };
            assert_eq!(count(&app, &format!("{table}{of}")), "0", "{table}");
        }
        let kept = app.query(&format!("SELECT email, name, password_hash, language, is_operator FROM users WHERE id = '{id}'"));
        assert!(!kept.contains("bob") && kept.starts_with(&format!("deleted:{id}|||")), "{kept}");
        // What stays.
        assert_eq!((count(&app, "model_calls"), count(&app, "usage_days")), (calls, days));
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
        assert_eq!(app.files().len(), 1, "the call that waited ran");
        let files = ada.get("/files/notes").await;
        assert!(files.text().contains("somebody who left"), "{}", files.text());
        assert!(!ada.get(&members(&app)).await.text().contains("bob@example.org"));
        ada.get(&invitation).await.expect(404);
        assert_eq!(count(&app, &format!("audit_rows WHERE action = 'account_deleted' AND object = 'user:{id}'")), "2");
        assert!(app.run(&["audit", "verify"], None).status.success());
        assert!(!app.query("SELECT details, object, target FROM audit_rows").contains("bob@"), "the address stays");
        // The address is free again, for somebody else.
        let again = app.person("bob@example.org", &app.tenant(), "member").await;
        assert_eq!(again.get("/conversations").await.conversations().len(), 0);
    }

    async fn a_running_turn_ends_with_the_account(backend) {
        let (app, _) = App::ready(backend, &[UNCUT]).await;
        let bob = app.person("bob@example.org", &app.tenant(), "member").await;
        let chat = bob.new_conversation(ENDLESS).await;
        chat.until("the reply to begin", |page| page.is_running() && !page.replies().is_empty()).await;
        let socket = chat.socket().await;
        let page = leaves(&bob, Person::FIRST.1, "bob@example.org").await;
        let done = Instant::now();
        page.expect(200);
        closes(&socket, done).await;
        eventually("the turn to be gone", async || (count(&app, "turns") == "0").then_some(())).await;
        // What it had cost is settled, and nothing is held any more.
        assert_eq!(count(&app, "model_calls WHERE settled_at IS NULL"), "0");
        assert_eq!(count(&app, "usage_months WHERE reserved_requests <> 0 OR reserved_output_tokens <> 0"), "0");
        assert_ne!(app.query("SELECT sum(requests) FROM usage_days"), "");
    }

    async fn what_a_crash_left_is_deleted_later(backend) {
        let (mut app, ada) = App::ready(backend, &[]).await;
        let bob = app.person("bob@example.org", &app.tenant(), "member").await;
        bob.new_conversation("Hello").await.settled().await;
        ada.new_conversation("Mine").await.settled().await;
        leaves(&bob, Person::FIRST.1, "bob@example.org").await.expect(200);
        // As if the server had gone down between the end of the account and that of what was written.
        let id = app.query("SELECT id FROM users WHERE email LIKE 'deleted:%'");
        app.query(&format!("UPDATE users SET leaving_since = '2026-01-01T00:00:00.000000Z' WHERE id = '{id}'"));
        app.query(&format!("UPDATE conversations SET user_id = '{id}'"));
        app.restart();
        eventually("the rest to be gone", async || (count(&app, "conversations") == "0").then_some(())).await;
        eventually("nothing to be left", async || (count(&app, "users WHERE leaving_since IS NOT NULL") == "0").then_some(())).await;
    }

    async fn guests_have_no_password_and_may_leave(backend) {
        let (app, _) = open(backend, &[]).await;
        let gil = guest(&app, "Gil <b>").await;
        gil.new_conversation("Hello").await.settled().await;
        let page = gil.get("/settings").await;
        assert!(page.nodes("a[href$='/settings/password']").is_empty(), "a guest is offered a password");
        gil.get("/settings/password").await.expect(404);
        let csrf = page.csrf();
        let body = format!("csrf={csrf}&old=&password={}", NEW.replace(' ', "+"));
        gil.request(Method::POST, "/settings/password", Some(body), &[]).await.expect(404);
        leaves(&gil, "", "Gia").await.expect(422);
        assert!(gil.is_signed_in().await);
        leaves(&gil, "", "Gil <b>").await.expect(200);
        assert!(!gil.is_signed_in().await);
        eventually("what was written to be gone", async || (count(&app, "conversations") == "0").then_some(())).await;
        assert_eq!(count(&app, "memberships WHERE role = 'guest'"), "0");
    }

    async fn without_the_forms_token_nothing_changes(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let (email, password) = (Person::FIRST.0, Person::FIRST.1.replace(' ', "+"));
        for (path, fields) in [
            ("/settings/password", format!("&old={password}&password=another+one+of+them")),
            ("/settings/delete", format!("&password={password}&confirmation={email}")),
            ("/settings/data", String::new()),
        ] {
            ada.request(Method::POST, path, Some(format!("csrf=nonsense{fields}")), &[]).await.expect(403);
            app.visitor().request(Method::POST, path, Some(format!("csrf=nonsense{fields}")), &[]).await;
        }
        assert!(ada.is_signed_in().await);
        app.visitor().sign_in(email, Person::FIRST.1).await.expect(200);
        assert_eq!(count(&app, "users"), "1");
    }
}

/// What is open at another server, and what runs there, ends too.
#[tokio::test(flavor = "multi_thread")]
async fn another_instance_ends_what_is_open_there() {
    let (app, _) = App::ready(Backend::Postgres, &[UNCUT]).await;
    let other = app.beside();
    let bob = app.person("bob@example.org", &app.tenant(), "member").await;
    let there = other.visitor();
    there.sign_in("bob@example.org", Person::FIRST.1).await.expect(200);
    let chat = there.new_conversation("Hello").await;
    chat.settled().await;
    let socket = chat.socket().await;
    changes(&bob, Person::FIRST.1, NEW).await.expect(200);
    closes(&socket, Instant::now()).await;
    assert!(!there.is_signed_in().await && bob.is_signed_in().await);

    there.sign_in("bob@example.org", NEW).await.expect(200);
    let chat = there.new_conversation(ENDLESS).await;
    chat.until("the reply to begin", |page| page.is_running() && !page.replies().is_empty()).await;
    let socket = chat.socket().await;
    leaves(&bob, NEW, "bob@example.org").await.expect(200);
    closes(&socket, Instant::now()).await;
    eventually("the turn to be gone", async || (count(&app, "turns") == "0").then_some(())).await;
    assert_eq!(count(&app, "model_calls WHERE settled_at IS NULL"), "0");
}
