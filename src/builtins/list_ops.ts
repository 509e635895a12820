/**
 * List operations that functions and methods share, and the two changes that respect sharing (`pushed`, `popped`).
 *
 * Fresh lists hold items that the old one still holds, so items are shared on the way.
 */
import { structuralKey } from "../vm/structural.ts";
import { addInts } from "../vm/numbers.ts";
import type { NativeContext } from "../vm/native.ts";
import { Float, type Int, isInt, List, list, share, shareItems, type Value } from "../vm/values.ts";
import { compare } from "../vm/equality.ts";
import { checkItems, checkSize } from "./args.ts";

/** The receiver's items as a view; a header may be shorter than its array. */
export function itemsOf(value: Value): { readonly items: readonly Value[]; readonly length: number } {
  return value as List;
}

/** A fresh list of the items from `start` up to `end`. */
export function copied(ctx: NativeContext, source: List, start = 0, end = source.length): List {
  checkItems(ctx, Math.max(0, end - start));
  return list(shareItems(source.items, start, end));
}

/**
 * The list with an item behind it. Nobody else may see it: an unshared list is extended in place; a shared one that ends where its
 * array ends gets a second header on the array; any other is copied.
 */
export function pushed(ctx: NativeContext, source: List, item: Value): List {
  checkSize(ctx, source.length + 1);
  if (source.length === source.items.length) {
    source.items.push(share(item));
    if (!source.shared) {
      source.length++;
      return source;
    }
    return secondHeader(source, source.length + 1);
  }
  const copy = copied(ctx, source);
  copy.items.push(share(item));
  copy.length++;
  return copy;
}

/** The list without its last item. */
export function popped(source: List): List {
  if (source.length === 0) return share(source);
  if (!source.shared && !source.multi) {
    source.items.pop();
    source.length--;
    return source;
  }
  return secondHeader(source, source.length - 1);
}

function secondHeader(source: List, length: number): List {
  source.multi = true;
  const header = new List(source.items, length);
  header.multi = true;
  return header;
}

/** Groups of `size` items; the last may be short. */
export function chunked(ctx: NativeContext, source: List, size: number): List {
  const step = Math.max(1, size);
  const out: Value[] = [];
  checkItems(ctx, source.length);
  for (let i = 0; i < source.length; i += step) out.push(list(shareItems(source.items, i, Math.min(source.length, i + step))));
  return list(out);
}

/** Every run of `size` items, each starting `step` behind the one before. */
export function windows(ctx: NativeContext, source: List, size: number, step: number): List {
  const width = Math.max(1, size);
  const stride = Math.max(1, step);
  const out: Value[] = [];
  for (let i = 0; i + width <= source.length; i += stride) {
    checkItems(ctx, width);
    out.push(list(shareItems(source.items, i, i + width)));
  }
  checkItems(ctx, out.length);
  return list(out);
}

/** The first item of every structural key. */
export function uniqueItems(ctx: NativeContext, items: readonly Value[], length = items.length): Value[] {
  checkItems(ctx, length);
  const seen = new Set<string>();
  const out: Value[] = [];
  for (let i = 0; i < length; i++) {
    const item = items[i] as Value;
    const key = structuralKey(item);
    if (seen.has(key)) continue;
    seen.add(key);
    out.push(share(item));
  }
  return out;
}

/** Items of lists in place of the lists, one level. */
export function flattened(ctx: NativeContext, source: List): List {
  const out: Value[] = [];
  for (let i = 0; i < source.length; i++) {
    const item = source.items[i] as Value;
    if (item instanceof List) appendAll(ctx, out, item);
    else out.push(share(item));
  }
  checkItems(ctx, out.length);
  return list(out);
}

/** Adds the items of a list to an array that is being built. */
export function appendAll(ctx: NativeContext, out: Value[], more: List): void {
  checkItems(ctx, out.length + more.length);
  for (let i = 0; i < more.length; i++) out.push(share(more.items[i] as Value));
}

/** Ints add up to an int, wrapping; one float makes it a float; other kinds do not count. */
export class Sum {
  private ints: Int = 0;
  private floats: number | null = null;

  add(value: Value): void {
    if (isInt(value)) {
      if (this.floats === null) this.ints = addInts(this.ints, value);
      else this.floats += Number(value);
    } else if (value instanceof Float) this.floats = (this.floats ?? Number(this.ints)) + value.value;
  }

  result(): Value {
    return this.floats === null ? this.ints : new Float(this.floats);
  }
}

/** The least (sign 1) or greatest (sign -1) of the keys: its index, the first of equals; -1 when there is none. */
export function extremeIndex(keys: readonly Value[], length: number, sign: 1 | -1): number {
  let best = length === 0 ? -1 : 0;
  for (let i = 1; i < length; i++) if (compare(keys[i] as Value, keys[best] as Value) * sign < 0) best = i;
  return best;
}
