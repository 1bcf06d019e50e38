//! How a reply is read: soon enough, and not more often than anybody sees.

use bytes::Bytes;
use futures_util::stream::BoxStream;
use proptest::prelude::*;
use tokio::time::Instant;

use super::{
    super::pace::{MANY, PAUSE_FAST},
    *,
};

/// Takes bytes for words. A reply ends with a full stop.
#[derive(Default)]
struct Words {
    is_done: bool,
}

impl Decode for Words {
    fn push(&mut self, bytes: &[u8], events: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        self.is_done = text.ends_with('.');
        events.push(ModelEvent::Text { block: 0, text });
        Ok(())
    }

    fn finish(&mut self, _: &mut Vec<ModelEvent>) -> Result<(), ProviderError> {
        Err(ProviderError::new(ProviderErrorKind::Interrupted, "words", "without its end"))
    }

    fn is_done(&self) -> bool {
        self.is_done
    }
}

/// A reply of so many words, one after each wait, whether anybody reads them or not.
fn words(count: usize, wait: Duration) -> BoxStream<'static, std::io::Result<Bytes>> {
    let (said, heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut pace = tokio::time::interval_at(Instant::now() + wait, wait);
        for number in 1..=count {
            pace.tick().await;
            if said.send(Bytes::from(if number == count { "w." } else { "w" })).is_err() {
                return;
            }
        }
    });
    stream::unfold(heard, |mut heard| async move { Some((Ok(heard.recv().await?), heard)) }).boxed()
}

fn read(body: BoxStream<'static, std::io::Result<Bytes>>) -> ReplyStream {
    let response = Response::from(http::Response::new(reqwest::Body::wrap_stream(body)));
    reply("words", response, Words::default(), SecretString::default())
}

/// The texts in which a reply came, and how long the last word took.
async fn texts(count: usize, wait: Duration) -> (Vec<String>, Duration) {
    let began = Instant::now();
    let events: Vec<_> = read(words(count, wait)).collect().await;
    let texts = events.into_iter().map(|event| match event.unwrap() {
        ModelEvent::Text { text, .. } => text,
        other => panic!("{other:?}"),
    });
    (texts.collect(), began.elapsed())
}

#[tokio::test]
async fn what_comes_slowly_comes_word_by_word() {
    let (texts, _) = texts(20, Duration::from_millis(60)).await;
    // A busy machine may be late with one or two.
    assert!((15..=20).contains(&texts.len()) && texts.concat().len() == 21, "{texts:?}");
}

#[tokio::test]
async fn what_comes_fast_comes_several_words_at_a_time_and_the_first_at_once() {
    let (texts, took) = texts(200, Duration::from_millis(10)).await;
    assert_eq!(texts[0], "w");
    assert_eq!(texts.concat().len(), 201);
    let most = took.as_millis() / PAUSE_FAST.as_millis() + 3;
    assert!(texts.len() > 5 && texts.len() as u128 <= most, "{} pieces in {took:?}", texts.len());
}

#[tokio::test]
async fn where_many_are_read_what_comes_slowly_comes_in_pairs_and_the_first_alone() {
    let others: Vec<_> = (0..MANY).map(|_| Pace::new()).collect();
    let (texts, _) = texts(40, Duration::from_millis(50)).await;
    assert_eq!(texts[0], "w");
    // A busy machine brings more at once, and never less.
    assert!(texts.len() <= 30 && texts.concat().len() == 41, "{texts:?}");
    drop(others);
}

/// What has come at once is handed over one by one, and that takes its time: there is no pause within it.
#[tokio::test]
async fn what_comes_at_once_is_read_at_once() {
    const COUNT: usize = 3000;
    let body = stream::unfold(1, |number| async move {
        let handed_over = Instant::now() + Duration::from_micros(50);
        while Instant::now() < handed_over {
            std::hint::spin_loop();
        }
        tokio::task::yield_now().await;
        let word = Bytes::from(if number == COUNT { "w." } else { "w" });
        (number <= COUNT).then_some((Ok(word), number + 1))
    });
    let events: Vec<_> = read(body.boxed()).collect().await;
    // With pauses there would be some twenty words in each; without, there are more than three hundred.
    assert!(events.len() < COUNT / 30, "{} pieces", events.len());
}

#[tokio::test]
async fn who_drops_a_reply_ends_its_connection() {
    let (alive, mut is_alive) = mpsc::channel::<()>(1);
    let body = words(100, Duration::from_millis(5)).map(move |word| {
        let _held = &alive;
        word
    });
    let mut reply = read(body.boxed());
    reply.next().await.unwrap().unwrap();
    drop(reply);
    assert_eq!(is_alive.recv().await, None);
}

#[tokio::test]
async fn a_reply_that_breaks_off_gives_what_came_and_says_so() {
    let body = words(3, Duration::from_millis(1)).take(2).boxed();
    let events: Vec<_> = read(body).collect().await;
    assert!(
        matches!(&events[..], [Ok(ModelEvent::Text { .. }), .., Err(error)] if error.kind == ProviderErrorKind::Interrupted)
    );
}

proptest! {
    /// Joined or not, a reply says the same.
    #[test]
    fn joining_changes_no_word(parts in proptest::collection::vec((0..3_u32, "[a-c]{1,2}"), 0..20)) {
        let events = parts.iter().map(|(block, text)| ModelEvent::Text { block: *block, text: text.clone() });
        let joined: Vec<_> = joined(events.collect()).into_iter().map(Result::unwrap).collect();
        let said = |block: u32, event: &ModelEvent| match event {
            ModelEvent::Text { block: of, text } if *of == block => text.clone(),
            _ => String::new(),
        };
        for block in 0..3 {
            let before: String = parts.iter().filter(|(of, _)| *of == block).map(|(_, text)| text.as_str()).collect();
            let after: String = joined.iter().map(|event| said(block, event)).collect();
            prop_assert_eq!(before, after);
        }
        let is_same = |pair: &[ModelEvent]| (0..3).any(|block| pair.iter().all(|event| !said(block, event).is_empty()));
        prop_assert!(!joined.windows(2).any(is_same), "neighbours of one block");
    }
}
