//! The people of a tenant, by its pages: who may do what to whom, what ends with it, and what is refused in words.

use reqwest::Method;

use crate::{
    both,
    support::{App, Page, Person, Script, eventually},
};

/// The page of people of the first account's tenant.
pub fn members(app: &App) -> String {
    format!("/admin/tenants/{}/members", app.query("SELECT id FROM tenants ORDER BY created_at LIMIT 1"))
}

pub fn id_of(app: &App, email: &str) -> String {
    app.query(&format!("SELECT id FROM users WHERE email = '{email}'"))
}

/// Does something to somebody by the form of the page.
async fn does(app: &App, who: &Person, email: &str, verb: &str) -> Page {
    let page = who.get(&members(app)).await;
    page.expect(200);
    who.submit(&page.form_to(&format!("/members/{}/{verb}", id_of(app, email)))).await
}

async fn sets_role(app: &App, who: &Person, email: &str, role: &str) -> Page {
    let page = who.get(&members(app)).await;
    page.expect(200);
    who.submit(&page.form_to(&format!("/members/{}/role", id_of(app, email))).fill("role", role)).await
}

fn role(app: &App, email: &str) -> String {
    app.query(&format!("SELECT role FROM memberships WHERE user_id = '{}'", id_of(app, email)))
}

/// Posts what no form of the page posts.
async fn forces(app: &App, who: &Person, email: &str, verb: &str, fields: &str) -> Page {
    let csrf = who.get("/settings").await.csrf();
    let path = format!("{}/{}/{verb}", members(app), id_of(app, email));
    who.request(Method::POST, &path, Some(format!("csrf={csrf}{fields}")), &[]).await
}

