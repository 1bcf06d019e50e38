//! The elements of which a frame is made. htmx finds every target of a frame before it swaps anything: no partial may
//! rest on what an earlier one of its frame brings.

use super::escape;

/// Swaps `html` into what the selector `target` finds.
pub(super) fn partial(frame: &mut String, target: &str, swap: &str, html: &str) {
    let target = escape(target);
    frame.extend(["<hx-partial hx-target=\"", &target, "\" hx-swap=\"", swap, "\">", html, "</hx-partial>"]);
}
