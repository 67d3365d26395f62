// Where the marks of the feelings lane stand. Pure geometry: values −2…+2 in, coordinates out.
// The drawing is that of journeys/scores/curves.py, which draws the same lane for paper and phones.

export const LOWEST = -2;
export const HIGHEST = 2;

const round = (value) => Math.round(value * 10) / 10;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// A feeling is written in tenths; what lies beyond the scale is kept on it. Never −0.
export function snap(value) {
  return round(clamp(value, LOWEST, HIGHEST)) + 0;
}

// One step is `step` wide, the scale runs between top and bottom.
export function sizeOf(step, { height = 176, top = 16, bottom = 164, bar = 14, offset = 33 } = {}) {
  return {
    step,
    height,
    top,
    bottom,
    bar,
    offset,
    x: (index) => round(step * (index + 0.5)),
    y: (value) =>
      round(top + ((HIGHEST - clamp(value, LOWEST, HIGHEST)) / (HIGHEST - LOWEST)) * (bottom - top)),
    // Which value stands at a height: the way back, for dragging.
    valueAt: (y) => snap(HIGHEST - ((y - top) / (bottom - top)) * (HIGHEST - LOWEST)),
  };
}

// The tangents are Steffen's (1990, Astron. Astrophys. 239, 443): the curve passes through every
// point and nowhere swings beyond its neighbours, so that it shows no feeling that nobody had.
function piecesOf(points) {
  const slopes = points.slice(1).map((p, i) => (p[1] - points[i][1]) / (p[0] - points[i][0]));
  const tangents = [slopes[0]];
  for (let i = 1; i < slopes.length; i += 1) {
    const [before, after] = [slopes[i - 1], slopes[i]];
    // All steps are equally wide, so that the parabola's slope is the plain mean.
    const limit = Math.min(Math.abs(before), Math.abs(after), Math.abs(before + after) / 4);
    tangents.push(before * after <= 0 ? 0 : 2 * limit * Math.sign(before));
  }
  tangents.push(slopes.at(-1));
  return points.slice(1).map((end, i) => {
    const start = points[i];
    const third = (end[0] - start[0]) / 3;
    return {
      start,
      out: [start[0] + third, start[1] + tangents[i] * third],
      into: [end[0] - third, end[1] - tangents[i + 1] * third],
      end,
    };
  });
}

// The runs of neighbours that have a value, each as smooth pieces; a gap is never drawn as zero.
function runsOf(values, size) {
  const runs = [[]];
  values.forEach((value, index) => {
    if (value === null || value === undefined) runs.push([]);
    else runs.at(-1).push([size.x(index), size.y(value)]);
  });
  return runs.filter((run) => run.length > 1).map(piecesOf);
}

const at = (point) => `${round(point[0])} ${round(point[1])}`;
const forward = (p) => ` C${at(p.out)} ${at(p.into)} ${at(p.end)}`;
const backward = (p) => ` C${at(p.into)} ${at(p.out)} ${at(p.start)}`;
const pathOf = (pieces) => `M${at(pieces[0].start)}${pieces.map(forward).join("")}`;

// The `d` of each stretch of a curve.
export function lines(values, size) {
  return runsOf(values, size).map(pathOf);
}

function ring(stretch) {
  const back = [...stretch].reverse().map(([, bottom]) => backward(bottom));
  const edge = stretch.at(-1)[1].end;
  return `${pathOf(stretch.map(([top]) => top))} L${at(edge)}${back.join("")} Z`;
}

// The band around what was said, cut where it turns from sure to unsure.
export function areas(said, size) {
  const sure = said.map((s) => (s && s.low !== null && s.high !== null && s.value !== null ? s : null));
  const uppers = runsOf(sure.map((s) => s && s.high), size);
  const lowers = runsOf(sure.map((s) => s && s.low), size);
  const unsureAt = new Map(sure.map((s, i) => [size.x(i), Boolean(s?.unsure)]));
  const found = [];
  uppers.forEach((tops, run) => {
    let stretch = [];
    let kind = false;
    tops.forEach((top, i) => {
      const unsure = unsureAt.get(top.start[0]) || unsureAt.get(top.end[0]);
      if (stretch.length && unsure !== kind) {
        found.push({ path: ring(stretch), unsure: kind });
        stretch = [];
      }
      kind = unsure;
      stretch.push([top, lowers[run][i]]);
    });
    found.push({ path: ring(stretch), unsure: kind });
  });
  return found;
}

// Where the words of the axis stand; they begin in the first column.
export function axisWords(size) {
  return { highest: size.top + 12, neutral: size.y(0) - 5, lowest: size.height - 17 };
}

// A label stands below its band, or above where there is no room. The first one keeps clear of the
// words of the axis, as near to its band as they allow.
function labelOf(index, below, above, size) {
  const words = index === 0 ? Object.values(axisWords(size)) : [];
  const beside = words.flatMap((word) => [word - 12, word + 12]).sort((a, b) => Math.abs(a - below) - Math.abs(b - below));
  const inside = (y) => y >= 10 && y <= size.height - 3;
  const free = (y) => inside(y) && words.every((word) => Math.abs(word - y) >= 12);
  return round([below, above, ...beside].find(free) ?? (inside(below) ? below : above));
}

