/** What the command line does with a script file: run it, check it, compile it. */
import type { Chunk } from "../bytecode/chunk.ts";
import { toJson } from "../diagnostics/json.ts";
import { renderDiagnostics, renderRuntimeError } from "../diagnostics/render.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { SourceText } from "../source/text.ts";
import type { Door } from "../vm/door.ts";
import type { ScriptError } from "../vm/errors.ts";
import { DEFAULT_LIMITS } from "../vm/limits.ts";
import { shownText, uncaughtText } from "../vm/report.ts";
import { isInt, isResult, type Value } from "../vm/values.ts";
import { nodeDoor } from "./doors/node.ts";
import { openDurable, type DurableHost } from "./durable.ts";
import { builtinsOfRun, LANGUAGE_ONLY } from "./environment.ts";
import { Instance } from "./instance.ts";
import type { LoadResult } from "./load.ts";
import { ProgramCache } from "./program_cache.ts";
import { scriptStatePlace } from "./state.ts";

export interface RunOptions {
  /** What the script finds in `argv`. */
  readonly argv: readonly string[];
  /** The state folder; by default `.harn` beside the script's project. */
  readonly state?: string;
  /** The id of the run to start or continue. */
  readonly run?: string;
  readonly fresh?: boolean;
  readonly allowChanged?: boolean;
  /** Take the run from the process that holds it. */
  readonly takeOver?: boolean;
  /** Wait while another process holds the run. */
  readonly wait?: boolean;
  /** Names the compiler and its builtins; compiled programs are kept under it in the state folder, if there is one. Null: they are not kept. */
  readonly cacheStamp?: string | null;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Writes what is still held back of the output; false when some of it is lost: the run is then left to be continued. */
  finishOutput?(): boolean;
  /** Cancels the execution. */
  readonly signal?: AbortSignal;
  /** Told when the execution was cancelled. @param runId the run that can be continued; null: there were no durable calls */
  interrupted?(runId: string | null): void;
  readonly color?: boolean;
  /** Adds the host's stack to errors that have one. */
  readonly debug?: boolean;
}

/** The exit status of a program that was cancelled. */
const CANCELLED = 124;

/**
 * Runs a script file as `harn run` does.
 *
 * @returns the exit status: 0; 1 after an error or a returned Err; the int that the script returned; 124 when cancelled
 */
export async function runFile(path: string, options: RunOptions): Promise<number> {
  const door = nodeDoor(options);
  const loaded = await loadFile(path, door, programCache(path, door, options));
  options.stderr(renderDiagnostics(loaded.diagnostics, options));
  if (loaded.program === null) return 1;
  const durable = await openDurable(path, loaded.program, door, options);
  if (durable === null) {
    if (options.signal?.aborted !== true) return 1;
    options.interrupted?.(null);
    return CANCELLED;
  }
  const instance = new Instance(loaded.program, {
    builtins: builtinsOfRun(LANGUAGE_ONLY, options.argv),
    door,
    limits: DEFAULT_LIMITS,
    journal: durable.session,
    services: { durable: durable.session },
  });
  const cancel = (): void => instance.machine.cancel();
  options.signal?.addEventListener("abort", cancel);
  if (options.signal?.aborted) cancel();
  const outcome = await instance.run();
  options.signal?.removeEventListener("abort", cancel);
  if (options.finishOutput?.() === false) cancel();
  return conclude(outcome, instance, durable, options);
}

/** Ends the run, says what went wrong, and answers with the exit status. */
function conclude(
  outcome: { value: Value; error: ScriptError | null },
  instance: Instance,
  durable: DurableHost,
  options: RunOptions,
): number {
  const { value, error } = outcome;
  if (instance.machine.isCancelled) {
    if (!durable.end({ status: "interrupted" })) return 1;
    options.interrupted?.(durable.session.run()?.runId ?? null);
    return CANCELLED;
  }
  if (error === null || error.exitCode !== null) {
    const failed = error === null && isResult(value) && value.variant === "Err";
    const text = failed ? shownText(value.fields[0] ?? null) : "";
    if (failed) options.stderr(`${text === "" ? "error" : text}\n`);
    const ended = durable.end(failed ? { status: "failed", error: null, text } : { status: "completed" });
    return ended ? exitStatus(error?.exitCode ?? value) : 1;
  }
  report(error, durable.session.notesOn(error), options);
  const text = uncaughtText(error);
  durable.end({ status: "failed", error, text }, text);
  return 1;
}

function report(error: ScriptError, notes: readonly string[], options: RunOptions): void {
  options.stderr(renderRuntimeError(uncaughtText(error), error.origin, error.trace, options));
  for (const note of notes) options.stderr(`  = note: ${note}\n`);
  if (error.cause instanceof Error && options.debug === true) options.stderr(`${error.cause.stack}\n`);
}

function exitStatus(value: Value): number {
  if (isInt(value)) return Math.max(0, Math.min(255, Number(value)));
  return isResult(value) && value.variant === "Err" ? 1 : 0;
}

// --- Without running -----------------------------------------------------------------------------------------------------------------

export interface CheckedFile {
  readonly path: string;
  readonly hasErrors: boolean;
  readonly rendered: string;
  readonly json: readonly unknown[];
}

/** Reports what is wrong with a script file. */
export async function checkFile(path: string, options: { readonly color?: boolean } = {}): Promise<CheckedFile> {
  const { diagnostics: found, unresolved } = await loadFile(path, silentDoor(), null);
  const diagnostics = [...found, ...unresolved];
  return {
    path,
    hasErrors: diagnostics.some((diagnostic) => diagnostic.severity === "error"),
    rendered: renderDiagnostics(diagnostics, options),
    json: diagnostics.map((diagnostic: Diagnostic) => toJson(diagnostic)),
  };
}

/** The chunk of a script file's own code; null when it has errors, which are then rendered. */
export async function compileFile(
  path: string,
  options: { readonly color?: boolean } = {},
): Promise<{ readonly chunk: Chunk | null; readonly source: SourceText; readonly rendered: string }> {
  const loaded = await loadFile(path, silentDoor(), null);
  const rendered = renderDiagnostics(loaded.diagnostics, options);
  return { chunk: loaded.program?.entry.chunk ?? null, source: loaded.source, rendered };
}

/** The front end is loaded only for a program that is not kept. */
async function loadFile(path: string, door: Door, cache: ProgramCache | null): Promise<LoadResult> {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(door.files.readBytes(path));
  const source = new SourceText(path, text);
  const realPath = door.files.realPath(path);
  const kept = cache?.read(source, realPath) ?? null;
  if (kept !== null) return kept;
  const { ProgramLoader } = await import("./load.ts");
  const loaded = new ProgramLoader(LANGUAGE_ONLY.environment, door.files).load(source, realPath);
  await cache?.write(realPath, loaded);
  return loaded;
}

function programCache(path: string, door: Door, { state, cacheStamp = null }: RunOptions): ProgramCache | null {
  if (cacheStamp === null) return null;
  return new ProgramCache(door, scriptStatePlace(door, door.files.realPath(path), state).root, cacheStamp);
}

function silentDoor(): Door {
  return nodeDoor({ stdout: () => undefined, stderr: () => undefined });
}
