//! Why a reply ended, over all the words that providers have for it.

/// Why a reply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The model was done, or came upon a text at which it was to stop.
    Stop,
    /// There was no room for more.
    Length,
    /// It waits for the results of tools.
    ToolCalls,
    /// It was not allowed to go on.
    Filtered,
}

impl Ending {
    /// What a provider's word means. Some say `stop` although the model asks for tools.
    pub fn of(word: Option<&str>, has_calls: bool) -> Self {
        match word {
            Some("max_tokens" | "length" | "model_context_window_exceeded") => Self::Length,
            Some("refusal" | "content_filter" | "safety" | "SAFETY") => Self::Filtered,
            _ if has_calls => Self::ToolCalls,
            _ => Self::Stop,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_providers_word_has_its_meaning() {
        for (word, has_calls, ending) in [
            (Some("end_turn"), false, Ending::Stop),
            (Some("stop_sequence"), false, Ending::Stop),
            (Some("stop"), true, Ending::ToolCalls),
            (Some("tool_use"), true, Ending::ToolCalls),
            (Some("tool_calls"), false, Ending::Stop),
            (Some("max_tokens"), true, Ending::Length),
            (Some("length"), false, Ending::Length),
            (Some("refusal"), false, Ending::Filtered),
            (None, false, Ending::Stop),
        ] {
            assert_eq!(Ending::of(word, has_calls), ending, "{word:?} {has_calls}");
        }
    }
}
