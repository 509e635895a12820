/** Operators beyond the run loop's fast paths: mixed numbers, 64-bit wrapping, strings, lists, dicts, and their errors. */
import { display } from "./display.ts";
import { putEntry } from "./dict.ts";
import { compare, equals, hasItem } from "./equality.ts";
import { raise } from "./errors.ts";
import { addInts, divideInts, moduloInts, multiplyInts, negateInt, powerInts, subtractInts } from "./numbers.ts";
import { rangeContains } from "./ranges.ts";
import { Dict, Float, HarnSet, isInt, List, Range, share, shareItems, typeName, type Value } from "./values.ts";
import type { Budget, Limits } from "./limits.ts";

const isNumber = (v: Value): v is number | bigint | Float => isInt(v) || v instanceof Float;
const toFloat = (v: number | bigint | Float): number => (v instanceof Float ? v.value : Number(v));

/** `inPlace`: the result replaces the left operand, which may then grow where it is. */
export function add(a: Value, b: Value, inPlace: boolean, limits: Budget): Value {
  if (isInt(a) && isInt(b)) return addInts(a, b);
  if (isNumber(a) && isNumber(b)) return new Float(toFloat(a) + toFloat(b));
  if (typeof a === "string" && typeof b === "string") return checkedString(a + b, limits);
  if (a instanceof List && b instanceof List) return addLists(a, b, inPlace, limits);
  if (a instanceof Dict && b instanceof Dict) return addDicts(a, b, inPlace, limits);
  throw raise.type(`Cannot add ${typeName(a)} and ${typeName(b)}`);
}

export function checkedString(text: string, limits: Limits): string {
  checkUnits(text.length, limits);
  return text;
}

/** To be asked before a string of so many UTF-16 units is built. */
export function checkUnits(units: number, limits: Limits): void {
  if (units > limits.stringLength) throw raise.fatal(`string limit of ${limits.stringLength} UTF-16 units exceeded`);
}

/** To be asked before a list, dict or set of so many items is built. */
export function checkItems(count: number, limits: Limits): void {
  if (count > limits.collectionItems) throw raise.fatal(`collection limit of ${limits.collectionItems} items exceeded`);
}

/** What an instruction goes through without being charged for it. */
const FREE_PARTS = 64;

/** Charges for going through so many parts of a value; throws when the execution must end. */
export function pay(parts: number, budget: Budget): void {
  if (parts > FREE_PARTS) budget.burn(parts);
}

function addLists(a: List, b: List, inPlace: boolean, limits: Budget): List {
  const count = b.length;
  checkItems(a.length + count, limits);
  const grows = inPlace && !a.shared && a.length === a.items.length;
  pay(grows ? count : a.length + count, limits);
  if (grows) {
    for (let i = 0; i < count; i++) a.items.push(share(b.items[i] as Value));
    a.length += count;
    return a;
  }
  const items = shareItems(a.items, 0, a.length);
  for (let i = 0; i < count; i++) items.push(share(b.items[i] as Value));
  return new List(items);
}

function addDicts(a: Dict, b: Dict, inPlace: boolean, limits: Budget): Dict {
  pay(inPlace && !a.shared ? b.size : a.size + b.size, limits);
  let target = a;
  if (!inPlace || a.shared) {
    target = new Dict(new Map(a.map));
    for (const value of a.map.values()) share(value);
  }
  for (const [key, value] of b.map) putEntry(target, key, share(value));
  checkItems(target.size, limits);
  return target;
}

export function subtract(a: Value, b: Value): Value {
  if (isInt(a) && isInt(b)) return subtractInts(a, b);
  if (isNumber(a) && isNumber(b)) return new Float(toFloat(a) - toFloat(b));
  throw raise.type(`Cannot subtract ${typeName(b)} from ${typeName(a)}`);
}

export function multiply(a: Value, b: Value, limits: Limits): Value {
  if (isInt(a) && isInt(b)) return multiplyInts(a, b);
  if (isNumber(a) && isNumber(b)) return new Float(toFloat(a) * toFloat(b));
  if (typeof a === "string" && isInt(b)) return repeat(a, b, limits);
  if (isInt(a) && typeof b === "string") return repeat(b, a, limits);
  throw raise.type(`Cannot multiply ${typeName(a)} and ${typeName(b)}`);
}

function repeat(text: string, count: number | bigint, limits: Limits): string {
  if (count <= 0 || text.length === 0) return "";
  checkUnits(Number(count) * text.length, limits);
  return text.repeat(Number(count));
}

export function divide(a: Value, b: Value): Value {
  if (isInt(a) && isInt(b)) {
    if (b === 0) throw raise.plain("Division by zero");
    return divideInts(a, b);
  }
  if (isNumber(a) && isNumber(b)) return new Float(toFloat(a) / toFloat(b));
  throw raise.runtime(`Cannot divide ${typeName(a)} by ${typeName(b)}`);
}

export function modulo(a: Value, b: Value): Value {
  if (isNumber(a) && isNumber(b)) {
    if (toFloat(b) === 0) throw raise.plain("Division by zero");
    if (isInt(a) && isInt(b)) return moduloInts(a, b);
    return new Float(toFloat(a) % toFloat(b));
  }
  throw raise.runtime(`Cannot modulo ${typeName(a)} by ${typeName(b)}`);
}

export function power(a: Value, b: Value): Value {
  if (isInt(a) && isInt(b)) {
    if (b >= 0 && b < 4294967296) return powerInts(a, Number(b));
    return new Float(Number(a) ** Number(b));
  }
  if (isNumber(a) && isNumber(b)) return new Float(powerOfFloats(toFloat(a), toFloat(b)));
  throw raise.type(`Cannot exponentiate ${typeName(a)} by ${typeName(b)}`);
}

/** IEEE's pow gives 1 for a base of 1 and for -1 to an infinite power, where the host's operator gives NaN. */
function powerOfFloats(a: number, b: number): number {
  if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1;
  return a ** b;
}

export function negate(a: Value): Value {
  if (isInt(a)) return negateInt(a);
  if (a instanceof Float) return new Float(-a.value);
  throw raise.runtime(`Cannot negate value of type ${typeName(a)}`);
}

export function lessThan(a: Value, b: Value): boolean {
  return compare(a, b) < 0;
}

export function greaterThan(a: Value, b: Value): boolean {
  return compare(a, b) > 0;
}

export const same = equals;

/** `x in c`. Never raises for a kind that holds nothing. */
export function isIn(x: Value, c: Value, budget: Budget): boolean {
  if (c instanceof List) {
    pay(c.length, budget);
    return hasItem(c.items, x, c.length);
  }
  if (c instanceof HarnSet) {
    pay(c.items.length, budget);
    return hasItem(c.items, x);
  }
  if (c instanceof Dict) return c.map.has(display(x));
  if (typeof c === "string") {
    pay(c.length >> 5, budget);
    return c.includes(display(x));
  }
  return c instanceof Range && isInt(x) && rangeContains(c, x);
}

/** `a to b`: a bound that is no int counts as 0. */
export function rangeOf(a: Value, b: Value, inclusive: boolean): Range {
  return new Range(isInt(a) ? a : 0, isInt(b) ? b : 0, inclusive);
}
