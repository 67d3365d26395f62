import assert from "node:assert/strict";
import { test } from "node:test";

import * as curve from "../../../../journeys/maps/static/maps/editor/curve.js";

const size = curve.sizeOf(136);
const said = (value, extra = {}) => ({ value, low: value - 0.2, high: value + 0.2, n: 90, ...extra });
const numbers = (path) => path.match(/-?\d+(\.\d+)?/g).map(Number);

test("the scale runs from delighted at the top to frustrated at the bottom", () => {
  assert.deepEqual([2, 0, -2].map(size.y), [16, 90, 164]);
  assert.deepEqual([5, -9].map(size.y), [16, 164]);
  assert.deepEqual([0, 1].map(size.x), [68, 204]);
});

test("a height gives back its value, in tenths", () => {
  for (const value of [-2, -1.3, -0.1, 0, 0.7, 2]) assert.equal(size.valueAt(size.y(value)), value);
  assert.equal(size.valueAt(-500), 2);
  assert.ok(Object.is(curve.snap(-0.04), 0), "there is no minus zero");
});

test("a curve passes through each point", () => {
  const [path] = curve.lines([0.5, 1.5, -1], size);
  assert.deepEqual(numbers(path).slice(0, 2), [68, size.y(0.5)]);
  assert.deepEqual(numbers(path).slice(-2), [340, size.y(-1)]);
  assert.equal(path.match(/C/g).length, 2);
});

test("a curve never swings beyond its neighbours", () => {
  const values = [0.2, 1.9, 1.9, -2, -1.9, 0.4, 0.5];
  const found = numbers(curve.lines(values, size)[0]).filter((_n, i) => i % 2 === 1);
  const heights = values.map(size.y);
  assert.ok(Math.min(...found) >= Math.min(...heights));
  assert.ok(Math.max(...found) <= Math.max(...heights));
});

test("a step without a value is a gap", () => {
  assert.equal(curve.lines([0, 1, null, 1, 0], size).length, 2);
  assert.deepEqual(curve.lines([0, null, 1], size), []);
  assert.deepEqual(curve.lines([], size), []);
});

test("the line begins after a step with too few answers, which keeps a hollow dot", () => {
  const few = { value: null, low: null, high: null, n: 12, unsure: false };
  const drawing = curve.draw([{ said: few }, { said: said(0.5) }, { said: said(1) }], size);
  assert.equal(numbers(drawing.said[0])[0], 204);
  assert.deepEqual(
    drawing.dots.map((dot) => dot.hollow),
    [true, false, false],
  );
});

test("the band is cut where it turns unsure", () => {
  const steps = [said(0), said(0.5), said(1), said(1, { unsure: true })];
  assert.deepEqual(
    curve.areas(steps, size).map((area) => area.unsure),
    [false, true],
  );
  assert.match(curve.areas(steps, size)[0].path, /Z$/);
});

test("what was done stands as a bar from zero, with a foot even at zero", () => {
  const { bars, zero } = curve.draw([{ does: 1 }, { does: -1 }, { does: 0 }, { does: null }], size);
  assert.equal(bars[0].y + bars[0].height, zero);
  assert.equal(bars[1].y, zero);
  assert.equal(bars[2].height, 1.5);
  assert.equal(bars.length, 3);
});

test("a label stays inside the lane", () => {
  const { dots, height } = curve.draw([{ said: said(-2) }, { said: said(2) }], size);
  for (const dot of dots) assert.ok(dot.label > 0 && dot.label <= height - 3);
});

test("the first label keeps away from the words of the axis", () => {
  const size = curve.sizeOf(136);
  for (let tenth = -20; tenth <= 20; tenth += 1) {
    const said = { value: tenth / 10, low: tenth / 10 - 0.2, high: tenth / 10 + 0.2, n: 50 };
    const [first] = curve.draw([{ said }, { said }], size).dots;
    for (const word of Object.values(curve.axisWords(size))) assert.ok(Math.abs(first.label - word) >= 12, String(tenth));
  }
});

test("the note stands beside its step and inside the lane", () => {
  const steps = Array.from({ length: 8 }, (_, i) => ({ said: said(i === 5 ? -1.2 : 0.5) }));
  const drawing = curve.draw(steps, size);
  const x = size.x(5);
  const note = curve.placeNote(drawing, x, size.y(-1.2), [192, 64]);
  assert.ok(note.x + 192 < x - 68 || note.x > x + 68);
  assert.ok(note.y >= 4 && note.y + 64 <= drawing.height);
  assert.match(note.leader, /^M[\d.]+ [\d.]+ L/);
});

test("the note finds a place on the smallest map too", () => {
  const drawing = curve.draw([{ said: said(-1) }], size);
  assert.equal(curve.placeNote(drawing, size.x(0), 100, [192, 64]).x, 4);
});

test("keys change a value by tenths and halves, within the scale", () => {
  assert.equal(curve.stepped(0.3, "ArrowUp"), 0.4);
  assert.equal(curve.stepped(0.3, "PageDown"), -0.2);
  assert.equal(curve.stepped(1.9, "PageUp"), 2);
  assert.equal(curve.stepped(null, "Enter"), 0);
  assert.equal(curve.stepped(1, "Enter"), undefined);
  assert.equal(curve.stepped(1, "Delete"), null);
  assert.equal(curve.stepped(1, "a"), undefined);
});

test("values are written with a sign and a true minus", () => {
  assert.equal(curve.written(1.2), "+1.2");
  assert.equal(curve.written(-0.4), "−0.4");
  assert.equal(curve.written(0), "0.0");
  assert.equal(curve.written(-1.5, "de"), "−1,5");
});
