/** Methods of lists that do not call back. All give new lists; the receiver's other holders never see a change. */
import { displayWithin } from "../vm/display.ts";
import { indexOfItem } from "../vm/equality.ts";
import type { Builtin, NativeContext, PlainBody } from "../vm/native.ts";
import { dict, dictOf, isInt, List, list, share, shareItems, type Value } from "../vm/values.ts";
import { checkItems, countOr, textOr } from "./args.ts";
import { plain, withAliases } from "./define.ts";
import { chunked, copied, extremeIndex, flattened, popped, pushed, Sum, uniqueItems, windows } from "./list_ops.ts";
import { sortedIndexes, sortSteps } from "./sorting.ts";
import { joinTexts } from "./text_ops.ts";

export function listMethods(): Builtin[] {
  return [...questions(), ...sums(), ...parts(), ...orders(), ...shapes()];
}

type ListBody = (ctx: NativeContext, self: List, a: Value, b: Value) => Value;

function method(name: string, signature: string, doc: string, example: string, body: ListBody): Builtin {
  return plain({ name, signature, doc, example }, ((ctx, self, a, b) => body(ctx, self as List, a as Value, b as Value)) as PlainBody);
}

function questions(): Builtin[] {
  return [
    method("count", "() -> int", "The number of items.", "println([1, 2].count())  // -> 2", (_ctx, self) => self.length),
    method("empty", "() -> bool", "Whether there is no item.", "println([].empty())  // -> true", (_ctx, self) => self.length === 0),
    method(
      "contains",
      "(value) -> bool",
      "Whether some item equals the value.",
      "println([1, 2].contains(2.0))  // -> true",
      (ctx, self, value) => {
        ctx.burn(self.length);
        return indexOfItem(self.items, value, self.length) >= 0;
      },
    ),
    method(
      "index_of",
      "(value) -> int",
      "Index of the first item that equals the value, -1 if none.",
      "println([5, 6].index_of(6))  // -> 1",
      (ctx, self, value) => {
        ctx.burn(self.length);
        return indexOfItem(self.items, value, self.length);
      },
    ),
    method(
      "join",
      "(sep?: string) -> string",
      "The items' texts put together with a separator, none by default.",
      'println([1, 2].join("-"))  // -> 1-2',
      (ctx, self, sep) => {
        checkItems(ctx, self.length);
        return joinTexts(ctx, displays(ctx, self), textOr(ctx, sep, 1, ""));
      },
    ),
  ];
}

function displays(ctx: NativeContext, source: List): string[] {
  const out = new Array<string>(source.length);
  for (let i = 0; i < source.length; i++) out[i] = displayWithin(source.items[i] as Value, ctx.limits.stringLength);
  return out;
}

function sums(): Builtin[] {
  const extreme =
    (sign: 1 | -1): ListBody =>
    (ctx, self) => {
      ctx.burn(self.length);
      const at = extremeIndex(self.items, self.length, sign);
      return at < 0 ? null : share(self.items[at] as Value);
    };
  return [
    method(
      "sum",
      "() -> int | float",
      "The sum of the numbers among the items; a float if one of them is.",
      "println([1, 2.5].sum())  // -> 3.5",
      (ctx, self) => {
        ctx.burn(self.length);
        const sum = new Sum();
        for (let i = 0; i < self.length; i++) sum.add(self.items[i] as Value);
        return sum.result();
      },
    ),
    method("min", "()", "The least item, nil of an empty list.", "println([3, 1, 2].min())  // -> 1", extreme(1)),
    method("max", "()", "The greatest item, nil of an empty list.", "println([3, 1, 2].max())  // -> 3", extreme(-1)),
  ];
}

function parts(): Builtin[] {
  return [
    method(
      "first",
      "(n?: int)",
      "The first item, nil if none; with `n` a list of the first `n`.",
      "println([4, 5, 6].first(2))  // -> [4, 5]",
      (ctx, self, n) => (isInt(n) ? copied(ctx, self, 0, clamp(countOr(n, 0), self.length)) : endItem(self, 0)),
    ),
    method(
      "last",
      "(n?: int)",
      "The last item, nil if none; with `n` a list of the last `n`.",
      "println([4, 5, 6].last())  // -> 6",
      (ctx, self, n) => (isInt(n) ? copied(ctx, self, self.length - clamp(countOr(n, 0), self.length)) : endItem(self, self.length - 1)),
    ),
    method("take", "(n: int) -> list", "The first `n` items.", "println([4, 5, 6].take(2))  // -> [4, 5]", (ctx, self, n) =>
      copied(ctx, self, 0, clamp(countOr(n, 0), self.length)),
    ),
    method("skip", "(n: int) -> list", "The items behind the first `n`.", "println([4, 5, 6].skip(2))  // -> [6]", (ctx, self, n) =>
      copied(ctx, self, clamp(countOr(n, 0), self.length)),
    ),
    method(
      "slice",
      "(start?: int, end?: int) -> list",
      "The items from `start` up to, not including, `end`; negative ones count from the end.",
      "println([4, 5, 6].slice(-2))  // -> [5, 6]",
      (ctx, self, start, end) => {
        const from = fromEnd(countOr(start, 0), self.length);
        const to = fromEnd(countOr(end, self.length), self.length);
        return copied(ctx, self, from, Math.max(from, to));
      },
    ),
    method("push", "(item) -> list", "The list with the item behind it.", "println([1].push(2))  // -> [1, 2]", (ctx, self, item) =>
      ctx.argc < 2 ? share(self) : pushed(ctx, self, item),
    ),
    method("pop", "() -> list", "The list without its last item.", "println([1, 2].pop())  // -> [1]", (_ctx, self) => popped(self)),
  ];
}

