// **Approve all** acts once every fold of every request was opened. A request that changed counts as unseen.

// The digest under which a fold was open.
const seen = new WeakMap();

const digestOf = (fold) => fold.closest(".call")?.querySelector(".decision")?.dataset.digest;

const folds = (id) => [...document.querySelectorAll(`#call-${id} > details, #call-${id} > details details`)];

function note(fold) {
  if (fold.open) seen.set(fold, digestOf(fold));
}

// Whether a pair of id and digest is what stands there, opened as far as it can be.
function isSeen(pair) {
  const [id, digest] = pair.split(":");
  const all = folds(id);
  for (const fold of all) note(fold);
  return all.length > 0 && all.every((fold) => seen.get(fold) === digest);
}

function look() {
  const button = document.querySelector("[data-approve-all]");
  if (!button) return;
  const form = button.form;
  const isReady = [...form.querySelectorAll("input[name=call]")].every((input) => isSeen(input.value));
  if (button.disabled !== isReady) return;
  button.disabled = !isReady;
  const words = document.getElementById("together-note");
  if (!words) return;
  words.dataset.first ??= words.textContent;
  words.textContent = isReady ? words.dataset.ready : words.dataset.first;
}

export function together() {
  if (!document.getElementById("together")) return;
  // `toggle` does not bubble.
  document.addEventListener("toggle", look, true);
  document.addEventListener("htmx:after:swap", () => setTimeout(look));
  look();
}
