/** Methods of lists that call back. Without a callable they give nil, unless the table of the language says otherwise. */
import { display } from "../vm/display.ts";
import type { Builtin, FrameBody, NativeCall } from "../vm/native.ts";
import { dict, List, list, share, truthy, type Value } from "../vm/values.ts";
import { type EachItem, eachItem } from "./callbacks.ts";
import { frame, withAliases } from "./define.ts";
import { appendAll, extremeIndex } from "./list_ops.ts";
import { sortedIndexes, sortSteps } from "./sorting.ts";

export function listCallbacks(): Builtin[] {
  return [...transforming(), ...searching(), ...grouping(), ...byKey()];
}

function method(name: string, signature: string, doc: string, example: string, body: FrameBody): Builtin {
  return frame({ name, signature, doc, example }, body);
}

/** A loop over the receiver with the callable as first argument. */
function each<S>(spec: Partial<EachItem<S>> & Pick<EachItem<S>, "begin" | "step" | "finish">): FrameBody {
  return eachItem({ callable: 1, otherwise: () => null, items: receiver, ...spec });
}

function receiver(call: NativeCall): List {
  const self = call.args[0] as List;
  call.ctx.burn(self.length);
  return self;
}

function transforming(): Builtin[] {
  return [
    method(
      "map",
      "(f: fn(any) -> any) -> list",
      "What `f` makes of each item.",
      "println([1, 2].map({ x -> x * 10 }))  // -> [10, 20]",
      each({
        begin: (): Value[] => [],
        step: (out, answer) => void out.push(answer),
        finish: list,
      }),
    ),
    method(
      "filter",
      "(f: fn(any) -> any) -> list",
      "The items for which `f` is truthy.",
      "println([1, 2, 3].filter({ x -> x > 1 }))  // -> [2, 3]",
      each({
        begin: (): Value[] => [],
        step: (out, answer, item) => void (truthy(answer) && out.push(item)),
        finish: list,
      }),
    ),
    method(
      "flat_map",
      "(f: fn(any) -> any) -> list",
      "What `f` makes of each item; lists are spliced in.",
      "println([1, 2].flat_map({ x -> [x, x] }))  // -> [1, 1, 2, 2]",
      flatMapBody(1),
    ),
    reduce(),
  ];
}

/** Also the body of the function `flat_map`, once its arguments are checked. */
export function flatMapBody(callable: number): FrameBody {
  return each({
    callable,
    begin: (): Value[] => [],
    step: (out, answer, _item, _index, call) => {
      if (answer instanceof List) appendAll(call.ctx, out, answer);
      else out.push(answer);
      return undefined;
    },
    finish: list,
  });
}

function reduce(): Builtin {
  return method(
    "reduce",
    "(init, f: fn(any, any) -> any)",
    "Folds the items: `f(acc, item)` gives the next `acc`.",
    "println([1, 2, 3].reduce(0, { a, x -> a + x }))  // -> 6",
    each({
      callable: 2,
      begin: (call) => ({ acc: share(call.args[1] as Value) }),
      args: (state, item) => {
        const acc = state.acc;
        state.acc = null; // The callee is the only holder, so it may extend what it is handed.
        return [acc, item];
      },
      step: (state, answer) => {
        state.acc = answer;
        return undefined;
      },
      finish: (state) => state.acc,
    }),
  );
}

