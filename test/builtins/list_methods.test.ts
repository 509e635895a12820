import { test } from "uvu";
import * as assert from "uvu/assert";
import { type List, list, share, type Value } from "../../src/vm/values.ts";
import { callable, float, held, machine, show } from "./support.ts";

const m = machine();
const call = (name: string, ...args: Value[]) => show(m.method("list", name, ...args));

test("push extends an unshared list in place", () => {
  const xs = list([1]);
  const ys = m.method("list", "push", xs, 2);
  assert.is(ys, xs);
  assert.is(show(ys), "[1, 2]");
});

test("push on a held list leaves it as it is, and does not copy at the end of the array", () => {
  const xs = list([1, 2]);
  share(xs);
  const ys = m.method("list", "push", xs, 3) as List;
  assert.is(show(xs), "[1, 2]");
  assert.is(show(ys), "[1, 2, 3]");
  assert.is(ys.items, xs.items);
  assert.ok(xs.multi && ys.multi);
  const zs = m.method("list", "push", xs, 9) as List;
  assert.is(show(zs), "[1, 2, 9]");
  assert.is(show(ys), "[1, 2, 3]");
  assert.is.not(zs.items, xs.items);
});

test("many pushes cost time in proportion, held or not", () => {
  let unshared: Value = list([]);
  let shared: Value = list([]);
  for (let i = 0; i < 200_000; i++) {
    unshared = m.method("list", "push", unshared, i);
    shared = m.method("list", "push", share(shared), i);
  }
  assert.is((unshared as List).length, 200_000);
  assert.is((shared as List).length, 200_000);
});

test("pop keeps what others hold", () => {
  const xs = list([1, 2, 3]);
  share(xs);
  const ys = m.method("list", "pop", xs);
  assert.is(show(xs), "[1, 2, 3]");
  assert.is(show(ys), "[1, 2]");
  assert.is(show(m.method("list", "push", ys, 8)), "[1, 2, 8]");
  assert.is(show(xs), "[1, 2, 3]");
  assert.is(call("pop", list([])), "[]");
});

test("parts of a list", () => {
  const xs = held(4, 5, 6);
  assert.is(call("first", xs), "4");
  assert.is(call("first", xs, 2), "[4, 5]");
  assert.is(call("last", xs, 2), "[5, 6]");
  assert.is(call("last", list([])), "nil");
  assert.is(call("take", xs, 9), "[4, 5, 6]");
  assert.is(call("take", xs, -1), "[]");
  assert.is(call("skip", xs, 1), "[5, 6]");
  assert.is(call("slice", xs, -2), "[5, 6]");
  assert.is(call("slice", xs, 0, -1), "[4, 5]");
  assert.is(call("slice", xs, 2, 1), "[]");
});

test("sums, extremes and order", () => {
  assert.is(call("sum", held(1, float(2.5), "x", null)), "3.5");
  assert.is(call("sum", held(9007199254740991, 1)), "9007199254740992");
  assert.is(call("max", held(1, float(1))), "1");
  assert.is(call("min", held(float(2), 2)), "2.0");
  assert.is(call("sort", held(3, "a", 1)), "[3, a, 1]");
  assert.is(call("reverse", held(1, 2)), "[2, 1]");
  assert.is(call("unique", held(1, float(1), "1", 1)), "[1, 1.0, 1]");
  assert.is(call("flatten", held(list([1, list([2])]), 3)), "[1, [2], 3]");
});

test("a long list sorts stably", () => {
  const items = Array.from({ length: 100 }, (_, i) => list([i % 3, i]));
  const sorted = m.method(
    "list",
    "sort_by",
    list(items),
    callable((item) => (item as List).items[0] as Value),
  ) as List;
  const pairs = sorted.items.map((item) => (item as List).items as number[]);
  for (let i = 1; i < pairs.length; i++) {
    const [a, b] = [pairs[i - 1] as number[], pairs[i] as number[]];
    assert.ok((a[0] as number) < (b[0] as number) || (a[0] === b[0] && (a[1] as number) < (b[1] as number)));
  }
});

test("shapes", () => {
  assert.is(call("chunk", held(1, 2, 3), 2), "[[1, 2], [3]]");
  assert.is(call("window", held(1, 2, 3, 4), 2, 2), "[[1, 2], [3, 4]]");
  assert.is(call("window", held(1), 2), "[]");
  assert.is(call("enumerate", held("a")), "[{index: 0, value: a}]");
  assert.is(call("zip", held(1, 2), held("a")), "[[1, a]]");
  assert.is(call("tally", held("a", "b", "a")), "{a: 2, b: 1}");
});

test("callbacks", () => {
  const xs = held(1, 2, 3);
  const odd = callable((x) => (x as number) % 2 === 1);
  assert.is(
    call(
      "map",
      xs,
      callable((x) => (x as number) * 10),
    ),
    "[10, 20, 30]",
  );
  assert.is(call("filter", xs, odd), "[1, 3]");
  assert.is(
    call(
      "flat_map",
      xs,
      callable((x) => list([x as Value, x as Value])),
    ),
    "[1, 1, 2, 2, 3, 3]",
  );
  assert.is(
    call(
      "reduce",
      xs,
      0,
      callable((a, x) => (a as number) + (x as number)),
    ),
    "6",
  );
  assert.is(
    call(
      "find",
      xs,
      callable((x) => (x as number) > 1),
    ),
    "2",
  );
  assert.is(
    call(
      "find_index",
      xs,
      callable((x) => (x as number) > 5),
    ),
    "-1",
  );
  assert.is(call("partition", xs, odd), "[[1, 3], [2]]");
  assert.is(
    call(
      "group_by",
      xs,
      callable((x) => (x as number) % 2),
    ),
    "{0: [2], 1: [1, 3]}",
  );
  assert.is(
    call(
      "max_by",
      held("aa", "b", "cc"),
      callable((s) => (s as string).length),
    ),
    "aa",
  );
});

test("without a callable the answer is nil, except for predicates", () => {
  assert.is(call("map", held(1)), "nil");
  assert.is(call("any", held(1)), "false");
  assert.is(call("every", held(1), 1), "true");
  assert.is(call("none", held(1)), "false");
  assert.is(call("find_index", held(1), 1), "-1");
});

test.run();
