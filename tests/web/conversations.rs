//! The list of conversations, their names and their end.

use crate::{
    both,
    support::{App, Page},
};

both! {
    async fn the_list_goes_on_after_a_hundred(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("The newest of all").await;
        chat.settled().await;
        let (tenant, user) = (app.query("SELECT id FROM tenants"), app.query("SELECT id FROM users"));
        let rows: Vec<String> = (0..120)
            .map(|n| {
                let time = format!("2020-01-01T00:{:02}:{:02}.000000Z", n / 60, n % 60);
                format!(
                    "('{}', '{tenant}', '{user}', 'chat', 'Number {n}.', 'person', 0, '{time}', '{time}')",
                    uuid::Uuid::now_v7()
                )
            })
            .collect();
        app.query(&format!(
            "INSERT INTO conversations (id, tenant_id, user_id, kind, title, title_source, last_position, created_at, \
             updated_at) VALUES {}",
            rows.join(", ")
        ));
        let listed = |page: &Page| -> Vec<String> {
            page.nodes("nav .conversations a[id^='nav-']").into_iter().map(|node| node.text).collect()
        };
        let first = person.get("/conversations").await;
        let link = first.nodes("nav a[href*='before=']").first().expect("a link to earlier ones").attribute("href").to_owned();
        let mut titles = listed(&first);
        assert_eq!(titles.len(), 100);
        assert!(titles[1].contains("Number 119."), "newest first: {:?}", &titles[..3]);
        titles.extend(listed(&person.get(&link).await));
        assert_eq!(titles.len(), 121, "some are missing or doubled");
        assert!(titles[120].contains("Number 0."));
    }

    async fn the_list_has_the_newest_first(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let page = person.get("/").await;
        assert!(page.url.path().ends_with("/conversations"), "/ leads to {}", page.url);
        assert_eq!(page.conversations(), []);
        let mut ids = Vec::new();
        for name in ["Apples", "Pears", "Plums"] {
            let chat = person.new_conversation(name).await;
            chat.settled().await;
            ids.push(chat.id);
        }
        let page = person.get("/conversations").await;
        page.the("navigation", "Conversations");
        let listed: Vec<_> = page.conversations().into_iter().map(|(id, _)| id).collect();
        assert_eq!(listed, [ids[2].clone(), ids[1].clone(), ids[0].clone()]);

        // A new message brings a conversation to the top.
        let chat = crate::support::Chat { person: person.clone(), id: ids[0].clone() };
        chat.say("More about apples").await;
        assert_eq!(person.get("/conversations").await.conversations()[0].0, ids[0]);
    }

    async fn the_first_words_are_the_title(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Tell me of pelicans & <b>gulls</b>").await;
        let page = chat.settled().await;
        assert!(!page.title().is_empty(), "there is no title");
        let listed = person.get("/conversations").await.conversations();
        assert!(!listed[0].1.is_empty());
        assert!(page.title().contains("pelicans") || listed[0].1.contains(&page.title()), "{} / {listed:?}", page.title());
    }

    async fn a_name_of_ones_own_stays(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        let form = chat.settled().await.form_to("/rename").fill("title", "Gulls & <i>terns</i>");
        person.submit(&form).await.expect(200);
        assert_eq!(chat.page().await.title(), "Gulls & <i>terns</i>");
        chat.say("What else flies?").await;
        assert_eq!(chat.page().await.title(), "Gulls & <i>terns</i>", "a better title took the place of the person's");
        assert!(person.get("/conversations").await.conversations()[0].1.contains("Gulls & <i>terns</i>"));
        for bad in ["", "   "] {
            let page = person.submit(&chat.page().await.form_to("/rename").fill("title", bad)).await;
            page.expect(422);
        }
        let page = person.submit(&chat.page().await.form_to("/rename").fill("title", &"x".repeat(5000))).await;
        page.expect(422);
        assert_eq!(chat.page().await.title(), "Gulls & <i>terns</i>");
    }

    async fn what_is_deleted_is_gone(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        let page = chat.settled().await;
        let socket = chat.socket().await;
        let left = person.submit(&page.form_to("/delete")).await;
        left.expect(200);
        assert!(left.url.path().ends_with("/conversations"), "deleting leads to {}", left.url);
        assert_eq!(left.conversations(), []);
        assert_eq!(socket.closed().await, 4404);
        person.get(&format!("/conversations/{}", chat.id)).await.expect(404);
        person.submit(&page.composer().fill("message", "too late")).await.expect(404);
        assert_eq!(app.query("SELECT count(*) FROM messages"), "0");
    }

    async fn the_search_finds(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        for name in ["Apples and pears", "Coal and 100% iron"] {
            person.new_conversation(name).await.settled().await;
        }
        let found = person.get("/conversations?q=iron").await.conversations();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.contains("iron"));
        assert_eq!(person.get("/conversations?q=PEARS").await.conversations().len(), 1, "the search minds the case");
        assert_eq!(person.get("/conversations?q=100%25").await.conversations().len(), 1, "% is no letter");
        assert_eq!(person.get("/conversations?q=nowhere").await.conversations().len(), 0);
    }
}
