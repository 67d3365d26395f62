// A thin strip of all steps with how they feel and how they do. The window over it is what the
// canvas shows; it is moved by hand or with the arrows.

import { lines, sizeOf } from "./curve.js";
import { draw, el, glyph, recall, remember, soon } from "./nodes.js";

// Which part of a strip is in view. Pure.
export function windowOf({ left, width, all }) {
  if (all <= 0) return { from: 0, share: 1 };
  return { from: Math.min(1, Math.max(0, left / all)), share: Math.min(1, width / all) };
}

export function start(editor) {
  const { model } = editor;
  const t = (key, values) => editor.t(key, values);
  const canvas = document.getElementById("jm-canvas");
  const stage = canvas?.closest(".jm-stage");
  if (!stage) return;
  let scores = { steps: {} };
  let on = recall("overview", true);

  const steps = el("div", { css: "jm-strip-steps", "aria-hidden": "true" });
  const frame = el("div", { css: "jm-strip-window", role: "slider", tabindex: "0", "aria-orientation": "horizontal", "aria-label": t("overview.window"), "aria-valuemin": 1 });
  let picture = draw("svg", { class: "jm-strip-curve" });
  const strip = el("div", { css: "jm-strip", role: "group", "aria-label": t("overview.title") }, steps, picture, frame);
  stage.before(strip);

  const laneWidth = () => canvas.querySelector(".jm-lane")?.getBoundingClientRect().width ?? 0;
  const all = () => canvas.scrollWidth - laneWidth();
  const seen = () => canvas.clientWidth - laneWidth();

  function redraw() {
    const columns = model.columns();
    // On a map that fits, the strip would say nothing new.
    strip.hidden = !on || columns.length < 2 || all() <= seen() + 48;
    if (strip.hidden) return;
    const lane = model.visibleLanes().find((one) => model.kindOf(one).shape === "feeling");
    const at = columns.map((step) => scores.steps[step.id] ?? {});
    const cells = columns.map((step, i) => el("span", { css: at[i].failing ? "is-failing" : "", title: step.name }, at[i].failing ? glyph("bad") : null));
    steps.replaceChildren(...cells);
    picture.replaceWith((picture = curveOf(columns, at)));
    place();
  }

  // The curve of the lane in small: what customers said, else what we assume.
  function curveOf(columns, at) {
    const lane = model.visibleLanes().find((one) => model.kindOf(one).shape === "feeling");
    const size = sizeOf(100, { height: 30, top: 4, bottom: 26 });
    const assumed = columns.map((step) => (lane && model.cell(lane.id, step.id).find((card) => typeof card.valence === "number")?.valence) ?? null);
    const said = at.map((one) => one.said?.value ?? null);
    const width = 100 * columns.length;
    const paths = (values, css) => lines(values, size).map((d) => draw("path", { class: css, d }));
    return draw("svg", { class: "jm-strip-curve", "aria-hidden": "true", viewBox: `0 0 ${width} 30`, preserveAspectRatio: "none" }, draw("path", { class: "zero", d: `M0 15H${width}` }), paths(assumed, "is-assumed"), paths(said, ""));
  }

  function place() {
    const { from, share } = windowOf({ left: canvas.scrollLeft, width: seen(), all: all() });
    frame.style.setProperty("--from", from);
    frame.style.setProperty("--share", share);
    const columns = model.columns();
    const first = Math.min(columns.length, Math.floor(from * columns.length + 0.5) + 1);
    const last = Math.min(columns.length, Math.round((from + share) * columns.length));
    frame.setAttribute("aria-valuemax", String(columns.length));
    frame.setAttribute("aria-valuenow", String(first));
    frame.setAttribute("aria-valuetext", t("overview.shows", { first: columns[first - 1]?.name ?? "", last: columns[Math.max(last, first) - 1]?.name ?? "" }));
  }

  const scrollTo = (left) => canvas.scrollTo({ left, behavior: "instant" });

  frame.addEventListener("keydown", (event) => {
    const step = all() / Math.max(model.columns().length, 1);
    const to = {
      ArrowRight: canvas.scrollLeft + step,
      ArrowLeft: canvas.scrollLeft - step,
      PageDown: canvas.scrollLeft + seen(),
      PageUp: canvas.scrollLeft - seen(),
      Home: 0,
      End: all(),
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    scrollTo(to);
  });

  strip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    frame.focus();
    const box = strip.getBoundingClientRect();
    const grip = event.target === frame ? (event.clientX - frame.getBoundingClientRect().left) / box.width : frame.offsetWidth / box.width / 2;
    const go = (x) => scrollTo(((x - box.left) / box.width - grip) * all());
    go(event.clientX);
    strip.setPointerCapture(event.pointerId);
    const controller = new AbortController();
    const { signal } = controller;
    strip.addEventListener("pointermove", (move) => go(move.clientX), { signal });
    for (const end of ["pointerup", "pointercancel"]) strip.addEventListener(end, () => controller.abort(), { signal });
  });

  const later = soon(redraw);
  canvas.addEventListener("scroll", soon(place), { passive: true });
  new ResizeObserver(later).observe(canvas);
  editor.on("drawn", later);
  editor.on("zoom", later);
  editor.on("scores", (fresh) => {
    scores = fresh;
    later();
  });
  editor.commands.add({
    id: "overview", part: "map",
    title: t("overview.toggle"),
    run: () => {
      on = !on;
      remember("overview", on);
      redraw();
    },
  });
}
