//! What may be chosen, and who is asked.

use std::sync::Mutex;

use super::*;

/// A provider that lists what a test says.
struct Listing {
    name: &'static str,
    model: &'static str,
    /// The answers to come, the next one last; then refusals.
    lists: Mutex<Vec<Vec<&'static str>>>,
}

impl Listing {
    fn of(name: &'static str, model: &'static str, lists: &[&[&'static str]]) -> Arc<dyn Provider> {
        let lists = lists.iter().rev().map(|list| list.to_vec()).collect();
        Arc::new(Self { name, model, lists: Mutex::new(lists) })
    }
}

impl Provider for Listing {
    fn name(&self) -> &'static str {
        self.name
    }

    fn model(&self) -> &str {
        self.model
    }

    fn stream<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<ReplyStream, ProviderError>> {
        Box::pin(async { Err(ProviderError::new(ProviderErrorKind::Unavailable, self.name, "never asked")) })
    }

    fn models<'a>(&'a self) -> BoxFuture<'a, Result<Vec<ModelInfo>, ProviderError>> {
        let listed = self.lists.lock().unwrap().pop();
        let info = |name: &str| ModelInfo { name: name.to_owned(), context_window: Some(7), ..ModelInfo::default() };
        let refused = ProviderError::new(ProviderErrorKind::Unavailable, self.name, "no list");
        Box::pin(async move { listed.map(|list| list.into_iter().map(info).collect()).ok_or(refused) })
    }

    fn check<'a>(&'a self) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async { Ok(()) })
    }
}

fn names(providers: &Providers, provider: &str) -> Vec<String> {
    providers.models(provider).into_iter().map(|info| info.name).collect()
}

fn asked(providers: &Providers, choice: &str) -> Vec<String> {
    asked_of(providers, choice, &AllowedModels::All)
}

fn asked_of(providers: &Providers, choice: &str, allowed: &AllowedModels) -> Vec<String> {
    providers.candidates(&choice.parse().unwrap(), allowed).iter().map(|candidate| format!("{candidate:?}")).collect()
}

fn only(models: &[&str]) -> AllowedModels {
    AllowedModels::Only(models.iter().map(|model| (*model).to_owned()).collect())
}

#[tokio::test]
async fn the_configured_model_comes_first_and_a_list_that_cannot_be_had_keeps_the_old_one() {
    let one = Listing::of("openai", "b", &[&["a", "b", "c", "a"]]);
    let providers = Providers::new(vec![one.clone()]);
    assert_eq!(names(&providers, "openai"), ["b"]);
    assert!(providers.has_model("openai", "anything"), "without a list any name may be asked for");
    assert!(!providers.is_known("openai", "anything"));
    assert!(providers.catalog.refresh(one.as_ref()).await);
    assert_eq!(names(&providers, "openai"), ["b", "a", "c"]);
    assert_eq!(providers.info("openai", "b").context_window, Some(7));
    assert!(!providers.catalog.refresh(one.as_ref()).await);
    assert_eq!(names(&providers, "openai"), ["b", "a", "c"]);
    assert!(providers.has_model("openai", "c") && !providers.has_model("openai", "z"));
    assert!(names(&providers, "nobody").is_empty());
}

#[tokio::test]
async fn a_configured_model_that_is_not_on_the_list_may_be_asked_for() {
    let one = Listing::of("openai", "mine", &[&["a"]]);
    let providers = Providers::new(vec![one.clone()]);
    providers.catalog.refresh(one.as_ref()).await;
    assert_eq!(names(&providers, "openai"), ["mine", "a"]);
    assert!(providers.has_model("openai", "mine"));
}

#[test]
fn who_is_asked() {
    let all = || vec![Listing::of("anthropic", "x", &[]), Listing::of("openai", "y", &[])];
    let providers = Providers::new(all());
    assert_eq!(asked(&providers, "auto"), ["anthropic/x", "openai/y"]);
    assert_eq!(asked(&providers, "openai"), ["openai/y"]);
    assert_eq!(asked(&providers, "openai/z"), ["openai/z"]);
    assert!(asked(&providers, "ollama").is_empty());
    let named = Providers::with_first_alone(all());
    assert_eq!(asked(&named, "auto"), ["anthropic/x"]);
    assert_eq!(asked(&named, "openai"), ["openai/y"]);
    assert!(asked(&Providers::default(), "auto").is_empty());
}

#[tokio::test]
async fn who_is_not_allowed_is_not_asked() {
    let one = Listing::of("anthropic", "x", &[&["w", "x"]]);
    let all = || vec![one.clone(), Listing::of("openai", "y", &[]), Listing::of("ollama", "", &[])];
    let providers = Providers::new(all());
    providers.catalog.refresh(one.as_ref()).await;
    for (allowed, choice, expected) in [
        (&["anthropic/x", "openai/y"][..], "auto", &["anthropic/x", "openai/y"][..]),
        (&["openai/y"], "auto", &["openai/y"]),
        // Its own model may not be used, another one may.
        (&["anthropic/w"], "auto", &["anthropic/w"]),
        (&["anthropic/w"], "anthropic", &["anthropic/w"]),
        (&["anthropic/w"], "anthropic/x", &[]),
        (&["anthropic/w"], "openai", &[]),
        // On no list: without one any name may be asked for, with one only those.
        (&["openai/z", "anthropic/z"], "auto", &["openai/z"]),
        (&["openai/z"], "openai/z", &["openai/z"]),
        // One that has not settled on a model yet takes no other than this.
        (&["ollama/llama"], "auto", &["ollama/llama"]),
        (&["gone/a"], "auto", &[]),
        (&[], "auto", &[]),
        (&[], "openai/y", &[]),
    ] {
        assert_eq!(asked_of(&providers, choice, &only(allowed)), expected, "{choice} of {allowed:?}");
    }
    // The one that was named for everybody gives its place to the next that is allowed, alone.
    let named = Providers::with_first_alone(all());
    assert_eq!(asked_of(&named, "auto", &only(&["openai/y", "ollama/llama"])), ["openai/y"]);
    assert_eq!(asked_of(&named, "auto", &AllowedModels::All), ["anthropic/x"]);
    let allowed = |provider: &str, models: &[&str]| {
        let models = providers.allowed_models(provider, &only(models));
        models.into_iter().map(|info| info.name).collect::<Vec<_>>()
    };
    assert_eq!(allowed("anthropic", &["anthropic/w", "anthropic/x", "anthropic/z"]), ["x", "w"]);
    assert_eq!(allowed("openai", &["openai/q", "openai/y"]), ["y", "q"]);
    assert!(allowed("gone", &["gone/a"]).is_empty());
}
