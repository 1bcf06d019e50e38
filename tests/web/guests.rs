//! Coming in without an account, where an operator lets people.

use reqwest::Method;
use serde_json::json;

use crate::{
    both,
    people::members,
    support::{App, Backend, Person, Script},
};

/// An app whose first tenant guests may enter.
pub async fn open(backend: Backend, settings: &[(&str, &str)]) -> (App, Person) {
    let (mut app, _) = App::ready(backend, settings).await;
    let slug = app.tenant();
    app.set("GUEST_TENANT", &slug);
    app.restart();
    let ada = app.visitor();
    ada.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
    (app, ada)
}

pub async fn guest(app: &App, name: &str) -> Person {
    let person = app.visitor();
    let form = person.get("/login").await.form_with("button", "Continue as guest").fill("name", name);
    person.submit(&form).await.expect(200);
    assert!(person.is_signed_in().await);
    person
}

both! {
    async fn a_guest_talks_and_has_no_more_than_that(backend) {
        let (app, ada) = open(backend, &[]).await;
        let visitor = app.visitor();
        let form = visitor.get("/login").await.form_with("button", "Continue as guest");
        let page = visitor.submit(&form.fill("name", "  ")).await;
        page.expect(422);
        assert!(page.complaint().contains("name"), "{}", page.complaint());

        let (one, other) = (guest(&app, "Gil <b>").await, guest(&app, "Gia").await);
        let chat = one.new_conversation("Hello").await;
        chat.settled().await;
        other.get(&format!("/conversations/{}", chat.id)).await.expect(404);
        one.get("/files").await.expect(403);
        one.get(&members(&app)).await.expect(403);
        let page = one.get("/settings").await;
        page.expect(200);
        assert!(page.find("button", "Create token").is_none() && page.nodes("#tokens").is_empty());
        let page = ada.get(&members(&app)).await;
        assert!(page.text().contains("Gil <b> · guest"), "{}", page.text());
        // A guest is not made more by a role, and nobody signs in as one.
        let id = app.query("SELECT id FROM users WHERE name = 'Gia'");
        let (csrf, address) = (ada.get("/settings").await.csrf(), format!("{}/{id}/role", members(&app)));
        ada.request(Method::POST, &address, Some(format!("csrf={csrf}&role=admin")), &[]).await.expect(409);
        let email = app.query("SELECT email FROM users WHERE name = 'Gia'");
        app.visitor().sign_in(&email, "").await;
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'guest_admitted'"), "2");
        let sign_out = ada.get(&members(&app)).await.form_to(&format!("{id}/sign-out"));
        ada.submit(&sign_out).await.expect(200);
        assert!(!other.is_signed_in().await);
    }

    async fn a_script_without_credentials_is_a_guest(backend) {
        let (app, _) = open(backend, &[("RATE_LOGIN", "12/hour")]).await;
        let nobody = Script::with_token(&app.base, "");
        let body = json!({"message": "Hello"});
        let first = nobody.post("/api/chat", &body, &[]).await.expect(200);
        let id = first.json()["conversation_id"].as_str().unwrap().to_owned();
        let cookie = first.header("set-cookie").expect("a cookie by which the guest is known").split(';').next().unwrap().to_owned();
        let path = format!("/api/chat/{id}");
        nobody.post(&path, &body, &[("cookie", &cookie)]).await.expect(200);
        nobody.post(&path, &body, &[]).await.expect(401);
        // From a foreign page it is nobody's cookie; a token that is not good makes nobody a guest.
        let foreign = [("cookie", cookie.as_str()), ("origin", "https://evil.example")];
        nobody.post(&path, &body, &foreign).await.expect(403);
        nobody.post("/api/chat", &body, &[("authorization", "Bearer nonsense")]).await.expect(401);
        assert_eq!(app.query("SELECT count(*) FROM memberships WHERE role = 'guest'"), "1");
        let mut statuses = Vec::new();
        for _ in 0..14 {
            statuses.push(nobody.post("/api/chat", &body, &[]).await.status);
        }
        assert!(statuses.contains(&429), "guests are made without end: {statuses:?}");
    }

    async fn guests_are_forgotten_after_thirty_days(backend) {
        let (mut app, _) = open(backend, &[]).await;
        let (old, new) = (guest(&app, "Old").await, guest(&app, "New").await);
        old.new_conversation("Hello").await.settled().await;
        let long_ago = "UPDATE memberships SET created_at = '2020-01-01T00:00:00.000000Z', last_used_at = '2020-01-01T00:00:00.000000Z'";
        app.query(&format!("{long_ago} WHERE user_id = (SELECT id FROM users WHERE name = 'Old')"));
        app.restart();
        crate::support::eventually("the old one is forgotten", async || {
            (app.query("SELECT count(*) FROM memberships WHERE role = 'guest'") == "1").then_some(())
        })
        .await;
        assert_eq!(app.query("SELECT count(*) FROM conversations"), "0");
        assert!(!old.is_signed_in().await && new.is_signed_in().await);
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn a_wrong_slug_stops_the_start_and_is_named(backend) {
        let (mut app, _) = App::ready(backend, &[]).await;
        assert!(app.visitor().get("/login").await.find("button", "Continue as guest").is_none());
        let visitor = app.visitor();
        let csrf = visitor.get("/login").await.csrf();
        visitor.request(Method::POST, "/guest", Some(format!("csrf={csrf}&name=x")), &[]).await.expect(404);
        Script::with_token(&app.base, "").post("/api/chat", &json!({"message": "Hello"}), &[]).await.expect(401);
        app.set("GUEST_TENANT", "nowhere");
        app.kill9();
        let check = app.run(&["check"], None);
        let said = String::from_utf8_lossy(&check.stdout).into_owned();
        assert!(!check.status.success() && said.contains("fault GUEST_TENANT") && said.contains("nowhere"), "{said}");
        let start = app.run(&["serve"], None);
        let fault = String::from_utf8_lossy(&start.stderr).into_owned();
        assert!(!start.status.success() && fault.contains("GUEST_TENANT is \"nowhere\""), "{fault}");
        let slug = app.tenant();
        app.set("GUEST_TENANT", &slug);
        let check = app.run(&["check"], None);
        assert!(String::from_utf8_lossy(&check.stdout).contains("guests may enter"), "{check:?}");
    }
}
