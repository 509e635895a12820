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

/**
 * A text that grows piece by piece and is refused beyond a length. It is put together in long stretches, because a host's string of
 * millions of small pieces takes many times its length.
 */
export class TextBuilder {
  private pieces: string[] = [];
  private readonly stretches: string[] = [];
  private units = 0;

  /** @param mostUnits UTF-16 units */
  constructor(private readonly mostUnits: number) {}

  add(piece: string): void {
    this.units += piece.length;
    if (this.units > this.mostUnits) throw raise.fatal(`string limit of ${this.mostUnits} UTF-16 units exceeded`);
    if (this.pieces.push(piece) < STRETCH) return;
    this.stretches.push(this.pieces.join(""));
    this.pieces = [];
  }

  text(): string {
    return this.stretches.join("") + this.pieces.join("");
  }
}

const STRETCH = 4096;

/** Where no limit of the host's is at hand: longer texts of keys and errors are refused. */
const MOST_UNITS = 1 << 26;

/** The value's text. */
export function display(value: Value): string {
  return displayWithin(value, MOST_UNITS);
}

/**
 * The value's text.
 *
 * @param mostUnits UTF-16 units; a value that holds another one many times is small until it is shown
 * @throws ScriptError when it is nested too deeply or longer than that
 */
export function displayWithin(value: Value, mostUnits: number): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
      if (value === null) return "nil";
      return value instanceof Float ? displayFloat(value.value) : displayObject(value, mostUnits);
  }
}

function displayObject(value: HeapValue, mostUnits: number): string {
  const out = new TextBuilder(mostUnits);
  showObject(out, value, 0);
  return out.text();
}

function show(out: TextBuilder, value: Value, depth: number): void {
  if (typeof value === "object" && value !== null && !(value instanceof Float)) showObject(out, value, depth);
  else out.add(display(value));
}

function showObject(out: TextBuilder, value: HeapValue, depth: number): void {
  if (depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  if (value instanceof List) showItems(out, "[", value.items, value.length, "]", depth);
  else if (value instanceof Dict) showEntries(out, "{", keysInOrder(value), (key) => value.map.get(key) as Value, depth);
  else if (value instanceof HarnSet) showItems(out, "set(", value.items, value.items.length, ")", depth);
  else if (value instanceof Struct) showStruct(out, value, depth);
  else if (value instanceof EnumValue) {
    const name = `${value.enumName}.${value.variant}`;
    if (value.fields.length === 0) out.add(name);
    else showItems(out, `${name}(`, value.fields, value.fields.length, ")", depth);
  } else if (value instanceof Pair) showItems(out, "(", [value.first, value.second], 2, ")", depth);
  else out.add(plainText(value));
}

/** Kinds that hold no other values. */
function plainText(value: HeapValue): string {
  if (value instanceof Duration) return displayDuration(value);
  if (value instanceof Range) return `${value.start} to ${value.end}${value.inclusive ? "" : " exclusive"}`;
  if (value instanceof Closure) return `<fn(${value.proto.params.map((p) => p.name).join(", ")})>`;
  if (value instanceof BuiltinRef) return `<builtin ${value.builtin.name}>`;
  if (value instanceof Bytes) return displayBytes(value.data);
  if (value instanceof Handle) return value.display();
  return `<${value.typeName}>`;
}

function showItems(out: TextBuilder, open: string, items: readonly Value[], length: number, close: string, depth: number): void {
  out.add(open);
  for (let i = 0; i < length; i++) {
    if (i > 0) out.add(", ");
    show(out, items[i] as Value, depth + 1);
  }
  out.add(close);
}

function showEntries(out: TextBuilder, open: string, keys: readonly string[], valueOf: (key: string) => Value, depth: number): void {
  out.add(open);
  keys.forEach((key, i) => {
    out.add(i > 0 ? `, ${key}: ` : `${key}: `);
    show(out, valueOf(key), depth + 1);
  });
  out.add("}");
}

function showStruct(out: TextBuilder, value: Struct, depth: number): void {
  const { shape, slots } = value;
  const present = shape.fields.filter((_, i) => slots[i] !== undefined).sort(compareStrings);
  showEntries(out, `${shape.name} {`, present, (name) => slots[shape.slotOf.get(name) as number] as Value, depth);
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
