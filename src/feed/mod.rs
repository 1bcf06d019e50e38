//! Live fan-out: what happens in a conversation, to everyone who looks at it.
//!
//! A viewer subscribes, reads a snapshot, then follows. A conversation's log is a bounded, append-only list of
//! events; each viewer has its own place in it, and what all of them have passed is let go. One that falls behind the
//! list's beginning is told so and takes a new snapshot: nothing queues per viewer. What was published but is not stored
//! as a message yet is kept beside the list as `live`, with texts joined, so that a snapshot costs what the reply costs
//! and no more.

mod people;
mod shared;

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::{Notify, watch};

use crate::{
    event::ChatEvent,
    types::{ConversationId, MessageRole, TurnId, UserId},
};

pub use people::watch_people;
pub use shared::{Wake, follow_other_instances};

/// How many events a viewer may fall behind before it takes a snapshot instead.
const LOG_LENGTH: usize = 4096;

/// The fan-out of one instance; cheap to clone.
#[derive(Clone, Default)]
pub struct Feed {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Each lock here is held for a few map operations, never across an await.
    conversations: Mutex<HashMap<ConversationId, Channel>>,
    people: Mutex<HashMap<UserId, watch::Sender<u64>>>,
    /// How many viewers there have been.
    viewers: AtomicU64,
}

/// Tells the viewers of this instance apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Viewer(u64);

#[derive(Default)]
struct Channel {
    /// The number of the first event in `log`.
    start: u64,
    log: VecDeque<Arc<ChatEvent>>,
    /// The viewers, and the number of the event that each of them reads next.
    places: HashMap<Viewer, u64>,
    /// What is not stored as a message yet, in order, texts joined.
    live: Vec<ChatEvent>,
    /// Wakes the viewers.
    news: Arc<Notify>,
    /// How far events of a turn that another instance runs have been read.
    remote: Option<(TurnId, i64)>,
}

/// The viewer fell behind what is kept: it must take a new snapshot.
#[derive(Debug, PartialEq, Eq)]
pub struct Lagged;

/// A viewer's place in a conversation. Dropping it lets the conversation's channel go when nobody else needs it.
pub struct Subscription {
    feed: Feed,
    conversation: ConversationId,
    viewer: Viewer,
    news: Arc<Notify>,
    /// What was live when the viewer subscribed.
    pub live: Vec<ChatEvent>,
}

/// A lock whose holder panicked guards plain data that is whole at every step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Feed {
    /// Tells everyone who looks at the conversation. Called after the commit of what the events say.
    pub fn publish(&self, conversation: ConversationId, events: impl IntoIterator<Item = ChatEvent>) {
        let mut conversations = locked(&self.inner.conversations);
        let channel = conversations.entry(conversation).or_default();
        for event in events {
            channel.push(event);
        }
        if channel.is_idle() {
            conversations.remove(&conversation);
        }
    }

    /// Begins to follow. Subscribe first and read the tables after: what happens in between comes as an event.
    pub fn subscribe(&self, conversation: ConversationId) -> Subscription {
        let mut conversations = locked(&self.inner.conversations);
        let channel = conversations.entry(conversation).or_default();
        let viewer = Viewer(self.inner.viewers.fetch_add(1, Ordering::Relaxed));
        channel.places.insert(viewer, channel.end());
        let news = channel.news.clone();
        Subscription { feed: self.clone(), conversation, viewer, news, live: channel.live.clone() }
    }

    /// Forgets what was told live in a conversation: it is not what was stored. Every viewer takes a new snapshot.
    pub fn reset(&self, conversation: ConversationId) {
        let mut conversations = locked(&self.inner.conversations);
        let Some(channel) = conversations.get_mut(&conversation) else { return };
        channel.live.clear();
        channel.remote = None;
        channel.start += channel.log.len() as u64 + 1;
        channel.log.clear();
        channel.news.notify_waiters();
        if channel.is_idle() {
            conversations.remove(&conversation);
        }
    }

    /// Whether anybody here looks at the conversation.
    pub fn is_watched(&self, conversation: ConversationId) -> bool {
        locked(&self.inner.conversations).get(&conversation).is_some_and(Channel::is_watched)
    }

    /// The conversations that somebody here looks at.
    pub fn watched(&self) -> Vec<ConversationId> {
        locked(&self.inner.conversations)
            .iter()
            .filter(|(_, channel)| channel.is_watched())
            .map(|(conversation, _)| *conversation)
            .collect()
    }

    /// Tells everything a person has open to look again: who they are, what waits for them.
    pub fn touch_person(&self, user: UserId) {
        let mut people = locked(&self.inner.people);
        if let Some(sender) = people.get(&user) {
            sender.send_modify(|count| *count += 1);
            if sender.receiver_count() == 0 {
                people.remove(&user);
            }
        }
    }

    /// Tells everything that anybody has open to look again.
    pub fn touch_everybody(&self) {
        for sender in locked(&self.inner.people).values() {
            sender.send_modify(|count| *count += 1);
        }
    }

    /// Wakes at each [`Feed::touch_person`].
    pub fn follow_person(&self, user: UserId) -> watch::Receiver<u64> {
        let mut people = locked(&self.inner.people);
        people.retain(|_, sender| sender.receiver_count() > 0);
        people.entry(user).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }

    /// The people who have something open here.
    pub fn people(&self) -> Vec<UserId> {
        locked(&self.inner.people)
            .iter()
            .filter(|(_, sender)| sender.receiver_count() > 0)
            .map(|(user, _)| *user)
            .collect()
    }
}

