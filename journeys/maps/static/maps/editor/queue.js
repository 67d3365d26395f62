// What this window has done and the server has not confirmed yet, on top of what it has. Pure.
//
// News from the server go below what is pending: pending operations are taken back, the news
// applied, and the pending ones that are left applied again.

export const MOST_OPS = 100;

export function join(touched, more) {
  if (touched === "all" || more === "all") return "all";
  for (const id of more) touched.add(id);
  return touched;
}

export class Queue {
  constructor(model, newId = () => crypto.randomUUID()) {
    this.model = model;
    this.newId = newId;
    this.pending = []; // {id, op, inverse, sent}
  }

  // Applies at once and remembers to send. Writing on in the same field replaces what has not
  // been sent, so that one sentence is not twenty operations.
  add(op) {
    const { inverse, touched } = this.model.apply(op);
    if (!inverse.length) return { inverse, touched };
    const last = this.pending.at(-1);
    if (last && !last.sent && continues(last.op, op)) last.op = { ...last.op, fields: op.fields };
    else this.pending.push({ id: this.newId(), op, inverse, sent: false });
    return { inverse, touched };
  }

  // Puts back what an earlier window could not send.
  restore(entries) {
    let touched = new Set();
    for (const { id, op } of entries) {
      const applied = this.model.apply(op);
      touched = join(touched, applied.touched);
      this.pending.push({ id, op, inverse: applied.inverse, sent: true });
    }
    return touched;
  }

  // The operations to send next, in the order in which they were made.
  batch(most = MOST_OPS) {
    const entries = this.pending.slice(0, most);
    for (const entry of entries) entry.sent = true;
    return entries.map(({ id, op }) => ({ id, change: op }));
  }

  // Takes in an answer → what looks different, what was refused, and what others did.
  receive({ ops = [], results = [] }) {
    const answers = new Map(results.map((result) => [result.id, result]));
    const own = new Set(this.pending.map((entry) => entry.id));
    const remote = ops.filter((op) => !own.has(op.id));
    const refused = this.pending
      .filter((entry) => answers.get(entry.id)?.error || answers.get(entry.id)?.conflict)
      .map((entry) => ({ ...entry, ...answers.get(entry.id) }));
    const confirmed = new Set(ops.map((op) => op.id));
    const answered = (entry) => answers.has(entry.id) || confirmed.has(entry.id);
    const head = this.pending.findIndex((entry) => !answered(entry));
    const inOrder = this.pending.slice(head < 0 ? this.pending.length : head).every((e) => !answered(e));
    if (!remote.length && !refused.length && inOrder) {
      this.pending = this.pending.filter((entry) => !answered(entry));
      return { touched: new Set(), refused, remote };
    }
    let touched = this.#takeBack();
    for (const { change } of ops) touched = join(touched, this.model.apply(change).touched);
    this.pending = this.pending.filter((entry) => !answered(entry));
    return { touched: join(touched, this.#applyAgain()), refused, remote };
  }

  // Gives up pending operations, for example those that a conflict made pointless.
  drop(matches) {
    if (!this.pending.some(matches)) return { touched: new Set(), dropped: [] };
    const touched = this.#takeBack();
    const dropped = this.pending.filter(matches);
    this.pending = this.pending.filter((entry) => !matches(entry));
    return { touched: join(touched, this.#applyAgain()), dropped };
  }

  #takeBack() {
    let touched = new Set();
    for (const entry of [...this.pending].reverse()) {
      for (const op of entry.inverse) touched = join(touched, this.model.apply(op).touched);
    }
    return touched;
  }

  #applyAgain() {
    let touched = new Set();
    for (const entry of this.pending) {
      const applied = this.model.apply(entry.op);
      entry.inverse = applied.inverse;
      touched = join(touched, applied.touched);
    }
    return touched;
  }
}

function continues(before, op) {
  return (
    op.op === "update" &&
    before.op === "update" &&
    before.kind === op.kind &&
    before.id === op.id &&
    Object.keys(before.fields).join() === Object.keys(op.fields).join()
  );
}
