//! Messages on the page: what is refused, what is kept, and pages of a long conversation.

use crate::{
    both,
    support::{App, Backend, Replay, letters},
};

both! {
    async fn a_message_and_its_reply(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello & <b>good</b> day").await;
        let page = chat.settled().await;
        let articles = page.articles();
        assert_eq!(articles.len(), 2, "{articles:?}");
        assert_eq!((articles[0].role.as_str(), articles[0].text.as_str()), ("user", "Hello & <b>good</b> day"));
        assert_eq!((articles[1].role.as_str(), articles[1].state.as_str()), ("assistant", "complete"));
        assert!(!articles[1].text.is_empty());
        assert_eq!(page.turn(), "completed");
        assert_eq!(page.state(), "Ready");
        page.the("log", "Conversation");
        page.the("textbox", "Message");
        page.the("button", "Send");
        assert!(page.find("button", "Stop").is_none(), "nothing is there to be stopped");
        assert_eq!(page.typed(), "");
    }

    async fn the_stand_in_says_that_it_is_no_model(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let page = person.new_page().await;
        assert!(page.text().to_lowercase().contains("demo"), "{}", page.text());
    }

    async fn an_empty_message_is_refused(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        chat.settled().await;
        for empty in ["", "   ", "\n\t \u{a0}"] {
            let page = chat.send(empty).await;
            page.expect(422);
            assert!(!page.complaint().is_empty(), "nothing is said");
            let page = person.submit(&person.new_page().await.composer().fill("message", empty)).await;
            page.expect(422);
        }
        assert_eq!(chat.page().await.articles().len(), 2);
        assert_eq!(app.query("SELECT count(*) FROM conversations"), "1", "an empty message began a conversation");
    }

    async fn a_message_that_is_too_long_is_refused_and_kept(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        chat.settled().await;
        // Below what a form may hold (1 MB), above what a message may: whichever bound is named, the text comes back.
        let long = "word and ".repeat(80_000);
        let page = chat.send(&long).await;
        assert!(matches!(page.status, 413 | 422), "{}", page.status);
        assert!(!page.complaint().is_empty(), "nothing is said");
        assert_eq!(page.typed().trim_end(), long.trim_end(), "the text is lost");
        assert_eq!(chat.page().await.articles().len(), 2);
    }

    async fn the_same_form_twice_is_one_message(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let first = person.new_page().await.composer().fill("message", "Once");
        let (one, two) = tokio::join!(person.submit(&first), person.submit(&first));
        assert_eq!(one.conversation(), two.conversation());
        assert_eq!(app.query("SELECT count(*) FROM conversations"), "1");
        let chat = crate::support::Chat { person: person.clone(), id: one.conversation() };
        let form = chat.settled().await.composer().fill("message", "And once more");
        let (one, two) = tokio::join!(person.submit(&form), person.submit(&form));
        one.expect(200);
        two.expect(200);
        person.submit(&form).await.expect(200);
        assert_eq!(chat.settled().await.said_by("user").len(), 2);
    }

    async fn older_messages_come_in_pages(backend) {
        let Some(replay) = Replay::start() else { return };
        let (app, person) = App::ready(backend, &replay.settings("anthropic/text-haiku45")).await;
        let chat = person.new_conversation("Message 0").await;
        chat.settled().await;
        for n in 1..40 {
            chat.say(&format!("Message {n}")).await;
        }
        let mut page = chat.page().await;
        let newest = page.articles();
        assert!(newest.len() < 80, "all {} messages on one page", newest.len());
        assert_eq!(newest.iter().rfind(|article| article.role == "user").unwrap().text, "Message 39", "the newest come first");
        let mut pages = vec![newest];
        while let Some(older) = page.older() {
            page = person.get(&older).await;
            page.expect(200);
            pages.push(page.articles());
            assert!(pages.len() < 100, "older pages never end");
        }
        // From the oldest on, each message once and in order.
        let all: Vec<_> = pages.into_iter().rev().flatten().collect();
        let said: Vec<_> = all.iter().filter(|article| article.role == "user").map(|article| article.text.clone()).collect();
        assert_eq!(said, (0..40).map(|n| format!("Message {n}")).collect::<Vec<_>>());
        let mut ids: Vec<_> = all.iter().map(|article| article.id.clone()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all.len(), "a message is shown twice");
        assert_eq!(all.len().to_string(), app.query("SELECT count(*) FROM messages"));
        for bad in ["nonsense", "-1", "00000000-0000-0000-0000-000000000000", "99999999999999999999"] {
            let page = person.get(&format!("/conversations/{}?before={bad}", chat.id)).await;
            assert!(page.status == 200 || (400..500).contains(&page.status), "before={bad} answers {}", page.status);
        }
        replay.assert_refused_none();
    }
}

/// Markdown of a model is shown; what could act is not.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_model_writes_is_data() {
    let text = "# Title\n\n**bold** <script>alert(1)</script> <img src=x onerror=alert(1)> [link](javascript:alert(1)) \
                [far](https://far.example/) ![picture](https://pixel.example/p.png)\n\n<form action=/logout method=post>\
                <button hx-post=/logout>x</button></form>\n\n<div id=log class=danger style=color:red>plain</div>";
    let replies = [("data", crate::support::Reply::text(text))];
    let Some(replay) = Replay::playing(&replies, &[]) else { return };
    let (_app, person) = App::ready(Backend::Sqlite, &replay.settings("anthropic/data")).await;
    let chat = person.new_conversation("Write something wild").await;
    let page = chat.settled().await;
    let reply = page.nodes("#log article[data-role=assistant] *");
    assert!(reply.iter().any(|node| node.tag == "strong" && node.text == "bold"), "Markdown is not rendered");
    for node in &reply {
        assert!(
            !matches!(node.tag.as_str(), "script" | "img" | "form" | "button" | "iframe" | "style"),
            "<{}>",
            node.tag
        );
        for (name, value) in &node.attributes {
            assert!(!name.starts_with("on") && !name.starts_with("hx-") && name != "style", "<{} {name}>", node.tag);
            assert!(
                !value.to_lowercase().contains("javascript:") && value != "danger" && value != "log",
                "{name}={value}"
            );
        }
    }
    let link =
        reply.iter().find(|node| node.attribute("href") == "https://far.example/").expect("the honest link is kept");
    for word in ["noopener", "noreferrer", "nofollow"] {
        assert!(link.attribute("rel").contains(word), "rel={}", link.attribute("rel"));
    }
    assert!(page.replies().contains("pixel.example"), "a picture from elsewhere becomes a link that shows its host");
    assert!(letters(&page.replies()).contains("plain"));
}
