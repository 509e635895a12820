/** Cold start of the command, and fresh engines in one process. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadHarnlet } from "./harnlet.ts";
import { count, markdownTable, median, short, timed } from "./measure.ts";

const HARN = fileURLToPath(new URL("../dist/harn.cjs", import.meta.url));
const ROUNDS = 15;
const ENGINES = 2000;

/** The whole process, to the end, beside an empty Node. */
export async function coldStartReport(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "harn-bench-"));
  const [hello, long, state] = ["hello.harn", "long.harn", "state"].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(hello, 'println("hello")\n');
  writeFileSync(long, longScript());
  const fresh = freshInstallation(folder);
  // With a state folder programs are kept compiled, without one they are not.
  mkdirSync(state);
  const commands: Record<string, string[]> = {
    "node -e 0": ["-e", "0"],
    "harn --version": [HARN, "--version"],
    "harn run hello.harn": [HARN, "run", hello],
    "the same, first start after installing": [fresh.path, "run", hello],
    "harn run long.harn (650 lines), compiled": [HARN, "run", long],
    "the same, kept from an earlier run": [HARN, "run", "--state", state, long],
  };
  for (const args of Object.values(commands)) spawnSync(process.execPath, args);
  const times = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, args] of Object.entries(commands)) {
      fresh.forget();
      const time = await timed(() => spawnSync(process.execPath, args));
      times.set(name, [...(times.get(name) ?? []), time]);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  const base = median(times.get("node -e 0")!);
  const rows = [...times].map(([name, list]) => [name, `${short(median(list))} ms`, short(median(list) / base)]);
  return markdownTable(["cold start", "median", "× node"], rows);
}

/** The command where it never ran before: `forget` removes what V8 compiled. */
function freshInstallation(folder: string): { readonly path: string; forget(): void } {
  const place = join(folder, "fresh");
  mkdirSync(place);
  for (const name of ["harn.cjs", "cli.cjs"]) copyFileSync(join(dirname(HARN), name), join(place, name));
  const forget = (): void => {
    for (const name of readdirSync(place)) if (name.endsWith(".cache")) rmSync(join(place, name));
  };
  return { path: join(place, "harn.cjs"), forget };
}

function longScript(): string {
  const part = (i: number): string => `fn f${i}(a, b) {
  let xs = [a, b, ${i}]
  var total = 0
  for x in xs {
    if x > 3 {
      total = total + x * 2
    } else {
      total = total - x
    }
  }
  let d = {name: "n${i}", total: total}
  return d.total + len(d.name)
}
`;
  return `${Array.from({ length: 50 }, (_, i) => part(i)).join("")}println(f1(1, 2))\n`;
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
