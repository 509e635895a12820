/** Tasks in a world with a simulated clock: what runs when, what is shared, and what ends with what. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { NativeContext } from "../../src/vm/native.ts";
import { builtin, type Ended, World, type WorldOptions } from "./world.ts";

async function run(script: string, options: WorldOptions = {}): Promise<Ended & { out: string[]; world: World }> {
  const world = new World(options);
  const ended = await world.run(script);
  return { ...ended, out: world.out.split("\n").slice(0, -1), world };
}

/** Runs a script that must end well. */
async function lines(script: string, options: WorldOptions = {}): Promise<string[]> {
  const { out, error } = await run(script, options);
  assert.is(error, null);
  return out;
}

// --- What runs when ------------------------------------------------------------------------------------------------------------------

test("a task runs when its creator waits, and tasks run in the order of their creation", async () => {
  const script = `
let log = channel("log")
let a = spawn { send(log, "a") }
let b = spawn { send(log, "b") }
send(log, "main")
await(b)
close_channel(log)
for line in log { println(line) }`;
  assert.equal(await lines(script), ["main", "a", "b"]);
});

test("sleepers wake by time, and equal times in order of creation", async () => {
  const script = `
let log = channel("log")
parallel each [30, 10, 20, 10] { ms ->
  sleep(ms)
  send(log, ms)
}
close_channel(log)
println(log.iter().to_list())
println(timestamp())`;
  assert.equal(await lines(script), ["[10, 10, 20, 30]", "1000000000.03"]);
});

test("a cap starts the next task when one ends, in order of the items", async () => {
  const script = `
let log = channel("log")
println(parallel each [5, 30, 5, 5] with { max_concurrent: 2 } { ms ->
  send(log, "start \${ms}")
  sleep(ms)
  send(log, "end \${ms}")
  ms
})
close_channel(log)
println(log.iter().to_list().join(", "))`;
  assert.equal(await lines(script), ["[5, 30, 5, 5]", "start 5, start 30, end 5, start 5, end 5, start 5, end 5, end 30"]);
});

test("the same script runs the same way every time", async () => {
  const script = `
let log = channel("log", 1000)
let c = channel("c", 2)
parallel 12 { i ->
  for k in 0 to 5 {
    sleep((i * 7 + k * 5) % 11)
    if i % 3 == 0 { send(c, i) } else { if i % 3 == 1 { send(log, receive(c)) } else { mutex { sleep(1) } } }
    send(log, "\${i}.\${k}")
    if i % 3 == 2 { try_receive(c) }
  }
  if i == 11 { sleep(500)
 close_channel(c) }
}
close_channel(log)
println(log.iter().to_list().join(" "))`;
  const first = await lines(script);
  assert.is((first[0] as string).split(" ").length >= 72, true);
  for (let i = 0; i < 3; i++) assert.equal(await lines(script), first);
});

// --- What is shared ------------------------------------------------------------------------------------------------------------------

test("a task has copies, which neither it nor others see changed", async () => {
  const script = `
var xs = [1]
var d = {n: 1}
let h = spawn {
  xs = xs.push(2)
  d.n = 5
  sleep(10)
  xs = xs.push(3)
  [xs, d]
}
xs = xs.push(9)
sleep(5)
xs[0] = 7
d.n += 1
println(await(h))
println([xs, d])
var total = 0
let sums = parallel 3 with { max_concurrent: 1 } { i ->
  total += i + 1
  total
}
println([sums, total])`;
  assert.equal(await lines(script), ["[[1, 2, 3], {n: 5}]", "[[7, 9], {n: 2}]", "[[1, 2, 3], 0]"]);
});

test("a task finds the functions that its creator could call", async () => {
  const script = `
fn outer() {
  fn even(n) { return n == 0 ? true : odd(n - 1) }
  fn odd(n) { return n == 0 ? false : even(n - 1) }
  let h = spawn { even(10) }
  return [await(h), parallel each [3, 4] { n -> odd(n) }]
}
println(outer())
fn early() { return await(spawn { late(4) }) }
fn late(n) { return n * n }
println(early())`;
  assert.equal(await lines(script), ["[true, [true, false]]", "16"]);
});

