/** The protocol of generators: `next()` answers `{done, value}`. */
import { END, type Builtin, type FrameBody, Source } from "../vm/native.ts";
import { dictOf, type Value } from "../vm/values.ts";
import { frame } from "./define.ts";

const body: FrameBody = {
  start(call) {
    const source = call.args[0] as Value;
    return source instanceof Source ? call.pull(source) : call.done(null);
  },
  resume: (call, value) => call.done(value === END ? dictOf({ done: true, value: null }) : dictOf({ done: false, value })),
};

export function nextMethod(): Builtin {
  return frame(
    {
      name: "next",
      signature: "() -> {done: bool, value: any}",
      doc: "The next value, or {done: true, value: nil} once the body has ended.",
      example: "fn two() {\n  yield 1\n}\nlet g = two()\nprintln(g.next().value) // -> 1\nprintln(g.next().done) // -> true",
    },
    body,
  );
}
