import assert from "node:assert/strict";
import { test } from "node:test";

import { asking, cut } from "../../../../journeys/maps/static/maps/editor/mentions.js";

test("an at sign at the beginning of a word asks for a name", () => {
  assert.deepEqual(asking("@ma", 3), { from: 0, query: "ma" });
  assert.deepEqual(asking("Ask @Jör today", 8), { from: 4, query: "jör" });
  assert.deepEqual(asking("So, @", 5), { from: 4, query: "" });
});

test("an address is no name", () => {
  assert.equal(asking("write to me@shop", 16), null);
  assert.equal(asking("@mara is", 8), null);
});

test("names stand out, the longer one first", () => {
  assert.deepEqual(cut("Hi @Mara König and @Mara!", ["Mara", "Mara König"]), [
    { text: "Hi ", name: "" },
    { text: "@Mara König", name: "Mara König" },
    { text: " and ", name: "" },
    { text: "@Mara", name: "Mara" },
    { text: "!", name: "" },
  ]);
});

test("a text without names stays whole", () => {
  assert.deepEqual(cut("a@b <i>", ["Mara"]), [{ text: "a@b <i>", name: "" }]);
  assert.deepEqual(cut("", ["Mara"]), []);
});
