// Renders a film, with its progress in a notification.

import { isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import { Lines, readProgress, render as renderArguments } from "./commandLine";
import { type Subject } from "./cursor";
import { type Program, run } from "./program";

/** Renders, says how it went, and offers to look at the result. */
export async function render(program: Program, subject: Subject, output: vscode.LogOutputChannel): Promise<void> {
  const title = `Rendering ${subject.composition ?? subject.file}`;
  const lines = new Lines();
  let written: string | undefined;
  let problem = "";
  const outcome = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => {
      let reported = 0;
      const hear = (line: string) => {
        const event = readProgress(line);
        if (event.phase === "working" && event.total > 0) {
          const percent = (100 * event.done) / event.total;
          const left = event.secondsLeft === undefined ? "" : `, ${Math.ceil(event.secondsLeft)} s left`;
          progress.report({ message: `${event.done} of ${event.total} frames${left}`, increment: percent - reported });
          reported = percent;
        } else if (event.phase === "done") written = event.output;
        else if (event.phase === "failed") problem = event.message;
        else if (event.phase === "said" && event.message.trim() !== "") output.info(event.message);
      };
      const asked = renderArguments(subject.file, subject.composition);
      return run(program, asked, subject.folder, token, (piece) => lines.push(piece).forEach(hear)).then((outcome) => {
        lines.end().forEach(hear);
        return outcome;
      });
    },
  );
  if (outcome.code === undefined) {
    void vscode.window.showInformationMessage("Rendering was stopped. The next one goes on from there.");
    return;
  }
  if (outcome.code !== 0 || written === undefined) {
    const look = "Show Messages";
    const chosen = await vscode.window.showErrorMessage(problem || "The film has errors.", look);
    if (chosen === look) output.show(true);
    return;
  }
  const file = vscode.Uri.file(isAbsolute(written) ? written : join(subject.folder, written));
  const [open, reveal] = ["Open", "Show in Folder"];
  const chosen = await vscode.window.showInformationMessage(`Rendered ${file.fsPath}`, open, reveal);
  if (chosen === open) await vscode.env.openExternal(file);
  if (chosen === reveal) await vscode.commands.executeCommand("revealFileInOS", file);
}
