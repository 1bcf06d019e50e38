//! Who may open `/api/socket`, and why it closes.

use std::time::{Duration, Instant};

use chrono::{SecondsFormat, TimeDelta, Utc};
use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use crate::{
    WISH, both,
    support::{App, Backend, Person, Script, Talk},
};

/// Within how long the end must come, on a busy machine: it is looked for once a second.
const SOON: Duration = Duration::from_secs(5);

/// Makes a token on the settings page.
async fn made(person: &Person, name: &str, scopes: &[&str]) -> String {
    let settings = person.get("/settings").await;
    let form = settings.form_with("button", "Make a token").fill("name", name).fill("lifetime", "30");
    let page = person.submit(&scopes.iter().fold(form, |form, scope| form.forge("scopes", scope))).await;
    page.expect(200);
    page.the("textbox", "Token").attribute("value").to_owned()
}

/// An open socket ends with this code once that was done.
async fn ends(mut talk: Talk, code: u16, done: impl AsyncFnOnce()) {
    talk.was_read().await;
    done().await;
    let since = Instant::now();
    assert_eq!(talk.closed().await, code);
    assert!(since.elapsed() < SOON, "it took {:?}", since.elapsed());
}

async fn member(app: &App, email: &str) -> Script {
    app.person(email, &app.tenant(), "member").await;
    Script::sign_in(&app.base, (email, Person::FIRST.1)).await
}

/// A frame as it stands on the wire.
fn frame(text: &str, opcode: Data, is_final: bool) -> Message {
    Message::Frame(Frame::message(text.as_bytes().to_vec(), OpCode::Data(opcode), is_final))
}

