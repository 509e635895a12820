import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FixtureError, findFixtures } from "../../src/conformance/fixture.ts";

const test = suite<{ folder: string }>("fixtures");
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "fixtures-"));
});
test.after.each((context) => rmSync(context.folder, { recursive: true, force: true }));

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

test("scripts with an expectation are fixtures, others are modules", ({ folder }) => {
  write(folder, { "a.harn": "", "a.expected": "x\n", "b.harn": "", "b.error": "one\n\n two \n", "lib.harn": "" });
  const found = findFixtures(folder);
  assert.equal(
    found.map((f) => f.id),
    ["a", "b"],
  );
  assert.equal(found[1]!.expectations, [{ kind: "error", alternatives: ["one", "two"] }]);
});

test("numbered scripts form a sequence", ({ folder }) => {
  write(folder, { "s.1.harn": "", "s.1.expected": "", "s.2.harn": "", "s.2.error": "e" });
  const found = findFixtures(folder);
  assert.is(found[0]!.sequence, found[1]!.sequence);
  assert.is.not(found[0]!.sequence, null);
});

test("crash directives stand in the leading comments", ({ folder }) => {
  write(folder, {
    "a.harn": "// about\n// crash: each\n// crash: log.commit.before#2=torn, step.handler.after#1\nlog(1)\n// crash: late",
    "a.expected": "",
  });
  assert.equal(findFixtures(folder)[0]!.crashes, [
    { kind: "each" },
    { kind: "sequence", points: ["log.commit.before#2=torn", "step.handler.after#1"] },
  ]);
});

test("a directive that cannot be read is an error", ({ folder }) => {
  write(folder, { "a.harn": "// crash: sometimes", "a.expected": "" });
  assert.throws(
    () => findFixtures(folder),
    (error: Error) => error instanceof FixtureError && /'sometimes'/.test(error.message),
  );
  assert.throws(() => findFixtures(join(folder, "nowhere")), /no such file or folder/);
});

test.run();
