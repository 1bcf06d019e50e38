//! What a person approves is what runs, once.

use std::fs;

use serde_json::json;

use crate::{
    WISH, both,
    support::{App, Backend, Replay, Reply},
};

both! {
    async fn approve(backend) {
        let (app, person, hold) = App::counting(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        let approval = chat.approvals(1).await.remove(0);
        assert_eq!(approval.group, "Approve write_file?");
        for shown in ["notes/hello.txt", "Hello world"] {
            assert!(approval.text.contains(shown), "“{shown}” is not shown: {}", approval.text);
        }
        assert_eq!(chat.page().await.state(), "Waiting for your approval");
        assert!(person.get("/approvals").await.text().contains("notes/hello.txt"));
        assert_eq!(app.files().len(), 0, "it ran unasked");

        let page = chat.decide(&approval, "Approve").await;
        page.expect(200);
        assert_eq!(page.conversation(), chat.id, "deciding leads to {}", page.url);
        let page = chat.settled().await;
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
        assert_eq!(app.files().len(), 1, "something was left beside it: {:?}", app.files());
        let call = &page.tool_calls()[0];
        assert_eq!(call.state, "succeeded");
        assert!(call.summary.contains("write_file"), "{}", call.summary);
        assert_eq!(page.turn(), "completed");
        let last = page.articles().pop().unwrap();
        assert_eq!((last.role.as_str(), last.state.as_str()), ("assistant", "complete"), "the reply did not go on");
        assert_eq!(hold.runs(), 1);
        assert!(!person.get("/approvals").await.text().contains("notes/hello.txt"));
    }

    async fn deny(backend) {
        let (app, person, hold) = App::counting(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        let approval = chat.approvals(1).await.remove(0);
        let form = approval.form.clone().fill("reason", "Not in this folder").press("Deny");
        person.submit(&form).await.expect(200);
        let page = chat.settled().await;
        assert_eq!(page.turn(), "completed");
        assert_eq!(page.tool_calls()[0].state, "denied");
        assert!(page.text().contains("Not in this folder"), "the reason is lost");
        assert_eq!(page.articles().pop().unwrap().role, "assistant", "the reply did not go on");
        assert_eq!((app.files().len(), hold.runs()), (0, 0));
    }

    async fn a_decision_needs_the_digest_of_what_was_shown(backend) {
        let (app, person, hold) = App::counting(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        let good = chat.approvals(1).await.remove(0).form;
        let digest = good.value("digest").unwrap().to_owned();
        let other: String = digest.chars().map(|c| if c == '0' { '1' } else if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_ne!(digest, other);
        for wrong in [other.as_str(), "0", &digest[1..], &digest.replace(char::is_numeric, "f")] {
            for button in ["Approve", "Deny"] {
                let page = person.submit(&good.clone().fill("digest", wrong).press(button)).await;
                // What has not even the form of a digest may be refused as such.
                assert!(page.status == 409 || (page.status == 422 && wrong.len() != digest.len()),
                    "{button} with the digest {wrong} answers {}", page.status);
            }
        }
        for form in [good.clone().without("digest"), good.clone().forge("digest", &digest), good.clone().fill("digest", "")] {
            let page = person.submit(&form.press("Approve")).await;
            assert!(matches!(page.status, 409 | 422), "{}", page.status);
        }
        for decision in ["", "Approve", "run_again", "report", "allow"] {
            let page = person.submit(&good.clone().forge("decision", decision)).await;
            assert!(matches!(page.status, 409 | 422), "decision={decision} answers {}", page.status);
        }
        assert!(chat.page().await.is_waiting());
        assert_eq!((app.files().len(), hold.runs()), (0, 0));
        chat.approve().await.expect(200);
        chat.settled().await;
        assert_eq!(hold.runs(), 1);
    }

    async fn fifty_approvals_at_once_are_one_run(backend) {
        let (app, person, hold) = App::counting(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        let form = chat.approvals(1).await.remove(0).form.press("Approve");
        let rush = (0..50).map(|_| {
            let (person, form) = (person.clone(), form.clone());
            tokio::spawn(async move { person.submit(&form).await.status })
        });
        let mut statuses = Vec::new();
        for answer in rush.collect::<Vec<_>>() {
            statuses.push(answer.await.unwrap());
        }
        assert!(statuses.iter().all(|status| matches!(status, 200 | 409)), "{statuses:?}");
        assert!(statuses.contains(&200), "{statuses:?}");
        let page = chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(hold.runs(), 1, "{statuses:?}");
        assert_eq!(page.tool_calls().len(), 1);
        assert_eq!(page.replies(), chat.page().await.replies());
        assert_eq!(app.query("SELECT count(*) FROM messages WHERE role = 'tool'"), "1");
        let late = person.submit(&form).await;
        assert!(matches!(late.status, 200 | 409), "{}", late.status);
        assert_eq!(hold.runs(), 1);
    }

    async fn yes_and_no_at_once_is_one_of_them(backend) {
        let (app, person, hold) = App::counting(backend, &[]).await;
        for n in 0..5 {
            let before = hold.runs();
            let chat = person.new_conversation(&WISH.replace("hello.txt", &format!("hello{n}.txt"))).await;
            let form = chat.approvals(1).await.remove(0).form;
            let (yes, no) = (form.clone().press("Approve"), form.press("Deny"));
            tokio::join!(person.submit(&yes), person.submit(&no), person.submit(&no), person.submit(&yes));
            let page = chat.until("the end", |page| page.turn() == "completed").await;
            let file = app.file(&format!("notes/hello{n}.txt"));
            match page.tool_calls()[0].state.as_str() {
                "succeeded" => assert_eq!((hold.runs(), file.as_deref()), (before + 1, Some("Hello world"))),
                "denied" => assert_eq!((hold.runs(), file), (before, None)),
                other => panic!("the call is {other}"),
            }
        }
    }

    async fn nothing_runs_while_one_of_several_waits(backend) {
        let both = Reply::text("Two files.").and_write_file("a.txt", "A").and_write_file("b.txt", "B");
        let Some(replay) = Replay::playing(&[("both", both), ("end", Reply::text("Done."))],
            &[("two", &["anthropic/both", "anthropic/end"])]) else { return };
        let (app, person) = App::ready(backend, &replay.settings("script:two.json")).await;
        let chat = person.new_conversation("Two files, please").await;
        let waiting = chat.approvals(2).await;
        chat.decide(&waiting[1], "Approve").await.expect(200);
        let rest = chat.approvals(1).await;
        assert_eq!(rest[0].call, waiting[0].call);
        assert_eq!(app.files().len(), 0, "one ran while the other waited");
        chat.decide(&rest[0], "Deny").await.expect(200);
        let page = chat.until("the end", |page| page.turn() == "completed").await;
        let states: Vec<_> = page.tool_calls().into_iter().map(|call| call.state).collect();
        assert_eq!(states, ["denied", "succeeded"]);
        assert_eq!((app.file("a.txt"), app.file("b.txt").as_deref()), (None, Some("B")));
        let results = replay.rounds()[1]["messages"].as_array().unwrap().last().unwrap()["content"].clone();
        let failed: Vec<_> = results.as_array().unwrap().iter().map(|result| result["is_error"] == true).collect();
        assert_eq!(failed, [true, false], "{results}");
        replay.assert_refused_none();
    }

    async fn three_denials_in_a_row_end_the_turn(backend) {
        let ask = |n: u32| Reply::write_file(&format!("{n}.txt"), "x");
        let Some(replay) = Replay::playing(&[("one", ask(1)), ("two", ask(2)), ("three", ask(3)), ("four", ask(4))],
            &[("ask", &["anthropic/one", "anthropic/two", "anthropic/three", "anthropic/four"])]) else { return };
        let (app, person) = App::ready(backend, &replay.settings("script:ask.json")).await;
        let chat = person.new_conversation("Files, please").await;
        for _ in 0..3 {
            chat.deny().await.expect(200);
        }
        let page = chat.settled().await;
        assert!(matches!(page.turn().as_str(), "failed" | "completed" | "stopped"), "{}", page.turn());
        assert_eq!(page.tool_calls().len(), 3);
        assert_eq!(replay.rounds().len(), 3, "the model was asked once more");
        assert_eq!(app.files().len(), 0);
    }

    async fn what_was_denied_is_not_asked_again_in_its_turn(backend) {
        let ask = Reply::write_file("same.txt", "x");
        let Some(replay) = Replay::playing(&[("first", ask.clone()), ("second", ask), ("end", Reply::text("Well then."))],
            &[("ask", &["anthropic/first", "anthropic/second", "anthropic/end"])]) else { return };
        let (app, person) = App::ready(backend, &replay.settings("script:ask.json")).await;
        let chat = person.new_conversation("A file, please").await;
        chat.deny().await.expect(200);
        let page = chat.until("the turn to end", |page| !page.is_running() && page.turn() != "running").await;
        assert!(!page.is_waiting(), "the same is asked again");
        assert_eq!(page.turn(), "completed", "{}", page.text());
        assert_eq!(app.files().len(), 0);
    }

    async fn a_file_that_changed_since_is_not_overwritten(backend) {
        let (app, person, _hold) = App::counting(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        chat.approve().await.expect(200);
        chat.settled().await;
        chat.send(&WISH.replace("Hello world", "Hello moon")).await.expect(200);
        let approval = chat.approvals(1).await.remove(0);
        for shown in ["Hello world", "Hello moon"] {
            assert!(approval.text.contains(shown), "the difference does not show “{shown}”: {}", approval.text);
        }
        let path = app.files().remove(0);
        fs::write(&path, "Mine").unwrap();
        let page = chat.decide(&approval, "Approve").await;
        assert!(matches!(page.status, 200 | 409), "{}", page.status);
        let page = chat.until("the turn to go on", |page| !page.is_running()).await;
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Mine"), "what changed in between was overwritten");
        if page.turn() == "completed" {
            assert_eq!(page.tool_calls().last().unwrap().state, "failed");
        }
    }

    async fn a_link_out_of_the_folder_leads_nowhere(backend) {
        let (app, person, _hold) = App::counting(backend, &[]).await;
        let outside = tempfile::TempDir::new().unwrap();
        fs::write(outside.path().join("hello.txt"), "Not yours").unwrap();
        let chat = person.new_conversation(WISH).await;
        let approval = chat.approvals(1).await.remove(0);
        // Swapped in between showing and approving.
        let folder = app.workspace().join(app.tenant());
        fs::create_dir_all(&folder).unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.join("notes")).unwrap();
        let page = chat.decide(&approval, "Approve").await;
        assert!(matches!(page.status, 200 | 409), "{}", page.status);
        chat.until("the turn to go on", |page| !page.is_running()).await;
        assert_eq!(fs::read_to_string(outside.path().join("hello.txt")).unwrap(), "Not yours");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1, "something was written outside");
    }
}

/// Paths that lead out, and arguments that are none: told to the model, never written, and the turn goes on.
#[tokio::test(flavor = "multi_thread")]
async fn bad_arguments_are_told_to_the_model() {
    let bad = [
        ("up", json!({"path": "../out.txt", "content": "x"})),
        ("far", json!({"path": "/tmp/sayso-out.txt", "content": "x"})),
        ("deep", json!({"path": "notes/../../../out.txt", "content": "x"})),
        ("nul", json!({"path": "a\u{0}b.txt", "content": "x"})),
        ("empty", json!({"path": "", "content": "x"})),
        ("dot", json!({"path": ".", "content": "x"})),
        ("none", json!({"path": "a.txt"})),
        ("number", json!({"path": 7, "content": "x"})),
        ("more", json!({"path": "a.txt", "content": "x", "mode": "0777"})),
    ];
    for (name, arguments) in bad {
        let reply = Reply::default().and_tool("write_file", arguments.clone());
        let replies = [(name, reply), ("end", Reply::text("Then not."))];
        let script = [format!("anthropic/{name}"), "anthropic/end".to_owned()];
        let script: Vec<&str> = script.iter().map(String::as_str).collect();
        let Some(replay) = Replay::playing(&replies, &[("bad", &script)]) else { return };
        let (app, person) = App::ready(Backend::Sqlite, &replay.settings("script:bad.json")).await;
        let chat = person.new_conversation("Write it").await;
        let page = chat.settled().await;
        assert!(!page.is_waiting(), "{arguments}: a person is asked for what cannot be");
        assert_eq!(page.turn(), "completed", "{arguments}: {}", page.text());
        assert_eq!(page.tool_calls()[0].state, "failed", "{arguments}");
        assert!(page.replies().contains("Then not."), "{arguments}: the reply did not go on");
        assert_eq!(app.files().len(), 0, "{arguments}");
        let result = replay.rounds()[1]["messages"].as_array().unwrap().last().unwrap()["content"][0].clone();
        assert_eq!(result["is_error"], true, "{arguments}: {result}");
        replay.assert_refused_none();
    }
    assert!(!std::path::Path::new("/tmp/sayso-out.txt").exists());
}

/// What runs leaves a trace that cannot be changed unseen.
#[tokio::test(flavor = "multi_thread")]
async fn decisions_are_audited() {
    let (app, person, _hold) = App::counting(Backend::Sqlite, &[]).await;
    let chat = person.new_conversation(WISH).await;
    chat.approve().await.expect(200);
    chat.settled().await;
    let rows = app.query("SELECT action, coalesce(target, '') FROM audit_rows ORDER BY number");
    assert!(rows.contains("notes/hello.txt"), "no row names the file:\n{rows}");
    let before: usize = rows.lines().count();
    assert!(before >= 3, "sign-in, decision and run leave a row each:\n{rows}");
    let all = app.query("SELECT * FROM audit_rows");
    assert!(!all.contains("Hello world"), "the audit holds what was written");
    assert!(app.run(&["audit", "verify"], None).status.success());
    app.query("UPDATE audit_rows SET target = 'notes/other.txt' WHERE target = 'notes/hello.txt'");
    assert!(!app.run(&["audit", "verify"], None).status.success(), "a changed row goes unseen");
}
