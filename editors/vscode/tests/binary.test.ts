import assert from "node:assert/strict";
import { test } from "node:test";
import { findProgram, missing, type Surroundings } from "../src/binary";

function where(changes: Partial<Surroundings>, there: string[]): Surroundings {
  const usual = { configured: "", folders: ["/films", "/library"], path: "/bin:/opt/bin", suffix: "" };
  return { ...usual, ...changes, isProgram: (file) => there.includes(file) };
}

test("the path comes before a build in the workspace", () => {
  const both = ["/opt/bin/vid", "/films/target/debug/vid"];
  assert.deepEqual(findProgram(where({}, both)), { program: "/opt/bin/vid" });
  assert.deepEqual(findProgram(where({}, both.slice(1))), { program: "/films/target/debug/vid" });
  assert.deepEqual(findProgram(where({}, ["/library/target/release/vid"])), { program: "/library/target/release/vid" });
});

test("the setting decides alone", () => {
  const there = ["/bin/vid", "/films/tools/vid", "/opt/bin/vid-next"];
  assert.deepEqual(findProgram(where({ configured: "tools/vid" }, there)), { program: "/films/tools/vid" });
  assert.deepEqual(findProgram(where({ configured: "${workspaceFolder}/tools/vid" }, there)), {
    program: "/films/tools/vid",
  });
  assert.deepEqual(findProgram(where({ configured: "vid-next" }, there)), { program: "/opt/bin/vid-next" });
  assert.deepEqual(findProgram(where({ configured: "/nowhere/vid" }, there)), { tried: ["/nowhere/vid"] });
});

test("what is missing is named", () => {
  assert.deepEqual(findProgram(where({ folders: [], path: "" }, [])), { tried: [] });
  assert.match(missing(""), /PATH/);
  assert.match(missing(" /nowhere/vid "), /“\/nowhere\/vid”/);
});
