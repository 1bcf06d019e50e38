// Decisions by keyboard, and the half second in which their buttons do nothing. F8 goes to the next question,
// Shift+F8 back, Esc to where one came from. Nothing here approves by a key of its own.
import { focusMessage } from "./composer.js";
import { showAgain } from "./editing.js";

const GUARD = 500;
const questions = () => [...document.querySelectorAll("[data-decide]:has(form)")].filter((group) => !group.querySelector("[data-kept], [data-sent]"));

let origin = null;

function go(step) {
  const groups = questions();
  if (!groups.length) return false;
  const at = groups.findIndex((group) => group.contains(document.activeElement));
  if (at < 0) origin = document.activeElement;
  if (at === 0 && step < 0) return back();
  const next = at < 0 && step < 0 ? groups.length - 1 : (at + step) % groups.length;
  show(groups[next]);
  return true;
}

// Shows a question and gives it the focus.
export function show(group) {
  const fold = group.querySelector("details");
  if (fold) fold.open = true;
  group.focus({ preventScroll: true });
  group.scrollIntoView({ block: group.offsetHeight > innerHeight / 2 ? "start" : "nearest" });
}

function back() {
  if (origin?.isConnected && origin !== document.body) origin.focus();
  else focusMessage();
  origin = null;
  return true;
}

// Where in the document each form was last seen, and until when its buttons do nothing. A person's own scrolling
// moves nothing; what the page does by itself (it grows, it follows) does.
const guarded = new Map();

function watch(now) {
  const forms = new Set(document.querySelectorAll("form.decide"));
  for (const form of guarded.keys()) if (!forms.has(form)) guarded.delete(form);
  for (const form of forms) {
    const box = form.getBoundingClientRect();
    const [left, top] = [box.left + scrollX, box.top + scrollY];
    const seen = guarded.get(form);
    if (!seen || Math.abs(seen.left - left) > 1 || Math.abs(seen.top - top) > 1) guarded.set(form, { left, top, until: now + GUARD });
  }
  requestAnimationFrame(watch);
}

function guardAll() {
  for (const seen of guarded.values()) seen.until = performance.now() + GUARD;
}

const isOpen = (form) => guarded.has(form) && performance.now() >= guarded.get(form).until;

// The press that is going on: the button, and whether it began after the guard.
let press = null;

// Whether a question is on its way that takes the place of the one that was answered.
let isAwaited = false;

function meet() {
  if (!isAwaited) return;
  const [next] = questions();
  if (!next) return;
  isAwaited = false;
  show(next);
}

const WRONG = ":is(input, select, textarea)[aria-invalid=true], fieldset[aria-invalid=true] input";
const DECIDES = "form.decide button:is([name=decision], [name=answer])";

// The decision and the digest that each form sent.
const sent = new WeakMap();

// What a form decides on: the place of one decision, or those of all that are decided together.
function decisions(form) {
  if (!form.matches(".together")) return [form.parentElement];
  const ids = [...form.querySelectorAll("input[name=call]")].map((input) => input.value.split(":")[0]);
  return ids.map((id) => document.getElementById(`decision-${id}`));
}

function began(event) {
  const button = event.target.closest?.(DECIDES);
  if (!button) return;
  if (event.type === "keydown") {
    if (event.key !== "Enter" && event.key !== " ") return;
    if (event.repeat) {
      event.preventDefault();
      press = { button, isMeant: false };
      return;
    }
  }
  press = { button, isMeant: isOpen(button.form) };
}

function clicked(event) {
  const button = event.target.closest?.(DECIDES);
  if (!button) return;
  isAwaited = button.value === "run_again";
  const isMeant = press?.button === button ? press.isMeant : isOpen(button.form);
  press = null;
  if (isMeant && button.getAttribute("aria-disabled") !== "true") return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

export function approvals() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "F8" && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (go(event.shiftKey ? -1 : 1)) event.preventDefault();
    } else if (event.key === "Escape" && !event.isComposing && document.activeElement?.closest(".call")) {
      event.preventDefault();
      back();
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#go-to-decision");
    if (!link) return;
    event.preventDefault();
    origin = document.getElementById("message");
    const groups = questions();
    if (groups.length) show(groups[0]);
  });

  for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, began, true);
  document.addEventListener("click", clicked, true);
  window.addEventListener("focus", guardAll);
  document.addEventListener("sayso:moved", guardAll);
  document.addEventListener("visibilitychange", guardAll);
  requestAnimationFrame(watch);

  // What is sent may come back by the socket before its answer does: it counts as decided here from now on.
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement;
    if (!form.matches("form.decide")) return;
    form.querySelector(".form-error").replaceChildren();
    sent.set(form, { id: form.parentElement.id, digest: form.elements.digest?.value });
    for (const decision of decisions(form)) if (decision) decision.dataset.sent = "";
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement;
    const isRefused = !ctx.response || ctx.response.status >= 300;
    if (isRefused && form.matches("[id^=decision-]")) {
      // What does not fit came back in a form that took the sent one's place, and htmx names the place instead: to the
      // first field that needs another look.
      delete form.dataset.sent;
      const wrong = form.querySelector(WRONG);
      wrong?.focus();
      // As when one comes to it by the tab key: what is typed takes the place of what does not fit.
      wrong?.select?.();
    }
    if (!form.matches("form.decide")) return;
    if (isRefused) {
      for (const decision of decisions(form)) delete decision?.dataset.sent;
      return;
    }
    if (ctx.response.headers.get("sayso-shown-again")) {
      showAgain(sent.get(form));
      return;
    }
    const isHere = form.contains(document.activeElement) || document.activeElement === document.body;
    for (const button of form.querySelectorAll(DECIDES)) button.setAttribute("aria-disabled", "true");
    if (!isHere) return;
    const [next] = questions();
    if (next) show(next);
    else if (!isAwaited) focusMessage();
  });
  document.addEventListener("htmx:after:swap", meet);
  // Whoever goes elsewhere meanwhile is left there.
  for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, () => (isAwaited = false), true);
}
