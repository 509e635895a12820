/**
 * Fixtures: what stands on disk, read into plain data.
 *
 * `NAME.harn` is a fixture when a sibling says what is expected: `NAME.expected` (standard output, exact but for trailing blanks),
 * `NAME.error` (it fails, and standard error contains one of the lines; `re:` starts a case-insensitive regular expression) or
 * `NAME.check` (the diagnostics of `harn check`, reduced as in `judge.ts`). A script without a sibling is a module for its neighbours.
 * `NAME.1.harn`, `NAME.2.harn` … run one after the other on one state folder. Leading `// crash: …` comments ask for crashes.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { type CrashDirective, parseCrashDirective } from "../testing/crash.ts";

export type Expectation =
  | { readonly kind: "expected"; readonly text: string }
  | { readonly kind: "error"; readonly alternatives: readonly string[] }
  | { readonly kind: "check"; readonly text: string };

export interface Fixture {
  /** Path below the root without the extension, with forward slashes. */
  readonly id: string;
  readonly path: string;
  readonly expectations: readonly Expectation[];
  /** The fixtures with the same sequence run in order on one state folder. */
  readonly sequence: string | null;
  readonly crashes: readonly CrashDirective[];
}

export class FixtureError extends Error {
  override readonly name = "FixtureError";
}

/**
 * Finds the fixtures of a folder, or the one of a script.
 *
 * @param path a folder or a `.harn` file
 * @returns fixtures in order of their ids
 * @throws FixtureError when there is no such path, or a directive cannot be read
 */
export function findFixtures(path: string): Fixture[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new FixtureError(`no such file or folder: '${path}'`);
  const root = resolve(stat.isDirectory() ? path : dirname(path));
  const scripts = stat.isDirectory() ? scriptsBelow(root) : [resolve(path)];
  const found = scripts.map((script) => readFixture(root, script)).filter((fixture) => fixture.expectations.length > 0);
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function scriptsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return scriptsBelow(path);
    return entry.name.endsWith(".harn") ? [path] : [];
  });
}

function readFixture(root: string, path: string): Fixture {
  const stem = path.slice(0, -".harn".length);
  const text = (extension: string): string | null => (existsSync(stem + extension) ? readFileSync(stem + extension, "utf8") : null);
  const expectations: Expectation[] = [];
  const expected = text(".expected");
  if (expected !== null) expectations.push({ kind: "expected", text: expected });
  const error = text(".error");
  if (error !== null) expectations.push({ kind: "error", alternatives: nonBlankLines(error) });
  const check = text(".check");
  if (check !== null) expectations.push({ kind: "check", text: check });
  const sequence = /^(.*)\.\d+$/.exec(stem)?.[1] ?? null;
  const crashes = expectations.length === 0 ? [] : crashDirectives(path, readFileSync(path, "utf8"));
  return { id: relative(root, stem).split(sep).join("/"), path, expectations, sequence, crashes };
}

function nonBlankLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function crashDirectives(path: string, text: string): CrashDirective[] {
  const found: CrashDirective[] = [];
  for (const line of text.split("\n")) {
    if (!line.startsWith("//")) break;
    const directive = parseCrashDirective(line);
    if (directive !== null) found.push(checked(path, directive));
  }
  return found;
}

function checked(path: string, directive: CrashDirective): CrashDirective {
  const points = directive.kind === "each" ? [] : directive.points;
  const wrong = points.find((point) => !/^[a-z0-9_.]+#[1-9][0-9]*(?:=(?:abort|error|torn))?$/.test(point));
  if (wrong === undefined) return directive;
  throw new FixtureError(`${basename(path)}: crash directive '${wrong}' is neither 'each' nor <failpoint>#<n>`);
}
