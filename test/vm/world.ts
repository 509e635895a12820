/**
 * A simulated computer for tests of the VM: a clock that jumps to whatever comes next, output that gathers, files in memory. Scripts go
 * through parser, compiler and machine; the checker, which would refuse many programs whose errors are of interest here, only on request.
 */
import { createHash } from "node:crypto";
import { grantedBy, builtinsOfRun } from "../../src/engine/environment.ts";
import { Instance } from "../../src/engine/instance.ts";
import { type LoadedProgram, ProgramLoader } from "../../src/engine/load.ts";
import { compileFile, type Environment, parseFile } from "../../src/engine/pipeline.ts";
import { renderDiagnostics, renderRuntimeError } from "../../src/diagnostics/render.ts";
import { SourceText } from "../../src/source/text.ts";
import { display } from "../../src/vm/display.ts";
import { type Door, type FileDoor, OsFailure } from "../../src/vm/door.ts";
import type { ScriptError } from "../../src/vm/errors.ts";
import type { JournalPort } from "../../src/vm/journal.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/vm/limits.ts";
import type { Builtin, NativeContext, Parked, PlainBody } from "../../src/vm/native.ts";
import { uncaughtText } from "../../src/vm/report.ts";
import type { Value } from "../../src/vm/values.ts";

export interface WorldOptions {
  readonly limits?: Partial<Limits>;
  /** By how much every reading of the clock moves it, in ms: time passes while a script computes. */
  readonly tickMs?: number;
  /** Texts by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly builtins?: readonly Builtin[];
  readonly journal?: JournalPort;
  readonly services?: Readonly<Record<string, unknown>>;
}

/** How a script ended; `error` is what a person would read. */
export interface Ended {
  readonly value: Value;
  /** The value's display text; null after an error. */
  readonly text: string | null;
  readonly error: string | null;
  readonly failure: ScriptError | null;
  /** As the command line prints it. */
  readonly rendered: string;
}

/** The wall clock's start: 2001-09-09T01:46:40Z. */
const START_MS = 1_000_000_000_000;

export class World {
  out = "";
  errors = "";
  /** Milliseconds since the world began. */
  nowMs = 0;
  /** How often the host's event loop was given a turn. */
  turns = 0;
  /** What the host does at each turn. */
  onTurn: (() => void) | null = null;
  /** What the host does whenever a script writes. */
  onWrite: ((text: string) => void) | null = null;
  readonly files: MemoryFiles;
  readonly door: Door;
  /** Of the run that was started last. */
  instance: Instance | null = null;
  private events: { readonly atMs: number; readonly fire: () => void }[] = [];
  private pumping = false;

  constructor(private readonly options: WorldOptions = {}) {
    this.files = new MemoryFiles(options.files ?? {});
    this.door = this.makeDoor();
  }

  // --- Running -----------------------------------------------------------------------------------------------------------------------

  /** Runs a text without the checker; it can import nothing. */
  run(text: string): Promise<Ended> {
    return this.start(this.compile(text));
  }

  /** Runs a file of this world as `harn run` would, checker and imports included. */
  runFile(path: string): Promise<Ended> {
    const source = new SourceText(path, this.files.text(path));
    const { program, diagnostics } = new ProgramLoader(this.environment(), this.files).load(source, path);
    if (program === null) throw new Error(renderDiagnostics(diagnostics));
    return this.start(program);
  }

  compile(text: string): LoadedProgram {
    const source = new SourceText("main.harn", text);
    const parsed = parseFile(source);
    if (parsed.plain !== null) throw new Error(renderDiagnostics(parsed.diagnostics));
    const { chunk, diagnostics } = compileFile(
      parsed,
      this.environment(),
      { names: new Map(), interfaces: new Map(), resolved: true },
      true,
    );
    if (chunk === null) throw new Error(renderDiagnostics(diagnostics));
    return { entry: { source, chunk, imports: new Map() }, modules: new Map(), sources: [source] };
  }

  async start(program: LoadedProgram): Promise<Ended> {
    this.instance = this.prepare(program);
    const { value, error } = await this.instance.run();
    if (error?.cause) throw error.cause;
    const text = error === null ? display(value) : null;
    const said = error === null ? null : uncaughtText(error);
    const rendered = error === null ? "" : renderRuntimeError(uncaughtText(error), error.origin, error.trace);
    return { value, text, error: said, failure: error, rendered };
  }

  prepare(program: LoadedProgram): Instance {
    return new Instance(program, {
      builtins: builtinsOfRun(this.granted(), []),
      door: this.door,
      limits: { ...DEFAULT_LIMITS, ...this.options.limits },
      journal: this.options.journal ?? null,
      services: this.options.services ?? {},
    });
  }

  private granted() {
    return grantedBy(new Map((this.options.builtins ?? []).map((builtin) => [builtin.name, builtin])));
  }

  private environment(): Environment {
    return this.granted().environment;
  }

  // --- Time ----------------------------------------------------------------------------------------------------------------------------

