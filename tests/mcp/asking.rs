//! Servers that ask a person something, or for what is not offered.

use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use sayso::tools::mcp::{Answer, Elicit, Fault, Question, Wanted};
use tokio_util::sync::CancellationToken;

use crate::support::{Running, Site, all, quick, until};

/// A person who says what they are called, or goes on thinking.
#[derive(Default)]
struct Person {
    name: Option<&'static str>,
    asked: Mutex<Vec<Question>>,
}

impl Person {
    fn named(name: &'static str) -> Arc<Self> {
        Arc::new(Self { name: Some(name), ..Self::default() })
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl Elicit for Person {
    fn ask<'a>(&'a self, question: Question) -> BoxFuture<'a, Answer> {
        self.asked.lock().unwrap().push(question);
        Box::pin(async move {
            match self.name {
                Some(name) => Answer::Accept([("name".to_owned(), name.into())].into_iter().collect()),
                None => std::future::pending().await,
            }
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_of_the_one_call_is_asked() {
    let site = Site::hostile("plain");
    let person = Person::named("Ada");
    let (_, result) = all(site.start("ask", "{}", person.clone(), &CancellationToken::new())).await;
    assert_eq!(result.unwrap().text(), r#"{"action": "accept", "content": {"name": "Ada"}}"#);
    let question = person.asked.lock().unwrap()[0].clone();
    assert_eq!((question.server.as_str(), question.message.as_str()), ("it", "Who are you?"));
    let Wanted::Form { schema } = question.wanted else { panic!("no form") };
    assert_eq!(schema["properties"]["name"]["type"], "string");
    // Who asks nobody, declines.
    assert_eq!(site.call("ask", "{}").await.unwrap().text(), r#"{"action": "decline"}"#);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_question_it_is_must_be_known() {
    let site = Site::hostile("plain");
    let (waiting, person) = (Arc::new(Person::default()), Person::named("Ada"));
    let cancel = CancellationToken::new();
    let hanging = site.start("hang", "{}", waiting.clone(), &cancel);
    until("the first call arrives", || !site.calls().is_empty()).await;
    let (_, result) = all(site.start("ask", "{}", person.clone(), &CancellationToken::new())).await;
    assert_eq!(result.unwrap().text(), r#"{"action": "decline"}"#, "two calls share the pipe");
    assert_eq!((person.asked(), waiting.asked()), (0, 0));
    cancel.cancel();
    all(hanging).await.1.unwrap_err();
    site.close().await;

    // Over HTTP each call has a stream of its own.
    let server = Running::hostile("plain");
    let site = Site::at(&server.url(), quick());
    let cancel = CancellationToken::new();
    let hanging = site.start("hang", "{}", waiting.clone(), &cancel);
    until("the first call arrives", || server.received().iter().any(|line| line.contains(r#""hang""#))).await;
    let (_, result) = all(site.start("ask", "{}", person.clone(), &CancellationToken::new())).await;
    assert_eq!(result.unwrap().text(), r#"{"action": "accept", "content": {"name": "Ada"}}"#);
    assert_eq!((person.asked(), waiting.asked()), (1, 0));
    cancel.cancel();
    all(hanging).await.1.unwrap_err();
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_ends_with_its_call() {
    let site = Site::hostile("plain");
    let (person, cancel) = (Arc::new(Person::default()), CancellationToken::new());
    let run = site.start("ask", "{}", person.clone(), &cancel);
    until("the person is asked", || person.asked() == 1).await;
    cancel.cancel();
    assert!(matches!(all(run).await.1, Err(Fault::Unknown(_))));
    until("nobody asks any more", || Arc::strong_count(&person) == 1).await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_offered_is_refused() {
    let site = Site::hostile("plain");
    let answers = site.call("sample", "{}").await.unwrap().text();
    assert_eq!(answers.matches("-32601").count(), 2, "{answers}");
    let greeting = site.received().into_iter().find(|line| line.contains(r#""initialize""#)).unwrap();
    assert!(
        greeting.contains("elicitation") && !greeting.contains("sampling") && !greeting.contains("roots"),
        "{greeting}"
    );
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newer_way_to_ask_is_answered_by_the_same_call() {
    let site = Site::hostile("modern");
    let person = Person::named("Ada");
    let (_, result) = all(site.start("required", r#"{"a":1.50}"#, person.clone(), &CancellationToken::new())).await;
    let text = result.unwrap().text();
    assert!(
        text.contains(r#""who": {"action": "accept", "content": {"name": "Ada"}}"#) && text.contains(r#""s1""#),
        "{text}"
    );
    let calls = site.calls();
    assert_eq!(calls.len(), 2);
    assert!(calls.iter().all(|call| call.contains(r#""arguments":{"a":1.50}"#)), "{calls:?}");
    site.close().await;
}
