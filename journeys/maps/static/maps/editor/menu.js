// A menu of things to do, with keys, groups and a search. Built for the moment, at the end of the
// page, above everything. With `owner` the focus stays where one writes and the menu listens there.

import { icon } from "./cards.js";
import { el } from "./nodes.js";

let open = null;
let count = 0;

export const closeMenu = (options) => open?.close(options);
export const menuIsOpen = () => Boolean(open);

function row(item, id) {
  if (item.rule) return el("li", { css: "jm-rule", role: "separator" });
  if (item.group) return el("li", { css: "jm-group", role: "presentation" }, item.group);
  const choice = "checked" in item;
  const node = el(
    "button",
    { type: "button", css: "jm-item", id, role: choice ? "menuitemradio" : "menuitem", tabindex: "-1", "aria-disabled": item.disabled ? "true" : null, "aria-checked": choice ? String(Boolean(item.checked)) : null },
    choice ? icon("check", "jm-tick") : item.icon ? icon(item.icon) : null,
    el("span", {}, item.label),
    item.key ? el("kbd", {}, item.key) : item.hint ? el("small", {}, item.hint) : null,
  );
  return el("li", { role: "none" }, node);
}

export class Menu {
  constructor(editor, anchor, items, options = {}) {
    closeMenu({ restore: false });
    Object.assign(this, { editor, anchor, items, options });
    this.name = `jm-menu-${(count += 1)}`;
    this.back = document.activeElement;
    this.list = el("ul", { css: "jm-items", role: "menu", "aria-label": options.title ?? "" });
    this.field = options.search
      ? el("input", { type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "true", "aria-label": options.title ?? editor.t("choose.search"), placeholder: options.placeholder ?? editor.t("choose.search"), "aria-controls": `${this.name}-list` })
      : null;
    this.list.id = `${this.name}-list`;
    this.node = el("div", { css: "jm-menu", popover: "manual" }, this.field, this.list, options.foot ? el("div", { css: "jm-menu-foot" }, options.foot) : null);
    this.node.addEventListener("click", (event) => this.#click(event));
    this.node.addEventListener("pointermove", (event) => this.#hover(event));
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.field?.addEventListener("input", () => this.#ask());
    this.outside = (event) => {
      if (!this.node.contains(event.target)) this.close({ restore: false });
    };
    this.ownerKey = (event) => {
      if (this.key(event)) event.stopImmediatePropagation();
    };
    this.#show();
  }

  #show() {
    const host = this.options.host ?? document.querySelector("main") ?? document.body;
    host.append(this.node);
    if (this.options.host) this.node.removeAttribute("popover");
    else this.node.showPopover?.();
    this.draw(this.items);
    if (!this.options.host) this.place();
    document.addEventListener("pointerdown", this.outside, true);
    this.options.owner?.addEventListener("keydown", this.ownerKey, true);
    if (this.field) {
      if (this.options.query) this.field.value = this.options.query;
      this.field.focus();
      if (this.options.query !== undefined || this.options.ask) this.#ask();
    } else if (!this.options.owner) this.#mark(this.at);
    open = this;
  }

  place() {
    const box = this.anchor.getBoundingClientRect?.() ?? this.anchor;
    const { offsetWidth: width, offsetHeight: height } = this.node;
    let left = box.left;
    let top = box.bottom + 4;
    if (this.options.beside) {
      left = box.right + 8;
      top = box.top;
      // Beside, on the side where there is room: never over the text.
      if (left + width > window.innerWidth - 8) left = box.left - width - 8;
      if (left < 8) {
        left = Math.min(Math.max(box.left, 8), window.innerWidth - width - 8);
        top = box.bottom + 6;
      }
    }
    if (top + height > window.innerHeight - 8) top = this.options.beside ? window.innerHeight - height - 8 : Math.max(box.top - height - 4, 8);
    left = Math.max(8, Math.min(left, window.innerWidth - width - 8));
    this.node.style.left = `${left}px`;
    this.node.style.top = `${Math.max(top, 8)}px`;
  }

  draw(items) {
    this.shown = items.filter(Boolean);
    this.list.replaceChildren(...this.shown.map((item, place) => row(item, `${this.name}-${place}`)));
    // Before the first answer there is nothing to say.
    const waiting = typeof this.options.search === "function" && items === this.items;
    if (!this.shown.length && !waiting) this.list.append(el("li", { css: "jm-quiet" }, this.editor.t("choose.no_matches")));
    this.at = -1;
    const checked = this.shown.findIndex((item) => item.checked);
    this.#mark(checked >= 0 && !this.field ? checked : this.#next(-1, 1), { quiet: Boolean(this.field || this.options.owner) });
  }

  filter(query) {
    const words = query.trim().toLowerCase();
    const found = words
      ? this.items.filter((item) => item?.label?.toLowerCase().includes(words) && !item.group)
      : this.items;
    this.draw(found);
    return found.length;
  }

  async #ask() {
    const { search } = this.options;
    const query = this.field.value;
    if (typeof search !== "function") {
      this.filter(query);
      return;
    }
    const asked = (this.asked = Symbol(query));
    await new Promise((resolve) => setTimeout(resolve, 120));
    if (this.asked !== asked) return;
    const items = await search(query.trim()).catch(() => []);
    if (this.asked === asked && this.node.isConnected) this.draw(items);
  }

  #next(from, way) {
    const count = this.shown.length;
    for (let step = 1; step <= count; step += 1) {
      const place = (from + way * step + count * 2) % count;
      const item = this.shown[place];
      if (item && !item.rule && !item.group) return place;
    }
    return -1;
  }

