// Choosing instead of writing: touchpoints, journeys, pictures, owners.

import { el } from "./nodes.js";

export function start(editor) {
  const { model, acts } = editor;
  const anchorOf = ({ card, lane, step }) =>
    (card && document.getElementById(`k-${card.id}`)) || document.getElementById(`c-${lane}-${step}`) || editor.root;

  function address(url, query) {
    const where = new URL(url, window.location.href);
    where.searchParams.set("q", query);
    return where.pathname + where.search;
  }

  // --- touchpoints -------------------------------------------------------------------------

  async function touchpoints(query, take) {
    const url = editor.doc.urls?.touchpoints;
    const known = Object.values(model.touchpoints).filter((one) => one.name.toLowerCase().includes(query.toLowerCase()));
    const found = url ? (await editor.fetchJSON(address(url, query)).catch(() => ({ results: known }))).results : known;
    const items = found.map((one) => ({ label: one.name, hint: one.channel?.name, icon: one.icon || one.channel?.icon || "place", run: () => take(one) }));
    if (url && query && !found.some((one) => one.name.toLowerCase() === query.toLowerCase())) {
      items.push({ label: editor.t("choose.create", { name: query }), icon: "plus", run: () => create(url, query, take) });
    }
    return items;
  }

  async function create(url, name, take) {
    try {
      take(await editor.fetchJSON(url, { method: "POST", body: { name } }));
    } catch (error) {
      editor.toast(error.problem?.detail ?? editor.t("choose.failed"), { bad: true });
    }
  }

  editor.on("choose-touchpoint", ({ card, cards, lane, step, at, query = "" }) => {
    const take = (place) => {
      model.touchpoints[place.id] = place;
      if (card) {
        acts.set([card], { touchpoint: place.id }, place.name);
        editor.focusCell(card.lane, card.step);
        return;
      }
      // A card of another lane that becomes a touchpoint keeps its text; it is made anew, since
      // no other lane can hold one.
      const text = cards?.[0]?.text ?? "";
      const row = { kind: "card", id: crypto.randomUUID(), lane, step, touchpoint: place.id, text: text === place.name ? "" : text, ...(at === undefined ? {} : { at }) };
      const ops = [{ op: "insert", rows: [row] }];
      if (cards?.length) ops.push({ op: "delete", kind: "card", ids: [cards[0].id] });
      editor.perform(cards?.length ? editor.t("card.moved_lane", { lane: model.titleOf(model.lane(lane)) }) : place.name, ops);
      editor.focusCell(lane, step);
    };
    editor.menu(anchorOf({ card, lane, step }), [], { title: editor.t("choose.touchpoint"), placeholder: editor.t("choose.touchpoint"), search: (text) => touchpoints(text, take), query: cards?.[0]?.text ?? query, beside: true });
  });

  // --- journeys ----------------------------------------------------------------------------

  editor.on("choose-map", ({ card, lane, step, at, query = "" }) => {
    const take = (map) => {
      model.maps[map.id] = { name: map.name, url: map.url };
      if (card) acts.set([card], { linked_map: map.id }, map.name);
      else acts.add(lane, step, { linked_map: map.id, text: map.name.slice(0, 400) }, { at, label: map.name });
      editor.focusCell(card?.lane ?? lane, card?.step ?? step);
    };
    const search = async (text) => {
      const url = editor.doc.urls?.maps;
      const found = url ? (await editor.fetchJSON(address(url, text))).results : [];
      const items = found.map((one) => ({ label: one.name, icon: "map", run: () => take(one) }));
      if (text && !card) items.push({ label: editor.t("choose.write", { name: text }), icon: "plus", run: () => acts.add(lane, step, { text }, { at }) });
      return items;
    };
    editor.menu(anchorOf({ card, lane, step }), [], { title: editor.t("choose.map"), placeholder: editor.t("choose.map"), search, query, beside: true });
  });

  // --- pictures ----------------------------------------------------------------------------

  editor.on("choose-picture", ({ card, lane, step, at, file }) => {
    const url = editor.doc.urls?.pictures;
    if (!url) return;
    const send = async (chosen) => {
      if (!/^image\/(png|jpeg|webp|gif)$/.test(chosen.type)) {
        editor.toast(editor.t("picture.kinds"), { bad: true });
        return;
      }
      editor.say(editor.t("picture.uploading"));
      const body = new FormData();
      body.append("file", chosen);
      try {
        const { picture } = await editor.fetchJSON(url, { method: "POST", body });
        if (card) acts.set([card], { picture }, editor.t("card.picture"));
        else acts.add(lane, step, { picture }, { at, label: editor.t("card.picture") });
        editor.focusCell(card?.lane ?? lane, card?.step ?? step);
      } catch (error) {
        editor.toast(error.problem?.detail ?? editor.t("picture.failed"), { bad: true });
      }
    };
    if (file) {
      send(file);
      return;
    }
    const field = el("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif", css: "vh", "aria-label": editor.t("picture.upload") });
    field.hasChangeListener = true; // Unfold's script takes files that are not its own for its own
    field.addEventListener("change", () => {
      field.remove();
      if (field.files[0]) send(field.files[0]);
    });
    field.addEventListener("cancel", () => field.remove());
    document.body.append(field);
    field.click();
  });
}
