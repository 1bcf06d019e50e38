// The state of the socket, in words: reconnecting, signed out, gone. Also forms whose request never arrived.
export function connection() {
  answers();
  const socket = document.getElementById("connection");
  const status = document.getElementById("status");
  if (!socket || !status) return;
  const words = socket.dataset;

  document.addEventListener("htmx:ws:close", ({ detail: { code, reason } }) => {
    if (reason !== "closed") return;
    const gone = document.getElementById(`gone-${code}`);
    if (!gone) {
      status.textContent = words.reconnecting;
      return;
    }
    gone.hidden = false;
    status.textContent = "";
    document.getElementById("composer").dataset.gone = "";
    for (const button of document.querySelectorAll("#send, #stop button, form.decide button")) button.setAttribute("aria-disabled", "true");
  });

  // The title of the document is told like everything else.
  const title = document.getElementById("page-title");
  new MutationObserver(() => {
    if (title.textContent) document.title = title.textContent;
  }).observe(title, { childList: true, characterData: true, subtree: true });
}

// Says beside a form that its request never arrived.
function answers() {
  const failed = (form) => {
    const place = document.querySelector(form.getAttribute?.("hx-target") ?? "#composer-error");
    const paragraph = document.createElement("p");
    paragraph.textContent = document.getElementById("composer").dataset.lost;
    place?.replaceChildren(paragraph);
  };
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    if (ctx?.sourceElement.matches("form")) failed(ctx.sourceElement);
  });
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    if (ctx.response.status >= 500 && ctx.sourceElement.matches("form")) failed(ctx.sourceElement);
  });
}
