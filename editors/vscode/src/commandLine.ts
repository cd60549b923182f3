// What the program is asked, and what it says. Nothing here knows of the editor.

/** Which frame of which film. */
export interface Moment {
  file: string;
  composition: string | undefined;
  /** A time as the program takes it: `2.5s` or `00:00:02:15`. */
  time: string;
}

/** Arguments that write a frame to a picture. */
export function frame(moment: Moment, picture: string): string[] {
  return ["frame", moment.file, ...chosen(moment.composition), "--at", moment.time, "-o", picture];
}

/** Arguments that render a film; its progress comes as JSON. */
export function render(file: string, composition: string | undefined): string[] {
  return ["render", file, ...chosen(composition), "--progress", "json"];
}

/** Arguments that draw a timeline on standard output. */
export function timeline(file: string, composition: string | undefined): string[] {
  return ["timeline", file, ...chosen(composition)];
}

function chosen(composition: string | undefined): string[] {
  return composition === undefined ? [] : ["--composition", composition];
}

/** A line of progress, as docs/cli.md describes it. */
export type Progress =
  | { phase: "working"; done: number; total: number; secondsLeft: number | undefined }
  | { phase: "done"; output: string; written: boolean }
  | { phase: "failed"; message: string }
  | { phase: "said"; message: string };

/** Reads a line of standard error; what is no progress is something said about the source. */
export function readProgress(line: string): Progress {
  if (!line.startsWith("{")) return { phase: "said", message: line };
  let event: Record<string, unknown>;
  try {
    event = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { phase: "said", message: line };
  }
  const text = (name: string) => (typeof event[name] === "string" ? (event[name] as string) : "");
  const number = (name: string) => (typeof event[name] === "number" ? (event[name] as number) : undefined);
  switch (event["phase"]) {
    case "done":
      return { phase: "done", output: text("output"), written: event["written"] === true };
    case "failed":
      return { phase: "failed", message: text("message") };
    case "notice":
      return { phase: "said", message: text("message") };
    case "mended":
      return { phase: "said", message: `${text("file")} is damaged; what was missing has been filled in` };
    default:
      return {
        phase: "working",
        done: number("frames_done") ?? 0,
        total: number("frames_total") ?? 0,
        secondsLeft: number("seconds_left"),
      };
  }
}

/** Cuts a stream into lines, whatever pieces it comes in. */
export class Lines {
  private rest = "";

  /** The lines that a piece completes. */
  push(piece: string): string[] {
    const lines = (this.rest + piece).split("\n");
    this.rest = lines.pop() ?? "";
    return lines;
  }

  /** What is left at the end of the stream. */
  end(): string[] {
    const last = this.rest;
    this.rest = "";
    return last === "" ? [] : [last];
  }
}
