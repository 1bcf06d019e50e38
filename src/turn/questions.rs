//! What a server asks the person of a running call: put to them on the page, and their answer taken back to the server.
//!
//! The task of the call lives on meanwhile. Only it writes the call's course, wherever the person answers: who takes the
//! answer stores it (`answer.rs`), and it is looked for here, at a word from there or once a second. So a question ends in
//! time, and with the right of its person, whatever else happens.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures_util::{FutureExt as _, future::BoxFuture};
use serde_json::{Map, Value};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Interval, MissedTickBehavior},
};
use url::Url;

use crate::{
    db::now,
    error::{Error, Result},
    event::ChatEvent,
    models::{question, tool_call::StoredCall},
    state::{AppState, Run},
    tools::{
        Arguments, Elicit,
        mcp::{self, Answer, Wanted},
    },
    types::{Question, QuestionAnswer, QuestionWanted, ToolCall},
};

use super::{approval::audit, caller_now, checkpoint::Telling};

/// How long a person has for an answer.
const TIME: TimeDelta = TimeDelta::minutes(10);

/// The most questions of one call; those after are declined unseen.
const QUESTIONS: usize = 10;

/// The longest message, in bytes.
const MESSAGE: usize = 4 << 10;

/// The longest schema, in bytes of JSON.
const SCHEMA: usize = 64 << 10;

/// How often a question is looked after without a word that it was answered.
const LOOK: Duration = Duration::from_secs(1);

/// A question on its way to the call's task.
pub(super) struct Asked {
    question: mcp::Question,
    reply: oneshot::Sender<Answer>,
}

/// Asks the person of one call.
struct Asker(mpsc::Sender<Asked>);

impl Elicit for Asker {
    fn ask<'a>(&'a self, question: mcp::Question) -> BoxFuture<'a, Answer> {
        async move {
            let (reply, answer) = oneshot::channel();
            if self.0.send(Asked { question, reply }).await.is_err() {
                return Answer::Cancel;
            }
            // The call is over.
            answer.await.unwrap_or(Answer::Cancel)
        }
        .boxed()
    }
}

/// What a call is given to ask with, and where its questions come out.
pub(super) fn channel() -> (Arc<dyn Elicit>, mpsc::Receiver<Asked>) {
    let (sender, receiver) = mpsc::channel(QUESTIONS);
    (Arc::new(Asker(sender)), receiver)
}

/// Why to look after a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Happened {
    /// The server takes it back, or the call ends.
    TakenBack,
    /// It may have been answered.
    Look,
}

/// A question that waits for its person.
pub(super) struct Open {
    call: StoredCall,
    /// What was asked in the call, with this question as the last.
    asked: Vec<Question>,
    number: i32,
    reply: oneshot::Sender<Answer>,
    person: watch::Receiver<u64>,
    look: Interval,
}

