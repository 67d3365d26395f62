// Joins the editor with the server: what is pending goes out, what others did comes in.

import { el } from "./nodes.js";
import { Keep } from "./storage.js";
import { Sync } from "./sync.js";

const SMALL = 60_000; // what a page may still send while it closes
const TOLD = "cxm:map:told"; // what is to be said once the page was read anew

export function start(editor) {
  const { doc, queue, model } = editor;
  const url = doc.urls?.sync;
  if (!url) return;
  const client = crypto.randomUUID();
  editor.client = client;
  const keep = new Keep({ version: doc.version.id, client, member: doc.me?.id ?? "", store: window.localStorage, locks: navigator.locks ?? null });
  keep.live();

  async function send(body) {
    const answer = await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", ...editor.headers() },
      body: JSON.stringify(body),
    });
    return { status: answer.redirected ? 401 : answer.status, body: await answer.json().catch(() => ({})) };
  }

  const sync = new Sync({
    queue, send, client, version: doc.version.id, since: doc.version.revision,
    state: (detail) => {
      editor.emit("saved", detail);
      save();
    },
    take: received,
    refuse: () => {
      freeze(editor.t("save.denied"));
    },
  });
  editor.sync = sync;
  sync.timers = { setTimeout: (...all) => setTimeout(...all), clearTimeout: (id) => clearTimeout(id) };

  let saving = 0;
  function save() {
    clearTimeout(saving);
    saving = setTimeout(() => keep.save(queue.pending), 120);
  }

  // --- what comes in -----------------------------------------------------------------------

  function received(answer) {
    const { remote = [], refused = [], touched, people } = answer;
    for (const part of ["touchpoints", "opportunities", "maps", "quotes"]) Object.assign(model[part], answer[part] ?? {});
    if (answer.reload) {
      reload();
      return;
    }
    const foreign = remote.filter((op) => op.client !== client && !(op.client === "" && op.by?.id === doc.me?.id));
    for (const op of foreign) editor.history.remote(op.change, op.by?.name);
    editor.lastBy = foreign.at(-1)?.by ?? editor.lastBy;
    const extra = ["touchpoints", "opportunities", "maps", "quotes"].some((part) => answer[part] && Object.keys(answer[part]).length);
    // What one is writing meanwhile stays as it is until the question is answered.
    editor.disputed = new Set(refused.filter((entry) => entry.conflict).map((entry) => entry.conflict.id));
    if (touched === "all" || touched?.size || extra) editor.changed(extra ? "all" : touched, true);
    if (foreign.length) editor.emit("remote", { ops: foreign });
    if (people) editor.emit("people", people);
    if (answer.comments) editor.emit("comments", answer.comments);
    for (const entry of refused) {
      if (entry.conflict) conflict(entry);
      else lost(entry);
    }
    if (refused.length) editor.emit("history");
    if (answer.status && answer.status !== "draft" && doc.version.status === "draft") {
      doc.version.status = answer.status;
      const restored = remote.find((op) => op.change?.op === "reload");
      if (!restored) freeze(editor.t("notice.frozen"));
      else openAnew(editor.t("notice.restored", { name: restored.by?.name ?? editor.t("someone") }), refused.length > 0);
    }
  }

  // Another version is the draft now. Nothing that was written here may be lost on the way.
  function openAnew(words, unsaved) {
    if (unsaved || queue.pending.length || editor.editing?.active) {
      freeze(words);
      return;
    }
    keep.save([]);
    window.sessionStorage.setItem(TOLD, words);
    window.location.reload();
  }

  const told = window.sessionStorage.getItem(TOLD);
  if (told) {
    window.sessionStorage.removeItem(TOLD);
    editor.on("ready", () => {
      editor.toast(told);
      editor.say(told);
    });
  }

  function conflict({ op, conflict: found }) {
    // Further changes of the same text were written on top of one that did not count.
    editor.disputed = new Set([found.id]);
    const later = queue.drop((entry) => entry.op.op === "update" && entry.op.id === found.id && found.field in entry.op.fields);
    if (later.dropped.length) editor.changed(later.touched, true);
    const writing = editor.editing?.now?.id === found.id ? editor.editing.now.area.value.trim() : null;
    const mine = writing ?? later.dropped.at(-1)?.op.fields[found.field] ?? op.fields[found.field];
    editor.disputed = new Set();
    if (mine !== found.theirs) editor.emit("conflict", { ...found, mine });
  }

  // Taken back: what was written in it is not lost.
  function lost({ op, error }) {
    const text = wordsOf(op);
    if (error.code === "version_frozen" && doc.version.status !== "draft") return;
    if (/^unknown_(card|lane|step|stage)$/.test(error.code) && text) {
      editor.emit("lost", { text, kind: op.kind, id: op.id, lane: null });
      return;
    }
    const reason = error.detail || error.code;
    if (text) copy(text);
    const words = editor.t(text ? "save.refused_copied" : "save.refused", { reason });
    editor.toast(words, { bad: true, stay: true });
    editor.say(words, { assertive: true });
  }

  function wordsOf(op) {
    if (op.op === "update") return op.fields.text ?? op.fields.name ?? op.fields.answer ?? "";
    if (op.op === "insert") return op.rows.map((row) => row.text ?? row.name ?? "").filter(Boolean).join("\n");
    return "";
  }

  function copy(text) {
    editor.copiedText = text;
    navigator.clipboard?.writeText(text).catch(() => {});
  }
  editor.copyText = copy;

  // --- reading only from now on ------------------------------------------------------------

  function freeze(words) {
    if (!doc.may.edit) return;
    const open = editor.editing?.now?.area.value.trim();
    const unsent = [...queue.pending.map((entry) => wordsOf(entry.op)), open ?? ""].filter(Boolean).join("\n");
    editor.editing?.leave();
    doc.may = { ...doc.may, edit: false };
    const { touched } = queue.drop(() => true);
    keep.save([]);
    sync.stop();
    if (unsent) copy(unsent);
    editor.changed(touched, true);
    editor.grid.draw();
    const canvas = document.getElementById("jm-canvas");
    canvas?.querySelector(".jm-frozen")?.remove();
    canvas?.prepend(el("p", { css: "jm-note jm-frozen" }, words, " ",
      el("button", { type: "button", css: "jm-linklike", onclick: () => window.location.reload() }, editor.t("notice.reload"))));
    editor.say(words, { assertive: true });
    editor.emit("frozen");
  }

  // The server no longer knows what happened since: take the whole document anew.
  async function reload() {
    sync.stop();
    const page = await fetch(window.location.href, { credentials: "same-origin" }).then((answer) => answer.text());
    const source = new DOMParser().parseFromString(page, "text/html").getElementById("jm-document");
    if (!source) {
      window.location.reload();
      return;
    }
    const fresh = JSON.parse(source.textContent);
    if (fresh.version.id !== doc.version.id) {
      freeze(editor.t("notice.frozen"));
      return;
    }
    const pending = queue.pending.map(({ id, op }) => ({ id, op }));
    queue.pending = [];
    model.reset(fresh);
    queue.restore(pending);
    sync.since = fresh.version.revision;
    sync.stopped = false;
    editor.changed("all", true);
    sync.now();
  }

  // --- when to ask -------------------------------------------------------------------------

  editor.on("focus", ({ lane, step, card, stage }) => {
    sync.place = card ? `k-${card}` : lane ? model.cellId(lane, step) : step ? `h-${step}` : stage ? `p-${stage}` : "";
  });
  editor.on("changed", ({ remote }) => remote || save());
  document.addEventListener("visibilitychange", () => sync.pause(document.hidden));
  window.addEventListener("online", () => sync.now());
  window.addEventListener("pagehide", () => {
    editor.editing?.save();
    keep.save(queue.pending);
    const body = { version: doc.version.id, since: sync.since, client, place: "", ops: queue.batch(), leave: true };
    let text = JSON.stringify(body);
    if (text.length > SMALL) text = JSON.stringify({ ...body, ops: [] });
    fetch(url, { method: "POST", keepalive: true, credentials: "same-origin", headers: { "Content-Type": "application/json", ...editor.headers() }, body: text }).catch(() => {});
  });
  window.addEventListener("pageshow", (event) => event.persisted && sync.now());

  keep.inherit().then((entries) => {
    if (entries.length && editor.edits) {
      const touched = queue.restore(entries);
      editor.changed(touched, true);
    }
    sync.pause(document.hidden);
    sync.wake(0);
  });
}
