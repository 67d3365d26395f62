// The grid: rows for headings and lanes, cells for each lane and step. Draws once, then only what
// looks different: each cell knows the signature of what it shows.

import { drawCard, drawChannels, icon } from "./cards.js";
import { heads, refocus } from "./heads.js";
import { button, el } from "./nodes.js";
import { joinEqual, layOut, widenEqual } from "./spans.js";

export class Grid {
  constructor(editor) {
    this.editor = editor;
    this.cells = new Map(); // element id → cell
    this.rows = new Map(); // lane id → row
    this.map = el("div", { css: "jm-map", role: "grid" });
    this.body = el("div", { css: "jm-body", role: "rowgroup" });
    this.shown = new WeakMap(); // element → signature
  }

  get model() {
    return this.editor.model;
  }

  // Everything; elements that still fit are used again.
  draw() {
    const { doc, model } = this.editor;
    const steps = model.columns();
    this.steps = steps;
    this.map.style.setProperty("--steps", String(Math.max(steps.length, 1)));
    this.map.setAttribute("aria-label", this.editor.t("grid.label", { name: doc.map.name }));
    this.map.setAttribute("aria-colcount", String(steps.length + 1));
    this.map.classList.toggle("may-edit", Boolean(doc.may?.edit));
    this.map.classList.toggle("is-large", steps.length * model.lanes.length > 400);
    const active = this.map.contains(document.activeElement) ? document.activeElement : null;
    arrange(this.body, [...this.#laneRows(), ...(doc.may?.edit ? [this.#addLane()] : [])]);
    this.#heads(active);
    if (active?.isConnected && document.activeElement === document.body) active.focus({ preventScroll: true });
    for (const [id, cell] of this.cells) if (!this.body.contains(cell)) this.cells.delete(id);
    this.editor.emit("drawn", { touched: "all" });
  }

  // Rows of which something was touched; headings by themselves.
  redraw(touched) {
    if (touched === "all") {
      this.draw();
      return;
    }
    const lanes = new Set();
    let headings = false;
    for (const id of touched) {
      const part = id.slice(0, 2);
      if (part === "h-" || part === "p-") headings = true;
      else lanes.add(id.slice(2, 38));
    }
    if (headings) this.#heads(document.activeElement);
    for (const id of lanes) this.drawLane(id);
    this.editor.emit("drawn", { touched });
  }

  #heads(active) {
    const old = this.map.querySelector(".jm-heads");
    const id = old?.contains(active) ? active.closest("[id]")?.id : "";
    const writing = old?.contains(active) && active.tagName === "TEXTAREA";
    const top = heads(this.editor, old);
    arrange(this.map, [top, this.body]);
    if (writing) active.focus({ preventScroll: true });
    else refocus(top, id);
  }

  drawLane(id) {
    const lane = this.model.lane(id);
    const row = this.rows.get(id);
    if (!lane || !row?.isConnected) return;
    this.#lane(lane);
  }

  // The next drawing of a cell does not trust what it shows.
  forget(cell) {
    this.shown.delete(cell);
  }

  #laneRows() {
    const lanes = this.model.visibleLanes();
    const own = lanes.some((lane) => lane.kind === "line_visibility");
    const first = own ? null : lanes.find((lane) => this.model.kindOf(lane).behind);
    const rows = [];
    for (const lane of lanes) {
      if (lane === first) rows.push(this.#line(null));
      rows.push(this.#lane(lane));
    }
    return rows;
  }

  #lane(lane) {
    const kind = this.model.kindOf(lane);
    if (kind.shape === "line") return this.#line(lane);
    const row = this.rows.get(lane.id) ?? el("div", { role: "row", "data-lane": lane.id });
    const wide = kind.shape === "feeling";
    row.className = `jm-row jm-is-${kind.shape}`;
    row.classList.toggle("behind", Boolean(kind.behind));
    row.classList.toggle("is-collapsed", Boolean(lane.collapsed));
    const cards = this.steps.map((step) => this.model.cell(lane.id, step.id));
    const layout = wide || lane.collapsed ? { tracks: 0, places: new Map() } : layOut(cards);
    const joined = kind.shape === "department" && !lane.collapsed ? joinEqual(cards) : null;
    if (joined) widenEqual(layout, joined, cards);
    row.classList.toggle("is-single", cards.every((cell) => cell.length < 2));
    row.classList.toggle("has-spans", layout.tracks > 0);
    row.style.setProperty("--tracks", String(layout.tracks));
    const empty = kind.of_cards && !cards.some((cell) => cell.length);
    const cells = wide
      ? [this.#cell(`c-${lane.id}`, lane, null, 0)]
      : this.steps.map((step, column) => this.#cell(`c-${lane.id}-${step.id}`, lane, step, column));
    cells.forEach((cell, column) => {
      if (!wide) this.#fill(cell, { lane, kind, step: this.steps[column], cards: cards[column], layout, joined, column, empty: empty && column === 0 });
    });
    if (wide && cells[0]) cells[0].setAttribute("aria-colspan", String(this.steps.length));
    const head = this.#laneHead(lane, kind, row.querySelector(".jm-lane"));
    const wanted = [head, ...cells];
    arrange(row, wanted);
    this.rows.set(lane.id, row);
    return row;
  }

  #laneHead(lane, kind, old) {
    const head =
      old ??
      el("div", { css: "jm-lane", role: "rowheader", id: `l-${lane.id}`, tabindex: "-1", "data-lane": lane.id },
        el("span", { css: "jm-lane-name" }), el("small"));
    const name = head.querySelector(".jm-lane-name");
    const title = this.model.titleOf(lane);
    if (!name.querySelector("textarea") && name.textContent !== title) name.textContent = title;
    const { personas = [] } = this.editor.doc;
    const who = personas.length === 1 ? personas[0].given_name || personas[0].name : "";
    const hint = kind.key === "actions" && who ? this.editor.t("lane.what_does", { name: who }) : kind.hint;
    const small = head.querySelector("small");
    if (small.dataset.own !== "yes" && small.textContent !== hint) small.textContent = hint ?? "";
    head.classList.toggle("is-renamed", Boolean(lane.name));
    return head;
  }

  // A line over the whole width: one of the blueprint's, or that of visibility by itself.
  #line(lane) {
    const key = lane?.kind ?? "line_visibility";
    const kind = this.model.kinds.get(key);
    const title = lane ? this.model.titleOf(lane) : (kind?.title ?? this.editor.t("line.visibility"));
    const old = lane && this.rows.get(lane.id);
    if (old?.querySelector(".jm-lane-name")) {
      const name = old.querySelector(".jm-lane-name");
      if (!name.querySelector("textarea")) name.textContent = title;
      return old;
    }
    const head = el(
      "div",
      { css: "jm-line-head jm-lane-line", role: "rowheader", ...(lane ? { id: `l-${lane.id}`, tabindex: "-1", "data-lane": lane.id } : {}) },
      icon(key === "line_visibility" ? "eye" : key === "line_interaction" ? "people" : "flow"),
      el("span", { css: "jm-lane-name" }, title),
    );
    const hint = key === "line_visibility" ? this.editor.t("line.visibility_hint") : "";
    const row = el("div", { css: `jm-visline jm-${key}`, role: "row", "data-lane": lane?.id }, head,
      el("div", { css: "jm-line-hint", role: "gridcell", "aria-colspan": Math.max(this.steps.length, 1) }, hint));
    if (lane) this.rows.set(lane.id, row);
    return row;
  }

  #cell(id, lane, step, column) {
    let cell = this.cells.get(id);
    if (!cell) {
      cell = el("div", { css: "jm-cell", role: "gridcell", tabindex: "-1", id, "data-lane": lane.id, "data-step": step?.id });
      if (!step) cell.classList.add("jm-feel");
      this.cells.set(id, cell);
    }
    if (cell.dataset.col !== String(column)) {
      cell.dataset.col = String(column);
      cell.setAttribute("aria-colindex", String(column + 2));
    }
    cell.classList.toggle("last", column === this.steps.length - 1);
    return cell;
  }

