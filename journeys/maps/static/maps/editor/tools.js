// Small buttons that come to what is under the hand or has the focus: ⋯ on cards and headings,
// + in cells and between headings. One of each on the page, not one for each of 2,000 cards.

import { button, el } from "./nodes.js";

const HEAD = ".jm-step, .jm-phase, .jm-lane[id], .jm-line-head[id]";

export function start(editor) {
  if (!editor.edits) return;
  const { root, commands, model } = editor;
  // For the pointer only: the same is behind Shift+F10, Ctrl+Enter and "/", so that a cell is not
  // read with the names of its buttons.
  const tool = (css, run, icon, key) => {
    const node = button(`jm-tool ${css}`, (event) => {
      event.stopPropagation();
      run(event);
    }, editor.icon(icon));
    node.title = editor.t(key);
    node.setAttribute("aria-hidden", "true");
    return node;
  };

  let card = null;
  let cell = null;
  let head = null;
  const more = el("span", { css: "jm-tools" }, tool("jm-more", (event) => commands.run("card.menu", { card, anchor: event.currentTarget }), "more", "card.menu"));
  const plus = tool("jm-plus", () => {
    const place = model.cell(cell.dataset.lane, cell.dataset.step).length;
    editor.focusCell(cell.dataset.lane, cell.dataset.step);
    editor.beginCard({ lane: cell.dataset.lane, step: cell.dataset.step, at: place || undefined });
  }, "plus", "card.add");
  const headMore = el("span", { css: "jm-tools jm-head-tools" }, tool("jm-more", (event) => commands.run("head.menu", { place: head, anchor: event.currentTarget }), "more", "do.more"));
  const between = tool("jm-between", () => {
    const found = editor.heads.headOf({ place: head });
    if (found) editor.heads.add(found, true);
  }, "plus", "do.after");
  for (const node of [...more.children, plus, ...headMore.children, between]) node.tabIndex = -1;

  function show(target) {
    const writing = target.closest?.(".is-writing");
    const nextCard = writing ? null : target.closest?.("[data-card]");
    if (nextCard) {
      card = model.card(nextCard.dataset.card);
      if (card && more.parentElement !== nextCard) nextCard.append(more);
    } else if (!target.closest?.(".jm-tools")) more.remove();
    const nextCell = writing ? null : target.closest?.(".jm-cell");
    const lane = nextCell && model.lane(nextCell.dataset.lane);
    const kind = lane && model.kindOf(lane);
    if (kind?.of_cards && kind.shape !== "feeling" && !lane.collapsed && nextCell.dataset.step) {
      cell = nextCell;
      if (plus.parentElement !== nextCell) nextCell.append(plus);
    } else if (target !== plus) plus.remove();
    const nextHead = writing ? null : target.closest?.(HEAD);
    if (nextHead) {
      head = nextHead;
      if (headMore.parentElement !== nextHead) nextHead.append(headMore);
      const line = nextHead.classList.contains("jm-line-head");
      if (line) between.remove();
      else if (between.parentElement !== nextHead) nextHead.append(between);
    } else {
      headMore.remove();
      between.remove();
    }
  }

  root.addEventListener("pointerover", (event) => event.pointerType !== "touch" && !editor.dragging && show(event.target));
  root.addEventListener("pointerleave", () => show(document.activeElement?.closest?.("#jm-root") ? document.activeElement : document.body));
  root.addEventListener("focusin", (event) => show(event.target));
  editor.on("editing", () => [more, plus, headMore, between].forEach((node) => node.remove()));
}
