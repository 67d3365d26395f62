// What can be done, by name: behind the "?" table, the command palette, buttons and keys.

export class Commands {
  constructor(editor) {
    this.editor = editor;
    this.all = new Map();
  }

  // {id, title, key?, keys?, part?, where?, when?, run(detail)}. A command without title is not
  // listed. Its key works in the grid, or with `where: "page"` on the whole page. A command that
  // answers false did nothing, and the key goes on.
  add(command) {
    this.all.set(command.id, command);
  }

  // Runs what belongs to a key; answers whether anything did.
  press(pressed, detail) {
    for (const command of this.all.values()) {
      if (![command.key, ...(command.keys ?? [])].includes(pressed)) continue;
      if (detail.everywhere ? command.where !== "page" : false) continue;
      if (command.when && !command.when(detail)) continue;
      if (command.run(detail) !== false) return true;
    }
    return false;
  }

  run(id, detail) {
    const command = this.all.get(id);
    if (!command || (command.when && !command.when(detail))) return undefined;
    return command.run(detail);
  }

  can(id) {
    const command = this.all.get(id);
    return Boolean(command && (!command.when || command.when()));
  }

  listed() {
    return [...this.all.values()].filter((command) => command.title);
  }
}

const mac = () => /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

// "Ctrl+Shift+ArrowUp" for people: "Ctrl + Shift + ↑", with ⌘ on a Mac.
export function keyWords(key, { apple = mac() } = {}) {
  const names = {
    Ctrl: apple ? "⌘" : "Ctrl",
    Alt: apple ? "⌥" : "Alt",
    ArrowUp: "↑",
    ArrowDown: "↓",
    ArrowLeft: "←",
    ArrowRight: "→",
  };
  return key
    .split(" ")
    .map((one) => (one === "+" ? one : one.split("+").map((part) => names[part] ?? part).join(" + ")))
    .join(" ");
}

// The name of a pressed key as commands write it. Signs that need Shift on some keyboards
// ("?", "/") go by the sign alone.
export function keyOf(event) {
  const sign = event.key.length === 1 && !/[a-z0-9 ]/i.test(event.key);
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && !sign) parts.push("Shift");
  parts.push(event.key.length === 1 ? event.key.toUpperCase() : event.key);
  return parts.join("+");
}
