// Runs the program and tells the author when it cannot be run.

import { spawn } from "node:child_process";
import * as vscode from "vscode";
import { findProgram, missing, surroundings } from "./binary";

/** What a run came to. */
export interface Outcome {
  /** The exit code; undefined when the run was stopped. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/** The program and the arguments that every call has. */
export interface Program {
  command: string;
  arguments: string[];
}

/** The program, or undefined when there is none; the author is then told. */
export function program(): Program | undefined {
  const settings = vscode.workspace.getConfiguration("vid");
  const configured = settings.get<string>("path", "");
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const found = findProgram(surroundings(configured, folders));
  if ("program" in found) return { command: found.program, arguments: settings.get<string[]>("arguments", []) };
  // Nobody waits for the answer: without it there is no program either.
  const open = "Open the Setting";
  void vscode.window.showErrorMessage(missing(configured), open).then((chosen) => {
    if (chosen === open) void vscode.commands.executeCommand("workbench.action.openSettings", "vid.path");
  });
  return undefined;
}

/** Runs the program to its end, or until it is cancelled; gives pieces of standard error as they come. */
export function run(
  program: Program,
  asked: string[],
  folder: string,
  token: vscode.CancellationToken | undefined,
  heard: (piece: string) => void = () => undefined,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program.command, [...program.arguments, ...asked], { cwd: folder });
    let [stdout, stderr, isStopped] = ["", "", false];
    child.stdout.setEncoding("utf8").on("data", (piece: string) => (stdout += piece));
    child.stderr.setEncoding("utf8").on("data", (piece: string) => {
      stderr += piece;
      heard(piece);
    });
    // The program ends at the next frame and leaves no half-written file behind.
    const listener = token?.onCancellationRequested(() => {
      isStopped = true;
      child.kill("SIGINT");
    });
    child.on("error", (error) => {
      listener?.dispose();
      reject(error);
    });
    child.on("close", (code) => {
      listener?.dispose();
      resolve({ code: isStopped ? undefined : (code ?? 101), stdout, stderr });
    });
  });
}
