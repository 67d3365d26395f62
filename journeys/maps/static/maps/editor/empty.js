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
      const template = editor.doc.urls?.template;
      root.append(el("div", { css: "jm-empty" },
        el("p", {}, editor.t(edit ? "grid.start" : "grid.no_steps")),
        edit ? el("div", {},
          button("btn pri", () => commands.run("step.add"), editor.icon("plus"), editor.t("step.add_first")),
          template ? el("a", { css: "btn", href: template }, editor.t("grid.template")) : null) : null));
      return;
    }
    if (!editor.edits) return;
    for (const stage of model.stages.filter((one) => !model.stepsOf(one.id).length)) {
      editor.grid.map.before(el("p", { css: "jm-note" }, editor.t("notice.empty_stage", { name: stage.name }), " ",
        button("jm-linklike", () => commands.run("step.add", { stage: stage.id }), editor.t("step.add")), " · ",
        button("jm-linklike", () => editor.perform(editor.t("stage.deleted", { name: stage.name }), [{ op: "delete", kind: "stage", ids: [stage.id] }]), editor.t("stage.delete"))));
    }
  }

  editor.on("drawn", ({ touched }) => touched === "all" && show());
}
