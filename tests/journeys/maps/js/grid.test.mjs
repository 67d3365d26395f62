import assert from "node:assert/strict";
import { test } from "node:test";

import { adapted, movesTo } from "../../../../journeys/maps/static/maps/editor/acts.js";
import { keyOf, keyWords } from "../../../../journeys/maps/static/maps/editor/commands.js";
import { joinEqual, layOut, phaseRuns, widenEqual } from "../../../../journeys/maps/static/maps/editor/spans.js";
import { format, parse, spread } from "../../../../journeys/maps/static/maps/editor/table.js";
import { target } from "../../../../journeys/maps/static/maps/editor/walk.js";
import { KINDS, model, texts } from "./help.mjs";

const card = (id, text = "", span = 1) => ({ id, text, span });

// --- spans -----------------------------------------------------------------------------------

test("wide cards lie in the first free track", () => {
  const cells = [[card("a", "", 3)], [card("b", "", 2)], [], [card("c", "", 9)]];
  const { tracks, places, depth } = layOut(cells);
  assert.equal(tracks, 2);
  assert.deepEqual(places.get("a"), { track: 0, span: 3 });
  assert.deepEqual(places.get("b"), { track: 1, span: 2 });
  // The last one begins where the first ends; beyond the map there is nothing to cover.
  assert.equal(places.has("c"), false);
  assert.deepEqual(depth, [1, 2, 2, 0]);
});

test("neighbouring departments of one name are one", () => {
  const cells = [[card("a", "Sales")], [card("b", "sales ")], [card("c", "IT")], [], [card("d", "IT")]];
  const joined = joinEqual(cells);
  assert.deepEqual([...joined.wide], [["a", 2]]);
  assert.deepEqual([...joined.covered], ["b"]);
  const layout = layOut(cells);
  widenEqual(layout, joined, cells);
  assert.deepEqual(layout.depth, [1, 1, 0, 0, 0]);
});

test("phases stand above stages only where they say more", () => {
  const phases = [{ id: "p", name: "Purchase" }];
  const steps = (id) => ({ A: [1, 2], B: [1], C: [] })[id];
  assert.deepEqual(phaseRuns([{ id: "A", name: "Purchase", phase: "p" }], phases, steps), []);
  assert.deepEqual(phaseRuns([{ id: "A", name: "Chooses", phase: "p" }, { id: "B", name: "Pays", phase: "p" }, { id: "C", name: "?" }], phases, steps), [
    { phase: "p", name: "Purchase", span: 3 },
    { phase: null, name: "", span: 1 },
  ]);
});

// --- going around ----------------------------------------------------------------------------

const rows = [
  [{ id: "p1", col: 0, span: 2 }, { id: "p2", col: 2, span: 1 }],
  [0, 1, 2].map((col) => ({ id: `h${col}`, col, span: 1 })),
  [{ id: "l1", col: -1, span: 1 }, ...[0, 1, 2].map((col) => ({ id: `a${col}`, col, span: 1 }))],
  [{ id: "l2", col: -1, span: 1 }, { id: "wide", col: 0, span: 3 }],
  [{ id: "l3", col: -1, span: 1 }],
];
const from = (row, place, column, key) => target(rows, { row, place, column }, key)?.id;

test("arrows keep the column over wide cells", () => {
  assert.equal(from(2, 2, 1, "ArrowDown"), "wide");
  assert.equal(from(3, 1, 1, "ArrowUp"), "a1");
  assert.equal(from(1, 1, 1, "ArrowUp"), "p1");
  assert.equal(from(0, 0, 1, "ArrowDown"), "h1");
});

test("left of the first step is the lane, and from lane to lane it goes straight", () => {
  assert.equal(from(2, 1, 0, "ArrowLeft"), "l1");
  assert.equal(from(2, 0, 0, "ArrowDown"), "l2");
  assert.equal(from(2, 0, 0, "ArrowUp"), "h0");
  assert.equal(from(2, 3, 2, "Home"), "a0");
  assert.equal(from(2, 1, 0, "End"), "a2");
});

test("at the edges nothing happens, and long ways end there", () => {
  assert.equal(from(0, 0, 0, "ArrowUp"), undefined);
  assert.equal(from(2, 3, 2, "ArrowRight"), undefined);
  assert.equal(from(1, 1, 1, "PageDown"), "l3");
  assert.equal(from(3, 1, 2, "PageUp"), "p2");
});

// --- cards -----------------------------------------------------------------------------------

const move = (found, ids, aim) => {
  for (const op of movesTo(found, ids.map((id) => found.card(id)), aim)) found.apply(op);
};

test("several cards move together and keep their order", () => {
  const found = model();
  for (const [id, at] of [["x", 2], ["y", 3]]) found.apply({ op: "insert", rows: [{ kind: "card", id, lane: "acts", step: "a1", text: id, at }] });
  move(found, ["c1", "y"], { lane: "acts", step: "a1", at: 2 });
  assert.deepEqual(texts(found, "acts", "a1"), ["Asks", "Looks", "y", "x"]);
  move(found, ["x", "c3"], { lane: "acts", step: "a1", at: 0 });
  assert.deepEqual(texts(found, "acts", "a1"), ["x", "Pays", "Asks", "Looks", "y"]);
  move(found, ["x"], { lane: "ideas", step: "b1" });
  assert.deepEqual(texts(found, "ideas", "b1"), ["Hurry", "x"]);
});

test("in another kind of lane a card keeps its words and gives up the rest", () => {
  const found = model();
  const kind = (key) => KINDS.find((one) => one.key === key);
  assert.deepEqual(adapted(found, found.card("c4"), kind("actions")), { severity: null, pain_point: null });
  assert.deepEqual(adapted(found, found.card("c5"), kind("pain_points")), { status: "" });
  found.touchpoints.T = { name: "Shop" };
  assert.deepEqual(adapted(found, { id: "t", key: "t", lane: "acts", step: "a1", text: "", touchpoint: "T" }, kind("actions")), { touchpoint: null, text: "Shop" });
});

// --- tables ----------------------------------------------------------------------------------

test("tables are read as spreadsheets write them", () => {
  assert.deepEqual(parse('a\tb\r\n"c\nd"\t"say ""hi"""\n'), [["a", "b"], ["c\nd", 'say "hi"']]);
  assert.deepEqual(parse('"Where is it?" she asked'), [['"Where is it?" she asked']]);
  const rowsOf = [["a\nb", 'x "y"'], ["", "z"]];
  assert.deepEqual(parse(format(rowsOf)), rowsOf);
});

test("a table goes over lanes and steps, a list into its cell", () => {
  const aim = { lanes: ["L1", "L2"], steps: ["s1", "s2"], lane: "L1", step: "s1" };
  const short = ({ placed }) => placed.map(({ lane, step, text }) => `${lane} ${step} ${text}`);
  assert.deepEqual(short(spread([["a", "b"], ["c", "d"], ["e", ""]], aim)), ["L1 s1 a", "L1 s2 b", "L2 s1 c", "L2 s2 d", "L2 s1 e"]);
  assert.deepEqual(short(spread([["a"], ["b"]], aim)), ["L1 s1 a", "L1 s1 b"]);
  assert.equal(spread([["a", "b"]], { ...aim, step: "s2" }).left, 1);
});

// --- keys ------------------------------------------------------------------------------------

test("keys have names, and signs go by themselves", () => {
  const press = (key, held = {}) => keyOf({ key, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...held });
  assert.equal(press("z", { ctrlKey: true, shiftKey: true }), "Ctrl+Shift+Z");
  assert.equal(press("ArrowUp", { metaKey: true, shiftKey: true }), "Ctrl+Shift+ArrowUp");
  assert.equal(press("?", { shiftKey: true }), "?");
  assert.equal(keyWords("Ctrl+Shift+ArrowUp", { apple: false }), "Ctrl + Shift + ↑");
  assert.equal(keyWords("Ctrl+Z", { apple: true }), "⌘ + Z");
});
