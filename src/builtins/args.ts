/**
 * How builtins read their arguments, and the limits on what they make.
 *
 * The language coerces rather than refuses: text arguments are taken in their display form, a missing one as the empty text; an integer
 * argument of another type counts as absent.
 */
import { checkItems as checkCollection, checkUnits } from "../vm/arith.ts";
import { display, displayWithin } from "../vm/display.ts";
import type { NativeContext } from "../vm/native.ts";
import { Bytes, Duration, Float, type Int, isInt, type Value } from "../vm/values.ts";

/** Display form of an argument that may be missing; nil given as an argument is `nil`. */
export function textArg(ctx: NativeContext, value: Value, position: number): string {
  if (typeof value === "string") return value;
  return position >= ctx.argc ? "" : displayWithin(value, ctx.limits.stringLength);
}

/** Display form, or the default when the argument is missing. */
export function textOr(ctx: NativeContext, value: Value, position: number, fallback: string): string {
  return position >= ctx.argc ? fallback : displayWithin(value, ctx.limits.stringLength);
}

/** An int as a host number, clamped to the safe range, which is beyond any length; anything else is the default. */
export function countOr(value: Value, fallback: number): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return value < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  return fallback;
}

/** A duration or a number of ms as ms, not below 0; anything else is the default. */
export function millisecondsOr(value: Value, fallback: number): number {
  return Math.max(0, countOr(value instanceof Duration ? value.ms : value, fallback));
}

/** The value as a double when it is a number, else null. */
export function numberArg(value: Value | undefined): number | null {
  if (value instanceof Float) return value.value;
  return isInt(value) ? Number(value) : null;
}

/** A host number that is a whole amount as an int. */
export function toInt(value: number): Int {
  return value + 0;
}

/** Text that a builtin made, when it is within the limit on strings. */
export function limitedText(ctx: NativeContext, text: string): string {
  checkTextLength(ctx, text.length);
  return text;
}

/** To be asked before a text of that many UTF-16 units is built. */
export function checkTextLength(ctx: NativeContext, units: number): void {
  checkUnits(units, ctx.limits);
}

/** To be asked before a list, dict or set of that many items is built; it also pays for the work. */
export function checkItems(ctx: NativeContext, items: number): void {
  checkSize(ctx, items);
  ctx.burn(items);
}

/** The limit alone, for a collection that grows item by item. */
export function checkSize(ctx: NativeContext, items: number): void {
  checkCollection(items, ctx.limits);
}

/** UTF-8 bytes of a text, or the bytes themselves. */
export function rawBytes(value: Value): Uint8Array {
  return value instanceof Bytes ? value.data : new TextEncoder().encode(display(value));
}
