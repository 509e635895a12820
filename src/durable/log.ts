/**
 * The event log's port: append-only topics, step look-up, cursors, compaction.
 *
 * `InlineLog` is a log that answers on the calling thread; both embedded backends are that, and the session of a run needs it, because
 * a commit and the wake-ups that follow are one step of the scheduler. `event_log.ts` makes the asynchronous port for hosts from it.
 * Payloads are JSON text here: whoever appends has encoded them, and bytes come back as they went in.
 */
import type { RunTable } from "./runs.ts";

/** Any refusal of a log, in one sentence that names the file and the way out. */
export class LogFailure extends Error {
  override readonly name = "LogFailure";
}

/** The lease that a write was made under has gone to another process. */
export class FencedOff extends Error {
  override readonly name = "FencedOff";
  constructor(readonly lease: string) {
    super(`lease ${lease} was taken over`);
  }
}

export interface LogEvent {
  readonly kind: string;
  /** JSON text. */
  readonly payload: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly occurredAtMs: number;
}

export interface StoredEvent extends LogEvent {
  readonly id: number;
}

/** Which step a record is the result of. */
export interface StepKey {
  readonly scope: string;
  readonly key: string;
  readonly seq: number;
}

export interface StepEntry extends StepKey {
  /**
   * Only one record of the topic may be this step's, and `findStep` finds it. A run's own topic does without: its lease lets one process
   * write, which knows what is there, and an index would cost each commit half as many pages again.
   */
  readonly once: boolean;
}

export interface Append {
  readonly topic: string;
  readonly event: LogEvent;
  /** Null for everything that is not a step's result. */
  readonly step: StepEntry | null;
}

/** `inserted: false` when the step has a record already: then `event` is that record. */
export interface Appended {
  readonly inserted: boolean;
  readonly id: number;
  readonly event: LogEvent;
}

/**
 * A row of one range scan over a run's topic, as the database hands it over, because there are many; headers are left out because replay
 * does not need them. The last three tell the step, null for a record that is not a step's result.
 */
export type StepRow = readonly [
  id: number,
  kind: string,
  payload: string,
  occurredAtMs: number,
  scope: string | null,
  key: string | null,
  seq: number | null,
];

/** Proof of holding a lease, checked in the transaction of each write. */
export interface Fence {
  readonly name: string;
  readonly token: number;
}

export interface Compaction {
  readonly removed: number;
  readonly remaining: number;
  /** The last id ever given, 0 for an unknown topic. */
  readonly latest: number;
  readonly checkpointed: boolean;
}

export interface LogDescription {
  readonly backend: string;
  /** Null for a log in memory. */
  readonly path: string | null;
  /** What was appended survives the process. */
  readonly durable: boolean;
  /** Other processes may append to it at the same time. */
  readonly shared: boolean;
  /** 0 where there is no schema. */
  readonly schemaVersion: number;
}

/** Every method throws `LogFailure`. Ids start at 1 in each topic, rise by one, and are never given twice. */
export interface InlineLog {
  readonly runs: RunTable;
  /** Appends all or nothing, durable when it returns. @throws FencedOff when the fence's lease is lost; nothing was written then */
  append(entries: readonly Append[], fence: Fence | null): Appended[];
  /** Appends unless an event of the topic carries the header with that value. */
  appendOnce(topic: string, header: string, value: string, event: LogEvent): Appended;
  /** Events with ids above `after`, ascending, at most `limit`. */
  readRange(topic: string, after: number, limit: number): StoredEvent[];
  /** Rows with ids above `after`, ascending, at most `limit`: for replay. */
  readSteps(topic: string, after: number, limit: number): StepRow[];
  /** The record of a step that has only one. */
  findStep(topic: string, step: StepKey): StoredEvent | null;
  /** The last id ever given, or null for an unknown topic. */
  latest(topic: string): number | null;
  /** In code-point order. */
  topics(): string[];
  /** Cursors never move backwards. */
  ack(topic: string, consumer: string, upTo: number, nowMs: number): void;
  cursor(topic: string, consumer: string): number | null;
  /** Drops events with ids below `before`. */
  compact(topic: string, before: number): Compaction;
  /** Calls back after each append to the topic from this process. @returns a function that ends it */
  watch(topic: string, listener: () => void): () => void;
  describe(): LogDescription;
  close(): void;
}

/** @throws LogFailure with the reference's texts */
export function checkTopic(topic: string): void {
  if (topic === "") throw new LogFailure("topic cannot be empty");
  if (!/^[A-Za-z0-9._-]+$/.test(topic)) throw new LogFailure(`topic '${topic}' contains unsupported characters`);
}

export function checkConsumer(consumer: string): void {
  if (consumer.trim() === "") throw new LogFailure("consumer id cannot be empty");
}

/** Makes any text fit for a topic: each character that a topic cannot hold becomes `_`. */
export function sanitize(component: string): string {
  return component.replace(/[^A-Za-z0-9._-]/gu, "_");
}
