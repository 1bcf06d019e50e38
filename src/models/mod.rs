//! Tables as Rust types with verbs, and what belongs to them.

pub mod password;
