//! The page of the models that a tenant may use: who sets them, what is said of a mistake, and what the picker shows then.

use reqwest::Method;

use crate::{
    both,
    support::{App, Backend, Page, Person, Replay, page::Form},
};

const FIRST: &str = "anthropic/anthropic/text-haiku45";
const SECOND: &str = "openai/openai/text-gpt4omini-usage-only";

fn address(app: &App) -> String {
    format!("/admin/tenants/{}/models", app.query(&format!("SELECT id FROM tenants WHERE slug = '{}'", app.tenant())))
}

async fn of_two(backend: Backend, replay: &Replay) -> (App, Person) {
    let settings = replay.settings_of_two("anthropic/text-haiku45", "openai/text-gpt4omini-usage-only");
    App::ready(backend, &settings).await
}

fn form(page: &Page) -> Form {
    page.form_to("/models")
}

/// The models that are ticked.
fn ticked(page: &Page) -> Vec<String> {
    let boxes = page.nodes("input[type=checkbox][name=model][checked]");
    boxes.iter().map(|node| node.attribute("value").to_owned()).collect()
}

/// What may be chosen: `all` or `ticked`.
fn chosen(page: &Page) -> String {
    page.nodes("input[type=radio][name=allow][checked]").remove(0).attribute("value").to_owned()
}

/// The form with these ticked and no others.
fn ticking(page: &Page, models: &[&str]) -> Form {
    models.iter().fold(form(page).without("model").fill("allow", "ticked"), |form, model| form.forge("model", model))
}

fn audited(app: &App) -> String {
    app.query("SELECT details FROM audit_rows WHERE action = 'models_changed' ORDER BY number DESC LIMIT 1")
}

both! {
    async fn an_owner_ticks_the_models_that_may_be_used(backend) {
        let Some(replay) = Replay::start() else { return };
        let (app, ada) = of_two(backend, &replay).await;
        let at = address(&app);
        let index = ada.get(at.trim_end_matches("/models")).await;
        assert_eq!(index.the("link", "Models").attribute("href"), at);
        let page = ada.get(&at).await;
        page.expect(200);
        let legends: Vec<_> = page.nodes("main form legend").into_iter().map(|node| node.text).collect();
        assert_eq!(legends, ["Who may answer", "Anthropic", "OpenAI"]);
        assert_eq!(chosen(&page), "all");
        assert!([FIRST, SECOND].iter().all(|model| ticked(&page).contains(&(*model).to_owned())), "{:?}", ticked(&page));

        // Nothing left: said beside the boxes, and what was chosen is kept.
        let refused = ada.submit(&ticking(&page, &[])).await;
        refused.expect(422);
        let group = refused.nodes("main fieldset[aria-describedby]").remove(0);
        let error = refused.nodes(&format!("#{}", group.attribute("aria-describedby"))).remove(0);
        assert!(error.text.contains("at least one model"), "{}", error.text);
        assert_eq!((chosen(&refused), ticked(&refused)), ("ticked".to_owned(), vec![]));
        for wrong in ["openai", "/x", "nobody/x", "anthropic/a\u{1b}[31m"] {
            let refused = ada.submit(&ticking(&page, &[SECOND, wrong])).await;
            refused.expect(422);
            assert!(refused.nodes("#model-error")[0].text.contains("no model of this server"), "{wrong:?}");
            assert_eq!(ticked(&refused), [SECOND]);
        }
        assert_eq!(app.query("SELECT DISTINCT models FROM tenants"), "\"all\"");

        let page = ada.submit(&ticking(&page, &[SECOND])).await;
        page.expect(200);
        assert!(page.text().contains("Saved."), "{}", page.text());
        assert_eq!((chosen(&page), ticked(&page)), ("ticked".to_owned(), vec![SECOND.to_owned()]));
        assert_eq!(audited(&app), format!("only {SECOND}"));
        let new = ada.new_page().await;
        assert!(new.nodes("select#model").is_empty(), "there is nothing to choose");
        assert_eq!(new.nodes("#only-model")[0].attribute("data-model"), "openai/text-gpt4omini-usage-only");
        // The same again is no change; all again is one.
        ada.submit(&form(&page)).await.expect(200);
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'models_changed'"), "1");
        let page = ada.submit(&form(&page).fill("allow", "all")).await;
        page.expect(200);
        assert_eq!((chosen(&page).as_str(), audited(&app).as_str()), ("all", "all"));
        assert!(ada.new_page().await.nodes("select#model option").len() > 2);
        assert!(app.run(&["audit", "verify"], None).status.success());

        // In Portuguese, and one that is not here any more is still shown and may be kept.
        app.admin(&["set-models", "--tenant", &app.tenant(), "--model", SECOND, "--model", "ollama/gone"], None);
        let page = ada.clone().speaking("pt-BR").get(&at).await;
        assert!(page.text().contains("Só os marcados") && page.text().contains("não está neste servidor"), "{}", page.text());
        ada.submit(&form(&page)).await.expect(200);
        assert_eq!(app.query("SELECT models FROM tenants"), format!(r#"{{"only":["ollama/gone","{SECOND}"]}}"#));
    }

    async fn it_is_for_those_who_run_the_tenant(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let at = address(&app);
        let bob = app.person("bob@example.org", &app.tenant(), "admin").await;
        let mia = app.person("mia@example.org", &app.tenant(), "member").await;
        let eve = app.stranger().await;
        let post = [("content-type", "application/x-www-form-urlencoded")];
        for (person, status) in [(&mia, 403), (&eve, 404)] {
            person.get(&at).await.expect(status);
            let body = format!("csrf={}&allow=ticked&model=demo%2Fdemo", person.new_page().await.csrf());
            person.request(Method::POST, &at, Some(body), &post).await.expect(status);
        }
        assert_eq!(app.query("SELECT DISTINCT models FROM tenants"), "\"all\"");
        bob.submit(&ticking(&bob.get(&at).await, &["demo/demo"])).await.expect(200);
        let row = "SELECT models FROM tenants WHERE models <> '\"all\"'";
        assert_eq!(app.query(row), r#"{"only":["demo/demo"]}"#);
        // An operator of another tenant.
        app.query("UPDATE users SET is_operator = true WHERE email = 'eve@example.org'");
        eve.submit(&form(&eve.get(&at).await).fill("allow", "all")).await.expect(200);
        assert_eq!(app.query(row), "");
        ada.get(&at).await.expect(200);
    }
}
