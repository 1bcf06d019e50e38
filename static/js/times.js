// Times in the reader's own zone.
const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]:not([data-local])")) {
    const date = new Date(time.dateTime);
    if (Number.isNaN(date.valueOf())) continue;
    time.textContent = form.format(date);
    time.dataset.local = "";
  }
}

export function times() {
  localise(document);
  document.addEventListener("htmx:after:settle", ({ target }) => localise(target));
}
