//! Over HTTP: every recording, and every way in which a connection or a server fails.

use std::time::Duration;

use sayso::{
    providers::{ProviderErrorKind, ReplyBlock, estimate},
    types::Usage,
};

use crate::{
    api::{Api, ask, asking},
    each_api,
    expected::{assert_is, assert_outcome},
    server::Prepared,
    shared::{Replay, folder, recordings},
};

each_api! {
    async fn every_recording_comes_through_http(api) {
        let (streams, errors) = api.recordings();
        let test = format!("replies of {} over HTTP", api.name());
        let Some(folder) = folder(&test, streams + errors) else { return };
        let replay = Replay::start(&folder);
        let provider = api.patient(&replay.url);
        for recording in recordings(api.name(), &test, streams + errors) {
            let (reply, error) = ask(&*provider, &asking(&format!("{}/{}", api.name(), recording.name))).await;
            assert_outcome(api, &recording, &reply, error.as_ref());
            if recording.name == "err-429-rate-limit" {
                assert_eq!(error.unwrap().retry_after, Some(Duration::from_secs(1)));
            }
        }
    }

    async fn every_transport_gives_the_same(api) {
        let test = format!("transports of {}", api.name());
        let Some(folder) = folder(&test, 24) else { return };
        let all = recordings(api.name(), &test, api.recordings().0);
        let replay = Replay::start(&folder);
        let provider = api.patient(&replay.url);
        for name in api.varied() {
            let recording = all.iter().find(|recording| recording.name == *name).unwrap();
            for how in ["@split=1", "@split=rand@seed=7", "@bom", "@crlf", "@nochunk", "@bom@crlf@split=3@nochunk"] {
                let (reply, error) = ask(&*provider, &asking(&format!("{}/{name}{how}", api.name()))).await;
                assert_eq!(error, None, "{name}{how}");
                assert_is(api, recording, &reply);
            }
        }
    }

    async fn a_broken_connection_is_told_apart_and_what_came_is_kept(api) {
        let Some(folder) = folder(&format!("broken connections of {}", api.name()), 13) else { return };
        let replay = Replay::start(&folder);
        let patient = api.patient(&replay.url);
        // What stalls must have begun before, on a busy machine too; what never begins needs no patience.
        let stalled = api.impatient(&replay.url, Duration::from_secs(4));
        let silent = api.impatient(&replay.url, Duration::from_millis(300));
        let model = api.long_text();
        let (whole, _) = ask(&*patient, &asking(model)).await;
        let interrupted =
            ["@reset=1200", "@cut=1200", "@close=1200", "@stall=30:1200", "@nochunk@cut=1200", "@crlf@reset=1200"];
        for how in interrupted {
            let provider = if how.starts_with("@stall") { &stalled } else { &patient };
            let request = asking(&format!("{model}{how}"));
            let (reply, error) = ask(&**provider, &request).await;
            let error = error.unwrap_or_else(|| panic!("{how} did not fail"));
            assert_eq!(error.kind, ProviderErrorKind::Interrupted, "{how}: {error}");
            assert!(!reply.text().is_empty() && whole.text().starts_with(&reply.text()), "{how}: {:?}", reply.text());
            assert!(reply.stop_reason.is_none() && reply.usage.is_some() == (api == Api::Anthropic), "{how}");
            // What is settled says that it is an estimate, and is no less than what came.
            let settled = estimate::of_cut_off(&request, &reply);
            assert!(settled.estimated && settled.input_tokens > 0, "{how}: {settled:?}");
            assert!(settled.output_tokens >= estimate::output(&reply) && settled.output_tokens > 0, "{how}: {settled:?}");
        }
        for how in ["@reset=0", "@cut=0", "@close=0", "@slow=30", "@headslow=30"] {
            let provider = if how.contains("slow") { &silent } else { &patient };
            let (reply, error) = ask(&**provider, &asking(&format!("{model}{how}"))).await;
            let error = error.unwrap_or_else(|| panic!("{how} did not fail"));
            assert_eq!(error.kind, ProviderErrorKind::Unavailable, "{how}: {error}");
            assert!(reply.content.is_empty(), "{how}");
        }
        // One that pauses, but not for too long, comes whole.
        let (reply, error) = ask(&*patient, &asking(&format!("{model}@stall=200ms:1200"))).await;
        assert_eq!((error, reply), (None, whole));
    }

    async fn every_status_has_its_kind(api) {
        let Some(folder) = folder(&format!("statuses of {}", api.name()), 9) else { return };
        let replay = Replay::start(&folder);
        let provider = api.patient(&replay.url);
        let model = api.short_text();
        let whole = ask(&*provider, &asking(model)).await.0;
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
            let request = asking(&format!("{model}@status={status}x1@retry=3"));
            let error = provider.stream(&request).await.err().unwrap();
            assert_eq!((error.kind, error.retry_after), (kind, Some(Duration::from_secs(3))), "{status}: {error}");
            assert_eq!(ask(&*provider, &request).await.0, whole, "after {status}");
        }
    }

    async fn the_key_follows_no_redirect(api) {
        let elsewhere = Prepared::start(200, "", "").await;
        let server = Prepared::start(307, &format!("location: {}/v1/messages\r\n", elsewhere.url), "").await;
        let error = ask(&*api.patient(&server.url), &asking("m")).await.1.unwrap();
        assert_eq!(error.kind, ProviderErrorKind::InvalidResponse, "{error}");
        assert!(elsewhere.requests.lock().unwrap().is_empty());
    }

    async fn an_answer_that_makes_no_sense_is_told_as_such(api) {
        let stream = "content-type: text/event-stream\r\n";
        let json = "content-type: application/json\r\n";
        let overloaded = r#"{"error":{"type":"overloaded_error","message":"overloaded"}}"#;
        let no_event = if api == Api::Ollama { "no json\n" } else { "data: no json\n\n" };
        let limited = if api == Api::Ollama { "{\"error\":{\"code\":429}}\n" } else { "data: {\"error\":{\"code\":429}}\n\n" };
        let nothing = if api == Api::Ollama { "\n\n" } else { ": only a comment\n\n" };
        let page = "<h1>Welcome to the hotel's network</h1>";
        let table = [
            (json, overloaded, ProviderErrorKind::Overloaded),
            (json, r#"{"odd":1}"#, ProviderErrorKind::InvalidResponse),
            ("content-type: text/html\r\n", page, ProviderErrorKind::InvalidResponse),
            (stream, no_event, ProviderErrorKind::InvalidResponse),
            (stream, limited, ProviderErrorKind::RateLimited),
            (stream, nothing, ProviderErrorKind::Interrupted),
            (stream, "", ProviderErrorKind::Unavailable),
        ];
        for (headers, body, kind) in table {
            let server = Prepared::start(200, headers, body).await;
            let error = ask(&*api.patient(&server.url), &asking("m")).await.1;
            assert_eq!(error.map(|error| error.kind), Some(kind), "{body}");
        }
    }
}

