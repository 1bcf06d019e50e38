//! The talk over one socket: what happens in its conversation is told, what the other side says is done.
//!
//! A new message is made only when the one before it has found room, so that for a reader that is slow or asleep nothing
//! is kept but its place; when it reads on it is sent what it missed in one piece. One that reads nothing at all is
//! closed. Whoever says something is looked up first, as they are then.

use std::{collections::HashMap, sync::Arc};

use actix_web::web;
use actix_ws::{CloseCode, MessageStream, Session};
use tokio::time::timeout;

use super::{
    Begin,
    said::{Said, ToolApproval, UserMessage, parse},
};
use crate::{
    db::at_once,
    error::{Code, Error, Refusal, Result},
    event::ChatEvent,
    feed::{Lagged, Subscription},
    http::{
        api_caller::ApiCaller,
        error::{DETAIL, detail, retry_after},
        frames::{Frame, Frames},
        heartbeat::{End, GONE, Heartbeat, LAST, SIGNED_OUT, Watch, close},
        limits::Limits,
        outbox::Outbox,
    },
    render::{
        socket::{self, SocketRenderer},
        sse::Since,
    },
    state::AppState,
    turn::{self, DecisionInput, Input},
    types::{ConversationId, Decision, Digest, TokenScope, ToolCallId, TurnId},
};

/// What a refused message is told beside its code: nothing keeps it here.
const NOT_STORED: &str = "the message was not stored; send it again";

/// One socket.
pub struct Talk {
    state: AppState,
    limits: web::Data<Limits>,
    who: ApiCaller,
    watch: Watch,
    session: Session,
    frames: Frames,
    heartbeat: Heartbeat,
    outbox: Outbox<(ToolCallId, Digest)>,
    conversation: Option<ConversationId>,
    /// Made when it is known how the conversation stands.
    renderer: Option<SocketRenderer>,
    /// The turn with which to go on reading; the newest one without.
    next: Option<TurnId>,
    /// None while something that happened before is still to be read.
    subscription: Option<Subscription>,
    /// The requests that this socket has shown, each with its digest; without one where it was shown under several, of
    /// which nobody knows which the other side has read.
    shown: HashMap<ToolCallId, Option<Digest>>,
}

/// What happens next, once something is followed.
async fn next_of(subscription: &mut Option<Subscription>) -> Result<Vec<Arc<ChatEvent>>, Lagged> {
    match subscription {
        Some(subscription) => subscription.next().await,
        None => std::future::pending().await,
    }
}

