//! Servers over HTTP that mean no good.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use sayso::tools::{
    mcp::{
        ConnectionKey, Era, Fault, Freshness, Launch, Limits, NoTokens, Secret, ServerSpec, Servers, State, Token,
        Tokens,
    },
    net::Guard,
};

use url::Url;

use crate::support::{Running, Site, quick, servers, until};

#[tokio::test(flavor = "multi_thread")]
async fn both_eras_work_over_http() {
    for (mode, era) in [("plain", Era::Initialised), ("empty", Era::Initialised), ("modern", Era::Discovered)] {
        let server = Running::hostile(mode);
        let site = Site::at(&server.url(), quick());
        let listing = site.list().await.unwrap_or_else(|fault| panic!("{mode}: {fault}"));
        assert!(listing.find("it__echo").is_some(), "{mode}");
        assert_eq!(site.servers.status(&site.key).era, Some(era), "{mode}");
        let (progress, result) = site.run("progress", "{}").await;
        assert_eq!((progress.len(), result.unwrap().text().as_str()), (30, "done"), "{mode}");
        // The library writes numbers anew: what would not be sent as approved is not sent.
        let Err(Fault::NotSent(_)) = site.call("echo", r#"{"n":12345678901234567890123}"#).await else {
            panic!("{mode}")
        };
        assert!(!server.received().iter().any(|line| line.contains(r#""echo""#)), "{mode}");
        site.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_private_is_reached_unless_it_is_allowed() {
    let server = Running::hostile("plain");
    let guard = Guard::new("Sayso/test").unwrap();
    let strict = Servers::new(tokio::runtime::Handle::current(), guard, false, Arc::new(NoTokens)).unwrap();
    for url in [server.url(), format!("http://localhost:{}/mcp", server.port), "http://169.254.169.254/mcp".to_owned()]
    {
        let site = Site { servers: strict.clone(), ..Site::at(&url, quick()) };
        let Err(Fault::NotSent(words)) = site.list().await else { panic!("{url} was reached") };
        assert!(words.contains("not a public address"), "{url}: {words}");
    }
    assert!(server.received().is_empty());
    strict.close_all().await;
    // The metadata of clouds stays out of reach then too.
    let site = Site::at("http://169.254.169.254/mcp", quick());
    assert!(matches!(site.list().await, Err(Fault::NotSent(_))));
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_stay_on_the_origin_and_so_do_tokens() {
    let elsewhere = Running::hostile("plain");
    let spec = |url: &str| {
        let secret = |text: &str| Secret::from(text.to_owned());
        let headers = BTreeMap::from([
            ("X-Key".to_owned(), secret("s3cret")),
            ("Authorization".to_owned(), secret("Bearer t0ken")),
        ]);
        let launch = Launch::Http { url: url.parse().unwrap(), headers };
        Arc::new(ServerSpec { name: "it".parse().unwrap(), launch, limits: quick(), per_person: false })
    };
    let away = Running::hostile(&format!("redirect={}", elsewhere.url()));
    let site = Site::at(&away.url(), quick());
    let site = Site { spec: spec(&away.url()), ..site };
    let Err(Fault::NotSent(words)) = site.list().await else { panic!("it was followed") };
    assert!(words.contains("leads elsewhere (307)"), "{words}");
    assert!(elsewhere.received().is_empty());
    assert!(away.received()[0].contains("Bearer t0ken s3cret"));
    site.close().await;

    let moved = Running::hostile("redirect=/moved");
    let site = Site::at(&moved.url(), quick());
    let site = Site { spec: spec(&moved.url()), ..site };
    assert!(site.list().await.unwrap().find("it__echo").is_some());
    assert!(moved.received().iter().any(|line| line == "POST /moved Bearer t0ken s3cret"));
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_reached_got_nothing() {
    let mut server = Running::hostile("plain");
    let site = Site::at(&server.url(), quick());
    server.end();
    let Err(Fault::NotSent(words)) = site.call("echo", "{}").await else { panic!("it was reached") };
    assert!(words.contains("cannot be reached"), "{words}");
    assert_eq!(site.state(), State::Failed);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_started_again_is_found_again() {
    let mut server = Running::hostile("plain");
    let site = Site::at(&server.url(), Limits { call_idle: Duration::from_secs(2), ..quick() });
    site.list().await.unwrap();
    let mut run = site.start("hang", "{}", Arc::new(sayso::tools::mcp::Decline), &Default::default());
    assert!(futures_util::poll!(futures_util::StreamExt::next(&mut run)).is_pending());
    until("the call arrives", || server.received().iter().any(|line| line.contains(r#""hang""#))).await;
    let port = server.port;
    server.end();
    assert!(matches!(crate::support::all(run).await.1, Err(Fault::Unknown(_))));
    let again = Running::hostile_at("plain", port);
    let began = Instant::now();
    while site.call("echo", "{}").await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(40), "{:?}", site.servers.status(&site.key));
    }
    let hangs = again.received().iter().filter(|line| line.contains(r#""hang""#)).count();
    assert_eq!(hangs, 0, "a call is never sent again");
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn statuses_say_what_is_known() {
    let server = Running::hostile("error");
    let site = Site::at(&server.url(), quick());
    let Err(Fault::Unknown(words)) = site.call("echo", "{}").await else { panic!("it worked") };
    assert!(words.contains("500"), "{words}");
    site.close().await;
    // A session that the server forgot: refused, and not sent a second time.
    let server = Running::hostile("forgets");
    let site = Site::at(&server.url(), quick());
    assert!(matches!(site.call("echo", "{}").await, Err(Fault::Refused(_))));
    assert_eq!(server.received().iter().filter(|line| line.contains(r#""echo""#)).count(), 1);
    site.close().await;
}

#[derive(Default)]
struct Held {
    token: Mutex<Option<&'static str>>,
    challenges: Mutex<Vec<String>>,
}

impl Tokens for Held {
    fn get<'a>(&'a self, _key: &'a ConnectionKey, _url: &'a Url) -> BoxFuture<'a, Result<Option<Token>, String>> {
        let token = self.token.lock().unwrap().map(|token| Token::new(Secret::from(token.to_owned())));
        Box::pin(std::future::ready(Ok(token)))
    }

    fn refused<'a>(
        &'a self,
        _key: &'a ConnectionKey,
        _url: &'a Url,
        _sent: Option<&'a Token>,
        challenge: &'a str,
    ) -> BoxFuture<'a, ()> {
        self.challenges.lock().unwrap().push(challenge.to_owned());
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_who_is_there_gets_a_token() {
    let server = Running::hostile("guarded");
    let held = Arc::new(Held::default());
    let site = Site { servers: servers(held.clone()), ..Site::at(&server.url(), quick()) };
    let Err(Fault::NeedsAuthorisation { metadata, .. }) = site.list().await else { panic!("it let us in") };
    assert_eq!(metadata.as_deref(), Some("http://127.0.0.1/.well-known/oauth-protected-resource"));
    assert_eq!(site.state(), State::NeedsAuthorisation);
    assert!(held.challenges.lock().unwrap()[0].contains("resource_metadata"));
    *held.token.lock().unwrap() = Some("good");
    site.servers.reconnect(&site.key, &site.spec).await;
    assert_eq!(site.state(), State::Ready);
    assert!(site.servers.list(&site.key, &site.spec, Freshness::Fresh).await.is_ok());
    site.close().await;
}

/// A token for each tenant, made of its id.
struct ByTenant;

impl Tokens for ByTenant {
    fn get<'a>(&'a self, key: &'a ConnectionKey, _url: &'a Url) -> BoxFuture<'a, Result<Option<Token>, String>> {
        let user = key.user.map(|user| user.to_string()).unwrap_or_default();
        let token = Token::new(Secret::from(format!("{}/{user}", key.tenant)));
        Box::pin(std::future::ready(Ok(Some(token))))
    }

    fn refused<'a>(
        &'a self,
        _key: &'a ConnectionKey,
        _url: &'a Url,
        _sent: Option<&'a Token>,
        _challenge: &'a str,
    ) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tenants_and_two_people_share_nothing() {
    let server = Running::hostile("changes");
    let site = Site { servers: servers(Arc::new(ByTenant)), ..Site::at(&server.url(), quick()) };
    let person = || Some(sayso::types::UserId::new());
    let keys = [
        site.key.clone(),
        ConnectionKey { tenant: sayso::types::TenantId::new(), ..site.key.clone() },
        ConnectionKey { user: person(), ..site.key.clone() },
        ConnectionKey { user: person(), ..site.key.clone() },
    ];
    let lists = keys.iter().map(|key| site.servers.list(key, &site.spec, Freshness::Cached));
    let lists: Vec<_> = futures_util::future::join_all(lists).await.into_iter().map(Result::unwrap).collect();
    // Each was asked for by itself, and each call carries its own token.
    let mut versions: Vec<_> = lists.iter().map(|list| list.tools[0].description.clone()).collect();
    versions.sort_unstable();
    assert_eq!(versions, ["version 1", "version 2", "version 3", "version 4"]);
    for (number, (key, list)) in keys.iter().zip(&lists).enumerate() {
        let arguments = format!(r#"{{"number":{number}}}"#);
        let call = sayso::tools::mcp::Call {
            tool: list.tools[0].own_name.clone(),
            arguments: sayso::tools::Arguments::parse(&arguments).unwrap(),
            elicit: Arc::new(sayso::tools::mcp::Decline),
            cancel: Default::default(),
        };
        let (_, result) = crate::support::all(site.servers.call(key, &site.spec, call)).await;
        assert_eq!(result.unwrap().text(), format!(r#"{{"number": {number}}}"#));
        let received = server.received();
        let place = received.iter().position(|line| line.contains(&arguments)).unwrap();
        let user = key.user.map(|user| user.to_string()).unwrap_or_default();
        assert!(received[place - 1].contains(&format!("Bearer {}/{user} ", key.tenant)), "{}", received[place - 1]);
        assert!(Arc::ptr_eq(&site.servers.last(key).unwrap(), list));
    }
    site.close().await;
}
