/** What ends or interrupts an execution: fuel, wall time, cancellation, deadlines; and the turns of the host's event loop. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PARKED } from "../../src/vm/native.ts";
import { builtin, type Ended, World, type WorldOptions } from "./world.ts";

async function run(text: string, options: WorldOptions = {}): Promise<Ended & { world: World }> {
  const world = new World(options);
  return { ...(await world.run(text)), world };
}

const fuel = (steps: number) => ({ limits: { fuelSteps: steps } });
const FUEL = /^fuel limit reached: more than \d+ steps$/;

// --- Fuel ------------------------------------------------------------------------------------------------------------------------------

test("a loop ends at the fuel limit, wherever it goes round", async () => {
  const loops = [
    "while true { }",
    "var n = 0\nwhile n >= 0 { n += 1 }",
    "for i in 0 to 9223372036854775806 { }",
    "for i in (0 to 9000000000000).iter() { }",
    "for i in iter(range(9000000000000)).filter({ x -> false }) { }",
    "fn forever() {\n  while true { yield 1 }\n}\nfor x in forever() { }",
    "fn round(n) { return round(n + 1) }\nround(0)",
    "retry 9000000000000 { throw 1 }",
    "range(9000000000000).for_each({ x -> x })",
    "range(9000000000000).map(abs).count()",
    "range(9000000000000).skip(8999999999999).first()",
    'let s = "abcdefghij".repeat(1000)\nwhile true { s.contains("zz") }',
    "let xs = range(1000).to_list()\nwhile true { xs.sum() }",
  ];
  for (const text of loops) {
    const ended = await run(text, fuel(100_000));
    assert.match(ended.error ?? `ended with ${ended.text}`, FUEL, text);
    assert.ok(ended.failure?.fatal, text);
  }
});

test("a builtin or an instruction that goes through many items pays for them", async () => {
  const preparing =
    "let xs = range(2000).to_list()\nlet d = xs.group_by({ x -> x })\nlet ys = xs\nfn times(f) { for i in 0 to 20 exclusive { f() } }\n";
  const works = [
    "xs.sort()",
    "xs.reverse()",
    "xs.unique()",
    "xs.contains(-1)",
    "xs.join()",
    "xs.chunk(3)",
    "xs.slice(0)",
    "[xs].flatten()",
    "xs + xs",
    "d + d",
    "xs[0:]",
    "[...xs]",
    "{...d}",
    "xs == [...ys]",
    "if xs != xs.slice(0) { nil }",
    "-1 in xs",
    "d.merge({a: 1})",
    "copied(xs)",
    "copied_dict(d)",
    "rest(xs)",
  ];
  const functions = `fn copied(xs) {
  var zs = xs
  zs[0] = 1
}
fn copied_dict(d) {
  var e = d
  e.a = 1
}
fn rest(xs) { let [a, ...more] = xs }
`;
  for (const work of works) {
    assert.is((await run(`${functions}${preparing}${work}`, fuel(60_000))).error, null, work);
    const ended = await run(`${functions}${preparing}times({ -> ${work} })`, fuel(40_000));
    assert.match(ended.error ?? `ended with ${ended.text}`, FUEL, work);
  }
});

test("the limit is never said to be passed before it is", async () => {
  // One step for the call of each callback, none for what is in it.
  const calls = (count: number) => `range(${count}).to_list().map({ x -> x })\nnil`;
  for (const limit of [100, 1000, 5000, 20_000]) {
    assert.is((await run("for i in 0 to 90 exclusive { }", fuel(100))).error, null);
    assert.is((await run(`for i in 0 to ${limit - 10} exclusive { }`, fuel(limit))).error, null, `loop of ${limit}`);
    assert.match((await run(`for i in 0 to ${limit + 10} exclusive { }`, fuel(limit))).error ?? "", FUEL, `loop of ${limit}`);
    assert.is((await run(calls(Math.floor(limit / 5)), fuel(limit))).error, null, `callbacks of ${limit}`);
    assert.match((await run(calls(limit * 2 + 10_000), fuel(limit))).error ?? "", FUEL, `callbacks of ${limit}`);
  }
});

test("what waits keeps the fuel that it did not use", async () => {
  const ended = await run("for i in 0 to 500 exclusive { sleep(1ms) }\nreturn 1", fuel(2000));
  assert.is(ended.error, null);
  assert.match((await run("while true { sleep(1ms) }", fuel(20_000))).error ?? "", FUEL);
});

// --- A fatal error is nobody's to catch ------------------------------------------------------------------------------------------------

test("no catch, finally, defer, try or retry sees the end of an execution", async () => {
  const text = `
fn work() {
  defer { println("deferred") }
  retry 3 {
    try {
      [1].map({ x ->
        try { while true { } } catch (e) { println("inner \${e}") } finally { println("finally") }
      })
    } catch (e) { println("caught \${e}") } finally { println("outer finally") }
  }
}
println(try { work() })`;
  const ended = await run(text, fuel(10_000));
  assert.match(ended.error ?? "", FUEL);
  assert.is(ended.world.out, "");
  const timed = await run(text, { tickMs: 1, limits: { wallMs: 50 } });
  assert.is(timed.error, "time limit reached: more than 50 ms");
  assert.is(timed.world.out, "");
});

test("exit ends everything without running anything more", async () => {
  const ended = await run('defer { println("deferred") }\ntry { [1].map({ x -> exit(3) }) } finally { println("finally") }');
  assert.is(ended.failure?.exitCode, 3);
  assert.is(ended.world.out, "");
});

// --- Wall time -------------------------------------------------------------------------------------------------------------------------

test("wall time ends a busy script, a waiting one, and one that waits again and again", async () => {
  const limits = { wallMs: 1000 };
  const never = builtin("never", 0, (ctx) => ctx.parkOn(() => new Promise(() => undefined)));
  for (const [text, options] of [
    ["while true { }", { tickMs: 1 }],
    ["range(9000000000000).map(abs).count()", { tickMs: 1 }],
    ["sleep(1h)", {}],
    ["while true { sleep(10ms) }", {}],
    ["never()", { builtins: [never] }],
    ["try { sleep(1h) } catch (e) { println(e) } finally { println(1) }", {}],
  ] as const) {
    const ended = await run(text, { ...options, limits });
    assert.is(ended.error, "time limit reached: more than 1000 ms", text);
    assert.is(ended.world.out, "");
    assert.ok(ended.world.nowMs >= 1000 && ended.world.nowMs < 1100, `${text} at ${ended.world.nowMs}`);
  }
  assert.is((await run("sleep(999ms)\nreturn 1", { limits })).error, null);
});

// --- Cancellation ----------------------------------------------------------------------------------------------------------------------

const CANCELLED = "Thrown: kind:cancelled:VM cancelled by host";

test("the host cancels a busy script at its next turn", async () => {
  for (const text of [
    "while true { }",
    "while true { try { while true { } } catch { } }",
    "range(9000000000000).for_each({ x -> x })",
    "range(9000000000000).map(abs).count()",
    "for x in (0 to 9000000000000).iter() { }",
  ]) {
    const world = new World({ tickMs: 1 });
    world.onTurn = () => world.instance?.machine.cancel();
    const ended = await world.run(text);
    assert.is(ended.error, CANCELLED, text);
    assert.ok(ended.failure?.fatal);
    assert.is(world.turns, 1, text);
  }
});

test("the host cancels a waiting script at once, and what it waited for is given up", async () => {
  let aborted = 0;
  const hold = builtin("hold", 0, (ctx) =>
    ctx.parkOn(
      (signal) =>
        new Promise(() => {
          signal.addEventListener("abort", () => aborted++);
        }),
    ),
  );
  for (const wait of ["hold()", "sleep(1h)", "[1].map({ x -> hold() })", "range(1).map({ x -> hold() }).count()"]) {
    const world = new World({ builtins: [hold] });
    world.later(70, () => world.instance?.machine.cancel());
    const ended = await world.run(`defer { println("deferred") }\ntry { ${wait} } catch (e) { println(e) } finally { println(1) }`);
    assert.is(ended.error, CANCELLED, wait);
    assert.is(world.out, "");
    assert.is(world.nowMs, 70, wait);
  }
  assert.is(aborted, 3);
});

test("a cancelled script cannot wait any more, and an answer that comes too late is nobody's", async () => {
  const stop = builtin("stop", 0, () => {
    world.instance?.machine.cancel();
    return null;
  });
  const world = new World({ builtins: [stop] });
  const ended = await world.run('stop()\nprintln("still here")\nsleep(1ms)\nprintln("never")');
  assert.is(ended.error, CANCELLED);
  assert.is(world.out, "still here\n");

  let answer: ((value: number) => void) | null = null;
  const late = builtin("late", 0, (ctx) => ctx.parkOn(() => new Promise((resolve) => (answer = resolve))));
  const other = new World({ builtins: [late] });
  other.later(5, () => other.instance?.machine.cancel());
  assert.is((await other.run("late()")).error, CANCELLED);
  (answer as unknown as (value: number) => void)(1);
  await new Promise((resolve) => setImmediate(resolve));
  assert.is(other.instance?.machine.fiber.state, "done");
});

test("to cancel before the start, twice, or after the end changes nothing else", async () => {
  const world = new World();
  const instance = world.prepare(world.compile("sleep(1s)\nreturn 1"));
  const running = instance.run();
  instance.machine.cancel();
  instance.machine.cancel();
  assert.ok((await running).error?.fatal);
  const done = new World();
  const ended = await done.run("return 5");
  done.instance?.machine.cancel();
  assert.is(ended.text, "5");
});

// --- Deadlines -------------------------------------------------------------------------------------------------------------------------

test("a deadline throws in a busy loop, in callbacks and in builtins", async () => {
  for (const body of [
    "while true { }",
    "for i in 0 to 9223372036854775806 { }",
    "range(9000000000000).for_each({ x -> x })",
    "range(9000000000000).map(abs).count()",
    "for x in (0 to 9000000000000).iter() { }",
    "fn spin(n) { return spin(n + 1) }\nspin(0)",
  ]) {
    const ended = await run(`let r = try { deadline 20ms { ${body} } }\nreturn [r, error_category(r.fields[0])]`, { tickMs: 1 });
    assert.is(ended.text, "[Result.Err(Deadline exceeded), timeout]", body);
  }
});

test("a deadline ends a wait at its time, and gives up what was waited for", async () => {
  let aborted = 0;
  const hold = builtin("hold", 0, (ctx) => ctx.parkOn((signal) => new Promise(() => signal.addEventListener("abort", () => aborted++))));
  for (const wait of ["sleep(1h)", "hold()", "[1].map({ x -> sleep(1h) })", "while true { sleep(3ms) }", "sleep(0)\nsleep(1h)"]) {
    const ended = await run(`let r = try { deadline 20ms { ${wait} } }\nprintln(r)`, { builtins: [hold] });
    assert.is(ended.world.out, "Result.Err(Deadline exceeded)\n", wait);
    assert.is(ended.world.nowMs, wait.startsWith("while") ? 20 : 20, wait);
  }
  assert.is(aborted, 1);
});

test("a deadline that passed does not let its fiber wait again", async () => {
  const slow = builtin("compute", 1, (_ctx, ms) => {
    world.nowMs += Number(ms);
    return null;
  });
  const world = new World({ builtins: [slow] });
  const ended = await world.run(`
let r = try { deadline 20ms {
  compute(30)
  sleep(0)
  "late"
} }
return r`);
  assert.is(ended.text, "Result.Err(Deadline exceeded)");
});

test("the limit of a deadline: durations, ints, anything else is 30 seconds, negative is none", async () => {
  const limit = (given: string) => `try { deadline (${given}) { sleep(40s) } }`;
  for (const [given, ms] of [
    ["15ms", 15],
    ["15", 15],
    ["nil", 30_000],
    ['"1ms"', 30_000],
    ["0 - 5", 0],
  ] as const) {
    const ended = await run(limit(given));
    assert.is(ended.world.nowMs, ms, given);
  }
});

test("a deadline is over on every way out of its block", async () => {
  const text = `
fn by_value() { return deadline 10ms { 1 } }
fn by_return() { deadline 10ms { return 2 } }
fn by_break() { for i in [1, 2] { deadline 10ms { break } }
  return 3 }
fn by_continue() { for i in [1, 2] { deadline 10ms { continue } }
  return 4 }
fn by_throw() { return try { deadline 10ms { throw 5 } } }
fn by_callee() { return try { deadline 10ms { by_error() } } }
fn by_error() { return 1 / 0 }
fn by_question() {
  deadline 10ms { Err("e")? }
  return 7
}
fn by_nested() { return deadline 10ms { deadline 5ms { 6 } } }
fn by_finally() { try { deadline 10ms { return 8 } } finally { sleep(50ms) } }
fn by_callback() { return [1].map({ x -> deadline 10ms { x } }) }
fn by_catch() {
  deadline 1h {
    try { deadline 10ms { sleep(1s) } } catch (e) { sleep(100ms) }
    sleep(100ms)
  }
  return 9
}
for f in [by_value, by_return, by_break, by_continue, by_throw, by_callee, by_question, by_nested, by_finally, by_callback, by_catch] {
  println([0].map({ x -> f() })[0])
  sleep(100ms)
}`;
  const { error, world } = await run(text.replaceAll("println([0].map({ x -> f() })[0])", "println(nil |> f)"));
  assert.is(error, null);
  assert.is(world.out, "1\n2\n3\n4\nResult.Err(5)\nResult.Err(Division by zero)\nResult.Err(e)\n6\n8\n[1]\n9\n");
});

test("only the innermost deadline counts; a shorter outer one fires behind the inner block", async () => {
  const ended = await run(`
let r = try { deadline 10ms {
  let inner = deadline 1h {
    sleep(50ms)
    "inner done"
  }
  println(inner)
  sleep(1ms)
  println("never")
} }
println(r)`);
  assert.is(ended.world.out, "inner done\nResult.Err(Deadline exceeded)\n");
  assert.is(ended.world.nowMs, 50);
});

test("a generator's deadline holds for the generator, not for its consumer", async () => {
  const { error, world } = await run(`
fn items() {
  yield 1
  deadline 10ms {
    yield 2
    yield 3
  }
  yield 4
}
for x in items() {
  println(x)
  sleep(8ms)
}
fn slow() {
  yield 1
  sleep(1h)
  yield 2
}
println(try { deadline 10ms { slow().iter().to_list() } })`);
  assert.is(error, null);
  assert.is(world.out, "1\n2\n3\n4\nResult.Err(Deadline exceeded)\n");
});

test("a deadline of a function that was left by an error counts no more for its caller", async () => {
  const { world } = await run(`
fn inner() { deadline 5ms { [1].map({ x -> throw "e" }) } }
println(try { inner() })
sleep(50ms)
deadline 20ms {
  println(try { inner() })
  println(try { sleep(50ms) })
}`);
  assert.is(world.out, "Result.Err(e)\nResult.Err(e)\nResult.Err(Deadline exceeded)\n");
});

// --- Turns -----------------------------------------------------------------------------------------------------------------------------

const BUSY = `
let seen = []
fn items(n) {
  for i in 0 to n exclusive { yield i }
}
var total = 0
for x in items(3000) { total += x }
println(total)
println(range(3000).map({ x -> x % 7 }).filter({ x -> x > 2 }).sum())
println(range(3000).to_list().sort_by({ x -> (x * 7919) % 3001 }).slice(0, 5))
println(range(20000).map(abs).count())
for i in 0 to 20 exclusive {
  sleep(i % 3)
  total += i
}
println(try { deadline 1h { range(5000).to_list().map({ x -> [x].map({ y -> y * 2 })[0] }).sum() } })
println(total)`;

test("the host's event loop gets its turns, and they change nothing", async () => {
  const quiet = await run(BUSY);
  assert.is(quiet.error, null);
  for (const tickMs of [0.5, 13, 1000]) {
    const busy = await run(BUSY, { tickMs });
    assert.ok(busy.world.turns > quiet.world.turns + 3, `${busy.world.turns} turns with ${tickMs}`);
    assert.is(busy.world.out, quiet.world.out);
    assert.is(busy.error, null);
  }
});

test("a script that makes way for the host goes on before any other", async () => {
  const order: string[] = [];
  const note = builtin("note", 1, (_ctx, text) => {
    order.push(String(text));
    return null;
  });
  const world = new World({ tickMs: 20, builtins: [note] });
  const program = world.compile(`
fn work(name) {
  note("begin \${name}")
  for i in 0 to 20000 exclusive { }
  range(20000).for_each({ x -> x })
  note("end \${name}")
}`);
  const instance = world.prepare(program);
  await instance.run();
  await Promise.all(["a", "b", "c"].map((name) => instance.call("work", [name])));
  assert.ok(world.turns > 5);
  assert.equal(order, ["begin a", "end a", "begin b", "end b", "begin c", "end c"]);
});

test("what a wait throws while it begins leaves nothing behind", async () => {
  const broken = builtin("broken", 0, (ctx) =>
    ctx.parkOn(() => {
      throw new Error("cannot begin");
    }),
  );
  const parked = builtin("at_once", 0, (ctx) => {
    ctx.park((wake) => wake.done(7));
    return PARKED;
  });
  const { world } = await run("println(try { broken() })\nsleep(1ms)\nprintln(at_once())", { builtins: [broken, parked] });
  assert.is(world.out, "Result.Err(Runtime error: cannot begin)\n7\n");
});

test.run();
