/** Cursors: where a `for` loop stands in a snapshot of what it goes through. */
import { keysInOrder } from "./dict.ts";
import { Source } from "./native.ts";
import { addInts } from "./numbers.ts";
import { rangeLength } from "./ranges.ts";
import { Dict, HarnSet, HeapValue, type Int, List, Range, share, type Value } from "./values.ts";

export const enum Over {
  /** Small ints from `at` up to, not including, `end`. */
  Ints = 0,
  /** Items of an array. */
  Items = 1,
  /** Entries of a dict by `keys`. */
  Entries = 2,
  /** A source, which is pulled. */
  Source = 3,
  /** Ints that do not fit the host's exact ones. */
  BigInts = 4,
}

export class Cursor extends HeapValue {
  at = 0;
  items: readonly Value[] = [];
  keys: readonly string[] = [];
  dict: Dict | null = null;
  source: Source | null = null;
  next: Int = 0;
  constructor(
    readonly over: Over,
    public end: number,
  ) {
    super();
  }
  get typeName(): string {
    return "cursor";
  }
}

/** The cursor over a value; kinds without items are gone through zero times. The loop holds what it goes through. */
export function cursorOver(value: Value): Cursor {
  if (value instanceof Range) return overRange(value);
  if (value instanceof List || value instanceof HarnSet) {
    share(value);
    const cursor = new Cursor(Over.Items, value instanceof List ? value.length : value.items.length);
    cursor.items = value.items;
    return cursor;
  }
  if (value instanceof Dict) {
    share(value);
    const keys = keysInOrder(value);
    const cursor = new Cursor(Over.Entries, keys.length);
    cursor.keys = keys;
    cursor.dict = value;
    return cursor;
  }
  if (value instanceof Source) {
    const cursor = new Cursor(Over.Source, 0);
    cursor.source = value;
    return cursor;
  }
  return new Cursor(Over.Items, 0);
}

function overRange(range: Range): Cursor {
  const { start } = range;
  const length = rangeLength(range);
  if (typeof start === "number" && typeof length === "number" && Number.isSafeInteger(start + length)) {
    const cursor = new Cursor(Over.Ints, start + length);
    cursor.at = start;
    return cursor;
  }
  const cursor = new Cursor(Over.BigInts, Number(length));
  cursor.next = start;
  return cursor;
}

/** The next item of the rarer cursors, or undefined at the end. */
export function nextRare(cursor: Cursor): Value | undefined {
  if (cursor.at >= cursor.end) return undefined;
  const index = cursor.at++;
  if (cursor.over === Over.Entries) {
    const key = cursor.keys[index] as string;
    const value = share(cursor.dict?.map.get(key) as Value);
    return new Dict(
      new Map<string, Value>([
        ["key", key],
        ["value", value],
      ]),
    );
  }
  const item = cursor.next;
  cursor.next = addInts(item, 1);
  return item;
}