impl Talk {
    /// Over a socket that was just opened; a message of the other side has at most so many bytes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn new(
        state: &AppState,
        limits: web::Data<Limits>,
        who: ApiCaller,
        begin: Begin,
        session: Session,
        (stream, limit): (MessageStream, usize),
    ) -> Result<Self> {
        let since = match (begin.conversation, begin.after) {
            (None, _) => Some(Since::Beginning),
            (Some(_), Some(place)) => Some(Since::After(place)),
            (Some(_), None) => None,
        };
        Ok(Self {
            state: state.clone(),
            limits,
            watch: Watch::new(state, who.owner(), who.credential.clone(), who.caller.user.epoch).await?,
            session,
            frames: Frames::new(stream, limit),
            heartbeat: Heartbeat::new(),
            outbox: Outbox::new(),
            conversation: begin.conversation,
            renderer: since.map(|since| SocketRenderer::new(who.locale, since)),
            next: begin.after.map(|place| place.turn),
            subscription: None,
            shown: HashMap::new(),
            who,
        })
    }

    /// Talks until one side ends it.
    pub async fn go_on(mut self) {
        if let Err(End::Close(code)) = self.run().await {
            if code == CloseCode::Away {
                // Who does not read is closed without it.
                if timeout(LAST, self.session.text(socket::reconnecting())).await.is_err() {}
            }
            close(self.session, code).await;
        }
    }

    async fn run(&mut self) -> Result<(), End> {
        let closing = self.state.runs.closing.clone();
        loop {
            // Of a turn there may be nothing to tell, and more of the next.
            while self.outbox.is_empty()
                && self.subscription.is_none()
                && let Some(conversation) = self.conversation
            {
                self.read_on(conversation).await?;
            }
            tokio::select! {
                sent = self.outbox.send_next(&mut self.session), if !self.outbox.is_empty() => {
                    if let Some((call, digest)) = sent? {
                        self.note_shown(call, digest);
                    }
                }
                frame = self.frames.next(), if self.outbox.has_room() => self.hear(frame?).await?,
                events = next_of(&mut self.subscription), if self.outbox.is_empty() => match events {
                    Ok(events) => self.tell(&events)?,
                    Err(Lagged) => {
                        self.next = self.renderer.as_ref().and_then(SocketRenderer::turn);
                        self.subscription = None;
                    }
                },
                due = self.heartbeat.due() => {
                    due?;
                    self.outbox.ping();
                }
                () = self.watch.due() => self.watch.look().await?,
                () = closing.cancelled() => return Err(End::Close(CloseCode::Away)),
            }
        }
    }

    /// Reads one turn; when it is the newest, follows from there. One at a time, so that somebody who was long away is
    /// not sent all of it at once.
    async fn read_on(&mut self, conversation: ConversationId) -> Result<(), End> {
        let owner = self.who.owner();
        let subscription = at_once(turn::subscribe(&self.state, owner, conversation)).await?;
        let told = at_once(turn::told(&self.state, owner, conversation, self.next, &subscription)).await?;
        let open = told.turn.as_ref().is_some_and(|turn| !turn.state.is_finished());
        let locale = self.who.locale;
        let renderer = self.renderer.get_or_insert_with(|| {
            // Of a turn that is not finished everything is told, so that it can be decided on; of others nothing.
            SocketRenderer::new(locale, if open { Since::Beginning } else { Since::Now })
        });
        renderer.snapshot(&told);
        self.next = match &told.turn {
            Some(turn) => turn::next_turn(&self.state, owner, turn.id).await?,
            None => None,
        };
        if self.next.is_none() {
            self.subscription = Some(subscription);
        }
        self.draw();
        Ok(())
    }

    fn tell(&mut self, events: &[Arc<ChatEvent>]) -> Result<(), End> {
        let Some(renderer) = &mut self.renderer else { return Ok(()) };
        for event in events {
            match &**event {
                ChatEvent::Deleted => return Err(End::Close(GONE)),
                // What was asked in it is not asked any more.
                ChatEvent::Turn { turn } if turn.state.is_finished() => self.shown.clear(),
                _ => {}
            }
            renderer.event(event);
        }
        self.draw();
        Ok(())
    }

    fn draw(&mut self) {
        for message in self.renderer.iter_mut().flat_map(SocketRenderer::messages) {
            self.outbox.text(message.json, message.shows);
        }
    }

    fn note_shown(&mut self, call: ToolCallId, digest: Digest) {
        let shown = self.shown.entry(call).or_insert(Some(digest));
        if *shown != Some(digest) {
            *shown = None;
        }
    }

    async fn hear(&mut self, frame: Frame) -> Result<(), End> {
        let said = match frame {
            Frame::Text(bytes) => parse(&bytes),
            Frame::Binary => {
                let refusal = Refusal::new(Code::InvalidJson);
                Err(refusal.with(DETAIL, "binary; messages are text").into())
            }
            Frame::Ping(bytes) => {
                self.outbox.pong(bytes);
                return Ok(());
            }
            Frame::Pong => {
                self.heartbeat.answered();
                return Ok(());
            }
        };
        let said = match said {
            Ok(said) => said,
            Err(error) => {
                self.refuse(error, None);
                return Ok(());
            }
        };
        let Some(who) = self.who.now(&self.state).await? else { return Err(End::Close(SIGNED_OUT)) };
        self.who = who;
        match said {
            Said::UserMessage(message) => self.message(message).await,
            Said::ToolApproval(approval) => {
                if let Err(error) = self.decide(approval).await {
                    self.refuse(error, None);
                }
                Ok(())
            }
            Said::Stop(_) => match self.conversation {
                Some(conversation) => Ok(turn::stop(&self.state, &self.who.caller, conversation).await?),
                None => Ok(()),
            },
        }
    }

    /// Begins a turn, and with the first one its conversation.
    async fn message(&mut self, message: UserMessage) -> Result<(), End> {
        let input = Input { message: message.text, ..Input::default() };
        match (self.begin(input).await, self.conversation) {
            (Ok(started), None) => {
                self.conversation = Some(started.conversation);
                self.next = Some(started.turn);
                self.outbox.text(socket::session_created(started.conversation), None);
            }
            // What comes of it is told like everything else.
            (Ok(_), Some(_)) => {}
            (Err(error), Some(_)) if error.code() == Some(Code::NotFound) => return Err(End::Close(GONE)),
            (Err(error), _) => self.refuse(error, Some(NOT_STORED)),
        }
        Ok(())
    }

    async fn begin(&self, input: Input) -> Result<turn::Started> {
        let caller = &self.who.caller;
        self.limits.message(caller.user.id)?;
        match self.conversation {
            Some(conversation) => turn::start(&self.state, caller, conversation, input).await,
            None => turn::begin_conversation(&self.state, caller, input).await,
        }
    }

    /// Says yes or no to a request, as it was shown.
    async fn decide(&self, approval: ToolApproval) -> Result<()> {
        self.who.must(TokenScope::Decide)?;
        let call: ToolCallId = approval.tool_use_id.parse().map_err(|_| Code::NotFound)?;
        let digest = match approval.digest {
            // What is no digest is not that of anything.
            Some(given) => given.parse().ok(),
            None => {
                let shown = self.shown.get(&call).copied().flatten();
                Some(shown.ok_or_else(|| Refusal::new(Code::Conflict).saying("error-not-shown-here"))?)
            }
        };
        let input = DecisionInput {
            call,
            decision: if approval.approved { Decision::Approve } else { Decision::Deny },
            digest,
            reason: approval.reason,
            arguments: None,
            remember: None,
            is_in_person: self.who.is_in_browser(),
        };
        turn::decide(&self.state, &self.who.caller, input).await?;
        Ok(())
    }

    /// Says that something cannot be. The socket stays open.
    fn refuse(&mut self, error: Error, about: Option<&str>) {
        let refusal = match error {
            Error::Refused(refusal) => refusal,
            fault => {
                tracing::error!(cause = %fault, "fault");
                Refusal::new(Code::Internal)
            }
        };
        let state = refusal.arguments.iter().find(|(name, _)| *name == "state").map(|(_, state)| state.clone());
        let wait = retry_after(&refusal).map(|seconds| format!("try again in {seconds} s"));
        let details: Vec<String> =
            [detail(&refusal), state, wait, about.map(str::to_owned)].into_iter().flatten().collect();
        let about = (!details.is_empty()).then(|| details.join("; "));
        let message = self.who.locale.text_with(refusal.message, &refusal.arguments);
        self.outbox.text(socket::refused(message, refusal.code, about.as_deref()), None);
    }
}
