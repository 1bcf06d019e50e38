//! Nothing is left of a server, whatever it does against it.

use std::time::{Duration, Instant};

use sayso::tools::mcp::{Fault, Freshness};

use crate::support::{Site, processes, until};

#[tokio::test(flavor = "multi_thread")]
async fn who_ignores_the_end_is_ended_with_all_it_started() {
    let site = Site::hostile("stubborn");
    assert_eq!(site.call("grandchild", "{}").await.unwrap().text(), "started");
    until("all have started", || processes(&site.mark).len() >= 4).await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_server_started_does_not_live_on() {
    let site = Site::hostile("plain");
    site.call("grandchild", "{}").await.unwrap();
    until("all have started", || processes(&site.mark).len() >= 4).await;
    site.call("die", "{}").await.unwrap_err();
    until("all are gone", || processes(&site.mark).is_empty()).await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forgotten_ends() {
    let site = Site::hostile("plain");
    let mut run = site.start("hang", "{}", std::sync::Arc::new(sayso::tools::mcp::Decline), &Default::default());
    assert!(futures_util::poll!(futures_util::StreamExt::next(&mut run)).is_pending());
    until("the call arrives", || !site.calls().is_empty()).await;
    site.servers.forget(&site.key).await;
    assert!(matches!(crate::support::all(run).await.1, Err(Fault::Unknown(_))));
    assert!(processes(&site.mark).is_empty());
    assert!(site.servers.last(&site.key).is_none());
    assert_eq!(site.servers.status(&site.key).tools, None);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_end_nothing_begins() {
    let site = Site::hostile("plain");
    site.list().await.unwrap();
    let began = Instant::now();
    let servers = site.servers.clone();
    let (key, spec) = (site.key.clone(), site.spec.clone());
    site.close().await;
    assert!(began.elapsed() < Duration::from_secs(7));
    let Err(Fault::NotSent(words)) = servers.list(&key, &spec, Freshness::Fresh).await else { panic!("it began") };
    assert!(words.contains("being stopped"), "{words}");
}
