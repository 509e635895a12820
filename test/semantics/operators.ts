/** Operators, access and assignment of the plain evaluator: sections 5 and 6 of the reference's second chapter. */
import type { BinaryOperator } from "../../src/syntax/ast.ts";
import { plainError, runtimeError, typeError, Unspecified } from "./failure.ts";
import { asNumber, compare, Dct, Enm, Flt, holds, Lst, Rng, same, show, St, Strct, Two, typeOf, type Val } from "./values.ts";

const MAX_TEXT = 20_000;
const MAX_ITEMS = 2_000;

export const int = (n: bigint): bigint => BigInt.asIntN(64, n);

/** Whatever grows passes through here. */
export function bounded<V extends Val>(v: V): V {
  if (typeof v === "string" && v.length > MAX_TEXT) throw new Unspecified("text too long");
  if (v instanceof Lst && v.items.length > MAX_ITEMS) throw new Unspecified("list too long");
  if (v instanceof Dct && v.map.size > MAX_ITEMS) throw new Unspecified("dict too large");
  return v;
}

/** The operators that always evaluate both sides. */
export function operate(op: BinaryOperator, a: Val, b: Val): Val {
  switch (op) {
    case "+":
      return add(a, b);
    case "-":
      return (
        numeric(
          a,
          b,
          (x, y) => x - y,
          (x, y) => x - y,
        ) ?? refuse(typeError(`Cannot subtract ${typeOf(b)} from ${typeOf(a)}`))
      );
    case "*":
      return multiply(a, b);
    case "/":
      return divide(a, b);
    case "%":
      return modulo(a, b);
    case "**":
      return power(a, b);
    case "==":
      return same(a, b);
    case "!=":
      return !same(a, b);
    case "<":
      return compare(a, b) < 0;
    case ">":
      return compare(a, b) > 0;
    case "<=":
      return compare(a, b) <= 0;
    case ">=":
      return compare(a, b) >= 0;
    case "in":
      return isIn(a, b);
    case "not_in":
      return !isIn(a, b);
    default:
      throw new Error(`${op} is no plain operator`);
  }
}

function refuse(failure: unknown): never {
  throw failure;
}

/** The result for two numbers, null for anything else. */
function numeric(a: Val, b: Val, ints: (x: bigint, y: bigint) => bigint, floats: (x: number, y: number) => number): Val {
  if (typeof a === "bigint" && typeof b === "bigint") return int(ints(a, b));
  const x = asNumber(a);
  const y = asNumber(b);
  return x === null || y === null ? null : new Flt(floats(x, y));
}

function add(a: Val, b: Val): Val {
  if (typeof a === "string" && typeof b === "string") return bounded(a + b);
  if (a instanceof Lst && b instanceof Lst) return bounded(new Lst([...a.items, ...b.items]));
  if (a instanceof Dct && b instanceof Dct) return bounded(new Dct(new Map([...a.map, ...b.map])));
  return (
    numeric(
      a,
      b,
      (x, y) => x + y,
      (x, y) => x + y,
    ) ?? refuse(typeError(`Cannot add ${typeOf(a)} and ${typeOf(b)}`))
  );
}

function multiply(a: Val, b: Val): Val {
  if (typeof a === "string" && typeof b === "bigint") return repeat(a, b);
  if (typeof a === "bigint" && typeof b === "string") return repeat(b, a);
  return (
    numeric(
      a,
      b,
      (x, y) => x * y,
      (x, y) => x * y,
    ) ?? refuse(typeError(`Cannot multiply ${typeOf(a)} and ${typeOf(b)}`))
  );
}

export function repeat(text: string, times: bigint): string {
  if (times <= 0n || text === "") return "";
  if (times > BigInt(MAX_TEXT)) throw new Unspecified("text too long");
  return bounded(text.repeat(Number(times)));
}

function divide(a: Val, b: Val): Val {
  if (typeof a === "bigint" && b === 0n) throw plainError("Division by zero");
  return (
    numeric(
      a,
      b,
      (x, y) => x / y,
      (x, y) => x / y,
    ) ?? refuse(runtimeError(`Cannot divide ${typeOf(a)} by ${typeOf(b)}`))
  );
}

function modulo(a: Val, b: Val): Val {
  if (asNumber(a) !== null && asNumber(b) === 0) throw plainError("Division by zero");
  return (
    numeric(
      a,
      b,
      (x, y) => x % y,
      (x, y) => x % y,
    ) ?? refuse(runtimeError(`Cannot modulo ${typeOf(a)} by ${typeOf(b)}`))
  );
}

function power(a: Val, b: Val): Val {
  if (typeof a === "bigint" && typeof b === "bigint" && b >= 0n && b < 4_294_967_296n) return wrappedPower(a, b);
  const x = asNumber(a);
  const y = asNumber(b);
  if (x === null || y === null) throw typeError(`Cannot exponentiate ${typeOf(a)} by ${typeOf(b)}`);
  // IEEE's pow has two values where the host's has none.
  if (x === 1 || (x === -1 && !Number.isFinite(y) && !Number.isNaN(y))) return new Flt(1);
  return new Flt(x ** y);
}

