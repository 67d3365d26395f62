// What one can do with cards: add, move, widen, delete. Each is one step of undo.

// The operations that bring cards into a cell before the card that stands at `at` now.
export function movesTo(model, cards, { lane, step, at }) {
  const moving = new Set(cards.map((card) => card.id));
  const there = model.cell(lane, step).map((card) => card.id);
  const anchor = there.slice(at ?? there.length).find((id) => !moving.has(id)) ?? null;
  const list = [...there];
  const ops = [];
  let before = null;
  for (const card of cards) {
    const old = list.indexOf(card.id);
    if (old >= 0) list.splice(old, 1);
    const index = before ? list.indexOf(before) + 1 : anchor ? list.indexOf(anchor) : list.length;
    list.splice(index, 0, card.id);
    before = card.id;
    ops.push({ op: "move", kind: "card", id: card.id, to: { lane, step }, at: index });
  }
  return ops;
}

// What a card must give up in a lane of another kind; its words stay.
export function adapted(model, card, kind) {
  const fields = {};
  const own = new Set([...(kind.fields ?? []), "text", "span"]);
  for (const field of Object.keys(card)) {
    if (["id", "key", "lane", "step"].includes(field) || own.has(field)) continue;
    fields[field] = field === "status" || field === "answer" ? "" : null;
  }
  if (own.has("status") && card.status && !(card.status in (kind.states ?? {}))) fields.status = "";
  const words = model.wordsOf(card);
  if (Object.keys(fields).length && !card.text && words) fields.text = words.slice(0, 400);
  return fields;
}

// Lanes into which cards can go.
export function takesCards(model, lane) {
  const kind = model.kindOf(lane);
  return Boolean(kind.of_cards) && kind.shape !== "feeling" && kind.shape !== "line";
}

export class Acts {
  constructor(editor) {
    this.editor = editor;
  }

  get model() {
    return this.editor.model;
  }

  // Moves cards to a cell; across kinds of lanes they keep their text.
  move(cards, { lane, step, at }, { toast = false } = {}) {
    const { editor, model } = this;
    const target = model.lane(lane);
    const kind = model.kindOf(target);
    if (!target || !model.step(step)) return false;
    if (!takesCards(model, target)) {
      editor.toast(editor.t("card.not_here"));
      return false;
    }
    const others = cards.filter((card) => model.kindOf(model.lane(card.lane)).shape !== kind.shape);
    if (kind.shape === "touchpoint" && others.length) {
      editor.emit("choose-touchpoint", { cards: others, lane, step, at });
      return false;
    }
    const ops = movesTo(model, cards, { lane, step, at });
    for (const card of others) {
      const fields = adapted(model, card, kind);
      if (Object.keys(fields).length) ops.push({ op: "update", kind: "card", id: card.id, fields });
    }
    const changesLane = cards.some((card) => card.lane !== lane);
    const title = model.titleOf(target);
    const label = changesLane
      ? editor.t("card.moved_lane", { lane: title })
      : editor.t("card.moved_cell", { lane: title, step: model.step(step).name });
    // Back in its old lane first, then what only that lane has.
    const order = (ops) => [...ops.filter((op) => op.op === "move"), ...ops.filter((op) => op.op !== "move")];
    editor.perform(label, ops, { arrange: order });
    editor.say(label);
    if (toast && changesLane) editor.toast(label, { label: editor.t("do.undo"), action: () => editor.undo() });
    return true;
  }

  // One place further by keyboard; answers where the first card is now.
  nudge(cards, way) {
    const { editor, model } = this;
    if (!cards.length) return;
    const [first] = cards;
    const together = cards.every((card) => card.lane === first.lane && card.step === first.step);
    if (way === "left" || way === "right") {
      const steps = model.columns();
      const by = way === "left" ? -1 : 1;
      const aims = cards.map((card) => steps[model.columnOf(card.step) + by]);
      if (aims.some((step) => !step)) return;
      const ops = cards.map((card, place) => ({ op: "move", kind: "card", id: card.id, to: { lane: card.lane, step: aims[place].id }, at: model.placeOf("card", card.id) }));
      const label = editor.t("card.moved_cell", { lane: model.titleOf(model.lane(first.lane)), step: aims[0].name });
      editor.perform(label, ops, { merge: `nudge:${first.id}` });
      editor.say(label);
      return;
    }
    const list = model.cell(first.lane, first.step);
    const places = cards.map((card) => model.placeOf("card", card.id));
    const inside = way === "up" ? Math.min(...places) > 0 : Math.max(...places) < list.length - 1;
    if (together && inside) {
      const at = way === "up" ? Math.min(...places) - 1 : Math.max(...places) + 2;
      const label = editor.t("card.moved_order", { n: (way === "up" ? Math.min(...places) : Math.min(...places) + 2), all: list.length });
      editor.perform(label, movesTo(model, cards, { lane: first.lane, step: first.step, at }), { merge: `nudge:${first.id}` });
      editor.say(label);
      return;
    }
    const lanes = model.visibleLanes().filter((lane) => takesCards(model, lane));
    const place = lanes.findIndex((lane) => lane.id === first.lane) + (way === "up" ? -1 : 1);
    const lane = lanes[place];
    if (!lane || !together) return;
    const at = way === "up" ? model.cell(lane.id, first.step).length : 0;
    this.move(cards, { lane: lane.id, step: first.step, at }, { toast: true });
  }

  widen(cards, by) {
    const { editor, model } = this;
    const count = model.columns().length;
    const ops = [];
    for (const card of cards) {
      const most = count - model.columnOf(card.step);
      const span = Math.min(Math.max((card.span ?? 1) + by, 1), most);
      if (span !== (card.span ?? 1)) ops.push({ op: "update", kind: "card", id: card.id, fields: { span } });
    }
    if (!ops.length) return;
    const label = editor.t("card.span", { n: ops[0].fields.span });
    editor.perform(label, ops, { merge: `span:${cards[0].id}` });
    editor.say(label);
  }

  remove(cards) {
    const { editor, model } = this;
    if (!cards.length) return;
    const { lane, step } = cards[0];
    const label = editor.t("card.deleted", { n: cards.length });
    editor.perform(label, [{ op: "delete", kind: "card", ids: cards.map((card) => card.id) }]);
    editor.selection.clear();
    editor.focusCell(lane, step);
    editor.toast(label, { label: editor.t("do.undo"), action: () => editor.undo() });
    editor.say(label);
    return model;
  }

  set(cards, fields, label) {
    const ops = cards.map((card) => ({ op: "update", kind: "card", id: card.id, fields }));
    this.editor.perform(label, ops);
    this.editor.say(label);
  }

  // A new card with everything it needs; answers its id.
  add(lane, step, fields, { at, label } = {}) {
    const { editor } = this;
    const id = crypto.randomUUID();
    const row = { kind: "card", id, lane, step, text: "", ...fields };
    if (at !== undefined) row.at = at;
    editor.perform(label ?? editor.t("made.added"), [{ op: "insert", rows: [row] }]);
    return id;
  }
}

export function start(editor) {
  editor.acts = new Acts(editor);
}
