/**
 * Runs: what the state root knows of one execution of one program, and the lease that lets one process at a time continue it.
 *
 * The table is part of the event log's database, so that a run, its lease and its records are written in one transaction. A lease is
 * never stolen from a live process; should that be misjudged, the token, checked with every write, keeps the loser from writing.
 */
import type { Fence } from "./log.ts";

export type RunStatus = "running" | "completed" | "failed" | "cancelled";

export interface RunRow {
  readonly runId: string;
  /** The program file's real path, or the name that a host gave, when the run started; it is the default namespace of its steps. */
  readonly program: string;
  readonly programHash: string;
  /** The program's arguments as canonical JSON. */
  readonly args: string;
  readonly status: RunStatus;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** Processes that have worked on it, the first included. */
  readonly attempts: number;
  /** 32 bytes from which the run's random numbers are drawn, as hex; never shown. */
  readonly seed: string;
  /** Journalled steps that the completed program never asked for. */
  readonly unreached: number;
  /** Ids of the failure records that the run's last error came from: those steps are tried again. */
  readonly failedRecords: readonly number[];
  /** The error that ended the run, as people read it. */
  readonly error: string | null;
}

/** A process, told apart from a later one with the same number. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in whatever unit the system counts; empty when it does not tell. */
  readonly processStart: string;
}

export interface Holder extends Owner {
  readonly sinceMs: number;
}

export type Taken =
  | { readonly kind: "taken"; readonly fence: Fence; readonly run: RunRow }
  | { readonly kind: "held"; readonly by: Holder };

/** What the end of a process's work leaves in the row. */
export interface RunEnd {
  /** `running` leaves an interrupted run open to be continued. */
  readonly status: RunStatus;
  readonly endedAtMs: number | null;
  readonly unreached: number;
  readonly failedRecords: readonly number[];
  readonly error: string | null;
}

/** Every method throws `LogFailure`. */
export interface RunTable {
  /** Inserts a run and takes its lease, in one transaction. @returns null when a run with this id exists already */
  start(run: RunRow, owner: Owner): Fence | null;
  /**
   * Takes the lease of an existing run that is free or whose holder is dead, counts the attempt, sets the status to `running` and the
   * program's hash to the given one.
   */
  take(runId: string, programHash: string, owner: Owner, nowMs: number, isAlive: (holder: Holder) => boolean): Taken;
  /** Writes how it ended and frees the lease. @throws FencedOff when the lease is lost */
  end(runId: string, fence: Fence, end: RunEnd): void;
  /** Marks a run that nobody works on as cancelled. @returns false when there is no such run, it has ended, or somebody holds it */
  cancel(runId: string, nowMs: number, isAlive: (holder: Holder) => boolean): boolean;
  get(runId: string): RunRow | null;
  holder(runId: string): Holder | null;
  /** The run of a program with these arguments that started last. */
  latest(program: string, args: string): RunRow | null;
  /** Newest first. @param program null for all */
  list(program: string | null, limit: number): RunRow[];
}

/**
 * Why a text cannot be a run's id; null when it can. Anything that can be read in a line and kept as UTF-8 is fine.
 *
 * @example problemOfRunId("order-42") // null
 */
export function problemOfRunId(id: unknown): string | null {
  if (typeof id !== "string") return `a run's id must be a string, got ${id === null ? "null" : typeof id}`;
  if (id.trim() === "") return "a run's id cannot be empty";
  if (id.length > LONGEST_ID) return `a run's id cannot be longer than ${LONGEST_ID} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f\u2028\u2029]|\p{Surrogate}/u.test(id) ? "a run's id cannot hold control characters" : null;
}

const LONGEST_ID = 512;

export const leaseName = (runId: string): string => `run:${runId}`;

/** A run cannot go on: held by another process, another program, cancelled. The text names the run and the way out. */
export class RunRefused extends Error {
  override readonly name = "RunRefused";
  constructor(
    message: string,
    /** Another process holds it: waiting may help. */
    readonly held = false,
  ) {
    super(message);
  }
}
