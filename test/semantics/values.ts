/**
 * The plain evaluator's values: as simple as they can be, and nothing of the VM's.
 *
 * Ints are bigints, floats sit in a wrapper, collections are copied whenever they change. Display, truth, equality and order follow
 * sections 1 to 3 of the reference's second chapter word by word.
 */
import type { Block, Param } from "../../src/syntax/ast.ts";

export class Flt {
  constructor(readonly x: number) {}
}
export class Lst {
  constructor(readonly items: readonly Val[]) {}
}
export class Dct {
  constructor(readonly map: ReadonlyMap<string, Val>) {}
}
export class St {
  constructor(readonly items: readonly Val[]) {}
}
export class Rng {
  constructor(
    readonly start: bigint,
    readonly end: bigint,
    readonly inclusive: boolean,
  ) {}
  /** How many ints; never more than a signed 64-bit number can say. */
  get length(): bigint {
    const n = this.end - this.start + (this.inclusive ? 1n : 0n);
    return n < 0n ? 0n : n > 9223372036854775807n ? 9223372036854775807n : n;
  }
}
export class Two {
  constructor(
    readonly first: Val,
    readonly second: Val,
  ) {}
}
export class Dur {
  constructor(readonly ms: bigint) {}
}
export class Enm {
  constructor(
    readonly name: string,
    readonly variant: string,
    readonly fields: readonly Val[],
  ) {}
}
export class Strct {
  constructor(
    readonly name: string,
    readonly fields: ReadonlyMap<string, Val>,
  ) {}
}
/** A closure or declared function with the variables it saw when it was made. */
export class Fun {
  constructor(
    readonly params: readonly Param[],
    readonly body: Block,
    readonly yieldsLast: boolean,
    readonly seen: ReadonlyMap<string, Cell>,
    /** The struct that it makes instances of, for the function that a struct declaration binds. */
    readonly makes: string | null = null,
  ) {}
}
export class Blt {
  constructor(readonly name: string) {}
}
export type Val = null | boolean | bigint | string | Flt | Lst | Dct | St | Rng | Two | Dur | Enm | Strct | Fun | Blt;

/** A variable. */
export interface Cell {
  value: Val;
  readonly mutable: boolean;
  /** A caller's function that was visible when a snapshot was taken. */
  readonly brought?: boolean;
}

export function typeOf(v: Val): string {
  if (v === null) return "nil";
  if (typeof v === "boolean") return "bool";
  if (typeof v === "bigint") return "int";
  if (typeof v === "string") return "string";
  if (v instanceof Flt) return "float";
  if (v instanceof Lst) return "list";
  if (v instanceof Dct) return "dict";
  if (v instanceof St) return "set";
  if (v instanceof Rng) return "range";
  if (v instanceof Two) return "pair";
  if (v instanceof Dur) return "duration";
  if (v instanceof Enm) return "enum";
  if (v instanceof Strct) return "struct";
  return v instanceof Fun ? "closure" : "builtin";
}

export function isTrue(v: Val): boolean {
  if (v === null || v === false || v === 0n || v === "") return false;
  if (v instanceof Flt) return v.x !== 0;
  if (v instanceof Lst || v instanceof St) return v.items.length > 0;
  if (v instanceof Dct) return v.map.size > 0;
  return !(v instanceof Dur) || v.ms !== 0n;
}

// --- Display -----------------------------------------------------------------------------------------------------------------------

export function show(v: Val): string {
  if (v === null) return "nil";
  if (typeof v === "boolean" || typeof v === "bigint" || typeof v === "string") return String(v);
  if (v instanceof Flt) return showFloat(v.x);
  if (v instanceof Lst) return `[${v.items.map(show).join(", ")}]`;
  if (v instanceof Dct) return `{${showFields(v.map)}}`;
  if (v instanceof St) return `set(${v.items.map(show).join(", ")})`;
  if (v instanceof Rng) return `${v.start} to ${v.end}${v.inclusive ? "" : " exclusive"}`;
  if (v instanceof Two) return `(${show(v.first)}, ${show(v.second)})`;
  if (v instanceof Dur) return showDuration(v.ms);
  if (v instanceof Enm) return `${v.name}.${v.variant}${v.fields.length === 0 ? "" : `(${v.fields.map(show).join(", ")})`}`;
  if (v instanceof Strct) return `${v.name} {${showFields(v.fields)}}`;
  if (v instanceof Fun) return `<fn(${v.params.map((p) => p.name).join(", ")})>`;
  return `<builtin ${v.name}>`;
}

