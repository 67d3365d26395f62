// Maps for tests: small ones by hand, and random ones with random operations on them.

import { Model } from "../../../../journeys/maps/static/maps/editor/model.js";

export const KINDS = [
  { key: "actions", title: "Actions", short: "action", shape: "card", of_cards: true, fields: [], states: {} },
  { key: "touchpoints", title: "Touchpoints", short: "touchpoint", shape: "touchpoint", of_cards: true, fields: ["touchpoint"], states: {} },
  { key: "channels", title: "Channels", short: "channel", shape: "channel", of_cards: false, fields: [], states: {} },
  { key: "feelings", title: "Feelings", short: "feeling", shape: "feeling", of_cards: true, fields: ["valence", "persona"], states: {} },
  { key: "pain_points", title: "Pain points", short: "pain point", shape: "pain", of_cards: true, fields: ["severity", "pain_point"], states: {} },
  { key: "opportunities", title: "Opportunities", short: "opportunity", shape: "opportunity", of_cards: true, fields: ["status", "opportunity"], states: { idea: "Idea", done: "Done" } },
  { key: "scores", title: "Scores", short: "score", shape: "score", of_cards: false, fields: [], states: {} },
];

// Two stages with two steps each, three lanes, a few cards.
export function small() {
  return {
    kinds: KINDS,
    stages: [{ id: "A", name: "Before" }, { id: "B", name: "After" }],
    steps: [
      { id: "a1", stage: "A", name: "Notices", next: [{ to: "b2", label: "in a hurry" }] },
      { id: "a2", stage: "A", name: "Compares" },
      { id: "b1", stage: "B", name: "Buys" },
      { id: "b2", stage: "B", name: "Uses" },
    ],
    lanes: [
      { id: "acts", kind: "actions" },
      { id: "pains", kind: "pain_points" },
      { id: "ideas", kind: "opportunities" },
    ],
    cards: [
      { id: "c1", lane: "acts", step: "a1", text: "Looks" },
      { id: "c2", lane: "acts", step: "a1", text: "Asks" },
      { id: "c3", lane: "acts", step: "b1", text: "Pays", span: 2 },
      { id: "c4", lane: "pains", step: "b1", text: "Waits", severity: 3, pain_point: "P" },
      { id: "c5", lane: "ideas", step: "b1", text: "Hurry", status: "idea" },
    ],
  };
}

export const model = (doc = small()) => new Model(doc);
export const texts = (found, lane, step) => found.cell(lane, step).map((card) => card.text);

// Numbers that are the same in every run: a failure can be repeated by its seed.
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
  const below = (count) => Math.floor(next() * count);
  const pick = (list) => list[below(list.length)];
  return { next, below, pick };
}

const WORDS = ["", "waits", "pays <b>now</b>", "“asks”", "a\nb", "ü".repeat(40)];

// An operation on what is there, and now and then on what is not.
export function randomOp(found, random, fresh) {
  const { below, pick } = random;
  const ids = (kind) => [...found.rows[kind].keys()];
  const any = (kind) => (random.next() < 0.06 || !ids(kind).length ? "gone" : pick(ids(kind)));
  const kind = pick(["card", "card", "card", "step", "lane", "stage"]);
  const where = random.next() < 0.3 ? {} : { at: below(6) };
  switch (below(4)) {
    case 0:
      return { op: "insert", rows: randomRows(found, random, fresh, kind, any, where) };
    case 1:
      return { op: "update", kind, id: any(kind), fields: randomFields(random, kind, any) };
    case 2: {
      const to = kind === "card" ? { lane: any("lane"), step: any("step") } : kind === "step" ? { stage: any("stage") } : {};
      return { op: "move", kind, id: any(kind), to, at: below(7) };
    }
    default:
      return { op: "delete", kind, ids: [...new Set([any(kind), any(kind)])] };
  }
}

function randomRows(found, random, fresh, kind, any, where) {
  const id = fresh();
  if (kind === "stage") {
    const step = fresh();
    const lane = any("lane");
    return [
      { kind: "stage", id, name: "New", ...where },
      { kind: "step", id: step, stage: id, name: "First" },
      { kind: "card", id: fresh(), lane, step, text: "inside" },
    ];
  }
  if (kind === "lane") return [{ kind: "lane", id, lane_kind: random.pick(KINDS).key, name: random.pick(WORDS), ...where }];
  if (kind === "step") return [{ kind: "step", id, stage: any("stage"), name: "Step", ...where }];
  return Array.from({ length: 1 + random.below(3) }, () => ({ kind: "card", id: fresh(), lane: any("lane"), step: any("step"), text: random.pick(WORDS), severity: random.pick([undefined, 1, 2]), ...where }));
}

function randomFields(random, kind, any) {
  const { pick } = random;
  if (kind === "stage") return pick([{ name: pick(WORDS) }, { phase: pick([null, "ph"]) }]);
  if (kind === "lane") return pick([{ name: pick(WORDS) }, { hidden: pick([true, false]) }, { collapsed: true }, { kind: pick(KINDS).key }]);
  if (kind === "step") return pick([{ name: pick(WORDS) }, { metric: "nps" }, { next: [{ to: any("step"), label: "if" }] }]);
  return pick([{ text: pick(WORDS) }, { span: 1 + random.below(4) }, { severity: pick([null, 1, 2, 3]), status: pick(["", "idea"]) }, { valence: pick([null, -1.5, 2]) }]);
}
