//! The page as it follows a conversation: events become fragments for `hx-ws`, gathered between two flushes.
//!
//! What a viewer has been sent is known by id. Something new is appended to `#live` as it stands at the flush;
//! something known is morphed, so that selection, focus and opened folds survive; text on its way is patched.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{BuildHasher, RandomState},
    sync::LazyLock,
};

use uuid::Uuid;

use super::{
    PageContext, Standing,
    conversation::draw,
    escape,
    frames::partial,
    messages::{MessageView, WindowLine, spoken},
    reply::{Kept, Reply, Writer},
    tool_calls::{Place, ToolCallView, Typed},
    usage::{Glance, MonthLine},
};
use crate::{
    event::ChatEvent,
    render::{Renderer, Snapshot},
    types::{
        ConversationId, Message, MessageId, MessageRole, MessageState, ToolCall, ToolCallId, ToolCallState, TurnState,
        TurnView, Undo,
    },
};

/// Of a place into which nothing was sent yet.
const NOTHING: u64 = 0;

/// Tells whether a place shows what it should. Keyed at random: what differs cannot be written so that it seems the same.
static FINGERPRINTS: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Where the line stands before which models see nothing.
const WINDOW: &str = "#window";

/// A call and what it showed of its work.
struct Call {
    call: ToolCall,
    output: String,
    sent_output: usize,
    message_id: Option<MessageId>,
    /// Whether anything but its output changed.
    is_changed: bool,
}

impl Call {
    /// Whether it is over: then its result speaks, and what it showed of its work is gone, as for a page that loads.
    fn is_over(&self) -> bool {
        self.call.state.is_finished() || self.call.state == ToolCallState::OutcomeUnknown
    }

    /// Takes over how the call stands now.
    fn update(&mut self, call: &ToolCall) {
        let asked = std::mem::take(&mut self.call.questions);
        self.call = call.clone();
        // Not everyone who tells of a call tells again what was asked in it.
        if self.call.questions.is_empty() {
            self.call.questions = asked;
        }
        self.is_changed = true;
        if self.is_over() {
            self.output.clear();
            self.sent_output = 0;
        }
    }
}

enum Content {
    Message(Box<Message>),
    Reply(MessageId, Reply),
    Call(Box<Call>),
    /// Sent whole, or dropped; nothing more is known of it.
    Done,
}

struct Entry {
    content: Content,
    is_sent: bool,
}

/// Draws one conversation for one page.
pub struct HtmlRenderer {
    ctx: PageContext,
    conversation: ConversationId,
    title: Option<String>,
    is_ended: bool,
    is_direct: bool,
    turn: Option<TurnView>,
    entries: Vec<Entry>,
    places: HashMap<Uuid, usize>,
    /// Entries that changed since the last frame.
    changed: Vec<usize>,
    /// The calls of the newest turn.
    calls: Vec<usize>,
    results: HashMap<ToolCallId, MessageId>,
    dropped: Vec<MessageId>,
    /// Calls of earlier turns that changed; the page may have them.
    settled: Vec<ToolCall>,
    /// The message with which the window of models begins.
    window: Option<MessageId>,
    is_window_moved: bool,
    /// Paragraphs to be read aloud.
    announcements: Vec<String>,
    is_standing_changed: bool,
    /// What was last sent into each place around the log, in their order. A page keeps it for hours: a number for each.
    parts: Vec<u64>,
    /// How many decisions wait in each conversation in which any do.
    waits: Vec<(ConversationId, usize)>,
    /// The month at a glance, as it is drawn, until it is sent.
    month: Option<String>,
    /// Whether text has waited for long enough.
    is_late: bool,
}

impl HtmlRenderer {
    /// For a page of this conversation; its first frame is a snapshot.
    pub fn new(ctx: PageContext, conversation: ConversationId) -> Self {
        Self {
            ctx,
            conversation,
            title: None,
            is_ended: false,
            is_direct: false,
            turn: None,
            entries: Vec::new(),
            places: HashMap::new(),
            changed: Vec::new(),
            calls: Vec::new(),
            results: HashMap::new(),
            dropped: Vec::new(),
            settled: Vec::new(),
            window: None,
            is_window_moved: false,
            announcements: Vec::new(),
            is_standing_changed: false,
            parts: Vec::new(),
            waits: Vec::new(),
            month: None,
            is_late: false,
        }
    }

    /// For whom it draws.
    pub fn context(&self) -> &PageContext {
        &self.ctx
    }

    /// The month at a glance; shown with the next flush.
    pub fn month(&mut self, month: &Glance) {
        self.month = Some(draw(&MonthLine { ctx: &self.ctx, month }));
        self.is_standing_changed = true;
    }

