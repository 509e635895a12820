/** The durable session of a script file: which run, which log, whose process. */
import { failpointsFromEnv, isAlive, sha256Function, thisProcess } from "../durable/backends/host.ts";
import { MemoryLog } from "../durable/backends/memory.ts";
import { SqliteLog } from "../durable/backends/sqlite.ts";
import { canonicalJson } from "../durable/canonical.ts";
import type { Failpoints } from "../durable/failpoints.ts";
import { FencedOff, type InlineLog, LogFailure } from "../durable/log.ts";
import type { WaysOut } from "../durable/run_choice.ts";
import { RunRefused } from "../durable/runs.ts";
import { DurableSession, type RunOutcome } from "../durable/session.ts";
import type { Door } from "../vm/door.ts";
import type { LoadedProgram } from "./load.ts";
import { type StatePlace, scriptStatePlace } from "./state.ts";

export interface DurableOptions {
  readonly argv: readonly string[];
  readonly state?: string;
  readonly run?: string;
  readonly fresh?: boolean;
  readonly allowChanged?: boolean;
  readonly takeOver?: boolean;
  readonly wait?: boolean;
  readonly signal?: AbortSignal;
  stderr(text: string): void;
}

export interface DurableHost {
  readonly session: DurableSession;
  /**
   * Records how the work ended; false when that failed, which has been said.
   *
   * @param said what the user has been told already: a full disk stops the script and then this
   */
  end(outcome: RunOutcome, said?: string): boolean;
}

const WAYS_OUT: WaysOut = {
  allowChanged: "continue it with --allow-changed",
  fresh: "start a new run with --fresh",
  takeOver: "take the run with --take-over",
  wait: "wait for it with --wait",
};

/** How often a waiting process asks whether the run is free, in ms. */
const WAIT_MS = 200;

/** The session of a program; null when its run cannot be had, which has been said. */
export async function openDurable(path: string, program: LoadedProgram, door: Door, options: DurableOptions): Promise<DurableHost | null> {
  const say = (error: unknown): void => options.stderr(`error: ${explain(error)}\n`);
  const realPath = door.files.realPath(path);
  const place = scriptStatePlace(door, realPath, options.state);
  const session = await trying(say, () => newSession(realPath, place, program, door, options));
  if (session === null || !(await prepared(session, door, options, say))) return null;
  return {
    session,
    end(outcome, said = "") {
      try {
        session.end(outcome);
        return true;
      } catch (error) {
        if (!said.includes(explain(error))) say(error);
        return false;
      }
    },
  };
}

async function trying<T>(say: (error: unknown) => void, work: () => T): Promise<T | null> {
  try {
    return work();
  } catch (error) {
    say(error);
    return null;
  }
}

function newSession(realPath: string, place: StatePlace, program: LoadedProgram, door: Door, options: DurableOptions): DurableSession {
  const failpoints = failpointsFromEnv((name) => door.env.get(name));
  return new DurableSession({
    openLog: () => openLog(place, failpoints),
    mayExist: () => place.backend === "sqlite" && door.files.exists(place.path),
    program: {
      name: realPath,
      // Made when it is asked for: only durable programs need it.
      get hash() {
        return programHash(program, door);
      },
      args: canonicalJson([...options.argv]),
    },
    wish: { id: options.run, fresh: options.fresh, allowChanged: options.allowChanged, takeOver: options.takeOver },
    process: { owner: thisProcess(), isAlive, waysOut: WAYS_OUT },
    nowMs: () => door.clock.wallMs(),
    randomBytes: (count) => door.randomBytes(count),
    notice: (line) => options.stderr(`${line}\n`),
    sha256: sha256Function(),
    failpoints,
    sources: program.sources,
  });
}

function openLog({ backend, path }: StatePlace, failpoints: Failpoints): InlineLog {
  if (backend === "sqlite") return new SqliteLog({ path, failpoints });
  if (backend === "memory") return new MemoryLog();
  throw new LogFailure(backend === "file" ? "event log backend 'file' is not supported yet" : `unsupported event log backend '${backend}'`);
}

async function prepared(session: DurableSession, door: Door, options: DurableOptions, say: (error: unknown) => void): Promise<boolean> {
  const signal = options.signal ?? new AbortController().signal;
  for (;;) {
    try {
      session.prepare();
      return true;
    } catch (error) {
      if (!(error instanceof RunRefused && error.held && options.wait)) {
        say(error);
        return false;
      }
      if (signal.aborted) return false;
    }
    await door.clock.sleep(WAIT_MS, signal);
  }
}

/** Of every text that decides what the program does. */
function programHash(program: LoadedProgram, door: Door): string {
  return door.sha256(JSON.stringify(program.sources.map((source) => source.text)));
}

function explain(error: unknown): string {
  if (error instanceof LogFailure || error instanceof FencedOff || error instanceof RunRefused) return error.message;
  return error instanceof Error ? error.message : String(error);
}
