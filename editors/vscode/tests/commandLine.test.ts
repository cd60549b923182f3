import assert from "node:assert/strict";
import { test } from "node:test";
import { frame, Lines, readProgress, render, timeline } from "../src/commandLine";
import { page } from "../src/page";
import { COMMANDS, forServer } from "../src/settings";

test("arguments", () => {
  assert.deepEqual(frame({ file: "/f.vid", composition: "main", time: "00:00:01:12" }, "/f.png"), [
    "frame", "/f.vid", "--composition", "main", "--at", "00:00:01:12", "-o", "/f.png",
  ]);
  assert.deepEqual(render("/f.vid", undefined), ["render", "/f.vid", "--progress", "json"]);
  assert.deepEqual(timeline("/f.vid", "main"), ["timeline", "/f.vid", "--composition", "main"]);
});

test("progress", () => {
  const line =
    '{"phase":"render","frames_done":120,"frames_reused":60,"frames_total":360,"fps":88.1,"speed":2.94,"seconds_left":2.7}';
  assert.deepEqual(readProgress(line), { phase: "working", done: 120, total: 360, secondsLeft: 2.7 });
  assert.deepEqual(readProgress('{"phase":"prepare","frames_done":0,"frames_total":360,"seconds_left":null}'), {
    phase: "working", done: 0, total: 360, secondsLeft: undefined,
  });
  assert.deepEqual(readProgress('{"phase":"done","output":"a.mp4","written":true}'), {
    phase: "done", output: "a.mp4", written: true,
  });
  assert.deepEqual(readProgress('{"phase":"failed","exit":3,"message":"damaged"}'), {
    phase: "failed", message: "damaged",
  });
  assert.deepEqual(readProgress("warning[unused]: a"), { phase: "said", message: "warning[unused]: a" });
  assert.deepEqual(readProgress("{ half"), { phase: "said", message: "{ half" });
});

test("lines, however they arrive", () => {
  const lines = new Lines();
  assert.deepEqual(lines.push("on"), []);
  assert.deepEqual(lines.push("e\ntwo\nthr"), ["one", "two"]);
  assert.deepEqual(lines.end(), ["thr"]);
  assert.deepEqual(lines.end(), []);
});

test("a page runs nothing and shows problems as text", () => {
  const shown = page("a < b", undefined, "<script>alert()</script>");
  assert.match(shown, /&lt;script&gt;/);
  assert.doesNotMatch(shown, /<script/);
  assert.match(shown, /default-src 'none'/);
});

test("settings of the server", () => {
  const own: Record<string, unknown> = { hintTimes: false, path: "/bin/vid" };
  const told = forServer((name) => own[name]);
  assert.equal(told["hintTimes"], false);
  assert.equal("path" in told, false);
  assert.deepEqual(told["commands"], COMMANDS);
});
