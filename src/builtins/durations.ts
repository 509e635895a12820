/** Making durations from numbers, and reading them. */
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { INT_MAX, INT_MIN, wrap } from "../vm/numbers.ts";
import { Duration, Float, type Int, isInt, typeName, type Value } from "../vm/values.ts";
import { plain } from "./define.ts";
import { roundAway } from "./math.ts";

export function durationFunctions(): Builtin[] {
  return [
    maker("duration_ms", "milliseconds", 1, "println(duration_ms(1500))  // -> 1500ms"),
    maker("duration_seconds", "seconds", 1000, "println(duration_seconds(90))  // -> 90s"),
    maker("duration_minutes", "minutes", 60_000, "println(duration_minutes(90))  // -> 90m"),
    maker("duration_hours", "hours", 3_600_000, "println(duration_hours(2))  // -> 2h"),
    maker("duration_days", "days", 86_400_000, "println(duration_days(2))  // -> 48h"),
    plain(
      {
        name: "duration_to_seconds",
        signature: "(time: duration) -> int",
        doc: "The whole seconds of a duration.",
        example: "println(duration_to_seconds(1999ms))  // -> 1",
      },
      (ctx, time) => wrap(BigInt(durationArg(ctx, "duration_to_seconds", time as Value)) / 1000n),
    ),
    plain(
      {
        name: "duration_to_human",
        signature: "(time: duration) -> string",
        doc: "The duration in its three largest units.",
        example: "println(duration_to_human(duration_minutes(1562)))  // -> 1d 2h 2m",
      },
      (ctx, time) => humanText(durationArg(ctx, "duration_to_human", time as Value)),
    ),
  ];
}

function maker(name: string, unit: string, factor: number, example: string): Builtin {
  return plain({ name, signature: "(n) -> duration", doc: `A duration of so many ${unit}.`, example }, (ctx, n) => {
    if (ctx.argc === 0) throw raise.thrown(`${name}: missing value argument`);
    return new Duration(milliseconds(name, n as Value, factor));
  });
}

function milliseconds(name: string, n: Value, factor: number): Int {
  if (isInt(n)) {
    const exact = BigInt(n) * BigInt(factor);
    if (exact > INT_MAX || exact < INT_MIN) throw raise.thrown(`${name}: duration overflow`);
    return wrap(exact);
  }
  if (!(n instanceof Float) || !Number.isFinite(n.value)) throw raise.thrown(`${name}: expected number, got ${typeName(n)}`);
  const ms = roundAway(n.value * factor);
  if (Math.abs(ms) >= 2 ** 63) throw raise.thrown(`${name}: duration overflow`);
  return Number.isSafeInteger(ms) ? ms + 0 : wrap(BigInt(ms));
}

function durationArg(ctx: NativeContext, name: string, value: Value): Int {
  if (value instanceof Duration) return value.ms;
  if (ctx.argc === 0) throw raise.thrown(`${name}: missing duration argument`);
  throw raise.thrown(`${name}: expected duration, got ${typeName(value)}`);
}

const UNITS: readonly (readonly [string, bigint])[] = [
  ["d", 86_400_000n],
  ["h", 3_600_000n],
  ["m", 60_000n],
  ["s", 1000n],
  ["ms", 1n],
];

function humanText(ms: Int): string {
  let left = BigInt(ms);
  const sign = left < 0n ? "-" : "";
  if (left < 0n) left = -left;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    if (left >= size && parts.length < 3) parts.push(`${left / size}${unit}`);
    left %= size;
  }
  return parts.length === 0 ? "0s" : sign + parts.join(" ");
}
