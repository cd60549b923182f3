// Where the program `vid` is. Nothing here knows of the editor.

import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

/** What the search depends on. */
export interface Surroundings {
  /** The setting `vid.path`; empty when it is not set. */
  configured: string;
  /** The folders of the workspace, the first being the one that relative paths start at. */
  folders: string[];
  /** The variable `PATH`. */
  path: string;
  /** Whether a file is there and may be run. */
  isProgram: (file: string) => boolean;
  /** How programs end on this machine: `.exe` or nothing. */
  suffix: string;
}

/** The program, or the places where it is not. */
export type Found = { program: string } | { tried: string[] };

/** The surroundings of this process. */
export function surroundings(configured: string, folders: string[]): Surroundings {
  const suffix = process.platform === "win32" ? ".exe" : "";
  return { configured, folders, path: process.env.PATH ?? "", isProgram, suffix };
}

/**
 * Looks for the program: where the setting says, and nowhere else if it says something; otherwise on `PATH`,
 * then where a build in the workspace puts it.
 */
export function findProgram(where: Surroundings): Found {
  const first = where.folders[0];
  const candidates: string[] = [];
  const configured = where.configured.trim();
  if (configured !== "") {
    let file = configured;
    if (first !== undefined) file = file.replaceAll("${workspaceFolder}", first);
    if (file.startsWith("~/")) file = join(homedir(), file.slice(2));
    // A bare name is one on `PATH`, as in a terminal.
    const isBare = !file.includes("/") && !file.includes("\\");
    if (isBare) candidates.push(...onPath(where, file));
    else if (isAbsolute(file)) candidates.push(file);
    else candidates.push(...where.folders.map((folder) => join(folder, file)));
  } else {
    candidates.push(...onPath(where, `vid${where.suffix}`));
    for (const folder of where.folders) {
      candidates.push(join(folder, "target", "debug", `vid${where.suffix}`));
      candidates.push(join(folder, "target", "release", `vid${where.suffix}`));
    }
  }
  const program = candidates.find(where.isProgram);
  return program === undefined ? { tried: candidates } : { program };
}

/** What to say when there is no program. */
export function missing(configured: string): string {
  return configured.trim() === ""
    ? "The program vid was not found on PATH, nor in target/debug or target/release of the workspace. Build it with “make build”, put it on PATH, or name it in the setting vid.path."
    : `The setting vid.path names “${configured.trim()}”, which is not there or cannot be run.`;
}

function onPath(where: Surroundings, name: string): string[] {
  return where.path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
