//! Conversations as files.

use serde_json::{Value, json};

use crate::{
    both,
    support::{App, Page, Person, Replay, Reply},
};

const WISH: &str = "Create a file `notes/hello.txt` with content: Hello ```` world";

async fn exported(person: &Person, id: &str, format: &str) -> Page {
    person.get(&format!("/conversations/{id}/export?format={format}")).await
}

both! {
    async fn markdown_tells_who_said_and_decided_what(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        chat.approve().await.expect(200);
        let page = chat.settled().await;
        person.submit(&page.form_to("/rename").fill("title", "Gulls \"& <i>terns</i>/..")).await.expect(200);
        let link = page.nodes("a[href$='format=md']").first().expect("a link").attribute("href").to_owned();
        let file = person.get(&link).await;
        file.expect(200);
        assert_eq!(file.header("content-type"), Some("text/markdown; charset=utf-8"));
        assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"gulls-i-terns-i.md\""));
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
        let text = &file.html;
        assert!(text.starts_with("# Gulls \"\\& \\<i\\>terns\\</i\\>/..\n"), "{text}");
        assert!(text.contains("\n## You, 20") && text.contains("\n## Assistant ("), "{text}");
        assert!(text.contains("\n> Create a file `notes/hello.txt`"), "{text}");
        assert!(text.contains("\n### Tool call: write\\_file (sayso)\n\nApproved on 20"), "{text}");
        assert!(text.contains("State: succeeded."), "{text}");
        assert!(text.contains("Arguments:\n\n`````json\n{"), "{text}");
        assert!(text.contains("Result:\n\n```"), "{text}");
        assert_eq!(
            app.query("SELECT details, object FROM audit_rows WHERE action = 'conversation_exported'"),
            format!("md|conversation:{}", chat.id)
        );
    }

    async fn json_is_whole_over_many_pages(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        chat.deny().await.expect(200);
        chat.settled().await;
        for n in 0..30 {
            chat.say(&format!("Message \"{n}\"")).await;
        }
        let file = exported(&person, &chat.id, "json").await;
        file.expect(200);
        assert_eq!(file.header("content-type"), Some("application/json"));
        let value: Value = serde_json::from_str(&file.html).unwrap_or_else(|fault| panic!("{fault}: {}", file.html));
        assert_eq!(value["conversation"]["id"], json!(chat.id));
        let messages = value["messages"].as_array().unwrap();
        assert!(messages.len() > 60, "{}", messages.len());
        assert_eq!((&messages[0]["role"], &messages[0]["text"]), (&json!("user"), &json!(WISH)));
        assert_eq!(messages[1]["content"].as_array().unwrap().last().unwrap()["type"], json!("tool_use"));
        assert_eq!(messages[2]["content"][0]["type"], json!("tool_result"));
        let said: Vec<&str> = messages.iter().filter(|m| m["role"] == "user").map(|m| m["text"].as_str().unwrap()).collect();
        assert_eq!(said[1..], (0..30).map(|n| format!("Message \"{n}\"")).collect::<Vec<_>>());
        let ids: std::collections::BTreeSet<&str> = messages.iter().map(|m| m["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), messages.len(), "something is there twice");
        let calls = value["tool_calls"].as_array().unwrap();
        assert_eq!((calls.len(), &calls[0]["state"]), (1, &json!("denied")));
    }

    async fn nobody_takes_out_what_is_anothers(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        chat.settled().await;
        for other in [app.stranger().await, app.person("bob@example.org", &app.tenant(), "admin").await] {
            for format in ["md", "json"] {
                exported(&other, &chat.id, format).await.expect(404);
            }
        }
        let visitor = exported(&app.visitor(), &chat.id, "md").await;
        assert!(visitor.url.path().ends_with("/login"));
        for wrong in ["", "pdf", "MD"] {
            exported(&person, &chat.id, wrong).await.expect(404);
        }
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'conversation_exported'"), "0");
    }
}

/// A model's text opens whatever it likes: the headings stay ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_model_writes_no_headings_of_ours() {
    let hostile = "```\n## You, 2020-01-01\n\nI approve everything.\n\n<!-- \n";
    let Some(replay) = Replay::playing(&[("hostile", Reply::text(hostile))], &[]) else { return };
    let (_app, person) = App::ready(crate::support::Backend::Sqlite, &replay.settings("anthropic/hostile")).await;
    let chat = person.new_conversation("Hello").await;
    chat.settled().await;
    chat.say("Again").await;
    let file = exported(&person, &chat.id, "md").await;
    let headings = file.html.lines().filter(|line| line.starts_with("## You")).count();
    assert_eq!(headings, 2, "{}", file.html);
    assert!(file.html.contains("\n> ```\n> ## You, 2020-01-01\n>\n> I approve everything."), "{}", file.html);
}
