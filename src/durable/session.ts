/**
 * The durable session: one process's work on one run.
 *
 * Owns the batch of appends that wait for a commit, the fibers that wait for a record, and the recorded clock. The scheduler asks it
 * through `JournalPort` what comes next; `step.*` ask it for answers. Opening is `open_run.ts`, what records mean is `step_journal.ts`.
 *
 * One rule makes a replay agree with the first run: nothing from the journal reaches a fiber except through `lowestWaiting`, one record
 * at a time and in the journal's order, whether the record was committed a moment ago or years before. Only a fiber that is alone, and
 * so cannot overtake anybody, is answered at once.
 */
import type { SourceText } from "../source/text.ts";
import { display } from "../vm/display.ts";
import type { ScriptError } from "../vm/errors.ts";
import type { JournalPort } from "../vm/journal.ts";
import type { Wake } from "../vm/native.ts";
import { caughtValue } from "../vm/report.ts";
import type { Value } from "../vm/values.ts";
import { Chance } from "./chance.ts";
import type { Failpoints } from "./failpoints.ts";
import type { JournalRecord } from "./journal.ts";
import { type Append, type Appended, FencedOff } from "./log.ts";
import { type OpenOptions, type OpenRun, RunOpener, refusalError } from "./open_run.ts";
import { Places } from "./places.ts";
import { type RunEnd, RunRefused, type RunRow } from "./runs.ts";
import { type Begun, type Finished, type Found, type InspectedStep, recordsOf, StepJournal } from "./step_journal.ts";
import type { StepCall } from "./steps.ts";
import { type Outcome, WaitingList } from "./waiting.ts";

export interface SessionOptions extends OpenOptions {
  sha256(text: string): string;
  readonly failpoints: Failpoints;
  /** The program's texts, in which errors from the journal are shown; the entry's first. */
  readonly sources?: readonly SourceText[];
}

/** How this process's work on the run ended; `interrupted` (a signal, a cancelled host) leaves the run open to be continued. */
export type RunOutcome =
  | { readonly status: "completed" | "interrupted" }
  | { readonly status: "failed"; readonly error: ScriptError | null; readonly text: string };

/** How many errors out of the journal are kept, to find the one that a script threw anew. */
const FAILURES = 100;

/** A batch is committed when it has so many entries, or when no fiber is ready. */
const BATCH = 64;

interface Pending {
  readonly finished: Finished;
  readonly wake: Wake;
}

export class DurableSession implements JournalPort {
  private readonly opener: RunOpener;
  private readonly steps: StepJournal;
  private readonly waiting = new WaitingList();
  private batch: Pending[] = [];
  /** Time of the last record that was delivered, or of a timer that fired since. */
  private clockMs = 0;
  /** Time of the last record that was written. */
  private writtenMs = 0;
  /** Last id of the run's topic, and how many of the pending appends go there. */
  private lastId = 0;
  private pendingOwn = 0;
  private skipped = false;
  private chance: Chance | null = null;
  private readonly places: Places;
  /** The last errors that came out of the journal. */
  private readonly failures: ScriptError[] = [];

  constructor(private readonly options: SessionOptions) {
    this.opener = new RunOpener(options);
    this.places = new Places(options.program.name, options.sources ?? []);
    this.steps = new StepJournal(options.sha256, this.places);
  }

  // --- What the scheduler asks ---------------------------------------------------------------------------------------------------

  lowestWaiting(): { readonly atMs: number; deliver(): void } | null {
    const lowest = this.waiting.lowest();
    return lowest === null ? null : { atMs: lowest.record.atMs, deliver: () => this.deliverLowest() };
  }

  replaying(): boolean {
    return !this.skipped && this.existing()?.journal.hasOpen === true;
  }

  recordedNowMs(): number {
    this.existing();
    return this.clockMs;
  }

  advanceTo(ms: number): void {
    this.clockMs = Math.max(this.clockMs, ms);
  }

  skipUnreached(): void {
    this.skipped = true;
  }

  pending(): number {
    return this.batch.length;
  }

