// What keys and menus do with the cards of cells: write, add, select, move, widen, set, delete.

import { takesCards } from "./acts.js";

export function start(editor) {
  const { commands, selection, model, acts } = editor;
  const edits = () => editor.edits;
  const some = () => edits() && selection.targets().length > 0;
  const here = () => (selection.cell?.lane && selection.cell.step ? selection.cell : null);
  const shapeAt = (lane) => model.kindOf(model.lane(lane)).shape;
  const titled = (id, title, rest) => commands.add({ id, title: editor.t(title), part: "card", ...rest });

  // What writing in a cell means depends on what stands there.
  function write({ lane, step, typed = "" }) {
    const row = model.lane(lane);
    if (!row || !step) return false;
    const { shape } = model.kindOf(row);
    if (shape === "feeling") {
      editor.emit("feeling", { lane, step, typed });
      return true;
    }
    if (!takesCards(model, row)) return false;
    if (row.collapsed) commands.run("lane.fold", { lane });
    const cards = model.cell(lane, step);
    if (!cards.length) return begin({ lane, step, typed });
    if (cards.length > 1 && !typed) {
      document.getElementById(`k-${cards[0].id}`)?.focus();
      return true;
    }
    return change(cards.at(-1), typed);
  }

  // A new card in the way of its lane.
  function begin({ lane, step, typed = "", at }) {
    const shape = shapeAt(lane);
    if (typed === "/") {
      commands.run("insert", { lane, step });
      return true;
    }
    if (shape === "touchpoint") editor.emit("choose-touchpoint", { lane, step, query: typed, at });
    else if (shape === "link") editor.emit("choose-map", { lane, step, query: typed, at });
    else if (shape === "picture" && !typed) editor.emit("choose-picture", { lane, step, at });
    else return editor.edit({ lane, step, text: typed, at });
    return true;
  }

  // A card that is there, in the way of its lane.
  function change(card, typed = "") {
    const shape = shapeAt(card.lane);
    if (shape === "touchpoint" && !typed) editor.emit("choose-touchpoint", { card });
    else if (card.response_id) commands.run("card.menu", { card });
    else {
      if (!editor.edit(card.id)) return false;
      if (typed) document.execCommand("insertText", false, typed);
    }
    return true;
  }

  commands.add({
    id: "write",
    run: ({ place, card, typed }) => {
      if (!edits()) return false;
      if (/^[1-5]$/.test(typed) && setByNumber(Number(typed))) return true;
      if (typed === "/" && (card || here())) {
        commands.run("insert", { lane: selection.cell.lane, step: selection.cell.step });
        return true;
      }
      if (card) return change(card, typed);
      if (place.classList.contains("jm-cell")) return here() ? write({ ...here(), typed }) : false;
      if (typed === "?" || typed === "+") return false;
      return commands.run("head.rename", { place, typed });
    },
  });
  commands.add({ id: "cell.write", when: edits, run: (cell) => {
    editor.focusCell(cell.lane, cell.step);
    write({ ...cell, typed: "" });
    const only = model.cell(cell.lane, cell.step);
    if (only.length > 1) change(only[0]);
  } });
  commands.add({ id: "enter", title: editor.t("do.edit"), key: "Enter", part: "edit", when: edits, run: ({ place, card } = {}) => {
    if (card) return change(card);
    if (place && !place.classList.contains("jm-cell")) return commands.run("head.rename", { place });
    return here() ? write(here()) : false;
  } });
  commands.add({ id: "cards", title: editor.t("keys.cards"), key: "F2", part: "cell", run: () => {
    const cell = here();
    const [first] = cell ? model.cell(cell.lane, cell.step) : [];
    if (!first) return false;
    document.getElementById(`k-${first.id}`)?.focus();
    return true;
  } });
  titled("card.new", "card.add", { key: "Ctrl+Enter", when: edits, run: (detail = {}) => {
    const cell = detail.lane ? detail : here();
    if (!cell || !takesCards(model, model.lane(cell.lane))) return false;
    const after = detail.after ?? detail.card?.id ?? selection.focusedCard()?.id;
    const place = after ? model.placeOf("card", after) : -1;
    begin({ lane: cell.lane, step: cell.step, at: place < 0 ? undefined : place + 1 });
    return true;
  } });
  commands.add({ id: "card.add", when: edits, run: ({ lane }) => {
    const step = selection.cell?.lane === lane ? selection.cell.step : model.columns()[0]?.id;
    editor.focusCell(lane, step);
    begin({ lane, step });
  } });

  titled("card.delete", "do.delete", { key: "Delete", keys: ["Backspace"], when: some, run: () => acts.remove(selection.targets()) });
  titled("card.duplicate", "do.duplicate", { key: "Ctrl+D", when: some, run: duplicate });
  for (const [way, key] of [["up", "ArrowUp"], ["down", "ArrowDown"], ["left", "ArrowLeft"], ["right", "ArrowRight"]]) {
    titled(`card.${way}`, `do.${way}`, { key: `Ctrl+Shift+${key}`, when: some, run: () => follow(() => acts.nudge(selection.targets(), way)) });
  }
  titled("card.wider", "do.wider", { key: "Alt+Shift+ArrowRight", when: some, run: () => follow(() => acts.widen(selection.targets(), 1)) });
  titled("card.narrower", "do.narrower", { key: "Alt+Shift+ArrowLeft", when: some, run: () => follow(() => acts.widen(selection.targets(), -1)) });
  commands.add({ id: "select.all", title: editor.t("keys.choose"), key: "Ctrl+A", part: "cell", run: () => {
    const cell = here();
    if (!cell) return false;
    selection.select(model.cell(cell.lane, cell.step).map((card) => card.id));
    editor.say(editor.t("select.cards", { n: selection.cards.size }));
    return true;
  } });
  commands.add({ id: "undo", title: editor.t("do.undo"), key: "Ctrl+Z", part: "map", where: "page", when: edits, run: () => editor.undo() });
  commands.add({ id: "redo", title: editor.t("do.redo"), key: "Ctrl+Shift+Z", keys: ["Ctrl+Y"], part: "map", where: "page", when: edits, run: () => editor.redo() });

  // Focus and selection stay with the cards that move.
  function follow(run) {
    const cards = selection.targets();
    const onCard = Boolean(selection.focusedCard());
    const several = selection.cards.size > 0;
    run();
    const [first] = cards.map((card) => model.card(card.id)).filter(Boolean);
    if (!first) return;
    if (several) selection.select(cards.map((card) => card.id));
    const many = model.cell(first.lane, first.step).length > 1;
    if (onCard || many) document.getElementById(`k-${first.id}`)?.focus();
    else editor.focusCell(first.lane, first.step);
  }

  function duplicate() {
    const cards = selection.targets();
    const rows = cards.map((card) => {
      const { id, key, picture, ...rest } = structuredClone(card);
      return { ...rest, ...(picture ? { picture } : {}), kind: "card", id: crypto.randomUUID() };
    });
    // A touchpoint stands in a cell once.
    const free = rows.filter((row) => !row.touchpoint);
    if (free.length) editor.perform(editor.t("do.duplicate"), [{ op: "insert", rows: free }]);
    return Boolean(free.length);
  }

  // 1, 2, 3…: the severity of a pain point, the status of what has one, the value of an emotion.
  function setByNumber(number) {
    const cards = selection.targets();
    if (!cards.length) return false;
    const kinds = cards.map((card) => model.kindOf(model.lane(card.lane)));
    if (!kinds.every((kind) => kind.shape === kinds[0].shape)) return false;
    const [kind] = kinds;
    const states = Object.keys(kind.states ?? {});
    if (kind.shape === "pain" && number <= 3) {
      acts.set(cards, { severity: number }, editor.doc.severities[number]);
      return true;
    }
    if (states[number - 1]) {
      acts.set(cards, { status: states[number - 1] }, kind.states[states[number - 1]]);
      return true;
    }
    if (kind.shape === "emotion") {
      acts.set(cards, { valence: number - 3 }, editor.t(`choose.value.${number - 3}`));
      return true;
    }
    return false;
  }

  editor.writeCell = write;
  editor.beginCard = begin;
  editor.changeCard = change;
}
