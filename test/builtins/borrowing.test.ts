/**
 * Builtins that borrow their arguments: whatever part of an argument is in the result counts as shared, and changing the argument in place
 * afterwards changes no result.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { borrowing } from "../../src/builtins/borrowing.ts";
import { BUILTINS } from "../../src/builtins/table.ts";
import { setIndex, setProperty } from "../../src/vm/access.ts";
import { display } from "../../src/vm/display.ts";
import { ScriptError } from "../../src/vm/errors.ts";
import { DEFAULT_LIMITS } from "../../src/vm/limits.ts";
import type { Builtin, ReceiverKind } from "../../src/vm/native.ts";
import { Container, Dict, dictOf, HarnSet, List, list, ok, Shape, Struct, type Value } from "../../src/vm/values.ts";
import { machine } from "./support.ts";

const BUDGET = { ...DEFAULT_LIMITS, burn: () => undefined };

/** Fresh arguments: nobody else holds any container in them. */
const CONTAINERS: readonly (() => Value)[] = [
  () => list([3, 1, 2]),
  () => list([]),
  () => list([list([2, list([1])]), list([1]), list([1]), null]),
  () => list([dictOf({ key: "a", value: list([1]) }), dictOf({ key: "b", value: dictOf({ c: list([]) }) })]),
  () => list([new HarnSet([list([1]), 2]), new Struct(new Shape("S", ["f"]), [list([1])])]),
  () => dictOf({ a: list([1, list([2])]), b: dictOf({ c: list([3]) }), n: 1 }),
  () => Dict.shaped(new Shape("", ["a", "b"]), [list([1]), new HarnSet([list([2])])]),
  () => new HarnSet([1, list([2]), dictOf({ a: list([3]) })]),
  () => new Struct(new Shape("S", ["f", "g"]), [list([1, list([2])]), dictOf({ a: 1 })]),
  () => ok(list([list([1])])),
];
const OTHERS: readonly (() => Value)[] = [() => 1, () => "a", () => "/a/1", () => null, ...CONTAINERS];

function* argumentLists(receivers: readonly (() => Value)[]): Generator<Value[]> {
  for (const first of receivers) {
    yield [first()];
    for (const second of OTHERS) {
      yield [first(), second()];
      yield [second(), first()];
      yield [first(), second(), 1];
    }
  }
}

/**
 * Every container that can be reached without passing a shared one, and every array or table that holds its parts. What lies in an enum
 * value or a pair is shared whenever it is taken out.
 */
function reach(value: Value, found: { readonly containers: Set<Container>; readonly stores: Set<object> }): typeof found {
  if (!(value instanceof Container) || found.containers.has(value)) return found;
  found.containers.add(value);
  for (const store of storesOf(value)) found.stores.add(store);
  // What lies in a shared container is only changed in a copy of it, which shares it.
  if (!value.shared) for (const part of partsOf(value)) reach(part, found);
  return found;
}

function storesOf(value: Container): object[] {
  if (value instanceof List || value instanceof HarnSet) return [value.items];
  const { shape, slots, table } = value as Dict | (Struct & { table: null });
  return [...(shape === null ? [] : [slots]), ...(table ? [table] : [])];
}

function partsOf(value: Container): Value[] {
  if (value instanceof List || value instanceof HarnSet) return [...value.items];
  if (value instanceof Dict) return [...value.map.values()];
  return (value as Struct).slots.map((slot) => slot ?? null);
}

/** Changes every container that may be changed in place, as a script could. */
function change(value: Value): void {
  const { containers } = reach(value, { containers: new Set(), stores: new Set() });
  for (const container of containers) {
    if (container.shared) continue;
    if (container instanceof List && !container.multi && container.length > 0) setIndex(container, 0, "changed", BUDGET);
    if (container instanceof Dict || container instanceof Struct) setProperty(container, "a", "changed", BUDGET);
    if (container instanceof HarnSet) container.items.push("changed");
  }
}

const empty = () => ({ containers: new Set<Container>(), stores: new Set<object>() });

function check(builtin: Builtin, kind: ReceiverKind | "function", args: Value[]): boolean {
  const world = machine();
  const before = args.map(display);
  // Of a method only the receiver is borrowed; whoever calls it shares the arguments.
  const borrowed = kind === "function" ? args : args.slice(0, 1);
  const given = empty();
  for (const arg of borrowed) reach(arg, given);
  let result: Value;
  try {
    result = kind === "function" ? world.call(builtin.name, ...args) : world.method(kind, builtin.name, ...args);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    result = error.value;
  }
  const what = `${builtin.name}(${before.join(", ")})`;
  assert.equal(args.map(display), before, `${what} changed an argument`);
  const got = reach(result, empty());
  for (const container of got.containers) {
    if (given.containers.has(container)) assert.ok(container.shared, `${what} holds ${display(container)} unshared`);
    else for (const store of storesOf(container)) assert.not(given.stores.has(store), `${what} stands on its argument's items`);
  }
  const shown = display(result);
  for (const arg of borrowed) change(arg);
  assert.is(display(result), shown, `the result of ${what} changed with its argument`);
  return true;
}

for (const name of borrowing("function")) {
  test(`${name} borrows`, () => {
    const builtin = BUILTINS.globals.get(name) as Builtin;
    assert.is(builtin.borrows, true);
    assert.is(builtin.frame, null);
    for (const args of argumentLists(CONTAINERS)) check(builtin, "function", args);
  });
}

const KINDS: Readonly<Partial<Record<ReceiverKind, (value: Value) => boolean>>> = {
  list: (value) => value instanceof List,
  dict: (value) => value instanceof Dict,
  set: (value) => value instanceof HarnSet,
};

for (const [kind, isReceiver] of Object.entries(KINDS) as [ReceiverKind, (value: Value) => boolean][]) {
  for (const name of borrowing(kind)) {
    test(`${name} of a ${kind} borrows`, () => {
      const builtin = BUILTINS.methods[kind].get(name) as Builtin;
      assert.is(builtin.borrows, true);
      assert.is(builtin.frame, null);
      const receivers = CONTAINERS.filter((make) => isReceiver(make()));
      for (const args of argumentLists(receivers)) if (isReceiver(args[0] as Value)) check(builtin, kind, args);
    });
  }
}

test("nothing else borrows: what changes in place, calls back or waits", () => {
  for (const builtin of BUILTINS.globals.values())
    assert.is(builtin.borrows === true, borrowing("function").has(builtin.name), builtin.name);
  for (const [kind, methods] of Object.entries(BUILTINS.methods)) {
    for (const builtin of methods.values()) {
      assert.is(builtin.borrows === true && builtin.frame !== null, false, `${kind}.${builtin.name}`);
    }
  }
  for (const [kind, name] of [
    ["list", "push"],
    ["list", "pop"],
    ["dict", "merge"],
    ["dict", "remove"],
    ["set", "add"],
  ] as const) {
    assert.is.not(BUILTINS.methods[kind].get(name)?.borrows, true, `${kind}.${name}`);
  }
});

test.run();
