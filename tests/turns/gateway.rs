//! `/api/gateway`: completions over one socket.

use std::collections::BTreeMap;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use crate::{
    both, long_text,
    openai_door::{begun, billed},
    support::{App, PATIENCE, Replay, Reply, Script, eventually},
};

/// An open socket.
pub struct Gateway(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Gateway {
    /// With headers; the status of a refused handshake otherwise.
    async fn with(app: &App, query: &str, headers: &[(&str, &str)]) -> Result<(Self, Option<String>), u16> {
        let address = format!("{}/api/gateway{query}", app.base.replacen("http", "ws", 1));
        let mut request = address.into_client_request().unwrap();
        for (name, value) in headers {
            let name: tokio_tungstenite::tungstenite::http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((socket, answer)) => {
                let protocol =
                    answer.headers().get("sec-websocket-protocol").map(|name| name.to_str().unwrap().to_owned());
                Ok((Self(socket), protocol))
            }
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(fault) => panic!("no socket: {fault}"),
        }
    }

    pub async fn open(app: &App, script: &Script) -> Self {
        let bearer = format!("Bearer {}", script.token);
        Self::with(app, "", &[("authorization", &bearer)]).await.expect("the socket is accepted").0
    }

    pub async fn say(&mut self, frame: impl ToString) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// What is said next; the code where it is closed.
    async fn next(&mut self) -> Result<Value, u16> {
        loop {
            let message = tokio::time::timeout(PATIENCE * 2, self.0.next()).await.expect("a frame in time");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1005, |frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    async fn heard(&mut self) -> Value {
        self.next().await.expect("the socket is open")
    }

    /// The error that is said next: whose, and its code.
    pub async fn refusal(&mut self) -> (Value, String) {
        let frame = self.heard().await;
        assert_eq!(frame["type"], "error", "{frame}");
        assert!(frame["error"]["message"].is_string() && frame["timestamp"].is_string(), "{frame}");
        (frame["id"].clone(), frame["error"]["code"].as_str().unwrap().to_owned())
    }
}

fn asking(id: &str, stream: bool) -> Value {
    json!({"id": id, "type": "chat", "provider": "auto", "messages": [{"role": "user", "content": "Please"}],
        "stream": stream})
}

both! {
    async fn several_are_answered_at_once_each_under_its_id(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (app, _, script) = begun(backend, &replay.settings("anthropic/long@delay=5ms")).await;
        let mut socket = Gateway::open(&app, &script).await;
        let ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
        for id in ids {
            socket.say(asking(id, id != "h")).await;
        }
        socket.say(asking("i", true)).await;
        socket.say(asking("a", true)).await;
        let (mut texts, mut order, mut refused) = (BTreeMap::<String, String>::new(), Vec::new(), Vec::new());
        let mut done = BTreeMap::new();
        while done.len() < ids.len() {
            let frame = socket.heard().await;
            let id = frame["id"].as_str().unwrap().to_owned();
            match frame["type"].as_str().unwrap() {
                "chunk" => {
                    assert!(!done.contains_key(&id), "{frame}");
                    texts.entry(id.clone()).or_default().push_str(frame["data"].as_str().unwrap());
                    order.push(id);
                }
                "done" => {
                    let usage = json!({"promptTokens": 25, "completionTokens": 40, "totalTokens": 65});
                    assert_eq!(frame["usage"], usage);
                    done.insert(id, frame["data"].clone());
                }
                _ => refused.push((id, frame["error"]["code"].as_str().unwrap().to_owned())),
            }
        }
        // The ninth, and the one whose id was taken.
        let both = [("i".to_owned(), "rate_limited".to_owned()), ("a".to_owned(), "conflict".to_owned())];
        assert_eq!(refused, both);
        for id in &ids[..7] {
            assert_eq!((texts.get(*id), &done[*id]), (Some(&text), &Value::Null), "{id}");
        }
        assert_eq!((texts.get("h"), &done["h"]), (None, &json!(text)));
        let changes = order.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(changes > 20, "they came one after the other: {changes}");
        // There is room again, also under an id that was used.
        socket.say(asking("a", false)).await;
        assert_eq!(socket.heard().await["data"], json!(text));
        assert_eq!(billed(&app).await.lines().filter(|line| *line == "gateway|25|40|").count(), 9);
        for table in ["conversations", "turns", "messages"] {
            assert_eq!(app.query(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
        }
    }

    async fn what_is_no_request_is_refused_and_the_socket_stays(backend) {
        let Some(replay) = Replay::playing(&[("said", Reply::text("Yes."))], &[]) else { return };
        let mut settings = replay.settings("anthropic/said");
        settings.push(("RATE_MESSAGES", "4/min"));
        let (app, _, script) = begun(backend, &settings).await;
        let mut socket = Gateway::open(&app, &script).await;
        for (frame, id, code) in [
            ("{".to_owned(), Value::Null, "invalid_json"),
            ("".to_owned(), Value::Null, "invalid_json"),
            ("[]".to_owned(), Value::Null, "invalid_payload"),
            ("{\"id\": \"a\"}".to_owned(), json!("a"), "invalid_payload"),
            (asking("a", true).to_string().replace("\"type\"", "\"provider\": \"auto\", \"type\""), json!("a"), "invalid_payload"),
            (json!({"id": 7, "type": "cook", "messages": [], "stream": true}).to_string(), json!(7), "invalid_payload"),
            (json!({"id": "a", "type": "chat", "messages": [], "stream": true}).to_string(), json!("a"), "invalid_payload"),
            (asking("a", true).to_string().replace("auto", "nobody"), json!("a"), "invalid_payload"),
            (asking("a", true).to_string().replace("auto", "ollama"), json!("a"), "invalid_payload"),
        ] {
            socket.say(&frame).await;
            assert_eq!(socket.refusal().await, (id, code.to_owned()), "{frame}");
        }
        socket.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
        assert_eq!(socket.refusal().await, (Value::Null, "invalid_json".into()));
        let claude = asking("a", false).to_string().replace("auto", "claude");
        let more = claude.replace("\"stream\"", "\"maxTokens\": 9, \"temperature\": 0.5, \"model\": \"anthropic/said\", \"stream\"");
        socket.say(&more).await;
        assert_eq!(socket.heard().await["data"], "Yes.");
        let sent = replay.requests().pop().unwrap();
        assert_eq!((&sent["max_tokens"], &sent["temperature"]), (&json!(9), &json!(0.5)));

        // A refusal of one says nothing of the others.
        app.admin(&["set-limits", "--tenant", &app.tenant(), "--requests", "1"], None);
        socket.say(asking("b", true)).await;
        assert_eq!(socket.refusal().await, (json!("b"), "limit_requests".into()));
        socket.say(asking("c", true)).await;
        assert_eq!(socket.refusal().await, (json!("c"), "rate_limited".into()));
        assert_eq!(replay.requests().len(), 1);
    }

    async fn fifty_at_once_pass_no_limit(backend) {
        let Some(replay) = Replay::playing(&[("late", Reply::text("Here I am."))], &[]) else { return };
        let mut settings = replay.settings("anthropic/late@slow=4");
        settings.extend([("TURNS_PER_PERSON", "1000"), ("TURNS_PER_TENANT", "1000"), ("RATE_MESSAGES", "100000/min")]);
        let (app, _, script) = begun(backend, &settings).await;
        app.admin(&["set-limits", "--tenant", &app.tenant(), "--requests", "10"], None);
        let mut sockets = Vec::new();
        for _ in 0..10 {
            let mut socket = Gateway::open(&app, &script).await;
            for id in ["a", "b", "c", "d", "e"] {
                socket.say(asking(id, false)).await;
            }
            sockets.push(socket);
        }
        let mut ends = BTreeMap::<String, usize>::new();
        for socket in &mut sockets {
            for _ in 0..5 {
                let frame = socket.heard().await;
                let end = frame["error"]["code"].as_str().unwrap_or("answered").to_owned();
                *ends.entry(end).or_default() += 1;
            }
        }
        assert_eq!(ends, BTreeMap::from([("answered".to_owned(), 10), ("limit_requests".to_owned(), 40)]));
        billed(&app).await;
        assert_eq!(replay.requests().len(), 10);
    }

    async fn a_socket_that_closes_ends_its_calls(backend) {
        let text = long_text();
        let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
        let (app, _, script) = begun(backend, &replay.settings("anthropic/long@delay=100ms")).await;
        let mut socket = Gateway::open(&app, &script).await;
        socket.say(asking("a", true)).await;
        socket.say(asking("b", false)).await;
        assert_eq!(socket.heard().await["type"], "chunk");
        eventually("both are asked for", async || (replay.requests().len() == 2).then_some(())).await;
        drop(socket);
        billed(&app).await;
        eventually("the model API is left alone", async || replay.was_left().then_some(())).await;
        assert_eq!(app.query("SELECT count(*) FROM model_calls WHERE error_code IS NULL AND output_tokens < 400"), "2");
        assert_eq!(app.query("SELECT max(reserved_requests), max(reserved_output_tokens) FROM usage_months"), "0|0");
    }

    async fn it_opens_for_those_who_may_and_closes_when_they_may_no_more(backend) {
        let Some(replay) = Replay::playing(&[("said", Reply::text("Yes."))], &[]) else { return };
        let (app, person, script) = begun(backend, &replay.settings("anthropic/said")).await;
        let token = script.token.as_str();
        let cookies = person.cookie_header();
        let bearer = format!("Bearer {token}");
        let protocols = format!("bearer, {token}");
        let query = format!("?token={token}");
        for (query, headers, chosen) in [
            ("", &[("authorization", bearer.as_str())][..], None),
            (query.as_str(), &[], None),
            ("", &[("sec-websocket-protocol", protocols.as_str())], Some("bearer")),
            ("", &[("cookie", cookies.as_str()), ("origin", app.base.as_str())], None),
        ] {
            let (mut socket, protocol) = Gateway::with(&app, query, headers).await.unwrap();
            assert_eq!(protocol.as_deref(), chosen);
            socket.say(asking("a", false)).await;
            assert_eq!(socket.heard().await["data"], "Yes.");
        }
        for headers in [
            &[("cookie", cookies.as_str())][..],
            &[("cookie", cookies.as_str()), ("origin", "https://evil.example")],
            &[("authorization", bearer.as_str()), ("origin", "https://evil.example")],
        ] {
            assert_eq!(Gateway::with(&app, "", headers).await.err(), Some(403), "{headers:?}");
        }
        let (mut nobody, _) = Gateway::with(&app, "", &[("authorization", "Bearer sayso_wrong")]).await.unwrap();
        assert_eq!(nobody.next().await, Err(4401));
        let mut socket = Gateway::open(&app, &script).await;
        script.call(Method::POST, "/api/auth/logout", None, &[]).await.expect(204);
        assert_eq!(socket.next().await, Err(4401));
    }
}
