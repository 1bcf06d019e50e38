//! A result that is too long to be shown and told: where all of it can be had, and by whom.

use serde_json::{Value, json};

use crate::{
    both,
    support::{App, Backend, Chat, Person, Replay, Reply, Script},
};

/// An app whose model asked for a long text, and the conversation in which it got it.
async fn ran(backend: Backend) -> Option<(App, Person, Chat, Replay)> {
    let code = json!({"code": "'<b>\u{e9}'.repeat(1000)"});
    let replay = Replay::playing(
        &[("ask", Reply::text("A script.").and_tool("run_js", code)), ("end", Reply::text("Done."))],
        &[("one", &["anthropic/ask", "anthropic/end"])],
    )?;
    let mut settings = replay.settings("script:one.json");
    settings.push(("TOOL_RESULT_LIMIT", "1kb"));
    let (app, person) = App::ready(backend, &settings).await;
    let chat = person.new_conversation("Compute").await;
    chat.approve().await.expect(200);
    chat.until("the reply goes on", |page| page.said_by("assistant").iter().any(|said| said.text == "Done.")).await;
    Some((app, person, chat, replay))
}

fn whole() -> String {
    "<b>\u{e9}".repeat(1000)
}

both! {
    async fn what_was_cut_is_kept_whole_for_its_person_alone(backend) {
        let Some((app, person, chat, replay)) = ran(backend).await else { return };
        let address = format!("/conversations/{}/attachments/1", chat.id);
        let page = chat.settled().await;
        let link = &page.nodes("#log .came a")[0];
        assert_eq!((link.attribute("href"), link.text.as_str()), (address.as_str(), "result.txt"));
        assert!(page.nodes("#log img, #log b").is_empty(), "what a tool wrote is no element");
        let told = replay.rounds().pop().unwrap()["messages"].to_string();
        assert!(told.contains("[The file result.txt (text/plain, 5000 bytes) came with this result."), "{told}");

        let (answer, bytes) = person.bytes(&address, &[]).await;
        assert_eq!((answer.status, String::from_utf8(bytes).unwrap()), (200, whole()));
        for (header, value) in [
            ("content-type", "application/octet-stream"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "sandbox; default-src 'none'"),
            ("cache-control", "private, immutable"),
        ] {
            assert_eq!(answer.header(header), Some(value));
        }
        let disposition = answer.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\"result.txt\""), "{disposition}");

        // A program has the same, with a token that reads the conversation.
        let script = Script::first(&app.base).await;
        let bearer = format!("Bearer {}", script.token);
        let (answer, bytes) = app.visitor().bytes(&address, &[("authorization", &bearer)]).await;
        assert_eq!((answer.status, bytes.len()), (200, whole().len()));
        let file = json!({"type": "file", "media_type": "text/plain", "name": "result.txt", "size": 5000, "url": address});
        let read = script.get(&format!("/api/conversations/{}/messages", chat.id)).await.expect(200).json();
        let result = read["items"].as_array().unwrap().iter().find(|said| said["role"] == "tool").unwrap();
        assert_eq!((&result["content"][0]["type"], &result["content"][1]), (&json!("tool_result"), &file));

        // Nobody else has it, be it of the same tenant.
        let colleague = app.person("bob@example.org", &app.tenant(), "admin").await;
        for other in [&colleague, &app.stranger().await] {
            let (answer, bytes) = other.bytes(&address, &[]).await;
            answer.expect(404);
            assert!(!String::from_utf8_lossy(&bytes).contains("<b>\u{e9}"));
        }
        let (answer, _) = app.visitor().bytes(&address, &[]).await;
        assert_eq!(answer.status, 303, "who is not signed in goes to the login page");

        // Out with the conversation it goes by name, and with it it is gone.
        let export = format!("/conversations/{}/export?format=", chat.id);
        let (_, markdown) = person.bytes(&format!("{export}md"), &[]).await;
        let markdown = String::from_utf8(markdown).unwrap();
        assert!(markdown.contains("\nFile: result.txt (text/plain, 4 KB)\n"), "{markdown}");
        let (_, exported) = person.bytes(&format!("{export}json"), &[]).await;
        let exported: Value = serde_json::from_slice(&exported).unwrap();
        let files = exported["tool_calls"][0]["files"].as_array().expect("files of the call");
        assert_eq!((files.len(), &files[0]["name"]), (1, &json!("result.txt")));
        person.submit(&chat.page().await.form_to("/delete")).await.expect(200);
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "0");
        person.get(&address).await.expect(404);
    }

    async fn a_direct_call_names_its_files(backend) {
        let (app, _person) = App::ready(backend, &[("TOOL_RESULT_LIMIT", "1kb")]).await;
        let script = Script::first(&app.base).await;
        let asked = json!({"name": "run_js", "args": {"code": "'x'.repeat(5000)"}});
        let call = script.post("/api/mcp/tools/call", &asked, &[]).await.expect(200).json();
        assert_eq!(call["state"], "succeeded", "{call}");
        let url = format!("/conversations/{}/attachments/1", call["conversation_id"].as_str().unwrap());
        let file = json!({"type": "file", "media_type": "text/plain", "name": "result.txt", "size": 5000, "url": url});
        assert_eq!(call["files"], json!([file]));
        assert_eq!(script.get(&url).await.expect(200).text, "x".repeat(5000));
    }
}
