//! Events to frames. A viewer subscribes, is sent a snapshot, then follows; a renderer is a small state machine
//! over events that knows what its viewer has been sent, and nothing else. HTML for the page; JSON, server-sent
//! events, plain text and the messages of the JSON socket have renderers of the same kind.

pub mod assets;
pub mod audit_file;
pub mod chart;
pub mod course;
pub mod export;
pub mod html;
pub mod json;
pub mod markdown;
pub mod socket;
pub mod sse;
mod status;
pub mod text;
pub mod usage_csv;

use crate::{
    event::ChatEvent,
    types::{Message, MessageId, ToolCall, TurnView},
};

/// A conversation as it stands: what a viewer is sent before it follows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The conversation's title, if it has one.
    pub title: Option<String>,
    /// Whether the conversation was ended.
    pub is_ended: bool,
    /// Whether nothing is said in it but tools are called directly.
    pub is_direct: bool,
    /// The newest turn.
    pub turn: Option<TurnView>,
    /// Stored messages, oldest first: all of those after the position up to which the viewer has them.
    pub messages: Vec<Message>,
    /// The calls that those messages ask for.
    pub calls: Vec<ToolCall>,
    /// The message with which the window that models are sent begins, if anything lies before it.
    pub window: Option<MessageId>,
    /// What the running turn told that is not stored in the messages and calls yet, in order.
    pub live: Vec<ChatEvent>,
    /// Everything that one turn told and that is stored, in order; only for viewers that are told the course of a turn
    /// and not how a conversation stands.
    pub told: Vec<ChatEvent>,
}

/// What every renderer does. Frames are whole: a frame that is lost is made good by a new snapshot.
pub trait Renderer {
    /// Forgets what was sent and tells how things stand.
    fn snapshot(&mut self, snapshot: &Snapshot) -> String;

    /// Takes in what happened; nothing is sent yet.
    fn event(&mut self, event: &ChatEvent);

    /// What changed since the last frame, in one frame; `None` if nothing did.
    fn flush(&mut self) -> Option<String>;
}

#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod snapshots;
