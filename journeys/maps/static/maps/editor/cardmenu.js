// Everything that can be done with a card: its ⋯ button, Shift+F10, the right mouse button.

import { signed } from "./cards.js";

export function start(editor) {
  const { commands, model, acts, selection } = editor;

  // What a card of this lane has besides its text.
  function special(card, kind) {
    const { shape } = kind;
    const choose = (fields, label) => acts.set([card], fields, label);
    if (shape === "pain") {
      return group("choose.severity", Object.entries(editor.doc.severities).map(([level, title]) => ({
        label: title, key: level, checked: card.severity === Number(level), run: () => choose({ severity: Number(level) }, title),
      })));
    }
    if (shape === "emotion") {
      return group("choose.value", [2, 1, 0, -1, -2].map((value) => ({
        label: editor.t(`choose.value.${value}`), hint: signed(value), checked: Number(card.valence) === value && card.valence !== undefined, run: () => choose({ valence: value }, editor.t(`choose.value.${value}`)),
      })));
    }
    if (shape === "touchpoint") {
      const place = model.touchpoints[card.touchpoint];
      return [
        { label: editor.t("choose.touchpoint"), icon: "place", run: () => editor.emit("choose-touchpoint", { card }) },
        place?.url && { label: editor.t("card.open_touchpoint"), icon: "open", run: () => window.location.assign(place.url) },
      ];
    }
    if (shape === "link") {
      const map = model.maps[card.linked_map];
      return [
        { label: editor.t("choose.map"), icon: "map", run: () => editor.emit("choose-map", { card }) },
        map?.url && { label: editor.t("card.open_map", { name: map.name }), icon: "open", run: () => window.location.assign(map.url) },
      ];
    }
    if (shape === "picture" && editor.doc.urls?.pictures) {
      return [{ label: editor.t("picture.upload"), icon: "screen", run: () => editor.emit("choose-picture", { card }) }];
    }
    const states = Object.entries(kind.states ?? {});
    const status = states.length
      ? group("choose.status", states.map(([key, title], place) => ({
          label: title, key: String(place + 1), checked: (card.status || states[0][0]) === key, run: () => choose({ status: key }, title),
        })))
      : [];
    if (shape === "question") return [...status, { label: editor.t("card.answered_by"), icon: "comment", hint: card.answer ? "…" : "", run: () => askAnswer(card) }];
    if (shape === "opportunity") return [...status, ...weighing(card)];
    return status;
  }

  const group = (title, items) => [{ group: editor.t(title) }, ...items];

  // Impact, effort and owner stand on the opportunity itself, which several maps may share.
  editor.weigh = async (card, fields) => {
    const before = { ...model.opportunities[card.opportunity] };
    model.opportunities[card.opportunity] = { ...before, ...fields };
    redraw(card);
    try {
      await editor.fetchJSON(`${editor.doc.urls.opportunities}${card.opportunity}/`, { method: "PATCH", body: fields });
    } catch (error) {
      model.opportunities[card.opportunity] = before;
      redraw(card);
      editor.inspector?.refresh("details");
      editor.toast(error.problem?.detail ?? editor.t("choose.failed"), { bad: true });
    }
  };

  function weighing(card) {
    if (!editor.doc.urls?.opportunities || !card.opportunity) return [];
    const now = model.opportunities[card.opportunity] ?? {};
    const save = (fields) => editor.weigh(card, fields);
    const levels = (field) => [1, 2, 3, 4, 5].map((n) => ({ label: editor.t(`choose.level.${n}`), key: String(n), checked: now[field] === n, run: () => save({ [field]: n }) }));
    const anchor = () => document.getElementById(`k-${card.id}`);
    const people = () => [
      { label: editor.t("choose.nobody"), checked: !now.owner, run: () => save({ owner: null }) },
      ...editor.doc.people.map((one) => ({ label: one.name, hint: one.title, checked: one.id === now.owner, run: () => save({ owner: one.id }) })),
    ];
    const sub = (title, items, options) => () => editor.menu(anchor(), items(), { title: editor.t(title), beside: true, ...options });
    return [
      { rule: true },
      { label: editor.t("choose.impact"), icon: "bolt", hint: now.impact ? editor.t(`choose.level.${now.impact}`) : "–", run: sub("choose.impact", () => levels("impact")) },
      { label: editor.t("choose.effort"), icon: "clock", hint: now.effort ? editor.t(`choose.level.${now.effort}`) : "–", run: sub("choose.effort", () => levels("effort")) },
      { label: editor.t("choose.owner"), icon: "people", hint: editor.doc.people?.find((one) => one.id === now.owner)?.name ?? "–", run: sub("choose.owner", people, { search: true }) },
    ];
  }

  function redraw(card) {
    const cell = document.getElementById(model.cellId(card.lane, card.step));
    if (cell) editor.grid.forget(cell);
    editor.grid.drawLane(card.lane);
  }

  async function askAnswer(card) {
    const { el } = await import("./nodes.js");
    const field = el("textarea", { css: "jm-answer", rows: "3", maxlength: "240", "aria-label": editor.t("card.answered_by"), autofocus: true });
    field.value = card.answer ?? "";
    const save = () => {
      const answer = field.value.trim();
      acts.set([card], answer ? { answer, status: "answered" } : { answer, status: "open" }, editor.t("card.answered_by"));
      editor.closeDialog("saved");
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
    });
    const go = el("button", { type: "button", css: "btn pri sm", onclick: save }, editor.t("do.save"));
    await editor.dialog(editor.t("card.answered_by"), el("div", { css: "jm-ask" }, el("p", {}, card.text), field, go));
  }

  function items(card) {
    const kind = model.kindOf(model.lane(card.lane));
    const written = !card.response_id;
    const extra = (editor.menus?.card ?? []).flatMap((provide) => provide(card) ?? []);
    const chosen = selection.cards.has(card.id) ? selection.targets() : [card];
    const count = model.columns().length - model.columnOf(card.step);
    return [
      written && { label: editor.t("do.edit"), icon: "ask", hint: "Enter", run: () => editor.edit(card.id) },
      ...special(card, kind),
      ...(extra.length ? [{ rule: true }, ...extra] : []),
      { rule: true },
      { label: editor.t("do.wider"), icon: "right", hint: "Alt ⇧ →", disabled: (card.span ?? 1) >= count, run: () => acts.widen(chosen, 1) },
      (card.span ?? 1) > 1 && { label: editor.t("do.narrower"), icon: "back", hint: "Alt ⇧ ←", run: () => acts.widen(chosen, -1) },
      { label: editor.t("do.copy"), icon: "card", hint: "Ctrl C", run: () => editor.copyCards(chosen) },
      { label: editor.t("do.delete"), icon: "cross", hint: "Delete", run: () => acts.remove(chosen) },
    ];
  }

  commands.add({ id: "card.menu", title: editor.t("card.menu"), part: "card", key: "Shift+F10", keys: ["ContextMenu"], when: (detail) => editor.edits && Boolean(detail?.card ?? selection.targets()[0]),
    run: (detail) => {
      const card = detail?.card ?? selection.targets()[0];
      const node = document.getElementById(`k-${card.id}`);
      if (!node) return false;
      editor.menu(detail?.anchor ?? node, items(card), { title: editor.t("card.menu"), beside: !detail?.anchor });
      return true;
    } });

  editor.root.addEventListener("contextmenu", (event) => {
    const node = event.target.closest("[data-card]");
    const card = node && model.card(node.dataset.card);
    const head = !card && event.target.closest(".jm-step, .jm-phase, .jm-lane[id], .jm-line-head[id]");
    if (!editor.edits || event.target.closest("textarea") || !(card || head)) return;
    event.preventDefault();
    const anchor = { left: event.clientX, right: event.clientX, top: event.clientY, bottom: event.clientY };
    if (card) {
      if (!selection.cards.has(card.id)) selection.clear();
      node.focus({ preventScroll: true });
      commands.run("card.menu", { card, anchor });
    } else commands.run("head.menu", { place: head, anchor });
  });
}
