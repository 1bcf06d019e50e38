//! DuckDuckGo's page without scripts. It is made for people; what cannot be recognised on it is said to be so.

use std::borrow::Cow;

use dom_query::{NodeRef, Selection};
use url::Url;

use super::{Found, Hit};
use crate::tools::{
    ToolError,
    fetch::markdown::parse,
    net::{Budget, Guard, Policy},
};

/// The links of results: on the page for browsers without scripts, and on the still simpler one.
const LINKS: &str = "a.result__a[href], a.result-link[href]";

/// What stands on the page when nothing was found.
const NOTHING: &str = ".no-results, .result--no-result";

/// What stands there instead of results when somebody is to prove to be human.
const SUSPICION: &str = ".anomaly-modal__modal, #challenge-form, form[action*='anomaly']";

/// Asks DuckDuckGo.
pub(super) async fn search(guard: &Guard, base: &Url, query: &str, budget: Budget) -> Result<Found, ToolError> {
    let mut address = base.clone();
    address.query_pairs_mut().append_pair("q", query);
    let visit = guard.get(address, Policy::for_operator(base), budget).accepting("text/html");
    let bytes = visit.arrive().await?.successful()?.bytes().await?;
    let address = base.clone();
    let reading = tokio::task::spawn_blocking(move || read(&String::from_utf8_lossy(&bytes), &address));
    reading.await.map_err(|_| ToolError::new("tool_error", "The answer could not be read."))?
}

/// What the page says.
fn read(html: &str, base: &Url) -> Result<Found, ToolError> {
    let page = parse(html)?;
    let hits: Vec<Hit> = page.select(LINKS).nodes().iter().filter_map(|link| hit(link, base)).collect();
    if hits.is_empty() && page.select(NOTHING).is_empty() {
        let why = if page.select(SUSPICION).is_empty() {
            "DuckDuckGo's answer could not be read."
        } else {
            "DuckDuckGo wants proof that a human asks, so it cannot be asked now."
        };
        return Err(ToolError::new("tool_error", why));
    }
    Ok(Found { summary: text_of(page.root(), ".zci__result"), hits })
}

/// The result of a link; advertisements are left out.
fn hit(link: &NodeRef<'_>, base: &Url) -> Option<Hit> {
    let result = link.ancestors_it(Some(6)).find(|node| node.has_class("result") || node.has_class("web-result"));
    if result.as_ref().is_some_and(|result| result.has_class("result--ad")) {
        return None;
    }
    let address = target(&link.attr("href")?, base)?;
    let text = match result {
        Some(result) => text_of(result, ".result__snippet"),
        // On the simpler page the text stands in the next row of the table.
        None => next_row(link).map(|row| text_of(row, ".result-snippet")).unwrap_or_default(),
    };
    Some(Hit { title: link.text().to_string(), address, text })
}

fn next_row<'a>(link: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    link.ancestors_it(Some(3)).find(|node| node.has_name("tr"))?.next_element_sibling()
}

/// Where a link leads: DuckDuckGo's own links carry it in `uddg`; those of advertisements lead to `y.js`.
fn target(link: &str, base: &Url) -> Option<String> {
    let address = base.join(link).ok()?;
    let carried = address.query_pairs().find(|(name, _)| name == "uddg").map(|(_, value)| value);
    let ours = address.host() == base.host() || address.host_str().is_some_and(|host| host.ends_with("duckduckgo.com"));
    match carried {
        Some(value) => Some(Cow::into_owned(value)).filter(|value| !value.contains("duckduckgo.com/y.js")),
        None if ours => None,
        None => Some(address.into()),
    }
}

fn text_of(node: NodeRef<'_>, selector: &str) -> String {
    Selection::from(node).select_single(selector).text().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://html.duckduckgo.com/html/").unwrap()
    }

    fn lines(html: &str) -> Vec<String> {
        let hits = read(html, &base()).unwrap().hits;
        hits.iter().map(|hit| format!("{} | {} | {}", hit.title.trim(), hit.address, hit.text.trim())).collect()
    }

    #[test]
    fn results_are_read_and_advertisements_are_not() {
        assert_eq!(
            lines(include_str!("fixtures/duckduckgo.html")),
            [
                "Tide tables - Harbour Office | https://harbour.example/tides?port=1&day=2 | When the water comes and goes.",
                "Ebb & flow | https://sea.example/ebb | Of the moon's doing.",
                "Without words | https://plain.example/ | ",
            ]
        );
        let found = read(include_str!("fixtures/duckduckgo.html"), &base()).unwrap();
        assert_eq!(found.summary.trim(), "A tide is the rise and fall of the sea.");
    }

    #[test]
    fn the_simpler_page_is_read_too() {
        let page = "<table><tr><td>1.</td><td><a rel=nofollow class='result-link' \
            href='//duckduckgo.com/l/?uddg=https%3A%2F%2Fsea.example%2Febb&amp;rut=1'>Ebb</a></td></tr>\
            <tr><td></td><td class='result-snippet'>Of the moon.</td></tr></table>";
        assert_eq!(lines(page), ["Ebb | https://sea.example/ebb | Of the moon."]);
    }

    #[test]
    fn nothing_found_is_no_fault_but_a_strange_page_is() {
        assert!(lines("<div class='no-results'>No results.</div>").is_empty());
        let message = |html| read(html, &base()).unwrap_err().message;
        assert!(message("<p>Maintenance</p>").contains("could not be read"));
        assert!(message("<div class=anomaly-modal__modal>Select all ducks</div>").contains("proof"));
    }
}
