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

/**
 * A float. It is a heap value by its prototype instead of by `extends`: the host puts a constructor in place that calls no other one, and
 * this one runs for every float that is computed.
 */
export class Float implements HeapValue {
  constructor(readonly value: number) {}
  get typeName(): string {
    return "float";
  }
}
Object.setPrototypeOf(Float.prototype, HeapValue.prototype);

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

/**
 * Field names of values that were built alike; inline caches compare a shape by identity. Structs have one for life, dicts as long as
 * they are used like records.
 */
export class Shape {
  readonly slotOf: ReadonlyMap<string, number>;
  /** Shapes reached by adding a field that this one lacks, so that equal histories meet in one shape. */
  private readonly wider = new Map<string, Shape>();
  private sorted: readonly string[] | null = null;
  constructor(
    /** The struct's; empty for dicts. */
    readonly name: string,
    readonly fields: readonly string[],
  ) {
    this.slotOf = new Map(fields.map((f, i) => [f, i]));
  }
  with(field: string): Shape {
    let next = this.wider.get(field);
    if (next === undefined) {
      next = new Shape(this.name, [...this.fields, field]);
      this.wider.set(field, next);
    }
    return next;
  }
  /** The fields in the order that `compare` gives them; worked out once. */
  inOrder(compare: (a: string, b: string) => number): readonly string[] {
    this.sorted ??= [...this.fields].sort(compare);
    return this.sorted;
  }
}

/** A kind whose fields may lie in slots by a shape. */
export abstract class Shaped extends Container {
  /** The entries of a dict that has no shape; of one that has, the same entries as its slots, for who asked, until a slot is written. */
  table: Map<string, Value> | null = null;
  constructor(
    public shape: Shape | null,
    public slots: (Value | undefined)[],
  ) {
    super();
  }
}

/** A dict used like a record keeps its shape up to so many fields. */
const MOST_FIELDS = 24;
const NO_SLOTS: never[] = [];

/**
 * String keys to values. A dict written as a literal starts with a shape and slots, which properties are read from without a look-up; a key
 * that comes or goes otherwise turns it into a table for good. `map` shows either form; use `keysInOrder` of dict.ts for the code-point
 * order, and its functions to change a dict.
 */
export class Dict extends Shaped {
  /** Keys in order, for a table; null when not known. */
  order: readonly string[] | null = null;
  constructor(table: Map<string, Value>) {
    super(null, NO_SLOTS);
    this.table = table;
  }
  static shaped(shape: Shape, slots: Value[]): Dict {
    const dict = new Dict(NO_TABLE);
    dict.table = null;
    dict.shape = shape;
    dict.slots = slots;
    return dict;
  }
  get typeName(): string {
    return "dict";
  }
  get map(): ReadonlyMap<string, Value> {
    return this.table ?? this.entries();
  }
  get size(): number {
    return this.shape === null ? this.map.size : this.slots.length;
  }
  get(key: string): Value | undefined {
    if (this.shape === null) return (this.table as Map<string, Value>).get(key);
    const slot = this.shape.slotOf.get(key);
    return slot === undefined ? undefined : (this.slots[slot] as Value);
  }
  /** Only for a dict that nobody else holds. `asField`: a new key is a field of a record, not one key of many. */
  set(key: string, value: Value, asField: boolean): void {
    const { shape } = this;
    if (shape !== null) {
      const slot = shape.slotOf.get(key);
      if (slot !== undefined) this.slots[slot] = value;
      else if (asField && this.slots.length < MOST_FIELDS) {
        this.shape = shape.with(key);
        this.slots.push(value);
      } else this.becomeTable();
      this.table?.set(key, value);
      return;
    }
    const table = this.table as Map<string, Value>;
    const before = table.size;
    table.set(key, value);
    if (table.size !== before) this.order = null;
  }
  /** Only for a dict that nobody else holds. */
  delete(key: string): void {
    if (this.shape !== null) this.becomeTable();
    if ((this.table as Map<string, Value>).delete(key)) this.order = null;
  }
  /** The same entries, for somebody else; who copies shares the values. */
  copy(): Dict {
    const copy = this.shape === null ? new Dict(new Map(this.table)) : Dict.shaped(this.shape, (this.slots as Value[]).slice());
    copy.order = this.order;
    return copy;
  }
  private entries(): Map<string, Value> {
    const fields = this.shape?.fields ?? [];
    this.table = new Map(fields.map((field, i) => [field, this.slots[i] as Value]));
    return this.table;
  }
  private becomeTable(): void {
    this.entries();
    this.shape = null;
    this.slots = NO_SLOTS;
  }
}

const NO_TABLE: Map<string, Value> = new Map();

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

/** A struct instance; an absent field is `undefined` in its slot. */
export class Struct extends Shaped {
  declare shape: Shape;
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
  if (value instanceof Dict) return value.size > 0;
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
