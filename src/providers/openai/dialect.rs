//! What a server that speaks Chat Completions takes, and how its refusals teach it.

use crate::providers::fault::Told;

/// In which form requests are sent. Servers of the family differ in a few parameters; what one refuses is left out or
/// said otherwise in a second try, and remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Whether the usage is asked for (`stream_options.include_usage`).
    pub asks_for_usage: bool,
    /// The name of the limit of the reply.
    pub limit: Limit,
    /// Whether `reasoning_effort` is set to `none`: without it OpenAI's models from 5.5 on take no tools here.
    pub without_effort: bool,
    /// Whether the model is told of no tools: some take none, and refuse a request that offers any.
    pub without_tools: bool,
    /// Whether images are sent as their names: some models see none, and refuse a conversation that shows one.
    pub without_images: bool,
    /// Whether what the model thought goes back to it within a turn, as DeepSeek and Kimi demand.
    pub returns_thinking: bool,
}

/// What the limit of a reply is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `max_tokens`: the name that the whole family knows, except OpenAI's own reasoning models.
    MaxTokens,
    /// `max_completion_tokens`: OpenAI's own since its first reasoning model; others pass over it or refuse it.
    MaxCompletionTokens,
}

/// What servers say of models that take no tools: Ollama, vLLM, OpenRouter, llama.cpp, and others.
const NO_TOOLS: &[&str] = &[
    "does not support tools",
    "enable-auto-tool-choice",
    "endpoints found that support tool use",
    "tools param requires --jinja",
    "tool calling is not supported",
    "does not support tool",
    "doesn't support tool",
    "does not support function calling",
    "doesn't support function calling",
];

impl Dialect {
    /// Before anything is known of a server; `official` is api.openai.com.
    pub fn new(official: bool) -> Self {
        let limit = if official { Limit::MaxCompletionTokens } else { Limit::MaxTokens };
        Self {
            asks_for_usage: true,
            limit,
            without_effort: false,
            without_tools: false,
            without_images: false,
            returns_thinking: true,
        }
    }

    /// What to try after a refusal of images, of a request that shows some.
    pub fn after_images(self, status: u16, body: &[u8]) -> Option<Self> {
        let words = String::from_utf8_lossy(body).to_ascii_lowercase();
        let refused =
            matches!(status, 400 | 404 | 415 | 422 | 500 | 501) && IMAGES.iter().any(|word| words.contains(word));
        (refused && !self.without_images).then_some(Self { without_images: true, ..self })
    }

    /// What to try after a refusal, if it names something that can be left out or said otherwise. `first` is the
    /// dialect of the first try: what was changed once is not changed back. `has_tools` says what the request had.
    pub fn after(self, first: Self, status: u16, body: &[u8], has_tools: bool) -> Option<Self> {
        if !matches!(status, 400 | 404 | 422) {
            return None;
        }
        let words = format!("{} {}", Told::read(status, body).message, String::from_utf8_lossy(body));
        // The type of every refusal says nothing of this one.
        let words = words.to_ascii_lowercase().replace("invalid_request_error", "");
        let names = |name: &str| words.contains(name);
        let takes_no_tools = NO_TOOLS.iter().any(|phrase| names(phrase)) && !names("reasoning_effort");
        if has_tools && !self.without_tools && takes_no_tools {
            return Some(Self { without_tools: true, ..self });
        }
        if status == 404 {
            return None;
        }
        let refuses = ["support", "unknown", "unrecognized", "unexpected", "extra", "not permitted", "not allowed"];
        let refuses = || refuses.iter().any(|word| words.contains(word)) || names("invalid");
        if self.asks_for_usage && (names("stream_options") || names("include_usage")) {
            return Some(Self { asks_for_usage: false, ..self });
        }
        if has_tools && !self.without_effort && names("reasoning_effort") {
            return Some(Self { without_effort: true, ..self });
        }
        if self.limit == first.limit && refuses() {
            match self.limit {
                Limit::MaxTokens if names("max_completion_tokens") => {
                    return Some(Self { limit: Limit::MaxCompletionTokens, ..self });
                }
                Limit::MaxCompletionTokens if names("max_completion_tokens") => {
                    return Some(Self { limit: Limit::MaxTokens, ..self });
                }
                _ => {}
            }
        }
        let names_thinking = names("reasoning_content") || (names("reasoning") && names("messages"));
        (self.returns_thinking && names_thinking && refuses()).then_some(Self { returns_thinking: false, ..self })
    }
}

