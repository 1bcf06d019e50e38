//! Conversations that were ended: read, and nothing more.

use crate::{
    both,
    support::{App, ENDLESS, UNCUT, eventually},
};

const WISH: &str = "Create a file `notes/hello.txt` with content: Hello world";

both! {
    async fn nothing_goes_on_in_what_was_ended(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation(WISH).await;
        let waiting = chat.approvals(1).await.remove(0);
        let before = chat.page().await;
        let socket = chat.socket().await;
        let page = person.submit(&before.form_with("button", "End conversation")).await;
        page.expect(200);
        assert!(page.text().contains("This conversation was ended."), "{}", page.text());
        assert!(page.forms("#composer").is_empty() && !page.may_retry() && page.approvals().is_empty());
        assert!(page.nodes("form[action$='/end']").is_empty(), "it can be ended twice");
        socket.hears("This conversation was ended.").await;
        assert_eq!(page.tool_calls()[0].state, "denied");
        assert_eq!(app.query("SELECT state FROM turns"), "stopped");
        assert_eq!(app.files().len(), 0);

        // Whatever an older page still offers.
        let late = person.submit(&before.composer().fill("message", "One more thing").forge("x", "")).await;
        assert_ne!(late.status, 200);
        let late = person.submit(&before.composer().fill("message", "One more thing")).await;
        late.expect(409);
        assert_eq!(late.typed(), "One more thing", "what was typed is lost");
        assert!(late.complaint().contains("This conversation was ended."), "{}", late.complaint());
        person.submit(&waiting.form.clone().press("Approve")).await.expect(409);
        let csrf = page.csrf();
        let retry = format!("/conversations/{}/retry", chat.id);
        person.request(reqwest::Method::POST, &retry, Some(format!("csrf={csrf}")), &[]).await.expect(409);
        assert_eq!((app.files().len(), app.query("SELECT count(*) FROM turns").as_str()), (0, "1"));
        assert_eq!(person.get("/approvals").await.approvals().len(), 0);

        // It stays to be named, taken out and deleted; ending it again is no fault.
        person.submit(&before.form_with("button", "End conversation")).await.expect(200);
        person.submit(&page.form_to("/rename").fill("title", "Over")).await.expect(200);
        assert_eq!(chat.page().await.title(), "Over");
        person.get(&format!("/conversations/{}/export?format=md", chat.id)).await.expect(200);
        assert_eq!(person.get("/conversations?q=hello").await.nodes(".found li").len(), 1);
        person.submit(&page.form_to("/delete")).await.expect(200);
        person.get(&format!("/conversations/{}", chat.id)).await.expect(404);
    }

    async fn a_running_turn_is_stopped_first(backend) {
        let (app, person) = App::ready(backend, &[UNCUT]).await;
        let chat = person.new_conversation(ENDLESS).await;
        let page = chat.until("the reply to begin", |page| page.is_running() && !page.replies().is_empty()).await;
        person.submit(&page.form_with("button", "End conversation")).await.expect(200);
        let page = chat.page().await;
        assert!(!page.is_running(), "{}", page.state());
        assert_eq!(app.query("SELECT state FROM turns"), "stopped");
        assert!(!page.replies().is_empty(), "what had come is lost");
        assert!(!page.may_retry());
    }

    async fn nobody_ends_what_is_anothers(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        let form = chat.settled().await.form_to("/end");
        for other in [app.stranger().await, app.person("bob@example.org", &app.tenant(), "admin").await] {
            let token = other.get("/conversations").await.csrf();
            other.submit(&form.clone().fill("csrf", &token)).await.expect(404);
        }
        person.submit(&form.clone().fill("csrf", "wrong")).await.expect(403);
        assert_eq!(app.query("SELECT count(*) FROM conversations WHERE ended_at IS NOT NULL"), "0");
        chat.say("Still here").await.expect(200);
    }
}

/// Whoever looks at it by another server is told too.
#[tokio::test(flavor = "multi_thread")]
async fn another_instance_tells_its_viewers() {
    let (app, person) = App::ready(crate::support::Backend::Postgres, &[]).await;
    let other = app.beside();
    let chat = person.new_conversation("Hello").await;
    let page = chat.settled().await;
    let mut there = person.copy();
    there.base = other.base.clone();
    let socket = there.socket(&chat.id).await;
    eventually("the first frame", async || (!socket.frames().is_empty()).then_some(())).await;
    person.submit(&page.form_to("/end")).await.expect(200);
    socket.hears("This conversation was ended.").await;
}
