/** Exit codes of `harn`, and what goes to which stream. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { HARN, harn } from "./harn.ts";

const test = suite<{ folder: string }>("exit codes");
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "harn-exit-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

function script(folder: string, text: string): string {
  const path = join(folder, "script.harn");
  writeFileSync(path, text);
  return path;
}

const CODES: readonly (readonly [string, number])[] = [
  ["return 3", 3],
  ["return 300", 255],
  ["return -5", 0],
  ["return nil", 0],
  ['return "7"', 0],
  ["return 7.0", 0],
  ["return Ok(5)", 0],
  ["5", 5],
];
for (const [body, code] of CODES) {
  test(`a pipeline that ends with ${body} exits with ${code}`, ({ folder }) => {
    const ran = harn(["run", script(folder, `pipeline default() { ${body} }\n`)]);
    assert.equal([ran.status, ran.stdout, ran.stderr], [code, "", ""]);
  });
}

test("a returned Err exits with 1 and its display", ({ folder }) => {
  const ran = harn(["run", script(folder, 'pipeline default() { return Err("no luck") }\n')]);
  assert.equal([ran.status, ran.stderr], [1, "no luck\n"]);
  assert.equal(harn(["run", script(folder, 'pipeline default() { return Err("") }\n')]).stderr, "error\n");
});

test("a script's value counts only when it is returned", ({ folder }) => {
  assert.is(harn(["run", script(folder, "5\n")]).status, 0);
  assert.is(harn(["run", script(folder, "return 5\n")]).status, 5);
});

test("uncaught and static errors exit with 1, and what was printed before stays", ({ folder }) => {
  const uncaught = harn(["run", script(folder, 'println("before")\nthrow "x"\n')]);
  assert.equal([uncaught.status, uncaught.stdout], [1, "before\n"]);
  assert.match(uncaught.stderr, /^error: Thrown: x\n {2}--> /);
  const broken = harn(["run", script(folder, 'println("before")\nlet = 5\n')]);
  assert.equal([broken.status, broken.stdout], [1, ""]);
});

test("mistakes on the command line exit with 2", () => {
  for (const args of [
    [],
    ["fly"],
    ["run"],
    ["run", "--nope"],
    ["run", "a", "b"],
    ["steps"],
    ["conformance", "--jobs", "none"],
    ["check"],
  ]) {
    const ran = harn(args);
    assert.is(ran.status, 2, args.join(" "));
    assert.not.match(ran.stderr, /\n\s+at /);
  }
});

test("every command explains itself", () => {
  for (const name of ["run", "check", "disasm", "runs", "steps", "conformance"]) {
    const ran = harn([name, "--help"]);
    assert.is(ran.status, 0);
    assert.match(ran.stdout, new RegExp(`Usage: harn ${name} `));
    assert.match(ran.stdout, /Exit codes:/);
    assert.match(ran.stdout, /Examples?:/);
    assert.match(harn(["--help"]).stdout, new RegExp(`\n {2}${name} `));
  }
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} exits with 124`, async ({ folder }) => {
    const path = script(folder, 'println("ready")\nvar n = 0\nwhile true { n = n + 1 }\n');
    const child = spawn(process.execPath, [HARN, "run", path], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.once("data", () => child.kill(signal));
    const code = await new Promise((resolve) => child.once("exit", (status, by) => resolve(status ?? by)));
    assert.is(code, 124);
  });
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} while a step waits for a process leaves a run to be continued, and says so`, async ({ folder }) => {
    const path = script(folder, 'println(step.run("k", { ->\n  eprintln("ready")\n  exec("sleep", argv[0]).status\n}))\n');
    const env = { ...process.env, HARN_STATE_DIR: join(folder, "state") };
    const child = spawn(process.execPath, [HARN, "run", path, "--", "60"], { stdio: ["ignore", "ignore", "pipe"], env });
    let said = "";
    child.stderr.on("data", (chunk) => {
      if (said === "") child.kill(signal);
      said += chunk;
    });
    const code = await new Promise((resolve) => child.once("close", (status, by) => resolve(status ?? by)));
    assert.is(code, 124);
    assert.match(
      said,
      new RegExp(`^ready\nerror: \\S+ was interrupted by ${signal}; run \\S+ goes on with the next harn run of this file`),
    );
    const [run] = JSON.parse(harn(["runs", "--json"], { env: { HARN_STATE_DIR: env.HARN_STATE_DIR } }).stdout).runs;
    assert.is(run.status, "interrupted");
  });
}

test("a key with line breaks is one line of the list", ({ folder }) => {
  const env = { HARN_STATE_DIR: join(folder, "state") };
  const path = script(folder, 'step.run("a\\nb", { -> "c\\td" })\n');
  assert.is(harn(["run", path], { env }).status, 0);
  const lines = harn(["steps", path], { env }).stdout.trim().split("\n");
  assert.is(lines.length, 3);
  assert.match(lines[0]!, /completed, 1 step$/);
  assert.match(lines[2]!, / a\\nb +#1 +c\\td$/);
});

test("arguments behind the dashes are the script's", ({ folder }) => {
  const ran = harn(["run", script(folder, "println(argv)\n"), "--", "a", "--b", "c d"]);
  assert.is(ran.stdout, "[a, --b, c d]\n");
});

test("disasm shows the bytecode, check says ok about a good script", ({ folder }) => {
  const path = script(folder, "let a = 1\nprintln(a + 2)\n");
  assert.match(harn(["disasm", path]).stdout, /^\.assembly 1\n/);
  assert.equal(harn(["check", path]), { status: 0, stdout: `${path}: ok\n`, stderr: "" });
});

test("check reports problems to people and to tools", ({ folder }) => {
  const path = script(folder, "let a = 1\nprintln(nowhere(a))\n");
  const ran = harn(["check", path]);
  assert.is(ran.status, 1);
  assert.match(ran.stderr, /error: call target `nowhere` is not defined or imported/);
  const json = harn(["check", "--json", path]);
  assert.is(json.status, 1);
  const [diagnostic] = JSON.parse(json.stdout).files[0].diagnostics;
  assert.equal([diagnostic.severity, diagnostic.line], ["error", 2]);
});

test.run();
