/** Durable runs of an embedding host: continued under one id, with calls of functions, and how their end is recorded. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MemoryLog } from "../../src/durable/backends/memory.ts";
import { LogFailure } from "../../src/durable/log.ts";
import type { HostValue } from "../../src/engine/convert.ts";
import { createEngine, type Program } from "../../src/engine/engine.ts";
import { ScriptError } from "../../src/engine/host_errors.ts";
import { durable, memoryLog, type Runs } from "../../src/engine/runs.ts";

interface Setting {
  readonly runs: Runs;
  readonly program: Program;
  /** What handlers did, in order. */
  readonly done: string[];
  /** Names at which `work` fails. */
  readonly broken: Set<string>;
}

async function setting(source: string): Promise<Setting> {
  const done: string[] = [];
  const broken = new Set<string>();
  const engine = createEngine();
  engine.define("work", "(name: string) -> string", (name) => {
    if (broken.has(String(name))) throw new Error(`${name} is broken`);
    done.push(String(name));
    return `${name}!`;
  });
  return { runs: durable(engine, memoryLog()), program: await engine.compile(source), done, broken };
}

async function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => assert.unreachable() as never,
    (error: Error) => error,
  );
}

const ORDERS = `
let shop = step.run("open", { -> work("open") })
fn order(name) {
  let packed = step.run("pack", name, { n -> work("pack \${n}") })
  return packed + step.run("send", name, { n -> work("send \${n}") })
}`;
const NAMES = ["a", "b", "c"];

test("steps of calls are not run again when the run is continued", async () => {
  const { runs, program, done, broken } = await setting(ORDERS);
  broken.add("send b");
  const first = await runs.open(program, { id: "day" });
  assert.is((await first.call("order", "a")) as HostValue, "pack a!send a!");
  const error = await failure(first.call("order", "b"));
  assert.instance(error, ScriptError);
  await first.close(error as ScriptError);
  assert.equal(done, ["open", "pack a", "send a", "pack b"]);

  broken.clear();
  const second = await runs.open(program, { id: "day" });
  for (const name of NAMES) assert.is(await second.call("order", name), `pack ${name}!send ${name}!`);
  await second.close();
  assert.equal(done.slice(4), ["send b", "pack c", "send c"]);
});

test("calls side by side have places of their own in the journal", async () => {
  const { runs, program, done } = await setting(ORDERS);
  const first = await runs.open(program, { id: "day" });
  const answers = await Promise.all(NAMES.map((name) => first.call("order", name)));
  assert.equal(
    answers,
    NAMES.map((name) => `pack ${name}!send ${name}!`),
  );
  await first.close("open");
  assert.is(done.length, 7);

  const notices: string[] = [];
  const second = await runs.open(program, { id: "day", notice: (line) => notices.push(line) });
  assert.equal(await Promise.all(NAMES.map((name) => second.call("order", name))), answers);
  await second.close();
  assert.is(done.length, 7, "nothing was done twice");
  assert.equal(notices, ["continuing run day (attempt 2, 7 journalled steps)"]);
});

test("a call whose input differs from the recorded one is an error", async () => {
  const { runs, program } = await setting(ORDERS);
  const first = await runs.open(program, { id: "day" });
  await first.call("order", "a");
  await first.close("open");
  const second = await runs.open(program, { id: "day" });
  assert.match((await failure(second.call("order", "b"))).message, /deterministic input mismatch for key `pack`/);
  await second.close();
});

test("a completed run is not continued, and says what it never asked for", async () => {
  const { runs, program, done } = await setting(ORDERS);
  const first = await runs.open(program, { id: "day" });
  await first.call("order", "a");
  await first.close("open");
  const notices: string[] = [];
  const second = await runs.open(program, { id: "day", notice: (line) => notices.push(line) });
  await second.close();
  assert.is(notices.at(-1), "run day: 2 journalled steps were not reached (first: pack #1)");
  assert.is(done.length, 3);
});

test("close with calls running leaves the run open", async () => {
  const engine = createEngine();
  let waits = 0;
  engine.define("hold", "() -> nil", () => new Promise<void>(() => void waits++));
  const program = await engine.compile('fn slow() { step.run("first", { -> 1 })\n hold() }');
  const runs = durable(engine, memoryLog());
  const first = await runs.open(program, { id: "day" });
  const slow = failure(first.call("slow"));
  while (waits === 0) await new Promise((resolve) => setImmediate(resolve));
  await first.close();
  assert.match((await slow).message, /cancelled/);
  const notices: string[] = [];
  const second = await runs.open(program, { id: "day", notice: (line) => notices.push(line) });
  await second.close("open");
  assert.equal(notices, ["continuing run day (attempt 2, 1 journalled steps)"]);
});

test("a top level that fails ends the run as failed, and the next start tries the step again", async () => {
  const { runs, program, done, broken } = await setting(ORDERS);
  broken.add("open");
  assert.match((await failure(runs.open(program, { id: "day" }))).message, /open is broken/);
  broken.clear();
  const second = await runs.open(program, { id: "day" });
  await second.close();
  assert.equal(done, ["open"]);
});