    /// What waits for the viewer over all conversations; shown with the next flush.
    pub fn waiting(&mut self, calls: &[ToolCall]) {
        let mut waits: Vec<(ConversationId, usize)> = Vec::new();
        for call in calls {
            match waits.iter_mut().find(|(known, _)| *known == call.conversation_id) {
                Some((_, count)) => *count += 1,
                None => waits.push((call.conversation_id, 1)),
            }
        }
        self.ctx.waiting = calls.len();
        self.is_standing_changed |= std::mem::replace(&mut self.waits, waits.clone()) != waits;
    }

    /// The numbers beside conversations, for a script to put them there.
    fn badges(&self) -> String {
        let badge = |(id, count): &(ConversationId, usize)| {
            format!("<span data-of=\"{id}\">{}</span>", self.ctx.conversation_badge(count))
        };
        self.waits.iter().map(badge).collect()
    }

    /// Whether something is there that the page knows nothing of yet; more of a text that it has may wait for a moment.
    pub fn has_begun(&self) -> bool {
        self.changed.iter().filter_map(|index| self.entries.get(*index)).any(|entry| match &entry.content {
            Content::Reply(_, reply) => !entry.is_sent || reply.has_begun(),
            _ => !entry.is_sent,
        })
    }

    /// As [`Renderer::flush`]; text that waits long enough waits no more for what would make it worth its bytes.
    pub fn flush_paced(&mut self, is_late: bool) -> Option<String> {
        self.is_late = is_late;
        let frame = self.flush();
        self.is_late = false;
        frame
    }

    /// What is still kept back of replies on their way, for when no more of them comes for a while.
    pub fn pause(&mut self) -> Option<String> {
        let mut frame = String::new();
        for entry in self.entries.iter_mut().filter(|entry| entry.is_sent) {
            if let Content::Reply(id, reply) = &mut entry.content {
                reply.patch(&mut frame, &self.ctx, *id, Kept::Nothing);
            }
        }
        (!frame.is_empty()).then_some(frame)
    }

    /// Takes in how things stand, as if all of it had been sent.
    pub fn load(&mut self, snapshot: &Snapshot) {
        let (parts, waits) = (std::mem::take(&mut self.parts), std::mem::take(&mut self.waits));
        let month = self.month.take();
        *self = Self { parts, waits, month, ..Self::new(self.ctx.clone(), self.conversation) };
        self.title.clone_from(&snapshot.title);
        self.is_ended = snapshot.is_ended;
        self.is_direct = snapshot.is_direct;
        self.turn.clone_from(&snapshot.turn);
        self.window = snapshot.window;
        let results = snapshot.messages.iter().filter_map(|message| Some((message.tool_call_id?, message.id)));
        self.results = results.collect();
        let mut calls: Vec<&ToolCall> = snapshot.calls.iter().collect();
        calls.sort_by_key(|call| call.ordinal);
        for message in snapshot.messages.iter().filter(|message| message.role != MessageRole::Tool) {
            self.put(message.id.0, Content::Message(Box::new(message.clone())));
            for call in calls.extract_if(.., |call| call.message_id == message.id) {
                self.put_call(call);
            }
        }
        for call in calls {
            self.put_call(call);
        }
        for event in &snapshot.live {
            self.event(event);
        }
        self.announcements.clear();
        self.dropped.clear();
        self.settled.clear();
        self.mark_sent();
    }

    /// Every article, in order.
    pub fn articles(&self) -> String {
        self.entries.iter().map(|entry| self.placed(entry)).collect()
    }

