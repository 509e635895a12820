/** Fibers that wait for a record, lowest record first: what comes from the journal is delivered in the order of the journal. */
import type { ScriptError } from "../vm/errors.ts";
import type { Wake } from "../vm/native.ts";
import type { Value } from "../vm/values.ts";
import type { JournalRecord, Order } from "./journal.ts";

/** What a step answers: a value, or an error to be thrown. */
export type Outcome = { readonly value: Value } | { readonly error: ScriptError };

export interface Waiter {
  readonly record: JournalRecord;
  readonly wake: Wake;
  /** Asked when the record is delivered, not before. */
  outcome(): Outcome;
}

export class WaitingList {
  /** Descending, so that the lowest is at the end. */
  private readonly waiters: Waiter[] = [];

  /** Among equals the one that asked first is the lowest. */
  add(waiter: Waiter): void {
    let low = 0;
    let high = this.waiters.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isAbove((this.waiters[middle] as Waiter).record, waiter.record)) low = middle + 1;
      else high = middle;
    }
    this.waiters.splice(low, 0, waiter);
  }

  lowest(): Waiter | null {
    return this.waiters.at(-1) ?? null;
  }

  takeLowest(): Waiter | null {
    return this.waiters.pop() ?? null;
  }
}

function isAbove(a: Order, b: Order): boolean {
  return a.major !== b.major ? a.major > b.major : a.minor > b.minor;
}