  #mark(place, { quiet = false } = {}) {
    const before = this.list.querySelector(".on");
    if (before) {
      before.classList.remove("on");
      before.tabIndex = -1;
    }
    this.at = place;
    const node = document.getElementById(`${this.name}-${place}`);
    if (!node) return;
    node.classList.add("on");
    node.tabIndex = 0;
    node.scrollIntoView({ block: "nearest" });
    (this.field ?? this.options.owner)?.setAttribute("aria-activedescendant", node.id);
    if (!quiet && !this.field && !this.options.owner) node.focus();
  }

  #hover(event) {
    const node = event.target.closest(".jm-item");
    const place = node ? Number(node.id.split("-").at(-1)) : -1;
    if (place >= 0 && place !== this.at) this.#mark(place, { quiet: true });
  }

  #click(event) {
    const node = event.target.closest(".jm-item");
    if (node) this.choose(Number(node.id.split("-").at(-1)));
  }

  choose(place) {
    const item = this.shown[place];
    if (!item || item.disabled) return;
    this.close();
    item.run?.();
  }

  // Answers whether the key was for the menu.
  key(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") this.#mark(this.#next(this.at, key === "ArrowDown" ? 1 : -1));
    else if ((key === "Home" || key === "End") && !this.field && !this.options.owner) this.#mark(key === "Home" ? this.#next(-1, 1) : this.#next(0, -1));
    else if (key === "Enter" && !event.isComposing) {
      if (this.at >= 0) this.choose(this.at);
      else if (this.options.owner) {
        this.close();
        return false;
      }
    } else if (key === "Escape") this.close();
    else if (key === "Tab") this.close();
    else {
      const place = this.shown?.findIndex((item) => item.key && item.key.toUpperCase() === key.toUpperCase() && key.length === 1);
      if (place >= 0 && !this.field && !this.options.owner && !event.ctrlKey) this.choose(place);
      else {
        if (!this.options.owner) event.stopPropagation();
        return false;
      }
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  close({ restore = true } = {}) {
    if (open === this) open = null;
    document.removeEventListener("pointerdown", this.outside, true);
    this.options.owner?.removeEventListener("keydown", this.ownerKey, true);
    this.options.owner?.removeAttribute("aria-activedescendant");
    this.node.remove();
    this.options.closed?.();
    if (restore && !this.options.owner && this.back?.isConnected) this.back.focus({ preventScroll: true });
  }
}

export function start(editor) {
  editor.menu = (anchor, items, options) => new Menu(editor, anchor, items, options);
}
