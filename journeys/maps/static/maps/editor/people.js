// Who else is here: faces in the toolbar, and where they are: an outline with a flag on the cell.

import { el, slot, soon } from "./nodes.js";

const MOST = 5;

export function start(editor) {
  const { doc } = editor;
  const t = (key, values) => editor.t(key, values);
  if (!doc.urls.sync) return;
  let people = [];
  const place = slot("people");
  const list = el("ul", { css: "jm-people", "aria-label": t("people.here") });
  place?.replaceChildren(list);

  // The same colleague keeps one colour as long as the page is open.
  const colours = new Map();
  const colourOf = (person) => {
    const key = person.member ?? person.client;
    if (!colours.has(key)) colours.set(key, (colours.size % 5) + 1);
    return colours.get(key);
  };

  // Somebody with two windows is one person; the window that moved last tells the place.
  function once(found) {
    const seen = new Map();
    // One's own other window is nobody else.
    for (const person of found) if (person.member !== doc.me?.id) seen.set(person.member ?? person.client, person);
    return [...seen.values()];
  }

  function faces() {
    const shown = people.slice(0, MOST);
    const made = shown.map((person) =>
      el(
        "li",
        { css: `jm-peer peer-${colourOf(person)}`, title: t(person.place ? "people.at" : "people.reading", { name: person.name }) },
        el("span", { "aria-hidden": "true" }, person.initials),
        el("span", { css: "vh" }, person.name),
      ),
    );
    const more = people.slice(MOST);
    if (more.length) {
      const names = more.map((person) => person.name).join(", ");
      made.push(el("li", { css: "jm-peer jm-peer-more", title: names }, `+${more.length}`, el("span", { css: "vh" }, names)));
    }
    list.replaceChildren(...made);
    list.hidden = !people.length;
  }

  function flags() {
    const wanted = new Map();
    for (const person of people) if (person.place) wanted.set(person.place, [...(wanted.get(person.place) ?? []), person]);
    for (const cell of document.querySelectorAll(".jm-peer-cell")) {
      if (wanted.has(cell.id)) continue;
      cell.classList.remove("jm-peer-cell", "peer-1", "peer-2", "peer-3", "peer-4", "peer-5");
      cell.querySelector(":scope > .jm-peer-flag")?.remove();
    }
    for (const [id, here] of wanted) {
      const cell = document.getElementById(id);
      if (!cell?.closest(".jm-map")) continue;
      const names = here.map((person) => person.name.split(" ")[0]).join(", ");
      const css = `peer-${colourOf(here[0])}`;
      let flag = cell.querySelector(":scope > .jm-peer-flag");
      if (!flag) cell.append((flag = el("span", { css: "jm-peer-flag" })));
      if (flag.textContent !== names) flag.textContent = names;
      cell.classList.remove("peer-1", "peer-2", "peer-3", "peer-4", "peer-5");
      cell.classList.add("jm-peer-cell", css);
    }
  }

  const later = soon(flags);
  editor.on("people", (fresh) => {
    const before = new Set(people.map((person) => person.name));
    people = once(fresh ?? []);
    const come = people.filter((person) => !before.has(person.name)).map((person) => person.name);
    if (come.length) editor.say(t("people.came", { names: come.join(", ") }));
    faces();
    flags();
  });
  editor.on("drawn", later);
  faces();
}
