/** The functions on lists: as the methods of that name, but with errors for arguments that do not fit. */
import { raise } from "../vm/errors.ts";
import type { Builtin, FrameBody, NativeCall } from "../vm/native.ts";
import { structuralKey } from "../vm/structural.ts";
import { dict, isCallable, List, list, truthy, typeName, type Value } from "../vm/values.ts";
import { countOr } from "./args.ts";
import { eachItem } from "./callbacks.ts";
import { frame, plain } from "./define.ts";
import { flatMapBody, groupByBody } from "./list_callbacks.ts";
import { chunked, windows } from "./list_ops.ts";

export function collectionFunctions(): Builtin[] {
  return [...groupingFunctions(), ...callbackFunctions()];
}

function groupingFunctions(): Builtin[] {
  return [
    plain(
      {
        name: "chunk",
        signature: "(items: list, n?: int) -> list",
        doc: "Groups of `n` items; the last may be short.",
        example: "println(chunk([1, 2, 3], 2))  // -> [[1, 2], [3]]",
      },
      (ctx, items, n) => chunked(ctx, needList("chunk", items as Value, ctx.argc), countOr(n as Value, 1)),
    ),
    plain(
      {
        name: "window",
        signature: "(items: list, n?: int, step?: int) -> list",
        doc: "Every run of `n` items (2 by default), each starting `step` behind the one before.",
        example: "println(window([1, 2, 3], 2))  // -> [[1, 2], [2, 3]]",
      },
      (ctx, items, n, step) =>
        windows(ctx, needList("window", items as Value, ctx.argc), countOr(n as Value, 2), countOr(step as Value, 1)),
    ),
  ];
}

function callbackFunctions(): Builtin[] {
  return [
    calling(
      "group_by",
      "dict",
      "Lists of items by the text of what `f` makes of them.",
      "println(group_by([1, 2, 3], { x -> x % 2 }))  // -> {0: [2], 1: [1, 3]}",
      groupByBody(1),
    ),
    calling(
      "flat_map",
      "list",
      "What `f` makes of each item; lists are spliced in.",
      "println(flat_map([1, 2], { x -> [x, x] }))  // -> [1, 1, 2, 2]",
      flatMapBody(1),
    ),
    calling(
      "partition",
      "dict",
      "A dict of the items for which `f` is truthy (`match`), and of the others (`no_match`).",
      "println(partition([1, 2, 3], { x -> x > 1 }))  // -> {match: [2, 3], no_match: [1]}",
      eachItem({
        callable: 1,
        otherwise: () => null,
        items: (call) => call.args[0] as List,
        begin: (): [Value[], Value[]] => [[], []],
        step: (state, answer, item) => void state[truthy(answer) ? 0 : 1].push(item),
        finish: ([match, rest]) =>
          dict(
            new Map([
              ["match", list(match)],
              ["no_match", list(rest)],
            ]),
          ),
      }),
    ),
    calling(
      "dedup_by",
      "list",
      "The first item for each different answer of `f`; `1` and `1.0` are different here.",
      "println(dedup_by([1, 2, 3], { x -> x % 2 }))  // -> [1, 2]",
      eachItem({
        callable: 1,
        otherwise: () => null,
        items: (call) => call.args[0] as List,
        begin: (): { seen: Set<string>; out: Value[] } => ({ seen: new Set(), out: [] }),
        step: ({ seen, out }, answer, item) => {
          const key = structuralKey(answer);
          if (!seen.has(key)) out.push(item);
          seen.add(key);
          return undefined;
        },
        finish: ({ out }) => list(out),
      }),
    ),
  ];
}

function needList(name: string, value: Value, argc: number): List {
  if (argc === 0) throw raise.runtime(`${name}: first argument must be a list`);
  if (value instanceof List) return value;
  throw raise.type(`${name}: first argument must be a list, got ${typeName(value)}`);
}

/** A frame body behind the checks of its two arguments. */
function calling(name: string, result: string, doc: string, example: string, body: FrameBody): Builtin {
  const start = (call: NativeCall) => {
    const items = needList(name, call.args[0] ?? null, call.args.length);
    const f = call.args[1];
    if (f === undefined) throw raise.runtime(`${name}: callback is required`);
    if (!isCallable(f)) throw raise.type(`${name}: callback must be callable, got ${typeName(f)}`);
    call.ctx.burn(items.length);
    return body.start(call);
  };
  return frame({ name, signature: `(items: list, f: fn(any) -> any) -> ${result}`, doc, example }, { ...body, start });
}
