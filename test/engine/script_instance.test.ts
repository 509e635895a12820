/** The host calls functions of a program whose top level has run: values, errors, turns, the end. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEngine } from "../../src/engine/engine.ts";
import { ScriptError } from "../../src/engine/host_errors.ts";
import type { ScriptInstance } from "../../src/engine/script_instance.ts";

async function load(source: string): Promise<ScriptInstance> {
  return (await createEngine().compile(source)).load();
}

async function failure(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not fail");
}

test("a function is called with converted values and answers with one", async () => {
  const instance = await load(`
fn double(n) { return n * 2 }
fn describe(order, note = "none") { return {id: order.id, half: to_float(order.total) / 2, note: note} }
fn count(...rest) { return len(rest) }`);
  assert.is(await instance.call("double", 21), 42);
  assert.is(await instance.call("double", 9007199254740991n), 18014398509481982n);
  assert.equal(await instance.call("describe", { id: 7, total: 5 }), { id: 7, half: 2.5, note: "none" });
  assert.equal(await instance.call("describe", { id: 7, total: 5 }, "urgent"), { id: 7, half: 2.5, note: "urgent" });
  assert.is(await instance.call("count", 1, 2, 3), 3);
  assert.is(await instance.call("count"), 0);
});

test("the top level runs once, and its answer is kept", async () => {
  let printed = "";
  const engine = createEngine({ stdout: (text) => (printed += text) });
  const program = await engine.compile('println("once")\nlet base = 40\nfn add(n) { return base + n }\nreturn add(1)');
  const instance = await program.load();
  assert.is(instance.value, 41);
  assert.is(await instance.call("add", 2), 42);
  assert.is(await instance.call("add", 3), 43);
  assert.is(printed, "once\n");
});

test("functions of a program with a pipeline, and functions that call each other", async () => {
  const instance = await load(`
fn even(n) { if n == 0 { return true }
  return odd(n - 1) }
fn odd(n) { if n == 0 { return false }
  return even(n - 1) }
pipeline default(task) { return even(4) }`);
  assert.is(instance.value, true);
  assert.is(await instance.call("odd", 7), true);
});

test("an error of a call leaves the instance usable", async () => {
  const instance = await load('fn check(n) {\n  if n < 0 { throw "negative" }\n  return n\n}');
  const error = await failure(instance.call("check", -1));
  assert.instance(error, ScriptError);
  assert.is((error as ScriptError).value, "negative");
  assert.is((error as ScriptError).line, 2);
  assert.is(await instance.call("check", 1), 1);
});

test("a name that cannot be called is named", async () => {
  const twice = await load("let f = 1\nfn g() { return 1 }\nif true { let g = 2\n println(g) }");
  assert.is((await failure(twice.call("h"))).message, "the program has no top-level function 'h'");
  assert.is((await failure(twice.call("f"))).message, "the program has no top-level function 'f'");
  const reason = "its declaration did not run, or its name is bound more than once";
  assert.is((await failure(twice.call("g"))).message, `function 'g' cannot be called: ${reason}`);
  const early = await load("if true { return 1 }\nfn g() { return 1 }");
  assert.is((await failure(early.call("g"))).message, `function 'g' cannot be called: ${reason}`);
});

test("what the host cannot hand over is an error of the call", async () => {
  const instance = await load("fn id(x) { return x }");
  assert.instance(await failure(instance.call("id", () => 1)), TypeError);
});

test("several calls take turns where they wait", async () => {
  const order: string[] = [];
  const waiting = new Map<string, () => void>();
  const engine = createEngine();
  engine.define("wait_for", "(name: string) -> nil", (name) => new Promise<void>((resolve) => waiting.set(String(name), resolve)));
  engine.define("note", "(text: string) -> nil", (text) => void order.push(String(text)));
  const program = await engine.compile(`
fn work(name) {
  note("begin \${name}")
  wait_for(name)
  note("end \${name}")
  return name
}`);
  const instance = await program.load();
  const calls = Promise.all(["a", "b", "c"].map((name) => instance.call("work", name)));
  while (waiting.size < 3) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(order, ["begin a", "begin b", "begin c"]);
  for (const name of ["b", "c", "a"]) waiting.get(name)!();
  assert.equal(await calls, ["a", "b", "c"]);
  assert.equal(order.slice(3).sort(), ["end a", "end b", "end c"]);
});

test("a call made when another one has ended goes on while a third still waits", async () => {
  let release = (): void => undefined;
  const engine = createEngine();
  engine.define("hold", "() -> nil", () => new Promise<void>((resolve) => (release = resolve)));
  const instance = await (await engine.compile("fn slow() { hold()\n return 1 }\nfn quick(n) { return n }")).load();
  const slow = instance.call("slow");
  assert.is(await instance.call("quick", 2), 2);
  assert.is(await instance.call("quick", 3), 3);
  release();
  assert.is(await slow, 1);
});

test("close cancels what still runs and refuses more", async () => {
  const engine = createEngine();
  engine.define("hold", "() -> nil", () => new Promise<void>(() => undefined));
  const instance = await (await engine.compile("fn slow() { hold() }\nfn quick() { return 1 }")).load();
  const slow = failure(instance.call("slow"));
  await instance.call("quick");
  await instance.close();
  assert.match((await slow).message, /cancelled/);
  assert.is((await failure(instance.call("quick"))).message, "'quick' cannot be called: the instance is closed");
  await instance.close();
});

test("a signal cancels the calls of an instance", async () => {
  const stop = new AbortController();
  const engine = createEngine();
  engine.define("hold", "() -> nil", () => new Promise<void>(() => undefined));
  const instance = await (await engine.compile("fn slow() { hold() }")).load({ signal: stop.signal });
  const slow = failure(instance.call("slow"));
  stop.abort();
  assert.match((await slow).message, /cancelled/);
});

test("the limits hold for all calls together", async () => {
  const program = await createEngine({ limits: { fuelSteps: 10_000 } }).compile("fn spin(n) { for i in 0 to n exclusive { }\n return n }");
  const instance = await program.load();
  assert.is(await instance.call("spin", 4000), 4000);
  assert.match((await failure(instance.call("spin", 100_000))).message, /fuel limit/);
});

test.run();
