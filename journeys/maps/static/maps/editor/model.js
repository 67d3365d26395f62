// The map's rows and the four operations on them. Pure: no document, no network.
//
// An operation that names what is not there does nothing: it may arrive after somebody deleted
// its row. Each application answers how to take it back, and which cells look different.

export const MOST_ROWS = 2000;

// What a field holds when nobody has set it. Rows carry set fields only, except the named ones.
const EMPTY = {
  stage: { name: "", phase: null },
  step: { name: "", metric: "", next: [] },
  lane: { kind: "", name: "", hidden: false, collapsed: false },
  card: {
    text: "",
    span: 1,
    touchpoint: null,
    valence: null,
    severity: null,
    status: "",
    persona: null,
    pain_point: null,
    opportunity: null,
    answer: "",
    response_id: null,
    linked_map: null,
    picture: null,
  },
};
const ALWAYS = new Set(["name", "text", "next", "kind", "hidden", "collapsed", "metric"]);
// Fields where two people may write at once: the server compares what was there before.
export const WRITTEN = new Set(["text", "name", "answer"]);
const KINDS = ["stage", "lane", "step", "card"];

const isPlain = (value) => value === null || typeof value !== "object";
const copy = (value) => (isPlain(value) ? value : structuredClone(value));
const same = (a, b) => a === b || (!isPlain(a) && JSON.stringify(a) === JSON.stringify(b));
const at = (list, index) => Math.min(Math.max(index ?? list.length, 0), list.length);
export const emptyValue = (kind, field) => copy(EMPTY[kind][field] ?? null);

// A row as the model keeps it: known fields, without those that say nothing.
function clean(kind, row) {
  const kept = { id: row.id, key: row.key ?? row.id };
  if (kind === "step") kept.stage = row.stage;
  if (kind === "card") Object.assign(kept, { lane: row.lane, step: row.step });
  for (const field of Object.keys(EMPTY[kind])) write(kind, kept, field, row[field]);
  return kept;
}

function write(kind, row, field, value) {
  const empty = EMPTY[kind][field];
  const given = value === undefined || value === null ? empty : value;
  if (same(given, empty) && !ALWAYS.has(field)) delete row[field];
  else row[field] = copy(given);
}

export function read(kind, row, field) {
  return row[field] === undefined ? emptyValue(kind, field) : row[field];
}

export class Model {
  constructor(doc) {
    this.view = null; // the keys of the lanes that a view shows; null shows all
    this.reset(doc);
  }

  reset(doc) {
    this.kinds = new Map((doc.kinds ?? []).map((kind) => [kind.key, kind]));
    this.touchpoints = doc.touchpoints ?? {};
    this.opportunities = doc.opportunities ?? {};
    this.maps = doc.maps ?? {};
    this.quotes = doc.quotes ?? {};
    this.stages = [];
    this.lanes = [];
    this.rows = Object.fromEntries(KINDS.map((kind) => [kind, new Map()]));
    this.stepLists = new Map();
    this.cellLists = new Map();
    this.order = null;
    for (const kind of KINDS) {
      for (const row of doc[`${kind}s`] ?? []) this.#place(kind, clean(kind, row));
    }
  }

  // --- reading -----------------------------------------------------------------------------

  stage(id) {
    return this.rows.stage.get(id);
  }

  step(id) {
    return this.rows.step.get(id);
  }

  lane(id) {
    return this.rows.lane.get(id);
  }

  card(id) {
    return this.rows.card.get(id);
  }

  row(kind, id) {
    return this.rows[kind]?.get(id);
  }

  stepsOf(stageId) {
    return this.stepLists.get(stageId) ?? [];
  }

  steps() {
    return this.columns();
  }

  columns() {
    this.order ??= this.stages.flatMap((stage) => this.stepsOf(stage.id));
    return this.order;
  }

  columnOf(stepId) {
    return this.columns().findIndex((step) => step.id === stepId);
  }

  cell(laneId, stepId) {
    return this.cellLists.get(`${laneId} ${stepId}`) ?? [];
  }

  cardsOf(laneId) {
    return this.columns().flatMap((step) => this.cell(laneId, step.id));
  }

  visibleLanes() {
    return this.lanes.filter((lane) => !lane.hidden && (!this.view || this.view.has(lane.key)));
  }

  kindOf(lane) {
    const kind = this.kinds.get(lane?.kind);
    return kind ?? { key: lane?.kind ?? "", title: "", short: "", hint: "", shape: "plain", of_cards: true };
  }

  shapeOf(laneId) {
    return this.kindOf(this.lane(laneId)).shape;
  }

  titleOf(lane) {
    return lane.name || this.kindOf(lane).title;
  }