impl Channel {
    fn push(&mut self, event: ChatEvent) {
        self.keep_live(&event);
        if self.is_watched() {
            self.log.push_back(Arc::new(event));
            if self.log.len() > LOG_LENGTH {
                self.log.pop_front();
                self.start += 1;
            }
            self.news.notify_waiters();
        } else {
            // Nobody looks: a later viewer begins with `live` and the tables.
            self.start += self.log.len() as u64 + 1;
            self.log.clear();
        }
    }

    /// Keeps what is not in the tables yet, and lets go of what is.
    fn keep_live(&mut self, event: &ChatEvent) {
        match event {
            ChatEvent::ReplyStarted { .. } | ChatEvent::ToolChunk { .. } => self.live.push(event.clone()),
            ChatEvent::Text { message_id, block, text } => match self.live.last_mut() {
                Some(ChatEvent::Text { message_id: id, block: last, text: joined })
                    if id == message_id && last == block =>
                {
                    joined.push_str(text);
                }
                _ => self.live.push(event.clone()),
            },
            ChatEvent::Thinking { message_id, block, text } => match self.live.last_mut() {
                Some(ChatEvent::Thinking { message_id: id, block: last, text: joined })
                    if id == message_id && last == block =>
                {
                    joined.push_str(text);
                }
                _ => self.live.push(event.clone()),
            },
            ChatEvent::Message { message } if message.role == MessageRole::Assistant => {
                self.live.retain(|event| event.reply() != Some(message.id));
            }
            ChatEvent::ReplyDropped { message_id } => {
                self.live.retain(|event| event.reply() != Some(*message_id));
            }
            ChatEvent::ToolCall { call } if call.state.is_finished() => {
                self.live.retain(|event| !matches!(event, ChatEvent::ToolChunk { id, .. } if *id == call.id));
            }
            ChatEvent::Turn { turn } if turn.state.is_finished() => self.live.clear(),
            ChatEvent::Message { .. }
            | ChatEvent::ToolCall { .. }
            | ChatEvent::Turn { .. }
            | ChatEvent::Window { .. }
            | ChatEvent::Title { .. }
            | ChatEvent::Ended
            | ChatEvent::Deleted => {}
        }
    }

    /// What this viewer has not read yet; it has now.
    fn read(&mut self, viewer: Viewer) -> Result<Vec<Arc<ChatEvent>>, Lagged> {
        let next = self.places.get_mut(&viewer).ok_or(Lagged)?;
        let behind = next.checked_sub(self.start).ok_or(Lagged)?;
        let skipped = usize::try_from(behind).map_err(|_| Lagged)?;
        let events: Vec<_> = self.log.iter().skip(skipped).cloned().collect();
        *next += events.len() as u64;
        self.trim();
        Ok(events)
    }

    /// Lets go of what every viewer has read.
    fn trim(&mut self) {
        let read_by_all = self.places.values().min().map_or(0, |place| place.saturating_sub(self.start));
        let read_by_all = usize::try_from(read_by_all).unwrap_or(usize::MAX).min(self.log.len());
        self.log.drain(..read_by_all);
        self.start += read_by_all as u64;
    }

    /// The number after the last event.
    fn end(&self) -> u64 {
        self.start + self.log.len() as u64
    }

    fn is_watched(&self) -> bool {
        !self.places.is_empty()
    }

    fn is_idle(&self) -> bool {
        self.live.is_empty() && !self.is_watched()
    }
}

impl Subscription {
    /// What happened since the last call, waiting until something did. Cancel-safe.
    ///
    /// # Errors
    /// [`Lagged`] when this viewer fell behind what is kept.
    pub async fn next(&self) -> Result<Vec<Arc<ChatEvent>>, Lagged> {
        loop {
            // Made before it looks, so that what is told in between wakes it.
            let news = self.news.notified();
            let events = self.so_far()?;
            if !events.is_empty() {
                return Ok(events);
            }
            news.await;
        }
    }

