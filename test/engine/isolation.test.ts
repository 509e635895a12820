/** Engines share the rows of builtins and nothing else: what one is granted or remembers, another does not see. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { CompileError } from "../../src/engine/host_errors.ts";

const answer = async (engine: Engine, text: string): Promise<unknown> => (await engine.compile(text)).run();

test("what a builtin remembers stays in its run", async () => {
  const [first, second] = [createEngine(), createEngine()];
  assert.is(await answer(first, "mock_time(5)\nreturn now_ms()"), 5);
  assert.is.not(await answer(second, "return now_ms()"), 5);
  assert.is.not(await answer(first, "return now_ms()"), 5);
});

test("a granted function is the engine's own", async () => {
  const [first, second] = [createEngine(), createEngine()];
  first.define("greet", "() -> string", () => "hello");
  assert.is(await answer(first, "return greet()"), "hello");
  const refused = await answer(second, "return greet()").catch((error: unknown) => error);
  assert.ok(refused instanceof CompileError || refused instanceof Error, String(refused));
});

test("a program keeps what was granted when it was compiled", async () => {
  const engine = createEngine().define("number", "() -> int", () => 1);
  const earlier = await engine.compile("return number()");
  engine.define("number", "() -> int", () => 2);
  assert.is(await earlier.run(), 1);
  assert.is(await answer(engine, "return number()"), 2);
});

test("an engine may replace a function of the language for itself", async () => {
  const engine = createEngine().define("len", "(value: any) -> int", () => 42);
  assert.is(await answer(engine, 'return len("abc")'), 42);
  assert.is(await answer(createEngine(), 'return len("abc")'), 3);
});

test("programs of one engine do not see each other's arguments", async () => {
  const program = await createEngine().compile("return argv");
  assert.equal(await Promise.all([program.run({ argv: ["a"] }), program.run({ argv: ["b"] })]), [["a"], ["b"]]);
});

test.run();
