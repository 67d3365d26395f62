// One card as an element, by the shape of its lane. Words are always set as text.

import { draw, el, language } from "./nodes.js";

export function icon(name, css = "") {
  const known = document.getElementById(`i-${name}`) ? name : "web";
  return draw("svg", { css: `ic ${css}`.trim(), "aria-hidden": "true" }, draw("use", { href: `#i-${known}` }));
}

const NEEDS = { met: "need-met", partly: "need-partly", unmet: "need-unmet" };

const text = (words) => el("span", { css: "jm-text" }, words);
const hidden = (words) => el("span", { css: "vh" }, words);

function box(card, css, children) {
  return el("div", { css, id: `k-${card.id}`, "data-card": card.id, tabindex: "-1", role: "group" }, ...children);
}

// editor → card → element
const SHAPES = {
  card: (editor, card) => box(card, "jm-card", [text(card.text)]),
  plain: (editor, card) => box(card, "jm-plain", [text(card.text)]),
  said: (editor, card) => box(card, "jm-plain jm-said", [el("q", { css: "jm-text" }, card.text)]),
  moment: (editor, card) =>
    box(card, "jm-card jm-moment", [el("span", { css: "jm-mot" }, icon("flag")), text(card.text)]),
  touchpoint,
  quote,
  need,
  pain,
  opportunity,
  question,
  emotion,
  picture,
  link,
  department: (editor, card) =>
    box(card, "jm-dept", [
      el("span", { css: "jm-face", "aria-hidden": "true" }, [...card.text].slice(0, 2).join("")),
      text(card.text),
    ]),
};

export function drawCard(editor, card, shape) {
  const node = (SHAPES[shape] ?? SHAPES.plain)(editor, card);
  if (card.span > 1) node.setAttribute("aria-label", editor.t("card.spans", { text: editor.model.wordsOf(card), n: card.span }));
  return node;
}

// The channels of a step, from the touchpoints on the map.
export function drawChannels(editor, step) {
  const found = new Map();
  for (const lane of editor.model.lanes) {
    if (editor.model.kindOf(lane).shape !== "touchpoint") continue;
    for (const card of editor.model.cell(lane.id, step)) {
      const { channel } = editor.model.touchpoints[card.touchpoint] ?? {};
      if (channel) found.set(channel.key, channel);
    }
  }
  return el(
    "div",
    { css: "jm-channels" },
    [...found.values()].map((channel) =>
      el("span", { css: "jm-channel" }, el("span", { css: "jm-ch" }, icon(channel.icon)), channel.name),
    ),
  );
}

function touchpoint(editor, card) {
  const place = editor.model.touchpoints[card.touchpoint];
  if (!place) return box(card, "jm-card", [text(card.text)]);
  const moment = place.moment && el("span", { css: "jm-mot", title: editor.t("card.moment") }, icon("flag"), hidden(editor.t("card.moment")));
  const channel = el("span", { css: "jm-ch", title: place.channel?.name }, icon(place.icon || place.channel?.icon));
  const words = card.text || place.name;
  return box(card, "jm-card jm-tp", [el("span", { css: "jm-chs" }, channel, moment), text(words)]);
}

function quote(editor, card) {
  if (!card.response_id) return box(card, "jm-quote", [el("q", { css: "jm-text" }, card.text)]);
  const said = editor.model.quotes[card.response_id];
  if (!said) return box(card, "jm-quote faint", [el("span", {}, editor.t("card.quote_gone"))]);
  const when = said.at ? new Date(said.at).toLocaleDateString(language(), { day: "numeric", month: "short" }) : "";
  const source = [said.survey, when].filter(Boolean).join(" · ");
  return box(card, "jm-quote", [el("q", {}, said.text), el("small", {}, source)]);
}

function stateOf(editor, card) {
  const { states = {} } = editor.model.kindOf(editor.model.lane(card.lane));
  const key = card.status in states ? card.status : Object.keys(states)[0];
  return { key: key ?? "", title: states[key] ?? "" };
}

function need(editor, card) {
  const { key, title } = stateOf(editor, card);
  return box(card, "jm-need", [
    el("span", { css: "jm-mark", title }, icon(NEEDS[key] ?? "need-met")),
    el("span", {}, text(card.text), hidden(` (${title})`)),
  ]);
}

function question(editor, card) {
  const { key, title } = stateOf(editor, card);
  const done = key === "answered";
  return box(card, `jm-need jm-question ${key}`, [
    el("span", { css: "jm-mark", title }, icon(done ? "need-met" : "ask")),
    el("span", {}, text(card.text), hidden(` (${title})`), card.answer && el("small", {}, card.answer)),
  ]);
}

function pain(editor, card) {
  const level = card.severity ?? 0;
  const bars = [1, 2, 3].map((n) => el("i", { css: n <= level ? "f" : "" }));
  const title = editor.doc.severities?.[level];
  const severity = title && el("span", { css: "jm-sev" }, el("span", { css: "jm-sevbar", "aria-hidden": "true" }, bars), title);
  return box(card, `jm-card jm-pain s${level}`, [severity, text(card.text)]);
}

function opportunity(editor, card) {
  const { key, title } = stateOf(editor, card);
  const { owner } = editor.model.opportunities[card.opportunity] ?? {};
  const person = owner && editor.doc.people?.find((one) => one.id === owner);
  return box(card, "jm-card jm-opp", [
    el(
      "span",
      { css: "jm-oppline" },
      el("span", { css: `jm-tag ${key}` }, el("span", { css: "jm-dot", "aria-hidden": "true" }), title),
      person && el("span", { css: "jm-face", title: person.name }, person.initials),
    ),
    text(card.text),
  ]);
}

function emotion(editor, card) {
  const value = card.valence;
  const given = value !== undefined && value !== null;
  const level = given ? Math.round(Number(value)) + 2 : -1;
  const scale = el(
    "span",
    { css: "jm-scale", "aria-hidden": "true" },
    [0, 1, 2, 3, 4].map((n) => el("i", { css: n === level ? "f" : n === 2 ? "mid" : "" })),
  );
  const words = given ? el("span", { css: "jm-sev" }, scale, signed(value)) : null;
  return box(card, "jm-card jm-emotion", [words, text(card.text)]);
}

export function signed(value) {
  const number = Number(value);
  const amount = Math.abs(number).toLocaleString(language());
  return number > 0 ? `+${amount}` : number < 0 ? `−${amount}` : "0";
}

function picture(editor, card) {
  const shown = card.picture && el("img", { src: card.picture, alt: card.text || editor.t("card.picture"), loading: "lazy" });
  return box(card, "jm-card jm-picture", [shown, text(card.text)]);
}

function link(editor, card) {
  const target = editor.model.maps[card.linked_map];
  const words = card.text || target?.name || "";
  const name = target?.url ? el("a", { css: "jm-text", href: target.url, tabindex: "-1" }, words) : text(words);
  return box(card, "jm-card jm-leads", [icon("map"), name]);
}
