// The map's manners: roving focus in the grid, an inspector that follows it, forms in a dialog,
// scores that arrive without moving the focus.

const CELLS = '[role="gridcell"][tabindex], [role="columnheader"][tabindex]';
const WIDGETS = "a[href], button";
const grid = () => document.querySelector("[data-map]");
const dialog = () => document.getElementById("jm-dialog");
let lastCell = "";
let waiting = 0;

function rows(map) {
  return [...map.querySelectorAll('[role="row"]')]
    .map((row) => [...row.querySelectorAll(CELLS)])
    .filter((cells) => cells.length);
}

// Which cell of a row covers a column.
function cellAt(spans, column) {
  const found = spans.findIndex(([start, span]) => column >= start && column < start + span);
  return found < 0 ? spans.length - 1 : found;
}

function spansOf(cells) {
  return cells.map((cell) => [Number(cell.dataset.col), Number(cell.dataset.span || 1)]);
}

// Only one cell is in the tab order; what is inside cells is reached with Enter.
function settle() {
  const map = grid();
  if (!map) return;
  for (const widget of map.querySelectorAll(WIDGETS)) widget.tabIndex = -1;
  const cells = rows(map).flat();
  const current = document.getElementById(lastCell) ?? cells[0];
  for (const cell of cells) cell.tabIndex = cell === current ? 0 : -1;
}

function focusCell(cell) {
  if (!cell) return;
  document.getElementById(lastCell)?.setAttribute("tabindex", "-1");
  lastCell = cell.id;
  cell.tabIndex = 0;
  cell.focus();
}

function move(cell, key, ctrl) {
  const all = rows(grid());
  const row = all.findIndex((cells) => cells.includes(cell));
  const place = all[row].indexOf(cell);
  const column = Number(cell.dataset.col);
  const beside = (target) => all[target]?.[cellAt(spansOf(all[target]), column)];
  if (key === "ArrowRight") return all[row][place + 1];
  if (key === "ArrowLeft") return all[row][place - 1];
  if (key === "ArrowDown") return beside(row + 1);
  if (key === "ArrowUp") return beside(row - 1);
  if (key === "Home") return ctrl ? all[0][0] : all[row][0];
  if (key === "End") return ctrl ? all.at(-1).at(-1) : all[row].at(-1);
  return undefined;
}

document.body.addEventListener("keydown", (event) => {
  const map = grid();
  if (!map?.contains(event.target)) return;
  const cell = event.target.closest(CELLS);
  if (!cell) return;
  const inside = event.target !== cell;
  if (event.key === "Escape" && inside) {
    focusCell(cell);
    event.preventDefault();
  } else if (inside && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const widgets = [...cell.querySelectorAll(WIDGETS)];
    widgets[widgets.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    event.preventDefault();
  } else if (!inside && event.key === "Enter") {
    const widgets = [...cell.querySelectorAll(WIDGETS)];
    (widgets.length === 1 ? widgets[0] : undefined)?.click();
    if (widgets.length > 1) widgets[0].focus();
    event.preventDefault();
  } else if (!inside && !event.altKey && !event.metaKey) {
    const target = move(cell, event.key, event.ctrlKey);
    if (target) focusCell(target);
    if (target || event.key.startsWith("Arrow")) event.preventDefault();
  }
});

function inspect(step, touchpoint) {
  const map = grid();
  const shown = document.querySelector("#jm-inspector [data-step]")?.dataset.step;
  if (!map || !step || (shown === step && !touchpoint)) return;
  const address = new URL(`${map.dataset.stepUrl}${step}/`, window.location.href);
  address.searchParams.set("period", map.dataset.period);
  if (touchpoint) address.searchParams.set("touchpoint", touchpoint);
  window.htmx.ajax("GET", address.pathname + address.search, "#jm-inspector");
}

document.body.addEventListener("focusin", (event) => {
  const cell = grid()?.contains(event.target) ? event.target.closest(CELLS) : null;
  if (!cell) return;
  if (cell.id !== lastCell) {
    document.getElementById(lastCell)?.setAttribute("tabindex", "-1");
    lastCell = cell.id;
    cell.tabIndex = 0;
  }
  window.clearTimeout(waiting);
  // While somebody runs along the arrows, nothing is fetched.
  waiting = window.setTimeout(() => inspect(cell.dataset.step), 200);
});

document.body.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest?.("[data-inspect]");
  if (link) {
    const step = link.dataset.step ?? link.closest("[data-step]")?.dataset.step;
    window.clearTimeout(waiting);
    inspect(step, link.dataset.inspect);
    event.preventDefault();
    return;
  }
  const opener = event.target.closest?.("[data-dialog]");
  if (opener && dialog()) {
    window.htmx.ajax("GET", opener.getAttribute("href"), "#jm-dialog-body");
    event.preventDefault();
    return;
  }
  if (event.target.closest?.("[data-close]")) dialog()?.close();
});

function say(words) {
  const live = document.getElementById("jm-live");
  if (live) live.textContent = words;
}

// A step that began or ceased to fail while the page was open: the frame follows.
function frame() {
  const map = grid();
  if (!map) return;
  const last = [...map.querySelectorAll('[role="row"]')].at(-1);
  for (const mark of map.querySelectorAll("[data-framed]")) {
    const framed = mark.dataset.framed === "yes";
    const step = mark.closest("[data-step]").dataset.step;
    for (const cell of map.querySelectorAll(`[data-step="${step}"]`)) {
      if (cell.matches(".jm-step, .jm-cell") && (cell.dataset.span ?? "1") === "1") {
        cell.classList.toggle("is-failing", framed);
        cell.classList.toggle("is-floor", framed && last.contains(cell));
      }
    }
  }
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "jm-dialog-body" && !dialog().open) dialog().showModal();
  if (event.target.id === "jm-canvas") {
    settle();
    document.getElementById(lastCell)?.focus({ preventScroll: true });
  }
});

document.body.addEventListener("htmx:oobAfterSwap", (event) => {
  for (const widget of event.target.querySelectorAll?.(WIDGETS) ?? []) {
    if (grid()?.contains(widget)) widget.tabIndex = -1;
  }
  frame();
});

document.body.addEventListener("map-changed", (event) => {
  dialog()?.close();
  say(event.detail?.value ?? "");
});

// On a phone the tab of the stage in view is the current one: the one that was asked for, as long
// as it is in view, else the topmost.
const stages = [...document.querySelectorAll(".jm-read > section[id]")];
const inView = new Set();

function markTab() {
  const asked = stages.find((stage) => `#${stage.id}` === window.location.hash);
  const top = stages.find((stage) => inView.has(stage)) ?? stages[0];
  const current = inView.has(asked) ? asked : top;
  for (const tab of document.querySelectorAll(".jm-tabs a")) {
    if (tab.hash === `#${current.id}`) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

if (stages.length) {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) inView[entry.isIntersecting ? "add" : "delete"](entry.target);
      markTab();
    },
    { rootMargin: "-130px 0px -20% 0px" },
  );
  for (const stage of stages) observer.observe(stage);
  window.addEventListener("hashchange", markTab);
}

settle();