  // What a card says, also when its text is that of its touchpoint or map.
  wordsOf(card) {
    return (
      card.text ||
      this.touchpoints[card.touchpoint]?.name ||
      this.maps[card.linked_map]?.name ||
      this.quotes[card.response_id]?.text ||
      ""
    );
  }

  // The id of the element that shows a cell; feelings share one over all steps.
  cellId(laneId, stepId) {
    return this.shapeOf(laneId) === "feeling" ? `c-${laneId}` : `c-${laneId}-${stepId}`;
  }

  siblings(kind, row) {
    if (kind === "stage") return this.stages;
    if (kind === "lane") return this.lanes;
    if (kind === "step") return this.stage(row.stage) ? this.stepLists.get(row.stage) : undefined;
    return this.lane(row.lane) && this.step(row.step) ? this.#list(row.lane, row.step) : undefined;
  }

  placeOf(kind, id) {
    const row = this.row(kind, id);
    return row ? this.siblings(kind, row).indexOf(row) : -1;
  }

  // Everything as plain rows, for comparing and for copying.
  snapshot() {
    return {
      stages: structuredClone(this.stages),
      lanes: structuredClone(this.lanes),
      steps: structuredClone(this.columns()),
      cards: structuredClone(this.lanes.flatMap((lane) => this.cardsOf(lane.id))),
    };
  }

  // --- changing ----------------------------------------------------------------------------

  // Carries out one operation → {inverse: [op], touched: Set of element ids | "all"}.
  apply(op) {
    if (op.op === "insert") return this.#insert(op);
    if (op.op === "update") return this.#update(op);
    if (op.op === "move") return this.#move(op);
    if (op.op === "delete") return this.#delete(op);
    return { inverse: [], touched: new Set() };
  }

