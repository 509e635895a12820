/**
 * Inline caches of properties: a shape, and the slot that a name has in it; and assignments along a path that can be made in place.
 *
 * Such a path is written in the code, as the instructions that take one container out of the other: TAKEPROP and TAKEINDEX, before what
 * puts them back. When nobody else holds any of the containers there is nothing to take out. `putAlong` reads the operands and
 * caches of those instructions, changes the last container and answers true, or changes nothing and answers false.
 */
import { Op } from "../bytecode/op.ts";
import { getProperty } from "./access.ts";
import { Dict, Float, List, type Shape, Shaped, type Value } from "./values.ts";

export interface FieldCache {
  readonly shape: Shape;
  readonly slot: number;
}

/** A property that the cache does not know yet. */
export function property(caches: unknown[], at: number, of: Value, name: string): Value {
  if (of instanceof Shaped && of.shape !== null) remember(caches, at, of, name);
  return getProperty(of, name);
}

/** A path of properties that the cache does not know, or whose end is absent. The cache is kept when all of it could be known. */
export function walkPath(caches: unknown[], at: number, of: Value, names: readonly string[]): Value {
  const fields: FieldCache[] = [];
  let v = of;
  for (const name of names) {
    const shape = v instanceof Shaped ? v.shape : null;
    const slot = shape?.slotOf.get(name);
    if (shape !== null && slot !== undefined) fields.push({ shape, slot });
    v = getProperty(v, name);
  }
  if (fields.length === names.length) caches[at] = fields;
  return v;
}

export function remember(caches: unknown[], at: number, of: Shaped, name: string): void {
  const slot = of.shape?.slotOf.get(name);
  if (of.shape !== null && slot !== undefined) caches[at] = { shape: of.shape, slot };
}

/**
 * `R[A] … = value` or, if it adds, `R[A] … += value` for numbers.
 *
 * @param at the first of the instructions that take
 */
export function putAlong(
  code: Int32Array,
  at: number,
  caches: readonly unknown[],
  registers: readonly Value[],
  base: number,
  root: Value,
  value: Value,
  adds: boolean,
): boolean {
  let of: Value | undefined = root;
  for (let pc = at; ; ) {
    const op = (code[pc] as number) & 255;
    const word = code[pc + 1] as number;
    const isField = op === Op.TAKEPROP || op === Op.SETPROP;
    if (!isField && op !== Op.TAKEINDEX && op !== Op.SETINDEX) return false;
    const takes = op === Op.TAKEPROP || op === Op.TAKEINDEX;
    const next = isField ? pc + 3 : pc + 2;
    const isLast = adds ? !isTake(code[next]) : !takes;
    if (isField) {
      const field = caches[code[pc + 2] as number] as FieldCache | undefined;
      if (field === undefined || !(of instanceof Shaped) || of.shape !== field.shape || of.shared) return false;
      if (isLast) return putField(of, field.slot, value, adds);
      of = of.slots[field.slot];
    } else {
      const index = registers[base + (takes ? word >>> 16 : word & 0xffff)] as Value;
      if (isLast) return putItem(of as Value, index, value, adds);
      if (of instanceof List && typeof index === "number" && index >= 0 && index < of.length && !of.shared && !of.multi)
        of = of.items[index];
      else if (of instanceof Dict && typeof index === "string" && !of.shared) of = of.get(index);
      else return false;
    }
    pc = next;
  }
}

function isTake(word: number | undefined): boolean {
  const op = (word as number) & 255;
  return op === Op.TAKEPROP || op === Op.TAKEINDEX;
}

function putField(of: Shaped, slot: number, value: Value, adds: boolean): boolean {
  const after = adds ? sum(of.slots[slot], value) : value;
  if (after === undefined) return false;
  of.slots[slot] = after;
  of.table = null;
  return true;
}

/** Changes an item that is there. */
function putItem(of: Value, index: Value, value: Value, adds: boolean): boolean {
  if (of instanceof List && typeof index === "number" && index >= 0 && index < of.length && !of.shared && !of.multi) {
    const after = adds ? sum(of.items[index], value) : value;
    if (after === undefined) return false;
    of.items[index] = after;
    return true;
  }
  if (!(of instanceof Dict) || typeof index !== "string" || of.shared) return false;
  const old = of.get(index);
  const after = adds ? sum(old, value) : value;
  if (old === undefined || after === undefined) return false;
  of.set(index, after, false);
  return true;
}

/** Of ints that fit a double exactly, and of floats. */
function sum(x: Value | undefined, y: Value): Value | undefined {
  if (typeof x === "number" && typeof y === "number") {
    const r = x + y;
    return Number.isSafeInteger(r) ? r : undefined;
  }
  return x instanceof Float && y instanceof Float ? new Float(x.value + y.value) : undefined;
}