  #fill(cell, { lane, kind, step, cards, layout, joined, column, empty }) {
    const { shape } = kind;
    if (shape === "score") return; // the scores are put in by whoever knows them
    const channels = shape === "channel";
    const signature = JSON.stringify([
      cards,
      cards.map((card) => [layout.places.get(card.id), joined?.covered.has(card.id)]),
      [lane.collapsed, shape, empty, this.editor.doc.may?.edit, layout.depth?.[column] ?? 0],
      channels || shape === "touchpoint" ? this.#touchpointsAt(step.id) : cards.map((card) => this.#around(card)),
    ]);
    if (this.shown.get(cell) === signature) return;
    this.shown.set(cell, signature);
    cell.classList.toggle("is-empty", cards.length === 0 && kind.of_cards);
    cell.classList.toggle("is-told", cards.length === 0 && (empty || shape === "quote"));
    if (channels) {
      cell.replaceChildren(drawChannels(this.editor, step.id));
      return;
    }
    if (lane.collapsed) {
      cell.replaceChildren(...(cards.length ? [el("span", { css: "jm-count" }, String(cards.length))] : []));
      return;
    }
    const wide = [];
    const usual = [];
    for (const card of cards) {
      const node = drawCard(this.editor, card, shape);
      const place = layout.places.get(card.id);
      if (joined?.covered.has(card.id)) node.classList.add("is-covered");
      if (place) {
        node.classList.add("is-wide");
        node.style.setProperty("--span", String(place.span));
        node.style.setProperty("--track", String(place.track + 1));
      }
      (place ? wide : usual).push(node);
    }
    const stack = el("div", { css: "jm-stack", style: { "--from": (layout.depth?.[column] ?? 0) + 1 } }, usual);
    if (!cards.length && shape === "quote") stack.append(el("span", { css: "jm-none" }, this.editor.t("cell.no_quotes")));
    else if (empty) stack.append(this.#nothing(lane));
    this.#put(cell, [...wide, stack]);
  }

