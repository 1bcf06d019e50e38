// What htmx is taught: which elements a morph leaves alone. An approval that has the focus or typed text is never replaced: it is disabled and says why.

const isChanged = (box) => {
  if (box.type === "checkbox") return box.checked !== box.defaultChecked;
  if (box.options) return [...box.options].some((option) => option.selected !== option.defaultSelected && (option.defaultSelected || option.value));
  return box.value !== box.defaultValue;
};
const isTyped = (element) => [...element.querySelectorAll("textarea, .question :is(input:not([type=hidden]), select)")].some(isChanged);

// The newest form of each decision that is kept for now, to take its place when the focus has left it.
const kept = new Map();

function keep(old, fresh) {
  kept.set(old.id, fresh.cloneNode(true));
  if (old.dataset.kept) return;
  old.dataset.kept = "";
  const form = old.querySelector("form");
  for (const box of form.querySelectorAll("textarea, input")) box.readOnly = true;
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  const words = document.createElement("p");
  words.className = "elsewhere";
  words.setAttribute("role", "alert");
  old.append(words);
  words.textContent = fresh.dataset.elsewhere;
}

function isKept(old, fresh) {
  if (old.dataset.kept !== undefined) return true;
  if (!old.querySelector("form") || old.dataset.sent !== undefined) return false;
  const isSame = old.dataset.decision === fresh.dataset.decision && old.dataset.digest === fresh.dataset.digest;
  return !isSame && (old.contains(document.activeElement) || isTyped(old));
}

// The folds that the reader opened or closed.
const folded = new WeakSet();

export function swaps() {
  document.addEventListener("click", (event) => {
    const fold = event.target.closest?.("summary")?.parentElement;
    if (fold) folded.add(fold);
  });
  window.htmx?.registerExtension("sayso", {
    htmx_before_morph_node(old, { newNode }) {
      if (old.dataset?.decision === undefined || !newNode.dataset) return true;
      if (isKept(old, newNode)) {
        keep(old, newNode);
        return false;
      }
      // The same question again: what is being typed into it stays.
      const isSame = old.dataset.decision === newNode.dataset.decision && old.dataset.digest === newNode.dataset.digest;
      return !(isSame && old.querySelector("form"));
    },
    // A fold that the reader opened or closed stays so.
    htmx_before_morph_attr(element, { attrName }) {
      return !(attrName === "open" && folded.has(element));
    },
  });
  document.addEventListener("focusout", (event) => {
    const decision = event.target.closest?.("[data-kept]");
    if (!decision || decision.contains(event.relatedTarget) || isTyped(decision)) return;
    const fresh = kept.get(decision.id);
    kept.delete(decision.id);
    if (fresh) decision.replaceWith(fresh);
  });
}
