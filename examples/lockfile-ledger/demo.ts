/**
 * The demo: starts `ledger.harn` on this repository's own package-lock.json, kills it with SIGKILL part of the way, starts it again,
 * and shows that every package was checked once.
 *   npm run demo
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "..", "..");
const harn = join(root, "dist", "harn.cjs");
const lock = join(root, "package-lock.json");
if (!existsSync(harn)) {
  console.error("dist/harn.cjs is missing: run npm run build first");
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "harn-demo-"));
const ledger = join(folder, "ledger.txt");
const report = join(folder, "report.txt");
const env = { ...process.env, HARN_STATE_DIR: join(folder, "state") };
const packages = Object.keys(JSON.parse(readFileSync(lock, "utf8")).packages).filter((path) => path !== "").length;

function ledgerLines(): string[] {
  return existsSync(ledger) ? readFileSync(ledger, "utf8").split("\n").filter(Boolean) : [];
}

function bar(done: number): string {
  const width = 40;
  const filled = Math.min(width, Math.round((width * done) / packages));
  return `[${"#".repeat(filled)}${".".repeat(width - filled)}] ${done} of ${packages} packages`;
}

function start(): ChildProcess {
  return spawn(process.execPath, [harn, "run", "ledger.harn", "--", lock, ledger, report], {
    cwd: here,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

/** Shows the progress of a process until it ends; kills it when the ledger has so many lines. */
async function watch(child: ChildProcess, killAt: number): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    const done = new Set(ledgerLines()).size;
    if (process.stdout.isTTY) process.stdout.write(`\r${bar(done)}`);
    if (done >= killAt) child.kill("SIGKILL");
    await wait(5);
  }
  process.stdout.write(`${process.stdout.isTTY ? "\r" : ""}${bar(new Set(ledgerLines()).size)}\n`);
}

function journalled(): number {
  const text = execFileSync(process.execPath, [harn, "steps", "ledger.harn", "--json"], { cwd: here, env, encoding: "utf8" });
  return JSON.parse(text).steps.length;
}

console.log("$ harn run ledger.harn");
await watch(start(), Math.floor(packages * 0.4));
const before = journalled();
console.log(`killed with SIGKILL; the journal holds ${before} finished steps\n`);

console.log("$ harn run ledger.harn");
await watch(start(), Number.POSITIVE_INFINITY);

const lines = ledgerLines();
const distinct = new Set(lines).size;
console.log(`\n${before} results came from the journal, ${packages - before} packages were checked after the restart`);
console.log(
  `the ledger names ${distinct} of ${packages} packages; ${lines.length - distinct} of them twice (its check was under way at the kill)`,
);
rmSync(folder, { recursive: true, force: true });
process.exit(distinct === packages && lines.length - distinct <= 1 ? 0 : 1);
