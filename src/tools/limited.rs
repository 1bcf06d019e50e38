//! Limits that every tool has, whatever limits of its own: how often it runs for a person, and how many words its errors
//! have. How long a run may take, and how much of a result is kept, is looked at by whoever runs it.

use std::sync::Arc;

use futures_util::{StreamExt as _, future::BoxFuture, stream};
use tokio_util::sync::CancellationToken;

use super::{Arguments, Tool, ToolContext, ToolDefinition, ToolError, ToolEvent, ToolRun, rate::Rates};
use crate::types::{Bound, Preview};

/// A tool under these limits.
pub struct Limited {
    tool: Arc<dyn Tool>,
    name: Arc<str>,
    rates: Rates,
    most: usize,
}

impl Limited {
    /// The tool, counted by these rates; of an error at most so many bytes are kept.
    pub fn new(tool: Arc<dyn Tool>, rates: Rates, most: usize) -> Self {
        let name = tool.definition().name.as_str().into();
        Self { tool, name, rates, most }
    }
}

impl Tool for Limited {
    fn definition(&self) -> &ToolDefinition {
        self.tool.definition()
    }

    /// Looking has no effect and is not counted: what a person is shown does not hang on how often they were asked.
    fn preview<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
    ) -> BoxFuture<'a, Result<Preview, ToolError>> {
        self.tool.preview(context, arguments)
    }

    fn includes(&self) -> &'static [&'static str] {
        self.tool.includes()
    }

    fn settle<'a>(&'a self, context: &'a ToolContext, took_effect: bool) -> BoxFuture<'a, ()> {
        self.tool.settle(context, took_effect)
    }

    fn bounds(&self, arguments: &Arguments) -> Vec<Bound> {
        self.tool.bounds(arguments)
    }

    /// One too many ends as `rate_limited` before the tool hears of it.
    fn run(
        &self,
        context: &ToolContext,
        arguments: &Arguments,
        precondition: Option<&str>,
        cancel: CancellationToken,
    ) -> ToolRun {
        if let Err(error) = self.rates.count(context.user, &self.name) {
            return stream::iter([ToolEvent::Finished(Err(error))]).boxed();
        }
        let most = self.most;
        let kept = move |event| match event {
            ToolEvent::Finished(Err(error)) => ToolEvent::Finished(Err(error.cut(most))),
            other => other,
        };
        self.tool.run(context, arguments, precondition, cancel).map(kept).boxed()
    }

    fn took_effect<'a>(
        &'a self,
        context: &'a ToolContext,
        arguments: &'a Arguments,
        precondition: Option<&'a str>,
    ) -> BoxFuture<'a, Option<bool>> {
        self.tool.took_effect(context, arguments, precondition)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        num::NonZeroU32,
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use futures_util::FutureExt as _;
    use serde_json::json;

    use super::*;
    use crate::{
        config::Rate,
        types::{TenantId, UserId},
    };

    /// Ends with so many letters, and fails if it is asked for none; counts its runs.
    struct Letters {
        definition: ToolDefinition,
        runs: Arc<AtomicUsize>,
    }

    impl Tool for Letters {
        fn definition(&self) -> &ToolDefinition {
            &self.definition
        }

        fn preview<'a>(&'a self, _: &'a ToolContext, _: &'a Arguments) -> BoxFuture<'a, Result<Preview, ToolError>> {
            async { Ok(Preview { target: Some("letters".into()), ..Preview::default() }) }.boxed()
        }

        fn bounds(&self, _: &Arguments) -> Vec<Bound> {
            vec![Bound::Below("letters".into())]
        }

        fn run(&self, _: &ToolContext, arguments: &Arguments, _: Option<&str>, _: CancellationToken) -> ToolRun {
            self.runs.fetch_add(1, Ordering::SeqCst);
            let text = "é".repeat(usize::try_from(arguments.value()["count"].as_u64().unwrap()).unwrap());
            let ended = match arguments.value()["fails"].as_bool() {
                Some(true) => Err(ToolError::new("write_failed", text)),
                _ => Ok(text.into()),
            };
            stream::iter([ToolEvent::Chunk("chunk".into()), ToolEvent::Finished(ended)]).boxed()
        }

        fn took_effect<'a>(
            &'a self,
            _: &'a ToolContext,
            _: &'a Arguments,
            _: Option<&'a str>,
        ) -> BoxFuture<'a, Option<bool>> {
            async { Some(true) }.boxed()
        }
    }

    fn limited(count: u32, most: usize) -> (Limited, Arc<AtomicUsize>) {
        let definition = ToolDefinition {
            server: "sayso".into(),
            launch: "builtin".into(),
            beside: Vec::new(),
            name: "letters".into(),
            description: String::new(),
            input_schema: json!({"type": "object"}),
        };
        let runs = Arc::<AtomicUsize>::default();
        let rates = Rates::new(Rate { count: NonZeroU32::new(count).unwrap(), per: Duration::from_secs(3600) });
        (Limited::new(Arc::new(Letters { definition, runs: Arc::clone(&runs) }), rates, most), runs)
    }

    fn person() -> ToolContext {
        ToolContext {
            tenant: TenantId::new(),
            tenant_slug: "acme".into(),
            user: UserId::new(),
            call: None,
            within: None,
            elicit: std::sync::Arc::new(crate::tools::mcp::Decline),
        }
    }

    async fn run(tool: &Limited, context: &ToolContext, arguments: &str) -> Vec<ToolEvent> {
        tool.run(context, &Arguments::parse(arguments).unwrap(), None, CancellationToken::new()).collect().await
    }

    #[tokio::test]
    async fn one_run_too_many_never_begins() {
        let (tool, runs) = limited(2, 1024);
        let (one, other) = (person(), person());
        for _ in 0..2 {
            assert_eq!(run(&tool, &one, r#"{"count":1}"#).await.last(), Some(&ToolEvent::Finished(Ok("é".into()))));
        }
        let refused = run(&tool, &one, r#"{"count":1}"#).await;
        assert!(
            matches!(&refused[..], [ToolEvent::Finished(Err(error))] if error.code == "rate_limited"
                && error.message.starts_with("letters ran too often")),
            "{refused:?}"
        );
        assert_eq!(runs.load(Ordering::SeqCst), 2);
        assert_eq!(run(&tool, &other, r#"{"count":1}"#).await.len(), 2);
    }

    #[tokio::test]
    async fn long_words_of_an_error_are_cut_and_say_so() {
        let (tool, _) = limited(10, 5);
        let ended = async |arguments| match run(&tool, &person(), arguments).await.pop() {
            Some(ToolEvent::Finished(ended)) => ended,
            other => panic!("{other:?}"),
        };
        assert_eq!(ended(r#"{"count":3}"#).await, Ok("ééé".into()), "results are cut by who keeps them");
        let error = ended(r#"{"count":3,"fails":true}"#).await.unwrap_err();
        let cut = "éé\n\n[Cut: these are the first 4 of 6 bytes.]";
        assert_eq!((error.code, error.message.as_str()), ("write_failed", cut));
    }

    #[tokio::test]
    async fn all_else_is_the_tools_own() {
        let (tool, runs) = limited(1, 5);
        let (context, arguments) = (person(), Arguments::parse("{}").unwrap());
        assert_eq!(tool.definition().name, "letters");
        assert_eq!(tool.preview(&context, &arguments).await.unwrap().target.as_deref(), Some("letters"));
        assert_eq!(tool.bounds(&arguments), [Bound::Below("letters".into())]);
        assert_eq!(tool.took_effect(&context, &arguments, None).await, Some(true));
        assert_eq!(runs.load(Ordering::SeqCst), 0);
    }
}
