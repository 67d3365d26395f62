// Lanes: the menu of a lane's heading, adding one of any kind, and a panel with all of them, the
// hidden ones too.

import { askFor, textField } from "./asking.js";
import { asRow } from "./model.js";
import { button, el, slot, soon } from "./nodes.js";

const ICONS = {
  card: "act", plain: "card", said: "comment", touchpoint: "open", channel: "phone", feeling: "score", emotion: "score", score: "score",
  quote: "comment", need: "need-met", pain: "warn", opportunity: "bulb", department: "people", question: "ask", moment: "flag", picture: "video",
  link: "map", line: "eye",
};

// Kinds that hold all words of a search, in the order of the catalogue. Pure.
export function kindsFor(query, kinds) {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return kinds.filter((kind) => {
    const text = `${kind.title} ${kind.short} ${kind.hint} ${kind.key}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function start(editor) {
  const { model, doc, t } = editor;
  if (!doc.may.edit) return;

  const update = (lane, fields, label) => editor.perform(label, [{ op: "update", kind: "lane", id: lane.id, fields }]);
  const undoing = (words) => editor.toast(words, { label: t("do.undo"), action: () => editor.undo() });
  const focusHead = (id) => requestAnimationFrame(() => document.getElementById(`l-${id}`)?.focus());

  async function rename(lane) {
    const name = textField(lane.name, 120);
    name.required = false;
    name.placeholder = model.kindOf(lane).title;
    const answer = await askFor(editor, t("lane.rename"), [["name", t("lane.name"), name]], t("lane.rename_do"));
    if (answer && answer.name !== lane.name) update(lane, { name: answer.name }, t("lane.rename"));
    focusHead(lane.id);
  }

  function hide(lane) {
    update(lane, { hidden: true }, t("lane.hide"));
    undoing(t("lane.hidden", { name: model.titleOf(lane) }));
  }

  function move(lane, by) {
    const from = model.lanes.indexOf(lane);
    // Hidden lanes are passed over: what is seen moves by one.
    const shown = model.visibleLanes();
    const neighbour = shown[shown.indexOf(lane) + by] ?? model.lanes[from + by];
    const at = model.lanes.indexOf(neighbour);
    if (!neighbour || at < 0) return;
    editor.perform(t("lane.move"), [{ op: "move", kind: "lane", id: lane.id, to: {}, at }]);
    editor.say(t("lane.moved", { name: model.titleOf(lane), n: model.visibleLanes().indexOf(lane) + 1, all: model.visibleLanes().length }));
    focusHead(lane.id);
  }

  function duplicate(lane) {
    const id = crypto.randomUUID();
    const copy = { ...asRow("lane", lane, model.lanes.indexOf(lane) + 1), id };
    delete copy.key;
    copy.name = t("lane.copy_of", { name: model.titleOf(lane) });
    const cards = model.cardsOf(lane.id).map((card) => {
      const row = { ...asRow("card", card), id: crypto.randomUUID(), lane: id };
      delete row.key;
      return row;
    });
    editor.perform(t("lane.duplicate"), [{ op: "insert", rows: [copy, ...cards] }]);
    focusHead(id);
  }

  function remove(lane) {
    const shown = model.visibleLanes();
    const beside = shown[shown.indexOf(lane) + 1] ?? shown[shown.indexOf(lane) - 1];
    editor.perform(t("lane.delete"), [{ op: "delete", kind: "lane", ids: [lane.id] }]);
    undoing(t("lane.deleted", { name: model.titleOf(lane) }));
    if (beside) focusHead(beside.id);
  }

  // --- adding ----------------------------------------------------------------------------------

  function insert(kind, below) {
    const id = crypto.randomUUID();
    const at = below ? model.lanes.indexOf(below) + 1 : model.lanes.length;
    editor.perform(t("lane.add"), [{ op: "insert", rows: [{ kind: "lane", id, lane_kind: kind.key, name: "", at }] }]);
    // A view shows what was chosen for it; what is added while it is open belongs to it.
    if (model.view && !model.view.has(id)) {
      model.view.add(id);
      editor.emit("view", { lanes: [...model.view] });
      editor.grid.draw();
    }
    editor.say(t("lane.added", { name: kind.title }));
    focusHead(id);
    document.getElementById(`l-${id}`)?.scrollIntoView({ block: "nearest" });
  }

  function choose(anchor, below) {
    const items = async (query) =>
      kindsFor(query, doc.kinds).map((kind) => ({ label: kind.title, hint: kind.hint, icon: ICONS[kind.shape] ?? "card", run: () => insert(kind, below) }));
    editor.menu(anchor, [], { search: items, ask: true });
  }

  // --- the menu of a heading -------------------------------------------------------------------

  function menu(lane, anchor) {
    const shown = model.visibleLanes();
    const place = shown.indexOf(lane);
    editor.menu(anchor, [
      { label: t("lane.rename_do"), icon: "settings", run: () => rename(lane) },
      { label: t(lane.collapsed ? "lane.expand" : "lane.collapse"), icon: "down", run: () => update(lane, { collapsed: !lane.collapsed }, t("lane.collapse")), disabled: model.kindOf(lane).shape === "line" },
      { label: t("lane.hide"), icon: "eye", run: () => hide(lane) },
      { label: t("lane.up"), icon: "arrow-up", run: () => move(lane, -1), disabled: place <= 0 },
      { label: t("lane.down"), icon: "arrow-down", run: () => move(lane, 1), disabled: place === shown.length - 1 },
      { label: t("lane.duplicate"), icon: "card", run: () => duplicate(lane) },
      { label: t("lane.below"), icon: "plus", run: () => choose(document.getElementById(`l-${lane.id}`) ?? anchor, lane) },
      { label: t("lane.panel"), icon: "menu", run: () => panel() },
      { label: t("lane.delete"), icon: "cross", run: () => remove(lane) },
    ]);
  }

  function dots() {
    for (const lane of model.visibleLanes()) {
      const head = document.getElementById(`l-${lane.id}`);
      if (!head || head.querySelector(":scope > .jm-lane-menu")) continue;
      const open = button("jm-icon jm-lane-menu", (event) => {
        event.stopPropagation();
        const now = model.lane(lane.id);
        if (now) menu(now, open);
      }, "⋯", el("span", { css: "vh" }, t("lane.menu", { name: model.titleOf(lane) })));
      open.tabIndex = -1;
      open.setAttribute("aria-haspopup", "menu");
      head.append(open);
    }
  }

  // A heading in focus: Enter and the menu key open its menu, Alt with an arrow moves the lane.
  editor.root.addEventListener("keydown", (event) => {
    const head = event.target.matches?.("[id^='l-'][data-lane]") ? event.target : null;
    const lane = head && model.lane(head.dataset.lane);
    if (!lane) return;
    const opens = event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
    if (opens) menu(lane, head);
    else if (event.altKey && event.key === "ArrowUp") move(lane, -1);
    else if (event.altKey && event.key === "ArrowDown") move(lane, 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // --- the panel with all lanes ----------------------------------------------------------------

  function panel() {
    const list = el("ul", { css: "jm-lane-list" });
    const draw = (focus) => {
      list.replaceChildren(...model.lanes.map(row));
      if (focus) document.getElementById(focus)?.focus();
    };
    const row = (lane, index) => {
      const box = el("input", { type: "checkbox", checked: !lane.hidden, id: `jm-shown-${lane.id}`, onchange: (event) => {
        update(lane, { hidden: !event.target.checked }, t("lane.hide"));
        draw(`jm-shown-${lane.id}`);
      } });
      const shift = (by, icon, words, off) => {
        const id = `jm-shift-${by}-${lane.id}`;
        const one = button("jm-icon", () => {
          editor.perform(t("lane.move"), [{ op: "move", kind: "lane", id: lane.id, to: {}, at: index + by }]);
          draw(id);
        }, editor.icon(icon), el("span", { css: "vh" }, `${words}: ${model.titleOf(lane)}`));
        one.id = id;
        one.disabled = off;
        return one;
      };
      const cards = model.cardsOf(lane.id).length;
      return el("li", {}, el("label", {}, box, el("span", {}, model.titleOf(lane), el("small", {}, cards ? t("lane.cards", { n: cards }) : model.kindOf(lane).hint))),
        shift(-1, "arrow-up", t("lane.up"), index === 0), shift(1, "arrow-down", t("lane.down"), index === model.lanes.length - 1));
    };
    draw();
    const add = button("btn sm", () => choose(add, null), editor.icon("plus"), t("lane.add"));
    editor.dialog(t("lane.panel"), el("div", {}, el("p", { css: "jm-quiet" }, t("lane.panel_lead")), list, add));
  }

  const here = () => model.lane(editor.selection.cell?.lane);
  editor.commands.add({ id: "lane.add", title: t("lane.add"), run: ({ anchor, lane } = {}) => choose(anchor ?? document.getElementById(`l-${here()?.id}`) ?? document.body, model.lane(lane) ?? here() ?? null) });
  editor.commands.add({ id: "lane.hide", title: t("lane.hide"), when: (detail) => Boolean(detail?.lane || here()), run: ({ lane } = {}) => hide(model.lane(lane) ?? here()) });
  editor.commands.add({ id: "lane.menu", title: t("lane.menu_title"), when: () => Boolean(here()), run: () => menu(here(), document.getElementById(`l-${here().id}`)) });
  editor.commands.add({ id: "lane.panel", title: t("lane.panel"), run: panel });
  const opener = button("jm-icon", panel, editor.icon("menu"), el("span", { css: "vh" }, t("lane.panel")));
  opener.title = t("lane.panel");
  slot("lanes")?.replaceChildren(opener);
  editor.on("drawn", soon(dots));
}
