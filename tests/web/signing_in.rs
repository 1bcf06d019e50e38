//! Signing in and out, and what a session is.

use std::time::{Duration, Instant};

use reqwest::Method;

use crate::{
    both,
    support::{App, Backend, Person, Replay, Reply, eventually},
};

const NOT_THE_PASSWORD: &str = "not the password at all";

both! {
    async fn in_and_out(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let person = app.visitor();
        assert!(!person.is_signed_in().await);
        let page = person.sign_in(Person::FIRST.0, Person::FIRST.1).await;
        page.expect(200);
        assert!(page.url.path().ends_with("/conversations"), "signing in leads to {}", page.url);
        assert!(person.is_signed_in().await);

        let old = person.copy();
        person.sign_out().await;
        assert!(!person.is_signed_in().await);
        assert!(!old.is_signed_in().await, "the old cookie still opens the door");
    }

    async fn a_wrong_password_and_an_unknown_address_look_the_same(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let wrong = app.visitor().sign_in(Person::FIRST.0, NOT_THE_PASSWORD).await;
        let unknown = app.visitor().sign_in("nobody@example.org", NOT_THE_PASSWORD).await;
        wrong.expect(401);
        unknown.expect(401);
        assert!(!wrong.complaint().is_empty(), "nothing is said:\n{}", wrong.text());
        assert_eq!(wrong.complaint(), unknown.complaint());
        let form = wrong.form_with("button", "Sign in");
        assert_eq!(form.value("email"), Some(Person::FIRST.0), "the address is lost");
        assert_eq!(form.value("password").unwrap_or_default(), "", "the password is sent back");
    }

    async fn the_session_is_another_one_after_signing_in(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let person = app.visitor();
        person.get("/login").await;
        let before = person.copy();
        person.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
        assert_ne!(before.cookies(), person.cookies(), "the cookie of a visitor became that of a person");
        assert!(!before.is_signed_in().await, "the visitor's cookie is signed in");
    }

    async fn the_cookie_is_out_of_reach(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let person = app.visitor();
        let form = person.get("/login").await.form_with("button", "Sign in");
        let form = form.fill("email", Person::FIRST.0).fill("password", Person::FIRST.1);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
        let page = person.request(Method::POST, &form.action, Some(body), &[]).await;
        assert_eq!(page.status, 303);
        let cookies: Vec<_> = page.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap().to_owned()).collect();
        assert!(!cookies.is_empty(), "signing in sets no cookie");
        for cookie in cookies {
            let attributes: Vec<_> = cookie.split(';').skip(1).map(|part| part.trim().to_lowercase()).collect();
            for wanted in ["httponly", "samesite=lax", "path=/"] {
                assert!(attributes.iter().any(|attribute| attribute == wanted), "{cookie} lacks {wanted}");
            }
            assert!(!attributes.contains(&"secure".to_owned()), "{cookie}: a Secure cookie over plain http://localhost");
            assert!(!attributes.iter().any(|attribute| attribute.starts_with("domain=")), "{cookie}");
        }
    }

    async fn sessions_are_listed_and_ended(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let lost = person.second_device();
        lost.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
        let ends = async || {
            let settings = person.get("/settings").await;
            settings.expect(200);
            settings.forms("form").into_iter().filter(|form| form.action.contains("/sessions")).collect::<Vec<_>>()
        };
        let listed = ends().await;
        assert!(!listed.is_empty(), "the settings end no session");
        for form in listed {
            person.submit(&form).await;
            if !lost.is_signed_in().await {
                break;
            }
            if !person.is_signed_in().await {
                // It was one's own; the other one is still there to be ended.
                person.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
            }
        }
        assert!(!lost.is_signed_in().await, "the other session was not ended");
        let before = ends().await.len();
        lost.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
        assert_eq!(ends().await.len(), before + 1, "a new session is not listed");
    }

    async fn an_ended_session_leads_back_to_where_one_was(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Hello").await;
        chat.settled().await;
        let form = chat.page().await.composer().fill("message", "Typed for an hour & “more” <b>");
        app.query("DELETE FROM sessions WHERE user_id IS NOT NULL");

        let page = person.submit(&form).await;
        page.expect(200);
        assert!(page.url.path().ends_with("/login"), "an ended session leads to {}", page.url);
        let next = page.url.query_pairs().find(|(key, _)| key == "next").expect("the login page knows where one was").1.into_owned();
        assert!(next.starts_with(&format!("/conversations/{}", chat.id)), "next={next}");

        let page = person.sign_in_at(&page, Person::FIRST.0, Person::FIRST.1).await;
        page.expect(200);
        assert_eq!(page.conversation(), chat.id, "signing in leads to {}", page.url);
        assert_eq!(page.typed(), "Typed for an hour & “more” <b>", "what was typed is lost");
        assert_eq!(page.said_by("user").len(), 1, "it was sent unasked");
    }

    async fn next_leads_nowhere_else(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        for bad in ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "/%0d%0aX-Evil:1"] {
            let person = app.visitor();
            let next: String = url::form_urlencoded::byte_serialize(bad.as_bytes()).collect();
            let page = person.get(&format!("/login?next={next}")).await;
            let form = page.form_with("button", "Sign in").fill("email", Person::FIRST.0).fill("password", Person::FIRST.1);
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
            let answer = person.request(Method::POST, &form.action, Some(body), &[]).await;
            let to = answer.url.join(answer.header("location").unwrap_or("/")).unwrap();
            assert_eq!(to.origin(), answer.url.origin(), "next={bad} leads to {to}");
            assert!(answer.header("x-evil").is_none());
        }
    }

    async fn guessing_is_slowed_down(backend) {
        let (app, _) = App::ready(backend, &[("RATE_LOGIN", "3/min")]).await;
        let guesser = app.visitor();
        let page = guesser.get("/login").await;
        let mut statuses = Vec::new();
        for _ in 0..5 {
            statuses.push(guesser.sign_in_at(&page, Person::FIRST.0, NOT_THE_PASSWORD).await.status);
        }
        assert_eq!(statuses, [401, 401, 401, 429, 429]);
        let refused = guesser.sign_in_at(&page, Person::FIRST.0, Person::FIRST.1).await;
        refused.expect(429);
        let wait: u64 = refused.header("retry-after").expect("Retry-After").parse().unwrap();
        assert!((1..=60).contains(&wait), "Retry-After: {wait}");
        assert!(!refused.complaint().is_empty(), "nothing is said");
    }
}

