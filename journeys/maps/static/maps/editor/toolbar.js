// The state of saving, and the buttons for undo and redo.

import { button, el, slot } from "./nodes.js";

export function start(editor) {
  const host = document.getElementById("jm-state");
  const given = [...(host?.childNodes ?? [])]; // what the server wrote of the version

  function tell({ state, pending = 0, seconds = 0 }) {
    if (!host) return;
    // What is published is neither a draft nor saved; that one is offline is worth a word.
    if (editor.doc.version?.status !== "draft" && (state === "saved" || state === "saving")) {
      host.className = "jm-state";
      host.replaceChildren(...given);
      return;
    }
    const words = {
      saved: () => editor.t("save.saved"),
      saving: () => editor.t("save.saving"),
      offline: () => editor.t("save.offline", { n: pending }),
      failed: () => editor.t("save.failed", { n: seconds }),
      denied: () => editor.t("notice.view_only"),
    }[state]?.();
    if (!words) return;
    const icon = { saved: "check", saving: "repeat" }[state] ?? "warn";
    host.className = `jm-state ${state}`;
    const again = state === "failed" || (state === "offline" && pending);
    const old = host.querySelector("button");
    if (again && old && host.dataset.state === state) {
      host.querySelector("span").textContent = words; // the button keeps its focus
      return;
    }
    host.dataset.state = state;
    host.replaceChildren(editor.icon(icon), el("span", {}, words),
      again ? button("jm-linklike", () => editor.sync?.now(), editor.t("save.now")) : "");
  }

  let said = "saved";
  editor.on("saved", (detail) => {
    tell(detail);
    const { state } = detail;
    if (state === said || state === "saving") return;
    if (state === "saved") editor.say(editor.t("save.saved"));
    else if (state === "offline") editor.say(editor.t("save.offline_long"), { assertive: true });
    else if (state === "failed") editor.say(editor.t("save.failed", { n: detail.seconds }), { assertive: true });
    said = state;
  });
  if (editor.doc.version?.status === "draft" && editor.doc.urls?.sync && editor.edits) tell({ state: "saved" });

  const place = editor.edits ? slot("undo") : null;
  if (!place) return;
  const undo = button("jm-icon", () => editor.undo(), editor.icon("undo"), el("span", { css: "vh" }, editor.t("do.undo")));
  const redo = button("jm-icon", () => editor.redo(), editor.icon("redo"), el("span", { css: "vh" }, editor.t("do.redo")));
  const show = () => {
    undo.disabled = !editor.history.canUndo();
    redo.disabled = !editor.history.canRedo();
    undo.title = editor.history.canUndo() ? `${editor.t("do.undo")}: ${editor.history.done.at(-1).label}` : editor.t("do.undo");
    redo.title = editor.t("do.redo");
  };
  place.replaceChildren(undo, redo);
  editor.on("history", show);
  show();
}
