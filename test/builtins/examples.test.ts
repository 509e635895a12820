/** Every builtin's example runs, and prints what it says behind `// -> `. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { streamBuiltins } from "../../src/builtins/streams.ts";
import { BUILTINS } from "../../src/builtins/table.ts";
import { nodeDoor } from "../../src/engine/doors/node.ts";
import { createEngine } from "../../src/engine/engine.ts";
import type { Builtin } from "../../src/vm/native.ts";

async function outputOf(script: string): Promise<string> {
  let out = "";
  const stdout = (text: string) => {
    out += text;
  };
  const engine = createEngine({ door: nodeDoor({ stdout, stderr: () => undefined }) });
  try {
    await (await engine.compile(script)).run();
  } catch (error) {
    return `${out}${error}`;
  }
  return out;
}

function expected(script: string): string {
  return script
    .split("\n")
    .flatMap((line) => (line.includes("// -> ") ? [line.slice(line.indexOf("// -> ") + 6)] : []))
    .join("\n");
}

const table = BUILTINS;
const groups: [string, readonly Builtin[]][] = [
  ["functions", [...table.globals.values()]],
  ["the namespace stream", streamBuiltins],
  ...Object.entries(table.methods).map(([kind, rows]): [string, readonly Builtin[]] => [`methods of ${kind}`, [...rows.values()]]),
];

for (const [title, rows] of groups) {
  test(`examples of ${title}`, async () => {
    const wrong: string[] = [];
    for (const row of rows) {
      const got = (await outputOf(row.example)).trimEnd();
      if (got !== expected(row.example).trimEnd())
        wrong.push(`${row.name}: got ${JSON.stringify(got)}, want ${JSON.stringify(expected(row.example))}`);
    }
    assert.equal(wrong, []);
  });
}

test.run();
