// @names in comments: a list of colleagues while writing, and names that stand out when read.

import { el } from "./nodes.js";

// The part of a text that asks for a name: "@ma" before the caret → {from, query}. Pure.
export function asking(text, caret) {
  const found = /(^|\s)@([\p{L}\p{N}._'’-]{0,40})$/u.exec(text.slice(0, caret));
  return found ? { from: caret - found[2].length - 1, query: found[2].toLowerCase() } : null;
}

// A text cut at the names that it mentions → [{text, name}]. Pure; longer names first.
export function cut(text, names) {
  const sorted = [...names].sort((a, b) => b.length - a.length);
  const pieces = [];
  let rest = text;
  while (rest) {
    let first = null;
    for (const name of sorted) {
      const at = rest.indexOf(`@${name}`);
      if (at >= 0 && (!first || at < first.at)) first = { at, name };
    }
    if (!first) break;
    if (first.at) pieces.push({ text: rest.slice(0, first.at), name: "" });
    pieces.push({ text: `@${first.name}`, name: first.name });
    rest = rest.slice(first.at + first.name.length + 1);
  }
  if (rest) pieces.push({ text: rest, name: "" });
  return pieces;
}

export function mentionsOf(text, people) {
  const pieces = cut(text, people.map((one) => one.name));
  return pieces.map((piece) => (piece.name ? el("b", { css: "jm-mention" }, piece.text) : piece.text));
}

// Autocompletion in a textarea: a listbox below it, chosen with the arrows and Enter.
export function mentionIn(editor, area) {
  const { doc } = editor;
  const t = (key, values) => editor.t(key, values);
  const id = `jm-names-${Math.random().toString(36).slice(2)}`;
  const list = el("ul", { css: "jm-names", role: "listbox", id, hidden: true, "aria-label": t("comments.people") });
  let found = [];
  let active = 0;

  const close = () => {
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
    area.removeAttribute("aria-controls");
  };
  const mark = () => {
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    area.setAttribute("aria-activedescendant", `${id}-${active}`);
  };
  const take = (person) => {
    const at = asking(area.value, area.selectionStart);
    if (!at) return;
    area.setRangeText(`@${person.name} `, at.from, area.selectionStart, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    area.focus();
  };
  const look = () => {
    const at = asking(area.value, area.selectionStart);
    found = at ? doc.people.filter((one) => one.name.toLowerCase().split(/\s+/).some((word) => word.startsWith(at.query)) || one.name.toLowerCase().startsWith(at.query)).slice(0, 6) : [];
    if (!found.length) return close();
    active = 0;
    list.replaceChildren(
      ...found.map((one, i) =>
        el("li", { role: "option", id: `${id}-${i}`, onpointerdown: (event) => {
          event.preventDefault();
          take(one);
        } }, el("span", { css: "jm-face", "aria-hidden": "true" }, one.initials), one.name, one.title ? el("small", {}, one.title) : null),
      ),
    );
    list.hidden = false;
    area.setAttribute("aria-controls", id);
    mark();
  };
  area.setAttribute("aria-autocomplete", "list");
  area.after(list);
  area.addEventListener("input", look);
  area.addEventListener("blur", close);
  area.addEventListener(
    "keydown",
    (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        active = (active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
        mark();
      } else if (event.key === "Enter" || event.key === "Tab") take(found[active]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}
