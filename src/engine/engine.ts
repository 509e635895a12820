/** The embedding surface: an engine, the programs compiled by it, their runs. */
import { SourceText } from "../source/text.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Door } from "../vm/door.ts";
import type { JournalPort } from "../vm/journal.ts";
import { DEFAULT_LIMITS, type Limits } from "../vm/limits.ts";
import type { Builtin } from "../vm/native.ts";
import type { HostValue } from "./convert.ts";
import { closedDoor } from "./doors/closed.ts";
import { builtinsOfRun, type Granted, grantedBy } from "./environment.ts";
import { CompileError } from "./host_errors.ts";
import { type HostFunction, hostFunction } from "./host_functions.ts";
import { Instance } from "./instance.ts";
import { type LoadedProgram, ProgramLoader } from "./load.ts";
import { hostResult, ScriptInstance, watchSignal } from "./script_instance.ts";

export interface EngineOptions {
  /** Where `println` and its relatives write; by default nowhere. */
  stdout?(text: string): void;
  stderr?(text: string): void;
  /** What scripts may reach. By default clock and chance only: no files, no processes, no environment. `nodeDoor` opens all. */
  readonly door?: Door;
  /** Limits of each run; those left out are the defaults. */
  readonly limits?: Partial<Limits>;
}

export interface CompileOptions {
  /** How diagnostics name the program. */
  readonly name?: string;
  /** The file it comes from, absolute: imports are resolved beside it, through the door. */
  readonly path?: string;
}

export interface RunOptions {
  /** What the script finds in `argv`. */
  readonly argv?: readonly string[];
  /** Cancels the run: it ends with a `ScriptError` of code `cancelled`, which the script cannot catch. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<Limits>;
}

/**
 * Makes an engine. Engines share nothing; make as many as you like.
 *
 * @example
 * const engine = createEngine({ stdout: (text) => process.stdout.write(text), limits: { fuelSteps: 1_000_000 } });
 */
export function createEngine(options: EngineOptions = {}): Engine {
  return new Engine(options);
}

export class Engine {
  private readonly host = new Map<string, Builtin>();
  /** What programs compiled now may call; null after a change. */
  private granted: Granted | null = null;
  readonly door: Door;
  readonly limits: Limits;
  /** @internal Leases that could not be given back, because the log refused: they are free all the same. */
  readonly unreleased = new Set<string>();

  constructor(options: EngineOptions) {
    const output = { stdout: (text: string) => options.stdout?.(text), stderr: (text: string) => options.stderr?.(text) };
    this.door = options.door ?? closedDoor(output);
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  /**
   * Grants a function to the programs compiled from now on.
   *
   * @param name a name, or `namespace.name`
   * @param signature in the language's notation: `(to: string, body?: string) -> bool`
   * @param body may be asynchronous; the script waits, other fibers go on
   * @throws SignatureError, or an Error when the name cannot be used
   * @example engine.define("mail.send", "(to: string, body: string) -> bool", async (to, body) => deliver(to, body));
   */
  define(name: string, signature: string, body: HostFunction): this {
    if (!/^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$/.test(name)) throw new Error(`'${name}' cannot be a function's name`);
    this.host.set(name, hostFunction(name, signature, body));
    this.granted = null;
    return this;
  }

  /**
   * Parses, checks and compiles a program.
   *
   * @throws CompileError with all diagnostics
   */
  async compile(text: string, options: CompileOptions = {}): Promise<Program> {
    this.granted ??= grantedBy(this.host);
    const { granted } = this;
    const loader = new ProgramLoader(granted.environment, options.path === undefined ? null : this.door.files);
    const source = new SourceText(options.name ?? options.path ?? "program.harn", text);
    const { program, diagnostics } = loader.load(source, options.path ?? null);
    if (program === null) throw new CompileError(diagnostics);
    return new Program(this, program, granted, diagnostics);
  }
}

export class Program {
  constructor(
    private readonly engine: Engine,
    /** @internal */
    readonly loaded: LoadedProgram,
    private readonly granted: Granted,
    /** Warnings. */
    readonly diagnostics: readonly Diagnostic[],
  ) {}

  /**
   * Runs the program from the top.
   *
   * @returns what its pipeline or `return` answered
   * @throws ScriptError for an error that it did not catch, a limit, or a cancellation
   */
  async run(options: RunOptions = {}): Promise<HostValue> {
    const instance = this.instance(options, null, {});
    const unwatch = watchSignal(instance, options.signal);
    try {
      return hostResult(await instance.run(), options.signal);
    } finally {
      unwatch();
    }
  }

  /**
   * Runs the program's top level once and keeps what it declared, so that the host can call its functions.
   *
   * @throws ScriptError as `run` does
   * @example
   * const program = await engine.compile("fn double(n) { return n * 2 }");
   * const instance = await program.load();
   * await instance.call("double", 21); // 42
   */
  async load(options: RunOptions = {}): Promise<ScriptInstance> {
    const instance = this.instance(options, null, {});
    const unwatch = watchSignal(instance, options.signal);
    try {
      return new ScriptInstance(instance, hostResult(await instance.run(), options.signal), unwatch, options.signal);
    } catch (error) {
      unwatch();
      throw error;
    }
  }

  /** @internal An execution for rooms that add services of their own. */
  instance(options: RunOptions, journal: JournalPort | null, services: Readonly<Record<string, unknown>>): Instance {
    const { engine } = this;
    return new Instance(this.loaded, {
      builtins: builtinsOfRun(this.granted, options.argv ?? []),
      door: engine.door,
      limits: { ...engine.limits, ...options.limits },
      journal,
      services,
    });
  }
}
