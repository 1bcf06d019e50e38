//! The first account.

use crate::{
    both,
    support::{App, Backend, Person},
};

both! {
    async fn the_link_makes_one_account_once(backend) {
        let mut app = App::start(backend).await;
        let link = app.setup_link();
        assert!(link.starts_with("http://localhost:"), "{link}");
        let person = app.setup().await;
        assert!(person.is_signed_in().await, "who sets up is signed in");
        assert_eq!(app.query("SELECT count(*) FROM users"), "1");

        let late = app.visitor();
        let page = late.get(&link).await;
        assert!((400..500).contains(&page.status), "a used link answers {}", page.status);
        assert!(page.find("button", "Create account").is_none(), "a used link still offers an account");
    }

    async fn the_form_itself_counts_once(backend) {
        let mut app = App::start(backend).await;
        let link = app.setup_link();
        // Two people have the form open; the second to send it is too late.
        let (first, second) = (app.visitor(), app.visitor());
        let fill = |email: &str, form: crate::support::page::Form| {
            form.fill("name", "Ada").fill("email", email).fill("password", Person::FIRST.1).fill("workspace", "Works")
        };
        let form = fill("one@example.org", first.get(&link).await.form_with("button", "Create account"));
        let other = fill("two@example.org", second.get(&link).await.form_with("button", "Create account"));
        let (one, two) = tokio::join!(first.submit(&form), second.submit(&other));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert!(statuses[0] == 200 && (400..500).contains(&statuses[1]), "{statuses:?}");
        assert_eq!(app.query("SELECT count(*) FROM users"), "1");
    }

    async fn a_wrong_token_makes_nothing(backend) {
        let mut app = App::start(backend).await;
        let link = app.setup_link();
        for wrong in ["/setup?token=0000000000000000000000000000000000000000000", "/setup?token=", "/setup"] {
            let page = app.visitor().get(wrong).await;
            assert!((400..500).contains(&page.status), "{wrong} answers {}", page.status);
            assert!(page.find("button", "Create account").is_none(), "{wrong} offers an account");
        }
        let changed = link.replace("token=", "token=x");
        assert!((400..500).contains(&app.visitor().get(&changed).await.status));
        assert_eq!(app.query("SELECT count(*) FROM users"), "0");
        app.setup().await;
    }

    async fn the_link_is_printed_again_until_it_is_used(backend) {
        let mut app = App::start(backend).await;
        app.setup_link();
        app.restart();
        app.setup().await;
        app.restart();
        let page = app.visitor().get("/").await;
        assert!(page.url.path().ends_with("/login"), "an installation with an account leads to {}", page.url);
    }

    async fn before_there_is_an_account_the_login_page_says_where_to_look(backend) {
        let mut app = App::start(backend).await;
        let link = app.setup_link();
        let page = app.visitor().get("/login").await;
        page.expect(200);
        let token = link.split("token=").nth(1).unwrap();
        assert!(!page.html.contains(token), "the link is shown to whoever comes");
        let first = page.text();
        app.setup().await;
        assert_ne!(app.visitor().get("/login").await.text(), first, "it says so with an account, too");
    }

    async fn bad_fields_are_named_and_what_was_typed_stays(backend) {
        let mut app = App::start(backend).await;
        let link = app.setup_link();
        let person = app.visitor();
        let good = person.get(&link).await.form_with("button", "Create account")
            .fill("name", "Ada").fill("email", "ada@example.org").fill("password", Person::FIRST.1).fill("workspace", "Works");
        for (field, bad) in [("email", "no address"), ("email", ""), ("password", "short"), ("password", ""), ("name", ""), ("workspace", "")] {
            let page = person.submit(&good.clone().fill(field, bad)).await;
            assert!((400..500).contains(&page.status), "{field}=“{bad}” answers {}", page.status);
            assert!(!page.complaint().is_empty(), "nothing is said of {field}=“{bad}”");
            let again = page.form_with("button", "Create account");
            if field != "name" {
                assert_eq!(again.value("name"), Some("Ada"), "the name is lost");
            }
            assert_eq!(again.value("password").unwrap_or_default(), "", "the password is sent back");
        }
        assert_eq!(app.query("SELECT count(*) FROM users"), "0");
        person.submit(&good).await.expect(200);
    }
}

/// bcrypt ends at 72 bytes; a password does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_password_counts_to_its_end() {
    let mut app = App::start(Backend::Sqlite).await;
    let long = format!("{}end", "ä".repeat(50));
    let person = app.visitor();
    let form = person.get(&app.setup_link()).await.form_with("button", "Create account");
    let form = form.fill("name", "Ada").fill("email", "ada@example.org").fill("workspace", "Works");
    let page = person.submit(&form.fill("password", &long)).await;
    if page.status != 200 {
        // Refusing is honest, cutting is not.
        assert!((400..500).contains(&page.status) && !page.complaint().is_empty(), "{}", page.status);
        return;
    }
    let other = app.visitor();
    assert_eq!(other.sign_in("ada@example.org", &long.replace("end", "eng")).await.status, 401);
    other.sign_in("ada@example.org", &long).await.expect(200);
    assert!(other.is_signed_in().await);
}