  #list(lane, step) {
    const key = `${lane} ${step}`;
    if (!this.cellLists.has(key)) this.cellLists.set(key, []);
    return this.cellLists.get(key);
  }

  #place(kind, row, index) {
    const list = this.siblings(kind, row);
    if (!list || this.rows[kind].has(row.id)) return false;
    list.splice(at(list, index), 0, row);
    this.rows[kind].set(row.id, row);
    if (kind === "stage") this.stepLists.set(row.id, []);
    if (kind !== "card" && kind !== "lane") this.order = null;
    return true;
  }

  #insert(op) {
    const placed = { stage: [], lane: [], step: [], card: [] };
    for (const row of op.rows ?? []) {
      const { kind } = row;
      if (!EMPTY[kind]) continue;
      // In a row `kind` says that it is a lane; which kind of lane is said by `lane_kind`.
      const fields = kind === "lane" ? { ...row, kind: row.lane_kind } : row;
      if (this.#place(kind, clean(kind, fields), row.at)) placed[kind].push(row.id);
    }
    return { inverse: this.#deletesOf(placed), touched: this.#touchedBy(placed) };
  }

  // Deleting what stands above takes along what stands below.
  #deletesOf(placed) {
    const stages = new Set(placed.stage);
    const steps = new Set(placed.step);
    const lanes = new Set(placed.lane);
    const below = {
      card: placed.card.filter((id) => {
        const card = this.card(id);
        return !steps.has(card.step) && !lanes.has(card.lane);
      }),
      step: placed.step.filter((id) => !stages.has(this.step(id).stage)),
      lane: placed.lane,
      stage: placed.stage,
    };
    return Object.entries(below)
      .filter(([, ids]) => ids.length)
      .map(([kind, ids]) => ({ op: "delete", kind, ids }));
  }

  #touchedBy(placed) {
    if (placed.stage.length || placed.step.length || placed.lane.length) return "all";
    const touched = new Set();
    for (const id of placed.card) this.#touch(touched, this.card(id));
    return touched;
  }

  #touch(touched, card) {
    touched.add(this.cellId(card.lane, card.step));
    if (this.shapeOf(card.lane) !== "touchpoint") return;
    for (const lane of this.lanes) {
      if (this.kindOf(lane).shape === "channel") touched.add(`c-${lane.id}-${card.step}`);
    }
  }

  #update({ kind, id, fields }) {
    const row = this.row(kind, id);
    if (!row) return { inverse: [], touched: new Set() };
    const before = {};
    for (const [field, value] of Object.entries(fields ?? {})) {
      if (!(field in EMPTY[kind])) continue;
      before[field] = copy(read(kind, row, field));
      const known = field === "next" ? (value ?? []).filter((link) => this.step(link.to)) : value;
      write(kind, row, field, known);
    }
    const touched = new Set();
    if (kind === "card") this.#touch(touched, row);
    else if (kind === "step") touched.add(`h-${id}`);
    else if (kind === "stage" && !("phase" in before)) touched.add(`p-${id}`);
    else if (kind === "lane" && Object.keys(before).every((field) => field === "name")) {
      touched.add(`l-${id}`);
    } else return { inverse: [{ op: "update", kind, id, fields: before }], touched: "all" };
    return { inverse: [{ op: "update", kind, id, fields: before }], touched };
  }

  #move({ kind, id, to = {}, at: index }) {
    const row = this.row(kind, id);
    const aim = row && { ...row, ...this.#home(kind, { ...row, ...to }) };
    const list = row && this.siblings(kind, aim);
    if (!list) return { inverse: [], touched: new Set() };
    const from = this.siblings(kind, row);
    const place = from.indexOf(row);
    const back = { op: "move", kind, id, to: this.#home(kind, row), at: place };
    const touched = new Set();
    if (kind === "card") this.#touch(touched, row);
    from.splice(place, 1);
    Object.assign(row, this.#home(kind, aim));
    list.splice(at(list, index), 0, row);
    if (kind === "card") this.#touch(touched, row);
    if (kind === "stage" || kind === "step") this.order = null;
    return { inverse: [back], touched: kind === "card" ? touched : "all" };
  }

  #home(kind, row) {
    if (kind === "step") return { stage: row.stage };
    return kind === "card" ? { lane: row.lane, step: row.step } : {};
  }

  #delete({ kind, ids }) {
    const gone = this.#under(kind, new Set(ids));
    const touched = gone.stage.size || gone.step.size || gone.lane.size ? "all" : new Set();
    if (touched !== "all") for (const id of gone.card) this.#touch(touched, this.card(id));
    const rows = this.#rowsOf(gone);
    const links = this.#cutLinks(gone.step);
    for (const kindOf of [...KINDS].reverse()) this.#remove(kindOf, gone[kindOf]);
    const inverse = [];
    for (let start = 0; start < rows.length; start += MOST_ROWS) {
      inverse.push({ op: "insert", rows: rows.slice(start, start + MOST_ROWS) });
    }
    return { inverse: [...inverse, ...links], touched };
  }

  // The rows that go when these go.
  #under(kind, ids) {
    const known = new Set([...ids].filter((id) => this.row(kind, id)));
    const gone = { stage: new Set(), lane: new Set(), step: new Set(), card: new Set() };
    gone[kind] = known;
    for (const id of gone.stage) for (const step of this.stepsOf(id)) gone.step.add(step.id);
    if (gone.step.size || gone.lane.size) {
      for (const card of this.rows.card.values()) {
        if (gone.step.has(card.step) || gone.lane.has(card.lane)) gone.card.add(card.id);
      }
    }
    return gone;
  }

  #rowsOf(gone) {
    const rows = [];
    for (const kind of KINDS) {
      const lists = new Set([...gone[kind]].map((id) => this.siblings(kind, this.row(kind, id))));
      const placed = [...lists].flatMap((list) =>
        list.map((row, place) => ({ row, place })).filter(({ row }) => gone[kind].has(row.id)));
      placed.sort((a, b) => a.place - b.place);
      for (const { row, place } of placed) rows.push(asRow(kind, row, place));
    }
    return rows;
  }

  // Takes out what leads to steps that go, and answers the updates that bring it back.
  #cutLinks(steps) {
    if (!steps.size) return [];
    const back = [];
    for (const step of this.rows.step.values()) {
      if (steps.has(step.id) ? step.next.length : step.next.some((link) => steps.has(link.to))) {
        back.push({ op: "update", kind: "step", id: step.id, fields: { next: structuredClone(step.next) } });
        step.next = step.next.filter((link) => !steps.has(link.to));
      }
    }
    return back;
  }

  #remove(kind, ids) {
    const lists = new Set([...ids].map((id) => this.siblings(kind, this.row(kind, id))));
    for (const list of lists) list.splice(0, list.length, ...list.filter((row) => !ids.has(row.id)));
    for (const id of ids) {
      this.rows[kind].delete(id);
      if (kind === "stage") this.stepLists.delete(id);
    }
    if (ids.size && (kind === "stage" || kind === "step")) this.order = null;
  }
}

// A row as an insert operation carries it.
export function asRow(kind, row, place) {
  const { id, key, ...rest } = { ...row };
  const extra = key === id ? {} : { key };
  if (kind === "step") delete rest.next;
  if (kind === "lane") {
    rest.lane_kind = rest.kind;
    delete rest.kind;
  }
  return { ...rest, ...extra, kind, id, ...(place === undefined ? {} : { at: place }) };
}
