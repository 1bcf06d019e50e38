//! Tokens that people make for scripts, by plain forms.

use reqwest::Method;
use serde_json::json;

use crate::{
    api::{error, parsed},
    both,
    support::{App, Page, Person, page::Form},
    tokens::call,
};

/// The form that makes a token, filled.
fn filled(page: &Page, name: &str, scopes: &[&str], lifetime: &str) -> Form {
    let form = page.form_with("button", "Make a token").fill("name", name).fill("lifetime", lifetime);
    scopes.iter().fold(form, |form, scope| form.forge("scopes", scope))
}

/// Makes a token; what the page shows.
pub async fn made(person: &Person, name: &str, scopes: &[&str], lifetime: &str) -> String {
    let page = person.submit(&filled(&person.get("/settings").await, name, scopes, lifetime)).await;
    page.expect(200);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(page.text().contains(name), "{}", page.text());
    page.the("textbox", "Token").attribute("value").to_owned()
}

async fn me(app: &App, token: &str) -> Page {
    call(app, Method::GET, "/api/auth/me", Some(token), None).await
}

fn refused(page: &Page) -> (u16, String) {
    let (status, code, _) = error(page);
    (status, code)
}

both! {
    async fn a_token_is_made_shown_once_used_and_revoked(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        assert!(person.get("/settings").await.text().contains("You have none."));
        let token = made(&person, "Nightly <report>", &["chat", "admin-read"], "30").await;
        assert!(token.starts_with("sayso_") && token.len() == 49, "{token}");
        let settings = person.get("/settings").await;
        assert!(!settings.html.contains(&token) && !settings.html.contains(&token[6..]), "it is shown again");
        for shown in ["Nightly <report>", "Chat, Read as admin", "Never used"] {
            assert!(settings.text().contains(shown), "“{shown}” is not shown: {}", settings.text());
        }
        assert_eq!(app.query(&format!("SELECT count(*) FROM api_tokens WHERE hash = '{token}'")), "0", "kept in clear");

        let who = parsed(me(&app, &token).await.expect(200));
        assert_eq!((&who["credential"], &who["scopes"]), (&json!("token"), &json!(["chat", "admin-read"])));
        let settings = person.get("/settings").await.text();
        assert!(settings.contains("Last used") && !settings.contains("Never used"), "{settings}");
        // Its use is noted to a minute, not each time.
        let noted = app.query("SELECT last_used_at FROM api_tokens");
        me(&app, &token).await.expect(200);
        assert_eq!(app.query("SELECT last_used_at FROM api_tokens"), noted);
        app.query("UPDATE api_tokens SET last_used_at = '2026-01-01T00:00:00.000000Z'");
        me(&app, &token).await.expect(200);
        assert!(app.query("SELECT last_used_at FROM api_tokens") >= noted);

        // Signing out is for those who signed in.
        let out = call(&app, Method::POST, "/api/auth/logout", Some(&token), None).await;
        assert_eq!(refused(&out), (403, "forbidden".into()));
        person.submit(&person.get("/settings").await.form_with("button", "Revoke Nightly <report>")).await.expect(200);
        assert_eq!(refused(&me(&app, &token).await), (401, "unauthorized".into()));
        assert!(person.get("/settings").await.text().contains("You have none."));
        let audit = app.query("SELECT action, details FROM audit_rows WHERE action LIKE 'api_token%' ORDER BY number");
        assert_eq!(audit, "api_token_made|chat admin-read\napi_token_revoked|chat admin-read");
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn what_a_token_may_not_be_is_said_in_words(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let long = "x".repeat(101);
        for (name, scopes, words) in [
            ("Agent", &["tools", "decide"][..], "choose Tools or Decide, not both"),
            ("Agent", &["chat", "tools", "decide", "admin-read"], "choose Tools or Decide, not both"),
            ("Agent", &[], "at least one thing"),
            (" ", &["chat"], "a name of at most 100 characters"),
            (&long, &["chat"], "a name of at most 100 characters"),
        ] {
            let page = person.submit(&filled(&person.get("/settings").await, name, scopes, "365")).await;
            page.expect(422);
            assert!(page.complaint().contains(words), "{}", page.complaint());
            let form = page.form_with("button", "Make a token");
            assert_eq!((form.value("name"), form.value("lifetime")), (Some(name), Some("365")), "what was typed is lost");
            let kept: Vec<_> = form.fields.iter().filter(|(field, _)| field == "scopes").map(|(_, scope)| scope.as_str()).collect();
            assert_eq!(kept, scopes, "what was chosen is lost");
            // The page it came on is whole: the other forms stand as they were.
            assert_eq!(page.form_with("button", "Save").value("name"), Some("Ada Lovelace"));
        }
        let settings = person.get("/settings").await;
        for form in [filled(&settings, "x", &["everything"], "30"), filled(&settings, "x", &["chat"], "31"),
            filled(&settings, "x", &["chat"], "30").forge("surprise", "1")] {
            person.submit(&form).await.expect(422);
        }
        let forged = filled(&settings, "x", &["chat"], "30").without("csrf");
        person.submit(&forged).await.expect(403);
        assert_eq!(app.query("SELECT count(*) FROM api_tokens"), "0");
        for scopes in [&["tools"][..], &["decide"], &["chat", "decide"], &["chat", "tools", "admin-read"]] {
            made(&person, "fine", scopes, "none").await;
        }
        assert!(person.get("/settings/tokens").await.url.path().ends_with("/settings"));
    }

    async fn a_token_ends_when_it_was_said_to(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        for (lifetime, days) in [("30", 30), ("90", 90), ("365", 365)] {
            made(&person, lifetime, &["chat"], lifetime).await;
            let row = app.query(&format!("SELECT created_at, expires_at FROM api_tokens WHERE name = '{lifetime}'"));
            let (made, ends) = row.split_once('|').unwrap();
            let date = |text: &str| text[..10].parse::<chrono::NaiveDate>().unwrap();
            assert_eq!((date(ends) - date(made)).num_days(), days);
        }
        let token = made(&person, "for ever", &["chat"], "none").await;
        assert_eq!(app.query("SELECT count(*) FROM api_tokens WHERE expires_at IS NULL"), "1");
        me(&app, &token).await.expect(200);
        app.query("UPDATE api_tokens SET expires_at = '2020-01-01T00:00:00.000000Z'");
        assert_eq!(refused(&me(&app, &token).await), (401, "unauthorized".into()));
        assert!(person.get("/settings").await.text().contains("ended 1 Jan 2020"));
    }

    async fn a_token_is_its_persons_alone(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let bob = app.person("bob@example.org", &app.tenant(), "admin").await;
        let token = made(&person, "Adas", &["chat"], "90").await;
        let form = person.get("/settings").await.form_with("button", "Revoke Adas");
        for stranger in [&bob, &app.stranger().await] {
            let settings = stranger.get("/settings").await;
            assert!(!settings.text().contains("Adas"));
            let forged = form.clone().without("csrf").forge("csrf", &settings.csrf());
            stranger.submit(&forged).await.expect(404);
        }
        me(&app, &token).await.expect(200);
        let bobs = made(&bob, "Bobs", &["chat"], "90").await;
        assert_eq!(parsed(me(&app, &bobs).await.expect(200))["user"]["email"], json!("bob@example.org"));
        // Whoever loses power loses the tokens made with it, and does not get them back with the power.
        app.admin(&["set-role", "--email", "bob@example.org", "--tenant", &app.tenant(), "--role", "member"], None);
        assert_eq!(refused(&me(&app, &bobs).await), (401, "unauthorized".into()));
        app.admin(&["set-role", "--email", "bob@example.org", "--tenant", &app.tenant(), "--role", "owner"], None);
        assert_eq!(refused(&me(&app, &bobs).await), (401, "unauthorized".into()));
        app.admin(&["disable-user", "--email", Person::FIRST.0], None);
        assert_eq!(refused(&me(&app, &token).await), (401, "unauthorized".into()));
    }

    async fn a_token_opens_what_its_scopes_say(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        for (scopes, status) in [(&["chat"][..], 200), (&["tools"], 403), (&["decide"], 403), (&["admin-read"], 403), (&["chat", "decide"], 200)] {
            let token = made(&person, "Script", scopes, "90").await;
            let page = call(&app, Method::GET, "/api/approvals", Some(&token), None).await;
            assert_eq!(page.status, status, "{scopes:?}");
            if status == 403 {
                assert_eq!(refused(&page), (403, "forbidden".into()));
            }
        }
    }

    async fn guests_have_none(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let token = made(&person, "Mine", &["chat"], "90").await;
        let form = filled(&person.get("/settings").await, "More", &["chat"], "90");
        app.query("UPDATE memberships SET role = 'guest'");
        assert!(person.get("/settings").await.find("button", "Make a token").is_none());
        person.submit(&form).await.expect(403);
        assert_eq!(refused(&me(&app, &token).await), (401, "unauthorized".into()));
        assert_eq!(app.query("SELECT count(*) FROM api_tokens"), "1");
    }

    async fn a_switched_off_tenant_says_so_to_scripts(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let token = made(&person, "Mine", &["chat"], "90").await;
        app.query("UPDATE tenants SET is_active = false");
        assert_eq!(refused(&me(&app, &token).await), (403, "tenant_inactive".into()));
    }

    async fn there_are_not_endlessly_many(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        made(&person, "The first", &["chat"], "90").await;
        let columns = "tenant_id, user_id, name, scopes, created_at";
        for number in 0..49 {
            let id = format!("00000000-0000-7000-8000-0000000000{number:02}");
            app.query(&format!("INSERT INTO api_tokens (id, hash, {columns}) SELECT '{id}', '{number:064}', {columns} FROM api_tokens LIMIT 1"));
        }
        let page = person.submit(&filled(&person.get("/settings").await, "One more", &["chat"], "90")).await;
        page.expect(409);
        assert!(page.complaint().contains("50 tokens"), "{}", page.complaint());
    }
}
