/** Finds and opens the event log that the inspecting commands read; they never make one. */
import { realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SqliteLog } from "../durable/backends/sqlite.ts";
import { type InlineLog, LogFailure } from "../durable/log.ts";
import type { RunRow } from "../durable/runs.ts";
import { nodeDoor } from "../engine/doors/node.ts";
import { statePlace } from "../engine/state.ts";
import { CliError, type CommandLine } from "./command.ts";

/** Options that the inspecting commands share. */
export const STATE_OPTIONS = {
  state: { value: "folder", help: "the state folder (default: .harn beside the script or below the current folder, or HARN_STATE_DIR)" },
  json: { help: "print JSON" },
} as const;

/**
 * The database of a script's state folder, or of the current folder's.
 * @param script null: no script was named
 */
function databasePath(script: string | null, line: CommandLine): string {
  const door = nodeDoor({ stdout() {}, stderr() {} });
  return statePlace(door, script === null ? process.cwd() : dirname(resolve(script)), line.text("state")).path;
}

/**
 * Opens the log, hands it to the work, and closes it; null when there is no database yet.
 * @throws CliError when it cannot be read
 */
export function withLog<T>(script: string | null, line: CommandLine, work: (log: InlineLog, path: string) => T): T | null {
  const path = databasePath(script, line);
  if (!isThere(path)) return null;
  let log: InlineLog | null = null;
  try {
    log = new SqliteLog({ path });
    return work(log, path);
  } catch (error) {
    throw error instanceof LogFailure ? new CliError(error.message) : error;
  } finally {
    log?.close();
  }
}

/** @throws CliError when nobody here may know */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR") return false;
    throw new CliError(`cannot look for event log ${path}: ${code === "EACCES" ? "permission denied; make its folder readable" : code}`);
  }
}

/** A script's real path, when the word names a file; a run is found by it. */
export function scriptPath(word: string): string | null {
  try {
    return statSync(word, { throwIfNoEntry: false })?.isFile() === true ? realpathSync(word) : null;
  } catch {
    return null; // a part of the path is no folder, or may not be read: it can still be a run's id
  }
}

/**
 * The run that a word names: its id, the beginning of its id, or a script, whose latest run it is.
 * @throws CliError when there is none, or several
 */
export function findRun(log: InlineLog, word: string): RunRow {
  const script = scriptPath(word);
  if (script !== null) {
    const latest = log.runs.list(script, 1)[0];
    if (latest === undefined) throw new CliError(`'${word}' has no durable run here; harn runs lists those there are`);
    return latest;
  }
  const exact = log.runs.get(word);
  if (exact !== null) return exact;
  const found = log.runs.list(null, Number.MAX_SAFE_INTEGER).filter((run) => run.runId.startsWith(word));
  if (found.length === 1) return found[0]!;
  throw new CliError(
    found.length === 0
      ? `no run '${word}'; harn runs lists those there are`
      : `'${word}' is the beginning of ${found.length} runs; give more of it`,
  );
}

/** Columns padded to their widest cell; the last one is left as it is. A cell is one line, whatever characters its text has. */
export function columns(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(oneLine));
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => [...row[i]!].length)));
  const line = (row: readonly string[]): string => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!))).join("  ");
  return cells.map((row) => `${line(row)}\n`).join("");
}

/** Control characters as escapes: they could move the cursor, or hide what stands there. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => SHORT[character] ?? `\\u{${character.charCodeAt(0).toString(16)}}`);
}

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };
