/**
 * The stable sort behind `sort` and `sort_by`.
 *
 * The language's comparison calls unlike kinds equal, so it is no total order; short inputs go through plain insertion, whose outcome is
 * defined for any comparison, longer ones through the host's stable sort.
 */
import { compareStrings } from "../vm/dict.ts";
import { compare } from "../vm/equality.ts";
import type { Value } from "../vm/values.ts";

const INSERTION_LIMIT = 20;

/** Indexes of `keys` in ascending order of the keys. */
export function sortedIndexes(keys: readonly Value[]): number[] {
  const order = keys.map((_, i) => i);
  if (keys.length > INSERTION_LIMIT) {
    const by = comparatorFor(keys);
    return order.sort((a, b) => by(keys[a] as Value, keys[b] as Value));
  }
  for (let i = 1; i < order.length; i++) {
    const moving = order[i] as number;
    let hole = i;
    while (hole > 0 && compare(keys[moving] as Value, keys[order[hole - 1] as number] as Value) < 0) {
      order[hole] = order[hole - 1] as number;
      hole--;
    }
    order[hole] = moving;
  }
  return order;
}

/** Lists of one kind sort by the direct comparison of that kind. */
function comparatorFor(keys: readonly Value[]): (a: Value, b: Value) => number {
  if (keys.every((key) => typeof key === "number")) return (a, b) => (a as number) - (b as number);
  if (keys.every((key) => typeof key === "string")) return (a, b) => compareStrings(a as string, b as string);
  return compare;
}

/** Fuel for sorting that many items. */
export function sortSteps(length: number): number {
  return length * Math.max(1, Math.ceil(Math.log2(Math.max(2, length))));
}
