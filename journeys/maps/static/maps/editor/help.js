// All keys behind "?", all commands behind Ctrl+K.

import { keyWords } from "./commands.js";
import { el } from "./nodes.js";
import { Menu } from "./menu.js";

// Keys that are no commands: they go around or belong to writing.
const OTHERS = [
  ["walk", "keys.arrows", "ArrowUp ArrowDown ArrowLeft ArrowRight"],
  ["walk", "keys.home", "Home End"],
  ["walk", "keys.corner", "Ctrl+Home Ctrl+End"],
  ["walk", "keys.page", "PageUp PageDown"],
  ["cell", "keys.extend", "Shift+ArrowUp Shift+ArrowDown Shift+ArrowLeft Shift+ArrowRight"],
  ["edit", "keys.write", "A … Z"],
  ["edit", "keys.next", "Tab"],
  ["edit", "keys.newline", "Shift+Enter"],
  ["edit", "keys.leave", "Esc"],
  ["card", "keys.severity", "1 2 3"],
];
const PARTS = ["walk", "cell", "edit", "card", "map"];

export function start(editor) {
  const { commands } = editor;

  function table() {
    const rows = [
      ...OTHERS.filter(() => editor.edits).concat(editor.edits ? [] : OTHERS.filter(([part]) => part === "walk")).map(([part, title, keys]) => ({ part, title: editor.t(title), keys })),
      ...commands.listed().filter((command) => command.key && (editor.edits || command.reading)).map((command) => ({ part: command.part ?? "map", title: command.title, keys: [command.key, ...(command.keys ?? []).filter((key) => key.startsWith("Ctrl"))].join(" ") })),
    ];
    const parts = [...new Set([...PARTS, ...rows.map((row) => row.part)])];
    return el("div", { css: "jm-keys" }, parts.map((part) => {
      const own = rows.filter((row) => row.part === part);
      if (!own.length) return null;
      return el("section", {}, el("h3", {}, editor.t(`keys.part.${part}`)),
        el("dl", {}, own.map((row) => el("div", {}, el("dt", {}, row.title), el("dd", {}, row.keys.split(" ").map((key) => [el("kbd", { css: "jm-kbd" }, keyWords(key)), " "]))))));
    }));
  }

  commands.add({ id: "keys", title: editor.t("keys.table"), key: "?", part: "map", where: "page", reading: true, run: () => { editor.dialog(editor.t("keys.title"), table(), { wide: true }); } });

  commands.add({ id: "palette", title: editor.t("keys.palette"), key: "Ctrl+K", part: "map", where: "page", reading: true, run: () => {
    const place = editor.selection.element;
    const items = commands.listed()
      .filter((command) => command.id !== "palette" && (!command.when || command.when({ place })))
      .map((command) => ({ label: command.title, hint: command.key ? keyWords(command.key) : "", icon: command.icon, run: () => {
        editor.closeDialog();
        setTimeout(() => command.run({ place, card: editor.selection.focusedCard() }));
      } }));
    const host = el("div", { css: "jm-palette-body" });
    editor.dialog("", host, { css: "jm-palette" });
    const menu = new Menu(editor, host, items, { search: true, host, title: editor.t("keys.palette"), closed: () => {} });
    menu.node.addEventListener("keydown", (event) => event.key === "Escape" && editor.closeDialog());
  } });
}
