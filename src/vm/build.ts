/** Instructions that build and take apart containers: spreads, structs, patterns. */
import { checkItems, pay } from "./arith.ts";
import { keysInOrder, putEntry } from "./dict.ts";
import { raise } from "./errors.ts";
import type { Budget, Limits } from "./limits.ts";
import type { LinkedFunction } from "./link.ts";
import { Dict, List, list, share, shareItems, Struct, type Shape, typeName, type Value } from "./values.ts";

const listNeeded = (value: Value) => raise.type(`cannot destructure ${typeName(value)} with [...] pattern — expected list`);
const dictNeeded = (value: Value) => raise.type(`cannot destructure ${typeName(value)} with {...} pattern — expected dict`);

export function needList(value: Value): List {
  if (value instanceof List) return value;
  throw listNeeded(value);
}

export function needDict(value: Value): Dict {
  if (value instanceof Dict) return value;
  throw dictNeeded(value);
}

export function addItem(to: List, item: Value, limits: Limits): void {
  checkItems(to.length + 1, limits);
  to.items.push(item);
  to.length++;
}

export function spreadItems(to: List, from: Value, limits: Budget): void {
  const source = needList(from);
  checkItems(to.length + source.length, limits);
  pay(source.length, limits);
  for (let i = 0; i < source.length; i++) to.items.push(share(source.items[i] as Value));
  to.length += source.length;
}

export function spreadEntries(to: Dict, from: Value, limits: Budget): void {
  const source = needDict(from);
  pay(source.size, limits);
  for (const [key, value] of source.map) putEntry(to, key, share(value));
  checkItems(to.size, limits);
}

/** Without those keys. */
export function dictRest(of: Value, keys: readonly string[], budget: Budget): Dict {
  const taken = new Set(keys);
  const source = needDict(of);
  pay(source.size, budget);
  const rest = new Map<string, Value>();
  for (const key of keysInOrder(source)) if (!taken.has(key)) rest.set(key, share(source.map.get(key) as Value));
  return new Dict(rest);
}

export function listRest(of: Value, from: number, budget: Budget): List {
  const source = needList(of);
  pay(source.length, budget);
  return list(shareItems(source.items, Math.min(from, source.length), source.length));
}

// --- Structs -------------------------------------------------------------------------------------------------------------------------

/** How a struct literal fills its slots; worked out once for each literal. */
export interface StructPlan {
  readonly shape: Shape;
  /** For each given value its slot, or -1 for a field that the struct does not declare. */
  readonly slots: readonly number[];
}

/** `list` = [struct, declared fields joined by a comma or "*", keys …]. */
export function planStruct(fn: LinkedFunction, description: readonly string[]): StructPlan {
  const [name = "", declared = "", ...keys] = description;
  const fields = declared === "*" ? keys : declared === "" ? [] : declared.split(",");
  const shape = fn.module.shape(name, fields);
  return { shape, slots: keys.map((key) => shape.slotOf.get(key) ?? -1) };
}

export function newStruct(plan: StructPlan, registers: readonly Value[], first: number): Struct {
  const { shape, slots } = plan;
  const values: (Value | undefined)[] = new Array(shape.fields.length).fill(undefined);
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] as number;
    if (slot >= 0) values[slot] = registers[first + i] as Value;
  }
  return new Struct(shape, values);
}

/** `S(fields)`: undeclared entries are dropped; a value that is no dict gives an empty instance. */
export function structFrom(fn: LinkedFunction, description: readonly string[], fields: Value): Struct {
  const [name = "", declared = ""] = description;
  const entries = fields instanceof Dict ? fields.map : new Map<string, Value>();
  const names = declared === "*" ? [...entries.keys()] : declared === "" ? [] : declared.split(",");
  const shape = fn.module.shape(name, names);
  return new Struct(
    shape,
    shape.fields.map((field) => share(entries.get(field))),
  );
}
