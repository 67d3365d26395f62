// What appears for a moment: words with one thing to do. Stays while it is looked at.

import { button, el } from "./nodes.js";

const LONG = 8000;

export function toasts(host) {
  let timer = 0;
  const hide = () => host.replaceChildren();
  host.addEventListener("mouseenter", () => clearTimeout(timer));
  host.addEventListener("focusin", () => clearTimeout(timer));
  host.addEventListener("mouseleave", () => {
    timer = setTimeout(hide, LONG);
  });

  return (words, { action, label, stay = false, bad = false } = {}) => {
    clearTimeout(timer);
    const act = action && button("jm-toast-act", () => {
      hide();
      action();
    }, label);
    const close = stay && button("jm-toast-close", hide, "×");
    host.replaceChildren(el("div", { css: `jm-toast${bad ? " bad" : ""}` }, el("span", {}, words), act, close));
    if (!stay) timer = setTimeout(hide, LONG);
    return hide;
  };
}
