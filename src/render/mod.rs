//! How what happens is drawn for those who watch.

pub mod markdown;
