/**
 * Integer arithmetic on 64 bits.
 *
 * The run loop adds small ints itself; everything that leaves the safe range comes here. `normalize` is the one place that decides
 * between number and bigint, so an int always has a single representation.
 */
import type { Int } from "./values.ts";

export const INT_MIN = -(2n ** 63n);
export const INT_MAX = 2n ** 63n - 1n;

/** Wraps to signed 64 bits and picks the representation. */
export function wrap(value: bigint): Int {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped >= -9007199254740991n && wrapped <= 9007199254740991n ? Number(wrapped) : wrapped;
}

export function addInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return wrap(BigInt(a) + BigInt(b));
}

export function subtractInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return wrap(BigInt(a) - BigInt(b));
}

export function multiplyInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product + 0; // never -0
  }
  return wrap(BigInt(a) * BigInt(b));
}

/** Truncates toward zero; the divisor is not zero. MIN / -1 wraps. */
export function divideInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") return Math.trunc(a / b) + 0 === 0 ? 0 : truncatedQuotient(a, b);
  return wrap(BigInt(a) / BigInt(b));
}

function truncatedQuotient(a: number, b: number): number {
  // a - a % b is exact and divisible by b, so the quotient is exact even where a / b rounds up (2^53 - 1 and the like).
  return (a - (a % b)) / b;
}

/** The sign is the dividend's; the divisor is not zero. */
export function moduloInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") return (a % b) + 0;
  return wrap(BigInt(a) % BigInt(b));
}

export function negateInt(a: Int): Int {
  return typeof a === "number" ? 0 - a : wrap(-a);
}

/** `base ** exponent` for 0 <= exponent < 2^32, wrapping. */
export function powerInts(base: Int, exponent: number): Int {
  if (typeof base === "number") {
    const power = base ** exponent;
    if (Number.isSafeInteger(power)) return power + 0;
  }
  let result = 1n;
  let square = BigInt.asIntN(64, BigInt(base));
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = BigInt.asIntN(64, result * square);
    square = BigInt.asIntN(64, square * square);
  }
  return wrap(result);
}

/** A float's integral part as an int, saturating at 64 bits; NaN is 0. */
export function intFromFloat(value: number): Int {
  if (Number.isNaN(value)) return 0;
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole + 0;
  if (whole >= 2 ** 63) return INT_MAX;
  if (whole <= -(2 ** 63)) return INT_MIN;
  return wrap(BigInt(whole));
}

/** Decimal digits with an optional sign as an int, or null when it is no such text or beyond 64 bits. */
export function parseInt64(text: string): Int | null {
  if (!/^[+-]?[0-9]+$/.test(text)) return null;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return value < INT_MIN || value > INT_MAX ? null : wrap(value);
}
