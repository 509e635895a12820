/** Calls: how deep they may nest, tail calls, arguments, what a builtin calls back, names that are bound late. */
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

const OVERFLOW = "Stack overflow: too many nested calls";

// --- Depth -----------------------------------------------------------------------------------------------------------------------------

test("512 frames with the entry; the next call is an error that can be caught", async () => {
  const deep = "fn deep(n) {\n  if n == 0 { return 0 }\n  return 1 + deep(n - 1)\n}\n";
  await prints(`${deep}println(deep(510))\nprintln(try { deep(511) })\nprintln(deep(510))`, "510", `Result.Err(${OVERFLOW})`, "510");
  const uncaught = await run(`${deep}deep(600)`);
  assert.is(uncaught.error, `Runtime error: ${OVERFLOW} (line 3)`);
  const inPipeline = await run(`${deep}pipeline default(task) { return [deep(510), try { deep(511) }] }`);
  assert.is(inPipeline.text, `[510, Result.Err(${OVERFLOW})]`);
});

test("mutual recursion, closures and functions that came in by a parameter count alike", async () => {
  await prints(
    `fn even(n) { if n == 0 { return true } else { let r = odd(n - 1)
    return r } }
fn odd(n) { if n == 0 { return false } else { let r = even(n - 1)
    return r } }
println(even(510))
println(try { even(512) })
fn apply(f, n) {
  if n == 0 { return f(0) }
  let r = apply(f, n - 1)
  return r
}
println(apply({ x -> x + 5 }, 509))
println(try { apply({ x -> x + 5 }, 511) })`,
    "true",
    `Result.Err(${OVERFLOW})`,
    "5",
    `Result.Err(${OVERFLOW})`,
  );
});

test("a callback and a method begin a new count; together they end at the limit of frames", async () => {
  await prints(
    `fn through(n) {
  if n == 0 { return 0 }
  return [n].map({ x -> through(x - 1) + 1 })[0]
}
println(through(2000))
struct Box { n: int }
impl Box {
  fn down(self) {
    if self.n == 0 { return 0 }
    return inner(self.n - 1) + 1
  }
}
fn inner(n) { return Box {n: n}.down() }
println(Box {n: 2000}.down())`,
    "2000",
    "2000",
  );
  const limited = await run(
    "fn through(n) { return [n].map({ x -> through(x + 1) })[0] }\nprintln(is_err(try { through(0) }))\nprintln(1)",
  );
  assert.is(limited.out, "true\n1\n");
  const small = await run("fn through(n) { return [n].map({ x -> through(x + 1) })[0] }\nthrough(0)", { limits: { frameDepth: 50 } });
  assert.ok(small.error?.startsWith(`Runtime error: ${OVERFLOW}`), small.error ?? "");
});

test("every way of calling back nests without the host's stack", async () => {
  const ways = [
    "[n].map({ x -> go(x - 1) })[0]",
    "[n].filter({ x -> go(x - 1) == 0 })[0]",
    "[n].sort_by({ x -> go(x - 1) })[0]",
    "[n].reduce(0, { acc, x -> go(x - 1) })",
    "[n].group_by({ x -> go(x - 1) }).keys()[0]",
    "{a: n}.map_values({ x -> go(x - 1) }).a",
    "set(n).map({ x -> go(x - 1) }).to_list()[0]",
    "iter([n]).map({ x -> go(x - 1) }).first()",
    "iter([n]).filter({ x -> go(x - 1) == 0 }).to_list()",
    "iter([n]).for_each({ x -> go(x - 1) })",
    "range(1).flat_map({ x -> [go(n - 1)] }).last()",
  ];
  for (const way of ways) {
    const ended = await run(`fn go(n) {\n  if n <= 0 { return 0 }\n  let r = ${way}\n  return 0\n}\nprintln(go(3000))`);
    assert.is(ended.error, null, `${way}\n${ended.rendered}`);
  }
});

// --- Tail calls ------------------------------------------------------------------------------------------------------------------------

