/** Durable runs for an embedding host: the same id after a crash continues. */
import { isAlive, sha256Function, thisProcess } from "../durable/backends/host.ts";
import { MemoryLog } from "../durable/backends/memory.ts";
import { SqliteLog } from "../durable/backends/sqlite.ts";
import { canonicalJson } from "../durable/canonical.ts";
import { NO_FAILPOINTS } from "../durable/failpoints.ts";
import { listRuns, type RunView } from "../durable/inspect.ts";
import type { InlineLog } from "../durable/log.ts";
import type { WaysOut } from "../durable/run_choice.ts";
import { type Owner, problemOfRunId } from "../durable/runs.ts";
import { DurableSession } from "../durable/session.ts";
import { uncaughtText } from "../vm/report.ts";
import type { HostValue } from "./convert.ts";
import type { Engine, Program, RunOptions } from "./engine.ts";
import type { Instance } from "./instance.ts";
import { type AtClose, hostResult, ScriptInstance, watchSignal } from "./script_instance.ts";

/** A place for journals. */
export interface LogPlace {
  /** @internal */
  open(): InlineLog;
  /** @internal Whether something may be there without opening it. */
  exists(): boolean;
  /** @internal Tells places apart. */
  readonly name: string;
}

/** Journals in one SQLite file. @param path made when missing, with its folder */
export function sqliteLog(path: string): LogPlace {
  return { open: () => new SqliteLog({ path }), exists: () => true, name: path };
}

/** Journals that live as long as the process: for tests. */
export function memoryLog(): LogPlace {
  const log = new MemoryLog();
  return { open: () => log, exists: () => true, name: "" };
}

export interface StartOptions extends RunOptions {
  /** The run's identity: an unfinished run of this id is continued, otherwise it is started. */
  readonly id: string;
  /** Continue although the program or its arguments have changed since. */
  readonly allowChanged?: boolean;
  /** Take the run from the process that holds it, for one that is known to be gone: it can then write no more. */
  readonly takeOver?: boolean;
  /** One line about something worth knowing, such as steps that were not reached. */
  notice?(line: string): void;
}

export interface Runs {
  /**
   * Starts a run, or continues the one of this id; steps that are journalled are not run again.
   *
   * @returns the program's answer
   * @throws ScriptError as `program.run` does; RunRefused when another process holds the run, it was cancelled or the program has
   *   changed; LogFailure when the log cannot be used; TypeError for an id that cannot be one
   */
  start(program: Program, options: StartOptions): Promise<HostValue>;

  /**
   * As `start`, and keeps the run open for calls of the program's functions until `close` records how it ended. A continued run begins
   * with the top level again, so the host makes its calls anew, in the same order.
   *
   * @throws as `start`
   * @example
   * const instance = await runs.open(program, { id: "nightly" });
   * const reports = await Promise.all(regions.map((region) => instance.call("report", region)));
   * await instance.close();
   */
  open(program: Program, options: StartOptions): Promise<ScriptInstance>;

  /**
   * The runs that are kept here, of all programs, newest first.
   *
   * @param limit at most so many; by default all
   * @throws LogFailure
   * @example const open = (await runs.list()).filter((run) => run.status === "interrupted");
   */
  list(limit?: number): Promise<RunView[]>;

  /**
   * Gives a run up that nobody works on: it cannot be continued any more. What it has journalled stays.
   *
   * @returns false when there is no such run, it has completed, or a process works on it
   * @throws LogFailure
   */
  cancel(id: string): Promise<boolean>;
}

/**
 * Durable runs of an engine's programs.
 *
 * @example const order = await durable(engine, sqliteLog("app.db")).start(program, { id: "order-42" });
 */
export function durable(engine: Engine, place: LogPlace): Runs {
  return {
    start: (program, options) => start(engine, place, program, options),
    open: (program, options) => open(engine, place, program, options),
    list: async (limit = Number.MAX_SAFE_INTEGER) => withLog(place, (log) => listRuns(log, null, limit, isAlive)),
    cancel: async (id) => withLog(place, (log) => log.runs.cancel(id, engine.door.clock.wallMs(), isAlive)),
  };
}

function withLog<T>(place: LogPlace, work: (log: InlineLog) => T): T {
  const log = place.open();
  try {
    return work(log);
  } finally {
    log.close();
  }
}

async function start(engine: Engine, place: LogPlace, program: Program, options: StartOptions): Promise<HostValue> {
  const begun = begin(engine, place, program, options);
  const outcome = await begun.instance.run();
  begun.end(outcome.error ?? "completed");
  return hostResult(outcome, options.signal);
}

async function open(engine: Engine, place: LogPlace, program: Program, options: StartOptions): Promise<ScriptInstance> {
  const { instance, end } = begin(engine, place, program, options);
  const outcome = await instance.run();
  if (outcome.error !== null) end(outcome.error);
  return new ScriptInstance(instance, hostResult(outcome, options.signal), end, options.signal);
}

interface Begun {
  readonly instance: Instance;
  /** Records how the work ended. */
  readonly end: AtClose;
}

function begin(engine: Engine, place: LogPlace, program: Program, options: StartOptions): Begun {
  const wrongId = problemOfRunId((options as StartOptions | undefined)?.id);
  if (wrongId !== null) throw new TypeError(wrongId);
  const lease = leaseAt(place, options.id);
  const session = newSession(engine, place, program, options);
  try {
    session.prepare();
  } catch (error) {
    session.end({ status: "interrupted" }); // closes the log
    throw error;
  }
  if (session.run() !== null) engine.unreleased.delete(lease);
  const instance = program.instance(options, session, { durable: session });
  const unwatch = watchSignal(instance, options.signal);
  const end: AtClose = (how) => {
    unwatch();
    try {
      if (instance.machine.isCancelled || how === "open") session.end({ status: "interrupted" });
      else if (how === "completed" || how.exitCode !== null) session.end({ status: "completed" });
      else session.end({ status: "failed", error: how, text: uncaughtText(how) });
    } catch (error) {
      engine.unreleased.add(lease);
      throw error;
    }
  };
  return { instance, end };
}

const leaseAt = (place: LogPlace, id: string): string => JSON.stringify([place.name, id]);

const WAYS_OUT: WaysOut = {
  allowChanged: "continue it with allowChanged",
  fresh: "start a run of another id",
  takeOver: "take the run with takeOver",
  wait: null,
};

function newSession(engine: Engine, place: LogPlace, program: Program, options: StartOptions): DurableSession {
  const { door } = engine;
  const { sources } = program.loaded;
  const owner = thisProcess();
  const isOurs = (holder: Owner): boolean => holder.pid === owner.pid && holder.host === owner.host;
  return new DurableSession({
    openLog: () => place.open(),
    mayExist: () => place.exists(),
    program: {
      name: sources[0]?.path ?? "",
      hash: door.sha256(JSON.stringify(sources.map((source) => source.text))),
      args: canonicalJson([...(options.argv ?? [])]),
    },
    wish: { id: options.id, allowChanged: options.allowChanged, takeOver: options.takeOver },
    process: {
      owner,
      isAlive: (holder) => isAlive(holder) && !(isOurs(holder) && engine.unreleased.has(leaseAt(place, options.id))),
      waysOut: WAYS_OUT,
    },
    nowMs: () => door.clock.wallMs(),
    randomBytes: (count) => door.randomBytes(count),
    sha256: sha256Function(),
    notice: (line) => options.notice?.(line),
    failpoints: NO_FAILPOINTS,
    sources,
  });
}
