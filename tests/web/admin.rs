//! The instructions of a tenant: who may change them, what becomes of them, and what is kept of what was typed.

use reqwest::Method;

use crate::{
    both,
    support::{App, Backend, Page, Person, Replay, page::Form},
};

fn tenant_id(app: &App, slug: &str) -> String {
    app.query(&format!("SELECT id FROM tenants WHERE slug = '{slug}'"))
}

/// The page's address, for the tenant of the first account.
fn address(app: &App) -> String {
    format!("/admin/tenants/{}/prompt", tenant_id(app, &app.tenant()))
}

fn form(page: &Page) -> Form {
    page.expect(200);
    page.form_to("/prompt")
}

/// The number of rows that tell of a change, in a tenant's chain.
fn audited(app: &App) -> String {
    app.query("SELECT count(*) FROM audit_rows WHERE action = 'prompt_changed'")
}

async fn link(person: &Person) -> Option<String> {
    let page = person.get("/settings").await;
    let index = person.get(page.find("link", "Administration")?.attribute("href")).await;
    index.expect(200);
    Some(index.the("link", "Instructions").attribute("href").to_owned())
}

both! {
    async fn what_is_saved_is_what_models_are_told(backend) {
        let Some(replay) = Replay::start() else { return };
        let (app, person) = App::ready(backend, &replay.settings("anthropic/text-haiku45")).await;
        let here = link(&person).await.expect("an owner has the link");
        assert_eq!(here, address(&app));
        let page = person.get("/conversations").await;
        assert_eq!(format!("{}/prompt", page.the("link", "Administration").attribute("href")), here);
        let page = person.get(&here).await;
        assert!(page.text().contains("You are a helpful assistant for the people of Test Works."), "{}", page.text());
        let prompt = "  Answer {user} of {tenant} on {date}.\r\nNever say {this} or <b>that</b>.\r\n\r\n";
        let page = person.submit(&form(&page).fill("system_prompt", prompt).fill("topics", "\nBirds\r\nand bees ")).await;
        page.expect(200);
        assert!(page.text().contains("Saved."), "{}", page.text());
        let today = app.query("SELECT CURRENT_DATE");
        let told = format!("Answer Ada Lovelace of Test Works on {today}.\nNever say {{this}} or <b>that</b>.");
        assert_eq!(page.nodes("#prompt-preview")[0].text, told.replace('\n', " "));
        let saved = form(&page);
        assert_eq!(saved.value("topics"), Some("Birds\nand bees"));
        assert_eq!(saved.value("system_prompt"), Some("Answer {user} of {tenant} on {date}.\nNever say {this} or <b>that</b>."));

        // Without topics, so that this is about the prompt alone.
        person.submit(&saved.fill("topics", "")).await.expect(200);
        assert_eq!(app.query("SELECT count(*) FROM tenants WHERE topics IS NULL"), "1");
        person.new_conversation("Hello").await.settled().await;
        let system = &replay.rounds()[0]["system"];
        let system = system.as_str().map_or_else(|| system[0]["text"].as_str().unwrap().to_owned(), str::to_owned);
        assert_eq!(system, told);

        // Empty is Sayso's own again.
        let page = person.submit(&form(&person.get(&here).await).fill("system_prompt", " \n")).await;
        assert!(page.nodes("#prompt-preview")[0].text.contains("helpful assistant"), "{}", page.text());
        assert_eq!(app.query("SELECT count(*) FROM tenants WHERE system_prompt IS NULL"), "1");

        assert_eq!(audited(&app), "3");
        let row = "SELECT object, details, digest IS NOT NULL, target IS NULL FROM audit_rows WHERE action = 'prompt_changed' ORDER BY number LIMIT 1";
        let (yes, id) = (if backend == Backend::Postgres { "t" } else { "1" }, tenant_id(&app, &app.tenant()));
        assert_eq!(app.query(row), format!("tenant:{id}|topics|{yes}|{yes}"));
        let all = app.query("SELECT * FROM audit_rows");
        assert!(!all.contains("Answer") && !all.contains("Birds"), "the log holds what was written");
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn it_is_for_those_who_run_the_tenant(backend) {
        let (app, owner) = App::ready(backend, &[]).await;
        let here = address(&app);
        let good = form(&owner.get(&here).await).fill("system_prompt", "Be brief.");
        let tries = async |person: &Person, status: u16| {
            person.get(&here).await.expect(status);
            let csrf = person.get("/settings").await.csrf();
            let forged = good.clone().without("csrf").forge("csrf", &csrf);
            person.submit(&forged).await.expect(status);
        };
        let slug = app.tenant();
        let admin = app.person("admin@example.org", &slug, "admin").await;
        tries(&admin, 200).await;
        assert_eq!(link(&admin).await, Some(here.clone()));
        assert_eq!(audited(&app), "1");

        let member = app.person("member@example.org", &slug, "member").await;
        tries(&member, 403).await;
        assert_eq!(link(&member).await, None);
        let stranger = app.stranger().await;
        tries(&stranger, 404).await;
        // Nobody of the one has a say in the other, but operators; the first account is one.
        let there = format!("/admin/tenants/{}/prompt", tenant_id(&app, "elsewhere"));
        owner.get(&there).await.expect(200);
        admin.get(&there).await.expect(404);
        stranger.get(&there).await.expect(200);
        for id in ["nonsense", "00000000-0000-7000-8000-000000000000", "%00"] {
            stranger.get(&format!("/admin/tenants/{id}/prompt")).await.expect(404);
        }
        assert_eq!(audited(&app), "1", "someone else changed it");

        let arguments = ["create-user", "--email", "root@example.org", "--name", "Root", "--tenant", "elsewhere", "--role", "member", "--operator"];
        app.admin(&arguments, Some(Person::FIRST.1));
        let operator = app.visitor();
        operator.sign_in("root@example.org", Person::FIRST.1).await.expect(200);
        tries(&operator, 200).await;
        assert_eq!(audited(&app), "2");
        let page = app.visitor().get(&here).await;
        assert!(page.url.path().ends_with("/login"), "{}", page.url);
    }

    async fn nothing_typed_is_lost(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let here = address(&app);
        let good = form(&person.get(&here).await);
        let fields = [("system_prompt", 20_000, "topics"), ("topics", 2000, "system_prompt")];
        for (field, most, other) in fields {
            let long = "ü".repeat(most + 1);
            let page = person.submit(&good.clone().fill(field, &long).fill(other, "Something kind")).await;
            page.expect(422);
            let kept = page.form_to("/prompt");
            assert_eq!((kept.value(field), kept.value(other)), (Some(long.as_str()), Some("Something kind")));
            assert!(page.complaint().contains("longer than"), "{}", page.text());
            assert_eq!(page.nodes("[aria-invalid=true]").len(), 1);
        }
        assert_eq!(app.query("SELECT count(*) FROM tenants WHERE system_prompt IS NULL AND topics IS NULL"), "1");
        assert_eq!(audited(&app), "0");
        let page = person.submit(&good.clone().fill("system_prompt", &"ü".repeat(20_000))).await;
        page.expect(200);
        assert_eq!(audited(&app), "1");

        // A page that was open for too long.
        let page = person.submit(&good.clone().without("csrf").forge("csrf", "stale").fill("system_prompt", "Typed for an hour")).await;
        page.expect(403);
        assert!(page.html.contains("Typed for an hour"), "{}", page.text());
        assert_eq!(audited(&app), "1");
        person.request(Method::DELETE, &here, None, &[]).await.expect(405);
    }
}

/// What is typed is text, never markup, and the names of people fill in as one line.
#[tokio::test(flavor = "multi_thread")]
async fn a_prompt_is_shown_as_text() {
    let (app, person) = App::ready(Backend::Sqlite, &[]).await;
    app.query("UPDATE users SET name = 'Ada' || char(10) || '# {tenant} <i>'");
    let here = address(&app);
    let typed = "</textarea><script>alert(1)</script>{user}";
    let page = person.submit(&form(&person.get(&here).await).fill("system_prompt", typed)).await;
    assert_eq!(page.nodes("main script").len(), 0);
    assert_eq!(form(&page).value("system_prompt"), Some(typed));
    assert_eq!(page.nodes("#prompt-preview")[0].text, "</textarea><script>alert(1)</script>Ada # {tenant} <i>");
}
