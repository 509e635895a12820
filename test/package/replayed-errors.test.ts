/** An error that the journal answers with (it holds a later record, so the step is not tried again) is the one that the handler raised: same text, same place, also in a module, from any folder. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { harn } from "./harn.ts";

const test = suite<{ folder: string }>("replayed errors");
test.before.each((context) => {
  context.folder = realpathSync(mkdtempSync(join(tmpdir(), "harn-replay-")));
  mkdirSync(join(context.folder, "elsewhere"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const MODULE = `// Fails.
pub fn half(n) {
  if n % 2 == 1 {
    throw "\${n} is odd"
  }
  return n / 2
}
`;
const MAIN = `import { half } from "./module"
fn inner(n) { return n.size.width }
println(step.run("good", 4, { n -> half(n) }))
fn work() {
  defer { step.run("after", { -> 1 }) }
  step.run("bad", 3, { n -> FAILS(n) })
}
work()
`;

for (const [fails, place] of [
  ["half", /--> \S*module\.harn:4:\d+/],
  ["inner", /--> \S*main\.harn:2:\d+/],
] as const) {
  test(`an error in ${fails} keeps its place`, ({ folder }) => {
    writeFileSync(join(folder, "module.harn"), MODULE);
    writeFileSync(join(folder, "main.harn"), MAIN.replace("FAILS", fails));
    const undisturbed = harn(["run", "main.harn", "--state", "calm"], { cwd: folder });
    assert.is(undisturbed.status, 1);
    assert.match(undisturbed.stderr, place);

    const env = { HARN_FAILPOINTS: "log.commit.after#3=abort" };
    assert.is(harn(["run", "main.harn", "--state", "state"], { cwd: folder, env }).status, null);
    const replayed = harn(["run", "main.harn", "--state", "state"], {
      cwd: folder,
      env: { HARN_FAILPOINTS: "step.handler.before#1=abort" },
    });
    assert.is(replayed.status, 1, "no handler is called");
    assert.match(replayed.stderr, /^continuing run .*\n/);
    assert.is(replayed.stderr.replace(/^.*\n/, ""), undisturbed.stderr);
  });
}

test("a run that goes on from another folder shows places as they are seen from there", ({ folder }) => {
  writeFileSync(join(folder, "module.harn"), MODULE);
  writeFileSync(join(folder, "main.harn"), MAIN.replace("FAILS", "inner"));
  const env = { HARN_FAILPOINTS: "log.commit.after#3=abort" };
  harn(["run", "main.harn", "--state", "state"], { cwd: folder, env });
  const replayed = harn(["run", "../main.harn", "--state", "../state"], { cwd: join(folder, "elsewhere") });
  assert.match(replayed.stderr, /--> \.\.\/main\.harn:2:\d+/);
  assert.match(replayed.stderr, /fn inner\(n\)/);
  assert.match(replayed.stderr, /called from pipeline at \.\.\/main\.harn:\d+/);
});

test.run();
