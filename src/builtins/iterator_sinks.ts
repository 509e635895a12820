/** Methods that drain an iterator: each pulls items, perhaps calls back for every item, and folds. */
import { compare } from "../vm/equality.ts";
import { raise } from "../vm/errors.ts";
import {
  attempt,
  abandonPull,
  beginPull,
  goOutside,
  needIter,
  newPull,
  resumePull,
  type Iter,
  type Pull,
  type Pulled,
} from "../vm/iter.ts";
import type { Builtin, FrameBody, NativeCall, NativeContext, Signal } from "../vm/native.ts";
import { dict, Float, HarnSet, isCallable, isInt, list, Pair, share, truthy, typeName, type Value } from "../vm/values.ts";
import { checkSize } from "./args.ts";
import { frame } from "./define.ts";
import { Sum } from "./list_ops.ts";
import { addEqual } from "./set_ops.ts";

interface Sink<S> {
  /** Looks at the arguments behind the receiver, and gives the fold's state at the start. */
  begin(args: readonly Value[]): S;
  /** The call to make for an item; null to fold the item itself. */
  ask?(state: S, item: Value, args: readonly Value[]): { f: Value; args: Value[] };
  /** Takes an item, and what the callee answered (the item itself when nothing was asked). A result ends the draining. */
  fold(state: S, answer: Value, item: Value, ctx: NativeContext): Value | undefined;
  finish(state: S): Value;
}

interface Draining<S> {
  readonly iter: Iter;
  readonly pull: Pull;
  readonly fold: S;
  /** The item that was asked about; null while pulling. */
  asked: { item: Value } | null;
}

function sinkBody<S>(sink: Sink<S>): FrameBody {
  const go = (call: NativeCall, state: Draining<S>, first: Pulled): Signal => {
    let pulled = first;
    for (;;) {
      if (pulled.kind === "end") return call.done(sink.finish(state.fold));
      if (pulled.kind !== "item") return goOutside(call, pulled);
      const { item } = pulled;
      if (sink.ask !== undefined) {
        const wish = sink.ask(state.fold, item, call.args);
        state.asked = { item: share(item) };
        return call.call(wish.f, wish.args);
      }
      const ended = sink.fold(state.fold, item, item, call.ctx);
      if (ended !== undefined) return call.done(ended);
      pulled = attempt(state.pull, () => beginPull(call.ctx, state.pull, state.iter));
    }
  };
  return {
    start(call) {
      const fold = sink.begin(call.args.slice(1));
      const state: Draining<S> = { iter: needIter(call.args[0] as Value), pull: newPull(), fold, asked: null };
      call.state = state;
      return go(
        call,
        state,
        attempt(state.pull, () => beginPull(call.ctx, state.pull, state.iter)),
      );
    },
    resume(call, answer) {
      const state = call.state as Draining<S>;
      const { asked } = state;
      if (asked === null)
        return go(
          call,
          state,
          attempt(state.pull, () => resumePull(call.ctx, state.pull, answer)),
        );
      state.asked = null;
      const ended = sink.fold(state.fold, answer, asked.item, call.ctx);
      if (ended !== undefined) return call.done(ended);
      return go(
        call,
        state,
        attempt(state.pull, () => beginPull(call.ctx, state.pull, state.iter)),
      );
    },
    fail(call, error) {
      abandonPull((call.state as Draining<S>).pull);
      throw error;
    },
  };
}

function sink<S>(name: string, signature: string, doc: string, example: string, body: Sink<S>): Builtin {
  return frame({ name, signature, doc, example: `println(${example}` }, sinkBody(body));
}

export function iterSinks(): Builtin[] {
  return [...collecting(), ...measuring(), ...ends(), ...deciding(), reduce()];
}

function collecting(): Builtin[] {
  return [
    sink("to_list", "() -> list", "All items as a list.", "range(3).to_list())  // -> [0, 1, 2]", {
      begin: (): Value[] => [],
      fold: (out, item, _item, ctx) => {
        checkSize(ctx, out.push(item));
        return undefined;
      },
      finish: list,
    }),
    sink("to_set", "() -> set", "The different items as a set.", "iter([1, 1, 2]).to_set())  // -> set(1, 2)", {
      begin: () => new HarnSet([]),
      fold: (out, item, _item, ctx) => {
        addEqual(out, item);
        checkSize(ctx, out.items.length);
        return undefined;
      },
      finish: (out) => out,
    }),
    sink("to_dict", "() -> dict", "A dict of pairs of key and value; later ones win.", 'iter([pair("a", 1)]).to_dict())  // -> {a: 1}', {
      begin: () => new Map<string, Value>(),
      fold: (out, item, _item, ctx) => {
        if (!(item instanceof Pair)) throw raise.type(`iter.to_dict: expected pair, got ${typeName(item)}`);
        if (typeof item.first !== "string") throw raise.type(`iter.to_dict: expected string key, got ${typeName(item.first)}`);
        checkSize(ctx, out.set(item.first, share(item.second)).size);
        return undefined;
      },
      finish: dict,
    }),
    sink("for_each", "(f: fn(any) -> any) -> nil", "Calls `f` with every item.", "iter([1]).for_each({ x -> x }))  // -> nil", {
      begin: ([f]) => needCallable("for_each", f),
      ask: (_state, item, args) => ({ f: args[1] as Value, args: [item] }),
      fold: () => undefined,
      finish: () => null,
    }),
  ];
}

