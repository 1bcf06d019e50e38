//! Lists of tools that mean no good.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sayso::tools::{
    Schema,
    mcp::{Fault, Freshness, Limits, MAX_TOOLS, State},
};

use crate::support::{Site, quick, until};

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_an_end() {
    let site = Site::hostile("endless");
    let listing = site.list().await.unwrap();
    assert_eq!((listing.tools.len(), listing.was_cut), (50, true));
    site.close().await;
    let site = Site::hostile("thousands");
    let listing = site.list().await.unwrap();
    assert_eq!((listing.tools.len(), listing.was_cut), (MAX_TOOLS, true));
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_of_strangers_are_bounded_and_fetch_nothing() {
    let site = Site::hostile("schemas");
    let listing = site.list().await.unwrap();
    let names: Vec<_> = listing.tools.iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!(names, ["it__far", "it__good", "it__recursive"]);
    let out: Vec<_> = listing.left_out.iter().map(|left| (left.name.as_str(), left.why)).collect();
    assert_eq!(out, [("deep", "its schema is nested too deep"), ("large", "its schema is too large")]);
    // The one that would be fetched is refused when it is made ready; the recursive one is not.
    assert!(Schema::compile(&listing.find("it__far").unwrap().input_schema).is_err());
    assert!(Schema::compile(&listing.find("it__recursive").unwrap().input_schema).is_ok());
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_safe_and_words_stay_as_they_came() {
    let site = Site::hostile("words");
    let listing = site.list().await.unwrap();
    let tools = listing.tools.iter().filter(|tool| tool.own_name != "nasty");
    let names: Vec<_> = tools.map(|tool| (tool.name.as_str(), tool.own_name.as_str())).collect();
    assert_eq!(names[0], ("it__a_b", "a\u{202e}b"));
    let mut others: Vec<_> = names[1..].iter().map(|(_, own)| *own).collect();
    others.sort_unstable();
    assert_eq!(others, ["x.y", "x/y"]);
    assert!(names[1].0.starts_with("it__x_y_") && names[2].0.starts_with("it__x_y_") && names[1].0 != names[2].0);
    let tool = &listing.tools[0];
    assert_eq!(tool.title.as_deref(), Some("<b>\u{202e}</b>"));
    assert_eq!(sayso::tools::mcp::words::clean(&tool.description), "red");
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_holds_until_it_changes() {
    let site = Site::hostile("changes");
    let first = site.list().await.unwrap();
    let cached = site.servers.list(&site.key, &site.spec, Freshness::Cached).await.unwrap();
    assert!(Arc::ptr_eq(&first, &cached));
    let forced = site.list().await.unwrap();
    assert_ne!(first.tools[0].fingerprint_fields(), forced.tools[0].fingerprint_fields());
    assert_eq!(forced.tools[0].description, "version 2");
    assert_eq!(forced.ttl, Duration::from_secs(60));
    // An answer that it does not know the tool makes it stale; twice in a second it is not asked.
    assert!(site.call("nothing", "{}").await.is_err());
    let mut last = forced;
    let began = Instant::now();
    while last.tools[0].description == "version 2" {
        assert!(began.elapsed() < Duration::from_secs(30));
        last = site.servers.list(&site.key, &site.spec, Freshness::Cached).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(last.tools[0].description, "version 3");
    // A new connection means a new list.
    site.servers.reconnect(&site.key, &site.spec).await;
    let again = site.servers.list(&site.key, &site.spec, Freshness::Cached).await.unwrap();
    assert!(again.at > last.at);
    site.close().await;
    // What a server wishes is kept within bounds.
    let site = Site::hostile("short");
    assert_eq!(site.list().await.unwrap().ttl, Duration::from_secs(5));
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_ask_at_once_get_one_list() {
    let site = Site::hostile("changes");
    let asked = (0..20).map(|_| site.servers.list(&site.key, &site.spec, Freshness::Cached));
    let listings = futures_util::future::join_all(asked).await;
    assert!(listings.iter().all(|listing| listing.as_ref().unwrap().tools[0].description == "version 1"));
    let lists = site.received().iter().filter(|line| line.contains("tools/list")).count();
    assert_eq!(lists, 1);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_never_comes_is_not_waited_for() {
    let site = Site::hostile_with("mute", Limits { list: Duration::from_millis(500), ..quick() });
    let Err(Fault::Refused(words)) = site.list().await else { panic!("there is a list") };
    assert!(words.contains("in time"), "{words}");
    // It does not answer the look either: it is ended.
    site.until(State::Failed).await;
    until("no process", || crate::support::processes(&site.mark).is_empty()).await;
    site.close().await;
}
