// The heading rows: phases where they say more than the stages, stages, steps.

import { icon } from "./cards.js";
import { button, el } from "./nodes.js";
import { phaseRuns } from "./spans.js";

export function heads(editor, old) {
  const { model, doc } = editor;
  const stages = model.stages.filter((stage) => model.stepsOf(stage.id).length);
  const runs = phaseRuns(stages, doc.phases ?? [], (id) => model.stepsOf(id));
  const rows = [];
  if (runs.length) rows.push(phaseRow(editor, runs));
  if (stages.length) rows.push(stageRow(editor, stages, runs.length > 0));
  if (model.columns().length) rows.push(stepRow(editor));
  return el("div", { css: "jm-heads", role: "rowgroup" }, rows.map((row) => keep(row, old)));
}

// The heading that takes over the focus from the one it replaces.
export function refocus(top, id) {
  if (id && !top.contains(document.activeElement)) top.querySelector(`[id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}

// Marks that others have put on a heading (a failing step's sign) stay on it.
function keep(row, old) {
  if (!old) return row;
  for (const fresh of row.querySelectorAll("[id]")) {
    const before = old.querySelector(`[id="${CSS.escape(fresh.id)}"]`);
    if (!before) continue;
    if (before.contains(document.activeElement) && before.querySelector("textarea")) {
      fresh.replaceWith(before);
      continue;
    }
    if (before.classList.contains("is-failing")) fresh.classList.add("is-failing");
    const mark = before.querySelector(".jm-step-status");
    if (mark) fresh.querySelector(".jm-step-status")?.replaceWith(mark);
    fresh.tabIndex = before.tabIndex;
  }
  return row;
}

// For the pointer: by keyboard the same is behind "/" and Ctrl+K, so that the grid is one stop.
function end(editor, command) {
  const add = button("jm-addend", () => editor.commands.run(command), icon("plus"), el("span", { css: "vh" }, editor.t(command)));
  add.tabIndex = -1;
  return el("div", { css: "jm-end", role: "presentation" }, add);
}

const corner = (words) => el("div", { css: "jm-lane jm-corner", role: "rowheader" }, words);

function phaseRow(editor, runs) {
  return el("div", { css: "jm-row jm-row-phases", role: "row" },
    corner(editor.t("grid.phase")),
    runs.map((run) => el("div", { css: "jm-over", role: "columnheader", style: { "--span": run.span }, "aria-colspan": run.span }, run.name)));
}

function tint(place, count) {
  return count < 2 ? 1 : 1 + Math.round((place * 4) / (count - 1));
}

function stageRow(editor, stages, underPhases) {
  const { model, doc } = editor;
  const edit = doc.may?.edit;
  const row = el("div", { css: "jm-row jm-row-stages", role: "row" }, corner(editor.t(underPhases ? "grid.stage" : "grid.phase")));
  let column = 0;
  stages.forEach((stage, place) => {
    const span = model.stepsOf(stage.id).length;
    const last = place === stages.length - 1;
    const css = `jm-phase ph-${tint(place, stages.length)}${place ? "" : " is-first"}${last ? " is-last" : ""}`;
    const head = el("div", { css, role: "columnheader", tabindex: "-1", id: `p-${stage.id}`, "data-stage": stage.id, "data-col": column, "data-span": span, "aria-colspan": span, style: { "--span": span } },
      el("b", { css: "jm-text", title: stage.name }, stage.name));
    if (last && doc.map.cyclic) {
      head.append(el("small", { title: doc.map.cycle_name }, icon("repeat"), el("span", { css: span === 1 ? "vh" : "" }, doc.map.cycle_name || editor.t("grid.repeats"))));
    }
    column += span;
    row.append(head);
  });
  if (edit) row.append(end(editor, "stage.add"));
  return row;
}

function stepRow(editor) {
  const { model, doc } = editor;
  const row = el("div", { css: "jm-row jm-row-steps", role: "row" }, corner(editor.t("grid.step")));
  const steps = model.columns();
  steps.forEach((step, column) => {
    row.append(el("div", { css: `jm-step${column === steps.length - 1 ? " last" : ""}`, role: "columnheader", tabindex: "-1", id: `h-${step.id}`, "data-step": step.id, "data-col": column, "aria-colindex": column + 2 },
      el("i", { "aria-hidden": "true" }, String(column + 1)),
      el("span", { css: "jm-text" }, step.name),
      step.next.length ? ways(editor, step) : null,
      el("span", { css: "jm-step-status", id: `st-${step.id}` })));
  });
  if (doc.may?.edit) row.append(end(editor, "step.add"));
  return row;
}

// A step that leads elsewhere than to its neighbour says where, in words.
function ways(editor, step) {
  const words = step.next
    .map(({ to, label }) => `${label ? `${label}: ` : ""}${editor.model.step(to)?.name ?? ""}`)
    .join("; ");
  return el("span", { css: "jm-ways", title: editor.t("step.leads", { words }) }, icon("flow"), el("span", { css: "vh" }, editor.t("step.leads", { words })));
}
