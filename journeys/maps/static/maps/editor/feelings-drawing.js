// The feelings lane as nodes: curves, band, bars, the note, the legend, the table.
// `words` is {t, write}: translated texts and values as they are written.

import * as curve from "./curve.js";
import { draw, el, glyph } from "./nodes.js";

const NOTE = [192, 64];

export function picture(drawing, known, assumed, { t, write }) {
  const { size } = drawing;
  const line = (css, y) => draw("line", { class: css, x1: 0, x2: drawing.width, y1: y, y2: y });
  const svg = draw("svg", {
    class: "jm-curve",
    width: drawing.width,
    height: drawing.height,
    viewBox: `0 0 ${drawing.width} ${drawing.height}`,
  });
  for (const x of drawing.washes) {
    const column = (css, left, width) => draw("rect", { class: css, x: left, y: 0, width, height: drawing.height });
    svg.append(column("wash", x, size.step), column("edge", x, 2), column("edge", x + size.step - 2, 2));
  }
  svg.append(...drawing.grid.map((y) => line("grid-line", y)), line("zero", drawing.zero));
  svg.append(
    ...drawing.bars.map(({ x, y, height }) =>
      draw("rect", { class: "does", x, y, width: size.bar, height, rx: 2 }),
    ),
  );
  for (const { path, unsure } of drawing.areas) {
    svg.append(draw("path", { class: unsure ? "band unsure" : "band", d: path }));
    if (unsure) svg.append(draw("path", { class: "hatched", d: path }));
  }
  for (const one of assumed) svg.append(...assumedPaths(one, size));
  svg.append(...drawing.said.map((d) => draw("path", { class: "said", d })));
  for (const dot of drawing.dots) svg.append(...dotOf(dot, known[dot.index].at, { t, write }));
  const axis = (y, key) => draw("text", { class: "axis", x: 8, y }, t(key));
  const words = curve.axisWords(size);
  svg.append(axis(words.highest, "feels.highest"), axis(words.neutral, "feels.neutral"), axis(words.lowest, "feels.lowest"));
  return svg;
}

// A curve of a persona has colour, dash pattern and its name at the end.
export function assumedPaths({ persona, css, values }, size) {
  const found = curve
    .lines(values, size)
    .map((d) => draw("path", { class: `assumed ${css}`, d }));
  const alone = values.flatMap((value, i) => {
    const neighbour = [values[i - 1], values[i + 1]].some((v) => v !== null && v !== undefined);
    return value === null || neighbour ? [] : [draw("circle", { class: `assumed-dot ${css}`, cx: size.x(i), cy: size.y(value), r: 3 })];
  });
  const last = values.findLastIndex((value) => value !== null);
  const name =
    persona && last >= 0
      ? [draw("text", { class: `assumed-name ${css}`, x: size.x(last) + 10, y: size.y(values[last]) - 7 }, persona.given_name || persona.name)]
      : [];
  return [...found, ...alone, ...name];
}

function dotOf(dot, at, { t, write }) {
  if (dot.hollow) {
    return [
      draw("circle", { class: "dot hollow", cx: dot.x, cy: dot.y, r: 6 }),
      draw("text", { class: "lab few", x: dot.x, y: dot.label }, at.few_n ? t("feels.few", { n: at.few_n }) : at.labels?.n ?? ""),
    ];
  }
  return [
    draw("circle", { class: dot.bad ? "dot bad" : "dot", cx: dot.x, cy: dot.y, r: dot.bad ? 6 : 4.5 }),
    // The first label keeps to the right of the axis' words.
    draw("text", { class: `lab${dot.bad ? " bad" : ""}${dot.index ? "" : " first"}`, x: dot.index ? dot.x : dot.x - 9, y: dot.label }, at.labels?.value ?? write(at.said.value), draw("tspan", { class: "n" }, ` ${at.labels?.n ?? ""}`)),
  ];
}

