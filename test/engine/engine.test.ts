/** The embedding surface: programs, limits of each run, the errors that a host catches, and what is left behind. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEngine } from "../../src/engine/engine.ts";
import { CompileError, ScriptError } from "../../src/engine/host_errors.ts";
import { World } from "../vm/world.ts";

async function failure<T extends Error>(work: Promise<unknown>): Promise<T> {
  return work.then(
    () => assert.unreachable() as never,
    (error: T) => error,
  );
}

test("a program is compiled once and runs as often as one likes, each time anew", async () => {
  let printed = "";
  const engine = createEngine({ stdout: (text) => (printed += text) });
  const program = await engine.compile('var n = 0\nn += 1\nprintln("run ${argv.count}")\nreturn n + argv.count');
  assert.is(await program.run(), 1);
  assert.is(await program.run({ argv: ["a", "b"] }), 3);
  assert.is(printed, "run 0\nrun 2\n");
});

test("by default a script reaches nothing of the computer", async () => {
  const engine = createEngine();
  const denied = "Permission denied (os error 13)";
  const refused = async (text: string) => (await failure(engine.compile(text).then((program) => program.run()))).message;
  assert.match(await refused('read_file("/etc/hostname")'), new RegExp(denied.replace(/[()]/g, "\\$&")));
  assert.match(await refused('write_file("/tmp/x", "y")'), /Permission denied/);
  assert.match(await refused('exec("ls")'), /Permission denied/);
  assert.is(await (await engine.compile('return [env("HOME"), file_exists("/etc")]')).run().then(JSON.stringify), "[null,false]");
  assert.match(await refused('import "lib"\nf()'), /cannot read 'lib'|Import error/);
});

test("limits of the engine, and of one run", async () => {
  const engine = createEngine({ limits: { fuelSteps: 5000, stringLength: 100, collectionItems: 50 } });
  const loop = await engine.compile("for i in 0 to 20000 { }\nreturn 1");
  assert.is((await failure<ScriptError>(loop.run())).message, "fuel limit reached: more than 5000 steps");
  assert.is(await loop.run({ limits: { fuelSteps: 50_000 } }), 1);
  assert.is((await failure<ScriptError>(loop.run({ limits: { fuelSteps: 10 } }))).message, "fuel limit reached: more than 10 steps");
  const text = await engine.compile('return "ab".repeat(60)');
  const tooLong = await failure<ScriptError>(text.run());
  assert.is(tooLong.message, "string limit of 100 UTF-16 units exceeded");
  assert.is(tooLong.code, "limit");
  assert.is(((await text.run({ limits: { stringLength: 200 } })) as string).length, 120);
  const items = await engine.compile("return range(60).to_list()");
  assert.is((await failure<ScriptError>(items.run())).message, "collection limit of 50 items exceeded");
  assert.is(((await items.run({ limits: { collectionItems: 60 } })) as unknown[]).length, 60);
});

test("no way into a string or container goes past its limit", async () => {
  const limits = { stringLength: 1000, collectionItems: 100 };
  const growing: readonly string[] = [
    'var s = "x"\nwhile true { s = s + s }',
    'var s = "x"\nwhile true { s += "xxxxxxxx" }',
    'var s = "x"\nwhile true { s = "${s}${s}" }',
    '"x".repeat(100000)',
    '["x".repeat(900), "y".repeat(900)].join("")',
    '"x".pad_left(5000)',
    '"aaaaaaaaaa".replace("a", "x".repeat(500))',
    "var xs = []\nwhile true { xs = xs.push(1) }",
    "var xs = [1]\nwhile true { xs = xs + xs }",
    "var xs = [1]\nwhile true { xs += [1] }",
    "var xs = [1]\nwhile true { xs = [...xs, ...xs] }",
    'var d = {}\nvar i = 0\nwhile true {\n  d["k${i}"] = i\n  i += 1\n}',
    'var d = {}\nvar i = 0\nwhile true {\n  d = d.merge({["k${i}"]: i})\n  i += 1\n}',
    'var d = {}\nvar i = 0\nwhile true {\n  d = {...d, ["k${i}"]: i}\n  i += 1\n}',
    "var s = set()\nvar i = 0\nwhile true {\n  s = s.add(i)\n  i += 1\n}",
    "var s = set()\nvar i = 0\nwhile true {\n  s = set_add(s, i)\n  i += 1\n}",
    "range(1000000).to_list()",
    "range(1000000).map({ x -> x }).to_set()",
    'range(1000000).map({ x -> pair("k${x}", x) }).to_dict()',
    'json_parse("[" + "1,".repeat(300) + "1]")',
    '"a,".repeat(300).split(",")',
    '"ab".repeat(400).chars()',
    "fn rest(...xs) { return xs }\nlet xs = range(90).to_list()\nrest(...xs, ...xs)",
  ];
  for (const text of growing) {
    const error = await failure<ScriptError>(
      createEngine({ limits: { ...limits, fuelSteps: 3_000_000 } })
        .compile(text)
        .then((program) => program.run()),
    );
    assert.match(error.message, /^(string limit of 1000 UTF-16 units|collection limit of 100 items) exceeded$/, text);
  }
});

test("call depth is the host's to set", async () => {
  const program = await createEngine().compile("fn deep(n) {\n  if n == 0 { return 0 }\n  return 1 + deep(n - 1)\n}\nreturn deep(30)");
  assert.is(await program.run(), 30);
  assert.match((await failure<ScriptError>(program.run({ limits: { callDepth: 20 } }))).message, /Stack overflow/);
});

test("wall time is measured on the door's clock", async () => {
  const world = new World();
  const engine = createEngine({ door: world.door, limits: { wallMs: 500 } });
  const program = await engine.compile('sleep(argv[0] == "long" ? 600 : 100)\nreturn 1');
  assert.is((await failure<ScriptError>(program.run({ argv: ["long"] }))).message, "time limit reached: more than 500 ms");
  assert.is(await program.run({ argv: ["short"] }), 1);
});

test("CompileError: every diagnostic, the first one as the message", async () => {
  const error = await failure<CompileError>(createEngine().compile('let a: int = "x"\nlet b: string = 1', { name: "app.harn" }));
  assert.instance(error, CompileError);
  assert.is(error.name, "CompileError");
  assert.is(error.diagnostics.filter((diagnostic) => diagnostic.severity === "error").length, 2);
  assert.is(error.message, error.diagnostics[0]?.message);
  assert.match(error.rendered, /--> app\.harn:1:/);
  assert.match(error.rendered, /--> app\.harn:2:/);
  assert.not.match(error.rendered, /node:|\.ts:/);
  const syntax = await failure<CompileError>(createEngine().compile("let = 5"));
  assert.instance(syntax, CompileError);
});

test("warnings do not stop a program", async () => {
  const program = await createEngine().compile("fn f(a) { return a }\nreturn f(1, 2)");
  assert.is(await program.run(), 1);
  assert.ok(program.diagnostics.length > 0);
  assert.ok(program.diagnostics.every((diagnostic) => diagnostic.severity !== "error"));
});

test("ScriptError: kind, value, place, calls", async () => {
  const program = await createEngine().compile(
    "fn check(order) {\n  if order.total < 0 { throw {code: 7, order: order} }\n  return order\n}\nfn main() {\n  let x = check({total: 0 - 1})\n  return x\n}\nmain()",
    {
      name: "orders.harn",
    },
  );
  const error = await failure<ScriptError>(program.run());
  assert.instance(error, ScriptError);
  assert.is(error.name, "ScriptError");
  assert.is(error.message, "Thrown: {code: 7, order: {total: -1}}");
  assert.equal(error.value, { code: 7, order: { total: -1 } });
  assert.is(error.code, "thrown");
  assert.equal([error.path, error.line], ["orders.harn", 2]);
  assert.ok((error.column ?? 0) > 20);
  assert.equal(
    error.calls.map(({ name, path, line }) => [name, path, line]),
    [
      ["main", "orders.harn", 6],
      ["pipeline", "orders.harn", 9],
    ],
  );
  assert.match(error.rendered, /^error: Thrown: .*\n {2}--> orders\.harn:2:/);
});

test("ScriptError: the kinds of errors", async () => {
  const kinds: Record<string, string> = {
    "throw 1": "thrown",
    "1 / 0": "runtime",
    "nil.p": "type",
    'unwrap(Err("x"))': "runtime",
    "fn f() { return f() + 1 }\nf()": "runtime",
  };
  for (const [text, code] of Object.entries(kinds)) {
    const error = await failure<ScriptError>(
      createEngine()
        .compile(text)
        .then((program) => program.run()),
    );
    assert.is(error.code, code, text);
    assert.is(error.value, code === "thrown" ? 1 : null);
  }
});

test("an error whose value cannot be handed over is still an error of the script", async () => {
  const deep = await failure<ScriptError>(
    createEngine()
      .compile("var xs: any = []\nfor i in 0 to 5000 { xs = [xs] }\nthrow xs")
      .then((program) => program.run()),
  );
  assert.instance(deep, ScriptError);
  assert.is(deep.value, null);
  assert.is(deep.message, "Thrown: <list: value is nested deeper than 2000 levels>");
});

test("many engines and runs at once share nothing", async () => {
  const engines = Array.from({ length: 50 }, (_, i) => createEngine().define("me", "() -> int", async () => i));
  const programs = await Promise.all(
    engines.map((engine) => engine.compile("var total = 0\nfor i in 0 to 50 exclusive {\n  total += me()\n  sleep(0)\n}\nreturn total")),
  );
  const answers = await Promise.all(programs.map((program) => program.run()));
  assert.equal(
    answers,
    engines.map((_, i) => i * 50),
  );
});

function collected(): number {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  gc();
  gc();
  return process.memoryUsage().heapUsed;
}

test("ten thousand runs of one program leave nothing behind", async () => {
  const stop = new AbortController();
  const engine = createEngine().define("note", "(x: any) -> any", (x) => x);
  const program = await engine.compile(`struct P { x: int }
impl P { fn twice(self) { return self.x * 2 } }
fn fib(n) { if n < 2 { return n }
  return fib(n - 1) + fib(n - 2) }
fn items(n) { for i in 0 to n exclusive { yield {index: i} } }
let d = {a: [1, 2], b: "text \${fib(5)}"}
let kept = items(3).iter().map({ x -> note(x) }).to_list()
return [P {x: 1}.twice(), d, kept, regex_match("a+", "caat"), try { 1 / 0 }]`);
  const many = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await program.run({ signal: stop.signal });
  };
  await many(500);
  const before = collected();
  await many(10_000);
  const grown = collected() - before;
  assert.ok(grown < 2_000_000, `${grown} bytes more after 10,000 runs`);
});

test("thousands of engines leave nothing behind", async () => {
  const once = async (): Promise<void> => {
    const engine = createEngine().define("f", "() -> int", () => 1);
    await (await engine.compile("return f()")).run();
  };
  for (let i = 0; i < 100; i++) await once();
  const before = collected();
  for (let i = 0; i < 1000; i++) await once();
  const grown = collected() - before;
  assert.ok(grown < 2_000_000, `${grown} bytes more after 1,000 engines`);
});

test.run();
