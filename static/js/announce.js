// What was read aloud is taken away again, so that nobody meets it a second time.
const KEPT = 8000;

export function announcements() {
  const place = document.getElementById("announce");
  if (!place) return;
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) setTimeout(() => node.remove(), KEPT);
    }
  }).observe(place, { childList: true });
}
