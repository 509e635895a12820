/** The launcher's cache of compiled code: made by the first start, refused when it is foreign, never in the way. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { HARN } from "./harn.ts";

const test = suite<{ folder: string }>("start");
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "harn-start-"));
  for (const name of ["harn.cjs", "cli.cjs"]) copyFileSync(join(dirname(HARN), name), join(context.folder, name));
  writeFileSync(join(context.folder, "script.harn"), 'println("hello")\n');
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

function starts(folder: string): void {
  const ran = spawnSync(process.execPath, [join(folder, "harn.cjs"), "run", join(folder, "script.harn")], { encoding: "utf8" });
  assert.equal([ran.status, ran.stdout, ran.stderr], [0, "hello\n", ""]);
}
const cachesIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.includes(".cache"));

test("the first start makes the cache, later ones use it", ({ folder }) => {
  starts(folder);
  const caches = cachesIn(folder);
  assert.is(caches.length, 1);
  starts(folder);
  assert.equal(cachesIn(folder), caches);
});

test("a cache that is not V8's is replaced", ({ folder }) => {
  starts(folder);
  const cache = join(folder, cachesIn(folder)[0]!);
  writeFileSync(cache, "nonsense");
  starts(folder);
  assert.ok(readFileSync(cache).length > 1000);
});

test("where the cache cannot be written the command starts all the same", ({ folder }) => {
  starts(folder);
  const cache = join(folder, cachesIn(folder)[0]!);
  rmSync(cache);
  mkdirSync(cache);
  starts(folder);
  assert.equal(cachesIn(folder).length, 1);
});

test.run();
