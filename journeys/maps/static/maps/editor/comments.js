// What colleagues say: counts on cards and headings, and the tab with the threads of what is in
// focus. A thread can be answered, handed to somebody, resolved and opened again.

import { mentionIn, mentionsOf } from "./mentions.js";
import { button, el, language, slot, soon, when } from "./nodes.js";

export function start(editor) {
  const { model, doc } = editor;
  const t = (key, values) => editor.t(key, values);
  if (!doc.urls.comments) return;
  let counts = doc.comments?.open ?? {};
  let stamp = doc.comments?.stamp ?? "";
  let whole = false; // the whole map's threads rather than those of what is in focus
  let onlyOpen = true;
  let loading = 0;
  let threads = [];
  let written = ""; // what somebody has begun to write, kept while the focus moves

  // --- counts ----------------------------------------------------------------------------------

  const total = () => Object.values(counts).reduce((sum, n) => sum + n, 0);

  function elementOf(key) {
    const found = (kind) => [...model.rows[kind].values()].find((row) => row.key === key);
    const row = found("card");
    if (row) return document.getElementById(`k-${row.id}`);
    for (const [kind, letter] of [["step", "h"], ["stage", "p"], ["lane", "l"]]) {
      const one = found(kind);
      if (one) return document.getElementById(`${letter}-${one.id}`);
    }
    return null;
  }

  function badges() {
    const wanted = new Map(Object.entries(counts).filter(([key, n]) => key !== "map" && n > 0));
    for (const old of document.querySelectorAll(".jm-map .jm-note-count")) {
      const n = wanted.get(old.dataset.anchor);
      if (n === undefined || old.parentElement !== elementOf(old.dataset.anchor)) old.remove();
      else {
        label(old, n);
        wanted.delete(old.dataset.anchor);
      }
    }
    for (const [key, n] of wanted) {
      const badge = button("jm-note-count", (event) => {
        event.stopPropagation();
        showFor(key);
      });
      badge.dataset.anchor = key;
      badge.tabIndex = -1;
      label(badge, n);
      elementOf(key)?.append(badge);
    }
  }

  function label(badge, n) {
    const words = t("comments.open", { n });
    badge.replaceChildren(String(n));
    badge.setAttribute("aria-label", words);
    badge.title = words;
  }

  function setCounts(fresh) {
    counts = fresh;
    tab?.count(total());
    number.textContent = total() ? String(total()) : "";
    badges();
  }

  // Counts after what was just done here, without asking.
  function recount(anchor, by) {
    const key = anchor ?? "map";
    setCounts({ ...counts, [key]: Math.max(0, (counts[key] ?? 0) + by) });
  }

  // --- which threads ---------------------------------------------------------------------------

  let asked = null; // an anchor that was asked for by its badge
  function anchorOf(place) {
    if (asked) return asked;
    const card = place.card && model.card(place.card);
    if (card) return card.key;
    const cell = place.lane && place.step ? model.cell(place.lane, place.step) : [];
    if (cell.length === 1) return cell[0].key;
    const row = model.step(place.step) ?? model.stage(place.stage) ?? model.lane(place.lane);
    return row?.key ?? null;
  }

  function nameOf(key) {
    if (!key) return t("comments.map");
    for (const kind of ["card", "step", "stage", "lane"]) {
      const row = [...model.rows[kind].values()].find((one) => one.key === key);
      if (!row) continue;
      if (kind === "card") return model.wordsOf(row) || model.step(row.step)?.name || "";
      return kind === "lane" ? model.titleOf(row) : row.name;
    }
    return t("comments.gone");
  }

  async function load(anchor) {
    const mine = (loading += 1);
    const address = new URL(doc.urls.comments, window.location.href);
    if (!whole) address.searchParams.set("anchor", anchor ?? "map");
    const found = (await editor.fetchJSON(address.pathname + address.search)).threads;
    if (mine !== loading) return false;
    threads = found;
    return true;
  }

  async function render(host, place) {
    const anchor = anchorOf(place);
    const list = el("div", { css: "jm-threads" });
    if (!host.contains(document.activeElement)) head(host, anchor, list);
    try {
      if (!(await load(anchor)) || !editor.inspector.is("comments")) return;
    } catch {
      host.append(el("p", { css: "jm-quiet" }, t("comments.failed")));
      return;
    }
    drawList(host.querySelector(".jm-threads") ?? list);
  }

  function head(host, anchor, list) {
    const scope = (on, words) => {
      const chip = button("jm-seg-item", () => {
        whole = on;
        asked = null;
        again(true);
      }, words);
      chip.setAttribute("aria-pressed", String(whole === on));
      return chip;
    };
    const open = el("input", { type: "checkbox", checked: !onlyOpen, onchange: (event) => {
      onlyOpen = !event.target.checked;
      drawList(list);
    } });
    host.replaceChildren(
      el(
        "div",
        { css: "jm-insp-head" },
        el("div", { css: "jm-seg", role: "group", "aria-label": t("comments.which") }, scope(false, t("comments.here")), scope(true, t("comments.all"))),
        el("p", { css: "jm-about" }, whole ? t("comments.map") : nameOf(anchor)),
        el("label", { css: "jm-check" }, open, t("comments.resolved_too")),
      ),
      list,
      doc.may.comment ? composer(anchor) : el("p", { css: "jm-quiet" }, t("comments.read_only")),
    );
  }

  function drawList(list) {
    const shown = threads.filter((thread) => !onlyOpen || !thread.resolved);
    if (!shown.length) {
      list.replaceChildren(el("p", { css: "jm-quiet" }, t(threads.length ? "comments.all_resolved" : "comments.none")));
      return;
    }
    list.replaceChildren(...shown.map(threadNode));
  }

  // --- one thread ------------------------------------------------------------------------------

  function threadNode(thread) {
    const about = whole
      ? button("jm-link jm-about", () => goTo(thread.anchor), nameOf(thread.anchor))
      : null;
    const state = thread.resolved
      ? el("p", { css: "jm-resolved" }, editor.icon("check"), t("comments.resolved_by", { name: thread.resolved.by?.name ?? "" }))
      : null;
    const answers = el("div", {});
    return el(
      "article",
      { css: thread.resolved ? "jm-thread is-resolved" : "jm-thread", "aria-label": t("comments.by", { name: thread.author.name }) },
      about,
      state,
      said(thread, thread),
      ...thread.replies.map((reply) => said(reply, thread)),
      doc.may.comment ? tools(thread, answers) : null,
      answers,
    );
  }

  function said(comment, thread) {
    const body = el("p", { css: "jm-said-text" }, ...mentionsOf(comment.text, doc.people));
    const edited = comment.edited_at ? ` · ${t("comments.edited")}` : "";
    const node = el(
      "div",
      { css: "jm-comment" },
      el("span", { css: "jm-face", "aria-hidden": "true" }, comment.author.initials),
      el("div", {}, el("p", { css: "jm-who" }, el("b", {}, comment.author.name), el("small", {}, when(comment.created_at, language()), edited)), body),
    );
    if (doc.may.comment && (comment.mine || doc.may.edit)) {
      const more = button("jm-icon jm-dots", () => own(comment, thread, node, more), "…", el("span", { css: "vh" }, t("comments.more")));
      more.setAttribute("aria-haspopup", "menu");
      node.append(more);
    }
    return node;
  }

  function own(comment, thread, node, anchor) {
    const edit = { label: t("comments.edit"), icon: "settings", run: () => rewrite(comment, node), disabled: !comment.mine };
    const remove = { label: t("comments.delete"), icon: "cross", run: () => act(() => send(comment.id, "DELETE"), comment === thread && !thread.resolved ? [thread.anchor, -1] : null) };
    editor.menu(anchor, comment.mine ? [edit, remove] : [remove]);
  }

  function rewrite(comment, node) {
    const box = writer(comment.text, t("comments.save"), async (text, mentions) => {
      await send(comment.id, "PATCH", { text, mentions });
    });
    node.querySelector(".jm-said-text").replaceWith(box);
    box.querySelector("textarea").focus();
  }

  function tools(thread, answers) {
    const answer = button("jm-link", () => {
      const box = writer("", t("comments.reply"), (text, mentions) => send("", "POST", { thread: thread.id, anchor: thread.anchor, text, mentions }));
      answers.replaceChildren(box);
      box.querySelector("textarea").focus();
    }, t("comments.reply"));
    const resolved = Boolean(thread.resolved);
    const resolve = button("jm-link", () => act(() => send(thread.id, "PATCH", { resolved: !resolved }), [thread.anchor, resolved ? 1 : -1]), t(resolved ? "comments.reopen" : "comments.resolve"));
    const people = [["", t("comments.nobody")], ...doc.people.map((one) => [one.id, one.name])];
    const assigned = el("select", { "aria-label": t("comments.assigned"), onchange: (event) => act(() => send(thread.id, "PATCH", { assigned_to: event.target.value || null })) }, ...people.map(([id, name]) => el("option", { value: id }, name)));
    assigned.value = thread.assigned_to ?? "";
    return el("div", { css: "jm-thread-tools" }, answer, resolve, el("span", { css: "jm-assign" }, t("comments.for"), assigned));
  }

  const send = (id, method, body) => editor.fetchJSON(id ? `${doc.urls.comments}${id}/` : doc.urls.comments, { method, body });

  async function act(run, count) {
    try {
      await run();
      if (count) recount(...count);
      await again(true);
    } catch (problem) {
      editor.toast(problem.problem?.detail ?? t("comments.failed"));
    }
  }

  // --- writing ---------------------------------------------------------------------------------

  function writer(text, action, run, { keep = false } = {}) {
    const area = el("textarea", { rows: 3, value: text, "aria-label": t("comments.write"), placeholder: t("comments.placeholder"), maxlength: 4000 });
    const submit = el("button", { type: "submit", css: "btn pri sm" }, action);
    const cancel = keep ? null : button("btn sm", () => again(true), t("ask.cancel"));
    const form = el("form", { css: "jm-writer" }, area, el("div", { css: "jm-writer-go" }, submit, cancel));
    mentionIn(editor, area);
    if (keep) area.addEventListener("input", () => (written = area.value));
    area.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = area.value.trim();
      if (!words) return;
      const mentions = doc.people.filter((one) => words.includes(`@${one.name}`)).map((one) => one.id);
      submit.disabled = true;
      if (keep) written = "";
      area.value = "";
      act(() => run(words, mentions)).finally(() => (submit.disabled = false));
    });
    return form;
  }

  function composer(anchor) {
    return writer(written, t("comments.send"), async (text, mentions) => {
      await send("", "POST", { anchor: whole ? null : anchor, text, mentions });
      recount(whole ? null : anchor, 1);
      editor.say(t("comments.sent"));
    }, { keep: true });
  }

  // --- around ----------------------------------------------------------------------------------

  async function again(force = false) {
    const host = editor.inspector.panel;
    if (force) {
      const place = editor.inspector.place();
      head(host, anchorOf(place), el("div", { css: "jm-threads" }));
      await render(host, place);
    } else editor.inspector.refresh("comments");
  }

  function goTo(key) {
    const node = elementOf(key);
    node?.scrollIntoView({ block: "nearest", inline: "nearest" });
    (node?.closest('[role="gridcell"], [role="columnheader"], [role="rowheader"]') ?? node)?.focus();
  }

  function showFor(key) {
    whole = false;
    asked = key;
    editor.inspector.open("comments", { focus: true });
  }

  // Open the discussion that an address names; the one of what is in focus where it is gone.
  editor.discuss = async (thread) => {
    const address = new URL(doc.urls.comments, window.location.href);
    address.searchParams.set("thread", thread);
    const found = await editor.fetchJSON(address.pathname + address.search).catch(() => null);
    const anchor = found?.threads[0]?.anchor ?? null;
    if (anchor) goTo(anchor);
    whole = !anchor;
    asked = anchor;
    editor.inspector?.open("comments", { focus: false });
  };

  const tab = editor.inspector?.add({ key: "comments", title: t("inspector.comments"), render });
  const number = el("span", { css: "jm-n" });
  const opener = button("btn sm jm-short", () => {
    whole = true;
    editor.inspector?.open("comments");
  }, editor.icon("comment"), el("span", {}, t("inspector.comments")), number);
  slot("comments")?.replaceChildren(opener);
  editor.commands.add({
    id: "comment", part: "map",
    title: t("comments.command"),
    key: "Ctrl+Alt+M",
    where: "page",
    run: () => {
      whole = false;
      asked = null;
      editor.inspector?.open("comments", { focus: false });
      requestAnimationFrame(() => editor.inspector.panel.querySelector(".jm-writer textarea")?.focus());
    },
  });
  const write = (place) => {
    editor.emit("focus", { lane: place.lane ?? null, step: place.step ?? null, card: place.card ?? null, stage: place.stage ?? null });
    editor.commands.run("comment");
  };
  const entry = (place) => (doc.may.comment ? [{ label: t("comments.command"), icon: "comment", run: () => write(place) }] : []);
  editor.menus ??= {};
  (editor.menus.card ??= []).push((card) => entry({ lane: card.lane, step: card.step, card: card.id }));
  (editor.menus.step ??= []).push((step) => entry({ step: step.id }));
  (editor.menus.lane ??= []).push((lane) => entry({ lane: lane.id }));
  const later = soon(badges);
  editor.on("drawn", later);
  editor.on("changed", later);
  editor.on("focus", () => (asked = null));
  // News of others come with the heartbeat. Only a change fetches threads, and never under one's
  // hands.
  editor.on("comments", (fresh) => {
    if (fresh.stamp === stamp) return;
    stamp = fresh.stamp;
    setCounts(fresh.open);
    const { panel } = editor.inspector ?? {};
    const writing = panel?.contains(document.activeElement) && document.activeElement.matches("textarea");
    if (editor.inspector?.is("comments") && !writing) again();
  });
  setCounts(counts);
}