function needCallable(name: string, f: Value | undefined): null {
  if (!isCallable(f)) throw raise.type(`iter.${name}: expected callable`);
  return null;
}

function measuring(): Builtin[] {
  const extreme = (name: "min" | "max", sign: 1 | -1, doc: string, example: string) =>
    sink(name, "()", doc, example, {
      begin: (): { best: Value; any: boolean } => ({ best: null, any: false }),
      fold: (state, item) => {
        if (!state.any || compare(item, state.best) * sign < 0) state.best = item;
        state.any = true;
        return undefined;
      },
      finish: (state) => state.best,
    });
  return [
    sink("count", "() -> int", "How many items there are.", "iter([1, 2]).count())  // -> 2", {
      begin: () => ({ count: 0 }),
      fold: (state) => void state.count++,
      finish: (state) => state.count,
    }),
    sink("sum", "() -> int | float", "The sum of the items; a float if one of them is.", "range(4).sum())  // -> 6", {
      begin: () => new Sum(),
      fold: (sum, item) => {
        if (!isInt(item) && !(item instanceof Float)) throw raise.type(`iter.sum: expected number, got ${typeName(item)}`);
        sum.add(item);
        return undefined;
      },
      finish: (sum) => sum.result(),
    }),
    extreme("min", 1, "The least item, nil if there is none.", "iter([3, 1]).min())  // -> 1"),
    extreme("max", -1, "The greatest item, nil if there is none.", "iter([3, 1]).max())  // -> 3"),
  ];
}

function ends(): Builtin[] {
  return [
    sink("first", "()", "The next item, nil if there is none.", "iter([4, 5]).first())  // -> 4", {
      begin: () => null,
      fold: (_state, item) => item,
      finish: () => null,
    }),
    sink("last", "()", "The last item, nil if there is none.", "iter([4, 5]).last())  // -> 5", {
      begin: (): { last: Value } => ({ last: null }),
      fold: (state, item) => {
        state.last = item;
        return undefined;
      },
      finish: (state) => state.last,
    }),
  ];
}

function deciding(): Builtin[] {
  const search = (name: string, doc: string, example: string, found: (answer: Value, item: Value) => Value | undefined, none: Value) =>
    sink(name, "(f: fn(any) -> any)", doc, example, {
      begin: ([f]) => needCallable(name, f),
      ask: (_state, item, args) => ({ f: args[1] as Value, args: [item] }),
      fold: (_state, answer, item) => found(answer, item),
      finish: () => none,
    });
  return [
    search(
      "any",
      "Whether `f` is truthy for some item.",
      "iter([1, 2]).any({ x -> x > 1 }))  // -> true",
      (a) => (truthy(a) ? true : undefined),
      false,
    ),
    search(
      "all",
      "Whether `f` is truthy for all items.",
      "iter([1, 2]).all({ x -> x > 1 }))  // -> false",
      (a) => (truthy(a) ? undefined : false),
      true,
    ),
    search(
      "find",
      "The first item for which `f` is truthy, nil if none.",
      "iter([1, 2]).find({ x -> x > 1 }))  // -> 2",
      (a, item) => (truthy(a) ? item : undefined),
      null,
    ),
  ];
}

function reduce(): Builtin {
  return sink(
    "reduce",
    "(init, f: fn(any, any) -> any)",
    "Folds the items: `f(acc, item)` gives the next `acc`.",
    "range(4).reduce(0, { a, x -> a + x }))  // -> 6",
    {
      begin: (args): { acc: Value } => {
        if (args.length < 2) throw raise.type("iter.reduce: expected (init, fn)");
        if (!isCallable(args[1])) throw raise.type("iter.reduce: second arg must be callable");
        return { acc: share(args[0] as Value) };
      },
      ask: (state, item, args) => {
        const { acc } = state;
        state.acc = null; // The callee is the only holder, so it may extend what it is handed.
        return { f: args[2] as Value, args: [acc, item] };
      },
      fold: (state, answer) => {
        state.acc = answer;
        return undefined;
      },
      finish: (state) => state.acc,
    },
  );
}
