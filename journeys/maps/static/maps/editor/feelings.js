// The feelings lane: what we assume (curves whose points can be moved), what customers said, what
// they did. Geometry is curve.js; what customers said and did arrives with the scores.

import * as curve from "./curve.js";
import { assumedPaths, legend, note, picture, summary, table } from "./feelings-drawing.js";
import { el, language, soon } from "./nodes.js";
import { chips, curvesOf } from "./personas.js";

// The curve of a lane that has none yet.
const NOBODY = { persona: null, css: "p-all", cards: [], values: [] };

export function start(editor) {
  const { model, doc } = editor;
  const t = (key, values) => editor.t(key, values);
  let scores = { steps: {}, callout: null, confidence: "" };
  const shown = chips(editor, () => drawAll());
  // Whose curve new points join: that of the point last in focus.
  let whose = "";
  const lanes = () =>
    model.visibleLanes().filter((lane) => !lane.collapsed && model.kindOf(lane).shape === "feeling");
  const cellOf = (lane) => document.getElementById(`c-${lane.id}`);
  const write = (value) => curve.written(value, language());
  const words = { t, write };

  // clientWidth does not know of zoom, so that text keeps its size relative to the cards.
  const sizeFor = (cell) => curve.sizeOf(cell.clientWidth / Math.max(model.columns().length, 1));

  const knownAt = (steps) =>
    steps.map((step) => {
      const at = scores.steps[step.id] ?? {};
      const few = at.few_n ? { value: null, low: null, high: null, n: at.few_n } : null;
      return { said: at.said ?? few, does: at.does ?? null, failing: at.framed, at };
    });

  function drawAll() {
    for (const lane of lanes()) drawLane(lane);
  }

  function drawLane(lane) {
    const cell = cellOf(lane);
    const steps = model.columns();
    if (!cell?.clientWidth || !steps.length) return;
    cell.classList.add("jm-feel");
    const size = sizeFor(cell);
    const known = knownAt(steps);
    const drawing = curve.draw(known, size);
    const assumed = curvesOf(editor, lane, shown());
    let over = cell.querySelector(":scope > .jm-feel-over");
    if (!over) {
      over = el("div", { css: "jm-feel-over", "aria-hidden": "true" });
      cell.prepend(over, el("p", { css: "vh jm-feel-words" }));
    }
    over.replaceChildren(picture(drawing, known, assumed, words), ...note(drawing, scores.callout, steps));
    cell.querySelector(":scope > .jm-feel-words").textContent = summary(steps, known, assumed, words);
    if (doc.may.edit) drawPoints(lane, cell, steps, assumed, size);
    const heading = document.getElementById(`l-${lane.id}`);
    heading?.querySelector(".jm-legend")?.remove();
    heading?.append(legend(assumed, scores.confidence, words));
  }

  // The points that can be moved, and for the curve that new ones join a place at each empty step.
  function drawPoints(lane, cell, steps, assumed, size) {
    const old = new Map([...cell.querySelectorAll(":scope > .jm-point")].map((p) => [p.dataset.point, p]));
    const focused = document.activeElement?.dataset?.point;
    const placed = [];
    const place = (key, make, css, index, y) => {
      const point = old.get(key) ?? make();
      old.delete(key);
      point.setAttribute("class", `jm-point ${css}`);
      point.style.setProperty("left", `${size.x(index)}px`);
      point.style.setProperty("top", `${y}px`);
      placed.push(point);
      return point;
    };
    const joins = joinedBy(assumed);
    steps.forEach((step, index) => {
      for (const one of assumed.length ? assumed : [NOBODY]) {
        const card = one.cards[index];
        if (card) {
          const point = place(card.id, () => newPoint(lane, card.id), one.css, index, size.y(card.valence));
          describe(point, card.valence, step, one.persona);
        } else if (one === joins) {
          place(`at-${step.id}`, () => newPlace(lane, step), "is-empty", index, size.y(0));
        }
      }
    });
    for (const gone of old.values()) gone.remove();
    // What stays keeps its place in the document, and with it the focus.
    placed.forEach((point, i) => {
      const before = placed[i - 1];
      if (!point.isConnected || (before && before.nextElementSibling !== point)) {
        if (before) before.after(point);
        else cell.append(point);
      }
    });
    if (focused && document.activeElement?.dataset?.point !== focused) pointOf(focused)?.focus();
  }

  const joinedBy = (assumed) => assumed.find((one) => (one.persona?.id ?? "") === whose) ?? assumed[0] ?? NOBODY;

  function describe(point, value, step, persona) {
    point.setAttribute("aria-valuenow", String(value));
    point.setAttribute("aria-valuetext", t("feels.says", { value: write(value), step: step.name }));
    point.setAttribute("aria-label", persona ? t("feels.point_of", { name: persona.name }) : t("feels.point"));
  }

  function newPoint(lane, cardId) {
    const point = el("span", {
      role: "slider",
      tabindex: "-1",
      "aria-orientation": "vertical",
      "aria-valuemin": curve.LOWEST,
      "aria-valuemax": curve.HIGHEST,
      "data-point": cardId,
    });
    const step = () => model.card(cardId)?.step;
    point.addEventListener("keydown", (event) => pressed(event, lane, step(), cardId));
    point.addEventListener("pointerdown", (event) => dragged(event, lane, cardId, point));
    return quiet(point, step);
  }

  // An empty step of the curve: Enter or a click sets its first point.
  function newPlace(lane, step) {
    const label = t("feels.set_at", { step: step.name });
    const place = el("span", { role: "button", tabindex: "-1", "aria-label": label, title: label, "data-point": `at-${step.id}` });
    place.addEventListener("keydown", (event) => pressed(event, lane, step.id, null));
    place.addEventListener("click", () => add(lane, step, 0));
    return quiet(place, () => step.id);
  }

  // The grid does not hear what is done to a point, except that it has the focus.
  function quiet(point, step) {
    point.addEventListener("click", (event) => event.stopPropagation());
    // Before the selection hears of it: so that it names the step of the point.
    point.addEventListener("focus", () => {
      editor.selection.column = Math.max(model.columnOf(step()), 0);
      const card = model.card(point.dataset.point);
      if (!card || (card.persona ?? "") === whose) return;
      whose = card.persona ?? "";
      later();
    });
    return point;
  }

  const pointOf = (key) => document.querySelector(`.jm-point[data-point="${key}"]`);
  const focusPoint = (key) => requestAnimationFrame(() => pointOf(key)?.focus());

  function pressed(event, lane, stepId, cardId) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = model.step(stepId);
    const card = cardId && model.card(cardId);
    if (!step) return;
    const changed = curve.stepped(card ? card.valence : null, event.key);
    if (event.key === "ArrowLeft") beside(event.target, -1);
    else if (event.key === "ArrowRight") beside(event.target, 1);
    else if (event.key === "Escape") editor.focusCell(lane.id, step.id);
    else if (card && changed === null) remove(card, step);
    else if (card && changed !== undefined) set(card, changed);
    else if (!card && (changed || event.key === "Enter" || event.key === " ")) add(lane, step, changed ?? 0);
    // Other keys are not for the grid: it would delete or write in the cell behind.
    else if (event.key === "Tab" || event.key === "?" || /^F\d/.test(event.key)) return;
    else {
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function set(card, value) {
    if (value === card.valence) return;
    const op = { op: "update", kind: "card", id: card.id, fields: { valence: value } };
    editor.perform(t("feels.change"), [op], { merge: `feel-${card.id}` });
    focusPoint(card.id);
  }

  function remove(card, step) {
    editor.perform(t("feels.remove"), [{ op: "delete", kind: "card", ids: [card.id] }]);
    requestAnimationFrame(() => pointOf(`at-${step.id}`)?.focus());
    editor.say(t("feels.removed", { step: step.name }));
  }

  // The neighbour on the same curve; a step that has no point there is passed over.
  function beside(point, by) {
    const css = point.classList.contains("is-empty") ? null : point.className;
    const all = [...point.parentElement.querySelectorAll(".jm-point")].filter(
      (one) => !css || one.className === css || one.classList.contains("is-empty"),
    );
    all[all.indexOf(point) + by]?.focus();
  }

  function add(lane, step, value) {
    const id = crypto.randomUUID();
    const active = joinedBy(curvesOf(editor, lane, shown()));
    const row = { kind: "card", id, lane: lane.id, step: step.id, text: "", valence: value };
    if (active.persona) row.persona = active.persona.id;
    editor.perform(t("feels.add"), [{ op: "insert", rows: [row] }]);
    editor.say(t("feels.says", { value: write(value), step: step.name }));
    focusPoint(id);
  }

  // A drag shows where the curve would go and is one change when it ends; Esc leaves all as it was.
  function dragged(down, lane, cardId, point) {
    if (down.button) return;
    down.preventDefault();
    down.stopPropagation();
    point.focus();
    point.setPointerCapture(down.pointerId);
    const card = model.card(cardId);
    const steps = model.columns();
    const step = model.step(card.step);
    const size = sizeFor(point.parentElement);
    const box = point.parentElement.getBoundingClientRect();
    let value = card.valence;
    const flag = point.appendChild(el("span", { css: "jm-point-flag", "aria-hidden": "true" }, write(value)));
    const redraw = soon(() => {
      const one = curvesOf(editor, lane, shown()).find((c) => c.cards.some((k) => k?.id === cardId));
      if (!one) return;
      one.values[steps.indexOf(step)] = value;
      const svg = point.parentElement.querySelector(".jm-curve");
      for (const old of svg?.querySelectorAll(`.assumed.${one.css.replaceAll(" ", ".")}`) ?? []) old.remove();
      svg?.querySelector(".said")?.before(...assumedPaths(one, size).filter((node) => node.tagName === "path"));
    });
    const moved = (event) => {
      value = size.valueAt(((event.clientY - box.top) / box.height) * size.height);
      point.style.setProperty("top", `${size.y(value)}px`);
      flag.textContent = write(value);
      redraw();
    };
    const end = (keep) => {
      controller.abort();
      flag.remove();
      if (keep && value !== card.valence) {
        set(card, value);
        editor.say(t("feels.says", { value: write(value), step: step.name }));
      } else drawLane(lane);
    };
    const controller = new AbortController();
    const { signal } = controller;
    point.addEventListener("pointermove", moved, { signal });
    point.addEventListener("pointerup", () => end(true), { signal });
    point.addEventListener("pointercancel", () => end(false), { signal });
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        end(false);
      },
      { signal, capture: true },
    );
  }

  // Enter on the cell goes to its points; a double click sets one where it is.
  const laneOf = (cell) => lanes().find((lane) => cellOf(lane) === cell);

  function cellKey(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey) return;
    const point = laneOf(event.target) && event.target.querySelector(".jm-point");
    if (!point) return;
    event.preventDefault();
    event.stopPropagation();
    point.focus();
  }

  function doubled(event) {
    const cell = event.target.closest?.(".jm-feel");
    const lane = cell && doc.may.edit && laneOf(cell);
    if (!lane || event.target.closest('[role="slider"]')) return;
    event.preventDefault();
    event.stopPropagation();
    const box = cell.getBoundingClientRect();
    const steps = model.columns();
    const size = sizeFor(cell);
    const index = Math.floor(((event.clientX - box.left) / box.width) * steps.length);
    const value = size.valueAt(((event.clientY - box.top) / box.height) * size.height);
    const card = joinedBy(curvesOf(editor, lane, shown())).cards[index];
    if (card) set(card, value);
    else if (steps[index]) add(lane, steps[index], value);
  }

  const showTable = () => {
    const steps = model.columns();
    const curves = lanes().map((lane) => curvesOf(editor, lane, shown()));
    editor.dialog(t("feels.table"), table(steps, curves, knownAt(steps), words), { wide: true });
  };
  editor.commands.add({ id: "feelings-table", part: "map", title: t("feels.table"), when: () => lanes().length > 0, run: showTable });

  const later = soon(drawAll);
  const canvas = document.getElementById("jm-canvas") ?? document.body;
  canvas.addEventListener("keydown", cellKey, true);
  canvas.addEventListener("dblclick", doubled, true);
  new ResizeObserver(later).observe(canvas);
  editor.on("drawn", drawAll);
  editor.on("changed", later);
  editor.on("zoom", later);
  editor.on("scores", (fresh) => {
    scores = { ...scores, ...fresh };
    drawAll();
  });
  drawAll();
}
