// The TextMate grammar against the parser: on every source of the repository both give every piece of text
// the same class, but for what only a parser can know.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { test } from "node:test";
import type { IGrammar } from "vscode-textmate";

const require = createRequire(import.meta.url);
const oniguruma = require("vscode-oniguruma") as typeof import("vscode-oniguruma");
const textmate = require("vscode-textmate") as typeof import("vscode-textmate");

const root = process.env.VID_REPOSITORY ?? join(process.cwd(), "..", "..");

/** Pieces that may differ, of a hundred thousand: a parser knows a statement from a value that goes on. */
const TOLERATED = 300;

interface Piece {
  start: number;
  end: number;
  scopes: string[];
}

async function load(): Promise<IGrammar> {
  const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (name) => {
      assert.equal(name, "source.vid");
      const path = join(root, "editors/vscode/syntaxes/vid.tmLanguage.json");
      return textmate.parseRawGrammar(readFileSync(path, "utf8"), path);
    },
  });
  const loaded = await registry.loadGrammar("source.vid");
  assert.ok(loaded);
  return loaded;
}

/** The pieces of a text, and what is still open at its end. */
function pieces(grammar: IGrammar, text: string): { pieces: Piece[]; open: string[] } {
  const found: Piece[] = [];
  let stack = textmate.INITIAL;
  let offset = 0;
  let open: string[] = [];
  for (const line of text.split("\n")) {
    const done = grammar.tokenizeLine(line, stack);
    for (const token of done.tokens) {
      const end = Math.min(token.endIndex, line.length);
      found.push({ start: offset + token.startIndex, end: offset + end, scopes: token.scopes });
    }
    stack = done.ruleStack;
    offset += line.length + 1;
  }
  open = grammar.tokenizeLine(" ", stack).tokens[0]?.scopes ?? [];
  return { pieces: found, open };
}

/** The scopes of the classes, as `grammar/tests/editors/scopes.rs` gives them. */
const CLASSES: [string, string][] = [
  ["comment.documentation", "DocComment"],
  ["comment", "Comment"],
  ["keyword.control", "Keyword"],
  ["entity.name.type.class", "Kind"],
  ["variable.other.property", "Property"],
  ["variable.other.definition", "Definition"],
  ["variable.parameter", "Parameter"],
  ["variable.other.enummember", "Easing"],
  ["variable.other", "Name"],
  ["entity.name.function", "Function"],
  ["entity.name.type", "Type"],
  ["constant.character.escape", "Escape"],
  ["string", "String"],
  ["constant.numeric.time", "Time"],
  ["constant.numeric", "Number"],
  ["keyword.other.unit", "Unit"],
  ["constant.other.color", "Color"],
  ["constant.language.boolean", "Boolean"],
  ["keyword.operator", "Operator"],
  ["punctuation", "Punctuation"],
  ["invalid", "Error"],
];

function classOf(scopes: string[]): string | undefined {
  const last = scopes[scopes.length - 1] ?? "";
  return CLASSES.find(([scope]) => last.startsWith(scope))?.[1];
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".vid"))
    .sort()
    .map((name) => join(root, folder, name));
}

/** The sources in the Markdown files of a folder, each in a file of its own. */
function examples(folder: string, into: string): string[] {
  const found: string[] = [];
  for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort()) {
    if (!name.endsWith(".md")) continue;
    const text = readFileSync(join(root, folder, name), "utf8");
    for (const block of text.matchAll(/^```(?:vid|fixed)[^\n]*\n(.*?)^```/gms)) {
      const path = join(into, `${folder}-${name}-${found.length}.vid`.replaceAll("/", "-"));
      writeFileSync(path, block[1] ?? "");
      found.push(path);
    }
  }
  return found;
}

