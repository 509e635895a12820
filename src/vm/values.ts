/**
 * The values of the language.
 *
 * nil is `null`, bools and strings are the host's. An **int** is a JS number while it is a safe integer and a bigint beyond, up to
 * signed 64 bits: one int has one representation, and it is never -0. A **float** is an object, so `1` and `1.0` never blur. All
 * other kinds are classes below.
 *
 * Copy on write. Lists, dicts, sets and structs are values: nobody may see a change made through another name. They carry a `shared`
 * bit. Whoever makes a second holder of a container (a move to another register, an element put into a list, a capture, a builtin
 * that returns what somebody else still has) calls `share`. An unshared container may be changed in place; a shared one is copied
 * first. The bit is never cleared: a copy is a new header without it.
 */
import type { FunctionProto } from "../bytecode/chunk.ts";
import type { LinkedFunction } from "./link.ts";
import type { Builtin } from "./native.ts";

export type Int = number | bigint;
export type Value = null | boolean | string | Int | HeapValue;

export abstract class HeapValue {
  /** What `type_of` answers. */
  abstract readonly typeName: string;
}

export class Float extends HeapValue {
  constructor(readonly value: number) {
    super();
  }
  get typeName(): string {
    return "float";
  }
}

/** A kind with value semantics that is changed in place while only one place holds it. */
export abstract class Container extends HeapValue {
  shared = false;
}

/**
 * A header over an array. `multi` says that another header reads the same array: then nothing below the longest header's length may
 * be overwritten, but a header that ends where the array ends may still append, because the others stop before that.
 */
export class List extends Container {
  multi = false;
  length: number;
  constructor(
    public items: Value[],
    length = items.length,
  ) {
    super();
    this.length = length;
  }
  get typeName(): string {
    return "list";
  }
}

/** String keys to values. Use `keys()` of dict.ts for the code-point order; it is kept in `order` until a key is added or removed. */
export class Dict extends Container {
  order: string[] | null = null;
  constructor(public map: Map<string, Value>) {
    super();
  }
  get typeName(): string {
    return "dict";
  }
}

/**
 * Items in order of insertion. The functions `set(…)`, `set_*` keep them unique by structural key, the methods by `==`, so two items may
 * share a key (durations, closures); `byKey` is the index of the functions, made when first needed and dropped when an item is removed.
 */
export class HarnSet extends Container {
  byKey: Set<string> | null = null;
  constructor(public items: Value[]) {
    super();
  }
  get typeName(): string {
    return "set";
  }
}

/** Field names of struct values that were built alike; inline caches compare it by identity. */
export class StructShape {
  readonly slotOf: ReadonlyMap<string, number>;
  /** Shapes reached by setting a field that this one lacks, so that equal histories meet in one shape. */
  private readonly wider = new Map<string, StructShape>();
  constructor(
    readonly name: string,
    readonly fields: readonly string[],
  ) {
    this.slotOf = new Map(fields.map((f, i) => [f, i]));
  }
  with(field: string): StructShape {
    let next = this.wider.get(field);
    if (next === undefined) {
      next = new StructShape(this.name, [...this.fields, field]);
      this.wider.set(field, next);
    }
    return next;
  }
}

/** A struct instance; an absent field is `undefined` in its slot. */
export class Struct extends Container {
  constructor(
    public shape: StructShape,
    public slots: (Value | undefined)[],
  ) {
    super();
  }
  get typeName(): string {
    return "struct";
  }
}

export class Bytes extends HeapValue {
  constructor(readonly data: Uint8Array) {
    super();
  }
  get typeName(): string {
    return "bytes";
  }
}

export class Duration extends HeapValue {
  /** @param ms milliseconds, signed 64 bits */
  constructor(readonly ms: Int) {
    super();
  }
  get typeName(): string {
    return "duration";
  }
}

export class EnumValue extends HeapValue {
  constructor(
    readonly enumName: string,
    readonly variant: string,
    readonly fields: readonly Value[],
  ) {
    super();
  }
  get typeName(): string {
    return "enum";
  }
}

export class Range extends HeapValue {
  constructor(
    readonly start: Int,
    readonly end: Int,
    readonly inclusive: boolean,
  ) {
    super();
  }
  get typeName(): string {
    return "range";
  }
}

export class Pair extends HeapValue {
  constructor(
    readonly first: Value,
    readonly second: Value,
  ) {
    super();
  }
  get typeName(): string {
    return "pair";
  }
}

/** A function with the values it captured; captures are a snapshot, taken when the closure was made. */
export class Closure extends HeapValue {
  constructor(
    readonly fn: LinkedFunction,
    readonly captures: readonly Value[],
  ) {
    super();
  }
  get proto(): FunctionProto {
    return this.fn.proto;
  }
  get typeName(): string {
    return "closure";
  }
}

/** A builtin's name used as a value. */
export class BuiltinRef extends HeapValue {
  constructor(readonly builtin: Builtin) {
    super();
  }
  get typeName(): string {
    return "builtin";
  }
}

/** Kinds with identity: iterators, generators, channels, atomics and the like derive from this. */
export abstract class Handle extends HeapValue {
  abstract display(): string;
}

// --- Small questions -------------------------------------------------------------------------------------------------------------

export function typeName(value: Value): string {
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
    case "bigint":
      return "int";
    case "boolean":
      return "bool";
    default:
      return value === null ? "nil" : value.typeName;
  }
}

export function isInt(value: Value | undefined): value is Int {
  return typeof value === "number" || typeof value === "bigint";
}

export function isCallable(value: Value | undefined): value is Closure | BuiltinRef {
  return value instanceof Closure || value instanceof BuiltinRef;
}

export function truthy(value: Value): boolean {
  switch (typeof value) {
    case "boolean":
      return value;
    case "number":
      return value !== 0;
    case "string":
      return value.length > 0;
    case "bigint":
      return true; // a bigint is beyond 2^53
    default:
      return value !== null && truthyObject(value);
  }
}

function truthyObject(value: HeapValue): boolean {
  if (value instanceof List) return value.length > 0;
  if (value instanceof Dict) return value.map.size > 0;
  if (value instanceof HarnSet) return value.items.length > 0;
  if (value instanceof Float) return value.value !== 0; // NaN is truthy
  if (value instanceof Duration) return value.ms !== 0;
  if (value instanceof Bytes) return value.data.length > 0;
  return true;
}

/** Marks a container as held from more than one place, and hands it on. Call it on whatever you store or return that somebody else still holds. */
export function share<T extends Value | undefined>(value: T): T {
  if (typeof value === "object" && value instanceof Container) value.shared = true;
  return value;
}

/** A copy of `items[start, end)` in which every container counts as shared, since the original still holds it. */
export function shareItems(items: readonly Value[], start = 0, end = items.length): Value[] {
  const out = items.slice(start, end);
  for (let i = 0; i < out.length; i++) {
    const item = out[i] as Value;
    if (typeof item === "object" && item !== null) share(item);
  }
  return out;
}

/** A fresh list over an array that the caller gives away. */
export function list(items: Value[]): List {
  return new List(items);
}

/** A fresh dict over a map that the caller gives away. */
export function dict(map: Map<string, Value>): Dict {
  return new Dict(map);
}

export function dictOf(entries: Record<string, Value>): Dict {
  return new Dict(new Map(Object.entries(entries)));
}

export const ok = (value: Value): EnumValue => new EnumValue("Result", "Ok", [value]);
export const err = (value: Value): EnumValue => new EnumValue("Result", "Err", [value]);
export const isResult = (value: Value): value is EnumValue => value instanceof EnumValue && value.enumName === "Result";
