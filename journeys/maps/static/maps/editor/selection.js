// Where one is and what is selected. One stop for Tab: the cell, heading or card of the focus.

const FOCUSABLE = ".jm-cell, .jm-step, .jm-phase, .jm-lane[id], .jm-line-head[id]";

export class Selection {
  constructor(editor) {
    this.editor = editor;
    this.cell = null; // {lane, step}: where the focus is or was
    this.cards = new Set();
    this.range = null; // {from: {lane, step}, to: {lane, step}} of cells
    this.column = 0;
    this.stop = null;
    const { root } = editor;
    root.addEventListener("focusin", (event) => this.#arrive(event.target));
    editor.on("drawn", () => this.#settle());
  }

  // The cell or heading of an element.
  static placeOf(element) {
    return element?.closest?.(FOCUSABLE) ?? null;
  }

  get element() {
    return Selection.placeOf(document.activeElement) ?? this.stop;
  }

  focusedCard() {
    const card = document.activeElement?.closest?.("[data-card]");
    return card ? this.editor.model.card(card.dataset.card) : null;
  }

  // The cards that a command is about: the selected ones, else that of the focus, else those of
  // the cell.
  targets() {
    const { model } = this.editor;
    const chosen = [...this.cards].map((id) => model.card(id)).filter(Boolean);
    if (chosen.length) return this.#inOrder(chosen);
    const card = this.focusedCard();
    if (card) return [card];
    if (this.range) return this.#inOrder(this.rangeCells().flatMap(({ lane, step }) => model.cell(lane, step)));
    const here = this.editor.root.contains(document.activeElement) ? this.cell : null;
    return here?.step ? [...model.cell(here.lane, here.step)] : [];
  }

  #inOrder(cards) {
    const { model } = this.editor;
    const lanes = new Map(model.lanes.map((lane, place) => [lane.id, place]));
    const columns = new Map(model.columns().map((step, place) => [step.id, place]));
    const key = (card) => [lanes.get(card.lane), columns.get(card.step), model.placeOf("card", card.id)];
    return cards
      .map((card) => [key(card), card])
      .sort(([a], [b]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
      .map(([, card]) => card);
  }

  rangeCells() {
    if (!this.range) return this.cell?.step ? [this.cell] : [];
    const { model } = this.editor;
    const lanes = model.visibleLanes().filter((lane) => model.kindOf(lane).of_cards);
    const steps = model.columns();
    const span = (list, a, b) => {
      const places = [a, b].map((id) => list.findIndex((one) => one.id === id)).sort((x, y) => x - y);
      return places[0] < 0 ? [] : list.slice(places[0], places[1] + 1);
    };
    const { from, to } = this.range;
    return span(lanes, from.lane, to.lane).flatMap((lane) =>
      span(steps, from.step, to.step).map((step) => ({ lane: lane.id, step: step.id })));
  }

  select(cards, { add = false } = {}) {
    if (!add) this.clear({ quiet: true });
    for (const id of cards) this.cards.add(id);
    this.#show();
  }

  toggle(id) {
    if (this.cards.has(id)) this.cards.delete(id);
    else this.cards.add(id);
    this.#show();
  }

  // Widens the selection of cells to another one.
  extend(cell) {
    this.range = { from: this.range?.from ?? this.cell, to: cell };
    const { model } = this.editor;
    this.cards = new Set(this.rangeCells().flatMap(({ lane, step }) => model.cell(lane, step).map((card) => card.id)));
    this.#show();
    this.editor.say(this.editor.t("select.range", { n: this.rangeCells().length, cards: this.cards.size }));
  }

  clear({ quiet = false } = {}) {
    this.cards.clear();
    this.range = null;
    if (!quiet) this.#show();
  }

  #show() {
    const { root } = this.editor;
    for (const node of root.querySelectorAll(".is-selected")) {
      if (!this.cards.has(node.dataset.card)) node.classList.remove("is-selected");
    }
    for (const id of this.cards) document.getElementById(`k-${id}`)?.classList.add("is-selected");
    for (const node of root.querySelectorAll(".is-range")) {
      node.classList.remove("is-range");
      node.removeAttribute("aria-selected");
    }
    if (!this.range) return;
    for (const { lane, step } of this.rangeCells()) {
      const node = document.getElementById(`c-${lane}-${step}`);
      node?.classList.add("is-range");
      node?.setAttribute("aria-selected", "true");
    }
  }

  focus(element, { scroll = true, keepColumn = false } = {}) {
    if (!element) return false;
    this.keepColumn = keepColumn;
    element.focus({ preventScroll: !scroll });
    this.keepColumn = false;
    return true;
  }

  #arrive(target) {
    const place = Selection.placeOf(target);
    if (!place) return;
    const stop = target.closest("[data-card]") ?? place;
    if (stop !== this.stop) {
      this.stop?.setAttribute("tabindex", "-1");
      this.stop = stop;
      stop.tabIndex = 0;
    }
    this.stopId = stop.id;
    const wide = place.classList.contains("jm-feel") || place.id.startsWith("l-");
    if (place.dataset.col !== undefined && !wide && !this.keepColumn) this.column = Number(place.dataset.col);
    const step = place.dataset.step ?? (wide ? this.editor.model.columns()[this.column]?.id : null) ?? null;
    this.cell = { lane: place.dataset.lane ?? null, step };
    const card = target.closest("[data-card]")?.dataset.card ?? null;
    this.editor.emit("focus", { lane: this.cell.lane, step, card, stage: place.dataset.stage ?? null });
  }

  // Another column of a cell that stands for all of them.
  walkInside(place, column) {
    this.column = column;
    const step = this.editor.model.columns()[column]?.id ?? null;
    this.cell = { lane: place.dataset.lane, step };
    this.editor.emit("focus", { lane: place.dataset.lane, step, card: null, stage: null });
  }

  // After drawing: the stop is still there, or the place takes it over.
  #settle() {
    for (const id of this.cards) if (!this.editor.model.card(id)) this.cards.delete(id);
    const known = this.stopId && document.getElementById(this.stopId);
    const stop = known ?? this.#nearest();
    if (stop && stop !== this.stop) this.stop?.setAttribute("tabindex", "-1");
    this.stop = stop ?? null;
    this.stopId = stop?.id;
    if (stop) stop.tabIndex = 0;
    this.#show();
  }

  #nearest() {
    const { cell } = this;
    const { root } = this.editor;
    return (
      (cell && document.getElementById(`c-${cell.lane}-${cell.step}`)) ||
      root.querySelector(".jm-body .jm-cell") ||
      root.querySelector(".jm-step")
    );
  }
}
