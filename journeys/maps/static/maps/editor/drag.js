// Drag and drop by mouse and finger: cards (several too), steps, stages, lanes. The line shows
// where something will be; Escape leaves everything as it was.

import { takesCards } from "./acts.js";
import { el } from "./nodes.js";

const THRESHOLD = 4;
const HOLD = 420; // a finger scrolls unless it rests
const EDGE = 56;

export function start(editor) {
  if (!editor.edits) return;
  const { root, model, selection, acts } = editor;
  let drag = null;

  root.addEventListener("pointerdown", (event) => {
    if (event.button || !editor.edits || event.target.closest("button, textarea, input, a, .jm-tools")) return;
    const node = event.target.closest("[data-card], .jm-step, .jm-phase, .jm-lane[id], .jm-line-head[id]");
    if (!node || node.classList.contains("is-writing")) return;
    drag = { node, x: event.clientX, y: event.clientY, pointer: event.pointerId, touch: event.pointerType === "touch", on: false };
    if (drag.touch) drag.hold = setTimeout(() => lift(event), HOLD);
    document.addEventListener("pointermove", moved);
    document.addEventListener("pointerup", dropped);
    document.addEventListener("pointercancel", cancel);
    document.addEventListener("keydown", escaped, true);
  });
  root.addEventListener("touchmove", (event) => drag?.on && event.preventDefault(), { passive: false });
  // A finger that rests asks for the menu of the browser; here it lifts.
  root.addEventListener("contextmenu", (event) => drag?.touch && event.preventDefault(), true);

  function what(node) {
    if (node.dataset.card) {
      const card = model.card(node.dataset.card);
      const cards = selection.cards.has(card?.id) ? selection.targets() : [card];
      return card ? { kind: "card", cards, id: card.id } : null;
    }
    const found = editor.heads.headOf({ place: node });
    return found && model.row(found.kind, found.id) ? found : null;
  }

  function lift(event) {
    const thing = what(drag.node);
    if (!thing) {
      finish();
      return;
    }
    editor.editing?.leave();
    Object.assign(drag, { on: true, thing });
    editor.dragging = true;
    const box = drag.node.getBoundingClientRect();
    drag.dx = drag.x - box.left;
    drag.dy = drag.y - box.top;
    const copy = drag.node.cloneNode(true);
    copy.removeAttribute("id");
    copy.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
    copy.querySelectorAll(".jm-tools, .jm-tool").forEach((one) => one.remove());
    copy.style.cssText = "grid-row: auto; margin: 0;";
    copy.classList.remove("is-wide", "is-selected");
    drag.ghost = el("div", { css: "jm-ghost", style: { width: `${Math.min(box.width, 260)}px` } }, copy,
      thing.cards?.length > 1 ? el("span", { css: "jm-many" }, String(thing.cards.length)) : null);
    drag.line = el("div", { css: "jm-drop" });
    drag.line.hidden = true;
    // A veil shows the hand and keeps the page below from answering. A class on the page would do
    // so too, at the price of all styles anew in every frame.
    drag.veil = el("div", { css: "jm-veil" });
    drag.veil.addEventListener("wheel", ({ deltaX, deltaY }) => editor.canvas.scrollBy(deltaX, deltaY), { passive: true });
    document.body.append(drag.veil, drag.ghost, drag.line);
    for (const card of thing.cards ?? []) document.getElementById(`k-${card.id}`)?.classList.add("jm-lifted");
    if (!thing.cards) drag.node.classList.add("jm-lifted");
    drag.scroller = requestAnimationFrame(scroll);
    follow(event);
  }

  function moved(event) {
    if (!drag || event.pointerId !== drag.pointer) return;
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) >= THRESHOLD;
    if (!drag.on) {
      if (drag.touch) {
        if (far) cancel();
        return;
      }
      if (!far) return;
      lift(event);
      return;
    }
    event.preventDefault();
    follow(event);
  }

  function follow(event) {
    drag.at = { x: event.clientX, y: event.clientY };
    aim();
    drag.ghost.style.transform = `translate(${event.clientX - drag.dx}px, ${event.clientY - drag.dy}px)`;
  }

  // Near an edge the map scrolls along.
  function scroll() {
    if (!drag?.on) return;
    const box = editor.canvas.getBoundingClientRect();
    const { x, y } = drag.at ?? { x: box.left + EDGE * 2, y: box.top + EDGE * 2 };
    const laneWidth = widthOfHeads();
    const speed = (near) => Math.ceil(Math.max(0, Math.min(EDGE, near)) / 5);
    const right = speed(EDGE - (box.right - x)) - speed(EDGE - (x - box.left - laneWidth));
    const down = speed(EDGE - (box.bottom - y)) - speed(EDGE - (y - box.top - 60));
    if (right || down) {
      editor.canvas.scrollBy(right, down);
      aim();
    }
    drag.scroller = requestAnimationFrame(scroll);
  }

  const targets = { card: aimCard, step: aimColumn, stage: aimColumn, lane: aimLane };

  function aim() {
    const before = drag.goal?.cell;
    drag.goal = targets[drag.thing.kind](drag.at);
    if (before !== drag.goal?.cell) {
      before?.classList.remove("is-target");
      drag.goal?.cell?.classList.add("is-target");
    }
    drag.line.hidden = !drag.goal;
    if (!drag.goal) return;
    // Moved as a layer: nothing is laid out anew while the hand moves.
    const { left, top, width, height } = drag.goal.line;
    Object.assign(drag.line.style, { transform: `translate(${left}px, ${top}px)`, width: `${width}px`, height: `${height}px` });
  }

  function aimCard({ x, y }) {
    const cell = cellAt(x, y);
    const lane = cell && model.lane(cell.dataset.lane);
    if (!lane || !cell.dataset.step || !takesCards(model, lane)) return null;
    const cards = [...cell.querySelectorAll("[data-card]:not(.is-covered)")];
    let at = cards.length;
    const box = cell.getBoundingClientRect();
    let top = cards.length ? cards.at(-1).getBoundingClientRect().bottom + 1 : box.top + 6;
    for (const [place, node] of cards.entries()) {
      const one = node.getBoundingClientRect();
      if (y < one.top + one.height / 2) {
        at = place;
        top = one.top - 3;
        break;
      }
    }
    const ids = model.cell(lane.id, cell.dataset.step).map((card) => card.id);
    const before = cards[at] ? ids.indexOf(cards[at].dataset.card) : ids.length;
    return { cell, lane: lane.id, step: cell.dataset.step, at: before, line: { left: box.left + 6, top, width: box.width - 12, height: 2 } };
  }

  // The headings of lanes stay in sight and cover what lies below them.
  const widthOfHeads = () => editor.grid.map.querySelector(".jm-lane")?.offsetWidth ?? 0;

  // The cell at a point of the window, null over the headings and beside the map.
  function cellAt(x, y) {
    const canvas = editor.canvas.getBoundingClientRect();
    const heads = root.querySelector(".jm-heads")?.getBoundingClientRect();
    if (!heads || x < canvas.left + widthOfHeads() || x >= canvas.right || y < heads.bottom || y >= canvas.bottom) return null;
    const over = (node, from, to, point) => {
      const box = node.getBoundingClientRect();
      return box[from] <= point && point < box[to];
    };
    const row = [...root.querySelectorAll(".jm-body [data-lane][role=row]")].find((one) => over(one, "top", "bottom", y));
    const step = [...root.querySelectorAll(".jm-step")].find((one) => over(one, "left", "right", x));
    return row && step ? document.getElementById(model.cellId(row.dataset.lane, step.dataset.step)) : null;
  }

  // Steps and stages go between columns; a step may go into another stage.
  function aimColumn({ x }) {
    const { kind } = drag.thing;
    const nodes = [...root.querySelectorAll(kind === "step" ? ".jm-step" : ".jm-phase")];
    if (!nodes.length) return null;
    const boxes = nodes.map((node) => node.getBoundingClientRect());
    let place = boxes.findIndex((box) => x < box.left + box.width / 2);
    if (place < 0) place = nodes.length;
    const edge = place < nodes.length ? boxes[place].left : boxes.at(-1).right;
    const map = editor.canvas.getBoundingClientRect();
    const line = { left: edge - 1, top: boxes[0].top, width: 2, height: Math.max(map.bottom - boxes[0].top - 12, 40) };
    if (kind === "stage") return { at: place, line };
    // Between two stages the side under the hand decides.
    const after = place < nodes.length ? model.step(nodes[place].dataset.step) : null;
    const before = place > 0 ? model.step(nodes[place - 1].dataset.step) : null;
    const neighbour = after && before && after.stage !== before.stage ? (x < edge ? before : after) : (after ?? before);
    const at = neighbour === after && after ? model.placeOf("step", after.id) : model.placeOf("step", before.id) + 1;
    return { stage: neighbour.stage, at, line };
  }

  function aimLane({ y }) {
    const nodes = [...root.querySelectorAll(".jm-body [data-lane][role=row]")];
    const boxes = nodes.map((node) => node.getBoundingClientRect());
    let place = boxes.findIndex((box) => y < box.top + box.height / 2);
    if (place < 0) place = nodes.length;
    const map = editor.canvas.getBoundingClientRect();
    const edge = place < nodes.length ? boxes[place].top : (boxes.at(-1)?.bottom ?? map.top);
    const next = nodes[place];
    const at = next ? model.placeOf("lane", next.dataset.lane) : model.lanes.length;
    return { at, line: { left: map.left, top: edge - 1, width: map.width, height: 2 } };
  }

  function dropped(event) {
    if (!drag || event.pointerId !== drag.pointer) return;
    const { on, goal, thing } = drag;
    finish();
    if (!on) return;
    event.preventDefault();
    if (!goal) return;
    if (thing.kind === "card") drop(thing.cards, goal);
    else place(thing, goal);
  }

  function drop(cards, { lane, step, at }) {
    const [first] = cards;
    const unmoved = cards.length === 1 && first.lane === lane && first.step === step && [0, 1].includes(at - model.placeOf("card", first.id));
    if (unmoved) return;
    const id = first.id;
    if (acts.move(cards, { lane, step, at }, { toast: true })) document.getElementById(`k-${id}`)?.focus({ preventScroll: true });
  }

  function place(thing, goal) {
    const { kind, id } = thing;
    const row = model.row(kind, id);
    const from = model.placeOf(kind, id);
    const sameList = kind !== "step" || row.stage === goal.stage;
    const at = sameList && goal.at > from ? goal.at - 1 : goal.at;
    if (sameList && at === from) return;
    editor.heads.move(thing, { op: "move", kind, id, to: kind === "step" ? { stage: goal.stage } : {}, at }, { toast: true });
  }

  function escaped(event) {
    if (event.key !== "Escape" || !drag?.on) return;
    event.preventDefault();
    event.stopPropagation();
    cancel();
    editor.say(editor.t("drag.cancelled"));
  }

  function cancel() {
    finish();
  }

  function finish() {
    if (!drag) return;
    clearTimeout(drag.hold);
    cancelAnimationFrame(drag.scroller);
    drag.ghost?.remove();
    drag.line?.remove();
    drag.veil?.remove();
    root.querySelectorAll(".jm-lifted, .is-target").forEach((node) => node.classList.remove("jm-lifted", "is-target"));
    document.removeEventListener("pointermove", moved);
    document.removeEventListener("pointerup", dropped);
    document.removeEventListener("pointercancel", cancel);
    document.removeEventListener("keydown", escaped, true);
    if (drag.on) setTimeout(() => { editor.dragging = false; });
    drag = null;
  }
}
