// Cards as tables: what other programs understand, and what they give. Pure.

// "a\tb\n\"c\nd\"\te" → [["a","b"],["c\nd","e"]]; quoted cells as spreadsheets write them.
export function parse(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at];
    if (quoted) {
      if (sign === '"' && source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "" && closes(source, at)) quoted = true;
    else if (sign === "\t" || sign === "\n") {
      rows.at(-1).push(cell);
      cell = "";
      if (sign === "\n") rows.push([]);
    } else cell += sign;
  }
  rows.at(-1).push(cell);
  return rows.map((row) => row.map((one) => one.trim()));
}

// A quote opens a cell only when another one ends it; else somebody quotes somebody.
function closes(source, at) {
  const end = /"(?:[^"]|"")*"(?=\t|\n|$)/y;
  end.lastIndex = at;
  return end.test(source);
}

export function format(rows) {
  const cell = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join("\t")).join("\n");
}

// Where the cells of a pasted table go: columns over steps, rows over lanes. A single column of
// many rows is a list: all of it goes into the one cell.
export function spread(rows, { lanes, steps, lane, step }) {
  const width = Math.max(...rows.map((row) => row.length));
  const list = width === 1;
  const down = lanes.indexOf(lane);
  const right = steps.indexOf(step);
  const placed = [];
  let left = 0;
  rows.forEach((row, line) => {
    row.forEach((text, place) => {
      if (!text) return;
      const toStep = steps[right + place];
      // Beyond the last lane the cards gather in it, so that a long table loses nothing.
      const toLane = list ? lane : lanes[Math.min(down + line, lanes.length - 1)];
      if (toStep && toLane) placed.push({ lane: toLane, step: toStep, text });
      else left += 1;
    });
  });
  return { placed, left };
}
