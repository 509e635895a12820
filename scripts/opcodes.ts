/**
 * Writes `src/bytecode/op.ts` and `docs/bytecode.md` from the opcode table. `--check` only compares and exits 1 on drift.
 *   node --import tsx scripts/opcodes.ts [--check]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { checksum } from "../src/bytecode/checksum.ts";
import { OPCODES, wordsOf } from "../src/bytecode/opcodes.ts";

const enumText = `/** Written by scripts/opcodes.ts from opcodes.ts; a const enum, because the run loop needs literal cases. */

/** Changes with every change of the opcode table, pseudo-code included, because a new meaning shows there. */
export const OPCODE_TABLE_HASH = "${checksum(JSON.stringify(OPCODES))}";

export const enum Op {
${OPCODES.map((r, i) => `  ${r.name} = ${i},`).join("\n")}
}
`;
const page = `# The instruction set

Written by \`scripts/opcodes.ts\` from \`src/bytecode/opcodes.ts\`, which also explains the encoding.

| # | instruction | words | operands | effect |
|--:|---|--:|---|---|
${OPCODES.map((r, i) => `| ${i} | \`${r.name}\` | ${wordsOf(r)} | ${r.operands.map((o) => `${o.field} ${o.label}`).join(", ")} | \`${r.effect.replaceAll("|", "\\|")}\` |`).join("\n")}
`;
let drift = false;
for (const [path, text] of [
  ["src/bytecode/op.ts", enumText],
  ["docs/bytecode.md", page],
] as const) {
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) {
    console.error(`${path}: error: differs from the opcode table; run node --import tsx scripts/opcodes.ts`);
    drift = true;
  }
}
process.exit(drift ? 1 : 0);
