import assert from "node:assert/strict";
import { test } from "node:test";

import { Queue } from "../../../../journeys/maps/static/maps/editor/queue.js";
import { chance, model, randomOp, texts } from "./help.mjs";

const text = (id, words) => ({ op: "update", kind: "card", id, fields: { text: words } });

function queue() {
  let count = 0;
  return new Queue(model(), () => `op${(count += 1)}`);
}

test("writing on replaces what has not been sent", () => {
  const made = queue();
  made.add({ ...text("c1", "Lo"), was: { text: "Looks" } });
  made.add({ ...text("c1", "Look!"), was: { text: "Lo" } });
  assert.deepEqual(made.batch(), [{ id: "op1", change: { ...text("c1", "Look!"), was: { text: "Looks" } } }]);
});

test("what was sent is not changed under way", () => {
  const made = queue();
  made.add(text("c1", "a"));
  made.batch();
  made.add(text("c1", "b"));
  assert.deepEqual(made.pending.map((entry) => entry.op.fields.text), ["a", "b"]);
});

test("a confirmed operation leaves without a redraw", () => {
  const made = queue();
  made.add(text("c1", "a"));
  const [{ id, change }] = made.batch();
  const { touched } = made.receive({ ops: [{ number: 1, id, change }], results: [{ id, number: 1 }] });
  assert.equal(touched.size, 0);
  assert.equal(made.pending.length, 0);
  assert.deepEqual(texts(made.model, "acts", "a1"), ["a", "Asks"]);
});

test("news go below what is pending", () => {
  const made = queue();
  made.add(text("c1", "mine"));
  made.receive({ ops: [{ number: 1, id: "r", change: text("c1", "theirs") }, { number: 2, id: "s", change: text("c2", "news") }], results: [] });
  assert.deepEqual(texts(made.model, "acts", "a1"), ["mine", "news"]);
  assert.deepEqual(made.pending[0].inverse, [text("c1", "theirs")]);
});

test("what was refused is taken back", () => {
  const made = queue();
  made.add(text("c1", "mine"));
  made.add({ op: "delete", kind: "card", ids: ["c2"] });
  const [first, second] = made.batch();
  const { refused } = made.receive({ ops: [{ number: 1, id: second.id, change: second.change }], results: [{ id: first.id, error: { code: "no" } }, { id: second.id, number: 1 }] });
  assert.deepEqual(refused.map((entry) => entry.error.code), ["no"]);
  assert.deepEqual(texts(made.model, "acts", "a1"), ["Looks"]);
});

test("what the server has already does not happen twice", () => {
  const made = queue();
  made.model.apply({ op: "insert", rows: [{ kind: "card", id: "n", lane: "acts", step: "a2", text: "kept" }] });
  made.restore([{ id: "old", op: { op: "insert", rows: [{ kind: "card", id: "n", lane: "acts", step: "a2", text: "kept" }] } }]);
  made.receive({ ops: [], results: [{ id: "old", number: 3 }] });
  assert.equal(made.pending.length, 0);
  assert.deepEqual(texts(made.model, "acts", "a2"), ["kept"]);
});

test("an operation that does nothing is not sent", () => {
  const made = queue();
  made.add(text("gone", "x"));
  assert.equal(made.pending.length, 0);
});

// A pretend server: it keeps one order, and refuses some of it.
class Server {
  constructor(random) {
    this.random = random;
    this.model = model();
    this.log = [];
  }

  take(batch, since) {
    const results = batch.map(({ id, change }) => {
      const known = this.log.find((op) => op.id === id);
      if (known) return { id, number: known.number };
      if (this.random.next() < 0.1) return { id, error: { code: "refused" } };
      this.model.apply(change);
      this.log.push({ number: this.log.length + 1, id, change: JSON.parse(JSON.stringify(change)) });
      return { id, number: this.log.length };
    });
    return { results, ops: this.log.filter((op) => op.number > since), revision: this.log.length };
  }
}

test("three windows that write at once end with the same map as the server", () => {
  for (let seed = 1; seed <= 120; seed += 1) {
    const random = chance(seed);
    const server = new Server(random);
    let count = 0;
    const fresh = () => `n${(count += 1)}`;
    const windows = [0, 1, 2].map((place) => ({ queue: new Queue(model(), () => `w${place}-${(count += 1)}`), since: 0 }));
    const ask = (one, lost = false) => {
      const answer = server.take(one.queue.batch(), one.since);
      if (lost) return; // the server has it, the answer never came
      one.queue.receive(answer);
      one.since = answer.revision;
    };
    for (let turn = 0; turn < 60; turn += 1) {
      const one = random.pick(windows);
      if (random.next() < 0.6) one.queue.add(randomOp(one.queue.model, random, fresh));
      else ask(one, random.next() < 0.2);
    }
    for (const one of windows) while (one.queue.pending.length) ask(one);
    for (const one of windows) {
      ask(one);
      assert.deepEqual(one.queue.model.snapshot(), server.model.snapshot(), `seed ${seed}`);
    }
  }
});
