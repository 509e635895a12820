/**
 * Steps of the open run: numbering their calls, finding their records, making new ones. When a record is delivered or committed is the
 * session's business.
 */
import { raise, type ScriptError } from "../vm/errors.ts";
import { share, type Value } from "../vm/values.ts";
import { encode, NotStorable } from "./codec.ts";
import { decode, toValue } from "./codec_read.ts";
import { firstDifference } from "./difference.ts";
import type { JournalRecord, Order } from "./journal.ts";
import type { Append, Appended, StoredEvent } from "./log.ts";
import type { OpenRun } from "./open_run.ts";
import type { Places } from "./places.ts";
import {
  type Asked,
  COMPLETED,
  completedRecord,
  failedRecord,
  indexScope,
  inputHash,
  inputText,
  ResultFinder,
  readRecord,
  type StepCall,
  type StepRecord,
  topicOf,
} from "./steps.ts";
import { isoTime } from "./time.ts";
import type { Outcome } from "./waiting.ts";

/** A numbered call: one that the journal answers, or one whose handler must run. */
export type Begun = { readonly call: null; readonly found: Found } | { readonly call: StepCall; readonly found: null };

export interface Found {
  readonly record: JournalRecord;
  readonly outcome: Outcome;
}

/** A step that is over and not journalled yet. */
export interface Finished {
  readonly call: StepCall;
  readonly append: Append;
  /** Its place among the run's records, when that does not follow from its id. */
  readonly order: Order | null;
  /** What the step answers once it is committed; another process may have been first. */
  outcome(appended: Appended): Outcome;
}

/** One entry of `step.inspect`. */
export interface InspectedStep {
  readonly eventId: number;
  readonly namespace: string;
  readonly key: string;
  readonly seq: number;
  readonly inputHash: string;
  readonly result: Value;
  readonly occurredAtMs: number;
}

/** Headers that tie a record of a shared namespace to the run that wrote it. */
const RUN_HEADER = "run_id";
const ORDER_HEADER = "run_order";
/** Records that other runs wrote count as older than everything in this one. */
const BEFORE_ALL: Order = { major: 0, minor: 0 };

export class StepJournal {
  private readonly notes = new WeakMap<ScriptError, readonly string[]>();
  private sharedWritten = 0;
  private finder: ResultFinder | null = null;

  constructor(
    private readonly sha256: (text: string) => string,
    private readonly places: Places,
  ) {}

  /**
   * Numbers a call and looks for its record.
   *
   * @param namespace null: the run's own
   * @throws ScriptError when the record was made with another input; BadRecord when it cannot be read
   */
  begin(open: OpenRun, namespace: string | null, scope: string, key: string, input: Value): Begun {
    const shared = namespace !== null;
    const { seq, record: own } = open.journal.next(namespace ?? "", scope, key);
    const asked: Asked = { namespace: namespace ?? open.run.program, shared, scope, key, seq, input };
    const record = shared ? this.findShared(open, asked, own) : own;
    const quick = record === null || shared ? null : this.quickly(open, asked, record);
    if (quick !== null) return { call: null, found: quick };
    const call: StepCall = { ...asked, input: share(input), inputHash: inputHash(input, this.sha256) };
    const found = record === null ? null : this.found(open, call, record);
    return found === null ? { call, found } : { call: null, found };
  }

  /** The answer of a completed record of the run's own that need not be read as a whole. */
  private quickly(open: OpenRun, asked: Asked, record: JournalRecord): Found | null {
    if (record.kind !== COMPLETED) return null;
    this.finder ??= new ResultFinder(open.run.program);
    const text = this.finder.find(asked, record.payload);
    return text === null ? null : { record, outcome: { value: decode(text) } };
  }

  private found(open: OpenRun, call: StepCall, record: JournalRecord): Found | null {
    const read = readRecord(record.kind, record.payload);
    if (read === null || read.namespace !== call.namespace) return null;
    if (read.inputHash !== call.inputHash) {
      open.journal.settle(record);
      throw this.mismatch(call, read, record.atMs);
    }
    return { record, outcome: outcomeOf(read, record.id) };
  }

  /** @param lastId what the run's own topic will have been given when this is committed */
  completed(open: OpenRun, call: StepCall, value: Value, lastId: number): Finished {
    return fitting(call, () => this.completion(open, call, value, lastId));
  }

  failed(open: OpenRun, call: StepCall, error: ScriptError): Finished {
    return fitting(call, () => this.failure(open, call, error));
  }

  private completion(open: OpenRun, call: StepCall, value: Value, lastId: number): Finished {
    const text = this.encodeResult(call, value);
    const order = call.shared ? { major: lastId, minor: ++this.sharedWritten } : null;
    const headers: Record<string, string> = {};
    if (order !== null) {
      headers[RUN_HEADER] = open.run.runId;
      headers[ORDER_HEADER] = `${order.major}.${order.minor}`;
    }
    const topic = call.shared ? topicOf(call.namespace, null) : open.topic;
    const append = completedRecord(call, text, topic, headers, this.sha256);
    const outcome = (appended: Appended): Outcome => (appended.inserted ? { value: stored(value, text) } : this.lost(call, appended));
    return { call, append, order, outcome };
  }

