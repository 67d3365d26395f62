// All lanes in one panel, the hidden ones too; and what the menu of a lane's heading offers besides
// renaming and moving: duplicating it, and the curves of personas.

import { asRow } from "./model.js";
import { button, el, slot } from "./nodes.js";

export function start(editor) {
  const { model, doc } = editor;
  const t = (key, values) => editor.t(key, values);
  if (!doc.may.edit) return;

  const update = (lane, fields, label) => editor.perform(label, [{ op: "update", kind: "lane", id: lane.id, fields }]);

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
    if (model.view) model.view.add(id);
    editor.perform(t("lane.duplicate"), [{ op: "insert", rows: [copy, ...cards] }]);
    document.getElementById(`l-${id}`)?.focus();
  }

  // --- curves of personas ----------------------------------------------------------------------

  const general = (lane) => model.cardsOf(lane.id).filter((card) => !card.persona);

  // The curve for everybody becomes that of one persona.
  function give(lane, persona) {
    const ops = general(lane).map((card) => ({ op: "update", kind: "card", id: card.id, fields: { persona: persona.id } }));
    editor.perform(t("feels.give", { name: persona.name }), ops);
  }

  // A persona without a curve gets a copy of the first one, to be changed point by point.
  function begin(lane, persona) {
    const from = new Map();
    for (const card of model.cardsOf(lane.id)) if (typeof card.valence === "number" && !from.has(card.step)) from.set(card.step, card.valence);
    const steps = from.size ? [...from] : [[model.columns()[0]?.id, 0]];
    const rows = steps.filter(([step]) => step).map(([step, valence]) => ({ kind: "card", id: crypto.randomUUID(), lane: lane.id, step, text: "", valence, persona: persona.id }));
    editor.perform(t("feels.begin", { name: persona.name }), [{ op: "insert", rows }]);
    editor.emit("persona", { id: persona.id });
  }

  function curves(lane) {
    const has = (persona) => model.cardsOf(lane.id).some((card) => card.persona === persona.id);
    const without = doc.personas.filter((persona) => !has(persona));
    const items = general(lane).length
      ? without.map((persona) => ({ label: t("feels.give", { name: persona.name }), icon: "people", run: () => give(lane, persona) }))
      : [];
    return [...items, ...without.map((persona) => ({ label: t("feels.begin", { name: persona.name }), icon: "plus", run: () => begin(lane, persona) }))];
  }

  // --- the panel with all lanes ----------------------------------------------------------------

  function panel() {
    const list = el("ul", { css: "jm-lane-list" });
    const draw = (focus) => {
      list.replaceChildren(...model.lanes.map(row));
      if (focus) document.getElementById(focus)?.focus();
    };
    const row = (lane, index) => {
      const box = el("input", {
        type: "checkbox",
        checked: !lane.hidden,
        id: `jm-shown-${lane.id}`,
        onchange: (event) => {
          update(lane, { hidden: !event.target.checked }, t(event.target.checked ? "lane.show" : "lane.hide"));
          draw(`jm-shown-${lane.id}`);
        },
      });
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
      const small = el("small", {}, cards ? t("lane.cards", { n: cards }) : model.kindOf(lane).hint);
      return el(
        "li",
        {},
        el("label", {}, box, el("span", {}, model.titleOf(lane), small)),
        shift(-1, "arrow-up", t("do.up"), index === 0),
        shift(1, "arrow-down", t("do.down"), index === model.lanes.length - 1),
      );
    };
    draw();
    const add = button("btn sm", (event) => {
      const dialog = event.target.closest("dialog");
      dialog.close();
      editor.commands.run("lane.add", {});
    }, editor.icon("plus"), t("lane.add"));
    editor.dialog(t("lane.panel"), el("div", {}, el("p", { css: "jm-quiet" }, t("lane.panel_lead")), list, add));
  }

  editor.menus ??= {};
  (editor.menus.lane ??= []).push((lane) => [
    ...(model.kindOf(lane).shape === "feeling" ? curves(lane) : []),
    { label: t("lane.duplicate"), icon: "card", run: () => duplicate(lane) },
    { label: t("lane.panel"), icon: "menu", run: panel },
  ]);
  editor.commands.add({ id: "lane.panel", title: t("lane.panel"), part: "map", run: panel });
  const opener = button("jm-icon", panel, editor.icon("menu"), el("span", { css: "vh" }, t("lane.panel")));
  opener.title = t("lane.panel");
  slot("lanes")?.replaceChildren(opener);
}