    /// How the conversation stands.
    pub fn standing(&self) -> Standing<'_> {
        let call = |index: &usize| match &self.entries.get(*index)?.content {
            Content::Call(call) => Some(&call.call),
            _ => None,
        };
        Standing {
            ctx: &self.ctx,
            conversation: self.conversation,
            title: self.title.as_deref(),
            is_ended: self.is_ended,
            is_direct: self.is_direct,
            turn: self.turn.as_ref(),
            calls: self.calls.iter().filter_map(call).collect(),
        }
    }

    /// Puts something in its place, or at the end.
    fn put(&mut self, id: Uuid, content: Content) -> usize {
        let index = *self.places.entry(id).or_insert(self.entries.len());
        match self.entries.get_mut(index) {
            Some(entry) => entry.content = content,
            None => self.entries.push(Entry { content, is_sent: false }),
        }
        self.changed.push(index);
        index
    }

    fn put_call(&mut self, call: &ToolCall) {
        self.is_standing_changed = true;
        if call.question().is_some() {
            let words = escape(&self.ctx.t1("announce-asked", "server", &call.server));
            self.announcements.push(format!("<p>{words}</p>"));
        }
        let known = self.places.get(&call.id.0).and_then(|index| self.entries.get_mut(*index));
        if let Some(Content::Call(known)) = known.map(|entry| &mut entry.content) {
            known.update(call);
            self.changed.extend(self.places.get(&call.id.0));
            return;
        }
        let message_id = self.results.get(&call.id).copied();
        let content = Call { call: call.clone(), output: String::new(), sent_output: 0, message_id, is_changed: true };
        let index = self.put(call.id.0, Content::Call(Box::new(content)));
        if self.turn.as_ref().is_none_or(|turn| turn.id == call.turn_id) {
            self.calls.push(index);
        }
        // Those beside it count one more.
        for index in self.calls.iter().copied() {
            if let Some(Content::Call(beside)) = self.entries.get_mut(index).map(|entry| &mut entry.content)
                && beside.call.message_id == call.message_id
            {
                beside.is_changed = true;
                self.changed.push(index);
            }
        }
    }

    /// Whether nothing is known of a call any more because its turn is over, though it changes once more: its person
    /// put back what it wrote.
    fn is_settled(&mut self, call: &ToolCall) -> bool {
        call.undo == Some(Undo::Done) && self.known_call(call.id).is_none()
    }

    /// A call of an earlier turn as it stands now. A page that does not show it passes over it.
    fn draw_settled(&self, frame: &mut String, call: &ToolCall) {
        let view = ToolCallView {
            ctx: &self.ctx,
            call,
            message_id: None,
            total: 1,
            output: "",
            place: Place::Conversation,
            typed: Typed::default(),
        };
        partial(frame, &format!("#tool-call-{}", call.id), "outerMorph", &draw(&view));
    }

    fn known_call(&mut self, id: ToolCallId) -> Option<(usize, &mut Call)> {
        let index = *self.places.get(&id.0)?;
        match &mut self.entries.get_mut(index)?.content {
            Content::Call(call) => Some((index, call)),
            _ => None,
        }
    }

    fn take_message(&mut self, message: &Message) {
        if let Some(call_id) = message.tool_call_id.filter(|_| message.role == MessageRole::Tool) {
            self.results.insert(call_id, message.id);
            if let Some((index, call)) = self.known_call(call_id) {
                call.message_id = Some(message.id);
                call.is_changed = true;
                self.changed.push(index);
            }
            return;
        }
        if message.role == MessageRole::Assistant && message.state == MessageState::Complete {
            // The page has the words; `announce.js` takes them from there.
            if !message.text().trim().is_empty() {
                self.announcements.push(format!("<p data-of=\"message-{}\"></p>", message.id));
            }
        }
        self.put(message.id.0, Content::Message(Box::new(message.clone())));
    }

    /// The reply under this id, begun if nothing is known of it; `None` once its message is stored.
    fn reply(&mut self, id: MessageId, writer: Writer) -> Option<&mut Reply> {
        let index = match self.places.get(&id.0) {
            Some(index) => *index,
            None => self.put(id.0, Content::Reply(id, Reply::new(writer))),
        };
        match &mut self.entries.get_mut(index)?.content {
            Content::Reply(_, reply) => {
                self.changed.push(index);
                Some(reply)
            }
            _ => None,
        }
    }

    fn take_text(&mut self, id: MessageId, index: u32, text: &str, is_thinking: bool) {
        if let Some(reply) = self.reply(id, Writer::default()) {
            reply.push(id, index, text, is_thinking);
        }
    }

    fn take_turn(&mut self, turn: &TurnView) {
        self.is_standing_changed = true;
        if self.turn.as_ref().is_none_or(|known| known.id != turn.id) {
            let of_turn = |entry: &Entry| matches!(&entry.content, Content::Call(call) if call.call.turn_id == turn.id);
            let (calls, over) = std::mem::take(&mut self.calls)
                .into_iter()
                .partition::<Vec<_>, _>(|index| self.entries.get(*index).is_some_and(of_turn));
            self.calls = calls;
            for index in over.into_iter().filter(|index| !self.changed.contains(index)) {
                if let Some(entry) = self.entries.get_mut(index) {
                    entry.content = Content::Done;
                }
            }
        }
        self.turn = Some(turn.clone());
        let standing = self.standing();
        let count = standing.pending().count();
        if turn.state == TurnState::AwaitingApproval && count > 0 {
            let words = escape(&self.ctx.t1("announce-waiting", "count", count));
            self.announcements.push(format!("<p>{words}</p>"));
        } else if turn.state == TurnState::Failed {
            let words = spoken(&standing.note());
            self.announcements.push(format!("<p>{words}</p>"));
        }
    }

    fn mark_sent(&mut self) {
        self.changed.clear();
        for entry in &mut self.entries {
            entry.mark_sent();
        }
    }

    /// As [`Self::article`], with the line that stands before it if the window begins there.
    fn placed(&self, entry: &Entry) -> String {
        let begins = matches!(&entry.content, Content::Message(message) if self.window == Some(message.id));
        let line = if begins { draw(&WindowLine { ctx: &self.ctx }) } else { String::new() };
        line + &self.article(entry)
    }

    fn article(&self, entry: &Entry) -> String {
        match &entry.content {
            Content::Message(message) => draw(&MessageView::new(&self.ctx, self.conversation, message)),
            Content::Reply(id, reply) => draw(&MessageView::streaming(&self.ctx, *id, reply)),
            Content::Call(call) => draw(&self.call_view(call)),
            Content::Done => String::new(),
        }
    }

    fn call_view<'a>(&'a self, call: &'a Call) -> ToolCallView<'a> {
        let beside = |index: &usize| match &self.entries.get(*index)?.content {
            Content::Call(beside) => (beside.call.message_id == call.call.message_id).then_some(beside.call.ordinal),
            _ => None,
        };
        // A call that repeats another stands in its place.
        let places: BTreeSet<i32> = self.calls.iter().filter_map(beside).collect();
        ToolCallView {
            ctx: &self.ctx,
            call: &call.call,
            message_id: call.message_id,
            total: places.len(),
            output: &call.output,
            place: Place::Conversation,
            typed: Typed::default(),
        }
    }

    /// What changed of one entry.
    fn draw_entry(&self, frame: &mut String, entry: &Entry) {
        if !entry.is_sent {
            return partial(frame, "#live", "beforeend", &self.placed(entry));
        }
        match &entry.content {
            Content::Message(message) => {
                partial(frame, &format!("#message-{}", message.id), "outerMorph", &self.article(entry));
            }
            Content::Call(call) if call.is_changed => {
                partial(frame, &format!("#tool-call-{}", call.call.id), "outerMorph", &self.article(entry));
            }
            Content::Call(call) => {
                let more = call.output.get(call.sent_output..).unwrap_or_default();
                partial(frame, &format!("#tool-call-{}-output", call.call.id), "beforeend", &escape(more));
            }
            Content::Reply(..) | Content::Done => {}
        }
    }

    /// Puts the line before a message that the page has, or may have: one that it lacks it passes over. What is not
    /// sent yet brings its line along.
    fn draw_window(&self, frame: &mut String) {
        let Some(id) = self.window else { return };
        let entry = self.places.get(&id.0).and_then(|index| self.entries.get(*index));
        if entry.is_none_or(|entry| entry.is_sent) {
            let line = draw(&WindowLine { ctx: &self.ctx });
            partial(frame, &format!("#message-{id}"), "beforebegin", &line);
        }
    }

    fn draw_parts(&mut self, frame: &mut String) {
        let standing = self.standing();
        let title = self.title.as_deref().map(escape);
        let in_list = format!("#nav-{}", self.conversation);
        let parts = [
            ("#status", "innerHTML", Some(escape(&standing.status()))),
            ("#turn-controls", "innerMorph", Some(standing.controls())),
            ("#composer-state", "innerMorph", Some(standing.composer_state())),
            ("#turn-note", "innerMorph", Some(standing.note())),
            ("#together", "innerMorph", Some(standing.together())),
            ("#ended", "innerHTML", Some(standing.ended())),
            ("#page-title", "innerHTML", Some(escape(&standing.document_title()))),
            ("#waiting", "innerHTML", Some(self.ctx.waiting_badge())),
            ("#waits", "innerHTML", Some(self.badges())),
            ("#month", "outerMorph", self.month.take()),
            ("#title", "innerHTML", title.clone()),
            (&in_list, "innerHTML", title),
        ];
        self.parts.resize(parts.len(), NOTHING);
        for ((target, swap, html), sent) in parts.iter().zip(&mut self.parts) {
            let Some(html) = html else { continue };
            let now = FINGERPRINTS.hash_one(html).max(NOTHING + 1);
            if std::mem::replace(sent, now) != now {
                partial(frame, target, swap, html);
            }
        }
        self.is_standing_changed = false;
    }
}

impl Entry {
    /// Takes note that everything there is was sent.
    fn mark_sent(&mut self) {
        self.is_sent = true;
        match &mut self.content {
            Content::Reply(_, reply) => reply.mark_sent(),
            Content::Call(call) => {
                call.sent_output = call.output.len();
                call.is_changed = false;
            }
            Content::Message(_) | Content::Done => {}
        }
    }

    /// Lets go of a message that was sent, so that memory does not grow with the conversation.
    fn forget(&mut self) {
        if matches!(self.content, Content::Message(_)) {
            self.content = Content::Done;
        }
    }
}

impl Renderer for HtmlRenderer {
    fn snapshot(&mut self, snapshot: &Snapshot) -> String {
        self.parts.clear();
        self.load(snapshot);
        let mut frame = String::new();
        // Wherever the line stood: a page that was away for a while may show it elsewhere.
        partial(&mut frame, WINDOW, "delete", "");
        partial(&mut frame, "#live", "innerMorph", &self.articles());
        if self.window.is_some_and(|id| !self.places.contains_key(&id.0)) {
            self.draw_window(&mut frame);
        }
        self.draw_parts(&mut frame);
        self.entries.iter_mut().for_each(Entry::forget);
        frame
    }

    fn event(&mut self, event: &ChatEvent) {
        match event {
            ChatEvent::Message { message } => self.take_message(message),
            ChatEvent::ReplyStarted { message_id, provider, model, instead_of } => {
                let (provider, model, instead_of) = (provider.clone(), model.clone(), instead_of.clone());
                self.reply(*message_id, Writer { provider, model, instead_of });
            }
            ChatEvent::Text { message_id, block, text } => self.take_text(*message_id, *block, text, false),
            ChatEvent::Thinking { message_id, block, text } => self.take_text(*message_id, *block, text, true),
            ChatEvent::ReplyDropped { message_id } => {
                let entry = self.places.remove(&message_id.0).and_then(|index| self.entries.get_mut(index));
                if let Some(entry) = entry {
                    if entry.is_sent {
                        self.dropped.push(*message_id);
                    }
                    *entry = Entry { content: Content::Done, is_sent: true };
                }
            }
            ChatEvent::ToolCall { call } if self.is_settled(call) => self.settled.push(call.as_ref().clone()),
            ChatEvent::ToolCall { call } => self.put_call(call),
            ChatEvent::ToolChunk { id, chunk } => {
                if let Some((index, call)) = self.known_call(*id).filter(|(_, call)| !call.is_over()) {
                    call.output.push_str(chunk);
                    self.changed.push(index);
                }
            }
            ChatEvent::Turn { turn } => self.take_turn(turn),
            ChatEvent::Window { message_id } => {
                self.window = *message_id;
                self.is_window_moved = true;
            }
            ChatEvent::Title { title } => {
                self.title = Some(title.clone());
                self.is_standing_changed = true;
            }
            ChatEvent::Ended => {
                self.is_ended = true;
                self.is_standing_changed = true;
            }
            ChatEvent::Deleted => {}
        }
    }

