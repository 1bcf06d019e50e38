//! What a tool wrote is put back by the person whose say-so it was, once, as long as it is as the tool wrote it.

use std::fs;

use crate::{
    WISH, both,
    support::{App, Backend, Chat, Hold, Page, Person, Replay, Reply, page::Form},
};

/// The forms that put something back, in the order of their calls.
fn undos(page: &Page) -> Vec<Form> {
    page.forms("form[action$='/undo']")
}

/// Asks for a file, approves and waits for the end.
async fn written(chat: &Chat, wish: &str) -> Page {
    chat.send(wish).await.expect(200);
    chat.approve().await.expect(200);
    chat.until("the end", |page| page.turn() == "completed").await
}

/// A conversation in which the file was written.
async fn begun(person: &Person) -> Chat {
    let chat = person.new_conversation(WISH).await;
    chat.approve().await.expect(200);
    chat.until("the end", |page| page.turn() == "completed").await;
    chat
}

both! {
    async fn what_was_there_comes_back_once(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = begun(&person).await;
        let page = written(&chat, &WISH.replace("Hello world", "Hello moon")).await;
        let forms = undos(&page);
        assert_eq!(forms.len(), 2);
        let socket = chat.socket().await;
        let page = person.submit(&forms[1]).await;
        page.expect(200);
        assert_eq!(page.conversation(), chat.id, "it leads back to the conversation");
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
        socket.hears("Undone: what was there before").await;
        // Over a reload, and on another device: once.
        let page = chat.page().await;
        assert_eq!((undos(&page).len(), page.nodes(".undo p").len()), (1, 1));
        let again = person.submit(&forms[1]).await;
        again.expect(409);
        assert!(again.text().contains("undone already"), "{}", again.text());
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
        // What was not there before goes.
        person.submit(&forms[0]).await.expect(200);
        assert_eq!(app.files().len(), 0, "{:?}", app.files());
        assert!(undos(&chat.page().await).is_empty());
        let rows = app.query("SELECT target, length(digest) FROM audit_rows WHERE action = 'tool_undone'");
        assert_eq!(rows, "notes/hello.txt|64\nnotes/hello.txt|64");
        let states = "SELECT DISTINCT state, decision FROM tool_calls";
        assert_eq!(app.query(states), "succeeded|approve", "the call stays what it was");
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn what_is_not_as_the_tool_wrote_it_stays(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = begun(&person).await;
        let form = undos(&chat.page().await).remove(0);
        let path = app.files().remove(0);
        fs::write(&path, "Mine").unwrap();
        let page = person.submit(&form).await;
        page.expect(409);
        assert!(page.text().contains("no longer as the tool wrote it"), "{}", page.text());
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Mine"));
        let live = person.submit_with(&form, &[("hx-request", "true")]).await;
        live.expect(409);
        assert!(live.html.starts_with("<p>The file is no longer"), "{}", live.html);
        // A later write of a tool is another content, too.
        fs::write(&path, "Hello world").unwrap();
        written(&chat, &WISH.replace("Hello world", "Hello moon")).await;
        person.submit(&form).await.expect(409);
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello moon"));
        // A link where the file was is not the file.
        fs::remove_file(&path).unwrap();
        let outside = tempfile::TempDir::new().unwrap();
        fs::write(outside.path().join("x"), "Hello world").unwrap();
        std::os::unix::fs::symlink(outside.path().join("x"), &path).unwrap();
        person.submit(&form).await.expect(409);
        assert_eq!(fs::read_to_string(outside.path().join("x")).unwrap(), "Hello world");
        fs::remove_file(&path).unwrap();
        fs::write(&path, "Hello world").unwrap();
        person.submit(&form).await.expect(200);
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'tool_undone'"), "1");
    }

    async fn nobody_else_undoes_it(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = begun(&person).await;
        let form = undos(&chat.page().await).remove(0);
        let colleague = app.person("bob@example.org", &app.tenant(), "admin").await;
        for other in [&colleague, &app.stranger().await] {
            let csrf = other.get("/conversations").await.csrf();
            other.submit(&form.clone().without("csrf").forge("csrf", &csrf)).await.expect(404);
        }
        person.submit(&form.clone().without("csrf")).await.expect(403);
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
        // Nor is there anything to undo of what has not run, or was denied.
        let waiting = person.new_conversation(&WISH.replace("hello.txt", "other.txt")).await;
        let approval = waiting.approvals(1).await.remove(0);
        let id = &approval.call;
        let too_early = Form { action: form.action.rsplit_once("/tool-calls/").unwrap().0.to_owned()
            + &format!("/tool-calls/{id}/undo"), ..form.clone() };
        person.submit(&too_early).await.expect(409);
        waiting.deny().await.expect(200);
        person.submit(&too_early).await.expect(409);
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'tool_undone'"), "0");
    }

    async fn twenty_at_once_are_one(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = begun(&person).await;
        let form = undos(&chat.page().await).remove(0);
        let rush: Vec<_> = (0..20)
            .map(|_| {
                let (person, form) = (person.clone(), form.clone());
                tokio::spawn(async move { person.submit_with(&form, &[("hx-request", "true")]).await.status })
            })
            .collect();
        let mut statuses = Vec::new();
        for answer in rush {
            statuses.push(answer.await.unwrap());
        }
        assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 204 | 409)), "{statuses:?}");
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'tool_undone'"), "1");
    }

    async fn what_changed_nothing_or_is_too_large_is_not_offered(backend) {
        let (app, person) = App::ready(backend, &[("FILE_LIMIT", "1kb")]).await;
        let chat = begun(&person).await;
        let page = written(&chat, WISH).await;
        assert_eq!((page.tool_calls().len(), undos(&page).len()), (2, 1), "the second write changed nothing");
        let path = app.files().remove(0);
        fs::write(&path, "x".repeat(1025)).unwrap();
        let page = written(&chat, WISH).await;
        assert_eq!((page.tool_calls().len(), undos(&page).len()), (3, 1), "what is too large is not kept");
        assert_eq!(app.query("SELECT coalesce(sum(bytes_before), 0) FROM file_writes"), "11");
        // The storage of the tenant is theirs, too.
        let page = person.new_conversation(&WISH.replace("Hello world", &"long ".repeat(300))).await.settled().await;
        assert_eq!(page.tool_calls()[0].state, "failed");
        assert!(!page.is_waiting(), "a person is asked for what cannot be");
    }

    async fn a_crash_before_the_file_is_there_can_be_undone(backend) {
        let hold = Hold::new();
        let mut app = App::new(backend);
        app.held_by(&hold);
        app.launch();
        let person = app.setup().await;
        let chat = person.new_conversation(WISH).await;
        chat.approve().await.expect(200);
        hold.reached().await;
        assert!(undos(&chat.page().await).is_empty(), "it is offered while the tool runs");
        app.kill9();
        hold.open();
        app.launch();
        let page = chat.until("the unknown outcome", |page| page.tool_calls()[0].state == "outcome_unknown").await;
        let form = undos(&page).remove(0);
        person.submit(&form).await.expect(200);
        assert_eq!((app.file("notes/hello.txt"), chat.page().await.nodes(".undo p").len()), (None, 1));
    }
}

