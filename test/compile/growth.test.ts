/** Work that could grow with the square of the text is bounded. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { OPCODES, wordsOf } from "../../src/bytecode/opcodes.ts";
import { Op } from "../../src/bytecode/op.ts";
import { throughFrontEnd } from "./front_end.ts";

/** The third words of all GETGLOBAL instructions: 0, or where the suggestion stands. */
function suggestions(text: string): number[] {
  const [chunk] = throughFrontEnd("names.harn", text).chunks;
  if (chunk === undefined) throw new Error("does not compile");
  const { code } = chunk.main;
  const found: number[] = [];
  for (let pc = 0; pc < code.length; ) {
    const op = (code[pc] as number) & 255;
    if (op === Op.GETGLOBAL) found.push(code[pc + 2] as number);
    pc += wordsOf(OPCODES[op] as (typeof OPCODES)[number]);
  }
  return found;
}

test("a few unknown names are compared with all others, thousands are not", () => {
  const lines = (count: number): string => Array.from({ length: count }, (_, i) => `let value${i} = valua${i}`).join("\n");
  assert.ok(suggestions(`let value = 1\n${lines(20)}`).every((index) => index > 0));
  const many = suggestions(`let value = 1\n${lines(8000)}`);
  assert.is(many.length, 8000);
  assert.is(many.at(-1), 0);
});

test("calls that are compiled in place share the checks of their parameters", () => {
  const calls = Array.from({ length: 17_000 }, () => "t = add(t, 1, 2, 3)\n").join("");
  const { chunks, diagnostics } = throughFrontEnd(
    "calls.harn",
    `fn add(a: int, b: int, c: int, d: int | {x: int}) { return a + b }\nvar t = 0\n${calls}`,
  );
  assert.equal(diagnostics, []);
  const main = chunks[0]?.main;
  assert.is(main?.guards.length, 4);
  assert.is(main?.inlined.length, 17_000);
  assert.is(main?.locals.length, 2);
});

test.run();
