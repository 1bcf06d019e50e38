// What was read aloud is taken away again, so that nobody meets it a second time.
const KEPT = 8000;

// A finished reply stands in the log already: its words are taken from there instead of being sent once more.
function speak(node) {
  const reply = document.getElementById(node.dataset.of);
  if (!reply) return;
  node.textContent = [...reply.querySelectorAll(".prose")].map((prose) => prose.innerText).join("\n");
}

export function announcements() {
  const place = document.getElementById("announce");
  if (!place) return;
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        // After everything that came with it is in its place.
        if (node.dataset?.of) setTimeout(() => speak(node));
        setTimeout(() => node.remove(), KEPT);
      }
    }
  }).observe(place, { childList: true });
}
