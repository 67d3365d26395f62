// A map without steps says what to do first; a stage without steps is not forgotten.

import { button, el } from "./nodes.js";

export function start(editor) {
  const { model, commands, root } = editor;

  function show() {
    const none = model.columns().length === 0;
    root.querySelector(".jm-empty")?.remove();
    for (const note of root.querySelectorAll(".jm-note")) note.remove();
    editor.grid.map.hidden = none;
    if (none) {
      const { edit } = editor.doc.may ?? {};
      const { templates } = editor.doc.urls ?? {};
      root.append(el("div", { css: "jm-empty" },
        el("p", {}, editor.t(edit ? "grid.start" : "grid.no_steps")),
        edit ? el("div", {},
          button("btn pri", () => commands.run("step.add"), editor.icon("plus"), editor.t("step.add_first")),
          templates ? button("btn", choose, editor.t("grid.template")) : null) : null));
      return;
    }
    if (!editor.edits) return;
    for (const stage of model.stages.filter((one) => !model.stepsOf(one.id).length)) {
      editor.grid.map.before(el("p", { css: "jm-note" }, editor.t("notice.empty_stage", { name: stage.name }), " ",
        button("jm-linklike", () => commands.run("step.add", { stage: stage.id }), editor.t("step.add")), " · ",
        button("jm-linklike", () => editor.perform(editor.t("stage.deleted", { name: stage.name }), [{ op: "delete", kind: "stage", ids: [stage.id] }]), editor.t("stage.delete"))));
    }
  }

  // All of a template comes by one change, so that one undo takes it away again.
  async function choose() {
    let found;
    try {
      found = (await editor.fetchJSON(editor.doc.urls.templates)).templates;
    } catch {
      editor.toast(editor.t("template.failed"), { bad: true });
      return;
    }
    const list = el("div", { css: "jm-choices" }, ...found.map(({ key, title, description }, place) =>
      el("button", { type: "button", css: "jm-choice", autofocus: place === 0, onclick: () => editor.closeDialog(key) },
        el("b", {}, title), el("small", {}, description))));
    const key = await editor.dialog(editor.t("grid.template"), list);
    if (key) await fill(key, found.find((one) => one.key === key).title);
  }

  async function fill(key, title) {
    try {
      const { rows } = await editor.fetchJSON(`${editor.doc.urls.templates}?${new URLSearchParams({ key })}`);
      if (model.columns().length) return; // somebody else was quicker
      const before = [...model.stages.map((row) => ["stage", row.id]), ...model.lanes.map((row) => ["lane", row.id])];
      const gone = ["stage", "lane"].map((kind) => ({ op: "delete", kind, ids: before.filter(([of]) => of === kind).map(([, id]) => id) }));
      editor.perform(editor.t("template.made", { title }), [...gone.filter((op) => op.ids.length), { op: "insert", rows }]);
      editor.toast(editor.t("template.made", { title }), { label: editor.t("do.undo"), action: () => editor.undo() });
      editor.focusCell(null, model.columns()[0]?.id);
    } catch {
      editor.toast(editor.t("template.failed"), { bad: true });
    }
  }

  editor.on("drawn", ({ touched }) => touched === "all" && show());
}
