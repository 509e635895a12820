/** The namespace `stream`: operators over anything that has items. Those that do not drain their source give an iterator. */
import { raise } from "../vm/errors.ts";
import { Iter, needIter } from "../vm/iter.ts";
import { type Builtin, END, type FrameBody, type NativeCall, type NativeContext, type Signal } from "../vm/native.ts";
import { Dict, Float, isCallable, isInt, list, share, typeName, type Value } from "../vm/values.ts";
import { checkItems, checkSize, countOr } from "./args.ts";
import { frame, variadic } from "./define.ts";
import { broadcast, Interleave, TakeUntil, Throttle } from "./stream_sources.ts";

type Args = readonly Value[];

const COLLECT_MOST = 10_000;

// --- Arguments -----------------------------------------------------------------------------------------------------------------------

/** @param position counted from 1 */
function argument(name: string, args: Args, position: number): Value {
  const value = args[position - 1];
  if (value === undefined) throw raise.type(`${name}: missing argument ${position}`);
  return value;
}

function wrong(name: string, position: number, wanted: string, value: Value): never {
  throw raise.type(`${name}: argument ${position} must be ${wanted}, got ${typeName(value)}`);
}

function callableAt(name: string, args: Args, position: number): Value {
  const value = argument(name, args, position);
  return isCallable(value) ? value : wrong(name, position, "callable", value);
}

function countAt(name: string, args: Args, position: number, least: number, wanted: string): number {
  const value = argument(name, args, position);
  return isInt(value) && value >= least ? countOr(value, 0) : wrong(name, position, wanted, value);
}

function perSecond(name: string, args: Args): number {
  const value = argument(name, args, 2);
  const rate = isInt(value) ? Number(value) : value instanceof Float ? value.value : null;
  if (rate === null || !(rate > 0)) return wrong(name, 2, "a positive number", value);
  if (!Number.isFinite(rate)) throw raise.type(`${name}: argument 2 must be a positive finite number`);
  return rate;
}

// --- Operators -----------------------------------------------------------------------------------------------------------------------

type Operator = (name: string, source: Iter, args: Args, ctx: NativeContext) => Value;

function operator(short: string, signature: string, doc: string, example: string, make: Operator): Builtin {
  const name = `stream.${short}`;
  return variadic({ name, signature, effect: "task", doc, example: `println(${example}` }, (ctx, args) =>
    make(name, needIter(argument(name, args, 1)), args, ctx),
  );
}

function operators(): Builtin[] {
  return [
    operator(
      "map",
      "(source?, f?) -> iter",
      "What `f` makes of each item.",
      "stream.map([1, 2], { x -> x * 2 }).to_list()) // -> [2, 4]",
      (name, source, args) => new Iter({ kind: "map", source, f: callableAt(name, args, 2) }),
    ),
    operator(
      "filter",
      "(source?, f?) -> iter",
      "The items for which `f` is truthy.",
      "stream.filter([1, 2], { x -> x > 1 }).to_list()) // -> [2]",
      (name, source, args) => new Iter({ kind: "filter", source, f: callableAt(name, args, 2) }),
    ),
    operator(
      "tap",
      "(source?, f?) -> iter",
      "The items, after `f` was called with each.",
      "stream.tap([1, 2], { x -> nil }).to_list()) // -> [1, 2]",
      (name, source, args) => new Iter({ kind: "tap", source, f: callableAt(name, args, 2) }),
    ),
    operator(
      "scan",
      "(source?, init?, f?) -> iter",
      "What `f` makes of the last result and each item.",
      "stream.scan([1, 2, 3], 0, { sum, x -> sum + x }).to_list()) // -> [1, 3, 6]",
      (name, source, args) => {
        const acc = argument(name, args, 2);
        return new Iter({ kind: "scan", source, f: callableAt(name, args, 3), acc });
      },
    ),
    operator(
      "take",
      "(source?, n?) -> iter",
      "The first `n` items.",
      "stream.take([1, 2, 3], 2).to_list()) // -> [1, 2]",
      (name, source, args) => new Iter({ kind: "take", source, left: countAt(name, args, 2, 0, "a non-negative int") }),
    ),
    operator(
      "take_until",
      "(source?, f?) -> iter",
      "The items before the first for which `f` is truthy.",
      "stream.take_until([1, 2, 3], { x -> x == 3 }).to_list()) // -> [1, 2]",
      (name, source, args) => new TakeUntil(source, callableAt(name, args, 2)).iter(),
    ),
    operator(
      "throttle",
      "(source?, per_second?) -> iter",
      "The items, at most so many a second.",
      "stream.throttle([1, 2], 1000).to_list()) // -> [1, 2]",
      (name, source, args) => new Throttle(source, Math.max(1, Math.ceil(1000 / perSecond(name, args)))).iter(),
    ),
    operator(
      "broadcast",
      "(source?, n?) -> list",
      "So many iterators that each see all items of one source.",
      "stream.broadcast([1, 2], 2).map({ s -> s.to_list() })) // -> [[1, 2], [1, 2]]",
      (name, source, args, ctx) => {
        const count = countAt(name, args, 2, 1, "a positive int");
        checkItems(ctx, count);
        return list(broadcast(source, count));
      },
    ),
  ];
}

