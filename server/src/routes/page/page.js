// The status page: looks at renders with a key that this tab alone keeps, and calls them off.

/** Every call that is made; a test holds them against the server's endpoints. */
const CALLS = {
  workspace: ["GET", "/v1/workspace"],
  list: ["GET", "/v1/renders"],
  read: ["GET", "/v1/renders/{id}"],
  cancel: ["DELETE", "/v1/renders/{id}"],
};
const KEY = "vid-api-key";
const PAGE = 24;
/** Milliseconds between two looks: while something moves, and while nothing does. */
const OFTEN = 1000;
const SELDOM = 4000;
/** How long a second press is waited for before a render is called off. */
const SURE = 4000;

const at = (id) => document.getElementById(id);
const rows = new Map();
/** Where the pages end that were turned; the last is the one that is shown. */
let cursors = [];
let status = "";
let next = null;
let timer = 0;
/** Counts looks, so that an answer to an older one is not shown. */
let turn = 0;

class Refused extends Error {
  constructor(status, message, wait) {
    super(message);
    this.status = status;
    this.wait = wait;
  }
}

/** Asks the server, below wherever this page is. */
async function ask(call, id, query) {
  const [method, path] = CALLS[call];
  const place = path.slice(1).replace("{id}", encodeURIComponent(id ?? ""));
  const answer = await fetch(query ? `${place}?${new URLSearchParams(query)}` : place, {
    method,
    headers: { authorization: `Bearer ${sessionStorage.getItem(KEY)}` },
    cache: "no-store",
    credentials: "omit",
  });
  const body = await answer.json().catch(() => null);
  if (answer.ok) return body;
  const wait = Number(answer.headers.get("retry-after")) * 1000;
  throw new Refused(answer.status, body?.error?.message ?? `the server answers ${answer.status}`, wait);
}

function show(element, text) {
  element.hidden = !text;
  element.textContent = text ?? "";
}

const isOver = (job) => ["completed", "failed", "cancelled"].includes(job.status);

function ago(instant) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(instant)) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(instant).toLocaleString();
}

