// Drives the extension in a VS Code that runs in a browser, such as code-server with `vid.vsix` installed:
//
//   node tests/browser.mjs http://127.0.0.1:8080 FOLDER PICTURE.png
//
// FOLDER is an empty folder that the server sees too; CHROMIUM names the browser. The film is looked at on the
// way, and what was seen last is in PICTURE.png. Ends with 0, or says what went wrong.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [address, folder, picture] = process.argv.slice(2);
const film = join(folder, "film.vid");
writeFileSync(join(folder, "brand.vid"), "let accent = #ff5a36\n");
writeFileSync(
  film,
  `import "brand.vid" { accent }

composition film 320x180 30fps {
  text title   "Hello" at 1s for 2s {
    font_size: 48
    text_color: accent
    colour: #fff
  }
}
`,
);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });

/** Waits until something holds. */
async function wait(what, holds) {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) {
      await page.screenshot({ path: picture });
      assert.fail(`waited in vain for ${what}`);
    }
    await page.waitForTimeout(100);
  }
  console.log(`ok: ${what}`);
}

const press = async (key) => {
  await page.keyboard.press(key);
  await page.waitForTimeout(500);
};
const run = async (command) => {
  await press("F1");
  await page.keyboard.type(command);
  await page.waitForTimeout(1000);
  await press("Enter");
};
const go = async (line, column) => {
  await press("Control+G");
  await page.keyboard.type(`${line}:${column}`);
  await press("Enter");
};
const text = () => readFileSync(film, "utf8");
const seen = (selector) => page.locator(selector).count();
const frame = (selector) => page.frames().map((frame) => frame.locator(selector).count().catch(() => 0));

try {
  await page.goto(`${address}/?folder=${encodeURIComponent(folder)}`, { waitUntil: "domcontentloaded" });
  await page.waitForSelector(".monaco-workbench", { timeout: 60_000 });
  await page.waitForTimeout(4000);
  await press("Control+P");
  await page.keyboard.type("film.vid");
  await page.waitForTimeout(1500);
  await press("Enter");

  await wait("the lenses of the server", () => seen(".codelens-decoration"));
  await wait("a message", () => seen(".squiggly-error"));
  await go(7, 6);
  await press("Control+.");
  await page.waitForTimeout(1500);
  await press("Enter");
  await press("Control+S");
  await wait("a quick fix", () => text().includes("text_color: #fff"));
  await go(7, 6);
  await press("Control+Shift+K");

  await run("Format Document");
  await page.waitForTimeout(1500);
  await press("Control+S");
  await wait("formatting", () => text().includes('  text title "Hello" at 1s'));

  await go(6, 20);
  await press("F2");
  await page.keyboard.type("orange");
  await press("Enter");
  await page.waitForTimeout(1500);
  await run("File: Save All Files");
  await wait("a rename in two files", () =>
    text().includes("text_color: orange") && readFileSync(join(folder, "brand.vid"), "utf8").includes("let orange"));

  await go(4, 9);
  await press("Control+Alt+P");
  await wait("a frame", async () => (await Promise.all(frame("img[src^='data:image/png']"))).some((count) => count > 0));
  await press("Control+Alt+T");
  await wait("a timeline", async () => (await Promise.all(frame("svg"))).some((count) => count > 0));
  await press("Control+Alt+R");
  await wait("a film", () => existsSync(join(folder, "film.mp4")));
  await page.screenshot({ path: picture });
} finally {
  await browser.close();
}
