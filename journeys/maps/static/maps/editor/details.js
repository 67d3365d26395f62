// The Details tab: what a card or a step says, as a form. Each field is one change, undone like
// any other; what somebody else changes meanwhile arrives here too.

import { button, el } from "./nodes.js";
import { pickQuote } from "./quotes.js";

const WRITTEN = new Set(["text", "name", "answer"]);

export function start(editor) {
  const { model, doc } = editor;
  const t = (key, values) => editor.t(key, values);
  if (!editor.inspector) return;
  const may = () => doc.may.edit;
  let shown = "";

  function change(kind, row, field, value) {
    const before = row[field] ?? null;
    if (JSON.stringify(before) === JSON.stringify(value)) return;
    const op = { op: "update", kind, id: row.id, fields: { [field]: value } };
    if (WRITTEN.has(field)) op.was = { [field]: row[field] ?? "" };
    editor.perform(t("details.change"), [op], { merge: `detail-${row.id}-${field}` });
  }

  let count = 0;
  function field(label, control, help) {
    const id = `jm-detail-${(count += 1)}`;
    control.id = id;
    control.disabled = control.disabled || !may();
    return el("div", { css: "jm-field" }, el("label", { for: id }, label), control, help ? el("p", { css: "help" }, help) : null);
  }

  const area = (value, run) => el("textarea", { rows: 3, value: value ?? "", onchange: (event) => run(event.target.value) });
  const line = (value, run, more = {}) => el("input", { type: "text", value: value ?? "", ...more, onchange: (event) => run(event.target.value) });
  function select(options, value, run) {
    const made = options.map(([key, title]) => el("option", { value: key }, title));
    const control = el("select", { onchange: (event) => run(event.target.value) }, ...made);
    control.value = String(value ?? "");
    return control;
  }

  // --- cards -----------------------------------------------------------------------------------

  const FIELDS = {
    touchpoint: (card) => chosen(t("details.touchpoint"), model.touchpoints[card.touchpoint]?.name, model.touchpoints[card.touchpoint]?.url, (anchor) => findTouchpoint(anchor, card)),
    valence: (card) =>
      field(
        t("details.valence"),
        el("input", { type: "number", min: -2, max: 2, step: 0.1, value: card.valence ?? 0, onchange: (event) => change("card", card, "valence", Math.round(Math.min(2, Math.max(-2, Number(event.target.value))) * 10) / 10) }),
        t("details.valence_help"),
      ),
    severity: (card) => field(t("details.severity"), select(Object.entries(doc.severities), card.severity ?? 1, (value) => change("card", card, "severity", Number(value)))),
    status: (card) => field(t("details.status"), select(Object.entries(model.kindOf(model.lane(card.lane)).states ?? {}), card.status, (value) => change("card", card, "status", value))),
    persona: (card) => field(t("details.persona"), select([["", t("details.everybody")], ...doc.personas.map((p) => [p.id, p.name])], card.persona, (value) => change("card", card, "persona", value || null))),
    answer: (card) => field(t("details.answer"), area(card.answer, (value) => change("card", card, "answer", value))),
    response_id: (card) => chosen(t("details.quote"), model.quotes[card.response_id]?.survey, "", () => pickQuote(editor, card)),
    opportunity: (card) => weights(card),
    pain_point: () => null,
    picture: (card) => picture(card),
    linked_map: (card) => chosen(t("details.linked_map"), model.maps[card.linked_map]?.name, model.maps[card.linked_map]?.url, (anchor) => findMap(anchor, card)),
  };

  // What stands on the opportunity itself, on every map that shows it.
  function weights(card) {
    const facts = model.opportunities[card.opportunity];
    if (!facts || !doc.urls?.opportunities) return null;
    const levels = [["", "–"], ...[1, 2, 3, 4, 5].map((n) => [n, t(`choose.level.${n}`)])];
    const people = [["", t("choose.nobody")], ...(doc.people ?? []).map((one) => [one.id, one.name])];
    const level = (name) => field(t(`choose.${name}`), select(levels, facts[name], (value) => editor.weigh(card, { [name]: value ? Number(value) : null })));
    return el("div", {}, level("impact"), level("effort"), field(t("choose.owner"), select(people, facts.owner, (value) => editor.weigh(card, { owner: value || null }))));
  }

  // A thing that is chosen elsewhere: its name, and a button that chooses another.
  function chosen(label, name, url, run) {
    const what = name ? (url ? el("a", { href: url }, name) : el("span", {}, name)) : el("span", { css: "faint" }, t("details.nothing"));
    const pick = may() ? button("btn sm", (event) => run(event.currentTarget), t("details.choose")) : null;
    if (pick) pick.setAttribute("aria-label", `${label}: ${t("details.choose")}`);
    return el("div", { css: "jm-field" }, el("p", { css: "jm-label" }, label), el("div", { css: "jm-chosen" }, what, pick));
  }

  function findTouchpoint(anchor, card) {
    const use = (found) => {
      model.touchpoints[found.id] = found;
      change("card", card, "touchpoint", found.id);
    };
    search(anchor, doc.urls.touchpoints, use);
  }

  function findMap(anchor, card) {
    if (!doc.urls.maps) return;
    search(anchor, doc.urls.maps, (found) => {
      model.maps[found.id] = { name: found.name, url: found.url };
      change("card", card, "linked_map", found.id);
    });
  }

  function search(anchor, url, use) {
    const items = async (q) => {
      const address = new URL(url, window.location.href);
      address.searchParams.set("q", q);
      const { results } = await editor.fetchJSON(address.pathname + address.search);
      return results.map((found) => ({ label: found.name, hint: found.channel?.name ?? "", run: () => use(found) }));
    };
    editor.menu(anchor, [], { search: items, ask: true });
  }

  function picture(card) {
    const input = el("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif" });
    input.hasChangeListener = true; // Unfold's script takes files that are not its own for its own
    input.addEventListener("change", () => {
      const [file] = input.files;
      if (file) editor.emit("choose-picture", { card, file });
    });
    return field(t("details.picture"), input);
  }

  function cardForm(card) {
    const lane = model.lane(card.lane);
    const kind = model.kindOf(lane);
    const fields = (kind.fields ?? []).map((name) => FIELDS[name]?.(card));
    const written = kind.shape !== "feeling" ? field(t("details.text"), area(card.text, (value) => change("card", card, "text", value))) : null;
    const columns = model.columns();
    const most = columns.length - columns.findIndex((step) => step.id === card.step);
    const span = field(
      t("details.span"),
      el("input", { type: "number", min: 1, max: most, value: card.span ?? 1, onchange: (event) => change("card", card, "span", Math.min(most, Math.max(1, Number(event.target.value) || 1))) }),
    );
    const shared = card.pain_point || card.opportunity ? el("p", { css: "help" }, t("details.shared")) : null;
    return el("section", { css: "jm-sec" }, heading(kind.short || kind.title), written, ...fields, span, shared, place(card));
  }

  const heading = (text) => el("div", { css: "jm-sec-h" }, el("h3", {}, text));

  // A card can be sent elsewhere by words, without dragging.
  function place(card) {
    if (!may()) return null;
    const steps = model.columns().map((step) => [step.id, step.name]);
    const lanes = model.lanes.filter((lane) => model.kindOf(lane).of_cards).map((lane) => [lane.id, model.titleOf(lane)]);
    const go = (to) => editor.acts?.move([card], { lane: card.lane, step: card.step, ...to });
    return el(
      "details",
      { css: "jm-more" },
      el("summary", {}, t("details.move")),
      field(t("details.to_step"), select(steps, card.step, (step) => go({ step }))),
      field(t("details.to_lane"), select(lanes, card.lane, (lane) => go({ lane }))),
    );
  }

  // --- steps and stages ------------------------------------------------------------------------

  function stepForm(step) {
    const metrics = [["", t("details.worst_metric")], ...doc.metrics.map((metric) => [metric.key, metric.title])];
    return el(
      "section",
      { css: "jm-sec" },
      heading(t("details.step")),
      field(t("details.name"), line(step.name, (value) => change("step", step, "name", value), { maxlength: 120 })),
      field(t("details.metric"), select(metrics, step.metric, (value) => change("step", step, "metric", value)), t("details.metric_help")),
      nextSteps(step),
      stageForm(model.stage(step.stage)),
    );
  }

  function stageForm(stage) {
    if (!stage) return null;
    const phases = [["", t("details.no_phase")], ...doc.phases.map((phase) => [phase.id, phase.name])];
    return el(
      "div",
      {},
      field(t("details.stage"), line(stage.name, (value) => change("stage", stage, "name", value), { maxlength: 120 })),
      doc.phases.length ? field(t("details.phase"), select(phases, stage.phase, (value) => change("stage", stage, "phase", value || null))) : null,
    );
  }

  function nextSteps(step) {
    const links = step.next ?? [];
    const set = (next) => change("step", step, "next", next);
    const others = model.columns().filter((other) => other.id !== step.id);
    const rows = links.map((link, index) => {
      const to = select(others.map((other) => [other.id, other.name]), link.to, (value) => set(links.map((l, i) => (i === index ? { ...l, to: value } : l))));
      const label = line(link.label, (value) => set(links.map((l, i) => (i === index ? { ...l, label: value } : l))), { maxlength: 60, placeholder: t("details.when") });
      to.setAttribute("aria-label", t("details.next_step"));
      label.setAttribute("aria-label", t("details.when"));
      for (const control of [to, label]) control.disabled = !may();
      const name = model.step(link.to)?.name ?? "";
      const remove = button("jm-icon", () => set(links.filter((_l, i) => i !== index)), editor.icon("cross"), el("span", { css: "vh" }, t("details.remove_next", { step: name })));
      return el("li", { css: "jm-next" }, to, label, may() ? remove : null);
    });
    const unused = others.find((other) => !links.some((link) => link.to === other.id));
    const add = may() && unused ? button("btn sm", () => set([...links, { to: unused.id, label: "" }]), editor.icon("plus"), t("details.add_next")) : null;
    return el("div", { css: "jm-field", role: "group", "aria-label": t("details.next") }, el("p", { css: "jm-label" }, t("details.next")), rows.length ? el("ul", {}, ...rows) : el("p", { css: "help" }, t("details.next_usual")), add);
  }

  // --- the tab ---------------------------------------------------------------------------------

  function render(host, at) {
    count = 0;
    const card = at.card && model.card(at.card);
    const step = model.step(at.step ?? card?.step);
    const here = at.lane && step ? model.cell(at.lane, step.id) : [];
    const cards = card ? [card] : here;
    const stage = at.stage && !step ? model.stage(at.stage) : null;
    shown = [at.card, at.step, at.lane, at.stage].join();
    const title = step?.name ?? stage?.name ?? (at.lane && model.titleOf(model.lane(at.lane)));
    host.replaceChildren(
      ...[
        title ? el("div", { css: "jm-insp-head" }, el("h2", {}, title)) : el("p", { css: "jm-quiet" }, t("inspector.choose")),
        ...cards.map(cardForm),
        step ? stepForm(step) : null,
        stage ? el("section", { css: "jm-sec" }, heading(t("details.stage")), stageForm(stage)) : null,
      ].filter(Boolean),
    );
  }

  editor.inspector.add({ key: "details", title: t("inspector.details"), render });
  editor.on("changed", () => {
    const { panel } = editor.inspector;
    if (!editor.inspector.is("details")) return;
    // Somebody who writes in the form is not interrupted; a choice redraws what depends on it.
    const active = panel.contains(document.activeElement) ? document.activeElement : null;
    if (active?.matches("textarea, input[type=text], input[type=number]")) return;
    const id = active?.id;
    editor.inspector.refresh("details");
    if (id) document.getElementById(id)?.focus();
  });
  editor.details = { shown: () => shown };
}
