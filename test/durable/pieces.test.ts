/** Small parts: failpoint notation, time texts, ids, streams of chance, waiting order, differences, subscriptions, inspection, liveness. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { failpointsFromEnv, isAlive, thisProcess } from "../../src/durable/backends/host.ts";
import { MemoryLog } from "../../src/durable/backends/memory.ts";
import { canonicalJson } from "../../src/durable/canonical.ts";
import { Chance, uuidV7 } from "../../src/durable/chance.ts";
import { firstDifference } from "../../src/durable/difference.ts";
import { EventLog } from "../../src/durable/event_log.ts";
import { FAILPOINTS, FailpointError, Failpoints, NO_FAILPOINTS, parseFailpoints } from "../../src/durable/failpoints.ts";
import { applyFact, foldSteps, NO_STEPS, type StepFact, type StepsState } from "../../src/durable/fold.ts";
import { lastRun, listNamespace, listRuns, listSteps, showRun } from "../../src/durable/inspect.ts";
import { LogFailure, sanitize } from "../../src/durable/log.ts";
import { isoTime } from "../../src/durable/time.ts";
import { raise } from "../../src/vm/errors.ts";
import { dictOf, Float, list } from "../../src/vm/values.ts";
import { handler, sha256, step, World } from "./harness.ts";

test("failpoints are named with a count and an action", () => {
  assert.equal(parseFailpoints("log.commit.before#3=abort, run.end.after=error"), [
    { name: "log.commit.before", hit: 3, action: "abort" },
    { name: "run.end.after", hit: 1, action: "error" },
  ]);
  assert.equal(parseFailpoints(""), []);
  for (const wrong of ["x", "x=", "x#0=abort", "x#-1=abort", "x=explode", "X=abort"]) {
    assert.throws(() => parseFailpoints(wrong), /is not of the form <name>\[#<n>\]=abort\|error\|torn/, wrong);
  }
  assert.throws(() => new Failpoints(parseFailpoints("no.such=abort"), null), "unknown failpoint 'no.such'");
  assert.throws(() => new Failpoints(parseFailpoints("log.commit.after=torn"), null), /writes nothing that could be torn/);
});

test("a failpoint acts at its hit only, and every hit is traced", () => {
  const lines: string[] = [];
  let died = 0;
  const die = (): never => {
    died++;
    throw new Error("dead");
  };
  const armed = parseFailpoints("run.end.before#2=error,run.end.before#3=torn,run.end.after=abort");
  const points = new Failpoints(armed, { die, trace: (line) => lines.push(line) });
  assert.is(points.hit("run.end.before"), false);
  assert.throws(
    () => points.hit("run.end.before"),
    (e: unknown) => e instanceof FailpointError,
  );
  assert.is(points.hit("run.end.before"), true);
  assert.throws(() => points.hit("run.end.after"), "dead");
  assert.is(died, 1);
  assert.equal(lines, ["run.end.before#1", "run.end.before#2", "run.end.before#3", "run.end.after#1"]);
  assert.is(NO_FAILPOINTS.hit("run.end.before"), false);
  assert.is(
    failpointsFromEnv(() => undefined),
    NO_FAILPOINTS,
  );
  assert.is(new Set(FAILPOINTS.map(({ name }) => name)).size, FAILPOINTS.length);
});

test("times are written as UTC", () => {
  for (const ms of [0, 1, 951_782_400_000, 1_709_164_800_000, 1_700_000_000_123, 4_102_444_799_999, -1, -62_135_596_800_000]) {
    assert.is(isoTime(ms), new Date(ms).toISOString());
  }
});

test("ids carry their time and the marks of version 7", () => {
  const id = uuidV7(
    1_700_000_000_000,
    Uint8Array.from({ length: 10 }, () => 255),
  );
  assert.is(id, "018bcfe5-6800-7fff-bfff-ffffffffffff");
  assert.match(uuidV7(1, new Uint8Array(10)), /^00000000-0001-7000-8000-000000000000$/);
});

test("a stream of chance does not depend on how much is drawn at once, nor on other fibers", () => {
  const whole = new Chance("seed", sha256).bytes("", 100);
  const pieces = new Chance("seed", sha256);
  const drawn: number[] = [];
  for (const count of [1, 31, 40, 0, 28]) {
    drawn.push(...pieces.bytes("", count));
    pieces.bytes("/0", 7);
  }
  assert.equal(drawn, [...whole]);
});

test("canonical JSON has one text for equal data", () => {
  assert.is(
    canonicalJson({ b: [1, { d: null, c: true }], a: "x", "\u{1f600}": 1, "\uffee": 2 }),
    '{"a":"x","b":[1,{"c":true,"d":null}],"\uffee":2,"\u{1f600}":1}',
  );
});

test("topics hold letters, digits, dots, underscores and hyphens", () => {
  assert.is(sanitize("/a b/ü.harn-1_2"), "_a_b__.harn-1_2");
  assert.is(sanitize("😀"), "_");
});

test("the first difference of two values is found at its place", () => {
  const before = dictOf({ a: 1, list: list([1, dictOf({ x: "old" })]), gone: true });
  const now = dictOf({ a: 1, list: list([1, dictOf({ x: "new" })]), gone: true });
  assert.equal(firstDifference(before, now, "input"), { path: "input.list[1].x", before: "string old", now: "string new" });
  assert.equal(firstDifference(list([1]), list([1, 2]), "input"), { path: "input[1]", before: "nothing", now: "int 2" });
  assert.equal(firstDifference(dictOf({ a: null }), dictOf({}), "input"), { path: "input.a", before: "nil", now: "nothing" });
  assert.equal(firstDifference(1, new Float(1), "input"), { path: "input", before: "int 1", now: "float 1.0" });
  assert.is(firstDifference(list([1]), list([1]), "input"), null);
});

test("this process lives, one that has ended does not, one elsewhere cannot be known", () => {
  const me = thisProcess();
  assert.ok(isAlive(me));
  assert.not.ok(isAlive({ ...me, pid: 2 ** 22 + 1 }));
  assert.ok(isAlive({ ...me, pid: 2 ** 22 + 1, host: "another machine" }));
  if (me.processStart !== "") assert.not.ok(isAlive({ ...me, processStart: "an earlier boot" }));
});

const note = (n: number) => ({ kind: "n", payload: String(n), headers: {}, occurredAtMs: n });

test("a subscriber gets history, then live events, without gap or duplicate, until it leaves", async () => {
  const log = new EventLog(new MemoryLog());
  for (const n of [1, 2, 3]) await log.append("t", note(n));
  const stop = new AbortController();
  const got: number[] = [];
  const reader = (async () => {
    for await (const event of log.subscribe("t", 1, stop.signal)) {
      got.push(event.id);
      if (event.id === 3) await log.append("t", note(4));
      if (event.id === 5) stop.abort();
    }
  })();
  await log.append("other", note(1));
  await log.append("t", note(5));
  await reader;
  assert.equal(got, [2, 3, 4, 5]);
});

test("a subscriber that falls behind further than the queue is told so", async () => {
  const log = new EventLog(new MemoryLog(), 2);
  for (let n = 0; n < 10; n++) await log.append("t", note(n));
  const events = log.subscribe("t", 0);
  assert.is((await events.next()).value?.id, 1);
  for (let n = 0; n < 3; n++) await log.append("t", note(n));
  try {
    for (;;) await events.next();
  } catch (error) {
    assert.instance(error, LogFailure);
    assert.is((error as Error).message, "subscriber lagged behind after event 1");
  }
});

test("runs and steps are shown as plain data", () => {
  const log = new MemoryLog();
  const world = new World({ log, wish: { id: "r" } });
  world.run(function* () {
    yield* step(
      "a",
      handler("a", () => 1),
    );
    try {
      yield* step(
        "b",
        handler("b", () => {
          throw raise.thrown("no");
        }),
      );
    } catch {}
    return yield* step(
      "c",
      handler("c", () => 1),
      dictOf({ namespace: "memo" }),
    );
  });
  const alive = (): boolean => true;
  assert.equal(listRuns(log, null, 10, alive)[0]?.status, "running");
  assert.equal(listRuns(log, "/p/a.harn", 10, () => false)[0]?.status, "interrupted");
  assert.equal(showRun(log, "r", alive)?.pid, 7);
  assert.is(showRun(log, "none", alive), null);
  const run = lastRun(log, "/p/a.harn")!;
  assert.equal(
    listSteps(log, run).map(({ id, key, sequence, status, failures }) => ({ id, key, sequence, status, failures })),
    [
      { id: 1, key: "a", sequence: 1, status: "completed", failures: 0 },
      { id: 2, key: "b", sequence: 1, status: "failed", failures: 1 },
    ],
  );
  assert.equal(
    listNamespace(log, "memo").map(({ key }) => key),
    ["c"],
  );
  world.session.end({ status: "completed" });
  assert.is(listRuns(log, null, 10, alive)[0]?.status, "completed");
  assert.not.match(JSON.stringify(listRuns(log, null, 10, alive)), /seed/);
});

test("the fold of a batch and its reducer on an owned state agree", () => {
  const fact = (id: number, key: string, status: StepFact["status"]): StepFact => ({
    id,
    status,
    namespace: "n",
    scope: "",
    key,
    seq: 1,
    inputHash: "h",
    occurredAtMs: id,
  });
  const facts = [fact(1, "a", "failed"), fact(2, "b", "completed"), fact(3, "a", "failed"), fact(4, "a", "completed")];
  const owned: StepsState = { steps: [], at: {} };
  for (const one of facts) applyFact(owned, one);
  const folded = foldSteps(NO_STEPS, facts);
  assert.equal(folded, owned);
  assert.equal(foldSteps(foldSteps(NO_STEPS, facts.slice(0, 2)), facts.slice(2)), owned);
  assert.equal(
    folded.steps.map((s) => [s.key, s.status, s.failures]),
    [
      ["a", "completed", 2],
      ["b", "completed", 0],
    ],
  );
  assert.equal(NO_STEPS.steps, []);
});

test.run();
