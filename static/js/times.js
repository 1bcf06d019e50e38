// Times in the reader's own zone.
const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const date = new Date(time.dateTime);
    if (!Number.isNaN(date.valueOf())) time.textContent = form.format(date);
  }
}

export function times() {
  localise(document);
  document.addEventListener("htmx:after:settle", ({ target }) => localise(target));
}
