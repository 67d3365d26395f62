import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../../../journeys/maps/static/maps/editor/history.js";
import { chance, model, randomOp, texts } from "./help.mjs";

function desk() {
  const found = model();
  let clock = 0;
  const past = new History(() => clock);
  const run = (ops) => {
    const inverse = [];
    for (const op of ops) inverse.unshift(...found.apply(op).inverse);
    return inverse;
  };
  const exists = (kind, id) => Boolean(found.row(kind, id));
  return {
    found,
    past,
    wait: (time) => { clock += time; },
    act: (op, options = {}) => past.push({ label: "step", inverse: run([op]), ...options }),
    undo: () => past.undo(run, exists),
    redo: () => past.redo(run, exists),
  };
}
const text = (id, words) => ({ op: "update", kind: "card", id, fields: { text: words } });

test("200 steps back and forth again", () => {
  const { found, act, undo, redo, wait } = desk();
  for (let n = 0; n < 200; n += 1) {
    act(text("c1", `text ${n}`));
    wait(5000);
  }
  for (let n = 0; n < 200; n += 1) assert.equal(undo().refused, false);
  assert.equal(found.card("c1").text, "Looks");
  assert.equal(undo(), null);
  for (let n = 0; n < 200; n += 1) redo();
  assert.equal(found.card("c1").text, "text 199");
});

test("steps of one kind within a second are one", () => {
  const { found, act, undo, wait } = desk();
  for (const at of [1, 0, 1]) {
    act({ op: "move", kind: "card", id: "c1", to: { lane: "acts", step: "a1" }, at }, { merge: "nudge" });
    wait(300);
  }
  undo();
  assert.deepEqual(texts(found, "acts", "a1"), ["Looks", "Asks"]);
  assert.equal(undo(), null);
});

test("a long step ends when it is closed", () => {
  const { found, past, act, undo, wait } = desk();
  for (const words of ["L", "Lo"]) {
    act(text("c1", words), { merge: "write", long: true });
    wait(9000);
  }
  past.close();
  act(text("c1", "Loo"), { merge: "write", long: true });
  undo();
  assert.equal(found.card("c1").text, "Lo");
  undo();
  assert.equal(found.card("c1").text, "Looks");
});

test("what somebody else has changed since is not taken back", () => {
  const { found, past, act, undo } = desk();
  act(text("c1", "mine"));
  found.apply(text("c1", "theirs"));
  past.remote(text("c1", "theirs"), "Mara");
  const step = undo();
  assert.equal(step.refused, true);
  assert.equal(step.stale, "Mara");
  assert.equal(found.card("c1").text, "theirs");
});

test("another field, another card, a new card leave a step as it is", () => {
  const { found, past, act, undo } = desk();
  act(text("c1", "mine"));
  past.remote({ op: "update", kind: "card", id: "c1", fields: { span: 2 } }, "Mara");
  past.remote(text("c2", "theirs"), "Mara");
  past.remote({ op: "insert", rows: [{ kind: "card", id: "n" }] }, "Mara");
  assert.equal(undo().refused, false);
  assert.equal(found.card("c1").text, "Looks");
});

test("what somebody wrote into a new card of mine is not deleted by undo", () => {
  const { found, past, act, undo } = desk();
  act({ op: "insert", rows: [{ kind: "card", id: "n", lane: "acts", step: "a2", text: "mine" }] });
  found.apply(text("n", "theirs"));
  past.remote(text("n", "theirs"), "Mara");
  assert.equal(undo().refused, true);
  assert.ok(found.card("n"));
});

test("a step whose place is gone says so", () => {
  const { found, act, undo } = desk();
  act({ op: "delete", kind: "card", ids: ["c1"] });
  found.apply({ op: "delete", kind: "step", ids: ["a1"] });
  assert.equal(undo().refused, true);
});

test("a new step forgets what was undone", () => {
  const { past, act, undo } = desk();
  act(text("c1", "a"));
  undo();
  act(text("c2", "b"));
  assert.equal(past.canRedo(), false);
});

test("everything undone is as in the beginning, everything redone as in the end", () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = chance(seed);
    const { found, act, undo, redo, wait } = desk();
    const before = found.snapshot();
    let count = 0;
    for (let turn = 0; turn < 15; turn += 1) {
      act(randomOp(found, random, () => `n${(count += 1)}`));
      wait(5000);
    }
    const after = found.snapshot();
    while (undo());
    assert.deepEqual(found.snapshot(), before, `seed ${seed}`);
    while (redo());
    assert.deepEqual(found.snapshot(), after, `seed ${seed}`);
  }
});