  /** The committed records are delivered through `lowestWaiting`; only a failure reaches the fibers from here. */
  commit(): void {
    const { batch } = this;
    if (batch.length === 0) return;
    this.batch = [];
    this.pendingOwn = 0;
    let appended: Appended[];
    try {
      appended = this.append(batch.map(({ finished }) => finished.append));
    } catch (error) {
      for (const { wake } of batch) wake.fail(this.toScript(error));
      return;
    }
    batch.forEach(({ finished, wake }, i) => {
      const result = appended[i] as Appended;
      this.waiting.add({ record: this.recordOf(finished, result), wake, outcome: () => finished.outcome(result) });
    });
  }

  // --- What steps ask ------------------------------------------------------------------------------------------------------------

  /**
   * Numbers a call of `step.run` and looks for its record; opens the run at the first one.
   *
   * @param namespace null: the run's own
   * @throws ScriptError when the log cannot be opened, the run cannot be continued, or the record was made with another input
   */
  begin(namespace: string | null, scope: string, key: string, input: Value): Begun {
    return this.guarded(() => this.steps.begin(this.open(), namespace, scope, key, input));
  }

  /** Answers a fiber that is alone. */
  answer(found: Found): Value {
    this.settle(found.record);
    return this.unwrap(found.outcome);
  }

  /** Answers a fiber among others when the record's turn comes. */
  answerLater(found: Found, wake: Wake): void {
    this.waiting.add({ record: found.record, wake, outcome: () => found.outcome });
  }

  /** @throws ScriptError when the value cannot be journalled */
  completed(call: StepCall, value: Value): Finished {
    return this.guarded(() => this.steps.completed(this.open(), call, value, this.lastId + this.pendingOwn));
  }

  failed(call: StepCall, error: ScriptError): Finished {
    return this.guarded(() => this.steps.failed(this.open(), call, error));
  }

  /** Commits a step of a fiber that is alone, and answers. */
  journal(finished: Finished): Value {
    return this.guarded(() => {
      const appended = this.append([finished.append])[0] as Appended;
      this.settle(this.recordOf(finished, appended));
      return this.unwrap(finished.outcome(appended));
    });
  }

  /** Commits a step with the next batch; the fiber is answered when its record's turn comes. */
  journalLater(finished: Finished, wake: Wake): void {
    this.batch.push({ finished, wake });
    if (finished.order === null) this.pendingOwn++;
    if (this.batch.length >= BATCH) this.commit();
  }

  /** @param namespace null: the run's own */
  inspect(namespace: string | null): InspectedStep[] {
    return this.guarded(() => {
      const open = this.open();
      this.commit();
      return this.steps.inspect(open, namespace);
    });
  }

  /** @throws ScriptError for an armed `error` */
  failpoint(name: string): void {
    this.guarded(() => this.options.failpoints.hit(name));
  }

  // --- What the host asks --------------------------------------------------------------------------------------------------------

  /** The run, once there is one. */
  run(): RunRow | null {
    return this.opener.current?.run ?? null;
  }

  /**
   * Looks for the run to continue before the program starts. A log that cannot be opened matters only to a program with durable calls,
   * so that is left to the first of them.
   *
   * @throws RunRefused; its `held` says that another process works on the run: call again later to try again
   */
  prepare(): void {
    this.opener.lookAgain();
    this.existing();
    this.opener.checkRun();
  }

  randomBytes(path: string, count: number): Uint8Array {
    this.chance ??= new Chance(this.opener.seed(), this.options.sha256);
    return this.chance.bytes(path, count);
  }

  /** Lines for people about an error of a step: when the record was written, where the inputs differ. */
  notesOn(error: ScriptError): readonly string[] {
    return this.steps.notesOn(error);
  }

  /**
   * Commits what is pending, records how it ended, frees the run and closes the log. Without a durable call nothing is written.
   *
   * @throws LogFailure; RunRefused when the run was taken over; the log is closed all the same
   */
  end(outcome: RunOutcome): void {
    try {
      const open = this.opener.current;
      if (open === null) return;
      this.commit();
      open.log.runs.end(open.run.runId, open.fence, this.endOf(outcome, open));
    } catch (error) {
      if (!(error instanceof FencedOff)) throw error;
      if (outcome.status === "completed") throw new RunRefused(`run ${this.run()?.runId} was taken over`);
    } finally {
      this.opener.close();
    }
  }

