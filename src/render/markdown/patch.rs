//! From one HTML to the next in few bytes.

/// How a patch is put in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// Appended inside the target.
    BeforeEnd,
    /// In place of everything inside the target.
    InnerHtml,
    /// In place of the target itself.
    OuterHtml,
}

impl Swap {
    /// htmx's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BeforeEnd => "beforeend",
            Self::InnerHtml => "innerHTML",
            Self::OuterHtml => "outerHTML",
        }
    }
}

/// One step of the live view.
///
/// All patches of one flush name their targets in the page as it was before the first of them, and keep meaning the
/// same elements while they are applied in order: htmx, which looks up every target of a frame before it swaps
/// anything, and a reader that goes one by one come to the same page. Patches of two flushes do not mix: one frame each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// A CSS selector that matches one element.
    pub target: String,
    /// What happens to it.
    pub swap: Swap,
    /// Well-formed HTML.
    pub html: String,
}

/// An element that the settled HTML leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub name: &'static str,
    /// Where its content starts in the settled HTML.
    pub content: usize,
}

/// A tag of our own HTML.
enum Token {
    /// With the end of its name.
    Start(usize),
    End,
    Void,
}

/// The next tag at or after `from`: what it is, where it starts and where it ends.
fn tag(html: &str, from: usize) -> Option<(Token, usize, usize)> {
    let rest = html.get(from..)?;
    let start = from + memchr::memchr(b'<', rest.as_bytes())?;
    let end = start + memchr::memchr(b'>', html.get(start..)?.as_bytes())? + 1;
    let inside = html.get(start + 1..end - 1)?;
    let token = if inside.starts_with('/') {
        Token::End
    } else if matches!(inside, "br" | "hr") {
        Token::Void
    } else {
        Token::Start(start + 1 + inside.find(' ').unwrap_or(inside.len()))
    };
    Some((token, start, end))
}

/// An open element: its place in the settled part, or where its tag starts and ends in the newer part.
#[derive(Clone, Copy)]
enum Open {
    Settled(Element),
    Here { tag: usize, name_end: usize, content: usize },
}

/// The elements that are open after `html`, which continues after `chain`.
fn open_after(chain: &[Element], html: &str) -> Vec<Open> {
    let mut open: Vec<Open> = chain.iter().copied().map(Open::Settled).collect();
    let mut at = 0;
    while let Some((token, start, end)) = tag(html, at) {
        match token {
            Token::Start(name_end) => open.push(Open::Here { tag: start, name_end, content: end }),
            Token::End => {
                open.pop();
            }
            Token::Void => {}
        }
        at = end;
    }
    open
}