/// A person that does not exist must cost as much time as one that does; the first of each warms up.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_takes_as_long() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let visitor = app.visitor();
    let page = visitor.get("/login").await;
    let time = async |email: &str| {
        let start = Instant::now();
        visitor.sign_in_at(&page, email, NOT_THE_PASSWORD).await.expect(401);
        start.elapsed()
    };
    // By turns, so that whatever else the machine does touches both; without a hash it would be fifty times faster.
    let (mut known, mut unknown) = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        known = known.min(time(Person::FIRST.0).await);
        unknown = unknown.min(time("nobody@example.org").await);
    }
    assert!(unknown * 4 > known && known * 4 > unknown, "known: {known:?}, unknown: {unknown:?}");
}

/// Ending a session closes what it has open, within a second or so.
#[tokio::test(flavor = "multi_thread")]
async fn signing_out_closes_the_socket() {
    let (_app, person) = App::ready(Backend::Sqlite, &[]).await;
    let chat = person.new_conversation("Hello").await;
    chat.settled().await;
    let socket = chat.socket().await;
    let start = Instant::now();
    person.sign_out().await;
    assert_eq!(socket.closed().await, 4401);
    assert!(start.elapsed() < Duration::from_secs(3), "it took {:?}", start.elapsed());
    // Someone who is not signed in is let in to be told so.
    let late = chat.socket().await;
    assert_eq!(late.closed().await, 4401);
}

/// What somebody who was suspended had running is stopped, wherever it runs.
#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_persons_turn_is_stopped() {
    let text = vec!["word"; 2000].join(" ");
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let (app, _) = App::ready(Backend::Sqlite, &replay.settings("anthropic/long@delay=50ms")).await;
    let person = app.person("bob@example.org", &app.tenant(), "member").await;
    let chat = person.new_conversation("Tell me much").await;
    chat.until("some of the reply", |page| page.replies().len() > 40).await;
    app.admin(&["disable-user", "--email", "bob@example.org"], None);
    let state = format!("SELECT state FROM turns WHERE conversation_id = '{}'", chat.id);
    eventually("the turn is stopped", async || (app.query(&state) == "stopped").then_some(())).await;
    eventually("the model is left alone", async || replay.was_left().then_some(())).await;
}

/// The command line disables a person while the server runs.
#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_person_is_out_at_once() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let person = app.person("bob@example.org", &app.tenant(), "member").await;
    let chat = person.new_conversation("Hello").await;
    chat.settled().await;
    let socket = chat.socket().await;
    app.admin(&["disable-user", "--email", "bob@example.org"], None);
    assert_eq!(socket.closed().await, 4401);
    eventually("the disabled person is signed out", async || (!person.is_signed_in().await).then_some(())).await;
    person.sign_in("bob@example.org", Person::FIRST.1).await.expect(401);
}
