/** Cold start of the command, and fresh engines in one process. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadHarnlet } from "./harnlet.ts";
import { count, markdownTable, median, short, timed } from "./measure.ts";

const HARN = fileURLToPath(new URL("../dist/harn.cjs", import.meta.url));
const ROUNDS = 15;
const ENGINES = 2000;

/** The whole process, to the end, beside an empty Node. */
export async function coldStartReport(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "harn-bench-"));
  const script = join(folder, "hello.harn");
  writeFileSync(script, 'println("hello")\n');
  const commands: Record<string, string[]> = {
    "node -e 0": ["-e", "0"],
    "harn --version": [HARN, "--version"],
    "harn run hello.harn": [HARN, "run", script],
  };
  const times = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, args] of Object.entries(commands)) {
      const time = await timed(() => spawnSync(process.execPath, args, { env: { ...process.env, HARN_STATE_DIR: join(folder, "state") } }));
      times.set(name, [...(times.get(name) ?? []), time]);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  const base = median(times.get("node -e 0")!);
  const rows = [...times].map(([name, list]) => [name, `${short(median(list))} ms`, short(median(list) / base)]);
  return markdownTable(["cold start", "median", "× node"], rows);
}

/** Engines made, given `1 + 1`, and kept, per second; and the bytes that each of them holds. */
export async function engineReport(): Promise<string> {
  const { createEngine } = await loadHarnlet();
  const make = async (): Promise<unknown> => {
    const engine = createEngine({ stdout() {} });
    const program = await engine.compile("println(1 + 1)", { name: "sum.harn" });
    await program.run();
    return [engine, program];
  };
  for (let i = 0; i < 100; i++) await make();
  const kept: unknown[] = [];
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const time = await timed(async () => {
    for (let i = 0; i < ENGINES; i++) kept.push(await make());
  });
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / kept.length;
  const size = globalThis.gc === undefined ? "– (node --expose-gc measures it)" : `${count(bytes)} bytes`;
  return markdownTable(["fresh engines with 1 + 1", "per second", "held by each"], [["harnlet", count(ENGINES / (time / 1000)), size]]);
}
