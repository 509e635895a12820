/**
 * The one text form of a value, used by output, interpolation, dict keys and error texts.
 *
 * No quotes or escapes anywhere, floats never with an exponent, dict keys in code-point order.
 */
import { compareStrings, keysInOrder } from "./dict.ts";
import { raise } from "./errors.ts";
import {
  BuiltinRef,
  Bytes,
  Closure,
  Dict,
  Duration,
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

/** Deeper nesting than this is refused: the walk is recursive, and the host's stack is not ours to fill. */
export const MAX_VALUE_DEPTH = 2000;

export function display(value: Value): string {
  return typeof value === "string" ? value : show(value, 0);
}

function show(value: Value, depth: number): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return value === null ? "nil" : showObject(value, depth);
  }
}

function showObject(value: HeapValue, depth: number): string {
  if (value instanceof Float) return displayFloat(value.value);
  if (depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  if (value instanceof List) return `[${showAll(value.items, value.length, depth)}]`;
  if (value instanceof Dict) {
    const parts = keysInOrder(value).map((k) => `${k}: ${show(value.map.get(k) as Value, depth + 1)}`);
    return `{${parts.join(", ")}}`;
  }
  if (value instanceof HarnSet) return `set(${showAll(value.items, value.items.length, depth)})`;
  if (value instanceof Struct) return showStruct(value, depth);
  if (value instanceof EnumValue) {
    const name = `${value.enumName}.${value.variant}`;
    return value.fields.length === 0 ? name : `${name}(${showAll(value.fields, value.fields.length, depth)})`;
  }
  if (value instanceof Duration) return displayDuration(value);
  if (value instanceof Range) return `${value.start} to ${value.end}${value.inclusive ? "" : " exclusive"}`;
  if (value instanceof Pair) return `(${show(value.first, depth + 1)}, ${show(value.second, depth + 1)})`;
  if (value instanceof Closure) return `<fn(${value.proto.params.map((p) => p.name).join(", ")})>`;
  if (value instanceof BuiltinRef) return `<builtin ${value.builtin.name}>`;
  if (value instanceof Bytes) return displayBytes(value.data);
  if (value instanceof Handle) return value.display();
  return `<${value.typeName}>`;
}

function showAll(items: readonly Value[], length: number, depth: number): string {
  let out = "";
  for (let i = 0; i < length; i++) {
    if (i > 0) out += ", ";
    out += show(items[i] as Value, depth + 1);
  }
  return out;
}

function showStruct(value: Struct, depth: number): string {
  const present = value.shape.fields
    .map((name, i) => [name, value.slots[i]] as const)
    .filter((f): f is readonly [string, Value] => f[1] !== undefined);
  present.sort((a, b) => compareStrings(a[0], b[0]));
  return `${value.shape.name} {${present.map(([name, v]) => `${name}: ${show(v, depth + 1)}`).join(", ")}}`;
}

/** Integral below 1e15 with one decimal; otherwise the shortest digits that read back, in positional notation. */
export function displayFloat(x: number): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return `${Object.is(x, -0) ? "-0" : String(x)}.0`;
  return positional(x);
}

/** Shortest round-trip digits without an exponent and without a forced fraction. */
export function positional(x: number): string {
  const text = String(x);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = "", first = "", rest = "", exponentText = "0"] = match;
  const digits = first + rest;
  const exponent = Number(exponentText);
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  return sign + digits + "0".repeat(exponent + 1 - digits.length);
}

function displayDuration(value: Duration): string {
  const ms = BigInt(value.ms);
  for (const [unit, size] of [
    ["h", 3600000n],
    ["m", 60000n],
    ["s", 1000n],
  ] as const) {
    if (ms !== 0n && ms % size === 0n) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}

function displayBytes(data: Uint8Array): string {
  let hex = "";
  for (let i = 0; i < Math.min(32, data.length); i++) hex += (data[i] as number).toString(16).padStart(2, "0");
  return data.length > 32 ? `b"${hex}...+${data.length - 32}"` : `b"${hex}"`;
}
