// Drives the status page in a browser:
//
//   node browser.mjs PROGRAM FOLDER
//
// PROGRAM is `render-server`, FOLDER where pictures of the page go; CHROMIUM names the browser. Ends with 0, or
// says what went wrong. `test.sh` beside this file starts it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [program, pictures] = process.argv.slice(2);
// The packages are those of the extension for VS Code.
const require = createRequire(new URL("../../../editors/vscode/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const KEY = "fl_live_0123456789abcdef";
const folder = mkdtempSync(join(tmpdir(), "vid-page-"));
const settings = join(folder, "server.toml");
writeFileSync(
  settings,
  `listen = "127.0.0.1:0"\ndata_dir = "${join(folder, "data")}"\napi_keys = ["${KEY}"]\nworkers = 1\nisolation = "off"\n`,
);
const server = spawn(program, ["serve", settings], { stdio: ["ignore", "pipe", "inherit"] });
const address = await new Promise((resolve, reject) => {
  createInterface({ input: server.stdout }).once("line", (line) => resolve(`http://${line.replace("listening on ", "")}`));
  server.once("exit", () => reject(new Error("the server does not start")));
});

async function submit(body) {
  const answer = await fetch(`${address}/v1/renders`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 202, await answer.clone().text());
  return (await answer.json()).id;
}

async function ended(id) {
  for (;;) {
    const answer = await fetch(`${address}/v1/renders/${id}?wait=25`, { headers: { authorization: `Bearer ${KEY}` } });
    const job = await answer.json();
    if (["completed", "failed", "cancelled"].includes(job.status)) return job.status;
  }
}

const film = (duration, more) => ({ width: 640, height: 360, duration, frame_rate: 25, ...more });
const title = (text, duration) => ({ type: "text", id: "t", text, duration, font_size: 64, text_color: "#ffffff" });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const page = await browser.newPage({ viewport: { width: 1060, height: 760 }, colorScheme: "light" });
const said = [];
page.on("console", (message) => message.type() === "error" && said.push(message.text()));
page.on("pageerror", (error) => said.push(error.message));

async function wait(what, holds) {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) {
      await page.screenshot({ path: join(pictures, "page-failed.png") });
      assert.fail(`waited in vain for ${what}`);
    }
    await page.waitForTimeout(50);
  }
  console.log(`ok: ${what}`);
}

const row = (id) => page.locator(".job").filter({ has: page.locator(".id", { hasText: id }) });
const status = async (id) => (await row(id).count()) > 0 && (await row(id).getAttribute("data-status"));
const percent = async (id) => Number(await row(id).locator(".bar").getAttribute("aria-valuenow"));

try {
  const done = await submit(
    film(2, { background_color: "#7a3cff", metadata: { project: "spring campaign" }, elements: [title("Hello", 2)] }),
  );
  const broken = await submit(film(1, {
    elements: [{ type: "image", id: "i", duration: 1, source_url: `${address}/v1/media/asset_01K0000000000000000000000A.png` }],
  }));
  assert.deepEqual([await ended(done), await ended(broken)], ["completed", "failed"]);
  const running = await submit(film(120, { background_color: "#204060", elements: [title("A long one", 120)] }));
  const waiting = await submit(film(1, {}));

  await page.goto(`${address}/status`);
  await page.screenshot({ path: join(pictures, "page-door.png") });
  await page.fill("#key", "fl_live_not_the_right_key");
  await page.keyboard.press("Enter");
  await wait("a wrong key to be refused", async () => (await page.locator("#trouble").textContent()).includes("not known"));
  // The browser reports the refusal by itself.
  said.length = 0;
  await page.fill("#key", KEY);
  await page.keyboard.press("Enter");
  await wait("four renders", async () => (await page.locator(".job").count()) === 4);
  assert.deepEqual(
    [await status(done), await status(broken), await status(waiting)],
    ["completed", "failed", "queued"],
  );
  const picture = row(done).locator("img");
  await wait("a picture of the film", () => picture.evaluate((image) => image.complete && image.naturalWidth > 0));
  assert.match(await row(broken).locator(".error").textContent(), /^source_not_found: there is nothing at/);
  assert.match(await row(done).locator(".about").textContent(), /^640 × 360 · 2 s · /);
  assert.equal(await row(done).locator(".metadata").textContent(), "project: spring campaign");
  await wait("a render that is processed", async () => (await status(running)) === "processing");
  const before = await percent(running);
  await wait("its bar to move", async () => (await percent(running)) > Math.max(before, 6));
  await page.screenshot({ path: join(pictures, "page-light.png") });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.screenshot({ path: join(pictures, "page-dark.png") });
  await page.setViewportSize({ width: 400, height: 760 });
  await page.screenshot({ path: join(pictures, "page-narrow.png") });
  await page.setViewportSize({ width: 1060, height: 760 });

  await row(done).locator(".play").click();
  const time = () => page.evaluate(() => document.querySelector("#screen video")?.currentTime ?? 0);
  await wait("the film to play", async () => (await time()) > 0.3);
  await page.screenshot({ path: join(pictures, "page-player.png") });
  await page.click("#close");
  await wait("the film to go", async () => (await page.locator("#screen video").count()) === 0);

  await row(running).locator(".cancel").click();
  assert.equal(await status(running), "processing");
  await row(running).locator(".cancel").click();
  await wait("the render to be called off", async () => (await status(running)) === "cancelled");
  await wait("the next to be made", async () => (await status(waiting)) === "completed");
  await page.click('[data-status="failed"]:is(button)');
  await wait("only what failed", async () => (await page.locator(".job").count()) === 1);

  assert.deepEqual(await page.evaluate(() => [Object.keys(sessionStorage), localStorage.length, document.cookie]), [["vid-api-key"], 0, ""]);
  await page.reload();
  await wait("the key to be known still", async () => (await page.locator(".job").count()) === 4);
  await page.click("#forget");
  assert.deepEqual(await page.evaluate(() => [sessionStorage.length, document.querySelectorAll(".job").length]), [0, 0]);
  assert.deepEqual(said, [], "the browser complains");
} finally {
  await browser.close();
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