    /// What happened since the last call, if anything did.
    ///
    /// # Errors
    /// [`Lagged`] when this viewer fell behind what is kept.
    pub fn so_far(&self) -> Result<Vec<Arc<ChatEvent>>, Lagged> {
        let mut conversations = locked(&self.feed.inner.conversations);
        conversations.get_mut(&self.conversation).ok_or(Lagged)?.read(self.viewer)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut conversations = locked(&self.feed.inner.conversations);
        let Some(channel) = conversations.get_mut(&self.conversation) else { return };
        channel.places.remove(&self.viewer);
        if channel.is_idle() {
            conversations.remove(&self.conversation);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{MessageId, TurnState, TurnView};

    fn text(message_id: MessageId, text: &str) -> ChatEvent {
        ChatEvent::Text { message_id, block: 0, text: text.into() }
    }

    fn ended() -> ChatEvent {
        ChatEvent::Turn { turn: TurnView { id: TurnId::new(), state: TurnState::Completed, failure: None, epoch: 1 } }
    }

    #[tokio::test]
    async fn a_viewer_gets_what_is_live_and_then_what_follows() {
        let (feed, conversation, message) = (Feed::default(), ConversationId::new(), MessageId::new());
        feed.publish(conversation, [text(message, "a"), text(message, "b")]);
        let viewer = feed.subscribe(conversation);
        assert_eq!(viewer.live, [text(message, "ab")]);
        feed.publish(conversation, [text(message, "c"), ended()]);
        let events = viewer.next().await.unwrap();
        assert_eq!(*events[0], text(message, "c"));
        assert_eq!(events.len(), 2);
        assert!(feed.subscribe(conversation).live.is_empty());
    }

    #[tokio::test]
    async fn a_viewer_that_lags_is_told_so() {
        let (feed, conversation, message) = (Feed::default(), ConversationId::new(), MessageId::new());
        let viewer = feed.subscribe(conversation);
        for _ in 0..=LOG_LENGTH {
            feed.publish(conversation, [text(message, "x")]);
        }
        assert_eq!(viewer.next().await.unwrap_err(), Lagged);
        assert_eq!(feed.subscribe(conversation).live.len(), 1);
    }

    #[tokio::test]
    async fn what_all_viewers_have_read_is_let_go() {
        let (feed, conversation, message) = (Feed::default(), ConversationId::new(), MessageId::new());
        let kept = || locked(&feed.inner.conversations)[&conversation].log.len();
        const MANY: usize = 300;
        let (fast, slow) = (feed.subscribe(conversation), feed.subscribe(conversation));
        let mut read = 0;
        for _ in 0..MANY {
            feed.publish(conversation, [text(message, "x")]);
            read += fast.next().await.unwrap().len();
        }
        assert_eq!((read, kept()), (MANY, MANY), "the other has read nothing yet");
        assert_eq!(slow.next().await.unwrap().len(), MANY);
        assert_eq!(kept(), 0);
        feed.publish(conversation, [text(message, "y")]);
        assert_eq!(*fast.next().await.unwrap()[0], text(message, "y"));
        assert_eq!(*slow.next().await.unwrap()[0], text(message, "y"));
        for _ in 0..MANY {
            feed.publish(conversation, [text(message, "z")]);
            fast.next().await.unwrap();
        }
        drop(slow);
        feed.publish(conversation, [text(message, "z")]);
        fast.next().await.unwrap();
        assert_eq!(kept(), 0, "who is gone holds nothing");
    }

    #[tokio::test]
    async fn after_a_reset_everyone_begins_anew() {
        let (feed, conversation, message) = (Feed::default(), ConversationId::new(), MessageId::new());
        let viewer = feed.subscribe(conversation);
        feed.publish(conversation, [text(message, "a")]);
        viewer.next().await.unwrap();
        feed.reset(conversation);
        assert_eq!(viewer.next().await.unwrap_err(), Lagged);
        let viewer = feed.subscribe(conversation);
        assert!(viewer.live.is_empty());
        feed.publish(conversation, [text(message, "b")]);
        assert_eq!(*viewer.next().await.unwrap()[0], text(message, "b"));
    }

    #[test]
    fn nothing_is_kept_for_nobody() {
        let (feed, conversation) = (Feed::default(), ConversationId::new());
        feed.publish(conversation, [text(MessageId::new(), "x"), ended()]);
        drop(feed.subscribe(conversation));
        assert!(locked(&feed.inner.conversations).is_empty());
        let person = UserId::new();
        drop(feed.follow_person(person));
        feed.touch_person(person);
        assert!(locked(&feed.inner.people).is_empty());
    }
}
