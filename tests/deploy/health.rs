//! `sayso health`, and what a server that stops says of itself.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
};

use serde_json::Value;

use crate::{
    long_text,
    support::{App, Backend, Replay, Reply, eventually},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_asked_by_the_command_line() {
    let mut app = App::new(Backend::Sqlite);
    app.set("PUBLIC_URL", "https://chat.example/below");
    app.launch();
    let asked = |app: &App, arguments: &[&str]| {
        let output = app.run(arguments, None);
        let words = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(words).unwrap())
    };
    let (code, words) = asked(&app, &["health"]);
    assert_eq!((code, words.contains("\"OK\"")), (Some(0), true), "{words}");
    let (code, words) = asked(&app, &["health", "--ready"]);
    assert_eq!((code, words.contains("\"provider\":\"demo\"")), (Some(0), true), "{words}");
    // Who listens everywhere is asked here.
    app.set("HOST", "0.0.0.0");
    assert_eq!(asked(&app, &["health"]).0, Some(0));
    app.kill9();
    let (code, words) = asked(&app, &["health"]);
    assert_eq!((code, words.contains("refused"), words.lines().count()), (Some(1), true, 1), "{words}");
    app.set("PORT", "0");
    let (code, words) = asked(&app, &["health"]);
    assert_eq!((code, words.contains("PORT")), (Some(1), true), "{words}");
}

/// Something else on the port, or a server that cannot work, is not taken for a healthy one.
#[tokio::test(flavor = "multi_thread")]
async fn what_answers_otherwise_is_not_healthy() {
    let site = crate::support::Site::start(|_, _| Some((503, "text/plain", "no".to_owned())));
    let mut app = App::new(Backend::Sqlite);
    let url: url::Url = site.url("/").parse().unwrap();
    app.set("PORT", &url.port().unwrap().to_string());
    let output = app.run(&["health"], None);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("503"), "{output:?}");
    let silent = crate::support::Site::start(|_, _| None);
    let url: url::Url = silent.url("/").parse().unwrap();
    app.set("PORT", &url.port().unwrap().to_string());
    let output = app.run(&["health"], None);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

/// A server that was told to stop takes nobody new, and the turn that runs comes to its end. Who has a connection yet is
/// told by `/readyz` that it stops, for as long as that is open.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_is_not_ready() {
    let text = long_text();
    let Some(replay) = Replay::playing(&[("long", Reply::text(&text))], &[]) else { return };
    let (mut app, ada) = App::ready(Backend::Sqlite, &replay.settings("anthropic/long@delay=30ms")).await;
    let chat = ada.new_conversation("Tell me much").await;
    let place = app.base.strip_prefix("http://").unwrap().to_owned();
    let mut stream = BufReader::new(TcpStream::connect(&place).unwrap());
    assert_eq!(ready(&mut stream), Some(("200".into(), "OK".into())));
    app.signal("TERM");
    eventually("it takes nobody new", async || {
        let is_closed = TcpStream::connect(&place).is_err();
        match ready(&mut stream) {
            Some(said) if is_closed => assert_eq!(said, ("503".into(), "stopping".into())),
            // Asked before it was told to stop, or closed with the rest.
            Some(_) | None => {}
        }
        is_closed.then_some(())
    })
    .await;
    assert_eq!(app.stop(), Some(0));
    app.launch();
    let page = chat.page().await;
    assert_eq!((page.turn().as_str(), page.replies()), ("completed", text));
}

/// Status and word of `/readyz` on a connection that stays open; none where it is closed.
fn ready(stream: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    stream.get_mut().write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n").ok()?;
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|count| *count > 0)?;
        if let Some((_, value)) = line.to_ascii_lowercase().split_once("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head += &line;
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    let said: Value = serde_json::from_slice(&body).unwrap();
    Some((head.split(' ').nth(1).unwrap().to_owned(), said["status"].as_str().unwrap().to_owned()))
}