  /** Something that happens outside, so many ms from now. Everything at hand comes first, then the earliest of these. Answers how to call it off. */
  later(ms: number, fire: () => void): () => void {
    const event = { atMs: this.nowMs + ms, fire };
    const before = this.events.findIndex((other) => other.atMs > event.atMs);
    this.events.splice(before < 0 ? this.events.length : before, 0, event);
    this.pump();
    return () => {
      this.events = this.events.filter((other) => other !== event);
    };
  }

  /** A promise of the host that settles so many ms from now. */
  promise<T>(ms: number, answer: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.later(ms, () => {
        try {
          resolve(answer());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  private pump(): void {
    if (this.pumping || this.events.length === 0) return;
    this.pumping = true;
    setImmediate(() => {
      this.pumping = false;
      const event = this.events.shift();
      if (event === undefined) return;
      this.nowMs = Math.max(this.nowMs, event.atMs);
      event.fire();
      this.pump();
    });
  }

  private sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const callOff = this.later(ms, resolve);
      signal.addEventListener("abort", () => {
        callOff();
        resolve();
      });
    });
  }

  // --- The door ------------------------------------------------------------------------------------------------------------------------

  private makeDoor(): Door {
    const tickMs = this.options.tickMs ?? 0;
    let bytes = 0;
    return {
      clock: {
        wallMs: () => START_MS + this.nowMs,
        monotonicMs: () => {
          this.nowMs += tickMs;
          return this.nowMs;
        },
        sleep: (ms, signal) => this.sleep(ms, signal),
        turn: () => {
          this.turns++;
          return new Promise((resolve) => {
            setImmediate(() => {
              this.onTurn?.();
              resolve();
            });
          });
        },
      },
      randomBytes: (count) => Uint8Array.from({ length: count }, () => (bytes = (bytes * 31 + 7) & 255)),
      sha256: (data) => createHash("sha256").update(data).digest("hex"),
      output: {
        stdout: (text) => {
          this.out += text;
          this.onWrite?.(text);
        },
        stderr: (text) => {
          this.errors += text;
        },
      },
      files: this.files,
      processes: { run: () => Promise.reject(new OsFailure("No such file or directory (os error 2)", "ENOENT")) },
      env: { get: () => undefined, all: () => ({}), cwd: () => "/" },
    };
  }
}

// --- Files ---------------------------------------------------------------------------------------------------------------------------

/** A tree of files, folders being whatever lies above one. */
export class MemoryFiles implements FileDoor {
  readonly contents = new Map<string, Uint8Array>();
  /** Paths in the order in which they were read. */
  readonly reads: string[] = [];
  /** Other names of files. */
  readonly links = new Map<string, string>();

  constructor(texts: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(texts)) this.writeBytes(path, new TextEncoder().encode(text));
  }

  text(path: string): string {
    return new TextDecoder().decode(this.readBytes(path));
  }

  readBytes(path: string): Uint8Array {
    this.reads.push(path);
    const found = this.contents.get(this.realPath(path));
    if (found !== undefined) return found;
    throw this.isFolder(path) ? new OsFailure("Is a directory (os error 21)", "EISDIR") : missing();
  }

  writeBytes(path: string, data: Uint8Array): void {
    this.contents.set(path, data);
  }

  appendBytes(path: string, data: Uint8Array): void {
    const before = this.contents.get(path) ?? new Uint8Array();
    this.contents.set(path, Uint8Array.from([...before, ...data]));
  }

  stat(path: string) {
    const found = this.contents.get(this.realPath(path));
    if (found === undefined && !this.isFolder(path)) throw missing();
    return { isFile: found !== undefined, isDir: found === undefined, sizeBytes: found?.length ?? 0, modifiedMs: 0, readonly: false };
  }

  exists(path: string): boolean {
    return this.contents.has(this.realPath(path)) || this.isFolder(path);
  }

  realPath(path: string): string {
    return this.links.get(path) ?? path;
  }

  makeDirs(): void {}

  list(path: string): string[] {
    const within = `${path.replace(/\/$/, "")}/`;
    const names = [...this.contents.keys()]
      .filter((name) => name.startsWith(within))
      .map((name) => name.slice(within.length).split("/")[0]);
    return [...new Set(names as string[])].sort();
  }

  remove(path: string): void {
    this.contents.delete(path);
  }

  rename(from: string, to: string): void {
    this.contents.set(to, this.readBytes(from));
    this.contents.delete(from);
  }

  private isFolder(path: string): boolean {
    const within = `${path.replace(/\/$/, "")}/`;
    return [...this.contents.keys()].some((name) => name.startsWith(within));
  }
}

function missing(): OsFailure {
  return new OsFailure("No such file or directory (os error 2)", "ENOENT");
}

// --- Functions of the host -----------------------------------------------------------------------------------------------------------

/** A builtin for a test. `arity` -1: the body gets all arguments in one array. */
export function builtin(name: string, arity: number, body: (ctx: NativeContext, ...args: Value[]) => Value | Parked): Builtin {
  return { name, signature: "(...args)", effect: "pure", doc: "", example: "", arity, plain: body as PlainBody, frame: null };
}
