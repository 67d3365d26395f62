// The "/" menu: what can be put here, and what else can be done. Beside the cell, never over it.

import { closeMenu, menuIsOpen } from "./menu.js";

const ICONS = { card: "flow", plain: "card", touchpoint: "place", said: "comment", question: "ask", quote: "comment", need: "need-met", pain: "warn", opportunity: "bulb", department: "case", moment: "flag", link: "map", picture: "screen", emotion: "people" };

export function start(editor) {
  const { commands, model } = editor;
  editor.inserts = []; // ({lane, step}) → items, from other parts ("Quote from answers")

  // The kind of the lane first, then the other lanes of the map that take cards.
  function items({ lane, step }, { drop = () => {} } = {}) {
    const own = model.lane(lane);
    const lanes = [own, ...model.visibleLanes().filter((one) => one.id !== lane)].filter((one) => {
      const kind = one && model.kindOf(one);
      return kind?.of_cards && !["feeling", "line"].includes(kind.shape);
    });
    const used = new Set();
    const cards = lanes.map((one, place) => {
      const kind = model.kindOf(one);
      const letter = [...kind.short.toUpperCase()].find((sign) => /[A-Z]/.test(sign) && !used.has(sign)) ?? "";
      used.add(letter);
      return { label: capital(kind.short), hint: place ? model.titleOf(one) : "Enter", icon: ICONS[kind.shape] ?? "card", run: () => put(one.id, step, drop) };
    });
    const others = editor.inserts.flatMap((provide) => provide({ lane, step }) ?? []).map((item) => ({ ...item, run: () => { drop(); item.run(); } }));
    const doing = ["step.add", "stage.add", "lane.add", "keys"].filter((id) => commands.can(id)).map((id) => {
      const command = commands.all.get(id);
      return { label: command.title, icon: id === "keys" ? "key" : "plus", run: () => { drop(); commands.run(id); } };
    });
    return [...cards, ...(others.length ? [{ rule: true }, ...others] : []), { rule: true }, ...doing];
  }

  function put(lane, step, drop) {
    const where = drop();
    const same = where && where.lane === lane;
    if (same && where.writing) return;
    editor.focusCell(lane, step);
    editor.beginCard({ lane, step });
  }

  const options = { title: editor.t("insert.title"), foot: editor.t("insert.hint"), beside: true };

  commands.add({ id: "insert", title: editor.t("keys.menu"), key: "/", part: "map", when: (detail) => editor.edits && Boolean(detail?.lane ?? editor.selection.cell?.lane),
    run: (detail) => {
      const cell = detail?.lane ? detail : editor.selection.cell;
      const node = document.getElementById(model.cellId(cell.lane, cell.step));
      if (!node || !cell.step) return false;
      editor.menu(node, items(cell), { ...options, search: true });
      return true;
    } });

  // While writing: "/" in an empty position opens it, what follows narrows it, and choosing takes
  // the slash away. Escape leaves the slash as it is.
  let menu = null;
  editor.on("typed", ({ area, lane, step, kind }) => {
    const before = area.value.slice(0, area.selectionStart);
    const found = kind === "card" ? /(?:^|\s)\/([^\s/]*)$/.exec(before) : null;
    if (!found) {
      if (menu && menuIsOpen()) closeMenu();
      menu = null;
      return;
    }
    const drop = () => {
      const end = area.selectionStart;
      const start = end - found[1].length - 1;
      const from = before.lastIndexOf("/");
      area.setRangeText("", from < 0 ? start : from, end, "end");
      area.dispatchEvent(new Event("input"));
      const left = area.value.trim();
      if (!left) editor.editing.leave();
      return { lane, writing: Boolean(left) };
    };
    if (!menu || !menuIsOpen()) {
      if (found[1]) return; // only the slash itself opens it
      menu = editor.menu(area.closest(".is-writing"), items({ lane, step }, { drop }), { ...options, owner: area, closed: () => { menu = null; } });
    } else if (!menu.filter(found[1])) closeMenu();
  });
}

const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);
