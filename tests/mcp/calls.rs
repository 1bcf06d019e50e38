//! What is known of a call, however the server behaves in it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::StreamExt as _;
use sayso::tools::mcp::{CallEvent, Content, Decline, Fault, Limits, State};
use tokio_util::sync::CancellationToken;

use crate::support::{Site, all, quick, until};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_the_text_that_was_approved() {
    let site = Site::hostile("plain");
    site.list().await.unwrap();
    assert!(site.calls().is_empty());
    let text = "{ \"n\": 12345678901234567890123.10,\n \"a\" : \"\\u00e9\\n\" }";
    site.call("echo", text).await.unwrap();
    let calls = site.calls();
    assert_eq!(calls.len(), 1);
    assert!(calls[0].contains(&text.replace('\n', " ")), "{}", calls[0]);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_comes_in_order_and_none_after_the_end() {
    let site = Site::hostile("plain");
    let (progress, result) = site.run("progress", "{}").await;
    assert_eq!(result.unwrap().text(), "done");
    let expected: Vec<_> = (1..=30).map(|n| (Some(format!("step {n}")), Some(f64::from(n) / 30.0))).collect();
    assert_eq!(progress, expected);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_notifications_are_survived() {
    let site = Site::hostile("plain");
    let (progress, result) = site.run("flood", "{}").await;
    assert_eq!(result.unwrap().text(), "survived");
    let steps: Vec<u32> = progress.iter().map(|(words, _)| words.as_ref().unwrap()[5..].parse().unwrap()).collect();
    assert!(steps.windows(2).all(|pair| pair[0] < pair[1]), "out of order");
    assert_eq!(site.state(), State::Ready);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_result_is_read() {
    let site = Site::hostile("plain");
    let result = site.call("picture", "{}").await.unwrap();
    let picture = Content::Image { bytes: vec![0, 1, 2], media_type: "image/png".to_owned() };
    assert_eq!(result.content, [picture, Content::Text("ab".to_owned())]);
    assert_eq!(result.structured, Some(serde_json::json!({"n": 1})));
    let Err(Fault::Refused(words)) = site.call("unknown", "{}").await else { panic!("it is known") };
    assert_eq!(words, "The server refused the call. It says: Unknown tool: unknown");
    let denied = site.call("denied", "{}").await.unwrap();
    assert!(denied.is_error);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_leaves_an_unknown_outcome_and_is_started_again() {
    let site = Site::hostile("plain");
    let Err(Fault::Unknown(words)) = site.call("die", "{}").await else { panic!("it lived") };
    assert!(words.contains("Nobody knows"), "{words}");
    until("the crash is noted", || site.servers.status(&site.key).faults == 1).await;
    let status = site.servers.status(&site.key);
    assert!(status.fault.unwrap().to_string().contains("exit status: 3"));
    assert_eq!(site.calls().len(), 1, "never twice");
    assert_eq!(site.call("echo", "{}").await.unwrap().text(), "{}");
    until("it works again", || site.servers.status(&site.key).faults == 0).await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_nobody_can_read_end_the_call() {
    for (tool, says) in [("large", "more than 16 MB"), ("unreadable", "cannot be read")] {
        let site = Site::hostile("plain");
        let began = Instant::now();
        let Err(Fault::Unknown(words)) = site.call(tool, "{}").await else { panic!("{tool} was read") };
        assert!(words.contains(says), "{tool}: {words}");
        assert!(began.elapsed() < quick().call_idle, "{tool}: not by the limit of time");
        assert_eq!(site.call("echo", "{}").await.unwrap().text(), "{}", "{tool}");
        assert_eq!(site.calls().len(), 2, "{tool}");
        site.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_is_left_and_looked_at() {
    let site = Site::hostile_with("plain", Limits { call_idle: Duration::from_millis(500), ..quick() });
    site.list().await.unwrap();
    let Err(Fault::Unknown(words)) = site.call("hang", "{}").await else { panic!("it answered") };
    assert!(words.contains("did not answer in time"), "{words}");
    // It still lists: the connection stays.
    site.until(State::Degraded).await;
    until("it is told", || site.received().iter().any(|line| line.contains("notifications/cancelled"))).await;
    assert_eq!(site.call("echo", "{}").await.unwrap().text(), "{}");
    site.until(State::Ready).await;
    let starts = site.received().iter().filter(|line| line.contains(r#""initialize""#)).count();
    assert_eq!((site.calls().len(), starts), (2, 1));
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_on_for_ever_has_a_limit_too() {
    let limits = Limits { call_idle: Duration::from_secs(30), call_total: Duration::from_millis(500), ..quick() };
    let site = Site::hostile_with("plain", limits);
    site.list().await.unwrap();
    let began = Instant::now();
    assert!(matches!(site.call("slow", r#"{"seconds":60}"#).await, Err(Fault::Unknown(_))));
    assert!(began.elapsed() < Duration::from_secs(10));
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_tells_the_server_and_ends_at_once() {
    let site = Site::hostile("plain");
    site.list().await.unwrap();
    let cancel = CancellationToken::new();
    let run = site.start("hang", "{}", Arc::new(Decline), &cancel);
    until("the call arrives", || !site.calls().is_empty()).await;
    let began = Instant::now();
    cancel.cancel();
    let (_, result) = all(run).await;
    assert!(matches!(result, Err(Fault::Unknown(_))), "{result:?}");
    assert!(began.elapsed() < Duration::from_secs(5));
    until("it is told", || site.received().iter().any(|line| line.contains("notifications/cancelled"))).await;
    // What was stopped before it left had no effect.
    let run = site.start("echo", "{}", Arc::new(Decline), &cancel);
    assert!(matches!(all(run).await.1, Err(Fault::NotSent(_))));
    assert_eq!(site.calls().len(), 1);
    // So does whoever reads no more.
    let mut run = site.start("hang", r#"{"second":true}"#, Arc::new(Decline), &CancellationToken::new());
    assert!(futures_util::poll!(run.next()).is_pending());
    until("the second arrives", || site.calls().len() == 2).await;
    drop(run);
    let told = || site.received().iter().filter(|line| line.contains("notifications/cancelled")).count();
    until("it is told again", || told() == 2).await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_is_slow_gets_the_end() {
    let site = Site::hostile("plain");
    let mut run = site.start("flood", "{}", Arc::new(Decline), &CancellationToken::new());
    // Nobody reads until the server is done.
    until("the call arrives", || !site.calls().is_empty()).await;
    assert_eq!(site.call("echo", "{}").await.unwrap().text(), "{}");
    let mut last = run.next().await;
    while let Some(event) = run.next().await {
        last = Some(event);
    }
    assert!(matches!(last, Some(CallEvent::Ended(Ok(_)))), "{last:?}");
    site.close().await;
}
