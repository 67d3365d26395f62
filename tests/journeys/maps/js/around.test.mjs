import assert from "node:assert/strict";
import { test } from "node:test";

import { hits } from "../../../../journeys/maps/static/maps/editor/find.js";
import { windowOf } from "../../../../journeys/maps/static/maps/editor/overview.js";
import { levels, ways } from "../../../../journeys/maps/static/maps/editor/paths.js";
import { curvesOf } from "../../../../journeys/maps/static/maps/editor/personas.js";
import { fitting, next } from "../../../../journeys/maps/static/maps/editor/zoom.js";

test("zoom goes from level to level, also from between two, and ends at 50 and 150 %", () => {
  assert.equal(next(1, -1), 0.9);
  assert.equal(next(0.99, 1), 1);
  assert.equal(next(0.5, -1), 0.5);
  assert.equal(next(1.5, 1), 1.5);
});

test("what fits is never enlarged and never smaller than half", () => {
  assert.equal(fitting(2000, 1000), 0.5);
  assert.equal(fitting(1000, 900), 0.9);
  assert.equal(fitting(500, 900), 1);
  assert.equal(fitting(9000, 900), 0.5);
});

test("a search finds all of its words, in any order and case", () => {
  const entries = [
    { id: "a", text: "Waits, tracks, calls the shop" },
    { id: "b", text: "Ärgert sich" },
  ];
  assert.deepEqual(hits("CALLS waits", entries).map((hit) => hit.id), ["a"]);
  assert.deepEqual(hits("ärger", entries).map((hit) => hit.id), ["b"]);
  assert.deepEqual(hits("  ", entries), []);
});

test("the strip's window is the part in view, kept inside", () => {
  assert.deepEqual(windowOf({ left: 250, width: 500, all: 1000 }), { from: 0.25, share: 0.5 });
  assert.deepEqual(windowOf({ left: 0, width: 500, all: 0 }), { from: 0, share: 1 });
  assert.equal(windowOf({ left: -9, width: 5, all: 10 }).from, 0);
});

test("a way is worth a line unless it is the usual one to the neighbour", () => {
  const steps = [
    { id: "a", next: [{ to: "b", label: "" }, { to: "c", label: "in a hurry" }] },
    { id: "b", next: [{ to: "c", label: "else" }, { to: "gone", label: "" }] },
    { id: "c", next: [{ to: "a", label: "" }] },
  ];
  assert.deepEqual(ways(steps), [
    { from: 0, to: 2, label: "in a hurry" },
    { from: 1, to: 2, label: "else" },
    { from: 2, to: 0, label: "" },
  ]);
});

test("lines over the same headings do not lie on each other", () => {
  assert.deepEqual(levels([{ from: 0, to: 2 }, { from: 1, to: 3 }, { from: 2, to: 4 }]), [0, 1, 0]);
});

test("there is one curve for all, or one for each persona that cards name and that is shown", () => {
  const cards = { s1: [{ id: 1, valence: 1 }], s2: [{ id: 2, valence: -1, persona: "p" }], s3: [{ id: 3, text: "x" }] };
  const editor = {
    model: { columns: () => [{ id: "s1" }, { id: "s2" }, { id: "s3" }], cell: (_lane, step) => cards[step] },
    doc: { personas: [{ id: "p", color: "berry" }, { id: "q", color: "slate" }] },
  };
  const names = (shown) => curvesOf(editor, { id: "l" }, new Set(shown)).map((one) => one.persona?.id ?? "all");
  assert.deepEqual(names(["p", "q"]), ["p", "all"]);
  assert.deepEqual(names([]), ["all"]);
  assert.deepEqual(curvesOf(editor, { id: "l" }, new Set(["p"]))[0].values, [null, -1, null]);
});
