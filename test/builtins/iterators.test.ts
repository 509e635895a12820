import { test } from "uvu";
import * as assert from "uvu/assert";
import { raise } from "../../src/vm/errors.ts";
import { dictOf, list, Pair, Range, type Value } from "../../src/vm/values.ts";
import { callable, failure, held, machine, show } from "./support.ts";

const m = machine();
const on = (name: string, ...args: Value[]) => m.method("iter", name, ...args);
const items = (iter: Value) => show(on("to_list", iter));
const iter = (value: Value) => m.call("iter", value);
const over = callable((x) => (x as number) > 1);

test("sources", () => {
  assert.is(items(iter(held(1, 2))), "[1, 2]");
  assert.is(items(iter("aé😀")), "[a, é, 😀]");
  assert.is(items(iter(dictOf({ b: 1, a: 2 }))), "[(a, 2), (b, 1)]");
  assert.is(items(iter(new Range(2n ** 62n, 2n ** 62n + 1n, true))), "[4611686018427387904, 4611686018427387905]");
  assert.is(
    failure(() => iter(null)),
    "type: iter: value of type nil is not iterable",
  );
});

test("combinators", () => {
  assert.is(
    items(
      on(
        "map",
        iter(held(1, 2)),
        callable((x) => (x as number) * 10),
      ),
    ),
    "[10, 20]",
  );
  assert.is(items(on("filter", iter(held(1, 2, 3)), over)), "[2, 3]");
  assert.is(
    items(
      on(
        "flat_map",
        iter(held(1, 2)),
        callable((x) => list([x as Value, x as Value])),
      ),
    ),
    "[1, 1, 2, 2]",
  );
  assert.is(
    items(
      on(
        "skip_while",
        iter(held(1, 5, 0)),
        callable((x) => (x as number) < 3),
      ),
    ),
    "[5, 0]",
  );
  assert.is(items(on("zip", iter(held(1, 2)), "abc")), "[(1, a), (2, b)]");
  assert.is(items(on("chain", iter(held(1)), held(2))), "[1, 2]");
  assert.is(items(on("enumerate", iter("ab"))), "[(0, a), (1, b)]");
  assert.is(items(on("chunks", iter(held(1, 2, 3)), 2)), "[[1, 2], [3]]");
  assert.is(items(on("windows", iter(held(1, 2, 3)), 2)), "[[1, 2], [2, 3]]");
  assert.is(items(on("windows", iter(held(1)), 2)), "[]");
  assert.is(
    failure(() => on("take", iter(held()), -1)),
    "type: iter.take: expected non-negative int",
  );
  assert.is(
    failure(() => on("map", iter(held()))),
    "type: iter.map: expected callable",
  );
});

test("what is drained through one combinator is gone for the next", () => {
  const source = iter(held(1, 2, 3, 4, 5));
  assert.is(items(on("take", source, 2)), "[1, 2]");
  assert.is(
    items(
      on(
        "take_while",
        source,
        callable((x) => (x as number) < 4),
      ),
    ),
    "[3]",
  );
  assert.is(items(on("take", source, 9)), "[5]");
  assert.is(show(source), "<iter (exhausted)>");
});

test("sinks", () => {
  assert.is(show(on("sum", iter(held(1, 2)))), "3");
  assert.is(
    failure(() => on("sum", iter(held("x")))),
    "type: iter.sum: expected number, got string",
  );
  assert.is(show(on("to_set", iter(held(1, 1, 2)))), "set(1, 2)");
  assert.is(show(on("to_dict", iter(list([new Pair("a", 1)])))), "{a: 1}");
  assert.is(show(on("max", iter(held(1, 3, 2)))), "3");
  assert.is(show(on("find", iter(held(1, 2, 3)), over)), "2");
  assert.is(
    show(
      on(
        "reduce",
        iter(held(1, 2)),
        0,
        callable((a, x) => (a as number) + (x as number)),
      ),
    ),
    "3",
  );
  assert.is(
    failure(() => on("reduce", iter(held()), 0)),
    "type: iter.reduce: expected (init, fn)",
  );
  const source = iter(held(4, 5));
  assert.is(show(on("first", source)), "4");
  assert.is(show(on("count", source)), "1");
});

test("an error of a callback loses one item and leaves the iterator usable", () => {
  const source = iter(held(1, 2, 3));
  const mapped = on(
    "map",
    source,
    callable((x) => {
      if (x === 2) throw raise.thrown("no");
      return x as Value;
    }),
  );
  assert.is(
    failure(() => on("to_list", mapped)),
    "no",
  );
  assert.is(items(mapped), "[3]");
});

test("a range answers the methods of iterators", () => {
  const range = m.call("range", 4);
  assert.is(show(m.method("range", "sum", range)), "6");
  assert.is(show(m.method("range", "last", range)), "3");
  assert.is(
    items(
      m.method(
        "range",
        "map",
        range,
        callable((x) => (x as number) * 2),
      ),
    ),
    "[0, 2, 4, 6]",
  );
});

test.run();
