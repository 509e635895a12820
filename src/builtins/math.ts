/** Mathematics on single numbers. Anything that is no number gives nil, unless a row says otherwise. */
import { raise } from "../vm/errors.ts";
import type { Builtin } from "../vm/native.ts";
import { INT_MAX, INT_MIN, negateInt, wrap } from "../vm/numbers.ts";
import { Float, type Int, isInt, type Value } from "../vm/values.ts";
import { numberArg } from "./args.ts";
import { plain } from "./define.ts";

export function mathFunctions(): Builtin[] {
  return [...signs(), ...choosing(), ...rounding(), power(), ...floating(), ...tests()];
}

function row(name: string, doc: string, example: string, body: (n: Value) => Value, result = ""): Builtin {
  return plain({ name, signature: `(n)${result}`, doc, example }, (_ctx, n) => body(n as Value));
}

function signs(): Builtin[] {
  return [
    row("abs", "The number without its sign.", "println(abs(-3))  // -> 3", (n) => {
      if (n instanceof Float) return new Float(Math.abs(n.value));
      if (!isInt(n)) return null;
      if (n === INT_MIN) return new Float(2 ** 63);
      return n < 0 ? negateInt(n) : n;
    }),
    row(
      "sign",
      "The side of zero: -1, 0 or 1; NaN of NaN.",
      "println(sign(-7))  // -> -1",
      (n) => {
        const x = numberArg(n);
        if (x === null) return null;
        return Number.isNaN(x) ? new Float(x) : x > 0 ? 1 : x < 0 ? -1 : 0;
      },
      " -> int",
    ),
  ];
}

function choosing(): Builtin[] {
  const choice = (name: string, doc: string, example: string, firstWins: (a: number | bigint, b: number | bigint) => boolean) =>
    plain({ name, signature: "(a, b)", doc, example }, (_ctx, a, b) => {
      if (isInt(a) && isInt(b)) return firstWins(a, b) ? a : b;
      const [x, y] = [numberArg(a), numberArg(b)];
      if (x === null || y === null) return null;
      if (Number.isNaN(x)) return new Float(y);
      return new Float(Number.isNaN(y) || firstWins(x, y) ? x : y);
    });
  return [
    choice("min", "The lesser of two numbers; a float if one of them is.", "println(min(3, 2.5))  // -> 2.5", (a, b) => a <= b),
    choice("max", "The greater of two numbers; a float if one of them is.", "println(max(3, 2.5))  // -> 3.0", (a, b) => a >= b),
  ];
}

function rounding(): Builtin[] {
  const whole = (name: string, doc: string, example: string, round: (x: number) => number) =>
    row(name, doc, example, (n) => {
      if (isInt(n)) return n;
      return n instanceof Float ? exactInt(round(n.value)) : null;
    });
  return [
    whole("floor", "The greatest int that is not above the number.", "println(floor(2.7))  // -> 2", Math.floor),
    whole("ceil", "The least int that is not below the number.", "println(ceil(2.1))  // -> 3", Math.ceil),
    whole("round", "The nearest int; halves go away from zero.", "println(round(-2.5))  // -> -3", roundAway),
  ];
}

/** The nearest whole number, halves away from zero. */
export function roundAway(x: number): number {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
}

function exactInt(x: number): Int {
  if (!Number.isFinite(x)) throw raise.runtime("cannot convert non-finite float to int");
  if (x >= 2 ** 63 || x < -(2 ** 63)) throw raise.runtime("float is outside the representable int range");
  return Number.isSafeInteger(x) ? x + 0 : wrap(BigInt(x));
}

function power(): Builtin {
  return plain(
    {
      name: "pow",
      signature: "(base, exponent)",
      doc: "The base to the power of the exponent: an int for ints while it fits and the exponent is not negative, else a float.",
      example: "println(pow(2, 10))  // -> 1024",
    },
    (_ctx, base, exponent) => {
      if (isInt(base) && isInt(exponent) && exponent >= 0) return intPower(base, exponent);
      const [x, y] = [numberArg(base), numberArg(exponent)];
      return x === null || y === null ? null : new Float(x ** y);
    },
  );
}

function intPower(base: Int, exponent: Int): Value {
  const approximate = Number(base) ** Number(exponent);
  if (Number.isSafeInteger(approximate)) return approximate + 0;
  if (Math.abs(approximate) > 2 ** 64) return new Float(approximate);
  const exact = BigInt(base) ** BigInt(exponent);
  return exact > INT_MAX || exact < INT_MIN ? new Float(approximate) : wrap(exact);
}

function floating(): Builtin[] {
  const float = (name: string, doc: string, example: string, f: (x: number) => number, result = " -> float") =>
    row(
      name,
      doc,
      example,
      (n) => {
        const x = numberArg(n);
        return x === null ? null : new Float(f(x));
      },
      result,
    );
  return [
    float("sqrt", "The square root.", "println(sqrt(16))  // -> 4.0", Math.sqrt, ""),
    float("sin", "The sine of an angle in radians.", "println(sin(0))  // -> 0.0", Math.sin),
    float("cos", "The cosine of an angle in radians.", "println(cos(0))  // -> 1.0", Math.cos),
    float("tan", "The tangent of an angle in radians.", "println(tan(0))  // -> 0.0", Math.tan),
    float("asin", "The angle with that sine.", "println(asin(0))  // -> 0.0", Math.asin),
    float("acos", "The angle with that cosine.", "println(acos(1))  // -> 0.0", Math.acos),
    float("atan", "The angle with that tangent.", "println(atan(0))  // -> 0.0", Math.atan),
    float("log2", "The logarithm to base 2.", "println(log2(8))  // -> 3.0", Math.log2),
    float("log10", "The logarithm to base 10.", "println(log10(1000))  // -> 3.0", Math.log10),
    float("ln", "The natural logarithm.", "println(ln(1))  // -> 0.0", Math.log),
    float("exp", "The number e to that power.", "println(exp(0))  // -> 1.0", (x) => (x === 1 ? Math.E : Math.exp(x))),
    plain(
      { name: "atan2", signature: "(y, x) -> float", doc: "The angle of the point (x, y).", example: "println(atan2(0, 1))  // -> 0.0" },
      (_ctx, y, x) => {
        const [a, b] = [numberArg(y), numberArg(x)];
        return a === null || b === null ? null : new Float(Math.atan2(a, b));
      },
    ),
  ];
}

function tests(): Builtin[] {
  const test = (name: string, doc: string, example: string, holds: (x: number) => boolean) =>
    row(name, doc, example, (n) => n instanceof Float && holds(n.value), " -> bool");
  return [
    test("is_nan", "Whether this is the float NaN.", "println(is_nan(1))  // -> false", Number.isNaN),
    test("is_infinite", "Whether this is an infinite float.", "println(is_infinite(1.5))  // -> false", (x) => Math.abs(x) === Infinity),
  ];
}
