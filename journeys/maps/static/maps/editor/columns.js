// Steps, stages and lanes: rename in place, add before and after, move, delete.

const KIND = { "h-": "step", "p-": "stage", "l-": "lane" };

export function start(editor) {
  const { commands, model, selection } = editor;
  const edits = () => editor.edits;
  const uuid = () => crypto.randomUUID();
  const undo = () => ({ label: editor.t("do.undo"), action: () => editor.undo() });

  // The heading of the focus, or the one that is given.
  function headOf({ place, kind, id } = {}) {
    if (kind) return { kind, id };
    const node = place ?? selection.element;
    const found = KIND[node?.id?.slice(0, 2)];
    return found && !node.classList.contains("jm-cell") ? { kind: found, id: node.id.slice(2) } : null;
  }
  const onHead = (detail) => edits() && Boolean(headOf(detail));
  const focusHead = (kind, id) => document.getElementById(`${{ step: "h-", stage: "p-", lane: "l-" }[kind]}${id}`)?.focus();
  const nameOf = (kind, row) => (kind === "lane" ? model.titleOf(row) : row.name);

  function addStep({ stage, at }) {
    const id = uuid();
    const home = stage ?? model.columns().at(-1)?.stage ?? model.stages.at(-1)?.id;
    if (!home) return addStage({});
    const row = { kind: "step", id, stage: home, name: editor.t("step.new"), ...(at === undefined ? {} : { at }) };
    editor.perform(editor.t("step.added"), [{ op: "insert", rows: [row] }]);
    editor.editing?.open({ kind: "step", id }, { select: true });
    return id;
  }

  // A stage comes with its first step, and an empty map with the usual lanes.
  function addStage({ at }) {
    const stage = uuid();
    const step = uuid();
    const rows = [
      { kind: "stage", id: stage, name: editor.t("stage.new"), ...(at === undefined ? {} : { at }) },
      { kind: "step", id: step, stage, name: editor.t("step.new") },
    ];
    if (!model.lanes.length) {
      const usual = ["actions", "touchpoints", "thoughts", "feelings", "scores", "pain_points", "opportunities", "backstage", "responsible"];
      rows.push(...usual.filter((key) => model.kinds.has(key)).map((key) => ({ kind: "lane", id: uuid(), lane_kind: key })));
    }
    const first = !model.stages.length;
    editor.perform(editor.t("stage.added"), [{ op: "insert", rows }]);
    editor.editing?.open(first ? { kind: "step", id: step } : { kind: "stage", id: stage }, { select: true });
  }

  function addLane({ key, at }) {
    const id = uuid();
    editor.perform(editor.t("lane.added", { name: model.kinds.get(key)?.title ?? key }), [
      { op: "insert", rows: [{ kind: "lane", id, lane_kind: key, ...(at === undefined ? {} : { at }) }] },
    ]);
    // A view that shows some lanes only shows the new one too.
    if (model.view && !model.view.has(id)) {
      model.view.add(id);
      editor.grid.draw();
    }
    focusHead("lane", id);
    document.getElementById(`l-${id}`)?.scrollIntoView({ block: "nearest" });
    editor.say(editor.t("lane.added", { name: model.titleOf(model.lane(id)) }));
  }

  function chooseLane({ anchor, at } = {}) {
    const icons = { touchpoint: "place", pain: "warn", opportunity: "bulb", quote: "comment", said: "comment", question: "ask", score: "score", channel: "phone", department: "case", moment: "flag", link: "map", line: "dash", need: "need-met", picture: "screen" };
    const used = new Set(model.lanes.map((lane) => lane.kind));
    const items = [...model.kinds.values()].map((kind) => ({
      label: kind.title,
      hint: used.has(kind.key) ? "✓" : kind.hint,
      icon: icons[kind.shape] ?? "menu",
      run: () => addLane({ key: kind.key, at }),
    }));
    editor.menu(anchor ?? selection.element ?? editor.root, items, { search: true, title: editor.t("lane.add") });
  }

  function add(head, after) {
    const row = model.row(head.kind, head.id);
    const at = model.placeOf(head.kind, head.id) + (after ? 1 : 0);
    if (head.kind === "step") addStep({ stage: row.stage, at });
    else if (head.kind === "stage") addStage({ at });
    else chooseLane({ anchor: document.getElementById(`l-${head.id}`), at });
  }

  // One place further; a step at the edge of its stage goes into the next one.
  function nudge(head, by) {
    const { kind, id } = head;
    const row = model.row(kind, id);
    const list = kind === "lane" ? model.visibleLanes() : model.siblings(kind, row);
    const place = list.indexOf(row);
    let op = null;
    if (kind === "step" && (place + by < 0 || place + by >= list.length)) {
      const stage = model.stages[model.placeOf("stage", row.stage) + by];
      if (stage) op = { op: "move", kind, id, to: { stage: stage.id }, at: by < 0 ? model.stepsOf(stage.id).length : 0 };
    } else if (list[place + by]) {
      op = { op: "move", kind, id, to: kind === "step" ? { stage: row.stage } : {}, at: model.placeOf(kind, list[place + by].id) };
    }
    if (!op) return;
    move(head, op);
    focusHead(kind, id);
  }

  function move({ kind, id }, op, { toast = false } = {}) {
    const row = model.row(kind, id);
    editor.perform(editor.t("made.moved_what", { name: nameOf(kind, row) }), [op], { merge: `nudge:${id}` });
    const list = kind === "step" ? model.columns() : kind === "lane" ? model.lanes : model.stages;
    const words = editor.t(`${kind}.moved`, { name: nameOf(kind, row), n: list.indexOf(row) + 1, all: list.length });
    editor.say(words);
    if (toast) editor.toast(words, undo());
  }

  function remove({ kind, id }) {
    const row = model.row(kind, id);
    const list = kind === "step" ? model.columns() : kind === "lane" ? model.visibleLanes() : model.stages;
    const place = list.indexOf(row);
    const label = editor.t(`${kind}.deleted`, { name: nameOf(kind, row) });
    editor.perform(label, [{ op: "delete", kind, ids: [id] }]);
    const rest = kind === "step" ? model.columns() : kind === "lane" ? model.visibleLanes() : model.stages;
    const next = rest[Math.min(place, rest.length - 1)];
    if (next) focusHead(kind, next.id);
    editor.toast(label, undo());
    editor.say(label);
  }

  function set(lane, fields, label) {
    editor.perform(label, [{ op: "update", kind: "lane", id: lane.id, fields }]);
    editor.say(label);
  }

  const names = { step: "step.menu", stage: "stage.menu", lane: "lane.menu" };
  function menu(head, anchor) {
    const { kind, id } = head;
    const row = model.row(kind, id);
    const line = kind === "lane" && model.kindOf(row).shape === "line";
    const [back, forth] = kind === "lane" ? ["up", "down"] : ["left", "right"];
    const items = [
      { label: editor.t("do.rename"), icon: "ask", hint: "Enter", run: () => editor.editing.open({ kind, id }, { select: true }) },
      { label: editor.t("do.before"), icon: "plus", run: () => add(head, false) },
      { label: editor.t("do.after"), icon: "plus", run: () => add(head, true) },
      { label: editor.t(`do.${back}`), icon: kind === "lane" ? "arrow-up" : "back", hint: `Ctrl ⇧ ${{ up: "↑", left: "←" }[back]}`, run: () => nudge(head, -1) },
      { label: editor.t(`do.${forth}`), icon: kind === "lane" ? "arrow-down" : "right", hint: `Ctrl ⇧ ${{ down: "↓", right: "→" }[forth]}`, run: () => nudge(head, 1) },
    ];
    if (kind === "lane" && !line) {
      items.push({ label: editor.t(row.collapsed ? "lane.expand" : "lane.collapse"), icon: "down", run: () => commands.run("lane.fold", { lane: id }) });
    }
    if (kind === "lane") items.push({ label: editor.t("lane.hide"), icon: "eye", run: () => commands.run("lane.hide", { lane: id }) });
    if (kind === "stage" && editor.doc.phases?.length) items.push({ rule: true }, { group: editor.t("stage.phase") }, ...phases(row));
    const more = (editor.menus?.[kind] ?? []).flatMap((provide) => provide(row) ?? []);
    if (more.length) items.push({ rule: true }, ...more);
    items.push({ rule: true }, { label: editor.t("do.delete"), icon: "cross", hint: "Delete", run: () => remove(head) });
    editor.menu(anchor, items, { title: editor.t(names[kind], { name: nameOf(kind, row) }) });
  }

  function phases(stage) {
    const choose = (phase) => editor.perform(editor.t("stage.phase"), [{ op: "update", kind: "stage", id: stage.id, fields: { phase } }]);
    return [
      { label: editor.t("stage.phase_none"), checked: !stage.phase, run: () => choose(null) },
      ...editor.doc.phases.map((phase) => ({ label: phase.name, checked: phase.id === stage.phase, run: () => choose(phase.id) })),
    ];
  }

  commands.add({ id: "head.rename", when: onHead, run: (detail) => {
    const head = headOf(detail);
    const opened = editor.editing.open(head, { select: true });
    if (opened && detail.typed) document.execCommand("insertText", false, detail.typed);
    return opened;
  } });
  commands.add({ id: "head.menu", key: "Shift+F10", keys: ["ContextMenu"], when: onHead, run: (detail) => {
    const head = headOf(detail);
    menu(head, detail.anchor ?? document.getElementById(`${{ step: "h-", stage: "p-", lane: "l-" }[head.kind]}${head.id}`));
  } });
  commands.add({ id: "head.delete", key: "Delete", keys: ["Backspace"], when: onHead, run: (detail) => remove(headOf(detail)) });
  commands.add({ id: "head.after", key: "Ctrl+Enter", when: onHead, run: (detail) => add(headOf(detail), true) });
  for (const [key, by, lane] of [["ArrowLeft", -1, false], ["ArrowRight", 1, false], ["ArrowUp", -1, true], ["ArrowDown", 1, true]]) {
    commands.add({ id: `head.${key}`, key: `Ctrl+Shift+${key}`, when: (detail) => onHead(detail) && (headOf(detail).kind === "lane") === lane, run: (detail) => nudge(headOf(detail), by) });
  }
  commands.add({ id: "step.add", title: editor.t("step.add"), part: "map", when: edits, run: (detail) => { addStep(detail ?? {}); } });
  commands.add({ id: "stage.add", title: editor.t("stage.add"), part: "map", when: edits, run: (detail) => { addStage(detail ?? {}); } });
  commands.add({ id: "lane.add", title: editor.t("lane.add"), part: "map", when: edits, run: (detail) => { if (detail?.kind) addLane({ key: detail.kind, at: detail.at }); else chooseLane(detail); } });
  commands.add({ id: "lane.hide", when: edits, run: ({ lane }) => {
    const row = model.lane(lane);
    set(row, { hidden: true }, editor.t("lane.hidden", { name: model.titleOf(row) }));
    editor.toast(editor.t("lane.hidden", { name: model.titleOf(row) }), undo());
  } });
  commands.add({ id: "lane.fold", when: edits, run: ({ lane }) => {
    const row = model.lane(lane);
    set(row, { collapsed: !row.collapsed }, editor.t(row.collapsed ? "lane.expand" : "lane.collapse"));
    focusHead("lane", lane);
  } });

  editor.heads = { add, move, menu, headOf };
}
