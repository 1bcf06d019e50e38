//! Over HTTP: every recording, and every way in which a connection or a server fails.

use std::time::Duration;

use sayso::providers::{Provider, ProviderErrorKind, ReplyBlock, Timeouts, anthropic::Anthropic, http_client};

use super::{KEY, RECORDINGS, ask, asking, assert_is, provider, recorded::assert_outcome};
use crate::{
    server::Prepared,
    shared::{Replay, folder, recordings},
};

fn impatient(idle: Duration) -> Timeouts {
    Timeouts { idle, ..Timeouts::default() }
}

#[tokio::test]
async fn every_recording_comes_through_http() {
    let Some(folder) = folder("replies over HTTP", RECORDINGS) else { return };
    let all = recordings("anthropic", "replies over HTTP", RECORDINGS);
    let replay = Replay::start(&folder);
    let provider = provider(&replay.url, Timeouts::default());
    for recording in all {
        let (reply, error) = ask(&provider, &asking(&format!("anthropic/{}", recording.name))).await;
        assert_outcome(&reply, error.as_ref(), &recording.expected, &recording.name);
        if recording.name == "err-429-rate-limit" {
            assert_eq!(error.unwrap().retry_after, Some(Duration::from_secs(1)));
        }
    }
}

#[tokio::test]
async fn every_transport_gives_the_same() {
    let Some(folder) = folder("transports", 24) else { return };
    let all = recordings("anthropic", "transports", RECORDINGS);
    let replay = Replay::start(&folder);
    let provider = provider(&replay.url, Timeouts::default());
    for name in ["text-haiku45", "thinking-tool", "tool-parallel-text", "thinking-tool-final"] {
        let recording = all.iter().find(|recording| recording.name == name).unwrap();
        for how in ["@split=1", "@split=rand@seed=7", "@bom", "@crlf", "@nochunk", "@bom@crlf@split=3@nochunk"] {
            let (reply, error) = ask(&provider, &asking(&format!("anthropic/{name}{how}"))).await;
            assert_eq!(error, None, "{name}{how}");
            assert_is(&reply, &recording.expected, &format!("{name}{how}"));
        }
    }
}

#[tokio::test]
async fn a_broken_connection_is_told_apart_and_what_came_is_kept() {
    let Some(folder) = folder("broken connections", 12) else { return };
    let replay = Replay::start(&folder);
    let patient = provider(&replay.url, Timeouts::default());
    // What stalls must have begun before, on a busy machine too; what never begins needs no patience.
    let stalled = provider(&replay.url, impatient(Duration::from_secs(4)));
    let silent = provider(&replay.url, impatient(Duration::from_millis(300)));
    let provider = &patient;
    let whole = ask(provider, &asking("anthropic/max-tokens-sonnet4")).await.0.text();
    let interrupted =
        ["@reset=1200", "@cut=1200", "@close=1200", "@stall=30:1200", "@nochunk@cut=1200", "@crlf@reset=1200"];
    for how in interrupted {
        let provider = if how.starts_with("@stall") { &stalled } else { provider };
        let (reply, error) = ask(provider, &asking(&format!("anthropic/max-tokens-sonnet4{how}"))).await;
        let error = error.unwrap_or_else(|| panic!("{how} did not fail"));
        assert_eq!(error.kind, ProviderErrorKind::Interrupted, "{how}: {error}");
        assert!(!reply.text().is_empty() && whole.starts_with(&reply.text()), "{how}: {:?}", reply.text());
        assert!(reply.stop_reason.is_none() && reply.usage.is_some(), "{how}");
    }
    for how in ["@reset=0", "@cut=0", "@close=0", "@slow=30", "@headslow=30"] {
        let provider = if how.contains("slow") { &silent } else { provider };
        let (reply, error) = ask(provider, &asking(&format!("anthropic/max-tokens-sonnet4{how}"))).await;
        let error = error.unwrap_or_else(|| panic!("{how} did not fail"));
        assert_eq!(error.kind, ProviderErrorKind::Unavailable, "{how}: {error}");
        assert!(reply.content.is_empty(), "{how}");
    }
    // In the middle of a tool's input: the half call is there to see and can be dropped.
    let (reply, error) = ask(provider, &asking("anthropic/tool-nested-args@cut=2500")).await;
    assert_eq!(error.map(|error| error.kind), Some(ProviderErrorKind::Interrupted));
    assert!(matches!(reply.content.last(), Some(ReplyBlock::ToolCall { whole: false, .. })), "{reply:?}");
    assert!(matches!(reply.without_halves().content.as_slice(), [ReplyBlock::Text { .. }]));
}