/// Words of refusals of images.
const IMAGES: &[&str] = &["image_url", "image input", "images", "vision", "multimodal", "mmproj"];

#[cfg(test)]
mod tests {
    use super::*;

    fn after(dialect: Dialect, message: &str) -> Option<Dialect> {
        let body = serde_json::json!({"error": {"message": message, "type": "invalid_request_error"}}).to_string();
        dialect.after(dialect, 400, body.as_bytes(), true)
    }

    #[test]
    fn a_refusal_teaches_what_to_leave_out() {
        let (official, other) = (Dialect::new(true), Dialect::new(false));
        let table = [
            (
                other,
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                Dialect { limit: Limit::MaxCompletionTokens, ..other },
            ),
            (
                official,
                "max_completion_tokens: Extra inputs are not permitted",
                Dialect { limit: Limit::MaxTokens, ..official },
            ),
            (other, "Unrecognized request argument: stream_options", Dialect { asks_for_usage: false, ..other }),
            (other, "stream_options.include_usage is not allowed", Dialect { asks_for_usage: false, ..other }),
            (
                official,
                "Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions. \
                 Please use /v1/responses instead.",
                Dialect { without_effort: true, ..official },
            ),
            (
                other,
                "messages.1.assistant.reasoning_content: Extra inputs are not permitted",
                Dialect { returns_thinking: false, ..other },
            ),
            (other, "property 'reasoning' is unsupported in messages[2]", Dialect { returns_thinking: false, ..other }),
        ];
        for (dialect, message, expected) in table {
            assert_eq!(after(dialect, message), Some(expected), "{message}");
        }
    }

    #[test]
    fn a_model_without_tools_is_told_of_none() {
        let dialect = Dialect::new(false);
        for (status, words) in [
            (400, r#""auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set"#),
            (404, "No endpoints found that support tool use."),
            (400, "registry.ollama.ai/library/gemma:2b does not support tools"),
            (400, "This model does not support function calling"),
        ] {
            let other = dialect.after(dialect, status, words.as_bytes(), true);
            assert_eq!(other, Some(Dialect { without_tools: true, ..dialect }), "{words}");
            assert_eq!(dialect.after(dialect, status, words.as_bytes(), false), None, "{words}");
        }
    }

    #[test]
    fn nothing_is_tried_twice_and_other_refusals_stay() {
        let official = Dialect::new(true);
        let changed = Dialect { limit: Limit::MaxTokens, ..official };
        let words = b"{\"detail\": \"max_completion_tokens is not supported\"}";
        assert_eq!(official.after(official, 422, words, false), Some(changed));
        assert_eq!(changed.after(official, 422, words, false), None);
        assert_eq!(official.after(official, 500, words, false), None);
        assert_eq!(official.after(official, 404, words, true), None);
        assert_eq!(official.after(official, 401, words, false), None);
        let effort = b"reasoning_effort is not supported";
        assert_eq!(official.after(official, 400, effort, false), None);
        let poor = Dialect { asks_for_usage: false, returns_thinking: false, ..official };
        assert_eq!(after(poor, "Unrecognized request argument: stream_options"), None);
        assert_eq!(after(poor, "reasoning_content: unknown field"), None);
        assert_eq!(after(official, "max_tokens is too large: 90000. This model supports at most 4096 tokens"), None);
        assert_eq!(after(official, "max_completion_tokens is too large: 90000"), None);
        assert_eq!(after(official, "messages: Field required"), None);
    }
}