test("a million tail calls", async () => {
  await prints(
    `fn down(n) {
  if n == 0 { return "done" }
  return down(n - 1)
}
println(down(1000000))
fn even(n) {
  if n == 0 { return true }
  return odd(n - 1)
}
fn odd(n) {
  if n == 0 { return false }
  return even(n - 1)
}
println(even(100000))
fn piped(n) {
  if n == 0 { return "piped" }
  return n - 1 |> piped
}
println(piped(100000))
fn sum(n, acc = 0) {
  for i in [n] {
    if i == 0 { return acc }
    return sum(i - 1, acc + i)
  }
}
println(sum(100000))
fn handed(f, n) {
  if n == 0 { return "handed" }
  return f(f, n - 1)
}
println(handed(handed, 100000))`,
    "done",
    "true",
    "piped",
    "5000050000",
    "handed",
  );
});

test("a call with something left to do is no tail call", async () => {
  for (const body of [
    "try { return go(n - 1) } catch (e) { throw e }",
    "try { return go(n - 1) } finally { nil }",
    "defer { nil }\nreturn go(n - 1)",
    "return 0 + go(n - 1)",
    "return deadline 1h { go(n - 1) }",
  ]) {
    const ended = await run(`fn go(n) {\nif n == 0 { return 0 }\n${body}\n}\nprintln(go(400))\nprintln(try { go(600) })`);
    assert.is(ended.error, null);
    assert.match(ended.out, /^0\nResult\.Err\(.*Stack overflow: too many nested calls/, body);
  }
});

test("a tail call in a try is protected", async () => {
  await prints(
    'fn bad() { throw "x" }\nfn safe() {\n  try { return bad() } catch (e) { return "caught " + e }\n}\nprintln(safe())',
    "caught x",
  );
});

test("tail-called frames are gone from the call stack of an error", async () => {
  const ended = await run(`fn bad(n) {
  return 1 / n
}
fn last(n) { return bad(n) }
fn outer(n) {
  let r = last(n)
  return r
}
outer(0)`);
  assert.equal(
    ended.rendered.split("\n").filter((line) => line.includes("note")),
    ["  = note: called from outer at main.harn:6", "  = note: called from pipeline at main.harn:9"],
  );
});

// --- Arguments -------------------------------------------------------------------------------------------------------------------------

test("missing arguments are nil, extra ones are ignored, the rest is a list", async () => {
  await prints(
    `fn f(a, b = a + 1, ...rest) { return [a, b, rest] }
println([f(1, 2), f(1, 2, 3, 4), f(1, nil)])
println(try { f() })
println(f(...[1]))
println(f(0, ...[1, 2, 3]))
fn g(a) { return a }
println([g(), g(1, 2, 3)])
let c = { a, b -> [a, b] }
println([c(), c(1), c(1, 2, 3)])`,
    "[[1, 2, []], [1, 2, [3, 4]], [1, nil, []]]",
    "Result.Err(Type error: Cannot add nil and int)",
    "[1, 2, []]",
    "[0, 1, [2, 3]]",
    "[nil, 1]",
    "[[nil, nil], [1, nil], [1, 2]]",
  );
});

test("hundreds of spread arguments leave the frames above intact", async () => {
  const ended = await run(`fn many(...xs) { return len(xs) }
fn deep(n, a, b) {
  let q = (a * b + 1.0) * 2.0 - a * b * 2.0
  if n == 0 { return q }
  let r = deep(n - 1, a, b)
  return r + q
}
for count in [10, 300, 3000] {
  let xs = range(count).to_list()
  println([many(...xs), len(set(...xs)), [xs].map({ ys -> many(...ys) })[0], deep(200, 1.5, 2.0)])
}`);
  assert.is(ended.error, null, ended.rendered);
  assert.is(ended.out, "[10, 10, 10, 402.0]\n[300, 300, 300, 402.0]\n[3000, 3000, 3000, 402.0]\n");
});

test("arguments are evaluated left to right, before the callee's name is looked up", async () => {
  await prints(
    `let seen = atomic(0)
fn note(n) { return atomic_set(seen, atomic_get(seen) * 10 + n) }
fn three(a, b, c) { return atomic_get(seen) }
println(three(note(1), note(2), note(3)))
println([note(4), note(5)].count)
println(atomic_get(seen))`,
    "123",
    "2",
    "12345",
  );
});

// --- Callbacks -------------------------------------------------------------------------------------------------------------------------

test("an error in a callback gains the line once for each boundary, and ends the builtin", async () => {
  await prints(
    `println(try { [3, 1, 2].sort_by({ x -> 1 / (x - 1) }) })
println(try { [1].map({ x -> [x].map({ y -> y / 0 }) }) })
println(try { [1].map({ x -> throw {at: x} }) })
println(try { {a: {}}.map_values({ v -> v.missing.deeper }) })
println(try { range(3).map({ x -> 6 / (x - 1) }).to_list() })
struct S { n: int }
impl S { fn bad(self) { return self.n / 0 } }
println(try { S {n: 1}.bad() })
println(try { [S {n: 1}].map({ s -> s.bad() }) })`,
    "Result.Err(Runtime error: Division by zero (line 1))",
    "Result.Err(Runtime error: Division by zero (line 2) (line 2))",
    "Result.Err({at: 1})",
    "Result.Err(Type error: cannot access property `deeper` on nil (line 4))",
    "Result.Err(Runtime error: Division by zero (line 5))",
    "Result.Err(Runtime error: Division by zero (line 7))",
    "Result.Err(Runtime error: Division by zero (line 7) (line 7))",
  );
  const uncaught = await run("[1].map({ x -> x / 0 })");
  assert.is(uncaught.error, "Runtime error: Division by zero (line 1) (line 1)");
});

test("a callback may return, wait, and end the loop around its builtin's caller", async () => {
  const ended = await run(`fn find(xs) {
  xs.map({ x ->
    if x == 2 { return "inner" }
    sleep(x)
    x
  })
  return xs.map({ x -> if x == 2 { return 20 } else { x } })
}
println(find([1, 2, 3]))
let order = [30, 10, 20].sort_by({ x ->
  sleep(x)
  0 - x
})
println(order)`);
  assert.is(ended.out, "[1, 20, 3]\n[30, 20, 10]\n");
  assert.is(ended.world.nowMs, 64);
});

test("builtins, references to them and closures are all callables; names in texts are not", async () => {
  await prints(
    `println([-1, 2].map(abs))
let f = abs
println([-1].map(f))
println(-3 |> f)
println(-3 |> "abs")
println(["abs"].map("abs"))
fn twice(x) { return x * 2 }
println(4 |> "twice")
println(try { 1 |> 2 })
println(try { 1 |> "nothing_such" })`,
    "[1, 2]",
    "[1]",
    "3",
    "3",
    "nil",
    "8",
    "Result.Err(Type error: cannot pipe into int)",
    "Result.Err(Undefined builtin: nothing_such)",
  );
});

test("methods: of a kind, of a struct, of a dict's entries, of none", async () => {
  await prints(
    `struct P { x: int }
impl P {
  fn double(self) { return P {x: self.x * 2} }
  fn plus(self, n = 1, ...rest) { return self.x + n }
}
let p = P {x: 3}
println([p.double(), p.plus(), p.plus(4), p.missing(1)])
let d = {n: 1, add: { a, b -> a + b }, count: 5}
println([d.add(1, 2), d.count(), d.missing()])
println([nil.anything(), 5.missing(), "x".missing()])
println([nil?.anything(), d?.add(3, 4)])`,
    "[P {x: 6}, 4, 7, nil]",
    "[3, 3, nil]",
    "[nil, nil, nil]",
    "[nil, 7]",
  );
});

// --- Names that are bound late ---------------------------------------------------------------------------------------------------------

test("a callee finds functions that are visible at its call, and only there", async () => {
  await prints(
    `fn caller() {
  fn helper() { return "nested" }
  let r = uses()
  return r
}
fn uses() { return helper() }
println(caller())
println(is_err(try { uses() }))
fn tail() {
  fn helper() { return "handed on" }
  return uses()
}
println(tail())
println(is_err(try { uses() }))
fn again() { return helper() }
println(is_err(try { again() }))`,
    "nested",
    "true",
    "handed on",
    "true",
    "true",
  );
});

test("data of the caller is never visible; a function's captures are a snapshot", async () => {
  await prints(
    `fn reads() { return hidden }
fn gives() {
  let hidden = 5
  return try { reads() }
}
println(is_err(gives()))
var n = 1
fn peek() { return n }
let bump = { -> n = n + 1 }
n = 7
bump()
bump()
println([peek(), n])
var fs = []
for i in 0 to 3 exclusive { fs = fs.push({ -> i }) }
println(fs.map({ f -> f() }))`,
    "true",
    "[1, 7]",
    "[0, 1, 2]",
  );
});

test.run();
