//! The elements of which a frame is made.

use super::escape;
use crate::render::markdown::Patch;

/// Swaps `html` into an element that is there before the frame comes.
pub(super) fn partial(frame: &mut String, target: &str, swap: &str, html: &str) {
    element(frame, "hx-partial", target, swap, html);
}

/// Swaps Markdown into an element that an earlier patch of the same frame may have made.
pub(super) fn patch(frame: &mut String, patch: &Patch) {
    element(frame, "hx-patch", &patch.target, patch.swap.as_str(), &patch.html);
}

fn element(frame: &mut String, name: &str, target: &str, swap: &str, html: &str) {
    let target = escape(target);
    frame.extend(["<", name, " hx-target=\"", &target, "\" hx-swap=\"", swap, "\">", html, "</", name, ">"]);
}
