// The view follows the newest text only for someone who is at the end of it.
import { focusMessage } from "./composer.js";

const NEAR = 96;

export function follow() {
  const log = document.getElementById("log");
  const dock = document.getElementById("dock");
  if (dock) {
    const foot = document.querySelector(".page > .foot");
    const measured = new ResizeObserver(() => {
      const style = document.documentElement.style;
      style.setProperty("--dock-height", `${dock.offsetHeight}px`);
      style.setProperty("--foot-height", `${foot.getBoundingClientRect().height}px`);
    });
    measured.observe(dock);
    measured.observe(foot);
  }
  if (!log || !document.getElementById("connection")) return;
  const page = document.scrollingElement;
  const jump = document.getElementById("jump");
  const isNear = () => page.scrollHeight - page.scrollTop - page.clientHeight < NEAR;
  const toEnd = () => {
    const from = page.scrollTop;
    page.scrollTo({ top: page.scrollHeight, behavior: "instant" });
    if (Math.abs(page.scrollTop - from) > 1) document.dispatchEvent(new CustomEvent("sayso:moved"));
  };
  let isFollowing = !location.hash || location.hash === "#end";

  const show = () => {
    // Who is at the end without following (they came to one call) has nowhere to jump to.
    jump.hidden = isFollowing || isNear();
    // Who follows is moved by us alone: the browser's own anchoring would look like a person's scrolling.
    document.documentElement.classList.toggle("following", isFollowing);
  };
  const settle = () => {
    if (isFollowing) toEnd();
    show();
  };
  history.scrollRestoration = "manual";
  settle();
  addEventListener("load", settle);

  // Only a person's own scrolling decides, upwards at once; growth of the page never does.
  let height = page.scrollHeight;
  let top = page.scrollTop;
  addEventListener("scroll", () => {
    const isShrunk = page.scrollHeight < height;
    if (!isShrunk && page.scrollTop < top - 1) isFollowing = false;
    else if (page.scrollTop > top && isNear()) isFollowing = true;
    height = page.scrollHeight;
    top = page.scrollTop;
    show();
  }, { passive: true });

  const grown = new ResizeObserver(() => {
    settle();
    height = page.scrollHeight;
    // Where that brought the view is nobody's scrolling.
    if (isFollowing) top = page.scrollTop;
  });
  grown.observe(document.getElementById("flow"));
  grown.observe(dock);

  jump.addEventListener("click", () => {
    isFollowing = true;
    settle();
    focusMessage();
  });
  document.addEventListener("sayso:sent", () => {
    isFollowing = true;
    settle();
  });

  // Earlier messages come in above: what is being read stays where it is.
  let before = 0;
  document.addEventListener("htmx:before:swap", ({ target }) => {
    if (target.id === "older") before = page.scrollHeight - page.scrollTop;
  });
  document.addEventListener("htmx:after:settle", () => {
    if (before) page.scrollTop = page.scrollHeight - before;
    before = 0;
  });
}
