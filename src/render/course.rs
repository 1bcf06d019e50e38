//! The course of a turn as a list of steps, each with a place of its own, for viewers that are told what happens and not
//! how things stand: streams of server-sent events, plain text.
//!
//! The same turn gives the same steps at the same places wherever its events are read from: as they happen, from what the
//! database kept of them, on another instance, after a restart. A stored reply takes the place of the pieces in which it
//! was told. So a viewer may be sent the steps after any place, and lose or get twice nothing.
//!
//! Events may be taken in more than once and in overlapping parts (what is stored, what is live, what follows): what was
//! known before makes no step.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    num::ParseIntError,
    str::FromStr,
};

use crate::{
    event::ChatEvent,
    types::{
        Block, Digest, Message, MessageId, MessageRole, ToolCall, ToolCallId, ToolCallState, TurnId, TurnState,
        TurnView,
    },
};

/// A place in a conversation's course: after so many bytes of a block of a turn. Written `{turn}:{block}:{offset}`; the
/// id of a server-sent event. A step that is no text has the offset 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The turn.
    pub turn: TurnId,
    /// The block of its course, from 0.
    pub block: u32,
    /// Bytes of the block.
    pub offset: usize,
}

/// The text was no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPlace;

impl From<ParseIntError> for NoPlace {
    fn from(_: ParseIntError) -> Self {
        Self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.turn, self.block, self.offset)
    }
}

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let mut parts = text.trim().split(':');
        let (Some(turn), Some(block), Some(offset), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoPlace);
        };
        Ok(Self { turn: turn.parse().map_err(|_| NoPlace)?, block: block.parse()?, offset: offset.parse()? })
    }
}

