/**
 * The records that earlier attempts of a run left, as they are found, waited for and used up by a replay.
 *
 * Payloads stay text until somebody asks for the record: a replay that does not need a record does not pay for it.
 */
import type { StepRow } from "./log.ts";
import { COMPLETED, FAILED, readRecord, type StepCall } from "./steps.ts";

/** Position in the order in which a run's records were written: the id in the run's own topic, then a number among those written elsewhere. */
export interface Order {
  readonly major: number;
  readonly minor: number;
}

export interface JournalRecord {
  readonly topic: string;
  readonly id: number;
  readonly order: Order;
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

const stepText = (namespace: string, scope: string, key: string, seq: number): string =>
  `${seq} ${namespace.length} ${scope.length} ${namespace}${scope}${key}`;

/** The scope that the handler of a step opens. */
export function innerScope(scope: string, key: string, seq: number): string {
  return scope === "" ? `${key}#${seq}` : `${scope}/${key}#${seq}`;
}

export class Journal {
  /** The last id of the run's topic. */
  readonly lastId: number;
  private readonly byStep = new Map<string, JournalRecord>();
  /** Records inside a scope, at any depth; the empty scope is left out. */
  private readonly inside = new Map<string, JournalRecord[]>();
  private readonly failures = new Map<string, number>();
  private readonly loaded: JournalRecord[] = [];
  private readonly settledIds = new Map<string, Set<number>>();
  private open = 0;

  /**
   * @param topic the run's own
   * @param rows everything in it
   * @param namespace the run's own namespace
   * @param endedWith ids of the failure records that the run's last error came from
   */
  constructor(
    private readonly topic: string,
    rows: readonly StepRow[],
    namespace: string,
    endedWith: readonly number[],
  ) {
    this.lastId = rows.at(-1)?.id ?? 0;
    const again = new Set(endedWith);
    const last = rows.at(-1);
    if (last?.kind === FAILED) for (const id of withCauses(last)) again.add(id);
    for (const row of rows) this.load(row, namespace, again);
  }

  /** Steps whose outcome earlier attempts left. */
  get size(): number {
    return this.byStep.size;
  }

  /** Whether records of earlier attempts are neither delivered nor needless. */
  get hasOpen(): boolean {
    return this.open > 0;
  }

  find(call: StepCall): JournalRecord | null {
    return this.byStep.get(stepText(call.shared ? call.namespace : "", call.scope, call.key, call.seq)) ?? null;
  }

  /** Failed attempts of a step so far. */
  attempts(call: StepCall): number {
    return this.failures.get(stepText(call.shared ? call.namespace : "", call.scope, call.key, call.seq)) ?? 0;
  }

  /** The record reached the script, and with it everything that its handler had done. */
  settle(record: JournalRecord): void {
    this.close(record);
    if (this.inside.size === 0) return;
    for (const nested of this.inside.get(innerScope(record.scope, record.key, record.seq)) ?? []) this.close(nested);
  }

  /** Whether the script has met the record, or cannot meet it any more. */
  isSettled(topic: string, id: number): boolean {
    return this.settledIds.get(topic)?.has(id) === true;
  }

  /** Records that the program never asked for, in order. */
  unreached(): JournalRecord[] {
    return this.loaded.filter((record) => !record.settled);
  }

  private load(row: StepRow, namespace: string, again: ReadonlySet<number>): void {
    const order = { major: row.id, minor: 0 };
    const { id, kind, payload, occurredAtMs: atMs } = row;
    const { topic } = this;
    if (kind === COMPLETED && row.step !== null) {
      this.add({ topic, id, order, kind, payload, atMs, ...row.step, settled: false, counted: true }, "");
    } else if (kind === FAILED) {
      const read = readRecord(kind, payload);
      if (read === null) return;
      const { scope, key, seq } = read;
      const owner = read.namespace === namespace ? "" : read.namespace;
      const text = stepText(owner, scope, key, seq);
      this.failures.set(text, (this.failures.get(text) ?? 0) + 1);
      if (again.has(row.id)) this.drop(text);
      else if (read.failure?.final === true)
        this.add({ topic, id, order, kind, payload, atMs, scope, key, seq, settled: false, counted: true }, owner);
    }
  }

  private add(record: JournalRecord, namespace: string): void {
    const text = stepText(namespace, record.scope, record.key, record.seq);
    const before = this.byStep.get(text);
    if (before !== undefined) this.close(before);
    this.byStep.set(text, record);
    this.loaded.push(record);
    this.open++;
    for (let end = record.scope.length; end > 0; end = record.scope.lastIndexOf("/", end - 1)) {
      const scope = record.scope.slice(0, end);
      const nested = this.inside.get(scope);
      if (nested === undefined) this.inside.set(scope, [record]);
      else nested.push(record);
    }
  }

  /** The step is to be tried again: no earlier failure of it may answer either. */
  private drop(text: string): void {
    const before = this.byStep.get(text);
    if (before !== undefined) this.close(before);
    this.byStep.delete(text);
  }

  private close(record: JournalRecord): void {
    if (record.settled) return;
    record.settled = true;
    let ids = this.settledIds.get(record.topic);
    if (ids === undefined) {
      ids = new Set();
      this.settledIds.set(record.topic, ids);
    }
    ids.add(record.id);
    if (record.counted) this.open--;
  }
}

function withCauses(row: StepRow): number[] {
  return [row.id, ...(readRecord(row.kind, row.payload)?.failure?.causes ?? [])];
}