test("a value that is sent is nobody else's to change", async () => {
  const script = `
let c = channel("c")
var xs = [1]
send(c, xs)
xs[0] = 2
var got = receive(c)
got[0] = 3
println([xs, got])
let r = await(spawn { xs })
xs[0] = 5
println(r)`;
  assert.equal(await lines(script), ["[[2], [3]]", "[2]"]);
});

// --- What ends with what -------------------------------------------------------------------------------------------------------------

test("what the program did not wait for is dropped when it ends", async () => {
  const { out, world, error } = await run('spawn { println("a") }\nspawn { sleep(1000)\n println("b") }\nprintln("end")');
  assert.equal([out, error, world.nowMs], [["end"], null, 0]);
});

test("a task that ends takes along what it started", async () => {
  const script = `
let n = atomic(0)
let work = { -> sleep(20)
 atomic_add(n, 1) }
await(spawn { spawn { work() } })
try { await(spawn { spawn { work() }
 throw "x" }) } catch (e) { println(e) }
let h = spawn { spawn { work() }
 sleep(5)
 parallel 3 { work() } }
sleep(10)
cancel(h)
sleep(100)
println(atomic_get(n))`;
  assert.equal(await lines(script), ["x", "0"]);
});

test("a deadline that passes while the task waits ends its tasks, and nobody is woken later", async () => {
  const script = `
let n = atomic(0)
let c = channel("c")
let log = channel("log")
let other = spawn { sleep(100)
 atomic_add(n, 1) }
for wait in [{ -> receive(c) }, { -> sleep(50) }, { -> parallel 2 { sleep(50)
 atomic_add(n, 1) } }, { -> channel_select([c]) }, { -> for v in c { nil } }] {
  println(try { deadline 10ms { wait() } })
}
send(c, "kept")
println(receive(c))
println(await(other))
sleep(500)
println(atomic_get(n))`;
  const expired = "Result.Err(Deadline exceeded)";
  assert.equal(await lines(script), [expired, expired, expired, expired, expired, "kept", "nil", "0"]);
});

test("a limit that a task reaches ends the execution, and nobody can catch it", async () => {
  const loop = "while true { nil }";
  const fuel = await run(`try { await(spawn { parallel 1 { ${loop} } }) } catch (e) { println("caught") }`, {
    limits: { fuelSteps: 20_000 },
  });
  assert.equal([fuel.out, fuel.error], [[], "fuel limit reached: more than 20000 steps"]);
  const tasks = await run('try { parallel 11 { sleep(1) } } catch (e) { println("caught") }', { limits: { tasks: 10 } });
  assert.equal([tasks.out, tasks.error], [[], "task limit reached: more than 10 tasks at once"]);
  const capped = await run("println((parallel 50 with { max_concurrent: 5 } { i -> sleep(1)\n i }).sum())", { limits: { tasks: 10 } });
  assert.equal([capped.out, capped.error], [["1225"], null]);
});

test("exit in a task ends the program", async () => {
  const { failure, out } = await run(
    'defer { println("deferred") }\nlet h = spawn { parallel 1 { exit(3) } }\ntry { await(h) } catch (e) { println(e) }',
  );
  assert.equal([failure?.exitCode, out], [3, []]);
});

test("the host cancels all tasks", async () => {
  const world = new World();
  world.later(5, () => world.instance?.machine.cancel());
  const { error } = await world.run(
    "let h = spawn { try { sleep(1000) } catch (e) { println(e) } }\ntry { await(h) } catch (e) { println(e) }",
  );
  assert.equal([error, world.out], ["Thrown: kind:cancelled:VM cancelled by host", ""]);
});

test("tasks that wait for each other are told so", async () => {
  const { error } = await run('let c = channel("c")\nlet h = spawn { receive(c) }\nawait(h)');
  assert.is(error, "every task waits for another one: nothing can go on");
});

test("tasks within tasks cost no host stack, whether they return, fail or are ended", async () => {
  const script = `
fn deep(n, end) { return n > 0 ? await(spawn { deep(n - 1, end) }) : end() }
println(deep(5000, { -> "bottom" }))
println(len(try { deep(5000, { -> 1 / 0 }) }.fields[0]) > 5000)
println(try { deadline 1s { deep(5000, { -> receive(channel("never")) }) } })
println(try { deadline 1s { parallel 20000 { receive(channel("never")) } } })
let many = spawn { parallel 20000 { sleep(1000) } }
sleep(1)
cancel(many)
println(await(spawn { "still here" }))`;
  const expired = "Result.Err(Deadline exceeded)";
  assert.equal(await lines(script), ["bottom", "true", expired, expired, "still here"]);
});