/// The model learns of it with the next message, and nothing that was sent before changes.
#[tokio::test(flavor = "multi_thread")]
async fn the_model_is_told_with_the_next_message() {
    let replies =
        [("write", Reply::write_file("a.txt", "A")), ("done", Reply::text("Done.")), ("well", Reply::text("I see."))];
    let script: &[&str] = &["anthropic/write", "anthropic/done", "anthropic/well"];
    let Some(replay) = Replay::playing(&replies, &[("undo", script)]) else { return };
    let (app, person) = App::ready(Backend::Sqlite, &replay.settings("script:undo.json")).await;
    let chat = person.new_conversation("A file, please").await;
    chat.approve().await.expect(200);
    let page = chat.until("the end", |page| page.turn() == "completed").await;
    person.submit(&undos(&page)[0]).await.expect(200);
    assert_eq!(app.file("a.txt"), None);
    let page = chat.say("What do you say now?").await;
    assert!(!page.said_by("user").iter().any(|said| said.text.contains("has undone")), "the person did not write that");
    let rounds = replay.rounds();
    let (before, after) = (rounds[1]["messages"].as_array().unwrap(), rounds[2]["messages"].as_array().unwrap());
    let without_cache =
        |value: &serde_json::Value| value.to_string().replace(r#","cache_control":{"type":"ephemeral"}"#, "");
    for (one, other) in before.iter().zip(after) {
        assert_eq!(without_cache(one), without_cache(other));
    }
    let last = after.last().unwrap();
    assert_eq!(last["role"], "user");
    assert!(last.to_string().contains("The person has undone your writing of a.txt"), "{last}");
    assert_eq!(rounds[2].to_string().matches("has undone").count(), 1);
    replay.assert_refused_none();
}
