// After **Undo** the button goes: who pressed it is led to the words that take its place.
export function undo() {
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.matches(".undo form")) ctx.sourceElement.querySelector(".form-error").replaceChildren();
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement;
    const place = form.matches("form[action$='/undo']") && document.getElementById(form.dataset.place);
    if (!place || !ctx.response || ctx.response.status >= 300) return;
    if (place.contains(document.activeElement) || document.activeElement === document.body) place.focus();
  });
}
