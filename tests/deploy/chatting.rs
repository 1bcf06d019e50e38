//! Sign in, chat, approve, stream and upload through nginx, at the root of a host and below a path.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    WISH, behind, long_text,
    support::{Person, Replay, Reply, Script, SentEvent, Talk, letters, multipart, pictures},
};

/// Makes one test for the root of a host and one for below a path.
macro_rules! at_each_place {
    ($($(#[$meta:meta])* async fn $name:ident($path:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn body($path: &str) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn at_the_root() {
                body("").await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn below_a_path() {
                body("/team/chat").await;
            }
        }
    )+};
}

/// A token that the person makes.
async fn token(person: &Person, scope: &str) -> String {
    let page = person.get("/settings").await;
    let form = page.form_with("button", "Make a token").fill("name", "Editor").fill("lifetime", "30");
    let page = person.submit(&form.forge("scopes", scope)).await;
    page.expect(200);
    page.the("textbox", "Token").attribute("value").to_owned()
}

/// How the turn of a conversation stands.
async fn turn(script: &Script, conversation: &str) -> Value {
    script.get(&format!("/api/conversations/{conversation}")).await.expect(200).json()["turn"]["state"].clone()
}

at_each_place! {
    /// By plain forms, with every redirect and every asset of the pages.
    async fn signing_in_and_approving(path) {
        let (app, front, _nginx, ada) = behind(path, &[]).await;
        let there = ada.second_device();
        let page = there.get("/").await;
        assert!(page.url.as_str().starts_with(&format!("{}/login", front.base())), "{}", page.url);
        there.sign_in(Person::FIRST.0, Person::FIRST.1).await.expect(200);
        let chat = there.new_conversation(WISH).await;
        let socket = chat.socket().await;
        chat.approvals(1).await;
        let page = chat.approve().await;
        page.expect(200);
        assert!(page.url.as_str().starts_with(&format!("{}/conversations/{}", front.base(), chat.id)), "{}", page.url);
        socket.hears("succeeded").await;
        assert_eq!(chat.settled().await.turn(), "completed");
        assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));

        let page = chat.page().await;
        let assets: Vec<String> = page
            .nodes("link[rel=stylesheet], script[src]")
            .iter()
            .map(|node| format!("{}{}", node.attribute("href"), node.attribute("src")))
            .collect();
        assert!(assets.len() > 3, "{assets:?}");
        for asset in assets {
            assert!(asset.starts_with(&format!("{path}/assets/")), "{asset} is not below {path}");
            let (answer, bytes) = there.bytes(&asset, &[("accept-encoding", "br")]).await;
            answer.expect(200);
            assert!(!bytes.is_empty());
            // Packed once, by Sayso.
            assert_eq!(answer.headers.get_all("content-encoding").iter().count(), 1, "{asset}");
            assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        }
        // What holds tokens is not packed.
        let (answer, _) = there.bytes(&format!("/conversations/{}", chat.id), &[("accept-encoding", "gzip, br")]).await;
        assert_eq!(answer.header("content-encoding"), None);
        let page = there.sign_out().await;
        assert!(page.url.as_str().starts_with(&format!("{}/login", front.base())), "{}", page.url);
    }

    /// The first words are here while the last are not made yet.
    async fn the_page_follows_a_reply(path) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (_app, _front, _nginx, ada) = behind(path, &replay.settings("anthropic/long@delay=30ms")).await;
        let chat = ada.new_conversation("Tell me much").await;
        let socket = chat.socket().await;
        socket.hears("word20").await;
        assert!(!socket.frames().concat().contains("word399"), "it was held back");
        assert_eq!(chat.page().await.turn(), "running");
        socket.hears("word399").await;
        let page = chat.settled().await;
        assert_eq!((page.turn().as_str(), letters(&page.replies())), ("completed", letters(&text)));
    }

    async fn streams_of_scripts_are_not_held_back(path) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (_app, front, _nginx, ada) = behind(path, &replay.settings("anthropic/long@delay=30ms")).await;
        let script = Script::first(&front.base()).await;
        let mut events = script.say("/api/chat", "Much", &[]).await;
        let conversation = events.conversation();
        let mut all = events.until("delta").await;
        assert_eq!(turn(&script, &conversation).await, "running", "the first words came with the last");
        // Cut in the middle, and gone on with.
        drop(events);
        let mut events = script.follow(&conversation, Some(&all.last().unwrap().id)).await;
        all.extend(events.until("delta").await);
        assert_eq!(turn(&script, &conversation).await, "running", "the next words came with the last");
        all.extend(events.all().await);
        assert_eq!(SentEvent::text(&all, "delta"), text);

        // As text, and in OpenAI's form.
        let plain = [("accept", "text/plain")];
        let body = json!({"message": "More"}).to_string();
        let mut answer = script.open(Method::POST, &format!("/api/chat/{conversation}"), Some(&body), &plain).await;
        let mut said = answer.chunk().await.unwrap().unwrap().to_vec();
        assert_eq!(turn(&script, &conversation).await, "running", "the first words came with the last");
        while let Some(piece) = answer.chunk().await.unwrap() {
            said.extend_from_slice(&piece);
        }
        assert_eq!(String::from_utf8(said).unwrap(), text);

        let program = Script::with_token(&front.base(), &token(&ada, "chat").await);
        let body = json!({"model": "auto", "stream": true, "messages": [{"role": "user", "content": "Please"}]});
        let mut answer = program.open(Method::POST, "/v1/chat/completions", Some(&body.to_string()), &[]).await;
        let mut said = String::new();
        while !said.contains("word") {
            said += std::str::from_utf8(&answer.chunk().await.unwrap().unwrap()).unwrap();
        }
        assert!(!said.contains("word399") && !said.contains("[DONE]"), "it was held back");
        while let Some(piece) = answer.chunk().await.unwrap() {
            said += std::str::from_utf8(&piece).unwrap();
        }
        assert!(said.trim_end().ends_with("data: [DONE]"), "{said}");
    }

    async fn a_file_is_attached(path) {
        let (app, front, _nginx, ada) = behind(path, &[]).await;
        let png = pictures::png();
        let form = ada.new_page().await.composer().fill("message", "What is this?");
        let page = ada.submit_files(&form, &[("images", "sky.png", &png)]).await;
        page.expect(200);
        let shown = page.nodes("#log article[data-role=user] a.image img").remove(0).attribute("src").to_owned();
        let (answer, bytes) = ada.bytes(&shown, &[]).await;
        answer.expect(200);
        assert_eq!(bytes, png);
        // A little too much is answered by Sayso, which keeps what was typed.
        let form = ada.new_page().await.composer().fill("message", "And this?");
        let large = vec![0; 10_700_000];
        let page = ada.submit_files(&form, &[("images", "large.png", &large)]).await;
        page.expect(413);
        assert!(page.html.contains("And this?"), "{}", page.text());
        // Much too much does not reach it; a program is told in the form that it reads.
        let huge = vec![0; 12_000_000];
        let page = ada.submit_files(&form, &[("images", "huge.png", &huge)]).await;
        page.expect(413);
        assert!(page.text().contains("10m"), "{}", page.text());
        let script = Script::first(&front.base()).await;
        let (kind, _) = multipart(&[], &[]);
        let body = "x".repeat(12_000_000);
        let answer = script.call(Method::POST, "/api/chat", Some(&body), &[("content-type", &kind)]).await;
        assert_eq!(answer.code(), (413, "payload_too_large".to_owned()));
        let answer = script.call(Method::POST, "/v1/chat/completions", Some(&body), &[]).await;
        let error = answer.expect(413).json()["error"].take();
        assert_eq!((&error["type"], error.get("param")), (&json!("invalid_request_error"), Some(&Value::Null)), "{error}");
        assert_eq!(app.query("SELECT count(*) FROM messages WHERE role = 'user'"), "1");
    }

    async fn programs_talk_over_sockets_and_mcp(path) {
        let (_app, front, _nginx, ada) = behind(path, &[]).await;
        let script = Script::first(&front.base()).await;
        let mut talk = Talk::of(&script, "").await;
        talk.send(&json!({"type": "user_message", "text": "Hello"})).await;
        talk.hears("ai_chunk").await;
        talk.hears("assistant_message_completed").await;
        let bearer = format!("Bearer {}", script.token);
        let mut gateway = Talk::with(&front.base(), "/api/gateway", &[("authorization", &bearer)]).await.unwrap();
        let messages = json!([{"role": "user", "content": "Hello"}]);
        let wish = json!({"id": "a", "type": "chat", "provider": "auto", "messages": messages, "stream": true});
        gateway.send(&wish).await;
        gateway.hears("chunk").await;
        gateway.hears("done").await;
        // Without a token, and from a page of another site: refused here as elsewhere.
        let foreign = [("authorization", bearer.as_str()), ("origin", "https://evil.example")];
        assert_eq!(Talk::with(&front.base(), "/api/socket", &foreign).await.err(), Some(403));

        let agent = Script::with_token(&front.base(), &token(&ada, "tools").await);
        let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "a test", "version": "1"}}});
        let both = [("accept", "application/json, text/event-stream")];
        let answer = agent.post("/mcp", &hello, &both).await.expect(200);
        assert!(answer.text.contains("serverInfo"), "{}", answer.text);
    }
}
