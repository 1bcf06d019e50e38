//! The nouns of the house, without I/O: ids, digests, states, content, usage, the transcript,
//! what a person approves.
//!
//! Nothing here knows of HTTP, SQL or a provider's wire format. What is parsed into one of these types at the
//! door cannot be wrong further inside.

pub mod allowed_models;
pub mod approval;
pub mod bound;
pub mod content;
pub mod credits;
pub mod digest;
pub mod ids;
pub mod model_choice;
pub mod question;
pub mod schema_form;
pub mod scopes;
pub mod size;
pub mod states;
pub mod transcript;
pub mod usage;

pub use allowed_models::AllowedModels;
pub use approval::ApprovalSubject;
pub use bound::{Authority, Bound, GrantScope, Remember};
pub use content::{Block, RawBlock};
pub use credits::Credits;
pub use digest::Digest;
pub use ids::*;
pub use model_choice::ModelChoice;
pub use question::{Question, QuestionWanted};
pub use scopes::Scopes;
pub use size::size_in_words;
pub use states::*;
pub use transcript::{
    Difference, DifferenceLine, InsteadOf, Message, Preview, ToolCall, ToolOutcome, TurnFailure, TurnView,
};
pub use usage::Usage;
