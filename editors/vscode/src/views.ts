// Pictures beside the text: a frame of the film, and its timeline. Both are drawn again when the source is saved.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { frame, timeline } from "./commandLine";
import { type Subject } from "./cursor";
import { page } from "./page";
import { type Program, run } from "./program";

/** Makes the inside of a page, or says why it cannot. */
type Draw = (program: Program, subject: Subject) => Promise<{ body: string } | { problem: string }>;

/** A page beside the text that shows one thing at a time. */
export class View implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private subject: Subject | undefined;
  /** Counts what was asked for, so that a slow answer never replaces a newer one. */
  private asked = 0;
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly kind: string,
    private readonly draw: Draw,
    private readonly titled: (subject: Subject) => string,
    private readonly findProgram: () => Program | undefined,
  ) {
    this.listener = vscode.workspace.onDidSaveTextDocument((document) => {
      const isShown = this.panel?.visible === true && document.languageId === "vid";
      if (isShown && this.subject !== undefined) void this.show(this.subject);
    });
  }

  /** Shows something, in the page that is there or in a new one. */
  async show(subject: Subject): Promise<void> {
    const program = this.findProgram();
    if (program === undefined) return;
    this.subject = subject;
    this.asked += 1;
    const mine = this.asked;
    const title = this.titled(subject);
    const panel = this.page();
    panel.title = title;
    const drawn = await this.draw(program, subject).catch((error: Error) => ({ problem: error.message }));
    // Closed, or asked for something else, while this was drawn.
    if (mine !== this.asked || this.panel !== panel) return;
    panel.webview.html = "body" in drawn ? page(title, drawn.body) : page(title, undefined, drawn.problem);
  }

  private page(): vscode.WebviewPanel {
    if (this.panel !== undefined) {
      this.panel.reveal(undefined, true);
      return this.panel;
    }
    const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel(this.kind, "vid", where, { enableScripts: false });
    panel.onDidDispose(() => (this.panel = undefined));
    this.panel = panel;
    return panel;
  }

  dispose(): void {
    this.listener.dispose();
    this.panel?.dispose();
  }
}

/** A view of frames. */
export function frames(findProgram: () => Program | undefined): View {
  const titled = (subject: Subject) => `${subject.composition ?? basename(subject.file)} at ${subject.time}`;
  return new View("vid.frame", drawFrame, titled, findProgram);
}

/** A view of timelines. */
export function timelines(findProgram: () => Program | undefined): View {
  const titled = (subject: Subject) => `Timeline of ${subject.composition ?? basename(subject.file)}`;
  return new View("vid.timeline", drawTimeline, titled, findProgram);
}

const drawFrame: Draw = async (program, subject) => {
  const folder = await mkdtemp(join(tmpdir(), "vid-frame-"));
  try {
    const picture = join(folder, "frame.png");
    const outcome = await run(program, frame(subject, picture), subject.folder, undefined);
    if (outcome.code !== 0) return { problem: outcome.stdout + outcome.stderr };
    const bytes = await readFile(picture);
    return { body: `<img alt="" src="data:image/png;base64,${bytes.toString("base64")}">` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const drawTimeline: Draw = async (program, subject) => {
  const outcome = await run(program, timeline(subject.file, subject.composition), subject.folder, undefined);
  if (outcome.code !== 0) return { problem: outcome.stdout + outcome.stderr };
  // Nothing may stand before an `<svg>` inside of a page.
  return { body: outcome.stdout.slice(Math.max(0, outcome.stdout.indexOf("<svg"))) };
};
