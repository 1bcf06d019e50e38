//! A page without a browser, as far as frames of the live view need one: it applies them as htmx does.

use scraper::{Html, Node, Selector};

/// The part of a page that frames change.
pub struct LiveDom {
    html: Html,
}

/// One element of a frame: where it goes, how, and what.
fn partials(frame: &str) -> Vec<(String, String, String)> {
    let partial = |part: &str| {
        let (tag, rest) = part.split_once('>').expect("a whole tag");
        let attribute = |name: &str| {
            let (_, value) = tag.split_once(&format!("{name}=\"")).expect("an attribute");
            value.split_once('"').unwrap().0.replace("&gt;", ">").replace("&amp;", "&")
        };
        let (html, after) = rest.split_once("</hx-partial>").expect("a whole partial");
        assert_eq!(after, "", "something stands beside the partials of a frame");
        (attribute("hx-target"), attribute("hx-swap"), html.to_owned())
    };
    let mut parts = frame.split("<hx-partial ");
    assert_eq!(parts.next(), Some(""), "a frame is made of partials: {frame}");
    parts.map(partial).collect()
}

impl LiveDom {
    /// A page whose log is empty yet.
    pub fn new() -> Self {
        Self { html: Html::parse_document("<body><div id=\"live\"></div></body>") }
    }

    /// Applies a frame: all targets are found first. What goes to places that this page lacks is left out.
    pub fn apply(&mut self, frame: &str) {
        let found: Vec<_> = partials(frame)
            .into_iter()
            .filter_map(|(target, swap, html)| {
                let selector = Selector::parse(&target).unwrap_or_else(|fault| panic!("{target}: {fault}"));
                let mut found = self.html.root_element().select(&selector).map(|element| element.id());
                let element = found.next();
                assert!(found.next().is_none(), "{target} is not one element");
                assert!(element.is_some() || target.starts_with('#'), "{target} is nowhere");
                Some((element?, swap, html))
            })
            .collect();
        for (target, swap, html) in found {
            // In a template rows may stand alone, as they do when htmx parses them.
            let new = Html::parse_fragment(&format!("<template>{html}</template>"));
            let tree = &mut self.html.tree;
            let root = tree.extend_tree(new.tree).id();
            let is_template = |node: &Node| node.as_element().is_some_and(|element| element.name() == "template");
            let content = tree.get(root).unwrap().descendants().find(|node| {
                node.value().is_fragment() && node.parent().is_some_and(|parent| is_template(parent.value()))
            });
            let children: Vec<_> = content.unwrap().children().map(|node| node.id()).collect();
            if matches!(swap.as_str(), "innerHTML" | "innerMorph") {
                let old: Vec<_> = tree.get(target).unwrap().children().map(|node| node.id()).collect();
                old.into_iter().for_each(|old| tree.get_mut(old).unwrap().detach());
            }
            for child in children {
                let mut target = tree.get_mut(target).unwrap();
                match swap.as_str() {
                    "beforeend" | "innerHTML" | "innerMorph" => drop(target.append_id(child)),
                    "outerHTML" | "outerMorph" | "beforebegin" => drop(target.insert_id_before(child)),
                    other => assert_eq!(other, "delete", "a swap that nobody knows"),
                }
            }
            if matches!(swap.as_str(), "outerHTML" | "outerMorph" | "delete") {
                tree.get_mut(target).unwrap().detach();
            }
        }
    }

    /// The last reply: its HTML, written down in the one way in which two can be compared.
    pub fn last_reply(&self) -> Option<String> {
        last_reply(&self.html)
    }

    /// The id of the message before which the line of the window stands.
    pub fn line(&self) -> Option<String> {
        let line = Selector::parse("#window + article").unwrap();
        let mut found = self.html.root_element().select(&line);
        let id = found.next()?.attr("data-message-id").map(str::to_owned);
        assert!(found.next().is_none(), "there are two lines");
        id
    }

    /// What the last reply says, as it can be read.
    pub fn last_words(&self) -> String {
        let words = Selector::parse("article[data-role=assistant]:last-of-type .prose").unwrap();
        self.html.root_element().select(&words).flat_map(|prose| prose.text()).collect()
    }
}

fn last_reply(html: &Html) -> Option<String> {
    let replies = Selector::parse("article[data-role=assistant]").unwrap();
    html.root_element().select(&replies).last().map(|reply| reply.html())
}

/// The last reply of a page that was loaded.
pub fn loaded_reply(page: &str) -> String {
    last_reply(&Html::parse_document(page)).expect("a reply")
}
