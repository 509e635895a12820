/** Real processes, killed at the failpoints of durable programs: a sample of the points, or all with `CRASH=all`. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FAILPOINTS, HOST_FAILPOINTS } from "../../src/durable/failpoints.ts";
import { type CrashCommand, crashAt, crashEach, parseCrashDirective } from "../../src/testing/crash.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Programs are bundled first, because each test starts them dozens of times; beside the packages, so that the driver is found. */
const BUNDLES = join(ROOT, "node_modules", ".cache", "harnlet-crash");
const program =
  (name: string) =>
  (world: string): CrashCommand => ({ argv: [process.execPath, join(BUNDLES, `${name}.mjs`), world] });
const { build } = await import("esbuild");
await build({
  entryPoints: ["steps", "cursors", "holder"].map((name) => join(ROOT, `test/testing/programs/${name}.ts`)),
  outdir: BUNDLES,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "error",
});

const EVERY = process.env.CRASH === "all" ? 1 : 4;

test("a program survives a crash at each of its failpoints", async () => {
  const report = await crashEach({ command: program("steps"), every: EVERY });
  assert.equal(report.problems, []);
  assert.is(report.undisturbed.stdout, "4.0\nouter\ncaught no luck\nfinished fast\nfinished slow\n");
  assert.ok(report.points.length >= 25, `${report.points.length} points`);
  assert.is(report.held, report.tried);
  const names = new Set(report.points.map((point) => point.replace(/#.*/, "")));
  const inRecovery = new Set(["run.resume.before", "run.resume.after"]);
  assert.equal(
    FAILPOINTS.map(({ name }) => name).filter((name) => !names.has(name) && !inRecovery.has(name)),
    [],
  );
});

test("a crash during recovery, and a failed commit, are survived too", async () => {
  for (const story of [
    ["log.commit.after#2", "run.resume.before#1", "run.resume.after#1=abort"],
    ["step.handler.after#1", "run.resume.before#1=torn", "log.commit.before#1=torn"],
    ["log.commit.before#1=error", "log.commit.after#1=error"],
  ]) {
    const report = await crashAt({ command: program("steps") }, story);
    assert.equal(report.problems, [], story.join(", "));
  }
});

test("a consumer with a durable cursor survives a crash at each failpoint of the log", async () => {
  const report = await crashEach({ command: program("cursors"), every: EVERY });
  assert.equal(report.problems, []);
  assert.is(report.undisturbed.stdout, "3 3\n");
  for (const { name } of HOST_FAILPOINTS) assert.ok(report.points.includes(`${name}#1`), name);
});

test("a second process is refused while the first lives, and continues the run when it is killed", async () => {
  const world = mkdtempSync(join(tmpdir(), "holder-"));
  const [command, ...args] = program("holder")(world).argv;
  const first = execa(command, args, { reject: false, stdin: "ignore" });
  await new Promise((resolve) => first.stdout.once("data", resolve));
  const second = await execa(command, args, { reject: false, stdin: "ignore" });
  assert.is(second.exitCode, 1);
  assert.match(second.stderr, new RegExp(`^run only is already running \\(pid ${first.pid}, since `));
  first.kill("SIGKILL");
  await first;
  const third = await execa(command, args, { stdin: "ignore" });
  assert.is(third.stdout, "holding\ndone in attempt 2");
  rmSync(world, { recursive: true });
});

test("abort runs no exit handler, no finally and no database close", async () => {
  const world = mkdtempSync(join(tmpdir(), "abort-"));
  const { argv } = program("steps")(world);
  const [command, ...args] = argv;
  const result = await execa(command, args, { env: { HARN_FAILPOINTS: "log.commit.after#2=abort" }, reject: false });
  assert.is(result.signal, "SIGKILL");
  assert.not.ok(existsSync(join(world, "cleanup")));
  assert.ok(existsSync(join(world, "events.sqlite-wal")), "a close would have removed the write-ahead log");
  await execa(command, args);
  assert.is(readFileSync(join(world, "cleanup"), "utf8"), "finally\nexit handler\n");
  assert.not.ok(existsSync(join(world, "events.sqlite-wal")));
  rmSync(world, { recursive: true });
});

test("a program that is not durable is found out", async () => {
  const script = (body: string) => (): CrashCommand => ({ argv: [process.execPath, "-e", body] });
  const none = await crashEach({ command: script("console.log(1)") });
  assert.equal(none.problems, ["only 0 crash points; at least 3 are wanted"]);
  const forgetful = `
    const { appendFileSync, existsSync } = require("node:fs");
    const armed = process.env.HARN_FAILPOINTS ?? "";
    const trace = process.env.HARN_FAILPOINTS_TRACE;
    const again = existsSync("been-here");
    for (const n of [1, 2, 3]) {
      if (trace) appendFileSync(trace, "p#" + n + "\\n");
      if (armed.startsWith("p#" + n)) process.kill(process.pid, "SIGKILL");
      if (n === 2 && again) continue; // loses an effect after a crash
      appendFileSync("ledger", "effect " + n + "\\n");
      appendFileSync("been-here", "");
    }`;
  const lost = await crashEach({ command: (world) => ({ ...script(forgetful)(), cwd: world }) });
  assert.ok(
    lost.problems.some((problem) => /ledger line 'effect \d' stands there/.test(problem)),
    lost.problems.join("\n"),
  );
});

test("crash directives of fixtures", () => {
  assert.equal(parseCrashDirective("// crash: each"), { kind: "each" });
  assert.equal(parseCrashDirective("// crash: log.commit.after#2, run.end.before#1=torn"), {
    kind: "sequence",
    points: ["log.commit.after#2", "run.end.before#1=torn"],
  });
  assert.is(parseCrashDirective("// something else"), null);
});

test.run();