  // What a card shows that is not its own field.
  #around(card) {
    const { model } = this.editor;
    return [
      card.opportunity && model.opportunities[card.opportunity],
      card.linked_map && model.maps[card.linked_map],
      card.response_id && model.quotes[card.response_id],
    ];
  }

  #touchpointsAt(step) {
    const found = [];
    for (const lane of this.model.lanes) {
      if (this.model.kindOf(lane).shape !== "touchpoint") continue;
      for (const card of this.model.cell(lane.id, step)) found.push(this.model.touchpoints[card.touchpoint]);
    }
    return found;
  }

  #nothing(lane) {
    const words = el("span", { css: "jm-none" }, this.editor.t("lane.empty"));
    if (!this.editor.doc.may?.edit) return words;
    const act = (command, key) => {
      const node = button("jm-linklike", () => this.editor.commands.run(command, { lane: lane.id }), this.editor.t(key));
      node.tabIndex = -1; // the grid is one stop of Tab; the lane's menu has the same
      return node;
    };
    return el("span", { css: "jm-nothing" }, words,
      el("span", {}, act("card.add", "lane.empty_add"), " · ", act("lane.hide", "lane.empty_hide")));
  }

  // New children for a cell, but never under the hands of somebody who writes in it.
  #put(cell, children) {
    if (this.editor.editing?.holds(cell)) {
      this.editor.editing.keep(cell, children);
      return;
    }
    const focused = cell.contains(document.activeElement) ? document.activeElement.closest("[data-card]") : null;
    cell.replaceChildren(...children);
    if (focused) (document.getElementById(focused.id) ?? cell).focus({ preventScroll: true });
  }

  #addLane() {
    this.adding ??= el("div", { css: "jm-row jm-row-add", role: "row" },
      el("div", { css: "jm-lane", role: "rowheader" },
        button("jm-addlane", (event) => this.editor.commands.run("lane.add", { anchor: event.currentTarget }), icon("plus"), this.editor.t("lane.add"))));
    this.adding.querySelector("button").tabIndex = -1;
    return this.adding;
  }
}

// These children in this order; what stands right is not touched, so that it keeps the focus.
function arrange(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((node, place) => {
    if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
  });
}
