// Dialogs: one question at a time, closed by Escape, with the focus back where it was.

import { button, el, fill } from "./nodes.js";

export function start(editor) {
  let current = null;

  editor.dialog = (title, content, { wide = false, css = "" } = {}) =>
    new Promise((resolve) => {
      current?.close();
      const back = document.activeElement;
      const body = el("div", { css: "jm-dialog-body" });
      if (typeof content === "string") fill(body, content);
      else body.append(content);
      const head = title
        ? el("div", { css: "jm-dialog-head" }, el("h2", { id: "jm-dialog-title" }, title),
            button("jm-icon", () => dialog.close(), editor.icon("cross"), el("span", { css: "vh" }, editor.t("do.close"))))
        : null;
      const dialog = el("dialog", { css: `jm-dialog${wide ? " wide" : ""} ${css}`, ...(title ? { "aria-labelledby": "jm-dialog-title" } : {}) }, head, body);
      let value;
      editor.closeDialog = (answer) => {
        value = answer;
        dialog.close();
      };
      dialog.addEventListener("close", () => {
        current = null;
        dialog.remove();
        if (back?.isConnected) back.focus({ preventScroll: true });
        resolve(value ?? (dialog.returnValue || undefined));
      });
      dialog.addEventListener("click", (event) => {
        if (event.target === dialog) dialog.close();
      });
      document.body.append(dialog);
      current = dialog;
      dialog.showModal();
      const first = body.querySelector("[autofocus], input:not([type=hidden]), select, textarea");
      first?.focus();
    });
}
