//! All providers against recorded replies of real model APIs, byte by byte and over HTTP: the same cases for each.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests may fail")]

mod api;
mod checks;
mod expected;
mod faults;
mod learning;
mod recorded;
mod scripts;
mod server;
mod shared;

/// Makes one test for each API: `each_api! { fn name(api) { … } }`.
macro_rules! each_api {
    ($(fn $name:ident($api:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            fn body($api: $crate::api::Api) $body

            #[test]
            fn anthropic() {
                body($crate::api::Api::Anthropic);
            }

            #[test]
            fn openai() {
                body($crate::api::Api::OpenAi);
            }

            #[test]
            fn ollama() {
                body($crate::api::Api::Ollama);
            }
        }
    )+};
    ($(async fn $name:ident($api:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn body($api: $crate::api::Api) $body

            #[tokio::test]
            async fn anthropic() {
                body($crate::api::Api::Anthropic).await;
            }

            #[tokio::test]
            async fn openai() {
                body($crate::api::Api::OpenAi).await;
            }

            #[tokio::test]
            async fn ollama() {
                body($crate::api::Api::Ollama).await;
            }
        }
    )+};
}
pub(crate) use each_api;
