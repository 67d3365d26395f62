// Clicks in the grid: choose, choose several, write with the second click.

export function start(editor) {
  const { root, selection, model } = editor;

  const where = (target) => {
    const node = target.closest("[data-card]");
    return {
      card: node ? model.card(node.dataset.card) : null,
      node,
      cell: target.closest(".jm-cell"),
      head: target.closest(".jm-step, .jm-phase, .jm-lane[id], .jm-line-head[id]"),
    };
  };

  root.addEventListener("mousedown", (event) => {
    if (event.button || event.target.closest("button, textarea, input")) return;
    // Shift would select text.
    if (event.shiftKey) event.preventDefault();
  });

  root.addEventListener("click", (event) => {
    if (editor.dragging || event.target.closest("button, textarea, input")) return;
    const { card, node, cell, head } = where(event.target);
    if (event.target.closest("a") && (event.ctrlKey || event.metaKey || !editor.edits)) return;
    if (event.target.closest("a")) event.preventDefault();
    if (event.shiftKey && cell?.dataset.step && selection.cell) {
      selection.extend({ lane: cell.dataset.lane, step: cell.dataset.step });
      return;
    }
    if ((event.ctrlKey || event.metaKey) && card) {
      if (!selection.cards.size && selection.focusedCard()) selection.toggle(selection.focusedCard().id);
      selection.toggle(card.id);
      editor.say(editor.t("select.cards", { n: selection.cards.size }));
      return;
    }
    selection.clear();
    if (card) node.focus({ preventScroll: true });
    else if (cell?.classList.contains("jm-feel")) {
      const box = cell.getBoundingClientRect();
      const count = model.columns().length;
      cell.focus({ preventScroll: true });
      selection.walkInside(cell, Math.min(Math.floor(((event.clientX - box.left) / box.width) * count), count - 1));
    } else (cell ?? head)?.focus({ preventScroll: true });
  });

  root.addEventListener("dblclick", (event) => {
    if (!editor.edits || event.target.closest("button, textarea, input")) return;
    const { card, cell, head } = where(event.target);
    if (card) editor.changeCard(card);
    else if (cell?.dataset.step) editor.beginCard({ lane: cell.dataset.lane, step: cell.dataset.step });
    else if (head) editor.commands.run("head.rename", { place: head });
    else return;
    event.preventDefault();
  });
}
