/** Functions of the host: what they get and answer, what goes wrong in them, waiting, cancellation. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SignatureError } from "../../src/check/signature.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { CompileError, ScriptError } from "../../src/engine/host_errors.ts";

async function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => assert.unreachable() as never,
    (error: Error) => error,
  );
}

const run = async (engine: Engine, text: string): Promise<unknown> => (await engine.compile(text)).run();

test("synchronous and asynchronous functions, with and without arguments", async () => {
  const engine = createEngine()
    .define("now", "() -> int", () => 5)
    .define("add", "(a: int, b: int) -> int", (a: number, b: number) => a + b)
    .define("fetch", "(path: string) -> dict", async (path: string) => ({ path, size: path.length }))
    .define("all", "(...items: any) -> list", (...items: unknown[]) => items)
    .define("maybe", "(a: int, b?: string) -> list", (...args: unknown[]) => args)
    .define("thenable", "() -> int", () => ({
      // biome-ignore lint/suspicious/noThenProperty: any object with a `then` is waited for
      then: (done: (n: number) => void) => done(8),
    }));
  assert.equal(
    await run(
      engine,
      'fn go(b) { return maybe(1, b) }\nreturn [now(), add(1, 2), fetch("abc").size, all(), all(1, "x", nil), maybe(1), maybe(1, "b"), go(nil), thenable()]',
    ),
    [5, 3, 3, [], [1, "x", null], [1], [1, "b"], [1, null], 8],
  );
});

test("functions in a namespace, beside the language's own", async () => {
  const engine = createEngine()
    .define("mail.send", "(to: string) -> string", (to: string) => `sent to ${to}`)
    .define("mail.count", "() -> int", () => 2)
    .define("step.extra", "() -> string", () => "more");
  assert.equal(
    await run(engine, 'let f = mail.send\nreturn [mail.send("bob"), mail.count(), ["a"].map(f), step.extra(), type_of(step.run)]'),
    ["sent to bob", 2, ["sent to a"], "more", "builtin"],
  );
  assert.match((await failure(run(engine, "return mail.send(1)"))).message, /parameter 'to' expected string, got int \(1\)/);
  assert.is((await failure(run(createEngine(), 'return mail.send("x")'))).constructor, ScriptError);
});

test("as callbacks, behind pipes, spread, inside methods", async () => {
  const engine = createEngine()
    .define("double", "(n: int) -> int", (n: number) => n * 2)
    .define("later", "(n: int) -> int", async (n: number) => n + 1);
  assert.equal(
    await run(
      engine,
      "return [[1, 2].map(double), [1, 2].map(later), 5 |> later, range(3).map(later).to_list(), [3, 1].sort_by(later), double(...[4])]",
    ),
    [[2, 4], [2, 3], 6, [1, 2, 3], [1, 3], 8],
  );
});

test("types are checked before the run where they are known, and at the call", async () => {
  const engine = createEngine().define("send", "(to: string, n?: int) -> bool", () => true);
  const early = await failure(engine.compile("send(5)"));
  assert.instance(early, CompileError);
  assert.match(early.message, /Argument 1 \('to'\): expected string, got int/);
  const late = await failure(run(engine, "fn go(x) { return send(x) }\nreturn go(5)"));
  assert.instance(late, ScriptError);
  assert.is(late.message, "Runtime error: TypeError: parameter 'to' expected string, got int (5) (line 1)");
  assert.is((await failure(run(engine, 'fn go(n) { return send("x", n) }\nreturn go("y")'))).message.includes("'n' expected int"), true);
  assert.is(await run(engine, 'fn go(n) { return send("x", n) }\nreturn go(nil)'), true);
});

test("too few or too many arguments are refused", async () => {
  const engine = createEngine()
    .define("two", "(a: any, b: any) -> any", () => 0)
    .define("one_or_two", "(a: any, b?: any) -> any", () => 0)
    .define("some", "(a: any, ...more: any) -> any", () => 0);
  const text = async (call: string) => (await failure(run(engine, `fn go(xs) { return ${call} }\nreturn go([])`))).message;
  assert.is(await text("two(1, ...xs)"), "Type error: two: expected 2 arguments, got 1 (line 1)");
  assert.is(await text("one_or_two(...xs)"), "Type error: one_or_two: expected 1 to 2 arguments, got 0 (line 1)");
  assert.is(await text("some(...xs)"), "Type error: some: expected at least 1 argument, got 0 (line 1)");
});

test("what a function throws is a runtime error that names it, and can be caught", async () => {
  const cause = new Error("out of paper");
  const engine = createEngine()
    .define("print_it", "() -> nil", () => {
      throw cause;
    })
    .define("reject_it", "() -> nil", async () => {
      throw cause;
    })
    .define("throw_text", "() -> nil", () => {
      throw "just text";
    });
  assert.equal(await run(engine, "return [try { print_it() }, try { reject_it() }, try { throw_text() }].map({ r -> unwrap_err(r) })"), [
    "Runtime error: print_it: out of paper",
    "Runtime error: reject_it: out of paper",
    "Runtime error: throw_text: just text",
  ]);
  const error = (await failure(run(engine, "print_it()"))) as ScriptError;
  assert.is(error.message, "Runtime error: print_it: out of paper (line 1)");
  assert.is(error.cause, cause);
  assert.is(error.line, 1);
  assert.not.match(error.rendered, /host_functions|at Object|node:/);
});

test("an answer that has no counterpart is an error of the call", async () => {
  const engine = createEngine()
    .define("bad", "() -> any", () => new Date(0))
    .define("bad_later", "() -> any", async () => () => 1);
  const text = "return [try { bad() }, try { bad_later() }].map({ r -> unwrap_err(r) })";
  assert.equal(await run(engine, text), [
    "Runtime error: bad: a Date from the host has no counterpart in a script; hand over plain data",
    "Runtime error: bad_later: a function from the host has no counterpart in a script",
  ]);
});

test("what cannot be handed over to a function is an error of the call too", async () => {
  const engine = createEngine().define("take", "(x: any) -> any", () => 1);
  const text = "var xs: any = []\nfor i in 0 to 5000 { xs = [xs] }\nreturn unwrap_err(try { take(xs) })";
  assert.is(await run(engine, text), "Runtime error: take: a value for the host is nested deeper than 2000 levels");
});

test("a script that waits can be cancelled; the late answer and the late failure are nobody's", async () => {
  let settle = (_value: number): void => undefined;
  let fail = (_error: Error): void => undefined;
  const engine = createEngine().define("hold", "() -> int", () => {
    return new Promise<number>((resolve, reject) => {
      settle = resolve;
      fail = reject;
    });
  });
  const program = await engine.compile("try { hold() } catch (e) { hold() } finally { hold() }");
  for (const late of [() => settle(1), () => fail(new Error("late"))]) {
    const stop = new AbortController();
    const running = failure(program.run({ signal: stop.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    const error = (await running) as ScriptError;
    assert.is(error.code, "cancelled");
    assert.is(error.cause, stop.signal.reason);
    assert.is(error.message, "Thrown: kind:cancelled:VM cancelled by host");
    late();
    await new Promise((resolve) => setImmediate(resolve));
  }
});

test("a signal that is aborted before the start, and one whose abort comes too late", async () => {
  const engine = createEngine();
  const program = await engine.compile("for i in 0 to 100000 { }\nreturn 1");
  assert.match((await failure(program.run({ signal: AbortSignal.abort() }))).message, /cancelled/);
  let printed = "";
  const short = await createEngine({ stdout: (text) => void (printed += text) }).compile("println(1)\nfn two() { return 2 }");
  assert.match((await failure(short.run({ signal: AbortSignal.abort() }))).message, /cancelled/);
  assert.is(printed, "", "not even a short script begins");
  const kept = new AbortController();
  const instance = await short.load({ signal: kept.signal });
  kept.abort();
  assert.match((await failure(instance.call("two"))).message, /cancelled/);
  const stop = new AbortController();
  assert.is(await program.run({ signal: stop.signal }), 1);
  stop.abort();
});

test("a busy script lets its host cancel it", async () => {
  const stop = new AbortController();
  const program = await createEngine().compile("while true { }");
  setImmediate(() => setImmediate(() => stop.abort()));
  assert.match((await failure(program.run({ signal: stop.signal }))).message, /cancelled/);
});

test("runs side by side wait for their own answers", async () => {
  const waiting = new Map<string, (value: string) => void>();
  const engine = createEngine().define(
    "ask",
    "(name: string) -> string",
    (name: string) => new Promise<string>((resolve) => waiting.set(name, resolve)),
  );
  const program = await engine.compile("return ask(argv[0]) + ask(argv[0] + argv[0])");
  const runs = ["a", "b"].map((name) => program.run({ argv: [name] }));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  while (waiting.size < 2) await turn();
  waiting.get("b")?.("1");
  while (waiting.size < 3) await turn();
  waiting.get("a")?.("2");
  while (waiting.size < 4) await turn();
  waiting.get("aa")?.("3");
  waiting.get("bb")?.("4");
  assert.equal(await Promise.all(runs), ["23", "14"]);
});

test("a function may run another program, and a function of the language can be replaced", async () => {
  const inner = await createEngine().compile("return len(argv[0])");
  const engine = createEngine()
    .define("measure", "(text: string) -> int", (text: string) => inner.run({ argv: [text] }))
    .define("upper", "(text: string) -> string", (text: string) => text.toUpperCase())
    .define("uuid", "() -> string", () => "fixed");
  assert.equal(await run(engine, 'return [measure("abcd"), upper("x"), uuid()]'), [4, "X", "fixed"]);
});

test("names and signatures that cannot be are refused at once", () => {
  const engine = createEngine();
  for (const name of ["", "1a", "a.b.c", "a-b", "a.", ".a", "a b"])
    assert.throws(() => engine.define(name, "()", () => 1), /cannot be a function's name/);
  for (const signature of ["", "(a", "a: int", "(a: )", "(a) ->", "(a?: int b: int)"]) {
    assert.throws(
      () => engine.define("f", signature, () => 1),
      (error: unknown) => error instanceof SignatureError,
    );
  }
});

test.run();
