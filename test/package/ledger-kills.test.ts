/**
 * The demo's promise: whenever the process is killed, the continued run leaves each package in the ledger once, and at most one of them
 * twice. Twenty random moments; a failure prints its seed, and `SEED=…` repeats it.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { HARN, harn, REPOSITORY } from "./harn.ts";

const EXAMPLE = join(REPOSITORY, "examples", "lockfile-ledger");
const LOCK = join(REPOSITORY, "package-lock.json");
const PACKAGES = 25;
const KILLS = 20;

interface World {
  readonly folder: string;
  readonly ledger: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

function makeWorld(): World {
  const folder = mkdtempSync(join(tmpdir(), "harn-kills-"));
  const ledger = join(folder, "ledger");
  const args = [HARN, "run", "ledger.harn", "--", LOCK, ledger, join(folder, "report"), String(PACKAGES)];
  return { folder, ledger, args, env: { ...process.env, HARN_STATE_DIR: join(folder, "state") } };
}

function runToEnd(world: World): string {
  const result = spawnSync(process.execPath, world.args, { cwd: EXAMPLE, env: world.env, encoding: "utf8" });
  assert.is(result.status, 0, result.stderr);
  return result.stdout;
}

function isCompleted(world: World): boolean {
  const listed = harn(["runs", "ledger.harn", "--json"], { cwd: EXAMPLE, env: { HARN_STATE_DIR: join(world.folder, "state") } });
  return JSON.parse(listed.stdout).runs[0]?.status === "completed";
}

/** Runs until the end or the kill, whichever comes first. */
function runWithKill(world: World, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(process.execPath, world.args, { cwd: EXAMPLE, env: world.env, stdio: "ignore" });
    const timer = setTimeout(() => child.kill("SIGKILL"), afterMs);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A small generator of equally distributed numbers from 0 to 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let x = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("after a kill at any moment each package is in the ledger once, at most one twice", async () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  const random = randomNumbers(seed);
  const calm = makeWorld();
  const start = performance.now();
  const report = runToEnd(calm);
  const duration = performance.now() - start;
  const wanted = new Set(readFileSync(calm.ledger, "utf8").trim().split("\n"));
  rmSync(calm.folder, { recursive: true, force: true });
  assert.is(wanted.size, PACKAGES);
  for (let kill = 0; kill < KILLS; kill++) {
    const world = makeWorld();
    const moment = random() * duration;
    await runWithKill(world, moment);
    const hint = `SEED=${seed}, kill ${kill + 1} after ${moment.toFixed(1)} ms`;
    // A run whose end was recorded before the kill is over: starting again would rightly begin a new one.
    if (!isCompleted(world)) assert.is(runToEnd(world), report, hint);
    const lines = readFileSync(world.ledger, "utf8").trim().split("\n");
    assert.equal(new Set(lines), wanted, hint);
    assert.ok(lines.length <= PACKAGES + 1, `${hint}: ${lines.length - PACKAGES} packages twice`);
    rmSync(world.folder, { recursive: true, force: true });
  }
});

test.run();
