/** Which run a program continues or starts, and every reason to refuse. */
import { uuidV7 } from "./chance.ts";
import type { Fence, InlineLog } from "./log.ts";
import { type Holder, type Owner, RunRefused, type RunRow } from "./runs.ts";
import { isoTime } from "./time.ts";

export interface Program {
  /** The file's real path, or the name that a host gave. */
  readonly name: string;
  /** Of everything that decides what the program does. */
  readonly hash: string;
  /** Its arguments as canonical JSON. */
  readonly args: string;
}

/** What the host wants; with neither `id` nor `fresh`, the latest run of the program with the same arguments goes on if it did not complete. */
export interface RunWish {
  /** Start or continue the run with this id. */
  readonly id?: string | undefined;
  /** Start a new run and leave the old ones as they are. */
  readonly fresh?: boolean | undefined;
  /** Continue although the program has changed. */
  readonly allowChanged?: boolean | undefined;
  /** Take the run although its process may still live: that one can then write no more. */
  readonly takeOver?: boolean | undefined;
}

/** What a user of the host does to get what is wished for; errors say it. */
export interface WaysOut {
  readonly allowChanged: string;
  readonly fresh: string;
  readonly takeOver: string;
  /** Null: the host has no way to wait. */
  readonly wait: string | null;
}

const PLAIN_WAYS: WaysOut = {
  allowChanged: "allow the change",
  fresh: "start another run",
  takeOver: "take the run over",
  wait: null,
};

export interface Process {
  readonly owner: Owner;
  isAlive(owner: Owner): boolean;
  readonly waysOut?: WaysOut;
}

/** A run that this process holds. `continued`: it has a past. */
export interface HeldRun {
  readonly run: RunRow;
  readonly fence: Fence;
  readonly continued: boolean;
}

/** The run to continue, or null when a new one is due. */
export function runToContinue(log: InlineLog, program: Program, wish: RunWish): RunRow | null {
  if (wish.id !== undefined) return log.runs.get(wish.id);
  if (wish.fresh === true) return null;
  const latest = log.runs.latest(program.name, program.args);
  return latest !== null && (latest.status === "running" || latest.status === "failed") ? latest : null;
}

/**
 * Takes the lease of a run.
 *
 * @param nowMs milliseconds since the epoch
 * @throws RunRefused when another process holds it, it was cancelled, or the program has changed
 */
export function continueRun(log: InlineLog, run: RunRow, program: Program, wish: RunWish, self: Process, nowMs: number): HeldRun {
  const { waysOut = PLAIN_WAYS } = self;
  if (run.status === "cancelled") throw new RunRefused(`run ${run.runId} was cancelled; ${waysOut.fresh}`);
  if (wish.allowChanged !== true) {
    if (run.programHash !== program.hash) throw new RunRefused(changedText(run, program, waysOut));
    if (run.args !== program.args) throw new RunRefused(otherArgumentsText(run, program, waysOut));
  }
  const isAlive = (holder: Owner): boolean => wish.takeOver !== true && self.isAlive(holder);
  const taken = log.runs.take(run.runId, program.hash, self.owner, nowMs, isAlive);
  if (taken.kind === "held") throw new RunRefused(heldText(run, taken.by, self), true);
  return { run: taken.run, fence: taken.fence, continued: true };
}

/** @returns null when somebody else has just started a run with this id */
export function startRun(
  log: InlineLog,
  program: Program,
  wish: RunWish,
  owner: Owner,
  seed: string,
  idBytes: Uint8Array,
  nowMs: number,
): HeldRun | null {
  const run: RunRow = {
    runId: wish.id ?? uuidV7(nowMs, idBytes),
    program: program.name,
    programHash: program.hash,
    args: program.args,
    status: "running",
    startedAtMs: nowMs,
    endedAtMs: null,
    attempts: 1,
    seed,
    unreached: 0,
    failedRecords: [],
    error: null,
  };
  const fence = log.runs.start(run, owner);
  return fence === null ? null : { run, fence, continued: false };
}

function changedText(run: RunRow, program: Program, waysOut: WaysOut): string {
  return (
    `run ${run.runId} was started by another program: then ${run.program} (${run.programHash}), now ${program.name} (${program.hash}); ` +
    `${waysOut.allowChanged}, or ${waysOut.fresh}`
  );
}

function otherArgumentsText(run: RunRow, program: Program, waysOut: WaysOut): string {
  return (
    `run ${run.runId} was started with other arguments: then ${run.args}, now ${program.args}; ` +
    `give the same ones, ${waysOut.allowChanged}, or ${waysOut.fresh}`
  );
}

/** Of another machine nobody can tell from here whether its process still lives. */
function heldText(run: RunRow, by: Holder, { owner, waysOut = PLAIN_WAYS }: Process): string {
  const text = `run ${run.runId} is already running (pid ${by.pid}, since ${isoTime(by.sinceMs)})`;
  if (by.host === owner.host) return waysOut.wait === null ? text : `${text}; ${waysOut.wait}`;
  return `${text} on ${by.host}; if that machine is gone, ${waysOut.takeOver}`;
}
