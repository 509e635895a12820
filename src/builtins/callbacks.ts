/**
 * The common shape of builtins that call back once for every item: go through the items, hand each to a callable, fold the answers.
 *
 * The state is plain data (an index, and what `begin` makes), so the loop can be left at every call and taken up again elsewhere.
 */
import type { FrameBody, NativeCall, Signal } from "../vm/native.ts";
import { isCallable, share, type Value } from "../vm/values.ts";

export interface EachItem<S> {
  /** Where the callable stands among the arguments. */
  readonly callable: number;
  /** The answer when there is no callable at that place. */
  otherwise(call: NativeCall): Value;
  /** Looks at the arguments and says what to go through. A throw here is the builtin's argument error. */
  items(call: NativeCall): ItemSource;
  /** The fold's state at the start: arrays, maps and values only. */
  begin(call: NativeCall): S;
  /** What the callable gets; by default the item alone. */
  args?(state: S, item: Value): Value[];
  /** Takes an answer; another result than `undefined` ends the loop with it. */
  step(state: S, answer: Value, item: Value, index: number, call: NativeCall): Value | undefined;
  finish(state: S, call: NativeCall): Value;
}

export interface ItemSource {
  readonly items: readonly Value[];
  readonly length: number;
}

interface Progress<S> {
  readonly source: ItemSource;
  readonly fold: S;
  index: number;
}

export function eachItem<S>(spec: EachItem<S>): FrameBody {
  const proceed = (call: NativeCall, progress: Progress<S>): Signal => {
    const { source, fold, index } = progress;
    if (index >= source.length) return call.done(spec.finish(fold, call));
    const item = share(source.items[index] as Value);
    return call.call(call.args[spec.callable] as Value, spec.args === undefined ? [item] : spec.args(fold, item));
  };
  return {
    start(call) {
      if (!isCallable(call.args[spec.callable])) return call.done(spec.otherwise(call));
      const progress: Progress<S> = { source: spec.items(call), fold: spec.begin(call), index: 0 };
      call.state = progress;
      return proceed(call, progress);
    },
    resume(call, answer) {
      const progress = call.state as Progress<S>;
      const item = progress.source.items[progress.index] as Value;
      const ended = spec.step(progress.fold, answer, item, progress.index, call);
      if (ended !== undefined) return call.done(ended);
      progress.index++;
      return proceed(call, progress);
    },
  };
}
