// Keys of the grid: going around, selecting, and what a key does with what is selected.
// While one writes, edit.js listens instead.

import { keyOf } from "./commands.js";
import { Selection } from "./selection.js";
import { target } from "./walk.js";

const GOING = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"]);
const CELLS = ".jm-cell, .jm-step, .jm-phase, .jm-lane[id], .jm-line-head[id]";

// The grid as rows of places, as it is drawn now; looked up again after something was redrawn.
export function rowsOf(editor) {
  if (editor.places) return editor.places;
  const found = [];
  editor.places = found;
  for (const row of editor.grid.map.querySelectorAll('[role="row"]')) {
    const cells = [...row.querySelectorAll(CELLS)].map((node) => ({
      id: node.id,
      col: node.matches(".jm-lane, .jm-line-head") ? -1 : Number(node.dataset.col),
      span: node.classList.contains("jm-feel") ? editor.model.columns().length : Number(node.dataset.span ?? 1),
    }));
    if (cells.length) found.push(cells);
  }
  return found;
}

function go(editor, place, key) {
  const { selection } = editor;
  if (place.classList.contains("jm-feel") && (key === "ArrowLeft" || key === "ArrowRight")) {
    const column = selection.column + (key === "ArrowRight" ? 1 : -1);
    if (column >= 0 && column < editor.model.columns().length) {
      selection.walkInside(place, column);
      return;
    }
  }
  const rows = rowsOf(editor);
  const row = rows.findIndex((cells) => cells.some((cell) => cell.id === place.id));
  if (row < 0) return;
  const at = rows[row].findIndex((cell) => cell.id === place.id);
  const aim = target(rows, { row, place: at, column: selection.column }, key);
  if (!aim) return;
  const sideways = !["ArrowUp", "ArrowDown", "PageUp", "PageDown"].includes(key);
  if (aim.span > 1 && key === "Home") selection.column = 0;
  if (aim.span > 1 && key === "End") selection.column = aim.span - 1;
  selection.clear();
  selection.focus(document.getElementById(aim.id), { keepColumn: !sideways });
}

function edge(editor, key) {
  const lanes = rowsOf(editor).filter((cells) => cells.some((cell) => cell.id.startsWith("c-")));
  const cells = (key === "Home" ? lanes[0] : lanes.at(-1))?.filter((cell) => cell.col >= 0);
  const aim = key === "Home" ? cells?.[0] : cells?.at(-1);
  if (aim) editor.selection.focus(document.getElementById(aim.id));
}

// Shift and an arrow: the selection grows from the cell where it began.
function extend(editor, key) {
  const { selection, model } = editor;
  const end = selection.range?.to ?? selection.cell;
  if (!end?.lane || !end.step) return;
  const lanes = model.visibleLanes().filter((lane) => model.kindOf(lane).of_cards);
  const steps = model.columns();
  const down = { ArrowUp: -1, ArrowDown: 1 }[key] ?? 0;
  const right = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0;
  const lane = lanes[lanes.findIndex((one) => one.id === end.lane) + down];
  const step = steps[model.columnOf(end.step) + right];
  if (!lane || !step) return;
  selection.extend({ lane: lane.id, step: step.id });
  document.getElementById(model.cellId(lane.id, step.id))?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// Keys inside a cell whose cards are gone through one by one.
function among(editor, card, event) {
  const { key } = event;
  const list = editor.model.cell(card.lane, card.step);
  const place = list.findIndex((one) => one.id === card.id);
  const focus = (one) => one && document.getElementById(`k-${one.id}`)?.focus();
  if (key === "ArrowDown" && place < list.length - 1) return focus(list[place + 1]), true;
  if (key === "ArrowUp" && place > 0) return focus(list[place - 1]), true;
  if (key === "Escape") {
    editor.selection.clear();
    editor.focusCell(card.lane, card.step);
    return true;
  }
  return false;
}

export function start(editor) {
  const { root, commands, selection } = editor;
  editor.on("drawn", ({ touched }) => {
    if (touched === "all") editor.places = null;
  });

  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const place = Selection.placeOf(event.target);
    if (!place || event.target.closest("textarea, input, button, .jm-tools")) {
      if (place && event.key === "Escape" && event.target.closest("button, a")) place.focus();
      return;
    }
    const pressed = keyOf(event);
    const card = selection.focusedCard();
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (card && plain && !event.shiftKey && among(editor, card, event)) {
      event.preventDefault();
      return;
    }
    if (plain && !event.shiftKey && GOING.has(event.key)) {
      event.preventDefault();
      go(editor, place, event.key);
      return;
    }
    if (plain && event.shiftKey && event.key.startsWith("Arrow")) {
      event.preventDefault();
      extend(editor, event.key);
      return;
    }
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && (event.key === "Home" || event.key === "End")) {
      event.preventDefault();
      edge(editor, event.key);
      return;
    }
    if (event.key === "Escape" && selection.cards.size + (selection.range ? 1 : 0)) {
      selection.clear();
      return;
    }
    if (commands.press(pressed, { place, card, event })) {
      event.preventDefault();
      return;
    }
    // Typing begins to write.
    if (plain && event.key.length === 1 && event.key !== " ") {
      if (commands.run("write", { place, card, typed: event.key })) event.preventDefault();
    }
  });

  // Keys that work wherever the focus is on the page, unless one writes somewhere.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.target.closest?.("input, textarea, select, [contenteditable], dialog, .jm-menu")) return;
    if (commands.press(keyOf(event), { everywhere: true, event })) event.preventDefault();
  });
}
