/** Dict helpers: code-point key order, and changes that respect sharing. */
import { type Dict, share, type Value } from "./values.ts";

/**
 * Compares two strings by code point. UTF-16 order differs from it only where a surrogate meets a unit from U+E000 on, so the first
 * differing unit decides after moving the surrogates to the top.
 */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x !== y) {
      if (x >= 0xd800 && y >= 0xd800) {
        x = x >= 0xe000 ? x - 0x800 : x + 0x2000;
        y = y >= 0xe000 ? y - 0x800 : y + 0x2000;
      }
      return x - y;
    }
  }
  return a.length - b.length;
}

/** Keys in ascending code-point order; do not change the array. */
export function keysInOrder(dict: Dict): readonly string[] {
  if (dict.shape !== null) return dict.shape.inOrder(compareStrings);
  let { order } = dict;
  if (order === null || order.length !== dict.map.size) {
    order = [...dict.map.keys()].sort(compareStrings);
    dict.order = order;
  }
  return order;
}

/** The dict itself when nobody else holds it, otherwise a copy whose containers count as shared. */
export function ownDict(dict: Dict): Dict {
  if (!dict.shared) return dict;
  for (const value of dict.map.values()) if (typeof value === "object") share(value);
  return dict.copy();
}

/** Sets a key in a dict that the caller owns. */
export function putEntry(dict: Dict, key: string, value: Value): void {
  dict.set(key, value, false);
}

/** Removes a key from a dict that the caller owns. */
export function dropEntry(dict: Dict, key: string): void {
  dict.delete(key);
}
