//! What the other side of the socket says.

use serde::{Deserialize, de::IgnoredAny};

use crate::{error::Result, http::json};

/// A message of theirs.
#[derive(Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[schema(as = SocketRequest)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Said {
    /// Something for the model.
    UserMessage(UserMessage),
    /// Yes or no to a tool's request.
    ToolApproval(ToolApproval),
    /// The turn shall end.
    Stop(Stop),
}

/// Something for the model.
#[derive(Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserMessage {
    /// What they say.
    pub text: String,
}

/// Yes or no to a tool's request.
#[derive(Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolApproval {
    /// The call.
    pub tool_use_id: String,
    /// Yes or no.
    pub approved: bool,
    /// The digest of what they saw. Without, it is that of the request as this very socket showed it.
    #[serde(default)]
    pub digest: Option<String>,
    /// Why not, for the model.
    #[serde(default)]
    pub reason: Option<String>,
}

/// The turn shall end.
#[derive(Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stop {}

/// Reads a message.
///
/// # Errors
/// `invalid_json` for what is no JSON, `invalid_payload` for JSON of another shape.
pub fn parse(bytes: &[u8]) -> Result<Said> {
    // First whether it is JSON at all: a wrong shape in the first half of a broken text is still a broken text.
    json::parse::<IgnoredAny>(bytes)?;
    json::parse(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn messages_are_of_the_contracts_shape() {
        let message = |text: &str| parse(text.as_bytes()).unwrap();
        let expected = Said::UserMessage(UserMessage { text: "Hi".into() });
        assert_eq!(message(r#"{"type": "user_message", "text": "Hi"}"#), expected);
        assert_eq!(message(r#"{"text": "Hi", "type": "user_message"}"#), expected);
        assert_eq!(message(r#"{"type": "stop"}"#), Said::Stop(Stop {}));
        let (id, digest) = (Some("1".to_owned()), Some("d".to_owned()));
        let said = |approved, digest, reason| {
            let tool_use_id = id.clone().unwrap();
            Said::ToolApproval(ToolApproval { tool_use_id, approved, digest, reason })
        };
        let yes = r#"{"type": "tool_approval", "tool_use_id": "1", "approved": true, "digest": "d"}"#;
        assert_eq!(message(yes), said(true, digest, None));
        let no = r#"{"type": "tool_approval", "tool_use_id": "1", "approved": false, "reason": "d"}"#;
        assert_eq!(message(no), said(false, None, Some("d".into())));
    }

    #[test]
    fn what_is_broken_and_what_is_wrong_are_two_things() {
        for (text, code) in [
            ("", Code::InvalidJson),
            ("{", Code::InvalidJson),
            (r#"{"type": 1, "#, Code::InvalidJson),
            (r#"{"type": "stop"} {"type": "stop"}"#, Code::InvalidJson),
            ("null", Code::InvalidPayload),
            (r#"{"text": "Hi"}"#, Code::InvalidPayload),
            (r#"{"type": "shout", "text": "Hi"}"#, Code::InvalidPayload),
            (r#"{"type": "user_message"}"#, Code::InvalidPayload),
            (r#"{"type": "user_message", "text": 1}"#, Code::InvalidPayload),
            (r#"{"type": "user_message", "text": "Hi", "model": "m"}"#, Code::InvalidPayload),
            (r#"{"type": "user_message", "text": "Hi", "text": "Ho"}"#, Code::InvalidPayload),
            (r#"{"type": "stop", "now": true}"#, Code::InvalidPayload),
            (r#"{"type": "tool_approval", "tool_use_id": "1"}"#, Code::InvalidPayload),
            (r#"{"type": "tool_approval", "tool_use_id": "1", "approved": "yes"}"#, Code::InvalidPayload),
        ] {
            assert_eq!(parse(text.as_bytes()).unwrap_err().code(), Some(code), "{text}");
        }
    }
}
