/**
 * Reads the source tree for the tidy checks: files, their imports, their functions. It leans on the formatter: a formatted function
 * ends at the first line that closes with the indentation of its head, so no parser is needed.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface Import {
  readonly specifier: string;
  /** The path from the repository's root for a relative import, else null. */
  readonly target: string | null;
  readonly typeOnly: boolean;
  readonly line: number;
}
export interface SourceFile {
  /** Relative to the repository's root, with forward slashes. */
  readonly path: string;
  readonly lines: readonly string[];
  /** The lines without comments and without the contents of strings. */
  readonly code: readonly string[];
  readonly imports: readonly Import[];
}
export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  readonly length: number;
}

/** Every TypeScript file below a folder of the repository. */
export function readTree(folder: string): SourceFile[] {
  const found: SourceFile[] = [];
  const visit = (path: string): void => {
    for (const name of readdirSync(join(ROOT, path)).sort()) {
      const child = posix.join(path, name);
      if (statSync(join(ROOT, child)).isDirectory()) visit(child);
      else if (name.endsWith(".ts") && !name.endsWith(".d.ts")) found.push(readSource(child));
    }
  };
  visit(folder);
  return found;
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), "utf8");
  return parseSource(path, text);
}

export function parseSource(path: string, text: string): SourceFile {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return { path, lines, code: blankOut(text).split("\n"), imports: importsOf(path, withoutComments(text)) };
}

const COMMENT_OR_STRING = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
const keepLines = (text: string): string => text.replace(/[^\n]/g, " ");

function withoutComments(text: string): string {
  return text.replace(COMMENT_OR_STRING, (part) => (part.startsWith("//") || part.startsWith("/*") ? keepLines(part) : part));
}
function blankOut(text: string): string {
  return text.replace(COMMENT_OR_STRING, (part) => {
    if (part.startsWith("//") || part.startsWith("/*")) return keepLines(part);
    return part[0] + keepLines(part.slice(1, -1)) + part[0];
  });
}

function importsOf(path: string, text: string): Import[] {
  const found: Import[] = [];
  const pattern = /\b(?:import|export)\s+(type\s+)?(?:[\w*{][^;"]*?\sfrom\s+)?"([^"\n]+)"|\bimport\(\s*"([^"\n]+)"\s*\)/g;
  for (const match of text.matchAll(pattern)) {
    const specifier = (match[2] ?? match[3])!;
    const target = /^\.\.?\//.test(specifier) ? posix.join(posix.dirname(path), specifier) : null;
    found.push({ specifier, target, typeOnly: match[1] !== undefined, line: text.slice(0, match.index).split("\n").length });
  }
  return found;
}

const NOT_A_FUNCTION = /^\s*(?:\} )?(?:if|else|for|while|switch|catch|do|try|return|case|default|with)\b/;
const HEAD =
  /=> \{$|\bfunction\b.*\{$|^\s*(?:(?:async|static|private|protected|public|override|get|set|readonly) |\*)*[\w#$[\].]+(?:<.*>)?\(.*\).*\{$|^\s*\).*\{$/;

/** The functions and methods of a file, each with its length in lines. */
export function functionsOf(file: SourceFile): FunctionSpan[] {
  const found: FunctionSpan[] = [];
  file.code.forEach((line, i) => {
    const text = line.trimEnd();
    if (!HEAD.test(text) || (NOT_A_FUNCTION.test(text) && !text.endsWith("=> {"))) return;
    const indent = text.length - text.trimStart().length;
    const close = new RegExp(`^ {${indent}}[}\\])]`);
    const end = file.code.findIndex((other, j) => j > i && close.test(other));
    if (end < 0) return;
    found.push({ name: nameOf(text), line: i + 1, length: end - i + 1 });
  });
  return found;
}

function nameOf(head: string): string {
  return /function\*? ([\w$]+)/.exec(head)?.[1] ?? /([\w$#]+)(?: = (?:async )?\(|(?:<.*>)?\()/.exec(head)?.[1] ?? "(anonymous)";
}

/** The strongly connected groups of value imports that have more than one file. */
export function importCycles(files: readonly SourceFile[]): string[][] {
  const graph = new Map(files.map((file) => [file.path, valueTargets(file)]));
  const state = new Map<string, "open" | "done">();
  const trail: string[] = [];
  const cycles: string[][] = [];
  const visit = (path: string): void => {
    state.set(path, "open");
    trail.push(path);
    for (const next of graph.get(path) ?? []) {
      if (state.get(next) === "open") cycles.push([...trail.slice(trail.indexOf(next)), next]);
      else if (!state.has(next) && graph.has(next)) visit(next);
    }
    trail.pop();
    state.set(path, "done");
  };
  for (const path of graph.keys()) if (!state.has(path)) visit(path);
  return cycles;
}

function valueTargets(file: SourceFile): string[] {
  return file.imports.flatMap((i) => (i.target !== null && !i.typeOnly ? [i.target] : []));
}
