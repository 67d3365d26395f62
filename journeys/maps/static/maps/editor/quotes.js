// Choosing a quote from real answers: newest first, searched by word.

import { button, el, language } from "./nodes.js";

// For a card that exists, or for a new one at {lane, step}.
export async function pickQuote(editor, card) {
  const { doc, model } = editor;
  const t = (key, values) => editor.t(key, values);
  if (!doc.urls.quotes) return;
  const step = card.step;
  const here = model.lanes
    .filter((lane) => model.kindOf(lane).shape === "touchpoint")
    .flatMap((lane) => model.cell(lane.id, step))
    .map((one) => one.touchpoint)
    .filter(Boolean);
  const field = el("input", { type: "search", placeholder: t("quotes.search"), "aria-label": t("quotes.search"), autocomplete: "off" });
  const all = el("input", { type: "checkbox", checked: here.length === 0 });
  const list = el("ul", { css: "jm-quote-list" });
  const state = el("p", { css: "jm-quiet", role: "status" });
  const form = el("form", { method: "dialog" });
  let asked = 0;

  function choose(found) {
    model.quotes[found.response_id] = { text: found.text, score: found.score, at: found.at, survey: found.survey };
    if (card.id) {
      editor.perform(t("quotes.choose"), [{ op: "update", kind: "card", id: card.id, fields: { response_id: found.response_id } }]);
    } else {
      const row = { kind: "card", id: crypto.randomUUID(), lane: card.lane, step: card.step, text: "", response_id: found.response_id };
      editor.perform(t("quotes.choose"), [{ op: "insert", rows: [row] }]);
    }
    form.requestSubmit();
    requestAnimationFrame(() => editor.focusCell(card.lane, card.step));
  }

  function option(found) {
    const day = found.at ? new Date(found.at).toLocaleDateString(language(), { day: "numeric", month: "short" }) : "";
    const score = found.score === null || found.score === undefined ? "" : String(found.score);
    return el("li", {}, button("jm-quote-pick", () => choose(found), el("q", {}, found.text), el("small", {}, [found.survey, score, day].filter(Boolean).join(" · "))));
  }

  async function search() {
    const mine = (asked += 1);
    const address = new URL(doc.urls.quotes, window.location.href);
    if (!all.checked) address.searchParams.set("step", step);
    if (!all.checked && here.length === 1) address.searchParams.set("touchpoint", here[0]);
    if (field.value.trim()) address.searchParams.set("q", field.value.trim());
    try {
      const { results } = await editor.fetchJSON(address.pathname + address.search);
      if (mine !== asked) return;
      list.replaceChildren(...results.map(option));
      state.textContent = results.length ? "" : t("quotes.none");
    } catch {
      if (mine === asked) state.textContent = t("quotes.failed");
    }
  }

  let waiting = 0;
  field.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(search, 200);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "ArrowDown") list.querySelector("button")?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const buttons = [...list.querySelectorAll("button")];
    const next = buttons[buttons.indexOf(event.target) + by];
    (next ?? (by < 0 ? field : event.target)).focus();
    event.preventDefault();
  });
  all.addEventListener("change", search);
  form.append(el("div", { css: "jm-field" }, field), el("label", { css: "jm-check" }, all, t("quotes.everywhere")), state, list);
  search();
  await editor.dialog(t("quotes.title"), form, { wide: true });
}

export function start(editor) {
  const { model, doc } = editor;
  const t = (key, values) => editor.t(key, values);
  if (!doc.may.edit || !doc.urls.quotes) return;
  const here = () => {
    const { lane, step } = editor.selection.cell ?? {};
    if (!step) return null;
    const own = model.lane(lane);
    const quotes = own && model.kindOf(own).shape === "quote" ? own : model.lanes.find((one) => model.kindOf(one).shape === "quote");
    return quotes ? { lane: quotes.id, step } : null;
  };
  editor.inserts?.push(({ step }) => {
    const lane = model.lanes.find((one) => model.kindOf(one).shape === "quote" && !one.hidden);
    return lane && step ? [{ label: t("quotes.title"), icon: "comment", run: () => pickQuote(editor, { lane: lane.id, step }) }] : [];
  });
  editor.menus ??= {};
  (editor.menus.card ??= []).push((card) =>
    model.shapeOf(card.lane) === "quote" ? [{ label: t("quotes.title"), icon: "comment", run: () => pickQuote(editor, card) }] : [],
  );
  editor.commands.add({
    id: "quote.pick", part: "map",
    title: t("quotes.title"),
    when: (detail) => Boolean(detail?.card || detail?.step || here()),
    run: ({ card, lane, step } = {}) => pickQuote(editor, (card && model.card(card)) || (step ? { lane, step } : here())),
  });
}
