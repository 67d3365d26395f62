// What the page around the grid must know: how high the headings are, and the words of hints.

export function start(editor) {
  const canvas = document.getElementById("jm-canvas") ?? editor.root;
  editor.canvas = canvas;
  editor.menus = { card: [], step: [], stage: [], lane: [] }; // row → more items, from other parts
  editor.root.style.setProperty("--jm-hint", JSON.stringify(editor.t("cell.hint")));

  const observer = new ResizeObserver(([entry]) => {
    canvas.style.setProperty("--heads-h", `${Math.round(entry.borderBoxSize[0].blockSize)}px`);
  });
  let watched = null;
  editor.on("drawn", () => {
    const heads = editor.grid.map.querySelector(".jm-heads");
    if (!heads || heads === watched) return;
    observer.disconnect();
    observer.observe(heads);
    watched = heads;
  });
}
