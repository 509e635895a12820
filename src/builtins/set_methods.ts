/** Methods of sets. They tell items apart by `==`, so `set(1).contains(1.0)` holds. */
import { equals } from "../vm/equality.ts";
import type { Builtin, FrameBody, NativeCall, NativeContext, PlainBody } from "../vm/native.ts";
import { HarnSet, list, share, shareItems, truthy, type Value } from "../vm/values.ts";
import { checkItems, checkSize } from "./args.ts";
import { type EachItem, eachItem, type ItemSource } from "./callbacks.ts";
import { frame, plain, withAliases } from "./define.ts";
import { addEqual, append, copySet, hasEqual, ownSet, selectItems } from "./set_ops.ts";

export function setMethods(): Builtin[] {
  return [...basics(), ...combining(), ...comparing(), ...calling()];
}

type SetBody = (ctx: NativeContext, self: HarnSet, a: Value) => Value;

function method(name: string, signature: string, doc: string, example: string, body: SetBody): Builtin {
  return plain({ name, signature, doc, example }, ((ctx, self, a) => body(ctx, self as HarnSet, a as Value)) as PlainBody);
}

function basics(): Builtin[] {
  const count = method(
    "count",
    "() -> int",
    "The number of items.",
    "println(set(1, 2).count())  // -> 2",
    (_ctx, self) => self.items.length,
  );
  const remove = method(
    "remove",
    "(value) -> set",
    "The set without the value.",
    "println(set(1, 2).remove(1))  // -> set(2)",
    (ctx, self, value) => selectItems(ctx, self, (item) => !equals(item, value)),
  );
  return [
    ...withAliases(count, "len"),
    method(
      "empty",
      "() -> bool",
      "Whether there is no item.",
      "println(set().empty())  // -> true",
      (_ctx, self) => self.items.length === 0,
    ),
    method(
      "contains",
      "(value) -> bool",
      "Whether some item equals the value.",
      "println(set(1).contains(1.0))  // -> true",
      (ctx, self, value) => {
        ctx.burn(1);
        return hasEqual(self, value);
      },
    ),
    method("add", "(value) -> set", "The set with the value.", "println(set(1).add(2))  // -> set(1, 2)", (ctx, self, value) => {
      if (hasEqual(self, value)) return share(self);
      checkSize(ctx, self.items.length + 1);
      const owned = ownSet(ctx, self);
      append(owned, value);
      return owned;
    }),
    ...withAliases(remove, "delete"),
    method(
      "to_list",
      "() -> list",
      "The items in the order in which they came.",
      "println(set(2, 1).to_list())  // -> [2, 1]",
      (ctx, self) => {
        checkItems(ctx, self.items.length);
        return list(shareItems(self.items));
      },
    ),
  ];
}

function combining(): Builtin[] {
  const row = (
    name: string,
    doc: string,
    example: string,
    otherwise: (self: HarnSet) => HarnSet,
    combine: (ctx: NativeContext, a: HarnSet, b: HarnSet) => HarnSet,
  ) =>
    method(name, "(other: set) -> set", doc, example, (ctx, self, other) =>
      other instanceof HarnSet ? combine(ctx, self, other) : otherwise(self),
    );
  const self = (set: HarnSet) => share(set);
  const intersect = row(
    "intersect",
    "The items that both sets have.",
    "println(set(1, 2).intersect(set(2)))  // -> set(2)",
    () => new HarnSet([]),
    (ctx, a, b) => selectItems(ctx, a, (item) => hasEqual(b, item)),
  );
  return [
    row("union", "The items of both sets.", "println(set(1).union(set(2)))  // -> set(1, 2)", self, (ctx, a, b) => {
      const out = copySet(ctx, a);
      checkItems(ctx, out.items.length + b.items.length);
      for (const item of b.items) addEqual(out, item);
      return out;
    }),
    ...withAliases(intersect, "intersection"),
    row("difference", "The items that the other set lacks.", "println(set(1, 2).difference(set(2)))  // -> set(1)", self, without),
    row(
      "symmetric_difference",
      "The items that only one of the sets has.",
      "println(set(1, 2).symmetric_difference(set(2, 3)))  // -> set(1, 3)",
      self,
      (ctx, a, b) => {
        const out = without(ctx, a, b);
        for (const item of without(ctx, b, a).items) append(out, item);
        checkSize(ctx, out.items.length);
        return out;
      },
    ),
  ];
}

