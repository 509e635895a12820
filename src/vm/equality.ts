/** `==` and the three-way comparison behind `<`, `sort`, `min`, `max`. Neither ever raises. */
import { compareStrings } from "./dict.ts";
import { MAX_VALUE_DEPTH } from "./display.ts";
import { raise } from "./errors.ts";
import {
  BuiltinRef,
  Bytes,
  Container,
  Dict,
  EnumValue,
  Float,
  Handle,
  HarnSet,
  type HeapValue,
  List,
  Pair,
  Range,
  Struct,
  type Value,
} from "./values.ts";

/** A handle kind that compares by its own rule (an iterator by identity, an atomic by its current value); without it a handle never equals. */
export interface ComparableHandle {
  equals(other: Handle): boolean;
}

export function equals(a: Value, b: Value): boolean {
  return same(a, b, null);
}

/** As `equals`, for an instruction. @param pay is told how many parts were looked at */
export function equalsPaid(a: Value, b: Value, pay: { burn(steps: number): void }): boolean {
  if (!(a instanceof Container && b instanceof Container)) return same(a, b, null);
  const walk = new Walk();
  const answer = same(a, b, walk);
  if (walk.parts > FREE_PARTS) pay.burn(walk.parts);
  return answer;
}

/** What an instruction compares without being charged for it. */
const FREE_PARTS = 64;

/** How far a comparison may go: a value that holds another one many times is small until it is walked through. */
const MOST_PARTS = 1 << 25;

/** One comparison on its way: how deep it is, and how many parts it may still look at. */
class Walk {
  depth = 0;
  /** Parts looked at. */
  parts = 0;
  private left = MOST_PARTS;

  enter(): void {
    if (++this.depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
    this.look(1);
  }

  look(parts: number): void {
    this.parts += parts;
    this.left -= parts;
    if (this.left < 0) throw raise.fatal(`comparison limit of ${MOST_PARTS} parts exceeded`);
  }
}

function same(a: Value, b: Value, walk: Walk | null): boolean {
  if (typeof a !== "object" || a === null) {
    if (a === b) return true;
    return b instanceof Float && isNumber(a) && Number(a) === b.value;
  }
  if (a instanceof Float) return b instanceof Float ? a.value === b.value : isNumber(b) && a.value === Number(b);
  if (typeof b !== "object" || b === null) return false;
  const inner = walk ?? new Walk();
  inner.enter();
  const answer = sameObject(a, b, inner);
  inner.depth--;
  return answer;
}

function sameObject(a: HeapValue, b: HeapValue, walk: Walk): boolean {
  if (a instanceof List) return b instanceof List && sameItems(a.items, a.length, b.items, b.length, walk);
  if (a instanceof Dict) return b instanceof Dict && sameEntries(a, b, walk);
  if (a instanceof HarnSet) return b instanceof HarnSet && sameMembers(a, b, walk);
  if (a instanceof Struct) return b instanceof Struct && sameFields(a, b, walk);
  if (a instanceof EnumValue) {
    if (!(b instanceof EnumValue) || a.enumName !== b.enumName || a.variant !== b.variant) return false;
    return sameItems(a.fields, a.fields.length, b.fields, b.fields.length, walk);
  }
  if (a instanceof Range) return b instanceof Range && a.start === b.start && a.end === b.end && a.inclusive === b.inclusive;
  if (a instanceof Pair) return b instanceof Pair && same(a.first, b.first, walk) && same(a.second, b.second, walk);
  if (a instanceof Bytes) return b instanceof Bytes && a.data.length === b.data.length && a.data.every((x, i) => x === b.data[i]);
  if (a instanceof BuiltinRef) return b instanceof BuiltinRef && a.builtin.name === b.builtin.name;
  if (a instanceof Handle && b instanceof Handle && "equals" in a) return (a as Handle & ComparableHandle).equals(b);
  return false; // closures, durations and the other handles are never equal
}

const isNumber = (v: Value): v is number | bigint => typeof v === "number" || typeof v === "bigint";

function sameItems(a: readonly Value[], aLength: number, b: readonly Value[], bLength: number, walk: Walk): boolean {
  if (aLength !== bLength) return false;
  walk.parts += aLength;
  for (let i = 0; i < aLength; i++) if (!same(a[i] as Value, b[i] as Value, walk)) return false;
  return true;
}

/** Sets of this many items and more are not searched from the start for every item. */
const LARGE_SET = 16;

function sameMembers(a: HarnSet, b: HarnSet, walk: Walk): boolean {
  if (a.items.length !== b.items.length) return false;
  const scalars = b.items.length < LARGE_SET ? null : new Set<Value>(b.items.filter((item) => typeof item !== "object" || item === null));
  return a.items.every((item) => {
    if (scalars?.has(item)) return true;
    walk.look(b.items.length);
    return b.items.some((other) => same(item, other, walk));
  });
}

function sameEntries(a: Dict, b: Dict, walk: Walk): boolean {
  if (a.map.size !== b.map.size) return false;
  walk.parts += a.map.size;
  for (const [key, value] of a.map) {
    const other = b.map.get(key);
    if (other === undefined || !same(value, other, walk)) return false;
  }
  return true;
}

function sameFields(a: Struct, b: Struct, walk: Walk): boolean {
  if (a.shape.name !== b.shape.name) return false;
  const present = (s: Struct): [string, Value][] =>
    s.shape.fields.map((f, i) => [f, s.slots[i]]).filter((f): f is [string, Value] => f[1] !== undefined);
  const left = present(a);
  if (left.length !== present(b).length) return false;
  return left.every(([name, value]) => {
    const slot = b.shape.slotOf.get(name);
    const other = slot === undefined ? undefined : b.slots[slot];
    return other !== undefined && same(value, other, walk);
  });
}

/** Whether some item `==` the value. */
export function hasItem(items: readonly Value[], value: Value, length = items.length): boolean {
  return indexOfItem(items, value, length) >= 0;
}

export function indexOfItem(items: readonly Value[], value: Value, length = items.length): number {
  const walk = typeof value === "object" && value !== null ? new Walk() : null;
  for (let i = 0; i < length; i++) if (same(items[i] as Value, value, walk)) return i;
  return -1;
}

/** Negative, zero or positive. Numbers mix, strings go by code point, pairs lexicographically; everything else, and NaN, is "equal". */
export function compare(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return a instanceof Pair && b instanceof Pair ? comparePairs(a, b, new Walk()) : compareOthers(a, b);
}

function comparePairs(a: Value, b: Value, walk: Walk): number {
  if (!(a instanceof Pair && b instanceof Pair)) return compareOthers(a, b);
  walk.enter();
  const order = comparePairs(a.first, b.first, walk) || comparePairs(a.second, b.second, walk);
  walk.depth--;
  return order;
}

function compareOthers(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string") return typeof b === "string" ? compareStrings(a, b) : 0;
  if (a instanceof Float || b instanceof Float) return compareFloats(a, b);
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  return 0;
}

function compareFloats(a: Value, b: Value): number {
  const x = a instanceof Float ? a.value : isNumber(a) ? Number(a) : Number.NaN;
  const y = b instanceof Float ? b.value : isNumber(b) ? Number(b) : Number.NaN;
  return x < y ? -1 : x > y ? 1 : 0;
}
