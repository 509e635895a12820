/**
 * Writes `src/engine/stdlib.ts` from the modules in `stdlib/`, so that every build and every test has them as text. `--check` only
 * compares and exits 1 on drift.
 *   node --import tsx scripts/stdlib.ts [--check]
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const names = readdirSync("stdlib")
  .flatMap((file) => (file.endsWith(".harn") ? [file.slice(0, -".harn".length)] : []))
  .sort();
const rows = names.map((name) => `  ["${name}", ${JSON.stringify(readFileSync(`stdlib/${name}.harn`, "utf8"))}],`);
const text = `/** Written by scripts/stdlib.ts from stdlib/: the text of each embedded module. */
export const STDLIB: ReadonlyMap<string, string> = new Map([
${rows.join("\n")}
]);
`;
const path = "src/engine/stdlib.ts";
if (!process.argv.includes("--check")) writeFileSync(path, text);
else if (readFileSync(path, "utf8") !== text) {
  console.error(`${path}: error: differs from stdlib/; run node --import tsx scripts/stdlib.ts`);
  process.exit(1);
}
