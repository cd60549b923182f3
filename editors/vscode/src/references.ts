// Shows the places that use a name, in the editor's own list.

import * as vscode from "vscode";

interface Point {
  line: number;
  character: number;
}

interface Location {
  uri: string;
  range: { start: Point; end: Point };
}

/** What the lens “2 uses” does: the server says where the name is and where it is used. */
export async function showReferences(address: unknown, at: unknown, places: unknown): Promise<void> {
  const uri = vscode.Uri.parse(address as string);
  const locations = (places as Location[]).map(
    ({ uri, range }) => new vscode.Location(vscode.Uri.parse(uri), new vscode.Range(point(range.start), point(range.end))),
  );
  await vscode.commands.executeCommand("editor.action.showReferences", uri, point(at as Point), locations);
}

function point({ line, character }: Point): vscode.Position {
  return new vscode.Position(line, character);
}
