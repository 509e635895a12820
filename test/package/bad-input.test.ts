/** Whatever is wrong with the input, the user gets one clear error that names the file or run and the way out, and no host stack. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { harn, harnThrough, type Ran } from "./harn.ts";

const test = suite<{ folder: string }>("bad input");
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "harn-bad-"));
});
test.after.each((context) => {
  chmodSync(context.folder, 0o755);
  rmSync(context.folder, { recursive: true, force: true });
});

const STEP = 'println(step.run("k", { -> 41 + 1 }))\n';
const isRoot = process.getuid?.() === 0;

function refused(ran: Ran, pattern: RegExp): void {
  assert.is(ran.status, 1, `status ${ran.status}: ${ran.stderr}`);
  assert.match(ran.stderr, pattern);
  assert.not.match(ran.stderr, /\n\s+at .*:\d+:\d+/, "a host stack reached the user");
  assert.not.match(ran.stderr, /node:internal/);
}
function script(folder: string, text: string | Uint8Array): string {
  const path = join(folder, "script.harn");
  writeFileSync(path, text);
  return path;
}

for (const verb of ["run", "check", "disasm"]) {
  test(`${verb}: a missing file`, ({ folder }) => {
    const path = join(folder, "missing.harn");
    refused(harn([verb, path]), /^error: cannot read '.*missing\.harn': no such file; check the path\n$/);
  });
  test(`${verb}: invalid UTF-8`, ({ folder }) => {
    const path = script(folder, new Uint8Array([0x61, 0x62, 0xff, 0x63]));
    refused(harn([verb, path]), /^error: cannot read '.*script\.harn': not valid UTF-8 at byte 2; save it as UTF-8\n$/);
  });
}

test("run: a folder", ({ folder }) => {
  refused(harn(["run", folder]), /^error: cannot read '.*': it is a folder; name a \.harn file in it\n$/);
});

if (!isRoot) {
  test("run: an unreadable file", ({ folder }) => {
    const path = script(folder, "println(1)\n");
    chmodSync(path, 0);
    refused(harn(["run", path]), /permission denied; make it readable/);
  });
  test("a read-only state folder", ({ folder }) => {
    const path = script(folder, STEP);
    const state = join(folder, "state");
    mkdirSync(state);
    chmodSync(state, 0o555);
    const ran = harn(["run", path], { env: { HARN_STATE_DIR: state } });
    chmodSync(state, 0o755);
    refused(ran, /state/);
  });
}

test("a missing import names the file", ({ folder }) => {
  refused(harn(["run", script(folder, 'import "./nowhere"\nprintln(1)\n')]), /nowhere\.harn/);
});

test("a script without durable calls leaves no trace", ({ folder }) => {
  const ran = harn(["run", script(folder, "println(1)\n")], { env: { HARN_STATE_DIR: "" } });
  assert.is(ran.status, 0, ran.stderr);
  assert.not.ok(existsSync(join(folder, ".harn")));
});

test("a corrupt database names the file", ({ folder }) => {
  const path = script(folder, STEP);
  const state = join(folder, "state");
  mkdirSync(state);
  writeFileSync(join(state, "events.sqlite"), "this is not a database, and it is longer than a header would be".repeat(100));
  refused(harn(["run", path], { env: { HARN_STATE_DIR: state } }), /events\.sqlite/);
  refused(harn(["runs"], { env: { HARN_STATE_DIR: state } }), /events\.sqlite/);
});

test("a state folder that is a file", ({ folder }) => {
  const path = script(folder, STEP);
  const state = join(folder, "state");
  writeFileSync(state, "");
  refused(harn(["run", path], { env: { HARN_STATE_DIR: state } }), /state/);
});

test("a changed program on resume names the run and the way out", ({ folder }) => {
  const fails = (end: string): string => `${STEP}fn stop() { ${end} }\nstop()\n`;
  const path = script(folder, fails('throw "first"'));
  const env = { HARN_STATE_DIR: join(folder, "state") };
  assert.is(harn(["run", path], { env }).status, 1);
  script(folder, fails('throw "other"'));
  refused(harn(["run", path], { env }), /--allow-changed/);
  assert.match(harn(["run", path, "--fresh"], { env }).stderr, /Thrown: other/);
});

test("an unknown backend is named", ({ folder }) => {
  const ran = harn(["run", script(folder, STEP)], { env: { HARN_STATE_DIR: folder, HARN_EVENT_LOG_BACKEND: "clay" } });
  refused(ran, /unsupported event log backend 'clay'/);
});

test("a full disk on standard output", ({ folder }) => {
  if (!existsSync("/dev/full")) return;
  const shell = join(folder, "go.sh");
  writeFileSync(shell, 'exec "$@" > /dev/full\n');
  const path = script(folder, "println(1)\n");
  const ran = harnThrough("sh", [shell], ["run", path]);
  refused(ran, /cannot write to standard output: no space left on device/);
});

test("a full disk on standard output, noticed while the script runs, leaves the run to be continued", ({ folder }) => {
  if (!existsSync("/dev/full")) return;
  const shell = join(folder, "go.sh");
  writeFileSync(shell, 'exec "$@" > /dev/full\n');
  const path = script(folder, 'for i in 1 to 300 { println(step.run("k", i, { n -> "x" * 200 })) }\n');
  const env = { HARN_STATE_DIR: join(folder, "state") };
  refused(
    harnThrough("sh", [shell], ["run", path], { env }),
    /^error: cannot write to standard output: no space left on device; .*; run \S+ goes on/,
  );
  const again = harn(["run", path], { env });
  assert.is(again.status, 0);
  assert.match(again.stderr, /^continuing run /);
  assert.is(again.stdout.length, 300 * 201);
});

test("a reader that goes away stops an endless script", ({ folder }) => {
  const path = script(folder, 'while true { println("y") }\n');
  const ran = harnThrough("sh", ["-c", '("$@"; echo "exit $?" >&2) | head -n 1', "sh"], ["run", path]);
  assert.equal([ran.stdout, ran.stderr], ["y\n", "exit 124\n"]);
});

test("a run's id and the state folder must be given", ({ folder }) => {
  const path = script(folder, STEP);
  for (const option of ["--run=", "--run=a\tb", "--state="]) {
    const ran = harn(["run", option, path]);
    assert.is(ran.status, 2, ran.stderr);
    assert.not.ok(existsSync(join(folder, ".harn")));
  }
});

test("a reader that goes away ends the output quietly", ({ folder }) => {
  const path = script(folder, "for i in 1 to 200000 { println(i) }\n");
  const ran = harnThrough("sh", ["-c", '"$@" | head -n 1', "sh"], ["run", path]);
  assert.is(ran.stdout, "1\n");
  assert.is(ran.stderr, "");
});

test("a copied script is another program", ({ folder }) => {
  const path = script(folder, STEP);
  const copy = join(folder, "copy.harn");
  copyFileSync(path, copy);
  const env = { HARN_STATE_DIR: join(folder, "state") };
  for (const one of [path, copy]) assert.is(harn(["run", one], { env }).stdout, "42\n");
  assert.is(JSON.parse(harn(["runs", "--json"], { env }).stdout).runs.length, 2);
});

test.run();
