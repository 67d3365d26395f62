// What this window has done, to take back and to do again. Pure.
//
// Only own changes. A change of somebody else to the same thing makes a step stale: taking it
// back would overwrite theirs, so it is said instead.

export const MOST_STEPS = 200;
const TOGETHER = 1000;

// What an operation writes: [row, field] with "*" for the whole row.
export function writes(op) {
  if (op.op === "insert") return op.rows.map((row) => [row.id, "*"]);
  if (op.op === "delete") return op.ids.map((id) => [id, "*"]);
  if (op.op === "move") return [[op.id, "place"]];
  return Object.keys(op.fields ?? {}).map((field) => [op.id, field]);
}

const meets = (a, b) => a[0] === b[0] && (a[1] === "*" || b[1] === "*" || a[1] === b[1]);

export class History {
  constructor(now = () => Date.now()) {
    this.now = now;
    this.done = []; // {label, inverse, merge, at, stale}
    this.undone = [];
  }

  // `long` joins steps of one key however much time lies between, as a text under the hand.
  push({ label, inverse, merge = "", long = false }) {
    if (!inverse.length) return;
    this.undone = [];
    const last = this.done.at(-1);
    const recent = last && (long || this.now() - last.at < TOGETHER);
    if (merge && last?.merge === merge && recent) {
      last.inverse = [...inverse, ...last.inverse];
      last.at = this.now();
      return;
    }
    this.done.push({ label, inverse, merge, at: this.now(), stale: "" });
    if (this.done.length > MOST_STEPS) this.done.shift();
  }

  // Ends the step under way: what follows is a step of its own.
  close() {
    if (this.done.length) this.done.at(-1).merge = "";
  }

  canUndo() {
    return this.done.length > 0;
  }

  canRedo() {
    return this.undone.length > 0;
  }

  // Runs the last step backwards. `run(ops)` carries them out and answers their inverse.
  undo(run, exists) {
    return this.#step(this.done, this.undone, run, exists);
  }

  redo(run, exists) {
    return this.#step(this.undone, this.done, run, exists);
  }

  #step(from, onto, run, exists) {
    const entry = from.pop();
    if (!entry) return null;
    const lost = entry.inverse.some((op) => !targetsOf(op, entry.inverse).every(([kind, id]) => exists(kind, id)));
    if (entry.stale || lost) return { ...entry, refused: true };
    const inverse = run(entry.inverse);
    if (inverse.length) onto.push({ ...entry, inverse, merge: "", at: 0 });
    return { ...entry, refused: false };
  }

  // Notes that somebody else has changed something. A row that is only added meets nothing.
  remote(op, name) {
    if (op.op === "insert") return;
    const theirs = writes(op);
    for (const entry of [...this.done, ...this.undone]) {
      const mine = entry.inverse.flatMap(writes);
      if (mine.some((own) => theirs.some((other) => meets(own, other)))) entry.stale = name || "?";
    }
  }
}

// What must be there for an operation to mean something, except what the step itself brings.
function targetsOf(op, ops) {
  const brought = new Set(ops.flatMap((other) => (other.op === "insert" ? other.rows.map((row) => row.id) : [])));
  const needed = [];
  if (op.op === "insert") {
    for (const row of op.rows) {
      if (row.stage) needed.push(["stage", row.stage]);
      if (row.lane) needed.push(["lane", row.lane]);
      if (row.step) needed.push(["step", row.step]);
    }
  } else if (op.op === "delete") needed.push(...op.ids.map((id) => [op.kind, id]));
  else needed.push([op.kind, op.id]);
  return needed.filter(([, id]) => !brought.has(id));
}
