// What the server is told. Nothing here knows of the editor.

/** Settings of the server, by the names that docs/lsp.md gives them. */
export const SERVER_SETTINGS = [
  "hintTimes",
  "hintLengths",
  "hintSizes",
  "hintGaps",
  "hintCurves",
  "lenses",
  "hoverPictures",
];

/** Commands that lenses of the server may name. */
export const COMMANDS = ["vid.showReferences", "vid.render", "vid.preview", "vid.timeline", "vid.copyTimecode"];

/** The settings of the server, from those of the editor. */
export function forServer(get: (name: string) => unknown): Record<string, unknown> {
  const settings: Record<string, unknown> = { commands: COMMANDS };
  for (const name of SERVER_SETTINGS) settings[name] = get(name);
  return settings;
}
