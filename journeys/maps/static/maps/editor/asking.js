// Small forms in a dialog: a name, a note, a yes.

import { el } from "./nodes.js";

// Fields are [[key, label, control]]; answers {key: value} or null when it was closed.
export async function askFor(editor, title, fields, action, { lead = null, wide = false, danger = false } = {}) {
  const rows = fields.map(([key, label, control], i) => {
    control.id = `jm-ask-${key}-${i}`;
    return el("div", { css: "jm-field" }, el("label", { for: control.id }, label), control);
  });
  const go = el("button", { type: "submit", value: "ok", css: danger ? "btn danger sm" : "btn pri sm" }, action);
  const cancel = el("button", { type: "submit", value: "", formnovalidate: true, css: "btn sm" }, editor.t("ask.cancel"));
  const form = el("form", { method: "dialog", css: "jm-form" }, lead, ...rows, el("div", { css: "jm-form-go" }, go, cancel));
  // Enter in a field is the action, not whichever button comes first.
  let answer = null;
  form.addEventListener("submit", (event) => {
    if ((event.submitter ?? go).value !== "ok") return;
    answer = Object.fromEntries(fields.map(([key, , control]) => [key, control.type === "checkbox" ? control.checked : control.value.trim()]));
  });
  await editor.dialog(title, form, { wide });
  return answer;
}

export const textField = (value = "", most = 120) => el("input", { type: "text", value, maxlength: most, required: true, autocomplete: "off" });

export const confirmed = async (editor, title, words, action) =>
  (await askFor(editor, title, [], action, { lead: el("p", {}, words), danger: true })) !== null;
