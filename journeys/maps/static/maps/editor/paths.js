// Ways through the journey: a step that leads elsewhere than to its neighbour says where, with a
// line over the headings. Each way can be followed with the keyboard.

import { button, draw as shape, el, soon } from "./nodes.js";

// The ways that are worth a line: all but the usual one to the neighbour without a word. Pure.
export function ways(steps) {
  const place = new Map(steps.map((step, index) => [step.id, index]));
  return steps.flatMap((step, from) =>
    (step.next ?? []).flatMap(({ to, label }) => {
      const there = place.get(to);
      if (there === undefined || (there === from + 1 && !label)) return [];
      return [{ from, to: there, label: label ?? "" }];
    }),
  );
}

// Which height each line gets, so that lines over the same headings do not lie on each other. Pure.
export function levels(found) {
  const taken = [];
  return found.map(({ from, to }) => {
    const [a, b] = from < to ? [from, to] : [to, from];
    let level = taken.findIndex((spans) => spans.every(([c, d]) => b <= c || a >= d));
    if (level < 0) level = taken.push([]) - 1;
    taken[level].push([a, b]);
    return Math.min(level, 2);
  });
}

export function start(editor) {
  const { model, doc } = editor;
  const t = (key, values) => editor.t(key, values);

  function draw() {
    const row = document.querySelector(".jm-row-steps");
    row?.querySelector(".jm-paths")?.remove();
    const steps = model.columns();
    const found = ways(steps);
    const cycle = doc.map.cyclic && steps.length > 1 ? [{ from: steps.length - 1, to: 0, label: doc.map.cycle_name || t("grid.repeats"), cycle: true }] : [];
    row?.classList.toggle("has-paths", found.length > 0);
    for (const head of row?.querySelectorAll(".jm-step") ?? []) head.querySelector(":scope > .jm-follow")?.remove();
    if (!row || (!found.length && !cycle.length)) return;
    for (const way of [...found, ...cycle]) follow(row, steps, way);
    if (found.length) row.append(lines(row, steps, found));
  }

  function lines(row, steps, found) {
    const width = document.getElementById(`h-${steps[0].id}`)?.offsetWidth ?? 136;
    const height = 14;
    const heights = levels(found);
    const svg = shape("svg", { class: "jm-paths", "aria-hidden": "true", width: width * steps.length, height, viewBox: `0 0 ${width * steps.length} ${height}` });
    found.forEach(({ from, to, label }, i) => {
      const y = height - 3 - heights[i] * 4;
      const [a, b] = [(from + 0.62) * width, (to + 0.38) * width];
      const tip = b > a ? -4 : 4;
      svg.append(
        shape("path", { d: `M${a} ${height} V${y} H${b} V${height}` }),
        shape("path", { class: "tip", d: `M${b - 3} ${height - 4} L${b} ${height} L${b + 3} ${height - 4}` }),
      );
      if (label) svg.append(shape("text", { x: (a + b) / 2 + tip, y: y - 1, "text-anchor": "middle" }, label));
    });
    return svg;
  }

  // A button in the heading leads to the step; it is reached with Enter and the arrows there.
  function follow(row, steps, { from, to, label, cycle }) {
    const head = document.getElementById(`h-${steps[from].id}`);
    if (!head) return;
    const target = steps[to];
    const words = t(cycle ? "paths.again" : "paths.to", { step: target.name, label: label ? `${label}: ` : "" });
    const go = button("jm-follow", (event) => {
      event.stopPropagation();
      const there = document.getElementById(`h-${target.id}`);
      there?.scrollIntoView({ block: "nearest", inline: "nearest" });
      there?.focus();
      editor.say(words);
    }, editor.icon(cycle ? "repeat" : "right"), el("span", { css: "vh" }, words));
    go.title = words;
    go.tabIndex = -1;
    head.append(go);
  }

  editor.on("drawn", soon(draw));
  editor.on("zoom", soon(draw));
  editor.commands.add({
    id: "path.follow", part: "map",
    title: t("paths.follow"),
    key: "Alt+Enter",
    when: () => Boolean(here()?.next?.length || last()),
    run: () => {
      const step = here();
      const choices = [...(step.next ?? []).map(({ to, label }) => ({ to, label })), ...(last() ? [{ to: model.columns()[0].id, label: doc.map.cycle_name }] : [])];
      const go = (id) => requestAnimationFrame(() => document.getElementById(`h-${id}`)?.focus());
      if (choices.length === 1) go(choices[0].to);
      else editor.menu(document.getElementById(`h-${step.id}`), choices.map(({ to, label }) => ({ label: model.step(to)?.name ?? "", hint: label, icon: "right", run: () => go(to) })));
    },
  });
  const here = () => model.step(editor.selection.cell?.step);
  const last = () => doc.map.cyclic && model.columns().length > 1 && here() === model.columns().at(-1);
}