impl Open {
    /// Puts a question of a running call to its person; `None` if it is none that may be put, and was answered by that.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn ask(state: &AppState, run: &Arc<Run>, call: &StoredCall, asked: Asked) -> Result<Option<Self>> {
        let Asked { question, reply } = asked;
        if reply.is_closed() {
            return Ok(None);
        }
        let mut telling = Telling::begin(&state.db, run).await?;
        let earlier = question::of_calls(&mut telling.tx, call.tenant_id, &[call.id]).await?;
        let mut asked: Vec<Question> = earlier.into_iter().map(|(_, question)| question).collect();
        let number = i32::try_from(asked.len()).unwrap_or(i32::MAX).saturating_add(1);
        let Some(wanted) = wanted(question.wanted).filter(|_| asked.len() < QUESTIONS) else {
            drop(telling);
            let words = "[The server asked for something that nobody can be asked. It was declined.]\n";
            let event = ChatEvent::ToolChunk { id: call.id, chunk: words.to_owned() };
            run.note(event.clone());
            state.feed.publish(run.conversation, [event]);
            // Who does not wait any more need not know.
            let _ = reply.send(Answer::Decline);
            return Ok(None);
        };
        let kind = match &wanted {
            QuestionWanted::Form { .. } => "form",
            QuestionWanted::Address { .. } => "address",
        };
        let message = bounded(question.message);
        let question = Question { number, message, wanted: Some(wanted), ends_at: now() + TIME, answer: None };
        // Before the question can be answered, so that no answer goes unheard.
        let person = state.feed.follow_person(call.user_id);
        let Some(call) = question::ask(&mut telling.tx, call, &question).await? else { return Ok(None) };
        audit(state, &mut telling.tx, &call, "input_asked", kind, "").await?;
        asked.push(question);
        telling.commit(state, vec![told(&call, &asked)], None).await?;
        state.feed.touch_person(call.user_id);
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Some(Self { call, asked, number, reply, person, look }))
    }

    /// Waits until there may be something to do. Cancel-safe.
    pub async fn next(&mut self) -> Happened {
        let touched = async {
            if self.person.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = self.reply.closed() => Happened::TakenBack,
            () = touched => Happened::Look,
            _ = self.look.tick() => Happened::Look,
        }
    }

    /// Looks after it; `None` once it is over and the server has its answer.
    ///
    /// # Errors
    /// When the database does not take what became of it.
    pub async fn look_after(self, state: &AppState, run: &Arc<Run>, happened: Happened) -> Result<Option<Self>> {
        let why = match happened {
            Happened::TakenBack => return self.give_up(state, run, "taken_back").await.map(|()| None),
            Happened::Look => match self.standing(state).await {
                // Whoever may not work here any more answers nothing, nor did they.
                Ok((_, false)) => "person_gone",
                Ok(((Some(_), _), true)) => "",
                Ok(((None, true), true)) => "expired",
                Ok(((None, false), true)) => return Ok(Some(self)),
                Err(error) => {
                    tracing::warn!(%error, "a question could not be looked after; it is tried again");
                    return Ok(Some(self));
                }
            },
        };
        self.end(state, run, why).await.map(|()| None)
    }

    /// How it stands, and whether its person may still work here.
    async fn standing(&self, state: &AppState) -> Result<((Option<QuestionAnswer>, bool), bool)> {
        let mut conn = state.db.read(self.call.tenant_id).await?;
        let may = caller_now(&mut conn, self.call.owner()).await?.is_some();
        Ok((question::standing(&mut conn, &self.call, self.number).await?, may))
    }

    /// Ends it for another's sake: the server wants no answer any more, or its call is over. Where that is so because its
    /// person is gone, that is what is written down.
    ///
    /// # Errors
    /// When the database does not tell or take it.
    pub async fn give_up(self, state: &AppState, run: &Arc<Run>, why: &'static str) -> Result<()> {
        let (_, may) = self.standing(state).await?;
        self.end(state, run, if may { why } else { "person_gone" }).await
    }

    /// Ends it: with the answer that was given, or, where there is a reason why it waits no longer, without one, unless
    /// one was given in the same moment.
    ///
    /// # Errors
    /// When the database does not take it.
    async fn end(mut self, state: &AppState, run: &Arc<Run>, why: &'static str) -> Result<()> {
        let mut telling = Telling::begin(&state.db, run).await?;
        let tx = &mut telling.tx;
        let cancelled = (QuestionAnswer::Cancel, None);
        let is_taken_back = !why.is_empty() && question::answer(tx, &self.call, self.number, None, cancelled).await?;
        let (call, answer, sealed) = question::go_on(tx, &self.call, self.number)
            .await?
            .ok_or_else(|| Error::internal(format!("tool call {} waited for nothing", self.call.id)))?;
        if is_taken_back {
            audit(state, tx, &call, "input_cancelled", why, "").await?;
        }
        let said = match (answer, sealed) {
            // Too late, or by someone who may not.
            _ if !why.is_empty() => Answer::Cancel,
            (Some(QuestionAnswer::Accept), Some(sealed)) => Answer::Accept(self.values(state, &sealed)?),
            (Some(QuestionAnswer::Decline), _) => Answer::Decline,
            _ => Answer::Cancel,
        };
        if let Some(last) = self.asked.pop() {
            self.asked.push(last.answered(answer.unwrap_or(QuestionAnswer::Cancel)));
        }
        telling.commit(state, vec![told(&call, &self.asked)], None).await?;
        // Nobody may wait for it any more.
        let _ = self.reply.send(said);
        state.feed.touch_person(self.call.user_id);
        Ok(())
    }

    fn values(&self, state: &AppState, sealed: &str) -> Result<Map<String, Value>> {
        let text = question::open(state.servers.roster().sealer(), &self.call, self.number, sealed)?;
        let values = Arguments::parse(&text).map_err(Error::internal)?;
        Ok(values.value().as_object().cloned().unwrap_or_default())
    }
}

/// A call as it stands, with what was asked in it.
fn told(call: &StoredCall, asked: &[Question]) -> ChatEvent {
    ChatEvent::ToolCall { call: Box::new(ToolCall { questions: asked.to_vec(), ..call.clone().into() }) }
}

/// A message that is not too long.
fn bounded(mut message: String) -> String {
    if message.len() > MESSAGE {
        message.truncate(message.floor_char_boundary(MESSAGE));
        message.push('…');
    }
    message
}

/// What may be put to a person: a form that is not too large, or an address of the web that names its host plainly.
///
/// The attacks meant: an address that a browser runs (`javascript:`, `data:`) or gives to another program; one that looks
/// like another's because of the name before its host (`https://bank.example@evil.example/`).
fn wanted(wanted: Wanted) -> Option<QuestionWanted> {
    match wanted {
        Wanted::Form { schema } => {
            let is_small = serde_json::to_string(&schema).is_ok_and(|text| text.len() <= SCHEMA);
            is_small.then_some(QuestionWanted::Form { schema })
        }
        Wanted::Address { url } => {
            let url = Url::parse(&url).ok()?;
            let is_plain = matches!(url.scheme(), "http" | "https")
                && url.username().is_empty()
                && url.password().is_none()
                && url.host_str().is_some_and(|host| !host.is_empty());
            is_plain.then(|| QuestionWanted::Address { url: url.into() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_plain_addresses_and_small_forms_are_put_to_people() {
        let address = |url: &str| wanted(Wanted::Address { url: url.to_owned() });
        for url in ["https://x.example/a?b=c#d", "http://127.0.0.1:8080/"] {
            assert_eq!(address(url), Some(QuestionWanted::Address { url: url.to_owned() }));
        }
        let Some(QuestionWanted::Address { url }) = address("https://b\u{fc}cher.example/\u{202e}") else { panic!() };
        assert_eq!(url, "https://xn--bcher-kva.example/%E2%80%AE");
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "ftp://x.example/",
            "https://bank.example@evil.example/",
            "https://:secret@x.example/",
            "https://",
            "/a",
            "x.example",
            "",
        ] {
            assert_eq!(address(url), None, "{url}");
        }
        let form = |length: usize| wanted(Wanted::Form { schema: json!({"title": "x".repeat(length)}) });
        assert!(form(SCHEMA / 2).is_some() && form(SCHEMA).is_none());
        assert_eq!(bounded("\u{e9}".repeat(MESSAGE)).chars().count(), MESSAGE / 2 + 1);
    }
}
