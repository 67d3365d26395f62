// Ctrl+F searches the map: what cards, steps, stages and lanes say, with a count, next and
// previous. Esc goes back to where one was.

import { button, el, slot, soon } from "./nodes.js";

// The places whose words hold what is searched, in reading order. Pure.
export function hits(query, entries) {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  return entries.filter(({ text }) => {
    const found = text.toLocaleLowerCase();
    return words.every((word) => found.includes(word));
  });
}

export function start(editor) {
  const { model } = editor;
  const t = (key, values) => editor.t(key, values);
  const canvas = document.getElementById("jm-canvas");
  if (!canvas) return;
  let found = [];
  let current = -1;
  let before = null;

  const field = el("input", { type: "search", "aria-label": t("find.title"), placeholder: t("find.placeholder"), autocomplete: "off" });
  const count = el("span", { css: "jm-find-count num", role: "status" });
  const arrow = (icon, words, by) => button("jm-icon", () => step(by), editor.icon(icon), el("span", { css: "vh" }, words));
  const bar = el(
    "div",
    { css: "jm-find", role: "search", hidden: true },
    field,
    count,
    arrow("arrow-up", t("find.previous"), -1),
    arrow("arrow-down", t("find.next"), 1),
    button("jm-icon", () => close(), editor.icon("cross"), el("span", { css: "vh" }, t("find.close"))),
  );
  canvas.before(bar);
  const opener = button("jm-icon", () => open(), editor.icon("search"), el("span", { css: "vh" }, t("find.title")));
  slot("find")?.replaceChildren(opener);

  function entries() {
    const heads = [
      ...model.stages.map((stage) => ({ id: `p-${stage.id}`, text: stage.name })),
      ...model.columns().map((one) => ({ id: `h-${one.id}`, text: one.name })),
    ];
    const cards = model.visibleLanes().flatMap((lane) => [
      { id: `l-${lane.id}`, text: model.titleOf(lane) },
      ...(lane.collapsed
        ? []
        : model.cardsOf(lane.id).map((card) => ({ id: `k-${card.id}`, text: [model.wordsOf(card), card.answer ?? ""].join(" ") }))),
    ]);
    return [...heads, ...cards];
  }

  function search({ stay = false } = {}) {
    const kept = stay ? found[current]?.id : null;
    found = hits(field.value, entries());
    current = kept ? found.findIndex((one) => one.id === kept) : found.length ? 0 : -1;
    mark(!stay);
  }

  function mark(scroll) {
    for (const old of document.querySelectorAll(".jm-hit")) old.classList.remove("jm-hit", "is-current");
    found.forEach(({ id }, i) => {
      const node = document.getElementById(id);
      node?.classList.add("jm-hit");
      if (i !== current) return;
      node?.classList.add("is-current");
      if (scroll) node?.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
    const none = field.value.trim() ? t("find.none") : "";
    count.textContent = found.length ? t("find.count", { at: current + 1, n: found.length }) : none;
  }

  function step(by) {
    if (!found.length) return;
    current = (current + by + found.length) % found.length;
    mark(true);
  }

  function open() {
    if (bar.hidden) before = document.activeElement;
    bar.hidden = false;
    field.focus();
    field.select();
    search();
  }

  function close() {
    const hit = found[current] && document.getElementById(found[current].id);
    bar.hidden = true;
    found = [];
    current = -1;
    mark(false);
    return hit;
  }

  field.addEventListener("input", () => search());
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === field) step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") {
      const hit = close();
      const home = hit?.closest('[role="gridcell"], [role="columnheader"], [role="rowheader"]');
      const typed = field.value.trim();
      if (typed && home) home.focus();
      else if (before?.isConnected) before.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  editor.on("drawn", soon(() => !bar.hidden && search({ stay: true })));
  editor.commands.add({ id: "find", title: t("find.title"), key: "Ctrl+F", where: "page", part: "map", run: open });
}
