/** `==` and the three-way comparison behind `<`, `sort`, `min`, `max`. Neither ever raises. */
import { compareStrings } from "./dict.ts";
import { MAX_VALUE_DEPTH } from "./display.ts";
import { raise } from "./errors.ts";
import {
  BuiltinRef,
  Bytes,
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
  return same(a, b, 0);
}

function same(a: Value, b: Value, depth: number): boolean {
  if (typeof a !== "object" || a === null) {
    if (a === b) return true;
    return b instanceof Float && isNumber(a) && Number(a) === b.value;
  }
  if (a instanceof Float) return b instanceof Float ? a.value === b.value : isNumber(b) && a.value === Number(b);
  if (typeof b !== "object" || b === null) return false;
  if (depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  return sameObject(a, b, depth + 1);
}

function sameObject(a: HeapValue, b: HeapValue, depth: number): boolean {
  if (a instanceof List) return b instanceof List && sameItems(a.items, a.length, b.items, b.length, depth);
  if (a instanceof Dict) return b instanceof Dict && sameEntries(a, b, depth);
  if (a instanceof HarnSet) return b instanceof HarnSet && a.items.length === b.items.length && a.items.every((x) => hasItem(b.items, x));
  if (a instanceof Struct) return b instanceof Struct && sameFields(a, b, depth);
  if (a instanceof EnumValue) {
    if (!(b instanceof EnumValue) || a.enumName !== b.enumName || a.variant !== b.variant) return false;
    return sameItems(a.fields, a.fields.length, b.fields, b.fields.length, depth);
  }
  if (a instanceof Range) return b instanceof Range && a.start === b.start && a.end === b.end && a.inclusive === b.inclusive;
  if (a instanceof Pair) return b instanceof Pair && same(a.first, b.first, depth) && same(a.second, b.second, depth);
  if (a instanceof Bytes) return b instanceof Bytes && a.data.length === b.data.length && a.data.every((x, i) => x === b.data[i]);
  if (a instanceof BuiltinRef) return b instanceof BuiltinRef && a.builtin.name === b.builtin.name;
  if (a instanceof Handle && b instanceof Handle && "equals" in a) return (a as Handle & ComparableHandle).equals(b);
  return false; // closures, durations and the other handles are never equal
}

const isNumber = (v: Value): v is number | bigint => typeof v === "number" || typeof v === "bigint";

function sameItems(a: readonly Value[], aLength: number, b: readonly Value[], bLength: number, depth: number): boolean {
  if (aLength !== bLength) return false;
  for (let i = 0; i < aLength; i++) if (!same(a[i] as Value, b[i] as Value, depth)) return false;
  return true;
}

function sameEntries(a: Dict, b: Dict, depth: number): boolean {
  if (a.map.size !== b.map.size) return false;
  for (const [key, value] of a.map) {
    const other = b.map.get(key);
    if (other === undefined || !same(value, other, depth)) return false;
  }
  return true;
}

function sameFields(a: Struct, b: Struct, depth: number): boolean {
  if (a.shape.name !== b.shape.name) return false;
  const present = (s: Struct): [string, Value][] =>
    s.shape.fields.map((f, i) => [f, s.slots[i]]).filter((f): f is [string, Value] => f[1] !== undefined);
  const left = present(a);
  if (left.length !== present(b).length) return false;
  return left.every(([name, value]) => {
    const slot = b.shape.slotOf.get(name);
    const other = slot === undefined ? undefined : b.slots[slot];
    return other !== undefined && same(value, other, depth);
  });
}

/** Whether some item `==` the value. */
export function hasItem(items: readonly Value[], value: Value, length = items.length): boolean {
  return indexOfItem(items, value, length) >= 0;
}

export function indexOfItem(items: readonly Value[], value: Value, length = items.length): number {
  for (let i = 0; i < length; i++) if (same(items[i] as Value, value, 0)) return i;
  return -1;
}

/** Negative, zero or positive. Numbers mix, strings go by code point, pairs lexicographically; everything else, and NaN, is "equal". */
export function compare(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string") return typeof b === "string" ? compareStrings(a, b) : 0;
  if (a instanceof Float || b instanceof Float) return compareFloats(a, b);
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (a instanceof Pair && b instanceof Pair) return compare(a.first, b.first) || compare(a.second, b.second);
  return 0;
}

function compareFloats(a: Value, b: Value): number {
  const x = a instanceof Float ? a.value : isNumber(a) ? Number(a) : Number.NaN;
  const y = b instanceof Float ? b.value : isNumber(b) ? Number(b) : Number.NaN;
  return x < y ? -1 : x > y ? 1 : 0;
}
