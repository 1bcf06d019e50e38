//! Markdown as HTML: whole for a page load, and growing for those who watch a reply being written.
//!
//! One renderer ([`html`]) serves both, so that the finished message is what a page load shows. It writes every
//! tag itself and escapes everything else; raw HTML in the Markdown is shown as text. The sanitiser behind
//! [`to_html`] is a second wall that finds nothing to do (a property test holds it to that), which is why the live
//! view, where sanitising a growing text again and again would cost, can do without it.

mod hold;
mod html;
mod live;
mod patch;
mod settle;
#[cfg(test)]
mod tests;
mod text;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

pub use live::LiveMarkdown;
pub use patch::{Patch, Swap};

/// What links out of model text say about themselves.
const LINK_REL: &str = "noopener noreferrer nofollow";

/// The HTML of a finished document: sanitised, as a page load shows it.
pub fn to_html(markdown: &str) -> String {
    SANITISER.clean(&html::render(markdown, &HashMap::new(), &html::Resume::default()).html).to_string()
}

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let tags = [
        "p",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "em",
        "strong",
        "del",
        "a",
        "br",
        "hr",
    ];
    let directed = ["p", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table"];
    let mut attributes: HashMap<&str, HashSet<&str>> = HashMap::from([
        ("a", HashSet::from(["href"])),
        ("ol", HashSet::from(["start"])),
        ("code", HashSet::from(["data-language"])),
    ]);
    let mut values: HashMap<&str, HashMap<&str, HashSet<&str>>> = HashMap::from([
        ("a", HashMap::from([("rel", HashSet::from([LINK_REL]))])),
        ("pre", HashMap::from([("translate", HashSet::from(["no"]))])),
        ("th", HashMap::from([("align", HashSet::from(["center", "right"]))])),
        ("td", HashMap::from([("align", HashSet::from(["center", "right"]))])),
    ]);
    for tag in directed {
        values.entry(tag).or_default().insert("dir", HashSet::from(["auto"]));
        attributes.entry(tag).or_default();
    }
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(HashSet::from(tags))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(attributes)
        .tag_attribute_values(values)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("code", "data-language") => text::language(value).map(Cow::Borrowed),
            ("ol", "start") => value.parse::<u64>().ok().map(|_| Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        })
        .link_rel(None)
        .strip_comments(true);
    builder
});
