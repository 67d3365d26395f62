// Versions: publish with a summary of what changes, the history, comparing and restoring, and the
// way from the as-is journey to the to-be one and back.

import { confirmed } from "./asking.js";
import { compareOnMap, differencesList } from "./diff.js";
import { button, el, language, slot } from "./nodes.js";

export function start(editor) {
  const { doc, model } = editor;
  const t = (key, values) => editor.t(key, values);
  const { urls, may } = doc;
  const day = (iso) => new Date(iso).toLocaleDateString(language(), { day: "numeric", month: "short", year: "numeric" });
  const troubled = (problem, words) => editor.toast(problem.problem?.detail ?? t(words), { bad: true });

  // What is not yet sent must be there before the server compares or publishes.
  async function sent() {
    for (let tries = 0; tries < 40 && (editor.queue?.pending.length ?? 0) > 0; tries += 1) {
      editor.sync?.now();
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  // --- publishing ------------------------------------------------------------------------------

  async function publish() {
    await sent();
    let ready;
    try {
      ready = await editor.fetchJSON(urls.publish);
    } catch (problem) {
      troubled(problem, "publish.failed");
      return;
    }
    const note = el("textarea", { rows: 2, maxlength: 240, id: "jm-publish-note" });
    const blocked = ready.blockers.length > 0;
    const go = el("button", { type: "submit", value: "ok", css: "btn pri sm" }, t("publish.do", { number: ready.number }));
    go.disabled = blocked;
    const cancel = el("button", { type: "submit", value: "", css: "btn sm", formnovalidate: true }, t("ask.cancel"));
    let confirmedIt = false;
    let show = null;
    const form = el(
      "form",
      { method: "dialog", css: "jm-form" },
      ...ready.blockers.map((one) => notice(one, "bad", (where) => (show = where))),
      ...(ready.warnings ?? []).map((one) => notice(one, "watch", (where) => (show = where))),
      el("p", { css: "jm-lead" }, summaryOf(ready.changes), " ", t(ready.live ? "publish.since" : "publish.first", { number: ready.live ?? "" })),
      ready.changes.cells?.length ? el("details", { css: "jm-more" }, el("summary", {}, t("publish.cells", { n: ready.changes.cells.length })), differencesList(editor, ready.changes.cells)) : null,
      el("div", { css: "jm-field" }, el("label", { for: "jm-publish-note" }, t("publish.note")), note, el("p", { css: "help" }, t("publish.note_help"))),
      el("div", { css: "jm-form-go" }, go, cancel),
    );
    form.addEventListener("submit", (event) => (confirmedIt = event.submitter === go));
    form.addEventListener("click", (event) => {
      if (event.target.closest("[data-show]")) form.requestSubmit(cancel);
    });
    await editor.dialog(t("publish.title"), form, { wide: true });
    if (show) point(show);
    if (!confirmedIt || blocked) return;
    try {
      await editor.fetchJSON(urls.publish, { method: "POST", body: { note: note.value.trim() } });
      window.location.reload();
    } catch (problem) {
      troubled(problem, "publish.failed");
    }
  }

  // "Two steps have no responsible department. Show them"
  function notice(one, css, show) {
    const link = one.where?.length ? button("jm-link", () => show(one.where), t("publish.show")) : null;
    link?.setAttribute("data-show", "");
    return el("p", { css: `notice ${css}` }, el("span", {}, one.detail, " ", link));
  }

  function point(keys) {
    const wanted = new Set(keys);
    const nodes = ["step", "card", "lane", "stage"].flatMap((kind) => {
      const letter = { step: "h", card: "k", lane: "l", stage: "p" }[kind];
      return [...model.rows[kind].values()].filter((row) => wanted.has(row.key)).map((row) => document.getElementById(`${letter}-${row.id}`));
    });
    const found = nodes.filter(Boolean);
    for (const node of found) {
      node.classList.add("jm-pointed");
      setTimeout(() => node.classList.remove("jm-pointed"), 6000);
    }
    found[0]?.scrollIntoView({ block: "nearest", inline: "center" });
    found[0]?.focus();
  }

  function summaryOf(counts) {
    const parts = ["added", "changed", "moved", "removed"].filter((how) => counts[how]).map((how) => t(`diff.n_${how}`, { n: counts[how] }));
    return parts.length ? `${parts.join(", ")}.` : t("diff.nothing");
  }

  async function edit() {
    try {
      await editor.fetchJSON(urls.draft, { method: "POST", body: {} });
    } catch (problem) {
      if (problem.status >= 400) {
        troubled(problem, "publish.failed");
        return;
      }
    }
    window.location.reload();
  }

  // --- history ---------------------------------------------------------------------------------

  async function history() {
    let versions;
    try {
      versions = (await editor.fetchJSON(urls.versions)).versions;
    } catch (problem) {
      troubled(problem, "versions.failed");
      return;
    }
    const host = el("div", { css: "jm-history" });
    const show = (node) => host.replaceChildren(node);
    const chosen = { a: versions[1]?.id ?? versions[0]?.id, b: versions[0]?.id };
    const list = () => {
      const options = (name) => {
        const made = el("select", { "aria-label": t(`versions.${name}`), onchange: (event) => (chosen[name] = event.target.value) }, ...versions.map((one) => el("option", { value: one.id }, title(one))));
        made.value = chosen[name];
        return made;
      };
      const compare = button("btn sm", () => comparing(chosen.a, chosen.b, show, list), t("versions.compare"));
      const bar = versions.length > 1 ? el("div", { css: "jm-compare" }, options("a"), el("span", {}, t("versions.with")), options("b"), compare) : null;
      show(el("div", {}, bar, el("ol", { css: "jm-versions" }, ...versions.map((one, i) => entry(one, versions[i + 1], show, list)))));
    };
    list();
    await editor.dialog(t("versions.title"), host, { wide: true });
  }

  const title = (one) => t("versions.version", { number: one.number });

  function entry(one, before, show, back) {
    const facts = [
      t(`status.${one.status}`),
      one.published_at ? day(one.published_at) : "",
      one.published_by?.name ?? "",
      t("versions.cards", { n: one.cards }),
      before ? t("versions.changed", { n: one.changed }) : "",
    ];
    const compare = before ? button("btn sm", () => comparing(before.id, one.id, show, back), t("versions.what_changed")) : null;
    const restore = may.edit || may.publish ? button("btn sm", () => bringBack(one), t("versions.restore")) : null;
    const current = one.id === doc.version.id;
    return el(
      "li",
      { "aria-current": current ? "true" : null },
      el("div", {}, el("b", {}, title(one)), current ? el("span", { css: "tag" }, t("versions.this")) : null, el("small", {}, facts.filter(Boolean).join(" · ")), one.note ? el("p", {}, one.note) : null),
      el("span", { css: "jm-version-tools" }, compare, one.status === "draft" ? null : restore),
    );
  }

  async function comparing(a, b, show, back) {
    try {
      const address = new URL(`${urls.versions}diff/`, window.location.href);
      address.searchParams.set("a", a);
      address.searchParams.set("b", b);
      const found = await editor.fetchJSON(address.pathname + address.search);
      const again = button("btn sm", back, editor.icon("back"), t("versions.back"));
      const onMap = b === doc.version.id && found.cells.length ? button("btn pri sm", (event) => {
        event.target.closest("dialog")?.close();
        compareOnMap(editor, found);
      }, t("diff.on_map")) : null;
      show(
        el(
          "div",
          { css: "jm-comparison" },
          el("div", { css: "jm-form-go" }, again, onMap),
          el("h3", { tabindex: "-1" }, t("diff.title", { a: found.a.number, b: found.b.number })),
          el("p", { css: "jm-lead" }, summaryOf(found.totals)),
          ...["stages", "steps", "lanes"].map((kind) => things(kind, found[kind])),
          differencesList(editor, found.cells),
        ),
      );
      document.querySelector(".jm-comparison h3")?.focus();
    } catch (problem) {
      troubled(problem, "versions.failed");
    }
  }

  function things(kind, found) {
    const rows = ["added", "changed", "moved", "removed"].flatMap((how) =>
      (found?.[how] ?? []).map((one) => el("li", {}, el("span", { css: `jm-how ${how}` }, t(`diff.${how}`)), " ", one.was_title ? `${one.was_title} → ${one.title}` : one.title)),
    );
    return rows.length ? el("section", {}, el("h4", {}, t(`diff.${kind}`)), el("ul", { css: "jm-diff-list" }, ...rows)) : null;
  }

  async function bringBack(one) {
    const words = t(may.edit ? "versions.restore_sure" : "versions.restore_new", { number: one.number });
    if (!(await confirmed(editor, t("versions.restore"), words, t("versions.restore")))) return;
    await sent();
    try {
      await editor.fetchJSON(urls.versions, { method: "POST", body: { restore: one.id } });
      window.location.reload();
    } catch (problem) {
      troubled(problem, "versions.failed");
    }
  }

  // --- as it is, as it should be ---------------------------------------------------------------

  async function toBe() {
    const sure = await confirmed(editor, t("counterpart.make"), t("counterpart.make_sure"), t("counterpart.make_do"));
    if (!sure) return;
    await sent();
    try {
      const made = await editor.fetchJSON(urls.versions, { method: "POST", body: { to_be: true } });
      window.location.assign(made.url);
    } catch (problem) {
      troubled(problem, "counterpart.failed");
    }
  }

  function toggle() {
    const { kind, counterpart } = doc.map;
    const place = urls.versions || counterpart ? slot("counterpart") : null;
    if (!place) return;
    const item = (key) => {
      const words = t(`counterpart.${key}`);
      if (key === kind) return el("span", { css: "jm-seg-item", "aria-current": "page" }, words);
      if (counterpart) return el("a", { css: "jm-seg-item", href: counterpart.url }, words);
      return key === "to_be" && may.publish && urls.versions ? button("jm-seg-item", toBe, words) : null;
    };
    const items = ["as_is", "to_be"].map(item).filter(Boolean);
    place.replaceChildren(el("span", { css: "jm-seg", role: "group", "aria-label": t("counterpart.title") }, ...items));
  }

  // The to-be map shows what was, greyed, below what should be.
  function asIs() {
    for (const [key, words] of Object.entries(doc.as_is ?? {})) {
      const card = [...model.rows.card.values()].find((one) => one.key === key);
      const node = card && document.getElementById(`k-${card.id}`);
      if (!node) continue;
      node.querySelector(":scope > .jm-as-is")?.remove();
      if (card.text !== words) node.append(el("small", { css: "jm-as-is" }, el("span", { css: "vh" }, `${t("counterpart.as_is")}: `), words));
    }
  }

  toggle();
  if (Object.keys(doc.as_is ?? {}).length) editor.on("drawn", asIs);
  const { commands } = editor;
  if (urls.versions) {
    commands.add({ id: "version.history", part: "map", title: t("versions.title"), run: history });
    const open = button("jm-icon", history, editor.icon("clock"), el("span", { css: "vh" }, t("versions.title")));
    open.title = t("versions.title");
    slot("history")?.replaceChildren(open);
  }
  const place = may.publish ? slot("publish") : null;
  if (may.edit && may.publish && urls.publish) {
    commands.add({ id: "version.publish", part: "map", title: t("publish.title"), run: publish });
    place?.replaceChildren(button("btn pri sm", publish, t("publish.title")));
  } else if (may.publish && !may.edit && urls.draft && doc.version.status !== "draft") {
    place?.replaceChildren(button("btn pri sm", edit, t("publish.edit")));
  }
}
