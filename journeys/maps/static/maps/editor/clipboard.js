// Copy, cut and paste: within a map, between maps, from and to other programs.

import { takesCards } from "./acts.js";
import { MOST_ROWS } from "./model.js";
import { format, parse, spread } from "./table.js";

const TYPE = "application/x-cxm-cards+json";

export function start(editor) {
  const { model, selection, root } = editor;
  let own = null; // what this window copied last, for browsers that keep own types to themselves

  const inGrid = () => {
    const here = document.activeElement;
    return root.contains(here) && !here.closest("textarea, input");
  };

  // Cards with their place relative to the first, and everything they carry.
  function pack(cards) {
    const lanes = model.visibleLanes();
    const steps = model.columns();
    const places = cards.map((card) => ({ card, row: lanes.findIndex((lane) => lane.id === card.lane), column: steps.findIndex((step) => step.id === card.step) }));
    const top = Math.min(...places.map((one) => one.row));
    const left = Math.min(...places.map((one) => one.column));
    return {
      kind: "cxm-cards",
      workspace: editor.doc.map.id,
      cards: places.map(({ card, row, column }) => {
        const { id, key, lane, step, ...fields } = structuredClone(card);
        const kind = model.kindOf(model.lane(lane));
        return { row: row - top, column: column - left, lane: kind.key, shape: kind.shape, words: model.wordsOf(card), fields };
      }),
      touchpoints: Object.fromEntries(cards.filter((card) => card.touchpoint).map((card) => [card.touchpoint, model.touchpoints[card.touchpoint]])),
    };
  }

  function asTable({ cards }) {
    const rows = [];
    for (const { row, column, words } of cards) {
      rows[row] ??= [];
      rows[row][column] = rows[row][column] ? `${rows[row][column]}\n${words}` : words;
    }
    const width = Math.max(...rows.map((row) => row?.length ?? 0));
    return format(Array.from(rows, (row) => Array.from({ length: width }, (_, place) => row?.[place] ?? "")));
  }

  function put(data, cards) {
    const packed = pack(cards);
    own = { text: asTable(packed), packed };
    data.setData("text/plain", own.text);
    data.setData(TYPE, JSON.stringify(packed));
  }

  document.addEventListener("copy", (event) => {
    const cards = inGrid() ? selection.targets() : [];
    if (!cards.length || !event.clipboardData) return;
    put(event.clipboardData, cards);
    event.preventDefault();
    editor.say(editor.t("clipboard.copied", { n: cards.length }));
  });

  document.addEventListener("cut", (event) => {
    const cards = inGrid() && editor.edits ? selection.targets() : [];
    if (!cards.length || !event.clipboardData) return;
    put(event.clipboardData, cards);
    event.preventDefault();
    const { lane, step } = cards[0];
    const label = editor.t("clipboard.cut", { n: cards.length });
    editor.perform(label, [{ op: "delete", kind: "card", ids: cards.map((card) => card.id) }]);
    selection.clear();
    editor.focusCell(lane, step);
    editor.say(label);
  });

  document.addEventListener("paste", (event) => {
    if (!editor.edits || !inGrid() || !event.clipboardData) return;
    event.preventDefault();
    const picture = [...event.clipboardData.files].find((file) => file.type.startsWith("image/"));
    const text = event.clipboardData.getData("text/plain");
    const json = event.clipboardData.getData(TYPE);
    const { cell } = selection;
    if (!cell?.lane || !cell.step) return;
    if (picture && !text) {
      const lane = model.kindOf(model.lane(cell.lane)).shape === "picture" ? cell.lane : model.lanes.find((one) => model.kindOf(one).shape === "picture")?.id;
      if (lane) editor.emit("choose-picture", { lane, step: cell.step, file: picture });
      return;
    }
    const packed = read(json) ?? (own && own.text === text ? own.packed : null);
    paste(packed, text, cell);
  });

  function read(json) {
    try {
      const packed = JSON.parse(json);
      return packed?.kind === "cxm-cards" && Array.isArray(packed.cards) ? packed : null;
    } catch {
      return null;
    }
  }

  const usable = () => model.visibleLanes().filter((lane) => takesCards(model, lane));

  let missed = 0; // texts that had no place, as names that are no touchpoint

  function paste(packed, text, cell) {
    missed = 0;
    const rows = packed ? cardsOf(packed, cell) : textsOf(text, cell);
    if (!rows.length) {
      editor.toast(editor.t("clipboard.nothing"));
      return;
    }
    if (rows.length > MOST_ROWS) {
      editor.toast(editor.t("clipboard.too_many", { n: MOST_ROWS }), { bad: true });
      return;
    }
    const pasted = editor.t("clipboard.pasted", { n: rows.length });
    const label = missed ? `${pasted} ${editor.t("clipboard.left", { n: missed })}` : pasted;
    editor.perform(label, [{ op: "insert", rows }]);
    selection.select(rows.map((row) => row.id));
    document.getElementById(`k-${rows[0].id}`)?.focus();
    editor.say(label);
    if (rows.length > 1 || missed) editor.toast(label, { label: editor.t("do.undo"), action: () => editor.undo() });
  }

  function textsOf(text, cell) {
    if (!text.trim()) return [];
    const lanes = usable().map((lane) => lane.id);
    if (!lanes.includes(cell.lane)) return [];
    const { placed, left } = spread(parse(text), { lanes, steps: model.columns().map((step) => step.id), ...cell });
    const rows = placed.map(({ lane, step, text: words }) => row(lane, step, words.slice(0, 400), {}));
    missed = left + rows.filter((made) => !made).length;
    return rows.filter(Boolean);
  }

  function cardsOf({ cards, touchpoints = {} }, cell) {
    const lanes = model.visibleLanes();
    const steps = model.columns();
    const top = lanes.findIndex((lane) => lane.id === cell.lane);
    const left = model.columnOf(cell.step);
    const foreign = Object.values(touchpoints).filter((one) => one && !model.touchpoints[one.id]);
    for (const one of foreign) model.touchpoints[one.id] = one;
    return cards.map(({ row: down, column, shape, words, fields }) => {
      const step = steps[left + column];
      const lane = lanes[Math.min(top + down, lanes.length - 1)];
      if (!step || !lane || !takesCards(model, lane)) return null;
      const same = model.kindOf(lane).shape === shape;
      // A copy is a finding of its own; else changing it would change the one it came from.
      const { pain_point: _pain, opportunity: _opportunity, ...rest } = fields;
      return row(lane.id, step.id, same ? (rest.text ?? "") : words.slice(0, 400), same ? rest : {});
    }).filter(Boolean);
  }

  // A row for a lane; a lane of touchpoints takes those that it can find by name.
  function row(lane, step, text, fields) {
    const { shape } = model.kindOf(model.lane(lane));
    const made = { kind: "card", id: crypto.randomUUID(), lane, step, ...fields, text };
    if (shape !== "touchpoint") return text || made.response_id || made.picture || made.linked_map ? made : null;
    const place = made.touchpoint ?? Object.values(model.touchpoints).find((one) => one.name.toLowerCase() === text.toLowerCase())?.id;
    const there = place && model.cell(lane, step).some((card) => card.touchpoint === place);
    if (!place || there) return null;
    return { ...made, touchpoint: place, text: model.touchpoints[place]?.name === text ? "" : text };
  }

  // From a menu, where the browser gives no event.
  editor.copyCards = (cards) => {
    const packed = pack(cards);
    own = { text: asTable(packed), packed };
    navigator.clipboard?.writeText(own.text).catch(() => {});
    editor.say(editor.t("clipboard.copied", { n: cards.length }));

  };

  for (const [id, key] of [["copy", "Ctrl+C"], ["cut", "Ctrl+X"], ["paste", "Ctrl+V"]]) {
    editor.commands.add({ id: `keys.${id}`, title: editor.t(`do.${id}`), part: "card", key, when: () => false, run: () => false });
  }
  editor.pasteText = (text, cell) => paste(null, text, cell);

}
