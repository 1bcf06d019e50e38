//! What a model call used, in tokens.

use serde::{Deserialize, Serialize};

/// Tokens of one model call, or a sum of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// All input tokens, those read from or written to a prompt cache included.
    pub input_tokens: i64,
    /// Output tokens, thinking included.
    pub output_tokens: i64,
    /// The part of `input_tokens` that was read from a prompt cache.
    pub cached_tokens: i64,
    /// Whether this is our estimate because the provider reported nothing (or the call died before it did).
    pub estimated: bool,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.cached_tokens += other.cached_tokens;
        self.estimated |= other.estimated;
    }
}
