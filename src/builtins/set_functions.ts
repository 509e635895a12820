/** The functions on sets. They tell items apart by structural key, so `1`, `1.0` and `"1"` are three items. */
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { structuralKey } from "../vm/structural.ts";
import { HarnSet, type Value } from "../vm/values.ts";
import { checkSize } from "./args.ts";
import { plain, variadic } from "./define.ts";
import { addKeyed, addSpread, copySet, keysOf, selectItems } from "./set_ops.ts";

export function setFunctions(): Builtin[] {
  return [...making(), ...combining(), ...asking()];
}

function making(): Builtin[] {
  return [
    variadic(
      {
        name: "set",
        signature: "(...items)",
        doc: "A set of the arguments; lists and sets among them give their items.",
        example: "println(set(1, [2, 1], 3))  // -> set(1, 2, 3)",
      },
      (ctx, args) => {
        const made = new HarnSet([]);
        addSpread(ctx, made, args);
        return made;
      },
    ),
    plain(
      {
        name: "set_add",
        signature: "(s: set, value)",
        doc: "The set with the value.",
        example: "println(set_add(set(1), 2))  // -> set(1, 2)",
      },
      (ctx, s, value) => {
        const copy = copySet(ctx, needSet("set_add", s as Value));
        addKeyed(copy, value as Value);
        checkSize(ctx, copy.items.length);
        return copy;
      },
    ),
    plain(
      {
        name: "set_remove",
        signature: "(s: set, value)",
        doc: "The set without the value.",
        example: "println(set_remove(set(1, 2), 1))  // -> set(2)",
      },
      (ctx, s, value) => {
        const key = structuralKey(value as Value);
        return selectItems(ctx, needSet("set_remove", s as Value), (item) => structuralKey(item) !== key);
      },
    ),
  ];
}

function needSet(name: string, value: Value): HarnSet {
  if (value instanceof HarnSet) return value;
  throw raise.thrown(`${name}: first argument must be a set`);
}

type Combine = (ctx: NativeContext, a: HarnSet, b: HarnSet) => HarnSet;

function combining(): Builtin[] {
  const row = (name: string, doc: string, example: string, combine: Combine) =>
    plain({ name, signature: "(a: set, b: set)", doc, example }, (ctx, a, b) => {
      if (!(a instanceof HarnSet) || !(b instanceof HarnSet)) throw raise.thrown(`${name}: arguments must be sets`);
      return combine(ctx, a, b);
    });
  return [
    row("set_union", "The items of both sets.", "println(set_union(set(1), set(2)))  // -> set(1, 2)", (ctx, a, b) => {
      const copy = copySet(ctx, a);
      addSpread(ctx, copy, [b]);
      return copy;
    }),
    row("set_intersect", "The items that both sets have.", "println(set_intersect(set(1, 2), set(2)))  // -> set(2)", (ctx, a, b) =>
      selectItems(ctx, a, (item) => hasKey(b, item)),
    ),
    row("set_difference", "The items of `a` that `b` lacks.", "println(set_difference(set(1, 2), set(2)))  // -> set(1)", without),
    row(
      "set_symmetric_difference",
      "The items that only one of the sets has.",
      "println(set_symmetric_difference(set(1, 2), set(2, 3)))  // -> set(1, 3)",
      (ctx, a, b) => {
        const out = without(ctx, a, b);
        for (const item of without(ctx, b, a).items) addKeyed(out, item);
        checkSize(ctx, out.items.length);
        return out;
      },
    ),
  ];
}

function without(ctx: NativeContext, a: HarnSet, b: HarnSet): HarnSet {
  return selectItems(ctx, a, (item) => !hasKey(b, item));
}

function hasKey(set: HarnSet, value: Value): boolean {
  return keysOf(set).has(structuralKey(value));
}

function asking(): Builtin[] {
  const row = (name: string, doc: string, example: string, otherwise: boolean, holds: (a: HarnSet, b: HarnSet) => boolean) =>
    plain({ name, signature: "(a, b) -> bool", doc, example }, (ctx, a, b) => {
      if (!(a instanceof HarnSet) || !(b instanceof HarnSet)) return otherwise;
      ctx.burn(a.items.length + b.items.length);
      return holds(a, b);
    });
  return [
    plain(
      {
        name: "set_contains",
        signature: "(s, value) -> bool",
        doc: "Whether the set has the value; false of anything that is no set.",
        example: "println(set_contains(set(1), 1.0))  // -> false",
      },
      (_ctx, s, value) => s instanceof HarnSet && hasKey(s, value as Value),
    ),
    row("set_is_subset", "Whether `b` has all items of `a`.", "println(set_is_subset(set(1), set(1, 2)))  // -> true", false, (a, b) =>
      a.items.every((item) => hasKey(b, item)),
    ),
    row("set_is_superset", "Whether `a` has all items of `b`.", "println(set_is_superset(set(1, 2), set(1)))  // -> true", false, (a, b) =>
      b.items.every((item) => hasKey(a, item)),
    ),
    row(
      "set_is_disjoint",
      "Whether the sets have no item in common.",
      "println(set_is_disjoint(set(1), set(2)))  // -> true",
      true,
      (a, b) => !a.items.some((item) => hasKey(b, item)),
    ),
  ];
}
