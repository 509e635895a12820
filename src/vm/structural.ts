/**
 * The structural key: a string that tells values apart by type and content, byte for byte as the reference builds it.
 *
 * `hash_value`, sets, `unique` and the input hash of a step depend on its exact text; lengths in it are UTF-8 byte counts.
 */
import { compareStrings, keysInOrder } from "./dict.ts";
import { display, MAX_VALUE_DEPTH } from "./display.ts";
import { raise } from "./errors.ts";
import { wrap } from "./numbers.ts";
import { Bytes, Dict, Duration, Float, HarnSet, type HeapValue, type Int, List, typeName, type Value } from "./values.ts";

export function structuralKey(value: Value): string {
  return key(value, 0);
}

function key(value: Value, depth: number): string {
  switch (typeof value) {
    case "string":
      return `s${utf8Length(value)}:${value}`;
    case "number":
    case "bigint":
      return `i${value};`;
    case "boolean":
      return value ? "T" : "F";
    default:
      return value === null ? "N" : keyOfObject(value, depth);
  }
}

function keyOfObject(value: HeapValue, depth: number): string {
  if (value instanceof Float) return `f${floatBits(value.value)};`;
  if (depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  if (value instanceof List) {
    let out = "L";
    for (let i = 0; i < value.length; i++) out += `${key(value.items[i] as Value, depth + 1)},`;
    return `${out}]`;
  }
  if (value instanceof Dict) {
    let out = "D";
    for (const k of keysInOrder(value)) out += `${utf8Length(k)}:${k}=${key(value.map.get(k) as Value, depth + 1)},`;
    return `${out}}`;
  }
  if (value instanceof HarnSet) {
    const items = value.items.map((item) => key(item, depth + 1)).sort(compareStrings); // code-point order is UTF-8 byte order
    return `S${items.map((item) => `${item},`).join("")}}`;
  }
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
