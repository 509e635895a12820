/**
 * Property, index and slice access, and assignment to them.
 *
 * The getters do not share what they find: the instruction that asked decides (GET shares, PEEK does not). The setters change in place
 * what nobody else holds and otherwise return a changed copy.
 */
import { checkItems, pay } from "./arith.ts";
import { ownDict } from "./dict.ts";
import { display } from "./display.ts";
import { raise } from "./errors.ts";
import type { Budget } from "./limits.ts";
import { addInts } from "./numbers.ts";
import { rangeAt, rangeLength } from "./ranges.ts";
import { codePointCount, type StringIndex } from "./strings.ts";
import { Dict, EnumValue, isInt, List, list, Pair, Range, share, shareItems, Struct, typeName, type Value } from "./values.ts";

export function getProperty(of: Value, name: string): Value {
  if (of instanceof Dict) return of.get(name) ?? null;
  if (of instanceof Struct) {
    const slot = of.shape.slotOf.get(name);
    return slot === undefined ? null : (of.slots[slot] ?? null);
  }
  if (of instanceof List) return listProperty(of, name);
  if (typeof of === "string") {
    if (name === "count") return codePointCount(of);
    return name === "empty" ? of.length === 0 : null;
  }
  if (of instanceof EnumValue) {
    if (name === "variant") return of.variant;
    return name === "fields" ? list(shareItems(of.fields)) : null;
  }
  if (of instanceof Pair) {
    if (name === "first") return of.first;
    if (name === "second") return of.second;
    throw raise.type(`cannot access property \`${name}\` on pair (expected \`first\` or \`second\`)`);
  }
  throw raise.type(`cannot access property \`${name}\` on ${typeName(of)}`);
}

function listProperty(of: List, name: string): Value {
  switch (name) {
    case "count":
      return of.length;
    case "empty":
      return of.length === 0;
    case "first":
      return of.length > 0 ? (of.items[0] as Value) : null;
    case "last":
      return of.length > 0 ? (of.items[of.length - 1] as Value) : null;
    default:
      return null;
  }
}

/** `x?.p`: nil for nil and for every kind that has no properties. */
export function getOptional(of: Value, name: string): Value {
  if (of instanceof Pair) return name === "first" ? of.first : name === "second" ? of.second : null;
  const has = of instanceof Dict || of instanceof Struct || of instanceof List || typeof of === "string" || of instanceof EnumValue;
  return has ? getProperty(of, name) : null;
}

export function getIndex(of: Value, index: Value, strings: StringIndex): Value {
  if (of instanceof List) {
    if (!isInt(index)) throw badIndex(of, index);
    const at = Number(index < 0 ? addInts(index, of.length) : index);
    return at >= 0 && at < of.length ? (of.items[at] as Value) : null;
  }
  if (of instanceof Dict) return of.get(typeof index === "string" ? index : display(index)) ?? null;
  if (typeof of === "string" && isInt(index)) return strings.at(of, Number(index < 0 ? addInts(index, strings.count(of)) : index));
  if (of instanceof Range && isInt(index)) {
    const item = rangeAt(of, index);
    if (item === null) throw raise.runtime(`range index out of range: index ${index} for range of length ${rangeLength(of)}`);
    return item;
  }
  throw badIndex(of, index);
}

function badIndex(of: Value, index: Value): Error {
  throw raise.type(`cannot index into ${typeName(of)} with ${typeName(index)}`);
}

export function slice(of: Value, from: Value, to: Value, strings: StringIndex, budget: Budget): Value {
  if (!(of instanceof List) && typeof of !== "string") throw raise.type(`cannot slice ${typeName(of)}`);
  const length = of instanceof List ? of.length : strings.count(of);
  const start = sliceBound(from, 0, length, "start");
  const end = sliceBound(to, length, length, "end");
  if (of instanceof List) {
    pay(end - start, budget);
    return list(shareItems(of.items, start, Math.max(start, end)));
  }
  return strings.slice(of, start, Math.max(start, end));
}

function sliceBound(bound: Value, omitted: number, length: number, which: string): number {
  if (bound === null) return omitted;
  if (!isInt(bound)) throw raise.type(`slice ${which} must be an integer, got ${typeName(bound)}`);
  const at = Number(bound);
  return at < 0 ? Math.max(0, at + length) : Math.min(at, length);
}

// --- Assignment --------------------------------------------------------------------------------------------------------------------

/** What the variable holds after `of.name = value`. */
export function setProperty(of: Value, name: string, value: Value, limits: Budget): Value {
  if (of instanceof Dict) return setEntry(of, name, value, true, limits);
  if (of instanceof Struct) return setField(of, name, value);
  throw raise.type(`cannot set property \`${name}\` on ${typeName(of)}`);
}

function setEntry(of: Dict, key: string, value: Value, asField: boolean, limits: Budget): Dict {
  if (of.shared) pay(of.size, limits);
  if (of.get(key) === undefined) checkItems(of.size + 1, limits);
  const own = ownDict(of);
  own.set(key, value, asField);
  return own;
}

function setField(of: Struct, name: string, value: Value): Struct {
  let own = of;
  if (of.shared) {
    for (const slot of of.slots) share(slot);
    own = new Struct(of.shape, of.slots.slice());
  }
  const slot = own.shape.slotOf.get(name);
  if (slot !== undefined) own.slots[slot] = value;
  else {
    own.shape = own.shape.with(name);
    own.slots.push(value);
  }
  return own;
}

/** What the variable holds after `of[index] = value`. */
export function setIndex(of: Value, index: Value, value: Value, limits: Budget): Value {
  if (of instanceof List) {
    if (!isInt(index)) throw badIndex(of, index);
    const at = index < 0 ? Math.max(0, Number(addInts(index, of.length))) : Number(index);
    if (at >= of.length) throw raise.runtime(`Index ${index} out of bounds for list of length ${of.length}`);
    if (of.shared || of.multi) pay(of.length, limits);
    const own = ownList(of);
    own.items[at] = value;
    return own;
  }
  if (of instanceof Dict) return setEntry(of, typeof index === "string" ? index : display(index), value, false, limits);
  throw badIndex(of, index);
}

/** The list itself when its items may be overwritten, otherwise a copy. */
export function ownList(of: List): List {
  return of.shared || of.multi ? new List(shareItems(of.items, 0, of.length)) : of;
}
