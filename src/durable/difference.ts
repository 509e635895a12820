/** Where two values first differ, for the error about a step whose input changed. */
import { keysInOrder } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { structuralKey } from "../vm/structural.ts";
import { Dict, List, typeName, type Value } from "../vm/values.ts";

export interface Difference {
  /** As the script would reach it: `input.items[2]`. */
  readonly path: string;
  /** Type and display form on either side; `nothing` where a key or item is missing. */
  readonly before: string;
  readonly now: string;
}

/** @returns null when the values have one structural key */
export function firstDifference(before: Value, now: Value, path: string): Difference | null {
  if (structuralKey(before) === structuralKey(now)) return null;
  if (before instanceof List && now instanceof List) {
    const length = Math.max(before.length, now.length);
    for (let i = 0; i < length; i++) {
      const found = inside(i < before.length ? before.items[i] : undefined, i < now.length ? now.items[i] : undefined, `${path}[${i}]`);
      if (found !== null) return found;
    }
  }
  if (before instanceof Dict && now instanceof Dict) {
    for (const key of new Set([...keysInOrder(before), ...keysInOrder(now)])) {
      const found = inside(before.map.get(key), now.map.get(key), `${path}.${key}`);
      if (found !== null) return found;
    }
  }
  return { path, before: describe(before), now: describe(now) };
}

function inside(before: Value | undefined, now: Value | undefined, path: string): Difference | null {
  if (before !== undefined && now !== undefined) return firstDifference(before, now, path);
  return before === now ? null : { path, before: describe(before), now: describe(now) };
}

const LONGEST = 60;

function describe(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  const text = [...display(value)];
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST).join("")}…` : text.join("");
  return value === null ? "nil" : `${typeName(value)} ${short}`;
}