// --- Errors --------------------------------------------------------------------------------------------------------------------------

test("an error that is not the script's own value gains a line for each boundary", async () => {
  const script = `
let h = spawn {
  await(spawn {
    1 / 0
  })
}
println(try { await(h) })
println(try { await(spawn { await(spawn { throw {code: 1} }) }) })`;
  assert.equal(await lines(script), ["Result.Err(Runtime error: Division by zero (line 4) (line 3))", "Result.Err({code: 1})"]);
});

test("all members of a group run to their end, and the lowest failure is raised", async () => {
  const script = `
let log = channel("log")
println(try {
  parallel 4 { i ->
    println("out \${i}")
    sleep(10 * (4 - i))
    send(log, i)
    if i > 0 { throw "bad \${i}" }
  }
})
close_channel(log)
println(log.iter().to_list())`;
  assert.equal(await lines(script), ["out 0", "Result.Err(bad 1)", "[3, 2, 1, 0]"]);
});

// --- Cancellation --------------------------------------------------------------------------------------------------------------------

test("a cancelled sleeper wakes at once, and a receiver after a while", async () => {
  const script = `
let t0 = now_ms()
let sleeper = spawn { try { sleep(60s) } catch (e) { "woken: \${e}" } }
let receiver = spawn { try { receive(channel("never")) } catch (e) { "woken: \${e}" } }
sleep(1)
println(cancel_graceful(sleeper))
println(now_ms() - t0)
println(cancel_graceful(receiver))
println(now_ms() - t0)`;
  const woken = "Result.Ok(woken: kind:cancelled:VM cancelled by host)";
  assert.equal(await lines(script), [woken, "1", woken, "251"]);
});

test("a task that computes on is ended, one that only waits is aborted at the timeout", async () => {
  const script = `
let t0 = now_ms()
let busy = spawn { while true { try { for i in 0 to 1000000 { nil } } catch (e) { nil } } }
println(cancel_graceful(busy))
let c = channel("c")
let deaf = spawn {
  while true { try { receive(c) } catch (e) { nil } }
}
sleep(1)
println(cancel_graceful(deaf, 600))
println(now_ms() - t0)`;
  const cancelled = "Result.Err(Thrown: kind:cancelled:VM cancelled by host)";
  assert.equal(await lines(script), [cancelled, "Result.Err(cancel_graceful: timeout, task forcefully aborted)", "601"]);
});

test("parallel bodies share the cancel flag of the task that started them", async () => {
  const script = `
let up = channel("up")
let h = spawn {
  parallel settle [1, 2] { x ->
    send(up, x)
    try { sleep(10s) } catch (e) { "\${x} \${is_cancelled()}" }
  }
}
receive(up)
println(cancel_graceful(h))
println(is_cancelled())`;
  assert.equal(await lines(script), ["Result.Ok({failed: 0, results: [Result.Ok(1 true), Result.Ok(2 true)], succeeded: 2})", "false"]);
});

test("an aborted wait leaves no trace in what was waited for", async () => {
  const script = `
let c = channel("c", 1)
let gone = [spawn { receive(c) }, spawn { for v in c { nil } }, spawn { select { v from c { nil } } }]
sleep(1)
for h in gone { cancel(h) }
send(c, 1)
let stuck = spawn { send(c, 2) }
sleep(1)
cancel(stuck)
println([receive(c), try_receive(c)])
let p = sync_mutex_acquire("m")
let waiting = spawn { sync_mutex_acquire("m") }
sleep(1)
cancel(waiting)
sync_release(p)
println(sync_mutex_acquire("m", 0))`;
  assert.equal(await lines(script), ["[1, nil]", "<sync_permit:mutex:m>"]);
});

// --- mutex ---------------------------------------------------------------------------------------------------------------------------

test("a mutex block is left on every way out", async () => {
  const script = `
fn free() { return sync_metrics("mutex", "__default__").current_held == 0 }
fn by_return() { mutex { return 1 } }
by_return()
println(free())
for i in [1, 2] { mutex { if i == 1 { continue }
 break } }
println(free())
try { mutex { throw "x" } } catch (e) { nil }
println(free())
try { mutex { [1].map({ x -> 1 / 0 }) } } catch (e) { nil }
println(free())
let h = spawn { mutex { sleep(1000) } }
sleep(1)
println(free())
cancel(h)
println(free())
try { deadline 5ms { mutex { sleep(50) } } } catch (e) { nil }
println(free())`;
  assert.equal(await lines(script), ["true", "true", "true", "true", "false", "true", "true"]);
});

