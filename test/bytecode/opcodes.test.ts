import { execFileSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { KINDS } from "../../src/bytecode/kinds.ts";
import { OPCODES, wordsOf } from "../../src/bytecode/opcodes.ts";

test("the enum and the page are those that the table gives", () => {
  execFileSync(process.execPath, ["--import", "tsx", "scripts/opcodes.ts", "--check"], { stdio: "pipe" });
});

test("an opcode fits its byte and names are unique", () => {
  assert.ok(OPCODES.length <= 256);
  assert.is(new Set(OPCODES.map((row) => row.name)).size, OPCODES.length);
});

test("every operand has a known field and kind, and no word is used twice", () => {
  for (const row of OPCODES) {
    const fields = row.operands.map((operand) => operand.field);
    assert.is(new Set(fields).size, fields.length, `${row.name} names a field twice`);
    for (const operand of row.operands) {
      assert.ok("ABCDE".includes(operand.field), `${row.name}: field ${operand.field}`);
      assert.ok(operand.kind in KINDS, `${row.name}: kind ${operand.kind}`);
    }
    const shared = fields.includes("D") && (fields.includes("B") || fields.includes("C"));
    assert.not(shared, `${row.name} puts D and B or C into one word`);
    assert.is(wordsOf(row), fields.includes("E") ? 3 : 2);
  }
});

test("rows that branch or jump have one target, the others none", () => {
  for (const row of OPCODES) {
    const targets = row.operands.filter((operand) => KINDS[operand.kind].pool === "code").length;
    assert.is(targets, row.flow === "branch" || row.flow === "jump" ? 1 : 0, row.name);
  }
});

test("runs and call windows have a length, and only branches write on a jump", () => {
  for (const row of OPCODES) {
    const has = (access: string) => row.operands.some((operand) => KINDS[operand.kind].access === access);
    const sized = row.operands.some((operand) => operand.kind === "count" || operand.kind === "import");
    if (has("readRun") || has("writeRun") || has("window") || has("windowBehind")) assert.ok(sized, row.name);
    if (has("writeOnJump")) assert.is(row.flow, "branch", row.name);
  }
});

test.run();
