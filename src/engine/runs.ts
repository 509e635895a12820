/** Durable runs for an embedding host: the same id after a crash continues. */
import { isAlive, thisProcess, sha256 } from "../durable/backends/host.ts";
import { MemoryLog } from "../durable/backends/memory.ts";
import { SqliteLog } from "../durable/backends/sqlite.ts";
import { canonicalJson } from "../durable/canonical.ts";
import { NO_FAILPOINTS } from "../durable/failpoints.ts";
import type { InlineLog } from "../durable/log.ts";
import { DurableSession } from "../durable/session.ts";
import { uncaughtText } from "../vm/report.ts";
import type { HostValue } from "./convert.ts";
import { cancellable, type Engine, hostResult, type Program, type RunOptions } from "./engine.ts";

/** A place for journals. */
export interface LogPlace {
  /** @internal */
  open(): InlineLog;
  /** @internal Whether something may be there without opening it. */
  exists(): boolean;
}

/** Journals in one SQLite file. @param path made when missing, with its folder */
export function sqliteLog(path: string): LogPlace {
  return { open: () => new SqliteLog({ path }), exists: () => true };
}

/** Journals that live as long as the process: for tests. */
export function memoryLog(): LogPlace {
  const log = new MemoryLog();
  return { open: () => log, exists: () => true };
}

export interface StartOptions extends RunOptions {
  /** The run's identity: an unfinished run of this id is continued, otherwise it is started. */
  readonly id: string;
  /** Continue although the program has changed since. */
  readonly allowChanged?: boolean;
  /** One line about something worth knowing, such as steps that were not reached. */
  notice?(line: string): void;
}

export interface Runs {
  /**
   * Starts a run, or continues the one of this id; steps that are journalled are not run again.
   *
   * @returns the program's answer
   * @throws ScriptError, and an Error when the run is held by another process, the program has changed, or the log cannot be used
   */
  start(program: Program, options: StartOptions): Promise<HostValue>;
}

/**
 * Durable runs of an engine's programs.
 *
 * @example const order = await durable(engine, sqliteLog("app.db")).start(program, { id: "order-42" });
 */
export function durable(engine: Engine, place: LogPlace): Runs {
  return { start: (program, options) => start(engine, place, program, options) };
}

async function start(engine: Engine, place: LogPlace, program: Program, options: StartOptions): Promise<HostValue> {
  const { door } = engine;
  const { sources } = program.loaded;
  const session = new DurableSession({
    openLog: () => place.open(),
    mayExist: () => place.exists(),
    program: {
      name: sources[0]?.path ?? "",
      hash: door.sha256(JSON.stringify(sources.map((source) => source.text))),
      args: canonicalJson([...(options.argv ?? [])]),
    },
    wish: { id: options.id, allowChanged: options.allowChanged },
    process: { owner: thisProcess(), isAlive },
    nowMs: () => door.clock.wallMs(),
    randomBytes: (count) => door.randomBytes(count),
    sha256,
    notice: (line) => options.notice?.(line),
    failpoints: NO_FAILPOINTS,
  });
  session.prepare();
  const instance = program.instance(options, session, { durable: session });
  const outcome = await cancellable(instance, options.signal);
  const { error } = outcome;
  if (instance.machine.isCancelled) session.end({ status: "interrupted" });
  else if (error === null || error.exitCode !== null) session.end({ status: "completed" });
  else session.end({ status: "failed", error, text: uncaughtText(error) });
  return hostResult(outcome);
}
