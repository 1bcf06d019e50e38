//! One's data as a file: everything of one's own, nothing of anybody else.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{
    WISH, both,
    support::{App, Backend, Chat, Page, Person, pictures},
    token_page::made,
};

async fn downloaded(person: &Person) -> Page {
    let page = person.get("/settings/data").await;
    page.expect(200);
    let page = person.submit(&page.form_with("button", "Download my data")).await;
    page.expect(200);
    page
}

/// The lines of a file, by what they are.
fn lines(page: &Page) -> BTreeMap<String, Vec<Value>> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in page.html.lines() {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|fault| panic!("{fault}: {line}"));
        found.entry(value["type"].as_str().expect("a type").to_owned()).or_default().push(value);
    }
    found
}

async fn with_image(person: &Person, message: &str, name: &str, bytes: &[u8]) -> Chat {
    let form = person.new_page().await.composer().fill("message", message);
    let page = person.submit_files(&form, &[("images", name, bytes)]).await;
    page.expect(200);
    let chat = Chat { person: person.clone(), id: page.conversation() };
    chat.settled().await;
    chat
}

both! {
    async fn it_is_whole_and_ones_own(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let slug = app.tenant();
        ada.new_conversation("A secret of Ada's").await.settled().await;
        let bob = app.person("bob@example.org", &slug, "member").await;
        let png = pictures::png();
        let chat = with_image(&bob, "What is this?\nA \"picture\"", "sky é.png", &png).await;
        let asked = bob.new_conversation(WISH).await;
        asked.approve().await.expect(200);
        asked.settled().await;
        let token = made(&bob, "Nightly", &["chat"], "30").await;
        app.admin(&["create-tenant", "--slug", "second", "--name", "Second"], None);
        app.admin(&["set-role", "--email", "bob@example.org", "--tenant", "second", "--role", "admin"], None);
        bob.submit(&bob.get("/conversations").await.form_with("button", "Switch")).await.expect(200);
        let there = bob.new_conversation("In the second tenant").await;
        there.settled().await;

        let file = downloaded(&bob).await;
        assert_eq!(file.header("content-type"), Some("application/x-ndjson; charset=utf-8"));
        assert!(file.header("content-disposition").unwrap().starts_with("attachment; filename=\"sayso-data-"), "{:?}", file.header("content-disposition"));
        assert_eq!((file.header("cache-control"), file.header("x-content-type-options")), (Some("no-store"), Some("nosniff")));
        let found = lines(&file);
        assert_eq!(found["account"][0]["email"], "bob@example.org");
        let tenants: Vec<_> = found["membership"].iter().map(|line| line["tenant"]["slug"].as_str().unwrap()).collect();
        assert_eq!(tenants.len(), 2);
        assert!(tenants.contains(&"second") && tenants.contains(&slug.as_str()), "{tenants:?}");
        let mut ids: Vec<_> = found["conversation"].iter().map(|line| line["conversation"]["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        let mut all = vec![chat.id.as_str(), asked.id.as_str(), there.id.as_str()];
        all.sort_unstable();
        assert_eq!(ids, all);
        assert!(found["message"].iter().any(|line| line["message"]["text"] == "What is this?\nA \"picture\""));
        assert!(found["message"].iter().any(|line| line["message"]["text"] == "In the second tenant"));
        assert_eq!(found["tool_call"].len(), 1);
        assert_eq!(found["tool_call"][0]["tool_call"]["state"], "succeeded");
        assert_eq!(found["tool_call"][0]["conversation_id"], asked.id);
        let attachment = &found["attachment"][0];
        assert_eq!((&attachment["name"], &attachment["media_type"]), (&Value::from("sky é.png"), &Value::from("image/png")));
        assert_eq!((&attachment["conversation_id"], &attachment["number"]), (&Value::from(chat.id.clone()), &Value::from(1)));
        assert_eq!(STANDARD.decode(attachment["data"].as_str().unwrap()).unwrap(), png);
        assert_eq!(found["api_token"][0]["name"], "Nightly");
        assert!(!found["session"].is_empty());
        let end = &found["end"][0];
        assert_eq!((&end["conversations"], &end["attachments"]), (&Value::from(3), &Value::from(1)));
        assert!(found["about"][0]["not_included"].to_string().contains("audit"), "{}", found["about"][0]);

        for secret in ["Ada", "ada@example.org", &token, "password", "$2b$"] {
            assert!(!file.html.contains(secret), "“{secret}” is in it");
        }
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'data_exported'"), "1");
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn it_is_whole_over_many_pages(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let chat = ada.new_conversation("Hello").await;
        chat.settled().await;
        // Many rows like the first ones, in this conversation and as conversations of their own.
        let id = "'0198c0de-0000-7000-8000-' || substr(CAST(1000000000000 + i AS text), 2)";
        let id = if backend == Backend::Postgres { format!("({id})::uuid") } else { format!("({id})") };
        let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130)";
        app.query(&format!(
            "{many} INSERT INTO messages (id, tenant_id, conversation_id, turn_id, position, role, state, content, usage_estimated, created_at) \
             SELECT {id}, tenant_id, conversation_id, turn_id, i + 2, role, state, content, usage_estimated, created_at \
             FROM n, (SELECT * FROM messages ORDER BY position LIMIT 1) m"
        ));
        app.query(&format!(
            "{many} INSERT INTO conversations (id, tenant_id, user_id, kind, title, title_source, created_at, updated_at) \
             SELECT {id}, tenant_id, user_id, kind, title, title_source, created_at, updated_at FROM n, (SELECT * FROM conversations) c"
        ));
        app.query(&format!("UPDATE conversations SET last_position = 132 WHERE id = '{}'", chat.id));
        let found = lines(&downloaded(&ada).await);
        assert_eq!((found["message"].len(), found["conversation"].len()), (132, 131));
        let positions: Vec<_> = found["message"].iter().map(|line| line["message"]["id"].clone()).collect();
        assert_eq!(positions.iter().map(ToString::to_string).collect::<std::collections::BTreeSet<_>>().len(), 132, "one came twice");
        assert_eq!(found["end"][0]["messages"], 132);
    }

    async fn where_one_is_suspended_is_not_in_it(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        app.admin(&["create-tenant", "--slug", "second", "--name", "Second"], None);
        let bob = app.person("bob@example.org", &app.tenant(), "member").await;
        bob.new_conversation("Of the first").await.settled().await;
        app.admin(&["set-role", "--email", "bob@example.org", "--tenant", "second", "--role", "member"], None);
        bob.submit(&bob.get("/conversations").await.form_with("button", "Switch")).await.expect(200);
        app.admin(&["suspend-user", "--email", "bob@example.org", "--tenant", &app.tenant()], None);
        let file = downloaded(&bob).await;
        assert!(!file.html.contains("Of the first"), "{}", file.html);
        let found = lines(&file);
        let suspended = found["membership"].iter().find(|line| line["tenant"]["slug"] == app.tenant().as_str()).unwrap();
        assert_eq!(suspended["is_active"], false, "that there is more is not said");
    }
}
