/** What the operands of arithmetic and comparisons can be: values, and floats that were never boxed. */
import { greaterThan, lessThan } from "./arith.ts";
import { Op } from "../bytecode/op.ts";
import { equals, equalsPaid } from "./equality.ts";
import type { Budget } from "./limits.ts";
import { Container, Float, HeapValue, List, type Value } from "./values.ts";

/** In a register: the value is a float, and lies in the stack's `floats`. Only arithmetic and comparisons meet it. */
export class Raw extends HeapValue {
  get typeName(): string {
    return "float";
  }
}
export const RAW: Value = new Raw();

export function boxed(v: Value, floats: Float64Array, at: number): Value {
  return v === RAW ? new Float(floats[at] as number) : v;
}

export function less(x: Value, y: Value): boolean {
  return typeof x === "number" && typeof y === "number" ? x < y : lessThan(x, y);
}

export function greater(x: Value, y: Value): boolean {
  return typeof x === "number" && typeof y === "number" ? x > y : greaterThan(x, y);
}

export function ordered(op: number, x: Value, y: Value): boolean {
  if (op === Op.LT) return less(x, y);
  if (op === Op.GT) return greater(x, y);
  return op === Op.LE ? !greater(x, y) : !less(x, y);
}

export function same(x: Value, y: Value, budget: Budget): boolean {
  if (typeof x === "object" && x !== null) return equalsPaid(x, y, budget);
  return x === y || (typeof y === "object" && y !== null && equals(x, y));
}

/** Whether somebody else may see what is inside: then a part that is taken out to be changed counts as shared. */
export function isHeldElsewhere(of: Value): boolean {
  return of instanceof List ? of.shared || of.multi : !(of instanceof Container) || of.shared;
}
