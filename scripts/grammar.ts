/**
 * Draws `grammar/railroad.html` from `grammar/harn.ebnf`. `--check` only compares and exits 1 on drift.
 *   node --import tsx scripts/grammar.ts [--check]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readGrammar } from "./ebnf.ts";
import { drawGrammar } from "./railroad.ts";

const page = "grammar/railroad.html";
const drawn = drawGrammar(readGrammar(readFileSync("grammar/harn.ebnf", "utf8")));
if (!process.argv.includes("--check")) writeFileSync(page, drawn);
else if (readFileSync(page, "utf8") !== drawn) {
  console.error(`${page}: error: differs from grammar/harn.ebnf; run node --import tsx scripts/grammar.ts`);
  process.exit(1);
}
