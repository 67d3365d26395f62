// The map editor. Reads the document of the page, makes the object that all parts share, draws
// the grid, and starts the parts. Also draws maps that are only read: a part that needs an
// address or a right that is missing stays away.

import { Bus } from "./bus.js";
import { icon } from "./cards.js";
import { Commands } from "./commands.js";
import { own } from "./own.js";
import * as surroundings from "./parts.js";
import { Grid } from "./grid.js";
import { History } from "./history.js";
import { join, Queue } from "./queue.js";
import { Model } from "./model.js";
import { Selection } from "./selection.js";
import { toasts } from "./toast.js";

function readDocument() {
  const source = document.getElementById("jm-document");
  return source ? JSON.parse(source.textContent) : null;
}

function csrf() {
  // The cookie first: it changes when somebody logs in again in another window.
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  return cookie || document.querySelector('meta[name="csrf-token"]')?.content || "";
}

export class Editor {
  constructor(doc, root) {
    this.doc = doc;
    this.root = root;
    for (const name of ["t", "say", "on", "emit", "perform", "undo", "redo", "focusCell", "edit", "fetchJSON", "changed"]) {
      this[name] = this[name].bind(this); // parts take them apart
    }
    this.bus = new Bus();
    this.model = new Model(doc);
    this.queue = new Queue(this.model);
    this.history = new History();
    this.commands = new Commands(this);
    this.icon = icon;
    this.grid = new Grid(this);
    this.selection = new Selection(this);
    this.toast = toasts(document.getElementById("jm-toasts") ?? document.createElement("div"));
    this.headers = () => ({ "X-CSRFToken": csrf() });
    this.editing = null; // set by edit.js
    this.sync = null; // set by live.js
  }

  // Whether a row is so new that the server does not know it.
  unsent(id) {
    return this.queue.pending.some(({ op }) => op.op === "insert" && op.rows.some((row) => row.id === id));
  }

  get edits() {
    return Boolean(this.doc.may?.edit);
  }

  on(event, fn) {
    return this.bus.on(event, fn);
  }

  emit(event, detail) {
    this.bus.emit(event, detail);
  }

  t(key, values = {}) {
    let known = this.doc.texts?.[key];
    if (known === undefined && "n" in values) known = this.doc.texts?.[`${key}.${Number(values.n) === 1 ? "one" : "other"}`];
    const words = known ?? key;
    return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  say(words, { assertive = false } = {}) {
    const live = document.getElementById(assertive ? "jm-alert" : "jm-live");
    if (!live) return;
    // The same words twice are said twice.
    live.textContent = live.textContent === words ? `${words}\u00a0` : words;
  }

  // Carries out operations at once, remembers them for undo and sends them.
  // `merge` joins the step with the one before of the same name: within a second, or however long
  // ago when it is `long`. `arrange` orders what takes the step back.
  perform(label, ops, { merge = "", long = false, arrange = (inverse) => inverse } = {}) {
    if (!this.edits || !ops.length) return;
    this.history.push({ label, inverse: arrange(this.#run(ops)), merge, long });
    this.emit("history");
  }

  #run(ops) {
    let touched = new Set();
    const inverse = [];
    for (const op of ops) {
      const made = this.queue.add(this.#withWas(op));
      inverse.unshift(...made.inverse);
      touched = join(touched, made.touched);
    }
    this.changed(touched, false);
    this.sync?.wake();
    return inverse;
  }

  // Text says what it replaces, so that the server notices when two people write at once.
  #withWas(op) {
    if (op.op !== "update" || op.was) return op;
    const row = this.model.row(op.kind, op.id);
    const written = Object.keys(op.fields).filter((field) => ["text", "name", "answer"].includes(field));
    if (!row || !written.length) return op;
    return { ...op, was: Object.fromEntries(written.map((field) => [field, row[field] ?? ""])) };
  }

  changed(touched, remote) {
    if (touched === "all" || touched.size) this.grid.redraw(touched);
    this.emit("changed", { touched, remote });
  }

  undo() {
    this.#step("undo");
  }

  redo() {
    this.#step("redo");
  }

  #step(way) {
    if (!this.edits) return;
    this.editing?.leave();
    const entry = this.history[way]((ops) => this.#run(ops), (kind, id) => Boolean(this.model.row(kind, id)));
    if (!entry) this.say(this.t(`history.nothing_${way}`));
    else if (entry.refused) this.toast(this.t("history.stale", { label: entry.label, name: entry.stale || this.t("someone") }));
    else this.say(this.t(`history.${way}`, { label: entry.label }));
    this.emit("history");
  }

  focusCell(lane, step, options) {
    const wide = lane && document.getElementById(`c-${lane}`);
    const place = wide ?? document.getElementById(lane ? `c-${lane}-${step}` : `h-${step}`);
    if (wide && step) this.selection.walkInside(wide, Math.max(this.model.columnOf(step), 0));
    return this.selection.focus(place, options);
  }

  edit(what) {
    return this.editing?.open(what);
  }

  async fetchJSON(url, { method = "GET", body, headers = {} } = {}) {
    const form = body instanceof FormData;
    const answer = await fetch(url, {
      method,
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        ...(body && !form ? { "Content-Type": "application/json" } : {}),
        ...(method === "GET" ? {} : this.headers()),
        ...headers,
      },
      body: body === undefined ? undefined : form ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    let parsed = null;
    try {
      parsed = text ? JSON.parse(text) : null;
    } catch {
      parsed = null;
    }
    if (!answer.ok) throw Object.assign(new Error(`${answer.status}`), { status: answer.status, problem: parsed });
    return parsed;
  }
}

export function start() {
  const doc = readDocument();
  const root = document.getElementById("jm-root");
  if (!doc || !root) return null;
  const editor = new Editor(doc, root);
  const list = surroundings.parts ?? surroundings.default ?? [];
  for (const part of [...own, ...list]) {
    try {
      (part.start ?? part)(editor);
    } catch (error) {
      console.error(error);
    }
  }
  root.replaceChildren(editor.grid.map);
  editor.grid.draw();
  performance.mark("jm-drawn"); // what benchmarks/map_editor.py waits for
  editor.emit("ready");
  return editor;
}

// On a phone the map is a list to read, which has the ids of the grid; the grid comes when there
// is room for it.
const narrow = window.matchMedia(document.getElementById("jm-read")?.dataset.narrow || "(max-width: 820px)");
if (narrow.matches && document.getElementById("jm-read")) {
  narrow.addEventListener("change", () => start(), { once: true });
} else start();
