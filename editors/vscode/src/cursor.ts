// The film that a command is about: what a lens says, or what the cursor stands at.

import { dirname } from "node:path";
import * as vscode from "vscode";
import { type Entry, placeAt } from "./place";

/** A film in a file, and a moment of it. */
export interface Subject {
  uri: vscode.Uri;
  file: string;
  folder: string;
  composition: string | undefined;
  time: string;
}

/**
 * What a command is about. Lenses say all of it; from the palette, a button or a key it is what the cursor
 * stands at. Saves the file, since the program reads it from the disk.
 */
export async function subject(address?: unknown, composition?: unknown, time?: unknown): Promise<Subject | undefined> {
  const editor = vscode.window.activeTextEditor;
  const isLens = typeof address === "string";
  const uri = isLens ? vscode.Uri.parse(address) : address instanceof vscode.Uri ? address : editor?.document.uri;
  if (uri === undefined) {
    void vscode.window.showInformationMessage("Open a .vid file first.");
    return undefined;
  }
  if (uri.scheme !== "file") {
    void vscode.window.showInformationMessage("Only a file on this machine can be rendered; save this one first.");
    return undefined;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty && !(await document.save())) return undefined;
  let place = { composition: typeof composition === "string" ? composition : undefined, time: "0s" };
  if (!isLens && editor !== undefined && editor.document.uri.toString() === uri.toString()) {
    const outline = await vscode.commands.executeCommand<Entry[] | undefined>(
      "vscode.executeDocumentSymbolProvider",
      uri,
    );
    place = placeAt(outline ?? [], editor.selection.active);
  }
  if (typeof time === "string") place.time = time;
  return { uri, file: uri.fsPath, folder: dirname(uri.fsPath), ...place };
}
