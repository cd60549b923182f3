import assert from "node:assert/strict";
import { test } from "node:test";
import { COMPOSITION, type Entry, placeAt } from "../src/place";

function entry(name: string, kind: number, lines: [number, number], detail: string, children: Entry[] = []): Entry {
  const range = { start: { line: lines[0], character: 0 }, end: { line: lines[1], character: 1 } };
  return { name, kind, detail, range, children };
}

const outline = [
  entry("accent", 13, [0, 0], "#ff5a36"),
  entry("teaser", COMPOSITION, [2, 4], "1920x1080 30fps 2 s"),
  entry("film", COMPOSITION, [6, 20], "1920x1080 30fps 9 s", [
    entry("picture", 17, [7, 15], "00:00:01:00 → 00:00:09:00 (240 f)", [
      entry("demo", 18, [8, 10], "00:00:04:12 → 00:00:09:00 (108 f)"),
      entry("never", 18, [11, 11], "video"),
    ]),
    entry("drop", 23, [16, 16], "00:00:03:00"),
  ]),
];

const at = (line: number) => placeAt(outline, { line, character: 0 });

test("the innermost thing with a time", () => {
  assert.deepEqual(at(9), { composition: "film", time: "00:00:04:12" });
  assert.deepEqual(at(11), { composition: "film", time: "00:00:01:00" });
  assert.deepEqual(at(16), { composition: "film", time: "00:00:03:00" });
  assert.deepEqual(at(18), { composition: "film", time: "0s" });
});

test("outside of compositions the next one is meant", () => {
  assert.deepEqual(at(0), { composition: "teaser", time: "0s" });
  assert.deepEqual(at(5), { composition: "film", time: "0s" });
  assert.deepEqual(at(30), { composition: "film", time: "0s" });
  assert.deepEqual(placeAt([], { line: 0, character: 0 }), { composition: undefined, time: "0s" });
});
