/** Values across the border between host and script. */
import { Bytes, Dict, Duration, EnumValue, Float, HarnSet, HeapValue, type Int, List, Pair, Struct, type Value } from "../vm/values.ts";
import { addKeyed } from "../builtins/set_ops.ts";
import { INT_MAX, INT_MIN, wrap } from "../vm/numbers.ts";
import { keysInOrder } from "../vm/dict.ts";

/** How deep a value from the host may be nested. */
const MAX_DEPTH = 500;
/** The same for a value from a script, and how many parts it may have: lists that hold one list many times are small until they are spelled out. */
const MAX_DEPTH_OUT = 2000;
const MAX_PARTS_OUT = 5_000_000;

/** A value of a kind that the host has no counterpart for (a function, a range, a handle): it can be kept and passed back. */
export type OpaqueValue = HeapValue;

/** What the host sees of a script's value. */
export type HostValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | Uint8Array
  | HostValue[]
  | Set<HostValue>
  | { [key: string]: HostValue }
  | { readonly enum: string; readonly variant: string; readonly fields: HostValue[] }
  | OpaqueValue;

/**
 * A script's value for the host.
 *
 * nil is null; an int is a number while it is a safe integer and a bigint beyond; a float is a number; lists and pairs are arrays, dicts and
 * structs plain objects, sets Sets, bytes a Uint8Array, durations milliseconds; an enum value is `{enum, variant, fields}`. Other kinds
 * are handed over as they are.
 *
 * @throws TypeError when the value is nested too deeply or has too many parts
 */
export function toHost(value: Value): HostValue {
  return hosted(value, 0, { left: MAX_PARTS_OUT });
}

function hosted(value: Value, depth: number, parts: { left: number }): HostValue {
  if (--parts.left < 0) throw new TypeError(`a value for the host has more than ${MAX_PARTS_OUT} parts`);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH_OUT) throw new TypeError(`a value for the host is nested deeper than ${MAX_DEPTH_OUT} levels`);
  const part = (inner: Value): HostValue => hosted(inner, depth + 1, parts);
  if (value instanceof Float) return value.value;
  if (value instanceof List) return value.items.slice(0, value.length).map(part);
  if (value instanceof Dict) return object(keysInOrder(value).map((key) => [key, part(value.map.get(key) as Value)]));
  if (value instanceof Struct) {
    return object(
      value.shape.fields.flatMap((field, i): [string, HostValue][] => {
        const slot = value.slots[i];
        return slot === undefined ? [] : [[field, part(slot)]];
      }),
    );
  }
  if (value instanceof HarnSet) return new Set(value.items.map(part));
  if (value instanceof Bytes) return value.data.slice();
  if (value instanceof Duration) return value.ms;
  if (value instanceof Pair) return [part(value.first), part(value.second)];
  if (value instanceof EnumValue) return { enum: value.enumName, variant: value.variant, fields: value.fields.map(part) };
  return value;
}

function object(entries: readonly (readonly [string, HostValue])[]): { [key: string]: HostValue } {
  const out: { [key: string]: HostValue } = {};
  // A key such as __proto__ must become a property like any other.
  for (const [key, value] of entries) {
    Object.defineProperty(out, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return out;
}

/**
 * A host's value for the script.
 *
 * @throws TypeError for what the language has no counterpart for: functions, symbols, class instances, circles, ints beyond 64 bits
 */
export function fromHost(value: unknown): Value {
  return convert(value, 0);
}

function convert(value: unknown, depth: number): Value {
  if (depth > MAX_DEPTH) throw new TypeError(`a value from the host is nested deeper than ${MAX_DEPTH} levels, or a circle`);
  switch (typeof value) {
    case "undefined":
      return null;
    case "boolean":
      return value;
    case "string":
      return wellFormed(value);
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : new Float(value);
    case "bigint":
      return int(value);
    case "object":
      return value === null ? null : fromObject(value, depth + 1);
    default:
      throw new TypeError(`a ${typeof value} from the host has no counterpart in a script`);
  }
}

/** Half a surrogate pair is no character, and no file or database keeps it: it becomes U+FFFD, as in UTF-8. */
function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, "\ufffd") : text;
}

function int(value: bigint): Int {
  if (value < INT_MIN || value > INT_MAX) throw new TypeError(`${value} from the host does not fit 64 bits`);
  return wrap(value);
}

function fromObject(value: object, depth: number): Value {
  if (value instanceof HeapValue) return value as Value;
  if (Array.isArray(value)) return new List(Array.from(value, (item) => convert(item, depth)));
  if (value instanceof Uint8Array) return new Bytes(value.slice());
  if (value instanceof Set) return setOf([...value].map((item) => convert(item, depth)));
  const entries = value instanceof Map ? [...value] : plainEntries(value);
  return new Dict(new Map(entries.map(([key, item]) => [wellFormed(String(key)), convert(item, depth)])));
}

/** Items that differ for the host may be equal for the script. */
function setOf(items: readonly Value[]): HarnSet {
  const set = new HarnSet([]);
  for (const item of items) addKeyed(set, item);
  return set;
}

function plainEntries(value: object): [string, unknown][] {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new TypeError(
      `a ${prototype.constructor?.name ?? "class instance"} from the host has no counterpart in a script; hand over plain data`,
    );
  }
  return Object.entries(value);
}