test("ids that differ only in what a topic cannot hold are different runs", async () => {
  const { runs, program, done } = await setting('return step.run("k", argv[0], { n -> work(n) })');
  const ids = ["a/b", "a_b", "a.b", "a b", "a..b"];
  const answers = (): Promise<HostValue[]> => Promise.all(ids.map((id) => runs.start(program, { id, argv: [id] })));
  const first = await answers();
  assert.equal(first, ["a/b!", "a_b!", "a.b!", "a b!", "a..b!"]);
  assert.equal(await answers(), first);
  assert.equal(done, ids);
});

test("a resumed run draws the numbers that it drew before, whatever its steps drew", async () => {
  const source = `
fn draws() { return [random_int(0, 1000000000), random_int(0, 1000000000), uuid(), random_shuffle([1, 2, 3, 4, 5, 6, 7, 8])] }
let first = draws()
let step_own = step.run("s", { -> draws() })
let tasks = parallel each [1, 2] { i -> [draws(), step.run("t", i, { n -> draws() }), draws()] }
let last = draws()
work("tried")
return [first, step_own, tasks, last]`;
  const { runs, program, broken } = await setting(source);
  broken.add("tried");
  const answer = async (id: string) => JSON.stringify(await runs.start(program, { id }));
  await failure(answer("x"));
  broken.clear();
  const resumed = await answer("x");
  assert.is(await answer("x"), resumed);
  assert.is.not(await answer("y"), resumed);
  const drawn = (JSON.parse(resumed) as unknown[][]).flat(2).map((part) => JSON.stringify(part));
  const uuids = drawn.join().match(/[0-9a-f]{8}-[0-9a-f-]{27}/g)!;
  assert.is(new Set(uuids).size, 9, "each has a stream of its own");
});

test("runs can be listed, and given up while nobody works on them", async () => {
  const { runs, program } = await setting('return step.run("k", { -> 1 })');
  assert.equal(await runs.list(), []);
  await runs.start(program, { id: "done" });
  const instance = await runs.open(program, { id: "day", argv: ["x"] });
  assert.is(await runs.cancel("day"), false, "it is held");
  await instance.close("open");
  const statuses = async () => Object.fromEntries((await runs.list()).map((run) => [run.run_id, run.status]));
  assert.equal(await statuses(), { done: "completed", day: "interrupted" });
  assert.is((await runs.list(1)).length, 1);
  assert.equal([await runs.cancel("day"), await runs.cancel("done"), await runs.cancel("none")], [true, false, false]);
  assert.equal(await statuses(), { done: "completed", day: "cancelled" });
  assert.is((await failure(runs.start(program, { id: "day", argv: ["x"] }))).message, "run day was cancelled; start a run of another id");
});

test("an id must be a text that can be read", async () => {
  const { runs, program } = await setting("return 1");
  for (const id of ["", "  ", "a\nb", "\ud800", "x".repeat(600), 42, undefined, null]) {
    const error = await failure(runs.start(program, { id: id as string }));
    assert.instance(error, TypeError);
    assert.match(error.message, /^a run's id /);
  }
  assert.match((await failure(runs.open(program, undefined as never))).message, /^a run's id must be a string, got undefined$/);
});

test("the arguments belong to the run", async () => {
  const { runs, program } = await setting('step.run("k", { -> 1 })\nreturn argv');
  assert.equal(await runs.start(program, { id: "x", argv: ["a"] }), ["a"]);
  const refused = await failure(runs.start(program, { id: "x", argv: ["b"] }));
  assert.is(refused.name, "RunRefused");
  assert.match(refused.message, /^run x was started with other arguments: then \["a"\], now \["b"\]; .*allowChanged/);
  assert.equal(await runs.start(program, { id: "x", argv: ["b"], allowChanged: true }), ["b"]);
});

test("a run that is taken over can write no more where it was", async () => {
  const { runs, program, done } = await setting('fn f(n) { return step.run("s", n, { k -> work(k) }) }\nstep.run("top", { -> 1 })');
  const first = await runs.open(program, { id: "day" });
  assert.is((await failure(runs.open(program, { id: "day" }))).name, "RunRefused");
  const second = await runs.open(program, { id: "day", takeOver: true });
  const lost = (await failure(first.call("f", "a"))) as ScriptError;
  assert.equal([lost.message, lost.code, (lost.cause as Error).name], ["run day was taken over", "refused", "RunRefused"]);
  assert.is(await second.call("f", "b"), "b!");
  await second.close();
  assert.equal(done, ["a", "b"]);
});

test("a lease that the log did not take back is free for the same host", async () => {
  const log = new MemoryLog();
  const { end } = log.runs;
  let isFull = true;
  log.runs.end = (...args) => {
    if (isFull) throw new LogFailure("no space is left");
    end.apply(log.runs, args);
  };
  const place = { open: () => log, exists: () => true, name: "" };
  const engine = createEngine();
  const runs = durable(engine, place);
  const program = await engine.compile('return step.run("k", { -> 7 })');
  assert.match((await failure(runs.start(program, { id: "day" }))).message, /no space is left/);
  isFull = false;
  assert.is(await runs.start(program, { id: "day" }), 7);
  const open = await runs.open(program, { id: "day" });
  assert.is((await failure(runs.start(program, { id: "day" }))).name, "RunRefused");
  await open.close();
});

test.run();
