// What differs between two versions: as a list, and on the map with a word on each card.

import { button, el } from "./nodes.js";

const HOWS = ["added", "changed", "moved", "removed"];
const mark = (editor, how) => el("span", { css: `jm-how ${how}` }, editor.t(`diff.${how}`));

// One row for each cell: where, and what happened to its cards.
export function differencesList(editor, cells) {
  if (!cells?.length) return el("p", { css: "jm-quiet" }, editor.t("diff.no_cells"));
  const card = (one) => {
    const how = HOWS.filter((key) => one.how.includes(key));
    const words = one.was ? [el("s", {}, one.was), " ", el("span", {}, one.text)] : [el(how[0] === "removed" ? "s" : "span", {}, one.text || editor.t("diff.no_text"))];
    return el("li", {}, ...how.map((key) => mark(editor, key)), " ", ...words);
  };
  const rows = cells.map((cell) => el("li", {}, el("b", {}, `${cell.step_title} · ${cell.lane_title}`), el("ul", { css: "jm-diff-list" }, ...cell.cards.map(card))));
  return el("ul", { css: "jm-diff-cells" }, ...rows);
}

// Marks cards of the open version; a bar says what is compared and ends it.
export function compareOnMap(editor, found) {
  const { model } = editor;
  const t = (key, values) => editor.t(key, values);
  const canvas = document.getElementById("jm-canvas");
  document.querySelector(".jm-diff-bar")?.remove();
  const byKey = new Map(found.cells.flatMap((cell) => cell.cards.map((card) => [card.key, { cell, card }])));
  const lanes = new Map(model.lanes.map((lane) => [lane.key, lane.id]));
  const steps = new Map(model.columns().map((step) => [step.key, step.id]));

  function clear() {
    for (const node of document.querySelectorAll(".jm-map .jm-how, .jm-map .jm-gone")) node.remove();
    for (const node of document.querySelectorAll(".is-added, .is-changed, .is-moved")) node.classList.remove("is-added", "is-changed", "is-moved");
  }

  function draw() {
    clear();
    for (const card of model.rows.card.values()) {
      const about = byKey.get(card.key);
      const how = about && HOWS.find((one) => one !== "removed" && about.card.how.includes(one));
      const node = how && document.getElementById(`k-${card.id}`);
      if (!node) continue;
      node.classList.add(`is-${how}`);
      node.prepend(mark(editor, how));
    }
    for (const { cell, card } of byKey.values()) {
      if (!card.how.includes("removed")) continue;
      const place = document.getElementById(`c-${lanes.get(cell.lane)}-${steps.get(cell.step)}`);
      place?.append(el("p", { css: "jm-gone" }, mark(editor, "removed"), el("s", {}, card.text)));
    }
  }

  const stop = () => {
    off();
    clear();
    bar.remove();
    editor.say(t("diff.ended"));
    canvas.querySelector('[tabindex="0"]')?.focus();
  };
  const bar = el("div", { css: "jm-diff-bar", role: "status" }, el("span", {}, t("diff.title", { a: found.a.number, b: found.b.number })), ...HOWS.filter((how) => found.totals[how]).map((how) => el("span", {}, mark(editor, how), ` ${found.totals[how]}`)), button("btn sm", stop, t("diff.end")));
  canvas.before(bar);
  const off = editor.on("drawn", draw);
  draw();
  bar.querySelector("button").focus();
}
