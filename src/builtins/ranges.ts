/** The function `range` and the methods that a range answers itself; all others go to an iterator over it. */
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, PlainBody } from "../vm/native.ts";
import { rangeContains, rangeLast, rangeLength } from "../vm/ranges.ts";
import { isInt, Range, type Value } from "../vm/values.ts";
import { plain, variadic, withAliases } from "./define.ts";

export function rangeFunction(): Builtin {
  return variadic(
    {
      name: "range",
      signature: "(start_or_end: int, end?: int) -> list",
      doc: "The ints from 0, or from the first argument, up to, not including, the last argument; they are not stored.",
      example: "println(range(3))  // -> 0 to 3 exclusive",
    },
    (ctx, args) => {
      const [a, b] = args;
      if (ctx.argc === 1) {
        if (isInt(a)) return new Range(0, a, false);
        throw raise.type("range(n): expected integer argument");
      }
      if (ctx.argc !== 2) throw raise.type(`range expects 1 or 2 integer arguments, got ${ctx.argc}`);
      if (isInt(a) && isInt(b)) return new Range(a, b, false);
      throw raise.type("range(a, b): expected integer arguments");
    },
  );
}

export function rangeMethods(): Builtin[] {
  const method = (name: string, signature: string, doc: string, example: string, body: (self: Range, value: Value) => Value) =>
    plain({ name, signature, doc, example }, ((_ctx, self, value) => body(self as Range, value as Value)) as PlainBody);
  const count = method("count", "() -> int", "The number of ints.", "println(range(3).count())  // -> 3", rangeLength);
  return [
    ...withAliases(count, "len"),
    method("empty", "() -> bool", "Whether there is none.", "println(range(0).empty())  // -> true", (self) => rangeLength(self) === 0),
    method(
      "contains",
      "(value) -> bool",
      "Whether the value is one of the ints.",
      "println(range(3).contains(3))  // -> false",
      (self, value) => isInt(value) && rangeContains(self, value),
    ),
    method("first", "() -> int | nil", "The first int, nil if none.", "println(range(2, 5).first())  // -> 2", (self) =>
      rangeLength(self) === 0 ? null : self.start,
    ),
    method("last", "() -> int | nil", "The last int, nil if none.", "println(range(2, 5).last())  // -> 4", (self) =>
      rangeLength(self) === 0 ? null : rangeLast(self),
    ),
    method("to_string", "() -> string", "The range as text.", "println(range(3).to_string())  // -> 0 to 3 exclusive", display),
  ];
}
