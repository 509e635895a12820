/** Errors on their way: what catch sees, what runs on the way out, and how an uncaught one is shown. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Ended, World } from "./world.ts";

async function run(text: string): Promise<Ended & { out: string }> {
  const world = new World();
  const ended = await world.run(text);
  return { ...ended, out: world.out };
}

async function prints(text: string, ...lines: string[]): Promise<void> {
  const ended = await run(text);
  assert.is(ended.error, null, ended.rendered);
  assert.is(ended.out, lines.map((line) => `${line}\n`).join(""));
}

// --- What catch sees -------------------------------------------------------------------------------------------------------------------

test("a thrown value as it is, everything else as text without a suffix", async () => {
  const world = new World();
  await world.run(`fn kinds() {
  for f in [0, 1, 2, 3, 4, 5, 6, 7] {
    try {
      if f == 0 { throw 5 }
      if f == 1 { throw {a: [1]} }
      if f == 2 { throw nil }
      if f == 3 { 1 / 0 }
      if f == 4 { nil.p }
      if f == 5 { unwrap(Err("e")) }
      if f == 6 { assert(false) }
      if f == 7 { require false, [1] }
    } catch (e) {
      println([type_of(e), e])
    }
  }
}
kinds()`);
  assert.is(
    world.out,
    [
      "[int, 5]",
      "[dict, {a: [1]}]",
      "[nil, nil]",
      "[string, Division by zero]",
      "[string, Type error: cannot access property `p` on nil]",
      "[string, Runtime error: unwrap called on Err: e]",
      "[string, Assertion failed]",
      "[list, [1]]",
      "",
    ].join("\n"),
  );
});

test("a typed catch takes its enum's values alone; others go on to the next", async () => {
  await prints(
    `enum Net { Down, Slow(int) }
enum Disk { Full }
fn tried(e) {
  try {
    try { throw e } catch (d: Disk) { return ["disk", d] }
  } catch (n: Net) { return ["net", n] }
}
println(tried(Net.Slow(3)))
println(tried(Disk.Full))
println(try { tried("text") })
println(try { tried(Ok(1)) })`,
    "[net, Net.Slow(3)]",
    "[disk, Disk.Full]",
    "Result.Err(text)",
    "Result.Err(Result.Ok(1))",
  );
});

test("try gives a Result, ? leaves with an Err, try* throws what catch would see", async () => {
  await prints(
    `println([try { 1 }, try { Ok(2) }, try { Err(3) }, try { throw 4 }, try { nil }])
fn first(r) { return r? + 1 }
println([first(Ok(1)), first(Err("e"))])
println(try { first(5) })
fn star(f) { return try* inner(f) }
fn inner(f) {
  if f { throw {a: 1} }
  return 1 / 0
}
println(try { star(true) })
println(try { star(false) })
let c = { r -> [r?] }
println([c(Ok(1)), c(Err(2))])`,
    "[Result.Ok(1), Result.Ok(2), Result.Err(3), Result.Err(4), Result.Ok(nil)]",
    "[2, Result.Err(e)]",
    "Result.Err(Type error: ? operator requires a Result value, got int)",
    "Result.Err({a: 1})",
    "Result.Err(Division by zero)",
    "[[1], Result.Err(2)]",
  );
});

// --- What runs on the way out ------------------------------------------------------------------------------------------------------------

test("finally exactly once on every way out, innermost first", async () => {
  await prints(
    `fn note(x) { println(x) }
fn way(n) {
  for i in [1, 2] {
    try {
      try {
        if n == 0 { return "return" }
        if n == 1 { break }
        if n == 2 { continue }
        if n == 3 { throw "thrown" }
        if n == 4 { Err("question")? }
        if n == 5 { note_error() }
        "fell through"
      } finally { println("inner \${n}") }
    } catch (e) {
      println("caught \${e}")
      break
    } finally { println("outer \${n}") }
  }
  return "end"
}
fn note_error() { return 1 / 0 }
for n in 0 to 5 { println(way(n)) }`,
    ...["inner 0", "outer 0", "return"],
    ...["inner 1", "outer 1", "end"],
    ...["inner 2", "outer 2", "inner 2", "outer 2", "end"],
    ...["inner 3", "caught thrown", "outer 3", "end"],
    ...["inner 4", "outer 4", "Result.Err(question)"],
    ...["inner 5", "caught Division by zero", "outer 5", "end"],
  );
});

test("defer runs last first, after the result is computed, on every way out", async () => {
  await prints(
    `fn way(n) {
  var x = 1
  defer { println("first \${x}") }
  defer { println("second \${x}") }
  x = 2
  if n == 0 { return x }
  if n == 1 { throw "t" }
  if n == 2 { [1].map({ y -> y / 0 }) }
  x = 3
}
for n in 0 to 3 { println(try { way(n) }) }`,
    ...["second 2", "first 2", "Result.Ok(2)"],
    ...["second 2", "first 2", "Result.Err(t)"],
    ...["second 2", "first 2", "Result.Err(Runtime error: Division by zero (line 8))"],
    ...["second 3", "first 3", "Result.Ok(nil)"],
  );
});

test("leaving a finally or defer replaces what was pending", async () => {
  await prints(
    `fn a() { try { return 1 } finally { return 2 } }
fn b() { try { throw "lost" } finally { return 3 } }
fn c() {
  for i in [1, 2] {
    try { return i } finally { continue }
  }
  return "went on"
}
fn d() { try { throw "first" } finally { throw "second" } }
println([a(), b(), c(), try { d() }])`,
    "[2, 3, went on, Result.Err(second)]",
  );
});

test("retry: attempts, the last error, and return", async () => {
  await prints(
    `var n = 0
retry 3 {
  n += 1
  if n < 3 { throw "again" }
}
println(n)
var m = 0
println(try { retry 2 {
  m += 1
  throw "attempt \${m}"
} })
fn leaves() { retry 5 { return "left" } }
println(leaves())
var k = 0
println(try { retry 0 {
  k += 1
  1 / 0
} })
println(k)`,
    "3",
    "Result.Err(attempt 2)",
    "left",
    "Result.Err(Division by zero)",
    "1",
  );
});

// --- Uncaught --------------------------------------------------------------------------------------------------------------------------

async function uncaught(text: string, rendered: string): Promise<void> {
  assert.is((await run(text)).rendered, rendered);
}

test("an uncaught error: text, place, carets, and a note for each call", async () => {
  await uncaught(
    "fn half(n) {\n  return n / 0\n}\nfn main() {\n  let x = half(3)\n  return x\n}\nmain()",
    `error: Runtime error: Division by zero (line 2)
  --> main.harn:2:14
   |
 2 |   return n / 0
   |              ^
  = note: called from main at main.harn:5
  = note: called from pipeline at main.harn:8
`,
  );
});

test("frames outside a boundary are not listed; closures by name are", async () => {
  const ended = await run(`fn outer() {
  let r = [0].map({ x -> inner(x) + 1 })
  return r
}
fn inner(x) {
  let f = { y -> 1 / y }
  let r = f(x)
  return r
}
outer()`);
  assert.is(ended.error, "Runtime error: Division by zero (line 6) (line 6)");
  assert.equal(
    ended.rendered.split("\n").filter((line) => line.includes("note")),
    ["  = note: called from inner at main.harn:7", "  = note: called from pipeline at main.harn:2"],
  );
});

test("thrown values show their display, and have their place", async () => {
  const ended = await run('let a = 1\nthrow {why: "broken", at: [1]}');
  assert.is(ended.error, "Thrown: {at: [1], why: broken}");
  assert.match(ended.rendered, /--> main\.harn:2:/);
  assert.is((await run('throw_error("slow down", "rate_limit")')).error, "Thrown: {category: rate_limit, message: slow down}");
});

test("the place of an error that was caught and thrown again is the new one's; one that only passes keeps its own", async () => {
  const again = await run("fn f() {\n  1 / 0\n}\ntry {\n  f()\n} catch (e) {\n  throw e\n}");
  assert.is(again.error, "Thrown: Division by zero");
  assert.match(again.rendered, /--> main\.harn:7:/);
  const passing = await run("fn f() {\n  1 / 0\n}\ntry {\n  f()\n} finally {\n  nil\n}");
  assert.match(passing.error ?? "", /Division by zero/);
  assert.match(passing.rendered, /--> main\.harn:2:/);
});

test("an error in a default, a guard, an interpolation, a pattern has its place", async () => {
  const places: Record<string, string> = {
    "fn f(a = 1 / 0) { return a }\nf()": "1:14",
    'let a = "x ${1 / 0} y"': "1:18",
    "let {a} = 5": "1:11",
    "let [a] = {}": "1:11",
    "var xs = [1]\nxs[5] = 2": "2:4",
    "fn f() { return nil.a.b }\nf()": "1:17",
    "[1, 2][nil]": "1:8",
    "range(3)[7]": "1:10",
    "for (a, b) in [1] { nil }": "1:16",
  };
  const found: Record<string, string> = {};
  for (const text of Object.keys(places)) {
    const { rendered } = await run(text);
    found[text] = /--> main\.harn:(\d+:\d+)/.exec(rendered)?.[1] ?? rendered;
  }
  assert.equal(found, places);
});

test.run();
