// Two people wrote the same text: both are shown, and one chooses. Nothing is lost.

import { read } from "./model.js";
import { button, el } from "./nodes.js";

const HEADS = { card: "k-", step: "h-", stage: "p-", lane: "l-" };

export function start(editor) {
  const { model } = editor;

  let open = null; // what is asked now: {kind, id, field}
  const waiting = [];

  editor.on("conflict", (found) => {
    const again = open && ["kind", "id", "field"].every((part) => open[part] === found[part]);
    if (open && !again) waiting.push(found);
    else ask(found);
  });

  function ask(found) {
    const { kind, id, field, theirs, mine, by } = found;
    const name = by?.name ?? editor.t("someone");
    const put = (text) => editor.perform(editor.t("made.written"), [{ op: "update", kind, id, fields: { [field]: text } }]);
    // One may have written on, and even left, while the question stood there.
    const written = () => (editor.editing?.now?.id === id ? editor.editing.now.area.value.trim() : mine);
    const restore = () => {
      editor.editing?.replace(kind, id, theirs);
      if (read(kind, model.row(kind, id) ?? {}, field) !== theirs) put(theirs);
    };
    const keepMine = (text) => {
      put(text);
      editor.editing?.replace(kind, id, text);
    };
    const join = (text, between, most) => {
      const both = `${theirs}${between}${text}`;
      if (both.length > most) editor.copyText?.(text); // what finds no room can still be pasted
      put(both.slice(0, most));
    };
    const keepBoth = (text) => {
      const card = kind === "card" && field === "text" ? model.card(id) : null;
      if (!card) {
        join(text, " / ", 80);
        return;
      }
      const { id: _id, key: _key, pain_point: _pain, opportunity: _opportunity, ...rest } = structuredClone(card);
      if (rest.touchpoint) {
        join(text, "\n", 400);
        return;
      }
      restore();
      editor.perform(editor.t("made.added"), [{ op: "insert", rows: [{ ...rest, text, kind: "card", id: crypto.randomUUID(), at: model.placeOf("card", id) + 1 }] }]);
    };
    const choose = (act) => {
      const text = written();
      box.remove();
      open = null;
      act(text);
      if (waiting.length) ask(waiting.shift());
    };
    const box = el("div", { css: "jm-menu jm-conflict", role: "alertdialog", "aria-label": editor.t("conflict.changed", { name }), popover: "manual" },
      el("b", {}, editor.t("conflict.changed", { name })),
      el("dl", {},
        el("dt", {}, editor.t("conflict.your_text")), el("dd", {}, mine),
        el("dt", {}, editor.t("conflict.their_text", { name })), el("dd", {}, theirs)),
      el("div", { css: "jm-acts" },
        button("btn pri", () => choose(keepMine), editor.t("conflict.mine")),
        button("btn", () => choose(restore), editor.t("conflict.theirs", { name })),
        button("btn", () => choose(keepBoth), editor.t("conflict.both"))),
    );
    document.querySelector(".jm-conflict")?.remove();
    open = found;
    (document.querySelector("main") ?? document.body).append(box);
    box.showPopover?.();
    stand(box, document.getElementById(`${HEADS[kind]}${id}`));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") choose(restore);
    });
    editor.say(editor.t("conflict.changed", { name }), { assertive: true });
    if (!editor.editing?.active) box.querySelector("button").focus();
  }

  // Beside what it is about; in the middle where that is not shown.
  function stand(box, host) {
    if (!host) {
      box.style.left = `${(window.innerWidth - box.offsetWidth) / 2}px`;
      box.style.top = `${(window.innerHeight - box.offsetHeight) / 3}px`;
      return;
    }
    const place = host.getBoundingClientRect();
    const left = place.right + 8 + box.offsetWidth > window.innerWidth ? place.left - box.offsetWidth - 8 : place.right + 8;
    box.style.left = `${Math.max(left, 8)}px`;
    box.style.top = `${Math.max(8, Math.min(place.top, window.innerHeight - box.offsetHeight - 8))}px`;
  }

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
