// An address may lead to a card (?card=), or to what colleagues say (?thread=).

import { parameter } from "./nodes.js";

export function start(editor) {
  editor.on("ready", () => {
    const card = editor.model.card(parameter("card"));
    if (card) {
      editor.focusCell(card.lane, card.step);
      document.getElementById(`k-${card.id}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    const thread = parameter("thread");
    if (thread) editor.discuss?.(thread);
  });
}
