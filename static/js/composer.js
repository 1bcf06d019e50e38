// The message box: Enter sends (with a coarse pointer it makes a line), it grows with its text, keeps a draft in
// this tab, and has the focus again after each turn.
const isCoarse = matchMedia("(pointer: coarse)");

function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function grow(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}

// The caret into the box; not with a coarse pointer, where that would bring up a keyboard unasked.
export function focusMessage() {
  if (!isCoarse.matches) document.getElementById("message")?.focus({ preventScroll: true });
}

export function composer() {
  const form = document.getElementById("composer");
  const box = document.getElementById("message");
  if (!form || !box) return;
  const draft = `draft:${location.pathname}`;
  const error = document.getElementById("composer-error");
  let sent = "";
  const isEmpty = () => !box.value.trim() && !form.elements.images.files.length;

  if (!box.value) box.value = sessionStorage.getItem(draft) ?? "";
  grow(box);
  box.addEventListener("input", () => {
    grow(box);
    sessionStorage.setItem(draft, box.value);
  });

  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    const isMeant = event.ctrlKey || event.metaKey;
    if (!isMeant && (event.shiftKey || event.altKey || isCoarse.matches)) return;
    event.preventDefault();
    if (!event.repeat && !isEmpty()) form.requestSubmit();
  });

  form.addEventListener("submit", (event) => {
    if (form.dataset.gone !== undefined || isEmpty()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sent = box.value;
  }, true);

  // **Try again** stands outside the composer and asks the model that is chosen now.
  document.addEventListener("formdata", ({ target, formData }) => {
    const picker = document.getElementById("model");
    if (picker && target.action.endsWith("/retry")) formData.set("model", picker.value);
  });
  form.addEventListener("htmx:before:request", () => error.replaceChildren());
  form.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.response.status >= 300) return;
    if (box.value === sent) box.value = "";
    form.elements.idempotency_key.value = key();
    sessionStorage.setItem(draft, box.value);
    grow(box);
    focusMessage();
    document.dispatchEvent(new CustomEvent("sayso:sent"));
  });

  // Back in the box when a turn came to its end, unless the person is somewhere else by choice.
  let state = document.getElementById("turn")?.dataset.turn;
  document.addEventListener("htmx:after:swap", () => {
    const now = document.getElementById("turn")?.dataset.turn;
    const isOver = state !== "idle" && now === "idle";
    state = now;
    const place = document.activeElement;
    const isElsewhere = place && place !== document.body && place.checkVisibility();
    if (isOver && !isElsewhere && getSelection().isCollapsed) focusMessage();
  });
  if (!location.hash.startsWith("#call-")) focusMessage();
}
