/** The house rules as data: which folder may import which, who may touch the host, and the named exceptions with their reasons. */

const CORE = ["source", "diagnostics"];

/** What each folder of `src/` may import beside itself. `null`: everything below the entry points. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[] | null>> = {
  source: [],
  diagnostics: ["source"],
  syntax: CORE,
  check: [...CORE, "syntax"],
  bytecode: ["source"],
  compile: [...CORE, "syntax", "check", "bytecode"],
  vm: [...CORE, "bytecode"],
  durable: [...CORE, "vm"],
  builtins: [...CORE, "check", "vm", "durable"],
  engine: [...CORE, "syntax", "check", "bytecode", "compile", "vm", "durable", "builtins"],
  ide: [...CORE, "syntax", "check", "bytecode", "compile", "vm", "durable", "builtins", "engine"],
  testing: [...CORE, "syntax", "check", "bytecode", "compile", "vm", "durable", "builtins", "engine"],
  conformance: [...CORE, "vm", "durable", "builtins", "engine", "testing"],
  cli: null,
  lsp: null,
};

/** Places that may use clock, chance, files and processes of the host: the doors, the storage backends, and the tools on top. */
export const HOST_ALLOWED = ["src/engine/doors/", "src/durable/backends/", "src/cli/", "src/conformance/", "src/testing/"];

/** What is banned elsewhere, and what to use instead. */
export const BANNED: readonly (readonly [RegExp, string])[] = [
  [/\bDate\b/, "the clock door"],
  [/\bMath\.random\b/, "the chance door"],
  [/\b(?:setTimeout|setInterval|setImmediate)\b/, "the scheduler's timers"],
  [/\bprocess\./, "the door"],
];
export const BANNED_MODULES =
  /^(?:node:)?(?:fs|fs\/promises|process|child_process|timers|timers\/promises|worker_threads|net|http|https|os|execa|better-sqlite3)$/;

/** Functions that may be longer than the limit. */
export const LONG_FUNCTIONS: Readonly<Record<string, string>> = {
  "src/vm/run.ts#run": "the run loop: the host's compiler optimises it as a whole, and every call out of it costs",
};

/** Files that may be longer than the limit. */
export const LONG_FILES: Readonly<Record<string, string>> = {
  "src/vm/run.ts": "the run loop alone is longer",
};

/** Files that only tests and tools reach, and why they belong to the sources. */
export const TOOLS: Readonly<Record<string, string>> = {
  "src/bytecode/assemble.ts": "the inverse of the disassembler: what proves that its text loses nothing",
  "src/bytecode/artefact.ts": "the stored form of a single chunk, verified when it is read: for chunks that come from elsewhere",
};

/** Files that nothing imports: the entry points of the package. */
export const ENTRY_POINTS = ["src/index.ts", "src/node.ts", "src/durable.ts", "src/testing.ts", "src/cli/main.ts"];

export const MAX_FILE_LINES = 800;
export const MEDIAN_FILE_LINES = 150;
export const MAX_FUNCTION_LINES = 70;