function dotsOf(steps, size, zero) {
  return steps.flatMap(({ said, failing }, index) => {
    if (!said) return [];
    const x = size.x(index);
    if (said.value === null) return [{ x, y: zero, label: zero + 18, index, hollow: true, bad: false }];
    const y = size.y(said.value);
    const lower = said.low === null ? y : size.y(said.low);
    const upper = said.high === null ? y : size.y(said.high);
    const label = labelOf(index, Math.max(lower, y + 6) + 14, Math.min(upper, y - 6) - 6, size);
    return [{ x, y, label, index, hollow: false, bad: Boolean(failing) }];
  });
}

function barsOf(steps, size, zero) {
  return steps.flatMap(({ does }, index) => {
    if (does === null || does === undefined) return [];
    const end = size.y(does);
    // A value of zero keeps a visible foot.
    const height = Math.max(round(Math.abs(end - zero)), 1.5);
    return [{ x: round(size.x(index) + size.offset), y: Math.min(end, zero), height, index }];
  });
}

// What is known of each step ({said, does, failing}) as marks. `said` has value, low, high, n and
// unsure; its value is null where too few answered.
export function draw(steps, size) {
  const zero = size.y(0);
  const said = steps.map((s) => s.said ?? null);
  return {
    size,
    width: round(size.step * steps.length),
    height: size.height,
    zero,
    grid: [2, 1, -1, -2].map(size.y),
    said: lines(said.map((s) => s && s.value), size),
    areas: areas(said, size),
    bars: barsOf(steps, size, zero),
    dots: dotsOf(steps, size, zero),
    washes: steps.flatMap((s, i) => (s.failing ? [round(size.step * i)] : [])),
  };
}

// Points that a note should not cover: labels, bars, and the curve between its points.
function marksOf(drawing) {
  const found = drawing.dots.flatMap((dot) =>
    [-36, -18, 0, 18, 36].flatMap((dx) => [-10, 0, 4].map((dy) => [dot.x + dx, dot.label + dy])),
  );
  const solid = drawing.dots.filter((dot) => !dot.hollow);
  solid.slice(1).forEach((after, i) => {
    const before = solid[i];
    for (const share of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
      // The smooth curve lies close to this one, which is flat at both ends.
      const height = before.y + (after.y - before.y) * share * share * (3 - 2 * share);
      for (const dy of [-8, 0, 8]) found.push([before.x + (after.x - before.x) * share, height + dy]);
    }
  });
  for (const bar of drawing.bars) found.push([bar.x + drawing.size.bar / 2, bar.y + bar.height / 2]);
  return found;
}

// Where a note about the point (x, y) hides least. It stands beside the point's step, never on it;
// of the places left and right, high and low, the one that covers the fewest marks wins, then the
// nearest one.
export function placeNote(drawing, x, y, [width, height]) {
  const { step } = drawing.size;
  const gap = step / 2 + 12;
  const lefts = [x - gap - width, x + gap, x - gap - width - step / 2, x + gap + step / 2];
  const tops = [y - height / 2, 4, drawing.height - height - 4];
  const places = lefts
    .filter((left) => left >= 4 && left <= drawing.width - width - 4)
    .flatMap((left) => tops.map((top) => [left, clamp(top, 4, drawing.height - height - 4)]));
  if (!places.length) places.push([Math.max(4, Math.min(x + gap, drawing.width - width - 4)), 4]);
  const marks = marksOf(drawing);
  const cost = ([left, top]) => [
    marks.filter(([a, b]) => a > left - 6 && a < left + width + 6 && b > top - 4 && b < top + height + 4)
      .length,
    Math.abs(left + width / 2 - x) + Math.abs(top + height / 2 - y),
  ];
  const best = places.map((place) => [cost(place), place]);
  best.sort(([a], [b]) => a[0] - b[0] || a[1] - b[1]);
  const [left, top] = best[0][1];
  const edge = left < x ? left + width : left;
  const middle = clamp(y, top + 8, top + height - 8);
  const start = left < x ? x - 8 : x + 8;
  return { x: round(left), y: round(top), leader: `M${round(edge)} ${round(middle)} L${round(start)} ${round(y)}` };
}

// A value as it is written: "+1.2", "−0.4", "0.0", in the reader's language, with a true minus sign.
export function written(value, language = "en") {
  const digits = new Intl.NumberFormat(language, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(Math.abs(value));
  if (value > 0) return `+${digits}`;
  return value < 0 ? `−${digits}` : digits;
}

// What a key makes of a value: the new one, null to take it away, undefined for other keys.
export function stepped(value, key) {
  const changes = { ArrowUp: 0.1, ArrowDown: -0.1, PageUp: 0.5, PageDown: -0.5 };
  if (key in changes) return snap((value ?? 0) + changes[key]);
  if (key === "Enter" && value === null) return 0;
  if (key === "Delete" || key === "Backspace") return null;
  return undefined;
}
