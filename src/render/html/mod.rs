//! The page: whole pages, the partials of which they are made, and the same partials as fragments for `hx-ws`.
//! Nothing here knows of HTTP or a database; handlers fill the structs of [`pages`] and send what they render.

pub mod account;
pub mod admin;
mod arguments;
pub mod audit;
pub mod composer;
mod context;
mod conversation;
mod difference;
pub mod files;
mod frames;
pub mod live;
mod messages;
pub mod models;
pub mod pages;
pub mod people;
mod question;
mod remember;
mod reply;
mod result_files;
pub mod schema_form;
pub mod servers;
pub mod tokens;
mod tool_calls;
pub mod usage;
mod visible;

pub use context::{ConversationSummary, FieldErrors, PageContext, ViewerSummary, provider_name};
pub use conversation::Standing;
pub use live::HtmlRenderer;
pub use question::{TypedAnswer, question_form};
pub use tool_calls::{Place, Typed, editor};
pub use visible::{escaped_json, visible};

/// Text as HTML.
pub(super) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 16);
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            plain => html.push(plain),
        }
    }
    html
}
