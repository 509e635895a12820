/** `harn check`: reports the problems of scripts without running them. */
import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { type CheckedFile, checkFile } from "../engine/files.ts";
import { CliError, type Command, type CommandLine, UsageError } from "./command.ts";
import { readScript } from "./script-file.ts";
import type { Terminal } from "./terminal.ts";

export const command: Command = {
  name: "check",
  arguments: "<file.harn or folder>…",
  summary: "Report the problems of scripts without running them.",
  options: {
    json: { help: "print the diagnostics as JSON on standard output" },
  },
  details: `
Reports syntax errors, type errors, unknown names and warnings on standard error; a file without any is "<file>: ok". A folder stands for all .harn files below it.
With --json the output is one object: {"files": [{"path", "diagnostics": [{"severity", "code", "message", "line", "column", …}]}]}.

Exit codes: 0 no errors (warnings are none) · 1 errors · 2 a mistake on the command line.

Examples:
  harn check report.harn
  harn check --json src/`,
  run: checkScripts,
};

async function checkScripts(line: CommandLine, terminal: Terminal): Promise<number> {
  if (line.positionals.length === 0) throw new UsageError("which file? usage: harn check <file.harn or folder>…");
  const paths = line.positionals.flatMap(scriptsBelow);
  const files: CheckedFile[] = [];
  for (const path of paths) {
    readScript(path);
    const file = await checkFile(path, { color: terminal.color });
    files.push(file);
    if (line.flag("json")) continue;
    if (file.rendered === "") terminal.stdout(`${path}: ok\n`);
    else terminal.stderr(file.rendered);
  }
  if (line.flag("json"))
    terminal.stdout(`${JSON.stringify({ files: files.map((f) => ({ path: f.path, diagnostics: f.json })) }, null, 2)}\n`);
  return files.some((file) => file.hasErrors) ? 1 : 0;
}

/** The path itself, or the scripts of a folder in order of their names. @throws CliError for a folder that cannot be read */
export function scriptsBelow(path: string): string[] {
  const entries = entriesOf(path);
  if (entries === null) return [path];
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
      if (entry.isDirectory()) return scriptsBelow(join(path, entry.name));
      return entry.name.endsWith(".harn") ? [join(path, entry.name)] : [];
    });
}

/** Null: it is no folder; what is wrong with it is said when it is read. */
function entriesOf(path: string): Dirent[] | null {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM") return null;
    throw new CliError(`cannot read folder '${path}': permission denied; make it readable`);
  }
}
