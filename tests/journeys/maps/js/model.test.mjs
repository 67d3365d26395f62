import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_ROWS } from "../../../../journeys/maps/static/maps/editor/model.js";
import { chance, model, randomOp, small, texts } from "./help.mjs";

const back = (found, inverse) => inverse.forEach((op) => found.apply(op));

test("columns follow the order of stages and of steps within them", () => {
  assert.deepEqual(model().columns().map((step) => step.id), ["a1", "a2", "b1", "b2"]);
});

test("a card is inserted at its place, or last", () => {
  const found = model();
  found.apply({ op: "insert", rows: [{ kind: "card", id: "n", lane: "acts", step: "a1", text: "New", at: 1 }] });
  found.apply({ op: "insert", rows: [{ kind: "card", id: "m", lane: "acts", step: "a1", text: "Last" }] });
  assert.deepEqual(texts(found, "acts", "a1"), ["Looks", "New", "Asks", "Last"]);
});

test("the kind of a lane is not the kind of a row", () => {
  const found = model();
  found.apply({ op: "insert", rows: [{ kind: "lane", id: "l", lane_kind: "scores", at: 0 }] });
  assert.equal(found.lanes[0].kind, "scores");
  const { inverse } = found.apply({ op: "delete", kind: "lane", ids: ["l"] });
  assert.equal(inverse[0].rows[0].lane_kind, "scores");
  assert.equal(inverse[0].rows[0].kind, "lane");
});

test("deleting a step takes its cards and what leads to it, and brings all of it back", () => {
  const found = model();
  const before = found.snapshot();
  const { inverse, touched } = found.apply({ op: "delete", kind: "step", ids: ["b1", "b2"] });
  assert.equal(touched, "all");
  assert.equal(found.card("c3"), undefined);
  assert.deepEqual(found.step("a1").next, []);
  back(found, inverse);
  assert.deepEqual(found.snapshot(), before);
});

test("a step that moves into another stage keeps its cards", () => {
  const found = model();
  found.apply({ op: "move", kind: "step", id: "a1", to: { stage: "B" }, at: 1 });
  assert.deepEqual(found.columns().map((step) => step.id), ["a2", "b1", "a1", "b2"]);
  assert.deepEqual(texts(found, "acts", "a1"), ["Looks", "Asks"]);
});

test("an index counts after the row was taken out of its old place", () => {
  const found = model();
  found.apply({ op: "move", kind: "card", id: "c1", to: { lane: "acts", step: "a1" }, at: 1 });
  assert.deepEqual(texts(found, "acts", "a1"), ["Asks", "Looks"]);
});

test("what names a row that is not there does nothing", () => {
  const found = model();
  const before = found.snapshot();
  for (const op of [
    { op: "update", kind: "card", id: "x", fields: { text: "y" } },
    { op: "move", kind: "card", id: "x", to: { lane: "acts", step: "a1" }, at: 0 },
    { op: "move", kind: "card", id: "c1", to: { lane: "x", step: "a1" }, at: 0 },
    { op: "delete", kind: "card", ids: ["x"] },
    { op: "insert", rows: [{ kind: "card", id: "n", lane: "x", step: "a1", text: "y" }] },
    { op: "insert", rows: [{ kind: "card", id: "c1", lane: "acts", step: "a1", text: "twice" }] },
  ]) assert.deepEqual(found.apply(op).inverse, [], op.op);
  assert.deepEqual(found.snapshot(), before);
});

test("only what looks different is touched", () => {
  const found = model();
  const touched = (op) => found.apply(op).touched;
  assert.deepEqual(touched({ op: "update", kind: "card", id: "c1", fields: { text: "x" } }), new Set(["c-acts-a1"]));
  assert.deepEqual(touched({ op: "move", kind: "card", id: "c1", to: { lane: "pains", step: "a2" }, at: 0 }), new Set(["c-acts-a1", "c-pains-a2"]));
  assert.deepEqual(touched({ op: "update", kind: "step", id: "a1", fields: { name: "x" } }), new Set(["h-a1"]));
  assert.deepEqual(touched({ op: "update", kind: "lane", id: "acts", fields: { name: "x" } }), new Set(["l-acts"]));
  assert.equal(touched({ op: "update", kind: "lane", id: "acts", fields: { hidden: true } }), "all");
});

test("a lane of feelings is one cell, and channels follow touchpoints", () => {
  const doc = small();
  doc.lanes.push({ id: "feel", kind: "feelings" }, { id: "tps", kind: "touchpoints" }, { id: "chan", kind: "channels" });
  const found = model(doc);
  const touched = (lane) => found.apply({ op: "insert", rows: [{ kind: "card", id: `n${lane}`, lane, step: "a1", text: "x" }] }).touched;
  assert.deepEqual(touched("feel"), new Set(["c-feel"]));
  assert.deepEqual(touched("tps"), new Set(["c-tps-a1", "c-chan-a1"]));
});

test("a large deletion comes back in portions that the server takes", () => {
  const doc = small();
  doc.cards = Array.from({ length: MOST_ROWS + 5 }, (_, n) => ({ id: `x${n}`, lane: "acts", step: "a1", text: String(n) }));
  const found = model(doc);
  const before = found.snapshot();
  const { inverse } = found.apply({ op: "delete", kind: "stage", ids: ["A"] });
  assert.ok(inverse.every((op) => op.op !== "insert" || op.rows.length <= MOST_ROWS));
  back(found, inverse);
  assert.deepEqual(found.snapshot(), before);
});

test("an operation and its inverse leave everything as it was, whatever they are", () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const random = chance(seed);
    const found = model();
    let count = 0;
    const fresh = () => `n${(count += 1)}`;
    const steps = [];
    for (let turn = 0; turn < 12; turn += 1) {
      const before = found.snapshot();
      const { inverse } = found.apply(randomOp(found, random, fresh));
      steps.push({ before, inverse });
    }
    for (const { before, inverse } of steps.reverse()) {
      back(found, inverse);
      assert.deepEqual(found.snapshot(), before, `seed ${seed}`);
    }
  }
});

test("two models that apply the same log agree", () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = chance(seed);
    const one = model();
    const two = model();
    let count = 0;
    for (let turn = 0; turn < 20; turn += 1) {
      const op = randomOp(one, random, () => `n${(count += 1)}`);
      one.apply(op);
      two.apply(JSON.parse(JSON.stringify(op)));
    }
    assert.deepEqual(two.snapshot(), one.snapshot(), `seed ${seed}`);
  }
});

test("2,000 cards are pasted in one operation", () => {
  const doc = small();
  const found = model(doc);
  const rows = Array.from({ length: MOST_ROWS }, (_, n) => ({ kind: "card", id: `x${n}`, lane: "acts", step: "a1", text: String(n) }));
  const before = found.cell("acts", "a1").length;
  const { inverse } = found.apply({ op: "insert", rows });
  assert.equal(found.cell("acts", "a1").length, before + MOST_ROWS);
  for (const op of inverse) found.apply(op);
  assert.equal(found.cell("acts", "a1").length, before);
});
