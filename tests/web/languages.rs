//! English and Brazilian Portuguese, by the person's setting, else by what the browser asks for.

use crate::{
    both,
    support::{App, Page},
};

fn language(page: &Page) -> String {
    page.nodes("html").first().map(|html| html.attribute("lang").to_owned()).unwrap_or_default()
}

both! {
    async fn the_browser_says_which(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        for (asked, got) in [
            ("en", "en"), ("en-GB,en;q=0.9", "en"), ("pt-BR,pt;q=0.9,en;q=0.8", "pt-BR"), ("pt", "pt-BR"), ("pt-PT", "pt-BR"),
            ("de,pt-BR;q=0.8,en;q=0.5", "pt-BR"), ("de", "en"), ("en;q=0.1,pt-BR;q=0.9", "pt-BR"), ("*", "en"), ("%$;;q=x", "en"),
        ] {
            let page = app.visitor().speaking(asked).get("/login").await;
            page.expect(200);
            assert_eq!(language(&page), got, "Accept-Language: {asked}");
        }
        let english = app.visitor().get("/login").await;
        let portuguese = app.visitor().speaking("pt-BR").get("/login").await;
        english.the("button", "Sign in");
        assert!(portuguese.find("button", "Sign in").is_none(), "the button is not translated");
        assert!(english.header("vary").is_some_and(|vary| vary.to_lowercase().contains("accept-language"))
            || english.header("cache-control").is_some_and(|cache| cache.contains("no-store")));
    }

    async fn the_persons_setting_wins(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let settings = person.get("/settings").await;
        assert_eq!(language(&settings), "en");
        let form = settings.forms("form").into_iter().find(|form| form.value("language").is_some()).expect("a language to choose");
        person.submit(&form.fill("language", "pt-BR")).await.expect(200);
        assert_eq!(language(&person.get("/conversations").await), "pt-BR");
        let elsewhere = person.second_device();
        elsewhere.sign_in(crate::support::Person::FIRST.0, crate::support::Person::FIRST.1).await.expect(200);
        assert_eq!(language(&elsewhere.get("/conversations").await), "pt-BR", "the setting is the person's, not the browser's");
    }

    async fn faults_are_told_in_the_persons_language(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let mut complaints = Vec::new();
        for asked in ["en", "pt-BR"] {
            let person = app.visitor().speaking(asked);
            let form = person.get("/login").await.forms("form[action$='/login']").remove(0);
            let page = person.submit(&form.fill("email", "nobody@example.org").fill("password", "wrong")).await;
            assert_eq!(page.status, 401);
            complaints.push(page.complaint());
            let page = person.get("/no/such/page").await;
            page.expect(404);
            assert_eq!(language(&page), asked);
        }
        assert_ne!(complaints[0], complaints[1]);
    }
}