function showFields(fields: ReadonlyMap<string, Val>): string {
  return sortedKeys(fields)
    .map((key) => `${key}: ${show(fields.get(key) as Val)}`)
    .join(", ");
}

export function sortedKeys(map: ReadonlyMap<string, unknown>): string[] {
  return [...map.keys()].sort(comparePoints);
}

function showFloat(x: number): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
  if (Object.is(x, -0)) return "-0.0";
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return x.toFixed(1);
  const [mantissa = "", power = "0"] = Math.abs(x).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const point = 1 + Number(power);
  const sign = x < 0 ? "-" : "";
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, "0");
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function showDuration(ms: bigint): string {
  if (ms === 0n) return "0ms";
  if (ms % 3_600_000n === 0n) return `${ms / 3_600_000n}h`;
  if (ms % 60_000n === 0n) return `${ms / 60_000n}m`;
  return ms % 1000n === 0n ? `${ms / 1000n}s` : `${ms}ms`;
}

// --- Equality and order --------------------------------------------------------------------------------------------------------------

export function same(a: Val, b: Val): boolean {
  const x = asNumber(a);
  const y = asNumber(b);
  if (x !== null && y !== null) return typeof a === "bigint" && typeof b === "bigint" ? a === b : x === y;
  if (a instanceof Lst && b instanceof Lst) return sameItems(a.items, b.items);
  if (a instanceof Dct && b instanceof Dct) return sameFields(a.map, b.map);
  if (a instanceof St && b instanceof St) return a.items.length === b.items.length && a.items.every((item) => holds(b.items, item));
  if (a instanceof Rng && b instanceof Rng) return a.start === b.start && a.end === b.end && a.inclusive === b.inclusive;
  if (a instanceof Two && b instanceof Two) return same(a.first, b.first) && same(a.second, b.second);
  if (a instanceof Enm && b instanceof Enm) return a.name === b.name && a.variant === b.variant && sameItems(a.fields, b.fields);
  if (a instanceof Strct && b instanceof Strct) return a.name === b.name && sameFields(a.fields, b.fields);
  if (a instanceof Blt && b instanceof Blt) return a.name === b.name;
  return (a === null || typeof a === "boolean" || typeof a === "string") && a === b;
}

export const holds = (items: readonly Val[], x: Val): boolean => items.some((item) => same(item, x));

function sameItems(a: readonly Val[], b: readonly Val[]): boolean {
  return a.length === b.length && a.every((item, i) => same(item, b[i] as Val));
}

function sameFields(a: ReadonlyMap<string, Val>, b: ReadonlyMap<string, Val>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key) as Val));
}

/** The number as a float, or null for what is none. */
export function asNumber(v: Val): number | null {
  return typeof v === "bigint" ? Number(v) : v instanceof Flt ? v.x : null;
}

/** Negative, zero or positive; zero for everything that has no order. */
export function compare(a: Val, b: Val): number {
  if (typeof a === "bigint" && typeof b === "bigint") return a < b ? -1 : a > b ? 1 : 0;
  const x = asNumber(a);
  const y = asNumber(b);
  if (x !== null && y !== null) return x < y ? -1 : x > y ? 1 : 0;
  if (typeof a === "string" && typeof b === "string") return comparePoints(a, b);
  if (a instanceof Two && b instanceof Two) return compare(a.first, b.first) || compare(a.second, b.second);
  return 0;
}

export function comparePoints(a: string, b: string): number {
  const x = [...a];
  const y = [...b];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = (x[i] as string).codePointAt(0)! - (y[i] as string).codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

/** The structural key of section 4. */
export function keyOf(v: Val): string {
  const bytes = (text: string): number => Buffer.byteLength(text);
  if (v === null) return "N";
  if (typeof v === "boolean") return v ? "T" : "F";
  if (typeof v === "bigint") return `i${v};`;
  if (v instanceof Flt) return `f${new BigUint64Array(Float64Array.of(v.x).buffer)[0]};`;
  if (typeof v === "string") return `s${bytes(v)}:${v}`;
  if (v instanceof Dur) return `d${v.ms};`;
  if (v instanceof Lst) return `L${v.items.map((item) => `${keyOf(item)},`).join("")}]`;
  if (v instanceof Dct)
    return `D${sortedKeys(v.map)
      .map((k) => `${bytes(k)}:${k}=${keyOf(v.map.get(k) as Val)},`)
      .join("")}}`;
  if (v instanceof St)
    return `S${v.items
      .map(keyOf)
      .sort(comparePoints)
      .map((k) => `${k},`)
      .join("")}}`;
  const [type, text] = [typeOf(v), show(v)];
  return `o${bytes(type)}:${type}${bytes(text)}:${text}`;
}