/// What a viewer is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step<'a> {
    /// A message begins.
    Message(MessageId, MessageRole),
    /// More text of the reply.
    Text(&'a str),
    /// More of what the model thinks.
    Thinking(&'a str),
    /// The assistant asks for a tool, or a changed request is to be looked at again.
    ToolRequest(&'a ToolCall),
    /// A call was approved or denied.
    ToolDecision(&'a ToolCall),
    /// A call runs, or waits for its person in the middle of it.
    ToolRuns(&'a ToolCall),
    /// A running tool shows something of its work.
    ToolChunk(ToolCallId, &'a str),
    /// A call came to its end.
    ToolResult(&'a ToolCall),
    /// The turn changed its state.
    Turn(&'a TurnView),
    /// The turn failed, or was cut short.
    Failed(&'a TurnView),
    /// Nothing more happens by itself.
    AtRest(&'a TurnView),
}

impl Step<'_> {
    /// What of a text lies after so many bytes of it; `None` for steps that are no text, and where that is no place
    /// between two characters.
    fn after(&self, bytes: usize) -> Option<Self> {
        Some(match self {
            Self::Text(text) => Self::Text(text.get(bytes..)?),
            Self::Thinking(text) => Self::Thinking(text.get(bytes..)?),
            Self::ToolChunk(id, text) => Self::ToolChunk(*id, text.get(bytes..)?),
            _ => return None,
        })
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Thinking(text) | Self::ToolChunk(_, text) => Some(text),
            _ => None,
        }
    }

    /// Of a step at a place, what a viewer at `seen` was not told yet.
    pub fn unseen(self, place: Place, seen: Place) -> Option<Self> {
        if place.turn != seen.turn || place.block > seen.block {
            return Some(self);
        }
        if place.block < seen.block {
            return None;
        }
        match self.text() {
            // Another kind of step than the viewer was told there, before a crash: it is new.
            Some(_) if seen.offset == 0 => Some(self),
            None if seen.offset > 0 => Some(self),
            None => None,
            Some(_) if place.offset <= seen.offset => None,
            Some(text) => {
                let begins = place.offset - text.len();
                self.after(seen.offset.saturating_sub(begins))
            }
        }
    }
}

/// Where what happened so far leaves its turn: the rest that it is at now, and not one that it left again (a decision was
/// taken, it was tried again). A viewer that comes later is not told of those.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rest(Option<(i64, TurnState)>);

impl Rest {
    /// After these events.
    pub fn after<'e>(events: impl DoubleEndedIterator<Item = &'e ChatEvent>) -> Self {
        let newest = events.rev().find_map(|event| match event {
            ChatEvent::Turn { turn } => Some(turn),
            _ => None,
        });
        Self(newest.filter(|turn| turn.state != TurnState::Running).map(|turn| (turn.epoch, turn.state)))
    }

    /// Whether it is that of the turn then.
    pub fn is(&self, turn: &TurnView) -> bool {
        self.0 == Some((turn.epoch, turn.state))
    }
}

/// A reply that is being written. It holds the blocks `first` (its message), and then in turns one for thinking and one
/// for text, whichever comes: so a reply whose thinking was not kept holds the same ones.
struct Reply {
    first: u32,
    runs: Vec<Run>,
    /// Where in it the present reading is: in which run, after how many bytes.
    at: Option<(usize, usize)>,
}

/// Text of one kind, however many blocks of the model's it came in.
struct Run {
    is_thinking: bool,
    block: u32,
    told: usize,
}

impl Reply {
    /// The blocks that it holds.
    fn blocks(&self) -> u32 {
        let last = self.runs.iter().map(|run| run.block + u32::from(run.is_thinking)).max();
        last.map_or(3, |last| (last + 1).saturating_sub(self.first).max(3))
    }

    /// The run in which text of this kind goes on.
    fn run(&mut self, is_thinking: bool) -> (usize, usize) {
        let (index, read) = match self.at {
            Some((index, read)) if self.runs.get(index).is_some_and(|run| run.is_thinking == is_thinking) => {
                (index, read)
            }
            Some((index, _)) => (index + 1, 0),
            None => (0, 0),
        };
        // A stored reply may lack thinking that was told before it was cut off.
        let skipped = self.runs.iter().skip(index).take_while(|run| run.is_thinking != is_thinking).count();
        let index = index + skipped;
        if index == self.runs.len() {
            let before = self.runs.last().map_or(self.first, |run| run.block);
            // Thinking stands at odd distances from the message, text at even ones.
            let is_odd = (before - self.first).is_multiple_of(2);
            let block = before + if is_odd == is_thinking { 1 } else { 2 };
            self.runs.push(Run { is_thinking, block, told: 0 });
        }
        (index, read)
    }

    /// Takes in the next text of this reading; what of it is new, and where.
    fn take<'t>(&mut self, is_thinking: bool, text: &'t str) -> Option<(u32, usize, &'t str)> {
        let (index, read) = self.run(is_thinking);
        self.at = Some((index, read + text.len()));
        let run = self.runs.get_mut(index)?;
        let new = text.get(run.told.saturating_sub(read).min(text.len())..)?;
        if new.is_empty() || run.told < read {
            return None;
        }
        run.told = read + text.len();
        Some((run.block, run.told, new))
    }
}

/// What is known of a call.
#[derive(Default)]
struct Call {
    /// In which states, under which digest and after how many questions of its server.
    stood: Vec<(ToolCallState, Digest, usize)>,
    /// The block of what it shows while it runs.
    output: Option<u32>,
    told: usize,
    read: usize,
}

/// A turn that is followed.
#[derive(Default)]
pub struct Course {
    turn: Option<TurnView>,
    id: Option<TurnId>,
    stood: Vec<(i64, TurnState)>,
    next: u32,
    last: Option<Place>,
    newest: Option<i64>,
    stored: HashSet<MessageId>,
    replies: HashMap<MessageId, Reply>,
    calls: HashMap<ToolCallId, Call>,
}

impl Course {
    /// The turn as it was last told.
    pub fn turn(&self) -> Option<&TurnView> {
        self.turn.as_ref()
    }

    /// The place of the last step.
    pub fn last(&self) -> Option<Place> {
        self.last
    }

    /// The position of the newest message that was stored so far.
    pub fn newest(&self) -> Option<i64> {
        self.newest
    }

    /// Begins to read the turn's texts from their beginnings again.
    pub fn read_again(&mut self) {
        self.replies.values_mut().for_each(|reply| reply.at = None);
        self.calls.values_mut().for_each(|call| call.read = 0);
    }

    /// Takes in an event; `told` is given the steps that it makes.
    pub fn take(&mut self, event: &ChatEvent, told: &mut impl FnMut(Place, Step<'_>)) {
        match event {
            ChatEvent::Message { message } => self.message(message, told),
            ChatEvent::Text { message_id, text, .. } => self.text(*message_id, false, text, told),
            ChatEvent::Thinking { message_id, text, .. } => self.text(*message_id, true, text, told),
            ChatEvent::ReplyDropped { message_id } => {
                if self.stored.insert(*message_id) {
                    // Whether it was begun here or not, it holds its blocks: others may have been told of it.
                    let reply = self.replies.remove(message_id);
                    let (first, blocks) = reply.map_or((self.next, 3), |reply| (reply.first, reply.blocks()));
                    self.next = self.next.max(first + blocks);
                }
            }
            ChatEvent::ToolCall { call } => self.call(call, told),
            ChatEvent::ToolChunk { id, chunk } => self.chunk(*id, chunk, told),
            ChatEvent::Turn { turn } => self.state(turn, told),
            // A reply is told of with its first word, so that one that is dropped before was never there.
            ChatEvent::ReplyStarted { .. }
            | ChatEvent::Window { .. }
            | ChatEvent::Title { .. }
            | ChatEvent::Deleted
            | ChatEvent::Ended => {}
        }
    }

    /// Of another turn than before: everything begins anew.
    fn belongs_to(&mut self, turn: TurnId) {
        if self.id != Some(turn) {
            *self = Self { id: Some(turn), ..Self::default() };
        }
    }

    fn tell(&mut self, block: u32, offset: usize, step: Step<'_>, told: &mut impl FnMut(Place, Step<'_>)) {
        let Some(turn) = self.id else { return };
        let place = Place { turn, block, offset };
        self.last = Some(place);
        told(place, step);
    }

    fn tell_next(&mut self, step: Step<'_>, told: &mut impl FnMut(Place, Step<'_>)) {
        let block = self.next;
        self.next += 1;
        self.tell(block, 0, step, told);
    }

    fn message(&mut self, message: &Message, told: &mut impl FnMut(Place, Step<'_>)) {
        self.belongs_to(message.turn_id);
        if !self.stored.insert(message.id) {
            return;
        }
        self.newest = self.newest.max(Some(message.position));
        if message.role != MessageRole::Assistant {
            return self.tell_next(Step::Message(message.id, message.role), told);
        }
        self.begin_reply(message.id, told);
        if let Some(reply) = self.replies.get_mut(&message.id) {
            reply.at = None;
        }
        for block in &message.content {
            match block {
                Block::Text { text, .. } => self.more(message.id, false, text, told),
                Block::Thinking { text, .. } => self.more(message.id, true, text, told),
                Block::ToolUse { .. }
                | Block::ToolResult { .. }
                | Block::Image { .. }
                | Block::File { .. }
                | Block::Opaque { .. } => {}
            }
        }
        self.replies.remove(&message.id);
    }

    fn text(&mut self, id: MessageId, is_thinking: bool, text: &str, told: &mut impl FnMut(Place, Step<'_>)) {
        if text.is_empty() || self.stored.contains(&id) {
            return;
        }
        self.begin_reply(id, told);
        self.more(id, is_thinking, text, told);
    }

    fn begin_reply(&mut self, id: MessageId, told: &mut impl FnMut(Place, Step<'_>)) {
        if self.replies.contains_key(&id) {
            return;
        }
        let first = self.next;
        self.next += 3;
        self.replies.insert(id, Reply { first, runs: Vec::new(), at: None });
        self.tell(first, 0, Step::Message(id, MessageRole::Assistant), told);
    }

    fn more(&mut self, id: MessageId, is_thinking: bool, text: &str, told: &mut impl FnMut(Place, Step<'_>)) {
        if text.is_empty() {
            return;
        }
        let Some(reply) = self.replies.get_mut(&id) else { return };
        let Some((block, offset, new)) = reply.take(is_thinking, text) else { return };
        self.next = self.next.max(reply.first + reply.blocks());
        let step = if is_thinking { Step::Thinking(new) } else { Step::Text(new) };
        self.tell(block, offset, step, told);
    }

    fn call(&mut self, call: &ToolCall, told: &mut impl FnMut(Place, Step<'_>)) {
        self.belongs_to(call.turn_id);
        let known = self.calls.entry(call.id).or_default();
        let is_new = known.stood.is_empty();
        let stands = (call.state, call.digest, call.questions.len());
        if known.stood.contains(&stands) {
            return;
        }
        known.stood.push(stands);
        if is_new || call.state == ToolCallState::Pending {
            self.tell_next(Step::ToolRequest(call), told);
        }
        match call.state {
            ToolCallState::Pending => {}
            ToolCallState::Approved | ToolCallState::Denied => self.tell_next(Step::ToolDecision(call), told),
            ToolCallState::Running => {
                self.tell_next(Step::ToolRuns(call), told);
                if let Some(known) = self.calls.get_mut(&call.id) {
                    known.output = Some(self.next);
                    self.next += 1;
                }
            }
            ToolCallState::AwaitingInput => self.tell_next(Step::ToolRuns(call), told),
            ToolCallState::Succeeded | ToolCallState::Failed | ToolCallState::OutcomeUnknown => {
                self.tell_next(Step::ToolResult(call), told);
            }
        }
    }

    fn chunk(&mut self, id: ToolCallId, chunk: &str, told: &mut impl FnMut(Place, Step<'_>)) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Some(block) = call.output else { return };
        let begins = call.read;
        call.read += chunk.len();
        let Some(new) = chunk.get(call.told.saturating_sub(begins).min(chunk.len())..) else { return };
        if new.is_empty() || call.told < begins {
            return;
        }
        call.told = call.read;
        let offset = call.told;
        self.tell(block, offset, Step::ToolChunk(id, new), told);
    }

    fn state(&mut self, turn: &TurnView, told: &mut impl FnMut(Place, Step<'_>)) {
        self.belongs_to(turn.id);
        if self.stood.contains(&(turn.epoch, turn.state)) {
            return;
        }
        self.stood.push((turn.epoch, turn.state));
        self.turn = Some(turn.clone());
        self.tell_next(Step::Turn(turn), told);
        if matches!(turn.state, TurnState::Failed | TurnState::Interrupted) {
            self.tell_next(Step::Failed(turn), told);
        }
        if turn.state != TurnState::Running {
            self.tell_next(Step::AtRest(turn), told);
        }
    }
}

#[cfg(test)]
#[path = "course_tests.rs"]
mod tests;
