// What happens when the extension starts: the server runs, and the commands are there.

import * as vscode from "vscode";
import { subject } from "./cursor";
import { program } from "./program";
import { showReferences } from "./references";
import { render } from "./render";
import { Server } from "./server";
import { frames, timelines } from "./views";

/** Called by the editor when a `.vid` file is opened. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("vid", { log: true });
  const server = new Server(output);
  const [frameView, timelineView] = [frames(program), timelines(program)];
  context.subscriptions.push(output, server, frameView, timelineView);
  const command = (name: string, does: (...given: unknown[]) => unknown) =>
    context.subscriptions.push(vscode.commands.registerCommand(name, does));

  command("vid.render", async (address, composition) => {
    const found = await subject(address, composition);
    const runnable = found && program();
    if (found && runnable) await render(runnable, found, output);
  });
  command("vid.preview", async (address, composition, time) => {
    const found = await subject(address, composition, time);
    if (found) await frameView.show(found);
  });
  command("vid.timeline", async (address, composition) => {
    const found = await subject(address, composition);
    if (found) await timelineView.show(found);
  });
  command("vid.copyTimecode", async (timecode) => {
    if (typeof timecode !== "string") return;
    await vscode.env.clipboard.writeText(timecode);
    vscode.window.setStatusBarMessage(`Copied ${timecode}`, 3000);
  });
  command("vid.showReferences", showReferences);
  command("vid.restart", () => server.restart());
  command("vid.output", () => output.show());

  await server.start();
}

/** Called when the editor closes; what was pushed to the subscriptions is disposed of by it. */
export function deactivate(): void {}