both! {
    async fn who_is_nobody_any_more_is_closed_with_4401(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        ends(Talk::of(&script, "").await, 4401, async || {
            script.post("/api/auth/logout", &json!({}), &[]).await;
        })
        .await;
        // Whoever comes without anything good is told so in the same way.
        assert_eq!(Talk::of(&script, "").await.closed().await, 4401);
        assert_eq!(Talk::of(&Script::with_token(&app.base, "sayso_wrong"), "").await.closed().await, 4401);

        let bob = member(&app, "bob@example.org").await;
        ends(Talk::of(&bob, "").await, 4401, async || {
            app.admin(&["disable-user", "--email", "bob@example.org"], None);
        })
        .await;
        app.person("cleo@example.org", &app.tenant(), "admin").await;
        let cleo = Script::sign_in(&app.base, ("cleo@example.org", Person::FIRST.1)).await;
        ends(Talk::of(&cleo, "").await, 4401, async || {
            app.admin(&["set-role", "--email", "cleo@example.org", "--tenant", &app.tenant(), "--role", "member"], None);
        })
        .await;

        let token = Script::with_token(&app.base, &made(&person, "Bot", &["chat"]).await);
        ends(Talk::of(&token, "").await, 4401, async || {
            let settings = person.get("/settings").await;
            person.submit(&settings.form_with("button", "Revoke Bot")).await.expect(200);
        })
        .await;
        let token = Script::with_token(&app.base, &made(&person, "Brief", &["chat"]).await);
        let end = Utc::now() + TimeDelta::seconds(4);
        let end = end.to_rfc3339_opts(SecondsFormat::Micros, true);
        app.query(&format!("UPDATE api_tokens SET expires_at = '{end}'"));
        ends(Talk::of(&token, "").await, 4401, async || {}).await;

        let cookie = person.cookie_header();
        let talk = Talk::with(&app.base, "/api/socket", &[("cookie", &cookie), ("origin", &app.base)]).await.unwrap();
        ends(talk, 4401, async || {
            person.sign_out().await;
        })
        .await;
        let talk = Talk::with(&app.base, "/api/socket", &[("origin", &app.base)]).await.unwrap();
        assert_eq!(talk.closed().await, 4401);
    }

    async fn what_is_not_there_closes_with_4404(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let events = script.say("/api/chat", "Hello", &[]).await.all().await;
        let said = script.get("/api/session").await.expect(200).json();
        let id = said["conversation"]["id"].as_str().unwrap();
        app.stranger().await;
        let eve = Script::sign_in(&app.base, ("eve@example.org", Person::FIRST.1)).await;
        let colleague = member(&app, "bob@example.org").await;
        for other in [&eve, &colleague] {
            assert_eq!(Talk::of(other, &format!("?conversation={id}")).await.closed().await, 4404);
            let own = other.post("/api/chat", &json!({"message": "Mine"}), &[]).await.expect(200).json();
            let own = own["conversation_id"].as_str().unwrap();
            let place = &events[0].id;
            assert_eq!(Talk::of(other, &format!("?conversation={own}&after={place}")).await.closed().await, 4404);
        }
        for nowhere in ["x", "01900000-0000-7000-8000-000000000000"] {
            assert_eq!(Talk::of(&script, &format!("?conversation={nowhere}")).await.closed().await, 4404);
        }
        ends(Talk::of(&script, &format!("?conversation={id}")).await, 4404, async || {
            script.call(Method::DELETE, &format!("/api/conversations/{id}"), None, &[]).await;
        })
        .await;
    }

    async fn a_foreign_request_is_not_decided(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let asked = script.say("/api/chat", WISH, &[]).await.until("tool_request").await.pop().unwrap().data;
        app.stranger().await;
        let eve = Script::sign_in(&app.base, ("eve@example.org", Person::FIRST.1)).await;
        for other in [eve, member(&app, "bob@example.org").await] {
            let mut talk = Talk::of(&other, "").await;
            let yes = json!({"type": "tool_approval", "tool_use_id": asked["id"], "approved": true, "digest": asked["digest"]});
            talk.send(&yes).await;
            assert_eq!(talk.hears("error").await["detail"], "not_found");
        }
        assert_eq!(app.query("SELECT state FROM tool_calls"), "pending");
        assert_eq!(app.file("notes/hello.txt"), None);
    }

    async fn tokens_do_what_they_were_made_for(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = Script::with_token(&app.base, &made(&person, "Chat", &["chat"]).await);
        let decide = Script::with_token(&app.base, &made(&person, "Both", &["chat", "decide"]).await);
        let other = made(&person, "Read", &["admin-read"]).await;
        let bearer = format!("Bearer {other}");
        assert_eq!(Talk::with(&app.base, "/api/socket", &[("authorization", &bearer)]).await.err(), Some(403));
        let mut talk = Talk::of(&chat, "").await;
        talk.send(&json!({"type": "user_message", "text": WISH})).await;
        let asked = talk.hears("tool_request").await;
        talk.hears("assistant_message_completed").await;
        let conversation = talk.hears("session_created").await["session_id"].as_str().unwrap().to_owned();
        let mut yes = json!({"type": "tool_approval", "tool_use_id": asked["id"], "approved": true});
        for digest in [None, Some(&asked["digest"])] {
            talk.forget();
            if let Some(digest) = digest {
                yes["digest"] = digest.clone();
            }
            talk.send(&yes).await;
            assert_eq!(talk.hears("error").await["detail"], "forbidden");
        }
        assert_eq!((app.file("notes/hello.txt"), app.query("SELECT state FROM tool_calls")), (None, "pending".into()));
        let mut talk = Talk::of(&decide, &format!("?conversation={conversation}")).await;
        talk.hears("tool_request").await;
        yes.as_object_mut().unwrap().remove("digest");
        talk.send(&yes).await;
        talk.at_rest().await;
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    }

    async fn a_token_comes_in_each_of_its_places_and_never_into_the_log(backend) {
        let settings = [("LOG_LEVEL", "debug"), ("WS_ALLOWED_ORIGINS", "https://app.example")];
        let (app, person) = App::ready(backend, &settings).await;
        let script = Script::first(&app.base).await;
        let token = &script.token;
        let bearer = format!("Bearer {token}");
        let offered = format!("bearer, {token}");
        let in_query = format!("/api/socket?token={token}");
        for (path, headers, protocol) in [
            ("/api/socket", vec![("authorization", bearer.as_str())], None),
            ("/api/socket", vec![("sec-websocket-protocol", offered.as_str())], Some("bearer")),
            (in_query.as_str(), vec![], None),
        ] {
            let mut talk = Talk::with(&app.base, path, &headers).await.unwrap();
            assert_eq!(talk.protocol.as_deref(), protocol);
            talk.send(&json!({"type": "user_message", "text": "Hello"})).await;
            talk.at_rest().await;
            // A page of somebody else's is let in only if the operator named it.
            for (origin, status) in [("https://app.example", None), ("https://evil.example", Some(403)), ("null", Some(403))] {
                let headers = [&headers[..], &[("origin", origin)]].concat();
                assert_eq!(Talk::with(&app.base, path, &headers).await.err(), status, "{origin}");
            }
        }
        // One name with a blank in it, as the contract takes it too; libraries do not let it pass.
        let answer = handshake(&app.base, "/api/socket", &format!("Sec-WebSocket-Protocol: Bearer {token}\r\n")).await.0;
        assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
        assert!(answer.to_lowercase().contains(&format!("sec-websocket-protocol: bearer {}\r\n", token.to_lowercase())));
        // What may be good for ever has no business in an address.
        let forever = made(&person, "Bot", &["chat"]).await;
        let talk = Talk::with(&app.base, &format!("/api/socket?token={forever}"), &[]).await.unwrap();
        assert_eq!(talk.closed().await, 4401);
        // A cookie counts on our own pages alone.
        let cookie = person.cookie_header();
        for origin in ["https://app.example", "https://evil.example", "null", ""] {
            let headers = [("cookie", cookie.as_str()), ("origin", origin)];
            assert_eq!(Talk::with(&app.base, "/api/socket", &headers).await.err(), Some(403), "{origin}");
        }
        assert_eq!(Talk::with(&app.base, "/api/socket", &[("cookie", &cookie)]).await.err(), Some(403));
        let mut own = Talk::with(&app.base, "/api/socket", &[("cookie", &cookie), ("origin", &app.base)]).await.unwrap();
        own.was_read().await;
        assert!(own.is_open());
        let logs = app.logs();
        assert!(logs.iter().any(|line| line.contains("/api/socket")), "nothing was logged of it");
        for secret in [token, &forever] {
            let leak = logs.iter().find(|line| line.contains(secret.as_str()));
            assert!(leak.is_none(), "{leak:?}");
        }
    }

    async fn what_is_no_handshake_is_refused(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        assert_eq!(script.get("/api/socket").await.code(), (422, "invalid_payload".into()));
        assert_eq!(script.post("/api/socket", &json!({}), &[]).await.code(), (405, "method_not_allowed".into()));
        let bearer = format!("Bearer {}", script.token);
        for query in ["?after=x", "?after=01900000-0000-7000-8000-000000000000:0:0", "?conversation=x&after=1:2"] {
            let path = format!("/api/socket{query}");
            let answer = Talk::with(&app.base, &path, &[("authorization", &bearer)]).await.err();
            assert_eq!(answer, Some(422), "{query}");
        }
    }

    async fn frames_have_a_bound_also_in_fragments(backend) {
        let (app, _) = App::ready(backend, &[("JSON_LIMIT", "2kb")]).await;
        let script = Script::first(&app.base).await;
        let long = "a".repeat(3000);
        let mut talk = Talk::of(&script, "").await;
        talk.send(&json!({"type": "user_message", "text": long})).await;
        assert_eq!(talk.closed().await, 1009);
        let mut talk = Talk::of(&script, "").await;
        let part = "a".repeat(800);
        talk.send_frame(frame(&part, Data::Text, false)).await;
        for _ in 0..2 {
            talk.send_frame(frame(&part, Data::Continue, false)).await;
        }
        assert_eq!(talk.closed().await, 1009);
        // What fits is one message.
        let mut talk = Talk::of(&script, "").await;
        let (first, rest) = r#"{"type":"user_message","text":"Hello"}"#.split_at(20);
        talk.send_frame(frame(first, Data::Text, false)).await;
        talk.send_frame(Message::Ping(b"between".as_slice().into())).await;
        for letter in rest.chars() {
            talk.send_frame(frame(&letter.to_string(), Data::Continue, false)).await;
        }
        talk.send_frame(frame("", Data::Continue, true)).await;
        talk.at_rest().await;
        // Rules of the protocol that are broken have codes of the protocol.
        let mut talk = Talk::of(&script, "").await;
        talk.send_frame(frame("a", Data::Continue, true)).await;
        assert_eq!(talk.closed().await, 1002);
    }

    async fn a_stop_of_the_server_says_that_it_comes_back(backend) {
        let (mut app, _) = App::ready(backend, &[]).await;
        let script = Script::first(&app.base).await;
        let mut talk = Talk::of(&script, "").await;
        talk.was_read().await;
        assert_eq!(app.stop(), Some(0));
        assert_eq!(talk.closed().await, 1001);
        assert_eq!(talk.messages(), [json!({"type": "status_update", "reconnecting": true})]);
        app.launch();
        Talk::of(&script, "").await.was_read().await;
    }
}

/// A handshake by hand; the head of its answer, and the connection.
async fn handshake(base: &str, path: &str, headers: &str) -> (String, TcpStream) {
    let host = base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    (String::from_utf8(head).unwrap(), stream)
}

/// A ping comes every 20 seconds; after two that nobody answers the connection ends.
#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_let_go() {
    let (app, _) = App::ready(Backend::Sqlite, &[]).await;
    let script = Script::first(&app.base).await;
    let authorization = format!("Authorization: Bearer {}\r\n", script.token);
    let (_, mut stream) = handshake(&app.base, "/api/socket", &authorization).await;
    let begun = Instant::now();
    let mut came = Vec::new();
    let all = tokio::time::timeout(Duration::from_secs(90), stream.read_to_end(&mut came)).await;
    all.expect("the server ends the connection").unwrap();
    assert_eq!(came, [0x89, 0, 0x89, 0]);
    assert!(begun.elapsed() >= Duration::from_secs(59), "after {:?}", begun.elapsed());
}
