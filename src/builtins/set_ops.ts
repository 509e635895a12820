/**
 * Sets by both of the language's measures: functions go by structural key, methods by `==`.
 *
 * The key index of a set also answers most questions by `==`: a string, bool or nil equals exactly what has its key, an int that or the
 * float of the same amount. Only other kinds need a walk.
 */
import { hasItem } from "../vm/equality.ts";
import type { NativeContext } from "../vm/native.ts";
import { structuralKey } from "../vm/structural.ts";
import { Float, HarnSet, isInt, List, share, type Value } from "../vm/values.ts";
import { checkItems } from "./args.ts";

/** Sets up to this size are searched item by item. */
const SMALL = 8;

export function keysOf(set: HarnSet): Set<string> {
  set.byKey ??= new Set(set.items.map(structuralKey));
  return set.byKey;
}

/** Whether some item `==` the value. */
export function hasEqual(set: HarnSet, value: Value): boolean {
  if (set.items.length <= SMALL) return hasItem(set.items, value);
  if (typeof value !== "object" || value === null) {
    const keys = keysOf(set);
    if (keys.has(structuralKey(value))) return true;
    if (!isInt(value)) return false;
    return keys.has(structuralKey(new Float(Number(value)))) || (value === 0 && keys.has(structuralKey(new Float(-0))));
  }
  return hasItem(set.items, value);
}

/** A set that is being built by `==`. */
export function addEqual(set: HarnSet, value: Value): void {
  if (!hasEqual(set, value)) append(set, value);
}

/** A set that is being built by structural key. */
export function addKeyed(set: HarnSet, value: Value): void {
  const keys = keysOf(set);
  const key = structuralKey(value);
  if (keys.has(key)) return;
  keys.add(key);
  set.items.push(share(value));
}

export function append(set: HarnSet, value: Value): void {
  set.byKey?.add(structuralKey(value));
  set.items.push(share(value));
}

/** A set that may be changed: itself while nobody else holds it, else a copy. */
export function ownSet(ctx: NativeContext, set: HarnSet): HarnSet {
  return set.shared ? copySet(ctx, set) : set;
}

export function copySet(ctx: NativeContext, set: HarnSet): HarnSet {
  checkItems(ctx, set.items.length);
  for (const item of set.items) share(item);
  const copy = new HarnSet([...set.items]);
  if (set.byKey !== null) copy.byKey = new Set(set.byKey);
  return copy;
}

export function selectItems(ctx: NativeContext, set: HarnSet, keep: (item: Value) => boolean): HarnSet {
  checkItems(ctx, set.items.length);
  const items = set.items.filter(keep);
  for (const item of items) share(item);
  return new HarnSet(items);
}

/** Adds every item of lists and sets among the values, other values as they are. */
export function addSpread(ctx: NativeContext, set: HarnSet, values: readonly Value[]): void {
  for (const value of values) {
    const [items, length] =
      value instanceof List ? [value.items, value.length] : value instanceof HarnSet ? [value.items, value.items.length] : [[value], 1];
    checkItems(ctx, set.items.length + length);
    for (let i = 0; i < length; i++) addKeyed(set, items[i] as Value);
  }
}
