/** Writing JSON: compact, keys in order. Kinds without a JSON form become null. */
import { compareStrings, keysInOrder } from "../vm/dict.ts";
import { display, MAX_VALUE_DEPTH, positional } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { NativeContext } from "../vm/native.ts";
import { Bytes, Dict, Float, HarnSet, type HeapValue, List, Range, Struct, type Value } from "../vm/values.ts";
import { limitedText } from "./args.ts";
import { encodeBase64 } from "./base64.ts";

/** The JSON text of a value. */
export function stringifyJson(ctx: NativeContext, value: Value): string {
  return limitedText(ctx, write(ctx, value, 0));
}

function write(ctx: NativeContext, value: Value, depth: number): string {
  switch (typeof value) {
    case "string":
      return quoteJson(value);
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return value === null ? "null" : writeObject(ctx, value, depth);
  }
}

function writeObject(ctx: NativeContext, value: HeapValue, depth: number): string {
  if (value instanceof Float) return jsonFloat(value.value);
  if (depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  if (value instanceof List) return array(ctx, value.items, value.length, depth);
  if (value instanceof HarnSet) return array(ctx, value.items, value.items.length, depth);
  if (value instanceof Dict)
    return object(
      ctx,
      keysInOrder(value).map((key) => [key, value.map.get(key) as Value]),
      depth,
    );
  if (value instanceof Struct) return object(ctx, presentFields(value), depth);
  if (value instanceof Bytes) return `{"$bytes_b64":"${encodeBase64(value.data)}"}`;
  return value instanceof Range ? quoteJson(display(value)) : "null";
}

function array(ctx: NativeContext, items: readonly Value[], length: number, depth: number): string {
  ctx.burn(length);
  let out = "[";
  for (let i = 0; i < length; i++) out += (i === 0 ? "" : ",") + write(ctx, items[i] as Value, depth + 1);
  return `${limitedText(ctx, out)}]`;
}

function object(ctx: NativeContext, entries: readonly (readonly [string, Value])[], depth: number): string {
  ctx.burn(entries.length);
  let out = "{";
  entries.forEach(([key, value], i) => {
    out += `${i === 0 ? "" : ","}${quoteJson(key)}:${write(ctx, value, depth + 1)}`;
  });
  return `${limitedText(ctx, out)}}`;
}

/** The fields that a struct has, by name. */
export function presentFields(value: Struct): [string, Value][] {
  const fields = value.shape.fields.map((name, i) => [name, value.slots[i]] as const);
  const present = fields.filter((field): field is [string, Value] => field[1] !== undefined);
  return present.sort((a, b) => compareStrings(a[0], b[0]));
}

/** Shortest digits, no exponent, no forced fraction; the words of the display form for what is no number. */
export function jsonFloat(x: number): string {
  if (Number.isFinite(x)) return Object.is(x, -0) ? "-0" : positional(x);
  return Number.isNaN(x) ? "NaN" : x > 0 ? "inf" : "-inf";
}

const ESCAPED = /["\\\p{Cc}]/u;
const ESCAPED_ALL = /["\\\p{Cc}]/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A text as a JSON string. */
export function quoteJson(text: string): string {
  if (!ESCAPED.test(text)) return `"${text}"`;
  const escaped = text.replace(ESCAPED_ALL, (c) => SHORT_ESCAPES[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `"${escaped}"`;
}
