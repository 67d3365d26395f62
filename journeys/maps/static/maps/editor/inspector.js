// The panel beside the map: what is known of the step in focus (Live), its card as a form
// (Details), what colleagues said (Comments). It follows the focus after a short rest.
//
// Other parts add a tab with editor.inspector.add({key, title, count, render}); `render(host,
// place)` fills the panel for a place {lane, step, card, stage}.

import { button, el, fill, parameter, recall, remember } from "./nodes.js";

const REST = 200;

export function start(editor) {
  const { model, doc } = editor;
  const t = (key, values) => editor.t(key, values);
  const aside = document.getElementById("jm-inspector");
  if (!aside) return;
  const tabs = [];
  let place = { lane: null, step: null, card: null, stage: null };
  let current = "live";
  let folded = recall("inspector-folded", false);
  let waiting = 0;

  const bar = el("div", { css: "jm-insp-tabs", role: "tablist", "aria-label": t("inspector.title") });
  const panel = el("div", { css: "jm-insp-panel", role: "tabpanel", id: "jm-insp-panel", tabindex: "0" });
  const close = button("jm-icon jm-insp-close", () => fold(true), editor.icon("cross"), el("span", { css: "vh" }, t("inspector.close")));
  const open = button("jm-insp-open", () => fold(false), editor.icon("back"), el("span", {}, t("inspector.title")));
  // What the server rendered for the first step stays until something is in focus.
  const rendered = [...aside.childNodes];
  aside.replaceChildren(el("div", { css: "jm-insp-top" }, bar, close), panel);
  panel.append(...rendered);
  aside.before(open);
  aside.setAttribute("aria-label", t("inspector.title"));

  function fold(on, { quiet = false } = {}) {
    folded = on;
    if (!quiet) remember("inspector-folded", on);
    aside.hidden = on;
    open.hidden = !on;
    aside.closest(".jm-stage")?.classList.toggle("is-folded", on);
    open.setAttribute("aria-expanded", String(!on));
    if (quiet) return;
    (on ? open : bar.querySelector('[aria-selected="true"]'))?.focus();
    if (!on) render();
    window.dispatchEvent(new Event("resize"));
  }

  function choose(key, { focus = false } = {}) {
    current = tabs.some((tab) => tab.key === key) ? key : "live";
    for (const tab of tabs) {
      const on = tab.key === current;
      tab.node.setAttribute("aria-selected", String(on));
      tab.node.tabIndex = on ? 0 : -1;
      if (on) {
        panel.setAttribute("aria-labelledby", tab.node.id);
        if (focus) tab.node.focus();
      }
    }
    render();
  }

  function render() {
    if (folded) return;
    tabs.find((tab) => tab.key === current)?.render(panel, place);
  }

  function add({ key, title, render: draw }) {
    const count = el("span", { css: "jm-n" });
    const node = button("", () => choose(key), title, count);
    node.id = `jm-tab-${key}`;
    node.setAttribute("role", "tab");
    node.setAttribute("aria-controls", panel.id);
    node.setAttribute("aria-selected", "false");
    node.tabIndex = -1;
    const tab = { key, render: draw, node, count: (n) => (count.textContent = n ? ` ${n}` : "") };
    tabs.push(tab);
    bar.append(node);
    return tab;
  }

  bar.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const index = tabs.findIndex((tab) => tab.key === current);
    const next = event.key === "Home" ? tabs[0] : event.key === "End" ? tabs.at(-1) : by && tabs[(index + by + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    choose(next.key, { focus: true });
  });

  // --- Live: the server's words --------------------------------------------------------------

  let fetched = "";
  let shown = "";
  let running = null;
  async function live(host, { step }, touchpoint = "", fresh = false) {
    // A step may have been taken back or removed since it was in focus.
    const gone = step && !model.step(step);
    if (!step || gone || !doc.urls.inspector) {
      if (gone || !host.firstChild) host.replaceChildren(el("p", { css: "jm-quiet" }, t("inspector.choose")));
      return;
    }
    if (editor.unsent(step)) {
      // A step that was just made is not known to the server yet.
      const stop = editor.on("saved", () => {
        if (editor.unsent(step)) return;
        stop();
        if (place.step === step) render();
      });
      return;
    }
    const address = new URL(`${doc.urls.inspector}${step}/`, window.location.href);
    const period = editor.scores?.period();
    if (period) address.searchParams.set("period", period);
    if (touchpoint) address.searchParams.set("touchpoint", touchpoint);
    const wanted = address.pathname + address.search;
    if (wanted === fetched && host.querySelector("[data-live]") && !fresh) return;
    running?.abort();
    running = new AbortController();
    host.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(wanted, { credentials: "same-origin", headers: { "HX-Request": "true" }, signal: running.signal });
      if (!answer.ok) throw answer;
      const html = await answer.text();
      if (current !== "live") return;
      const kept = host.contains(document.activeElement) && host !== document.activeElement;
      const box = el("div", { "data-live": step });
      fill(box, html);
      host.replaceChildren(box);
      if (kept) host.focus();
      fetched = wanted;
      editor.emit("inspected", { step, host: box });
    } catch (problem) {
      if (problem.name === "AbortError") return;
      fetched = "";
      // A step that the server does not know yet: it is being saved.
      const words = problem.status === 404 ? t("inspector.unsaved") : t("inspector.failed");
      const again = button("jm-link", () => live(host, { step }, touchpoint, true), t("scores.again"));
      if (current === "live") host.replaceChildren(el("p", { css: "jm-quiet" }, words, " ", again));
    } finally {
      host.removeAttribute("aria-busy");
    }
  }

  aside.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-inspect]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    live(panel, { step: link.dataset.step || place.step }, link.dataset.inspect, true);
  });

  // The page may link to a step, as it does where there are no scripts.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".jm-step a[data-inspect]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
  });

  function follow(to) {
    const card = to.card ?? null;
    const step = to.step ?? (card ? model.card(card)?.step : null);
    place = { lane: to.lane ?? null, step: step ?? null, card, stage: to.stage ?? null };
    window.clearTimeout(waiting);
    // While somebody runs along the arrows, nothing is fetched.
    waiting = window.setTimeout(() => {
      if (current === "live" && !place.step) return;
      render();
    }, REST);
  }

  add({ key: "live", title: t("inspector.live"), render: live });
  editor.inspector = {
    add,
    open(key, { focus = true } = {}) {
      if (folded) fold(false, { quiet: true });
      choose(key, { focus });
    },
    refresh: (key) => (!key || key === current) && render(),
    place: () => place,
    is: (key) => !folded && current === key,
    panel,
  };
  editor.on("focus", follow);
  // The server need not be asked about a step whose removal is on its way.
  editor.on("changed", () => {
    if (!place.step || model.step(place.step)) return;
    running?.abort();
    if (current === "live") render();
  });
  editor.on("period", () => current === "live" && render());
  // Before anything is in focus: the step that was linked to, else the worst, else the first.
  editor.on("scores", (fresh) => {
    if (!place.step) place.step = fresh.callout?.step ?? model.columns()[0]?.id ?? null;
    const known = JSON.stringify(fresh.steps[place.step] ?? null);
    const same = known === shown && Boolean(panel.querySelector("[data-live]"));
    shown = known;
    // Nothing new of this step, or somebody is at work in the panel.
    const busy = panel !== document.activeElement && panel.contains(document.activeElement);
    if (current === "live" && place.step && !same && !busy) live(panel, place, parameter("touchpoint") ?? "", true);
  });
  editor.commands.add({ id: "inspector", part: "map", title: t("inspector.toggle"), key: "Ctrl+I", where: "page", run: () => fold(!folded) });
  place.step = model.step(parameter("step"))?.id ?? null;
  fold(folded, { quiet: true });
  choose("live");
}