function joining(): Builtin[] {
  const row = (name: string, doc: string, example: string) =>
    ({ name, signature: "(...sources) -> iter", effect: "task", doc, example }) as const;
  return [
    variadic(
      row("stream.zip", "Pairs of the items of two sources.", "println(stream.zip([1, 2], [3, 4]).to_list()) // -> [(1, 3), (2, 4)]"),
      (_ctx, args) => {
        const [a, b] = args;
        if (args.length !== 2 || a === undefined || b === undefined) throw raise.type(`stream.zip: expected 2 streams, got ${args.length}`);
        return new Iter({ kind: "zip", source: needIter(a), other: needIter(b) });
      },
    ),
    variadic(
      row("stream.interleave", "One item of each source in turn.", "println(stream.interleave([1, 3], [2]).to_list()) // -> [1, 2, 3]"),
      (ctx, args) => {
        if (args.length < 2) throw raise.type("stream.interleave: expected at least two streams");
        ctx.burn(args.length);
        return new Interleave(args.map((source) => needIter(source))).iter();
      },
    ),
  ];
}

// --- Draining ------------------------------------------------------------------------------------------------------------------------

interface Draining {
  readonly source: Iter;
  readonly items: Value[];
  acc: Value;
  isCalling: boolean;
}

/** What a sink does with an item: goes on, ends with a value, or calls for the next `acc`. */
type Step = { readonly kind: "go" } | { readonly kind: "end"; readonly value: Value } | { readonly kind: "call"; readonly args: Value[] };

/** Pulls item after item; what is printed meanwhile is dropped. */
function draining(
  begin: (call: NativeCall) => Draining,
  step: (call: NativeCall, state: Draining, item: Value) => Step,
  finish: (state: Draining) => Value,
): FrameBody {
  const pull = (call: NativeCall, state: Draining): Signal => {
    call.ctx.tasks.mute(1);
    return call.pull(state.source);
  };
  return {
    start(call) {
      const state = begin(call);
      call.state = state;
      return pull(call, state);
    },
    resume(call, value) {
      const state = call.state as Draining;
      call.ctx.tasks.mute(-1);
      if (state.isCalling) {
        state.isCalling = false;
        state.acc = value;
        return pull(call, state);
      }
      if (value === END) return call.done(finish(state));
      const next = step(call, state, value);
      if (next.kind === "end") return call.done(next.value);
      if (next.kind === "go") return pull(call, state);
      state.isCalling = true;
      call.ctx.tasks.mute(1);
      return call.call(call.args[2] as Value, next.args);
    },
    fail(call, error) {
      call.ctx.tasks.mute(-1);
      throw error;
    },
  };
}

function beginning(name: string, call: NativeCall, acc: Value = null): Draining {
  return { source: needIter(argument(name, call.args, 1)), items: [], acc, isCalling: false };
}

function mostOf(args: Args): number {
  const given = args[1] ?? null;
  const most = given instanceof Dict ? (given.get("max") ?? null) : given;
  if (most === null) return COLLECT_MOST;
  if (isInt(most) && most >= 0) return countOr(most, 0);
  if (given instanceof Dict) throw raise.type(`stream.collect: max must be a non-negative int, got ${typeName(most)}`);
  throw raise.type(`stream.collect: second argument must be max int or options dict, got ${typeName(most)}`);
}

function sinks(): Builtin[] {
  const row = (name: string, signature: string, doc: string, example: string) =>
    ({ name, signature, effect: "task", doc, example }) as const;
  return [
    frame(
      row(
        "stream.collect",
        "(source?, max?) -> list",
        "All items, of which there must not be more than `max` (10000).",
        "println(stream.collect([1, 2].iter())) // -> [1, 2]",
      ),
      draining(
        (call) => {
          mostOf(call.args);
          return beginning("stream.collect", call);
        },
        (call, { items }, item) => {
          const most = mostOf(call.args);
          if (items.length >= most) throw raise.runtime(`stream.collect: max cap ${most} exceeded`);
          items.push(item);
          checkSize(call.ctx, items.length);
          return { kind: "go" };
        },
        ({ items }) => list(items),
      ),
    ),
    frame(
      row(
        "stream.fold",
        "(source?, init?, f?)",
        "Folds all items into one value.",
        "println(stream.fold([1, 2, 3], 0, { sum, x -> sum + x })) // -> 6",
      ),
      draining(
        (call) => {
          const acc = argument("stream.fold", call.args, 2);
          callableAt("stream.fold", call.args, 3);
          return beginning("stream.fold", call, acc);
        },
        (_call, { acc }, item) => ({ kind: "call", args: [share(acc), item] }),
        ({ acc }) => acc,
      ),
    ),
    frame(
      row("stream.first", "(source?)", "The first item, or nil.", "println(stream.first([7, 8])) // -> 7"),
      draining(
        (call) => beginning("stream.first", call),
        (_call, _state, item) => ({ kind: "end", value: item }),
        () => null,
      ),
    ),
  ];
}

export const streamBuiltins: readonly Builtin[] = [...operators(), ...joining(), ...sinks()];
