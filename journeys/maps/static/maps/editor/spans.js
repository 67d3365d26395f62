// Where cards of a row stand that cover several steps. Pure.
//
// A row has tracks above the place of its usual cards; a wide card lies in the first track that
// is free over all of its steps. Neighbouring departments of one name are drawn as one wide card.

// cells: for each step the cards of the row's cell → {tracks, places: Map card id → {track, span},
// depth: for each step how many tracks lie over it}
export function layOut(cells) {
  const places = new Map();
  const tracks = []; // for each track the first column that is free again
  const depth = cells.map(() => 0);
  cells.forEach((cards, column) => {
    for (const card of cards) {
      const span = Math.min(card.span ?? 1, cells.length - column);
      if (span < 2) continue;
      let track = tracks.findIndex((free) => free <= column);
      if (track < 0) track = tracks.push(0) - 1;
      tracks[track] = column + span;
      places.set(card.id, { track, span });
      for (let at = column; at < column + span; at += 1) depth[at] = Math.max(depth[at], track + 1);
    }
  });
  return { tracks: tracks.length, places, depth };
}

// Runs of cells with one equal word each: the first card gets the run's length, the others are
// covered by it.
export function joinEqual(cells) {
  const wide = [];
  const covered = new Set();
  for (let column = 0; column < cells.length; column += 1) {
    const word = only(cells[column]);
    let end = column + 1;
    while (word && end < cells.length && only(cells[end]) === word) end += 1;
    if (end - column > 1) {
      wide.push([cells[column][0].id, end - column]);
      for (let place = column + 1; place < end; place += 1) covered.add(cells[place][0].id);
    }
    column = end - 1;
  }
  return { wide: new Map(wide), covered };
}

function only(cards) {
  return cards.length === 1 && (cards[0].span ?? 1) === 1 ? cards[0].text.trim().toLowerCase() : "";
}

// The phases above the stages: runs of stages of one phase, or nothing when they would repeat
// the stages' names.
export function phaseRuns(stages, phases, stepsOf) {
  const names = new Map(phases.map((phase) => [phase.id, phase.name]));
  const differs = stages.some((stage) => stage.phase && names.get(stage.phase) !== stage.name);
  if (!differs) return [];
  const runs = [];
  for (const stage of stages) {
    const span = Math.max(stepsOf(stage.id).length, 1);
    const phase = names.has(stage.phase) ? stage.phase : null;
    if (runs.length && runs.at(-1).phase === phase) runs.at(-1).span += span;
    else runs.push({ phase, name: names.get(phase) ?? "", span });
  }
  return runs;
}

// Adds what `joinEqual` found to a layout: one more track for all runs.
export function widenEqual(layout, joined, cells) {
  if (!joined.wide.size) return;
  const track = layout.tracks;
  layout.tracks += 1;
  cells.forEach((cards, column) => {
    const span = joined.wide.get(cards[0]?.id);
    if (!span) return;
    layout.places.set(cards[0].id, { track, span });
    for (let at = column; at < column + span; at += 1) layout.depth[at] = track + 1;
  });
}
