/** The house rules, checked on the sources: layers, cycles, sizes, unused files, banned calls, leftovers. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { findFixtures } from "../../src/conformance/fixture.ts";
import {
  BANNED,
  BANNED_MODULES,
  ENTRY_POINTS,
  HOST_ALLOWED,
  LONG_FILES,
  LONG_FUNCTIONS,
  MAX_FILE_LINES,
  MAX_FUNCTION_LINES,
  MAY_IMPORT,
  MEDIAN_FILE_LINES,
  TOOLS,
} from "./rules.ts";
import { functionsOf, importCycles, parseSource, readTree, type SourceFile } from "./sources.ts";

const files = readTree("src");
const everything = [...files, ...readTree("test"), ...readTree("bench"), ...readTree("scripts")];

/** `src/vm/values.ts` → `vm`; an entry point directly in `src/` → "". */
function folderOf(path: string): string {
  const parts = path.split("/");
  return parts.length > 2 ? parts[1]! : "";
}
function report(problems: readonly string[]): void {
  assert.is(problems.length, 0, `\n${problems.join("\n")}`);
}

test("imports only go down the ranks", () => {
  const problems = files.flatMap((file) =>
    file.imports.flatMap((i) => {
      if (i.target === null) return [];
      const from = folderOf(file.path);
      const to = folderOf(i.target);
      if (from === "" || from === to) return [];
      if (!(from in MAY_IMPORT)) return [`${file.path}:${i.line}: error: folder ${from}/ has no rank`];
      const allowed = MAY_IMPORT[from];
      if (to !== "" && (allowed === null || allowed?.includes(to))) return [];
      return [`${file.path}:${i.line}: error: ${from}/ may not import ${to === "" ? "an entry point" : `${to}/`}`];
    }),
  );
  report(problems);
});

test("relative imports name a file of the tree with its extension", () => {
  const known = new Set(everything.map((file) => file.path));
  const problems = files.flatMap((file) =>
    file.imports
      .filter((i) => i.target !== null && !known.has(i.target))
      .map((i) => `${file.path}:${i.line}: error: ${i.specifier} names no file`),
  );
  report(problems);
});

test("no import cycles", () => {
  report(importCycles(files).map((cycle) => `error: import cycle ${cycle.join(" → ")}`));
});

test("files and functions stay short", () => {
  const problems: string[] = [];
  for (const file of files) {
    if (file.lines.length > MAX_FILE_LINES && !(file.path in LONG_FILES))
      problems.push(`${file.path}: error: ${file.lines.length} lines (at most ${MAX_FILE_LINES})`);
    for (const f of functionsOf(file)) {
      if (f.length <= MAX_FUNCTION_LINES || `${file.path}#${f.name}` in LONG_FUNCTIONS) continue;
      problems.push(`${file.path}:${f.line}: error: ${f.name} has ${f.length} lines (at most ${MAX_FUNCTION_LINES})`);
    }
  }
  const sizes = files.map((file) => file.lines.length).sort((a, b) => a - b);
  const median = sizes[sizes.length >> 1]!;
  if (median > MEDIAN_FILE_LINES) problems.push(`src: error: the median file has ${median} lines (at most ${MEDIAN_FILE_LINES})`);
  report(problems);
});

test("every source file is used", () => {
  const roots = [...ENTRY_POINTS, ...Object.keys(TOOLS)];
  const used = new Set<string>(roots);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const queue = [...roots];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    for (const { target } of byPath.get(path)?.imports ?? []) {
      if (target === null || used.has(target)) continue;
      used.add(target);
      queue.push(target);
    }
  }
  report(files.filter((file) => !used.has(file.path)).map((file) => `${file.path}: error: no entry point reaches it`));
});

test("clock, chance, files and processes are reached through the door", () => {
  report(files.filter((file) => !HOST_ALLOWED.some((place) => file.path.startsWith(place))).flatMap(bannedIn));
});

function bannedIn(file: SourceFile): string[] {
  const problems = file.imports
    .filter((i) => !i.typeOnly && BANNED_MODULES.test(i.specifier))
    .map((i) => `${file.path}:${i.line}: error: import of ${i.specifier}; use the door`);
  file.code.forEach((line, i) => {
    for (const [pattern, instead] of BANNED) {
      if (pattern.test(line)) problems.push(`${file.path}:${i + 1}: error: ${pattern.source} is banned here; use ${instead}`);
    }
  });
  return problems;
}

test("each file says at its head what it is", () => {
  const headless = files.filter((file) => !file.lines[file.lines[0]?.startsWith("#!") ? 1 : 0]?.startsWith("/**"));
  report(headless.map((file) => `${file.path}:1: error: no head comment`));
});

test("nothing is left over", () => {
  const leftovers = new RegExp(["TO", "DO|FIX", "ME|\\bXX", "X\\b|simplified for", " now|\\bdebug", "ger\\b"].join(""));
  const problems = everything
    .filter((file) => !file.path.startsWith("test/tidy/"))
    .flatMap((file) =>
      file.lines.flatMap((line, i) => (leftovers.test(line) ? [`${file.path}:${i + 1}: error: leftover: ${line.trim()}`] : [])),
    );
  report(problems);
});

test("module level holds no mutable state", () => {
  const problems = files.flatMap((file) =>
    file.code.flatMap((line, i) => (/^(?:export )?(?:let|var) /.test(line) ? [`${file.path}:${i + 1}: error: mutable module state`] : [])),
  );
  report(problems);
});

test("the scanner sees imports, functions and cycles", () => {
  const a = parseSource(
    "src/vm/a.ts",
    'import type { B } from "./b.ts";\nimport {\n  c,\n} from "./c.ts";\n// import x from "./d.ts"\nexport function f(\n  x: number,\n): void {\n  if (x) {\n    g();\n  }\n}\n',
  );
  assert.equal(
    a.imports.map((i) => [i.target, i.typeOnly]),
    [
      ["src/vm/b.ts", true],
      ["src/vm/c.ts", false],
    ],
  );
  assert.equal(
    functionsOf(a).map((f) => f.length),
    [5],
  );
  const c = parseSource("src/vm/c.ts", 'import { a } from "./a.ts";\n');
  assert.equal(importCycles([a, c]), [["src/vm/a.ts", "src/vm/c.ts", "src/vm/a.ts"]]);
});

test("every fixture has its line in docs/status.md, and every line its fixture", () => {
  const status = readFileSync("docs/status.md", "utf8");
  const named = new Set([...status.matchAll(/`(conformance\/[^`]*)\.harn`/g)].map((match) => match[1] as string));
  const fixtures = findFixtures("conformance").map((fixture) => `conformance/${fixture.id}`);
  report([
    ...fixtures.filter((id) => !named.has(id)).map((id) => `docs/status.md: error: no line for ${id}.harn`),
    ...[...named].filter((id) => !fixtures.includes(id)).map((id) => `docs/status.md: error: ${id}.harn is no fixture`),
  ]);
});

test.run();
