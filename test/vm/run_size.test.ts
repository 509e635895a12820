/** The host compiles a function for speed only up to a size: the run loop must stay below it, or it is interpreted for ever. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";

/** Bytes of the host's bytecode (V8's max_optimized_bytecode_size). */
const LIMIT = 61_440;

const ENTRY = `
import { createEngine } from "./src/index.ts";
const program = await createEngine().compile("var n = 0\\nfor i in 0 to 9 { n += i }\\nreturn n");
if ((await program.run()) !== 45) throw new Error("a wrong answer");
`;

test("the run loop can be optimised", async () => {
  const folder = mkdtempSync(join(tmpdir(), "run-size-"));
  try {
    const outfile = join(folder, "bundle.mjs");
    const resolveDir = fileURLToPath(new URL("../..", import.meta.url));
    const common = { bundle: true, format: "esm", platform: "node", target: "node20", minifySyntax: true, minifyWhitespace: true } as const;
    await build({ ...common, stdin: { contents: ENTRY, resolveDir }, outfile, external: ["better-sqlite3"], logLevel: "error" });
    const name = /function (run\d*)\(machine,fiber\)/.exec(readFileSync(outfile, "utf8"))?.[1];
    assert.ok(name, "the bundle has the run loop");
    const flags = ["--print-bytecode", `--print-bytecode-filter=${name}`];
    const text = execFileSync(process.execPath, [...flags, outfile], { encoding: "utf8", maxBuffer: 1 << 28 });
    const sizes = [...text.matchAll(/^Bytecode length: (\d+)$/gm)].map((match) => Number(match[1]));
    assert.ok(sizes.length > 0, "the host printed the bytecode");
    const size = Math.max(...sizes);
    assert.ok(size > 10_000, `${size} bytes are too few for the run loop`);
    assert.ok(size < LIMIT, `${size} bytes of bytecode, ${LIMIT} are the most`);
    console.log(`run loop: ${size} of ${LIMIT} bytes`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
