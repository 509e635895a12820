/** Journalled steps beside bare SQLite commits of the same bytes, on this machine's temporary folder. */
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { loadDurable, loadHarnlet } from "./harnlet.ts";
import { count, markdownTable, median, short, timed } from "./measure.ts";

const Driver = createRequire(import.meta.url)("better-sqlite3") as typeof Database;
const STEPS = 2000;
const FIBERS = 50;
const FIBER_STEPS = 20_000;
const ROUNDS = 9;
const REPLAYS = 9;

const ALONE = (steps: number): string => `
for i in 0 to ${steps} exclusive {
  step.run("step \${i}", i, { n -> n * 2 })
}`;
/** Called by the host, side by side: each call is a fiber of its own. */
const ON_FIBERS = `
fn work(fiber, steps) {
  for i in 0 to steps exclusive {
    step.run("step \${fiber} \${i}", i, { n -> n * 2 })
  }
}`;

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "harn-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program durably; the answer is the time in ms. What the program throws is left out: a replay is made by one that fails. */
async function runSteps(source: string, file: string, id: string): Promise<number> {
  const { createEngine } = await loadHarnlet();
  const { durable, sqliteLog } = await loadDurable();
  const engine = createEngine({ stdout() {} });
  const program = await engine.compile(source, { name: "bench.harn" });
  const runs = durable(engine, sqliteLog(file));
  const failsAtTheEnd = source.includes("throw");
  return timed(async () => {
    try {
      await runs.start(program, { id });
    } catch (error) {
      if (!failsAtTheEnd) throw error;
    }
  });
}

/** Commits a second of rows with so many bytes, each in a transaction of its own, fully synchronous. */
function bareCommits(file: string, commits: number, bytes: number): number {
  const db = new Driver(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec("create table if not exists events (topic text, id integer, payload text, primary key (topic, id)) without rowid");
  const start = (db.prepare("select coalesce(max(id), 0) as last from events").get() as { last: number }).last;
  const insert = db.prepare("insert into events values (?, ?, ?)");
  const payload = "x".repeat(bytes);
  const from = performance.now();
  for (let i = 1; i <= commits; i++) insert.run("bench", start + i, payload);
  const rate = commits / ((performance.now() - from) / 1000);
  db.close();
  return rate;
}

function bytesOfAStep(file: string): number {
  const db = new Driver(file, { readonly: true });
  const row = db.prepare("select avg(length(topic) + length(kind) + length(payload) + length(headers)) as bytes from events").get();
  db.close();
  return Math.round((row as { bytes: number }).bytes);
}

async function rates(folder: string, progress: (text: string) => void): Promise<string[][]> {
  const sample = join(folder, "sample.sqlite");
  await runSteps(ALONE(200), sample, "sample");
  const bytes = bytesOfAStep(sample);
  const bare: number[] = [];
  const alone: number[] = [];
  const together: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    progress(`durable steps, round ${round + 1}`);
    bare.push(bareCommits(join(folder, "bare.sqlite"), STEPS, bytes));
    alone.push(STEPS / ((await runSteps(ALONE(STEPS), join(folder, "alone.sqlite"), `alone ${round}`)) / 1000));
    together.push(FIBER_STEPS / ((await fiberTime(join(folder, "fibers.sqlite"), `fibers ${round}`)) / 1000));
  }
  /** The disk is now fast, now slow: rates are compared within a round. */
  const ratio = (steps: readonly number[]): string => short(median(bare.map((rate, round) => rate / steps[round]!)));
  return [
    [`bare commits of ${bytes} bytes`, count(median(bare)), "1.00"],
    ["steps, one fiber", count(median(alone)), ratio(alone)],
    [`steps, ${FIBERS} fibers`, count(median(together)), ratio(together)],
  ];
}

async function fiberTime(file: string, id: string): Promise<number> {
  const { createEngine } = await loadHarnlet();
  const { durable, sqliteLog } = await loadDurable();
  const engine = createEngine({ stdout() {} });
  const program = await engine.compile(ON_FIBERS, { name: "bench.harn" });
  return timed(async () => {
    const instance = await durable(engine, sqliteLog(file)).open(program, { id });
    await Promise.all(Array.from({ length: FIBERS }, (_, fiber) => instance.call("work", fiber, FIBER_STEPS / FIBERS)));
    await instance.close();
  });
}

async function replay(folder: string, steps: number): Promise<{ first: number; again: number }> {
  const source = `${ALONE(steps)}\nthrow "the end"`;
  const file = join(folder, `replay-${steps}.sqlite`);
  const first = await runSteps(source, file, "replay");
  const times: number[] = [];
  for (let round = 0; round < REPLAYS; round++) times.push(await runSteps(source, file, "replay"));
  return { first, again: median(times) };
}

export async function durableReport(progress: (text: string) => void): Promise<string> {
  return withFolder(async (folder) => {
    const table = markdownTable(["durable, synchronous = FULL", "per second", "bare commits for one"], await rates(folder, progress));
    progress("replay");
    const small = await replay(folder, 10_000);
    progress("growth of a run");
    const large = await replay(folder, 100_000);
    const growth = markdownTable(
      ["steps in one run", "10,000", "100,000", "factor"],
      [
        ["first run", `${short(small.first)} ms`, `${short(large.first)} ms`, short(large.first / small.first)],
        ["replay", `${short(small.again)} ms`, `${short(large.again)} ms`, short(large.again / small.again)],
      ],
    );
    return `${table}\n\n${growth}`;
  });
}
