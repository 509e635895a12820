/** Looking at values and converting them: kinds, sizes, identity, hashes, texts and numbers. */
import { display, displayWithin } from "../vm/display.ts";
import { equals } from "../vm/equality.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { intFromFloat, parseInt64 } from "../vm/numbers.ts";
import { rangeLength } from "../vm/ranges.ts";
import { hashValue } from "../vm/structural.ts";
import {
  BuiltinRef,
  Bytes,
  Closure,
  Dict,
  Float,
  HarnSet,
  isInt,
  List,
  list,
  Pair,
  Range,
  share,
  shareItems,
  typeName,
  type Value,
} from "../vm/values.ts";
import { checkItems, limitedText } from "./args.ts";
import { perInstance, plain } from "./define.ts";

export function conversions(): Builtin[] {
  return [...inspection(), ...identity(), ...conversion()];
}

function inspection(): Builtin[] {
  return [
    plain(
      {
        name: "type_of",
        signature: "(value) -> string",
        doc: "The name of the value's kind.",
        example: "println(type_of([1]))  // -> list",
      },
      (_ctx, value) => typeName(value as Value),
    ),
    plain(
      {
        name: "len",
        signature: "(value)",
        doc: "Characters of a string, bytes, or items of a collection; 0 for any other kind.",
        example: 'println(len("héllo"))  // -> 5',
      },
      (ctx, value) => sizeOf(ctx, value as Value),
    ),
    plain(
      {
        name: "hash_value",
        signature: "(value) -> int",
        doc: "A hash of the value's kind and content (FNV-1a, 64 bits).",
        example: "println(hash_value(nil))  // -> -5808513992200409391",
      },
      (_ctx, value) => hashValue(value as Value),
    ),
  ];
}

function sizeOf(ctx: NativeContext, value: Value): Value {
  if (typeof value === "string") return ctx.strings.count(value);
  if (value instanceof List) return value.length;
  if (value instanceof Dict) return value.map.size;
  if (value instanceof HarnSet) return value.items.length;
  if (value instanceof Bytes) return value.data.length;
  return value instanceof Range ? rangeLength(value) : 0;
}

function identity(): Builtin[] {
  const numbers = perInstance(() => ({ of: new WeakMap<object, number>(), last: 0 }));
  const addressOf = (ctx: NativeContext, value: object): string => {
    const known = numbers(ctx);
    let number = known.of.get(value);
    if (number === undefined) {
      number = ++known.last;
      known.of.set(value, number);
    }
    return `0x${number.toString(16).padStart(8, "0")}`;
  };
  return [
    plain(
      {
        name: "is_same",
        signature: "(a, b) -> bool",
        doc: "Whether both are the very same list, dict, set, closure or pair; for other kinds whether they are equal.",
        example: "println(is_same([1], [1]))  // -> false",
      },
      (_ctx, a, b) => (hasIdentity(a as Value) ? a === b : equals(a as Value, b as Value)),
    ),
    plain(
      {
        name: "addr_of",
        signature: "(value) -> string",
        doc: "A text that is the same for the same object, by its kind; plain values show their content.",
        example: "println(addr_of(42))  // -> int@42",
      },
      (ctx, value) => {
        const kind = typeName(value as Value);
        if (typeof value === "string") return `string@0x${BigInt.asUintN(64, BigInt(hashValue(value))).toString(16)}`;
        if (value instanceof BuiltinRef) return `builtin@${value.builtin.name}`;
        const addressed = value instanceof Bytes || (hasIdentity(value as Value) && !(value instanceof Pair));
        return limitedText(ctx, `${kind}@${addressed ? addressOf(ctx, value as object) : display(value as Value)}`);
      },
    ),
  ];
}

function hasIdentity(value: Value): boolean {
  return value instanceof List || value instanceof Dict || value instanceof HarnSet || value instanceof Closure || value instanceof Pair;
}

function conversion(): Builtin[] {
  return [
    plain(
      {
        name: "to_string",
        signature: "(value) -> string",
        doc: "The value's text, as output shows it.",
        example: "println(to_string([1, nil]))  // -> [1, nil]",
      },
      (ctx, value) => limitedText(ctx, displayWithin(value as Value, ctx.limits.stringLength)),
    ),
    plain(
      {
        name: "to_int",
        signature: "(value) -> int",
        doc: "The int in a number (cut off toward zero) or a text of digits; nil for anything else.",
        example: 'println(to_int("42"))  // -> 42',
      },
      (_ctx, value) => toIntValue(value as Value),
    ),
    plain(
      {
        name: "to_float",
        signature: "(value) -> float",
        doc: "The float in a number or a numeric text; nil for anything else.",
        example: 'println(to_float("2.5"))  // -> 2.5',
      },
      (_ctx, value) => toFloatValue(value as Value),
    ),
    plain(
      {
        name: "to_list",
        signature: "(value) -> list",
        doc: "A set's items as a list; a list as it is; any other value as a list of one.",
        example: "println(to_list(set(1, 2)))  // -> [1, 2]",
      },
      (ctx, value) => {
        if (value instanceof List) return share(value);
        if (!(value instanceof HarnSet)) return list([share(value as Value)]);
        checkItems(ctx, value.items.length);
        return list(shareItems(value.items));
      },
    ),
    plain(
      { name: "pair", signature: "(first, second) -> pair", doc: "A pair of two values.", example: "println(pair(1, 2))  // -> (1, 2)" },
      (ctx, a, b) => {
        if (ctx.argc !== 2) throw raise.type(`pair: expected 2 arguments, got ${ctx.argc}`);
        return new Pair(share(a as Value), share(b as Value));
      },
    ),
  ];
}

function toIntValue(value: Value): Value {
  if (isInt(value)) return value;
  if (value instanceof Float) return intFromFloat(value.value);
  return typeof value === "string" ? parseInt64(value) : null;
}

function toFloatValue(value: Value): Value {
  if (value instanceof Float) return value;
  if (isInt(value)) return new Float(Number(value));
  const parsed = typeof value === "string" ? parseFloatText(value) : null;
  return parsed === null ? null : new Float(parsed);
}

/** Decimal and exponent forms, `inf`, `infinity` and `nan` in any case, all with an optional sign. */
export function parseFloatText(text: string): number | null {
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) return Number(text);
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (word === null) return null;
  if ((word[2] as string).toLowerCase() === "nan") return Number.NaN;
  return word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
