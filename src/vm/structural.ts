/**
 * The structural key: a string that tells values apart by type and content, byte for byte as the reference builds it.
 *
 * `hash_value`, sets, `unique` and the input hash of a step depend on its exact text; lengths in it are UTF-8 byte counts.
 */
import { compareStrings, keysInOrder } from "./dict.ts";
import { display, MAX_VALUE_DEPTH, TextBuilder } from "./display.ts";
import { raise } from "./errors.ts";
import { wrap } from "./numbers.ts";
import { Bytes, Dict, Duration, Float, HarnSet, type HeapValue, type Int, List, typeName, type Value } from "./values.ts";

/** Longest key, in UTF-16 units: a value that holds another one many times is small until its key is written. */
const MOST_UNITS = 1 << 26;

export function structuralKey(value: Value): string {
  if (typeof value === "object" && value !== null && !(value instanceof Float)) return keyOf(value, 0);
  return scalarKey(value);
}

/** Of anything but what holds other values. */
function scalarKey(value: Exclude<Value, HeapValue> | Float): string {
  switch (typeof value) {
    case "string":
      return `s${utf8Length(value)}:${value}`;
    case "number":
    case "bigint":
      return `i${value};`;
    case "boolean":
      return value ? "T" : "F";
    default:
      return value === null ? "N" : `f${floatBits(value.value)};`;
  }
}

function keyOf(value: Value, depth: number): string {
  const out = new TextBuilder(MOST_UNITS);
  key(out, value, depth);
  return out.text();
}

function key(out: TextBuilder, value: Value, depth: number): void {
  if (typeof value !== "object" || value === null || value instanceof Float) return out.add(scalarKey(value));
  if (depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  if (value instanceof List) {
    out.add("L");
    for (let i = 0; i < value.length; i++) part(out, value.items[i] as Value, depth);
    out.add("]");
  } else if (value instanceof Dict) {
    out.add("D");
    for (const name of keysInOrder(value)) {
      out.add(`${utf8Length(name)}:${name}=`);
      part(out, value.map.get(name) as Value, depth);
    }
    out.add("}");
  } else if (value instanceof HarnSet) {
    const items = value.items.map((item) => keyOf(item, depth + 1)).sort(compareStrings); // code-point order is UTF-8 byte order
    out.add("S");
    for (const item of items) out.add(`${item},`);
    out.add("}");
  } else out.add(otherKey(value));
}

function part(out: TextBuilder, value: Value, depth: number): void {
  key(out, value, depth + 1);
  out.add(",");
}

function otherKey(value: HeapValue): string {
  if (value instanceof Duration) return `d${value.ms};`;
  if (value instanceof Bytes) return `b${[...value.data].map((b) => b.toString(16).padStart(2, "0")).join("")};`;
  const type = typeName(value);
  const text = display(value);
  return `o${utf8Length(type)}:${type}${utf8Length(text)}:${text}`;
}

function floatBits(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return view.getBigUint64(0);
}

/** Bytes that a string takes in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x800)
      bytes += (unit & 0xf800) === 0xd800 ? 1 : 2; // a surrogate pair is two units and four bytes
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/** FNV-1a, 64 bits, over the key's UTF-8 bytes, as a signed int. */
export function hashValue(value: Value): Int {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(structuralKey(value))) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  return wrap(hash);
}
