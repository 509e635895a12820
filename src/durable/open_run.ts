/** Opening the log and the run as late as possible: at the first durable call, or at the first question about a journal that may exist. */
import { raise, type ScriptError } from "../vm/errors.ts";
import { toHex } from "./chance.ts";
import { BadRecord } from "./codec_read.ts";
import { FailpointError } from "./failpoints.ts";
import { failuresIn, Journal } from "./journal.ts";
import { FencedOff, type InlineLog, LogFailure } from "./log.ts";
import { continueRun, type HeldRun, type Process, type Program, type RunWish, runToContinue, startRun } from "./run_choice.ts";
import { RunRefused, type RunRow } from "./runs.ts";
import { topicOf } from "./steps.ts";

export interface OpenOptions {
  /** Opens the log; called at most once. @throws LogFailure */
  openLog(): InlineLog;
  /** Whether a journal may exist before this process has written one; answers without opening anything. */
  mayExist(): boolean;
  readonly program: Program;
  readonly wish: RunWish;
  readonly process: Process;
  /** Milliseconds since the epoch. */
  nowMs(): number;
  randomBytes(count: number): Uint8Array;
  /** One line for the user, without a line end. */
  notice(line: string): void;
}

export interface OpenRun extends HeldRun {
  readonly log: InlineLog;
  /** Where the run's own records are. */
  readonly topic: string;
  readonly journal: Journal;
}

export class RunOpener {
  private log: InlineLog | null = null;
  private opened: OpenRun | null = null;
  private looked = false;
  private refusal: unknown = null;
  private newSeed: string | null = null;

  constructor(private readonly options: OpenOptions) {}

  /** The run when this process holds one already. */
  get current(): OpenRun | null {
    return this.opened;
  }

  /** The run that is to be continued, if there is one; looked for once. A failure is kept for the first durable call. */
  existing(): OpenRun | null {
    if (this.looked) return this.opened;
    this.looked = true;
    try {
      if (this.options.mayExist()) this.opened = this.continueLatest();
    } catch (error) {
      this.refusal = error;
    }
    return this.opened;
  }

  /** The run, continued or started now. @throws LogFailure, RunRefused */
  open(): OpenRun {
    const existing = this.existing();
    if (existing !== null) return existing;
    if (this.refusal !== null) throw this.refusal;
    this.opened = this.start();
    return this.opened;
  }

  /** Looks for the run again after `RunRefused`: whoever held it may be gone. */
  lookAgain(): void {
    if (this.opened !== null) return;
    this.looked = false;
    this.refusal = null;
  }

  /** Throws when there is a run to continue and it refuses. @throws RunRefused */
  checkRun(): void {
    if (this.refusal instanceof RunRefused) throw this.refusal;
  }

  /** The seed of the run's random numbers; drawn before the run is recorded when somebody asks that early. */
  seed(): string {
    const run = this.existing()?.run;
    if (run !== undefined) return run.seed;
    this.newSeed ??= toHex(this.options.randomBytes(32));
    return this.newSeed;
  }

  close(): void {
    this.log?.close();
    this.log = null;
  }

  private continueLatest(): OpenRun | null {
    const { options } = this;
    this.log ??= options.openLog();
    const run = runToContinue(this.log, options.program, options.wish);
    if (run === null) return null;
    return this.attach(this.log, continueRun(this.log, run, options.program, options.wish, options.process, options.nowMs()));
  }

  private start(): OpenRun {
    const { options } = this;
    this.log ??= options.openLog();
    const { process: self } = options;
    const idBytes = options.randomBytes(10);
    const held = startRun(this.log, options.program, options.wish, self.owner, this.seed(), idBytes, options.nowMs());
    if (held !== null) return this.attach(this.log, held);
    const continued = this.continueLatest(); // the id was taken in the meantime
    if (continued === null) throw new LogFailure(`run ${options.wish.id} can neither be started nor be found`);
    return continued;
  }

  private attach(log: InlineLog, held: HeldRun): OpenRun {
    const { run, continued } = held;
    const topic = topicOf(run.program, run.runId);
    const journal = continued ? loadJournal(log, topic, run) : new Journal(topic, run.program, new Set());
    if (continued) this.options.notice(`continuing run ${run.runId} (attempt ${run.attempts}, ${journal.size} journalled steps)`);
    return { ...held, log, topic, journal };
  }
}

/** Rows of one read: small enough that what is left of them after the read does not wait for the garbage collector's long way. */
const ROWS = 1000;

function loadJournal(log: InlineLog, topic: string, run: RunRow): Journal {
  const newest = log.readSteps(topic, (log.latest(topic) ?? 0) - 1, 1);
  const journal = new Journal(topic, run.program, new Set([...run.failedRecords, ...newest.flatMap(failuresIn)]));
  for (let full = true; full; ) {
    const rows = log.readSteps(topic, journal.lastId, ROWS);
    journal.load(rows);
    full = rows.length === ROWS;
  }
  return journal;
}

/** What the script meets when the log or the run refuses; null for anything that is not theirs. */
export function refusalError(error: unknown, runId: string): ScriptError | null {
  if (error instanceof FencedOff) return refused(new RunRefused(`run ${runId} was taken over`));
  if (error instanceof RunRefused) return refused(error);
  if (error instanceof LogFailure || error instanceof FailpointError) return raise.runtime(`step: event log: ${error.message}`);
  if (error instanceof BadRecord) return raise.runtime(`step: event log: a record of run ${runId} is broken: ${error.message}`);
  return null;
}

function refused(refusal: RunRefused): ScriptError {
  const error = raise.fatal(refusal.message);
  error.cause = refusal;
  return error;
}
