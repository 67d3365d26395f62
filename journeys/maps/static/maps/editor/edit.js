// Writing in place: a card's text, a new card, the name of a step, stage or lane.
//
// What is written is saved 800 ms after the last key and on leaving. Leaving always keeps the text.

import { el } from "./nodes.js";

const PAUSE = 800;
const LONGEST = { card: 400, step: 80, stage: 80, lane: 60 };
const HEADS = { step: "h-", stage: "p-", lane: "l-" };

export class Editing {
  constructor(editor) {
    this.editor = editor;
    this.now = null; // {kind, id, lane, step, at, host, area, saved, session, timer}
    editor.on("changed", ({ remote }) => remote && this.#compare());
  }

  get active() {
    return Boolean(this.now);
  }

  // A card by its id, a new card by {lane, step, text?, at?}, a heading by {kind, id}.
  open(what, { select = false } = {}) {
    if (!this.editor.edits) return false;
    this.leave();
    const opened = typeof what === "string" ? this.#card(what) : what.kind ? this.#head(what) : this.#draft(what);
    if (!opened) return false;
    const { area } = this.now;
    area.focus();
    if (select) area.select();
    else area.setSelectionRange(area.value.length, area.value.length);
    this.#grow();
    this.now.host.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.editor.emit("editing", { kind: this.now.kind, id: this.now.id, lane: this.now.lane, step: this.now.step });
    return true;
  }

  #card(id) {
    const card = this.editor.model.card(id);
    const host = document.getElementById(`k-${id}`);
    if (!card || !host) return false;
    if (card.response_id) return false; // words of customers are not ours to write
    const label = this.editor.model.wordsOf(card);
    return this.#begin({ kind: "card", id, lane: card.lane, step: card.step, host, text: card.text, label }, host.querySelector(".jm-text"));
  }

