//! Say-so by plain forms: what is shown, changed, remembered and decided together without a script.

use reqwest::Method;

use crate::{
    both,
    support::{App, Backend, Chat, Page, Person, Replay, Reply, page::Approval},
};

const WISH: &str = "Create a file `notes/hello.txt` with content: Hello world";

/// A model that asks for these files, all in one reply or one reply each, then ends.
fn asking(files: &[(&str, &str)], is_together: bool) -> Option<Replay> {
    let reply = |files: &[(&str, &str)]| {
        files.iter().fold(Reply::text("Files."), |reply, (path, content)| reply.and_write_file(path, content))
    };
    let mut replies = match is_together {
        true => vec![("r0", reply(files))],
        false => files.iter().zip(["r0", "r1", "r2", "r3"]).map(|(file, name)| (name, reply(&[*file]))).collect(),
    };
    replies.push(("end", Reply::text("Done.")));
    let rounds: Vec<String> = replies.iter().map(|(name, _)| format!("anthropic/{name}")).collect();
    let rounds: Vec<&str> = rounds.iter().map(String::as_str).collect();
    Replay::playing(&replies, &[("script", &rounds)])
}

async fn asked(backend: Backend, replay: &Replay) -> (App, Person, Chat) {
    let (app, person) = App::ready(backend, &replay.settings("script:script.json")).await;
    let chat = person.new_conversation("Files, please").await;
    (app, person, chat)
}

/// The page with the arguments in a box, as the button leads there.
async fn editor(person: &Person, page: &Page, call: &str) -> Page {
    let form = page.form_to(&format!("/tool-calls/{call}/edit"));
    let page = person.submit(&form).await;
    page.expect(200);
    page
}

fn the_one(page: &Page) -> Approval {
    let mut approvals = page.approvals();
    assert_eq!(approvals.len(), 1, "{}", page.text());
    approvals.remove(0)
}

