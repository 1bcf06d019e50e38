//! The client that the conformance suite of MCP drives: it does what a scenario asks over the same connections as
//! Sayso. The suite gives the server's address as the last argument and the scenario in `MCP_CONFORMANCE_SCENARIO`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "it fails by panicking")]

use std::{collections::BTreeMap, sync::Arc};

use futures_util::{StreamExt as _, future::BoxFuture};
use sayso::{
    tools::{
        Arguments,
        mcp::{
            Answer, Call, CallEvent, ConnectionKey, Elicit, Freshness, Launch, Limits, NoTokens, Question, ServerSpec,
            Servers, Wanted,
        },
        net::Guard,
    },
    types::TenantId,
};
use tokio_util::sync::CancellationToken;

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

#[tokio::main]
async fn main() {
    let url = std::env::args().next_back().unwrap().parse().expect("the server's address");
    let scenario = std::env::var("MCP_CONFORMANCE_SCENARIO").unwrap_or_default();
    let guard = Guard::new("Sayso/conformance").unwrap();
    let servers = Servers::new(tokio::runtime::Handle::current(), guard, true, Arc::new(NoTokens)).unwrap();
    let key = ConnectionKey { tenant: TenantId::new(), server: "suite".parse().unwrap(), user: None };
    let launch = Launch::Http { url, headers: BTreeMap::new() };
    let spec = Arc::new(ServerSpec { name: key.server.clone(), launch, limits: Limits::default() });
    let listing = servers.list(&key, &spec, Freshness::Fresh).await.unwrap();
    let wanted = match scenario.as_str() {
        "tools_call" => Some(("add_numbers", r#"{"a":5,"b":3}"#)),
        "elicitation-sep1034-client-defaults" => Some(("test_client_elicitation_defaults", "{}")),
        "sse-retry" => Some(("test_reconnection", "{}")),
        _ => None,
    };
    if let Some((tool, arguments)) = wanted {
        assert!(listing.tools.iter().any(|listed| listed.own_name == tool), "{listing:?}");
        let (arguments, cancel) = (Arguments::parse(arguments).unwrap(), CancellationToken::new());
        let call = Call { tool: tool.to_owned(), arguments, elicit: Arc::new(Defaults), cancel };
        let mut run = servers.call(&key, &spec, call);
        while let Some(event) = run.next().await {
            if let CallEvent::Ended(result) = event {
                let result = result.unwrap();
                assert!(!result.is_error, "{}", result.text());
            }
        }
    }
    servers.close_all().await;
}