  #draft({ lane, step, text = "", at }) {
    const { model } = this.editor;
    const cell = document.getElementById(`c-${lane}-${step}`);
    const kind = model.kindOf(model.lane(lane));
    if (!cell || !kind.of_cards || kind.shape === "feeling") return false;
    let stack = cell.querySelector(".jm-stack");
    if (!stack) {
      if (model.lane(lane).collapsed) return false;
      cell.append((stack = el("div", { css: "jm-stack" })));
    }
    stack.querySelector(".jm-none, .jm-nothing")?.remove();
    const words = el("span", { css: "jm-text" });
    const host = el("div", { css: "jm-card jm-draft", tabindex: "-1", role: "group" }, words);
    stack.insertBefore(host, at === undefined ? null : (stack.children[at] ?? null));
    return this.#begin({ kind: "card", id: null, lane, step, at, host, text, saved: "", label: kind.short }, words);
  }

  #head({ kind, id }) {
    const row = this.editor.model.row(kind, id);
    const host = document.getElementById(`${HEADS[kind]}${id}`);
    if (!row || !host) return false;
    const text = kind === "lane" ? this.editor.model.titleOf(row) : row.name;
    return this.#begin({ kind, id, lane: kind === "lane" ? id : null, step: kind === "step" ? id : null, host, text, label: text },
      host.querySelector(".jm-text, .jm-lane-name"));
  }

  #begin(state, words) {
    if (!words) return false;
    const area = el("textarea", { css: "jm-write", rows: "1", maxlength: LONGEST[state.kind], "aria-label": state.label, spellcheck: "true", value: state.text });
    area.value = state.text;
    state.host.classList.add("is-writing");
    state.host.closest(".jm-cell")?.classList.add("is-busy");
    words.replaceChildren(area);
    if (words.tagName === "A") words.removeAttribute("href");
    this.now = { saved: state.text, ...state, area, words, session: `write:${crypto.randomUUID()}`, timer: 0 };
    area.addEventListener("input", () => this.#typed());
    area.addEventListener("keydown", (event) => this.#key(event));
    area.addEventListener("blur", () => setTimeout(() => this.#blurred(area)));
    return true;
  }

  #blurred(area) {
    // A menu or a question about this text may hold the focus for a while, another window too.
    if (this.now?.area !== area || document.activeElement === area || !document.hasFocus()) return;
    if (document.activeElement?.closest?.(".jm-menu")) return;
    this.leave();
  }

  #grow() {
    const { area } = this.now;
    if (CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }

  #typed() {
    const { now } = this;
    clearTimeout(now.timer);
    now.timer = setTimeout(() => this.save(), PAUSE);
    this.#grow();
    this.editor.emit("typed", { area: now.area, lane: now.lane, step: now.step, kind: now.kind, id: now.id });
  }

  #key(event) {
    const { now } = this;
    const ctrl = event.ctrlKey || event.metaKey;
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey && !ctrl)) this.leave({ focus: true });
    else if (event.key === "Enter" && ctrl) {
      const { lane, step, kind, id } = now;
      this.leave({ focus: true });
      if (kind === "card") this.editor.commands.run("card.new", { lane, step, after: id });
    } else if (event.key === "Tab") this.#beside(event.shiftKey ? -1 : 1);
    else if (ctrl && event.key.toLowerCase() === "k") {
      this.leave({ focus: true });
      this.editor.commands.run("palette");
    } else return;
    event.preventDefault();
  }

  // The same lane at the next step, or the next heading.
  #beside(by) {
    const { kind, id, lane, step } = this.now;
    const { model } = this.editor;
    this.leave({ focus: true });
    if (kind === "card" || kind === "step") {
      const next = model.columns()[model.columnOf(step) + by];
      if (!next) return;
      if (kind === "step") this.open({ kind, id: next.id });
      else this.editor.commands.run("cell.write", { lane, step: next.id });
      return;
    }
    const rows = kind === "stage" ? model.stages : model.visibleLanes();
    const next = rows[rows.findIndex((row) => row.id === id) + by];
    if (next) this.open({ kind, id: next.id });
  }

  // Writes what stands there into the map; one step of undo for as long as one writes.
  save() {
    const { now, editor } = this;
    if (!now) return;
    clearTimeout(now.timer);
    const text = now.area.value.trim();
    if (text === now.saved.trim()) return;
    const options = { merge: now.session, long: true };
    if (now.kind === "card" && !now.id) {
      if (!text) return;
      now.id = crypto.randomUUID();
      now.host.id = `k-${now.id}`;
      now.host.dataset.card = now.id;
      now.saved = text;
      const row = { kind: "card", id: now.id, lane: now.lane, step: now.step, text, ...(now.at === undefined ? {} : { at: now.at }) };
      editor.perform(editor.t("made.added"), [{ op: "insert", rows: [row] }], options);
      return;
    }
    const row = editor.model.row(now.kind, now.id);
    if (!row) return;
    if (!text && this.#needsText(row)) return;
    const field = now.kind === "card" ? "text" : "name";
    const value = now.kind === "lane" && text === editor.model.kindOf(row).title ? "" : text;
    now.saved = text;
    editor.perform(editor.t("made.written"), [{ op: "update", kind: now.kind, id: now.id, fields: { [field]: value } }], options);
  }

  #needsText(row) {
    const { kind } = this.now;
    if (kind === "card") return !(row.touchpoint || row.picture || row.linked_map || row.response_id);
    return kind !== "lane";
  }

  // Ends writing; the text stays. A card whose text was taken away goes, with a way back.
  leave({ focus = false } = {}) {
    const { now, editor } = this;
    if (!now) return;
    this.save();
    this.now = null;
    clearTimeout(now.timer);
    const { kind, id, lane, step, host, words } = now;
    const row = id ? editor.model.row(kind, id) : null;
    const emptied = kind === "card" && row && !now.area.value.trim() && !(row.touchpoint || row.picture || row.linked_map);
    host.classList.remove("is-writing");
    host.closest(".jm-cell")?.classList.remove("is-busy");
    if (kind === "card") {
      if (!id || !row) host.remove();
      const cell = document.getElementById(`c-${lane}-${step}`);
      if (cell) editor.grid.forget(cell);
      editor.grid.drawLane(lane);
    } else if (row) words.textContent = kind === "lane" ? editor.model.titleOf(row) : row.name;
    editor.history.close();
    if (focus) this.#focusBack(now);
    if (emptied) editor.acts.remove([row]);
    editor.emit("left", { kind, id, lane, step });
  }

  #focusBack({ kind, id, lane, step, host }) {
    const { editor } = this;
    if (kind !== "card") host.focus();
    else if (id && editor.model.cell(lane, step).length > 1) document.getElementById(`k-${id}`)?.focus();
    else editor.focusCell(lane, step);
  }

  holds(cell) {
    return Boolean(this.now && cell.contains(this.now.host));
  }

  // Puts new children around the element that is being written in, which stays where it is.
  keep(cell, children) {
    patch(cell, children, this.now.host);
  }

  // Somebody else has changed what is being written here.
  #compare() {
    const { now, editor } = this;
    if (!now?.id) return;
    const row = editor.model.row(now.kind, now.id);
    if (!row) {
      const text = now.area.value.trim();
      this.now = null;
      clearTimeout(now.timer);
      now.host.closest(".jm-cell")?.classList.remove("is-busy");
      now.host.remove();
      if (!editor.focusCell(now.lane, now.step)) editor.selection.focus(editor.selection.stop);
      editor.emit("lost", { ...now, text });
      return;
    }
    const stored = now.kind === "card" ? row.text : now.kind === "lane" ? editor.model.titleOf(row) : row.name;
    if (stored === now.saved) return;
    if (editor.disputed?.has(now.id)) {
      now.saved = stored;
      clearTimeout(now.timer);
      return;
    }
    const mine = now.area.value.trim();
    const touched = mine !== now.saved.trim();
    now.saved = stored;
    // What waits to be saved would replace theirs before one has chosen.
    clearTimeout(now.timer);
    if (touched && mine !== stored) editor.emit("conflict", { kind: now.kind, id: now.id, field: now.kind === "card" ? "text" : "name", theirs: stored, mine, by: editor.lastBy });
    else now.area.value = stored;
  }

  // Takes over a text that was chosen while writing goes on.
  replace(kind, id, text) {
    const { now } = this;
    if (!now || now.kind !== kind || now.id !== id) return false;
    clearTimeout(now.timer);
    now.area.value = text;
    now.saved = text;
    this.#grow();
    now.area.focus();
    return true;
  }
}

function patch(parent, children, host) {
  const kept = [...parent.children].find((child) => child === host || child.contains(host));
  const isStack = kept !== host;
  const place = children.findIndex((child) => (isStack ? child.className === kept.className : child.id && child.id === host.id));
  for (const child of [...parent.children]) if (child !== kept) child.remove();
  if (place < 0) kept.before(...children);
  else {
    kept.before(...children.slice(0, place));
    kept.after(...children.slice(place + 1));
    if (isStack) {
      kept.style.cssText = children[place].style.cssText;
      patch(kept, [...children[place].children].filter((child) => !child.matches(".jm-none, .jm-nothing")), host);
    }
  }
}

export function start(editor) {
  editor.editing = new Editing(editor);
}