#[tokio::test]
async fn every_status_has_its_kind() {
    let Some(folder) = folder("statuses", 9) else { return };
    let replay = Replay::start(&folder);
    let provider = provider(&replay.url, Timeouts::default());
    let table = [
        (400, ProviderErrorKind::InvalidResponse),
        (401, ProviderErrorKind::Unauthorized),
        (402, ProviderErrorKind::Balance),
        (403, ProviderErrorKind::Unauthorized),
        (413, ProviderErrorKind::ContextTooLong),
        (429, ProviderErrorKind::RateLimited),
        (500, ProviderErrorKind::Unavailable),
        (503, ProviderErrorKind::Unavailable),
        (529, ProviderErrorKind::Overloaded),
    ];
    for (status, kind) in table {
        let request = asking(&format!("anthropic/text-haiku45@status={status}x1@retry=3"));
        let error = provider.stream(&request).await.err().unwrap();
        assert_eq!((error.kind, error.retry_after), (kind, Some(Duration::from_secs(3))), "{status}: {error}");
        assert_eq!(ask(&provider, &request).await.0.text(), "Hello", "after {status}");
    }
}

#[tokio::test]
async fn a_check_says_whether_address_and_key_are_right() {
    let client = http_client(Timeouts::default()).unwrap();
    // A port that nobody listens on: the listener is gone once its address is known.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = Anthropic::new(client.clone(), &format!("http://user:pass@{gone}"), KEY.into(), "m".into());
    let error = nobody.check().await.unwrap_err();
    assert_eq!(error.kind, ProviderErrorKind::Unavailable);
    assert!(!error.to_string().contains("pass"), "{error}");
    assert_eq!(ask(&nobody, &asking("m")).await.1.unwrap().kind, ProviderErrorKind::Unavailable);

    let refusal = format!(r#"{{"error":{{"type":"authentication_error","message":"wrong key {KEY}"}}}}"#);
    let server = Prepared::start(401, "content-type: application/json\r\n", &refusal).await;
    let error = provider(&server.url, Timeouts::default()).check().await.unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ProviderErrorKind::Unauthorized, "wrong key ***"));
    let asked = server.requests.lock().unwrap().join("");
    assert!(asked.starts_with("GET /v1/models?limit=1 HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains(&format!("x-api-key: {KEY}\r\n")) && asked.contains("anthropic-version: 2023-06-01\r\n"));

    let server = Prepared::start(404, "", "nothing here").await;
    assert_eq!(
        provider(&server.url, Timeouts::default()).check().await.unwrap_err().kind,
        ProviderErrorKind::InvalidResponse
    );

    let Some(folder) = folder("checks", 1) else { return };
    let replay = Replay::start(&folder);
    assert_eq!(provider(&format!("{}/v1/", replay.url), Timeouts::default()).check().await, Ok(()));
}

#[tokio::test]
async fn an_answer_that_does_not_stream_is_understood() {
    let json = "content-type: application/json\r\n";
    let message = r#"{"type":"message","model":"m","content":[{"type":"thinking","thinking":"hm","signature":"s"},
        {"type":"text","text":"Hello"},{"type":"tool_use","id":"t1","name":"n","input":{"a":1}}],
        "stop_reason":"tool_use","usage":{"input_tokens":5,"output_tokens":7}}"#;
    let server = Prepared::start(200, json, message).await;
    let (reply, error) = ask(&provider(&server.url, Timeouts::default()), &asking("m")).await;
    assert_eq!((reply.text().as_str(), error), ("Hello", None));
    assert_eq!(reply.usage.map(|usage| (usage.input_tokens, usage.output_tokens)), Some((5, 7)));
    assert_eq!(reply.stop_reason.as_deref(), Some("tool_use"));
    assert!(matches!(&reply.content[0], ReplyBlock::Thinking { raw: Some(_), .. }));
    assert!(matches!(&reply.content[2], ReplyBlock::ToolCall { input, whole: true, .. } if input == "{\"a\":1}"));

    let table = [
        (json, r#"{"error":{"type":"overloaded_error","message":"x"}}"#, ProviderErrorKind::Overloaded),
        (json, r#"{"odd":1}"#, ProviderErrorKind::InvalidResponse),
        (json, "no json", ProviderErrorKind::InvalidResponse),
        ("content-type: text/html\r\n", "<h1>Welcome to the hotel's network</h1>", ProviderErrorKind::InvalidResponse),
        ("content-type: text/event-stream\r\n", "data: no json\n\n", ProviderErrorKind::InvalidResponse),
        ("content-type: text/event-stream\r\n", "data: {\"error\":{\"code\":429}}\n\n", ProviderErrorKind::RateLimited),
        ("content-type: text/event-stream\r\n", ": only a comment\n\n", ProviderErrorKind::Interrupted),
        ("content-type: text/event-stream\r\n", "", ProviderErrorKind::Unavailable),
    ];
    for (headers, body, kind) in table {
        let server = Prepared::start(200, headers, body).await;
        let error = ask(&provider(&server.url, Timeouts::default()), &asking("m")).await.1;
        assert_eq!(error.map(|error| error.kind), Some(kind), "{body}");
    }
}

#[tokio::test]
async fn the_key_follows_no_redirect() {
    let elsewhere = Prepared::start(200, "", "").await;
    let server = Prepared::start(307, &format!("location: {}/v1/messages\r\n", elsewhere.url), "").await;
    let error = ask(&provider(&server.url, Timeouts::default()), &asking("m")).await.1.unwrap();
    assert_eq!(error.kind, ProviderErrorKind::InvalidResponse, "{error}");
    assert!(elsewhere.requests.lock().unwrap().is_empty());
}
