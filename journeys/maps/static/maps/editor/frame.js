// What the page around the grid must know: how high the headings are, and the words of hints.

export function start(editor) {
  const canvas = document.getElementById("jm-canvas") ?? editor.root;
  editor.canvas = canvas;
  editor.menus = { card: [], step: [], stage: [], lane: [] }; // row → more items, from other parts
  editor.root.style.setProperty("--jm-hint", JSON.stringify(editor.t("cell.hint")));

  // How wide the map may be. A container query would say it too, but then each change of a cell
  // costs a look at the style of all of them.
  const measure = () => canvas.style.setProperty("--canvas-w", `${canvas.clientWidth}px`);
  measure();
  new ResizeObserver(measure).observe(canvas);

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