function without(ctx: NativeContext, a: HarnSet, b: HarnSet): HarnSet {
  return selectItems(ctx, a, (item) => !hasEqual(b, item));
}

function comparing(): Builtin[] {
  const row = (name: string, doc: string, example: string, otherwise: boolean, holds: (a: HarnSet, b: HarnSet) => boolean) =>
    method(name, "(other: set) -> bool", doc, example, (ctx, self, other) => {
      if (!(other instanceof HarnSet)) return otherwise;
      ctx.burn(self.items.length + other.items.length);
      return holds(self, other);
    });
  return [
    row("is_subset", "Whether the other set has all items.", "println(set(1).is_subset(set(1, 2)))  // -> true", false, (a, b) =>
      a.items.every((item) => hasEqual(b, item)),
    ),
    row(
      "is_superset",
      "Whether this set has all items of the other.",
      "println(set(1, 2).is_superset(set(1)))  // -> true",
      false,
      (a, b) => b.items.every((item) => hasEqual(a, item)),
    ),
    row(
      "is_disjoint",
      "Whether the sets have no item in common.",
      "println(set(1).is_disjoint(set(2)))  // -> true",
      true,
      (a, b) => !a.items.some((item) => hasEqual(b, item)),
    ),
  ];
}

function items(call: NativeCall): ItemSource {
  const self = call.args[0] as HarnSet;
  call.ctx.burn(self.items.length);
  return { items: self.items, length: self.items.length };
}

function each<S>(spec: Partial<EachItem<S>> & Pick<EachItem<S>, "begin" | "step" | "finish">): FrameBody {
  return eachItem({ callable: 1, otherwise: () => null, items, ...spec });
}

function calling(): Builtin[] {
  const all = frame(
    {
      name: "all",
      signature: "(f: fn(any) -> any) -> bool",
      doc: "Whether `f` is truthy for all items.",
      example: "println(set(1, 2).all({ x -> x > 0 }))  // -> true",
    },
    each({ begin: () => null, otherwise: () => true, step: (_s, answer) => (truthy(answer) ? undefined : false), finish: () => true }),
  );
  return [
    frame(
      {
        name: "map",
        signature: "(f: fn(any) -> any) -> set",
        doc: "The set of what `f` makes of each item.",
        example: "println(set(1, 2).map({ x -> x * 2 }))  // -> set(2, 4)",
      },
      each({ begin: () => new HarnSet([]), step: (out, answer) => void addEqual(out, answer), finish: (out) => out }),
    ),
    frame(
      {
        name: "filter",
        signature: "(f: fn(any) -> any) -> set",
        doc: "The items for which `f` is truthy.",
        example: "println(set(1, 2).filter({ x -> x > 1 }))  // -> set(2)",
      },
      each({ begin: () => new HarnSet([]), step: (out, answer, item) => void (truthy(answer) && append(out, item)), finish: (out) => out }),
    ),
    frame(
      {
        name: "any",
        signature: "(f: fn(any) -> any) -> bool",
        doc: "Whether `f` is truthy for some item.",
        example: "println(set(1, 2).any({ x -> x > 1 }))  // -> true",
      },
      each({ begin: () => null, otherwise: () => false, step: (_s, answer) => (truthy(answer) ? true : undefined), finish: () => false }),
    ),
    ...withAliases(all, "every"),
  ];
}
