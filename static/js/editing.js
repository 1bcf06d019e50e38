// Editing the arguments of a request: the box comes into the form that stands there, and goes again. An edit that
// reaches elsewhere is shown anew, and looked at before it is decided.
import { show } from "./approvals.js";

const decisionOf = (element) => element.closest("[data-decision]");

// The digests that were sent with edits which are to be looked at again, by the id of their decision.
const again = new Map();

function look() {
  for (const [id, digest] of again) {
    const decision = document.getElementById(id);
    if (decision && decision.dataset.digest === digest) continue;
    again.delete(id);
    const group = decision?.closest("[data-decide]");
    if (group) show(group);
  }
}

// The request stands there with other arguments, or will in a moment.
export function showAgain({ id, digest }) {
  again.set(id, digest);
  look();
}

function opened(place) {
  const box = place.querySelector("textarea");
  if (!box) return;
  const decision = decisionOf(place);
  decision.querySelector(".edit").hidden = true;
  decision.querySelector("[data-discard]").hidden = false;
  box.focus();
  box.setSelectionRange(0, 0);
}

function discard(button) {
  const decision = decisionOf(button);
  decision.querySelector(".editor-place").replaceChildren();
  decision.querySelector(".form-error").replaceChildren();
  button.hidden = true;
  const edit = decision.querySelector(".edit");
  edit.hidden = false;
  edit.focus();
}

export function editing() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-discard]");
    if (button) discard(button);
  });
  document.addEventListener("htmx:after:swap", look);
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement;
    if (form.matches?.("form.edit-form")) {
      const place = decisionOf(form)?.querySelector(".editor-place");
      if (place && ctx.response?.status === 200) opened(place);
    } else if (form.matches?.("form.decide")) {
      // What was refused is said beside the box, which keeps its text.
      const box = form.querySelector(".editor-text");
      if (!box) return;
      const isRefused = ctx.response?.status === 422;
      box.toggleAttribute("aria-invalid", isRefused);
      if (isRefused) box.setAttribute("aria-invalid", "true");
      if (isRefused && form.contains(document.activeElement)) box.focus();
    }
  });
}
