/** Continuous integration runs exactly what the README tells a newcomer to run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "./harn.ts";

const read = (path: string): string => readFileSync(join(REPOSITORY, path), "utf8");

test(".ci/run runs the README's test command", () => {
  const command = /```sh\n(npm ci && npm test)\n```/.exec(read("README.md"))?.[1];
  assert.ok(command !== undefined, "the README names the test command");
  assert.ok(read(".ci/run").split("\n").includes(command));
});

test("every script that the documents name exists", () => {
  const { scripts } = JSON.parse(read("package.json"));
  for (const file of ["README.md", "CONTRIBUTING.md", "conformance/README.md"]) {
    for (const [, name] of read(file).matchAll(/npm run ([\w:]+)/g)) assert.ok(name! in scripts, `${file}: npm run ${name}`);
  }
});

test("every fixture that docs/status.md names exists", () => {
  const missing = [...read("docs/status.md").matchAll(/`(conformance\/[^`]+\.harn)`/g)].map((m) => m[1]!).filter((path) => !exists(path));
  assert.equal(missing, []);
});

test("every dependency has its reason in docs/dependencies.md", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));
  const page = read("docs/dependencies.md");
  const missing = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !name.startsWith("@types/") && !page.includes(name),
  );
  assert.equal(missing, []);
});

function exists(path: string): boolean {
  try {
    read(path);
    return true;
  } catch {
    return false;
  }
}

test.run();
