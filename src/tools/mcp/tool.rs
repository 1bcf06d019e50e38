//! A server's tool as everybody else knows tools.
//!
//! The attack meant is the server that shows one tool and runs another: what a person approved is compared once more
//! with what the server offers just before the call is sent, and its claims about itself change nothing.

use std::sync::Arc;

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{
    Call, CallEvent, Claims, ConnectionKey, Freshness, ListedTool, ServerSpec, Servers, results, structured,
    words,
};
use crate::{
    tools::{
        Arguments, Tool, ToolContext, ToolDefinition, ToolError, ToolEvent, ToolResult, ToolRun,
        fingerprint::canonical_json,
    },
    types::Preview,
};

/// The most characters of a message of progress that are shown.
const MAX_PROGRESS: usize = 2000;

/// A tool of a server, over one connection to it.
pub(super) struct McpTool {
    definition: ToolDefinition,
    listed: ListedTool,
    servers: Servers,
    key: ConnectionKey,
    spec: Arc<ServerSpec>,
}

impl McpTool {
    /// As the server listed it.
    pub fn new(listed: ListedTool, servers: Servers, key: ConnectionKey, spec: Arc<ServerSpec>) -> Self {
        let definition = definition(&listed, &spec);
        Self { definition, listed, servers, key, spec }
    }
}

/// What models are told is clean; what is pinned is what came, to the last invisible character.
fn definition(listed: &ListedTool, spec: &ServerSpec) -> ToolDefinition {
    let description = words::clean(&listed.description);
    let mut input_schema = listed.input_schema.clone();
    tidy(&mut input_schema);
    let title = listed.title.clone().unwrap_or_default();
    let mut beside = vec![("name", listed.own_name.clone()), ("title", title), ("claims", claimed(listed.claims))];
    if let Some(schema) = &listed.output_schema {
        beside.push(("gives", canonical_json(schema)));
    }
    if description != listed.description {
        beside.push(("description as it came", listed.description.clone()));
    }
    if input_schema != listed.input_schema {
        beside.push(("schema as it came", canonical_json(&listed.input_schema)));
    }
    ToolDefinition {
        server: spec.name.to_string(),
        launch: spec.launch.shown(),
        name: listed.name.clone(),
        description: if description.trim().is_empty() {
            words::line(listed.title.as_deref().unwrap_or_default())
        } else {
            description
        },
        input_schema,
        beside,
    }
}

fn claimed(claims: Claims) -> String {
    let Claims { read_only, destructive, idempotent, open_world } = claims;
    let said = |claim: Option<bool>| match claim {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not said",
    };
    format!(
        "changes nothing {}, destroys {}, twice is as once {}, reaches outside {}",
        said(read_only),
        said(destructive),
        said(idempotent),
        said(open_world)
    )
}

/// Cleans what a schema says in words. Values that arguments are compared with stay as they are.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(entries) => {
            for (key, value) in entries.iter_mut() {
                match (key.as_str(), value) {
                    ("const" | "enum" | "default" | "examples", _) => {}
                    ("description" | "title" | "$comment", Value::String(text)) => *text = words::clean(text),
                    (_, value) => tidy(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

impl Tool for McpTool {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    /// Nothing is asked of the server: what it would do only it knows.
    fn preview<'a>(&'a self, _: &'a ToolContext, _: &'a Arguments) -> BoxFuture<'a, Result<Preview, ToolError>> {
        let target = Some(self.definition.server.clone());
        async { Ok(Preview { target, ..Preview::default() }) }.boxed()
    }

    fn run(
        &self,
        context: &ToolContext,
        arguments: &Arguments,
        _precondition: Option<&str>,
        cancel: CancellationToken,
    ) -> ToolRun {
        let (servers, key, spec) = (self.servers.clone(), self.key.clone(), Arc::clone(&self.spec));
        let (listed, arguments, elicit) = (self.listed.clone(), arguments.clone(), Arc::clone(&context.elicit));
        let begin = async move {
            let offered = tokio::select! {
                // Not as it was listed a minute ago: one that changes its tool says nothing of it.
                offered = servers.list(&key, &spec, Freshness::Fresh) => offered,
                () = cancel.cancelled() => return failed(ToolError::new("tool_error", "It was stopped. Nothing ran.")),
            };
            match offered {
                Err(fault) => return failed(ToolError::new("tool_error", format!("{fault} Nothing ran."))),
                Ok(listing) if listing.find(&listed.name) != Some(&listed) => {
                    let why = "The server offers this tool otherwise now than it was shown, or no more. Nothing ran.";
                    return failed(ToolError::new("tool_changed", why));
                }
                Ok(_) => {}
            }
            let call = Call { tool: listed.own_name, arguments, elicit, cancel };
            let gives = listed.output_schema.map(Arc::new);
            // After its end there is nothing; where that is unknown there is none.
            let told = move |event| {
                let gives = gives.clone();
                async move {
                    let mark = match &event {
                        CallEvent::Ended(Ok(result)) => structured::misfit(gives.as_deref(), result).await,
                        _ => None,
                    };
                    told(event).map(|event| marked(event, mark))
                }
            };
            servers.call(&key, &spec, call).filter_map(told).boxed()
        };
        stream::once(begin).flatten().boxed()
    }

    /// Only the server knows, and not every one can be asked.
    fn took_effect<'a>(
        &'a self,
        _: &'a ToolContext,
        _: &'a Arguments,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Option<bool>> {
        std::future::ready(None).boxed()
    }
}

