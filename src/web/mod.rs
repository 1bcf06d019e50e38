//! The page's addresses.

pub mod assets;
