/** Questions about ranges, which are two bounds and never stored items. */
import { addInts, INT_MAX, subtractInts, wrap } from "./numbers.ts";
import type { Int, Range } from "./values.ts";

/** How many ints the range holds; saturates at the greatest int. */
export function rangeLength(range: Range): Int {
  const { start, end, inclusive } = range;
  if (typeof start === "number" && typeof end === "number") {
    const length = end - start + (inclusive ? 1 : 0);
    if (length <= 0) return 0;
    if (Number.isSafeInteger(length)) return length;
  }
  const length = BigInt(end) - BigInt(start) + (inclusive ? 1n : 0n);
  if (length <= 0n) return 0;
  return length > INT_MAX ? INT_MAX : wrap(length);
}

/** The int at an index, negative ones from the end; null outside. */
export function rangeAt(range: Range, index: Int): Int | null {
  const length = rangeLength(range);
  const at = index < 0 ? addInts(index, length) : index;
  return at < 0 || at >= length ? null : addInts(range.start, at);
}

export function rangeContains(range: Range, value: Int): boolean {
  return value >= range.start && (range.inclusive ? value <= range.end : value < range.end);
}

/** The last int; the range is not empty. */
export function rangeLast(range: Range): Int {
  return range.inclusive ? range.end : subtractInts(range.end, 1);
}