/// The chain after `html`, which continues `settled` bytes after `chain`, if it is one of these names.
pub(super) fn chain_after(
    chain: &[Element],
    settled: usize,
    html: &str,
    names: &[&'static str],
) -> Option<Vec<Element>> {
    let open = open_after(chain, html);
    if open.len() != names.len() {
        return None;
    }
    let element = |(open, name): (&Open, &&'static str)| match open {
        Open::Settled(element) => (element.name == *name).then_some(*element),
        Open::Here { tag, name_end, content } => {
            (html.get(tag + 1..*name_end) == Some(*name)).then_some(Element { name, content: settled + content })
        }
    };
    open.iter().zip(names).map(element).collect()
}

/// Where the innermost element that is open at `from` is closed: the start of its closing tag, or the end.
fn closing(html: &str, from: usize) -> usize {
    let (mut depth, mut at) = (0_usize, from);
    while let Some((token, start, end)) = tag(html, at) {
        match token {
            Token::Start(..) => depth += 1,
            Token::End if depth == 0 => return start,
            Token::End => depth -= 1,
            Token::Void => {}
        }
        at = end;
    }
    html.len()
}

/// Nothing but closing tags.
fn only_closing(mut html: &str) -> bool {
    while let Some(rest) = html.strip_prefix("</") {
        html = rest.find('>').and_then(|end| rest.get(end + 1..)).unwrap_or_default();
    }
    html.is_empty()
}

/// Exactly one element and no text beside it.
fn one_element(html: &str) -> bool {
    match tag(html, 0) {
        Some((Token::Start(..), 0, end)) => {
            let close = closing(html, end);
            tag(html, close).is_some_and(|(_, _, end)| end == html.len())
        }
        Some((Token::Void, 0, end)) => end == html.len(),
        _ => false,
    }
}

/// How much both have in common, without cutting a character, a tag or an entity.
fn common(old: &str, new: &str) -> usize {
    let same = old.bytes().zip(new.bytes()).take_while(|(old, new)| old == new).count();
    let mut at = same;
    while !old.is_char_boundary(at) {
        at -= 1;
    }
    let Some(before) = old.get(..at) else { return 0 };
    if let Some(tag) = before.rfind('<')
        && before.get(tag..).is_some_and(|tail| !tail.contains('>'))
    {
        at = tag;
    }
    // Our longest entity is `&nbsp;`.
    let near = before.len().saturating_sub(6);
    if let Some(entity) = before.bytes().skip(near).rposition(|byte| byte == b'&').map(|at| near + at)
        && before.get(entity..).is_some_and(|tail| !tail.contains(';'))
    {
        at = at.min(entity);
    }
    at
}

/// What turns `settled + old` into `settled + new`.
pub(super) fn diff(root: &str, settled: &str, chain: &[Element], old: &str, new: &str) -> Vec<Patch> {
    let mut patches = Vec::new();
    if old == new {
        return patches;
    }
    let same = common(old, new);
    let (Some(before), Some(rest)) = (old.get(..same), old.get(same..)) else { return patches };
    let mut open = open_after(chain, before);
    if only_closing(rest) {
        append(root, open.len(), new.get(same..).unwrap_or_default(), &mut patches);
        return patches;
    }
    // The innermost element that both have in which everything that differs lies; `from` is where it begins to differ.
    let mut from = same;
    let (mut old_end, mut new_end) = (closing(old, same), closing(new, same));
    while !only_closing(old.get(old_end..).unwrap_or_default()) {
        let Some(left) = open.pop() else { break };
        from = match left {
            Open::Here { tag, .. } => tag,
            Open::Settled(_) => 0,
        };
        let after = |html: &str, end: usize| tag(html, end).map_or(html.len(), |(_, _, end)| closing(html, end));
        (old_end, new_end) = (after(old, old_end), after(new, new_end));
    }
    let depth = open.len();
    let (content, frozen) = match open.last() {
        Some(Open::Here { content, .. }) => (*content, None),
        Some(Open::Settled(element)) => (0, Some(element.content)),
        None => (0, Some(0)),
    };
    let single = from > content || frozen.is_some();
    if single && old.get(from..old_end).is_some_and(one_element) && from < new_end {
        let html = new.get(from..new_end).unwrap_or_default().to_owned();
        patches.push(Patch { target: target(root, depth + 1), swap: Swap::OuterHtml, html });
    } else {
        let mut html = frozen.and_then(|content| settled.get(content..)).unwrap_or_default().to_owned();
        html.push_str(new.get(content..new_end).unwrap_or_default());
        patches.push(Patch { target: target(root, depth), swap: Swap::InnerHtml, html });
    }
    append(root, depth, new.get(new_end..).unwrap_or_default(), &mut patches);
    patches
}

/// Appends `html` to the innermost of `depth` open elements, and after each tag that closes one, to the next outer.
fn append(root: &str, mut depth: usize, html: &str, patches: &mut Vec<Patch>) {
    let mut at = 0;
    while at < html.len() {
        let end = closing(html, at);
        let content = html.get(at..end).unwrap_or_default();
        if !content.is_empty() {
            patches.push(Patch { target: target(root, depth), swap: Swap::BeforeEnd, html: content.to_owned() });
        }
        depth = depth.saturating_sub(1);
        at = tag(html, end).map_or(html.len(), |(_, _, end)| end);
    }
}

/// The element `depth` levels below the root, always the last of its parent.
fn target(root: &str, depth: usize) -> String {
    const STEP: &str = ">:last-child";
    let mut target = String::with_capacity(root.len() + depth * STEP.len());
    target.push_str(root);
    for _ in 0..depth {
        target.push_str(STEP);
    }
    target
}