// One note at most: about the worst failing step.
export function note(drawing, callout, steps) {
  const { size } = drawing;
  const index = callout ? steps.findIndex((step) => step.id === callout.step) : -1;
  if (index < 0) return [];
  const dot = drawing.dots.find((d) => d.index === index && !d.hollow);
  const place = curve.placeNote(drawing, size.x(index), dot?.y ?? drawing.zero, NOTE);
  const leader = draw(
    "svg",
    { class: "jm-curve jm-feel-leader", width: drawing.width, height: drawing.height },
    draw("path", { class: "leader", d: place.leader }),
  );
  const text = el("p", {}, el("b", {}, callout.head), callout.line, el("br"), el("span", {}, callout.below));
  const box = el("div", { css: "jm-callout", style: { left: `${place.x}px`, top: `${place.y}px` } }, glyph("bad", { css: "l" }), text);
  return [leader, box];
}

// What the lane says, for those who do not see it.
export function summary(steps, known, assumed, { t, write }) {
  const said = steps.flatMap((step, i) => {
    const at = known[i].said;
    return at && at.value !== null ? [`${step.name} ${write(at.value)}, n ${at.n}`] : [];
  });
  const we = assumed.map((one) => {
    const points = steps.flatMap((step, i) => (one.values[i] === null ? [] : [`${step.name} ${write(one.values[i])}`]));
    return `${one.persona?.name ?? t("feels.we_assume")}: ${points.join(", ")}.`;
  });
  return [`${t("feels.they_say")}: ${said.join(", ") || "–"}.`, ...we].join(" ");
}

export function legend(assumed, confidence, { t }) {
  const sample = (height, ...shapes) => draw("svg", { width: 22, height, "aria-hidden": "true" }, ...shapes);
  const dashed = (css) => sample(10, draw("path", { class: `assumed ${css}`, d: "M1 5h20" }));
  const we = assumed.length ? assumed : [{ css: "", persona: null }];
  return el(
    "ul",
    { css: "jm-legend" },
    ...we.map((one) => el("li", {}, dashed(one.css), one.persona ? one.persona.given_name || one.persona.name : t("feels.we_assume"))),
    el("li", {}, sample(12, draw("rect", { class: "band", width: 22, height: 12, rx: 2 }), draw("path", { class: "said", d: "M1 6h20" })), t("feels.they_say"), confidence ? `, ${confidence}` : ""),
    el("li", {}, sample(12, draw("rect", { class: "does", x: 4, y: 3, width: 7, height: 9, rx: 1 }), draw("rect", { class: "does", x: 13, width: 7, height: 12, rx: 1 })), t("feels.they_do")),
  );
}

// `curves` holds [lane's assumed curves]; one row for each step.
export function table(steps, curves, known, { t, write }) {
  const head = ["feels.col_step", "feels.we_assume", "feels.they_say", "feels.col_interval", "feels.col_n", "feels.they_do"];
  const rows = curves.flatMap((assumed) => {
    return steps.map((step, index) => {
      const { at } = known[index];
      const said = at.said && at.said.value !== null ? at.said : null;
      const we = assumed.filter((one) => one.values[index] !== null).map((one) => (one.persona ? `${one.persona.name} ` : "") + write(one.values[index]));
      const dash = "–";
      const limits = said && said.low !== null ? `[${write(said.low)}, ${write(said.high)}]` : dash;
      const cells = [we.join(", ") || dash, said ? write(said.value) : dash, limits, String(at.said?.n ?? at.few_n ?? dash), at.does === null || at.does === undefined ? dash : write(at.does)];
      return el("tr", {}, el("th", { scope: "row" }, step.name), ...cells.map((text) => el("td", {}, text)));
    });
  });
  return el(
    "div",
    { css: "jm-as-table", tabindex: "0", role: "region", "aria-label": t("feels.table") },
    el("table", {}, el("thead", {}, el("tr", {}, ...head.map((key) => el("th", { scope: "col" }, t(key))))), el("tbody", {}, ...rows)),
  );
}
