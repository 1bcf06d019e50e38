// The numbers beside the conversations of the navigation, as they are told.
export function waits() {
  const told = document.getElementById("waits");
  if (!told) return;
  new MutationObserver(() => {
    for (const place of document.querySelectorAll("[data-waits]")) {
      const badge = told.querySelector(`[data-of="${place.dataset.waits}"]`)?.firstElementChild;
      place.replaceChildren(...(badge ? [badge.cloneNode(true)] : []));
    }
  }).observe(told, { childList: true });
}