both! {
    async fn a_place_is_changed_suspended_and_taken_away(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let bob = app.person("bob@example.org", &app.tenant(), "member").await;
        let page = ada.get(&members(&app)).await;
        assert!(page.text().contains("bob@example.org") && page.text().contains("Ada Lovelace (you)"), "{}", page.text());

        let page = sets_role(&app, &ada, "bob@example.org", "admin").await;
        page.expect(200);
        assert!(page.text().contains("The role was set."), "{}", page.text());
        assert!(bob.is_signed_in().await, "more power ends nothing");
        bob.get(&members(&app)).await.expect(200);
        sets_role(&app, &ada, "bob@example.org", "member").await.expect(200);
        assert!(!bob.is_signed_in().await, "who loses power is signed out");

        bob.sign_in("bob@example.org", Person::FIRST.1).await.expect(200);
        let script = Script::sign_in(&app.base, ("bob@example.org", Person::FIRST.1)).await;
        script.get("/api/auth/me").await.expect(200);
        does(&app, &ada, "bob@example.org", "sign-out").await.expect(200);
        assert!(!bob.is_signed_in().await);
        script.get("/api/auth/me").await.expect(401);

        does(&app, &ada, "bob@example.org", "suspend").await.expect(200);
        bob.sign_in("bob@example.org", Person::FIRST.1).await.expect(401);
        assert!(ada.get(&members(&app)).await.text().contains("suspended"));
        does(&app, &ada, "bob@example.org", "resume").await.expect(200);
        bob.sign_in("bob@example.org", Person::FIRST.1).await.expect(200);
        does(&app, &ada, "bob@example.org", "remove").await.expect(200);
        assert!(!bob.is_signed_in().await);
        assert_eq!(app.query("SELECT count(*) FROM memberships"), "1");
        assert_eq!(app.query("SELECT count(*) FROM users WHERE email = 'bob@example.org'"), "1", "the account stays");
        for action in ["role_changed", "member_signed_out", "member_suspended", "member_resumed", "member_removed"] {
            let count = app.query(&format!("SELECT count(*) FROM audit_rows WHERE action = '{action}' AND actor <> 'nobody'"));
            assert_ne!(count, "0", "{action}");
        }
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn nobody_reaches_above_themselves(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let (slug, first) = (app.tenant(), Person::FIRST.0);
        let admin = app.person("admin@example.org", &slug, "admin").await;
        let member = app.person("member@example.org", &slug, "member").await;
        app.person("other@example.org", &slug, "member").await;
        let stranger = app.stranger().await;
        // The page offers no more than what would be taken.
        let page = admin.get(&members(&app)).await;
        let form = page.form_to(&format!("/members/{}/role", id_of(&app, "other@example.org")));
        assert!(!page.nodes(&format!("[id='role-{}'] option", id_of(&app, "other@example.org"))).iter().any(|node| node.text == "owner"));
        assert!(!page.forms("form").iter().any(|form| form.action.contains(&id_of(&app, first))));
        admin.submit(&form.fill("role", "admin")).await.expect(200);

        for (verb, fields) in [("role", "&role=member"), ("suspend", ""), ("remove", ""), ("sign-out", "")] {
            forces(&app, &admin, first, verb, fields).await.expect(403);
            forces(&app, &member, "other@example.org", verb, fields).await.expect(403);
            assert_eq!(forces(&app, &stranger, "other@example.org", verb, fields).await.status, 404);
        }
        forces(&app, &admin, "other@example.org", "role", "&role=owner").await.expect(403);
        forces(&app, &admin, "admin@example.org", "role", "&role=owner").await.expect(403);
        forces(&app, &admin, "other@example.org", "password-link", "").await.expect(403);
        assert_eq!((role(&app, first), role(&app, "admin@example.org")), ("owner".into(), "admin".into()));
        assert!(ada.is_signed_in().await);
    }

    async fn the_last_owner_stays(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let first = Person::FIRST.0;
        for verb in ["suspend", "remove"] {
            let page = does(&app, &ada, first, verb).await;
            page.expect(409);
            assert!(page.complaint().contains("needs an owner"), "{verb}: {}", page.complaint());
        }
        let page = sets_role(&app, &ada, first, "member").await;
        page.expect(409);
        assert!(page.complaint().contains("needs an owner"), "{}", page.complaint());
        let form = page.form_to(&format!("/members/{}/role", id_of(&app, first)));
        assert_eq!(form.value("role"), Some("member"), "what was chosen is kept");

        // Two owners who remove one another at once: one stays.
        let bob = app.person("bob@example.org", &app.tenant(), "owner").await;
        let ((), ()) = tokio::join!(
            async { forces(&app, &ada, "bob@example.org", "remove", "").await; },
            async { forces(&app, &bob, first, "remove", "").await; }
        );
        assert_eq!(app.query("SELECT count(*) FROM memberships WHERE role = 'owner'"), "1");
    }

    async fn operators_make_and_suspend_tenants(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let page = ada.get("/admin").await;
        page.expect(200);
        let form = page.form_with("button", "Create workspace");
        for (slug, name, words) in [("Not A Slug", "New", "slug"), (app.tenant().as_str(), "New", "already"), ("new", " ", "name")] {
            let page = ada.submit(&form.clone().fill("slug", slug).fill("name", name)).await;
            assert!(page.complaint().contains(words), "{slug}: {}", page.complaint());
            assert_eq!(page.form_with("button", "Create workspace").value("slug"), Some(slug), "what was typed is kept");
        }
        ada.submit(&form.fill("slug", "new").fill("name", "New <b>")).await.expect(200);
        let bob = app.person("bob@example.org", "new", "owner").await;
        let chat = bob.new_conversation("Hello").await;
        chat.settled().await;
        let socket = chat.socket().await;
        let id = app.query("SELECT id FROM tenants WHERE slug = 'new'");

        // Those of a tenant see nothing of the others, and change none.
        let page = bob.get("/admin").await;
        assert!(page.url.path().ends_with(&id), "{}", page.url);
        let csrf = bob.get("/settings").await.csrf();
        for path in ["/admin/tenants".to_owned(), format!("/admin/tenants/{id}/suspend"), format!("/admin/tenants/{id}/rename")] {
            let fields = if path.ends_with("suspend") { "" } else { "&slug=x&name=y" };
            let fields = if path.ends_with("rename") { "&name=y" } else { fields };
            bob.request(Method::POST, &path, Some(format!("csrf={csrf}{fields}")), &[]).await.expect(403);
        }

        let suspend = ada.get("/admin").await.form_to(&format!("{id}/suspend"));
        ada.submit(&suspend).await.expect(200);
        assert_eq!(socket.closed().await, 4401);
        bob.get("/conversations").await.expect(403);
        let page = app.visitor().sign_in("bob@example.org", Person::FIRST.1).await;
        page.expect(403);
        assert!(page.complaint().contains("switched off"), "{}", page.complaint());
        app.visitor().sign_in("bob@example.org", "not the password").await.expect(401);
        let resume = ada.get("/admin").await.form_to(&format!("{id}/resume"));
        ada.submit(&resume).await.expect(200);
        assert!(bob.is_signed_in().await, "sessions are as they were");
        let rename = ada.get("/admin").await.form_to(&format!("{id}/rename")).fill("name", "Newer");
        ada.submit(&rename).await.expect(200);
        assert_eq!(app.query("SELECT name FROM tenants WHERE slug = 'new'"), "Newer");
        // One's own cannot be: it would shut out who suspends it.
        let here = app.query(&format!("SELECT id FROM tenants WHERE slug = '{}'", app.tenant()));
        let csrf = ada.get("/settings").await.csrf();
        let answer = ada.request(Method::POST, &format!("/admin/tenants/{here}/suspend"), Some(format!("csrf={csrf}")), &[]).await;
        answer.expect(409);
    }

    async fn a_person_of_two_tenants_switches(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let bob = app.person("bob@example.org", &app.tenant(), "member").await;
        assert!(bob.get("/conversations").await.find("button", "Switch").is_none(), "there is nowhere to go");
        app.admin(&["create-tenant", "--slug", "second", "--name", "Second"], None);
        app.admin(&["set-role", "--email", "bob@example.org", "--tenant", "second", "--role", "admin"], None);
        let chat = bob.new_conversation("Hello").await;
        chat.settled().await;
        let socket = chat.socket().await;
        let before = bob.copy();
        let page = bob.submit(&bob.get("/conversations").await.form_with("button", "Switch")).await;
        page.expect(200);
        assert!(page.text().contains("Second"), "{}", page.text());
        assert_eq!(socket.closed().await, 4404, "what was open in the other tenant is not there");
        bob.get(&format!("/conversations/{}", chat.id)).await.expect(404);
        assert_ne!(before.cookies(), bob.cookies());
        assert!(!before.is_signed_in().await, "the old key still opens the door");
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'tenant_switched'"), "1");
        // Not to where one has no place.
        app.admin(&["create-tenant", "--slug", "third", "--name", "Third"], None);
        let third = app.query("SELECT id FROM tenants WHERE slug = 'third'");
        let csrf = bob.get("/settings").await.csrf();
        for id in [third.as_str(), "nonsense"] {
            bob.request(Method::POST, "/switch", Some(format!("csrf={csrf}&tenant={id}")), &[]).await.expect(404);
        }
        assert!(bob.is_signed_in().await);
        // The list of sessions shows the one that there is.
        let sessions = bob.get("/settings").await.forms("form").into_iter().filter(|form| form.action.contains("/sessions/")).count();
        eventually("one session", async || (sessions == 0).then_some(())).await;
    }
}