test("a task that ends gives back its permits", async () => {
  const script = `
let h = spawn { sync_mutex_acquire("m")
 sleep(10) }
sleep(1)
println(sync_mutex_acquire("m", 0))
let t0 = now_ms()
println(sync_mutex_acquire("m"))
println(now_ms() - t0)`;
  assert.equal(await lines(script), ["nil", "<sync_permit:mutex:m>", "9"]);
});

// --- select --------------------------------------------------------------------------------------------------------------------------

test("select prefers the first arm, whoever sent first", async () => {
  const script = `
let a = channel("a")
let b = channel("b")
spawn { send(b, 1)
 send(a, 2) }
select {
  x from a { println("a \${x}") }
  y from b { println("b \${y}") }
}
let v = { ->
  select {
    x from a { x }
    y from b { y * 100 }
    timeout 1s { "late" }
  }
}
println([v(), v()])
println(timestamp())`;
  assert.equal(await lines(script), ["a 2", "[100, late]", "1000000001.0"]);
});

test("the arms of a select belong to the function around it", async () => {
  const script = `
let c = channel("c")
fn drain() {
  var seen = []
  while true {
    select {
      x from c {
        if x < 0 { return seen }
        if x % 2 == 1 { continue }
        seen = seen.push(x)
      }
      timeout 5 { break }
    }
  }
  return seen.push("timeout")
}
for x in [1, 2, 3, 4, -1, 6] { send(c, x) }
println(drain())
println(drain())`;
  assert.equal(await lines(script), ["[2, 4]", "[6, timeout]"]);
});

test("a select looks again when somebody else took what arrived", async () => {
  const script = `
let c = channel("c")
let h = spawn { select {
  x from c { "got \${x}" }
  timeout 20 { "nothing" }
} }
sleep(1)
send(c, 1)
println(try_receive(c))
println(await(h))
println(timestamp())`;
  assert.equal(await lines(script), ["1", "nothing", "1000000000.02"]);
});

// --- Generators ----------------------------------------------------------------------------------------------------------------------

test("a generator that waits serves one task after the other", async () => {
  const script = `
fn ticks() {
  for i in 1 to 4 {
    sleep(10)
    yield i
  }
}
let t = ticks()
println(parallel 3 { i -> t.next().value })
let h = spawn { t.next() }
sleep(1)
cancel(h)
println(t)
println(t.next())`;
  assert.equal(await lines(script), ["[1, 2, 3]", "<generator (done)>", "{done: true, value: nil}"]);
});

test("what a generator's body prints is nobody's, also through tasks", async () => {
  const script = `
fn loud() {
  println("a")
  await(spawn { println("b") })
  parallel 2 { println("c") }
  yield 1
}
for x in loud() { println(x) }`;
  assert.equal(await lines(script), ["1"]);
});

// --- Identity ------------------------------------------------------------------------------------------------------------------------

test("the path of a task counts the tasks of each scope", async () => {
  const paths: string[] = [];
  const note = builtin("note", 1, (ctx: NativeContext, label) => {
    paths.push(`${label} ${ctx.fiber.path}`);
    return null;
  });
  const script = `
note("main")
let a = spawn { note("a")
 parallel 2 { i -> note("a\${i}") }
 await(spawn { note("a2") }) }
await(a)
parallel each ["x", "y"] with { max_concurrent: 1 } { x -> note(x) }
await(spawn { note("b") })`;
  await lines(script, { builtins: [note] });
  assert.equal(paths, ["main ", "a /0", "a0 /0/0", "a1 /0/1", "a2 /0/2", "x /1", "y /2", "b /3"]);
});

test("a handle is of use to its maker only, and once", async () => {
  const script = `
let h = spawn { 1 }
println(await(spawn { await(h) }))
println([await(h), await(h)])
println(cancel_graceful(h))
println([await(3), cancel(nil), cancel_graceful(1)])`;
  assert.equal(await lines(script), ["nil", "[1, nil]", "Result.Ok(nil)", "[3, nil, nil]"]);
});

test.run();
