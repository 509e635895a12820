/**
 * The records that earlier attempts of a run left, as they are found, waited for and used up by a replay.
 *
 * Payloads stay text until somebody asks for the record: a replay that does not need a record does not pay for it.
 */
import type { StepRow } from "./log.ts";
import { COMPLETED, FAILED, readRecord } from "./steps.ts";

/** Position in the order in which a run's records were written: the id in the run's own topic, then a number among those written elsewhere. */
export interface Order {
  readonly major: number;
  readonly minor: number;
}

export interface JournalRecord extends Order {
  readonly topic: string;
  readonly id: number;
  readonly kind: string;
  readonly payload: string;
  readonly atMs: number;
  readonly scope: string;
  readonly key: string;
  readonly seq: number;
  /** Delivered, or made needless: nested in a step that was, or a failure that a later record of its step replaces. */
  settled: boolean;
  /** Was there when this attempt began, so that the replay is not over before it is settled. */
  readonly counted: boolean;
}

/** What all calls with one namespace, scope and key have in common. Most keys are used once. */
interface Place {
  /** Calls so far in this attempt. */
  calls: number;
  /** The first occurrence's record. */
  first: JournalRecord | undefined;
  /** Those of later occurrences, from 2; null: none. */
  later: (JournalRecord | undefined)[] | null;
  /** Failed attempts by occurrence; null: none. */
  failures: number[] | null;
}

/** The scope that the handler of a step opens. */
export function innerScope(scope: string, key: string, seq: number): string {
  return scope === "" ? `${key}#${seq}` : `${scope}/${key}#${seq}`;
}

export class Journal {
  /** The last id of the run's topic. */
  lastId = 0;
  /** By namespace and scope, then by key. */
  private readonly places = new Map<string, Map<string, Place>>();
  /** Records inside a scope, at any depth; the empty scope is left out. */
  private readonly inside = new Map<string, JournalRecord[]>();
  private readonly loaded: JournalRecord[] = [];
  /** By id: the run's own topic, and the shared ones. */
  private readonly settledOwn: boolean[] = [];
  private readonly settledShared = new Set<string>();
  private open = 0;

  /**
   * @param topic the run's own
   * @param namespace the run's own namespace
   * @param again ids of failure records: these steps are to be tried again
   */
  constructor(
    private readonly topic: string,
    private readonly namespace: string,
    private readonly again: ReadonlySet<number>,
  ) {}

  /** Takes the next rows of the topic in. */
  load(rows: readonly StepRow[]): void {
    for (const row of rows) this.take(row);
  }

  /** Steps whose outcome earlier attempts left. */
  get size(): number {
    return this.loaded.length;
  }

  /** Whether records of earlier attempts are neither delivered nor needless. */
  get hasOpen(): boolean {
    return this.open > 0;
  }

  /**
   * Counts a call of a step.
   *
   * @param namespace empty: the run's own
   * @returns its occurrence, from 1, and the record of the run's own topic that answers it
   */
  next(namespace: string, scope: string, key: string): { readonly seq: number; readonly record: JournalRecord | null } {
    const place = this.place(namespace, scope, key);
    const seq = ++place.calls;
    return { seq, record: recordAt(place, seq) ?? null };
  }

  /** Failed attempts of a step before this process. @param namespace empty: the run's own */
  attempts(namespace: string, scope: string, key: string, seq: number): number {
    return this.place(namespace, scope, key).failures?.[seq] ?? 0;
  }

  /** The record reached the script, and with it everything that its handler had done. */
  settle(record: JournalRecord): void {
    this.close(record);
    if (this.inside.size === 0) return;
    for (const nested of this.inside.get(innerScope(record.scope, record.key, record.seq)) ?? []) this.close(nested);
  }

  /** Whether the script has met the record, or cannot meet it any more. */
  isSettled(topic: string, id: number): boolean {
    return topic === this.topic ? this.settledOwn[id] === true : this.settledShared.has(`${topic} ${id}`);
  }

  /** Records that the program never asked for, in order. */
  unreached(): JournalRecord[] {
    return this.loaded.filter((record) => !record.settled);
  }

  private take(row: StepRow): void {
    const [id, kind, payload, , rowScope, rowKey, rowSeq] = row;
    this.lastId = id;
    if (kind === COMPLETED && rowKey !== null && rowScope !== null && rowSeq !== null) {
      this.add(recordOf(this.topic, row, rowScope, rowKey, rowSeq), "");
      return;
    }
    const read = kind === FAILED ? readRecord(kind, payload) : null;
    if (read === null) return;
    const { scope, key, seq } = read;
    const owner = read.namespace === this.namespace ? "" : read.namespace;
    const place = this.place(owner, scope, key);
    place.failures ??= [];
    place.failures[seq] = (place.failures[seq] ?? 0) + 1;
    if (this.again.has(id)) drop(place, seq, (record) => this.close(record));
    else if (read.failure?.final === true) this.add(recordOf(this.topic, row, scope, key, seq), owner);
  }

  private place(namespace: string, scope: string, key: string): Place {
    const group = namespace === "" ? scope : JSON.stringify([namespace, scope]); // no scope ends like this
    let keys = this.places.get(group);
    if (keys === undefined) {
      keys = new Map();
      this.places.set(group, keys);
    }
    let place = keys.get(key);
    if (place === undefined) {
      place = { calls: 0, first: undefined, later: null, failures: null };
      keys.set(key, place);
    }
    return place;
  }

  private add(record: JournalRecord, namespace: string): void {
    const { scope, key, seq } = record;
    const place = this.place(namespace, scope, key);
    const before = recordAt(place, seq);
    if (before !== undefined) this.close(before);
    putRecord(place, seq, record);
    this.loaded.push(record);
    this.open++;
    for (let end = scope.length; end > 0; end = scope.lastIndexOf("/", end - 1)) {
      const outer = scope.slice(0, end);
      const nested = this.inside.get(outer);
      if (nested === undefined) this.inside.set(outer, [record]);
      else nested.push(record);
    }
  }

  private close(record: JournalRecord): void {
    if (record.settled) return;
    record.settled = true;
    if (record.counted) this.open--;
    if (record.topic === this.topic) this.settledOwn[record.id] = true;
    else this.settledShared.add(`${record.topic} ${record.id}`);
  }
}

function recordOf(topic: string, [id, rowKind, payload, atMs]: StepRow, scope: string, key: string, seq: number): JournalRecord {
  const kind = rowKind === COMPLETED ? COMPLETED : rowKind; // one text for all, so that the row's own can go
  return { topic, id, major: id, minor: 0, kind, payload, atMs, scope, key, seq, settled: false, counted: true };
}

function recordAt(place: Place, seq: number): JournalRecord | undefined {
  return seq === 1 ? place.first : place.later?.[seq];
}

function putRecord(place: Place, seq: number, record: JournalRecord | undefined): void {
  if (seq === 1) {
    place.first = record;
    return;
  }
  place.later ??= [];
  place.later[seq] = record;
}

/** The step is to be tried again: no earlier failure of it may answer either. */
function drop(place: Place, seq: number, close: (record: JournalRecord) => void): void {
  const before = recordAt(place, seq);
  if (before !== undefined) close(before);
  putRecord(place, seq, undefined);
}

/** A failure record and those that its error came from; none for another record. */
export function failuresIn([id, kind, payload]: StepRow): readonly number[] {
  return kind === FAILED ? [id, ...(readRecord(kind, payload)?.failure?.causes ?? [])] : [];
}
