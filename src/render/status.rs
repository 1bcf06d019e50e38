//! The one line that says what goes on; the page and the streams say it in the same words.

use std::borrow::Cow;

use crate::{
    i18n::Locale,
    types::{ToolCall, ToolCallState, TurnState},
};

/// The words for a turn in this state (`None`: there is none), while this call of it runs.
pub fn words(locale: Locale, state: Option<TurnState>, running: Option<&ToolCall>) -> Cow<'static, str> {
    match (state, running) {
        (Some(TurnState::AwaitingApproval), _) => locale.text("status-waiting"),
        (Some(TurnState::Running), None) => locale.text("status-typing"),
        (Some(TurnState::Running), Some(call)) if call.state == ToolCallState::AwaitingInput => {
            locale.text_with("status-asked", &[("server", call.server.clone())])
        }
        (Some(TurnState::Running), Some(call)) => match &call.preview.target {
            Some(path) if call.name == "write_file" => {
                locale.text_with("status-creating", &[("path", path.to_owned())])
            }
            _ => locale.text_with("status-running", &[("tool", call.name.clone())]),
        },
        _ => locale.text("status-ready"),
    }
}
