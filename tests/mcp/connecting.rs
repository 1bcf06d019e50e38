//! Servers that do not answer the greeting as they should.

use std::time::{Duration, Instant};

use sayso::tools::mcp::{Era, Fault, Limits, State};

use crate::support::{Site, quick};

#[tokio::test(flavor = "multi_thread")]
async fn both_eras_are_greeted_and_remembered() {
    for (mode, era, protocol) in [
        ("plain", Era::Initialised, "2025-11-25"),
        // It answers the question with nothing: it is greeted the older way.
        ("empty", Era::Initialised, "2025-11-25"),
        ("modern", Era::Discovered, "2026-07-28"),
    ] {
        let site = Site::hostile(mode);
        assert_eq!(site.state(), State::Idle);
        let listing = site.list().await.unwrap_or_else(|fault| panic!("{mode}: {fault}"));
        assert!(listing.find("it__echo").is_some(), "{mode}");
        let status = site.servers.status(&site.key);
        assert_eq!((status.era, status.protocol.as_deref()), (Some(era), Some(protocol)), "{mode}");
        assert_eq!(
            (status.state, status.fault, status.tools),
            (State::Ready, None, Some(listing.tools.len())),
            "{mode}"
        );
        if mode == "empty" {
            assert_eq!(status.server, Some(("hostile".to_owned(), "1".to_owned())), "clean of what is not seen");
            // The second time nobody asks it again what it does not know.
            let asked = |site: &Site| site.received().iter().filter(|line| line.contains("server/discover")).count();
            assert_eq!(asked(&site), 1);
            site.servers.close_all().await;
            let again =
                Site { servers: crate::support::servers(std::sync::Arc::new(sayso::tools::mcp::NoTokens)), ..site };
            again.list().await.unwrap();
            assert_eq!(asked(&again), 2, "another owner knows nothing of it");
            assert!(matches!(again.call("die", "{}").await, Err(Fault::Unknown(_))));
            again.list().await.unwrap();
            assert_eq!(asked(&again), 2, "the same owner remembers over a crash");
            again.close().await;
        } else {
            assert_eq!(site.call("echo", r#"{"a":1}"#).await.unwrap().text(), r#"{"a": 1}"#, "{mode}");
            site.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_start_is_told_in_words() {
    let site = Site::process("/nowhere/\u{202e}program", &[], quick());
    let Err(Fault::NotSent(words)) = site.list().await else { panic!("it started") };
    assert!(words.contains("/nowhere/program cannot be started"), "{words}");
    assert_eq!(site.state(), State::Failed);
    site.close().await;

    let site = Site::hostile("dies");
    let Err(Fault::NotSent(words)) = site.list().await else { panic!("it started") };
    assert!(words.contains("ended (exit status: 3)"), "{words}");
    let status = site.servers.status(&site.key);
    assert!(status.stderr.len() <= 65_536 && status.stderr.ends_with("the end\n"), "{}", status.stderr.len());
    assert!(!status.stderr.contains('\u{1b}'));
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_silent_is_left() {
    for mode in ["silent", "line", "noise"] {
        let limits = Limits { connect: Duration::from_secs(4), list: Duration::from_secs(4), ..quick() };
        let site = Site::hostile_with(mode, limits);
        let began = Instant::now();
        let fault = site.list().await.expect_err(mode);
        assert!(began.elapsed() < Duration::from_secs(20), "{mode}: {:?}", began.elapsed());
        let Fault::NotSent(words) = fault else { panic!("{mode}: {fault:?}") };
        let says = match mode {
            "silent" => "did not answer within 4 seconds",
            "line" => "more than 16 MB",
            _ => "not the protocol",
        };
        assert!(words.contains(says), "{mode}: {words}");
        assert_eq!(site.state(), State::Failed, "{mode}");
        site.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_in_a_row_open_the_circuit() {
    let limits = Limits { longest_wait: Duration::from_secs(3600), ..quick() };
    let site = Site::hostile_with("dies", limits);
    for _ in 0..5 {
        let Err(Fault::NotSent(words)) = site.list().await else { panic!("it started") };
        assert!(words.contains("ended"), "{words}");
    }
    let began = Instant::now();
    let Err(Fault::NotSent(words)) = site.call("echo", "{}").await else { panic!("it started") };
    assert!(words.contains("It is tried again in"), "{words}");
    assert!(began.elapsed() < Duration::from_secs(1), "nothing is started any more");
    assert_eq!(site.servers.status(&site.key).faults, 5);
    // A person may want it sooner.
    site.servers.reconnect(&site.key, &site.spec).await;
    assert_eq!(site.servers.status(&site.key).faults, 1);
    assert!(site.calls().is_empty());
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_learns_little_of_our_environment() {
    let site = Site::hostile("environment");
    site.list().await.unwrap();
    let environment: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&site.received()[0]).unwrap();
    let ours =
        ["PATH", "HOME", "LANG", "TMPDIR", "HOSTILE_LOG", "TEST_MARK", "PYTHONDONTWRITEBYTECODE", "SAYSO_MCP_SERVER"];
    // Python's own.
    let others: Vec<_> =
        environment.keys().filter(|name| !ours.contains(&name.as_str()) && *name != "LC_CTYPE").collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(std::env::vars().any(|(name, _)| !ours.contains(&name.as_str())), "there was something to keep back");
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_used_is_closed_and_comes_back() {
    let site = Site::hostile_with("plain", Limits { idle: Duration::from_millis(300), ..quick() });
    site.list().await.unwrap();
    site.until(State::Idle).await;
    crate::support::until("no process", || crate::support::processes(&site.mark).is_empty()).await;
    assert!(site.servers.last(&site.key).is_some_and(|last| last.find("it__echo").is_some()));
    // A call that takes longer than that is use.
    assert_eq!(site.call("slow", r#"{"seconds":1}"#).await.unwrap().text(), "late");
    site.close().await;
}
