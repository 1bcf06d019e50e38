//! Time limits that a connection which is kept open does not lift.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::*;
use crate::providers::{ModelInfo, Provider};

const LIMIT: Duration = Duration::from_millis(40);

/// Tells for ever how much it has used, and writes nothing.
struct Busy;

impl Provider for Busy {
    fn name(&self) -> &'static str {
        "busy"
    }

    fn model(&self) -> &str {
        "m"
    }

    fn stream<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<ReplyStream, ProviderError>> {
        let told = stream::repeat_with(|| Ok(ModelEvent::Usage(Usage::default()))).then(|event| async {
            tokio::time::sleep(Duration::from_millis(2)).await;
            event
        });
        Box::pin(async { Ok(told.boxed()) })
    }

    fn models<'a>(&'a self) -> BoxFuture<'a, Result<Vec<ModelInfo>, ProviderError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn check<'a>(&'a self) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn whoever_writes_nothing_is_left_however_busy_it_is() {
    let candidate = Candidate { provider: Arc::new(Busy), model: None };
    let mut builder = None;
    let opened = open_in_time(&candidate, &Request::default(), LIMIT, &mut builder).await;
    assert_eq!(opened.err().map(|error| error.kind), Some(ProviderErrorKind::Unavailable));
    assert!(builder.is_some(), "it did tell something");
}

#[tokio::test]
async fn a_reply_that_falls_silent_is_cut_off() {
    let word = ModelEvent::Text { block: 0, text: "word".into() };
    let silent = stream::iter([Ok(word.clone())]).chain(stream::pending()).boxed();
    let heard: Vec<_> = ended_by_silence(silent, "x", LIMIT).collect().await;
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].as_ref().ok(), Some(&word));
    assert_eq!(heard[1].as_ref().err().map(|error| error.kind), Some(ProviderErrorKind::Interrupted));
    let whole = stream::iter([Ok(word.clone()), Ok(word)]).boxed();
    assert_eq!(ended_by_silence(whole, "x", LIMIT).count().await, 2, "one that ends is not touched");
}

#[test]
fn a_report_that_cannot_be_true_is_not_believed() {
    let usage = |input_tokens, output_tokens, cached_tokens| Usage {
        input_tokens,
        output_tokens,
        cached_tokens,
        estimated: false,
    };
    for good in [usage(1, 0, 0), usage(5, 7, 5), usage(2_000_000, 128_000, 0)] {
        assert!(is_believable(&good), "{good:?}");
    }
    for bad in
        [usage(0, 7, 0), usage(-5, 7, 0), usage(1 << 62, 7, 0), usage(5, 1 << 62, 0), usage(5, -1, 0), usage(5, 7, 6)]
    {
        assert!(!is_believable(&bad), "{bad:?}");
    }
}