    fn flush(&mut self) -> Option<String> {
        let mut frame = String::new();
        for id in std::mem::take(&mut self.dropped) {
            partial(&mut frame, &format!("#message-{id}"), "delete", "");
        }
        if std::mem::take(&mut self.is_window_moved) {
            partial(&mut frame, WINDOW, "delete", "");
            self.draw_window(&mut frame);
        }
        for call in std::mem::take(&mut self.settled) {
            self.draw_settled(&mut frame, &call);
        }
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        changed.dedup();
        for index in changed {
            // Flushed before it is drawn, so that what is drawn whole and what is patched never overlap.
            if let Some(Entry { content: Content::Reply(id, reply), is_sent }) = self.entries.get_mut(index) {
                let id = *id;
                if *is_sent {
                    // It knows itself what it keeps back: nothing is marked as sent here.
                    let kept = if self.is_late { Kept::Unclear } else { Kept::Cheap };
                    let before = frame.len();
                    reply.patch(&mut frame, &self.ctx, id, kept);
                    if frame.len() == before && kept == Kept::Cheap {
                        // What was not worth its bytes yet is, once it has waited.
                        self.changed.push(index);
                    }
                    continue;
                }
                reply.mark_sent();
            }
            if let Some(entry) = self.entries.get(index) {
                self.draw_entry(&mut frame, entry);
            }
            if let Some(entry) = self.entries.get_mut(index) {
                entry.mark_sent();
                entry.forget();
            }
        }
        if self.is_standing_changed {
            self.draw_parts(&mut frame);
        }
        for said in std::mem::take(&mut self.announcements) {
            partial(&mut frame, "#announce", "beforeend", &said);
        }
        (!frame.is_empty()).then_some(frame)
    }
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