function highlighted(files: string[]): Map<string, [number, number, string][]> {
  const own = process.env.VID_HIGHLIGHT;
  const [program, first] = own
    ? [own, []]
    : ["cargo", ["run", "--quiet", "--package", "vid-grammar", "--example", "highlight", "--"]];
  const output = execFileSync(program as string, [...(first as string[]), ...files], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const found = new Map<string, [number, number, string][]>();
  for (const line of output.trimEnd().split("\n")) {
    const [path, start, end, name] = line.split("\t") as [string, string, string, string];
    const pieces = found.get(path) ?? [];
    pieces.push([Number(start), Number(end), name]);
    found.set(path, pieces);
  }
  return found;
}

test("every piece of text has the colour that the parser gives it", async (context) => {
  const loaded = await grammar();
  const folder = mkdtempSync(join(tmpdir(), "vid-colours-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const files = [
    ...["examples", "stdlib", "grammar/tests/corpus", "tests/src/bin/bench/films"].flatMap(sources),
    ...["docs", "tests/suite"].flatMap((pages) => examples(pages, folder)),
  ];
  let total = 0;
  const differing: string[] = [];
  const colourless: string[] = [];
  for (const [path, expected] of highlighted(files)) {
    const bytes = readFileSync(path);
    const text = bytes.toString("utf8");
    const done = pieces(loaded, text);
    assert.deepEqual(done.open, ["source.vid"], `${relative(root, path)} leaves something open`);
    let next = 0;
    for (const [start, end, name] of expected) {
      const from = bytes.subarray(0, start).toString("utf8").length;
      const to = from + bytes.subarray(start, end).toString("utf8").length;
      while (next < done.pieces.length && (done.pieces[next] as Piece).end <= from) next += 1;
      total += 1;
      const place = () => {
        const lines = text.slice(0, from).split("\n");
        const line = text.split("\n")[lines.length - 1];
        return `${relative(root, path)}:${lines.length}: ${JSON.stringify(text.slice(from, to))} in ${line?.trim()}`;
      };
      const seen = new Set<string | undefined>();
      for (let at = next; at < done.pieces.length && (done.pieces[at] as Piece).start < to; at += 1) {
        const piece = done.pieces[at] as Piece;
        // White space between words of one comment or string belongs to it.
        if (text.slice(Math.max(piece.start, from), Math.min(piece.end, to)).trim() !== "") seen.add(classOf(piece.scopes));
      }
      if (seen.has(undefined)) colourless.push(place());
      else if (seen.size > 0 && (seen.size > 1 || !seen.has(name))) {
        differing.push(`${place()} is ${name}, coloured as ${[...seen].join(" and ")}`);
      }
    }
  }
  assert.ok(total > 5000, `only ${total} pieces`);
  const allowed = Math.floor((total * TOLERATED) / 100_000);
  console.log(`${total} pieces, ${colourless.length} without a colour, ${differing.length} of another class`);
  if (process.env.VID_SHOW) console.log(differing.join("\n"));
  assert.deepEqual(colourless, []);
  assert.ok(differing.length <= allowed, `more than ${allowed}:\n${differing.join("\n")}`);
});

test("nothing that is left open reaches beyond its line or the next item", async () => {
  const loaded = await grammar();
  for (const [text, rest] of [
    ['text t "unclosed\nvideo v', "entity.name.type.class.vid"],
    ['text t "{a + "b\nvideo v', "entity.name.type.class.vid"],
    ["let a = [1, 2\ncomposition c {\nvideo v", "entity.name.type.class.vid"],
    ["fn f(a: time\nlet b = 1\ncomposition c {\nvideo v", "entity.name.type.class.vid"],
    ["let a = if b { 1\ncomposition c {\nvideo v", "entity.name.type.class.vid"],
    ['import "x" { a\ncomposition c {\nvideo v', "entity.name.type.class.vid"],
    ["extern element e {\n a: time\ncomposition c {\nvideo v", "entity.name.type.class.vid"],
  ] as const) {
    const at = text.lastIndexOf("video");
    const piece = pieces(loaded, text).pieces.find((piece) => piece.start <= at && at < piece.end);
    assert.deepEqual(piece?.scopes, ["source.vid", rest], text);
  }
});

let once: Promise<IGrammar> | undefined;

/** The grammar, loaded once: its engine cannot be loaded twice. */
function grammar(): Promise<IGrammar> {
  once ??= load();
  return once;
}
