import assert from "node:assert/strict";
import { test } from "node:test";

import { Queue } from "../../../../journeys/maps/static/maps/editor/queue.js";
import { Keep } from "../../../../journeys/maps/static/maps/editor/storage.js";
import { Sync } from "../../../../journeys/maps/static/maps/editor/sync.js";
import { model, texts } from "./help.mjs";

const text = (id, words) => ({ op: "update", kind: "card", id, fields: { text: words } });

// A clock that goes when it is told to.
class Clock {
  constructor() {
    this.time = 0;
    this.due = [];
  }

  setTimeout(run, delay) {
    const entry = { run, at: this.time + delay };
    this.due.push(entry);
    return entry;
  }

  clearTimeout(entry) {
    this.due = this.due.filter((one) => one !== entry);
  }

  async go(time) {
    const end = this.time + time;
    for (;;) {
      this.due.sort((a, b) => a.at - b.at);
      if (!this.due.length || this.due[0].at > end) break;
      const next = this.due.shift();
      this.time = next.at;
      next.run();
      for (let n = 0; n < 8; n += 1) await Promise.resolve();
    }
    this.time = end;
  }
}

function line(answers) {
  let count = 0;
  const queue = new Queue(model(), () => `op${(count += 1)}`);
  const clock = new Clock();
  const sent = [];
  const states = [];
  const taken = [];
  const denied = [];
  const sync = new Sync({
    queue, version: "v", since: 0, client: "me", timers: clock,
    send: async (body) => {
      sent.push(structuredClone(body));
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === "offline") throw new TypeError("no connection");
      return typeof answer === "function" ? answer(body) : answer;
    },
    state: (detail) => states.push(detail),
    take: (answer) => taken.push(answer),
    refuse: (answer) => denied.push(answer.status),
  });
  const act = (op) => {
    queue.add(op);
    sync.wake();
  };
  return { queue, clock, sync, sent, states, taken, denied, act };
}
let number = 0;
const good = (body) => ({
  status: 200,
  body: {
    results: body.ops.map(({ id }) => ({ id, number: (number += 1) })),
    ops: body.ops.map((op) => ({ ...op, number, client: "me" })),
    revision: number,
    people: [],
    status: "draft",
  },
});

test("what is done is sent at once and confirmed", async () => {
  const { act, clock, queue, sent, states } = line([good]);
  act(text("c1", "a"));
  assert.equal(states.at(-1).state, "saving");
  await clock.go(100);
  assert.deepEqual(sent[0].ops, [{ id: "op1", change: text("c1", "a") }]);
  assert.equal(queue.pending.length, 0);
  assert.equal(states.at(-1).state, "saved");
});

test("without a connection changes are kept, and sent ten seconds later", async () => {
  const { act, clock, queue, states } = line(["offline", good]);
  act(text("c1", "a"));
  act(text("c2", "b"));
  await clock.go(500);
  assert.deepEqual([states.at(-1).state, states.at(-1).pending], ["offline", 2]);
  await clock.go(9000);
  assert.equal(queue.pending.length, 2);
  await clock.go(2000);
  assert.equal(queue.pending.length, 0);
  assert.equal(states.at(-1).state, "saved");
});

test("a failing server is counted down, and asked at once when somebody says so", async () => {
  const { act, clock, sync, queue, states } = line([{ status: 503, body: {} }, good]);
  act(text("c1", "a"));
  await clock.go(3200);
  assert.equal(states.at(-1).state, "failed");
  assert.equal(states.at(-1).seconds, 7);
  sync.now();
  await clock.go(10);
  assert.equal(queue.pending.length, 0);
});

test("alone every two seconds, in company every second, unseen not at all", async () => {
  const alone = line([good]);
  alone.sync.now();
  await alone.clock.go(8100);
  assert.equal(alone.sent.length, 5);
  const together = line([(body) => ({ status: 200, body: { ...good(body).body, people: [{ client: "x" }] } })]);
  together.sync.now();
  await together.clock.go(8100);
  assert.equal(together.sent.length, 9);
  const unseen = line([good]);
  unseen.sync.pause(true);
  unseen.sync.now();
  await unseen.clock.go(60_000);
  assert.equal(unseen.sent.length, 1);
  unseen.sync.pause(false);
  await unseen.clock.go(10);
  assert.equal(unseen.sent.length, 2);
});

