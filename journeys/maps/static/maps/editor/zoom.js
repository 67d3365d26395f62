// 50 to 150 %: buttons, Ctrl and plus, minus, 0 or the wheel; Shift+1 fits all steps.

import { button, el, recall, remember, slot } from "./nodes.js";

const LEVELS = [0.5, 0.6, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5];
const [LOWEST, HIGHEST] = [LEVELS[0], LEVELS.at(-1)];

// The next level in a direction, also from between two. Pure.
export function next(level, by) {
  if (by > 0) return LEVELS.find((one) => one > level + 0.005) ?? HIGHEST;
  return LEVELS.findLast((one) => one < level - 0.005) ?? LOWEST;
}

// At which level so many pixels fit into so many. Pure.
export function fitting(wanted, there) {
  return Math.min(1, Math.max(LOWEST, Math.floor((there / wanted) * 100) / 100));
}

export function start(editor) {
  const { doc } = editor;
  const t = (key, values) => editor.t(key, values);
  const canvas = document.getElementById("jm-canvas");
  if (!canvas) return;
  const key = `zoom-${doc.map.id}`;
  let level = recall(key, 1);
  const map = () => canvas.querySelector(".jm-map");

  const out = button("jm-icon", () => set(next(level, -1)), editor.icon("dash"), el("span", { css: "vh" }, t("zoom.out")));
  const into = button("jm-icon", () => set(next(level, 1)), editor.icon("plus"), el("span", { css: "vh" }, t("zoom.in")));
  const number = button("jm-zoom-level num", () => set(1));
  number.title = t("zoom.usual");
  slot("zoom")?.replaceChildren(el("span", { css: "jm-zoom", role: "group", "aria-label": t("zoom.title") }, out, number, into));

  function draw() {
    const node = map();
    if (!node) return;
    node.style.setProperty("zoom", level === 1 ? "" : String(level));
    node.style.setProperty("--zoom", String(level));
    node.classList.toggle("is-small", level < 0.75);
    const percent = `${Math.round(level * 100)} %`;
    number.replaceChildren(el("span", { "aria-hidden": "true" }, percent), el("span", { css: "vh" }, t("zoom.now", { percent })));
    out.disabled = level <= LOWEST;
    into.disabled = level >= HIGHEST;
  }

  // What is under the pointer, or in the middle, stays where it is.
  function set(wanted, at) {
    const fresh = Math.min(HIGHEST, Math.max(LOWEST, wanted));
    if (Math.abs(fresh - level) < 0.001) return;
    const x = at?.x ?? canvas.clientWidth / 2;
    const y = at?.y ?? 0;
    const left = (canvas.scrollLeft + x) / level;
    const top = (canvas.scrollTop + y) / level;
    level = fresh;
    remember(key, level);
    draw();
    canvas.scrollLeft = left * level - x;
    canvas.scrollTop = top * level - y;
    editor.emit("zoom", { level });
    editor.say(t("zoom.now", { percent: `${Math.round(level * 100)} %` }));
  }

  // All steps at once, at the width that a step cannot go below.
  function fit() {
    const node = map();
    if (!node) return;
    const before = level;
    node.style.setProperty("zoom", "1");
    const styles = getComputedStyle(node);
    const lane = parseFloat(styles.getPropertyValue("--lane-w")) || 132;
    const step = parseFloat(styles.getPropertyValue("--step-w")) || 136;
    const steps = editor.model.columns().length;
    const wanted = lane + steps * step + 2;
    level = before;
    draw();
    set(fitting(wanted, canvas.clientWidth));
    canvas.scrollLeft = 0;
  }

  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      set(Math.round(level * (1 - Math.sign(event.deltaY) * 0.05) * 100) / 100, { x: event.clientX - box.left, y: event.clientY - box.top });
    },
    { passive: false },
  );
  // By the key's place: what Shift+1 writes differs between keyboards.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.code !== "Digit1" || !event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
      event.preventDefault();
      event.stopPropagation();
      fit();
    },
    true,
  );
  const { commands } = editor;
  commands.add({ id: "zoom-in", title: t("zoom.in"), key: "Ctrl++", keys: ["Ctrl+="], where: "page", part: "map", run: () => set(next(level, 1)) });
  commands.add({ id: "zoom-out", title: t("zoom.out"), key: "Ctrl+-", where: "page", part: "map", run: () => set(next(level, -1)) });
  commands.add({ id: "zoom-usual", title: t("zoom.usual"), key: "Ctrl+0", where: "page", part: "map", run: () => set(1) });
  commands.add({ id: "zoom-fit", title: t("zoom.fit"), key: "Shift+1", part: "map", run: fit });
  editor.on("drawn", draw);
  draw();
}
