/** Shared counters. A plain change never suspends, so every operation is atomic as it is. */
import type { Builtin } from "../vm/native.ts";
import { addInts, intFromFloat } from "../vm/numbers.ts";
import { Float, Handle, type Int, isInt, type Value } from "../vm/values.ts";
import { plain } from "./define.ts";

/** An int that all holders share; two are equal while their values are. */
export class AtomicHandle extends Handle {
  constructor(public value: Int) {
    super();
  }
  get typeName(): string {
    return "atomic";
  }
  display(): string {
    return `<atomic:${this.value}>`;
  }
  equals(other: Handle): boolean {
    return other instanceof AtomicHandle && other.value === this.value;
  }
}

export function atomicFunctions(): Builtin[] {
  const example = "let a = atomic(1)\nprintln(atomic_add(a, 2))  // -> 1\nprintln(atomic_get(a))  // -> 3";
  return [
    plain(
      {
        name: "atomic",
        signature: "(initial?)",
        doc: "A counter that all its holders share.",
        example: "println(atomic(7))  // -> <atomic:7>",
      },
      (_ctx, initial) => new AtomicHandle(startValue(initial as Value)),
    ),
    plain({ name: "atomic_get", signature: "(a)", doc: "The counter's value.", example }, (_ctx, a) =>
      a instanceof AtomicHandle ? a.value : null,
    ),
    plain(
      {
        name: "atomic_set",
        signature: "(a, value: int)",
        doc: "Sets the counter and gives the value before.",
        example: "println(atomic_set(atomic(1), 5))  // -> 1",
      },
      (_ctx, a, value) => (a instanceof AtomicHandle && isInt(value) ? swap(a, value) : null),
    ),
    plain(
      { name: "atomic_add", signature: "(a, amount: int)", doc: "Adds to the counter and gives the value before.", example },
      (_ctx, a, amount) => (a instanceof AtomicHandle && isInt(amount) ? swap(a, addInts(a.value, amount)) : null),
    ),
    plain(
      {
        name: "atomic_cas",
        signature: "(a, expected: int, value: int) -> bool",
        doc: "Sets the counter if it has the expected value, and says whether it did.",
        example: "println(atomic_cas(atomic(1), 2, 3))  // -> false",
      },
      (_ctx, a, expected, value) => {
        if (!(a instanceof AtomicHandle) || !isInt(expected) || !isInt(value) || a.value !== expected) return false;
        a.value = value;
        return true;
      },
    ),
  ];
}

function swap(atomic: AtomicHandle, value: Int): Int {
  const before = atomic.value;
  atomic.value = value;
  return before;
}

function startValue(initial: Value): Int {
  if (isInt(initial)) return initial;
  if (initial instanceof Float) return intFromFloat(initial.value);
  return initial === true ? 1 : 0;
}
