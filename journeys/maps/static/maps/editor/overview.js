// A thin strip of all steps with how they feel and how they do. The window over it is what the
// canvas shows; it is moved by hand or with the arrows.

import { el, glyph, language, recall, remember, soon } from "./nodes.js";
import { written } from "./curve.js";

// Which part of a strip is in view. Pure.
export function windowOf({ left, width, all }) {
  if (all <= 0) return { from: 0, share: 1 };
  return { from: Math.min(1, Math.max(0, left / all)), share: Math.min(1, width / all) };
}

export function start(editor) {
  const { model, t } = editor;
  const canvas = document.getElementById("jm-canvas");
  const stage = canvas?.closest(".jm-stage");
  if (!stage) return;
  let scores = { steps: {} };
  let on = recall("overview", true);

  const steps = el("div", { css: "jm-strip-steps", "aria-hidden": "true" });
  const frame = el("div", { css: "jm-strip-window", role: "slider", tabindex: "0", "aria-orientation": "horizontal", "aria-label": t("overview.window"), "aria-valuemin": 1 });
  const strip = el("div", { css: "jm-strip", role: "group", "aria-label": t("overview.title") }, steps, frame);
  stage.before(strip);

  const laneWidth = () => canvas.querySelector(".jm-lane")?.getBoundingClientRect().width ?? 0;
  const all = () => canvas.scrollWidth - laneWidth();
  const seen = () => canvas.clientWidth - laneWidth();

  function draw() {
    const columns = model.columns();
    // On a map that fits, the strip would say nothing new.
    strip.hidden = !on || columns.length < 2 || all() <= seen() + 8;
    if (strip.hidden) return;
    const lane = model.visibleLanes().find((one) => model.kindOf(one).shape === "feeling");
    steps.replaceChildren(...columns.map((step) => stepOf(step, lane)));
    place();
  }

  function stepOf(step, lane) {
    const at = scores.steps[step.id];
    const assumed = lane ? model.cell(lane.id, step.id).find((card) => typeof card.valence === "number")?.valence : undefined;
    const value = at?.said?.value ?? assumed;
    const bar = typeof value === "number" ? el("i", { css: at?.said?.value === undefined || at?.said?.value === null ? "is-assumed" : "", style: { "--v": value } }) : null;
    const title = typeof value === "number" ? `${step.name}: ${written(value, language())}` : step.name;
    return el("span", { css: at?.failing ? "is-failing" : "", title }, bar, at?.failing ? glyph("bad") : null);
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

  const later = soon(draw);
  canvas.addEventListener("scroll", soon(place), { passive: true });
  new ResizeObserver(later).observe(canvas);
  editor.on("drawn", later);
  editor.on("zoom", later);
  editor.on("scores", (fresh) => {
    scores = fresh;
    later();
  });
  editor.commands.add({
    id: "overview",
    title: t("overview.toggle"),
    run: () => {
      on = !on;
      remember("overview", on);
      draw();
    },
  });
}
