// Views: which lanes somebody looks at. Tabs in the toolbar; the chosen one is part of the address.

import { askFor, confirmed, textField } from "./asking.js";
import { button, el, parameter, setParameter, slot } from "./nodes.js";

export function start(editor) {
  const { model, doc } = editor;
  const t = (key, values) => editor.t(key, values);
  const place = slot("views");
  if (!place) return;
  let views = doc.views ?? [];
  const may = Boolean(doc.may.edit && doc.urls.views);
  let current = views.find((view) => view.id === parameter("view")) ?? null;
  const list = el("div", { css: "jm-tabs-row", role: "tablist", "aria-label": t("views.title") });
  const tools = el("span", { css: "jm-view-tools" });

  function apply({ draw = true } = {}) {
    model.view = current ? new Set(current.lanes) : null;
    setParameter("view", current?.id ?? "");
    tabs();
    if (!draw) return;
    editor.grid.draw();
    editor.emit("view", { view: current });
  }

  function choose(view, focus = true) {
    if (view === current) return;
    current = view;
    apply();
    editor.say(t("views.shown", { name: view?.name ?? t("views.everything"), n: model.visibleLanes().length }));
    if (focus) list.querySelector('[aria-selected="true"]')?.focus();
  }

  function tabs() {
    const tab = (view, name) => {
      const on = view === current;
      const node = button("", () => choose(view), name);
      node.setAttribute("role", "tab");
      node.setAttribute("aria-selected", String(on));
      node.tabIndex = on ? 0 : -1;
      if (view && may) node.title = t("views.hint");
      if (view && may) node.addEventListener("contextmenu", (event) => {
        event.preventDefault();
        menu(view, node);
      });
      return node;
    };
    list.replaceChildren(tab(null, t("views.everything")), ...views.map((view) => tab(view, view.name)));
    tools.replaceChildren(...(may ? buttons() : []));
  }

  function buttons() {
    const add = button("jm-icon", () => save(), editor.icon("plus"), el("span", { css: "vh" }, t("views.new")));
    add.title = t("views.new");
    if (!current) return [add];
    const shown = current;
    const more = button("jm-icon", () => menu(shown, more), "⋯", el("span", { css: "vh" }, t("views.menu", { name: shown.name })));
    more.setAttribute("aria-haspopup", "menu");
    return [more, add];
  }

  list.addEventListener("keydown", (event) => {
    const all = [null, ...views];
    const at = all.indexOf(current);
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) choose(all[(at + by + all.length) % all.length]);
    else if (event.key === "Home") choose(null);
    else if (event.key === "End") choose(all.at(-1));
    else if ((event.key === "ContextMenu" || event.key === "F2") && current && may) menu(current, event.target);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  async function send(id, method, body) {
    try {
      return await editor.fetchJSON(id ? `${doc.urls.views}${id}/` : doc.urls.views, { method, body });
    } catch (problem) {
      editor.toast(problem.problem?.detail ?? t("views.failed"));
      return undefined;
    }
  }

  // Which lanes belong to a view: checkboxes, those that are seen now ticked.
  function laneBoxes(chosen) {
    const boxes = model.lanes.map((lane) => {
      const box = el("input", { type: "checkbox", value: lane.key, checked: chosen.has(lane.key) });
      box.dataset.lane = lane.key;
      return el("label", { css: "jm-check" }, box, model.titleOf(lane));
    });
    return el("fieldset", { css: "jm-boxes" }, el("legend", {}, t("views.lanes")), ...boxes);
  }

  const ticked = (boxes) => [...boxes.querySelectorAll("input:checked")].map((box) => box.dataset.lane);

  async function save() {
    const name = textField("", 40);
    const boxes = laneBoxes(new Set(model.visibleLanes().map((lane) => lane.key)));
    const answer = await askFor(editor, t("views.new"), [["name", t("views.name"), name]], t("views.save"), { lead: boxes });
    if (!answer?.name) return;
    const view = await send("", "POST", { name: answer.name, lanes: ticked(boxes) });
    if (!view) return;
    views = [...views, view];
    choose(view);
  }

  async function change(view) {
    const name = textField(view.name, 40);
    const boxes = laneBoxes(new Set(view.lanes));
    const answer = await askFor(editor, t("views.change"), [["name", t("views.name"), name]], t("views.save"), { lead: boxes });
    if (!answer?.name) return;
    const fresh = await send(view.id, "PATCH", { name: answer.name, lanes: ticked(boxes) });
    if (!fresh) return;
    views = views.map((one) => (one.id === view.id ? fresh : one));
    if (current?.id === view.id) current = fresh;
    apply();
  }

  async function remove(view) {
    if (!(await confirmed(editor, t("views.delete"), t("views.delete_sure", { name: view.name }), t("views.delete")))) return;
    if ((await send(view.id, "DELETE")) === undefined) return;
    views = views.filter((one) => one.id !== view.id);
    if (current?.id === view.id) current = null;
    apply();
    list.querySelector('[aria-selected="true"]')?.focus();
  }

  function menu(view, anchor) {
    editor.menu(anchor, [
      { label: t("views.change"), icon: "settings", run: () => change(view) },
      { label: t("views.delete"), icon: "cross", run: () => remove(view) },
    ]);
  }

  place.replaceChildren(list, tools);
  if (may) editor.commands.add({ id: "view.new", part: "map", title: t("views.new"), run: save });
  apply({ draw: false });
}