  private failure(open: OpenRun, call: StepCall, error: ScriptError): Finished {
    const causes = recordsOf(error);
    const append = failedRecord(
      call,
      error,
      open.journal.attempts(call.shared ? call.namespace : "", call.scope, call.key, call.seq) + 1,
      causes,
      open.topic,
      this.sha256,
      this.places,
    );
    const outcome = (appended: Appended): Outcome => {
      const read = readRecord(append.event.kind, append.event.payload) as StepRecord;
      return outcomeOf(read, appended.id);
    };
    return { call, append, order: null, outcome };
  }

  /**
   * Records of one namespace in order, without those of this run that the script has not met yet: a replay must not show the future.
   *
   * @param namespace null: the run's own
   */
  inspect(open: OpenRun, namespace: string | null): InspectedStep[] {
    const owner = namespace ?? open.run.program;
    const topic = namespace === null ? open.topic : topicOf(namespace, null);
    const found: InspectedStep[] = [];
    for (const event of open.log.readRange(topic, 0, Number.MAX_SAFE_INTEGER)) {
      const own = namespace === null || event.headers[RUN_HEADER] === open.run.runId;
      if (event.kind !== COMPLETED || (own && !open.journal.isSettled(topic, event.id))) continue;
      const read = readRecord(event.kind, event.payload);
      if (read === null || read.namespace !== owner) continue;
      const { key, seq, inputHash: hash, result } = read;
      found.push({ eventId: event.id, namespace: owner, key, seq, inputHash: hash, result, occurredAtMs: event.occurredAtMs });
    }
    return found;
  }

  /** Lines for people about an error of a step: when the record was written, where the inputs differ. */
  notesOn(error: ScriptError): readonly string[] {
    return this.notes.get(error) ?? [];
  }

  /** @param failure a failure of this run, which only a result replaces */
  private findShared(open: OpenRun, call: Asked, failure: JournalRecord | null): JournalRecord | null {
    const topic = topicOf(call.namespace, null);
    const event = open.log.findStep(topic, { scope: indexScope(call), key: call.key, seq: call.seq });
    if (event === null) return failure;
    if (failure !== null) open.journal.settle(failure);
    const own = event.headers[RUN_HEADER] === open.run.runId;
    const { scope, key, seq } = call;
    const { id, kind, payload } = event;
    const { major, minor } = own ? orderFrom(event) : BEFORE_ALL;
    const atMs = own ? event.occurredAtMs : 0;
    return { topic, id, major, minor, kind, payload, atMs, scope, key, seq, settled: false, counted: false };
  }

  private encodeResult(call: StepCall, value: Value): string {
    try {
      return encode(value);
    } catch (error) {
      if (!(error instanceof NotStorable)) throw error;
      throw raise.runtime(`step.run: result of step '${call.key}' cannot be journalled: ${error.message}`);
    }
  }

  /** Another process was first: its result is the step's, if it had the same input. */
  private lost(call: StepCall, appended: Appended): Outcome {
    const read = readRecord(appended.event.kind, appended.event.payload);
    if (read === null || read.namespace !== call.namespace) {
      return { error: raise.runtime(`step: event log: the place of step '${call.key}' holds another record`) };
    }
    if (read.inputHash === call.inputHash) return { value: read.result };
    return { error: this.mismatch(call, read, appended.event.occurredAtMs) };
  }

  private mismatch(call: StepCall, read: StepRecord, atMs: number): ScriptError {
    const where = `for key \`${call.key}\` occurrence ${call.seq} in namespace \`${call.namespace}\``;
    const error = raise.runtime(`step.run: deterministic input mismatch ${where} (cached ${read.inputHash}, current ${call.inputHash})`);
    const difference = firstDifference(toValue(read.input), decode(inputText(call.input)), "input");
    const notes = atMs > 0 ? [`the record was written at ${isoTime(atMs)}`] : [];
    if (difference !== null) notes.push(`${difference.path} was ${difference.before}, now it is ${difference.now}`);
    this.notes.set(error, notes);
    return error;
  }
}

/** Makes a record. @throws ScriptError when the host cannot hold its text */
function fitting(call: StepCall, make: () => Finished): Finished {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw raise.runtime(`step.run: result of step '${call.key}' cannot be journalled: its record is too large`);
  }
}

/** Ids of the failure records that an error came from, inner steps first. */
export function recordsOf(error: ScriptError): readonly number[] {
  return Array.isArray(error.record) ? (error.record as readonly number[]) : [];
}

function outcomeOf(read: StepRecord, id: number): Outcome {
  if (read.failure === null) return { value: read.result };
  const { error, causes } = read.failure;
  error.record = [...causes, id];
  return { error };
}

/** What the first run answers must be what a replay answers, so it passes the codec too; scalars come back as they are. */
function stored(value: Value, text: string): Value {
  return typeof value === "object" && value !== null ? decode(text) : value;
}

function orderFrom(event: StoredEvent): Order {
  const [major, minor] = (event.headers[ORDER_HEADER] ?? "").split(".").map(Number);
  return { major: major || 0, minor: minor || 0 };
}
