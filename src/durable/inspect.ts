/** What people and tools see of runs and steps, as plain data: behind `harn runs`, `harn steps` and their `--json`. Nothing here writes. */
import { foldSteps, NO_STEPS, type StepFact, type StepState } from "./fold.ts";
import type { InlineLog, StoredEvent } from "./log.ts";
import type { Holder, RunRow } from "./runs.ts";
import { FAILED, readRecord, topicOf } from "./steps.ts";
import { isoTime } from "./time.ts";

export interface RunView {
  readonly run_id: string;
  readonly program: string;
  readonly program_hash: string;
  readonly args: readonly unknown[];
  /** `interrupted`: it did not end, and no process works on it. */
  readonly status: RunRow["status"] | "interrupted";
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly attempts: number;
  /** Journalled steps that the completed program never asked for. */
  readonly unreached: number;
  readonly error: string | null;
  /** The process that works on it. */
  readonly pid: number | null;
}

export interface StepView {
  readonly id: number;
  readonly namespace: string;
  readonly scope: string;
  readonly key: string;
  readonly sequence: number;
  readonly status: StepState["status"];
  readonly failures: number;
  readonly recorded_at: string;
  readonly deterministic_inputs_hash: string;
  /** JSON text of the record's payload: input, result or error. */
  readonly payload: string;
}

/**
 * Runs, newest first.
 *
 * @param program null for those of all programs
 * @throws LogFailure
 */
export function listRuns(log: InlineLog, program: string | null, limit: number, isAlive: (holder: Holder) => boolean): RunView[] {
  return log.runs.list(program, limit).map((run) => viewRun(log, run, isAlive));
}

/** @returns null when there is no such run */
export function showRun(log: InlineLog, runId: string, isAlive: (holder: Holder) => boolean): RunView | null {
  const run = log.runs.get(runId);
  return run === null ? null : viewRun(log, run, isAlive);
}

/** The last run of a program, whatever its arguments. */
export function lastRun(log: InlineLog, program: string): RunRow | null {
  return log.runs.list(program, 1)[0] ?? null;
}

function viewRun(log: InlineLog, run: RunRow, isAlive: (holder: Holder) => boolean): RunView {
  const holder = log.runs.holder(run.runId);
  const alive = holder !== null && isAlive(holder);
  return {
    run_id: run.runId,
    program: run.program,
    program_hash: run.programHash,
    args: JSON.parse(run.args) as unknown[],
    status: run.status === "running" && !alive ? "interrupted" : run.status,
    started_at: isoTime(run.startedAtMs),
    ended_at: run.endedAtMs === null ? null : isoTime(run.endedAtMs),
    attempts: run.attempts,
    unreached: run.unreached,
    error: run.error,
    pid: alive ? holder.pid : null,
  };
}

/**
 * The steps of a run's own namespace, in the order of their first record. Those of shared namespaces belong to no run: see
 * `listNamespace`.
 *
 * @throws LogFailure; BadRecord
 */
export function listSteps(log: InlineLog, run: RunRow): StepView[] {
  return view(log.readRange(topicOf(run.program, run.runId), 0, Number.MAX_SAFE_INTEGER));
}

/** The steps of a shared namespace. */
export function listNamespace(log: InlineLog, namespace: string): StepView[] {
  return view(log.readRange(topicOf(namespace, null), 0, Number.MAX_SAFE_INTEGER)).filter((step) => step.namespace === namespace);
}

function view(events: readonly StoredEvent[]): StepView[] {
  const payloads = new Map(events.map((event) => [event.id, event.payload]));
  return foldSteps(NO_STEPS, facts(events)).steps.map((step) => ({
    id: step.recordId,
    namespace: step.namespace,
    scope: step.scope,
    key: step.key,
    sequence: step.seq,
    status: step.status,
    failures: step.failures,
    recorded_at: isoTime(step.recordedAtMs),
    deterministic_inputs_hash: step.inputHash,
    payload: payloads.get(step.recordId) as string,
  }));
}

function* facts(events: readonly StoredEvent[]): Generator<StepFact> {
  for (const { id, kind, payload, occurredAtMs } of events) {
    const read = readRecord(kind, payload);
    if (read === null) continue;
    const { namespace, scope, key, seq, inputHash } = read;
    yield { id, status: kind === FAILED ? "failed" : "completed", namespace, scope, key, seq, inputHash, occurredAtMs };
  }
}
