// Which personas' curves are shown: chips in the toolbar, and the curves of a feelings lane.

import { button, el, recall, remember, slot } from "./nodes.js";

// The curves of a lane that are shown, the one that new points join first. Where cards name
// personas there is one for each of them, else one for all.
export function curvesOf(editor, lane, shown) {
  const { model, doc } = editor;
  const steps = model.columns();
  const cells = steps.map((step) => model.cell(lane.id, step.id).filter((card) => typeof card.valence === "number"));
  const named = new Set(cells.flat().map((card) => card.persona ?? ""));
  const keys = ["", ...doc.personas.map((persona) => persona.id)].filter((key) => named.has(key));
  const one = (key, dash) => {
    const cards = cells.map((cell) => cell.find((card) => (card.persona ?? "") === key) ?? null);
    const persona = doc.personas.find((p) => p.id === key) ?? null;
    const css = persona ? `p-${persona.color} dash-${dash % 5}` : "p-all";
    return { persona, css, cards, values: cards.map((card) => card?.valence ?? null) };
  };
  const found = keys.map(one).filter(({ persona }) => !persona || shown.has(persona.id));
  // A persona that was chosen and has no curve yet starts one, unless there is one for all.
  if (!found.length && named.size && !named.has("")) {
    const first = doc.personas.find((persona) => shown.has(persona.id));
    if (first) found.push(one(first.id, 0));
  }
  return found.sort((a, b) => Number(!a.persona) - Number(!b.persona));
}

// The chips; calls `changed` and returns a function that gives the ids of those pressed.
export function chips(editor, changed) {
  const { doc } = editor;
  const t = (key, values) => editor.t(key, values);
  const key = `personas-${doc.map.id}`;
  const known = new Set(doc.personas.map((persona) => persona.id));
  const on = new Set(recall(key, [...known]).filter((id) => known.has(id)));
  const place = doc.personas.length ? slot("personas") : null;
  const press = (persona, chip) => {
    if (!on.delete(persona.id)) on.add(persona.id);
    chip.setAttribute("aria-pressed", String(on.has(persona.id)));
    remember(key, [...on]);
    changed();
  };
  const face = (persona) =>
    persona.portrait
      ? el("img", { css: "jm-face", src: persona.portrait, alt: "", width: 22, height: 22 })
      : el("span", { css: `jm-face ${persona.color}`, "aria-hidden": "true" }, persona.face);
  const made = doc.personas.map((persona) => {
    const chip = button("jm-chip", () => press(persona, chip), face(persona), el("span", { css: "jm-word" }, persona.name));
    chip.setAttribute("aria-pressed", String(on.has(persona.id)));
    chip.title = t("feels.show_curve", { name: persona.name });
    return chip;
  });
  // A curve that was just begun is to be seen.
  editor.on("persona", ({ id }) => {
    const index = doc.personas.findIndex((persona) => persona.id === id);
    if (index >= 0 && !on.has(id)) press(doc.personas[index], made[index]);
  });
  place?.replaceChildren(el("span", { css: "jm-personas", role: "group", "aria-label": t("feels.personas") }, ...made));
  return () => on;
}