function bytes(count) {
  const units = ["B", "kB", "MB", "GB"];
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? count : count.toFixed(1)} ${units[unit]}`;
}

function about(job) {
  const output = job.output;
  if (output) {
    const length = output.duration === null ? [] : [`${output.duration} s`];
    const took = (Date.parse(job.completed_at) - Date.parse(job.created_at)) / 1000;
    return [`${output.width} × ${output.height}`, ...length, bytes(output.size_bytes), `ready after ${took.toFixed(1)} s`].join(" · ");
  }
  if (job.status === "processing") return `${job.progress_percent} %${job.progress_stage ? ` · ${job.progress_stage}` : ""}`;
  if (job.status === "queued") return "waits for a worker";
  if (job.status === "ingesting") return "its media are being copied";
  return "";
}

function made(job) {
  const row = at("job").content.firstElementChild.cloneNode(true);
  const part = (name) => row.querySelector(name);
  part(".id").textContent = job.id;
  part(".picture").addEventListener("click", () => play(job.id));
  part(".play").addEventListener("click", () => play(job.id));
  part(".cancel").addEventListener("click", (event) => cancel(job.id, event.currentTarget));
  const pairs = Object.entries(job.metadata ?? {}).map(([key, value]) => `${key}: ${value}`);
  show(part(".metadata"), pairs.join(" · "));
  rows.set(job.id, row);
  return row;
}

function fill(row, job) {
  const part = (name) => row.querySelector(name);
  row.dataset.status = job.status;
  part(".status").textContent = job.status;
  part("time").textContent = ago(job.created_at);
  part("time").dateTime = job.created_at;
  part(".bar").hidden = isOver(job);
  part(".bar").setAttribute("aria-valuenow", job.progress_percent);
  part(".bar div").style.transform = `scaleX(${job.progress_percent / 100})`;
  show(part(".about"), about(job));
  show(part(".error"), job.error && `${job.error.code}: ${job.error.message}`);
  part(".play").hidden = part(".picture").disabled = !job.output;
  part(".picture").ariaLabel = job.output ? "Play" : "No picture yet";
  part(".cancel").hidden = isOver(job);
  const image = part("img");
  // Its address is another one each time; the picture is the same.
  if (job.output?.thumbnail_url && image.hidden) {
    image.src = job.output.thumbnail_url;
    image.hidden = false;
  }
}

function draw(page) {
  const list = at("jobs");
  const shown = new Set(page.data.map((job) => job.id));
  for (const [id, row] of rows) {
    if (!shown.has(id)) {
      row.remove();
      rows.delete(id);
    }
  }
  page.data.forEach((job, place) => {
    const row = rows.get(job.id) ?? made(job);
    fill(row, job);
    // What is where it belongs stays, with its focus.
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
  });
  next = page.has_more ? page.next_cursor : null;
  at("empty").hidden = page.data.length > 0;
  at("newer").disabled = cursors.length === 0;
  at("older").disabled = next === null;
  at("pages").hidden = cursors.length === 0 && next === null;
}

async function look() {
  clearTimeout(timer);
  if (document.hidden || sessionStorage.getItem(KEY) === null) return;
  const mine = ++turn;
  let pause = SELDOM;
  try {
    const query = { limit: PAGE };
    if (status) query.status = status;
    if (cursors.length > 0) query.cursor = cursors.at(-1);
    const page = await ask("list", null, query);
    if (mine !== turn) return;
    show(at("trouble"), null);
    draw(page);
    if (!page.data.every(isOver)) pause = OFTEN;
  } catch (error) {
    if (mine !== turn) return;
    if (error.status === 401) return lock(error.message);
    show(at("trouble"), error.status ? error.message : "the server cannot be reached");
    if (error.wait > 0) pause = error.wait;
  }
  timer = setTimeout(look, pause);
}

async function play(id) {
  try {
    // Looked at again, for an address that is good for a while from now.
    const job = await ask("read", id);
    const { url } = job.output;
    const isStill = /\.(gif|png|jpg)\?/.test(url);
    const screen = document.createElement(isStill ? "img" : "video");
    screen.src = url;
    if (!isStill) {
      screen.controls = screen.autoplay = screen.playsInline = true;
    }
    at("screen").replaceChildren(screen);
    at("player").querySelector("code").textContent = id;
    at("player").querySelector("a").href = url;
    at("player").showModal();
  } catch (error) {
    show(at("trouble"), error.message);
  }
}

async function cancel(id, button) {
  if (!button.classList.contains("sure")) {
    button.classList.add("sure");
    button.textContent = "Really?";
    setTimeout(() => {
      button.classList.remove("sure");
      button.textContent = "Cancel";
    }, SURE);
    return;
  }
  try {
    await ask("cancel", id);
  } catch (error) {
    show(at("trouble"), error.message);
  }
  look();
}

function lock(reason) {
  clearTimeout(timer);
  turn += 1;
  sessionStorage.removeItem(KEY);
  rows.clear();
  at("jobs").replaceChildren();
  show(at("trouble"), reason);
  show(at("workspace"), null);
  at("door").hidden = false;
  for (const id of ["filters", "forget", "empty", "pages"]) at(id).hidden = true;
  at("key").focus();
}

async function enter() {
  at("door").hidden = true;
  for (const id of ["filters", "forget"]) at(id).hidden = false;
  look();
  try {
    show(at("workspace"), (await ask("workspace")).name);
  } catch {
    // The list says what is wrong.
  }
}

function turnTo(place) {
  cursors = place;
  look();
}

at("door").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, at("key").value.trim());
  at("key").value = "";
  enter();
});
at("forget").addEventListener("click", () => lock(null));
at("filters").addEventListener("click", (event) => {
  const { status: wanted } = event.target.dataset;
  if (wanted === undefined) return;
  for (const button of at("filters").children) button.ariaPressed = String(button === event.target);
  status = wanted;
  turnTo([]);
});
at("older").addEventListener("click", () => next && turnTo([...cursors, next]));
at("newer").addEventListener("click", () => turnTo(cursors.slice(0, -1)));
at("close").addEventListener("click", () => at("player").close());
// What is no longer seen is no longer fetched.
at("player").addEventListener("close", () => at("screen").replaceChildren());
document.addEventListener("visibilitychange", look);

if (sessionStorage.getItem(KEY) === null) lock(null);
else enter();
