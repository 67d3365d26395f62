// From cell to cell over rows whose cells may cover several columns. Pure.
//
// rows: [[{id, col, span}]] from top to bottom; a row's first entry may be its heading (col −1).

export function target(rows, { row, place, column }, key) {
  const cells = rows[row];
  const body = (list) => list.filter((cell) => cell.col >= 0);
  const first = (list) => body(list)[0] ?? list[0];
  const last = (list) => body(list).at(-1) ?? list.at(-1);
  if (key === "ArrowRight") return cells[place + 1];
  if (key === "ArrowLeft") return cells[place - 1];
  if (key === "Home") return first(cells);
  if (key === "End") return last(cells);
  const heading = cells[place].col < 0;
  const beside = (index) => {
    const there = rows[index];
    if (!there) return undefined;
    if (heading) return there[0].col < 0 ? there[0] : first(there);
    return over(there, column) ?? last(there);
  };
  if (key === "ArrowDown") return beside(row + 1);
  if (key === "ArrowUp") return beside(row - 1);
  if (key === "PageDown") return beside(Math.min(row + 5, rows.length - 1));
  if (key === "PageUp") return beside(Math.max(row - 5, 0));
  return undefined;
}

export function over(cells, column) {
  return cells.find((cell) => cell.col >= 0 && column >= cell.col && column < cell.col + cell.span);
}
