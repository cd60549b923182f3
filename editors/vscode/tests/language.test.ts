import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const language = JSON.parse(readFileSync("language-configuration.json", "utf8")) as {
  wordPattern: { pattern: string; flags: string };
  indentationRules: { increaseIndentPattern: string; decreaseIndentPattern: string };
  onEnterRules: { beforeText: string; afterText?: string }[];
};

test("words", () => {
  const words = (text: string) => text.match(new RegExp(language.wordPattern.pattern, `g${language.wordPattern.flags}`));
  assert.deepEqual(words("lower_third: 1.5em + größe.x - #ff5a36"), ["lower_third", "1.5em", "größe", "x", "#ff5a36"]);
  assert.deepEqual(words("for 1m30s at 40%"), ["for", "1m30s", "at", "40%"]);
});

test("indentation", () => {
  const deeper = new RegExp(language.indentationRules.increaseIndentPattern);
  const back = new RegExp(language.indentationRules.decreaseIndentPattern);
  for (const line of ["composition film {", "  opacity: [", "  host(", "if a { // why"]) assert.match(line, deeper);
  for (const line of ["  x: 5px", "// {", "video a { x: 1 }", '  text "{name}"', "let a = [1, 2]"]) {
    assert.doesNotMatch(line, deeper);
  }
  for (const line of ["  }", "])", "} else {"]) assert.match(line, back);
  assert.doesNotMatch("  x: 1 }", back);
});

test("what Enter does", () => {
  const [documentation, value] = language.onEnterRules.map((rule) => new RegExp(rule.beforeText));
  assert.match("  /// Words.", documentation as RegExp);
  assert.doesNotMatch("  //// Not documentation.", documentation as RegExp);
  assert.match("fn a() -> number =", value as RegExp);
  assert.doesNotMatch("let a = 1", value as RegExp);
});
