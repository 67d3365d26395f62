// Two people wrote the same text: both are shown, and one chooses. Nothing is lost.

import { button, el } from "./nodes.js";

const HEADS = { card: "k-", step: "h-", stage: "p-", lane: "l-" };

export function start(editor) {
  const { model } = editor;

  editor.on("conflict", ({ kind, id, field, theirs, mine, by }) => {
    const name = by?.name ?? editor.t("someone");
    const host = document.getElementById(`${HEADS[kind]}${id}`);
    if (!host) return;
    const box = el("div", { css: "jm-menu jm-conflict", role: "alertdialog", "aria-label": editor.t("conflict.changed", { name }), popover: "manual" });
    const close = () => box.remove();
    const put = (text) => editor.perform(editor.t("made.written"), [{ op: "update", kind, id, fields: { [field]: text } }]);
    const keepMine = () => {
      close();
      put(mine);
      editor.editing?.replace(kind, id, mine);
    };
    const keepTheirs = () => {
      close();
      editor.editing?.replace(kind, id, theirs);
    };
    const keepBoth = () => {
      close();
      const card = kind === "card" && field === "text" ? model.card(id) : null;
      if (!card) {
        put(`${theirs} / ${mine}`.slice(0, 80));
        return;
      }
      editor.editing?.replace(kind, id, theirs);
      const { id: _id, key: _key, pain_point: _pain, opportunity: _opportunity, ...rest } = structuredClone(card);
      if (rest.touchpoint) {
        put(`${theirs}\n${mine}`.slice(0, 400));
        return;
      }
      editor.perform(editor.t("made.added"), [{ op: "insert", rows: [{ ...rest, text: mine, kind: "card", id: crypto.randomUUID(), at: model.placeOf("card", id) + 1 }] }]);
    };
    box.append(
      el("b", {}, editor.t("conflict.changed", { name })),
      el("dl", {},
        el("dt", {}, editor.t("conflict.your_text")), el("dd", {}, mine),
        el("dt", {}, editor.t("conflict.their_text", { name })), el("dd", {}, theirs)),
      el("div", { css: "jm-acts" },
        button("btn pri", keepMine, editor.t("conflict.mine")),
        button("btn", keepTheirs, editor.t("conflict.theirs", { name })),
        button("btn", keepBoth, editor.t("conflict.both"))),
    );
    document.querySelector(".jm-conflict")?.remove();
    (document.querySelector("main") ?? document.body).append(box);
    box.showPopover?.();
    const place = host.getBoundingClientRect();
    const left = place.right + 8 + box.offsetWidth > window.innerWidth ? place.left - box.offsetWidth - 8 : place.right + 8;
    box.style.left = `${Math.max(left, 8)}px`;
    box.style.top = `${Math.max(8, Math.min(place.top, window.innerHeight - box.offsetHeight - 8))}px`;
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") keepTheirs();
    });
    editor.say(editor.t("conflict.changed", { name }), { assertive: true });
    if (!editor.editing?.active) box.querySelector("button").focus();
  });

  // What one was writing in is gone.
  editor.on("lost", ({ text, lane, step }) => {
    if (!text) return;
    const name = editor.lastBy?.name ?? editor.t("someone");
    editor.copyText?.(text);
    const words = editor.t("conflict.deleted", { name });
    const paste = () => {
      const cell = model.lane(lane) && model.step(step) ? { lane, step } : editor.selection.cell;
      if (!model.lane(cell?.lane) || !model.step(cell?.step)) return;
      editor.acts.add(cell.lane, cell.step, { text });
      editor.focusCell(cell.lane, cell.step);
    };
    editor.toast(words, { stay: true, label: editor.t("conflict.paste"), action: paste });
    editor.say(words, { assertive: true });
  });
}
