/** Generators and lazy iterators: who runs when, what an error ends, what is shared. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Ended, World, type WorldOptions } from "./world.ts";

async function run(text: string, options: WorldOptions = {}): Promise<Ended & { out: string; world: World }> {
  const world = new World(options);
  const ended = await world.run(text);
  return { ...ended, out: world.out, world };
}

async function prints(text: string, ...lines: string[]): Promise<void> {
  const ended = await run(text);
  assert.is(ended.error, null, ended.rendered);
  assert.is(ended.out, lines.map((line) => `${line}\n`).join(""));
}

test("next gives values, then done for ever", async () => {
  await prints(
    `fn two() {
  yield 1
  yield 2
  return 3
}
let g = two()
println([type_of(g), to_string(g)])
for i in 0 to 4 exclusive { println(g.next()) }
println(g)
println(g.missing())`,
    "[generator, <generator>]",
    "{done: false, value: 1}",
    "{done: false, value: 2}",
    "{done: true, value: nil}",
    "{done: true, value: nil}",
    "<generator (done)>",
    "nil",
  );
});

test("the body runs only as far as it is pulled", async () => {
  await prints(
    `let log = atomic(0)
fn items() {
  for i in 1 to 5 {
    atomic_add(log, 1)
    yield i
  }
}
let g = items()
println(atomic_get(log))
g.next()
println(atomic_get(log))
println(g.iter().take(2).to_list())
println(atomic_get(log))`,
    "0",
    "1",
    "[2, 3]",
    "3",
  );
});

test("an error comes at the pull that needs the next value, once, with the line suffix", async () => {
  await prints(
    `fn bad() {
  for i in [2, 1, 0] { yield 10 / i }
}
let g = bad()
println([g.next().value, g.next().value])
println(try { g.next() })
println(g.next())
println(g)
fn thrown() {
  yield 1
  throw {why: "broken"}
}
println(try { thrown().iter().to_list() })
var seen = []
println(try { for x in thrown() { seen = seen.push(x) } })
println(seen)`,
    "[5, 10]",
    "Result.Err(Runtime error: Division by zero (line 2))",
    "{done: true, value: nil}",
    "<generator (done)>",
    "Result.Err({why: broken})",
    "Result.Err({why: broken})",
    "[1]",
  );
});

test("the body's own try, finally and defer hold", async () => {
  await prints(
    `let order = atomic(0)
fn careful() {
  defer { atomic_add(order, 100) }
  try {
    yield 1
    throw "inside"
  } catch (e) {
    yield e
  } finally {
    atomic_add(order, 1)
  }
  yield 3
}
println(careful().iter().to_list())
println(atomic_get(order))`,
    "[1, inside, 3]",
    "101",
  );
});

test("one that is abandoned is dropped as it stands, and may be taken up again", async () => {
  await prints(
    `fn count() {
  var i = 0
  while true {
    yield i
    i += 1
  }
}
let g = count()
for x in g {
  if x == 2 { break }
}
println(g.next().value)
for x in g {
  println(x)
  if x > 4 { break }
}
fn first() {
  for x in g { return x }
}
println([first(), first()])`,
    "3",
    "4",
    "5",
    "[6, 7]",
  );
});

test("two loops over one generator share it", async () => {
  await prints(
    `fn count(n) { for i in 0 to n exclusive { yield i } }
let g = count(6)
var seen = []
for a in g {
  for b in g {
    seen = seen.push([a, b])
    if b % 2 == 0 { break }
  }
}
println(seen)`,
    "[[0, 1], [0, 2], [3, 4]]",
  );
});

test("generators in generators, recursive and deep", async () => {
  await prints(
    `fn walk(node) {
  yield node.name
  for child in node.children {
    for name in walk(child) { yield name }
  }
}
fn leaf(n) { return {name: n, children: []} }
println(walk({name: "root", children: [{name: "a", children: [leaf("b"), leaf("c")]}, leaf("d")]}).iter().to_list())
fn nest(n) {
  if n > 0 {
    for x in nest(n - 1) { yield x }
  }
  yield n
}
let all = nest(600).iter().to_list()
println([len(all), all[0], all[600]])`,
    "[root, a, b, c, d]",
    "[601, 0, 600]",
  );
});

test("an error deep in nested generators passes through all of them", async () => {
  const ended = await run(`fn nest(n) {
  if n == 0 { throw "bottom" }
  for x in nest(n - 1) { yield x }
}
println(try { nest(50).next() })
fn zero(n) {
  if n == 0 { yield 1 / n }
  for x in zero(n - 1) { yield x }
}
println(try { zero(2).next() })`);
  assert.is(ended.out, "Result.Err(bottom)\nResult.Err(Runtime error: Division by zero (line 7) (line 7) (line 7))\n");
});

test("an iterator that is pulled from its own callback looks exhausted there; its source does not", async () => {
  await prints(
    `let it = iter([1, 2, 3])
println(it.map({ x -> [x, it.take(1).to_list()] }).to_list())`,
    "[[1, [2]], [3, []]]",
  );
  const files = {
    "/m.harn":
      "var it = nil\nfn again(x) { return [x, it.to_list()] }\npub fn all() {\n  it = iter([1, 2]).map(again)\n  return it.to_list()\n}",
    "/main.harn": 'import { all } from "m"\nprintln(all())',
  };
  const world = new World({ files });
  await world.runFile("/main.harn");
  assert.is(world.out, "[[1, []], [2, []]]\n");
});

test("an iterator whose callback fails stays usable; its item is lost", async () => {
  await prints(
    `let it = iter([1, 2, 3, 4]).map({ x -> if x == 2 { throw "two" } else { x } })
println(it.first())
println(try { it.first() })
println(it.to_list())
println(it)
let source = iter([1, 2, 3, 4, 5])
let part = source.take_while({ x -> x < 2 })
println([part.to_list(), source.to_list()])`,
    "1",
    "Result.Err(two)",
    "[3, 4]",
    "<iter (exhausted)>",
    "[[1], [3, 4, 5]]",
  );
});

test("combinators wrap the same handle; printing pulls nothing", async () => {
  await prints(
    `let it = iter([1, 2, 3, 4, 5, 6])
println(it.take(2).to_list())
println(it)
println(it.zip(["a", "b"]).to_list())
println(it.to_list())
println([it == it, iter([1]) == iter([1])])
println(iter({b: 1, a: 2}).to_list())
println(iter("añ🎈").to_list())
println(iter([[1], [2]]).flat_map({ x -> x }).enumerate().to_list())
println(range(7).chunks(3).to_list())
println(range(4).windows(2).map({ w -> w.sum() }).to_list())`,
    "[1, 2]",
    "<iter>",
    "[(3, a), (4, b)]",
    "[6]",
    "[true, false]",
    "[(a, 2), (b, 1)]",
    "[a, ñ, 🎈]",
    "[(0, 1), (1, 2)]",
    "[[0, 1, 2], [3, 4, 5], [6]]",
    "[1, 3, 5]",
  );
});

test("loops: sources are snapshots, and other kinds have no items", async () => {
  await prints(
    `var xs = [1, 2, 3]
for x in xs { xs = xs.push(x * 10) }
println(xs)
var d = {b: 1, a: 2}
for {key: k, value: v} in d {
  d[k + k] = v
  d.b = 100
}
println(d)
for x in "abc" { println(x) }
for x in 5 { println(x) }
for x in nil { println(x) }
for (a, b) in [pair(1, 2), {x: 1}, [3, 4]] { println([a, b]) }
println(try { for (a, b) in [1] { println(a) } })
for x in set(3, 1, 3) { println(x) }
for i in 3 to 1 { println(i) }
for i in 9223372036854775806 to 9223372036854775807 { println(i) }`,
    "[1, 2, 3, 10, 20, 30]",
    "{a: 2, aa: 2, b: 100, bb: 1}",
    "[1, 2]",
    "[nil, nil]",
    "[3, nil]",
    "Result.Err(Type error: cannot access property `first` on int)",
    "3",
    "1",
    "9223372036854775806",
    "9223372036854775807",
  );
});

test("a waiting generator lets its consumer wait, and goes on", async () => {
  const ended = await run(`fn slow() {
  for i in 0 to 3 exclusive {
    sleep(10ms)
    yield i
  }
}
println(slow().iter().map({ x ->
  sleep(5ms)
  x * 2
}).to_list())
println(monotonic_ms() >= 45)`);
  assert.is(ended.error, null, ended.rendered);
  assert.is(ended.out.split("\n")[0], "[0, 2, 4]");
  assert.is(ended.world.nowMs, 45);
});

test("variables of a generator are a copy", async () => {
  await prints(
    `var total = 5
fn adder() {
  total = total + 1
  yield total
  total = total + 1
  yield total
}
let a = adder()
let b = adder()
println([a.next().value, b.next().value, a.next().value, total])`,
    "[6, 6, 7, 5]",
  );
});

test("a function with yield is eager as a callback and behind a pipe", async () => {
  await prints(
    `fn lazy(x) {
  yield x
  return x + 1
}
println([1, 2].map(lazy))
println(3 |> lazy)
println(type_of(lazy(1)))`,
    "[2, 3]",
    "4",
    "generator",
  );
});

test("many generators do not hold more than they need", async () => {
  const ended = await run(`fn one(n) { yield n }
var kept = []
for i in 0 to 3000 exclusive { kept = kept.push(one(i)) }
println(kept.map({ g -> g.next().value }).sum())`);
  assert.is(ended.out, "4498500\n");
});

test.run();
