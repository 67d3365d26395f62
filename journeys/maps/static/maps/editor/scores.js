// The scores: fetched after the first draw, again every 30 seconds and when the period changes.
// The page shows its text at once; until scores arrive their cells are grey blocks of final size.

import { button, el, fill, parameter, setParameter, soon } from "./nodes.js";

const EVERY = 30_000;

export function start(editor) {
  const { model, doc } = editor;
  const t = (key, values) => editor.t(key, values);
  if (!doc.urls.scores) return;
  let period = parameter("period") ?? "";
  let news = null;
  let failed = false;
  let asked = 0;

  async function load() {
    const mine = (asked += 1);
    const address = new URL(doc.urls.scores, window.location.href);
    if (period) address.searchParams.set("period", period);
    if (news) address.searchParams.set("seen", news.stamp);
    try {
      const answer = await editor.fetchJSON(address.pathname + address.search);
      if (mine !== asked) return;
      failed = false;
      if (answer) {
        news = answer;
        editor.emit("scores", news);
      }
    } catch {
      // Old scores are better than none; only where there are none is it said.
      if (mine === asked) failed = !news;
    }
    if (mine === asked) show();
  }

  function show() {
    showCells();
    showFrame();
    showFinding();
  }

  const scoreLanes = () =>
    model.visibleLanes().filter((lane) => !lane.collapsed && model.kindOf(lane).shape === "score");

  function showCells() {
    for (const lane of scoreLanes()) {
      for (const step of model.columns()) {
        const cell = document.getElementById(`c-${lane.id}-${step.id}`);
        if (cell) showCell(cell, step);
      }
    }
    for (const step of model.columns()) {
      const heading = document.getElementById(`h-${step.id}`);
      if (heading) showStatus(heading, step);
    }
  }

  function showCell(cell, step) {
    let host = cell.querySelector(":scope > .jm-fill");
    if (!host) cell.prepend((host = el("div", { css: "jm-fill" })));
    const html = news?.steps[step.id]?.score_html;
    if (html !== undefined) {
      if (host.dataset.stamp === news.stamp) return;
      fill(host, html);
      host.dataset.stamp = news.stamp;
    } else if (!news) {
      delete host.dataset.stamp;
      host.replaceChildren(el("span", { css: failed ? "jm-skeleton is-still" : "jm-skeleton" }, el("span", { css: "vh" }, t(failed ? "scores.failed" : "scores.loading"))));
    } else {
      // A step that was made after the scores.
      host.dataset.stamp = "";
      host.replaceChildren(el("p", { css: "jm-unmeasured" }, t("scores.unmeasured")));
    }
  }

  function showStatus(heading, step) {
    let place = heading.querySelector(".jm-step-status");
    if (!place) heading.append((place = el("span", { css: "jm-step-status" })));
    const html = news?.steps[step.id]?.status_html ?? "";
    if (place.dataset.stamp === news?.stamp) return;
    fill(place, html);
    place.dataset.stamp = news?.stamp ?? "";
  }

  // One frame from the heading of a failing step to the last lane; two steps at most.
  function showFrame() {
    const framed = new Set(
      model
        .columns()
        .filter((step) => news?.steps[step.id]?.framed)
        .slice(0, 2)
        .map((step) => step.id),
    );
    const rows = model.visibleLanes();
    for (const [index, step] of model.columns().entries()) {
      const on = framed.has(step.id);
      document.getElementById(`h-${step.id}`)?.classList.toggle("is-failing", on);
      for (const lane of rows) {
        const cell = document.getElementById(`c-${lane.id}-${step.id}`);
        if (!cell) continue;
        // A cell over several steps belongs to its neighbours as well.
        const own = Number(cell.dataset.span ?? cell.getAttribute("aria-colspan") ?? 1) === 1;
        cell.classList.toggle("is-failing", on && own);
        cell.classList.remove("is-floor");
      }
      for (const line of document.querySelectorAll(".jm-visline")) through(line, index, step, on);
    }
    floor(framed, rows);
  }

  function through(line, index, step, on) {
    const old = line.querySelector(`.jm-through[data-step="${step.id}"]`);
    if (!on) old?.remove();
    else if (old) old.style.setProperty("--col", index);
    else line.append(el("i", { css: "jm-through", role: "presentation", "data-step": step.id, style: { "--col": index } }));
  }

  function floor(framed, rows) {
    for (const step of framed) {
      for (const lane of [...rows].reverse()) {
        const cell = document.getElementById(`c-${lane.id}-${step}`);
        if (!cell) continue;
        cell.classList.toggle("is-floor", cell.classList.contains("is-failing"));
        break;
      }
    }
  }

  function findingPlace() {
    const there = document.getElementById("jm-finding");
    if (there) return there;
    const made = el("p", { css: "jm-finding", id: "jm-finding" });
    document.querySelector(".jm-bar .drop-menu")?.after(made);
    return made;
  }

  function showFinding() {
    const place = findingPlace();
    place.classList.toggle("is-failed", failed);
    if (failed) {
      const again = button("jm-link", () => load(), t("scores.again"));
      place.replaceChildren(t("scores.failed"), " ", again);
    } else if (news) {
      const [bold, rest] = news.finding;
      place.replaceChildren(el("b", {}, bold), " ", rest);
      place.title = `${bold} ${rest}`;
    }
  }

  function choose(key, title) {
    if (key === period) return;
    period = key;
    news = null;
    setParameter("period", key);
    for (const link of document.querySelectorAll('a[href^="?period="]')) {
      const on = new URLSearchParams(link.search).get("period") === key;
      if (on) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const words = [...(document.querySelector(".jm-bar .drop-menu > summary")?.childNodes ?? [])];
    const label = words.find((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if (label) label.textContent = title;
    show();
    editor.emit("period", { period });
    load().then(() => editor.say(t("scores.loaded", { period: title })));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="?period="]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const details = link.closest("details");
    if (details) {
      details.open = false;
      details.querySelector("summary").focus();
    }
    choose(new URLSearchParams(link.search).get("period"), link.textContent.trim());
  });

  const again = soon(show);
  editor.on("drawn", show);
  editor.on("changed", ({ touched } = {}) => {
    again();
    // A touchpoint that came or went changes what is measured.
    if (touched === "all") refreshSoon();
  });
  let waiting = 0;
  function refreshSoon() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(load, 2500);
  }
  editor.scores = { now: () => news, period: () => period, refresh: refreshSoon };
  editor.commands.add({ id: "scores-refresh", part: "map", title: t("scores.refresh"), run: load });
  show();
  load();
  window.setInterval(() => {
    if (!document.hidden) load();
  }, EVERY);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) load();
  });
}