test("one operation that cannot be read does not block the others", async () => {
  const unread = (body) => (body.ops.some((op) => op.change.fields.text === "bad") ? { status: 400, body: { detail: "What?" } } : good(body));
  const { act, clock, queue, taken } = line([unread]);
  for (const [id, words] of [["c1", "a"], ["c2", "bad"], ["c3", "c"], ["c4", "d"]]) act(text(id, words));
  await clock.go(3000);
  assert.equal(queue.pending.length, 0);
  const refused = taken.flatMap((answer) => answer.refused);
  assert.deepEqual(refused.map((entry) => [entry.op.fields.text, entry.error.detail]), [["bad", "What?"]]);
  assert.deepEqual(texts(queue.model, "acts", "a1"), ["a", "Asks"]);
});

test("who lost the right is told, and nothing is asked any more", async () => {
  const { act, clock, denied, sent } = line([{ status: 403, body: { code: "forbidden" } }]);
  act(text("c1", "a"));
  await clock.go(60_000);
  assert.deepEqual(denied, [403]);
  assert.equal(sent.length, 1);
});

test("who has to log in again loses nothing", async () => {
  const { act, clock, denied, queue, states } = line([{ status: 401, body: { code: "not_logged_in" } }, { status: 403, body: {} }, good]);
  act(text("c1", "a"));
  await clock.go(500);
  assert.equal(states.at(-1).state, "failed");
  await clock.go(25_000);
  assert.deepEqual(denied, []);
  assert.equal(queue.pending.length, 0);
});

test("the same news twice are applied once", async () => {
  const news = { number: 1, id: "r", client: "other", change: { op: "insert", rows: [{ kind: "card", id: "n", lane: "acts", step: "a2", text: "news" }] } };
  const move = { number: 2, id: "s", client: "other", change: { op: "delete", kind: "card", ids: ["n"] } };
  const answer = { status: 200, body: { results: [], ops: [news, move], revision: 2, people: [], status: "draft" } };
  const { clock, sync, queue, taken } = line([answer]);
  sync.now();
  await clock.go(4100);
  assert.equal(taken.filter((one) => one.remote.length).length, 1);
  assert.deepEqual(texts(queue.model, "acts", "a2"), []);
});

// --- what this browser keeps ---------------------------------------------------------------

class Store {
  constructor() {
    this.map = new Map();
  }

  get length() {
    return this.map.size;
  }

  key(place) {
    return [...this.map.keys()][place] ?? null;
  }

  getItem(key) {
    return this.map.get(key) ?? null;
  }

  setItem(key, value) {
    this.map.set(key, value);
  }

  removeItem(key) {
    this.map.delete(key);
  }
}

const entries = [{ id: "op1", op: text("c1", "kept"), inverse: [], sent: true }];

test("a closed window leaves its changes to the next one of the same version", async () => {
  const store = new Store();
  new Keep({ version: "v", client: "one", member: "m", store }).save(entries);
  assert.deepEqual(await new Keep({ version: "w", client: "two", member: "m", store }).inherit(), []);
  assert.deepEqual(await new Keep({ version: "v", client: "two", member: "n", store }).inherit(), []);
  const found = await new Keep({ version: "v", client: "three", member: "m", store }).inherit();
  assert.deepEqual(found, [{ id: "op1", op: text("c1", "kept") }]);
  assert.equal(store.length, 0);
});

test("a window that lives keeps its own", async () => {
  const store = new Store();
  const locks = { request: async (name, options, run) => (run ?? options)(name.endsWith("one") ? null : {}) };
  new Keep({ version: "v", client: "one", member: "m", store, locks }).save(entries);
  assert.deepEqual(await new Keep({ version: "v", client: "two", member: "m", store, locks }).inherit(), []);
  assert.equal(store.length, 1);
});

test("a browser that refuses to keep something does not stop the work", async () => {
  const refusing = { get length() { throw new Error("no"); }, setItem() { throw new Error("full"); }, removeItem() {} };
  const keep = new Keep({ version: "v", client: "one", store: refusing });
  assert.equal(keep.save(entries), false);
  assert.deepEqual(await keep.inherit(), []);
});

test("what is spoilt in the store is left aside", async () => {
  const store = new Store();
  store.setItem("jm-pending:m:v:old", "{not json");
  assert.deepEqual(await new Keep({ version: "v", client: "two", member: "m", store }).inherit(), []);
});