fn failed(error: ToolError) -> ToolRun {
    stream::iter([ToolEvent::Finished(Err(error))]).boxed()
}

/// What is told of an event.
fn told(event: CallEvent) -> Option<ToolEvent> {
    match event {
        CallEvent::Progress { message, fraction } => progress(message, fraction).map(ToolEvent::Chunk),
        CallEvent::Ended(Ok(result)) => Some(ToolEvent::Finished(Ok(results::told(result)))),
        CallEvent::Ended(Err(fault)) if fault.is_unknown() => Some(ToolEvent::Lost(fault.to_string())),
        CallEvent::Ended(Err(fault)) => {
            Some(ToolEvent::Finished(Err(ToolError::new("tool_error", format!("{fault}")))))
        }
    }
}

/// With what is to be said of a result before its text.
fn marked(event: ToolEvent, mark: Option<String>) -> ToolEvent {
    match (event, mark) {
        (ToolEvent::Finished(Ok(result)), Some(mark)) => {
            ToolEvent::Finished(Ok(ToolResult { text: mark + &result.text, ..result }))
        }
        (event, _) => event,
    }
}

/// A line of progress: where it stands and what the server says.
fn progress(message: Option<String>, fraction: Option<f64>) -> Option<String> {
    let percent = fraction.map(|fraction| format!("{:.0} %", fraction.clamp(0.0, 1.0) * 100.0));
    let message = message.map(|message| words::bounded(&message, MAX_PROGRESS)).filter(|message| !message.is_empty());
    match (percent, message) {
        (Some(percent), Some(message)) => Some(format!("{percent} {message}\n")),
        (Some(one), None) | (None, Some(one)) => Some(format!("{one}\n")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::mcp::{CallResult, Fault, Launch};
    use serde_json::json;
    use std::collections::BTreeMap;

    fn spec() -> ServerSpec {
        let launch = Launch::Http { url: "https://x.example/".parse().unwrap(), headers: BTreeMap::new() };
        ServerSpec { name: "it".parse().unwrap(), launch, limits: crate::tools::mcp::Limits::default() }
    }

    fn listed() -> ListedTool {
        ListedTool {
            own_name: "a b".to_owned(),
            name: "it__a_b".to_owned(),
            title: Some("T\u{200b}itle".to_owned()),
            description: "Says \u{202e}hello.".to_owned(),
            input_schema: json!({"type": "object", "properties": {"description": {
                "type": "string", "description": "a\u{200b}b", "enum": ["x\u{200b}"]}}}),
            output_schema: None,
            claims: Claims::default(),
        }
    }

    #[test]
    fn models_read_clean_words_and_the_fingerprint_covers_what_came() {
        let shown = definition(&listed(), &spec());
        assert_eq!((shown.name.as_str(), shown.description.as_str()), ("it__a_b", "Says hello."));
        let property = &shown.input_schema["properties"]["description"];
        assert_eq!((&property["description"], &property["enum"][0]), (&json!("ab"), &json!("x\u{200b}")));
        let wordless = definition(&ListedTool { description: " ".to_owned(), ..listed() }, &spec());
        assert_eq!(wordless.description, "Title");
        let mut seen = vec![shown.fingerprint()];
        for changed in [
            ListedTool { own_name: "a_b".to_owned(), ..listed() },
            ListedTool { title: None, ..listed() },
            ListedTool { description: "Says hello.".to_owned(), ..listed() },
            ListedTool { description: "Says \u{202d}hello.".to_owned(), ..listed() },
            ListedTool { input_schema: shown.input_schema.clone(), ..listed() },
            ListedTool { output_schema: Some(json!({})), ..listed() },
            ListedTool { claims: Claims { read_only: Some(true), ..Claims::default() }, ..listed() },
        ] {
            let fingerprint = definition(&changed, &spec()).fingerprint();
            assert!(!seen.contains(&fingerprint), "{changed:?}");
            seen.push(fingerprint);
        }
    }

    #[test]
    fn ends_are_told_apart_by_what_they_mean() {
        let ended = |fault: Fault| told(CallEvent::Ended(Err(fault)));
        let words = || "Gone.".to_owned();
        assert_eq!(ended(Fault::Unknown(words())), Some(ToolEvent::Lost("Gone.".to_owned())));
        for fault in [Fault::NotSent(words()), Fault::Refused(words())] {
            let Some(ToolEvent::Finished(Err(error))) = ended(fault) else { panic!() };
            assert!(error.code == "tool_error" && error.message.starts_with("Gone."), "{error}");
        }
        let good = CallResult { content: vec![super::super::Content::Text("x".to_owned())], ..CallResult::default() };
        assert_eq!(told(CallEvent::Ended(Ok(good))), Some(ToolEvent::Finished(Ok("x".into()))));
        let progress = |message: Option<&str>, fraction| {
            told(CallEvent::Progress { message: message.map(str::to_owned), fraction })
        };
        assert_eq!(progress(Some("step 1"), Some(0.5)), Some(ToolEvent::Chunk("50 % step 1\n".to_owned())));
        assert_eq!(progress(Some("step 1"), None), Some(ToolEvent::Chunk("step 1\n".to_owned())));
        assert_eq!(progress(None, Some(7.0)), Some(ToolEvent::Chunk("100 %\n".to_owned())));
        assert_eq!(progress(None, None), None);
    }
}
