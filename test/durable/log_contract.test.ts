/** One contract for every backend of the event log. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { MemoryLog } from "../../src/durable/backends/memory.ts";
import { SqliteLog } from "../../src/durable/backends/sqlite.ts";
import { type Append, FencedOff, type InlineLog, type LogEvent, LogFailure } from "../../src/durable/log.ts";
import type { Owner, RunRow } from "../../src/durable/runs.ts";

const me: Owner = { pid: 1, host: "here", processStart: "a" };
const other: Owner = { pid: 2, host: "here", processStart: "b" };
const dead = (): boolean => false;
const alive = (): boolean => true;

const event = (payload: unknown, headers: Record<string, string> = {}, at = 5): LogEvent => ({
  kind: "note",
  payload: JSON.stringify(payload),
  headers,
  occurredAtMs: at,
});
const plain = (topic: string, payload: unknown): Append => ({ topic, event: event(payload), step: null });
const step = (topic: string, scope: string, key: string, seq: number, payload: unknown): Append => ({
  topic,
  event: event(payload),
  step: { scope, key, seq, once: true },
});
const run = (runId: string, more: Partial<RunRow> = {}): RunRow => ({
  runId,
  program: "/p/a.harn",
  programHash: "sha256:1",
  args: "[]",
  status: "running",
  startedAtMs: 1,
  endedAtMs: null,
  attempts: 1,
  seed: "00",
  unreached: 0,
  failedRecords: [],
  error: null,
  ...more,
});

function message(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.instance(error, LogFailure);
    return (error as LogFailure).message;
  }
  return "no error";
}

interface Opened {
  log: InlineLog;
  close(): void;
}

function contract(name: string, open: () => Opened): void {
  const test = suite<Opened>(name, undefined as unknown as Opened);
  test.before.each((context) => {
    Object.assign(context, open());
  });
  test.after.each((context) => context.close());

  test("ids start at 1 in each topic and rise by one over batches", ({ log }) => {
    assert.equal(
      log.append([plain("a", 1), plain("b", 2), plain("a", 3)], null).map((a) => a.id),
      [1, 1, 2],
    );
    assert.equal(
      log.append([plain("a", 4)], null).map((a) => a.id),
      [3],
    );
    assert.is(log.latest("a"), 3);
    assert.is(log.latest("nothing"), null);
    assert.equal(log.topics(), ["a", "b"]);
  });

  test("a range starts behind its cursor, ascends and is bounded", ({ log }) => {
    log.append(
      [1, 2, 3, 4].map((n) => plain("t", n)),
      null,
    );
    assert.equal(
      log.readRange("t", 1, 2).map((e) => [e.id, e.payload]),
      [
        [2, "2"],
        [3, "3"],
      ],
    );
    assert.equal(log.readRange("t", 4, 10), []);
    assert.equal(log.readRange("unknown", 0, 10), []);
    assert.equal(log.readRange("t", 0, 0), []);
  });

  test("an event comes back as it went in", ({ log }) => {
    const odd: LogEvent = {
      kind: "k 'quoted'",
      payload: '{"é":"\\u0000 ☃ 😀"}',
      headers: { "a.b": "ü", "": "x" },
      occurredAtMs: 1_700_000_000_000,
    };
    log.append([{ topic: "t", event: odd, step: null }], null);
    assert.equal(log.readRange("t", 0, 1), [{ ...odd, id: 1 }]);
  });

  test("a step is found by scope, key and number, and a second record for it loses", ({ log }) => {
    const first = log.append([step("t", "", "k", 1, "won"), step("t", "/0", "k", 1, "other scope")], null);
    assert.equal(
      first.map((a) => a.inserted),
      [true, true],
    );
    const [second, third] = log.append([step("t", "", "k", 1, "lost"), step("t", "", "k", 2, "next")], null);
    assert.is(second?.inserted, false);
    assert.is(second?.id, 1);
    assert.is(second?.event.payload, '"won"');
    assert.is(third?.id, 3);
    assert.is(log.findStep("t", { scope: "/0", key: "k", seq: 1 })?.payload, '"other scope"');
    assert.is(log.findStep("t", { scope: "", key: "k", seq: 9 }), null);
    assert.is(log.findStep("other", { scope: "", key: "k", seq: 1 }), null);
  });

  test("steps that a topic may have several records of are not found", ({ log }) => {
    const twice = { ...step("t", "", "k", 1, "x"), step: { scope: "", key: "k", seq: 1, once: false } };
    const inserted = log.append([twice, twice, step("t", "", "k", 1, "y")], null).map((a) => a.inserted);
    assert.equal(inserted, [true, true, true]);
    assert.is(log.findStep("t", { scope: "", key: "k", seq: 1 })?.id, 3);
  });

  test("the scan for replay carries step keys and leaves other events without", ({ log }) => {
    log.append([plain("t", 1), step("t", "/0", "k", 2, "x")], null);
    assert.equal(log.readSteps("t", 1, 1), [[2, "note", '"x"', 5, "/0", "k", 2]]);
    assert.equal(log.readSteps("t", 0, 10), [
      [1, "note", "1", 5, null, null, null],
      [2, "note", '"x"', 5, "/0", "k", 2],
    ]);
  });

  test("appending once answers with the event that carries the header", ({ log }) => {
    assert.equal(log.appendOnce("t", "id", "x", event(1, { id: "x" })).inserted, true);
    const again = log.appendOnce("t", "id", "x", event(2, { id: "x" }));
    assert.equal([again.inserted, again.id, again.event.payload], [false, 1, "1"]);
    assert.is(log.appendOnce("t", "id", "y", event(3, { id: "y" })).inserted, true);
    assert.is(log.appendOnce("u", "id", "x", event(4, { id: "x" })).inserted, true);
  });

  test("cursors are kept by topic and consumer and never go back", ({ log }) => {
    assert.is(log.cursor("t", "c"), null);
    log.ack("t", "c", 5, 1);
    log.ack("t", "c", 3, 2);
    assert.is(log.cursor("t", "c"), 5);
    assert.is(log.cursor("t", "d"), null);
    assert.is(
      message(() => log.ack("t", "  ", 1, 1)),
      "consumer id cannot be empty",
    );
  });

  test("compaction drops old events, keeps the numbering and frees their steps", ({ log }) => {
    log.append([step("t", "", "a", 1, 1), step("t", "", "b", 1, 2), step("t", "", "c", 1, 3)], null);
    const { removed, remaining, latest } = log.compact("t", 3);
    assert.equal({ removed, remaining, latest }, { removed: 2, remaining: 1, latest: 3 });
    assert.is(log.findStep("t", { scope: "", key: "a", seq: 1 }), null);
    log.compact("t", 100);
    assert.is(log.latest("t"), 3);
    assert.is(log.append([plain("t", 4)], null)[0]?.id, 4);
    assert.is(log.compact("unknown", 5).latest, 0);
  });

  test("bad topics are refused and nothing is written", ({ log }) => {
    assert.is(
      message(() => log.append([plain("", 1)], null)),
      "topic cannot be empty",
    );
    assert.is(
      message(() => log.append([plain("ok", 1), plain("a b", 1)], null)),
      "topic 'a b' contains unsupported characters",
    );
    assert.equal(log.topics(), []);
  });

  test("watchers hear of each append to their topic until they leave", ({ log }) => {
    let heard = 0;
    const leave = log.watch("t", () => heard++);
    log.append([plain("t", 1), plain("t", 2), plain("u", 1)], null);
    log.append([plain("u", 1)], null);
    assert.is(heard, 1);
    leave();
    log.append([plain("t", 3)], null);
    assert.is(heard, 1);
  });

  test("a run starts once, and its row comes back", ({ log }) => {
    const row = run("r1", { failedRecords: [3, 4], error: "x" });
    assert.ok(log.runs.start(row, me));
    assert.is(log.runs.start(row, me), null);
    assert.equal(log.runs.get("r1"), row);
    assert.is(log.runs.get("r2"), null);
    assert.equal(log.runs.holder("r1"), { ...me, sinceMs: 1 });
  });

  test("the latest run is that of the program and its arguments that started last", ({ log }) => {
    log.runs.start(run("r1", { startedAtMs: 1 }), me);
    log.runs.start(run("r2", { startedAtMs: 2, args: '["x"]' }), me);
    log.runs.start(run("r3", { startedAtMs: 3, program: "/p/b.harn" }), me);
    log.runs.start(run("r4", { startedAtMs: 4 }), me);
    assert.is(log.runs.latest("/p/a.harn", "[]")?.runId, "r4");
    assert.is(log.runs.latest("/p/a.harn", '["x"]')?.runId, "r2");
    assert.is(log.runs.latest("/p/a.harn", '["y"]'), null);
    assert.equal(
      log.runs.list(null, 10).map((r) => r.runId),
      ["r4", "r3", "r2", "r1"],
    );
    assert.equal(
      log.runs.list("/p/a.harn", 2).map((r) => r.runId),
      ["r4", "r2"],
    );
  });

  test("a lease is refused while its holder lives and passes on when it is dead", ({ log }) => {
    const first = log.runs.start(run("r"), me);
    assert.equal(log.runs.take("r", "sha256:1", other, 9, alive), { kind: "held", by: { ...me, sinceMs: 1 } });
    const taken = log.runs.take("r", "sha256:2", other, 9, dead);
    assert.is(taken.kind, "taken");
    const row = log.runs.get("r");
    assert.equal([row?.attempts, row?.programHash, row?.status], [2, "sha256:2", "running"]);
    assert.throws(
      () => log.append([plain("t", 1)], first),
      (e: unknown) => e instanceof FencedOff,
    );
    assert.throws(
      () => log.runs.end("r", first!, { status: "completed", endedAtMs: 1, unreached: 0, failedRecords: [], error: null }),
      (e: unknown) => e instanceof FencedOff,
    );
    assert.is(log.latest("t"), null);
    if (taken.kind === "taken") assert.is(log.append([plain("t", 1)], taken.fence)[0]?.id, 1);
  });

  test("the end of a run frees its lease and later writes under it are refused", ({ log }) => {
    const fence = log.runs.start(run("r"), me)!;
    log.runs.end("r", fence, { status: "failed", endedAtMs: 7, unreached: 2, failedRecords: [1], error: "boom" });
    const row = log.runs.get("r");
    assert.equal([row?.status, row?.endedAtMs, row?.unreached, row?.failedRecords, row?.error], ["failed", 7, 2, [1], "boom"]);
    assert.is(log.runs.holder("r"), null);
    assert.throws(
      () => log.append([plain("t", 1)], fence),
      (e: unknown) => e instanceof FencedOff,
    );
    assert.is(log.runs.take("r", "sha256:1", other, 9, alive).kind, "taken");
  });

  test("only a run that nobody works on and that did not complete can be cancelled", ({ log }) => {
    const fence = log.runs.start(run("r"), me)!;
    assert.is(log.runs.cancel("r", 5, alive), false);
    assert.is(log.runs.cancel("unknown", 5, alive), false);
    log.runs.end("r", fence, { status: "running", endedAtMs: null, unreached: 0, failedRecords: [], error: null });
    assert.is(log.runs.cancel("r", 5, alive), true);
    assert.is(log.runs.get("r")?.status, "cancelled");
  });

  test.run();
}

contract("memory", () => ({ log: new MemoryLog(), close: () => {} }));
contract("sqlite", () => {
  const folder = mkdtempSync(join(tmpdir(), "log-"));
  const log = new SqliteLog({ path: join(folder, "events.sqlite") });
  const close = (): void => {
    log.close();
    rmSync(folder, { recursive: true });
  };
  return { log, close };
});