function endItem(source: List, index: number): Value {
  return source.length === 0 ? null : share(source.items[index] as Value);
}

function clamp(n: number, length: number): number {
  return Math.min(Math.max(0, n), length);
}

/** A bound that may count from the end, within 0 and the length. */
function fromEnd(bound: number, length: number): number {
  return clamp(bound < 0 ? bound + length : bound, length);
}

function orders(): Builtin[] {
  return [
    method("reverse", "() -> list", "The items in reverse order.", "println([1, 2].reverse())  // -> [2, 1]", (ctx, self) => {
      checkItems(ctx, self.length);
      return list(shareItems(self.items, 0, self.length).reverse());
    }),
    method(
      "sort",
      "() -> list",
      "The items in ascending order; equal ones keep theirs.",
      "println([3, 1, 2].sort())  // -> [1, 2, 3]",
      (ctx, self) => {
        ctx.burn(sortSteps(self.length));
        const items = shareItems(self.items, 0, self.length);
        return list(sortedIndexes(items).map((i) => items[i] as Value));
      },
    ),
    method(
      "unique",
      "() -> list",
      "Without items that occurred before; `1` and `1.0` are different here.",
      "println([1, 2, 1].unique())  // -> [1, 2]",
      (ctx, self) => list(uniqueItems(ctx, self.items, self.length)),
    ),
    method("compact", "() -> list", "Without nils.", "println([1, nil, 2].compact())  // -> [1, 2]", (ctx, self) => {
      checkItems(ctx, self.length);
      return list(shareItems(self.items, 0, self.length).filter((item) => item !== null));
    }),
    method(
      "flatten",
      "() -> list",
      "Lists among the items are replaced by their items, one level deep.",
      "println([[1], 2].flatten())  // -> [1, 2]",
      flattened,
    ),
  ];
}

function shapes(): Builtin[] {
  const chunk = method(
    "chunk",
    "(n?: int) -> list<list>",
    "Groups of `n` items; the last may be short.",
    "println([1, 2, 3].chunk(2))  // -> [[1, 2], [3]]",
    (ctx, self, n) => chunked(ctx, self, countOr(n, 1)),
  );
  const window = method(
    "window",
    "(n?: int, step?: int) -> list<list>",
    "Every run of `n` items (2 by default), each starting `step` behind the one before.",
    "println([1, 2, 3].window(2))  // -> [[1, 2], [2, 3]]",
    (ctx, self, n, step) => windows(ctx, self, countOr(n, 2), countOr(step, 1)),
  );
  return [
    ...withAliases(chunk, "each_slice"),
    ...withAliases(window, "each_cons", "sliding_window"),
    method(
      "enumerate",
      "() -> list<{index: int, value: any}>",
      "A dict of index and value for every item.",
      'println(["a"].enumerate())  // -> [{index: 0, value: a}]',
      (ctx, self) => {
        checkItems(ctx, self.length * 2);
        return list(shareItems(self.items, 0, self.length).map((value, index) => dictOf({ index, value })));
      },
    ),
    method(
      "zip",
      "(other: list) -> list<list>",
      "Lists of two: the items at the same index, as far as both go.",
      'println([1, 2].zip(["a", "b"]))  // -> [[1, a], [2, b]]',
      (ctx, self, other) => {
        if (!(other instanceof List)) return list([]);
        const length = Math.min(self.length, other.length);
        checkItems(ctx, length * 2);
        const right = shareItems(other.items, 0, length);
        return list(shareItems(self.items, 0, length).map((item, i) => list([item, right[i] as Value])));
      },
    ),
    method(
      "tally",
      "() -> dict",
      "How often each item occurs, by its text.",
      'println(["a", "b", "a"].tally())  // -> {a: 2, b: 1}',
      (ctx, self) => {
        checkItems(ctx, self.length);
        const counts = new Map<string, Value>();
        for (const text of displays(ctx, self)) counts.set(text, ((counts.get(text) as number | undefined) ?? 0) + 1);
        return dict(counts);
      },
    ),
  ];
}
