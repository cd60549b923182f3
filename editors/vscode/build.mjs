// Bundles the extension into `dist`, and with `--tests` the tests into `out/tests`.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const common = { bundle: true, platform: "node", target: "node20", sourcemap: true, logLevel: "warning" };

if (process.argv.includes("--tests")) {
  await build({
    ...common,
    entryPoints: readdirSync("tests").filter((name) => name.endsWith(".test.ts")).map((name) => `tests/${name}`),
    outdir: "out/tests",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    external: ["vscode", "vscode-textmate", "vscode-oniguruma"],
  });
} else {
  const built = await build({
    ...common,
    metafile: true,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    format: "cjs",
    minify: true,
    external: ["vscode"],
  });
  // What is bundled keeps its notices.
  const packages = new Set(
    Object.keys(built.metafile.inputs).map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? ""),
  );
  const notices = [...packages].filter((folder) => folder !== "").sort().map((folder) => {
    const license = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    const text = license === undefined ? "" : readFileSync(`${folder}/${license}`, "utf8");
    const { name, version, license: terms } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    return `${name} ${version} (${terms})\n\n${text}`;
  });
  writeFileSync("dist/NOTICES.txt", notices.join("\n\n----\n\n"));
}