/// In the middle of a tool's input: the half call is there to see and can be dropped.
#[tokio::test]
async fn half_a_call_can_be_dropped() {
    let Some(folder) = folder("half calls", 2) else { return };
    let replay = Replay::start(&folder);
    for (api, model) in
        [(Api::Anthropic, "anthropic/tool-nested-args@cut=2500"), (Api::OpenAi, "openai/tool-gpt4omini@cut=1800")]
    {
        let (reply, error) = ask(&*api.patient(&replay.url), &asking(model)).await;
        assert_eq!(error.map(|error| error.kind), Some(ProviderErrorKind::Interrupted), "{model}");
        let last = reply.content.last();
        assert!(matches!(last, Some(ReplyBlock::ToolCall { whole: false, .. })), "{model}: {reply:?}");
        let calls = |block: &ReplyBlock| matches!(block, ReplyBlock::ToolCall { .. });
        assert!(!reply.without_halves().content.iter().any(calls), "{model}");
    }
}

/// What breaks off after it said why the model ended has given all of it.
#[tokio::test]
async fn a_reply_that_lacks_only_its_last_word_is_whole() {
    let Some(folder) = folder("replies without a last word", 2) else { return };
    let replay = Replay::start(&folder);
    for (api, name) in [(Api::OpenAi, "openai/text-gpt35-no-usage"), (Api::Anthropic, "anthropic/text-haiku45")] {
        let all = recordings(api.name(), "replies without a last word", 1);
        let recording = all.iter().find(|recording| name.ends_with(&recording.name)).unwrap();
        let last = if api == Api::OpenAi { "data: [DONE]" } else { "event: message_stop" };
        let end = String::from_utf8_lossy(&recording.body).find(last).unwrap();
        for how in ["reset", "cut", "close"] {
            let (reply, error) = ask(&*api.patient(&replay.url), &asking(&format!("{name}@{how}={end}"))).await;
            assert_eq!(error, None, "{name}@{how}={end}");
            assert_is(api, recording, &reply);
        }
    }
}

#[tokio::test]
async fn an_anthropic_answer_that_does_not_stream_is_understood() {
    let json = "content-type: application/json\r\n";
    let message = r#"{"type":"message","model":"m","content":[{"type":"thinking","thinking":"hm","signature":"s"},
        {"type":"text","text":"Hello"},{"type":"tool_use","id":"t1","name":"n","input":{"a":1}}],
        "stop_reason":"tool_use","usage":{"input_tokens":5,"output_tokens":7}}"#;
    let server = Prepared::start(200, json, message).await;
    let (reply, error) = ask(&*Api::Anthropic.patient(&server.url), &asking("m")).await;
    assert_eq!((reply.text().as_str(), error), ("Hello", None));
    assert_eq!(reply.usage, Some(Usage { input_tokens: 5, output_tokens: 7, ..Usage::default() }));
    assert_eq!(reply.stop_reason.as_deref(), Some("tool_use"));
    assert!(matches!(&reply.content[0], ReplyBlock::Thinking { raw: Some(_), .. }));
    assert!(matches!(&reply.content[2], ReplyBlock::ToolCall { input, whole: true, .. } if input == "{\"a\":1}"));
    let server = Prepared::start(200, json, "no json").await;
    let error = ask(&*Api::Anthropic.patient(&server.url), &asking("m")).await.1.unwrap();
    assert_eq!(error.kind, ProviderErrorKind::InvalidResponse);
}
