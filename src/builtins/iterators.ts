/** The function `iter`, and the methods of iterators. Ranges answer the same methods, on a fresh iterator over them. */
import { raise } from "../vm/errors.ts";
import { Iter, iterOver, needIter, type Node } from "../vm/iter.ts";
import type { Builtin, NativeContext, PlainBody } from "../vm/native.ts";
import { isCallable, isInt, type Value } from "../vm/values.ts";
import { countOr } from "./args.ts";
import { plain } from "./define.ts";
import { iterSinks } from "./iterator_sinks.ts";

export function iterFunction(): Builtin {
  return plain(
    {
      name: "iter",
      signature: "(source) -> iter",
      doc: "A lazy iterator over a list, set, dict (as pairs), string (its characters), range, generator, stream or channel.",
      example: "println(iter([1, 2]).map({ x -> x * 2 }).to_list())  // -> [2, 4]",
    },
    (_ctx, source) => needIter(source as Value),
  );
}

/** The method `iter` of the kinds that have items; nil for the others. */
export function iterMethod(receiver: string): Builtin {
  return plain(
    {
      name: "iter",
      signature: "() -> iter",
      doc: "A lazy iterator over the items.",
      example: `println(${receiver}.iter().count())  // -> 2`,
    },
    (_ctx, self) => iterOver(self as Value),
  );
}

export function iteratorMethods(): Builtin[] {
  return [...calling(), ...counting(), ...joining(), ...iterSinks()];
}

type Combine = (ctx: NativeContext, source: Iter, arg: Value) => Node;

function combinator(name: string, params: string, doc: string, example: string, combine: Combine): Builtin {
  const body: PlainBody = (ctx, self, arg) => new Iter(combine(ctx, needIter(self as Value), arg as Value));
  return plain({ name, signature: `(${params}) -> iter`, doc, example: `println(${example}` }, body);
}

function calling(): Builtin[] {
  const row = (name: "map" | "filter" | "flat_map" | "take_while" | "skip_while", doc: string, example: string) =>
    combinator(name, "f: fn(any) -> any", doc, example, (_ctx, source, f) => {
      if (!isCallable(f)) throw raise.type(`iter.${name}: expected callable`);
      if (name === "skip_while") return { kind: name, source, f, skipping: true };
      return name === "flat_map" ? { kind: name, source, f, inner: null } : { kind: name, source, f };
    });
  return [
    row("map", "What `f` makes of each item.", "iter([1, 2]).map({ x -> x * 10 }).to_list())  // -> [10, 20]"),
    row("filter", "The items for which `f` is truthy.", "iter([1, 2, 3]).filter({ x -> x > 1 }).to_list())  // -> [2, 3]"),
    row("flat_map", "The items of what `f` makes of each item.", "iter([1, 2]).flat_map({ x -> [x, x] }).to_list())  // -> [1, 1, 2, 2]"),
    row(
      "take_while",
      "The items up to the first for which `f` is falsy.",
      "iter([1, 5, 2]).take_while({ x -> x < 3 }).to_list())  // -> [1]",
    ),
    row(
      "skip_while",
      "The items from the first for which `f` is falsy.",
      "iter([1, 5, 2]).skip_while({ x -> x < 3 }).to_list())  // -> [5, 2]",
    ),
  ];
}

function counting(): Builtin[] {
  const amount = (name: string, n: Value): number => {
    if (!isInt(n) || n < 0) throw raise.type(`iter.${name}: expected non-negative int`);
    return countOr(n, 0);
  };
  const size = (name: string, what: string, n: Value): number => {
    if (!isInt(n) || n <= 0) throw raise.type(`iter.${name}: ${what} size must be positive`);
    return countOr(n, 1);
  };
  return [
    combinator("take", "n: int", "The first `n` items.", "iter([4, 5, 6]).take(2).to_list())  // -> [4, 5]", (_ctx, source, n) => ({
      kind: "take",
      source,
      left: amount("take", n),
    })),
    combinator("skip", "n: int", "The items behind the first `n`.", "iter([4, 5, 6]).skip(2).to_list())  // -> [6]", (_ctx, source, n) => ({
      kind: "skip",
      source,
      left: amount("skip", n),
    })),
    combinator(
      "chunks",
      "n: int",
      "Lists of `n` items; the last may be short.",
      "iter([1, 2, 3]).chunks(2).to_list())  // -> [[1, 2], [3]]",
      (_ctx, source, n) => ({
        kind: "chunks",
        source,
        size: size("chunks", "chunk", n),
      }),
    ),
    combinator(
      "windows",
      "n: int",
      "Every run of `n` items as a list.",
      "iter([1, 2, 3]).windows(2).to_list())  // -> [[1, 2], [2, 3]]",
      (_ctx, source, n) => ({
        kind: "windows",
        source,
        size: size("windows", "window", n),
        window: [],
      }),
    ),
  ];
}

function joining(): Builtin[] {
  const other = (ctx: NativeContext, name: string, value: Value): Iter => {
    if (ctx.argc < 2) throw raise.type(`iter.${name}: expected iterable argument`);
    return needIter(value);
  };
  return [
    combinator(
      "zip",
      "other",
      "Pairs of an item and the other's, as far as both go.",
      'iter([1, 2]).zip(["a", "b"]).to_list())  // -> [(1, a), (2, b)]',
      (ctx, source, arg) => ({
        kind: "zip",
        source,
        other: other(ctx, "zip", arg),
      }),
    ),
    combinator(
      "chain",
      "other",
      "The items, then those of the other.",
      "iter([1]).chain([2]).to_list())  // -> [1, 2]",
      (ctx, source, arg) => ({
        kind: "chain",
        source,
        other: other(ctx, "chain", arg),
        second: false,
      }),
    ),
    plain(
      {
        name: "enumerate",
        signature: "() -> iter",
        doc: "Pairs of index and item.",
        example: 'println(iter(["a", "b"]).enumerate().to_list())  // -> [(0, a), (1, b)]',
      },
      (_ctx, self) => new Iter({ kind: "enumerate", source: needIter(self as Value), index: 0 }),
    ),
    iterMethod("iter([1, 2])"),
  ];
}
