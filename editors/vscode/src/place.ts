// Which film, and which moment of it, a cursor stands at. Nothing here knows of the editor but shapes.

/** An entry of an outline, as the language server gives it. */
export interface Entry {
  name: string;
  detail: string;
  /** The number of the protocol's `SymbolKind`, less one, as editors count. */
  kind: number;
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
  children: Entry[];
}

/** A place in a text, counted from 0. */
export interface Cursor {
  line: number;
  character: number;
}

/** What a cursor stands at. */
export interface Place {
  composition: string | undefined;
  /** When what is there begins, as a clock shows it; the beginning of the film where nothing is known. */
  time: string;
}

/** `SymbolKind.Class` of an editor: what the server calls compositions. */
export const COMPOSITION = 4;

/** The innermost thing with a time around a cursor, and the composition that it is in. */
export function placeAt(outline: Entry[], cursor: Cursor): Place {
  const place: Place = { composition: undefined, time: "0s" };
  let level = outline;
  for (;;) {
    const inside = level.find((entry) => contains(entry, cursor));
    if (inside === undefined) break;
    if (inside.kind === COMPOSITION) place.composition = inside.name;
    else place.time = /^\d+:\d\d:\d\d[:.]\d+/.exec(inside.detail)?.[0] ?? place.time;
    level = inside.children;
  }
  // Above the first composition, and between two, the next one is meant.
  if (place.composition === undefined) {
    const films = outline.filter((entry) => entry.kind === COMPOSITION);
    const next = films.find((film) => film.range.start.line >= cursor.line) ?? films[films.length - 1];
    place.composition = next?.name;
  }
  return place;
}

function contains(entry: Entry, cursor: Cursor): boolean {
  const { start, end } = entry.range;
  const isBefore = cursor.line < start.line || (cursor.line === start.line && cursor.character < start.character);
  const isAfter = cursor.line > end.line || (cursor.line === end.line && cursor.character > end.character);
  return !isBefore && !isAfter;
}
