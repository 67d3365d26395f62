// From map to measurement: a step whose touchpoints nobody measures says so, and the moment that
// a touchpoint is put on the map its events, a survey and a target are one click away.

import { el, soon } from "./nodes.js";

export function start(editor) {
  const { model, doc } = editor;
  const t = (key, values) => editor.t(key, values);
  if (!doc.urls.scores) return;
  let scores = null;
  const known = new Set();

  const placed = () =>
    [...model.rows.card.values()].filter((card) => card.touchpoint && model.kindOf(model.lane(card.lane)).shape === "touchpoint");

  function remember() {
    for (const card of placed()) known.add(`${card.id} ${card.touchpoint}`);
  }

  // A touchpoint that somebody here has just put on the map.
  function changed({ remote } = {}) {
    const fresh = placed().filter((card) => !known.has(`${card.id} ${card.touchpoint}`));
    remember();
    if (!fresh.length) return;
    editor.scores?.refresh();
    if (remote || !doc.may.edit || fresh.length > 1) return;
    const [card] = fresh;
    const name = model.touchpoints[card.touchpoint]?.name ?? "";
    editor.toast(t("measure.placed", { name }), { label: t("measure.how"), action: () => open(card) });
  }

  // Its three ways stand in the inspector; the server knows which are taken already.
  async function open(card) {
    editor.inspector?.open("live", { focus: false });
    editor.emit("focus", { lane: card.lane, step: card.step, card: card.id, stage: null });
    const off = editor.on("inspected", ({ host }) => {
      off();
      const place = host.querySelector(".jm-measure a, .jm-measure button, .jm-insp-foot a");
      place?.scrollIntoView({ block: "nearest" });
      place?.focus();
    });
  }

  // "Not measured yet. Connect an event or survey", on the step's cell of scores.
  function notes() {
    if (!scores) return;
    for (const lane of model.visibleLanes()) {
      if (model.kindOf(lane).shape !== "score" || lane.collapsed) continue;
      for (const step of model.columns()) note(lane, step);
    }
  }

  function note(lane, step) {
    const cell = document.getElementById(`c-${lane.id}-${step.id}`);
    const text = cell?.querySelector(".jm-unmeasured");
    cell?.querySelector(".jm-connect")?.remove();
    if (!text) return;
    const card = placed().find((one) => one.step === step.id);
    if (!card || !doc.may.edit) return;
    const link = el("button", { type: "button", css: "jm-linklike jm-connect", tabindex: "-1", onclick: () => open(card) }, t("measure.connect"));
    text.after(link);
  }

  const ask = (step) => {
    const card = placed().find((one) => one.step === step);
    return card ? [{ label: t("measure.ask"), icon: "survey", run: () => open(card) }] : [];
  };
  editor.inserts?.push(({ step }) => (doc.may.edit ? ask(step) : []));
  editor.menus ??= {};
  (editor.menus.step ??= []).push((step) => ask(step.id));
  editor.on("ready", remember);
  editor.on("changed", changed);
  editor.on("drawn", soon(notes));
  editor.on("scores", (fresh) => {
    scores = fresh;
    requestAnimationFrame(notes);
  });
  editor.commands.add({
    id: "measure", part: "map",
    title: t("measure.command"),
    when: () => placed().some((card) => card.step === editor.selection.cell?.step),
    run: () => open(placed().find((card) => card.step === editor.selection.cell?.step)),
  });
  remember();
}
