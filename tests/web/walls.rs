//! Tenants are walls, and so are people: what is another's does not exist.

use reqwest::Method;

use crate::{
    both,
    support::{App, Chat, LiveSocket, Person},
};

/// Everything that another person might try on a conversation and its call; each must look as if nothing were there.
async fn tries(intruder: &Person, chat: &Chat) {
    let approval = &chat.approvals(1).await[0];
    // As it stands while the decision waits.
    let page = chat.page().await;
    let csrf = intruder.get("/conversations").await.csrf();
    let swapped = |form: crate::support::page::Form| form.without("csrf").forge("csrf", &csrf);
    intruder.get(&format!("/conversations/{}", chat.id)).await.expect(404);
    intruder.get(&format!("/conversations/{}?before={}", chat.id, page.articles()[0].id)).await.expect(404);
    for form in [
        page.composer().fill("message", "from outside"),
        page.form_to("/rename").fill("title", "from outside"),
        page.form_to("/delete"),
        approval.form.clone().press("Approve"),
        approval.form.clone().press("Deny"),
    ] {
        let answer = intruder.submit(&swapped(form.clone())).await;
        assert_eq!(answer.status, 404, "{} answers an intruder:\n{}", form.action, answer.text());
    }
    let stop = format!("csrf={csrf}");
    let answer = intruder.request(Method::POST, &format!("/conversations/{}/stop", chat.id), Some(stop), &[]).await;
    answer.expect(404);
    // The socket is let in to be told; 4404 is the socket's 404.
    match LiveSocket::open(intruder, &chat.id, &intruder.base).await {
        Ok(socket) => {
            assert_eq!(socket.closed().await, 4404);
            assert!(!socket.frames().concat().contains("hello.txt"), "the socket told an intruder");
        }
        Err(status) => assert_eq!(status, 404),
    }
    let list = intruder.get("/conversations").await;
    assert!(!list.conversations().iter().any(|(id, _)| *id == chat.id));
    assert!(!intruder.get("/approvals").await.text().contains("hello.txt"));
    // And nothing has happened.
    let after = chat.page().await;
    assert_eq!(after.articles(), page.articles());
    assert_eq!(after.title(), page.title());
    assert!(after.is_waiting());
}

both! {
    async fn what_is_another_tenants_is_not_there(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Create a file `notes/hello.txt` with content: Hello world").await;
        tries(&app.stranger().await, &chat).await;
        assert_eq!(app.files().len(), 0);
        // A token of the person's own works: it was the wall that refused.
        chat.approve().await.expect(200);
        chat.settled().await;
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    }

    async fn what_is_a_colleagues_is_not_there(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Create a file `notes/hello.txt` with content: Hello world").await;
        tries(&app.person("bob@example.org", &app.tenant(), "admin").await, &chat).await;
        assert_eq!(app.files().len(), 0);
    }

    async fn unknown_and_malformed_ids_are_not_found(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let csrf = person.get("/conversations").await.csrf();
        for id in ["00000000-0000-7000-8000-000000000000", "nonsense", "1", "%00", "..%2f..", "é", "' OR 1=1 --"] {
            let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
            person.get(&format!("/conversations/{id}")).await.expect(404);
            for verb in ["messages", "stop", "rename", "delete", "retry"] {
                let body = format!("csrf={csrf}&message=x&title=x");
                let path = format!("/conversations/{id}/{verb}");
                let answer = person.request(Method::POST, &path, Some(body), &[]).await;
                // Fields that one verb does not know are refused before it looks; nothing else is.
                assert!(matches!(answer.status, 404 | 422), "{path} answers {}", answer.status);
            }
            let body = format!("csrf={csrf}&decision=approve&digest={}", "0".repeat(64));
            person.request(Method::POST, &format!("/tool-calls/{id}/decision"), Some(body), &[]).await.expect(404);
        }
        person.get("/no/such/page").await.expect(404);
    }

    async fn who_is_not_signed_in_sees_the_login_page(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        chat.settled().await;
        let here = format!("/conversations/{}", chat.id);
        for path in ["/conversations", "/settings", "/approvals", here.as_str()] {
            let page = app.visitor().get(path).await;
            assert!(page.url.path().ends_with("/login"), "{path} leads to {}", page.url);
            assert!(page.url.query_pairs().any(|(key, value)| key == "next" && value == path), "{}", page.url);
        }
        let socket = LiveSocket::open(&app.visitor(), &chat.id, &app.base).await.expect("it is let in to be told");
        assert_eq!(socket.closed().await, 4401);
    }
}
