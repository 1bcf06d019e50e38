//! The client that the conformance suite of MCP drives: it does what a scenario asks over the same connections as
//! Sayso. The suite gives the server's address as the last argument and the scenario in `MCP_CONFORMANCE_SCENARIO`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "it fails by panicking")]

use std::{collections::BTreeMap, sync::Arc};

use futures_util::{
    StreamExt as _,
    future::{BoxFuture, join_all},
};
use sayso::{
    tools::{
        Arguments,
        mcp::{
            Answer, Authorised, Authorising, Call, CallEvent, CallResult, ConnectionKey, Elicit, Fault, Freshness,
            Launch, Limits, Listing, Question, Registration, Secret, ServerSpec, Servers, Token, Tokens, Wanted,
        },
        net::Guard,
    },
    types::TenantId,
};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Takes every default that a form offers.
struct Defaults;

impl Elicit for Defaults {
    fn ask<'a>(&'a self, question: Question) -> BoxFuture<'a, Answer> {
        let Wanted::Form { schema } = question.wanted else { return Box::pin(std::future::ready(Answer::Decline)) };
        let fields = schema.get("properties").and_then(|fields| fields.as_object()).cloned().unwrap_or_default();
        let values = fields.into_iter().filter_map(|(name, field)| Some((name, field.get("default")?.clone())));
        Box::pin(std::future::ready(Answer::Accept(values.collect())))
    }
}

/// What the suite's person gave.
#[derive(Default)]
struct Given(Mutex<Option<Authorised>>);

impl Tokens for Given {
    fn get<'a>(&'a self, _key: &'a ConnectionKey, _url: &'a Url) -> BoxFuture<'a, Result<Option<Token>, String>> {
        Box::pin(async {
            Ok(match self.0.lock().await.as_mut() {
                Some(authorised) => authorised.token(&guard(), true).await.ok().map(Token::new),
                None => None,
            })
        })
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

fn guard() -> Guard {
    Guard::new("Sayso/conformance").unwrap()
}

/// What the suite tells of a scenario.
fn context() -> serde_json::Value {
    let context = std::env::var("MCP_CONFORMANCE_CONTEXT").unwrap_or_default();
    serde_json::from_str(&context).unwrap_or_default()
}

/// Goes where the person would have to go; the suite says yes at once.
async fn authorise(url: &Url, challenge: &str, before: Option<&Authorised>) -> Authorised {
    let context = context();
    let known = |name: &str| context.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let registration = Registration {
        redirect: "http://localhost:3000/callback".parse().unwrap(),
        document: Some("https://conformance-test.local/client-metadata.json".parse().unwrap()),
        client: known("client_id").map(|id| (id, known("client_secret").map(Secret::from))),
        client_issuer: None,
        clients: Vec::new(),
    };
    let authorising = Authorising::begin(&guard(), true, url, challenge, &registration, before).await.unwrap();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = client.get(authorising.address()).send().await.unwrap();
    let returned = answer.headers().get("location").unwrap().to_str().unwrap().parse().unwrap();
    let authorised = authorising.finish(&returned).await.unwrap();
    // Kept and read again, as it would be.
    Authorised::from_text(&authorised.to_text(), url).unwrap()
}

struct Suite {
    servers: Servers,
    key: ConnectionKey,
    spec: Arc<ServerSpec>,
}

impl Suite {
    async fn list(&self) -> Result<Arc<Listing>, Fault> {
        self.servers.list(&self.key, &self.spec, Freshness::Fresh).await
    }

    async fn call(&self, tool: &str, arguments: &str) -> Result<CallResult, Fault> {
        let (arguments, cancel) = (Arguments::parse(arguments).unwrap(), CancellationToken::new());
        let call = Call { tool: tool.to_owned(), arguments, elicit: Arc::new(Defaults), cancel };
        let mut run = self.servers.call(&self.key, &self.spec, call);
        loop {
            if let CallEvent::Ended(result) = run.next().await.expect("an end") {
                return result;
            }
        }
    }

    /// All that the scenario asks for.
    async fn play(&self, scenario: &str) -> Result<(), Fault> {
        let listing = self.list().await?;
        let named = |tool: &str, arguments: &str| vec![(tool.to_owned(), arguments.to_owned())];
        let calls = match scenario {
            "tools_call" => named("add_numbers", r#"{"a":5,"b":3}"#),
            "elicitation-sep1034-client-defaults" => named("test_client_elicitation_defaults", "{}"),
            "sse-retry" => named("test_reconnection", "{}"),
            "http-invalid-tool-headers" => named("valid_tool", r#"{"region":"us-west1"}"#),
            "http-custom-headers" => {
                let calls = context().get("toolCalls").and_then(|calls| calls.as_array()).cloned().unwrap_or_default();
                let name = |call: &serde_json::Value| Some(call.get("name")?.as_str()?.to_owned());
                let call = |call: &serde_json::Value| Some((name(call)?, call.get("arguments")?.to_string()));
                calls.iter().filter_map(call).collect()
            }
            _ if scenario.starts_with("auth/") => {
                listing.tools.iter().take(1).map(|tool| (tool.own_name.clone(), "{}".to_owned())).collect()
            }
            _ if scenario.starts_with("sep-2322") => {
                listing.tools.iter().map(|tool| (tool.own_name.clone(), "{}".to_owned())).collect()
            }
            _ => Vec::new(),
        };
        let known = |tool: &str| listing.tools.iter().any(|listed| listed.own_name == tool);
        assert!(calls.iter().all(|(tool, _)| known(tool)), "{calls:?} {listing:?}");
        // All at once, as a reply with several calls might.
        let results = join_all(calls.iter().map(|(tool, arguments)| self.call(tool, arguments))).await;
        for result in results {
            let result = result?;
            assert!(!result.is_error, "{}", result.text());
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() {
    let url: Url = std::env::args().next_back().unwrap().parse().expect("the server's address");
    let scenario = std::env::var("MCP_CONFORMANCE_SCENARIO").unwrap_or_default();
    let given = Arc::new(Given::default());
    let servers = Servers::new(tokio::runtime::Handle::current(), guard(), true, given.clone()).unwrap();
    let key = ConnectionKey { tenant: TenantId::new(), server: "suite".parse().unwrap(), user: None };
    let launch = Launch::Http { url: url.clone(), headers: BTreeMap::new() };
    let spec = Arc::new(ServerSpec { name: key.server.clone(), launch, limits: Limits::default(), per_person: false });
    let suite = Suite { servers, key, spec };
    let mut result = suite.play(&scenario).await;
    // A person would not say yes for ever either.
    for _ in 0..3 {
        let Err(Fault::NeedsAuthorisation { challenge, .. }) = &result else { break };
        let mut given = given.0.lock().await;
        let authorised = authorise(&url, challenge, given.as_ref()).await;
        *given = Some(authorised);
        drop(given);
        suite.servers.reconnect(&suite.key, &suite.spec).await;
        result = suite.play(&scenario).await;
    }
    suite.servers.close_all().await;
    result.unwrap();
}