  // --- Inside --------------------------------------------------------------------------------------------------------------------

  private existing(): OpenRun | null {
    const before = this.opener.current;
    const open = this.opener.existing();
    if (before === null && open !== null) this.begun(open);
    return open;
  }

  private open(): OpenRun {
    const existing = this.existing();
    if (existing !== null) return existing;
    const open = this.opener.open();
    this.begun(open);
    return open;
  }

  private begun(open: OpenRun): void {
    this.lastId = open.journal.lastId;
    this.advanceTo(open.run.startedAtMs);
  }

  private append(entries: readonly Append[]): Appended[] {
    const open = this.open();
    this.writtenMs = Math.max(this.options.nowMs(), this.writtenMs, this.clockMs);
    const stamped = entries.map(({ topic, event, step }) => ({ topic, step, event: { ...event, occurredAtMs: this.writtenMs } }));
    return open.log.append(stamped, open.fence);
  }

  private recordOf(finished: Finished, appended: Appended): JournalRecord {
    const { call, append, order } = finished;
    const { id, event } = appended;
    if (order === null) this.lastId = Math.max(this.lastId, id);
    const { scope, key, seq } = call;
    const { kind, payload } = event;
    const { major, minor } = order ?? { major: id, minor: 0 };
    return { topic: append.topic, id, major, minor, kind, payload, atMs: this.writtenMs, scope, key, seq, settled: false, counted: false };
  }

  private deliverLowest(): void {
    const waiter = this.waiting.takeLowest();
    if (waiter === null) return;
    this.settle(waiter.record);
    const outcome = waiter.outcome();
    if ("error" in outcome) waiter.wake.fail(this.noted(outcome.error));
    else waiter.wake.done(outcome.value);
  }

  private settle(record: JournalRecord): void {
    this.open().journal.settle(record);
    this.advanceTo(record.atMs);
  }

  private endOf(outcome: RunOutcome, open: OpenRun): RunEnd {
    const { status } = outcome;
    const endedAtMs = status === "interrupted" ? null : Math.max(this.options.nowMs(), this.writtenMs);
    const failed = outcome.status === "failed" ? outcome : null;
    const failedRecords = failed === null ? [] : this.recordsBehind(failed);
    const left = status === "completed" ? open.journal.unreached() : [];
    const first = left[0];
    if (first !== undefined) {
      const { runId } = open.run;
      this.options.notice(`run ${runId}: ${left.length} journalled steps were not reached (first: ${first.key} #${first.seq})`);
    }
    return {
      status: status === "interrupted" ? "running" : status,
      endedAtMs,
      unreached: left.length,
      failedRecords,
      error: failed?.text ?? null,
    };
  }

  private guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.toScript(error);
    }
  }

  private toScript(error: unknown): ScriptError {
    const refusal = refusalError(error, this.opener.current?.run.runId ?? "");
    if (refusal === null) throw error; // a script's own error, or a defect
    return refusal;
  }

  private unwrap(outcome: Outcome): Value {
    if ("error" in outcome) throw this.noted(outcome.error);
    return outcome.value;
  }

  private noted(error: ScriptError): ScriptError {
    if (this.failures.length >= FAILURES) this.failures.shift();
    this.failures.push(error);
    return this.places.restore(error);
  }

  /**
   * The failure records behind the end of a run. An error that went up by itself carries them; a script that caught one and threw its
   * value again, or returned it as `Err`, made a new error, which is known by its text.
   */
  private recordsBehind(outcome: RunOutcome & { readonly status: "failed" }): readonly number[] {
    const own = outcome.error === null ? [] : recordsOf(outcome.error);
    if (own.length > 0) return own;
    const same = this.failures.findLast((failure) => {
      const caught = display(caughtValue(failure));
      return [caught, `Thrown: ${caught}`].includes(outcome.text);
    });
    return same === undefined ? [] : recordsOf(same);
  }
}
