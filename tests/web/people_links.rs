//! Links that bring people in: invitations, and new passwords.

use crate::{
    both,
    people::{id_of, members},
    support::{App, Page, Person},
};

/// Invites by the form; what came of it.
async fn invites(app: &App, who: &Person, email: &str, role: &str) -> Page {
    let page = who.get(&members(app)).await;
    page.expect(200);
    who.submit(&page.form_with("button", "Invite").fill("email", email).fill("role", role)).await
}

fn link(page: &Page) -> String {
    page.expect(200);
    page.nodes("#link").first().expect("the link is shown").attribute("value").to_owned()
}

/// Follows a link whatever name of this machine it has.
fn path(link: &str) -> String {
    link.split_once("://").unwrap().1.split_once('/').map(|(_, path)| format!("/{path}")).unwrap()
}

async fn joins(app: &App, link: &str, name: &str) -> (Person, Page) {
    let person = app.visitor();
    let page = person.get(&path(link)).await;
    page.expect(200);
    let form = page.form_with("button", "Join").fill("name", name).fill("password", Person::FIRST.1);
    let page = person.submit(&form).await;
    (person, page)
}

both! {
    async fn somebody_new_comes_in_once(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let made = link(&invites(&app, &ada, " New@Example.org ", "admin").await);
        let token = made.rsplit('/').next().unwrap();
        assert!(!app.query("SELECT * FROM invitations").contains(token), "the table holds the link");
        assert!(!ada.get(&members(&app)).await.html.contains(token), "the link is shown twice");
        // Looking uses nothing up; what is wrong is said beside its field, and the name is kept.
        let visitor = app.visitor();
        let page = visitor.get(&path(&made)).await;
        assert!(page.text().contains("Test Works") && page.text().contains("new@example.org") && page.text().contains("Ada Lovelace"));
        let form = page.form_with("button", "Join").fill("name", "Nia <b>").fill("password", "short");
        let page = visitor.submit(&form).await;
        page.expect(422);
        assert!(page.complaint().contains("at least 8"), "{}", page.complaint());
        assert_eq!(page.form_with("button", "Join").value("name"), Some("Nia <b>"));

        // Of two at once one comes in.
        let ((one, first), (other, second)) = tokio::join!(joins(&app, &made, "Nia"), joins(&app, &made, "Mia"));
        let inside = [one.is_signed_in().await, other.is_signed_in().await];
        assert_eq!(inside.iter().filter(|is_in| **is_in).count(), 1, "{} {}", first.text(), second.text());
        assert_eq!(app.query("SELECT role FROM memberships m JOIN users u ON u.id = m.user_id WHERE email = 'new@example.org'"), "admin");
        let late = app.visitor().get(&path(&made)).await;
        late.expect(404);
        assert!(late.text().contains("used already"), "{}", late.text());
        let nobody = app.visitor().get("/invitations/nonsense").await;
        nobody.expect(404);
        assert!(nobody.text().contains("no such invitation"), "{}", nobody.text());
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn an_account_signs_in_and_is_given_no_password(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let eve = app.stranger().await;
        let hash = app.query("SELECT password_hash FROM users WHERE email = 'eve@example.org'");
        let made = link(&invites(&app, &ada, "eve@example.org", "member").await);
        let visitor = app.visitor();
        let page = visitor.get(&path(&made)).await;
        let form = page.form_with("button", "Join");
        assert_eq!(form.value("name"), None, "an account has its name");
        let page = visitor.submit(&form.clone().fill("password", "a password of their own")).await;
        page.expect(401);
        assert!(page.complaint().contains("not the password"), "{}", page.complaint());
        // Somebody else who is signed in is not let in by their own account.
        let bob = app.person("bob@example.org", "elsewhere", "member").await;
        assert!(bob.get(&path(&made)).await.form_with("button", "Join").value("password").is_some());
        // Who is signed in with the account only says yes.
        let page = eve.get(&path(&made)).await;
        let form = page.form_with("button", "Join");
        assert_eq!(form.value("password"), None);
        let page = eve.submit(&form).await;
        page.expect(200);
        assert!(page.text().contains("Test Works"), "{}", page.text());
        assert_eq!(app.query("SELECT password_hash FROM users WHERE email = 'eve@example.org'"), hash);
        assert_eq!(app.query(&format!("SELECT count(*) FROM memberships WHERE user_id = '{}'", id_of(&app, "eve@example.org"))), "2");
    }

    async fn a_link_is_void_when_its_time_or_its_maker_is_gone(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let says = async |link: &str, words: &str| {
            let page = app.visitor().get(&path(link)).await;
            page.expect(404);
            assert!(page.text().contains(words), "{}", page.text());
        };
        let admin = app.person("admin@example.org", &app.tenant(), "admin").await;
        let made = link(&invites(&app, &admin, "one@example.org", "admin").await);
        let set = |role| app.admin(&["set-role", "--email", "admin@example.org", "--tenant", &app.tenant(), "--role", role], None);
        set("member");
        says(&made, "does not hold any more").await;
        // It does not come alive again with the role.
        set("admin");
        says(&made, "does not hold any more").await;
        admin.sign_in("admin@example.org", Person::FIRST.1).await.expect(200);
        let made = link(&invites(&app, &admin, "one@example.org", "admin").await);
        app.admin(&["suspend-user", "--email", "admin@example.org", "--tenant", &app.tenant()], None);
        says(&made, "does not hold any more").await;

        // Renewed, the old link is none.
        let made = link(&invites(&app, &ada, "one@example.org", "admin").await);
        let page = ada.get(&members(&app)).await;
        let again = link(&ada.submit(&page.form_with("button", "New link for one@example.org")).await);
        says(&made, "no such invitation").await;
        app.visitor().get(&path(&again)).await.expect(200);
        app.query("UPDATE invitations SET expires_at = created_at");
        says(&again, "has expired").await;
        assert!(ada.get(&members(&app)).await.text().contains("Expired"));
        let page = ada.get(&members(&app)).await;
        let third = link(&ada.submit(&page.form_with("button", "New link for one@example.org")).await);
        let page = ada.get(&members(&app)).await;
        ada.submit(&page.form_with("button", "Revoke the invitation of one@example.org")).await.expect(200);
        says(&third, "does not hold any more").await;
    }

    async fn what_cannot_be_invited_is_said_beside_the_field(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let admin = app.person("admin@example.org", &app.tenant(), "admin").await;
        link(&invites(&app, &ada, "new@example.org", "member").await);
        for (email, words, status) in [
            ("nonsense", "email address", 422),
            ("new@example.org", "invited already", 409),
            ("ADMIN@example.org", "in the workspace already", 409),
        ] {
            let page = invites(&app, &ada, email, "member").await;
            page.expect(status);
            assert!(page.complaint().contains(words), "{email}: {}", page.complaint());
            assert_eq!(page.form_with("button", "Invite").value("email"), Some(email), "what was typed is kept");
        }
        // An admin makes no owners, and nobody makes guests.
        for (role, status) in [("owner", 403), ("guest", 422)] {
            let page = admin.get(&members(&app)).await;
            let form = page.form_with("button", "Invite").without("role").forge("role", role).fill("email", "x@example.org");
            admin.submit(&form).await.expect(status);
        }
        assert_eq!(app.query("SELECT count(*) FROM invitations"), "1");
    }

    async fn a_forgotten_password_is_chosen_anew_by_an_operators_link(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        let bob = app.person("bob@example.org", &app.tenant(), "member").await;
        let page = ada.get(&members(&app)).await;
        let form = page.form_to(&format!("/members/{}/password-link", id_of(&app, "bob@example.org")));
        let first = link(&ada.submit(&form).await);
        let second = link(&ada.submit(&form).await);
        app.visitor().get(&path(&first)).await.expect(404);
        assert!(bob.is_signed_in().await, "a link alone changes nothing");
        let visitor = app.visitor();
        let form = visitor.get(&path(&second)).await.form_with("button", "Set password");
        visitor.submit(&form.clone().fill("password", "short")).await.expect(422);
        let page = visitor.submit(&form.clone().fill("password", "a new one altogether")).await;
        page.expect(200);
        assert!(page.url.path().ends_with("/login"), "{}", page.url);
        assert!(!bob.is_signed_in().await, "what was open ends");
        bob.sign_in("bob@example.org", Person::FIRST.1).await.expect(401);
        bob.sign_in("bob@example.org", "a new one altogether").await.expect(200);
        visitor.submit(&form.fill("password", "yet another one")).await.expect(404);
        assert!(!app.logs().iter().any(|line| line.contains(second.rsplit('/').next().unwrap())), "the log holds the link");
    }
}