function wrappedPower(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = int(result * square);
    square = int(square * square);
  }
  return result;
}

export function negate(v: Val): Val {
  if (typeof v === "bigint") return int(-v);
  if (v instanceof Flt) return new Flt(-v.x);
  throw runtimeError(`Cannot negate value of type ${typeOf(v)}`);
}

function isIn(x: Val, c: Val): boolean {
  if (c instanceof Lst || c instanceof St) return holds(c.items, x);
  if (c instanceof Dct) return c.map.has(show(x));
  if (typeof c === "string") return c.includes(show(x));
  return c instanceof Rng && typeof x === "bigint" && rangeHolds(c, x);
}

export function rangeHolds(r: Rng, x: bigint): boolean {
  return x >= r.start && (r.inclusive ? x <= r.end : x < r.end);
}

// --- Access --------------------------------------------------------------------------------------------------------------------------

export function getProperty(v: Val, name: string): Val {
  if (v instanceof Dct) return v.map.get(name) ?? null;
  if (v instanceof Strct) return v.fields.get(name) ?? null;
  if (v instanceof Lst) {
    const named: Record<string, Val> = {
      count: BigInt(v.items.length),
      empty: v.items.length === 0,
      first: v.items[0] ?? null,
      last: v.items.at(-1) ?? null,
    };
    return Object.hasOwn(named, name) ? (named[name] as Val) : null;
  }
  if (typeof v === "string") return name === "count" ? BigInt([...v].length) : name === "empty" ? v === "" : null;
  if (v instanceof Enm) return name === "variant" ? v.variant : name === "fields" ? new Lst(v.fields) : null;
  if (v instanceof Two) {
    if (name === "first") return v.first;
    if (name === "second") return v.second;
    throw typeError(`cannot access property \`${name}\` on pair (expected \`first\` or \`second\`)`);
  }
  throw typeError(`cannot access property \`${name}\` on ${typeOf(v)}`);
}

export function getOptional(v: Val, name: string): Val {
  const has = v instanceof Dct || v instanceof Strct || v instanceof Lst || typeof v === "string" || v instanceof Enm;
  if (v instanceof Two && (name === "first" || name === "second")) return getProperty(v, name);
  return has ? getProperty(v, name) : null;
}

export function getIndex(v: Val, index: Val): Val {
  if (v instanceof Dct) return v.map.get(show(index)) ?? null;
  if (typeof index !== "bigint" || !(v instanceof Lst || typeof v === "string" || v instanceof Rng)) {
    throw typeError(`cannot index into ${typeOf(v)} with ${typeOf(index)}`);
  }
  if (v instanceof Rng) {
    const at = index < 0n ? index + v.length : index;
    if (at < 0n || at >= v.length) throw runtimeError(`range index out of range: index ${index} for range of length ${v.length}`);
    return v.start + at;
  }
  const items: readonly Val[] = typeof v === "string" ? [...v] : v.items;
  const at = index < 0n ? index + BigInt(items.length) : index;
  return at >= 0n && at < BigInt(items.length) ? (items[Number(at)] as Val) : null;
}

export function getSlice(v: Val, from: Val, to: Val): Val {
  if (!(v instanceof Lst) && typeof v !== "string") throw typeError(`cannot slice ${typeOf(v)}`);
  const items: readonly Val[] = typeof v === "string" ? [...v] : v.items;
  const start = bound(from, 0, items.length, "start");
  const end = bound(to, items.length, items.length, "end");
  const part = items.slice(start, Math.max(start, end));
  return typeof v === "string" ? part.join("") : new Lst(part);
}

function bound(v: Val, omitted: number, length: number, which: string): number {
  if (v === null) return omitted;
  if (typeof v !== "bigint") throw typeError(`slice ${which} must be an integer, got ${typeOf(v)}`);
  const at = v < 0n ? v + BigInt(length) : v;
  return at < 0n ? 0 : at > BigInt(length) ? length : Number(at);
}

// --- Assignment ----------------------------------------------------------------------------------------------------------------------

export function withProperty(v: Val, name: string, to: Val): Val {
  if (v instanceof Dct) return bounded(new Dct(new Map(v.map).set(name, to)));
  if (v instanceof Strct) return new Strct(v.name, new Map(v.fields).set(name, to));
  throw typeError(`cannot set property \`${name}\` on ${typeOf(v)}`);
}

export function withIndex(v: Val, index: Val, to: Val): Val {
  if (v instanceof Dct) return bounded(new Dct(new Map(v.map).set(show(index), to)));
  if (!(v instanceof Lst) || typeof index !== "bigint") throw new Unspecified("item of something that has none");
  const length = BigInt(v.items.length);
  const at = index >= 0n ? index : index + length < 0n ? 0n : index + length;
  if (at >= length) throw runtimeError(`Index ${index} out of bounds for list of length ${length}`);
  return new Lst(v.items.with(Number(at), to));
}