both! {
    async fn everything_that_runs_is_shown(backend) {
        let Some(replay) = Replay::playing(
            &[("odd", Reply::default().and_raw_tool("write_file",
                "{\"path\": \"notes/a.txt\", \"content\":\"one\u{202E}\\ntwo\\u200b <b>\"}")), ("end", Reply::text("Done."))],
            &[("script", &["anthropic/odd", "anthropic/end"])]) else { return };
        let (_app, person, chat) = asked(backend, &replay).await;
        chat.approvals(1).await;
        for page in [chat.page().await, person.get("/approvals").await] {
            let approval = the_one(&page);
            let digest = approval.form.value("digest").unwrap().to_owned();
            for shown in ["write_file", "built into Sayso", "path", "notes/a.txt", "content", "one\\u202E", "two\\u200B <b>",
                &digest, &digest[..12], "\\u200b <b>"] {
                assert!(approval.text.contains(shown), "“{shown}” is not shown: {}", approval.text);
            }
            assert!(!page.html.contains('\u{202E}'), "a hidden character stands in the page");
            let exact = page.nodes(&format!("#call-{}-exact pre", approval.call)).remove(0);
            assert_eq!(exact.text, "{\"path\": \"notes/a.txt\", \"content\":\"one\\u202E\\ntwo\\u200b <b>\"}");
            assert_eq!(page.nodes(&format!("code[title='{digest}']")).len(), 1);
        }
        // In the box it means the same, and hides nothing.
        let page = editor(&person, &chat.page().await, &chat.approvals(1).await[0].call).await;
        let approval = the_one(&page);
        let text = approval.form.value("arguments").unwrap();
        assert!(text.contains("one\\u202E\\ntwo") && text.contains("two\\u200b <b>"), "{text}");
        let read: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(read["content"], "one\u{202E}\ntwo\u{200B} <b>");
        for name in ["Arguments", "Reason"] {
            page.the("textbox", name);
        }
        assert!(page.the("link", "Back").attribute("href").contains(&format!("/conversations/{}", chat.id)));
        person.submit(&approval.form.press("Deny")).await.expect(200);
        chat.settled().await;
    }

    async fn what_waits_is_counted_everywhere(backend) {
        let Some(replay) = asking(&[("a.txt", "A"), ("b.txt", "B")], true) else { return };
        let (_app, person, chat) = asked(backend, &replay).await;
        chat.approvals(2).await;
        let title = |page: &Page| page.nodes("title")[0].text.clone();
        let chat_page = format!("/conversations/{}", chat.id);
        let all = format!("/conversations/{}/decisions", chat.id);
        for path in ["/conversations", "/approvals", "/settings", &chat_page, &all] {
            let page = person.get(path).await;
            assert!(title(&page).starts_with("(2) "), "{path}: {}", title(&page));
            let link = page.nodes("a[href$='/approvals']").remove(0);
            assert_eq!(link.text, "Approvals 2", "{path}");
        }
        let list = person.get("/conversations").await;
        assert_eq!(list.nodes(&format!("[data-waits='{}']", chat.id))[0].text, "2");
        for approval in chat.approvals(2).await {
            chat.decide(&approval, "Deny").await;
        }
        chat.settled().await;
        assert!(!title(&person.get("/settings").await).starts_with('('));
    }

    async fn what_the_form_does_not_know_is_refused(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        let form = chat.approvals(1).await.remove(0).form;
        let text = r#"{"path":"notes/hello.txt","content":"Other"}"#;
        for form in [
            form.clone().forge("always", "yes"),
            form.clone().forge("arguments", text).forge("arguments", text),
            form.clone().forge("reason", "twice"),
            form.clone().forge("from", "elsewhere"),
            form.clone().forge("remember", "count=5").forge("remember", "count=5"),
            form.clone().forge("remember", "count=51"),
            form.clone().forge("remember", "count=5 for=25h below=a host=b"),
            form.clone().forge("arguments", "").without("digest"),
        ] {
            person.submit(&form.press("Approve")).await.expect(422);
        }
        let path = format!("/conversations/{}/decisions", chat.id);
        let good = format!("{}:{}", chat.approvals(1).await[0].call, form.value("digest").unwrap());
        let csrf = form.value("csrf").unwrap();
        for (fields, status) in [
            (format!("decision=approve&call={good}&other=1"), 422),
            (format!("decision=approve&decision=deny&call={good}"), 422),
            ("decision=approve&call=nonsense".to_owned(), 422),
            ("decision=approve&call=:".to_owned(), 422),
            ("decision=approve".to_owned(), 422),
            (format!("decision=run_again&call={good}"), 422),
            (format!("decision=approve&call={}:0", good.split(':').next().unwrap()), 409),
            (format!("decision=approve&call={good}&csrf=x"), 422),
        ] {
            let body = format!("{fields}&csrf={csrf}");
            let answer = person.request(Method::POST, &path, Some(body), &[]).await;
            assert_eq!(answer.status, status, "{fields}: {}", answer.text());
        }
        let answer = person.request(Method::POST, &path, Some(format!("decision=approve&call={good}")), &[]).await;
        answer.expect(403);
        assert!(chat.page().await.is_waiting());
        assert_eq!(app.files().len(), 0);
    }

    async fn what_is_anothers_is_not_there(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        let approval = chat.approvals(1).await.remove(0);
        for other in [app.stranger().await, app.person("bob@example.org", &app.tenant(), "admin").await] {
            let csrf = other.get("/conversations").await.csrf();
            other.get(&format!("/tool-calls/{}/edit", approval.call)).await.expect(404);
            let box_alone = other
                .request(Method::GET, &format!("/tool-calls/{}/edit", approval.call), None, &[("hx-request", "true")])
                .await;
            box_alone.expect(404);
            other.get(&format!("/conversations/{}/decisions", chat.id)).await.expect(404);
            let all = format!("decision=approve&csrf={csrf}&call={}:{}", approval.call, approval.form.value("digest").unwrap());
            let answer = other.request(Method::POST, &format!("/conversations/{}/decisions", chat.id), Some(all), &[]).await;
            answer.expect(404);
            let edited = approval.form.clone().without("csrf").forge("csrf", &csrf)
                .forge("arguments", r#"{"path":"evil.txt","content":"x"}"#).press("Approve");
            other.submit(&edited).await.expect(404);
            for id in ["00000000-0000-7000-8000-000000000000", "nonsense"] {
                other.get(&format!("/tool-calls/{id}/edit")).await.expect(404);
                let path = format!("/settings/grants/{id}/revoke");
                other.request(Method::POST, &path, Some(format!("csrf={csrf}")), &[]).await.expect(404);
            }
        }
        assert_eq!(app.files().len(), 0);
        assert!(chat.page().await.is_waiting());
    }

    async fn a_request_that_is_decided_has_no_box(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        let call = chat.approvals(1).await.remove(0).call;
        chat.deny().await.expect(200);
        chat.settled().await;
        let page = person.get(&format!("/tool-calls/{call}/edit")).await;
        assert_eq!(page.expect(200).conversation(), chat.id);
        let page = person.get(&format!("/tool-calls/{call}/edit?from=approvals")).await;
        assert!(page.expect(200).url.path().ends_with("/approvals"));
        let alone = person
            .request(Method::GET, &format!("/tool-calls/{call}/edit"), None, &[("hx-request", "true")])
            .await;
        alone.expect(409);
    }

    async fn an_edit_runs_in_place_of_what_was_asked(backend) {
        let Some(replay) = asking(&[("notes/a.txt", "A")], true) else { return };
        let (app, person, chat) = asked(backend, &replay).await;
        let call = chat.approvals(1).await.remove(0).call;
        let page = editor(&person, &chat.page().await, &call).await;
        let text = page.approvals()[0].form.value("arguments").unwrap().replace("\"A\"", "\"B\\n\\u00e9\"");
        let form = the_one(&page).form.fill("arguments", &text).press("Approve");
        let page = person.submit(&form).await;
        assert_eq!(page.expect(200).conversation(), chat.id);
        let page = chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(app.file("notes/a.txt").as_deref(), Some("B\né"));
        let done = &page.tool_calls()[0];
        for shown in ["You changed the arguments", "The model asked for", "Instead"] {
            assert!(done.text.contains(shown), "“{shown}” is not shown: {}", done.text);
        }
    }

    async fn an_edit_that_goes_elsewhere_is_looked_at_again(backend) {
        for from in ["", "approvals"] {
            let Some(replay) = asking(&[("notes/a.txt", "A")], true) else { return };
            let (app, person, chat) = asked(backend, &replay).await;
            let call = chat.approvals(1).await.remove(0).call;
            let start = match from {
                "" => chat.page().await,
                _ => person.get("/approvals").await,
            };
            let page = editor(&person, &start, &call).await;
            let text = page.approvals()[0].form.value("arguments").unwrap().replace("notes/a.txt", "other/b.txt");
            let first = the_one(&page).form;
            let page = person.submit(&first.clone().fill("arguments", &text).press("Approve")).await;
            page.expect(200);
            assert_eq!(page.url.path().ends_with("/approvals"), !from.is_empty(), "{}", page.url);
            assert_eq!(page.url.fragment(), Some(format!("call-{call}").as_str()));
            assert!(page.text().contains("You changed where this goes. Look at it once more."), "{}", page.text());
            let again = the_one(&page);
            assert!(again.text.contains("other/b.txt") && again.text.contains("notes/a.txt"), "{}", again.text);
            assert_ne!(again.form.value("digest"), first.value("digest"));
            assert_eq!(app.files().len(), 0, "it ran unseen");
            // What was shown first is no longer what stands.
            person.submit(&first.press("Approve")).await.expect(409);
            let page = person.submit(&again.form.press("Approve")).await;
            assert_eq!(page.expect(200).url.path().ends_with("/approvals"), !from.is_empty(), "{}", page.url);
            chat.until("the end", |page| page.turn() == "completed").await;
            assert_eq!((app.file("other/b.txt").as_deref(), app.file("notes/a.txt")), (Some("A"), None));
        }
    }

    async fn a_refused_edit_keeps_what_was_typed(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        let call = chat.approvals(1).await.remove(0).call;
        let start = editor(&person, &chat.page().await, &call).await;
        for wrong in ["{\"path\": ", "[]", r#"{"path":"a","path":"b","content":""}"#, r#"{"path":7,"content":"x"}"#, "{}", ""] {
            let form = the_one(&start).form.fill("arguments", wrong).fill("reason", "because");
            let page = person.submit(&form.press("Approve")).await;
            page.expect(422);
            assert!(!page.complaint().is_empty(), "nothing is said of {wrong:?}");
            let form = the_one(&page).form;
            assert_eq!((form.value("arguments"), form.value("reason")), (Some(wrong), Some("because")));
            let alone = person.submit_with(&form.press("Approve"), &[("hx-request", "true")]).await;
            alone.expect(422);
            assert!(alone.html.starts_with("<p>"), "htmx is given a page: {}", alone.html);
        }
        assert!(chat.page().await.is_waiting());
        assert_eq!(app.files().len(), 0);
        // A denial cares for no edit.
        person.submit(&the_one(&start).form.fill("arguments", "nonsense").press("Deny")).await.expect(200);
        assert_eq!(chat.settled().await.tool_calls()[0].state, "denied");
    }

    async fn what_is_remembered_runs_unasked_until_it_is_revoked(backend) {
        let Some(replay) = asking(&[("notes/a.txt", "A"); 3], false) else { return };
        let (app, person, chat) = asked(backend, &replay).await;
        let approval = chat.approvals(1).await.remove(0);
        assert!(approval.text.contains("exactly these arguments"), "nothing is offered: {}", approval.text);
        // What was chosen comes back in a form that is refused.
        let wrong = approval.form.clone().forge("arguments", "{").forge("remember", "count=5");
        let page = person.submit(&wrong.press("Approve")).await;
        page.expect(422);
        assert_eq!(the_one(&page).form.fields.iter().filter(|(name, value)| name == "remember" && value == "count=5").count(), 1);

        let form = approval.form.forge("remember", "count=5");
        person.submit(&form.press("Approve")).await.expect(200);
        let page = chat.until("the end", |page| page.turn() == "completed").await;
        let calls = page.tool_calls();
        assert_eq!(calls.len(), 3);
        assert!(!calls[0].text.contains("By your grant"), "{}", calls[0].text);
        for (call, used) in [(&calls[1], "1 of 5"), (&calls[2], "2 of 5")] {
            assert!(call.summary.contains(&format!("By your grant: exactly these arguments, {used}")), "{}", call.summary);
        }
        assert_eq!(app.file("notes/a.txt").as_deref(), Some("A"));
        assert_eq!(page.nodes(".call a[href$='/settings#grants']").len(), 2);

        let settings = person.get("/settings").await;
        for shown in ["Remembered approvals", "write_file", "exactly these arguments", r#"{"path":"notes/a.txt""#, "2 used, 3 left"] {
            assert!(settings.text().contains(shown), "“{shown}” is not shown: {}", settings.text());
        }
        assert_eq!(settings.nodes(&format!("#grants a[href$='/conversations/{}']", chat.id)).len(), 1);
        let form = settings.form_with("button", "Revoke for write_file");
        // Nobody else takes it back.
        let other = app.person("bob@example.org", &app.tenant(), "admin").await;
        let csrf = other.get("/settings").await.csrf();
        other.submit(&form.clone().without("csrf").forge("csrf", &csrf)).await.expect(404);
        let page = person.submit(&form).await;
        assert!(page.expect(200).text().contains("You are asked about every call."), "{}", page.text());
        person.submit(&form).await.expect(404);
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'grant_revoked'"), "1");
    }

    async fn without_a_count_nothing_is_remembered(backend) {
        let Some(replay) = asking(&[("notes/a.txt", "A"), ("notes/b.txt", "B")], false) else { return };
        let (_app, person, chat) = asked(backend, &replay).await;
        // As the page has it: how long and where are said, how often is not.
        chat.approve().await.expect(200);
        let second = chat.until("the second", |page| page.tool_calls().len() == 2 && page.is_waiting()).await;
        assert!(the_one(&second).text.contains("notes/b.txt"));
        assert!(person.get("/settings").await.text().contains("You are asked about every call."));
        chat.deny().await.expect(200);
        chat.settled().await;
    }

    async fn several_at_once(backend) {
        let files = [("a.txt", "A"), ("b.txt", "B"), ("c.txt", "C")];
        let Some(replay) = asking(&files, true) else { return };
        let (app, person, chat) = asked(backend, &replay).await;
        chat.approvals(3).await;
        let page = chat.page().await;
        let form = page.form_to("/decisions");
        assert!(form.buttons.is_empty(), "Approve all can be pressed unseen: {form:?}");
        let link = page.the("link", "Review all");
        let review = person.get(link.attribute("href")).await;
        review.expect(200);
        assert_eq!(review.approvals().len(), 3);
        assert!(review.nodes("details:not([open])").iter().all(|fold| fold.attribute("class") == "remember"), "something is folded");
        let all = review.form_with("button", "Approve all").press("Approve all");

        // One is decided meanwhile: none of the others is, and the page says why.
        chat.decide(&page.approvals()[1], "Deny").await;
        let late = person.submit(&all).await;
        late.expect(409);
        assert!(!late.complaint().is_empty());
        assert_eq!(late.approvals().len(), 2);
        assert_eq!(app.files().len(), 0, "some of it ran");
        let page = person.submit(&late.form_with("button", "Approve all").press("Approve all")).await;
        assert_eq!(page.expect(200).conversation(), chat.id);
        let page = chat.until("the end", |page| page.turn() == "completed").await;
        let states: Vec<_> = page.tool_calls().into_iter().map(|call| call.state).collect();
        assert_eq!(states, ["succeeded", "denied", "succeeded"]);
        assert_eq!((app.file("a.txt"), app.file("b.txt"), app.file("c.txt")), (Some("A".into()), None, Some("C".into())));
        let none = person.get(link.attribute("href")).await;
        assert!(none.expect(200).text().contains("Nothing waits for you."));
    }
}