function searching(): Builtin[] {
  const search = (found: (answer: Value, item: Value, index: number) => Value | undefined, none: Value) =>
    each({
      begin: () => null,
      otherwise: () => none,
      step: (_state, answer, item, index) => found(answer, item, index),
      finish: () => none,
    });
  const every = method(
    "all",
    "(f: fn(any) -> any) -> bool",
    "Whether `f` is truthy for all items.",
    "println([1, 2].all({ x -> x > 0 }))  // -> true",
    search((a) => (truthy(a) ? undefined : false), true),
  );
  const none = method(
    "none",
    "(f: fn(any) -> any) -> bool",
    "Whether `f` is truthy for no item.",
    "println([1, 2].none({ x -> x > 2 }))  // -> true",
    each({
      begin: () => null,
      otherwise: (call) => (call.args[0] as List).length === 0,
      step: (_state, answer) => (truthy(answer) ? false : undefined),
      finish: () => true,
    }),
  );
  return [
    method(
      "find",
      "(f: fn(any) -> any)",
      "The first item for which `f` is truthy, nil if none.",
      "println([1, 2, 3].find({ x -> x > 1 }))  // -> 2",
      search((a, item) => (truthy(a) ? item : undefined), null),
    ),
    method(
      "find_index",
      "(f: fn(any) -> any) -> int",
      "The index of the first item for which `f` is truthy, -1 if none.",
      "println([5, 6].find_index({ x -> x == 6 }))  // -> 1",
      search((a, _item, i) => (truthy(a) ? i : undefined), -1),
    ),
    method(
      "any",
      "(f: fn(any) -> any) -> bool",
      "Whether `f` is truthy for some item.",
      "println([1, 2].any({ x -> x > 1 }))  // -> true",
      search((a) => (truthy(a) ? true : undefined), false),
    ),
    ...withAliases(every, "every", "all?"),
    ...withAliases(none, "none?"),
  ];
}

function grouping(): Builtin[] {
  return [
    method(
      "partition",
      "(f: fn(any) -> any) -> list<list>",
      "Two lists: the items for which `f` is truthy, and the others.",
      "println([1, 2, 3].partition({ x -> x > 1 }))  // -> [[2, 3], [1]]",
      each({
        begin: (): [Value[], Value[]] => [[], []],
        step: (state, answer, item) => void state[truthy(answer) ? 0 : 1].push(item),
        finish: (state) => list(state.map((part) => list(part))),
      }),
    ),
    method(
      "group_by",
      "(f: fn(any) -> any) -> dict",
      "Lists of items by the text of what `f` makes of them.",
      "println([1, 2, 3].group_by({ x -> x % 2 }))  // -> {0: [2], 1: [1, 3]}",
      groupByBody(1),
    ),
  ];
}

/** Also the body of the function `group_by`. */
export function groupByBody(callable: number): FrameBody {
  return each({
    callable,
    begin: () => new Map<string, Value[]>(),
    step: (groups, answer, item) => {
      const key = display(answer);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
      return undefined;
    },
    finish: (groups) => dict(new Map([...groups].map(([key, items]) => [key, list(items)]))),
  });
}

/** Methods that first ask for every item's key, then look at the keys alone. */
function byKey(): Builtin[] {
  const keyed = (finish: (items: Value[], keys: Value[], call: NativeCall) => Value) =>
    each({
      begin: (): { items: Value[]; keys: Value[] } => ({ items: [], keys: [] }),
      step: (state, answer, item) => {
        state.items.push(item);
        state.keys.push(answer);
        return undefined;
      },
      finish: (state, call) => finish(state.items, state.keys, call),
    });
  const extreme = (sign: 1 | -1) => keyed((items, keys) => items[extremeIndex(keys, keys.length, sign)] ?? null);
  return [
    method(
      "sort_by",
      "(f: fn(any) -> any) -> list",
      "The items in ascending order of what `f` makes of them; equal ones keep theirs.",
      'println(["bb", "a"].sort_by({ s -> s.count }))  // -> [a, bb]',
      keyed((items, keys, call) => {
        call.ctx.burn(sortSteps(items.length));
        return list(sortedIndexes(keys).map((i) => items[i] as Value));
      }),
    ),
    method(
      "min_by",
      "(f: fn(any) -> any)",
      "The item for which `f` is least, nil of an empty list.",
      'println(["bb", "a"].min_by({ s -> s.count }))  // -> a',
      extreme(1),
    ),
    method(
      "max_by",
      "(f: fn(any) -> any)",
      "The item for which `f` is greatest, nil of an empty list.",
      'println(["bb", "a"].max_by({ s -> s.count }))  // -> bb',
      extreme(-1),
    ),
  ];
}
