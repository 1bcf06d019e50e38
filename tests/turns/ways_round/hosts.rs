//! A host that was granted, and addresses that would like to be taken for it. Two listeners count who comes.

use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::Desk;
use crate::{
    both,
    support::{App, Replay, Reply},
};

/// A web server that keeps what it was asked for, and sends who asks for `/away` to another address.
struct Site {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    async fn open(away: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let notes = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let (notes, away) = (notes.clone(), away.clone());
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    let mut byte = [0];
                    while !head.ends_with(b"\r\n\r\n") && connection.read(&mut byte).await.is_ok_and(|read| read == 1) {
                        head.push(byte[0]);
                    }
                    let head = String::from_utf8_lossy(&head).into_owned();
                    let path = head.split_whitespace().nth(1).unwrap_or("a connection").to_owned();
                    notes.lock().unwrap().push(path.clone());
                    let page = "<html><body><main><p>What was granted.</p></main></body></html>";
                    let answer = match path.as_str() {
                        "/robots.txt" => {
                            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".into()
                        }
                        "/away" => format!(
                            "HTTP/1.1 302 Found\r\nlocation: {away}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                        ),
                        _ => format!(
                            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\
                             connection: close\r\n\r\n{page}",
                            page.len()
                        ),
                    };
                    let _gone = connection.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self { port, asked }
    }

    /// What it was asked for, but for the rules for robots.
    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().filter(|path| *path != "/robots.txt").cloned().collect()
    }

    fn connections(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

both! {
    async fn a_granted_host_is_that_origin(backend) {
        let other = Site::open(String::new()).await;
        let granted = Site::open(format!("http://127.0.0.1:{}/stolen", other.port)).await;
        let (here, yonder) = (granted.port, other.port);
        let base = format!("http://127.0.0.1:{here}");
        let attacks = [
            // A redirect away from what was granted.
            format!("{base}/away"),
            // What would carry words out of the conversation.
            format!("{base}/page?words=secret"),
            format!("{base}/page?"),
            // Names and passwords, and a host that is none.
            format!("http://ada:secret@127.0.0.1:{here}/page"),
            format!("http://127.0.0.1:{here}@127.0.0.1:{yonder}/page"),
            format!("http://127.0.0.1:{here}%2f@127.0.0.1:{yonder}/page"),
            // Another port, scheme, name of the same machine, and something below the name.
            format!("http://127.0.0.1:{yonder}/page"),
            format!("https://127.0.0.1:{here}/page"),
            format!("http://localhost:{here}/page"),
            format!("http://{here}.127.0.0.1.localhost:{yonder}/page"),
            "http://127.0.0.1/page".to_owned(),
        ];
        let ask = |address: &str| Reply::default().and_tool("fetch_url", json!({"url": address}));
        let mut replies = vec![("first".to_owned(), ask(&format!("{base}/page")))];
        replies.push(("second".to_owned(), ask(&format!("{base}/other"))));
        replies.extend(attacks.iter().enumerate().map(|(n, address)| (format!("attack{n}"), ask(address))));
        let rounds: Vec<String> = replies
            .iter()
            .flat_map(|(name, _)| [format!("anthropic/{name}"), "anthropic/end".to_owned()])
            .collect();
        replies.push(("end".to_owned(), Reply::text("So it is.")));
        let replies: Vec<(&str, Reply)> = replies.iter().map(|(name, reply)| (name.as_str(), reply.clone())).collect();
        let rounds: Vec<&str> = rounds.iter().map(String::as_str).collect();
        let Some(replay) = Replay::playing(&replies, &[("fetch", &rounds)]) else { return };
        let mut settings = replay.settings("script:fetch.json");
        settings.push(("FETCH_ALLOW_PRIVATE", "true"));
        let (app, person, hold) = App::counting(backend, &settings).await;
        let desk = Desk { app, person, hold };
        let chat = desk.person.new_conversation("Look at it").await;
        let waits = chat.approvals(1).await.remove(0);
        assert_eq!(granted.connections(), 0, "it went there unasked");
        let form = waits.form.clone().without("remember");
        let remember = format!("count=50 for=1h host=127.0.0.1:{here} scope=conversation");
        // Not the host that is asked for.
        for wrong in [format!("count=5 host=127.0.0.1:{yonder}"), "count=5 host=127.0.0.1".to_owned()] {
            desk.person.submit(&form.clone().forge("remember", &wrong).press("Approve")).await.expect(422);
        }
        desk.person.submit(&form.forge("remember", &remember).press("Approve")).await.expect(200);
        chat.until("the end", |page| page.turn() == "completed").await;
        chat.send("And then?").await.expect(200);
        let page = chat.until("rest", |page| !page.is_running()).await;
        assert!(!page.is_waiting(), "what was granted is asked for: {}", page.text());
        assert_eq!(granted.asked(), ["/page", "/other"]);
        for (n, address) in attacks.iter().enumerate() {
            let before = granted.connections();
            chat.send("And then?").await.expect(200);
            let page = chat.until("rest", |page| !page.is_running()).await;
            let call = page.tool_calls().pop().unwrap();
            if page.is_waiting() {
                assert_eq!(granted.connections(), before, "{address}");
                chat.deny().await.expect(200);
                chat.until("rest", |page| !page.is_running()).await;
            } else {
                assert_eq!(call.state, "failed", "{address}: {}", call.text);
                // Only the first of them leads to what was granted, and from there nowhere.
                assert_eq!(granted.connections() > before, n == 0, "{address}");
            }
            assert_eq!(other.connections(), 0, "{address}");
        }
        assert_eq!(granted.asked(), ["/page", "/other", "/away"]);
    }
}
