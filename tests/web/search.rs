//! Searching from the page.

use crate::{
    both,
    support::{App, Page},
};

fn found(page: &Page) -> Vec<String> {
    page.nodes(".found li").into_iter().map(|node| node.text).collect()
}

both! {
    async fn what_was_said_is_found_with_what_stands_around_it(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Tell me of <b>pelicans</b> & caf\u{e9}s").await;
        chat.settled().await;
        person.new_conversation("Coal and iron").await.settled().await;
        let form = person.get("/conversations").await.form_with("textbox", "Search conversations");
        let page = person.submit(&form.fill("q", "CAFE pel")).await;
        page.expect(200);
        assert_eq!(found(&page).len(), 1, "{}", page.text());
        let marks: Vec<String> = page.nodes(".found .excerpt mark").into_iter().map(|mark| mark.text).collect();
        assert!(marks.iter().any(|mark| mark == "pel") && marks.iter().any(|mark| mark == "caf\u{e9}"), "{marks:?}");
        assert!(!page.html.contains("<b>"), "what was said is markup");
        assert_eq!(page.nodes("input[name=q]")[0].attribute("value"), "CAFE pel");
        let link = page.nodes(".found a")[0].attribute("href").to_owned();
        assert_eq!(person.get(&link).await.conversation(), chat.id);
        for nothing in ["%", "\"", "pelicans coal", "elicans"] {
            let page = person.submit(&person.get("/conversations").await.form_with("textbox", "Search conversations").fill("q", nothing)).await;
            page.expect(200);
            assert_eq!(found(&page), [""; 0], "{nothing}");
            assert!(page.text().contains("Nothing was found"), "{}", page.text());
        }
        // The person's own alone.
        for other in [app.stranger().await, app.person("bob@example.org", &app.tenant(), "admin").await] {
            assert_eq!(found(&other.get("/conversations?q=pelicans").await), [""; 0]);
        }
    }

    async fn a_search_that_finds_much_says_so(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let (tenant, user) = (app.query("SELECT id FROM tenants"), app.query("SELECT id FROM users"));
        let row = |n: usize| format!(
            "('{}', '{tenant}', '{user}', 'chat', 'Pelican {n}', 'person', 0, '2020-01-01T00:00:{:02}.000000Z', '2020-01-01T00:00:{:02}.000000Z')",
            uuid::Uuid::now_v7(), n, n
        );
        let insert = "INSERT INTO conversations (id, tenant_id, user_id, kind, title, title_source, last_position, created_at, updated_at) VALUES ";
        app.query(&format!("{insert}{}", (0..50).map(row).collect::<Vec<_>>().join(", ")));
        let page = person.get("/conversations?q=pelican").await;
        assert_eq!(found(&page).len(), 50);
        assert!(!page.text().contains("More than"));
        app.query(&format!("{insert}{}", row(50)));
        let page = person.get("/conversations?q=pelican").await;
        assert_eq!(found(&page).len(), 50);
        assert!(page.text().contains("More than 50 conversations were found"), "{}", page.text());
        assert!(found(&page)[0].contains("Pelican 50"));
    }
}
